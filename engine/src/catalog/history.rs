//! Versions of something saved: a number, who saved it and when, and what it was.
//!
//! A version shares what it has in common with the one after it, so a new name does not copy a million ids.

use std::sync::Arc;

use super::attributes::Attributes;
use crate::limits::VERSIONS_MAX;
use crate::time::Timestamp;

/// One saved state.
#[derive(Debug, Clone, PartialEq)]
pub struct Version<C> {
    /// 1, 2, 3, ...
    pub number: u64,
    /// When it was saved.
    pub saved: Timestamp,
    /// Who saved it, in free words.
    pub by: String,
    /// What it was called.
    pub attributes: Attributes,
    /// What it held.
    pub content: C,
}

/// The versions before the current one, the oldest first: with it at most [`VERSIONS_MAX`]. A clone copies a pointer.
#[derive(Debug, Clone)]
pub struct Earlier<C>(Arc<Vec<Arc<Version<C>>>>);

impl<C> Default for Earlier<C> {
    fn default() -> Self {
        Self(Arc::default())
    }
}

impl<C: Clone> Earlier<C> {
    /// As they were kept, the oldest first.
    pub fn restored(versions: Vec<Version<C>>) -> Self {
        Self(Arc::new(versions.into_iter().map(Arc::new).collect()))
    }

    /// These and one more; the oldest of too many is dropped.
    #[must_use]
    pub fn and(&self, version: Version<C>) -> Self {
        let surplus = (self.0.len() + 2).saturating_sub(VERSIONS_MAX);
        let mut versions: Vec<_> = self.0.iter().skip(surplus).cloned().collect();
        versions.push(Arc::new(version));
        Self(Arc::new(versions))
    }

    /// All of them, the oldest first.
    pub fn iter(&self) -> impl DoubleEndedIterator<Item = &Version<C>> + ExactSizeIterator {
        self.0.iter().map(|version| &**version)
    }

    /// The version of a number.
    pub fn get(&self, number: u64) -> Option<&Version<C>> {
        self.iter().find(|version| version.number == number)
    }

    /// Rewrites what the versions held, the newest first; `change` says what becomes of one, or that it stays.
    pub fn rewrite(&mut self, mut change: impl FnMut(&C) -> Option<C>) -> bool {
        let changed: Vec<_> = self.0.iter().map(|version| &version.content).rev().map(&mut change).collect();
        if changed.iter().all(Option::is_none) {
            return false;
        }
        let versions = Arc::make_mut(&mut self.0);
        for (version, content) in versions.iter_mut().rev().zip(changed) {
            if let Some(content) = content {
                Arc::make_mut(version).content = content;
            }
        }
        true
    }
}
