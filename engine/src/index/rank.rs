//! Ordered values: the rows of each block in order of their keys, with cumulative sets at regular ranks.
//!
//! "lo <= key <= hi" is a range of ranks. Its size is known from the dictionary alone; its rows are those of the
//! nearest cumulative sets, corrected by a short slice of the order. Idea: range-encoded bins (Chan and Ioannidis,
//! SIGMOD 1998) with an order-preserving list inside each bin (OrBiC; Wu, Stockinger, Shoshani, 2008), here per block
//! with 16-bit offsets, so that bins and corrections stay in the first-level cache.

use std::collections::BTreeMap;
use std::sync::Arc;

use crate::block::{BLOCK_ROWS, Operand, Words};
use crate::column::{ScalarBlock, Sorted};

/// Cumulative sets of a full block. Measured at 16, 32 and 64; see ARCHITECTURE.md.
const CUMULATIVE_SETS: usize = 64;

/// Rows below which a block has no cumulative sets: setting its rows one by one is as fast.
const CUMULATIVE_ROWS_MIN: usize = 2_048;

/// The ranks of one scalar field.
#[derive(Debug, Clone, Default)]
pub struct Ranks {
    blocks: Vec<Arc<RankBlock>>,
}

/// The ranks of one block.
#[derive(Debug, Default)]
pub struct RankBlock {
    rows: Box<[u16]>,
    /// Place of each key's first row in `rows`, and the end of the last; none when every key has one row.
    starts: Box<[u32]>,
    /// Rows of rank below `rank`, for some ranks ascending.
    cumulative: Vec<(u32, Box<Words>)>,
}

impl RankBlock {
    fn new(sorted: Sorted) -> Self {
        let cumulative = cumulative(&sorted);
        let is_dense = sorted.starts.len() == sorted.rows.len() + 1;
        let starts = if is_dense { Box::default() } else { sorted.starts.into() };
        Self { rows: sorted.rows.into(), starts, cumulative }
    }

    /// The rank at which the rows of a code begin; for the number of codes, where all end.
    pub fn rank(&self, code: usize) -> usize {
        if self.starts.is_empty() { code } else { self.starts[code] as usize }
    }

    /// Rows that have a value.
    pub fn len(&self) -> usize {
        self.rows.len()
    }

    /// Whether no row has a value.
    pub fn is_empty(&self) -> bool {
        self.rows.is_empty()
    }

    /// The rows of ranks `from..to`, by key and then by row.
    pub fn slice(&self, from: usize, to: usize) -> &[u16] {
        &self.rows[from..to]
    }

    /// The cumulative set at the least rank that is not below `rank`, and that rank.
    fn at_or_above(&self, rank: usize) -> Option<(usize, &Words)> {
        let index = self.cumulative.partition_point(|(at, _)| (*at as usize) < rank);
        self.cumulative.get(index).map(|(at, words)| (*at as usize, &**words))
    }

    /// The cumulative set at the greatest rank that is not above `rank`, and that rank; none when that is rank 0.
    fn at_or_below(&self, rank: usize) -> Option<(usize, &Words)> {
        let after = self.cumulative.partition_point(|(at, _)| *at as usize <= rank);
        self.cumulative[..after].last().map(|(at, words)| (*at as usize, &**words))
    }

    fn bytes(&self) -> usize {
        2 * self.rows.len() + 4 * self.starts.len() + self.cumulative.len() * (size_of::<Words>() + 16)
    }
}

/// Cumulative sets at ranks where a key's rows begin, as evenly spread as the keys allow.
fn cumulative(sorted: &Sorted) -> Vec<(u32, Box<Words>)> {
    let rows = sorted.rows.len();
    if rows < CUMULATIVE_ROWS_MIN {
        return Vec::new();
    }
    let wanted = (CUMULATIVE_SETS * rows).div_ceil(BLOCK_ROWS).max(2);
    let mut sets = Vec::new();
    let mut words = Words::boxed();
    let mut done = 0;
    for index in 1..=wanted {
        // The start of a key near the regular rank; for few keys these are exactly their starts.
        let rank = (index * rows / wanted) as u32;
        let key = sorted.starts.partition_point(|start| *start < rank);
        let at = sorted.starts[key.min(sorted.starts.len() - 1)];
        if at as usize > done {
            sorted.rows[done..at as usize].iter().for_each(|row| words.insert(*row));
            done = at as usize;
            sets.push((at, words.clone()));
        }
    }
    sets
}

