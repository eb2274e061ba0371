//! The rows of one block whose keys lie in a range, and how they are had from sets that lie ready.
//!
//! Where rows have changed since the block was laid, the range is that of the block without those that were in it, and
//! with those that are now; both are slices of the overlay.

use super::cut::Cut;
use super::rank::RankBlock;
use crate::block::{BLOCK_ROWS, Kernels, Operand, Words, retain_if};
use crate::column::{Overlay, ScalarBlock};

/// Takes part in an intersection without changing it.
const EVERY_ROW: Operand<'static> = Operand { words: &Words::EMPTY, negated: true };

/// The rows of one block whose keys lie in a range.
#[derive(Debug, Clone, Copy)]
pub struct RankRange<'v> {
    column: &'v ScalarBlock,
    ranks: &'v RankBlock,
    from: Cut,
    to: Cut,
    changes: Option<Changes<'v>>,
}

/// What of an overlay belongs to a range: places of [`Overlay::old_rows`] that were in it, and of
/// [`Overlay::new_rows`] that are. There are far fewer than 65,536.
#[derive(Debug, Clone, Copy)]
struct Changes<'v> {
    overlay: &'v Overlay,
    old: [u16; 2],
    new: [u16; 2],
}

impl<'v> Changes<'v> {
    fn old_rows(&self) -> &'v [u16] {
        &self.overlay.old_rows()[self.old[0].into()..self.old[1].into()]
    }

    fn new_rows(&self) -> &'v [u16] {
        &self.overlay.new_rows()[self.new[0].into()..self.new[1].into()]
    }

    /// Whether a row that has changed is in the range; `None` for one that has not.
    fn has(&self, row: u16) -> Option<bool> {
        self.overlay.place(row).map(|place| (self.new[0].into()..self.new[1].into()).contains(&place))
    }
}

impl<'v> RankRange<'v> {
    /// The rows between two cuts; none when they are the wrong way round.
    pub fn new(column: &'v ScalarBlock, ranks: &'v RankBlock, from: Cut, to: Cut) -> Self {
        let from = if from.rank > to.rank { to } else { from };
        Self { column, ranks, from, to, changes: None }
    }

    /// The same with the rows that have changed since the block was laid; the range is that of the keys `lo..=hi`.
    #[must_use]
    pub fn with_changes(mut self, overlay: &'v Overlay, lo: i64, hi: i64) -> Self {
        let narrow = |places: std::ops::Range<usize>| [places.start as u16, places.end as u16];
        let old = narrow(overlay.old_places(self.from.code..self.to.code));
        self.changes = Some(Changes { overlay, old, new: narrow(overlay.places_between(lo, hi)) });
        self
    }

    /// Whether rows of the block have changed since it was laid.
    pub fn has_changes(&self) -> bool {
        self.changes.is_some()
    }

    /// How many rows; reads no order.
    pub fn cardinality(&self) -> usize {
        let laid = (self.to.rank - self.from.rank) as usize;
        match &self.changes {
            None => laid,
            Some(changes) => laid + changes.new_rows().len() - changes.old_rows().len(),
        }
    }

    /// Whether the row is one of them.
    pub fn contains(&self, offset: u16) -> bool {
        match self.changes.and_then(|changes| changes.has(offset)) {
            Some(is_in) => is_in,
            None => (self.from.code..self.to.code).contains(&(self.column.code(offset) as u32)),
        }
    }

    /// Keeps the rows that are in the range, or those that are not.
    pub fn retain(&self, list: &mut Vec<u16>, wanted: bool) {
        match self.changes {
            Some(changes) if list.iter().any(|row| changes.overlay.has(*row)) => {
                retain_if(list, |row| self.contains(row) == wanted);
            }
            // Reads of codes wait for memory together, which they do not where each may turn out to be of a changed row.
            _ => self.column.retain(self.from.code..self.to.code, list, wanted),
        }
    }

    /// Appends the rows to a list.
    pub fn append_to(&self, list: &mut Vec<u16>) {
        let Some(changes) = self.changes else { return list.extend_from_slice(self.slice()) };
        if changes.old_rows().is_empty() {
            list.extend_from_slice(self.slice());
        } else {
            list.extend(self.slice().iter().filter(|row| !changes.overlay.has(**row)));
        }
        list.extend_from_slice(changes.new_rows());
    }

    /// Writes the rows over `words`. Only where [`Self::has_outline`], and for more rows than have changed.
    pub fn write_to(&self, words: &mut Words) {
        let Outline { operands, excess, .. } = self.outline();
        let operands: [Operand<'_>; 2] = operands.map(|operand| operand.unwrap_or(EVERY_ROW));
        Kernels::get().meet(words, &operands);
        excess.into_iter().flatten().for_each(|row| words.remove(*row));
        if let Some(changes) = self.changes {
            changes.old_rows().iter().for_each(|row| words.remove(*row));
            changes.new_rows().iter().for_each(|row| words.insert(*row));
        }
    }

    /// The rows of the block as it was laid, by key and then by row; all of them where nothing has changed.
    pub fn slice(&self) -> &'v [u16] {
        self.ranks.slice(self.from.rank as usize, self.to.rank as usize)
    }

