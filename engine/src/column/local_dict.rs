//! The distinct keys of one block, ascending, in as few bytes as their range allows.
//!
//! A key is `base + step * offset`: times in whole seconds, days and money in cents mostly fit 32 bits that way.

use std::ops::Range;

use super::layout::{self, of_block};
use crate::block::BLOCK_ROWS;
use crate::error::Result;
use crate::shared::{Shared, bytes_of};
use crate::store::checkpoint::{FileWriter, Shards};

/// Steps that are tried, in microseconds for times: a day, a minute, a second, a millisecond.
const STEPS: [u64; 4] = [86_400_000_000, 60_000_000, 1_000_000, 1_000];

/// Sorted distinct keys.
#[derive(Debug, Clone)]
pub struct LocalDict {
    base: i64,
    step: u64,
    offsets: Offsets,
}

#[derive(Debug, Clone)]
enum Offsets {
    Bytes(Shared<u8>),
    Shorts(Shared<u16>),
    Words(Shared<u32>),
    Longs(Shared<u64>),
}

/// The greatest of [`STEPS`] that all keys are apart, when it is worth it: the first and the last are given as well.
pub(super) fn step(least: i64, greatest: i64, keys: impl Iterator<Item = i64> + Clone) -> u64 {
    if least.abs_diff(greatest) <= u64::from(u16::MAX) {
        return 1;
    }
    let divides = |step: &u64| keys.clone().all(|key| least.abs_diff(key).is_multiple_of(*step));
    STEPS.into_iter().find(divides).unwrap_or(1)
}

impl LocalDict {
    /// From ascending, distinct keys.
    pub fn new(keys: &[i64]) -> Self {
        let (Some(&base), Some(&last)) = (keys.first(), keys.last()) else {
            return Self { base: 0, step: 1, offsets: Offsets::Bytes(Shared::default()) };
        };
        let range = base.abs_diff(last);
        let step = step(base, last, keys.iter().copied());
        let offsets = keys.iter().map(|key| base.abs_diff(*key) / step);
        let offsets = match range / step {
            // Each offset is at most the last, so every cast keeps the value.
            0..=0xff => Offsets::Bytes(offsets.map(|offset| offset as u8).collect()),
            0x100..=0xffff => Offsets::Shorts(offsets.map(|offset| offset as u16).collect()),
            0x1_0000..=0xffff_ffff => Offsets::Words(offsets.map(|offset| offset as u32).collect()),
            _ => Offsets::Longs(offsets.collect()),
        };
        Self { base, step, offsets }
    }

    /// Writes the keys of a block of a field.
    pub(super) fn write(&self, out: &mut FileWriter<'_>, field: u16, block: u32) -> Result<()> {
        let scale = [self.base, self.step.cast_signed()];
        out.put(of_block(field, layout::KEY_SCALE, block), bytes_of(&scale))?;
        let (part, bytes) = match &self.offsets {
            Offsets::Bytes(offsets) => (layout::KEYS_8, bytes_of(offsets)),
            Offsets::Shorts(offsets) => (layout::KEYS_16, bytes_of(offsets)),
            Offsets::Words(offsets) => (layout::KEYS_32, bytes_of(offsets)),
            Offsets::Longs(offsets) => (layout::KEYS_64, bytes_of(offsets)),
        };
        out.put(of_block(field, part, block), bytes)
    }

    /// What [`Self::write`] wrote; `None` when there is no such block.
    pub(super) fn read(shards: &Shards, field: u16, block: u32) -> Result<Option<Self>> {
        let id = |part| of_block(field, part, block);
        let Some(scale) = shards.values::<i64>(id(layout::KEY_SCALE))? else { return Ok(None) };
        let malformed = |why| shards.malformed(id(layout::KEY_SCALE), why);
        let [base, step] = scale[..] else { return Err(malformed("a scale has two numbers")) };
        let (offsets, ascend) = if let Some(offsets) = shards.values::<u8>(id(layout::KEYS_8))? {
            let ascend = offsets.is_sorted_by(|left, right| left < right);
            (Offsets::Bytes(offsets), ascend)
        } else if let Some(offsets) = shards.values::<u16>(id(layout::KEYS_16))? {
            let ascend = offsets.is_sorted_by(|left, right| left < right);
            (Offsets::Shorts(offsets), ascend)
        } else if let Some(offsets) = shards.values::<u32>(id(layout::KEYS_32))? {
            let ascend = offsets.is_sorted_by(|left, right| left < right);
            (Offsets::Words(offsets), ascend)
        } else {
            let offsets = shards.values::<u64>(id(layout::KEYS_64))?.unwrap_or_default();
            let ascend = offsets.is_sorted_by(|left, right| left < right);
            (Offsets::Longs(offsets), ascend)
        };
        let dict = Self { base, step: step.cast_unsigned(), offsets };
        let is_usable = ascend && dict.step > 0 && dict.len() <= BLOCK_ROWS;
        if is_usable { Ok(Some(dict)) } else { Err(malformed("keys do not ascend")) }
    }

    /// How many keys.
    pub fn len(&self) -> usize {
        match &self.offsets {
            Offsets::Bytes(offsets) => offsets.len(),
            Offsets::Shorts(offsets) => offsets.len(),
            Offsets::Words(offsets) => offsets.len(),
            Offsets::Longs(offsets) => offsets.len(),
        }
    }

