//! All events of a tenant as they were at one version.

use std::sync::Arc;

use rayon::prelude::*;

use super::chunk::Events;
use super::ids::EventIds;
use super::run::Run;
use super::schema::EventSchema;
use super::values;
use crate::block::split;
use crate::column::Dict;
use crate::id::{EventTypeId, PropertyId, Row};
use crate::paged::Paged;
use crate::schema::Value;
use crate::time::Timestamp;

/// Blocks that are copied as pointers when one of them changes.
const SHARED: usize = 64;

/// The events of one block. A clone shares them.
#[derive(Debug, Clone, Default)]
pub struct BlockEvents {
    /// By type, those that have events only.
    pub(super) runs: Vec<(EventTypeId, Arc<Run>)>,
}

impl BlockEvents {
    /// Types of which there are events, and these, ascending by type.
    pub fn runs(&self) -> impl Iterator<Item = (EventTypeId, &Run)> {
        self.runs.iter().map(|(id, run)| (*id, &**run))
    }

    /// The events of a type.
    pub fn run(&self, id: EventTypeId) -> Option<&Run> {
        let at = self.runs.binary_search_by_key(&id, |(known, _)| *known).ok()?;
        Some(&self.runs[at].1)
    }

    /// The events of a type, to be changed.
    pub(super) fn run_mut(&mut self, id: EventTypeId) -> &mut Run {
        let at = match self.runs.binary_search_by_key(&id, |(known, _)| *known) {
            Ok(at) => at,
            Err(at) => {
                self.runs.insert(at, (id, Arc::default()));
                at
            }
        };
        Arc::make_mut(&mut self.runs[at].1)
    }
}

/// All events: schema, runs by block and type, dictionaries, ids. A clone shares everything, and what is published is
/// never changed.
#[derive(Debug, Clone, Default)]
pub struct EventData {
    pub(super) schema: Arc<EventSchema>,
    /// By property; empty where values are no codes.
    pub(super) dicts: Vec<Dict>,
    pub(super) blocks: Paged<Option<Arc<BlockEvents>>, SHARED>,
    pub(super) ids: EventIds,
}

/// One event, for whoever wants to see it.
#[derive(Debug, Clone, PartialEq)]
pub struct Event {
    /// Its type.
    pub kind: EventTypeId,
    /// When.
    pub time: Timestamp,
    /// What it says, `amount` first.
    pub properties: Vec<(PropertyId, Value)>,
}

impl EventData {
    /// Which types and properties there are.
    pub fn schema(&self) -> &Arc<EventSchema> {
        &self.schema
    }

    /// Whether nobody has an event.
    pub fn is_empty(&self) -> bool {
        self.blocks.iter().all(Option::is_none)
    }

    /// Blocks beyond this number have no events.
    pub fn block_count(&self) -> u32 {
        // Blocks are numbered by u32.
        self.blocks.len() as u32
    }

    /// The events of a block.
    pub fn block(&self, block: u32) -> Option<&BlockEvents> {
        self.blocks.get(block as usize)?.as_deref()
    }

    /// The events of one type in a block: what most questions are about.
    pub fn run(&self, block: u32, id: EventTypeId) -> Option<&Run> {
        self.block(block)?.run(id)
    }

