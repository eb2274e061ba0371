//! What an Arrow IPC file claims, compared with what is there.
//!
//! Readers make room for what a file says it holds before they look whether it is there, and a process that asks for
//! more memory than there is ends. So this is looked at first, and costs no more than the metadata: where blocks lie, how
//! long they are, how many values a column has, and how long a compressed buffer says it was.

use std::fs::File;
use std::os::unix::fs::FileExt;

use arrow::ipc::{Message, RecordBatch, root_as_footer, root_as_message};
use muster_engine::error::{Error, Result};

use super::columnar::unreadable;
use crate::limits::{ARROW_BATCH_BYTES_MAX, BATCH_ROWS_MAX};

/// What an Arrow file ends with, behind the length of its footer.
const MAGIC: &[u8; 6] = b"ARROW1";

/// What the length of a message follows since version 0.15 of the format.
const CONTINUATION: [u8; 4] = [0xff; 4];

/// How long a compressed buffer says it was, when it is not compressed.
const NOT_COMPRESSED: i64 = -1;

/// Refuses an Arrow file whose footer, blocks or values cannot be in it.
///
/// # Errors
/// `Invalid` with what it claims.
pub(super) fn check_file(file: &File) -> Result<()> {
    let bytes = Bytes::of(file)?;
    let end = bytes.length.checked_sub(10).ok_or_else(|| unreadable("it is too short"))?;
    let tail = bytes.read(end, 10)?;
    let (length, magic) = tail.split_at(4);
    if magic != MAGIC {
        return Err(unreadable("it does not end as an Arrow file does"));
    }
    let length = number(length);
    let start = u64::try_from(length).ok().and_then(|length| end.checked_sub(length));
    let footer = bytes.read(start.ok_or_else(|| absent("a footer", length.into()))?, length.into())?;
    let footer = root_as_footer(&footer).map_err(unreadable)?;
    for block in [footer.dictionaries(), footer.recordBatches()].into_iter().flatten().flatten() {
        let offset = u64::try_from(block.offset()).map_err(unreadable)?;
        let metadata = bytes.read(offset, block.metaDataLength().into())?;
        // A message begins with its length, in newer files behind a mark.
        let message = metadata.get(if metadata.starts_with(&CONTINUATION) { 8 } else { 4 }..).unwrap_or_default();
        bytes.check(message, offset + metadata.len() as u64, Some(block.bodyLength()))?;
    }
    Ok(())
}

/// Refuses an Arrow stream one of whose messages or values cannot be in it.
///
/// # Errors
/// As [`check_file`].
pub(super) fn check_stream(file: &File) -> Result<()> {
    let bytes = Bytes::of(file)?;
    let mut at = 0;
    while at + 4 <= bytes.length {
        let mut length = bytes.read(at, 4)?;
        at += 4;
        if length == CONTINUATION {
            length = bytes.read(at, 4)?;
            at += 4;
        }
        let length = number(&length);
        if length == 0 {
            break;
        }
        let message = bytes.read(at, length.into())?;
        at += message.len() as u64;
        at += bytes.check(&message, at, None)?;
    }
    Ok(())
}

/// A file, of which nothing is read that is not there.
struct Bytes<'f> {
    file: &'f File,
    length: u64,
}

impl<'f> Bytes<'f> {
    fn of(file: &'f File) -> Result<Self> {
        let length = file.metadata().map_err(super::blocks::io)?.len();
        Ok(Self { file, length })
    }

    /// The length as a number, when so many bytes are there.
    fn within(&self, offset: u64, length: i64) -> Result<u64> {
        let is_there = |length: &u64| offset.checked_add(*length).is_some_and(|end| end <= self.length);
        u64::try_from(length).ok().filter(is_there).ok_or_else(|| absent("a part", length))
    }

    fn read(&self, offset: u64, length: i64) -> Result<Vec<u8>> {
        let length = self.within(offset, length)?;
        let mut bytes = vec![0; usize::try_from(length).map_err(unreadable)?];
        self.file.read_exact_at(&mut bytes, offset).map_err(super::blocks::io)?;
        Ok(bytes)
    }

    /// Looks at a message whose body is at `body`; `said` is how long the body is by what names the message. Returns how
    /// long it is.
    fn check(&self, message: &[u8], body: u64, said: Option<i64>) -> Result<u64> {
        let message = root_as_message(message).map_err(unreadable)?;
        let length = self.within(body, message.bodyLength())?;
        let length = said.map_or(Ok(length), |said| self.within(body, said))?;
        if let Some(batch) = batch_of(&message) {
            for buffer in batch.buffers().into_iter().flatten() {
                let end = u64::try_from(buffer.offset()).ok().zip(u64::try_from(buffer.length()).ok());
                end.and_then(|(offset, length)| offset.checked_add(length))
                    .filter(|end| *end <= length)
                    .ok_or_else(|| absent("a buffer", buffer.length()))?;
            }
            let bytes = self.uncompressed(&batch, body, length)?;
            let values = bytes.saturating_mul(8).max(BATCH_ROWS_MAX as u64);
            let lengths = batch.nodes().into_iter().flatten().map(|node| node.length()).chain([batch.length()]);
            // A value takes at least a bit; only columns without any value take none.
            for claimed in lengths {
                u64::try_from(claimed)
                    .ok()
                    .filter(|claimed| *claimed <= values)
                    .ok_or_else(|| unreadable(format!("it says that {bytes} bytes hold {claimed} values")))?;
            }
        }
        Ok(length)
    }

    /// Bytes of a batch's buffers when they are not compressed any more.
    fn uncompressed(&self, batch: &RecordBatch<'_>, body: u64, length: u64) -> Result<u64> {
        if batch.compression().is_none() {
            return Ok(length);
        }
        let mut sum = 0u64;
        for buffer in batch.buffers().into_iter().flatten().filter(|buffer| buffer.length() >= 8) {
            let offset = u64::try_from(buffer.offset()).ok().and_then(|offset| body.checked_add(offset));
            let head = self.read(offset.ok_or_else(|| absent("a buffer at", buffer.offset()))?, 8)?;
            let said = head.first_chunk().map_or(0, |head| i64::from_le_bytes(*head));
            let said = if said == NOT_COMPRESSED { buffer.length() - 8 } else { said };
            sum = u64::try_from(said).ok().and_then(|said| sum.checked_add(said)).unwrap_or(u64::MAX);
            if sum > ARROW_BATCH_BYTES_MAX {
                let why = format!("a batch takes more than {ARROW_BATCH_BYTES_MAX} bytes; write smaller batches");
                return Err(unreadable(why));
            }
        }
        Ok(sum)
    }
}

/// The batch of a message that has one.
fn batch_of<'m>(message: &Message<'m>) -> Option<RecordBatch<'m>> {
    message.header_as_record_batch().or_else(|| message.header_as_dictionary_batch()?.data())
}

fn number(bytes: &[u8]) -> i32 {
    bytes.first_chunk().map_or(0, |bytes| i32::from_le_bytes(*bytes))
}

fn absent(what: &str, length: i64) -> Error {
    unreadable(format!("it says that it has {what} of {length} bytes, which is not there"))
}