    /// The cumulative set at the first fence that is not below a cut, and its rank. Every cut has one where the block
    /// has fences: the last is above all keys.
    fn above(&self, cut: Cut) -> (usize, &'v Words) {
        let fence = cut.fence as usize;
        (self.ranks.fences[fence].rank as usize, self.ranks.below(fence))
    }

    /// The cumulative set at the last fence that is not above a cut, and its rank; none when there is no such fence.
    fn below(&self, cut: Cut) -> Option<(usize, &'v Words)> {
        // A set that is not wanted is not asked for: it would be made.
        let is_there = self.ranks.fences[cut.fence as usize].rank == cut.rank;
        let fence = if is_there { cut.fence } else { cut.fence.checked_sub(1)? };
        Some(self.above(Cut { fence, ..cut }))
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

impl Outline<'_> {
    /// Whether it has no row too many.
    pub fn is_exact(&self) -> bool {
        self.excess.iter().all(|rows| rows.is_empty())
    }
}

impl<'v> RankRange<'v> {
    /// Whether the block has cumulative sets.
    pub fn has_outline(&self) -> bool {
        !self.ranks.fences.is_empty()
    }

    /// The range of the block as it was laid, from outside: the nearest cumulative sets that miss none of its rows. Only where
    /// [`Self::has_outline`].
    pub fn outline(&self) -> Outline<'v> {
        let (from, to) = (self.from.rank as usize, self.to.rank as usize);
        let (end, within) = self.above(self.to);
        let within = Some(within).filter(|_| end < BLOCK_ROWS);
        let below = self.below(self.from);
        let start = below.map_or(0, |(at, _)| at);
        Outline {
            operands: [operand(within, false), operand(below.map(|(_, words)| words), true)],
            negated: false,
            excess: [self.ranks.slice(start, from), self.ranks.slice(to, end)],
        }
    }

    /// All rows that are not in that range, from outside: all but those between the nearest cumulative sets inside it.
    /// Only where [`Self::has_outline`].
    pub fn outline_of_others(&self) -> Outline<'v> {
        let (from, to) = (self.from.rank as usize, self.to.rank as usize);
        let above = if from == 0 { None } else { Some(self.above(self.from)) };
        let start = above.map_or(from, |(at, _)| at);
        match self.below(self.to) {
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
    use crate::block::Set;
    use crate::column::{Scalar, ScalarEditor};
    use crate::index::Ranks;

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
        let (mut scalar, sorted) = editor.finish(&Set::from_rows(present), None);
        let mut ranks = Ranks::default().with_blocks(sorted, &scalar);
        ranks.lay(&mut scalar, 0);
        (keys, scalar, ranks)
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
                        let from = Cut::below(column, ranks, Some(lo));
                        let to = Cut::below(column, ranks, hi.checked_add(1));
                        let codes = column.dict.codes_between(lo, hi);
                        assert!(lo > hi || (from.code as usize, to.code as usize) == codes, "{lo} {hi}");
                        let range = RankRange::new(column, ranks, from, to);
                        let mut words = Words::EMPTY;
                        range.slice().iter().for_each(|row| words.insert(*row));
                        let is_in = |key: &Option<i64>| key.is_some_and(|key| lo <= key && key <= hi);
                        let expected = (0..).zip(&keys).filter(|(_, key)| is_in(key)).map(|(row, _)| row as u16);
                        assert!(words.iter().eq(expected.clone()), "{rows_in} {distinct} {missing_every} {lo} {hi}");
                        assert_eq!(range.cardinality(), expected.clone().count());
                        let below =
                            ranks.count_below(to.code as usize, &words) - ranks.count_below(from.code as usize, &words);
                        assert_eq!(below as usize, range.cardinality(), "{rows_in} {distinct} {lo} {hi}");
                        let rows: Vec<u16> = expected.clone().collect();
                        let others: Vec<u16> = (0..=u16::MAX).filter(|row| rows.binary_search(row).is_err()).collect();
                        if range.has_outline() && !rows.is_empty() {
                            assert_eq!(drawn(&range.outline()), rows, "{rows_in} {distinct} {lo} {hi}");
                        }
                        if range.has_outline() && !rows.is_empty() && !others.is_empty() {
                            assert_eq!(drawn(&range.outline_of_others()), others, "{rows_in} {distinct} {lo} {hi}");
                        }
                        assert!((0..=u16::MAX).filter(|row| range.contains(*row)).eq(expected));
                    }
                }
            }
        }
    }
}
