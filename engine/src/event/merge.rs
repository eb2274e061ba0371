//! Chunks in the making: events row by row, gathered from those that are there and those that come.

use super::chunk::{Chunk, Events, PropertyColumn};
use super::latest::Latest;
use super::packed::Packed;
use super::run::Run;
use super::selected::Selected;
use crate::id::PropertyId;

/// Events on their way into a chunk, rows ascending and each row's newest first.
#[derive(Debug, Default)]
pub(super) struct Gathered {
    rows: Vec<u16>,
    ends: Vec<i64>,
    times: Vec<i64>,
    /// Of each property one value for each event so far, or fewer: the rest has none.
    columns: Vec<(PropertyId, Vec<Option<i64>>)>,
}

/// Events of one type and block that have just come, in order of arrival, columns side by side.
#[derive(Debug, Default)]
pub(super) struct Arrivals {
    pub(super) rows: Vec<u16>,
    pub(super) times: Vec<i64>,
    /// Each with its place, where there is a value.
    pub(super) columns: Vec<(PropertyId, Vec<Option<i64>>)>,
}

impl Arrivals {
    /// The value column of a property, as long as the events before the newest.
    pub(super) fn column(&mut self, property: PropertyId) -> &mut Vec<Option<i64>> {
        let at = match self.columns.binary_search_by_key(&property, |(known, _)| *known) {
            Ok(at) => at,
            Err(at) => {
                self.columns.insert(at, (property, Vec::new()));
                at
            }
        };
        &mut self.columns[at].1
    }

    /// Places of events by row, each row's newest first; of several at one instant the one that came last.
    pub(super) fn in_order(&self) -> Vec<u32> {
        // Pending events of a block are far fewer than u32 counts.
        let mut order: Vec<u32> = (0..self.rows.len() as u32).collect();
        order.sort_unstable_by_key(|at| {
            let index = *at as usize;
            (self.rows[index], std::cmp::Reverse((self.times[index], *at)))
        });
        order
    }
}

impl Gathered {
    /// What a run has.
    pub(super) fn of_run(run: &Run) -> Self {
        let mut gathered = Self::default();
        for (row, events) in run.rows() {
            gathered.keep(events, 0..events.len());
            gathered.end_row(row);
        }
        gathered
    }

    /// The times of a chunk's events whose places pass.
    pub(super) fn selected(chunk: &Chunk, mut passes: impl FnMut(usize) -> bool) -> Self {
        let mut gathered = Self::default();
        chunk.each_row(|row, events| {
            gathered.times.extend(events.places().filter(|place| passes(*place)).map(|place| chunk.time(place)));
            gathered.end_row(row);
        });
        gathered
    }

    /// What a run has from an instant on.
    pub(super) fn since(run: &Run, first: i64) -> Self {
        let mut gathered = Self::default();
        for (row, events) in run.rows() {
            gathered.keep(events, 0..events.between(first, i64::MAX).len());
            gathered.end_row(row);
        }
        gathered
    }

    /// What a run has and what has come, merged.
    pub(super) fn merged(run: &Run, arrivals: &Arrivals) -> Self {
        let mut gathered = Self::default();
        let order = arrivals.in_order();
        let mut fresh =
            order.chunk_by(|left, right| arrivals.rows[*left as usize] == arrivals.rows[*right as usize]).peekable();
        let row_of = |group: &[u32]| arrivals.rows[group[0] as usize];
        for (row, events) in run.rows() {
            while let Some(group) = fresh.next_if(|group| row_of(group) < row) {
                gathered.merge_row(None, arrivals, group);
                gathered.end_row(row_of(group));
            }
            match fresh.next_if(|group| row_of(group) == row) {
                Some(group) => gathered.merge_row(Some(events), arrivals, group),
                None => gathered.keep(events, 0..events.len()),
            }
            gathered.end_row(row);
        }
        for group in fresh {
            gathered.merge_row(None, arrivals, group);
            gathered.end_row(row_of(group));
        }
        gathered
    }

    /// One row's events with those that have come.
    pub(super) fn merge_row(&mut self, known: Option<Events<'_>>, arrivals: &Arrivals, fresh: &[u32]) {
        let mut kept = 0;
        for &at in fresh {
            let at = at as usize;
            if let Some(events) = known {
                let later = events.later_than(arrivals.times[at]);
                self.keep(events, kept..later);
                kept = later;
            }
            self.times.push(arrivals.times[at]);
            for (property, values) in &arrivals.columns {
                if let Some(value) = values.get(at).copied().flatten() {
                    self.set(*property, value);
                }
            }
        }
        if let Some(events) = known {
            self.keep(events, kept..events.len());
        }
    }

    /// Takes over some of a row's events.
    pub(super) fn keep(&mut self, events: Events<'_>, range: std::ops::Range<usize>) {
        let from = self.times.len();
        self.times.extend(range.clone().map(|k| events.time(k)));
        let start = events.places().start;
        for (property, column) in &events.chunk().columns {
            let to = self.column(*property);
            to.resize(from, None);
            to.extend(range.clone().map(|k| column.get(start + k)));
        }
    }

    /// The value of the newest event.
    fn set(&mut self, property: PropertyId, value: i64) {
        let last = self.times.len() - 1;
        let column = self.column(property);
        column.resize(last, None);
        column.push(Some(value));
    }

    fn column(&mut self, property: PropertyId) -> &mut Vec<Option<i64>> {
        let at = match self.columns.binary_search_by_key(&property, |(known, _)| *known) {
            Ok(at) => at,
            Err(at) => {
                self.columns.insert(at, (property, Vec::new()));
                at
            }
        };
        &mut self.columns[at].1
    }

    /// Ends a row; one without events is left out.
    pub(super) fn end_row(&mut self, row: u16) {
        let end = self.times.len() as i64;
        if end > self.ends.last().copied().unwrap_or_default() {
            self.rows.push(row);
            self.ends.push(end);
        }
    }

    /// The chunk; none when there are no events.
    pub(super) fn finish(self) -> Option<Chunk> {
        let len = self.times.len();
        if len == 0 {
            return None;
        }
        let columns = self.columns.into_iter().filter_map(|(property, mut values)| {
            values.resize(len, None);
            Some((property, PropertyColumn::new(&values)?))
        });
        Some(Chunk {
            columns: columns.collect(),
            rows: self.rows.into(),
            ends: Packed::new(&self.ends),
            times: Packed::new(&self.times),
            latest: Latest::default(),
            selected: Selected::default(),
        })
    }
}
