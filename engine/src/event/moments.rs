//! When the events of a chunk happened, in order of time: the next after an instant, and whose lie in a span.
//!
//! The rows of all events, those of each of many equal spans of time together, are laid when somebody first asks: two
//! bytes an event. The order within a span is made when a question ends in it. Whoever waits for the next event of a window
//! that moves asks about few spans, so that new events, for which all of this is made anew, hold nobody up for long.

use std::ops::Range;
use std::sync::OnceLock;

use super::chunk::Chunk;

/// Events in a span, about, if they are spread evenly.
const SPAN_EVENTS: usize = 256;

/// Rows of a chunk that are looked at one by one instead.
const ROWS_MIN: usize = 16;

/// Times that are looked at to learn how all are spread.
const SAMPLED: usize = 1_024;

/// One in so many of these, at either end, may be far from the others: the first and the last span have what lies beyond.
const OUTLIERS: usize = 64;

/// The order of a chunk's events.
#[derive(Debug, Default)]
pub(super) struct Moments(OnceLock<Ordered>);

#[derive(Debug)]
struct Ordered {
    /// The first span has what is before, and begins here.
    start: i64,
    /// A span is so many binary digits of microseconds long.
    digits: u32,
    /// Of each span the place in `rows` behind its last event.
    ends: Box<[u32]>,
    /// The row of each event, span by span, as its index among the rows of the chunk.
    rows: Box<[u16]>,
    /// Times and rows of the events of a span, ascending.
    sorted: Box<[OnceLock<Sorted>]>,
}

type Sorted = Box<[(i64, u16)]>;

impl Moments {
    /// Heap bytes.
    pub(super) fn bytes(&self) -> usize {
        let Some(ordered) = self.0.get() else { return 0 };
        let sorted = ordered.sorted.iter().filter_map(OnceLock::get).map(|events| size_of_val(&**events));
        size_of_val(&*ordered.rows)
            + size_of_val(&*ordered.ends)
            + size_of_val(&*ordered.sorted)
            + sorted.sum::<usize>()
    }
}

impl Ordered {
    fn new(chunk: &Chunk) -> Self {
        let (start, digits, spans) = spread(chunk);
        let ends = vec![0; spans].into();
        let mut ordered = Self { start, digits, ends, rows: Box::default(), sorted: Box::default() };
        // A place more than there are spans, so that places can be counted up where they begin.
        let mut ends = vec![0_u32; spans + 1];
        (0..chunk.len()).for_each(|place| ends[ordered.span_of(chunk.time(place)) + 1] += 1);
        (1..ends.len()).for_each(|span| ends[span] += ends[span - 1]);
        let mut rows = vec![0; chunk.len()];
        for index in 0..chunk.rows.len() {
            for place in chunk.events_at(index).places() {
                let end = &mut ends[ordered.span_of(chunk.time(place))];
                // A block has no more rows than 16 bits count.
                rows[*end as usize] = index as u16;
                *end += 1;
            }
        }
        ends.pop();
        ordered.sorted = ends.iter().map(|_| OnceLock::new()).collect();
        (ordered.ends, ordered.rows) = (ends.into(), rows.into());
        ordered
    }

    /// The span in which a time lies.
    fn span_of(&self, time: i64) -> usize {
        let above = time.saturating_sub(self.start).max(0).cast_unsigned() >> self.digits;
        (above as usize).min(self.ends.len() - 1)
    }

    /// The rows of the events of some spans.
    fn rows_in(&self, spans: Range<usize>) -> &[u16] {
        let end = |before: usize| before.checked_sub(1).map_or(0, |span| self.ends[span] as usize);
        &self.rows[end(spans.start)..end(spans.end)]
    }

    /// The events of a span.
    fn sorted(&self, chunk: &Chunk, span: usize) -> &[(i64, u16)] {
        self.sorted[span].get_or_init(|| {
            let mut rows = self.rows_in(span..span + 1).to_vec();
            rows.dedup();
            let times = rows.into_iter().flat_map(|row| {
                let times = chunk.events_at(row.into()).places().map(|place| chunk.time(place));
                times.filter(|time| self.span_of(*time) == span).map(move |time| (time, row))
            });
            let mut sorted: Sorted = times.collect();
            sorted.sort_unstable();
            sorted
        })
    }

