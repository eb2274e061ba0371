//! A view as the sections of a checkpoint, and back. What each of them holds says `column::layout`.

use std::ops::Range;
use std::sync::Arc;

use super::field::FieldData;
use super::lazy::{Damage, Lazy};
use super::view::{Versions, View};
use crate::column::layout::{self, TABLE, of_field};
use crate::column::{Dict, DictStamp, read_sets, write_sets};
use crate::error::Result;
use crate::event::{EventData, EventStamp};
use crate::schema::Schema;
use crate::shared::bytes_of;
use crate::store::checkpoint::{CheckpointSizes, Dictionaries, FileId, FileKind, FileWriter, Sections, Shards};

/// Tells whether something of a view has changed since another view of the same table; holds none of its data.
#[derive(Debug, Clone)]
pub struct Stamp {
    schema: Arc<Schema>,
    /// Of each field that has one, and of ids.
    dictionaries: Vec<(u16, DictStamp)>,
    blocks: Arc<[u64]>,
    events: EventStamp,
}

impl Stamp {
    /// Whether the dictionaries and the schema are still those of an older stamp.
    pub fn has_dictionaries_of(&self, older: &Self) -> bool {
        self.schema.id_name() == older.schema.id_name()
            && self.schema.fields() == older.schema.fields()
            && self.dictionaries == older.dictionaries
    }

    /// Whether the rows of some blocks are still those of an older stamp.
    pub fn has_blocks_of(&self, older: &Self, blocks: Range<u32>) -> bool {
        let versions = |stamp: &Self| {
            let [from, to] = [blocks.start, blocks.end].map(|block| stamp.blocks.len().min(block as usize));
            stamp.blocks[from..to].to_vec()
        };
        versions(self) == versions(older)
    }

    /// What tells whether events have changed.
    pub fn events(&self) -> &EventStamp {
        &self.events
    }

    /// Whether a piece of a dictionary is still that of an older stamp, where pieces had the same size.
    pub fn has_piece_of(&self, older: &Self, piece: FileId, size: u32) -> bool {
        let of = |stamp: &Self| stamp.dictionaries.iter().position(|(field, _)| *field == piece.field());
        let stamps = of(self).zip(of(older)).map(|(at, old)| (&self.dictionaries[at].1, &older.dictionaries[old].1));
        stamps.is_some_and(|(stamp, older)| stamp.has_piece_of(older, piece.kind, piece.place(), size))
    }
}

/// The dictionaries of fields, those of properties of events, and then that of ids, each with its number.
fn dicts(view: &View) -> impl Iterator<Item = (u16, &Dict)> {
    let of_fields = numbered(view).filter_map(|(field, data)| Some((field, data.column.dict()?)));
    let ids: &Dict = &view.ids;
    of_fields.chain(view.events.numbered_dictionaries()).chain([(TABLE, ids)])
}

/// Places in the schema are below FIELDS_MAX, far below u16::MAX.
fn numbered(view: &View) -> impl Iterator<Item = (u16, &FieldData)> {
    (0..).zip(view.fields.iter().map(|field| &**field))
}

impl View {
    /// What tells this view from later ones.
    pub fn stamp(&self) -> Stamp {
        let dictionaries = dicts(self).map(|(field, dict)| (field, dict.stamp())).collect();
        Stamp {
            schema: self.schema.clone(),
            dictionaries,
            blocks: self.column_versions.blocks().clone(),
            events: self.events.stamp(),
        }
    }

    /// Writes the columns and indexes of the rows of a shard.
    ///
    /// # Errors
    /// `Io` when the system refuses.
    pub fn write_shard(&self, out: &mut FileWriter<'_>, blocks: Range<u32>) -> Result<()> {
        write_sets(out, (TABLE, layout::LIVE), blocks.clone(), std::iter::once((0, &self.live)))?;
        write_sets(out, (TABLE, layout::NUMBER_IDS), blocks.clone(), std::iter::once((0, &self.number_ids)))?;
        numbered(self).try_for_each(|(field, data)| data.write_shard(out, field, blocks.clone()))
    }

    /// The pieces of all dictionaries by kind, field and place, as files of a checkpoint.
    pub fn pieces(&self, size: u32, lsn: u64) -> impl Iterator<Item = FileId> {
        let of_kind = move |kind| dicts(self).map(move |(field, dict)| (kind, field, dict.piece_count(kind, size)));
        let counts = [FileKind::Texts, FileKind::Table].into_iter().flat_map(of_kind);
        counts.flat_map(move |(kind, field, count)| (0..count).map(move |place| FileId::piece(kind, field, place, lsn)))
    }

