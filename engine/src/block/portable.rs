//! Sets as bytes that other programs read: the portable roaring format.
//!
//! The format is that of the Roaring specification (github.com/RoaringBitmap/RoaringFormatSpec), so every roaring
//! library opens what is written here. It leaves a choice of form for each container; here it is always the shortest,
//! and of two that are as short the one without runs, so that equal sets are equal bytes. Bytes that are read may be
//! anybody's: whatever is not a set is refused.

use super::container::{Container, run_count, runs_of_words};
use super::set::{Set, SetBuilder};
use super::split;
use super::words::{BLOCK_ROWS, BLOCK_WORDS, Words};

/// What begins a set without runs; the number of its containers follows.
const COOKIE: u32 = 12_346;

/// What begins a set with runs, in the lower half; the upper half is the number of its containers less one.
const COOKIE_WITH_RUNS: u32 = 12_347;

/// Containers from which on a set with runs says where each of them lies.
const OFFSETS_FROM: usize = 4;

/// Rows up to which a container without runs is a list.
const LIST_MAX: usize = 4_096;

/// Bytes of a block's bits.
const BITS_BYTES: usize = 8 * BLOCK_WORDS;

/// Bytes of a set that some program wrote.
#[derive(Debug, Clone, Copy)]
pub struct Portable<'b>(&'b [u8]);

/// Where a container lies.
#[derive(Debug, Clone, Copy)]
struct Entry {
    block: u32,
    rows: usize,
    has_runs: bool,
    offset: usize,
}

/// The bytes of a set.
pub fn to_portable(set: &Set) -> Vec<u8> {
    let mut payload = Vec::new();
    let mut entries = Vec::with_capacity(set.block_count());
    for (block, container) in set.blocks() {
        let offset = payload.len();
        let has_runs = write_container(container, &mut payload);
        entries.push(Entry { block, rows: container.cardinality() as usize, has_runs, offset });
    }
    let count = entries.len() as u32;
    let has_runs = entries.iter().any(|entry| entry.has_runs);
    let mut bytes = Vec::with_capacity(payload.len() + 16 + 9 * entries.len());
    if has_runs {
        bytes.extend((COOKIE_WITH_RUNS | (count - 1) << 16).to_le_bytes());
        let mut flags = vec![0u8; entries.len().div_ceil(8)];
        entries.iter().enumerate().for_each(|(at, entry)| flags[at / 8] |= u8::from(entry.has_runs) << (at % 8));
        bytes.extend(flags);
    } else {
        bytes.extend(COOKIE.to_le_bytes());
        bytes.extend(count.to_le_bytes());
    }
    for entry in &entries {
        // Blocks are the upper halves of rows, and no container is empty.
        bytes.extend((entry.block as u16).to_le_bytes());
        bytes.extend(((entry.rows - 1) as u16).to_le_bytes());
    }
    if !has_runs || entries.len() >= OFFSETS_FROM {
        let start = bytes.len() + 4 * entries.len();
        entries.iter().for_each(|entry| bytes.extend(((start + entry.offset) as u32).to_le_bytes()));
    }
    bytes.extend(payload);
    bytes
}

/// Appends a container in its shortest form; says whether that has runs.
fn write_container(container: &Container, out: &mut Vec<u8>) -> bool {
    let rows = container.cardinality() as usize;
    let plain = if rows <= LIST_MAX { 2 * rows } else { BITS_BYTES };
    let mut words = Words::EMPTY;
    let runs = match container {
        Container::Full => 1,
        Container::Runs { runs, .. } => runs.len(),
        Container::Array(offsets) => 1 + offsets.windows(2).filter(|pair| pair[0] + 1 != pair[1]).count(),
        Container::Bits { words, .. } => run_count(words),
        Container::Empty => return false,
    };
    if 2 + 4 * runs < plain {
        container.write_to(&mut words);
        out.extend((runs as u16).to_le_bytes());
        for run in runs_of_words(&words) {
            out.extend(run.first.to_le_bytes());
            out.extend((run.last - run.first).to_le_bytes());
        }
        return true;
    }
    if rows <= LIST_MAX {
        container.visit(|offset| {
            out.extend(offset.to_le_bytes());
            true
        });
    } else {
        container.write_to(&mut words);
        words.0.iter().for_each(|word| out.extend(word.to_le_bytes()));
    }
    false
}

impl<'b> Portable<'b> {
    /// From bytes that may be anything.
    pub fn new(bytes: &'b [u8]) -> Self {
        Self(bytes)
    }

    /// The set; `None` when the bytes are not one.
    pub fn set(self) -> Option<Set> {
        let entries = self.entries()?;
        let mut builder = SetBuilder::with_capacity(entries.len());
        for entry in &entries {
            builder.push(entry.block, self.container(entry)?);
        }
        Some(builder.finish())
    }

    /// Whether a row is in; `false` also when the bytes are not a set. Only the row's own container is looked at.
    pub fn contains(self, row: u32) -> bool {
        let (block, offset) = split(row);
        let Some(entries) = self.entries() else { return false };
        let Ok(at) = entries.binary_search_by_key(&block, |entry| entry.block) else { return false };
        let entry = &entries[at];
        if !entry.has_runs && entry.rows > LIST_MAX {
            let byte = self.0.get(entry.offset + usize::from(offset >> 3));
            return byte.is_some_and(|byte| byte >> (offset & 7) & 1 == 1);
        }
        self.container(entry).is_some_and(|container| container.contains(offset))
    }

