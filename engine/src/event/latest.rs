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
#[derive(Debug, Default)]
pub(super) struct Latest(OnceLock<Box<[OnceLock<Ranked>; RANKED_MAX]>>);

/// Rows that have at least k events, the one whose k-th latest is newest first.
#[derive(Debug)]
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

    /// Whether no row has so many.
    pub(super) fn is_empty(&self) -> bool {
        self.rows.is_empty()
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

#[cfg(test)]
mod tests {
    use super::super::draw::Draw;
    use super::super::pile::Pile;
    use super::super::run::Run;
    use super::*;

    fn compare(run: &Run) {
        let mut found = Words::boxed();
        for k in [1, 2, 3, RANKED_MAX, RANKED_MAX + 1] {
            for first in [i64::MIN, 0, 1, 500, 900, 990, 999, i64::MAX] {
                for last in [i64::MAX, 999, 998, 990, 400, i64::MIN] {
                    run.write_at_least(k, (first, last), &mut found);
                    let mut wanted = Words::boxed();
                    run.each_row(|row, events| {
                        let inside = (0..events.len()).filter(|at| (first..=last).contains(&events.time(*at))).count();
                        if inside >= k {
                            wanted.insert(row);
                        }
                    });
                    assert!(found.0 == wanted.0, "{k} from {first} to {last}");
                }
            }
        }
    }

    #[test]
    fn the_order_finds_those_whom_looking_at_each_row_finds() {
        for (rows, events) in [(10, 40), (300, 500), (30_000, 90_000), (65_536, 20_000)] {
            let mut draw = Draw(rows);
            let mut pile = Pile::default();
            for _ in 0..events {
                pile.push(draw.below(rows) as u16, draw.below(1_000) as i64);
            }
            let mut run = Run::of(pile.lay());
            compare(&run);
            // Some rows have other events since, or none any more.
            for _ in 0..50 {
                let row = draw.below(rows) as u16;
                let mut fresh = Pile::default();
                fresh.push(row, draw.below(1_000) as i64);
                run.put_row(row, fresh.lay().filter(|_| draw.below(3) > 0));
            }
            compare(&run);
        }
    }
}
