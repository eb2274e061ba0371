//! Events of some rows of a block, of one type: row after row, each row's newest first, columns side by side.

use super::latest::Latest;
use super::moments::Moments;
use super::packed::Packed;
use super::selected::Selected;
use crate::id::PropertyId;
use crate::shared::Shared;

/// Events that lie together and never change.
#[derive(Debug)]
pub struct Chunk {
    /// Rows that have events, ascending, as offsets in their block.
    pub(super) rows: Shared<u16>,
    /// Of each of these rows the place behind its last event.
    pub(super) ends: Packed,
    /// The time of each event, in microseconds.
    pub(super) times: Packed,
    /// Properties of which some event has a value, ascending.
    pub(super) columns: Vec<(PropertyId, PropertyColumn)>,
    /// Rows in order of their k-th latest events, as far as somebody asked.
    pub(super) latest: Latest,
    /// Rows in order of time, if somebody asked.
    pub(super) moments: Moments,
    /// Instants that tests ask for, as far as somebody asked twice.
    pub(super) selected: Selected,
}

/// What the events of a chunk say about one property: an `i64` each, as `Events::value` tells.
#[derive(Debug, Clone)]
pub struct PropertyColumn {
    /// The values; what stands where there is none means nothing.
    pub(super) values: Packed,
    /// Bits of the events that have one; none when all do.
    pub(super) present: Option<Shared<u64>>,
}

impl PropertyColumn {
    /// The value of the event at a place of the chunk, if it has one.
    #[inline]
    pub fn get(&self, place: usize) -> Option<i64> {
        self.has(place).then(|| self.values.get(place))
    }

    /// Whether the event at a place of the chunk has a value.
    #[inline]
    pub(super) fn has(&self, place: usize) -> bool {
        self.present.as_ref().is_none_or(|present| present[place / 64] >> (place % 64) & 1 == 1)
    }

    /// From one value an event and whether it has it; none when no event has one.
    pub(super) fn new(said: impl Iterator<Item = (i64, bool)> + Clone) -> Option<Self> {
        // What is missing is one of those that are there, so that it asks for no room.
        let filler = said.clone().find(|(_, present)| *present)?.0;
        let values: Vec<i64> = said.clone().map(|(value, present)| if present { value } else { filler }).collect();
        let mut bits = vec![0u64; values.len().div_ceil(64)];
        let mut count = 0;
        for (place, (_, present)) in said.enumerate() {
            bits[place / 64] |= u64::from(present) << (place % 64);
            count += usize::from(present);
        }
        let present = (count < values.len()).then(|| bits.into());
        Some(Self { values: Packed::new(&values), present })
    }

    fn bytes(&self) -> usize {
        self.values.bytes() + self.present.as_ref().map_or(0, |present| 8 * present.len())
    }
}

impl Chunk {
    /// How many events there are.
    pub fn len(&self) -> usize {
        self.times.len()
    }

    /// Whether there are none.
    pub fn is_empty(&self) -> bool {
        self.times.is_empty()
    }

    /// Rows that have events, ascending.
    pub fn rows(&self) -> &[u16] {
        &self.rows
    }

    /// The time of the event at a place.
    #[inline]
    pub fn time(&self, place: usize) -> i64 {
        self.times.get(place)
    }

    /// What events say about a property; none when none of them says anything.
    pub fn column(&self, property: PropertyId) -> Option<&PropertyColumn> {
        let at = self.columns.binary_search_by_key(&property, |(known, _)| *known).ok()?;
        Some(&self.columns[at].1)
    }

    /// The events of the row at an index of [`Self::rows`].
    pub fn events_at(&self, index: usize) -> Events<'_> {
        let end = |index: usize| self.ends.get(index).cast_unsigned() as usize;
        let start = index.checked_sub(1).map_or(0, end);
        Events { chunk: self, start, end: end(index) }
    }

    /// Visits rows and their events, ascending by row.
    pub(super) fn each_row<'c>(&'c self, mut visit: impl FnMut(u16, Events<'c>)) {
        let mut start = 0;
        for (index, row) in self.rows.iter().enumerate() {
            let end = self.ends.get(index).cast_unsigned() as usize;
            visit(*row, Events { chunk: self, start, end });
            start = end;
        }
    }

    /// The events of a row; none when it has none.
    pub fn events_of(&self, row: u16) -> Option<Events<'_>> {
        self.rows.binary_search(&row).ok().map(|index| self.events_at(index))
    }

    /// Heap bytes.
    pub fn bytes(&self) -> usize {
        self.own_bytes() + self.latest.bytes() + self.moments.bytes() + self.selected.bytes()
    }

    /// Those of the events themselves.
    pub(super) fn own_bytes(&self) -> usize {
        let columns = self.columns.iter().map(|(_, column)| column.bytes() + size_of::<(PropertyId, PropertyColumn)>());
        size_of::<Self>() + 2 * self.rows.len() + self.ends.bytes() + self.times.bytes() + columns.sum::<usize>()
    }
}

/// The events of one row, of one type, the newest first; of several at the same instant the one that arrived last.
///
/// Every event that is kept is among them, also those of the future: whoever asks about an instant passes over the
/// first [`Self::later_than`] of them.
#[derive(Debug, Clone, Copy)]
pub struct Events<'c> {
    chunk: &'c Chunk,
    start: usize,
    end: usize,
}

impl<'c> Events<'c> {
    /// How many there are: at least one.
    #[inline]
    pub fn len(&self) -> usize {
        self.end - self.start
    }

    /// Never: rows without events have no such value.
    pub fn is_empty(&self) -> bool {
        self.start == self.end
    }

    /// The time of the k-th latest, k from 0, in microseconds.
    ///
    /// # Panics
    /// Beyond the last event, perhaps.
    #[inline]
    pub fn time(&self, k: usize) -> i64 {
        self.chunk.time(self.start + k)
    }

    /// How many are later than an instant, itself not counted: these come first.
    pub fn later_than(&self, micros: i64) -> usize {
        // Most rows have few events, and most questions are about the newest.
        if self.len() <= 8 {
            return (0..self.len()).take_while(|k| self.time(*k) > micros).count();
        }
        let (mut from, mut to) = (0, self.len());
        while from < to {
            let middle = usize::midpoint(from, to);
            if self.time(middle) > micros { from = middle + 1 } else { to = middle }
        }
        from
    }

    /// Whether there are at least `k` (from 1) from `first` to `last`, both instants included.
    pub fn has_at_least(&self, k: usize, first: i64, last: i64) -> bool {
        if self.len() < k {
            return false;
        }
        let later = self.later_than(last);
        self.len() >= later + k && self.time(later + k - 1) >= first
    }

    /// The places in the chunk's columns of the events from `first` to `last`, both instants included.
    pub fn between(&self, first: i64, last: i64) -> std::ops::Range<usize> {
        let newest = self.later_than(last);
        let oldest = first.checked_sub(1).map_or(self.len(), |before| self.later_than(before));
        self.start + newest..self.start + oldest.max(newest)
    }

    /// The value of a property of the k-th latest event, k from 0; see `Run` for what it means.
    pub fn value(&self, property: PropertyId, k: usize) -> Option<i64> {
        self.chunk.column(property)?.get(self.start + k)
    }

    /// Where they lie, for whoever reads columns along many rows.
    pub fn chunk(&self) -> &'c Chunk {
        self.chunk
    }

    /// Their places in the chunk's columns.
    pub fn places(&self) -> std::ops::Range<usize> {
        self.start..self.end
    }
}
