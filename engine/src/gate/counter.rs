//! How often each row of a block occurs in some sets, counted in bit planes: plane `i` has bit `i` of every row's count.
//!
//! Adding a set is a half adder over words, so a row costs the same however many sets there are; the comparison with a
//! bound goes down the planes once. (Counting with carries through bit planes: H. S. Warren, Hacker's Delight, 2nd ed.,
//! section 8-1.)

use crate::block::{BLOCK_WORDS, Container, Words, split};

/// The counts of one block.
#[derive(Debug, Default)]
pub(super) struct Counter {
    planes: Vec<Box<Words>>,
}

impl Counter {
    /// Counts every row of a set once more.
    pub(super) fn add(&mut self, rows: &Container) {
        let mut carry = Words::boxed();
        rows.write_to(&mut carry);
        let mut at = 0;
        while carry.count() > 0 {
            if at == self.planes.len() {
                self.planes.push(Words::boxed());
            }
            for (word, carry) in self.planes[at].0.iter_mut().zip(&mut carry.0) {
                (*word, *carry) = (*word ^ *carry, *word & *carry);
            }
            at += 1;
        }
    }

    /// Counts one row once more.
    pub(super) fn add_row(&mut self, offset: u16) {
        for plane in &mut self.planes {
            if !plane.contains(offset) {
                plane.insert(offset);
                return;
            }
            plane.remove(offset);
        }
        let mut plane = Words::boxed();
        plane.insert(offset);
        self.planes.push(plane);
    }

    /// The rows that were counted at least so often.
    pub(super) fn at_least(&self, bound: u32) -> Container {
        if bound.checked_ilog2().is_none_or(|top| top as usize >= self.planes.len()) {
            return if bound == 0 { Container::Full } else { Container::Empty };
        }
        let mut words = Words::boxed();
        for at in 0..BLOCK_WORDS {
            let (mut above, mut equal) = (0, u64::MAX);
            for (bit, plane) in self.planes.iter().enumerate().rev() {
                let word = plane.0[at];
                if bound >> bit & 1 == 1 {
                    equal &= word;
                } else {
                    above |= equal & word;
                    equal &= !word;
                }
            }
            words.0[at] = above | equal;
        }
        Container::from_words(&words)
    }
}

/// The counters of all blocks up to the last that has a row.
#[derive(Debug, Default)]
pub(super) struct Counters(pub(super) Vec<Counter>);

impl Counters {
    pub(super) fn of_block(&mut self, block: u32) -> &mut Counter {
        let at = block as usize;
        if at >= self.0.len() {
            self.0.resize_with(at + 1, Counter::default);
        }
        &mut self.0[at]
    }

    pub(super) fn add_row(&mut self, row: u32) {
        let (block, offset) = split(row);
        self.of_block(block).add_row(offset);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn counts_are_those_of_a_plain_loop() {
        let mut counter = Counter::default();
        let mut plain = vec![0_u32; 1_000];
        for step in 1..=12_u16 {
            let rows: Vec<u16> = (0..1_000).filter(|row| row % step == 0).collect();
            counter.add(&Container::from_sorted(&rows));
            rows.iter().for_each(|row| plain[usize::from(*row)] += 1);
            counter.add_row(7 * step);
            plain[usize::from(7 * step)] += 1;
        }
        for bound in 1..16 {
            let wanted: Vec<u16> = (0..1_000).filter(|row| plain[usize::from(*row)] >= bound).collect();
            let mut found = Vec::new();
            counter.at_least(bound).visit(|row| {
                found.push(row);
                true
            });
            assert_eq!(found, wanted, "{bound}");
        }
    }
}
