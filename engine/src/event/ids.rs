//! Which ids events have, so that one that is sent twice counts once: kept for ever while its profile is there, also
//! after the event itself was kept long enough.
//!
//! Of an id its digest is kept, 72 bits of SHA-256, and the row of its profile. That two of 67 million ids are taken for
//! one another happens to one tenant in two million (n^2 / 2^73), and nobody can choose an id that is taken for a given
//! one. An id costs about nine bytes: the first 16 bits say in which bucket the others lie, and how they lie there says
//! `id_bucket`. The row is there for the day on which its person is erased: their ids are unknown again then.

use std::collections::BTreeMap;
use std::sync::{Arc, Weak};

use rayon::prelude::*;
use sha2::{Digest as _, Sha256};

use super::coming_ids::ComingIds;
use super::id_bucket::{Bucket, Entry, REST_BITS};
use crate::block::Set;
use crate::error::Result;
use crate::shared::{Shared, bytes_of};
use crate::store::checkpoint::{FileWriter, SectionId, Sections};

/// Pieces, by the first byte of a digest.
pub(super) const ID_PIECES: usize = 256;

/// Buckets of a piece, by the second byte.
const BUCKETS: usize = 256;

/// Ids from which on other threads help to lay them.
const SHARED_IDS_MIN: usize = 4_096;

/// What of an id is kept: nine bytes.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct IdDigest {
    pub(super) piece: u8,
    /// Its bucket's number in the piece, then what the bucket keeps of it.
    pub(super) key: u64,
}

impl IdDigest {
    pub(super) fn of(id: &str) -> Self {
        let [piece, rest @ ..]: [u8; 32] = Sha256::digest(id.as_bytes()).into();
        Self { piece, key: rest.first_chunk().map_or(0, |key| u64::from_be_bytes(*key)) }
    }
}

/// The bucket of its piece that a digest belongs to.
fn bucket_of(key: u64) -> usize {
    (key >> REST_BITS) as usize
}

/// What the bucket keeps of a digest.
fn rest_of(key: u64) -> u64 {
    key & ((1 << REST_BITS) - 1)
}

/// Buckets that follow each other.
#[derive(Debug, Clone)]
pub(super) struct IdPiece(Vec<Arc<Bucket>>);

impl Default for IdPiece {
    fn default() -> Self {
        Self(vec![Arc::default(); BUCKETS])
    }
}

impl IdPiece {
    /// Lays digests, ascending, each once, with what was there; `again` where some of them are known.
    fn lay(&mut self, entries: &[Entry], again: bool) {
        for same in entries.chunk_by(|left, right| bucket_of(left.0) == bucket_of(right.0)) {
            let bucket = Arc::make_mut(&mut self.0[bucket_of(same[0].0)]);
            let rests = same.iter().map(|(key, row)| (rest_of(*key), *row));
            let (known, fresh): (Vec<Entry>, Vec<Entry>) =
                rests.partition(|(rest, _)| again && bucket.row(*rest).is_some());
            bucket.add(&fresh);
            known.into_iter().for_each(|known| bucket.put(known));
        }
    }
}

/// The ids of all events. A clone shares them.
#[derive(Debug, Clone, Default)]
pub struct EventIds {
    pieces: BTreeMap<u16, Arc<IdPiece>>,
}

/// Tells which pieces have changed since; holds none of them.
#[derive(Debug, Clone, Default)]
pub struct IdsStamp(BTreeMap<u16, Weak<IdPiece>>);

impl IdsStamp {
    /// Whether a piece is still that of an older stamp.
    pub fn has_piece_of(&self, older: &Self, piece: u16) -> bool {
        match (self.0.get(&piece), older.0.get(&piece)) {
            (Some(now), Some(before)) => now.ptr_eq(before),
            (now, before) => now.is_none() && before.is_none(),
        }
    }
}

impl EventIds {
    /// How many ids are known, those of erased people included until they are swept.
    pub fn len(&self) -> u64 {
        self.pieces.values().flat_map(|piece| &piece.0).map(|bucket| bucket.len() as u64).sum()
    }

    /// Whether there are none.
    pub fn is_empty(&self) -> bool {
        self.pieces.is_empty()
    }

