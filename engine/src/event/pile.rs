//! Events in any order, columns side by side, until they are laid in a chunk: row after row, each row's newest first.
//!
//! Whatever makes a chunk goes this way: what has come is put on a pile, then what lay there before. Of a row's events
//! at one instant the one that is on the pile first comes first, so the latest arrival is put on it before older ones.

use std::cmp::Reverse;
use std::ops::Range;

use super::chunk::{Chunk, Events, PropertyColumn};
use super::latest::Latest;
use super::moments::Moments;
use super::packed::Packed;
use super::run::Run;
use super::selected::Selected;
use crate::column::sort_by_key;
use crate::id::PropertyId;

/// Events of one type and block that wait in order of arrival, a quarter as large as on a pile.
#[derive(Debug)]
pub(super) struct Parcel {
    rows: Vec<u16>,
    times: Packed,
    columns: Vec<(PropertyId, PropertyColumn)>,
}

impl Parcel {
    /// Rows, times, and what events say about properties.
    pub(super) fn new<S: Iterator<Item = (i64, bool)> + Clone>(
        rows: Vec<u16>,
        times: &[i64],
        columns: impl Iterator<Item = (PropertyId, S)>,
    ) -> Self {
        let columns = columns.filter_map(|(property, said)| Some((property, PropertyColumn::new(said)?)));
        Self { rows, times: Packed::new(times), columns: columns.collect() }
    }

    /// How many there are.
    pub(super) fn len(&self) -> usize {
        self.rows.len()
    }
}

/// Events of one type and block.
#[derive(Debug, Default)]
pub(super) struct Pile {
    rows: Vec<u16>,
    times: Vec<i64>,
    /// Ascending by property.
    columns: Vec<(PropertyId, Said)>,
}

/// What events say about a property, one after the other.
#[derive(Debug, Default, Clone)]
pub(super) struct Said {
    /// What stands where there is no value means nothing.
    pub(super) keys: Vec<i64>,
    /// Which of them have one. The events of a pile that are beyond its end have none.
    pub(super) present: Vec<bool>,
}

impl Said {
    fn resize(&mut self, len: usize) {
        self.keys.resize(len, 0);
        self.present.resize(len, false);
    }
}

impl Pile {
    /// An empty one with room for so many.
    pub(super) fn with_room(events: usize) -> Self {
        Self { rows: Vec::with_capacity(events), times: Vec::with_capacity(events), columns: Vec::new() }
    }

    /// All events of a run.
    pub(super) fn of_run(run: &Run) -> Self {
        let mut pile = Self::default();
        pile.put_run(run);
        pile
    }

    /// How many there are.
    pub(super) fn len(&self) -> usize {
        self.times.len()
    }

    /// Puts an event that says nothing on it.
    pub(super) fn push(&mut self, row: u16, time: i64) {
        self.rows.push(row);
        self.times.push(time);
    }

    /// Puts on it what the last events say about a property.
    pub(super) fn say(&mut self, property: PropertyId, said: impl Iterator<Item = (i64, bool)> + Clone, count: usize) {
        let from = self.len() - count;
        let column = self.column(property, from);
        column.keys.extend(said.clone().map(|(key, _)| key));
        column.present.extend(said.map(|(_, present)| present));
    }

    /// Packs those that it has, in their order.
    pub(super) fn pack(mut self) -> Parcel {
        let len = self.len();
        self.columns.iter_mut().for_each(|(_, said)| said.resize(len));
        let columns = self
            .columns
            .iter()
            .map(|(property, said)| (*property, said.keys.iter().copied().zip(said.present.iter().copied())));
        Parcel::new(std::mem::take(&mut self.rows), &self.times, columns)
    }

    /// Puts those of a parcel on it, the last one first.
    pub(super) fn put_reversed(&mut self, parcel: &Parcel) {
        let places = || (0..parcel.len()).rev();
        self.rows.extend(parcel.rows.iter().rev());
        self.times.extend(places().map(|place| parcel.times.get(place)));
        for (property, column) in &parcel.columns {
            self.say(*property, places().map(|place| (column.values.get(place), column.has(place))), parcel.len());
        }
    }

