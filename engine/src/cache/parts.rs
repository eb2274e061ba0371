//! Rows of parts of rules, kept from the second time that a part is asked.

use std::sync::Arc;

use quick_cache::Weighter;
use quick_cache::sync::Cache as Kept;

use super::key::key;
use super::validity::{Crossings, Validity};
use crate::block::{Container, Set};
use crate::eval;
use crate::limits::{CACHE_BYTES, CACHE_ENTRY_BYTES};
use crate::plan::{Plan, plan_part};
use crate::rule::{CheckedKind, CheckedNode, CheckedRule};
use crate::table::View;
use crate::time::Timestamp;

/// Parts that were asked once and are remembered by name.
const SEEN_MAX: usize = 4_096;

/// Parts, by key.
#[derive(Debug)]
pub(super) struct Parts {
    kept: Kept<Box<[u8]>, Arc<Part>, Bytes>,
    seen: Kept<Box<[u8]>, ()>,
}

/// What is kept.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Worth {
    /// Whatever is asked: a rule that was saved.
    Asked,
    /// What is asked a second time: any part of any rule.
    AskedTwice,
}

/// A part's rows.
#[derive(Debug)]
struct Part {
    validity: Validity,
    rows: Arc<Set>,
}

impl Part {
    /// The rows with those of other blocks evaluated anew.
    fn renewed(&self, plan: &Plan<'_>, view: &View, now: Timestamp) -> Set {
        let is_stale = |block: &u32| !self.validity.holds_in(*block, view, now);
        let stale: Vec<u32> = (0..view.block_count()).filter(is_stale).collect();
        let mut rows = (*self.rows).clone();
        for (block, container) in eval::containers(plan, &stale) {
            rows.replace(block, container);
        }
        // An older state that somebody kept has fewer blocks than the one whose rows these are.
        for block in view.block_count()..self.validity.block_count() {
            rows.replace(block, Container::Empty);
        }
        rows
    }
}

/// Bytes of an entry.
#[derive(Debug, Clone)]
struct Bytes;

impl Weighter<Box<[u8]>, Arc<Part>> for Bytes {
    fn weight(&self, key: &Box<[u8]>, part: &Arc<Part>) -> u64 {
        (CACHE_ENTRY_BYTES + key.len() + part.validity.bytes() + part.rows.bytes()) as u64
    }
}

impl Default for Parts {
    fn default() -> Self {
        Self { kept: Kept::with_weighter(256, CACHE_BYTES as u64 / 2, Bytes), seen: Kept::new(SEEN_MAX) }
    }
}

impl Parts {
    pub(super) fn bytes(&self) -> u64 {
        self.kept.weight()
    }

    /// The parts of a rule whose rows are known, brought up to date.
    pub(super) fn of<'r>(
        &self,
        rule: &'r CheckedRule,
        view: &View,
        now: Timestamp,
    ) -> Vec<(&'r CheckedNode, Arc<Set>)> {
        let CheckedKind::Group { rules, .. } = &rule.root.kind else { return Vec::new() };
        // A single test has its own index.
        let groups = rules.iter().filter(|node| matches!(node.kind, CheckedKind::Group { .. }));
        groups.filter_map(|node| Some((node, self.rows(node, view, now, Worth::AskedTwice)?))).collect()
    }

    /// The rows of a part, brought up to date; none when it is not kept.
    pub(super) fn rows(&self, node: &CheckedNode, view: &View, now: Timestamp, worth: Worth) -> Option<Arc<Set>> {
        let key = key(node, view)?;
        let known = self.kept.get(&key);
        if let Some(known) = &known
            && known.validity.holds(view, now)
        {
            return Some(known.rows.clone());
        }
        if known.is_none() && worth == Worth::AskedTwice && self.seen.get(&key).is_none() {
            self.seen.insert(key, ());
            return None;
        }
        let plan = plan_part(node, view, now);
        let rows = match &known {
            None => eval::rows(&plan),
            Some(known) => known.renewed(&plan, view, now),
        };
        let rows = Arc::new(rows);
        let before = known.as_ref().map(|known| &known.validity);
        let is_worth_it = before.is_some() || worth == Worth::AskedTwice;
        let validity = Validity::new(before, &Crossings::of(node, view), view, now, is_worth_it);
        self.kept.insert(key, Arc::new(Part { validity, rows: rows.clone() }));
        Some(rows)
    }
}
