//! The next events: what came, gathered by block and type, and laid when there is enough of it or when all has come.

use std::collections::BTreeMap;
use std::sync::Arc;

use rayon::prelude::*;

use super::batch::{EventBatch, PropertyValues};
use super::coming_ids::{Coming, ComingIds};
use super::data::EventData;
use super::pile::{Parcel, Pile, Said};
use super::run::Run;
use super::schema::EventSchema;
use super::values::keys;
use crate::block::{BLOCK_ROWS, split};
use crate::column::{Dict, sort_by_key};
use crate::error::{Error, Problem, Result};
use crate::id::{EventTypeId, PropertyId};
use crate::limits::RETENTION_DAYS_MAX;
use crate::time::Timestamp;

/// Events of one block and type that wait as they came; more are packed.
const LOOSE_MAX: usize = 1 << 14;

/// Events of one block and type that are packed right away where so many come together.
const PACKED_MIN: usize = 1 << 10;

/// A row is laid beside the others when these are so many times as many as what has come for all rows.
const BESIDE_FACTOR: usize = 16;

/// Events of so many batches and more are made ready by all threads.
const SHARED_EVENTS_MIN: usize = 4_096;

/// Microseconds of a day.
const DAY: i64 = 86_400_000_000;

/// A group of runs, what waits for it, and the places of the batch that are added.
type GroupJob<'a> = (Group, Pending, &'a [(u32, u32)]);

/// Events in the making. One that is dropped has changed nothing.
#[derive(Debug)]
pub(crate) struct EventEditor {
    data: EventData,
    pending: BTreeMap<Group, Pending>,
    coming: ComingIds,
}

/// A block, and a type of events.
type Group = (u32, EventTypeId);

/// Events of one block and type that have come.
#[derive(Debug, Default)]
struct Pending {
    /// The first of them, in order of arrival.
    parcels: Vec<Parcel>,
    /// Those after these.
    loose: Pile,
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
        Self { data, pending: BTreeMap::new(), coming: ComingIds::default() }
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

    /// Ids at some places of a batch, ascending, those of a piece together and in order of arrival.
    pub(crate) fn coming(batch: &EventBatch, places: &[u32]) -> Vec<Coming> {
        let one = |at: &u32| Coming::new(*at, batch.ids.value(*at as usize));
        let mut coming: Vec<Coming> = if places.len() < SHARED_EVENTS_MIN {
            places.iter().map(one).collect()
        } else {
            places.par_iter().map(one).collect()
        };
        sort_by_key(&mut coming, &mut Vec::new(), u8::MAX.into(), |coming| coming.piece().into());
        coming
    }

    /// Remembers ids that no event has of anybody who is there; returns the places of the others.
    pub(crate) fn remember(&mut self, coming: &mut [Coming], is_live: &(impl Fn(u32) -> bool + Sync)) -> Vec<u32> {
        self.coming.add(coming, &self.data.ids, is_live)
    }

    /// Takes events of a batch whose ids it remembers.
    pub(crate) fn take(&mut self, coming: &mut [Coming], batch: &EventBatch, placed: &Placed) {
        let mut rows = vec![0; batch.len()];
        placed.places.iter().zip(&placed.rows).for_each(|(at, row)| rows[*at as usize] = *row);
        let mut ids = std::mem::take(&mut self.coming);
        if coming.len() < SHARED_EVENTS_MIN {
            ids.tell(coming, &rows);
            self.put(batch, placed);
        } else {
            rayon::join(|| ids.tell(coming, &rows), || self.put(batch, placed));
        }
        self.coming = ids;
    }

