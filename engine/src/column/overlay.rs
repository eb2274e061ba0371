//! What has changed in a block of ordered values since its keys and their order were laid: a few rows beside them.
//!
//! A change of one row copies these few kilobytes instead of the block. Three orders answer all questions: by row, whether
//! a row has changed, and to what; by old code, which rows of a range are no longer there; by new key, which have come.
//! How many rows there may be is the writer's business (`table`).

use std::ops::Range;

use super::scalar::ScalarBlock;
use crate::block::BLOCK_ROWS;

/// The place of a row that has no value any more.
const NOWHERE: u16 = u16::MAX;

/// Changed rows of a block.
#[derive(Debug, Clone)]
pub struct Overlay {
    /// The rows, ascending.
    rows: Vec<u16>,
    /// Of each the place of its key in `keys`.
    places: Vec<u16>,
    /// A bit for each [`NEAR_ROWS`] rows of the block among which one has changed: most questions about a row end here.
    near: [u64; BLOCK_ROWS / NEAR_ROWS / 64],
    /// The codes that rows had in the block, ascending, and the rows; none of those that had no value.
    old_codes: Vec<u16>,
    old_rows: Vec<u16>,
    /// The keys that rows have now, ascending, and the rows; none of those that have no value.
    keys: Vec<i64>,
    new_rows: Vec<u16>,
}

/// Rows that share a bit: with a few hundred changes in a block, one bit in twenty is set, and processors guess right.
const NEAR_ROWS: usize = 16;

impl Default for Overlay {
    fn default() -> Self {
        Self {
            rows: Vec::new(),
            places: Vec::new(),
            near: [0; BLOCK_ROWS / NEAR_ROWS / 64],
            old_codes: Vec::new(),
            old_rows: Vec::new(),
            keys: Vec::new(),
            new_rows: Vec::new(),
        }
    }
}

impl Overlay {
    /// The same and one more change: the row's new key, if it has one. `base` is the block.
    pub fn put(&mut self, base: &ScalarBlock, row: u16, key: Option<i64>) {
        match self.rows.binary_search(&row) {
            Ok(at) => {
                self.take_key(self.places[at]);
                self.places[at] = self.put_key(row, key);
            }
            Err(at) => {
                let code = base.code(row);
                if code == base.dict.len() && key.is_none() {
                    return;
                }
                if code < base.dict.len() {
                    // A block has at most 65,536 keys.
                    let code = code as u16;
                    let at = self.old_codes.partition_point(|other| *other <= code);
                    self.old_codes.insert(at, code);
                    self.old_rows.insert(at, row);
                }
                let place = self.put_key(row, key);
                self.rows.insert(at, row);
                self.places.insert(at, place);
                let bit = usize::from(row) / NEAR_ROWS;
                self.near[bit / 64] |= 1 << (bit % 64);
            }
        }
    }

    fn put_key(&mut self, row: u16, key: Option<i64>) -> u16 {
        let Some(key) = key else { return NOWHERE };
        let same = self.keys.partition_point(|other| *other < key)..self.keys.partition_point(|other| *other <= key);
        let at = same.start + self.new_rows[same].partition_point(|other| *other < row);
        self.keys.insert(at, key);
        self.new_rows.insert(at, row);
        // There are far fewer changed rows than `NOWHERE`.
        let place = at as u16;
        self.places.iter_mut().for_each(|other| *other += u16::from(*other >= place && *other != NOWHERE));
        place
    }

    fn take_key(&mut self, place: u16) {
        if place == NOWHERE {
            return;
        }
        self.keys.remove(place.into());
        self.new_rows.remove(place.into());
        self.places.iter_mut().for_each(|other| *other -= u16::from(*other > place && *other != NOWHERE));
    }

    /// How many rows have changed.
    pub fn len(&self) -> usize {
        self.rows.len()
    }

    /// Whether none has.
    pub fn is_empty(&self) -> bool {
        self.rows.is_empty()
    }

    /// The rows that have changed, ascending.
    pub fn rows(&self) -> &[u16] {
        &self.rows
    }

