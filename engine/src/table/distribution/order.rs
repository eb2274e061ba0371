//! The values of an ordered field in order, of everybody or of some rows, without putting them there: every block knows
//! its own order, and how many values lie below a key is the sum over the blocks.

use std::borrow::Cow;
use std::ops::Range;

use rayon::prelude::*;

use crate::block::{Container, Set, Words};
use crate::column::{Overlay, Scalar, ScalarBlock, sort_by_key};
use crate::index::{Cut, RankBlock, Ranks};

/// What listing a row's code, to be put in order, costs in about nanoseconds.
const LISTED_ROW_NS: usize = 6;

/// What counting some rows below a key costs: one cumulative set, and half the rows to the next.
const CROSSED_NS: usize = 400;

/// The blocks of a field that have values among the rows.
#[derive(Debug)]
pub(super) struct Order<'v> {
    blocks: Vec<Block<'v>>,
}

/// One block's rows.
#[derive(Debug)]
pub(super) struct Block<'v> {
    column: &'v ScalarBlock,
    ranks: &'v RankBlock,
    /// Of the block as it was laid, those without that have changed since.
    rows: Rows,
    /// The keys of those that have changed, ascending.
    changed: Cow<'v, [i64]>,
}

/// Which rows of a block are meant.
#[derive(Debug)]
enum Rows {
    /// All that have a value.
    All,
    /// All but those with these codes, which ascend.
    AllBut(Vec<u16>),
    /// Those whose codes these are, ascending.
    Listed(Vec<u16>),
    /// Those with a bit; not all of them need have a value.
    Crossed(Box<Words>),
}

impl<'v> Order<'v> {
    /// Questions that take as long as going through all values.
    pub(super) const READ: usize = 200;

    /// Of all rows, or of those within a set; `questions` is how many keys will be asked about.
    pub(super) fn new(column: &'v Scalar, ranks: &'v Ranks, within: Option<&Set>, questions: usize) -> Self {
        let block = |block: u32| {
            let overlay = column.overlay(block);
            let (column, ranks) = (&**column.block(block)?, &**ranks.block(block)?);
            let within = within.map(|rows| rows.container(block)).filter(|rows| !matches!(rows, Container::Full));
            let rows = match (within, overlay) {
                (None, None) => Rows::All,
                (None, Some(overlay)) => Rows::AllBut(overlay.old_codes().to_vec()),
                (Some(rows), _) if rows.is_empty() => return None,
                (Some(rows), overlay) => Rows::of(rows, column, overlay, questions),
            };
            let changed = overlay.map_or(Cow::default(), |overlay| changed_keys(overlay, within));
            let block = Block { column, ranks, rows, changed };
            (block.count() > 0).then_some(block)
        };
        let count = column.block_count();
        let blocks = if within.is_some() {
            (0..count).into_par_iter().filter_map(block).collect()
        } else {
            (0..count).filter_map(block).collect()
        };
        Self { blocks }
    }

    pub(super) fn blocks(&self) -> &[Block<'v>] {
        &self.blocks
    }

    /// How many values there are.
    pub(super) fn count(&self) -> u64 {
        self.blocks.iter().map(|block| u64::from(block.count())).sum()
    }

    /// The least and the greatest key.
    pub(super) fn ends(&self) -> Option<(i64, i64)> {
        let ends = self.blocks.iter().filter_map(Block::ends);
        ends.reduce(|(least, greatest), (low, high)| (least.min(low), greatest.max(high)))
    }