    fn put(&mut self, batch: &EventBatch, placed: &Placed) {
        let columns = self.columns(batch, &placed.places);
        let group = |at: usize| (split(placed.rows[at]).0, placed.types[at]);
        // There are at most 65,536 blocks, and far fewer types; events of a batch are far fewer than u32 counts.
        let types = self.data.schema.types().len() as u32;
        let number = |(block, kind): Group| block * types + kind.index() as u32;
        let mut order: Vec<(u32, u32)> = (0..placed.places.len()).map(|at| (number(group(at)), at as u32)).collect();
        let greatest = order.iter().map(|(number, _)| *number).max().unwrap_or(0);
        sort_by_key(&mut order, &mut Vec::new(), greatest.into(), |(number, _)| (*number).into());
        let groups = order.chunk_by(|left, right| left.0 == right.0);
        let mut jobs: Vec<GroupJob<'_>> = groups
            .map(|same| {
                let key = group(same[0].1 as usize);
                (key, self.pending.remove(&key).unwrap_or_default(), same)
            })
            .collect();
        let take = |(_, pending, same): &mut GroupJob<'_>| {
            pending.take(same, batch, placed, &columns);
        };
        if order.len() < SHARED_EVENTS_MIN {
            jobs.iter_mut().for_each(take);
        } else {
            jobs.par_iter_mut().for_each(take);
        }
        self.pending.extend(jobs.into_iter().map(|(key, pending, _)| (key, pending)));
    }

    /// What the events at some places of a batch say.
    fn columns(&mut self, batch: &EventBatch, places: &[u32]) -> Vec<(PropertyId, Said)> {
        let mut read: Vec<(PropertyId, &PropertyValues, Dict, Said)> = Vec::with_capacity(batch.properties.len());
        for values in &batch.properties {
            let Some(id) = self.data.schema.find_property(&values.name).map(|property| property.id) else { continue };
            // Of two columns with one name, which nobody sends, the first counts: each dictionary is lent once.
            if read.iter().all(|(known, ..)| *known != id) {
                read.push((id, values, std::mem::take(&mut self.data.dicts[id.index()]), Said::default()));
            }
        }
        let each = |(_, values, dict, said): &mut (PropertyId, &PropertyValues, Dict, Said)| {
            *said = keys(dict, values, places);
        };
        if places.len() < SHARED_EVENTS_MIN {
            read.iter_mut().for_each(each);
        } else {
            read.par_iter_mut().for_each(each);
        }
        let back = |(id, _, dict, said): (PropertyId, &PropertyValues, Dict, Said)| {
            self.data.dicts[id.index()] = dict;
            (id, said)
        };
        read.into_iter().map(back).collect()
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
                *run = Run::of(Pile::of_run(run).lay_since(before));
                self.drop_empty(number);
            }
        }
        rows
    }

    /// All events, with those that have come.
    pub(crate) fn finish(mut self) -> EventData {
        let pending: Vec<(Group, Pending)> = std::mem::take(&mut self.pending).into_iter().collect();
        self.data.ids.lay(std::mem::take(&mut self.coming));
        let data = &self.data;
        let lay = |(key, pending): (Group, Pending)| (key, pending.laid(data.run(key.0, key.1)));
        let laid: Vec<(Group, Run)> =
            if pending.iter().map(|(_, events)| events.len()).sum::<usize>() < SHARED_EVENTS_MIN {
                pending.into_iter().map(lay).collect()
            } else {
                pending.into_par_iter().map(lay).collect()
            };
        for ((block, kind), run) in laid {
            *self.data.block_mut(block).run_mut(kind) = run;
        }
        self.data
    }
}

impl Pending {
    fn len(&self) -> usize {
        self.loose.len() + self.parcels.iter().map(Parcel::len).sum::<usize>()
    }

    /// Takes some events of a batch, by their places among those that are placed.
    fn take(&mut self, same: &[(u32, u32)], batch: &EventBatch, placed: &Placed, columns: &[(PropertyId, Said)]) {
        let places = same.iter().map(|(_, at)| *at as usize);
        let rows = places.clone().map(|at| split(placed.rows[at]).1);
        let times = places.clone().map(|at| batch.times.value(placed.places[at] as usize));
        let said = columns
            .iter()
            .map(|(property, said)| (*property, places.clone().map(|at| (said.keys[at], said.present[at]))));
        if same.len() >= PACKED_MIN {
            self.pack();
            self.parcels.push(Parcel::new(rows.collect(), &times.collect::<Vec<_>>(), said));
            return;
        }
        rows.zip(times).for_each(|(row, time)| self.loose.push(row, time));
        for (property, said) in said {
            if said.clone().any(|(_, present)| present) {
                self.loose.say(property, said, same.len());
            }
        }
        if self.loose.len() >= LOOSE_MAX {
            self.pack();
        }
    }

    /// Packs those that wait as they came.
    fn pack(&mut self) {
        if self.loose.len() > 0 {
            self.parcels.push(std::mem::take(&mut self.loose).pack());
        }
    }

    /// A run with these events.
    fn laid(mut self, run: Option<&Run>) -> Run {
        self.pack();
        let is_whole = run.is_none_or(|run| self.len() * BESIDE_FACTOR >= run.len());
        let mut pile = Pile::with_room(self.len() + run.filter(|_| is_whole).map_or(0, Run::len));
        self.parcels.iter().rev().for_each(|parcel| pile.put_reversed(parcel));
        let Some(run) = run else { return Run::of(pile.lay()) };
        if is_whole {
            pile.put_run(run);
            return Run::of(pile.lay());
        }
        let mut run = run.clone();
        if let Some(fresh) = pile.lay() {
            fresh.each_row(|row, events| run.put_beside(row, events));
        }
        run
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
