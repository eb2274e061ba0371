//! How often single values occur, and which most often.
//!
//! Keys of blocks that are in order are merged range by range, so that a range's counts stay in the cache. Of codes the
//! index knows the rows of each; where it does not, or some rows are few, the codes of the rows are read.

use std::cmp::Reverse;

use rayon::prelude::*;

use super::Frequencies;
use super::Order;
use crate::block::{Set, join};
use crate::column::{Codes, Column, Dict, MISSING, Members, sort_by_key};
use crate::index::{Index, Postings};
use crate::schema::{FieldType, Value};
use crate::table::FieldData;
use crate::table::profile::member_int;

/// Keys of all blocks that are merged at once, about.
const RANGE_KEYS: usize = 16_384;

/// Of so many keys of a block one is looked at to find ranges.
const SAMPLED_KEYS: usize = 1_024;

/// Keys between the ends of a range up to which each has a counter of its own.
const COUNTERS_MAX: u64 = 1 << 16;

/// Values kept beyond those wanted before the last of them are dropped.
const SPARE_LEADERS: usize = 64;

/// What reading a row's codes costs in about nanoseconds.
const READ_NS: u64 = 3;

/// What counting a code's rows among others costs for each of its blocks.
const CROSSED_NS: u64 = 60;

/// How often the values of a field without order occur among all rows, or those within a set; so many of the most
/// frequent.
pub(super) fn most_frequent(kind: FieldType, data: &FieldData, within: Option<&Set>, top: usize) -> Frequencies {
    match (&data.column, &data.index) {
        (Column::Flag, Index::Flag(truths)) => {
            let among = |set: &Set| within.map_or(set.len(), |rows| set.and_count(rows));
            let (truths, present) = (among(truths), among(&data.present));
            let mut leaders = Leaders::new(top);
            leaders.offer(present - truths, || false);
            leaders.offer(truths, || true);
            leaders.finish(Value::Bool)
        }
        (Column::Keyword(keyword), index) => {
            let counts = match index {
                Index::Postings(postings) => counts_from(postings, &keyword.dict, within, 1),
                _ => None,
            };
            let counts =
                counts.unwrap_or_else(|| counts_of_codes(&keyword.codes, &keyword.dict, &data.present, within));
            most_frequent_texts(kind, &keyword.dict, &counts, top)
        }
        (Column::Members(members), index) => {
            let counts = match index {
                Index::Postings(postings) => {
                    let row_members = postings.total() / data.present.len().max(1);
                    counts_from(postings, &members.dict, within, row_members)
                }
                _ => None,
            };
            let counts = counts.unwrap_or_else(|| counts_of_members(members, &data.present, within));
            most_frequent_texts(kind, &members.dict, &counts, top)
        }
        // Values in order are `most_frequent_keys`' business.
        (Column::Flag | Column::Scalar(_), _) => Frequencies::default(),
    }
}

/// The same of values in order.
pub(super) fn most_frequent_keys(kind: FieldType, order: &Order<'_>, top: usize) -> Frequencies {
    let Some((least, greatest)) = order.ends() else { return Frequencies::default() };
    let mut starts: Vec<i64> = order
        .blocks()
        .iter()
        .flat_map(|block| (SAMPLED_KEYS..block.key_count()).step_by(SAMPLED_KEYS).map(|code| block.key(code)))
        .filter(|key| least < *key && *key <= greatest)
        .collect();
    starts.sort_unstable();
    let starts = starts.chunks(RANGE_KEYS / SAMPLED_KEYS).skip(1).map(|chunk| chunk[0]);
    let mut starts: Vec<i64> = [least].into_iter().chain(starts).collect();
    starts.dedup();
    let range = |at: usize| merged(order, starts[at], starts.get(at + 1).copied(), greatest, top);
    let ranges: Vec<Leaders<i64>> = (0..starts.len()).into_par_iter().map(range).collect();
    let mut all = Leaders::new(top);
    ranges.into_iter().for_each(|range| all.extend(range));
    all.finish(|key| Value::from_key(kind, key))
}

/// The keys from `low` on and below `high`, or up to the greatest.
fn merged(order: &Order<'_>, low: i64, high: Option<i64>, greatest: i64, top: usize) -> Leaders<i64> {
    let mut leaders = Leaders::new(top);
    let last = high.map_or(greatest, |high| high - 1);
    let span = low.abs_diff(last);
    if span < COUNTERS_MAX {
        let mut counters = vec![0u32; span as usize + 1];
        for block in order.blocks() {
            block.visit(Some(low), high, |key, count| counters[low.abs_diff(key) as usize] += count);
        }
        for (steps, count) in (0..).zip(counters) {
            leaders.offer(count.into(), || low + steps);
        }
        return leaders;
    }
    let mut pairs: Vec<(u64, u32)> = Vec::new();
    for block in order.blocks() {
        block.visit(Some(low), high, |key, count| pairs.push((low.abs_diff(key), count)));
    }
    sort_by_key(&mut pairs, &mut Vec::new(), span, |(steps, _)| *steps);
    for same in pairs.chunk_by(|left, right| left.0 == right.0) {
        let count = same.iter().map(|(_, count)| u64::from(*count)).sum();
        leaders.offer(count, || low.wrapping_add_unsigned(same[0].0));
    }
    leaders
}

