//! Digests that begin alike, ascending, each with the row of its profile, in about nine bytes each.
//!
//! Of a digest the bucket says the first 16 bits; what is left of the 72 that count lies here. Sorted, the first bits of
//! `k` of them are as good as known: as many as `k` has, less one, cost two bits, the others lie side by side (Elias,
//! "Efficient storage and retrieval by content and address of static files", 1974). What came last lies beside, and is
//! laid with the others when it is some part of them.

use std::ops::Range;

use crate::error::{Error, Result};
use crate::shared::Shared;

/// Bits of a digest beyond those that the bucket says.
pub(super) const REST_BITS: u32 = 56;

/// Digests beside those that are laid, at most: laying costs some microseconds, lying beside twice the room.
const FRESH_MAX: usize = 8;

/// Words before those of the numbers: how many there are, and of how many bits a row is.
const HEAD: usize = 2;

/// A digest's rest and the row of its profile.
pub(super) type Entry = (u64, u32);

/// What of a digest counts beyond what the bucket says, of the 64 bits that follow.
fn rest_of(bits: u64) -> u64 {
    bits >> (64 - REST_BITS)
}

/// Digests with the same first 16 bits.
#[derive(Debug, Clone, Default)]
pub(super) struct Bucket {
    laid: Laid,
    /// Those that came since, ascending, none of them among the laid ones.
    fresh: Vec<Entry>,
}

/// Digests that never change.
#[derive(Debug, Clone)]
enum Laid {
    /// As they were written once: 64 bits, of which the last do not count, and rows.
    Loose(&'static [u64], &'static [u32]),
    /// A head, then where the first bits step up, then the other bits, then the rows.
    Packed(Shared<u64>),
}

impl Default for Laid {
    fn default() -> Self {
        Self::Loose(&[], &[])
    }
}

/// Where everything lies in the words of so many digests.
#[derive(Debug, Clone, Copy)]
struct Layout {
    count: usize,
    /// Of the first bits of each; the others are the rest.
    first_bits: u32,
    row_bits: u32,
}

impl Layout {
    fn new(count: usize, row_bits: u32) -> Self {
        Self { count, first_bits: count.max(1).ilog2(), row_bits }
    }

    fn of(words: &[u64]) -> Self {
        // Made, or compared with its length when it was read.
        Self::new(words.first().map_or(0, |count| *count as usize), words.get(1).map_or(0, |bits| *bits as u32))
    }

    fn last_bits(self) -> u32 {
        REST_BITS - self.first_bits
    }

    fn steps(self) -> Range<usize> {
        HEAD..HEAD + (self.count + (1 << self.first_bits)).div_ceil(64)
    }

    fn lasts(self) -> Range<usize> {
        let from = self.steps().end;
        from..from + (self.count * self.last_bits() as usize).div_ceil(64)
    }

    fn rows(self) -> Range<usize> {
        let from = self.lasts().end;
        from..from + (self.count * self.row_bits as usize).div_ceil(64)
    }
}

impl Bucket {
    /// Some digests, ascending.
    pub(super) fn of(entries: &[Entry]) -> Self {
        Self { laid: Laid::of(entries), fresh: Vec::new() }
    }

    /// Digests as they were written before they were packed.
    pub(super) fn loose(rests: &'static [u64], rows: &'static [u32]) -> Self {
        Self { laid: Laid::Loose(rests, rows), fresh: Vec::new() }
    }

    /// How many there are.
    pub(super) fn len(&self) -> usize {
        self.laid.len() + self.fresh.len()
    }

    /// The row of a digest.
    pub(super) fn row(&self, rest: u64) -> Option<u32> {
        match self.fresh.binary_search_by_key(&rest, |(known, _)| *known) {
            Ok(at) => Some(self.fresh[at].1),
            Err(_) => self.laid.row(rest),
        }
    }

    /// All of them, ascending.
    pub(super) fn entries(&self) -> Vec<Entry> {
        let mut all = self.laid.entries();
        all.extend(&self.fresh);
        // Most are in order already, which a stable sort makes use of.
        all.sort();
        all
    }

    /// Adds some that are not known, ascending.
    pub(super) fn add(&mut self, fresh: &[Entry]) {
        if self.fresh.len() + fresh.len() <= FRESH_MAX {
            self.fresh.extend(fresh);
            self.fresh.sort_unstable();
        } else if self.len() == 0 {
            *self = Self::of(fresh);
        } else {
            self.fresh.extend(fresh);
            *self = Self::of(&self.entries());
        }
    }

    /// Gives one that is known another row.
    pub(super) fn put(&mut self, (rest, row): Entry) {
        let again = self.entries().into_iter().map(|known| if known.0 == rest { (rest, row) } else { known });
        *self = Self::of(&again.collect::<Vec<_>>());
    }