    fn entries(self) -> Option<Vec<Entry>> {
        let cookie = self.number(0)?;
        let has_runs = cookie & 0xffff == COOKIE_WITH_RUNS;
        let count = if has_runs { (cookie >> 16) as usize + 1 } else { self.number(4)? as usize };
        if !has_runs && cookie != COOKIE || count > BLOCK_ROWS {
            return None;
        }
        let (flags, heads) = if has_runs { (4, 4 + count.div_ceil(8)) } else { (0, 8) };
        let has_offsets = !has_runs || count >= OFFSETS_FROM;
        let places = heads + 4 * count;
        let mut next = if has_offsets { places + 4 * count } else { places };
        let mut entries: Vec<Entry> = Vec::with_capacity(count.min(self.0.len()));
        for at in 0..count {
            let head = self.number(heads + 4 * at)?;
            let has_runs = has_runs && self.0[flags + at / 8] >> (at % 8) & 1 == 1;
            let (block, rows) = (head & 0xffff, (head >> 16) as usize + 1);
            if has_offsets && self.number(places + 4 * at)? as usize != next
                || entries.last().is_some_and(|last| last.block >= block)
            {
                return None;
            }
            entries.push(Entry { block, rows, has_runs, offset: next });
            next += match (has_runs, rows) {
                (true, _) => 2 + 4 * self.short(next)?,
                (false, ..=LIST_MAX) => 2 * rows,
                (false, _) => BITS_BYTES,
            };
        }
        (next == self.0.len()).then_some(entries)
    }

    fn container(self, entry: &Entry) -> Option<Container> {
        let mut words = Words::EMPTY;
        if entry.has_runs {
            let pairs = self.0.get(entry.offset + 2..)?.get(..4 * self.short(entry.offset)?)?;
            let mut from = 0;
            for [a, b, c, d] in pairs.as_chunks().0 {
                let first = u16::from_le_bytes([*a, *b]);
                let last = first.checked_add(u16::from_le_bytes([*c, *d]))?;
                if u32::from(first) < from {
                    return None;
                }
                words.insert_range(first, last);
                // Two runs without a gap between them would be one.
                from = u32::from(last) + 2;
            }
        } else if entry.rows <= LIST_MAX {
            let bytes = self.0.get(entry.offset..entry.offset + 2 * entry.rows)?;
            let offsets: Vec<u16> = bytes.as_chunks().0.iter().map(|pair| u16::from_le_bytes(*pair)).collect();
            return offsets.is_sorted_by(|left, right| left < right).then(|| Container::from_sorted(&offsets));
        } else {
            let bytes = self.0.get(entry.offset..entry.offset + BITS_BYTES)?;
            for (word, bytes) in words.0.iter_mut().zip(bytes.as_chunks().0) {
                *word = u64::from_le_bytes(*bytes);
            }
        }
        let container = Container::from_words(&words);
        (container.cardinality() as usize == entry.rows).then_some(container)
    }

    fn number(self, at: usize) -> Option<u32> {
        Some(u32::from_le_bytes(*self.0.get(at..)?.first_chunk()?))
    }

    fn short(self, at: usize) -> Option<usize> {
        Some(u16::from_le_bytes(*self.0.get(at..)?.first_chunk()?).into())
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;
    use roaring::RoaringBitmap;

    use super::*;

    /// Rows that lie alone, in ranges, and densely, over a few blocks.
    fn rows() -> impl Strategy<Value = Vec<u32>> {
        let alone = proptest::collection::vec(0u32..400_000, 0..3_000);
        let ranges = proptest::collection::vec((0u32..400_000, 0u32..70_000), 0..4);
        let dense = (0u32..6, 1u32..7, 0u32..40_000);
        (alone, ranges, dense).prop_map(|(mut rows, ranges, (block, step, count))| {
            rows.extend(ranges.iter().flat_map(|(first, length)| *first..first + length));
            rows.extend((0..count).map(|at| (block << 16) + at * step));
            rows
        })
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(200))]

        #[test]
        fn bytes_are_those_of_the_roaring_crate_and_read_back(rows in rows()) {
            let set = Set::from_rows(rows.clone());
            let bytes = to_portable(&set);
            let mut theirs: RoaringBitmap = rows.iter().copied().collect();
            prop_assert_eq!(&RoaringBitmap::deserialize_from(&bytes[..]).expect("it is portable"), &theirs);
            theirs.optimize();
            let mut wanted = Vec::new();
            theirs.serialize_into(&mut wanted).expect("written to memory");
            prop_assert!(bytes == wanted, "{} bytes, theirs are {}", bytes.len(), wanted.len());
            prop_assert_eq!(Portable::new(&bytes).set().expect("a set"), set.clone());
            for row in rows.into_iter().take(50).flat_map(|row| [row, row + 1]) {
                prop_assert_eq!(Portable::new(&bytes).contains(row), set.contains(row));
            }
        }

        #[test]
        fn bytes_of_others_make_nobody_panic(rows in rows(), at in any::<prop::sample::Index>(), byte in any::<u8>()) {
            let set = Set::from_rows(rows);
            let mut bytes = to_portable(&set);
            prop_assert!(Portable::new(&bytes[..at.index(bytes.len())]).set().is_none(), "it was cut off");
            let at = at.index(bytes.len().min(600));
            bytes[at] = byte;
            let _ = Portable::new(&bytes).contains(7);
            if let Some(other) = Portable::new(&bytes).set() {
                prop_assert_eq!(other.rows().count() as u64, other.len());
            }
        }
    }

    #[test]
    fn the_smallest_sets() {
        for rows in [vec![], vec![0], vec![u32::MAX], (0..65_536).collect(), (65_535..65_538).collect()] {
            let set = Set::from_rows(rows);
            assert_eq!(Portable::new(&to_portable(&set)).set(), Some(set));
        }
        assert_eq!(Portable::new(&[]).set(), None);
    }
}
