//! A request's body on its way to disk, so that it can be read twice and is never held in memory.
//!
//! The file has no name: it is gone when its last handle is, also after a crash.

use std::fmt;
use std::fs::File;
use std::io::{self, Seek, Write};

use axum::body::Body;
use futures_util::StreamExt;

use crate::limits::SPOOL_WRITE_BYTES;

/// What Unix says when a process, or the whole system, has too many files open: ENFILE and EMFILE.
const TOO_MANY_FILES: [i32; 2] = [23, 24];

/// Why a body could not be spooled.
#[derive(Debug)]
pub enum SpoolError {
    /// The body is larger than this many bytes.
    TooLarge(u64),
    /// The disk for temporary files is full.
    DiskFull,
    /// The process may open no more files.
    TooManyFiles,
    /// The client stopped sending.
    Aborted(String),
    /// The system refused for another reason.
    Io(io::Error),
}

impl fmt::Display for SpoolError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::TooLarge(max) => write!(f, "an upload has at most {max} bytes; split the file"),
            Self::DiskFull => {
                f.write_str("the disk for uploads is full; free some space or point TMPDIR to a larger one")
            }
            Self::TooManyFiles => f.write_str(
                "the server has as many files and connections open as it may; send it again later, or raise its limit (ulimit -n)",
            ),
            Self::Aborted(why) => write!(f, "the body ended before it was complete: {why}"),
            Self::Io(error) => write!(f, "the upload could not be written to disk: {error}"),
        }
    }
}

impl std::error::Error for SpoolError {}

impl From<io::Error> for SpoolError {
    fn from(error: io::Error) -> Self {
        match error.kind() {
            io::ErrorKind::StorageFull | io::ErrorKind::QuotaExceeded => Self::DiskFull,
            _ if error.raw_os_error().is_some_and(|code| TOO_MANY_FILES.contains(&code)) => Self::TooManyFiles,
            _ => Self::Io(error),
        }
    }
}

/// Writes a body of at most `bytes_max` bytes to an unnamed file and returns it, ready to be read from its start.
pub async fn spool(body: Body, bytes_max: u64) -> Result<File, SpoolError> {
    let mut file = tempfile::tempfile()?;
    let mut chunks = body.into_data_stream();
    let mut pending = Vec::new();
    let mut size = 0u64;
    while let Some(chunk) = chunks.next().await {
        let chunk = chunk.map_err(|error| SpoolError::Aborted(error.to_string()))?;
        size += u64::try_from(chunk.len()).unwrap_or(u64::MAX);
        if size > bytes_max {
            return Err(SpoolError::TooLarge(bytes_max));
        }
        pending.extend_from_slice(&chunk);
        if pending.len() >= SPOOL_WRITE_BYTES {
            file = write(file, std::mem::take(&mut pending)).await?;
        }
    }
    file = write(file, pending).await?;
    file.rewind()?;
    Ok(file)
}

/// A disk may stall for seconds; the runtime's own threads must not.
async fn write(mut file: File, bytes: Vec<u8>) -> Result<File, SpoolError> {
    let written = tokio::task::spawn_blocking(move || file.write_all(&bytes).map(|()| file)).await;
    Ok(written.map_err(io::Error::other)??)
}

#[cfg(test)]
mod tests {
    use std::io::Read;

    use super::*;

    #[tokio::test]
    async fn a_body_is_spooled_up_to_its_bound() {
        let mut file = spool(Body::from("abc"), 3).await.expect("three bytes fit");
        let mut text = String::new();
        file.read_to_string(&mut text).expect("readable");
        assert_eq!(text, "abc");
        let refused = spool(Body::from("abcd"), 3).await.expect_err("four do not");
        assert_eq!(refused.to_string(), "an upload has at most 3 bytes; split the file");
    }

    #[test]
    fn a_full_disk_is_told_in_words() {
        let error = SpoolError::from(io::Error::from(io::ErrorKind::StorageFull));
        assert!(error.to_string().starts_with("the disk for uploads is full"));
    }
}