impl Ranks {
    /// The ranks of a block.
    pub fn block(&self, block: u32) -> Option<&Arc<RankBlock>> {
        self.blocks.get(block as usize)
    }

    /// The same ranks with some blocks new.
    #[must_use]
    pub fn with_blocks(mut self, sorted: BTreeMap<u32, Sorted>) -> Self {
        for (block, sorted) in sorted {
            while self.blocks.len() <= block as usize {
                self.blocks.push(Arc::default());
            }
            self.blocks[block as usize] = Arc::new(RankBlock::new(sorted));
        }
        self
    }

    /// Heap bytes.
    pub fn bytes(&self) -> usize {
        self.blocks.iter().map(|block| block.bytes()).sum()
    }
}

/// The rows of one block whose keys lie in a range.
#[derive(Debug, Clone, Copy)]
pub struct RankRange<'v> {
    column: &'v ScalarBlock,
    ranks: &'v RankBlock,
    codes: (u32, u32),
    /// Where the rows of the first code begin, and those of the last end.
    bounds: (u32, u32),
}

impl<'v> RankRange<'v> {
    /// The rows with codes `from..to` of the block's dictionary.
    pub fn new(column: &'v ScalarBlock, ranks: &'v RankBlock, from: usize, to: usize) -> Self {
        let bounds = (ranks.rank(from) as u32, ranks.rank(to) as u32);
        Self { column, ranks, codes: (from as u32, to as u32), bounds }
    }

    /// How many rows; reads no order.
    pub fn cardinality(&self) -> usize {
        (self.bounds.1 - self.bounds.0) as usize
    }

    /// Whether the row is one of them.
    pub fn contains(&self, offset: u16) -> bool {
        (self.codes.0..self.codes.1).contains(&(self.column.code(offset) as u32))
    }

    /// Keeps the rows that are in the range, or those that are not.
    pub fn retain(&self, list: &mut Vec<u16>, wanted: bool) {
        self.column.retain(self.codes.0..self.codes.1, list, wanted);
    }

    /// The rows, by key and then by row.
    pub fn slice(&self) -> &'v [u16] {
        self.ranks.slice(self.bounds.0 as usize, self.bounds.1 as usize)
    }
}

/// Rows of a range, or all others, up to a few too many: the intersection of at most two sets that lie ready, and the
/// rows in it that do not belong there.
#[derive(Debug, Clone, Copy)]
pub struct Outline<'v> {
    /// What is intersected; nothing is every row.
    pub operands: [Option<Operand<'v>>; 2],
    /// Whether the rows that are not in the intersection are meant.
    pub negated: bool,
    /// What is too many.
    pub excess: [&'v [u16]; 2],
}

impl<'v> RankRange<'v> {
    /// Whether the block has cumulative sets.
    pub fn has_outline(&self) -> bool {
        !self.ranks.cumulative.is_empty()
    }

    /// The range from outside: the nearest cumulative sets that miss none of its rows. Only where
    /// [`Self::has_outline`].
    pub fn outline(&self) -> Outline<'v> {
        let (from, to) = (self.bounds.0 as usize, self.bounds.1 as usize);
        let (end, within) = self.ranks.at_or_above(to).map_or((to, None), |(at, words)| (at, Some(words)));
        let within = within.filter(|_| end < BLOCK_ROWS);
        let below = self.ranks.at_or_below(from);
        let start = below.map_or(0, |(at, _)| at);
        Outline {
            operands: [operand(within, false), operand(below.map(|(_, words)| words), true)],
            negated: false,
            excess: [self.ranks.slice(start, from), self.ranks.slice(to, end)],
        }
    }

    /// All rows that are not in the range, from outside: all but those between the nearest cumulative sets inside it.
    pub fn outline_of_others(&self) -> Outline<'v> {
        let (from, to) = (self.bounds.0 as usize, self.bounds.1 as usize);
        let above = if from == 0 { None } else { self.ranks.at_or_above(from) };
        let start = above.map_or(from, |(at, _)| at);
        let below = self.ranks.at_or_below(to);
        match below {
            Some((end, words)) if end > start => {
                let below = Some(words).filter(|_| end < BLOCK_ROWS);
                let excess = [self.ranks.slice(from, start), self.ranks.slice(end, to)];
                match (below, above) {
                    // One set says it already.
                    (None, Some((_, above))) => {
                        Outline { operands: [operand(Some(above), false), None], negated: false, excess }
                    }
                    (below, None) => Outline { operands: [operand(below, true), None], negated: false, excess },
                    (below, Some((_, above))) => {
                        Outline { operands: [operand(below, false), operand(Some(above), true)], negated: true, excess }
                    }
                }
            }
            _ => Outline { operands: [None, None], negated: false, excess: [self.ranks.slice(from, to), &[]] },
        }
    }
}

