//! The bytes of a checkpoint file: a header, sections on cache lines of their own, and a table of them. All numbers are
//! little-endian.
//!
//! header, 64 bytes: `[magic 8][version u32][kind u32][shard u32][sections u32][lsn u64][table offset u64]
//! [file length u64][table crc32c u32][zeros 8][crc32c u32 of all before]`
//! table, 32 bytes a section, ascending by id: `[field u16][part u16][block u32][offset u64][length u64][crc32c u32]
//! [zeros 4]`

use std::fmt;

use crate::store::number::{u32_at, u64_at};

/// What every file begins with.
const MAGIC: [u8; 8] = *b"MUSTRCHK";

/// The version of this format. Files of all versions up to it are read.
const VERSION: u32 = 1;

/// Bytes of a header.
pub(super) const HEADER_BYTES: usize = 64;

/// Sections begin at multiples of this: a cache line, and what the bits of a block ask for.
pub(super) const ALIGNMENT: usize = 64;

/// Bytes of a section's entry in the table.
pub(super) const ENTRY_BYTES: usize = 32;

/// What a file that is being written ends with.
pub(super) const UNFINISHED: &str = ".tmp";

/// What a file of a checkpoint is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum FileKind {
    /// Which files there are.
    Manifest,
    /// The schema, and of dictionaries and ids what is in no piece.
    Dictionaries,
    /// What people made of profiles: segments, audiences, lists; and keys.
    State,
    /// Columns and indexes of the rows of a shard.
    Shard,
    /// A piece of a dictionary: pages of its texts.
    Texts,
    /// A piece of a dictionary: shards of its hash table.
    Table,
    /// Snapshots that were taken together.
    Snapshots,
    /// Events of the profiles of a shard.
    Events,
    /// Pieces of the ids of events.
    EventIds,
}

impl FileKind {
    /// Each with its number in files and its word in their names.
    const ALL: [(Self, u32, &str); 9] = [
        (Self::Manifest, 0, "manifest"),
        (Self::Dictionaries, 1, "dictionaries"),
        (Self::State, 2, "state"),
        (Self::Shard, 3, "shard"),
        (Self::Texts, 0xa0, "texts"),
        (Self::Table, 0xa1, "table"),
        (Self::Snapshots, 4, "snapshots"),
        (Self::Events, 15, "events"),
        (Self::EventIds, 16, "eventids"),
    ];

    fn entry(self) -> (Self, u32, &'static str) {
        Self::ALL[self as usize]
    }

    pub(super) fn number(self) -> u32 {
        self.entry().1
    }

    pub(super) fn from_number(number: u32) -> Option<Self> {
        Self::ALL.into_iter().find(|(_, known, _)| *known == number).map(|(kind, ..)| kind)
    }

    /// Whether it has events or ids of them.
    pub fn is_of_events(self) -> bool {
        matches!(self, Self::Events | Self::EventIds)
    }

    /// Whether it is a piece of a dictionary.
    pub fn is_piece(self) -> bool {
        matches!(self, Self::Texts | Self::Table)
    }
}

/// Which file of which checkpoint.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct FileId {
    /// What it is.
    pub kind: FileKind,
    /// Which shard, or which pieces of ids; of a piece of a dictionary its field (the upper 16 bits) and its place (the lower ones); of snapshots how often they
    /// were written anew; 0 for other files.
    pub number: u32,
    /// The last record of the log that was applied when it was written; of snapshots the id that the first was given.
    pub lsn: u64,
}

impl FileId {
    /// A file there is one of.
    pub fn only(kind: FileKind, lsn: u64) -> Self {
        Self { kind, number: 0, lsn }
    }

    /// A piece of a field's dictionary.
    pub fn piece(kind: FileKind, field: u16, place: u16, lsn: u64) -> Self {
        Self { kind, number: u32::from(field) << 16 | u32::from(place), lsn }
    }

    /// Of which field a piece is.
    pub fn field(self) -> u16 {
        (self.number >> 16) as u16
    }

    /// The place of a piece among those of its kind and field.
    pub fn place(self) -> u16 {
        self.number as u16
    }

    /// The file that is named so; `None` for names of other files.
    pub fn named(name: &str) -> Option<Self> {
        let (stem, extension) = name.split_once('.')?;
        let (kind, ..) = FileKind::ALL.into_iter().find(|(.., word)| *word == extension)?;
        let (lsn, number) = stem.split_once('-').unwrap_or((stem, "0"));
        let lsn = lsn.parse().ok()?;
        let id = match number.split_once('-') {
            Some((field, place)) => Self::piece(kind, field.parse().ok()?, place.parse().ok()?, lsn),
            None => Self { kind, number: number.parse().ok()?, lsn },
        };
        (id.to_string() == name).then_some(id)
    }
}

impl fmt::Display for FileId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (Self { kind, number, lsn }, (.., word)) = (self, self.kind.entry());
        match kind {
            FileKind::Shard | FileKind::Snapshots | FileKind::Events | FileKind::EventIds => {
                write!(f, "{lsn:020}-{number:05}.{word}")
            }
            FileKind::Texts | FileKind::Table => write!(f, "{lsn:020}-{:05}-{:05}.{word}", self.field(), self.place()),
            FileKind::Manifest | FileKind::Dictionaries | FileKind::State => write!(f, "{lsn:020}.{word}"),
        }
    }
}

/// A file as a manifest names it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct FileEntry {
    /// Which one.
    pub id: FileId,
    /// Its bytes.
    pub length: u64,
    /// The checksum of its table, which has those of all sections.
    pub table_crc: u32,
}

