//! Ids that have come and are not laid yet: a table for each piece, its digests in order.
//!
//! A digest is as good as random, so it says itself about where among all of its piece it belongs. It lies there or a
//! few places further on, and those that follow each other ascend (Amble and Knuth, "Ordered hash tables", 1974): to
//! look one up or to add it touches a line of memory or two, and laying them all reads each table once, from its front.

use rayon::prelude::*;

use super::ids::{EventIds, ID_PIECES, IdDigest};

/// Ids from which on other threads help.
const SHARED_IDS_MIN: usize = 4_096;

/// Where no digest lies: none is greater, so that a search ends here.
const FREE: u64 = u64::MAX;

/// The row where no digest lies.
const NOBODY: u32 = u32::MAX;

/// The row of an id of this batch, until that of its person is known. No profile has it before there are as many as there may
/// be, which takes far more memory than machines have.
const AWAITED: u32 = u32::MAX - 1;

/// The place of an id that was there before.
const DROPPED: u32 = u32::MAX;

/// Places behind the last that a digest asks for, so that few tables have to be made longer.
const SPARE: usize = 8;

/// An id on its way in.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Coming {
    /// Its place in the batch.
    at: u32,
    piece: u8,
    key: u64,
}

impl Coming {
    pub(super) fn new(at: u32, id: &str) -> Self {
        let IdDigest { piece, key } = IdDigest::of(id);
        Self { at, piece, key }
    }

    pub(super) fn piece(&self) -> u8 {
        self.piece
    }

    fn digest(&self) -> IdDigest {
        IdDigest { piece: self.piece, key: self.key }
    }
}

/// A table, and what is asked of it.
type Job<'a> = (&'a mut Table, &'a mut [Coming]);

/// Ids that have come, by piece.
#[derive(Debug, Default)]
pub(super) struct ComingIds(Vec<Table>);

impl ComingIds {
    /// Adds ids, those of a piece together and in order of arrival, that no event of anybody has who is there. Returns the
    /// places of the others; whose the added ones are is to be told by [`Self::tell`] before more come.
    pub(super) fn add(
        &mut self,
        coming: &mut [Coming],
        laid: &EventIds,
        is_live: &(impl Fn(u32) -> bool + Sync),
    ) -> Vec<u32> {
        let add = |(table, coming): Job<'_>| {
            table.make_room(coming.len());
            let mut dropped = Vec::new();
            for coming in coming {
                if !table.add(coming.digest(), laid, is_live) {
                    dropped.push(std::mem::replace(&mut coming.at, DROPPED));
                }
            }
            dropped
        };
        let (is_shared, jobs) = (coming.len() >= SHARED_IDS_MIN, self.jobs(coming));
        if is_shared {
            jobs.into_par_iter().flat_map_iter(add).collect()
        } else {
            jobs.into_iter().flat_map(add).collect()
        }
    }

    /// Tells the row of each id that was added, by its place in the batch.
    pub(super) fn tell(&mut self, coming: &mut [Coming], rows: &[u32]) {
        let tell = |(table, coming): Job<'_>| {
            for coming in coming.iter().filter(|coming| coming.at != DROPPED) {
                let place = table.place(coming.key);
                table.rows[place] = rows[coming.at as usize];
            }
        };
        let (is_shared, jobs) = (coming.len() >= SHARED_IDS_MIN, self.jobs(coming));
        if is_shared { jobs.into_par_iter().for_each(tell) } else { jobs.into_iter().for_each(tell) }
    }

    /// The tables that ids belong to.
    fn jobs<'a>(&'a mut self, coming: &'a mut [Coming]) -> Vec<Job<'a>> {
        self.0.resize_with(ID_PIECES, Table::default);
        let mut tables = self.0.iter_mut().enumerate();
        let table = |same: &'a mut [Coming]| {
            let piece = usize::from(same.first()?.piece());
            Some((tables.find(|(number, _)| *number == piece)?.1, same))
        };
        coming.chunk_by_mut(|left, right| left.piece() == right.piece()).filter_map(table).collect()
    }

    /// How many there are.
    pub(super) fn len(&self) -> usize {
        self.0.iter().map(|table| table.len).sum()
    }

    /// Of each piece that has some: its digests with their rows, ascending, and whether some may be laid already.
    pub(super) fn into_pieces(self) -> impl Iterator<Item = (u8, Vec<(u64, u32)>, bool)> {
        let piece = |(number, table): (u8, Table)| (number, table.entries().collect(), table.again);
        (0..=u8::MAX).zip(self.0).filter(|(_, table)| table.len > 0).map(piece)
    }
}

