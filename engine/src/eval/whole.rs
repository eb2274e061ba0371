//! All blocks of a plan: counted, collected, or the first rows only.

use std::ops::Range;

use rayon::prelude::*;

use super::block::{self, Scratch, Shape};
use super::bound::Bound;
use super::members;
use crate::block::{Container, Set, SetBuilder, join};
use crate::index::Selection;
use crate::plan::{Node, Plan};

/// Bytes that must be read before a second thread is woken: that takes tens of microseconds, in which one thread reads
/// about two megabytes.
const PARALLEL_BYTES_MIN: u64 = 4 << 20;

/// How many live rows the plan selects.
pub fn count(plan: &Plan<'_>) -> u64 {
    match &plan.root {
        Node::Nobody => return 0,
        Node::Everyone => return plan.live.len(),
        Node::Leaf { leaf, negated } => {
            if let Some(rows) = plan.leaves[*leaf].rows() {
                return if *negated { plan.live.len() - rows.len() } else { rows.len() };
            }
        }
        Node::And(_) | Node::Or(_) => {}
    }
    if let Some(rows) = members::rows(plan) {
        return rows.len() as u64;
    }
    let bound = Bound::new(plan);
    let sum = |blocks: Range<u32>| {
        let mut scratch = Scratch::default();
        blocks.map(|block| u64::from(block_count(&bound, block, &mut scratch))).sum::<u64>()
    };
    if is_large(plan) { ranges(plan).into_par_iter().map(sum).sum() } else { sum(0..plan.block_count) }
}

/// The live rows that the plan selects.
pub fn rows(plan: &Plan<'_>) -> Set {
    match &plan.root {
        Node::Nobody => return Set::default(),
        Node::Everyone => return plan.live.clone(),
        _ => {}
    }
    if let Some(rows) = members::rows(plan) {
        return Set::from_rows(rows);
    }
    let bound = Bound::new(plan);
    let collect = |blocks: Range<u32>| {
        let mut scratch = Scratch::default();
        blocks.map(|block| (block, block_rows(&bound, block, &mut scratch))).collect::<Vec<_>>()
    };
    let parts: Vec<Vec<(u32, Container)>> = match is_large(plan) {
        true => ranges(plan).into_par_iter().map(collect).collect(),
        false => vec![collect(0..plan.block_count)],
    };
    let mut builder = SetBuilder::default();
    for (block, container) in parts.into_iter().flatten() {
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
    let bound = Bound::new(plan);
    let mut scratch = Scratch::default();
    let mut rows = Vec::new();
    for block in 0..plan.block_count {
        block_rows(&bound, block, &mut scratch).visit(|offset| {
            rows.push(join(block, offset));
            rows.len() < limit
        });
        if rows.len() >= limit {
            break;
        }
    }
    rows
}

fn block_count(bound: &Bound<'_>, block: u32, scratch: &mut Scratch) -> u32 {
    let live = bound.plan.live.container(block);
    if bound.is_within_live || matches!(live, Container::Full) {
        return block::count(&bound.plan.root, bound, block, scratch);
    }
    block_rows(bound, block, scratch).cardinality()
}

fn block_rows(bound: &Bound<'_>, block: u32, scratch: &mut Scratch) -> Container {
    let live = bound.plan.live.container(block);
    let mut out = scratch.take();
    let container = match block::evaluate(&bound.plan.root, bound, block, &mut out, scratch) {
        Shape::Empty => Container::Empty,
        Shape::Full => live.clone(),
        Shape::Mixed => {
            if !bound.is_within_live {
                live.and_to(&mut out);
            }
            Container::from_words(&out)
        }
    };
    scratch.give_back(out);
    container
}

/// Whether the plan reads so much that more threads pay.
fn is_large(plan: &Plan<'_>) -> bool {
    let bytes: u64 = plan.leaves.iter().map(|leaf| leaf_bytes(leaf, plan.block_count)).sum();
    bytes >= PARALLEL_BYTES_MIN && rayon::current_num_threads() > 1
}

fn leaf_bytes(leaf: &Selection<'_>, blocks: u32) -> u64 {
    let blocks = u64::from(blocks);
    match leaf {
        Selection::Rows(set) => (2 * set.len()).min(8 * 1024 * blocks),
        Selection::Made(set) => (2 * set.len()).min(8 * 1024 * blocks),
        Selection::Range(_) => 16 * 1024 * blocks,
        Selection::Union(_) => (2 * leaf.at_most()).min(16 * 1024 * blocks),
        Selection::Codes(_) | Selection::Members(_) => 4 * 65_536 * blocks,
    }
}

/// The blocks in about four parts a thread, so that an uneven load levels out.
pub(super) fn ranges(plan: &Plan<'_>) -> Vec<std::ops::Range<u32>> {
    // Thread counts are far below u32::MAX.
    let parts = 4 * rayon::current_num_threads() as u32;
    let step = plan.block_count.div_ceil(parts).max(1);
    (0..plan.block_count).step_by(step as usize).map(|from| from..(from + step).min(plan.block_count)).collect()
}
