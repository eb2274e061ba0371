//! A plan whose leaves know, for every block, what they are there.
//!
//! One leaf's parts lie behind each other, so that the pass over the directories reads memory in order.

use std::sync::OnceLock;

use crate::index::Part;
use crate::plan::Plan;

/// A plan ready to be evaluated block by block.
pub(super) struct Bound<'p> {
    pub(super) plan: &'p Plan<'p>,
    /// By leaf, then by block; a leaf that no block gets to is never looked up. None where only a few blocks are asked
    /// for.
    parts: Option<Vec<OnceLock<Vec<Part<'p>>>>>,
}

impl<'p> Bound<'p> {
    pub(super) fn new(plan: &'p Plan<'p>) -> Self {
        Self { plan, parts: Some(plan.leaves.iter().map(|_| OnceLock::new()).collect()) }
    }

    /// For a few blocks only.
    pub(super) fn of_few_blocks(plan: &'p Plan<'p>) -> Self {
        Self { plan, parts: None }
    }

    pub(super) fn part(&self, leaf: usize, block: u32) -> Part<'p> {
        let selection = &self.plan.leaves[leaf];
        match &self.parts {
            Some(parts) => parts[leaf].get_or_init(|| selection.parts(self.plan.block_count))[block as usize],
            None => selection.part(block),
        }
    }
}