    /// Writes a piece of a dictionary.
    ///
    /// # Errors
    /// `Io` when the system refuses.
    pub fn write_piece(&self, out: &mut FileWriter<'_>, piece: FileId, size: u32) -> Result<()> {
        let dict = dicts(self).find(|(field, _)| *field == piece.field());
        dict.map_or(Ok(()), |(field, dict)| dict.write_piece(out, field, piece.kind, piece.place(), size))
    }

    /// Writes what is in no piece of ids and dictionaries.
    ///
    /// # Errors
    /// `Io` when the system refuses.
    pub fn write_dictionaries(&self, out: &mut FileWriter<'_>, sizes: CheckpointSizes) -> Result<()> {
        out.put(of_field(TABLE, layout::SIZES), bytes_of(&[sizes.shard_blocks, sizes.piece]))?;
        out.put(of_field(TABLE, layout::WORDY_IDS), bytes_of(&[u32::from(self.has_wordy_ids)]))?;
        self.ids.write_rest(out, TABLE, sizes.piece)?;
        let mut of_events = self.events.numbered_dictionaries();
        of_events.try_for_each(|(number, dict)| dict.write_rest(out, number, sizes.piece))?;
        numbered(self).try_for_each(|(field, data)| data.write_dictionary(out, field, sizes.piece))
    }

    /// A view as it was written; its fields and ids are read when they are asked for.
    ///
    /// # Errors
    /// `Corrupt` for sections that were not written so; what is found later, [`Self::check_damage`] says.
    pub fn read(
        schema: Arc<Schema>,
        dictionaries: &Arc<Dictionaries>,
        shards: Vec<Sections>,
        events: EventData,
    ) -> Result<Self> {
        let malformed = |why| dictionaries.main().malformed(of_field(TABLE, layout::TEXT_PAGES), why);
        let rows = u32::try_from(Dict::count(dictionaries, TABLE)).map_err(|_| malformed("there are too many ids"))?;
        let block_count = rows.div_ceil(crate::block::BLOCK_ROWS as u32);
        let shard_blocks = read_sizes(dictionaries.main())?.shard_blocks;
        let shards = Arc::new(Shards::new(shards, shard_blocks, block_count));
        let damage = Damage::default();
        let fields = schema.fields().iter().map(|field| {
            let (kind, number) = (field.kind, field.id.0);
            let (dictionaries, shards, damage) = (dictionaries.clone(), shards.clone(), damage.clone());
            Lazy::reading(move || {
                shards.will_need(number);
                damage.note(FieldData::read(kind, number, &dictionaries, &shards), || FieldData::new(kind))
            })
        });
        let ids = {
            let (dictionaries, damage) = (dictionaries.clone(), damage.clone());
            Lazy::reading(move || damage.note(Dict::read(&dictionaries, TABLE), Dict::default))
        };
        let one = |part| Ok::<_, crate::error::Error>(read_sets(&shards, (TABLE, part), 1)?.pop().unwrap_or_default());
        let wordy: &[u32] = dictionaries.main().values(of_field(TABLE, layout::WORDY_IDS))?.unwrap_or_default();
        let view = Self {
            live: one(layout::LIVE)?,
            number_ids: one(layout::NUMBER_IDS)?,
            fields: fields.collect(),
            has_wordy_ids: wordy != [0],
            versions: Versions::default().after(|_| true, block_count),
            column_versions: Versions::default().after(|_| true, block_count),
            events: Arc::new(events),
            enrichment: Default::default(),
            schema,
            ids,
            rows,
            written: Default::default(),
            damage,
        };
        if view.live.rows_after(rows.checked_sub(1), 1).is_empty() {
            return Ok(view);
        }
        Err(malformed("there are more rows than ids"))
    }
}

/// How a checkpoint is cut into files.
///
/// # Errors
/// `Corrupt` when it does not say so as it was written.
pub fn read_sizes(main: &Sections) -> Result<CheckpointSizes> {
    let id = of_field(TABLE, layout::SIZES);
    let Some(numbers) = main.values::<u32>(id)? else { return Ok(CheckpointSizes::FIRST) };
    match *numbers {
        [shard_blocks @ 1..=CheckpointSizes::SHARD_BLOCKS_MAX, piece @ 1..=u32::MAX] => {
            Ok(CheckpointSizes { shard_blocks, piece })
        }
        _ => Err(main.malformed(id, "a checkpoint is not cut so")),
    }
}