    /// The events of one profile and type, the newest first.
    pub fn of_row(&self, row: Row, id: EventTypeId) -> Option<Events<'_>> {
        let (block, offset) = split(row.0);
        self.run(block, id)?.row(offset)
    }

    /// How many events of a type there are.
    pub fn count(&self, id: EventTypeId) -> u64 {
        self.blocks.iter().flatten().filter_map(|block| block.run(id)).map(|run| run.len() as u64).sum()
    }

    /// How many events there are.
    pub fn len(&self) -> u64 {
        self.blocks.iter().flatten().flat_map(|block| block.runs()).map(|(_, run)| run.len() as u64).sum()
    }

    /// The texts that codes of a property stand for; a set is one text, so ask [`Self::value`] what it holds. Empty for
    /// properties whose values are no codes.
    pub fn dictionary(&self, property: PropertyId) -> Option<&Dict> {
        self.dicts.get(property.index())
    }

    /// The value that a property's `i64` stands for.
    pub fn value(&self, property: PropertyId, key: i64) -> Value {
        values::value(self.schema.property(property).kind, self.dicts.get(property.index()), key)
    }

    /// The events of a profile, of one type or of all, the newest first: so many after so many others.
    pub fn of_profile(&self, row: Row, kind: Option<EventTypeId>, skip: usize, limit: usize) -> Vec<Event> {
        let (number, offset) = split(row.0);
        let Some(block) = self.block(number) else { return Vec::new() };
        let wanted = block.runs().filter(|(id, _)| kind.is_none_or(|kind| kind == *id));
        let mut all: Vec<(i64, EventTypeId, usize, Events<'_>)> = Vec::new();
        for (id, events) in wanted.filter_map(|(id, run)| Some((id, run.row(offset)?))) {
            // Nobody needs more of one type than are asked for of all.
            let needed = events.len().min(skip.saturating_add(limit));
            all.extend((0..needed).map(|k| (events.time(k), id, k, events)));
        }
        all.sort_unstable_by_key(|(time, id, k, _)| (std::cmp::Reverse(*time), *id, *k));
        let event = |(time, kind, k, events): (i64, EventTypeId, usize, Events<'_>)| {
            let place = events.places().start + k;
            let columns = events.chunk().columns.iter();
            let said = columns.filter_map(|(property, column)| Some((*property, column.get(place)?)));
            let properties = said.map(|(property, key)| (property, self.value(property, key))).collect();
            Event { kind, time: Timestamp(time), properties }
        };
        all.into_iter().skip(skip).take(limit).map(event).collect()
    }

    /// How many events a profile has.
    pub fn count_of(&self, row: Row) -> u64 {
        let (block, offset) = split(row.0);
        let runs = self.block(block).into_iter().flat_map(|block| block.runs());
        runs.filter_map(|(_, run)| run.row(offset)).map(|events| events.len() as u64).sum()
    }

    /// Gives them a schema that has grown.
    pub(crate) fn set_schema(&mut self, schema: Arc<EventSchema>) {
        self.dicts.resize_with(schema.properties().len(), Dict::default);
        self.schema = schema;
    }

    /// A block to be changed.
    pub(super) fn block_mut(&mut self, block: u32) -> &mut BlockEvents {
        let index = block as usize;
        self.blocks.grow_to(index + 1, &None);
        match self.blocks.get_mut(index) {
            Some(block) => Arc::make_mut(block.get_or_insert_default()),
            None => unreachable!("it has just grown"),
        }
    }

    /// The ids of all events.
    pub fn ids(&self) -> &EventIds {
        &self.ids
    }

    /// Heap bytes, as far as they are not shared between properties.
    pub fn bytes(&self) -> usize {
        let runs =
            self.blocks.iter().flatten().flat_map(|block| block.runs()).map(|(_, run)| run.bytes()).sum::<usize>();
        runs + self.ids.bytes() + self.dicts.iter().map(Dict::bytes).sum::<usize>() + self.blocks.bytes()
    }

    /// Of each property with a dictionary the codes that no event has.
    pub(super) fn unused_codes(&self, property: PropertyId) -> Vec<u32> {
        let Some(dict) = self.dicts.get(property.index()) else { return Vec::new() };
        let mut is_used = vec![false; dict.len() as usize];
        for (_, run) in self.blocks.iter().flatten().flat_map(|block| block.runs()) {
            run.each_row(|_, events| {
                let Some(column) = events.chunk().column(property) else { return };
                for code in events.places().filter_map(|place| column.get(place)) {
                    if let Some(is_used) = usize::try_from(code).ok().and_then(|code| is_used.get_mut(code)) {
                        *is_used = true;
                    }
                }
            });
        }
        dict.iter().map(|(code, _)| code).filter(|code| !is_used[*code as usize]).collect()
    }

    /// The same without texts that no event has, and without ids of people who are gone.
    pub(crate) fn swept(mut self, live: &crate::block::Set) -> Self {
        let coded = self.schema.properties().iter().filter(|property| values::is_coded(property.kind));
        let unused: Vec<(PropertyId, Vec<u32>)> = coded
            .map(|property| property.id)
            .collect::<Vec<_>>()
            .into_par_iter()
            .map(|id| (id, self.unused_codes(id)))
            .collect();
        for (property, codes) in unused {
            codes.iter().for_each(|code| self.dicts[property.index()].remove(*code));
        }
        self.ids = self.ids.of_live(live);
        self
    }
}
