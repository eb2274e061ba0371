//! Sets that are read side by side, so that a row of their bits is combined in registers and their cache misses overlap.

use crate::block::{Kernels, Operand, Words};

/// Sets that are read before the rows left are counted.
const SIDE_BY_SIDE: usize = 4;

/// One more than enough: a range brings two.
const CAPACITY: usize = SIDE_BY_SIDE + 1;

/// Sets to be intersected next.
#[derive(Debug)]
pub(super) struct Batch<'p> {
    operands: [Operand<'p>; CAPACITY],
    len: usize,
}

static NOBODY: Words = Words::EMPTY;

impl Default for Batch<'_> {
    fn default() -> Self {
        Self { operands: [Operand { words: &NOBODY, negated: false }; CAPACITY], len: 0 }
    }
}

impl<'p> Batch<'p> {
    /// Adds a set; two may be added unless the batch [is full](Self::is_full).
    pub(super) fn push(&mut self, operand: Operand<'p>) {
        self.operands[self.len] = operand;
        self.len += 1;
    }

    pub(super) fn is_full(&self) -> bool {
        self.len >= SIDE_BY_SIDE
    }

    /// Intersects all sets with `words`, in which `left` rows are; `None` is every row, whatever the words hold.
    pub(super) fn intersect(&mut self, words: &mut Words, left: &mut Option<u32>) {
        let operands = &self.operands[..self.len];
        self.len = 0;
        if operands.is_empty() {
            return;
        }
        let kernels = Kernels::get();
        *left = Some(match left {
            None => kernels.meet(words, operands),
            Some(_) => kernels.narrow(words, operands),
        });
    }
}