/// How many rows each code has, by its set; none when reading the rows is cheaper.
fn counts_from(postings: &Postings, dict: &Dict, within: Option<&Set>, row_members: u64) -> Option<Vec<u32>> {
    let Some(rows) = within else {
        // There are fewer rows than u32 counts.
        return Some((0..dict.len()).map(|code| postings.count(code) as u32).collect());
    };
    let blocks: u64 = (0..dict.len()).map(|code| postings.rows(code).block_count() as u64).sum();
    let is_cheap = blocks * CROSSED_NS < rows.len() * READ_NS * (1 + row_members);
    is_cheap.then(|| (0..dict.len()).into_par_iter().map(|code| postings.rows(code).and_count(rows) as u32).collect())
}

fn counts_of_codes(codes: &Codes, dict: &Dict, present: &Set, within: Option<&Set>) -> Vec<u32> {
    let mut counts = vec![0; dict.len() as usize];
    let mut add = |code: u32| {
        if code != MISSING {
            counts[code as usize] += 1;
        }
    };
    match within {
        None => present.blocks().for_each(|(block, _)| codes.visit(block, |_, code| add(code))),
        Some(rows) => visit(rows, |row| add(codes.get(row))),
    }
    counts
}

fn counts_of_members(members: &Members, present: &Set, within: Option<&Set>) -> Vec<u32> {
    let mut counts = vec![0; members.dict.len() as usize];
    let mut add = |codes: &[u32]| codes.iter().for_each(|code| counts[*code as usize] += 1);
    match within {
        None => present.blocks().for_each(|(block, _)| members.visit(block, |_, codes| add(codes))),
        Some(rows) => visit(rows, |row| add(members.get(row))),
    }
    counts
}

fn visit(rows: &Set, mut visit: impl FnMut(u32)) {
    for (block, rows) in rows.blocks() {
        rows.visit(|offset| {
            visit(join(block, offset));
            true
        });
    }
}

/// Of texts, or of whole numbers that lie in a dictionary, by code.
fn most_frequent_texts(kind: FieldType, dict: &Dict, counts: &[u32], top: usize) -> Frequencies {
    let counts = (0..).zip(counts).map(|(code, count)| (code, u64::from(*count)));
    if kind == FieldType::IntSet {
        let mut leaders = Leaders::new(top);
        counts.for_each(|(code, count)| leaders.offer(count, || member_int(dict.text(code))));
        return leaders.finish(Value::Int);
    }
    let mut leaders = Leaders::new(top);
    counts.for_each(|(code, count)| leaders.offer(count, || dict.text(code)));
    leaders.finish(|text: &[u8]| Value::Keyword(String::from_utf8_lossy(text).into_owned()))
}

/// The most frequent of the values that were offered, each once.
struct Leaders<T> {
    size: usize,
    kept: Vec<(Reverse<u64>, T)>,
    /// The last of those kept, when no more are wanted.
    last: Option<(Reverse<u64>, T)>,
    distinct: u64,
    total: u64,
}

impl<T: Ord + Clone> Leaders<T> {
    fn new(size: usize) -> Self {
        Self { size, kept: Vec::new(), last: None, distinct: 0, total: 0 }
    }

    /// A value that occurs so often, which is asked for only when it may be one of them.
    fn offer(&mut self, count: u64, value: impl FnOnce() -> T) {
        if count == 0 {
            return;
        }
        self.distinct += 1;
        self.total += count;
        if self.size == 0 || self.last.as_ref().is_some_and(|last| Reverse(count) > last.0) {
            return;
        }
        let entry = (Reverse(count), value());
        if self.last.as_ref().is_some_and(|last| entry > *last) {
            return;
        }
        self.kept.push(entry);
        if self.kept.len() > 2 * self.size + SPARE_LEADERS {
            self.sort();
        }
    }

    fn sort(&mut self) {
        self.kept.sort_unstable();
        self.kept.truncate(self.size);
        self.last = self.kept.get(self.size.saturating_sub(1)).cloned();
    }

    fn extend(&mut self, other: Self) {
        self.distinct += other.distinct;
        self.total += other.total;
        self.kept.extend(other.kept);
    }

    fn finish(mut self, value: impl Fn(T) -> Value) -> Frequencies {
        self.sort();
        let listed: u64 = self.kept.iter().map(|(count, _)| count.0).sum();
        let top = self.kept.into_iter().map(|(count, kept)| (value(kept), count.0)).collect();
        Frequencies { distinct: self.distinct, top, others: self.total - listed }
    }
}