    /// The row of the profile whose event has an id.
    pub(super) fn row(&self, id: IdDigest) -> Option<u32> {
        let bucket = &self.pieces.get(&id.piece.into())?.0[bucket_of(id.key)];
        bucket.row(rest_of(id.key))
    }

    /// Lays ids that have come with those that were there. One that is known gets another row.
    pub(super) fn lay(&mut self, coming: ComingIds) {
        let is_shared = coming.len() >= SHARED_IDS_MIN;
        let jobs: Vec<_> = coming
            .into_pieces()
            .map(|(number, entries, again)| {
                (u16::from(number), self.pieces.remove(&number.into()).unwrap_or_default(), entries, again)
            })
            .collect();
        let lay = |(number, mut piece, entries, again): (u16, Arc<IdPiece>, Vec<Entry>, bool)| {
            Arc::make_mut(&mut piece).lay(&entries, again);
            (number, piece)
        };
        if is_shared {
            self.pieces.par_extend(jobs.into_par_iter().map(lay));
        } else {
            self.pieces.extend(jobs.into_iter().map(lay));
        }
    }

    /// The ids of events of people who are there.
    #[must_use]
    pub(super) fn of_live(&self, live: &Set) -> Self {
        let swept = |(number, piece): (&u16, &Arc<IdPiece>)| {
            let mut left = piece.clone();
            for (at, bucket) in piece.0.iter().enumerate() {
                let mut entries = bucket.entries();
                entries.retain(|(_, row)| live.contains(*row));
                if entries.len() < bucket.len() {
                    Arc::make_mut(&mut left).0[at] = Arc::new(Bucket::of(&entries));
                }
            }
            (*number, left)
        };
        Self { pieces: self.pieces.par_iter().map(swept).collect() }
    }

    /// Rows that ids lead to.
    pub(super) fn rows(&self) -> impl Iterator<Item = u32> {
        let buckets = self.pieces.values().flat_map(|piece| &piece.0);
        buckets.flat_map(|bucket| bucket.entries()).map(|(_, row)| row)
    }

    /// Whether each bucket is in order, as looking up asks for.
    pub(super) fn is_in_order(&self) -> bool {
        self.pieces.values().flat_map(|piece| &piece.0).all(|bucket| bucket.is_in_order())
    }

    /// What tells these from later ones.
    pub fn stamp(&self) -> IdsStamp {
        IdsStamp(self.pieces.iter().map(|(number, piece)| (*number, Arc::downgrade(piece))).collect())
    }

    /// Numbers of the pieces there are.
    pub fn pieces(&self) -> impl Iterator<Item = u16> {
        self.pieces.keys().copied()
    }

    /// Writes a piece: where each bucket ends, in words, then the words of all.
    ///
    /// # Errors
    /// `Io` when the system refuses.
    pub fn write_piece(&self, out: &mut FileWriter<'_>, piece: u16, part: SectionId) -> Result<()> {
        let Some(piece) = self.pieces.get(&piece) else { return Ok(()) };
        let words: Vec<Shared<u64>> = piece.0.iter().map(|bucket| bucket.words()).collect();
        let ends = words.iter().scan(0, |end, words| {
            *end += words.len() as u64;
            Some(*end)
        });
        let ends: Vec<u64> = ends.collect();
        out.put_parts(part, std::iter::once(bytes_of(&ends)).chain(words.iter().map(|words| bytes_of(words))))
    }

    /// Reads a piece as it was written.
    ///
    /// # Errors
    /// `Corrupt` for a section that was not written so.
    pub fn read_piece(&mut self, from: &Sections, number: u16, part: SectionId) -> Result<()> {
        let words: &'static [u64] = from.values(part)?.unwrap_or_default();
        let malformed = || from.malformed(part, "ids of events do not fit their buckets");
        let (ends, words) = words.split_at_checked(BUCKETS).ok_or_else(malformed)?;
        if ends.last() != Some(&(words.len() as u64)) || !ends.is_sorted() || usize::from(number) >= ID_PIECES {
            return Err(malformed());
        }
        let starts = std::iter::once(&0).chain(ends);
        let read = |(start, end): (&u64, &u64)| Bucket::read(&words[*start as usize..*end as usize]).map(Arc::new);
        let buckets: Result<Vec<Arc<Bucket>>> = starts.zip(ends).map(read).collect();
        self.pieces.insert(number, Arc::new(IdPiece(buckets.map_err(|_| malformed())?)));
        Ok(())
    }

