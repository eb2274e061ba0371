//! Checkpoints: everything as it was at one record of the log, in files that are written once and mapped.
//!
//! A checkpoint is a manifest and the files that it names: one for each shard of [`SHARD_BLOCKS`] blocks, one with
//! dictionaries, one with the rest. A file that has its name is whole and never changes; later checkpoints may name it
//! again. Everything in it lies as it does in memory, so that it is used in place. Checksums are compared when a
//! checkpoint is opened, all of them: whoever reads bytes later need not doubt them.
//!
//! What the sections hold is not known here (`column::layout` and those who write them).

mod format;

mod read;
mod write;

mod manifest;

pub use format::{FileEntry, FileId, FileKind, SectionId};
pub use manifest::{CheckpointReport, Manifest, Opened, clean_up, open_checkpoint, publish};
pub use read::{CheckpointFile, Sections, Shards, SharedSections, open_file};
pub use write::FileWriter;

/// Blocks of one shard file: small enough to be written anew when one of them has changed.
pub const SHARD_BLOCKS: u32 = 16;
