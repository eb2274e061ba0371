//! The next events: what came, gathered by block and type, and laid when there is enough of it or when all has come.

use std::collections::BTreeMap;
use std::sync::Arc;

use rayon::prelude::*;

use super::batch::{EventBatch, PropertyValues};
use super::data::EventData;
use super::ids::IdDigest;
use super::merge::{Arrivals, Gathered};
use super::run::Run;
use super::schema::EventSchema;
use super::values::keys;
use crate::block::{BLOCK_ROWS, split};
use crate::error::{Error, Problem, Result};
use crate::id::{EventTypeId, PropertyId};
use crate::limits::RETENTION_DAYS_MAX;
use crate::time::Timestamp;

/// Events of one block and type that are gathered at least before they are laid: laying copies all that lie there.
const GATHERED_MIN: usize = 1 << 15;

/// More are gathered where many lie: one for so many of them, so that an event is copied a few times only.
const LYING_FOR_ONE: usize = 4;

/// A row is laid beside the others when these are so many times as many as what has come for all rows.
const BESIDE_FACTOR: usize = 16;

/// Events of so many batches and more are made ready by all threads.
const SHARED_EVENTS_MIN: usize = 4_096;

/// Microseconds of a day.
const DAY: i64 = 86_400_000_000;

/// Events in the making. One that is dropped has changed nothing.
#[derive(Debug)]
pub(crate) struct EventEditor {
    data: EventData,
    pending: BTreeMap<(u32, EventTypeId), Arrivals>,
}

/// Events of a batch that are taken, and the rows of their profiles.
#[derive(Debug, Default)]
pub(crate) struct Placed {
    /// Places in the batch, ascending.
    pub(crate) places: Vec<u32>,
    /// Of each the row of its profile.
    pub(crate) rows: Vec<u32>,
    /// Of each its type.
    pub(crate) types: Vec<EventTypeId>,
}

impl EventEditor {
    pub(crate) fn new(data: EventData) -> Self {
        Self { data, pending: BTreeMap::new() }
    }

    pub(crate) fn schema(&self) -> &Arc<EventSchema> {
        &self.data.schema
    }

    /// The schema with the properties of a batch; none when it has them all.
    ///
    /// # Errors
    /// `Conflict` with `schema_changed` when one is of another type by now.
    pub(crate) fn schema_for(&self, batch: &EventBatch) -> Result<Option<EventSchema>> {
        let mut grown: Option<EventSchema> = None;
        for PropertyValues { name, kind, .. } in &batch.properties {
            let known = grown.as_ref().unwrap_or(&self.data.schema);
            if known.find_property(name).is_some_and(|property| property.kind == *kind) {
                continue;
            }
            let schema = grown.get_or_insert_with(|| (*self.data.schema).clone());
            schema.add_property(name, *kind).map_err(|why| {
                Error::Conflict(Problem::new("", "schema_changed", format!("{why}; send the events again")))
            })?;
        }
        Ok(grown)
    }

    pub(crate) fn set_schema(&mut self, schema: EventSchema) {
        self.data.set_schema(Arc::new(schema));
    }

    /// Digests of the ids at some places of a batch, ascending, each with its place; of equal ones the first is first.
    pub(crate) fn digests(batch: &EventBatch, places: &[u32]) -> Vec<(IdDigest, u32)> {
        let digest = |at: &u32| (IdDigest::of(batch.ids.value(*at as usize)), *at);
        if places.len() < SHARED_EVENTS_MIN {
            let mut digests: Vec<_> = places.iter().map(digest).collect();
            digests.sort_unstable();
            return digests;
        }
        let mut digests: Vec<_> = places.par_iter().map(digest).collect();
        digests.par_sort_unstable();
        digests
    }

    /// The row of the profile whose event has an id.
    pub(crate) fn row_of(&self, id: IdDigest) -> Option<u32> {
        self.data.ids.row(id)
    }

    /// Remembers ids, ascending.
    pub(crate) fn remember(&mut self, ids: &[(IdDigest, u32)]) {
        self.data.ids.extend(ids);
    }

