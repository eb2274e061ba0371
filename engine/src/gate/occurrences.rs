//! Who something happened to and when, in whole seconds: contacts, and people put on a suppression for some days.
//!
//! What happened to many at one second is a set of rows: at most two bytes each, an eighth of a byte where everybody is in
//! it. What happened to few lies in a list by time, 16 bytes each. Twice within one second is once, so that whoever sends
//! the same again changes nothing.

use std::collections::BTreeMap;
use std::sync::Arc;

use super::counter::Counters;
use crate::block::{Set, SetBuilder};
use crate::paged::Paged;
use crate::time::Timestamp;

/// Rows of one second from which on they are kept as a set: below, a set takes more than the list.
const SET_ROWS_MIN: usize = 256;

/// Microseconds of a second.
const SECOND_US: i64 = 1_000_000;

/// Seconds of a day.
const DAY_S: i64 = 86_400;

/// Things that happened. A clone copies pointers.
#[derive(Debug, Clone, Default)]
pub struct Occurrences {
    sets: Arc<BTreeMap<i64, Set>>,
    /// By second, then by row; of seconds that have no set.
    single: Paged<(i64, u32), 1_024>,
}

/// The whole second that an instant is in.
pub fn seconds(at: Timestamp) -> i64 {
    at.0.div_euclid(SECOND_US)
}

impl Occurrences {
    /// As they were kept.
    pub fn restored(sets: BTreeMap<i64, Set>, mut single: Vec<(i64, u32)>) -> Self {
        single.sort_unstable();
        single.dedup();
        single.retain(|(second, _)| !sets.contains_key(second));
        Self { sets: Arc::new(sets), single: single.into_iter().collect() }
    }

    /// Those of many at once, by second.
    pub fn sets(&self) -> impl ExactSizeIterator<Item = (i64, &Set)> {
        self.sets.iter().map(|(second, rows)| (*second, rows))
    }

