//! Reading one file of a checkpoint: mapped, compared with its checksums, then used in place.

use bytes::Bytes;
use rayon::prelude::*;

use super::format::{ALIGNMENT, ENTRY_BYTES, FileEntry, FileId, FileKind, HEADER_BYTES, Header, Section, SectionId};
use crate::error::{Error, Result};
use crate::shared::{Plain, Shared, slice_of};
use crate::store::disk::{Disk, Mapping};

/// A mapped file whose header and table are good.
#[derive(Debug)]
pub struct CheckpointFile {
    id: FileId,
    mapping: Mapping,
    sections: Vec<Section>,
    length: u64,
    table_crc: u32,
}

/// An error that names file and offset.
pub(super) fn damage(file: FileId, offset: u64, why: &str) -> Error {
    Error::Corrupt(format!(
        "the checkpoint is damaged: {file} at byte {offset}: {why}; put the file back from a backup"
    ))
}

impl CheckpointFile {
    /// Maps a file and reads its table.
    ///
    /// # Errors
    /// `Corrupt` when it is not the file that was written, naming it and the offset; `Io` when the system refuses.
    pub fn open(disk: &dyn Disk, id: FileId) -> Result<Self> {
        let mapping = disk.map(&id.to_string()).map_err(|error| match error.kind() {
            std::io::ErrorKind::NotFound => damage(id, 0, "it is gone"),
            _ => Error::Io(format!("{id} cannot be read: {error}")),
        })?;
        let bytes = mapping.bytes();
        let header = Header::from_bytes(bytes).map_err(|why| damage(id, 0, &why))?;
        if header.file != id {
            return Err(damage(id, 0, "its header is another file's"));
        }
        let found = bytes.len() as u64;
        if header.length != found {
            return Err(damage(id, found, &format!("it has {found} bytes, {} were written", header.length)));
        }
        let table = usize::try_from(header.table).ok().and_then(|table| bytes.get(table..)).unwrap_or_default();
        if table.len() != header.sections as usize * ENTRY_BYTES || crc32c::crc32c(table) != header.table_crc {
            return Err(damage(id, header.table, "its table of sections is not what was written"));
        }
        let sections: Vec<Section> = table.as_chunks().0.iter().map(Section::from_bytes).collect();
        let lies_inside = |section: &Section| {
            let end = section.offset.checked_add(section.length);
            section.offset >= HEADER_BYTES as u64
                && section.offset.is_multiple_of(ALIGNMENT as u64)
                && end.is_some_and(|end| end <= header.table)
        };
        if !sections.iter().all(lies_inside) || !sections.is_sorted_by(|left, right| left.id < right.id) {
            return Err(damage(id, header.table, "its table of sections makes no sense"));
        }
        Ok(Self { id, mapping, sections, length: header.length, table_crc: header.table_crc })
    }

    /// The file as a manifest names it.
    pub fn entry(&self) -> FileEntry {
        FileEntry { id: self.id, length: self.length, table_crc: self.table_crc }
    }

    /// Compares all sections with their checksums.
    ///
    /// # Errors
    /// `Corrupt`, naming the first that differs.
    pub fn verify(&self) -> Result<()> {
        self.verify_gaps()?;
        let bad = self
            .sections
            .par_iter()
            .find_first(|section| crc32c::crc32c(section_bytes(self.mapping.bytes(), section)) != section.crc);
        bad.map_or(Ok(()), |section| Err(damage(self.id, section.offset, "the section there is not what was written")))
    }

    /// Whether nothing lies between the sections.
    fn verify_gaps(&self) -> Result<()> {
        let mut sections = self.sections.clone();
        sections.sort_unstable_by_key(|section| (section.offset, section.length));
        let table = self.length - (self.sections.len() * ENTRY_BYTES) as u64;
        let starts = sections.iter().map(|section| section.offset).chain([table]);
        let ends =
            [HEADER_BYTES as u64].into_iter().chain(sections.iter().map(|section| section.offset + section.length));
        for (end, start) in ends.zip(starts) {
            // Sections lie inside the file.
            let gap = self.mapping.bytes().get(end as usize..start as usize);
            if gap.is_none_or(|gap| gap.len() >= ALIGNMENT || gap.iter().any(|byte| *byte != 0)) {
                return Err(damage(self.id, end, "there is something between sections"));
            }
        }
        Ok(())
    }

    /// The sections, which stay mapped as long as one of them is held.
    pub fn share(self) -> SharedSections {
        SharedSections { id: self.id, bytes: Bytes::from_owner(self.mapping), table: self.sections }
    }

    /// The bytes of a section, if there is one of that name.
    pub(super) fn section(&self, id: SectionId) -> Option<&[u8]> {
        Some(section_bytes(self.mapping.bytes(), find(&self.sections, id)?))
    }

    /// An error about what a section holds.
    pub(super) fn malformed(&self, id: SectionId, why: &str) -> Error {
        damage(self.id, find(&self.sections, id).map_or(0, |section| section.offset), why)
    }

    /// The sections, which stay mapped as long as the process lives.
    pub fn keep(self) -> Sections {
        Sections { id: self.id, bytes: self.mapping.keep(), table: self.sections }
    }
}

/// The sections of a file that is unmapped with the last of them.
#[derive(Debug)]
pub struct SharedSections {
    id: FileId,
    bytes: Bytes,
    table: Vec<Section>,
}

