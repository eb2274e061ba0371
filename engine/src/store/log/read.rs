//! Reading a log back: every record in order, and what to think of the place where it ends.

use std::fmt;

use super::LogSizes;
use super::format::{self, HEADER_BYTES};
use crate::error::{Error, Result};
use crate::limits::LOG_RECORDS_MAX;
use crate::store::disk::{Disk, DiskFile};

/// One record as it was appended.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Record<'b> {
    /// Its number.
    pub lsn: u64,
    /// What the payload is; the log does not look at it.
    pub kind: u8,
    /// What was appended.
    pub payload: &'b [u8],
}

/// The torn end of a log: bytes of a write that nobody was told of.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Cut {
    /// The segment.
    pub file: String,
    /// Where its intact records end.
    pub offset: u64,
    /// Bytes that are there beyond.
    pub bytes: u64,
}

/// What a log holds.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct LogReport {
    /// Segments that were read.
    pub segments: u64,
    /// Records that were read.
    pub records: u64,
    /// The number that the next record gets.
    pub next_lsn: u64,
    /// The torn end, if there is one.
    pub cut: Option<Cut>,
}

/// A place where the log is not what it was when it was safe.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Damage {
    pub(super) file: String,
    pub(super) offset: u64,
    /// The first record that is lost of those that are asked for.
    pub(super) lsn: u64,
    pub(super) why: String,
}

impl fmt::Display for Damage {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { file, offset, lsn, why } = self;
        write!(
            f,
            "the log is damaged: {file} at byte {offset}: record {lsn} was stored safely and cannot be read any more, {why}; \
             put the file back from a backup, or lose record {lsn} and all after it with \
             muster repair --data DIR --to-last-good"
        )
    }
}

/// Why a log cannot be read.
#[derive(Debug)]
pub(super) enum Failed {
    Damage(Damage),
    Other(Error),
}

impl From<Failed> for Error {
    fn from(failed: Failed) -> Self {
        match failed {
            Failed::Damage(damage) => Self::Corrupt(damage.to_string()),
            Failed::Other(error) => error,
        }
    }
}

impl From<Error> for Failed {
    fn from(error: Error) -> Self {
        Self::Other(error)
    }
}

/// A log that was read to its end.
#[derive(Debug)]
pub(super) struct Scan {
    /// First records of all segments, ascending; an unfinished one is not among them.
    pub(super) segments: Vec<u64>,
    /// Where the last segment's records end.
    pub(super) end: u64,
    /// A segment that was being made when the power went.
    pub(super) unfinished: Option<String>,
    pub(super) report: LogReport,
}

