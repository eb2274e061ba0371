//! In how many of some tests the rows of a block fail: none, one, or more.
//!
//! Two sets of bits are a counter that stops at two, so each test is read once however many there are.

use super::scratch::Scratch;
use crate::block::{Container, Kernels, Operand, Words, retain_if};

/// Rows left up to which each is asked instead of reading a test's rows.
const FEW_ROWS: u32 = 256;

/// Live rows by how many tests failed.
pub(super) struct Failures {
    /// Rows without a failure.
    pub(super) none: Box<Words>,
    /// Rows with one failure at most.
    fewer: Box<Words>,
    /// How many rows have one failure at most.
    left: u32,
    /// These rows, once they are few.
    few: Option<Vec<u16>>,
    /// Whether no test has failed anywhere and all rows are live; the words hold anything then.
    is_fresh: bool,
}

impl Failures {
    /// No test yet.
    pub(super) fn new(live: &Container, scratch: &mut Scratch<'_>) -> Self {
        let (mut none, mut fewer) = (scratch.words(), scratch.words());
        let is_fresh = matches!(live, Container::Full);
        if !is_fresh {
            live.write_to(&mut none);
            fewer.0.copy_from_slice(&none.0);
        }
        Self { none, fewer, left: live.cardinality(), few: None, is_fresh }
    }

    /// Two more tests, which hold for the operands' rows.
    pub(super) fn add(&mut self, operands: [Operand<'_>; 2]) {
        let (kernels, none, fewer) = (Kernels::get(), &mut self.none, &mut self.fewer);
        self.left = if std::mem::take(&mut self.is_fresh) {
            kernels.first_failures(none, fewer, operands)
        } else {
            kernels.count_failures(none, fewer, operands)
        };
        self.settle_few();
    }

    /// One more test, which holds for nobody.
    pub(super) fn add_nobody(&mut self) {
        self.settle();
        self.fewer.0.copy_from_slice(&self.none.0);
        self.left = self.fewer.count();
        self.none.0.fill(0);
        self.settle_few();
    }

    /// The rows with one failure at most, if they are few.
    pub(super) fn few(&mut self, scratch: &mut Scratch<'_>) -> Option<&[u16]> {
        if self.few.is_none() && self.left <= FEW_ROWS {
            let mut list = scratch.list();
            self.fewer.append_to(&mut list, self.left as usize);
            self.few = Some(list);
        }
        self.few.as_deref()
    }

    /// One more test, which fails for these of the [few](Self::few) rows.
    pub(super) fn fail(&mut self, rows: &[u16]) {
        for row in rows {
            if self.none.contains(*row) { self.none.remove(*row) } else { self.fewer.remove(*row) }
        }
        self.settle_few();
    }

    /// Makes the words say what is known; once all tests are added.
    pub(super) fn settle(&mut self) {
        if std::mem::take(&mut self.is_fresh) {
            self.none.0.fill(u64::MAX);
            self.fewer.0.fill(u64::MAX);
        }
    }

    fn settle_few(&mut self) {
        if let Some(few) = &mut self.few {
            retain_if(few, |row| self.fewer.contains(row));
            self.left = few.len() as u32;
        }
    }

    /// Whether every row has failed twice: more tests make no difference.
    pub(super) fn is_hopeless(&self) -> bool {
        self.left == 0
    }

    /// Writes over `out` the rows of `within` that failed exactly once; says whether there are any.
    pub(super) fn write_one(&self, within: &Words, out: &mut Words) -> bool {
        !self.is_hopeless() && Kernels::get().one_failure(out, &self.none, &self.fewer, within) > 0
    }

    /// Writes over `out` the rows of `within` in which no test but a child fails; `one` are those with one failure. Says
    /// whether there are any.
    pub(super) fn write_no_other(&self, child: Operand<'_>, one: &Words, within: &Words, out: &mut Words) -> bool {
        !self.is_hopeless() && Kernels::get().no_other_failure(out, child, [&self.none, one, within]) > 0
    }

    pub(super) fn give_back(self, scratch: &mut Scratch<'_>) {
        scratch.give_back(self.none);
        scratch.give_back(self.fewer);
        self.few.into_iter().for_each(|list| scratch.give_back_list(list));
    }
}