    /// Takes events of a batch.
    pub(crate) fn put(&mut self, batch: &EventBatch, placed: &Placed) {
        let columns: Vec<(PropertyId, Vec<Option<i64>>)> = batch
            .properties
            .iter()
            .filter_map(|values| {
                let property = self.data.schema.find_property(&values.name)?.id;
                Some((property, keys(&mut self.data.dicts[property.index()], values, &placed.places)))
            })
            .collect();
        let mut order: Vec<u32> = (0..placed.places.len() as u32).collect();
        let group = |at: u32| (split(placed.rows[at as usize]).0, placed.types[at as usize]);
        order.sort_by_key(|at| group(*at));
        for same in order.chunk_by(|left, right| group(*left) == group(*right)) {
            let key = group(same[0]);
            let arrivals = self.pending.entry(key).or_default();
            for &at in same {
                let at = at as usize;
                arrivals.rows.push(split(placed.rows[at]).1);
                arrivals.times.push(batch.times.value(placed.places[at] as usize));
                let last = arrivals.times.len() - 1;
                for (property, values) in &columns {
                    if let Some(value) = values[at] {
                        let column = arrivals.column(*property);
                        column.resize(last, None);
                        column.push(Some(value));
                    }
                }
            }
            let lying = self.data.run(key.0, key.1).map_or(0, Run::len);
            if arrivals.rows.len() >= GATHERED_MIN.max(lying / LYING_FOR_ONE) {
                let arrivals = std::mem::take(arrivals);
                self.pending.remove(&key);
                lay(self.data.block_mut(key.0).run_mut(key.1), &arrivals);
            }
        }
    }

    /// Takes away all events of a row; says how many there were.
    pub(crate) fn erase(&mut self, row: u32) -> u64 {
        let (number, offset) = split(row);
        let has_events =
            self.data.block(number).is_some_and(|block| block.runs().any(|(_, run)| run.row(offset).is_some()));
        if !has_events {
            return 0;
        }
        let block = self.data.block_mut(number);
        let mut erased = 0;
        for (_, run) in &mut block.runs {
            let count = run.row(offset).map_or(0, |events| events.len() as u64);
            if count > 0 {
                erased += count;
                let run = Arc::make_mut(run);
                run.put_row(offset, None);
                // What was theirs is not to stay behind others.
                run.lay();
            }
        }
        self.drop_empty(number);
        erased
    }

    fn drop_empty(&mut self, block: u32) {
        self.data.block_mut(block).runs.retain(|(_, run)| !run.is_empty());
        if self.data.block_mut(block).runs.is_empty()
            && let Some(block) = self.data.blocks.get_mut(block as usize)
        {
            *block = None;
        }
    }

    /// Takes away events that are older than their type is kept; returns the rows that had some.
    pub(crate) fn expire(&mut self, now: Timestamp) -> Vec<u32> {
        let mut rows = Vec::new();
        let types = self.data.schema.types().to_vec();
        for (kind, before) in types.iter().filter_map(|kind| Some((kind.id, kept_from(now, kind.retention_days)?))) {
            for number in 0..self.data.block_count() {
                let old = self.data.run(number, kind).map(|run| rows_with_older(run, before)).unwrap_or_default();
                if old.is_empty() {
                    continue;
                }
                rows.extend(old.iter().map(|row| number * BLOCK_ROWS as u32 + u32::from(*row)));
                let run = self.data.block_mut(number).run_mut(kind);
                *run = Run::of(Gathered::since(run, before).finish());
                self.drop_empty(number);
            }
        }
        rows
    }

    /// All events, with those that have come.
    pub(crate) fn finish(mut self) -> EventData {
        let pending = std::mem::take(&mut self.pending);
        for ((block, kind), arrivals) in pending {
            lay(self.data.block_mut(block).run_mut(kind), &arrivals);
        }
        self.data
    }
}

/// Since when events are kept, in microseconds; none when all are.
pub(crate) fn kept_from(now: Timestamp, days: Option<u32>) -> Option<i64> {
    debug_assert!(days.is_none_or(|days| days <= RETENTION_DAYS_MAX));
    now.0.checked_sub(i64::from(days?) * DAY)
}

fn rows_with_older(run: &Run, before: i64) -> Vec<u16> {
    run.rows().filter(|(_, events)| events.time(events.len() - 1) < before).map(|(row, _)| row).collect()
}

/// Puts what has come into a run.
fn lay(run: &mut Run, arrivals: &Arrivals) {
    if arrivals.rows.len() * BESIDE_FACTOR >= run.len() {
        *run = Run::of(Gathered::merged(run, arrivals).finish());
        return;
    }
    let order = arrivals.in_order();
    for same in order.chunk_by(|left, right| arrivals.rows[*left as usize] == arrivals.rows[*right as usize]) {
        let row = arrivals.rows[same[0] as usize];
        let mut gathered = Gathered::default();
        gathered.merge_row(run.row(row), arrivals, same);
        gathered.end_row(row);
        run.put_row(row, gathered.finish());
    }
}
