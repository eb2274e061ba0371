//! Passes over all events of a chunk: as few looks at packed numbers as there can be, none of them a search.

use std::ops::Range;

use super::chunk::{Chunk, PropertyColumn};
use super::group::GROUP;

/// Numbers of so many bits and less add up in 64 bits, as many as a chunk has.
const NARROW_BITS_MAX: u32 = 32;

impl Chunk {
    /// Visits the rows that have events from `first` to `last`, both included, with the places of these, ascending.
    pub fn each_window(&self, (first, last): (i64, i64), mut visit: impl FnMut(u16, Range<usize>)) {
        let Some(window) = self.times.steps_between(first, last) else { return };
        let mut end = 0;
        for (index, row) in self.rows.iter().enumerate() {
            let mut from = end;
            end = self.ends.get(index).cast_unsigned() as usize;
            while from < end && self.times.steps(from) > *window.end() {
                from += 1;
            }
            let mut to = from;
            while to < end && self.times.steps(to) >= *window.start() {
                to += 1;
            }
            if from < to {
                visit(*row, from..to);
            }
        }
    }

    /// Visits those of some places whose events are from `first` to `last`, both included, each with the index of its row;
    /// the places are bits.
    pub fn each_of(&self, places: &[u64], (first, last): (i64, i64), mut visit: impl FnMut(usize, usize)) {
        let Some(window) = self.times.steps_between(first, last) else { return };
        let (mut row, mut end) = (0, self.end(0));
        for (word, bits) in places.iter().enumerate() {
            let mut rest = *bits;
            while rest != 0 {
                let place = 64 * word + rest.trailing_zeros() as usize;
                rest &= rest - 1;
                if !window.contains(&self.times.steps(place)) {
                    continue;
                }
                while end <= place {
                    row += 1;
                    end = self.end(row);
                }
                visit(row, place);
            }
        }
    }

    /// All places, as bits.
    pub fn all_places(&self) -> Vec<u64> {
        let mut places = vec![u64::MAX; self.len().div_ceil(64)];
        if let (Some(last), beyond @ 1..) = (places.last_mut(), self.len() % 64) {
            *last = (1 << beyond) - 1;
        }
        places
    }

    fn end(&self, row: usize) -> usize {
        self.ends.get(row).cast_unsigned() as usize
    }
}

impl PropertyColumn {
    /// What the values at some places add up to, and how many there are.
    pub fn total(&self, places: Range<usize>) -> (i128, i64) {
        let values = &self.values;
        if self.present.is_some() || values.bits() > NARROW_BITS_MAX {
            let said = places.filter_map(|place| self.get(place));
            return said.fold((0, 0), |(total, count), value| (total + i128::from(value), count + 1));
        }
        let count = places.len() as i64;
        let steps: u64 = places.map(|place| values.steps(place)).sum();
        (values.number_of(steps, count), count)
    }

    /// The least or greatest of the values at some places, and how many there are.
    pub fn extreme(&self, places: Range<usize>, is_greatest: bool) -> Option<(i64, i64)> {
        let said = places.filter_map(|place| self.get(place));
        said.fold(None, |best, value| {
            Some(match best {
                Some((best, count)) => (if is_greatest { value.max(best) } else { value.min(best) }, count + 1),
                None => (value, 1),
            })
        })
    }

    /// Takes the places out that do not pass a test: a value that is wanted, or (`negated`) anything else.
    pub fn keep(&self, places: &mut [u64], negated: bool, wanted: impl Fn(i64) -> bool) {
        let truths = self.values.truths(&wanted);
        // Few different values are asked once each, many as often as they come.
        let is_wanted = |place: usize| match &truths {
            Some(truths) => is_true(truths, self.values.steps(place)),
            None => wanted(self.values.get(place)),
        };
        for (index, word) in places.iter_mut().enumerate().filter(|(_, word)| **word != 0) {
            let said = match truths.as_ref().and_then(|truths| Some((truths, self.values.group(index)?))) {
                Some((truths, steps)) => bits(0..GROUP, |at| is_true(truths, steps[at].into())),
                None => bits(GROUP * index..(GROUP * (index + 1)).min(self.values.len()), is_wanted),
            };
            let said = self.present.as_ref().map_or(said, |present| said & present[index]);
            *word &= if negated { !said } else { said };
        }
    }
}

fn is_true(truths: &[u64], steps: u64) -> bool {
    // There is a truth for each number of steps that has so many bits.
    truths[steps as usize / 64] >> (steps % 64) & 1 == 1
}

/// Answers one after the other, as bits.
fn bits(places: Range<usize>, holds: impl Fn(usize) -> bool) -> u64 {
    places.enumerate().fold(0, |bits, (at, place)| bits | u64::from(holds(place)) << at)
}
