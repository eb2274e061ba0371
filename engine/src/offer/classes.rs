//! How many rows have which score, block by block, and the rows of a place in that order.
//!
//! A block is split by one factor after the other, the heaviest first; a part whose best score is below what is wanted
//! is not split further (branch and bound: Land and Doig, 1960), and neither is an empty one. Scores are sums over
//! parts, never over rows: there are at most 2^8 parts of a block, most of them empty or out of bounds.

use rayon::prelude::*;

use super::factors::Factor;
use crate::block::{Container, Kernels, Set, Words, join};
use crate::patience::Patience;

/// Factors at most: seven, and location in two grades.
pub(super) const FACTORS_MAX: usize = 8;

/// Scores of some rows.
pub(super) struct Classes<'f> {
    live: &'f Set,
    /// The heaviest first.
    factors: Vec<(&'f Set, u32)>,
    /// Of each block its scores, descending, with their rows.
    blocks: Vec<Vec<(u32, u32)>>,
}

/// A part of an order: rows of one block and one score, from `skip` on.
struct Wanted {
    block: u32,
    score: u32,
    skip: usize,
    take: usize,
}

impl<'f> Classes<'f> {
    /// Counts the live rows of every score from `least` on.
    pub(super) fn count(live: &'f Set, factors: &[(&'f Factor, &'f Set)], blocks: u32, least: u32) -> Self {
        let mut factors: Vec<(&Set, u32)> = factors.iter().map(|(factor, rows)| (*rows, factor.weight)).collect();
        factors.truncate(FACTORS_MAX);
        factors.sort_by_key(|(_, weight)| std::cmp::Reverse(*weight));
        let patience = Patience::current();
        let blocks = (0..blocks)
            .into_par_iter()
            .map_init(Room::default, |room, block| {
                patience.check();
                room.scores(&factors, live.container(block), block, least)
            })
            .collect();
        Self { live, factors, blocks }
    }

    /// Rows of each score, the highest first.
    pub(super) fn distribution(&self) -> Vec<(u32, u64)> {
        let mut sums = std::collections::BTreeMap::new();
        for (score, rows) in self.blocks.iter().flatten() {
            *sums.entry(*score).or_insert(0) += u64::from(*rows);
        }
        sums.into_iter().rev().collect()
    }

    /// Rows with their scores, the highest first and then in row order: `limit` of them after the first `skip`.
    pub(super) fn rows(&self, skip: u64, limit: usize) -> Vec<(u32, u32)> {
        let wanted = self.wanted(skip, limit);
        let mut room = Room::default();
        let mut found = Vec::with_capacity(limit.min(wanted.iter().map(|part| part.take).sum()));
        for Wanted { block, score, skip, take } in wanted {
            room.gather(&self.factors, self.live.container(block), block, score);
            let rows = room.found.iter().skip(skip).take(take);
            found.extend(rows.map(|offset| (join(block, offset), score)));
        }
        found
    }

    /// The parts of the order in which the rows lie.
    fn wanted(&self, mut skip: u64, limit: usize) -> Vec<Wanted> {
        let (mut left, mut wanted) = (limit, Vec::new());
        for (score, rows) in self.distribution() {
            if left == 0 {
                break;
            }
            if skip >= rows {
                skip -= rows;
                continue;
            }
            for (block, scores) in (0..).zip(&self.blocks) {
                let Some(rows) = scores.iter().find(|(other, _)| *other == score).map(|(_, rows)| u64::from(*rows))
                else {
                    continue;
                };
                if skip >= rows {
                    skip -= rows;
                } else if left > 0 {
                    // Both are below the rows of a block.
                    let (from, take) = (skip as usize, ((rows - skip) as usize).min(left));
                    wanted.push(Wanted { block, score, skip: from, take });
                    (skip, left) = (0, left - take);
                }
            }
        }
        wanted
    }
}

/// A factor in a block where some rows have it and others do not.
struct Mixed {
    weight: u32,
    words: Box<Words>,
}

/// Room for the work on a block.
struct Room {
    /// The first of these are the block's.
    mixed: Vec<Mixed>,
    /// Parts of parts, two for each factor.
    parts: Vec<Box<Words>>,
    live: Box<Words>,
    found: Box<Words>,
}

impl Default for Room {
    fn default() -> Self {
        Self { mixed: Vec::new(), parts: Vec::new(), live: Words::boxed(), found: Words::boxed() }
    }
}