/// Reads all records from `from` on and changes nothing.
///
/// # Errors
/// `Corrupt` when records that were safe are damaged or missing, naming file and offset; `Io` when the system refuses;
/// whatever `visit` returns.
pub fn read_log(
    disk: &dyn Disk,
    from: u64,
    sizes: LogSizes,
    visit: &mut dyn FnMut(Record<'_>) -> Result<()>,
) -> Result<LogReport> {
    Ok(scan(disk, from, sizes, visit)?.report)
}

/// The first record of the oldest segment there is.
///
/// # Errors
/// `Io` when the system refuses.
pub fn first_lsn(disk: &dyn Disk) -> Result<Option<u64>> {
    Ok(segments(disk)?.first().copied())
}

/// The segments there are, by their first records.
pub(super) fn segments(disk: &dyn Disk) -> Result<Vec<u64>> {
    let names = disk.list().map_err(|error| Error::Io(format!("the data directory cannot be listed: {error}")))?;
    let mut segments: Vec<u64> = names.iter().filter_map(|name| format::first_lsn_of(name)).collect();
    segments.sort_unstable();
    Ok(segments)
}

pub(super) fn scan(
    disk: &dyn Disk,
    from: u64,
    sizes: LogSizes,
    visit: &mut dyn FnMut(Record<'_>) -> Result<()>,
) -> std::result::Result<Scan, Failed> {
    let mut segments = segments(disk)?;
    let unfinished = take_unfinished(disk, &mut segments, sizes)?;
    let report = LogReport { next_lsn: from, ..LogReport::default() };
    let mut scan = Scan { segments, end: 0, unfinished, report };
    let damage = |file, offset, lsn: u64, why| Failed::Damage(Damage { file, offset, lsn: lsn.max(from), why });
    let Some(first) = scan.segments.first().copied() else { return Ok(scan) };
    // Segments that are older than what is asked for may be there in part: dropping them was interrupted.
    let start = scan.segments.iter().rposition(|first| *first <= from);
    let Some(start) = start else {
        return Err(damage(format::segment_name(first), 0, from, format!("the log begins with record {first}")));
    };
    let last = scan.segments.len() - 1;
    let mut expected = scan.segments[start];
    for index in start..=last {
        let first = scan.segments[index];
        let file = format::segment_name(first);
        if first != expected {
            let why = format!("the next file begins with record {first}");
            return Err(damage(format::segment_name(scan.segments[index - 1]), scan.end, expected, why));
        }
        let segment = load(disk, &file, sizes)?;
        if let Some(why) = format::header_mistake(&segment.bytes, first) {
            return Err(damage(file, 0, first, why));
        }
        let walked = walk(&segment, first, from, sizes, visit)?;
        scan.report.segments += 1;
        scan.report.records += walked.records;
        (scan.end, expected) = (walked.end as u64, walked.next_lsn);
        if let Some(why) = walked.proof.or_else(|| (walked.torn > 0 && index < last).then(|| "others follow".into())) {
            return Err(damage(file, scan.end, expected, why));
        }
        scan.report.cut = (walked.torn > 0).then_some(Cut { file, offset: scan.end, bytes: walked.torn as u64 });
    }
    if expected < from {
        return Err(damage(format::segment_name(scan.segments[last]), scan.end, expected, "the log ends there".into()));
    }
    scan.report.next_lsn = expected;
    Ok(scan)
}

/// How far the records of a segment go.
struct Walked {
    records: u64,
    next_lsn: u64,
    end: usize,
    /// Bytes beyond the end that are not the zeros they were allocated as.
    torn: usize,
    /// How it is known that what cannot be read was safe.
    proof: Option<String>,
}

fn walk(
    segment: &Segment,
    first: u64,
    from: u64,
    sizes: LogSizes,
    visit: &mut dyn FnMut(Record<'_>) -> Result<()>,
) -> Result<Walked> {
    let mut walked = Walked { records: 0, next_lsn: first, end: HEADER_BYTES, torn: 0, proof: None };
    let bytes = &segment.bytes;
    let follows = |found: &format::Found, next: u64| found.lsn == next && found.lsn <= LOG_RECORDS_MAX;
    while let Some(found) =
        format::find(bytes, walked.end, sizes.record).filter(|found| follows(found, walked.next_lsn))
    {
        walked.end = found.payload.end;
        walked.next_lsn += 1;
        if found.lsn >= from {
            walked.records += 1;
            visit(Record { lsn: found.lsn, kind: found.kind, payload: &bytes[found.payload] })?;
        }
    }
    walked.torn = format::without_zeros(segment.data_from(walked.end)).len();
    if walked.torn > 0 {
        let mut later = format::find_later(bytes, walked.end, walked.next_lsn, sizes.record);
        let proof = later.find(|found| found.safe_lsn >= walked.next_lsn);
        walked.proof = proof.map(|found| format!("record {} was written after it", found.lsn));
        if walked.next_lsn > LOG_RECORDS_MAX {
            walked.proof = Some("no log has so many records".into());
        }
    }
    Ok(walked)
}

/// Takes out the last segment when its making was interrupted: it has no good header and nothing was stored in it.
fn take_unfinished(
    disk: &dyn Disk,
    segments: &mut Vec<u64>,
    sizes: LogSizes,
) -> std::result::Result<Option<String>, Failed> {
    let Some(last) = segments.last().copied() else { return Ok(None) };
    let name = format::segment_name(last);
    if format::header_mistake(&load_head(disk, &name)?, last).is_none() {
        return Ok(None);
    }
    if !format::without_zeros(load(disk, &name, sizes)?.data_from(HEADER_BYTES)).is_empty() {
        return Ok(None);
    }
    segments.pop();
    Ok(Some(name))
}

/// A whole segment.
pub(super) struct Segment {
    pub(super) bytes: Vec<u8>,
    /// Behind it are only zeros, which were not read.
    data_end: usize,
}

impl Segment {
    /// From a place to where the zeros begin that follow everything, at least.
    fn data_from(&self, at: usize) -> &[u8] {
        self.bytes.get(at..self.data_end).unwrap_or_default()
    }
}

pub(super) fn load(disk: &dyn Disk, name: &str, sizes: LogSizes) -> Result<Segment> {
    let (file, length) = open(disk, name)?;
    let most = super::write::segment_bytes_max(sizes);
    if length > most {
        return Err(Error::Corrupt(format!("{name} has {length} bytes, a segment has at most {most}")));
    }
    let length = usize::try_from(length).map_err(|error| Error::Io(error.to_string()))?;
    // Most of a segment is room for records to come: memory that nobody touches, as zeros in a file, takes no time.
    let mut bytes = vec![0; length];
    let data_end = usize::try_from(file.data_end().map_err(unreadable(name))?).map_or(length, |end| end.min(length));
    file.read_at(0, &mut bytes[..data_end]).map_err(unreadable(name))?;
    Ok(Segment { bytes, data_end })
}

/// What is there of a segment's header.
fn load_head(disk: &dyn Disk, name: &str) -> Result<Vec<u8>> {
    let (file, length) = open(disk, name)?;
    let mut head = vec![0; length.min(HEADER_BYTES as u64) as usize];
    file.read_at(0, &mut head).map_err(unreadable(name))?;
    Ok(head)
}

/// A segment's file and its bytes.
fn open(disk: &dyn Disk, name: &str) -> Result<(Box<dyn DiskFile>, u64)> {
    let file = disk.open(name).map_err(unreadable(name))?;
    let length = file.len().map_err(unreadable(name))?;
    Ok((file, length))
}

fn unreadable(name: &str) -> impl Fn(std::io::Error) -> Error {
    move |error| Error::Io(format!("{name} cannot be read: {error}"))
}