/// Digests of one piece.
#[derive(Debug, Default)]
struct Table {
    /// Ascending but for the free places between them; the last one is free.
    keys: Vec<u64>,
    rows: Vec<u32>,
    len: usize,
    /// Places that digests ask for.
    homes: usize,
    /// Whether some of them are laid as well, by rows of people who are gone.
    again: bool,
}

impl Table {
    /// Whether it is new to everybody who is there; then it is added.
    fn add(&mut self, digest: IdDigest, laid: &EventIds, is_live: &impl Fn(u32) -> bool) -> bool {
        let place = self.place(digest.key);
        if self.keys[place] == digest.key && self.rows[place] != NOBODY {
            let row = &mut self.rows[place];
            let is_new = *row != AWAITED && !is_live(*row);
            if is_new {
                *row = AWAITED;
            }
            return is_new;
        }
        match laid.row(digest) {
            Some(row) if is_live(row) => return false,
            Some(_) => self.again = true,
            None => {}
        }
        self.insert(place, digest.key);
        true
    }

    /// Where a digest lies, or is to lie.
    fn place(&self, key: u64) -> usize {
        let mut place = home(key, self.homes);
        while self.keys[place] < key {
            place += 1;
        }
        place
    }

    /// Puts one where it is to lie; those that follow without a free place between move on by one.
    fn insert(&mut self, mut place: usize, mut key: u64) {
        let mut row = AWAITED;
        while self.rows[place] != NOBODY {
            std::mem::swap(&mut self.keys[place], &mut key);
            std::mem::swap(&mut self.rows[place], &mut row);
            place += 1;
        }
        (self.keys[place], self.rows[place]) = (key, row);
        self.len += 1;
        self.end_at(place + 1);
    }

    /// Sees to it that there is a free place from `place` on.
    fn end_at(&mut self, place: usize) {
        if place == self.keys.len() {
            self.keys.push(FREE);
            self.rows.push(NOBODY);
        }
    }

    /// Makes room for more: half of the places are taken then, three quarters at most before the next time.
    fn make_room(&mut self, more: usize) {
        if 4 * (self.len + more) <= 3 * self.homes {
            return;
        }
        let homes = 2 * (self.len + more);
        let mut larger = Self { homes, len: self.len, again: self.again, ..Self::default() };
        larger.keys.resize(homes + SPARE, FREE);
        larger.rows.resize(homes + SPARE, NOBODY);
        let mut free = 0;
        for (key, row) in self.entries() {
            let place = home(key, homes).max(free);
            (larger.keys[place], larger.rows[place]) = (key, row);
            free = place + 1;
            larger.end_at(free);
        }
        *self = larger;
    }

    /// All of them, ascending.
    fn entries(&self) -> impl Iterator<Item = (u64, u32)> {
        self.keys.iter().copied().zip(self.rows.iter().copied()).filter(|(_, row)| *row != NOBODY)
    }
}

/// The first place for a digest among so many.
fn home(key: u64, homes: usize) -> usize {
    // As far along the places as the digest is along the numbers of 64 bits.
    ((u128::from(key) * homes as u128) >> 64) as usize
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;

    use super::*;
    use proptest::prelude::*;

    /// The row of nobody who is there.
    const GONE: u32 = 9;

    fn comings() -> impl Strategy<Value = Vec<Vec<(u64, u32)>>> {
        // Keys from everywhere, from the very end, or from a narrow place, where they push each other on.
        let key = prop_oneof![any::<u64>(), (0..40_u64).prop_map(|below| u64::MAX - below), 1_000..1_100_u64];
        prop::collection::vec(prop::collection::vec((key, 0..12_u32), 0..200), 0..6)
    }

    proptest! {
        #[test]
        fn a_table_knows_what_came_and_keeps_it_in_order(batches in comings()) {
            let (mut table, laid) = (Table::default(), EventIds::default());
            let mut expected = BTreeMap::new();
            for batch in batches {
                table.make_room(batch.len());
                let mut added = BTreeMap::new();
                for (key, row) in batch {
                    let is_new = !added.contains_key(&key) && expected.get(&key).is_none_or(|row| *row == GONE);
                    prop_assert_eq!(table.add(IdDigest { piece: 3, key }, &laid, &|row| row != GONE), is_new);
                    if is_new {
                        added.insert(key, row);
                    }
                }
                for (key, row) in &added {
                    let place = table.place(*key);
                    table.rows[place] = *row;
                }
                expected.extend(added);
                prop_assert_eq!(table.len, expected.len());
                prop_assert!(table.entries().eq(expected.iter().map(|(key, row)| (*key, *row))));
            }
        }
    }
}
