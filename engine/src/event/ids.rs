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

use super::id_bucket::{Bucket, Entry, rest_of};
use crate::block::Set;
use crate::error::Result;
use crate::shared::{Shared, bytes_of};
use crate::store::checkpoint::{FileWriter, SectionId, Sections};

/// Pieces, by the first byte of a digest.
pub(super) const ID_PIECES: usize = 256;

/// Buckets of a piece, by the second byte.
const BUCKETS: usize = 256;

/// Ids from which on other threads help to enter them.
const SHARED_IDS_MIN: usize = 4_096;

/// A piece and what is to be added to it.
type PieceJob<'a> = (u16, Arc<IdPiece>, &'a [(IdDigest, u32)]);

/// What of an id is kept.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(crate) struct IdDigest {
    bucket: u16,
    rest: u64,
}

impl IdDigest {
    pub(super) fn of(id: &str) -> Self {
        let whole: [u8; 32] = Sha256::digest(id.as_bytes()).into();
        let word = |from: usize| whole[from..].first_chunk().map_or(0, |word| u64::from_be_bytes(*word));
        Self { bucket: (word(0) >> 48) as u16, rest: rest_of(word(2)) }
    }

    fn piece(self) -> usize {
        usize::from(self.bucket >> 8)
    }

    fn bucket_of_piece(self) -> usize {
        usize::from(self.bucket & 0xff)
    }

    /// Its first bits.
    pub(super) fn bucket(self) -> u16 {
        self.bucket
    }
}

/// Buckets that follow each other.
#[derive(Debug, Clone)]
pub(super) struct IdPiece(Vec<Arc<Bucket>>);

impl Default for IdPiece {
    fn default() -> Self {
        Self(vec![Arc::default(); BUCKETS])
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
        let bucket = &self.pieces.get(&(id.piece() as u16))?.0[id.bucket_of_piece()];
        bucket.row(id.rest)
    }

    /// Adds ids, ascending, each once, with the row of its profile. One that is known, which may be where it says `again`,
    /// gets another row.
    pub(super) fn extend(&mut self, ids: &[(IdDigest, u32)], again: bool) {
        let pieces = ids.chunk_by(|left, right| left.0.piece() == right.0.piece());
        let mut jobs: Vec<PieceJob<'_>> = pieces
            .map(|same| {
                let number = same[0].0.piece() as u16;
                (number, self.pieces.remove(&number).unwrap_or_default(), same)
            })
            .collect();
        let many = ids.len() >= SHARED_IDS_MIN;
        let add = |(_, piece, same): &mut PieceJob<'_>| {
            let piece = Arc::make_mut(piece);
            for same in same.chunk_by(|left, right| left.0.bucket == right.0.bucket) {
                let bucket = Arc::make_mut(&mut piece.0[same[0].0.bucket_of_piece()]);
                let all = same.iter().map(|(id, row)| (id.rest, *row));
                if !again {
                    bucket.add(all, many);
                    continue;
                }
                let (known, unknown): (Vec<Entry>, Vec<Entry>) = all.partition(|(rest, _)| bucket.row(*rest).is_some());
                bucket.add(unknown.into_iter(), many);
                known.into_iter().for_each(|known| bucket.put(known));
            }
        };
        if many {
            jobs.par_iter_mut().for_each(add);
        } else {
            jobs.iter_mut().for_each(add);
        }
        self.pieces.extend(jobs.into_iter().map(|(number, piece, _)| (number, piece)));
    }

    /// Lays what came last with what was there, where many came.
    pub(super) fn lay(&mut self) {
        let is_crowded = |bucket: &Arc<Bucket>| bucket.is_crowded();
        self.pieces.par_iter_mut().filter(|(_, piece)| piece.0.iter().any(is_crowded)).for_each(|(_, piece)| {
            let crowded = Arc::make_mut(piece).0.iter_mut().filter(|bucket| bucket.is_crowded());
            crowded.for_each(|bucket| Arc::make_mut(bucket).lay());
        });
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
    use super::*;

    #[test]
    fn ids_are_known_again_until_their_people_are_gone() {
        let mut ids = EventIds::default();
        let digests = |range: std::ops::Range<u32>| {
            let mut all: Vec<_> = range.map(|i| (IdDigest::of(&format!("event {i}")), i / 2)).collect();
            all.sort_unstable();
            all
        };
        ids.extend(&digests(0..1_000), false);
        let before = ids.clone();
        ids.extend(&digests(1_000..3_000), false);
        // Some are known by other rows meanwhile.
        let mut others = digests(900..1_100);
        others.iter_mut().for_each(|(_, row)| *row += 1);
        let mut again = ids.clone();
        again.extend(&others, true);
        assert_eq!((again.len(), again.row(others[7].0)), (3_000, Some(others[7].1)));
        assert_eq!((before.len(), ids.len()), (1_000, 3_000));
        let row = |ids: &EventIds, i: u32| ids.row(IdDigest::of(&format!("event {i}")));
        for i in 0..3_000 {
            assert_eq!((row(&ids, i), row(&before, i)), (Some(i / 2), (i < 1_000).then_some(i / 2)));
        }
        assert_eq!(row(&ids, 3_000), None);
        let live = Set::from_rows((0..1_500).filter(|row| row % 3 > 0).collect());
        let swept = ids.of_live(&live);
        assert_eq!((swept.len(), row(&swept, 0), row(&swept, 2), ids.len()), (2_000, None, Some(1), 3_000));
        assert!(swept.is_in_order() && swept.rows().all(|row| row % 3 > 0));
    }
}
