//! Scores of all rows of a block at once.
//!
//! A sum lies across planes of bits: the first holds the lowest bit of every row's sum, the next one the second lowest.
//! Adding a weight to some rows is a binary addition with carry, 64 rows an instruction, and comparing all sums with a
//! threshold reads the planes once from the highest down (bit-sliced arithmetic: O'Neil and Quass, SIGMOD 1997).

use super::block::{Evaluator, Found};
use super::items::{self, Child};
use crate::block::{BLOCK_WORDS, Words, join};
use crate::id::Row;
use crate::plan::PlannedScore;

/// Sums of a block's rows above the least there can be, as planes.
#[derive(Debug)]
pub(super) struct Sums {
    planes: Vec<Box<Words>>,
    /// Added for everybody.
    all: u32,
    /// The greatest sum that the planes may hold.
    most: u32,
}

impl<'p> Evaluator<'p> {
    /// The rows of a block whose score is high enough.
    pub(super) fn score(&mut self, score: usize, block: u32) -> Found {
        let planned = &self.parts.plan.scores[score];
        let sums = self.sums(planned, block);
        let cut = planned.score.cut;
        // Above which sum everybody is in; those who have exactly that are asked for their ids.
        let below = planned.score.at_least - 1 - planned.base - i64::from(sums.all);
        let found = if below < 0 {
            Found::Everybody
        } else if below > i64::from(sums.most) {
            Found::Nobody
        } else {
            // Within a u32, as was just compared.
            let (mut above, equal) = self.compare(&sums, below as u32);
            if cut > 0 {
                let live = self.parts.plan.live.container(block);
                for row in equal.iter().filter(|row| live.contains(*row)) {
                    if planned.view.id_hash(Row(join(block, row))) < cut {
                        above.insert(row);
                    }
                }
            }
            self.scratch.give_back(equal);
            Found::Bits { words: above, negated: false, count: None }
        };
        self.give_back_sums(sums);
        found
    }

    /// The sums of a block's rows.
    pub(super) fn sums(&mut self, planned: &'p PlannedScore<'p>, block: u32) -> Sums {
        let mut sums = Sums { planes: Vec::new(), all: 0, most: 0 };
        let mut carry = self.scratch.words();
        for term in &planned.terms {
            match items::child(&term.node, &mut self.parts, block) {
                Child::Nobody => {}
                Child::Everybody => sums.all += term.weight,
                Child::Item(_) => {
                    let (words, negated) = self.words(&term.node, block);
                    sums.most += term.weight;
                    while sums.most >> sums.planes.len() > 0 {
                        let mut plane = self.scratch.words();
                        plane.0.fill(0);
                        sums.planes.push(plane);
                    }
                    sums.add(&words, negated, term.weight, &mut carry);
                    self.scratch.give_back(words);
                }
            }
        }
        self.scratch.give_back(carry);
        sums
    }

    pub(super) fn give_back_sums(&mut self, sums: Sums) {
        sums.planes.into_iter().for_each(|plane| self.scratch.give_back(plane));
    }

    /// The rows whose sum is above a number, and those whose sum it is.
    fn compare(&mut self, sums: &Sums, number: u32) -> (Box<Words>, Box<Words>) {
        let (mut above, mut equal) = (self.scratch.words(), self.scratch.words());
        above.0.fill(0);
        equal.0.fill(u64::MAX);
        for (bit, plane) in sums.planes.iter().enumerate().rev() {
            let is_set = number >> bit & 1 == 1;
            for word in 0..BLOCK_WORDS {
                let sum = plane.0[word];
                if is_set {
                    equal.0[word] &= sum;
                } else {
                    above.0[word] |= equal.0[word] & sum;
                    equal.0[word] &= !sum;
                }
            }
        }
        (above, equal)
    }
}

impl Sums {
    /// Adds a weight to some rows, or to all others.
    fn add(&mut self, rows: &Words, negated: bool, weight: u32, carry: &mut Words) {
        let flip = if negated { u64::MAX } else { 0 };
        let low = weight.trailing_zeros() as usize;
        carry.0.fill(0);
        for (bit, plane) in self.planes.iter_mut().enumerate().skip(low) {
            let planes = plane.0.iter_mut().zip(&mut carry.0);
            if weight >> bit & 1 == 1 {
                for ((sum, carry), rows) in planes.zip(&rows.0) {
                    let (was, added) = (*sum, rows ^ flip);
                    *sum = was ^ added ^ *carry;
                    *carry = (was & added) | (*carry & (was ^ added));
                }
            } else {
                for (sum, carry) in planes {
                    let was = *sum;
                    *sum = was ^ *carry;
                    *carry &= was;
                }
            }
        }
    }

    /// Every row's sum above the least there can be.
    pub(super) fn write_to(&self, sums: &mut [u32]) {
        for (word, sums) in sums.chunks_exact_mut(64).enumerate() {
            sums.fill(self.all);
            for (bit, plane) in self.planes.iter().enumerate() {
                let mut rows = plane.0[word];
                while rows != 0 {
                    sums[rows.trailing_zeros() as usize] += 1 << bit;
                    rows &= rows - 1;
                }
            }
        }
    }
}
