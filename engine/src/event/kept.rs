//! Events as the sections of a checkpoint, and back.
//!
//! A run is one section: numbers that say how long everything is, then rows, then which events have values, then the
//! packed numbers. What changed beside a run's chunk is laid while it is written, so that nobody who was erased and
//! nothing that was replaced is in a file.

use std::ops::Range;
use std::sync::{Arc, Weak};

use rayon::prelude::*;

use super::chunk::{Chunk, PropertyColumn};
use super::data::{BlockEvents, EventData};
use super::ids::{EventIds, ID_PIECES, IdsStamp};
use super::latest::Latest;
use super::moments::Moments;
use super::packed::Packed;
use super::run::Run;
use super::schema::EventSchema;
use super::selected::Selected;
use super::values::is_coded;
use crate::column::Dict;
use crate::column::layout::{self, TABLE, of_block};
use crate::error::{Error, Result};
use crate::id::{EventTypeId, PropertyId};
use crate::shared::{Shared, bytes_of, slice_of};
use crate::store::checkpoint::{Dictionaries, FileKind, FileWriter, SectionId, Sections};

/// Numbers before those of a run's properties: rows, properties, and two heads.
const HEAD: usize = 2 + 4 + 4;

/// Numbers of a property: which, whether all events have it, and its head.
const COLUMN_HEAD: usize = 2 + 4;

/// Ids that a file is to have, about: fewer files are synced sooner, larger ones are written for one new id.
const IDS_A_FILE: u64 = 1 << 16;

/// The section of a piece of ids.
fn id_part(piece: u16) -> SectionId {
    of_block(TABLE, layout::EVENT_IDS, piece.into())
}

/// The sections of one before ids were packed.
fn loose_id_parts(piece: u16) -> [SectionId; 3] {
    [layout::EVENT_ID_ENDS, layout::EVENT_ID_DIGESTS, layout::EVENT_ID_ROWS]
        .map(|part| of_block(TABLE, part, piece.into()))
}

/// Pieces of ids that are a file of a checkpoint together.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct IdsFile {
    first: u16,
    pieces: u16,
}

impl IdsFile {
    /// The number of the file: those that are cut otherwise have others.
    pub fn number(self) -> u32 {
        u32::from(self.pieces) << 16 | u32::from(self.first)
    }

    fn pieces(self) -> Range<u16> {
        self.first..self.first + self.pieces
    }
}

/// Tells whether events have changed since; holds none of them.
#[derive(Debug, Clone, Default)]
pub struct EventStamp {
    blocks: Vec<Option<Weak<BlockEvents>>>,
    ids: IdsStamp,
}

impl EventStamp {
    /// Whether the events of some blocks are still those of an older stamp.
    pub fn has_blocks_of(&self, older: &Self, blocks: Range<u32>) -> bool {
        let same = |block: u32| {
            let of = |stamp: &Self| stamp.blocks.get(block as usize).cloned().flatten();
            match (of(self), of(older)) {
                (Some(now), Some(before)) => now.ptr_eq(&before),
                (now, before) => now.is_none() && before.is_none(),
            }
        };
        blocks.into_iter().all(same)
    }

    /// Whether the ids of a file are still those of an older stamp.
    pub fn has_ids_of(&self, older: &Self, file: IdsFile) -> bool {
        file.pieces().all(|piece| self.ids.has_piece_of(&older.ids, piece))
    }
}

/// The number under which a property's dictionary is written: fields are far fewer.
fn dictionary_number(property: PropertyId) -> u16 {
    layout::EVENT_PROPERTIES + property.0
}

impl EventData {
    /// What tells these from later ones.
    pub fn stamp(&self) -> EventStamp {
        let blocks = self.blocks.iter().map(|block| block.as_ref().map(Arc::downgrade)).collect();
        EventStamp { blocks, ids: self.ids.stamp() }
    }

    /// The dictionaries of properties, each with the number under which it is written.
    pub fn numbered_dictionaries(&self) -> impl Iterator<Item = (u16, &Dict)> {
        let coded = self.schema.properties().iter().filter(|property| is_coded(property.kind));
        coded.filter_map(|property| Some((dictionary_number(property.id), self.dicts.get(property.id.index())?)))
    }

    /// Whether some blocks have events.
    pub fn has_any(&self, mut blocks: Range<u32>) -> bool {
        blocks.any(|block| self.block(block).is_some())
    }

    /// Writes the events of some blocks.
    ///
    /// # Errors
    /// `Io` when the system refuses.
    pub fn write_blocks(&self, out: &mut FileWriter<'_>, blocks: Range<u32>) -> Result<()> {
        for number in blocks {
            for (id, run) in self.block(number).into_iter().flat_map(BlockEvents::runs) {
                let laid = if run.changed.is_empty() { None } else { run.laid_anew() };
                let Some(chunk) = laid.as_ref().or(run.base.as_deref()).filter(|_| !run.is_empty()) else { continue };
                write_chunk(out, of_block(id.0, layout::EVENT_RUN, number), chunk)?;
            }
        }
        Ok(())
    }

