//! How many rows are in exactly which of a few sets.
//!
//! A block is split by one set after the other, and a half in which nobody is left is not split further, so that sets
//! that hardly overlap cost little. Where many sets have rows of their own in a block, the combinations may be as many as
//! the rows: then each row's bits are brought together instead, eight rows and eight sets at a time by the transposition
//! of an 8 x 8 matrix of bits (Warren, Hacker's Delight, 2nd edition, section 7-3), and counted by combination.

use rayon::prelude::*;

use crate::block::{Container, Kernels, Set, Words};
use crate::error::{Error, Result};
use crate::limits::OVERLAP_SETS_MAX;
use crate::patience::Patience;

/// Sets with some rows of a block, but not all, up to which it is split by one after the other.
const SPLIT_MAX: usize = 8;

/// Rows in exactly these sets and in no other.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Combination {
    /// A bit for each set, the first set's the lowest.
    pub sets: u32,
    /// Rows; not 0.
    pub count: u64,
}

/// Every combination of some sets that somebody is in.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Overlap {
    /// Ascending by `sets`; none for rows in no set.
    pub combinations: Vec<Combination>,
}

impl Overlap {
    /// Rows in all of some sets, and perhaps in others: a bit for each set.
    pub fn in_all(&self, sets: u32) -> u64 {
        self.combinations.iter().filter(|one| one.sets & sets == sets).map(|one| one.count).sum()
    }

    /// Rows in a set and in no other.
    pub fn only(&self, set: usize) -> u64 {
        self.combinations.iter().find(|one| one.sets == 1 << set).map_or(0, |one| one.count)
    }

    /// Rows in any set.
    pub fn union(&self) -> u64 {
        self.combinations.iter().map(|one| one.count).sum()
    }
}

/// Counts every combination.
///
/// # Errors
/// `Invalid` for more than [`OVERLAP_SETS_MAX`] sets.
pub fn overlap(sets: &[&Set]) -> Result<Overlap> {
    if sets.len() > OVERLAP_SETS_MAX {
        let message = format!("there are at most {OVERLAP_SETS_MAX} sets in one answer, as they have 2^n combinations");
        return Err(Error::invalid("/sets", "too_many_sets", message));
    }
    let blocks = sets.iter().filter_map(|set| set.last_block()).max().map_or(0, |last| last + 1);
    let (none, patience) = (|| Tally::new(sets.len()), Patience::current());
    let tally = (0..blocks)
        .into_par_iter()
        .fold(none, |mut tally, block| {
            patience.check();
            tally.add(sets, block);
            tally
        })
        .reduce(none, |mut left, right| {
            left.counts.iter_mut().zip(right.counts).for_each(|(sum, more)| *sum += more);
            left
        });
    let counted = (0_u32..).zip(tally.counts).skip(1).filter(|(_, count)| *count > 0);
    Ok(Overlap { combinations: counted.map(|(sets, count)| Combination { sets, count }).collect() })
}

/// Counts by combination, and room for the work on a block.
struct Tally {
    counts: Vec<u64>,
    words: Vec<Box<Words>>,
    /// Halves of halves, two for each set.
    halves: Vec<Box<Words>>,
    by_key: Vec<u32>,
}

impl Tally {
    fn new(sets: usize) -> Self {
        Self { counts: vec![0; 1 << sets], words: Vec::new(), halves: Vec::new(), by_key: Vec::new() }
    }

    fn add(&mut self, sets: &[&Set], block: u32) {
        let mut full = 0;
        let mut mixed = Vec::with_capacity(sets.len());
        for (bit, set) in sets.iter().enumerate() {
            match set.container(block) {
                Container::Empty => {}
                Container::Full => full |= 1 << bit,
                rows => mixed.push((1_usize << bit, rows)),
            }
        }
        let everybody = Container::Full.cardinality();
        match mixed.as_slice() {
            [] => self.counts[full] += u64::from(everybody),
            [(bit, rows)] => {
                self.counts[full | bit] += u64::from(rows.cardinality());
                self.counts[full] += u64::from(everybody - rows.cardinality());
            }
            _ => {
                while self.words.len() < mixed.len() {
                    self.words.push(Words::boxed());
                }
                for (words, (_, rows)) in self.words.iter_mut().zip(&mixed) {
                    rows.write_to(words);
                }
                let bits: Vec<usize> = mixed.iter().map(|(bit, _)| *bit).collect();
                if bits.len() <= SPLIT_MAX { self.split(full, &bits) } else { self.transpose(full, &bits) }
            }
        }
    }

