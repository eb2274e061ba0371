//! Ranges of blocks in which rows have changed, against a filter.

use std::collections::BTreeMap;

use proptest::prelude::*;

use super::*;
use crate::block::{Set, Words};
use crate::column::{Scalar, ScalarEditor};

/// A row and its new key.
type Change = (u16, Option<i64>);

/// A column of one block, its order, and the same naively.
#[derive(Debug, Default)]
struct Block {
    column: Scalar,
    ranks: Ranks,
    model: BTreeMap<u16, i64>,
}

impl Block {
    fn present(&self) -> Set {
        Set::from_rows(self.model.keys().map(|row| u32::from(*row)).collect())
    }

    /// Changes rows in one go.
    fn change(&mut self, changes: &[Change]) {
        let mut editor = ScalarEditor::new(self.column.clone());
        for (row, key) in changes {
            match key {
                Some(key) => {
                    self.model.insert(*row, *key);
                    editor.set((*row).into(), *key);
                }
                None => {
                    self.model.remove(row);
                    editor.touch((*row).into());
                }
            }
        }
        let (column, sorted) = editor.finish(&self.present(), None);
        self.ranks = std::mem::take(&mut self.ranks).with_blocks(sorted, &column);
        self.column = column;
    }

    fn expected(&self, lo: i64, hi: i64) -> Vec<u16> {
        self.model.iter().filter(|(_, key)| lo <= **key && **key <= hi).map(|(row, _)| *row).collect()
    }

    fn check(&self, lo: i64, hi: i64) -> Result<(), TestCaseError> {
        let present = self.present();
        let keys = Keys { column: &self.column, ranks: &self.ranks, present: &present };
        let selection = Selection::Range(KeyRange { keys, lo, hi });
        let expected = self.expected(lo, hi);
        let mut parts = [Part::Empty];
        selection.look_up(0, &mut parts);
        for part in [parts[0], selection.part(0)] {
            prop_assert_eq!(part.cardinality(), Some(expected.len()));
            let Part::Range(range) = part else { continue };
            let mut list = Vec::new();
            range.append_to(&mut list);
            list.sort_unstable();
            prop_assert_eq!(&list, &expected);
            prop_assert!((0..=u16::MAX).filter(|row| range.contains(*row)).eq(expected.iter().copied()));
            for wanted in [true, false] {
                let mut list: Vec<u16> = (0..=u16::MAX).rev().step_by(7).collect();
                range.retain(&mut list, wanted);
                let is_wanted = |row: &u16| expected.binary_search(row).is_ok() == wanted;
                prop_assert!(list.into_iter().eq((0..=u16::MAX).rev().step_by(7).filter(is_wanted)));
            }
            if range.has_outline() && expected.len() > 1_024 {
                let mut words = Words::FULL;
                range.write_to(&mut words);
                prop_assert!(words.iter().eq(expected.iter().copied()));
            }
        }
        prop_assert!(
            keys.any_of(&[lo, hi]).rows().eq((0u32..)
                .zip(self.row_keys())
                .filter_map(|(row, key)| key.is_some_and(|key| key == lo || key == hi).then_some(row)))
        );
        Ok(())
    }

    fn row_keys(&self) -> Vec<Option<i64>> {
        (0..=u16::MAX).map(|row| self.model.get(&row).copied()).collect()
    }
}

/// Rows and keys: from few that are near, so that rows change again and keys are shared, and from all.
fn change(keys: i64) -> impl Strategy<Value = Change> {
    let row = prop_oneof![0u16..40, any::<u16>()];
    let key = prop_oneof![
        1 => Just(None),
        4 => (-2..keys + 2).prop_map(Some),
        1 => prop_oneof![Just(i64::MIN), Just(i64::MAX)].prop_map(Some),
    ];
    (row, key)
}

/// Rows of the block as it is laid first, its distinct keys, and changes in several goes.
fn history() -> impl Strategy<Value = (usize, i64, Vec<Vec<Change>>)> {
    (prop_oneof![0usize..50, 0usize..65_537], prop_oneof![1i64..20, 1i64..70_000]).prop_flat_map(|(rows, keys)| {
        (Just(rows), Just(keys), prop::collection::vec(prop::collection::vec(change(keys), 0..60), 1..8))
    })
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(48))]

    #[test]
    fn changed_rows_are_where_their_keys_are((rows, keys, goes) in history()) {
        let mut block = Block::default();
        // Multiplied by an odd number, so that keys and rows are in different orders.
        let laid: Vec<Change> = (0..rows)
            .filter(|row| row % 5 != 3)
            .map(|row| (row as u16, Some((row as i64 * 40_503) % keys)))
            .collect();
        block.change(&laid);
        for go in goes {
            block.change(&go);
            let marks = [i64::MIN, -1, 0, 1, keys / 3, keys / 2, keys - 1, keys, i64::MAX];
            for (at, lo) in marks.into_iter().enumerate() {
                for hi in &marks[at..] {
                    block.check(lo, *hi)?;
                }
            }
            for row in 0..=u16::MAX {
                prop_assert_eq!(block.column.get(row.into()), block.model.get(&row).copied());
            }
        }
        let mut laid = Block { column: block.column.clone(), ranks: block.ranks.clone(), model: block.model.clone() };
        laid.ranks.lay(&mut laid.column, 0);
        prop_assert!(laid.column.overlay(0).is_none());
        laid.check(0, keys / 2)?;
        laid.check(i64::MIN, i64::MAX)?;
        prop_assert!((0..=u16::MAX).all(|row| laid.column.get(row.into()) == block.model.get(&row).copied()));
    }
}
