//! The log: every change in the order in which it was made, each with a number (lsn) one greater than the last.
//!
//! It lies in segments, files named by the number of their first record, preallocated and filled from the front. A
//! record is safe once [`Log::sync`] has returned. A power cut may leave the writes since then in any state, sector by
//! sector; so each record says how many records before it were not yet known to be safe when it was written. Where a
//! record cannot be read, that decides: if a later one proves that it was safe, the file is damaged, and nothing is
//! touched; if none does, it is the torn end of a write that nobody was told of, and is cut.
//!
//! What the payloads mean is not known here.

mod format;

mod read;
mod write;

mod repair;

pub use read::{Cut, LogReport, Record, first_lsn, read_log};
pub use repair::{Repaired, remove_put_aside, repair_log};
pub use write::Log;

use crate::limits::{GROUP_BYTES_MAX, RECORD_BYTES_MAX, SEGMENT_BYTES};

/// How large files and records become; tests take small ones.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct LogSizes {
    /// Bytes of a segment; one that is made for a larger write is as large as that.
    pub segment: u64,
    /// Bytes of a record's payload at most.
    pub record: usize,
    /// Bytes that wait before they should be written; at most a segment.
    pub group: usize,
}

impl Default for LogSizes {
    fn default() -> Self {
        Self { segment: SEGMENT_BYTES, record: RECORD_BYTES_MAX, group: GROUP_BYTES_MAX }
    }
}
