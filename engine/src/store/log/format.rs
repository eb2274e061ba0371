//! The bytes of a segment: a header, then records, then zeros. All numbers are little-endian.
//!
//! header: `[magic 8][version u32][first lsn u64][crc32c u32 of all before]`
//! record: `[length u32 of the payload][crc32c u32][lsn u64][unsynced u32][kind u8][payload]`,
//! the checksum over the length and everything behind itself.

use std::ops::Range;

use crate::store::number::{u32_at, u64_at};

/// What every segment begins with.
const MAGIC: [u8; 8] = *b"MUSTRLOG";

/// The version of this format.
const VERSION: u32 = 1;

/// Bytes of a segment's header.
pub(super) const HEADER_BYTES: usize = 24;

/// Bytes of a record before its payload.
pub(super) const HEAD_BYTES: usize = 21;

/// What names of segments end with.
const EXTENSION: &str = ".log";

/// The file of the segment that begins with this record.
pub(super) fn segment_name(first_lsn: u64) -> String {
    format!("{first_lsn:020}{EXTENSION}")
}

/// The first record of the segment that a file is named as; `None` for other files.
pub(super) fn first_lsn_of(name: &str) -> Option<u64> {
    let first = name.strip_suffix(EXTENSION)?.parse().ok()?;
    (segment_name(first) == name).then_some(first)
}

/// A segment's header.
pub(super) fn header(first_lsn: u64) -> [u8; HEADER_BYTES] {
    let mut bytes = [0; HEADER_BYTES];
    bytes[..8].copy_from_slice(&MAGIC);
    bytes[8..12].copy_from_slice(&VERSION.to_le_bytes());
    bytes[12..20].copy_from_slice(&first_lsn.to_le_bytes());
    let sum = crc32c::crc32c(&bytes[..20]);
    bytes[20..].copy_from_slice(&sum.to_le_bytes());
    bytes
}

/// Why a header cannot be used; `None` when it can.
pub(super) fn header_mistake(bytes: &[u8], first_lsn: u64) -> Option<String> {
    if bytes.len() < HEADER_BYTES || crc32c::crc32c(&bytes[..20]) != u32_at(bytes, 20) || bytes[..8] != MAGIC {
        return Some("its header cannot be read".into());
    }
    let version = u32_at(bytes, 8);
    if version != VERSION {
        return Some(format!("it has version {version} of the format, this program reads version {VERSION}"));
    }
    let other = u64_at(bytes, 12);
    (other != first_lsn).then(|| format!("it begins with record {other}, not with the one that its name says"))
}

/// A record whose checksum is right.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Found {
    pub(super) lsn: u64,
    /// The last record that was known to be safe when this one was written.
    pub(super) safe_lsn: u64,
    pub(super) kind: u8,
    /// Where the payload lies.
    pub(super) payload: Range<usize>,
}

/// Appends a record.
pub(super) fn put(buffer: &mut Vec<u8>, lsn: u64, safe_lsn: u64, kind: u8, payload: &[u8]) {
    let start = buffer.len();
    // The log refuses longer payloads, and less would only prove less.
    buffer.extend_from_slice(&u32::try_from(payload.len()).unwrap_or(u32::MAX).to_le_bytes());
    buffer.extend_from_slice(&[0; 4]);
    buffer.extend_from_slice(&lsn.to_le_bytes());
    buffer.extend_from_slice(&u32::try_from(lsn - safe_lsn).unwrap_or(u32::MAX).to_le_bytes());
    buffer.push(kind);
    buffer.extend_from_slice(payload);
    let sum = checksum(&buffer[start..]);
    buffer[start + 4..start + 8].copy_from_slice(&sum.to_le_bytes());
}