    /// The same as words that can be written.
    pub(super) fn words(&self) -> Shared<u64> {
        match &self.laid {
            Laid::Packed(words) if self.fresh.is_empty() => words.clone(),
            _ => packed(&self.entries()),
        }
    }

    /// Digests as they were written.
    ///
    /// # Errors
    /// `Corrupt` for other words.
    pub(super) fn read(words: &'static [u64]) -> Result<Self> {
        let corrupt = || Error::Corrupt("ids of events do not fit their buckets".into());
        let [count, row_bits, ..] = *words else {
            return if words.is_empty() { Ok(Self::default()) } else { Err(corrupt()) };
        };
        // A digest takes more than half a word.
        let is_possible = count / 2 <= words.len() as u64 && (1..=32).contains(&row_bits);
        let layout = Layout::of(words);
        if !is_possible || layout.rows().end != words.len() {
            return Err(corrupt());
        }
        let steps = &words[layout.steps()];
        if steps.iter().map(|word| word.count_ones() as usize).sum::<usize>() != layout.count {
            return Err(corrupt());
        }
        Ok(Self { laid: Laid::Packed(Shared::lasting(words)), fresh: Vec::new() })
    }

    /// Whether they are in order, as looking up asks for.
    pub(super) fn is_in_order(&self) -> bool {
        self.laid.entries().is_sorted_by_key(|(rest, _)| *rest) && self.fresh.is_sorted()
    }

    /// Heap bytes.
    pub(super) fn bytes(&self) -> usize {
        let laid = match &self.laid {
            Laid::Loose(rests, rows) => size_of_val(*rests) + size_of_val(*rows),
            Laid::Packed(words) => size_of_val(&**words),
        };
        laid + self.fresh.capacity() * size_of::<Entry>()
    }
}

impl Laid {
    fn of(entries: &[Entry]) -> Self {
        if entries.is_empty() { Self::default() } else { Self::Packed(packed(entries)) }
    }

    fn len(&self) -> usize {
        match self {
            Self::Loose(rests, _) => rests.len(),
            Self::Packed(words) => Layout::of(words).count,
        }
    }

    fn row(&self, rest: u64) -> Option<u32> {
        match self {
            Self::Loose(rests, rows) => {
                let at = rests.partition_point(|known| rest_of(*known) < rest);
                rests.get(at).filter(|known| rest_of(**known) == rest).map(|_| rows[at])
            }
            Self::Packed(words) => {
                let layout = Layout::of(words);
                let (steps, bits) = (&words[layout.steps()], layout.last_bits());
                let range = range_of(steps, (rest >> bits) as usize);
                let last = rest & ((1 << bits) - 1);
                let lasts = &words[layout.lasts()];
                let at = range.into_iter().find(|at| number(lasts, *at, bits) == last)?;
                Some(number(&words[layout.rows()], at, layout.row_bits) as u32)
            }
        }
    }

    fn entries(&self) -> Vec<Entry> {
        match self {
            Self::Loose(rests, rows) => rests.iter().map(|rest| rest_of(*rest)).zip(rows.iter().copied()).collect(),
            Self::Packed(words) => {
                let layout = Layout::of(words);
                let (lasts, rows) = (&words[layout.lasts()], &words[layout.rows()]);
                let places = words[layout.steps()].iter().enumerate().flat_map(|(at, word)| ones(64 * at, *word));
                let entry = |(at, place): (usize, usize)| {
                    let first = (place - at) as u64;
                    let rest = first << layout.last_bits() | number(lasts, at, layout.last_bits());
                    (rest, number(rows, at, layout.row_bits) as u32)
                };
                places.enumerate().map(entry).collect()
            }
        }
    }
}

/// Some digests, ascending, at least one.
fn packed(entries: &[Entry]) -> Shared<u64> {
    let greatest = entries.iter().map(|(_, row)| *row).max().unwrap_or(0);
    let layout = Layout::new(entries.len(), (32 - greatest.leading_zeros()).max(1));
    let mut words = vec![0; layout.rows().end];
    (words[0], words[1]) = (layout.count as u64, u64::from(layout.row_bits));
    let bits = layout.last_bits();
    let (steps, lasts, rows) = (layout.steps().start, layout.lasts().start, layout.rows().start);
    for (at, (rest, row)) in entries.iter().enumerate() {
        let place = (rest >> bits) as usize + at;
        words[steps + place / 64] |= 1 << (place % 64);
        put(&mut words[lasts..], at, bits, rest & ((1 << bits) - 1));
        put(&mut words[rows..], at, layout.row_bits, u64::from(*row));
    }
    words.into()
}

/// Which digests have some first bits: a one for each digest, a zero behind those of each first bits.
fn range_of(steps: &[u64], first: usize) -> Range<usize> {
    let from = first.checked_sub(1).map_or(0, |before| zero(steps, before) - before);
    let place = from + first;
    // Few have the same first bits, so the zero is near.
    let mut end = place;
    while steps.get(end / 64).is_some_and(|word| word >> (end % 64) & 1 == 1) {
        end += 1;
    }
    from..from + (end - place)
}

