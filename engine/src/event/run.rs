//! Events of one type in one block, as they are read: a chunk of most rows, and beside it one for each row that has
//! changed since.
//!
//! **What a value means.** Every property of an event is an `i64` or missing: of `bool` 0 or 1; of `int`, `decimal`,
//! `float`, `time` and `date` the key that orders values (`Value::to_key`); of `keyword`, `keyword_set` and `int_set` a
//! code of the property's dictionary ([`super::EventData::dictionary`]), one code for each different set, so whoever
//! filters decides once for each code and then compares numbers.
//!
//! **Searching.** [`Run::each_row`] visits all rows in order; [`Run::write_at_least`] finds those that did something k
//! times since an instant.

use std::sync::Arc;

use super::chunk::{Chunk, Events};
use super::latest::Ranked;
use super::pile::Pile;
use super::splice::ChangedRow;
use crate::block::Words;

/// Rows beside the chunk from which on everything is laid anew: a change copies one pointer for each of them.
const CHANGED_ROWS_MIN: usize = 256;

/// The same of a large run: one row for so many events, since laying takes time for each of them.
const EVENTS_A_CHANGED_ROW: usize = 256;

/// Where one in so many rows has events after a window, all rows are looked at.
const LATE_PART_MAX: usize = 4;

/// Rows that have so many instants are looked at one by one, when it is asked whether they have an odd number.
const ODD_RANKED: usize = 5;

/// Looks up rows of a run one after the other, each above the last.
#[derive(Debug, Clone)]
pub struct Cursor<'r> {
    base: Option<&'r Chunk>,
    changed: &'r [ChangedRow],
    /// Rows of the base before this index are passed.
    at: usize,
    /// Rows that have changed before this index are passed.
    changed_at: usize,
}

impl<'r> Cursor<'r> {
    /// Before the first row.
    pub fn new(run: &'r Run) -> Self {
        Self { base: run.base.as_deref(), changed: &run.changed, at: 0, changed_at: 0 }
    }

    /// The same as if no row's events had changed since the base was laid.
    pub fn of_base(run: &'r Run) -> Self {
        Self { changed: &[], ..Self::new(run) }
    }

    /// The events of a row above all that were asked for.
    pub fn row(&mut self, row: u16) -> Option<Events<'r>> {
        self.changed_at = seek(self.changed, self.changed_at, |(changed, _)| *changed < row);
        if let Some((_, chunk)) = self.changed.get(self.changed_at).filter(|(changed, _)| *changed == row) {
            return chunk.as_ref().map(|chunk| chunk.events_at(0));
        }
        let base = self.base?;
        let rows = base.rows();
        self.at = seek(rows, self.at, |known| *known < row);
        (rows.get(self.at) == Some(&row)).then(|| base.events_at(self.at))
    }
}

/// The first place from another one on that is not before what is sought, in steps that double: it is mostly near.
fn seek<T>(rows: &[T], mut from: usize, is_before: impl Fn(&T) -> bool) -> usize {
    let (mut to, mut step) = (from, 1);
    while rows.get(to).is_some_and(&is_before) {
        from = to + 1;
        to += step;
        step *= 2;
    }
    from + rows[from..to.min(rows.len()).max(from)].partition_point(is_before)
}

