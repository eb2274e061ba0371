//! Checkpoints: everything as it was at one record of the log, in files that are written once and mapped.
//!
//! A checkpoint is a manifest and the files that it names: one for each shard of a few blocks, one for each piece of a large
//! dictionary, one with the other dictionaries, one with the rest; [`CheckpointSizes`] says how they are cut. A file that has its name is whole and never changes; later checkpoints may name it
//! again. Everything in it lies as it does in memory, so that it is used in place. Checksums of manifest and
//! tables are compared when a checkpoint is opened, that of a section when it is first asked for, all others when
//! everything is checked: whoever gets bytes need not doubt them.
//!
//! What the sections hold is not known here (`column::layout` and those who write them).

mod format;
mod table;

mod read;
mod write;

mod manifest;

pub use format::{FileEntry, FileId, FileKind, SectionId};
pub use manifest::{
    CheckpointReport, Manifest, Opened, Unchecked, check_newest, clean_up, is_logged, open_checkpoint, publish,
};
pub use read::{CheckpointFile, Dictionaries, Sections, Shards, SharedSections, open_file};
pub use write::FileWriter;

/// How a checkpoint is cut into files. A file is written anew when something in it has changed, and synced by itself, so
/// they are neither large nor many; tests take small ones.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct CheckpointSizes {
    /// Blocks of a shard.
    pub shard_blocks: u32,
    /// Pages of texts, or shards of a hash table, of a piece of a dictionary.
    pub piece: u32,
}

impl CheckpointSizes {
    /// Blocks of a shard at most: the place of one in it has eight bits.
    pub const SHARD_BLOCKS_MAX: u32 = 256;

    /// How checkpoints were cut before they said so: dictionaries had no pieces.
    pub const FIRST: Self = Self { shard_blocks: 16, piece: u32::MAX };
}

impl Default for CheckpointSizes {
    /// Ten million profiles of 26 fields are in about 600 files of 1 to 20 MB.
    fn default() -> Self {
        Self { shard_blocks: 2, piece: 64 }
    }
}
