//! How long what was found out is true: while no block has changed, and until time alone moves somebody.
//!
//! A window moves with the clock, but who is in it changes only when a value crosses one of its ends. So everything kept is
//! true from the instant at which it was found out until the first such crossing, block by block. To search for the
//! crossings is left to the second time that somebody asks: what is asked once is kept for its own instant.

use rayon::prelude::*;

use crate::plan::{Boundary, boundaries};
use crate::rule::{CheckedKind, CheckedNode};
use crate::table::View;
use crate::time::Timestamp;

/// Blocks from which on other threads help to search them.
const SHARED_BLOCKS_MIN: usize = 8;

/// When and for which blocks something is true.
#[derive(Debug)]
pub(super) struct Validity {
    generation: u64,
    from: Timestamp,
    /// The first instant at which a block may be another; so do those of the blocks tell.
    until: i64,
    /// Of each block its version, and until when it is true.
    blocks: Box<[(u64, i64)]>,
}

/// Where the values lie whose crossings make a part of a rule select others.
#[derive(Debug)]
pub(super) struct Crossings(Vec<Boundary>);

impl Crossings {
    pub(super) fn of(node: &CheckedNode, view: &View) -> Self {
        let (mut found, mut stack) = (Vec::new(), vec![node]);
        while let Some(node) = stack.pop() {
            match &node.kind {
                CheckedKind::Group { rules, .. } => stack.extend(rules),
                CheckedKind::Leaf { test, .. } => found.extend(boundaries(test, view.into())),
            }
        }
        found.sort_unstable();
        found.dedup();
        Self(found)
    }

    /// The first instant after `now` at which somebody of a block may be moved; the end of time when nobody is.
    fn next(&self, view: &View, block: u32, now: Timestamp) -> i64 {
        self.0.iter().filter_map(|boundary| boundary.next_in(view, block, now)).min().unwrap_or(i64::MAX)
    }
}

impl Validity {
    /// Of what was found out about a view at an instant, some blocks of it earlier. Until when it is true is searched for
    /// what is worth it; all else is true at that instant only, unless time makes no difference.
    pub(super) fn new(
        before: Option<&Self>,
        crossings: &Crossings,
        view: &View,
        now: Timestamp,
        is_worth_it: bool,
    ) -> Self {
        let until = |block: u32| match before.filter(|before| before.holds_in(block, view, now)) {
            _ if crossings.0.is_empty() => i64::MAX,
            Some(before) => before.blocks[block as usize].1,
            None if is_worth_it => crossings.next(view, block, now),
            None => now.0.saturating_add(1),
        };
        let all = 0..view.block_count();
        let found: Vec<i64> = if crossings.0.is_empty() || !is_worth_it || all.len() < SHARED_BLOCKS_MIN {
            all.clone().map(until).collect()
        } else {
            all.clone().into_par_iter().map(until).collect()
        };
        Self {
            generation: view.generation(),
            from: now,
            until: found.iter().copied().min().unwrap_or(i64::MAX),
            blocks: all.map(|block| view.block_version(block)).zip(found).collect(),
        }
    }

    /// Whether it is true of a whole view at an instant.
    pub(super) fn holds(&self, view: &View, now: Timestamp) -> bool {
        self.generation == view.generation() && self.from <= now && now.0 < self.until
    }

    /// Whether it is true of a block.
    pub(super) fn holds_in(&self, block: u32, view: &View, now: Timestamp) -> bool {
        let known = self.blocks.get(block as usize);
        known
            .is_some_and(|(version, until)| *version == view.block_version(block) && self.from <= now && now.0 < *until)
    }

    /// How many blocks it is about.
    pub(super) fn block_count(&self) -> u32 {
        // Blocks are numbered by u32.
        self.blocks.len() as u32
    }

    /// Heap bytes.
    pub(super) fn bytes(&self) -> usize {
        size_of_val(&*self.blocks)
    }
}