impl Room {
    /// The scores of a block from `least` on, descending, with their rows.
    fn scores(&mut self, factors: &[(&Set, u32)], live: &Container, block: u32, least: u32) -> Vec<(u32, u32)> {
        let mut scores: Vec<(u32, u32)> = Vec::new();
        let (mixed, base) = self.prepare(factors, live, block);
        let bounds = Bounds::new(&self.mixed[..mixed], (least, u32::MAX));
        bounds.split(0, (&self.live, live.cardinality()), base, &mut self.parts, &mut |score, _, count| match scores
            .iter_mut()
            .find(|(other, _)| *other == score)
        {
            Some((_, rows)) => *rows += count,
            None => scores.push((score, count)),
        });
        scores.sort_unstable_by_key(|(score, _)| std::cmp::Reverse(*score));
        scores
    }

    /// Puts the rows of a block that have exactly this score into `found`.
    fn gather(&mut self, factors: &[(&Set, u32)], live: &Container, block: u32, score: u32) {
        let (mixed, base) = self.prepare(factors, live, block);
        self.found.0.fill(0);
        let Self { mixed: all, parts, live: words, found } = self;
        let bounds = Bounds::new(&all[..mixed], (score, score));
        bounds.split(0, (words, live.cardinality()), base, parts, &mut |_, rows, _| {
            if let Some(rows) = rows {
                found.or(rows);
            }
        });
    }

    /// Brings a block's bits together; says how many factors split it, and what everybody has from the others.
    fn prepare(&mut self, factors: &[(&Set, u32)], live: &Container, block: u32) -> (usize, u32) {
        let (mut count, mut base) = (0, 0);
        live.write_to(&mut self.live);
        for (set, weight) in factors {
            match set.container(block) {
                Container::Empty => {}
                Container::Full => base += weight,
                rows => {
                    if self.mixed.len() == count {
                        self.mixed.push(Mixed { weight: 0, words: Words::boxed() });
                        self.parts.extend([Words::boxed(), Words::boxed()]);
                    }
                    self.mixed[count].weight = *weight;
                    rows.write_to(&mut self.mixed[count].words);
                    count += 1;
                }
            }
        }
        (count, base)
    }
}

/// Which scores are wanted of a block.
struct Bounds<'b> {
    mixed: &'b [Mixed],
    /// What the factors from each on are worth together.
    rest: Vec<u32>,
    least: u32,
    most: u32,
}

impl<'b> Bounds<'b> {
    fn new(mixed: &'b [Mixed], (least, most): (u32, u32)) -> Self {
        let mut rest = vec![0; mixed.len() + 1];
        for at in (0..mixed.len()).rev() {
            rest[at] = rest[at + 1] + mixed[at].weight;
        }
        Self { mixed, rest, least, most }
    }

    fn reaches(&self, at: usize, score: u32) -> bool {
        score <= self.most && score + self.rest[at] >= self.least
    }

    /// Splits rows by the factors from `at` on; `each` is told the score, the rows and the number of every part.
    /// Rows are left out where only their number is known, which is when all scores are wanted.
    fn split(
        &self,
        at: usize,
        (rows, count): (&Words, u32),
        score: u32,
        parts: &mut [Box<Words>],
        each: &mut dyn FnMut(u32, Option<&Words>, u32),
    ) {
        if count == 0 || !self.reaches(at, score) {
            return;
        }
        let (Some(factor), [within, without, parts @ ..]) = (self.mixed.get(at), parts) else {
            return each(score, Some(rows), count);
        };
        let inside = rows.and_count(&factor.words);
        let with = score + factor.weight;
        if at + 1 == self.mixed.len() && self.most == u32::MAX {
            let parts = [(with, inside), (score, count - inside)];
            let wanted = parts.into_iter().filter(|(score, count)| *count > 0 && self.reaches(at + 1, *score));
            return wanted.for_each(|(score, count)| each(score, None, count));
        }
        let kernels = Kernels::get();
        if inside == count {
            return self.split(at + 1, (rows, count), with, parts, each);
        }
        if inside > 0 && self.reaches(at + 1, with) {
            within.0.copy_from_slice(&rows.0);
            kernels.and(&mut within.0, &factor.words.0);
            self.split(at + 1, (within, inside), with, parts, each);
        }
        if inside == 0 {
            return self.split(at + 1, (rows, count), score, parts, each);
        }
        if self.reaches(at + 1, score) {
            without.0.copy_from_slice(&rows.0);
            kernels.and_not(&mut without.0, &factor.words.0);
            self.split(at + 1, (without, count - inside), score, parts, each);
        }
    }
}
