//! All blocks of a plan: counted, collected, or the first rows only.

use std::ops::Range;

use rayon::prelude::*;

use super::block::Evaluator;
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
        Node::Leaf { leaf, negated: false } => {
            if let Some(rows) = plan.leaves[*leaf].rows() {
                return rows.len();
            }
        }
        Node::Leaf { .. } | Node::Group { .. } => {}
    }
    if let Some(rows) = members::rows(plan) {
        return rows.len() as u64;
    }
    let bound = Bound::new(plan);
    let sum = |blocks: Range<u32>| {
        let mut evaluator = Evaluator::new(&bound);
        blocks.map(|block| u64::from(evaluator.count(&plan.root, block))).sum::<u64>()
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
        let mut evaluator = Evaluator::new(&bound);
        blocks.map(|block| (block, evaluator.container(&plan.root, block))).collect::<Vec<_>>()
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
    let mut evaluator = Evaluator::new(&bound);
    let mut rows = Vec::new();
    if plan.root == Node::Everyone {
        return plan.live.rows_after(None, limit);
    }
    for block in 0..plan.block_count {
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