/// The record at `at`, if there is one that fits the file and whose checksum is right.
pub(super) fn find(bytes: &[u8], at: usize, length_max: usize) -> Option<Found> {
    let record = bytes.get(at..)?;
    if record.len() < HEAD_BYTES {
        return None;
    }
    let length = u32_at(record, 0) as usize;
    if length > length_max || length > record.len() - HEAD_BYTES {
        return None;
    }
    let record = &record[..HEAD_BYTES + length];
    if checksum(record) != u32_at(record, 4) {
        return None;
    }
    let (lsn, unsynced) = (u64_at(record, 8), u64::from(u32_at(record, 16)));
    let payload = at + HEAD_BYTES..at + record.len();
    Some(Found { lsn, safe_lsn: lsn.checked_sub(unsynced)?, kind: record[20], payload })
}

/// The intact records after `at` whose numbers are possible there, when record `lsn` at `at` cannot be read.
pub(super) fn find_later(bytes: &[u8], at: usize, lsn: u64, length_max: usize) -> impl Iterator<Item = Found> {
    let most = lsn.saturating_add((bytes.len() / HEAD_BYTES) as u64);
    // A record may end with zeros; it does not begin among those that follow everything.
    let end = without_zeros(bytes).len().min(bytes.len().saturating_sub(HEAD_BYTES - 1));
    let mut next = at + 1;
    std::iter::from_fn(move || {
        while next < end {
            let at = next;
            next += 1;
            // Few places pass this, so that checksums are hardly ever taken.
            if (lsn..=most).contains(&u64_at(bytes, at + 8))
                && let Some(found) = find(bytes, at, length_max)
            {
                next = found.payload.end;
                return Some(found);
            }
        }
        None
    })
}

/// Bytes up to the last one that is not zero.
pub(super) fn without_zeros(bytes: &[u8]) -> &[u8] {
    let mut end = bytes.len();
    // Whole pages first: most of a segment is zeros.
    while end >= 4_096 && bytes[end - 4_096..end].iter().all(|byte| *byte == 0) {
        end -= 4_096;
    }
    while end > 0 && bytes[end - 1] == 0 {
        end -= 1;
    }
    &bytes[..end]
}

fn checksum(record: &[u8]) -> u32 {
    crc32c::crc32c_append(crc32c::crc32c(&record[..4]), &record[8..])
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_lead_to_numbers_and_back() {
        for lsn in [1, 42, u64::MAX] {
            assert_eq!(first_lsn_of(&segment_name(lsn)), Some(lsn));
        }
        for name in ["1.log", "lock", "00000000000000000001.log.cut", "+0000000000000000001.log", ".log"] {
            assert_eq!(first_lsn_of(name), None, "{name}");
        }
    }

    #[test]
    fn a_record_is_found_again_or_not_at_all() {
        let mut bytes = Vec::new();
        put(&mut bytes, 7, 5, 3, b"payload");
        let wanted = Found { lsn: 7, safe_lsn: 5, kind: 3, payload: HEAD_BYTES..HEAD_BYTES + 7 };
        assert_eq!(find(&bytes, 0, 7), Some(wanted));
        assert_eq!(find(&bytes, 0, 6), None, "longer than it may be");
        assert_eq!(find(&bytes[..bytes.len() - 1], 0, 7), None, "longer than the file");
        assert_eq!(find(&bytes, bytes.len() + 1, 7), None);
        for at in 0..bytes.len() {
            bytes[at] ^= 0x10;
            assert_eq!(find(&bytes, 0, usize::MAX), None, "byte {at}");
            bytes[at] ^= 0x10;
        }
        assert_eq!(find(&[0; 100], 0, 100), None, "zeros are no record");
    }

    #[test]
    fn the_bytes_of_version_1() {
        // Written by the first version; files with these bytes lie on somebody's disk.
        let mut bytes = header(1).to_vec();
        put(&mut bytes, 1, 0, 1, b"first");
        let hex: String = bytes.iter().map(|byte| format!("{byte:02x}")).collect();
        let head = "4d555354524c4f4701000000010000000000000000000000";
        assert_eq!((&hex[..40], hex.len()), (&head[..40], 2 * (HEADER_BYTES + HEAD_BYTES + 5)));
        assert_eq!(header_mistake(&bytes, 1), None);
        assert!(header_mistake(&bytes, 2).is_some_and(|why| why.contains("record 1")));
    }
}