    /// The files of the ids.
    pub fn ids_files(&self) -> impl Iterator<Item = IdsFile> {
        // Powers of two, so that few lengths lead to other files than before.
        let pieces = (ID_PIECES as u64 * IDS_A_FILE / self.ids.len().max(1)).clamp(1, ID_PIECES as u64);
        let pieces = (1 << pieces.ilog2()) as u16;
        let files = (0..ID_PIECES as u16).step_by(usize::from(pieces)).map(move |first| IdsFile { first, pieces });
        files.filter(|file| self.ids.pieces().any(|piece| file.pieces().contains(&piece)))
    }

    /// Writes a file of the ids.
    ///
    /// # Errors
    /// `Io` when the system refuses.
    pub fn write_ids(&self, out: &mut FileWriter<'_>, file: IdsFile) -> Result<()> {
        file.pieces().try_for_each(|piece| self.ids.write_piece(out, piece, id_part(piece)))
    }

    /// Events as they were written: files of events and of ids.
    ///
    /// # Errors
    /// `Corrupt` for sections that were not written so.
    pub fn read(schema: Arc<EventSchema>, dictionaries: &Dictionaries, files: &[Sections]) -> Result<Self> {
        let mut data = Self::default();
        data.set_schema(schema);
        for property in data.schema.properties().iter().filter(|property| is_coded(property.kind)) {
            data.dicts[property.id.index()] = Dict::read(dictionaries, dictionary_number(property.id))?;
        }
        let mut ids = EventIds::default();
        for file in files {
            if file.file().kind == FileKind::EventIds {
                for id in file.ids() {
                    let piece = u16::try_from(id.block).unwrap_or(u16::MAX);
                    match id.part {
                        layout::EVENT_IDS => ids.read_piece(file, piece, id_part(piece))?,
                        layout::EVENT_ID_ENDS => ids.read_loose_piece(file, piece, loose_id_parts(piece))?,
                        _ => {}
                    }
                }
            } else {
                data.read_blocks(file)?;
            }
        }
        data.ids = ids;
        Ok(data)
    }

    fn read_blocks(&mut self, file: &Sections) -> Result<()> {
        let runs = file.ids().filter(|id| id.part == layout::EVENT_RUN).collect::<Vec<_>>();
        let chunks: Result<Vec<Chunk>> = runs.par_iter().map(|id| read_chunk(file, *id)).collect();
        for (id, chunk) in runs.into_iter().zip(chunks?) {
            let is_known =
                |(property, _): &(PropertyId, PropertyColumn)| property.index() < self.schema.properties().len();
            if usize::from(id.field) >= self.schema.types().len() || !chunk.columns.iter().all(is_known) {
                return Err(file.malformed(id, "there is no such type of events, or no such property"));
            }
            *self.block_mut(id.block).run_mut(EventTypeId(id.field)) = Run::of(Some(chunk));
        }
        Ok(())
    }
}

fn write_chunk(out: &mut FileWriter<'_>, id: SectionId, chunk: &Chunk) -> Result<()> {
    let mut head = vec![chunk.rows.len() as u64, chunk.columns.len() as u64];
    head.extend(chunk.ends.head());
    head.extend(chunk.times.head());
    for (property, column) in &chunk.columns {
        head.extend([u64::from(property.0), u64::from(column.present.is_some())]);
        head.extend(column.values.head());
    }
    // Rows begin a whole number of words, and what follows them as well.
    let gap = [0u8; 8];
    let gap = &gap[..(2 * chunk.rows.len()).next_multiple_of(8) - 2 * chunk.rows.len()];
    let present = chunk.columns.iter().filter_map(|(_, column)| column.present.as_ref()).map(|bits| bytes_of(bits));
    let values = chunk.columns.iter().map(|(_, column)| column.values.payload());
    let parts = [bytes_of(&head), bytes_of(&chunk.rows), gap].into_iter().chain(present);
    out.put_parts(id, parts.chain([chunk.ends.payload(), chunk.times.payload()]).chain(values))
}

fn read_chunk(file: &Sections, id: SectionId) -> Result<Chunk> {
    let malformed = || file.malformed(id, "a run of events is not as long as it says");
    parse_chunk(file.bytes(id)?.unwrap_or_default()).ok().flatten().ok_or_else(malformed)
}

