//! How many rows each pair of many sets shares.
//!
//! Block by block, so that the bits of all sets in a block are in the cache while every pair is counted.

use std::borrow::Cow;

use rayon::prelude::*;

use crate::block::{Bits, Container, Set, Words, and_count};
use crate::error::{Error, Result};
use crate::limits::MATRIX_SETS_MAX;
use crate::patience::Patience;

/// Rows of a list up to which asking for each of them is faster than reading bits.
const LISTED_MAX: u32 = 32;

/// Sizes of all intersections of two of some sets.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Pairs {
    sets: usize,
    /// Of the pairs (0, 0), (1, 0), (1, 1), (2, 0) and so on.
    counts: Vec<u64>,
}

impl Pairs {
    /// Rows in both; of a set with itself, its rows.
    pub fn both(&self, left: usize, right: usize) -> u64 {
        self.counts[place(left.max(right), left.min(right))]
    }

    /// Rows in either.
    pub fn either(&self, left: usize, right: usize) -> u64 {
        self.both(left, left) + self.both(right, right) - self.both(left, right)
    }

    /// The share of those in either who are in both (Jaccard, 1901); 0 for two empty sets.
    pub fn jaccard(&self, left: usize, right: usize) -> f64 {
        match self.either(left, right) {
            0 => 0.0,
            either => self.both(left, right) as f64 / either as f64,
        }
    }

    /// How many sets.
    pub fn len(&self) -> usize {
        self.sets
    }

    /// Whether there are none.
    pub fn is_empty(&self) -> bool {
        self.sets == 0
    }
}

fn place(high: usize, low: usize) -> usize {
    high * (high + 1) / 2 + low
}

/// Counts every pair.
///
/// # Errors
/// `Invalid` for more than [`MATRIX_SETS_MAX`] sets.
pub fn pairs(sets: &[&Set]) -> Result<Pairs> {
    if sets.len() > MATRIX_SETS_MAX {
        let message = format!("there are at most {MATRIX_SETS_MAX} sets in one answer, not {}", sets.len());
        return Err(Error::invalid("/sets", "too_many_sets", message));
    }
    let blocks = sets.iter().filter_map(|set| set.last_block()).max().map_or(0, |last| last + 1);
    let none = || vec![0; place(sets.len(), 0)];
    let patience = Patience::current();
    let one_block = |mut counts: Vec<u64>, block: u32| {
        patience.check();
        let rows: Vec<(usize, Cow<'_, Container>)> = sets
            .iter()
            .enumerate()
            .map(|(at, set)| (at, readable(set.container(block))))
            .filter(|(_, rows)| !rows.is_empty())
            .collect();
        for (at, (high, left)) in rows.iter().enumerate() {
            counts[place(*high, *high)] += u64::from(left.cardinality());
            for (low, right) in &rows[..at] {
                counts[place(*high, *low)] += u64::from(and_count(left, right));
            }
        }
        counts
    };
    let counts = (0..blocks).into_par_iter().fold(none, one_block).reduce(none, |mut left, right| {
        left.iter_mut().zip(right).for_each(|(sum, more)| *sum += more);
        left
    });
    Ok(Pairs { sets: sets.len(), counts })
}

/// Rows that one set shares with each of others.
pub fn against(one: &Set, others: &[&Set]) -> Vec<u64> {
    let mut counts = vec![0; others.len()];
    for (block, rows) in one.blocks() {
        let rows = readable(rows);
        for (count, other) in counts.iter_mut().zip(others) {
            *count += u64::from(and_count(&rows, other.container(block)));
        }
    }
    counts
}

/// The same rows in a form whose pairs are counted fast: bits, unless they are few.
fn readable(rows: &Container) -> Cow<'_, Container> {
    match rows {
        Container::Array(_) | Container::Runs { .. } if rows.cardinality() > LISTED_MAX => {
            let mut words = Words::boxed();
            rows.or_to(&mut words);
            Cow::Owned(Container::Bits { words: Bits::from(&*words), cardinality: rows.cardinality() })
        }
        rows => Cow::Borrowed(rows),
    }
}