fn operand(words: Option<&Words>, negated: bool) -> Option<Operand<'_>> {
    words.map(|words| Operand { words, negated })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::block::{Kernels, Set};
    use crate::column::{Scalar, ScalarEditor};

    /// Keys with `distinct` values for most rows of a block, and the column and ranks made of them.
    fn block(rows: u32, distinct: i64, missing_every: u32) -> (Vec<Option<i64>>, Scalar, Ranks) {
        let key = |row: u32| (i64::from(row) * 48_271 % 65_537) % distinct * 5 - 70;
        let keys: Vec<Option<i64>> = (0..rows).map(|row| ((row + 1) % missing_every != 0).then(|| key(row))).collect();
        let mut editor = ScalarEditor::new(Scalar::default());
        let mut present = Vec::new();
        for (row, key) in (0..).zip(&keys) {
            if let Some(key) = key {
                editor.set(row, *key);
                present.push(row);
            }
        }
        let (scalar, sorted) = editor.finish(&Set::from_rows(present), None);
        (keys, scalar, Ranks::default().with_blocks(sorted))
    }

    /// The rows that an outline stands for, checked to hold its excess.
    fn drawn(outline: &Outline<'_>) -> Vec<u16> {
        let operands: Vec<Operand<'_>> = outline.operands.into_iter().flatten().collect();
        let mut words = Words::EMPTY;
        Kernels::get().meet(&mut words, &operands);
        if outline.negated {
            words.flip();
        }
        for row in outline.excess.into_iter().flatten() {
            assert!(words.contains(*row));
            words.remove(*row);
        }
        words.iter().collect()
    }

    #[test]
    fn every_range_of_ranks_has_the_rows_of_its_keys() {
        for (rows_in, distinct) in
            [(1, 1), (300, 7), (3_000, 2), (20_000, 41), (65_536, 101), (65_536, 70_000), (65_536, 3)]
        {
            for missing_every in [2, 1_000_000] {
                let (keys, scalar, ranks) = block(rows_in, distinct, missing_every);
                let column = scalar.block(0).expect("one block");
                let ranks = ranks.block(0).expect("one block");
                let mut sorted: Vec<i64> = keys.iter().flatten().copied().collect();
                sorted.sort_unstable();
                let marks =
                    [0, 1, 7, 33, 50, 66, 90, 99, 100].map(|percent| sorted[(sorted.len() - 1) * percent / 100]);
                for (lo, hi) in marks.iter().flat_map(|lo| marks.map(|hi| (*lo, hi))) {
                    for (lo, hi) in [(lo, hi), (lo + 1, hi), (lo, hi - 1), (i64::MIN, hi), (lo, i64::MAX)] {
                        let (from, to) = column.dict.codes_between(lo, hi);
                        let range = RankRange::new(column, ranks, from, to);
                        let mut words = Words::EMPTY;
                        range.slice().iter().for_each(|row| words.insert(*row));
                        let is_in = |key: &Option<i64>| key.is_some_and(|key| lo <= key && key <= hi);
                        let expected = (0..).zip(&keys).filter(|(_, key)| is_in(key)).map(|(row, _)| row as u16);
                        assert!(words.iter().eq(expected.clone()), "{rows_in} {distinct} {missing_every} {lo} {hi}");
                        assert_eq!(range.cardinality(), expected.clone().count());
                        let rows: Vec<u16> = expected.clone().collect();
                        let others: Vec<u16> = (0..=u16::MAX).filter(|row| rows.binary_search(row).is_err()).collect();
                        if range.has_outline() && !rows.is_empty() {
                            assert_eq!(drawn(&range.outline()), rows, "{rows_in} {distinct} {lo} {hi}");
                        }
                        if !rows.is_empty() && !others.is_empty() {
                            assert_eq!(drawn(&range.outline_of_others()), others, "{rows_in} {distinct} {lo} {hi}");
                        }
                        assert!((0..=u16::MAX).filter(|row| range.contains(*row)).eq(expected));
                    }
                }
            }
        }
    }
}
