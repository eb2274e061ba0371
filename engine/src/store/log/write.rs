//! Appending to a log: records are gathered in memory, written together, and synced once.
//!
//! A write or sync that fails ends all writing, for good: the system may have dropped the bytes and say later that all
//! is well (Rebello et al., "Can Applications Recover from fsync Failures?", USENIX ATC 2020). Only where a new segment
//! finds no room nothing has happened yet; that is refused and may be tried again.

use std::io;
use std::sync::Arc;

use super::LogSizes;
use super::format::{self, HEAD_BYTES, HEADER_BYTES};
use super::read::{LogReport, Record, Scan, scan};
use crate::error::{Error, Problem, Result};
use crate::limits::LOG_RECORDS_MAX;
use crate::store::disk::{Disk, DiskFile, no_room};

/// The longest segment there can be: one made for records that waited together, the last of the largest size.
pub(super) fn segment_bytes_max(sizes: LogSizes) -> u64 {
    sizes.segment + (HEADER_BYTES + HEAD_BYTES + sizes.record) as u64
}

/// A log that is open for appending. There is one for a directory.
#[derive(Debug)]
pub struct Log {
    disk: Arc<dyn Disk>,
    sizes: LogSizes,
    /// First records of all segments, ascending; the last is open.
    segments: Vec<u64>,
    open: Segment,
    /// Records that were appended and not written.
    buffer: Vec<u8>,
    /// The number of the next record to append.
    next_lsn: u64,
    /// Records before this number are written.
    written: u64,
    /// Records before this number are safe.
    synced: u64,
    /// Bytes of records written by this value.
    bytes: u64,
    failed: Option<Problem>,
}

/// The segment that is written to.
#[derive(Debug)]
struct Segment {
    file: Box<dyn DiskFile>,
    /// Bytes that it has room for.
    room: u64,
    /// Where the next record goes.
    end: u64,
}

