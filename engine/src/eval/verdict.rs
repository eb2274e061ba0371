//! The rows of a block for which one node holds, words only where they are needed.

use super::block::Evaluator;
use crate::block::{BLOCK_ROWS, Container, Kernels, Operand, Words};
use crate::plan::Node;

/// Rows of one block.
#[derive(Debug)]
pub(super) enum Verdict {
    Nobody,
    Everybody,
    Some(Box<Words>, u32),
}

impl Verdict {
    fn of_words(words: Box<Words>, count: u32, eval: &mut Evaluator<'_, '_>) -> Self {
        match count as usize {
            0 | BLOCK_ROWS => {
                eval.scratch.give_back(words);
                if count == 0 { Self::Nobody } else { Self::Everybody }
            }
            _ => Self::Some(words, count),
        }
    }

    pub(super) fn of_container(container: &Container, eval: &mut Evaluator<'_, '_>) -> Self {
        match container {
            Container::Empty => Self::Nobody,
            Container::Full => Self::Everybody,
            _ => {
                let mut words = eval.scratch.words();
                container.write_to(&mut words);
                Self::Some(words, container.cardinality())
            }
        }
    }

    pub(super) fn of_node<'p>(node: &'p Node, block: u32, eval: &mut Evaluator<'_, 'p>) -> Self {
        let mut words = eval.scratch.words();
        let count = eval.write_to(node, block, &mut words);
        Self::of_words(words, count, eval)
    }

    pub(super) fn clone_in(&self, eval: &mut Evaluator<'_, '_>) -> Self {
        self.and(&Self::Everybody, eval)
    }

    pub(super) fn give_back(self, eval: &mut Evaluator<'_, '_>) {
        if let Self::Some(words, _) = self {
            eval.scratch.give_back(words);
        }
    }

    pub(super) fn count(&self) -> u32 {
        match self {
            Self::Nobody => 0,
            Self::Everybody => BLOCK_ROWS as u32,
            Self::Some(_, count) => *count,
        }
    }

    /// How many rows both have.
    pub(super) fn count_in(&self, other: &Self) -> u32 {
        match (self, other) {
            (Self::Nobody, _) | (_, Self::Nobody) => 0,
            (Self::Everybody, rows) | (rows, Self::Everybody) => rows.count(),
            (Self::Some(left, _), Self::Some(right, _)) => left.and_count(right),
        }
    }

    pub(super) fn complement(self) -> Self {
        match self {
            Self::Nobody => Self::Everybody,
            Self::Everybody => Self::Nobody,
            Self::Some(mut words, count) => {
                words.flip();
                Self::Some(words, BLOCK_ROWS as u32 - count)
            }
        }
    }

    /// The rows in both.
    pub(super) fn and(&self, other: &Self, eval: &mut Evaluator<'_, '_>) -> Self {
        self.and_signed((other, false), eval)
    }

    /// The rows that are in here and in the other, or not in the other.
    pub(super) fn and_signed(&self, (other, negated): (&Self, bool), eval: &mut Evaluator<'_, '_>) -> Self {
        Self::meet([(self, false), (other, negated)].into_iter(), eval)
    }

    /// The rows in all, or in none.
    pub(super) fn all<'a>(
        verdicts: impl Iterator<Item = &'a Self> + Clone,
        negated: bool,
        eval: &mut Evaluator<'_, '_>,
    ) -> Self {
        Self::meet(verdicts.map(|verdict| (verdict, negated)), eval)
    }

    fn meet<'a>(parts: impl Iterator<Item = (&'a Self, bool)> + Clone, eval: &mut Evaluator<'_, '_>) -> Self {
        let is_nobody = |(verdict, negated): (&Self, bool)| {
            matches!((verdict, negated), (Self::Nobody, false) | (Self::Everybody, true))
        };
        if parts.clone().any(is_nobody) {
            return Self::Nobody;
        }
        let operands: Vec<Operand<'_>> = parts
            .filter_map(|(verdict, negated)| match verdict {
                Self::Some(words, _) => Some(Operand { words, negated }),
                Self::Nobody | Self::Everybody => None,
            })
            .collect();
        if operands.is_empty() {
            return Self::Everybody;
        }
        let mut words = eval.scratch.words();
        let count = Kernels::get().meet(&mut words, &operands);
        Self::of_words(words, count, eval)
    }
}
