//! Reading one file of a checkpoint: mapped, compared with its checksums, then used in place.

use std::sync::Arc;

use bytes::Bytes;

use super::format::{FileEntry, FileId, FileKind, Header, SectionId};
use super::table::{Table, damage};
use crate::error::{Error, Result};
use crate::shared::{Plain, Shared, slice_of};
use crate::store::disk::{Disk, Mapping};
use crate::store::mapped::{Expect, expect};

/// A mapped file whose header and table are good.
#[derive(Debug)]
pub struct CheckpointFile {
    table: Arc<Table>,
    mapping: Mapping,
    length: u64,
    table_crc: u32,
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
        let table = Arc::new(Table::read(id, bytes, &header)?);
        expect(bytes, Expect::InOrder);
        Ok(Self { table, mapping, length: header.length, table_crc: header.table_crc })
    }

    /// The file as a manifest names it.
    pub fn entry(&self) -> FileEntry {
        FileEntry { id: self.table.file(), length: self.length, table_crc: self.table_crc }
    }

    /// Compares all sections with their checksums.
    ///
    /// # Errors
    /// `Corrupt`, naming the first that differs.
    pub fn verify(&self) -> Result<()> {
        self.table.check_all(self.mapping.bytes())
    }

    /// The sections, which stay mapped as long as one of them is held.
    pub fn share(self) -> SharedSections {
        SharedSections { table: self.table, bytes: Bytes::from_owner(self.mapping) }
    }

    /// The bytes of a section, if there is one of that name.
    ///
    /// # Errors
    /// `Corrupt` when it is not what was written.
    pub(super) fn section(&self, id: SectionId) -> Result<Option<&[u8]>> {
        self.table.section(self.mapping.bytes(), id)
    }

    /// An error about what a section holds.
    pub(super) fn malformed(&self, id: SectionId, why: &str) -> Error {
        self.table.malformed(id, why)
    }

    /// The sections, which stay mapped as long as the process lives.
    pub fn keep(self) -> Sections {
        Sections { bytes: self.mapping.keep(), table: self.table }
    }
}

/// The sections of a file that is unmapped with the last of them. A clone shares them.
#[derive(Debug, Clone)]
pub struct SharedSections {
    table: Arc<Table>,
    bytes: Bytes,
}

impl SharedSections {
    /// The bytes of a section, if there is one of that name.
    ///
    /// # Errors
    /// `Corrupt` when it is not what was written.
    pub fn bytes(&self, id: SectionId) -> Result<Option<Bytes>> {
        Ok(self.table.section(&self.bytes, id)?.map(|bytes| self.bytes.slice_ref(bytes)))
    }

    /// The same, not compared with its checksum before [`Self::verify`]: for who asks for all and reads few.
    pub fn unchecked(&self, id: SectionId) -> Option<Bytes> {
        Some(self.bytes.slice_ref(self.table.unchecked(&self.bytes, id)?))
    }

    /// Compares what was not compared yet with its checksums.
    ///
    /// # Errors
    /// `Corrupt`, naming the first section that differs.
    pub fn verify(&self) -> Result<()> {
        self.table.check_all(&self.bytes)
    }

    /// Bytes of the file.
    pub fn file_bytes(&self) -> u64 {
        self.bytes.len() as u64
    }

    /// An error about what a section holds.
    pub fn malformed(&self, id: SectionId, why: &str) -> Error {
        self.table.malformed(id, why)
    }
}

/// Opens a file that somebody names, and compares everything in it with its checksums.
///
/// # Errors
/// `Corrupt` when it is not what was written, naming it and the offset; `Io` when the system refuses.
pub fn open_file(disk: &dyn Disk, entry: &FileEntry) -> Result<CheckpointFile> {
    let file = open_unchecked(disk, entry)?;
    file.verify()?;
    Ok(file)
}

/// The same with its header and table only.
pub(super) fn open_unchecked(disk: &dyn Disk, entry: &FileEntry) -> Result<CheckpointFile> {
    let file = CheckpointFile::open(disk, entry.id)?;
    if file.entry() == *entry { Ok(file) } else { Err(damage(entry.id, 0, "it is not the file that is wanted")) }
}

/// The sections of a file, each compared with its checksum when its bytes are first asked for. A clone shares them.
#[derive(Debug, Clone)]
pub struct Sections {
    table: Arc<Table>,
    bytes: &'static [u8],
}

impl Sections {
    /// Which file it is.
    pub fn file(&self) -> FileId {
        self.table.file()
    }

    /// The names of all sections.
    pub fn ids(&self) -> impl Iterator<Item = SectionId> {
        self.table.ids()
    }

    /// The bytes of a section, if there is one of that name.
    ///
    /// # Errors
    /// `Corrupt` when it is not what was written.
    pub fn bytes(&self, id: SectionId) -> Result<Option<&'static [u8]>> {
        self.table.section(self.bytes, id)
    }

    /// Bytes of a section; 0 when there is none of that name.
    pub fn length(&self, id: SectionId) -> u64 {
        self.table.length(id).unwrap_or_default()
    }

    /// The values of a section, if there is one of that name.
    ///
    /// # Errors
    /// `Corrupt` when it is not what was written, or its bytes are no whole number of values.
    pub fn values<T: Plain>(&self, id: SectionId) -> Result<Option<&'static [T]>> {
        let Some(bytes) = self.bytes(id)? else { return Ok(None) };
        let values = slice_of(bytes).filter(|values: &&[T]| u32::try_from(values.len()).is_ok());
        values.map(Some).ok_or_else(|| self.malformed(id, "its length is no whole number of values"))
    }

    /// Compares what was not compared yet with its checksums.
    ///
    /// # Errors
    /// `Corrupt`, naming the first section that differs.
    pub fn verify(&self) -> Result<()> {
        self.table.check_all(self.bytes)
    }

    /// Bytes of the file.
    pub fn file_bytes(&self) -> u64 {
        self.bytes.len() as u64
    }

    /// An error about what a section holds.
    pub fn malformed(&self, id: SectionId, why: &str) -> Error {
        self.table.malformed(id, why)
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
        let of_field = move |sections: &&Sections| sections.file().kind == kind && sections.file().field() == field;
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

    /// Asks the system for what a field has in all files, which a disk gives sooner than piece by piece.
    pub fn will_need(&self, field: u16) {
        self.files.iter().for_each(|file| expect(file.table.of_field(file.bytes, field), Expect::All));
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
    /// `Corrupt` when it is not what was written, or its bytes are no whole number of values.
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
