//! How fast memory is read: by queries, as far as their bytes can be estimated, and by a plain sum.

use std::thread;
use std::time::Duration;

use muster_data::population::DEFAULT_NOW;
use muster_engine::block::Set;
use muster_engine::eval;
use muster_engine::plan::{SegmentRows, plan};
use muster_engine::rule::{Operator, Test};
use serde_json::{Value as Json, json};

use crate::clock::{Repeat, median_us};
use crate::document::{percentile, rounded};
use crate::formula::{Leaves, formula};
use crate::machine;
use crate::peers::rows_of;
use crate::workload::{loaded, parquet, queries};
use crate::{Failure, Size};

/// Bytes of a block's bits.
const BLOCK_BYTES: u64 = 8 * 1024;

/// Bytes that the plain sum reads: far beyond any cache.
const BUFFER_BYTES: usize = 1 << 30;

const REPEAT: Repeat = Repeat { runs_max: 9, budget: Duration::from_secs(1) };

pub(crate) fn run(size: &Size) -> Result<(), Failure> {
    let profiles = size.profiles;
    let (tenant, _) = loaded(&parquet(profiles)?, size.row_order())?;
    let state = tenant.state();
    let blocks = u64::from(state.view.block_count());
    let none = SegmentRows::new();
    let mut rows = Vec::new();
    for query in queries(&tenant, profiles)? {
        let (_, us) = median_us(REPEAT, || eval::count(&plan(&query.checked, &state.view, &none, DEFAULT_NOW)));
        let mut leaves = Leaves::default();
        formula(&query.rule, &mut leaves);
        let mut bytes = 0;
        for test in &leaves.0 {
            bytes += leaf_bytes(test, &rows_of(&state, test)?, blocks);
        }
        rows.push((bytes, us, query.text));
    }
    // Bytes in thousands a microsecond are gigabytes a second.
    let speeds: Vec<f64> = rows.iter().map(|(bytes, us, _)| *bytes as f64 / us / 1e3).collect();
    let bytes: Vec<f64> = rows.iter().map(|(bytes, ..)| *bytes as f64).collect();
    let list: Vec<Json> = rows
        .iter()
        .zip(&speeds)
        .map(|((bytes, us, text), speed)| json!({"text": text, "bytes": bytes, "us": rounded(*us), "gb_per_s": rounded(*speed)}))
        .collect();
    let sums = |bytes: f64, us: f64| rounded(bytes / us / 1e3);
    let document = json!({
        "profiles": profiles,
        "machine": machine::describe(),
        "commit": machine::commit(),
        "kernels": machine::kernels(),
        "bytes_per_query": {"p50": percentile(&bytes, 0.5), "p99": percentile(&bytes, 0.99)},
        "gb_per_s": {
            "p50": percentile(&speeds, 0.5), "p90": percentile(&speeds, 0.9),
            "all_queries_together": sums(bytes.iter().sum(), rows.iter().map(|row| row.1).sum()),
        },
        "memory_gb_per_s": {"one_thread": memory_speed(1), "two_threads": memory_speed(2)},
        "queries": list,
    });
    println!("{document:#}");
    Ok(())
}

/// What reading a test's index touches: each block's rows as a list or as bits; of a range, bits at both ends.
fn leaf_bytes(test: &Test, set: &Set, blocks: u64) -> u64 {
    let is_range = matches!(
        test.operator,
        Operator::Less
            | Operator::LessOrEqual
            | Operator::Greater
            | Operator::GreaterOrEqual
            | Operator::Between
            | Operator::WithinDays
            | Operator::BeforeDays
            | Operator::InNextDays
    );
    if is_range {
        return 2 * BLOCK_BYTES * blocks;
    }
    set.blocks().map(|(_, container)| (2 * u64::from(container.cardinality())).min(BLOCK_BYTES)).sum()
}

/// Gigabytes a second that a plain sum reads.
fn memory_speed(threads: usize) -> f64 {
    let buffer = vec![1_u64; BUFFER_BYTES / 8];
    let share = buffer.len() / threads;
    let sum = |part: &[u64]| part.iter().fold(0_u64, |sum, word| sum.wrapping_add(*word));
    let read = || {
        thread::scope(|scope| {
            let parts: Vec<_> = buffer.chunks(share).map(|part| scope.spawn(move || sum(part))).collect();
            parts.into_iter().map(|part| part.join().unwrap_or(0)).fold(0, u64::wrapping_add)
        })
    };
    let (_, us) = median_us(Repeat { runs_max: 7, budget: Duration::from_secs(10) }, read);
    rounded(BUFFER_BYTES as f64 / us / 1e3)
}