    fn split(&mut self, full: usize, bits: &[usize]) {
        while self.halves.len() < 2 * bits.len() {
            self.halves.push(Words::boxed());
        }
        let Self { counts, words, halves, .. } = self;
        split(counts, &words[..bits.len()], halves, (full, bits), None);
    }

    /// Counts each row by the sets it is in, 64 rows at a time.
    fn transpose(&mut self, full: usize, bits: &[usize]) {
        self.by_key.clear();
        self.by_key.resize(1 << bits.len(), 0);
        let words = &self.words[..bits.len()];
        for at in 0..words[0].0.len() {
            let mut any = 0;
            let mut rows = [0_u64; 16];
            for (row, words) in rows.iter_mut().zip(words) {
                *row = words.0[at];
                any |= *row;
            }
            if any == 0 {
                self.by_key[0] += 64;
                continue;
            }
            for byte in 0..8 {
                let low = transposed(gathered(&rows[..8], byte));
                let high = transposed(gathered(&rows[8..], byte));
                for row in 0..8 {
                    let key = (low >> (8 * row) & 0xff) as usize | ((high >> (8 * row) & 0xff) as usize) << 8;
                    self.by_key[key] += 1;
                }
            }
        }
        for (key, count) in self.by_key.iter().enumerate().filter(|(_, count)| **count > 0) {
            let own = bits.iter().enumerate().filter(|(at, _)| key >> at & 1 == 1);
            let sets = own.fold(full, |sets, (_, bit)| sets | bit);
            self.counts[sets] += u64::from(*count);
        }
    }
}

/// A byte of each of eight words, the first one's lowest.
fn gathered(words: &[u64], byte: usize) -> u64 {
    words.iter().enumerate().fold(0, |sum, (at, word)| sum | (word >> (8 * byte) & 0xff) << (8 * at))
}

/// Rows of an 8 x 8 matrix of bits as its columns.
fn transposed(mut bits: u64) -> u64 {
    let mut swapped = (bits ^ bits >> 7) & 0x00aa_00aa_00aa_00aa;
    bits ^= swapped ^ swapped << 7;
    swapped = (bits ^ bits >> 14) & 0x0000_cccc_0000_cccc;
    bits ^= swapped ^ swapped << 14;
    swapped = (bits ^ bits >> 28) & 0x0000_0000_f0f0_f0f0;
    bits ^ swapped ^ swapped << 28
}

/// Splits the rows that are left by the first of some sets, and both halves by the others. `left` is none for all rows.
fn split(
    counts: &mut [u64],
    sets: &[Box<Words>],
    halves: &mut [Box<Words>],
    (key, bits): (usize, &[usize]),
    left: Option<(&Words, u32)>,
) {
    let total = left.map_or(Container::Full.cardinality(), |(_, total)| total);
    let ([first, others @ ..], [bit, bits @ ..]) = (sets, bits) else {
        counts[key] += u64::from(total);
        return;
    };
    if total == 0 {
        return;
    }
    let inside = match left {
        None => first.count(),
        Some((rows, _)) => rows.and_count(first),
    };
    if others.is_empty() {
        counts[key | bit] += u64::from(inside);
        counts[key] += u64::from(total - inside);
        return;
    }
    let [within, without, halves @ ..] = halves else { return };
    let kernels = Kernels::get();
    match left {
        None => {
            within.0.copy_from_slice(&first.0);
            without.0.copy_from_slice(&first.0);
            without.flip();
        }
        Some((rows, _)) => {
            within.0.copy_from_slice(&rows.0);
            kernels.and(&mut within.0, &first.0);
            without.0.copy_from_slice(&rows.0);
            kernels.and_not(&mut without.0, &first.0);
        }
    }
    split(counts, others, halves, (key | bit, bits), Some((within, inside)));
    split(counts, others, halves, (key, bits), Some((without, total - inside)));
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn columns_become_rows() {
        for (row, column) in (0..8).flat_map(|row| (0..8).map(move |column| (row, column))) {
            assert_eq!(transposed(1 << (8 * row + column)), 1 << (8 * column + row));
        }
    }
}
