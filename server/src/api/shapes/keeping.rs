//! Checkpoints and backups.

use serde::Serialize;
use utoipa::ToSchema;

/// The checkpoint that counts now.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct CheckpointAnswer {
    /// The last change in it, as a number of the log's records.
    lsn: u64,
    /// Its files.
    files: u64,
    /// Their bytes.
    bytes: u64,
    /// Bytes of it that were written now; 0 when nothing has changed since the last one.
    bytes_written: u64,
    /// How long it took.
    seconds: f64,
}

/// A backup.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct BackupAnswer {
    /// Its directory, in the place that the server was started with.
    directory: String,
    /// The last change in it, as a number of the log's records.
    lsn: u64,
    /// The version of the data in it.
    data_version: u64,
    /// Profiles in it.
    profiles: u64,
    /// When it was begun.
    made_at: String,
    /// Its files.
    files: u64,
    /// Their bytes.
    bytes: u64,
    /// Bytes of it that were written now; the others were there.
    bytes_copied: u64,
    /// How long it took.
    seconds: f64,
}
