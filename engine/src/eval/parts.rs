//! What the leaves of a plan are within the blocks that come next.
//!
//! Leaves are looked up when a block first gets to them, a few blocks ahead: then the searches in different blocks wait
//! for memory together, and what was found stays in the first-level cache until it is used.

use crate::index::{CUTS_MAX, Part};
use crate::plan::Plan;

/// Blocks that are looked up together; threads take as many at a time.
pub(super) const AHEAD: u32 = CUTS_MAX as u32;

/// One thread's look-ahead.
pub(super) struct Parts<'p> {
    pub(super) plan: &'p Plan<'p>,
    /// Blocks that are looked up together.
    ahead: u32,
    by_leaf: Vec<Chunk<'p>>,
}

/// A leaf in some blocks that follow each other.
#[derive(Clone)]
struct Chunk<'p> {
    first: u32,
    parts: [Part<'p>; CUTS_MAX],
}

impl<'p> Parts<'p> {
    /// For all blocks, or one after the other for `few` of them.
    pub(super) fn new(plan: &'p Plan<'p>, few: bool) -> Self {
        let none = Chunk { first: u32::MAX, parts: [Part::Empty; CUTS_MAX] };
        Self { plan, ahead: if few { 1 } else { AHEAD }, by_leaf: vec![none; plan.leaves.len()] }
    }

    /// What a leaf is in a block.
    pub(super) fn part(&mut self, leaf: usize, block: u32) -> Part<'p> {
        let first = block - block % self.ahead;
        let chunk = &mut self.by_leaf[leaf];
        if chunk.first != first {
            chunk.first = first;
            self.plan.leaves[leaf].look_up(first, &mut chunk.parts[..self.ahead as usize]);
        }
        chunk.parts[(block - first) as usize]
    }
}