impl Log {
    /// Opens the log of a disk, or begins one; every record from `from` on is shown to `visit` first. What a torn write
    /// left at the end is cut.
    ///
    /// # Errors
    /// `Corrupt` when records that were safe are damaged or missing, naming file and offset; `Io` when the system
    /// refuses; whatever `visit` returns.
    pub fn open(
        disk: Arc<dyn Disk>,
        from: u64,
        sizes: LogSizes,
        visit: &mut dyn FnMut(Record<'_>) -> Result<()>,
    ) -> Result<(Self, LogReport)> {
        let Scan { mut segments, end, unfinished, report } = scan(&*disk, from, sizes, visit)?;
        let refused = |error: io::Error| {
            no_room(&error, "the log was not opened")
                .unwrap_or_else(|| Error::Io(format!("the log cannot be opened: {error}")))
        };
        if let Some(name) = unfinished {
            disk.remove(&name).map_err(refused)?;
        }
        let next_lsn = report.next_lsn;
        let open = match segments.last() {
            None => {
                segments.push(next_lsn);
                create(&*disk, next_lsn, sizes.segment).map_err(|failed| refused(failed.error))?
            }
            Some(last) => {
                let file = disk.open(&format::segment_name(*last)).map_err(refused)?;
                if report.cut.is_some() {
                    file.truncate(end).map_err(refused)?;
                }
                // A disk without room is no reason not to start: the first write will say so.
                let room = file.allocate(sizes.segment).and_then(|()| file.len()).unwrap_or(end);
                // What was read may have been written and never synced; from now on it counts as safe.
                file.sync_data().map_err(refused)?;
                Segment { room, end, file }
            }
        };
        disk.sync_names().map_err(refused)?;
        let log = Self {
            disk,
            sizes,
            segments,
            open,
            buffer: Vec::new(),
            next_lsn,
            written: next_lsn,
            synced: next_lsn,
            bytes: 0,
            failed: None,
        };
        Ok((log, report))
    }

    /// The number that the next record gets.
    pub fn next_lsn(&self) -> u64 {
        self.next_lsn
    }

    /// Why nothing can be written any more; `None` while all is well.
    pub fn failed(&self) -> Option<&Problem> {
        self.failed.as_ref()
    }

    /// Whether everything that was written is safe.
    pub fn is_synced(&self) -> bool {
        self.synced == self.written
    }

    /// Whether so much waits that it should be written before more is appended.
    pub fn is_full(&self) -> bool {
        self.buffer.len() >= self.sizes.group
    }

    /// Appends a record to those that wait to be written; returns its number.
    ///
    /// # Errors
    /// `Limit` for a payload that is too long, or when more than a segment waits already; `Storage` after a failure.
    pub fn append(&mut self, kind: u8, payload: &[u8]) -> Result<u64> {
        self.check(payload.len())?;
        if self.buffer.len() as u64 > self.sizes.segment {
            let message = format!("more than {} bytes wait to be written to the log", self.sizes.segment);
            return Err(Error::Limit(Problem::new("", "too_many_changes", message)));
        }
        let lsn = self.next_lsn;
        format::put(&mut self.buffer, lsn, self.synced - 1, kind, payload);
        self.next_lsn += 1;
        Ok(lsn)
    }

    /// Refuses what [`Self::append`] would refuse for its length, or because the log has failed.
    ///
    /// # Errors
    /// `Limit` for a payload that is too long and for a log without numbers left, `Storage` after a failure.
    pub fn check(&self, payload_bytes: usize) -> Result<()> {
        self.refuse_after_failure()?;
        if self.next_lsn > LOG_RECORDS_MAX {
            let message = format!("a log has at most {LOG_RECORDS_MAX} records; import an export into a new directory");
            return Err(Error::Limit(Problem::new("", "too_many_records", message)));
        }
        if payload_bytes > self.sizes.record {
            let message = format!(
                "one change takes at most {} bytes in the log, this one takes {payload_bytes}; split it",
                self.sizes.record
            );
            return Err(Error::Limit(Problem::new("", "change_too_large", message)));
        }
        Ok(())
    }

    /// Takes back what was appended and not written.
    pub fn discard(&mut self) {
        self.buffer.clear();
        self.next_lsn = self.written;
    }

    /// Writes what was appended. It is not safe before [`Self::sync`].
    ///
    /// # Errors
    /// `Storage`: `disk_full` or `no_segment` when a new segment cannot be made, which may be tried again; `read_only`
    /// when the write failed, now or earlier.
    pub fn write(&mut self) -> Result<()> {
        self.refuse_after_failure()?;
        if self.buffer.is_empty() {
            return Ok(());
        }
        let length = self.buffer.len() as u64;
        self.bytes += length;
        if self.open.end + length > self.open.room {
            self.roll(length)?;
        }
        let Segment { file, end, .. } = &mut self.open;
        let written = file.write_at(*end, &self.buffer);
        *end += length;
        self.buffer.clear();
        self.keep(written)?;
        self.written = self.next_lsn;
        Ok(())
    }

    /// Makes everything that was written safe.
    ///
    /// # Errors
    /// `Storage` when that failed, now or earlier.
    pub fn sync(&mut self) -> Result<()> {
        self.refuse_after_failure()?;
        if !self.is_synced() {
            let synced = self.open.file.sync_data();
            self.keep(synced)?;
            self.synced = self.written;
        }
        Ok(())
    }

    /// Ends the open segment, if it holds a record, after all that was appended is safe: the next record begins another,
    /// so that all before it can be dropped.
    ///
    /// # Errors
    /// As [`Self::write`].
    pub fn cut(&mut self) -> Result<()> {
        self.write()?;
        if self.open.end > HEADER_BYTES as u64 { self.roll(0) } else { self.sync() }
    }

    /// The files of the log, each with the bytes of it that hold records: all of those that are closed. After [`Self::sync`]
    /// what is in them is safe, and stays as it is until they are dropped.
    pub fn files(&self) -> Vec<(String, Option<u64>)> {
        let last = self.segments.len() - 1;
        let segments = self.segments.iter().enumerate();
        segments.map(|(at, first)| (format::segment_name(*first), (at == last).then_some(self.open.end))).collect()
    }

    /// Bytes of records that were written since the log was opened.
    pub fn bytes(&self) -> u64 {
        self.bytes
    }

    /// Removes the segments all of whose records are older than `lsn`.
    ///
    /// # Errors
    /// `Io` when the system refuses; what is left is removed the next time.
    pub fn drop_before(&mut self, lsn: u64) -> Result<()> {
        let refused = |error: io::Error| Error::Io(format!("an old part of the log cannot be removed: {error}"));
        while let [first, next, ..] = self.segments[..]
            && next <= lsn
        {
            self.disk.remove(&format::segment_name(first)).map_err(refused)?;
            self.segments.remove(0);
        }
        self.disk.sync_names().map_err(refused)
    }

    /// Goes on in a new segment with room for at least `length` bytes of records.
    fn roll(&mut self, length: u64) -> Result<()> {
        // A later segment proves that all earlier ones are safe.
        self.sync()?;
        let room = self.sizes.segment.max(HEADER_BYTES as u64 + length);
        match create(&*self.disk, self.written, room) {
            Ok(segment) => {
                self.open = segment;
                // One that holds nothing was too small for what comes: the new one has its name.
                self.segments.retain(|first| *first != self.written);
                self.segments.push(self.written);
                Ok(())
            }
            Err(NotCreated { error, was_written: true }) => self.keep(Err(error)),
            Err(NotCreated { error, .. }) => Err(no_segment(&error)),
        }
    }

    /// Remembers a failure.
    fn keep(&mut self, result: io::Result<()>) -> Result<()> {
        if let Err(error) = result {
            let message = format!(
                "the disk failed ({error}), so nothing can be changed until the server is started again; what was \
                 acknowledged is safe, a change that was under way may or may not be there then, and reading goes on"
            );
            self.failed = Some(Problem::new("", "read_only", message));
        }
        self.refuse_after_failure()
    }

    fn refuse_after_failure(&self) -> Result<()> {
        self.failed.as_ref().map_or(Ok(()), |problem| Err(Error::Storage(problem.clone())))
    }
}

fn no_segment(error: &io::Error) -> Error {
    let message = || format!("the log cannot grow ({error}), so the change was not stored; send it again later");
    no_room(error, "the change was not stored")
        .unwrap_or_else(|| Error::Storage(Problem::new("", "no_segment", message())))
}

/// Why there is no new segment.
struct NotCreated {
    error: io::Error,
    /// Whether bytes were written, so that it may not be tried again.
    was_written: bool,
}

/// A new segment, safe in all its parts.
fn create(disk: &dyn Disk, first_lsn: u64, room: u64) -> std::result::Result<Segment, NotCreated> {
    let name = format::segment_name(first_lsn);
    let untouched = |error: io::Error| NotCreated { error, was_written: false };
    let file = match disk.create(&name) {
        // An earlier attempt found no room; it holds nothing.
        Err(error) if error.kind() == io::ErrorKind::AlreadyExists => {
            disk.remove(&name).and_then(|()| disk.create(&name)).map_err(untouched)?
        }
        created => created.map_err(untouched)?,
    };
    if let Err(error) = file.allocate(room) {
        drop(file);
        // If it stays, the next attempt removes it.
        let _ = disk.remove(&name);
        return Err(untouched(error));
    }
    let touched = |error: io::Error| NotCreated { error, was_written: true };
    file.write_at(0, &format::header(first_lsn)).map_err(touched)?;
    file.sync_data().map_err(touched)?;
    disk.sync_names().map_err(touched)?;
    let end = HEADER_BYTES as u64;
    Ok(Segment { file, room, end })
}