    /// How many values lie below each of some keys.
    pub(super) fn counts_below(&self, keys: &[i64]) -> Vec<u64> {
        let of_block = |mut sums: Vec<u64>, block: &Block<'_>| {
            for (sum, key) in sums.iter_mut().zip(keys) {
                let cut = Cut::below(block.column, block.ranks, Some(*key));
                *sum += u64::from(block.count_below(cut.code as usize, *key));
            }
            sums
        };
        let add = |mut sums: Vec<u64>, more: Vec<u64>| {
            sums.iter_mut().zip(more).for_each(|(sum, more)| *sum += more);
            sums
        };
        let none = || vec![0; keys.len()];
        self.blocks.par_iter().with_min_len(BLOCKS_MIN).fold(none, of_block).reduce(none, add)
    }

    /// The keys at some places in the order; places are below [`Self::count`].
    pub(super) fn keys_at(&self, places: &[u64]) -> Vec<i64> {
        places.par_iter().map(|place| self.key_at(*place)).collect()
    }

    /// Halves the keys between the least and the greatest until one is left. Blocks whose keys are all known to be
    /// above or below drop out.
    fn key_at(&self, place: u64) -> i64 {
        let Some((mut low, mut high)) = self.ends() else { return 0 };
        let mut open: Vec<Window<'_, 'v>> = self.blocks.iter().map(Window::new).collect();
        let mut closed = 0;
        while low < high {
            let middle = low.midpoint(high).min(high - 1);
            let mut count = closed;
            for window in &mut open {
                count += u64::from(window.count_up_to(middle));
            }
            let is_up_to_middle = count > place;
            if is_up_to_middle {
                high = middle;
            } else {
                low = middle + 1;
            }
            open.retain_mut(|window| {
                let is_open = window.keep(is_up_to_middle);
                closed += if is_open { 0 } else { u64::from(window.below) };
                is_open
            });
        }
        low
    }
}

/// Blocks that one thread asks at least.
const BLOCKS_MIN: usize = 16;

/// The keys of a block that the one that is looked for may be among.
struct Window<'o, 'v> {
    block: &'o Block<'v>,
    codes: Range<usize>,
    /// The same among the keys of changed rows.
    changed: Range<usize>,
    /// Values below the first of them.
    below: u32,
    /// The code and the changed key after the last that was asked about, and the values below.
    cut: (usize, usize, u32),
}

impl<'o, 'v> Window<'o, 'v> {
    fn new(block: &'o Block<'v>) -> Self {
        Self { block, codes: 0..block.column.dict.len(), changed: 0..block.changed.len(), below: 0, cut: (0, 0, 0) }
    }

    /// How many of the block's values are at most `key`, which is within the window.
    fn count_up_to(&mut self, key: i64) -> u32 {
        let mut search = self.block.column.dict.search_below(key.saturating_add(1), self.codes.clone());
        while search.step() {}
        let code = search.found();
        let changed = self.changed.start + below(&self.block.changed[self.changed.clone()], key.saturating_add(1));
        let count = if code == self.codes.start && changed == self.changed.start {
            self.below
        } else {
            self.block.count_laid_below(code) + changed as u32
        };
        self.cut = (code, changed, count);
        count
    }

    /// Keeps the keys below the cut, or those above; says whether there are any.
    fn keep(&mut self, lower: bool) -> bool {
        if lower {
            (self.codes.end, self.changed.end, _) = self.cut;
        } else {
            (self.codes.start, self.changed.start, self.below) = self.cut;
        }
        !self.codes.is_empty() || !self.changed.is_empty()
    }
}

impl Rows {
    fn of(rows: &Container, column: &ScalarBlock, overlay: Option<&Overlay>, questions: usize) -> Self {
        if rows.cardinality() as usize * LISTED_ROW_NS > questions.saturating_mul(CROSSED_NS) {
            let mut words = Words::boxed();
            rows.write_to(&mut words);
            overlay.iter().flat_map(|overlay| overlay.rows()).for_each(|row| words.remove(*row));
            return Self::Crossed(words);
        }
        let mut codes = Vec::with_capacity(rows.cardinality() as usize);
        rows.visit(|offset| {
            let code = column.code(offset);
            if code < column.dict.len() && !overlay.is_some_and(|overlay| overlay.has(offset)) {
                // A block has at most 65,536 keys.
                codes.push(code as u16);
            }
            true
        });
        sort_by_key(&mut codes, &mut Vec::new(), u64::from(u16::MAX), |code| u64::from(*code));
        Self::Listed(codes)
    }
}

