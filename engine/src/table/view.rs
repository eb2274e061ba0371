//! All profiles of a tenant as they were at one version.

use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

use rayon::prelude::*;

use super::field::FieldData;
use super::lazy::{Damage, Lazy};
use crate::block::Set;
use crate::column::{Dict, hash};
use crate::enrich::Enrichment;
use crate::error::{Error, Result};
use crate::event::{EventData, EventSchema};
use crate::id::{FieldId, Row};
use crate::schema::Schema;

/// An immutable table. A clone shares everything.
#[derive(Debug, Clone, Default)]
pub struct View {
    pub(super) schema: Arc<Schema>,
    /// External ids; the number of an id is its row.
    pub(super) ids: Lazy<Dict>,
    /// Rows ever given.
    pub(super) rows: u32,
    pub(super) live: Set,
    /// Rows whose id came as a number.
    pub(super) number_ids: Set,
    pub(super) fields: Vec<Lazy<FieldData>>,
    /// Whether an id was ever given that is not all digits.
    pub(super) has_wordy_ids: bool,
    pub(super) versions: Versions,
    /// The same of columns alone: what events change is in files of its own.
    pub(super) column_versions: Versions,
    /// What the profiles did.
    pub(super) events: Arc<EventData>,
    /// Fields that are made from it, and from other fields.
    pub(super) enrichment: Arc<Enrichment>,
    /// Rows in which something changed since whoever publishes views last took them ([`View::take_written`]).
    pub(super) written: Set,
    /// Of what was read from a checkpoint.
    pub(super) damage: Damage,
}

/// Numbers that no two views share unless they hold the same profiles.
#[derive(Debug, Clone, Default)]
pub(super) struct Versions {
    generation: u64,
    /// By block, the generation in which it was changed last.
    blocks: Arc<[u64]>,
}

/// Generations given so far, of all tables: what a cache holds of one is never taken for another's.
static GENERATIONS: AtomicU64 = AtomicU64::new(0);

impl Versions {
    pub(super) fn blocks(&self) -> &Arc<[u64]> {
        &self.blocks
    }

    /// After a change of some blocks.
    pub(super) fn after(&self, changed: impl Fn(u32) -> bool, block_count: u32) -> Self {
        let generation = 1 + GENERATIONS.fetch_add(1, Ordering::Relaxed);
        let version = |block: u32| match self.blocks.get(block as usize) {
            Some(version) if !changed(block) => *version,
            _ => generation,
        };
        Self { generation, blocks: (0..block_count).map(version).collect() }
    }
}

impl View {
    /// The fields there are.
    pub fn schema(&self) -> &Arc<Schema> {
        &self.schema
    }

    /// The rows of live profiles: the population of every count.
    pub fn live(&self) -> &Set {
        &self.live
    }

    /// Rows ever given; blocks beyond them are empty.
    pub fn row_count(&self) -> u32 {
        self.rows
    }

    /// Blocks that hold rows.
    pub fn block_count(&self) -> u32 {
        self.rows.div_ceil(crate::block::BLOCK_ROWS as u32)
    }

    /// What the profiles did: events by block, type and row.
    pub fn events(&self) -> &EventData {
        &self.events
    }

    /// Gives the table another schema of events: one that has grown, or in which events are kept for other times.
    #[must_use]
    pub fn with_event_schema(mut self, schema: EventSchema) -> Self {
        Arc::make_mut(&mut self.events).set_schema(Arc::new(schema));
        self
    }

    /// A number that changes whenever a profile or what it did does.
    pub fn generation(&self) -> u64 {
        self.versions.generation
    }

    /// A number that changes whenever a profile of the block, or what it did, does.
    pub fn block_version(&self, block: u32) -> u64 {
        self.versions.blocks.get(block as usize).copied().unwrap_or(0)
    }

    /// The row of a live profile.
    pub fn row(&self, id: &str) -> Option<Row> {
        self.ids.code(id.as_bytes()).map(Row)
    }

    /// The external id of a live profile.
    pub fn id(&self, row: Row) -> &str {
        std::str::from_utf8(self.ids.text(row.0)).unwrap_or_default()
    }

    /// A fixed hash of a live profile's id: the same forever.
    pub fn id_hash(&self, row: Row) -> u32 {
        hash(self.ids.text(row.0))
    }

    /// Whether a live profile's id came as a number.
    pub fn has_number_id(&self, row: Row) -> bool {
        self.number_ids.contains(row.0)
    }

    /// Whether every id ever given is all digits, so that an id of letters is a mistyped one.
    pub fn has_numeric_ids(&self) -> bool {
        !self.has_wordy_ids
    }

    /// The rows in which something changed since this was last asked, profiles that came and went included.
    pub fn take_written(&mut self) -> Set {
        std::mem::take(&mut self.written)
    }

    /// Reads what nobody has asked for yet of a view that lies in a checkpoint.
    ///
    /// # Errors
    /// As [`Self::check_damage`].
    pub fn read_all(&self) -> Result<()> {
        // Each part is read by one thread, see `lazy`.
        rayon::join(|| self.ids.len(), || self.fields.par_iter().for_each(|field| _ = &**field));
        self.check_damage()
    }

    /// Whether all that was read so far of a checkpoint is what was written: an answer from this view that was found
    /// before this was asked came from good bytes only.
    ///
    /// # Errors
    /// `Corrupt`, naming file and offset of what is damaged.
    pub fn check_damage(&self) -> Result<()> {
        self.damage.check()
    }

    /// Says that something is damaged that this view was read from.
    pub fn note_damage(&self, error: Error) {
        self.damage.note(Err(error), || ());
    }

    /// One field's data.
    pub fn field(&self, id: FieldId) -> &FieldData {
        &self.fields[id.index()]
    }

    /// Gives the table another schema: one that has grown, or in which unused fields changed their type.
    #[must_use]
    pub fn with_schema(mut self, schema: Arc<Schema>) -> Self {
        for field in schema.fields() {
            let fresh = || Lazy::from(FieldData::new(field.kind));
            match self.fields.get_mut(field.id.index()) {
                None => self.fields.push(fresh()),
                Some(data) if self.schema.field(field.id).kind != field.kind => *data = fresh(),
                Some(_) => {}
            }
        }
        self.schema = schema;
        self
    }

    /// Heap bytes of columns and indexes, shared parts counted once for this view.
    pub fn bytes(&self) -> usize {
        let fields = self.fields.iter().map(|field| field.bytes()).sum::<usize>();
        self.ids.bytes() + self.live.bytes() + fields + self.events.bytes()
    }
}
