//! Events of one type in one block, as they are read: a chunk of most rows, and beside it one for each row that has
//! changed since.
//!
//! **What a value means.** Every property of an event is an `i64` or missing: of `bool` 0 or 1; of `int`, `decimal`,
//! `float`, `time` and `date` the key that orders values (`Value::to_key`); of `keyword`, `keyword_set` and `int_set` a
//! code of the property's dictionary ([`super::EventData::dictionary`]), one code for each different set, so whoever
//! filters decides once for each code and then compares numbers.
//!
//! **Searching.** [`Run::each_row`] visits all rows in order; [`Run::at_least`] finds those that did something k times
//! since an instant.

use std::sync::Arc;

use super::chunk::{Chunk, Events};
use super::merge::Gathered;

/// Rows beside the chunk from which on everything is laid anew: a change copies one pointer for each of them.
const CHANGED_ROWS_MIN: usize = 256;

/// The same of a large run: one row for so many events, since laying takes time for each of them.
const EVENTS_A_CHANGED_ROW: usize = 256;

/// Events of one type in one block. A clone shares them.
#[derive(Debug, Clone, Default)]
pub struct Run {
    pub(super) base: Option<Arc<Chunk>>,
    /// Rows whose events are not those of the base, ascending, each with all it has; none when it has none any more.
    pub(super) changed: Vec<(u16, Option<Arc<Chunk>>)>,
    pub(super) len: usize,
}

impl Run {
    /// How many events there are.
    pub fn len(&self) -> usize {
        self.len
    }

    /// Whether there are none.
    pub fn is_empty(&self) -> bool {
        self.len == 0
    }

    /// The events of a row, by its offset in the block; none when it has none of this type.
    pub fn row(&self, row: u16) -> Option<Events<'_>> {
        match self.changed.binary_search_by_key(&row, |(changed, _)| *changed) {
            Ok(at) => self.changed[at].1.as_ref().map(|chunk| chunk.events_at(0)),
            Err(_) => self.base.as_ref()?.events_of(row),
        }
    }

    /// Rows with events and what they have, ascending by row.
    pub fn rows(&self) -> impl Iterator<Item = (u16, Events<'_>)> {
        let base = self
            .base
            .iter()
            .flat_map(|chunk| chunk.rows().iter().enumerate().map(|(index, row)| (*row, chunk.events_at(index))));
        let mut base = base.peekable();
        let mut changed = self.changed.iter().peekable();
        std::iter::from_fn(move || {
            loop {
                let next = base.peek().map(|(row, _)| *row);
                match changed.peek() {
                    Some((row, chunk)) if next.is_none_or(|next| *row <= next) => {
                        if next == Some(*row) {
                            base.next();
                        }
                        changed.next();
                        if let Some(chunk) = chunk {
                            return Some((*row, chunk.events_at(0)));
                        }
                    }
                    _ => return base.next(),
                }
            }
        })
    }

    /// Visits rows with events in order.
    pub fn each_row<'r>(&'r self, mut visit: impl FnMut(u16, Events<'r>)) {
        self.rows().for_each(|(row, events)| visit(row, events));
    }

    /// Visits rows, in order, that have at least `k` events (`k` from 1) from `first` to `last`, both included, in
    /// microseconds.
    pub fn at_least(&self, k: usize, first: i64, last: i64, mut visit: impl FnMut(u16)) {
        self.each_row(|row, events| {
            if events.len() < k {
                return;
            }
            let later = events.later_than(last);
            if events.len() >= later + k && events.time(later + k - 1) >= first {
                visit(row);
            }
        });
    }

    /// Heap bytes.
    pub fn bytes(&self) -> usize {
        let changed = self.changed.iter().flat_map(|(_, chunk)| chunk).map(|chunk| chunk.bytes()).sum::<usize>();
        self.base.as_ref().map_or(0, |base| base.bytes()) + changed + size_of_val(&self.changed[..])
    }

    /// Puts all events of a row in the place of those that it has.
    pub(super) fn put_row(&mut self, row: u16, events: Option<Chunk>) {
        let before = self.row(row).map_or(0, |events| events.len());
        self.len = self.len - before + events.as_ref().map_or(0, Chunk::len);
        let events = events.map(Arc::new);
        match self.changed.binary_search_by_key(&row, |(changed, _)| *changed) {
            Ok(at) => self.changed[at].1 = events,
            Err(at) => self.changed.insert(at, (row, events)),
        }
        if self.changed.len() >= CHANGED_ROWS_MIN.max(self.len / EVENTS_A_CHANGED_ROW) {
            self.lay();
        }
    }

    /// Lays everything anew in one chunk.
    pub(super) fn lay(&mut self) {
        if !self.changed.is_empty() {
            *self = Self::of(Gathered::of_run(self).finish());
        }
    }

    /// A run of one chunk.
    pub(super) fn of(base: Option<Chunk>) -> Self {
        let len = base.as_ref().map_or(0, Chunk::len);
        Self { base: base.map(Arc::new), changed: Vec::new(), len }
    }
}