    /// The least time from an instant on.
    fn next(&self, chunk: &Chunk, first: i64) -> Option<i64> {
        let spans = self.span_of(first)..self.ends.len();
        spans.filter(|span| !self.rows_in(*span..span + 1).is_empty()).find_map(|span| {
            let events = self.sorted(chunk, span);
            events.get(events.partition_point(|(time, _)| *time < first)).map(|(time, _)| *time)
        })
    }

    /// The rows of the events from `first` to `last`, both included.
    fn about(&self, chunk: &Chunk, first: i64, last: i64) -> Vec<u16> {
        let (from, to) = (self.span_of(first), self.span_of(last));
        let of_end = |span: usize| {
            let inside = self.sorted(chunk, span).iter().filter(|(time, _)| (first..=last).contains(time));
            inside.map(|(_, row)| *row)
        };
        let mut rows: Vec<u16> = of_end(from).collect();
        if from < to {
            rows.extend(self.rows_in(from + 1..to));
            rows.extend(of_end(to));
        }
        rows
    }
}

/// Where the first span begins, how many binary digits one is long, and how many there are.
fn spread(chunk: &Chunk) -> (i64, u32, usize) {
    let step = chunk.len().div_ceil(SAMPLED);
    let mut times: Vec<i64> = (0..chunk.len()).step_by(step).map(|place| chunk.time(place)).collect();
    times.sort_unstable();
    let (first, last) = (times[times.len() / OUTLIERS], times[times.len() - 1 - times.len() / OUTLIERS]);
    // A little beyond at either end, where the few others are if none is far away.
    let beyond = (i128::from(last) - i128::from(first)) / 8;
    let length = i128::from(last) - i128::from(first) + 2 * beyond;
    let wanted = chunk.len().div_ceil(SPAN_EVENTS) as i128;
    let digits = (0..64).find(|digits| length >> digits < wanted).unwrap_or(63);
    let start = i64::try_from(i128::from(first) - beyond).unwrap_or(i64::MIN);
    // No more than wanted.
    (start, digits, (length >> digits) as usize + 1)
}

impl Chunk {
    fn ordered(&self) -> Option<&Ordered> {
        (self.rows.len() > ROWS_MIN).then(|| self.moments.0.get_or_init(|| Ordered::new(self)))
    }

    /// The least time of an event from an instant on.
    pub(super) fn next_time(&self, first: i64) -> Option<i64> {
        if let Some(ordered) = self.ordered() {
            return ordered.next(self, first);
        }
        let earliest = |index| self.events_at(index).between(first, i64::MAX).next_back();
        (0..self.rows.len()).filter_map(earliest).map(|place| self.time(place)).min()
    }

    /// Rows among which are all that have an event from `first` to `last`, both included; ascending, each once.
    pub(super) fn rows_about(&self, first: i64, last: i64) -> Vec<u16> {
        if first > last {
            return Vec::new();
        }
        let Some(ordered) = self.ordered() else { return self.rows.to_vec() };
        let mut rows: Vec<u16> =
            ordered.about(self, first, last).into_iter().map(|row| self.rows[usize::from(row)]).collect();
        rows.sort_unstable();
        rows.dedup();
        rows
    }
}

#[cfg(test)]
mod tests {
    use super::super::draw::Draw;
    use super::super::pile::Pile;
    use super::*;

    #[test]
    fn the_order_finds_what_reading_all_events_finds() {
        // Some are far from all others.
        let far = [(3, i64::MAX), (4, i64::MIN), (5, 1 << 60)];
        for (rows, events, spread, far) in [
            (1, 3, 5, &far[..0]),
            (2, 300, 40, &[]),
            (900, 3_000, 1_000, &[]),
            (900, 30_000, 1_000_000, &far),
            (60_000, 5_000, i64::MAX / 7, &[]),
        ] {
            let (mut pile, mut draw) = (Pile::default(), Draw(7));
            let mut all: Vec<(i64, u16)> = Vec::new();
            for _ in 0..events {
                let (row, time) =
                    (draw.below(rows) as u16, draw.below(1_000) as i64 * (spread / 1_000).max(1) - spread / 2);
                pile.push(row, time);
                all.push((time, row));
            }
            for (row, time) in far.iter().copied() {
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
                    // And no other, unless all are few.
                    assert!(about.len() <= inside.count().max(ROWS_MIN), "{first} to {last}");
                }
            }
        }
    }
}