/// The place of a zero, by how many are before it.
fn zero(steps: &[u64], mut before: usize) -> usize {
    for (at, word) in steps.iter().enumerate() {
        let zeros = word.count_zeros() as usize;
        if before < zeros {
            let mut rest = !word;
            let mut from = 64 * at;
            // Eight at a time, then one by one.
            while before >= (rest & 0xff).count_ones() as usize {
                before -= (rest & 0xff).count_ones() as usize;
                rest >>= 8;
                from += 8;
            }
            (0..before).for_each(|_| rest &= rest - 1);
            return from + rest.trailing_zeros() as usize;
        }
        before -= zeros;
    }
    64 * steps.len()
}

fn ones(from: usize, mut rest: u64) -> impl Iterator<Item = usize> {
    std::iter::from_fn(move || {
        let place = (rest != 0).then(|| from + rest.trailing_zeros() as usize);
        rest &= rest.wrapping_sub(1);
        place
    })
}

/// A number of at most 56 bits; 0 beyond the end.
fn number(words: &[u64], at: usize, bits: u32) -> u64 {
    let bit = at * bits as usize;
    let shift = (bit % 64) as u32;
    let word = |at: usize| words.get(at).copied().unwrap_or(0);
    let low = word(bit / 64) >> shift;
    let high = if shift + bits > 64 { word(bit / 64 + 1) << (64 - shift) } else { 0 };
    (low | high) & ((1 << bits) - 1)
}

/// Puts a number where zeros are.
fn put(words: &mut [u64], at: usize, bits: u32, number: u64) {
    let bit = at * bits as usize;
    let shift = (bit % 64) as u32;
    words[bit / 64] |= number << shift;
    if shift + bits > 64 {
        words[bit / 64 + 1] |= number >> (64 - shift);
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn leaked<T: Clone>(values: Vec<T>) -> &'static [T] {
        Box::leak(values.into_boxed_slice())
    }

    fn some() -> impl Strategy<Value = Vec<Entry>> {
        // At times many that begin alike, or all of them.
        (0..REST_BITS, 0..32_u32).prop_flat_map(|(shift, row)| {
            let entry = (
                any::<u64>().prop_map(move |bits| rest_of(bits) >> shift),
                any::<u32>().prop_map(move |bits| bits >> row),
            );
            prop::collection::btree_map(entry.0, entry.1, 0..700).prop_map(|entries| entries.into_iter().collect())
        })
    }

    proptest! {
        #[test]
        fn digests_are_found_however_they_lie(entries in some(), more in some()) {
            let bucket = Bucket::of(&entries);
            prop_assert_eq!(bucket.entries(), entries.clone());
            let read = Bucket::read(leaked(bucket.words().to_vec())).expect("as written");
            let loose = Bucket::loose(
                leaked(entries.iter().map(|(rest, _)| rest << (64 - REST_BITS) | 0x55).collect()),
                leaked(entries.iter().map(|(_, row)| *row).collect()),
            );
            for mut bucket in [bucket, read, loose] {
                let mut expected: std::collections::BTreeMap<u64, u32> = entries.iter().copied().collect();
                // Nine at a time, from everywhere.
                let steps = more.len().div_ceil(9);
                for from in 0..steps {
                    let (known, unknown): (Vec<Entry>, Vec<Entry>) =
                        more.iter().skip(from).step_by(steps).partition(|(rest, _)| expected.contains_key(rest));
                    bucket.add(&unknown);
                    known.into_iter().for_each(|known| bucket.put(known));
                    expected.extend(more.iter().skip(from).step_by(steps).copied());
                }
                prop_assert!(bucket.is_in_order() && bucket.len() == expected.len());
                prop_assert_eq!(bucket.entries(), expected.clone().into_iter().collect::<Vec<_>>());
                for (rest, row) in &expected {
                    prop_assert_eq!(bucket.row(*rest), Some(*row));
                    prop_assert_eq!(bucket.row(rest ^ 1), expected.get(&(rest ^ 1)).copied());
                }
            }
        }

        #[test]
        fn other_words_are_refused_or_read_without_a_fault(words in prop::collection::vec(any::<u64>(), 0..9), count in 0..40_u64, bits in 0..40_u64) {
            let words = [vec![count, bits], words].concat();
            if let Ok(bucket) = Bucket::read(leaked(words)) {
                bucket.entries().iter().for_each(|(rest, _)| { bucket.row(*rest); });
            }
        }
    }

    #[test]
    fn a_digest_takes_nine_bytes() {
        let entries: Vec<Entry> = (0..1_024).map(|at| (at << 46 | 77, (at as u32 * 4_099) % (1 << 22))).collect();
        let bytes = Bucket::of(&entries).bytes();
        assert!(bytes <= 9 * 1_024, "{bytes}");
    }
}
