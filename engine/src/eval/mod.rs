//! Plan -> count, rows, or both at once.
//!
//! Blocks are evaluated one after the other, each through the whole tree, in buffers that stay in the first-level
//! cache. Evaluation never fails: a plan exists only for a checked rule. It reads one view and takes no lock.
//!
//! Not here: choosing the order of work (`plan`), and what is done with the rows (`segment`).

mod block;
mod explain;

pub use explain::{NodeCounts, explain};

use rayon::prelude::*;

use crate::block::{Container, Set, SetBuilder, Words, join};
use crate::index::Selection;
use crate::plan::{Node, Plan};
use block::{Scratch, Shape};

/// Bytes that must be read before a second thread is woken: that takes tens of microseconds, in which one thread reads
/// about two megabytes.
const PARALLEL_BYTES_MIN: u64 = 4 << 20;

/// How many live rows the plan selects.
pub fn count(plan: &Plan<'_>) -> u64 {
    let sum = |blocks: std::ops::Range<u32>| {
        let mut scratch = Scratch::new(plan);
        blocks.map(|block| u64::from(block_count(plan, block, &mut scratch))).sum::<u64>()
    };
    match &plan.root {
        Node::Nobody => 0,
        Node::Everyone => plan.live.len(),
        _ if is_large(plan) => ranges(plan).into_par_iter().map(sum).sum(),
        _ => sum(0..plan.block_count),
    }
}

/// The live rows that the plan selects.
pub fn rows(plan: &Plan<'_>) -> Set {
    let collect = |blocks: std::ops::Range<u32>| {
        let mut scratch = Scratch::new(plan);
        blocks.map(|block| (block, block_rows(plan, block, &mut scratch))).collect::<Vec<_>>()
    };
    let parts: Vec<Vec<(u32, Container)>> = match &plan.root {
        Node::Nobody => Vec::new(),
        Node::Everyone => return plan.live.clone(),
        _ if is_large(plan) => ranges(plan).into_par_iter().map(collect).collect(),
        _ => vec![collect(0..plan.block_count)],
    };
    let mut builder = SetBuilder::default();
    for (block, container) in parts.into_iter().flatten() {
        builder.push(block, container);
    }
    builder.finish()
}

/// The first rows that the plan selects, at most `limit`; blocks after the last of them are not read.
pub fn first_rows(plan: &Plan<'_>, limit: usize) -> Vec<u32> {
    let mut scratch = Scratch::new(plan);
    let mut rows = Vec::new();
    for block in 0..plan.block_count {
        if rows.len() >= limit {
            break;
        }
        block_rows(plan, block, &mut scratch).visit(|offset| {
            rows.push(join(block, offset));
            rows.len() < limit
        });
    }
    rows
}

fn block_count(plan: &Plan<'_>, block: u32, scratch: &mut Scratch) -> u32 {
    let live = plan.live.container(block);
    let mut out = scratch.take();
    let count = match block::evaluate(&plan.root, plan, block, &mut out, scratch) {
        _ if live.is_empty() => 0,
        Shape::Empty => 0,
        Shape::Full => live.cardinality(),
        Shape::Mixed => {
            live.and_to(&mut out);
            out.count()
        }
    };
    scratch.give_back(out);
    count
}

fn block_rows(plan: &Plan<'_>, block: u32, scratch: &mut Scratch) -> Container {
    let live = plan.live.container(block);
    let mut out: Box<Words> = scratch.take();
    let container = match block::evaluate(&plan.root, plan, block, &mut out, scratch) {
        Shape::Empty => Container::Empty,
        Shape::Full => live.clone(),
        Shape::Mixed => {
            live.and_to(&mut out);
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
        Selection::Keys(_) => 8 * 65_536 * blocks,
        Selection::Codes(_) | Selection::Members(_) => 4 * 65_536 * blocks,
    }
}

/// The blocks in about four parts a thread, so that an uneven load levels out.
fn ranges(plan: &Plan<'_>) -> Vec<std::ops::Range<u32>> {
    // Thread counts are far below u32::MAX.
    let parts = 4 * rayon::current_num_threads() as u32;
    let step = plan.block_count.div_ceil(parts).max(1);
    (0..plan.block_count).step_by(step as usize).map(|from| from..(from + step).min(plan.block_count)).collect()
}
