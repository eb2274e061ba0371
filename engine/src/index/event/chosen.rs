//! Which events of a row count: those of the window that pass every filter.

use std::ops::Range;

use super::wanted::Filter;
use crate::event::{Chunk, Events, PropertyColumn};

/// Filters with the columns of the chunk that was read last.
pub(super) struct Columns<'f, 'v> {
    filters: &'f [Filter],
    chunk: Option<&'v Chunk>,
    columns: Vec<Option<&'v PropertyColumn>>,
}

impl<'f, 'v> Columns<'f, 'v> {
    pub(super) fn new(filters: &'f [Filter]) -> Self {
        Self { filters, chunk: None, columns: Vec::with_capacity(filters.len()) }
    }

    /// Turns to the chunk of some events.
    #[inline]
    pub(super) fn turn_to(&mut self, events: Events<'v>) {
        let chunk = events.chunk();
        if !self.filters.is_empty() && !self.chunk.is_some_and(|known| std::ptr::eq(known, chunk)) {
            self.chunk = Some(chunk);
            self.columns.clear();
            self.columns.extend(self.filters.iter().map(|filter| chunk.column(filter.property)));
        }
    }

    /// Whether every event passes.
    pub(super) fn is_open(&self) -> bool {
        self.filters.is_empty()
    }

    /// Whether the event at a place of the chunk passes.
    #[inline]
    pub(super) fn pass(&self, place: usize) -> bool {
        let passes = |(filter, column): (&Filter, &Option<&PropertyColumn>)| {
            filter.passes(column.and_then(|column| column.get(place)))
        };
        self.filters.iter().zip(&self.columns).all(passes)
    }
}

/// The times of events that may follow others, newest first.
pub(super) struct Followers<'a, 'v> {
    events: Option<Events<'v>>,
    columns: &'a Columns<'a, 'v>,
    /// Places that are not passed yet.
    left: Range<usize>,
    /// The time of the earliest follower that is later than what was asked last.
    nearest: Option<i64>,
}

impl<'a, 'v> Followers<'a, 'v> {
    /// Of the events up to `now`; the columns are turned to them.
    pub(super) fn new(events: Option<Events<'v>>, columns: &'a Columns<'a, 'v>, now: i64) -> Self {
        let left = events.map_or(0..0, |events| events.between(i64::MIN, now));
        Self { events, columns, left, nearest: None }
    }

    /// The earliest follower later than `time`; times are asked from the latest on.
    pub(super) fn after(&mut self, time: i64) -> Option<i64> {
        let chunk = self.events?.chunk();
        while let Some(place) = self.left.clone().next() {
            let at = chunk.time(place);
            if at <= time {
                break;
            }
            if self.columns.pass(place) {
                self.nearest = Some(at);
            }
            self.left.start += 1;
        }
        self.nearest
    }
}