impl Block<'_> {
    /// How many values lie below a key, which is not above that of its code.
    fn count_below(&self, code: usize, key: i64) -> u32 {
        self.count_laid_below(code) + below(&self.changed, key) as u32
    }

    /// How many values that have not changed lie below a code's key.
    fn count_laid_below(&self, code: usize) -> u32 {
        match &self.rows {
            Rows::All => self.ranks.rank(code) as u32,
            Rows::AllBut(codes) => (self.ranks.rank(code) - codes_below(codes, code)) as u32,
            Rows::Listed(codes) => codes_below(codes, code) as u32,
            Rows::Crossed(words) => self.ranks.count_below(code, words),
        }
    }

    fn count(&self) -> u32 {
        // A block has at most 65,536 rows.
        self.count_laid_below(self.column.dict.len()) + self.changed.len() as u32
    }

    fn ends(&self) -> Option<(i64, i64)> {
        let changed = self.changed.first().copied().zip(self.changed.last().copied());
        let ends = [self.laid_ends(), changed].into_iter().flatten();
        ends.reduce(|(least, greatest), (low, high)| (least.min(low), greatest.max(high)))
    }

    /// The least and the greatest key of rows that have not changed.
    fn laid_ends(&self) -> Option<(i64, i64)> {
        let ends = match &self.rows {
            Rows::All => (0, self.column.dict.len().checked_sub(1)?),
            Rows::AllBut(_) => {
                let is_left = |code: &usize| self.count_laid_below(code + 1) > self.count_laid_below(*code);
                let mut codes = 0..self.column.dict.len();
                (codes.clone().find(is_left)?, codes.rfind(is_left)?)
            }
            Rows::Listed(codes) => (usize::from(*codes.first()?), usize::from(*codes.last()?)),
            Rows::Crossed(words) => {
                let rows = self.ranks.slice(0, self.ranks.len());
                let is_in = |row: &&u16| words.contains(**row);
                let (first, last) = (rows.iter().find(is_in)?, rows.iter().rfind(is_in)?);
                (self.column.code(*first), self.column.code(*last))
            }
        };
        Some((self.column.dict.key(ends.0), self.column.dict.key(ends.1)))
    }

    /// How many different keys the values have at most.
    pub(super) fn key_count(&self) -> usize {
        self.column.dict.len()
    }

    /// The key at a place among all of the block's.
    pub(super) fn key(&self, code: usize) -> i64 {
        self.column.dict.key(code)
    }

    /// Keys from `low` on and below `high`, and how many values have each: ascending, then those of rows that have changed.
    pub(super) fn visit(&self, low: Option<i64>, high: Option<i64>, mut visit: impl FnMut(i64, u32)) {
        let dict = &self.column.dict;
        let from = low.map_or(0, |key| dict.count_below(key));
        let to = high.map_or(dict.len(), |key| dict.count_below(key));
        let changed = low.map_or(0, |key| below(&self.changed, key))
            ..high.map_or(self.changed.len(), |key| below(&self.changed, key));
        match &self.rows {
            Rows::AllBut(_) => {
                let mut start = self.count_laid_below(from);
                for code in from..to {
                    let end = self.count_laid_below(code + 1);
                    if end > start {
                        visit(dict.key(code), end - start);
                    }
                    start = end;
                }
            }
            Rows::All => {
                let mut start = self.ranks.rank(from);
                for code in from..to {
                    let end = self.ranks.rank(code + 1);
                    visit(dict.key(code), (end - start) as u32);
                    start = end;
                }
            }
            Rows::Listed(codes) => {
                for same in
                    codes[codes_below(codes, from)..codes_below(codes, to)].chunk_by(|left, right| left == right)
                {
                    visit(dict.key(usize::from(same[0])), same.len() as u32);
                }
            }
            Rows::Crossed(words) => {
                for code in from..to {
                    let rows = self.ranks.slice(self.ranks.rank(code), self.ranks.rank(code + 1));
                    let count = rows.iter().filter(|row| words.contains(**row)).count();
                    if count > 0 {
                        visit(dict.key(code), count as u32);
                    }
                }
            }
        }
        for same in self.changed[changed].chunk_by(|left, right| left == right) {
            visit(same[0], same.len() as u32);
        }
    }
}

/// The keys of the rows that have changed, of all or of some.
fn changed_keys<'v>(overlay: &'v Overlay, within: Option<&Container>) -> Cow<'v, [i64]> {
    let Some(rows) = within else { return Cow::Borrowed(overlay.keys()) };
    let keys = overlay.keys().iter().zip(overlay.new_rows());
    keys.filter(|(_, row)| rows.contains(**row)).map(|(key, _)| *key).collect()
}

/// How many of some keys, which ascend, lie below another one.
fn below(keys: &[i64], bound: i64) -> usize {
    keys.partition_point(|key| *key < bound)
}

fn codes_below(codes: &[u16], bound: usize) -> usize {
    codes.partition_point(|code| usize::from(*code) < bound)
}
