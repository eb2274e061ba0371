//! When the events of a chunk happened, in order of time: the next after an instant, and whose lie in a span.
//!
//! The rows of all events in that order, and the time of every [`STEP`]th: two and a half bytes an event, made when somebody
//! first asks, for the types that something waits for. The times between are read from the rows' own events.

use std::sync::OnceLock;

use super::chunk::Chunk;
use crate::column::sort_by_key;

/// Events between two whose time is kept.
const STEP: usize = 16;

/// The order of a chunk's events.
#[derive(Debug, Default)]
pub(super) struct Moments(OnceLock<Ordered>);

#[derive(Debug)]
struct Ordered {
    rows: Box<[u16]>,
    fences: Box<[i64]>,
}

impl Moments {
    /// Heap bytes.
    pub(super) fn bytes(&self) -> usize {
        self.0.get().map_or(0, |ordered| size_of_val(&*ordered.rows) + size_of_val(&*ordered.fences))
    }
}

impl Ordered {
    fn new(chunk: &Chunk) -> Self {
        let least = (0..chunk.len()).map(|place| chunk.time(place)).min().unwrap_or(0);
        let mut order: Vec<(u64, u16)> = Vec::with_capacity(chunk.len());
        chunk.each_row(|row, events| {
            order.extend(events.places().map(|place| (chunk.time(place).wrapping_sub(least).cast_unsigned(), row)));
        });
        // Ascending already where sorting by comparison asks for it: rows ascend, and equal ones are alike.
        let greatest = order.iter().map(|(above, _)| *above).max().unwrap_or(0);
        sort_by_key(&mut order, &mut Vec::new(), greatest, |(above, _)| *above);
        let time = |(above, _): &(u64, u16)| least.wrapping_add(above.cast_signed());
        Self {
            rows: order.iter().map(|(_, row)| *row).collect(),
            fences: order.iter().step_by(STEP).map(time).collect(),
        }
    }

    /// Rows among which are all that have an event from `first` to `last`, both included.
    fn about(&self, first: i64, last: i64) -> &[u16] {
        let from = self.fences.partition_point(|time| *time < first).saturating_sub(1) * STEP;
        let to = (self.fences.partition_point(|time| *time <= last) * STEP).min(self.rows.len());
        &self.rows[from.min(to)..to]
    }

    /// Rows among which is one that has the first event from an instant on.
    fn next(&self, first: i64) -> &[u16] {
        let from = self.fences.partition_point(|time| *time < first).saturating_sub(1) * STEP;
        let to = (from + STEP + 1).min(self.rows.len());
        &self.rows[from.min(to)..to]
    }
}

impl Chunk {
    fn ordered(&self) -> &Ordered {
        self.moments.0.get_or_init(|| Ordered::new(self))
    }

    /// The least time of an event from an instant on.
    pub(super) fn next_time(&self, first: i64) -> Option<i64> {
        let earliest = |row: &u16| {
            let events = self.events_of(*row)?;
            events.between(first, i64::MAX).next_back().map(|place| self.time(place))
        };
        // Of one row only, as most that have changed, no order is to be made.
        let rows = if self.rows.len() > 1 { self.ordered().next(first) } else { &self.rows };
        rows.iter().filter_map(earliest).min()
    }

    /// Rows among which are all that have an event from `first` to `last`, both included; ascending, each once.
    pub(super) fn rows_about(&self, first: i64, last: i64) -> Vec<u16> {
        if first > last {
            return Vec::new();
        }
        let mut rows = self.ordered().about(first, last).to_vec();
        rows.sort_unstable();
        rows.dedup();
        rows
    }
}

#[cfg(test)]
mod tests {
    use super::super::pile::Pile;
    use super::*;

    #[test]
    fn the_order_finds_what_reading_all_events_finds() {
        for (rows, events, spread) in [(1, 3, 5), (2, 300, 40), (900, 3_000, 1_000), (60_000, 5_000, i64::MAX / 7)] {
            let (mut pile, mut state) = (Pile::default(), 7u64);
            let mut draw = |below: u64| {
                state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
                (state >> 33) % below
            };
            let mut all: Vec<(i64, u16)> = Vec::new();
            for _ in 0..events {
                let (row, time) = (draw(rows) as u16, draw(1_000) as i64 * (spread / 1_000).max(1) - spread / 2);
                pile.push(row, time);
                all.push((time, row));
            }
            let chunk = pile.lay().expect("some events");
            for first in [i64::MIN, -spread / 2 - 1, -spread / 4, 0, 1, spread / 5, spread / 2, i64::MAX] {
                let next = all.iter().map(|(time, _)| *time).filter(|time| *time >= first).min();
                assert_eq!(chunk.next_time(first), next, "{events} from {first}");
                for last in [first, first.saturating_add(3), first.saturating_add(spread / 9), i64::MAX] {
                    let about = chunk.rows_about(first, last);
                    assert!(about.is_sorted_by(|left, right| left < right));
                    let inside = all.iter().filter(|(time, _)| (first..=last).contains(time));
                    assert!(inside.clone().all(|(_, row)| about.binary_search(row).is_ok()), "{first} to {last}");
                    // No more than those beside the span.
                    assert!(about.len() <= inside.count() + 2 * STEP, "{first} to {last}");
                }
            }
        }
    }
}
