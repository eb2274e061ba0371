//! Who did something at least k times since an instant: of each row the k-th latest event, in order of time.
//!
//! "At least k since T" is "the k-th latest is not before T": the rows that hold are the first ones of an order, found by
//! one search; every [`SET_ROWS`] rows the set of all before is kept, so that few are set one by one. The order of a k is
//! made when somebody first asks for it, and stays with the chunk until this is laid anew.

use std::cmp::Reverse;
use std::sync::OnceLock;

use super::chunk::Chunk;
use super::packed::Packed;
use crate::block::Words;

/// The greatest k that has an order: beyond, few rows have as many events, and each is looked at.
const RANKED_MAX: usize = 16;

/// Rows between two sets that are kept: 2 bytes a row.
const SET_ROWS: usize = 4_096;

/// Rows below which each is looked at.
const ROWS_MIN: usize = 16;

/// The orders of a chunk, by k.
#[derive(Debug, Clone, Default)]
pub(super) struct Latest(OnceLock<Box<[OnceLock<Ranked>; RANKED_MAX]>>);

/// Rows that have at least k events, the one whose k-th latest is newest first.
#[derive(Debug, Clone)]
pub(super) struct Ranked {
    rows: Box<[u16]>,
    /// The time of each one's k-th latest event, all bits turned, so that they ascend.
    keys: Packed,
    /// The first [`SET_ROWS`] rows, twice as many, and so on.
    sets: Box<[Words]>,
}

impl Latest {
    /// Heap bytes.
    pub(super) fn bytes(&self) -> usize {
        let Some(orders) = self.0.get() else { return 0 };
        let of_one = |ranked: &Ranked| 2 * ranked.rows.len() + ranked.keys.bytes() + size_of_val(&*ranked.sets);
        size_of_val(&**orders) + orders.iter().filter_map(OnceLock::get).map(of_one).sum::<usize>()
    }
}

impl Chunk {
    /// Rows in order of their k-th latest events, k from 1; none where looking at each is as good.
    pub(super) fn ranked(&self, k: usize) -> Option<&Ranked> {
        if self.rows.len() < ROWS_MIN {
            return None;
        }
        let orders = self.latest.0.get_or_init(Box::default);
        Some(orders.get(k.checked_sub(1)?)?.get_or_init(|| Ranked::new(self, k)))
    }
}

impl Ranked {
    fn new(chunk: &Chunk, k: usize) -> Self {
        let has_so_many = (0..chunk.rows.len()).filter_map(|index| {
            let events = chunk.events_at(index);
            (events.len() >= k).then(|| (Reverse(events.time(k - 1)), chunk.rows[index]))
        });
        let mut order: Vec<(Reverse<i64>, u16)> = has_so_many.collect();
        order.sort_unstable();
        let rows: Box<[u16]> = order.iter().map(|(_, row)| *row).collect();
        let keys: Vec<i64> = order.iter().map(|(Reverse(time), _)| !time).collect();
        let mut words = Words::boxed();
        let sets = rows.chunks_exact(SET_ROWS).map(|rows| {
            rows.iter().for_each(|row| words.insert(*row));
            Words::clone(&words)
        });
        let sets = sets.collect();
        Self { rows, keys: Packed::new(&keys), sets }
    }

    /// The rows whose k-th latest event is not before an instant.
    pub(super) fn since(&self, first: i64) -> &[u16] {
        &self.rows[..self.keys.count_at_most(!first)]
    }

    /// The same as a set, written over `out`.
    pub(super) fn write_since(&self, first: i64, out: &mut Words) {
        let end = self.since(first).len();
        let set = ((end + SET_ROWS / 2) / SET_ROWS).min(self.sets.len());
        match set.checked_sub(1) {
            Some(at) => out.0.copy_from_slice(&self.sets[at].0),
            None => out.0.fill(0),
        }
        let start = set * SET_ROWS;
        self.rows[start.min(end)..end].iter().for_each(|row| out.insert(*row));
        self.rows[end..start.max(end)].iter().for_each(|row| out.remove(*row));
    }
}