    /// Reads a piece as it was written before buckets were packed.
    ///
    /// # Errors
    /// `Corrupt` for sections that were not written so.
    pub fn read_loose_piece(&mut self, from: &Sections, number: u16, parts: [SectionId; 3]) -> Result<()> {
        let ends: &'static [u32] = from.values(parts[0])?.unwrap_or_default();
        let rests: &'static [u64] = from.values(parts[1])?.unwrap_or_default();
        let rows: &'static [u32] = from.values(parts[2])?.unwrap_or_default();
        let fits = ends.len() == BUCKETS && ends.is_sorted() && rests.len() == rows.len();
        if !fits || ends.last().map(|end| *end as usize) != Some(rests.len()) || usize::from(number) >= ID_PIECES {
            return Err(from.malformed(parts[0], "ids of events do not fit their buckets"));
        }
        let mut start = 0;
        let buckets = ends.iter().map(|end| {
            let range = start..*end as usize;
            start = range.end;
            Arc::new(Bucket::loose(&rests[range.clone()], &rows[range]))
        });
        self.pieces.insert(number, Arc::new(IdPiece(buckets.collect())));
        Ok(())
    }

    /// Heap bytes.
    pub fn bytes(&self) -> usize {
        let bucket = size_of::<Arc<Bucket>>() + size_of::<Bucket>() + 2 * size_of::<usize>();
        let buckets = self.pieces.values().flat_map(|piece| &piece.0);
        self.pieces.len() * BUCKETS * bucket + buckets.map(|bucket| bucket.bytes()).sum::<usize>()
    }
}

#[cfg(test)]
mod tests {
    use super::super::coming_ids::Coming;
    use super::*;

    fn id(number: u32) -> String {
        format!("event {number}")
    }

    fn row(ids: &EventIds, number: u32) -> Option<u32> {
        ids.row(IdDigest::of(&id(number)))
    }

    /// Adds ids, a few at a time, with the row that belongs to each; returns how many are known.
    fn add(ids: &mut EventIds, numbers: std::ops::Range<u32>, row: fn(u32) -> u32, is_live: fn(u32) -> bool) -> usize {
        let numbers: Vec<u32> = numbers.collect();
        let (mut coming, mut known) = (ComingIds::default(), 0);
        for part in numbers.chunks(300) {
            let mut some: Vec<Coming> = (0..).zip(part).map(|(at, number)| Coming::new(at, &id(*number))).collect();
            some.sort_by_key(Coming::piece);
            known += coming.add(&mut some, ids, &is_live).len();
            coming.tell(&mut some, &part.iter().map(|number| row(*number)).collect::<Vec<_>>());
        }
        ids.lay(coming);
        known
    }

    #[test]
    fn ids_are_known_again_until_their_people_are_gone() {
        let mut ids = EventIds::default();
        assert_eq!(add(&mut ids, 0..1_000, |number| number / 2, |_| true), 0);
        let before = ids.clone();
        assert_eq!(add(&mut ids, 500..3_000, |number| number / 2, |_| true), 500);
        assert_eq!((before.len(), ids.len()), (1_000, 3_000));
        for number in 0..3_000 {
            let found = Some(number / 2);
            assert_eq!((row(&ids, number), row(&before, number)), (found, found.filter(|_| number < 1_000)));
        }
        assert_eq!(row(&ids, 3_000), None);
        // Those of people who are gone are new again, and other people's then.
        let mut again = ids.clone();
        assert_eq!(add(&mut again, 0..3_000, |_| 7_000, |row| row >= 1_000), 1_000);
        assert_eq!((again.len(), row(&again, 1_999), row(&again, 2_000)), (3_000, Some(7_000), Some(1_000)));
        let live = Set::from_rows((0..1_500).filter(|row| row % 3 > 0).collect());
        let swept = ids.of_live(&live);
        assert_eq!((swept.len(), row(&swept, 0), row(&swept, 2), ids.len()), (2_000, None, Some(1), 3_000));
        assert!(swept.is_in_order() && swept.rows().all(|row| row % 3 > 0));
    }
}
