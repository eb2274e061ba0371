//! Which events of a row count: those of the window that pass every filter.

use std::ops::Range;

use super::wanted::Filter;
use crate::event::{Chunk, Cursor, Events, PropertyColumn};

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

    /// Turns to a chunk.
    #[inline]
    pub(super) fn turn_to(&mut self, chunk: &'v Chunk) {
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

/// The events that may follow those of one row after the other.
pub(super) struct Followers<'f, 'v> {
    cursor: Option<Cursor<'v>>,
    columns: Columns<'f, 'v>,
    /// Least and greatest time of a follower, both included.
    span: (i64, i64),
    /// How many microseconds after an event one follows at most; none for ever.
    within: Option<i64>,
    /// Those of the row, as far as its times are not passed yet.
    chunk: Option<&'v Chunk>,
    left: Range<usize>,
    /// The time of the earliest follower that is later than what was asked last.
    nearest: Option<i64>,
}

impl<'f, 'v> Followers<'f, 'v> {
    pub(super) fn new(
        cursor: Option<Cursor<'v>>,
        filters: &'f [Filter],
        span: (i64, i64),
        within: Option<i64>,
    ) -> Self {
        let columns = Columns::new(filters);
        Self { cursor, columns, span, within, chunk: None, left: 0..0, nearest: None }
    }

    /// Turns to a row above all before.
    pub(super) fn turn_to(&mut self, row: u16) {
        (self.chunk, self.left, self.nearest) = (None, 0..0, None);
        if let Some(events) = self.cursor.as_mut().and_then(|cursor| cursor.row(row)) {
            self.columns.turn_to(events.chunk());
            self.chunk = Some(events.chunk());
            self.left = events.between(self.span.0, self.span.1);
        }
    }

    /// Least and greatest time of an event of the row that anything can follow; none where nothing can.
    pub(super) fn followed(&self) -> Option<(i64, i64)> {
        let chunk = self.chunk.filter(|_| !self.left.is_empty())?;
        let (newest, oldest) = (chunk.time(self.left.start), chunk.time(self.left.end - 1));
        Some((self.earliest(oldest), newest.saturating_sub(1)))
    }

    /// Whether a follower at `next` is near enough to an event at `time`, which is before it.
    #[inline]
    pub(super) fn is_near(&self, time: i64, next: i64) -> bool {
        self.within.is_none_or(|within| next <= time.saturating_add(within))
    }

    /// Whether any of some events of the row from `first` to `last`, both included, has a follower, where all followers
    /// pass.
    pub(super) fn has_before(&self, events: Events<'_>, (first, last): (i64, i64)) -> bool {
        let Some(chunk) = self.chunk else { return false };
        self.left.clone().any(|place| {
            let next = chunk.time(place);
            let (first, last) = (first.max(self.earliest(next)), last.min(next.saturating_sub(1)));
            first <= last && events.has_at_least(1, first, last)
        })
    }

    /// The least time of an event that a follower at `next` is near enough to.
    fn earliest(&self, next: i64) -> i64 {
        self.within.map_or(i64::MIN, |within| next.saturating_sub(within))
    }

    /// The earliest follower of the row later than `time`; times are asked from the latest on.
    pub(super) fn after(&mut self, time: i64) -> Option<i64> {
        let chunk = self.chunk?;
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
