//! The size of one segment, or of the whole population, through time: by the hour for two months, by the day for five years.
//!
//! An hour or a day in which nobody entered or left has no point: the size is that of the point before.

use std::collections::VecDeque;

use crate::limits::{HISTORY_DAYS_MAX, HISTORY_HOURS_MAX};
use crate::time::{DAY_US, Timestamp};

/// Microseconds of an hour.
const HOUR_US: i64 = DAY_US / 24;

/// What happened within an hour or a day.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Point {
    /// When it begins.
    pub from: Timestamp,
    /// Profiles at its end, or now.
    pub count: u64,
    /// Profiles that entered.
    pub entered: u64,
    /// Profiles that left.
    pub left: u64,
}

/// How finely a history is asked.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Resolution {
    /// By the hour.
    Hour,
    /// By the day, UTC.
    Day,
}

/// A size through time.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct History {
    pub(super) hours: VecDeque<Point>,
    pub(super) days: VecDeque<Point>,
}

impl History {
    /// Notes how many entered and left at an instant, and how many there are now.
    pub(super) fn note(&mut self, at: Timestamp, count: u64, entered: u64, left: u64) {
        note(&mut self.hours, (HOUR_US, HISTORY_HOURS_MAX), at, (count, entered, left));
        note(&mut self.days, (DAY_US, HISTORY_DAYS_MAX), at, (count, entered, left));
    }

    /// The size that was noted last.
    pub(super) fn last_count(&self) -> Option<u64> {
        self.days.back().map(|day| day.count)
    }

    /// The points that begin within two instants, both included, and the one before: the size at the first instant.
    pub fn points(&self, resolution: Resolution, from: Timestamp, to: Timestamp) -> Vec<Point> {
        let points = match resolution {
            Resolution::Hour => &self.hours,
            Resolution::Day => &self.days,
        };
        let first = points.partition_point(|point| point.from < from).saturating_sub(1);
        points.iter().skip(first).take_while(|point| point.from <= to).copied().collect()
    }

    /// How many entered and left from the begin of an hour on; hours are kept for `HISTORY_HOURS_MAX`.
    pub fn moves_since(&self, hour: Timestamp) -> (u64, u64) {
        let within = self.hours.iter().rev().take_while(|point| point.from >= hour);
        within.fold((0, 0), |(entered, left), point| (entered + point.entered, left + point.left))
    }
}

/// When the hour in which an instant is begins, UTC.
pub fn hour_of(at: Timestamp) -> Timestamp {
    begin(at, HOUR_US)
}

/// When the span of so many microseconds in which an instant is begins.
fn begin(at: Timestamp, span: i64) -> Timestamp {
    Timestamp(at.0 - at.0.rem_euclid(span))
}

fn note(
    points: &mut VecDeque<Point>,
    (span, kept): (i64, i64),
    at: Timestamp,
    (count, entered, left): (u64, u64, u64),
) {
    let from = begin(at, span);
    match points.back_mut() {
        Some(last) if last.from >= from => {
            last.count = count;
            last.entered += entered;
            last.left += left;
        }
        _ => points.push_back(Point { from, count, entered, left }),
    }
    while points.front().is_some_and(|first| first.from.0 < from.0 - (kept - 1) * span) {
        points.pop_front();
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn hours_and_days_add_up_and_the_oldest_go() {
        let mut history = History::default();
        let mut count = 0;
        // One enters every seven hours.
        for step in 0..2 * HISTORY_DAYS_MAX {
            count += 1;
            history.note(Timestamp(step * 7 * HOUR_US + 5), count, 1, 0);
        }
        let last = (2 * HISTORY_DAYS_MAX - 1) * 7 * HOUR_US;
        assert!(history.hours.iter().all(|hour| hour.from.0 > last - HISTORY_HOURS_MAX * HOUR_US && hour.entered == 1));
        assert_eq!(history.hours.len() as i64, (HISTORY_HOURS_MAX - 1) / 7 + 1);
        assert_eq!(history.days.iter().map(|day| day.entered).sum::<u64>(), count);
        // The last day is not over yet.
        assert!(history.days.iter().rev().skip(1).all(|day| day.entered >= 3));
        let between = history.points(Resolution::Day, Timestamp(10 * DAY_US), Timestamp(12 * DAY_US));
        assert_eq!(between.iter().map(|day| day.from.0 / DAY_US).collect::<Vec<_>>(), [9, 10, 11, 12]);
        history.note(Timestamp((HISTORY_DAYS_MAX + 10) * DAY_US), count - 1, 0, 1);
        assert_eq!(history.days[0].from.0 / DAY_US, 11);
    }

    #[test]
    fn moves_are_counted_from_the_begin_of_an_hour() {
        let mut history = History::default();
        assert_eq!(history.moves_since(Timestamp(0)), (0, 0));
        for (minute, entered, left) in [(0, 5, 0), (59, 1, 1), (60, 2, 0), (119, 0, 3)] {
            history.note(Timestamp(minute * 60_000_000), 10, entered, left);
        }
        let since = |minute: i64| history.moves_since(hour_of(Timestamp(minute * 60_000_000)));
        assert_eq!((since(0), since(59), since(60), since(90), since(120)), ((8, 4), (8, 4), (2, 3), (2, 3), (0, 0)));
    }
}