/// What [`write_chunk`] wrote; an error or nothing for other bytes.
fn parse_chunk(bytes: &'static [u8]) -> Result<Option<Chunk>> {
    let mut rest = bytes;
    let Some(head) = words(&mut rest, HEAD) else { return Ok(None) };
    let [rows, columns] = [head[0], head[1]].map(|count| usize::try_from(count).unwrap_or(usize::MAX));
    let Some(heads) = columns.checked_mul(COLUMN_HEAD).and_then(|count| words(&mut rest, count)) else {
        return Ok(None);
    };
    let Some(rows) = rows.checked_mul(2).and_then(|length| take(&mut rest, length)) else { return Ok(None) };
    let Some(rows) = slice_of::<u16>(rows) else { return Ok(None) };
    take(&mut rest, (2 * rows.len()).next_multiple_of(8) - 2 * rows.len());
    let four = |words: &[u64]| words.first_chunk().copied().unwrap_or_default();
    let events = usize::try_from(head[9]).unwrap_or(usize::MAX);
    let (heads, _) = heads.as_chunks::<COLUMN_HEAD>();
    let mut present = Vec::with_capacity(heads.len());
    for head in heads {
        let bits = if head[1] == 0 { Some(None) } else { words(&mut rest, events.div_ceil(64)).map(Some) };
        let Some(bits) = bits else { return Ok(None) };
        present.push(bits.map(Shared::lasting));
    }
    let (ends, times) = (Packed::read(four(&head[2..]), &mut rest)?, Packed::read(four(&head[6..]), &mut rest)?);
    let mut columns = Vec::with_capacity(heads.len());
    for (head, present) in heads.iter().zip(present) {
        let property = PropertyId(u16::try_from(head[0]).unwrap_or(u16::MAX));
        columns.push((property, PropertyColumn { values: Packed::read(four(&head[2..]), &mut rest)?, present }));
    }
    let chunk = Chunk {
        rows: Shared::lasting(rows),
        ends,
        times,
        columns,
        latest: Latest::default(),
        moments: Moments::default(),
        selected: Selected::default(),
    };
    Ok((rest.is_empty() && chunk.is_whole()).then_some(chunk))
}

fn take(rest: &mut &'static [u8], length: usize) -> Option<&'static [u8]> {
    let (taken, after) = rest.split_at_checked(length)?;
    *rest = after;
    Some(taken)
}

fn words(rest: &mut &'static [u8], count: usize) -> Option<&'static [u64]> {
    slice_of(take(rest, count.checked_mul(8)?)?)
}

impl Chunk {
    /// Whether its parts fit each other, so that every place that it leads to is there.
    pub(super) fn is_whole(&self) -> bool {
        let mut end = 0;
        let ends_ascend = (0..self.ends.len()).all(|index| {
            let before = std::mem::replace(&mut end, self.ends.get(index));
            before < end
        });
        ends_ascend
            && self.ends.len() == self.rows.len()
            && usize::try_from(end).is_ok_and(|end| end == self.len())
            && self.rows.is_sorted_by(|left, right| left < right)
            && self.columns.is_sorted_by(|(left, _), (right, _)| left < right)
            && self.columns.iter().all(|(_, column)| column.values.len() == self.len())
    }
}

impl EventData {
    /// Whether runs are in order, rows of events and of their ids are live, and ids are as many as events or more.
    ///
    /// # Errors
    /// `Corrupt`, naming what disagrees.
    pub fn verify(&self, live: &crate::block::Set) -> Result<()> {
        let corrupt = |what: String| Err(Error::Corrupt(format!("events: {what}")));
        for number in 0..self.block_count() {
            for (id, run) in self.block(number).into_iter().flat_map(BlockEvents::runs) {
                let name = &self.schema.event_type(id).name;
                if run.is_empty() || run.rows().map(|(_, events)| events.len()).sum::<usize>() != run.len() {
                    return corrupt(format!("a run of \"{name}\" in block {number} is not as long as it says"));
                }
                let chunks = run.base.iter().chain(run.changed.iter().filter_map(|(_, chunk)| chunk.as_ref()));
                if !chunks.into_iter().all(|chunk| chunk.is_whole()) {
                    return corrupt(format!("a run of \"{name}\" in block {number} does not fit itself"));
                }
                for (offset, events) in run.rows() {
                    let row = number * crate::block::BLOCK_ROWS as u32 + u32::from(offset);
                    if !live.contains(row) {
                        return corrupt(format!("row {row} has events of \"{name}\" but no profile"));
                    }
                    if (1..events.len()).any(|k| events.time(k) > events.time(k - 1)) {
                        return corrupt(format!("events of \"{name}\" of row {row} are not the newest first"));
                    }
                }
            }
        }
        let known = self.ids.rows().filter(|row| live.contains(*row)).count() as u64;
        if !self.ids.is_in_order() || known < self.len() {
            return corrupt(format!("there are {} of them, and {known} ids", self.len()));
        }
        Ok(())
    }
}