    /// The others, by second.
    pub fn single(&self) -> impl Iterator<Item = (i64, u32)> + '_ {
        self.single.iter().copied()
    }

    /// How many there are.
    pub fn len(&self) -> u64 {
        self.sets.values().map(Set::len).sum::<u64>() + self.single.len() as u64
    }

    /// Whether there are none.
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// Bytes of sets and list.
    pub fn bytes(&self) -> usize {
        self.sets.values().map(Set::bytes).sum::<usize>() + self.single.bytes()
    }

    /// The rows to which it happened in a second.
    pub fn at(&self, second: i64) -> Set {
        match self.sets.get(&second) {
            Some(set) => set.clone(),
            None => Set::from_rows(self.range(second, second).map(|(_, row)| row).collect()),
        }
    }

    /// The seconds in which it happened to a row, the first first.
    pub fn of(&self, row: u32) -> Vec<i64> {
        let of_many = self.sets().filter(|(_, rows)| rows.contains(row)).map(|(second, _)| second);
        let single = self.single().filter(|(_, other)| *other == row).map(|(second, _)| second);
        let mut seconds: Vec<i64> = of_many.chain(single).collect();
        seconds.sort_unstable();
        seconds
    }

    /// Notes that something happened to these rows; says to how many of them for the first time in that second.
    pub fn add(&mut self, second: i64, rows: &Set) -> u64 {
        self.add_each([(second, rows)])
    }

    /// The same for several seconds, ascending: what comes late is put in its place once for all of them.
    pub fn add_each<'s>(&mut self, seconds: impl IntoIterator<Item = (i64, &'s Set)>) -> u64 {
        let (mut noted, mut single) = (0, Vec::new());
        for (second, rows) in seconds {
            let there = self.at(second);
            let fresh = rows.and_not(&there);
            noted += fresh.len();
            if fresh.is_empty() {
                continue;
            }
            let all = there.or(&fresh);
            if all.len() as usize >= SET_ROWS_MIN || self.sets.contains_key(&second) {
                if !self.sets.contains_key(&second) && !there.is_empty() {
                    self.single = self.single().filter(|(other, _)| *other != second).collect();
                }
                Arc::make_mut(&mut self.sets).insert(second, all);
            } else {
                single.extend(fresh.rows().map(|row| (second, row)));
            }
        }
        self.put_single(single);
        noted
    }

    /// Puts occurrences in their places, ascending.
    fn put_single(&mut self, fresh: Vec<(i64, u32)>) {
        let is_late = fresh.first().is_some_and(|(first, _)| self.single.last().is_some_and(|(last, _)| last >= first));
        if !is_late {
            fresh.into_iter().for_each(|one| self.single.push(one));
            return;
        }
        let mut all: Vec<(i64, u32)> = self.single().chain(fresh).collect();
        all.sort_unstable();
        self.single = all.into_iter().collect();
    }

    fn range(&self, from: i64, to: i64) -> impl Iterator<Item = (i64, u32)> + '_ {
        let (first, end) =
            (self.single.partition_point(|(at, _)| *at < from), self.single.partition_point(|(at, _)| *at <= to));
        (first..end.max(first)).filter_map(|at| self.single.get(at).copied())
    }

    /// The rows to which it happened at least `count` times in the last `days` days: an occurrence at `t` counts while
    /// `now - days * 86,400 s <= t <= now`.
    pub fn at_least(&self, count: u32, days: u32, now: Timestamp) -> Set {
        let reach = i128::from(days) * i128::from(DAY_S * SECOND_US);
        let earliest = i128::from(now.0) - reach;
        // The first whole second that is not before the earliest instant.
        let from = (earliest + i128::from(SECOND_US) - 1).div_euclid(i128::from(SECOND_US));
        let (from, to) = (i64::try_from(from).unwrap_or(i64::MIN), seconds(now));
        if from > to {
            return Set::default();
        }
        let mut counters = Counters::default();
        for (block, container) in self.sets.range(from..=to).flat_map(|(_, rows)| rows.blocks()) {
            counters.of_block(block).add(container);
        }
        self.range(from, to).for_each(|(_, row)| counters.add_row(row));
        let mut builder = SetBuilder::default();
        for (block, counter) in (0..).zip(&counters.0) {
            builder.push(block, counter.at_least(count.max(1)));
        }
        builder.finish()
    }

    /// The last second in which something happened.
    pub fn latest(&self) -> Option<i64> {
        let of_sets = self.sets.last_key_value().map(|(second, _)| *second);
        of_sets.max(self.single.last().map(|(second, _)| *second))
    }

    /// Forgets what happened before a second.
    pub fn forget_before(&mut self, second: i64) {
        if self.sets.first_key_value().is_some_and(|(first, _)| *first < second) {
            let sets = Arc::make_mut(&mut self.sets);
            *sets = sets.split_off(&second);
        }
        if self.single.get(0).is_some_and(|(first, _)| *first < second) {
            self.single = self.single().filter(|(at, _)| *at >= second).collect();
        }
    }

    /// Forgets what happened to a row; says whether anything had.
    pub fn forget(&mut self, row: u32) -> bool {
        let is_in_sets = self.sets.values().any(|rows| rows.contains(row));
        if is_in_sets {
            let sets = Arc::make_mut(&mut self.sets);
            sets.values_mut().for_each(|rows| _ = rows.remove(row));
            sets.retain(|_, rows| !rows.is_empty());
        }
        let is_single = self.single().any(|(_, other)| other == row);
        if is_single {
            self.single = self.single().filter(|(_, other)| *other != row).collect();
        }
        is_in_sets || is_single
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(seconds: i64) -> Timestamp {
        Timestamp(seconds * SECOND_US)
    }

    #[test]
    fn many_and_few_are_counted_alike_and_windows_are_exact() {
        let mut all = Occurrences::default();
        let (many, few) = (Set::first_rows(70_000), Set::from_rows(vec![1, 2, 69_999]));
        assert_eq!(all.add(1_000, &few), 3);
        assert_eq!(all.add(1_000, &few), 0, "once more is nothing");
        assert_eq!(all.add(500, &many), 70_000);
        assert_eq!(all.add(500, &few), 0);
        assert_eq!((all.len(), all.sets().len(), all.single().count()), (70_003, 1, 3));
        for (count, days, now, wanted) in [
            (1, 1, at(499), 0),
            (1, 1, at(500), 70_000),
            (2, 1, at(999), 0),
            (2, 1, at(1_000), 3),
            (3, 1, at(1_000), 0),
            (2, 1, at(500 + DAY_S), 3),
            (2, 1, Timestamp((500 + DAY_S) * SECOND_US + 1), 0),
            (1, 1, at(1_000 + DAY_S), 3),
            (1, 1, at(1_001 + DAY_S), 0),
            (1, 0, at(1_000), 3),
        ] {
            assert_eq!(all.at_least(count, days, now).len(), wanted, "{count} in {days} days at {now}");
        }
        assert_eq!(all.add(1_000, &many), 69_997, "a second becomes a set");
        assert_eq!((all.single().count(), all.at_least(2, 1, at(1_000)).len()), (0, 70_000));
        assert!(all.forget(2) && !all.forget(2));
        assert_eq!(all.at_least(1, 1, at(1_000)).len(), 69_999);
        all.forget_before(501);
        assert_eq!(all.len(), 69_999);
    }
}
