//! Events brought into the next view: each for the row of its profile, profiles made for those whom nobody knows.

use std::collections::HashMap;

use arrow_array::StringArray;
use arrow_buffer::BooleanBuffer;

use super::batch::{Batch, ImportMode};
use super::writer::{SHARED_ROWS_MIN, Writer, too_many_profiles};
use crate::block::{Words, split};
use crate::error::Result;
use crate::event::{Coming, EventBatch, EventCounts, EventEditor, EventRefusal, EventTerms, Placed, kept_from};
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
        let mut coming = EventEditor::coming(batch, &places);
        let known_ids = self.known_ids(&mut coming);
        counts.duplicates = known_ids.len() as u64;
        let places = without(places, &known_ids, batch.len());
        counts.accepted = places.len() as u64;
        let rows = self.rows_for(batch, &places, known, &mut counts);
        self.mark_events(&rows);
        let types: Vec<EventTypeId> = places.iter().filter_map(|at| types[*at as usize]).collect();
        let mut last = None;
        for kind in &types {
            if last.replace(*kind) != Some(*kind) {
                self.event_types.insert(*kind);
            }
        }
        self.events().take(&mut coming, batch, &Placed { places, rows, types });
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

    /// Places of ids that events of people have who are there; the others are known from now on.
    fn known_ids(&mut self, coming: &mut [Coming]) -> Vec<u32> {
        self.events();
        let (Some(events), live) = (&mut self.events, &self.live) else { return Vec::new() };
        events.remember(coming, &|row| live.contains(row))
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
        mut known: Vec<Option<u32>>,
        counts: &mut EventCounts,
    ) -> Vec<u32> {
        let missing: Vec<usize> = places.iter().map(|at| *at as usize).filter(|at| known[*at].is_none()).collect();
        if !missing.is_empty() {
            let first = self.ids.len();
            let rows = self.ids.intern_all(missing.len(), |index| batch.profiles.value(missing[index]).as_bytes());
            let mut firsts = Vec::new();
            for (at, row) in missing.into_iter().zip(rows) {
                known[at] = Some(row);
                // Numbers are given in the order in which ids come first.
                if (row - first) as usize == firsts.len() {
                    firsts.push(at);
                }
            }
            self.create(batch, first, &firsts);
            counts.profiles_created = firsts.len() as u64;
        }
        places.iter().map(|at| known[*at as usize].unwrap_or(u32::MAX)).collect()
    }

    /// Makes profiles, `first` and those after it, for the events at some places.
    fn create(&mut self, batch: &EventBatch, first: u32, places: &[usize]) {
        let ids = StringArray::from_iter_values(places.iter().map(|at| batch.profiles.value(*at)));
        let numbers = batch.number_profiles.as_ref();
        let number_ids = numbers.map(|numbers| places.iter().map(|at| numbers.value(*at)).collect::<BooleanBuffer>());
        self.rows_written += places.len() as u64;
        let says_nothing = vec![None; self.fields.len()];
        self.append(&Batch { ids, number_ids, columns: Vec::new() }, first, &says_nothing, ImportMode::Merge);
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

/// Places of a batch of some length without some of them.
fn without(places: Vec<u32>, dropped: &[u32], len: usize) -> Vec<u32> {
    if dropped.is_empty() {
        return places;
    }
    let mut is_dropped = vec![false; len];
    dropped.iter().for_each(|at| is_dropped[*at as usize] = true);
    places.into_iter().filter(|at| !is_dropped[*at as usize]).collect()
}