    /// Whether there are none.
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// The key at a place.
    ///
    /// # Panics
    /// When there are fewer.
    pub fn key(&self, code: usize) -> i64 {
        let offset = match &self.offsets {
            Offsets::Bytes(offsets) => u64::from(offsets[code]),
            Offsets::Shorts(offsets) => u64::from(offsets[code]),
            Offsets::Words(offsets) => u64::from(offsets[code]),
            Offsets::Longs(offsets) => offsets[code],
        };
        self.base.wrapping_add(offset.wrapping_mul(self.step).cast_signed())
    }

    /// How many keys are below `key`.
    pub fn count_below(&self, key: i64) -> usize {
        let bound = self.offsets_below(key);
        match &self.offsets {
            Offsets::Bytes(offsets) => offsets.partition_point(|offset| u64::from(*offset) < bound),
            Offsets::Shorts(offsets) => offsets.partition_point(|offset| u64::from(*offset) < bound),
            Offsets::Words(offsets) => offsets.partition_point(|offset| u64::from(*offset) < bound),
            Offsets::Longs(offsets) => offsets.partition_point(|offset| *offset < bound),
        }
    }

    /// The least offset that is not below `key`'s: keys with lower offsets are below it.
    fn offsets_below(&self, key: i64) -> u64 {
        if key <= self.base { 0 } else { self.base.abs_diff(key).div_ceil(self.step) }
    }

    /// [`Self::count_below`] in steps, so that the searches of many blocks can wait for memory at the same time. What is
    /// before `codes` is known to be below, what is after is known not to be.
    pub fn search_below(&self, key: i64, codes: Range<usize>) -> Search<'_> {
        Search { offsets: &self.offsets, bound: self.offsets_below(key), from: codes.start, left: codes.len() }
    }

    /// The codes of the keys `lo..=hi`.
    pub fn codes_between(&self, lo: i64, hi: i64) -> (usize, usize) {
        if lo > hi {
            return (0, 0);
        }
        let end = hi.checked_add(1).map_or(self.len(), |above| self.count_below(above));
        (self.count_below(lo).min(end), end)
    }

    /// The code of a key.
    pub fn code(&self, key: i64) -> Option<usize> {
        let (from, to) = self.codes_between(key, key);
        (from < to).then_some(from)
    }

    /// Heap bytes.
    pub fn bytes(&self) -> usize {
        match &self.offsets {
            Offsets::Bytes(offsets) => offsets.len(),
            Offsets::Shorts(offsets) => 2 * offsets.len(),
            Offsets::Words(offsets) => 4 * offsets.len(),
            Offsets::Longs(offsets) => 8 * offsets.len(),
        }
    }
}

/// A binary search that is halfway done.
#[derive(Debug)]
pub struct Search<'d> {
    offsets: &'d Offsets,
    bound: u64,
    /// Keys known to be below.
    from: usize,
    /// Keys after those that may be.
    left: usize,
}

impl Search<'_> {
    /// Halves what is left; says whether anything is.
    pub fn step(&mut self) -> bool {
        if self.left == 0 {
            return false;
        }
        let half = self.left.div_ceil(2);
        let probe = self.from + half - 1;
        let offset = match self.offsets {
            Offsets::Bytes(offsets) => u64::from(offsets[probe]),
            Offsets::Shorts(offsets) => u64::from(offsets[probe]),
            Offsets::Words(offsets) => u64::from(offsets[probe]),
            Offsets::Longs(offsets) => offsets[probe],
        };
        let is_below = offset < self.bound;
        self.from = if is_below { self.from + half } else { self.from };
        self.left = if is_below { self.left - half } else { half - 1 };
        true
    }

    /// How many keys are below, once nothing is left.
    pub fn found(&self) -> usize {
        self.from
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn keys_of_every_width_are_found() {
        let day = 86_400_000_000;
        for keys in [
            vec![],
            vec![7],
            vec![i64::MIN, -1, 0, i64::MAX],
            vec![i64::MAX - 1, i64::MAX],
            (0..256).collect(),
            (-300..300).collect(),
            (0..70_000).map(|i| i * 3).collect::<Vec<i64>>(),
            (0..1_000).map(|i| i * day - 5).collect(),
            (0..1_000).map(|i| i * 1_000_000 + 17).collect(),
            vec![0, 1_000_000, 5_000_000_000_001],
        ] {
            let dict = LocalDict::new(&keys);
            assert_eq!(dict.len(), keys.len());
            for (code, key) in keys.iter().enumerate() {
                assert_eq!(dict.key(code), *key);
                for near in [key.saturating_sub(1), *key, key.saturating_add(1)] {
                    assert_eq!(dict.count_below(near), keys.partition_point(|key| *key < near), "{near} in {keys:?}");
                    let mut search = dict.search_below(near, 0..keys.len());
                    while search.step() {}
                    assert_eq!(search.found(), dict.count_below(near), "{near} in {keys:?}");
                }
                assert_eq!(dict.code(*key), Some(code));
            }
            assert_eq!(dict.codes_between(i64::MIN, i64::MAX), (0, keys.len()));
            assert_eq!(dict.codes_between(1, 0), (0, 0));
        }
    }
}