/// Events of one type in one block. A clone shares them.
#[derive(Debug, Clone, Default)]
pub struct Run {
    pub(super) base: Option<Arc<Chunk>>,
    /// Rows whose events are not those of the base, ascending, each with all it has; none when it has none any more.
    pub(super) changed: Vec<ChangedRow>,
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
        match &self.base {
            Some(base) if self.changed.is_empty() => base.each_row(visit),
            _ => self.rows().for_each(|(row, events)| visit(row, events)),
        }
    }

    /// Writes the rows that have at least `k` events (`k` from 1) from `first` to `last`, both included, in microseconds,
    /// over `out`.
    pub fn write_at_least(&self, k: usize, (first, last): (i64, i64), out: &mut Words) {
        let has_so_many = |events: Events<'_>| events.has_at_least(k, first, last);
        if !self.write_ranked(k, (first, last), out) {
            out.0.fill(0);
            self.each_row(|row, events| {
                if has_so_many(events) {
                    out.insert(row);
                }
            });
        }
    }

    /// The same by the order of the k-th latest events, in which only the rows are looked at whose newest event is after
    /// the window or that have changed; `false` where that is no less work.
    fn write_ranked(&self, k: usize, (first, last): (i64, i64), out: &mut Words) -> bool {
        let Some(base) = &self.base else { return false };
        let (Some(ranked), Some(late)) = (base.ranked(k), self.rows_later_than(last)) else { return false };
        ranked.write_since(first, out);
        let changed = self.changed.iter().map(|(row, _)| row);
        for row in late.iter().chain(changed) {
            if self.row(*row).is_some_and(|events| events.has_at_least(k, first, last)) {
                out.insert(*row);
            } else {
                out.remove(*row);
            }
        }
        true
    }

    /// The instants that `list` gives for each row, the newest first, but for those of [`Self::changed_rows`]; none where
    /// every event is to be looked at. Tests of one name list the same instants, and read nothing but the bases of these runs:
    /// other states have the same ones and other changes.
    pub fn laid<'r>(
        &'r self,
        name: &str,
        beside: &[Option<&Self>],
        list: impl FnMut(u16, Events<'r>, &mut dyn FnMut(i64)),
    ) -> Option<Arc<Self>> {
        let beside: Vec<_> = beside.iter().map(|run| run.and_then(|run| run.base.as_ref())).collect();
        self.base.as_ref()?.laid(name, &beside, list)
    }

    /// Rows, but for [`Self::changed_rows`], that have an event later than an instant; none when these are many.
    pub fn rows_later_than(&self, last: i64) -> Option<&[u16]> {
        let Some(base) = &self.base else { return Some(&[]) };
        let newest = base.ranked(1)?;
        let late = last.checked_add(1).map_or(&[][..], |after| newest.since(after));
        (late.len() <= base.rows().len() / LATE_PART_MAX).then_some(late)
    }

    /// Writes the rows over `out` that have an odd number of events from an instant on.
    pub fn write_odd(&self, first: i64, out: &mut Words) {
        let is_odd = |events: Events<'_>| events.between(first, i64::MAX).len() % 2 == 1;
        out.0.fill(0);
        let ranked = self.base.as_ref().filter(|_| self.changed.is_empty()).zip(self.ranked(ODD_RANKED));
        let Some((base, more)) = ranked else {
            return self.each_row(|row, events| {
                if is_odd(events) {
                    out.insert(row);
                }
            });
        };
        let mut so_many = Words::boxed();
        for ranked in (1..ODD_RANKED).map_while(|k| base.ranked(k)).take_while(|ranked| !ranked.is_empty()) {
            ranked.write_since(first, &mut so_many);
            out.0.iter_mut().zip(&so_many.0).for_each(|(odd, more)| *odd ^= more);
        }
        for row in more.since(i64::MIN) {
            if self.row(*row).is_some_and(is_odd) {
                out.insert(*row);
            } else {
                out.remove(*row);
            }
        }
    }

    fn ranked(&self, k: usize) -> Option<&Ranked> {
        self.base.as_ref()?.ranked(k)
    }

    /// The events of all rows but [`Self::changed_rows`]: of those it has older ones, which count no more.
    pub fn base(&self) -> Option<&Chunk> {
        self.base.as_deref()
    }

    /// Rows whose events lie beside the others.
    pub fn changed_rows(&self) -> impl Iterator<Item = u16> {
        self.changed.iter().map(|(row, _)| *row)
    }

    /// A time from an instant on before which no event from there on lies; that of such an event, unless it was of a row
    /// whose events lie beside now.
    pub fn next_time(&self, first: i64) -> Option<i64> {
        let mut next = self.base.as_ref().and_then(|base| base.next_time(first));
        for events in self.changed.iter().filter_map(|(_, chunk)| Some(chunk.as_ref()?.events_at(0))) {
            // Most are over, or later than another.
            let is_near = events.time(0) >= first && next.is_none_or(|next| events.time(events.len() - 1) < next);
            let earliest = || events.between(first, i64::MAX).next_back().map(|place| events.chunk().time(place));
            if let Some(time) = if is_near { earliest() } else { None } {
                next = Some(next.map_or(time, |next| next.min(time)));
            }
        }
        next
    }

    /// Visits rows with their events, all among them that have one from `first` to `last`, both included.
    pub fn rows_about(&self, (first, last): (i64, i64), mut visit: impl FnMut(u16, Events<'_>)) {
        let mut rows = self.base.as_ref().map(|base| base.rows_about(first, last)).unwrap_or_default();
        rows.extend(self.changed_rows());
        rows.sort_unstable();
        rows.dedup();
        rows.into_iter().for_each(|row| {
            if let Some(events) = self.row(row) {
                visit(row, events);
            }
        });
    }

    /// Heap bytes.
    pub fn bytes(&self) -> usize {
        let changed = self.changed.iter().flat_map(|(_, chunk)| chunk).map(|chunk| chunk.bytes()).sum::<usize>();
        self.base.as_ref().map_or(0, |base| base.bytes()) + changed + size_of_val(&self.changed[..])
    }

    /// Adds events of a row, which came after those that it has.
    pub(super) fn put_beside(&mut self, row: u16, fresh: Events<'_>) {
        let mut pile = Pile::default();
        pile.put_events(row, fresh);
        if let Some(events) = self.row(row) {
            pile.put_events(row, events);
        }
        self.put_row(row, pile.lay());
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
            *self = Self::of(self.laid_anew());
        }
    }

    /// Everything in one chunk; none when there is nothing.
    pub(super) fn laid_anew(&self) -> Option<Chunk> {
        self.base.as_ref().map_or_else(|| Pile::of_run(self).lay(), |base| base.spliced(&self.changed))
    }

    /// A run of one chunk.
    pub(super) fn of(base: Option<Chunk>) -> Self {
        let len = base.as_ref().map_or(0, Chunk::len);
        Self { base: base.map(Arc::new), changed: Vec::new(), len }
    }
}
