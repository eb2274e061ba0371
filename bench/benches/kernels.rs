//! The innermost loops, each alone: whole blocks, containers, sets of rows.
//!
//! For whoever changes one of them; what a question takes is measured by `muster-bench`. `cargo bench -p muster-bench`
//! runs all, and a part of a name behind `--` those that have it in theirs.

use std::hint::black_box;
use std::time::Duration;

use criterion::{BenchmarkGroup, Criterion, Throughput, measurement::WallTime};
use muster_data::random::Random;
use muster_engine::block::{BLOCK_ROWS, BLOCK_WORDS, Container, Kernels, Set, Words, and, and_count, and_not, or};

/// Time for each loop before and while it is measured: short, so that all of them take two minutes.
const WARM_UP: Duration = Duration::from_millis(300);
const MEASUREMENT: Duration = Duration::from_secs(1);

/// Rows of the sets: a million.
const SET_ROWS: u32 = 16 * BLOCK_ROWS as u32;

/// Bytes of a block's bits.
const BLOCK_BYTES: u64 = 8 * BLOCK_WORDS as u64;

fn main() {
    let criterion = Criterion::default().warm_up_time(WARM_UP).measurement_time(MEASUREMENT);
    let mut criterion = criterion.configure_from_args();
    kernels(&mut criterion.benchmark_group("kernel"));
    words(&mut criterion.benchmark_group("words"));
    containers(&mut criterion.benchmark_group("container"));
    sets(&mut criterion.benchmark_group("set"));
    criterion.final_summary();
}

type Group<'c> = BenchmarkGroup<'c, WallTime>;

fn measure<T>(group: &mut Group<'_>, name: &str, mut work: impl FnMut() -> T) {
    group.bench_function(name, |bencher| bencher.iter(&mut work));
}

/// Each of a block's rows with the same probability.
fn random_words(share: f64, stream: u64) -> Words {
    let mut random = Random::new(1, stream);
    let mut words = Words::EMPTY;
    // The offsets of a block are all that 16 bits can say.
    (0..=u16::MAX).filter(|_| random.chance(share)).for_each(|offset| words.insert(offset));
    words
}

/// Every table that this processor can run, on blocks of bits.
fn kernels(group: &mut Group<'_>) {
    let (left, right) = (random_words(0.5, 1), random_words(0.5, 2));
    let mut out = left.clone();
    for table in Kernels::available() {
        let name = |operation: &str| format!("{}/{operation}", table.name());
        group.throughput(Throughput::Bytes(2 * BLOCK_BYTES));
        measure(group, &name("and"), || table.and(black_box(&mut out.0), black_box(&right.0)));
        measure(group, &name("or"), || table.or(black_box(&mut out.0), black_box(&right.0)));
        measure(group, &name("and_not"), || table.and_not(black_box(&mut out.0), black_box(&right.0)));
        measure(group, &name("and_count"), || table.and_count(black_box(&left.0), black_box(&right.0)));
        group.throughput(Throughput::Bytes(BLOCK_BYTES));
        measure(group, &name("count"), || table.count(black_box(&left.0)));
    }
}

/// What is done row by row.
fn words(group: &mut Group<'_>) {
    for share in [0.01, 0.5] {
        let words = random_words(share, 3);
        group.throughput(Throughput::Elements(u64::from(words.count())));
        measure(group, &format!("iter/{share}"), || {
            black_box(&words).iter().fold(0_u32, |sum, row| sum ^ u32::from(row))
        });
        measure(group, &format!("to_container/{share}"), || Container::from_words(black_box(&words)));
    }
    group.throughput(Throughput::Bytes(BLOCK_BYTES));
    let mut words = Words::EMPTY;
    measure(group, "insert_range", || black_box(&mut words).insert_range(100, 65_000));
    measure(group, "flip", || black_box(&mut words).flip());
}

/// Every pair of forms that a container has.
fn containers(group: &mut Group<'_>) {
    let runs = (0..100_u16).map(|run| (run * 600, run * 600 + 200));
    let mut words = Words::EMPTY;
    runs.for_each(|(first, last)| words.insert_range(first, last));
    let forms = [
        ("array", Container::from_words(&random_words(0.01, 4))),
        ("bits", Container::from_words(&random_words(0.3, 5))),
        ("runs", Container::from_words(&words)),
    ];
    for (left_name, left) in &forms {
        for (right_name, right) in &forms {
            let name = |operation: &str| format!("{operation}/{left_name}_{right_name}");
            measure(group, &name("and"), || and(black_box(left), black_box(right)));
            measure(group, &name("or"), || or(black_box(left), black_box(right)));
            measure(group, &name("and_not"), || and_not(black_box(left), black_box(right)));
            measure(group, &name("and_count"), || and_count(black_box(left), black_box(right)));
        }
    }
}

/// Sets of few and of many rows.
fn sets(group: &mut Group<'_>) {
    let set = |share: f64, stream: u64| {
        let mut random = Random::new(2, stream);
        Set::from_rows((0..SET_ROWS).filter(|_| random.chance(share)).collect())
    };
    let (few, many, other) = (set(0.001, 1), set(0.2, 2), set(0.2, 3));
    for (name, left, right) in [("few_many", &few, &many), ("many_few", &many, &few), ("many_many", &many, &other)] {
        measure(group, &format!("and/{name}"), || black_box(left).and(black_box(right)));
        measure(group, &format!("or/{name}"), || black_box(left).or(black_box(right)));
        measure(group, &format!("and_not/{name}"), || black_box(left).and_not(black_box(right)));
        measure(group, &format!("and_count/{name}"), || black_box(left).and_count(black_box(right)));
    }
    let eight: Vec<Set> = (10..18).map(|stream| set(0.02, stream)).collect();
    measure(group, "union/eight", || Set::union(black_box(&eight)));
}