impl SharedSections {
    /// The bytes of a section, if there is one of that name.
    pub fn bytes(&self, id: SectionId) -> Option<Bytes> {
        Some(self.bytes.slice_ref(section_bytes(&self.bytes, find(&self.table, id)?)))
    }

    /// An error about what a section holds.
    pub fn malformed(&self, id: SectionId, why: &str) -> Error {
        damage(self.id, find(&self.table, id).map_or(0, |section| section.offset), why)
    }
}

/// Opens a file that somebody names, and compares everything in it with its checksums.
///
/// # Errors
/// `Corrupt` when it is not what was written, naming it and the offset; `Io` when the system refuses.
pub fn open_file(disk: &dyn Disk, entry: &FileEntry) -> Result<CheckpointFile> {
    let file = CheckpointFile::open(disk, entry.id)?;
    if file.entry() != *entry {
        return Err(damage(entry.id, 0, "it is not the file that is wanted"));
    }
    file.verify()?;
    Ok(file)
}

fn find(sections: &[Section], id: SectionId) -> Option<&Section> {
    sections.binary_search_by_key(&id, |section| section.id).ok().map(|at| &sections[at])
}

fn section_bytes<'m>(bytes: &'m [u8], section: &Section) -> &'m [u8] {
    // It was checked that each section lies inside the file.
    &bytes[section.offset as usize..(section.offset + section.length) as usize]
}

/// The sections of a file.
#[derive(Debug)]
pub struct Sections {
    id: FileId,
    bytes: &'static [u8],
    table: Vec<Section>,
}

impl Sections {
    /// Which file it is.
    pub fn file(&self) -> FileId {
        self.id
    }

    /// The names of all sections.
    pub fn ids(&self) -> impl Iterator<Item = SectionId> {
        self.table.iter().map(|section| section.id)
    }

    /// The bytes of a section, if there is one of that name.
    pub fn bytes(&self, id: SectionId) -> Option<&'static [u8]> {
        Some(section_bytes(self.bytes, find(&self.table, id)?))
    }

    /// The values of a section, if there is one of that name.
    ///
    /// # Errors
    /// `Corrupt` when its bytes are no whole number of values.
    pub fn values<T: Plain>(&self, id: SectionId) -> Result<Option<&'static [T]>> {
        let Some(bytes) = self.bytes(id) else { return Ok(None) };
        let values = slice_of(bytes).filter(|values: &&[T]| u32::try_from(values.len()).is_ok());
        values.map(Some).ok_or_else(|| self.malformed(id, "its length is no whole number of values"))
    }

    /// An error about what a section holds.
    pub fn malformed(&self, id: SectionId, why: &str) -> Error {
        damage(self.id, find(&self.table, id).map_or(0, |section| section.offset), why)
    }
}

/// The files of dictionaries: those of their pieces, and the one with the rest.
#[derive(Debug)]
pub struct Dictionaries {
    main: Sections,
    /// By kind, field and place.
    pieces: Vec<Sections>,
}

impl Dictionaries {
    /// From the file that every checkpoint has and the pieces by kind, field and place.
    pub fn new(main: Sections, pieces: Vec<Sections>) -> Self {
        Self { main, pieces }
    }

    /// The file with what is in no piece.
    pub fn main(&self) -> &Sections {
        &self.main
    }

    /// Where one kind of piece of a field's dictionary lies, in order: in the pieces, and what is left in the main file.
    pub fn of(&self, kind: FileKind, field: u16) -> impl Iterator<Item = &Sections> {
        let of_field = move |sections: &&Sections| sections.id.kind == kind && sections.id.field() == field;
        self.pieces.iter().filter(of_field).chain([&self.main])
    }
}

/// The shard files of a checkpoint, as one.
#[derive(Debug)]
pub struct Shards {
    files: Vec<Sections>,
    shard_blocks: u32,
    block_count: u32,
}

impl Shards {
    /// From the files of all shards in order, which have so many blocks each, at least one.
    pub fn new(files: Vec<Sections>, shard_blocks: u32, block_count: u32) -> Self {
        Self { files, shard_blocks: shard_blocks.max(1), block_count }
    }

    /// Blocks of each file.
    pub fn shard_blocks(&self) -> u32 {
        self.shard_blocks
    }

    /// Blocks that hold rows.
    pub fn block_count(&self) -> u32 {
        self.block_count
    }

    /// The values of a block's section, if there is one of that name; see [`Sections::values`].
    ///
    /// # Errors
    /// `Corrupt` when its bytes are no whole number of values.
    pub fn slice<T: Plain>(&self, id: SectionId) -> Result<Option<&'static [T]>> {
        let file = self.files.get((id.block / self.shard_blocks) as usize);
        Ok(file.map(|file| file.values(id)).transpose()?.flatten())
    }

    /// The same to be shared.
    ///
    /// # Errors
    /// As [`Self::slice`].
    pub fn values<T: Plain>(&self, id: SectionId) -> Result<Option<Shared<T>>> {
        Ok(self.slice(id)?.map(Shared::lasting))
    }

    /// An error about what a block's section holds.
    pub fn malformed(&self, id: SectionId, why: &str) -> Error {
        match self.files.get((id.block / self.shard_blocks) as usize) {
            Some(file) => file.malformed(id, why),
            None => Error::Corrupt(format!("the checkpoint has no block {}", id.block)),
        }
    }
}
