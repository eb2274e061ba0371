//! A view as the sections of a checkpoint, and back. What each of them holds says `column::layout`.

use std::sync::Arc;

use rayon::prelude::*;

use super::field::FieldData;
use super::view::{Versions, View};
use crate::column::layout::{self, TABLE, of_field};
use crate::column::{Dict, DictStamp, read_sets, write_sets};
use crate::error::Result;
use crate::schema::Schema;
use crate::shared::bytes_of;
use crate::store::checkpoint::{FileWriter, SHARD_BLOCKS, Sections, Shards};

/// Tells whether something of a view has changed since another view of the same table; holds none of its data.
#[derive(Debug, Clone)]
pub struct Stamp {
    schema: Arc<Schema>,
    /// Of ids and of each field that has one.
    dictionaries: Vec<DictStamp>,
    blocks: Arc<[u64]>,
}

impl Stamp {
    /// Whether the dictionaries and the schema are still those of an older stamp.
    pub fn has_dictionaries_of(&self, older: &Self) -> bool {
        self.schema.id_name() == older.schema.id_name()
            && self.schema.fields() == older.schema.fields()
            && self.dictionaries == older.dictionaries
    }

    /// Whether the rows of a shard are still those of an older stamp.
    pub fn has_shard_of(&self, older: &Self, shard: u32) -> bool {
        let blocks = |stamp: &Self| {
            let from = stamp.blocks.len().min((shard * SHARD_BLOCKS) as usize);
            let to = stamp.blocks.len().min(((shard + 1) * SHARD_BLOCKS) as usize);
            stamp.blocks[from..to].to_vec()
        };
        blocks(self) == blocks(older)
    }
}

fn dicts(view: &View) -> impl Iterator<Item = &Dict> {
    std::iter::once(&view.ids).chain(view.fields.iter().filter_map(|field| field.column.dict()))
}

/// Places in the schema are below FIELDS_MAX, far below u16::MAX.
fn numbered(view: &View) -> impl Iterator<Item = (u16, &FieldData)> {
    (0..).zip(view.fields.iter().map(|field| &**field))
}

impl View {
    /// What tells this view from later ones.
    pub fn stamp(&self) -> Stamp {
        let dictionaries = dicts(self).map(Dict::stamp).collect();
        Stamp { schema: self.schema.clone(), dictionaries, blocks: self.versions.blocks().clone() }
    }

    /// Shards that hold rows.
    pub fn shard_count(&self) -> u32 {
        self.block_count().div_ceil(SHARD_BLOCKS)
    }

    /// Writes the columns and indexes of the rows of a shard.
    ///
    /// # Errors
    /// `Io` when the system refuses.
    pub fn write_shard(&self, out: &mut FileWriter<'_>, shard: u32) -> Result<()> {
        write_sets(out, (TABLE, layout::LIVE), shard, std::iter::once((0, &self.live)))?;
        write_sets(out, (TABLE, layout::NUMBER_IDS), shard, std::iter::once((0, &self.number_ids)))?;
        numbered(self).try_for_each(|(field, data)| data.write_shard(out, field, shard))
    }

    /// Writes ids and dictionaries.
    ///
    /// # Errors
    /// `Io` when the system refuses.
    pub fn write_dictionaries(&self, out: &mut FileWriter<'_>) -> Result<()> {
        out.put(of_field(TABLE, layout::WORDY_IDS), bytes_of(&[u32::from(self.has_wordy_ids)]))?;
        self.ids.write(out, TABLE)?;
        numbered(self).try_for_each(|(field, data)| data.write_dictionary(out, field))
    }

    /// A view as it was written.
    ///
    /// # Errors
    /// `Corrupt` for sections that were not written so.
    pub fn read(schema: Arc<Schema>, dictionaries: &Sections, shards: Vec<Sections>) -> Result<Self> {
        let ids = Dict::read(dictionaries, TABLE)?;
        let block_count = ids.len().div_ceil(crate::block::BLOCK_ROWS as u32);
        let shards = Shards::new(shards, block_count);
        let fields: Result<Vec<Arc<FieldData>>> = schema
            .fields()
            .par_iter()
            .map(|field| FieldData::read(field.kind, field.id.0, dictionaries, &shards).map(Arc::new))
            .collect();
        let one = |part| Ok::<_, crate::error::Error>(read_sets(&shards, (TABLE, part), 1)?.pop().unwrap_or_default());
        let wordy: &[u32] = dictionaries.values(of_field(TABLE, layout::WORDY_IDS))?.unwrap_or_default();
        let view = Self {
            live: one(layout::LIVE)?,
            number_ids: one(layout::NUMBER_IDS)?,
            fields: fields?,
            has_wordy_ids: wordy != [0],
            versions: Versions::default().after(|_| true, block_count),
            schema,
            ids,
            written: Default::default(),
        };
        if view.live.rows_after(view.row_count().checked_sub(1), 1).is_empty() {
            return Ok(view);
        }
        Err(dictionaries.malformed(of_field(TABLE, layout::TEXT_PAGES), "there are more rows than ids"))
    }
}