    /// Whether a row has changed.
    pub fn has(&self, row: u16) -> bool {
        self.is_near(row) && self.rows.binary_search(&row).is_ok()
    }

    fn is_near(&self, row: u16) -> bool {
        let bit = usize::from(row) / NEAR_ROWS;
        self.near[bit / 64] >> (bit % 64) & 1 == 1
    }

    /// The place of a changed row's key among [`Self::keys`], one beyond all places when it has none; `None` for a row
    /// that has not changed.
    pub fn place(&self, row: u16) -> Option<usize> {
        let at = if self.is_near(row) { self.rows.binary_search(&row).ok()? } else { return None };
        Some(self.places[at].into())
    }

    /// The key that a row has now, if it has changed.
    pub fn key(&self, row: u16) -> Option<Option<i64>> {
        self.place(row).map(|place| self.keys.get(place).copied())
    }

    /// The codes that changed rows had, ascending.
    pub fn old_codes(&self) -> &[u16] {
        &self.old_codes
    }

    /// Which of [`Self::old_codes`] are in a range.
    pub fn old_places(&self, codes: Range<u32>) -> Range<usize> {
        // All are compared, many at a time: a search would wait for memory at each of its steps.
        let below = |bound: u32| match u16::try_from(bound) {
            Ok(bound) => usize::from(self.old_codes.iter().map(|code| u16::from(*code < bound)).sum::<u16>()),
            Err(_) => self.old_codes.len(),
        };
        below(codes.start)..below(codes.end)
    }

    /// The rows that had [`Self::old_codes`].
    pub fn old_rows(&self) -> &[u16] {
        &self.old_rows
    }

    /// The keys that changed rows have, ascending.
    pub fn keys(&self) -> &[i64] {
        &self.keys
    }

    /// Which of [`Self::keys`] are between two, both included.
    pub fn places_between(&self, lo: i64, hi: i64) -> Range<usize> {
        // Two searches that take turns, so that they wait for memory together.
        let (mut start, mut end, mut left) = (0, 0, self.keys.len());
        while left > 0 {
            let half = left.div_ceil(2);
            start += if self.keys[start + half - 1] < lo { half } else { 0 };
            end += if self.keys[end + half - 1] <= hi { half } else { 0 };
            left -= half;
        }
        start..end.max(start)
    }

    /// The rows that have [`Self::keys`]; those of one key ascend.
    pub fn new_rows(&self) -> &[u16] {
        &self.new_rows
    }

    /// Heap bytes.
    pub fn bytes(&self) -> usize {
        size_of::<Self>() + 4 * self.rows.capacity() + 4 * self.old_rows.capacity() + 10 * self.keys.capacity()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn places_are_those_that_a_filter_finds() {
        for len in [0_usize, 1, 2, 3, 7, 64, 255, 300] {
            // Every other code and key, each of them twice.
            let codes: Vec<u16> =
                (0..len).map(|at| (at / 2 * 2) as u16 + if at + 2 >= len { 65_000 } else { 0 }).collect();
            let keys: Vec<i64> = codes.iter().map(|code| i64::from(*code) - 100).collect();
            let overlay = Overlay { old_codes: codes.clone(), keys: keys.clone(), ..Overlay::default() };
            let bounds = (0..(len as u32 + 3)).chain([64_999, 65_000, 65_001, 65_535, 65_536]);
            for from in bounds.clone() {
                let below = |bound: u32| codes.iter().filter(|code| u32::from(**code) < bound).count();
                assert_eq!(overlay.old_places(from..65_536), below(from)..len, "{len} codes from {from}");
                for to in bounds.clone() {
                    let (lo, hi) = (i64::from(from) - 100, i64::from(to) - 100);
                    let start = keys.iter().filter(|key| **key < lo).count();
                    let end = keys.iter().filter(|key| **key <= hi).count().max(start);
                    assert_eq!(overlay.places_between(lo, hi), start..end, "{len} keys from {lo} to {hi}");
                }
            }
            assert_eq!(overlay.places_between(i64::MIN, i64::MAX), 0..len);
        }
    }
}
