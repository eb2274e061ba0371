//! Combinations and pairs of sets, counted row by row; sets of every form that a block can have.

use harness::rng::Rng;
use muster_engine::block::Set;
use muster_engine::error::Error;
use muster_engine::insight::{against, overlap, pairs};
use muster_engine::limits::{MATRIX_SETS_MAX, OVERLAP_SETS_MAX};

/// Three blocks and a bit.
const ROWS: u32 = 3 * 65_536 + 777;

/// Nobody, everybody, a few, runs, whole blocks, and any share of the rows.
fn set(rng: &mut Rng) -> Set {
    let kind = rng.below(8);
    let percent = *rng.pick(&[1, 10, 50, 90]);
    let from = rng.below(ROWS as usize) as u32;
    let mut rows =
        |keep: &mut dyn FnMut(&mut Rng, u32) -> bool| -> Vec<u32> { (0..ROWS).filter(|row| keep(rng, *row)).collect() };
    match kind {
        0 => Set::default(),
        1 => Set::first_rows(ROWS),
        2 => Set::from_rows(rows(&mut |rng, _| rng.below(3_000) == 0)),
        3 => Set::from_rows(rows(&mut |_, row| (from..from + 70_000).contains(&row))),
        4 => Set::from_rows(rows(&mut |rng, row| row >> 16 == 1 || rng.below(500) == 0)),
        _ => Set::from_rows(rows(&mut |rng, _| rng.chance(percent))),
    }
}

fn sets(rng: &mut Rng, count: usize) -> Vec<Set> {
    (0..count).map(|_| set(rng)).collect()
}

#[test]
fn combinations_are_those_of_the_rows() {
    for seed in 0..40 {
        let mut rng = Rng::new(seed);
        let count = 1 + seed as usize % OVERLAP_SETS_MAX;
        let sets = sets(&mut rng, count);
        let given: Vec<&Set> = sets.iter().collect();
        let mut expected = vec![0_u64; 1 << count];
        for row in 0..ROWS {
            expected[(0..count).filter(|at| sets[*at].contains(row)).fold(0, |key, at| key | 1 << at)] += 1;
        }
        let found = overlap(&given).expect("few sets");
        let mut counted = vec![0_u64; 1 << count];
        for one in &found.combinations {
            assert!(one.count > 0 && one.sets > 0, "seed {seed}");
            counted[one.sets as usize] = one.count;
        }
        assert_eq!(counted[1..], expected[1..], "seed {seed}");
        assert_eq!(found.union() + expected[0], u64::from(ROWS), "seed {seed}");
        let union: i64 = (1..1_u32 << count)
            .map(|sets| found.in_all(sets) as i64 * if sets.count_ones() % 2 == 1 { 1 } else { -1 })
            .sum();
        assert_eq!(union as u64, found.union(), "seed {seed}: inclusion and exclusion");
        for (at, set) in sets.iter().enumerate() {
            assert_eq!((found.in_all(1 << at), found.only(at)), (set.len(), expected[1 << at]), "seed {seed}");
        }
    }
}

#[test]
fn pairs_are_those_of_the_sets() {
    for seed in 0..6 {
        let mut rng = Rng::new(seed);
        let sets = sets(&mut rng, 12);
        let given: Vec<&Set> = sets.iter().collect();
        let found = pairs(&given).expect("few sets");
        for (left, one) in sets.iter().enumerate() {
            assert_eq!(against(one, &given), sets.iter().map(|other| one.and(other).len()).collect::<Vec<_>>());
            for (right, other) in sets.iter().enumerate() {
                assert_eq!(found.both(left, right), one.and(other).len(), "seed {seed}: {left} and {right}");
                assert_eq!(found.either(left, right), one.or(other).len(), "seed {seed}: {left} or {right}");
                let shares = found.jaccard(left, right) * one.or(other).len() as f64;
                assert!((shares - one.and(other).len() as f64).abs() < 1e-6, "seed {seed}");
            }
        }
    }
}

#[test]
fn so_many_sets_and_no_more() {
    let nobody = Set::default();
    for (most, asked) in [(OVERLAP_SETS_MAX, true), (MATRIX_SETS_MAX, false)] {
        let ask = |count: usize| {
            let sets = vec![&nobody; count];
            if asked { overlap(&sets).map(drop) } else { pairs(&sets).map(drop) }
        };
        assert_eq!(ask(most), Ok(()));
        assert!(matches!(ask(most + 1), Err(Error::Invalid(problems)) if problems[0].code == "too_many_sets"));
    }
}
