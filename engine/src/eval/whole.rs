//! All blocks of a plan: counted, collected, or the first rows only.

use std::sync::atomic::{AtomicU32, Ordering};

use super::block::Evaluator;
use super::crew;
use super::members;
use super::parts::AHEAD;
use super::roster::Readiness;
use crate::block::{Container, Set, SetBuilder, join, split};
use crate::plan::{Node, Plan};

/// Work left, in about nanoseconds, from which on helpers that are awake are asked.
const SHARED_WORK_MIN: u64 = 15_000;

/// Work left from which on helpers are woken: that takes them up to 0.1 ms, in which the first thread goes on.
const WAKING_WORK_MIN: u64 = 150_000;

/// Work done after which the estimate of what is left is good enough to wake somebody.
const TRIAL_WORK: u64 = 40_000;

/// Blocks up to which looking each leaf up in each of them is cheaper than in all at once.
const FEW_BLOCKS: usize = 4;

/// How many live rows the plan selects.
pub fn count(plan: &Plan<'_>) -> u64 {
    if let Node::Leaf { leaf, negated: false } = &plan.root
        && let Some(rows) = plan.leaves[*leaf].rows()
    {
        return rows.len();
    }
    if let Some(rows) = members::rows(plan) {
        return rows.len() as u64;
    }
    let sums = each_block(plan, |evaluator, block, sum: &mut u64| {
        *sum += u64::from(evaluator.count(&plan.root, block));
    });
    sums.into_iter().sum()
}

/// How many live rows of each block the plan selects; those of a block that `known` has are not looked at.
pub fn count_blocks(plan: &Plan<'_>, known: impl Fn(u32) -> Option<u32> + Sync) -> Vec<u32> {
    let mut counts = vec![0; plan.block_count as usize];
    if let Some(rows) = members::rows(plan) {
        rows.into_iter().for_each(|row| counts[split(row).0 as usize] += 1);
        return counts;
    }
    let mut unknown = Vec::new();
    for block in 0..plan.block_count {
        match known(block) {
            Some(count) => counts[block as usize] = count,
            None => unknown.push(block),
        }
    }
    if unknown.len() <= FEW_BLOCKS {
        let mut evaluator = Evaluator::of_few_blocks(plan);
        unknown.iter().for_each(|block| counts[*block as usize] = evaluator.count(&plan.root, *block));
        return counts;
    }
    let found = each_block(plan, |evaluator, block, found: &mut Vec<(u32, u32)>| {
        found.push((block, known(block).unwrap_or_else(|| evaluator.count(&plan.root, block))));
    });
    found.into_iter().flatten().for_each(|(block, count)| counts[block as usize] = count);
    counts
}

/// The live rows of some blocks, ascending, that the plan selects.
pub fn containers(plan: &Plan<'_>, blocks: &[u32]) -> Vec<(u32, Container)> {
    let few = blocks.len() <= FEW_BLOCKS;
    let mut evaluator = if few { Evaluator::of_few_blocks(plan) } else { Evaluator::new(plan) };
    let of_block = |block: &u32| {
        plan.patience.check();
        (*block, evaluator.container(&plan.root, *block))
    };
    blocks.iter().map(of_block).collect()
}

/// The live rows that the plan selects.
pub fn rows(plan: &Plan<'_>) -> Set {
    if let Some(rows) = members::rows(plan) {
        return Set::from_rows(rows);
    }
    let found = each_block(plan, |evaluator, block, found: &mut Vec<(u32, Container)>| {
        found.push((block, evaluator.container(&plan.root, block)));
    });
    let mut parts: Vec<(u32, Container)> = found.into_iter().flatten().collect();
    parts.sort_by_key(|(block, _)| *block);
    let mut builder = SetBuilder::default();
    for (block, container) in parts {
        builder.push(block, container);
    }
    builder.finish()
}

/// The first rows that the plan selects, at most `limit`; blocks after the last of them are not read.
pub fn first_rows(plan: &Plan<'_>, limit: usize) -> Vec<u32> {
    if limit == 0 {
        return Vec::new();
    }
    if let Some(mut rows) = members::rows(plan) {
        rows.truncate(limit);
        return rows;
    }
    let mut evaluator = Evaluator::new(plan);
    let mut rows = Vec::new();
    for block in 0..plan.block_count {
        plan.patience.check();
        evaluator.container(&plan.root, block).visit(|offset| {
            rows.push(join(block, offset));
            rows.len() < limit
        });
        if rows.len() >= limit {
            break;
        }
    }
    rows
}

/// Visits every block once and returns what each thread that took part has gathered. One thread begins; when the first
/// blocks show that the rest is worth it, helpers take blocks as well while it goes on.
pub(super) fn each_block<'p, T: Default + Send>(
    plan: &'p Plan<'p>,
    visit: impl Fn(&mut Evaluator<'p>, u32, &mut T) + Sync,
) -> Vec<T> {
    let mut evaluator = Evaluator::new(plan);
    let mut gathered = T::default();
    let mut block = 0;
    while plan.root != Node::Nobody && block < plan.block_count {
        if block > 0 && is_worth_sharing(evaluator.work, block, plan.block_count) {
            return share(plan, block, (evaluator, gathered), visit);
        }
        plan.patience.check();
        let end = (block + AHEAD).min(plan.block_count);
        (block..end).for_each(|block| visit(&mut evaluator, block, &mut gathered));
        block = end;
    }
    vec![gathered]
}

/// Whether helpers should take some of the blocks that are left after the first `done`.
fn is_worth_sharing(work: u64, done: u32, all: u32) -> bool {
    let left = work * u64::from(all - done) / u64::from(done);
    match crew::readiness() {
        Readiness::Busy => false,
        Readiness::Asleep => work >= TRIAL_WORK && left >= WAKING_WORK_MIN,
        Readiness::Awake => left >= SHARED_WORK_MIN,
    }
}

/// The blocks from `first` on, by several threads; the one that has begun brings its evaluator and what it has gathered.
fn share<'p, T: Default + Send>(
    plan: &'p Plan<'p>,
    first: u32,
    (mut evaluator, mut gathered): (Evaluator<'p>, T),
    visit: impl Fn(&mut Evaluator<'p>, u32, &mut T) + Sync,
) -> Vec<T> {
    let next = AtomicU32::new(first);
    let take = |evaluator: &mut Evaluator<'p>, gathered: &mut T| {
        loop {
            let from = next.fetch_add(AHEAD, Ordering::Relaxed);
            if from >= plan.block_count {
                return;
            }
            plan.patience.check();
            let to = (from + AHEAD).min(plan.block_count);
            (from..to).for_each(|block| visit(evaluator, block, gathered));
        }
    };
    crew::share(
        || {
            take(&mut evaluator, &mut gathered);
            gathered
        },
        || {
            let mut gathered = T::default();
            take(&mut Evaluator::new(plan), &mut gathered);
            gathered
        },
    )
}