impl FileEntry {
    pub(super) fn to_bytes(self) -> [u8; ENTRY_BYTES] {
        let mut bytes = [0; ENTRY_BYTES];
        bytes[..4].copy_from_slice(&self.id.kind.number().to_le_bytes());
        bytes[4..8].copy_from_slice(&self.id.number.to_le_bytes());
        bytes[8..16].copy_from_slice(&self.id.lsn.to_le_bytes());
        bytes[16..24].copy_from_slice(&self.length.to_le_bytes());
        bytes[24..28].copy_from_slice(&self.table_crc.to_le_bytes());
        bytes
    }

    pub(super) fn from_bytes(bytes: &[u8; ENTRY_BYTES]) -> Option<Self> {
        let kind = FileKind::from_number(u32_at(bytes, 0))?;
        let id = FileId { kind, number: u32_at(bytes, 4), lsn: u64_at(bytes, 8) };
        Some(Self { id, length: u64_at(bytes, 16), table_crc: u32_at(bytes, 24) })
    }
}

/// The name of a section within its file.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct SectionId {
    /// Of which field, by its place in the schema.
    pub field: u16,
    /// What of it.
    pub part: u16,
    /// Of which block; 0 for what belongs to none.
    pub block: u32,
}

/// Where a section lies.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Section {
    pub(super) id: SectionId,
    pub(super) offset: u64,
    pub(super) length: u64,
    pub(super) crc: u32,
}

impl Section {
    pub(super) fn to_bytes(self) -> [u8; ENTRY_BYTES] {
        let mut bytes = [0; ENTRY_BYTES];
        bytes[..2].copy_from_slice(&self.id.field.to_le_bytes());
        bytes[2..4].copy_from_slice(&self.id.part.to_le_bytes());
        bytes[4..8].copy_from_slice(&self.id.block.to_le_bytes());
        bytes[8..16].copy_from_slice(&self.offset.to_le_bytes());
        bytes[16..24].copy_from_slice(&self.length.to_le_bytes());
        bytes[24..28].copy_from_slice(&self.crc.to_le_bytes());
        bytes
    }

    pub(super) fn from_bytes(bytes: &[u8; ENTRY_BYTES]) -> Self {
        let id = SectionId {
            field: u32_at(bytes, 0) as u16,
            part: (u32_at(bytes, 0) >> 16) as u16,
            block: u32_at(bytes, 4),
        };
        Self { id, offset: u64_at(bytes, 8), length: u64_at(bytes, 16), crc: u32_at(bytes, 24) }
    }
}

/// What stands in front of a file.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Header {
    pub(super) file: FileId,
    pub(super) sections: u32,
    pub(super) table: u64,
    pub(super) length: u64,
    pub(super) table_crc: u32,
}

impl Header {
    pub(super) fn to_bytes(self) -> [u8; HEADER_BYTES] {
        let mut bytes = [0; HEADER_BYTES];
        bytes[..8].copy_from_slice(&MAGIC);
        for (at, number) in [(8, VERSION), (12, self.file.kind.number()), (16, self.file.number), (20, self.sections)] {
            bytes[at..at + 4].copy_from_slice(&number.to_le_bytes());
        }
        for (at, number) in [(24, self.file.lsn), (32, self.table), (40, self.length)] {
            bytes[at..at + 8].copy_from_slice(&number.to_le_bytes());
        }
        bytes[48..52].copy_from_slice(&self.table_crc.to_le_bytes());
        let sum = crc32c::crc32c(&bytes[..HEADER_BYTES - 4]);
        bytes[HEADER_BYTES - 4..].copy_from_slice(&sum.to_le_bytes());
        bytes
    }

    /// The header of a file, or why it cannot be used.
    pub(super) fn from_bytes(bytes: &[u8]) -> Result<Self, String> {
        let Some(header) = bytes.first_chunk::<HEADER_BYTES>() else { return Err("it has no whole header".into()) };
        let sum = crc32c::crc32c(&header[..HEADER_BYTES - 4]);
        if sum != u32_at(header, HEADER_BYTES - 4) || header[..8] != MAGIC {
            return Err("its header cannot be read".into());
        }
        let version = u32_at(header, 8);
        if version != VERSION {
            return Err(format!("it has version {version} of the format, this program reads version {VERSION}"));
        }
        let kind = FileKind::from_number(u32_at(header, 12)).ok_or("it is a file of an unknown kind")?;
        let file = FileId { kind, number: u32_at(header, 16), lsn: u64_at(header, 24) };
        let (sections, table) = (u32_at(header, 20), u64_at(header, 32));
        Ok(Self { file, sections, table, length: u64_at(header, 40), table_crc: u32_at(header, 48) })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_lead_to_files_and_back() {
        let manifest = FileId::only(FileKind::Manifest, 42);
        assert_eq!(manifest.to_string(), "00000000000000000042.manifest");
        let shard = FileId { kind: FileKind::Shard, number: 7, lsn: u64::MAX };
        assert_eq!(shard.to_string(), "18446744073709551615-00007.shard");
        let piece = FileId::piece(FileKind::Texts, 65_535, 12, 3);
        assert_eq!(piece.to_string(), "00000000000000000003-65535-00012.texts");
        let table = FileId::piece(FileKind::Table, 0, 65_535, 3);
        let only = [FileKind::State, FileKind::Dictionaries].map(|kind| FileId::only(kind, 1));
        for id in [manifest, shard, piece, table].into_iter().chain(only) {
            assert_eq!(FileId::named(&id.to_string()), Some(id));
            assert_eq!(FileId::named(&format!("{id}{UNFINISHED}")), None);
        }
        for name in [
            "1.manifest",
            "lock",
            "00000000000000000001.log",
            "00000000000000000042-00000.manifest",
            ".state",
            "00000000000000000042-00001.texts",
            "00000000000000000042-00000-00001.shard",
        ] {
            assert_eq!(FileId::named(name), None, "{name}");
        }
    }
}
