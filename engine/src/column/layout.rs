//! What lies in which section of a checkpoint: the parts that a field, or the table itself, is written in.
//!
//! A shard file holds, for each of its blocks, what columns and indexes keep for that block, in the types named here;
//! sets of rows are written for the whole shard under its first block (`sets`). What a block does not have, it has no
//! section of. The files of dictionaries have everything that is not of one block, so that they and a shard file are
//! enough to answer any rule for the rows of that shard. A large dictionary has files of its own for whole pieces, so many
//! pages of texts or shards of the table; the sections of its pieces in order and then those of the file of dictionaries
//! make the whole. A part's number is never used for anything else.

use crate::store::checkpoint::SectionId;

/// Stands for the table where a field would stand.
pub const TABLE: u16 = u16::MAX;

/// Of the table: the live rows. A set.
pub const LIVE: u16 = 0x10;
/// Of the table: the rows whose id came as a number. A set.
pub const NUMBER_IDS: u16 = 0x20;
/// Of a field: the rows that have a value. A set.
pub const PRESENT: u16 = 0x10;
/// Of a `bool`: the rows where it is true. A set.
pub const TRUTHS: u16 = 0x20;
/// Of a field with postings: the rows of every code. Sets.
pub const POSTINGS: u16 = 0x30;

/// Of a scalar: the first key of a block and the step between keys. Two `i64`.
pub const KEY_SCALE: u16 = 0x40;
/// The distinct keys of a block, as steps above the first, ascending. `u8`.
pub const KEYS_8: u16 = 0x41;
/// The same as `u16`.
pub const KEYS_16: u16 = 0x42;
/// The same as `u32`.
pub const KEYS_32: u16 = 0x43;
/// The same as `u64`.
pub const KEYS_64: u16 = 0x44;
/// Of each row of a block the place of its key; the number of keys where it has none. `u8`.
pub const KEY_CODES_8: u16 = 0x45;
/// The same as `u16`.
pub const KEY_CODES_16: u16 = 0x46;

/// The rows of a block that have a key, by key and then by row. `u16`.
pub const RANK_ROWS: u16 = 0x50;
/// Of each key the place of its first row there, and the end of the last; none when each key has one row. `u32`.
pub const RANK_STARTS: u16 = 0x51;
/// Where cumulative sets end: places of keys and of rows. Pairs of `u32`.
pub const FENCES: u16 = 0x52;
/// The key at each fence. `i64`.
pub const FENCE_KEYS: u16 = 0x53;
// 0x54 was the rows below each fence: they are made from the order when they are asked for.

/// Of a keyword: the code of each row of a block, the greatest number where it has none. `u8`.
pub const CODES_8: u16 = 0x60;
/// The same as `u16`.
pub const CODES_16: u16 = 0x61;
/// The same as `u32`.
pub const CODES_32: u16 = 0x62;
/// Of a set field: where the codes of each row of a block end. `u32`.
pub const MEMBER_ENDS: u16 = 0x68;
/// The codes of all rows of a block, ascending within a row. `u32`.
pub const MEMBER_CODES: u16 = 0x69;

/// Of a dictionary: where each text ends within its page of 1,024. `u32`.
pub const TEXT_ENDS: u16 = 0x70;
/// Where the bytes of each page begin, and the end of the last. `u64`.
pub const TEXT_PAGES: u16 = 0x71;
/// The bytes of all texts.
pub const TEXT_BYTES: u16 = 0x72;
/// Of each shard of the hash table: slots, homes, entries. Three `u32`.
pub const TABLE_SHARDS: u16 = 0x73;
/// Of each slot the upper bits of the hash; the greatest number where it is free. `u16`.
pub const TABLE_PRINTS: u16 = 0x74;
/// Of each slot the number of its text. `u32`.
pub const TABLE_NUMBERS: u16 = 0x75;
/// Of a field with a dictionary: 0 where the rows of each code are kept, 1 where codes are read. One `u32`.
pub const INDEX_KIND: u16 = 0x78;

/// Of the table: the schema, as bytes of the command codec.
pub const SCHEMA: u16 = 0x80;
/// Of the table: whether an id was ever given that is not all digits. One `u32`.
pub const WORDY_IDS: u16 = 0x81;

/// Of the table: how the checkpoint is cut into files (`CheckpointSizes`); without it as at first. Two `u32`.
pub const SIZES: u16 = 0xa0;
/// Of the table: keys of changes and what became of these, as bytes of the command codec.
pub const KEYS: u16 = 0xC0;
/// Of the table: receipts of erasures, as bytes of the command codec.
pub const ERASURES: u16 = 0xC1;
/// Of the table, in the state: the last id that a snapshot was given, and the versions in which profiles changed and
/// somebody was erased last. Three `u64`.
pub const SNAPSHOT_NUMBERS: u16 = 0xB0;
/// Of a file of snapshots: everything but rows, as bytes of the command codec.
pub const TAKEN: u16 = 0xB1;
/// Of a file of snapshots: the members of each, by its place, in portable bytes.
pub const MEMBERS: u16 = 0xB2;
/// Of a file of snapshots: rows of static segments, then of lists, then of gates, by place, in portable bytes.
pub const CONTEXT_ROWS: u16 = 0xB3;

/// Of the table, in the file of all that is saved: versions of segments and audiences, as bytes of the command codec.
pub const VERSIONS: u16 = 0xD0;
/// Of a file of snapshots: gates, but for their rows, as bytes of the command codec.
pub const TAKEN_GATES: u16 = 0xD2;
/// Of the table, in the file of all that is saved: gates of audiences, as bytes of the command codec.
pub const GATES: u16 = 0xD3;

/// Of the table, in the file of all that is saved: the schema of events, as bytes of the command codec.
pub const EVENT_SCHEMA: u16 = 0xE0;
/// Of a type of event, which stands where a field would: its run in a block (`event::kept`).
pub const EVENT_RUN: u16 = 0xE1;
/// Of a piece of the ids of events, as they were written before [`EVENT_IDS`]: where each bucket ends. `u32`.
pub const EVENT_ID_ENDS: u16 = 0xE2;
/// The digests of all buckets, without what says which bucket it is. `u64`.
pub const EVENT_ID_DIGESTS: u16 = 0xE3;
/// Of each of these the row of its profile. `u32`.
pub const EVENT_ID_ROWS: u16 = 0xE4;
/// Of a piece of the ids of events: where each bucket ends, then all of them (`event::id_bucket`). `u64`.
pub const EVENT_IDS: u16 = 0xE5;

/// Stands for the first property of events where a field with a dictionary would stand; the others follow.
pub const EVENT_PROPERTIES: u16 = 0x8000;

/// Of the table, in the file of all that is saved: computed fields, as bytes of the command codec.
pub const ENRICHMENT: u16 = 0xA0;

/// Of the table, in the file of all that is saved: offers and how they are matched, as bytes of the command codec.
pub const OFFERS: u16 = 0xF0;

/// A section of one block.
pub fn of_block(field: u16, part: u16, block: u32) -> SectionId {
    SectionId { field, part, block }
}

/// A section of a dictionary.
pub fn of_field(field: u16, part: u16) -> SectionId {
    SectionId { field, part, block: 0 }
}
