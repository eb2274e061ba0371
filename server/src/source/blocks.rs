//! A text file in blocks of bounded size, whatever the file's size; the caller says where a block's last row ends.

use std::fs::File;
use std::io::{Read, Seek};

use muster_engine::error::{Error, Problem, Result};

use crate::limits::{BLOCK_BYTES, ROW_BYTES_MAX};

/// The byte order mark that some programs put before UTF-8.
const UTF8_BOM: &[u8] = b"\xEF\xBB\xBF";

/// Reads a file from its start.
pub(super) struct Blocks {
    file: File,
    bytes: Vec<u8>,
    wanted: usize,
    at_end: bool,
}

impl Blocks {
    /// Opens at the first byte after a byte order mark; refuses UTF-16, which is not read.
    pub(super) fn open(file: &File) -> Result<Self> {
        let mut file = file.try_clone().map_err(io)?;
        file.rewind().map_err(io)?;
        let mut blocks = Self { file, bytes: Vec::new(), wanted: BLOCK_BYTES, at_end: false };
        blocks.fill()?;
        if blocks.bytes.starts_with(b"\xFF\xFE") || blocks.bytes.starts_with(b"\xFE\xFF") {
            return Err(Error::invalid("", "bad_utf8", "the file is UTF-16; save it as UTF-8"));
        }
        if blocks.bytes.starts_with(UTF8_BOM) {
            blocks.bytes.drain(..UTF8_BOM.len());
        }
        Ok(blocks)
    }

    /// The bytes not yet consumed, and whether the file ends with them.
    pub(super) fn bytes(&self) -> (&[u8], bool) {
        (&self.bytes, self.at_end)
    }

    /// Drops what was dealt with and reads on. Nothing dealt with means that the block is too small for one row:
    /// it grows, up to [`ROW_BYTES_MAX`].
    pub(super) fn consume(&mut self, count: usize) -> Result<()> {
        if count == 0 {
            if self.bytes.len() >= ROW_BYTES_MAX {
                return Err(Error::Limit(Problem::new(
                    "",
                    "row_too_long",
                    format!("a row has at most {ROW_BYTES_MAX} bytes; look for a quote that is never closed"),
                )));
            }
            self.wanted = (self.wanted * 2).min(ROW_BYTES_MAX);
        } else {
            self.bytes.drain(..count);
            self.wanted = BLOCK_BYTES;
        }
        self.fill()
    }

    fn fill(&mut self) -> Result<()> {
        let missing = self.wanted.saturating_sub(self.bytes.len());
        if missing > 0 && !self.at_end {
            let limit = u64::try_from(missing).unwrap_or(u64::MAX);
            let read = (&mut self.file).take(limit).read_to_end(&mut self.bytes).map_err(io)?;
            self.at_end = read < missing;
        }
        Ok(())
    }
}

/// About how many lines a file has: as many for each byte as its first block.
pub(super) fn expected_rows(file: &File) -> Option<u64> {
    let length = file.metadata().ok()?.len();
    let blocks = Blocks::open(file).ok()?;
    let (bytes, _) = blocks.bytes();
    let lines = memchr::memchr_iter(b'\n', bytes).count() as u64;
    (length as u128 * u128::from(lines) / (bytes.len().max(1) as u128)).try_into().ok()
}

/// The system's refusal, in words.
pub(super) fn io(error: std::io::Error) -> Error {
    Error::Io(format!("the file cannot be read: {error}"))
}

/// Cuts `bytes` after line feeds into pieces of about `size` bytes, for cores to share.
pub(super) fn pieces(mut bytes: &[u8], size: usize) -> Vec<&[u8]> {
    let mut pieces = Vec::new();
    while bytes.len() > size {
        let Some(end) = memchr::memchr(b'\n', &bytes[size..]) else { break };
        let (piece, rest) = bytes.split_at(size + end + 1);
        pieces.push(piece);
        bytes = rest;
    }
    if !bytes.is_empty() {
        pieces.push(bytes);
    }
    pieces
}
