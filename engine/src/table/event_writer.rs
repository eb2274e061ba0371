//! Events brought into the next view: each for the row of its profile, profiles made for those whom nobody knows.

use std::collections::HashMap;
use std::sync::atomic::{AtomicBool, Ordering};

use arrow_array::StringArray;
use arrow_buffer::BooleanBuffer;
use rayon::prelude::*;

use super::batch::{Batch, ImportMode};
use super::writer::{SHARED_ROWS_MIN, Writer, too_many_profiles};
use crate::block::{Words, split};
use crate::error::Result;
use crate::event::{EventBatch, EventCounts, EventEditor, EventRefusal, EventTerms, IdDigest, Placed, kept_from};
use crate::id::{EventTypeId, Row};
use crate::limits::{PROBLEMS_MAX, PROFILES_MAX};
use crate::time::Timestamp;

/// A type of event, and since when its events are kept; none when all are.
type Taken = (EventTypeId, Option<i64>);

impl Writer {
    /// Takes events. Of several with the same id the first counts, whatever the others say.
    ///
    /// # Errors
    /// `Invalid` for a batch that nobody can apply, `Conflict` with `schema_changed` when a property is of another type by
    /// now, `Limit` when there would be too many profiles; the writer is as before then.
    pub fn add_events(&mut self, batch: &EventBatch, terms: EventTerms) -> Result<EventCounts> {
        batch.check()?;
        if u64::from(self.ids.len()) + batch.len() as u64 > PROFILES_MAX {
            return Err(too_many_profiles());
        }
        let grown = self.events().schema_for(batch)?;
        if let Some(schema) = grown {
            self.events().set_schema(schema);
        }
        let mut counts = EventCounts::default();
        let types = self.event_types(batch, terms, &mut counts);
        let known = self.known_rows(batch);
        let is_known = |at: &u32| terms.creates_profiles || known[*at as usize].is_some();
        // Events of a batch are far fewer than u32 counts.
        let typed = (0..batch.len() as u32).filter(|at| types[*at as usize].is_some());
        let (places, strangers): (Vec<u32>, Vec<u32>) = typed.partition(is_known);
        counts.refused.extend(strangers.iter().map(|at| (u64::from(*at), EventRefusal::UnknownProfile)));
        counts.refused.sort_unstable_by_key(|(at, _)| *at);
        counts.refused_total = counts.refused.len() as u64;
        counts.refused.truncate(PROBLEMS_MAX);
        let mut fresh = EventEditor::digests(batch, &places);
        let all = fresh.len();
        fresh.dedup_by_key(|(id, _)| *id);
        let again = self.drop_known(&mut fresh);
        counts.duplicates = (all - fresh.len()) as u64;
        counts.accepted = fresh.len() as u64;
        let mut is_taken = vec![false; batch.len()];
        fresh.iter().for_each(|(_, at)| is_taken[*at as usize] = true);
        let places: Vec<u32> = (0..).zip(is_taken).filter(|(_, is_taken)| *is_taken).map(|(at, _)| at).collect();
        let rows = self.rows_for(batch, &places, known, &mut counts)?;
        let mut row_of_place = vec![0; batch.len()];
        places.iter().zip(&rows).for_each(|(at, row)| row_of_place[*at as usize] = *row);
        let ids: Vec<_> = fresh.into_iter().map(|(id, at)| (id, row_of_place[at as usize])).collect();
        self.mark_events(&rows);
        let types: Vec<EventTypeId> = places.iter().filter_map(|at| types[*at as usize]).collect();
        let mut last = None;
        for kind in &types {
            if last.replace(*kind) != Some(*kind) {
                self.event_types.insert(*kind);
            }
        }
        self.events().take((&ids, again), batch, &Placed { places, rows, types });
        Ok(counts)
    }

    /// Notes whose events are others now.
    fn mark_events(&mut self, rows: &[u32]) {
        // Rows of a batch are anywhere, so few would be of the block of the last.
        let mut blocks: Vec<Option<Box<Words>>> = Vec::new();
        for row in rows {
            let (block, offset) = split(*row);
            let block = block as usize;
            if block >= blocks.len() {
                blocks.resize_with(block + 1, || None);
            }
            blocks[block].get_or_insert_with(Words::boxed).insert(offset);
        }
        for (block, words) in (0..).zip(blocks).filter_map(|(block, words)| Some((block, words?))) {
            self.event_rows.get(block, Words::boxed).or(&words);
        }
    }