    /// Puts all events of a run on it.
    pub(super) fn put_run(&mut self, run: &Run) {
        let Some(base) = &run.base else {
            return run.changed.iter().filter_map(|(_, chunk)| chunk.as_ref()).for_each(|chunk| self.put_chunk(chunk));
        };
        let rows = base.rows();
        let mut from = 0;
        for (row, chunk) in &run.changed {
            let to = from + rows[from..].partition_point(|known| known < row);
            self.put_rows(base, from..to);
            from = to + usize::from(rows.get(to) == Some(row));
            chunk.iter().for_each(|chunk| self.put_chunk(chunk));
        }
        self.put_rows(base, from..rows.len());
    }

    /// Puts all events of a chunk on it.
    pub(super) fn put_chunk(&mut self, chunk: &Chunk) {
        self.put_rows(chunk, 0..chunk.rows.len());
    }

    /// Puts all events of some rows of a chunk on it, by the indices of the rows.
    fn put_rows(&mut self, chunk: &Chunk, rows: Range<usize>) {
        if rows.is_empty() {
            return;
        }
        let start = chunk.events_at(rows.start).places().start;
        let mut end = start;
        for index in rows {
            let events = chunk.events_at(index);
            self.rows.extend(std::iter::repeat_n(chunk.rows[index], events.len()));
            end = events.places().end;
        }
        self.put_places(chunk, start..end);
    }

    /// Puts all events of a row on it.
    pub(super) fn put_events(&mut self, row: u16, events: Events<'_>) {
        self.rows.extend(std::iter::repeat_n(row, events.len()));
        self.put_places(events.chunk(), events.places());
    }

    /// The times of some places of a chunk, and what they say.
    fn put_places(&mut self, chunk: &Chunk, places: Range<usize>) {
        self.times.extend(places.clone().map(|place| chunk.times.get(place)));
        for (property, column) in &chunk.columns {
            let said = places.clone().map(|place| (column.values.get(place), column.has(place)));
            self.say(*property, said, places.len());
        }
    }

    /// The column of a property, as long as so many events.
    fn column(&mut self, property: PropertyId, len: usize) -> &mut Said {
        let at = match self.columns.binary_search_by_key(&property, |(known, _)| *known) {
            Ok(at) => at,
            Err(at) => {
                let room = self.times.capacity();
                let said = Said { keys: Vec::with_capacity(room), present: Vec::with_capacity(room) };
                self.columns.insert(at, (property, said));
                at
            }
        };
        let column = &mut self.columns[at].1;
        column.resize(len);
        column
    }

    /// The chunk; none when there are no events.
    pub(super) fn lay(self) -> Option<Chunk> {
        self.lay_since(i64::MIN)
    }

    /// The chunk of those from an instant on; none when there are none.
    pub(super) fn lay_since(mut self, first: i64) -> Option<Chunk> {
        // A pile has far fewer events than u32 counts: they lay in memory, many bytes each.
        let kept = (0..).zip(&self.times).filter(|(_, time)| **time >= first);
        let mut order: Vec<(u16, u32)> = kept.map(|(at, _)| (self.rows[at as usize], at)).collect();
        sort_by_key(&mut order, &mut Vec::new(), u16::MAX.into(), |(row, _)| (*row).into());
        let (mut rows, mut ends) = (Vec::new(), Vec::new());
        for same in order.chunk_by_mut(|left, right| left.0 == right.0) {
            // Stable: of one instant those that are on the pile first come first.
            same.sort_by_key(|(_, at)| Reverse(self.times[*at as usize]));
            rows.push(same[0].0);
            ends.push(ends.last().copied().unwrap_or(0) + same.len() as i64);
        }
        if order.is_empty() {
            return None;
        }
        let len = self.len();
        let times: Vec<i64> = order.iter().map(|(_, at)| self.times[*at as usize]).collect();
        let columns = self.columns.iter_mut().filter_map(|(property, said)| {
            said.resize(len);
            let said = order.iter().map(|(_, at)| (said.keys[*at as usize], said.present[*at as usize]));
            Some((*property, PropertyColumn::new(said)?))
        });
        Some(Chunk {
            columns: columns.collect(),
            rows: rows.into(),
            ends: Packed::new(&ends),
            times: Packed::new(&times),
            latest: Latest::default(),
            moments: Moments::default(),
            selected: Selected::default(),
        })
    }
}
