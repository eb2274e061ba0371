//! Sets and containers against the `roaring` crate, which does the same in another way.

use proptest::prelude::*;
use roaring::RoaringBitmap;

use super::*;

/// Rows that make every kind of container: scattered ones, dense ones, runs, whole blocks, over a few blocks.
fn rows() -> impl Strategy<Value = Vec<u32>> {
    let part = prop_oneof![
        (0u32..4, prop::collection::vec(any::<u16>(), 0..200))
            .prop_map(|(block, offsets)| offsets.into_iter().map(|offset| join(block, offset)).collect()),
        (0u32..4, 0u32..65_536, 1u32..65_536).prop_map(|(block, from, len)| (from..(from + len).min(65_536))
            .map(|offset| block << 16 | offset)
            .collect()),
        (0u32..4, 2u32..9, 0u32..8).prop_map(|(block, step, from)| (from..65_536)
            .step_by(step as usize)
            .map(|offset| block << 16 | offset)
            .collect()),
        (0u32..4).prop_map(|block| (0..65_536).map(|offset| block << 16 | offset).collect::<Vec<u32>>()),
    ];
    prop::collection::vec(part, 0..4).prop_map(|parts| parts.concat())
}

fn oracle(rows: &[u32]) -> RoaringBitmap {
    rows.iter().copied().collect()
}

fn same(set: &Set, oracle: &RoaringBitmap) -> Result<(), TestCaseError> {
    prop_assert_eq!(set.len(), oracle.len());
    prop_assert!(set.rows().eq(oracle.iter()));
    for (_, container) in set.blocks() {
        let mut words = Words::EMPTY;
        container.or_to(&mut words);
        prop_assert_eq!(words.count(), container.cardinality());
        prop_assert!(!container.is_empty());
    }
    Ok(())
}

/// Cases of each property.
const CASES: u32 = 64;

proptest! {
    #![proptest_config(ProptestConfig::with_cases(CASES))]

    #[test]
    fn set_algebra_agrees_with_roaring(left in rows(), right in rows()) {
        let (a, b) = (Set::from_rows(left.clone()), Set::from_rows(right.clone()));
        let (x, y) = (oracle(&left), oracle(&right));
        same(&a, &x)?;
        same(&a.and(&b), &(&x & &y))?;
        same(&a.or(&b), &(&x | &y))?;
        same(&a.and_not(&b), &(&x - &y))?;
        same(&Set::union([&a, &b, &a]), &(&x | &y))?;
        prop_assert_eq!(a.and_count(&b), x.intersection_len(&y));
    }

    #[test]
    fn words_and_containers_agree(left in rows(), right in rows()) {
        let (a, b) = (Set::from_rows(left.clone()), Set::from_rows(right.clone()));
        let (x, y) = (oracle(&left), oracle(&right));
        for block in 0..4 {
            let mut words = Words::EMPTY;
            let part = |bitmap: &RoaringBitmap| bitmap.range(join(block, 0)..=join(block, u16::MAX)).map(|row| row as u16).collect::<Vec<_>>();
            b.container(block).write_to(&mut words);
            a.container(block).and_to(&mut words);
            prop_assert!(words.iter().eq(part(&(&x & &y))));
            b.container(block).write_to(&mut words);
            a.container(block).and_not_to(&mut words);
            prop_assert!(words.iter().eq(part(&(&y - &x))));
            b.container(block).write_to(&mut words);
            a.container(block).or_to(&mut words);
            prop_assert!(words.iter().eq(part(&(&x | &y))));
            prop_assert_eq!(Container::from_words(&words), Container::from_sorted(&part(&(&x | &y))));
        }
    }

    #[test]
    fn single_rows_come_and_go(start in rows(), changes in prop::collection::vec((0u32..262_144, any::<bool>()), 0..60)) {
        let (mut set, mut bitmap) = (Set::from_rows(start.clone()), oracle(&start));
        for (row, put) in changes {
            if put {
                prop_assert_eq!(set.insert(row), bitmap.insert(row));
            } else {
                prop_assert_eq!(set.remove(row), bitmap.remove(row));
            }
            prop_assert_eq!(set.contains(row), put);
        }
        same(&set, &bitmap)?;
    }

    #[test]
    fn pages_of_rows_join_up(start in rows(), limit in 1usize..500) {
        let set = Set::from_rows(start.clone());
        let (mut after, mut seen) = (None, Vec::new());
        for _ in 0..20 {
            let page = set.rows_after(after, limit);
            after = page.last().copied().or(after);
            seen.extend(page);
        }
        prop_assert!(seen.iter().copied().eq(oracle(&start).iter().take(20 * limit)));
    }
}

#[test]
fn the_first_rows_stop_where_told() {
    for count in [0, 1, 65_535, 65_536, 65_537, 200_000] {
        let set = Set::first_rows(count);
        assert_eq!(set.len(), u64::from(count));
        assert!(set.rows().eq(0..count));
    }
}