    /// Drops the ids that events of people have who are there; says whether others are known.
    fn drop_known(&mut self, fresh: &mut Vec<(IdDigest, u32)>) -> bool {
        let is_shared = fresh.len() >= SHARED_ROWS_MIN;
        self.events();
        let (Some(events), live) = (&self.events, &self.live) else { return false };
        let are_known = AtomicBool::new(false);
        let is_new = |(id, _): &(IdDigest, u32)| match events.row_of(*id) {
            Some(row) if live.contains(row) => false,
            Some(_) => {
                are_known.store(true, Ordering::Relaxed);
                true
            }
            None => true,
        };
        if is_shared {
            *fresh = std::mem::take(fresh).into_par_iter().filter(is_new).collect();
        } else {
            fresh.retain(is_new);
        }
        are_known.into_inner()
    }

    /// The types of events, new ones added; none of those that are refused, which are noted.
    fn event_types(
        &mut self,
        batch: &EventBatch,
        terms: EventTerms,
        counts: &mut EventCounts,
    ) -> Vec<Option<EventTypeId>> {
        let mut schema = None;
        let mut known: HashMap<&str, Option<Taken>> = HashMap::new();
        let mut last: Option<(&str, Option<Taken>)> = None;
        let mut types = Vec::with_capacity(batch.len());
        for at in 0..batch.len() {
            let name = batch.types.value(at);
            let found = match last {
                Some((same, found)) if same == name => found,
                _ => *known.entry(name).or_insert_with(|| {
                    let events = self.events().schema();
                    let known = events.find_type(name).map(|known| known.id);
                    let id = known.or_else(|| schema.get_or_insert_with(|| (**events).clone()).add_type(name).ok())?;
                    let days = known.and_then(|id| events.event_type(id).retention_days);
                    Some((id, kept_from(terms.now, days)))
                }),
            };
            last = Some((name, found));
            let refusal = match found {
                None => Some(EventRefusal::BadType),
                Some((_, Some(since))) if batch.times.value(at) < since => Some(EventRefusal::TooOld),
                Some(_) => None,
            };
            counts.refused.extend(refusal.map(|refusal| (at as u64, refusal)));
            types.push(found.filter(|_| refusal.is_none()).map(|(id, _)| id));
        }
        if let Some(schema) = schema {
            self.events().set_schema(schema);
        }
        types
    }

    /// The rows of profiles that are there.
    fn known_rows(&self, batch: &EventBatch) -> Vec<Option<u32>> {
        let id = |at: usize| batch.profiles.value(at).as_bytes();
        if batch.len() < SHARED_ROWS_MIN {
            return (0..batch.len()).map(|at| self.ids.code(id(at))).collect();
        }
        self.ids.codes(batch.len(), id)
    }

    /// The rows of the profiles of some events; profiles that are not there are made.
    fn rows_for(
        &mut self,
        batch: &EventBatch,
        places: &[u32],
        known: Vec<Option<u32>>,
        counts: &mut EventCounts,
    ) -> Result<Vec<u32>> {
        let missing: Vec<usize> = places.iter().map(|at| *at as usize).filter(|at| known[*at].is_none()).collect();
        if !missing.is_empty() {
            let mut firsts: HashMap<&str, usize> = HashMap::new();
            let firsts: Vec<usize> =
                missing.into_iter().filter(|at| firsts.insert(batch.profiles.value(*at), *at).is_none()).collect();
            let ids = StringArray::from_iter_values(firsts.iter().map(|at| batch.profiles.value(*at)));
            let numbers = batch.number_profiles.as_ref();
            let number_ids =
                numbers.map(|numbers| firsts.iter().map(|at| numbers.value(*at)).collect::<BooleanBuffer>());
            let created = Batch { ids, number_ids, columns: Vec::new() };
            counts.profiles_created = self.upsert(&created, ImportMode::Merge)?.inserted;
        }
        let row = |at: &u32| {
            let at = *at as usize;
            known[at].or_else(|| self.ids.code(batch.profiles.value(at).as_bytes())).unwrap_or(u32::MAX)
        };
        Ok(places.iter().map(row).collect())
    }

    /// Takes away events that are older than their type is kept; says whose.
    pub fn expire_events(&mut self, now: Timestamp) -> u64 {
        let mut rows = self.events().expire(now);
        self.event_types.extend(self.base.events.schema().types().iter().map(|known| known.id));
        for row in &rows {
            let (block, offset) = split(*row);
            self.event_rows.get(block, Words::boxed).insert(offset);
        }
        rows.sort_unstable();
        rows.dedup();
        rows.len() as u64
    }

    /// Takes away the events of somebody who is erased; says how many there were.
    pub(super) fn erase_events(&mut self, row: Row) -> u64 {
        if self.base.events.is_empty() && self.events.is_none() {
            return 0;
        }
        self.events().erase(row.0)
    }

    /// The events in the making.
    fn events(&mut self) -> &mut EventEditor {
        self.events.get_or_insert_with(|| EventEditor::new((*self.base.events).clone()))
    }
}
