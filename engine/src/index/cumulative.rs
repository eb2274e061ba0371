//! Cumulative sets of a block: for each fence the rows whose keys lie below it.
//!
//! A checkpoint leaves them out, since they take half as many bytes as all else together. After a start the first ones
//! that are asked for are made alone, so that the first question waits for little; when another one is asked for, all
//! are made in one pass.

use std::sync::OnceLock;

use super::rank::Fence;
use crate::block::Words;

/// Sets that are made alone: a range has two ends.
const ALONE_MAX: usize = 2;

/// The sets of one block, as far as they were asked for.
#[derive(Debug, Default)]
pub(super) struct Cumulative {
    all: OnceLock<Box<[Words]>>,
    /// Sets made alone, each with its fence.
    alone: [OnceLock<(usize, Box<Words>)>; ALONE_MAX],
}

impl Cumulative {
    /// All sets of rows in order of their keys.
    pub(super) fn of(rows: &[u16], fences: &[Fence]) -> Self {
        Self { all: all(rows, fences).into(), ..Self::default() }
    }

    /// The rows below a fence, of the same rows and fences at each call.
    pub(super) fn below(&self, fence: usize, rows: &[u16], fences: &[Fence]) -> &Words {
        if let Some(all) = self.all.get() {
            return &all[fence];
        }
        for alone in &self.alone {
            let (known, words) = alone.get_or_init(|| (fence, one(rows, fences[fence])));
            if *known == fence {
                return words;
            }
        }
        &self.all.get_or_init(|| all(rows, fences))[fence]
    }
}

fn one(rows: &[u16], fence: Fence) -> Box<Words> {
    let mut words = Words::boxed();
    rows[..fence.rank as usize].iter().for_each(|row| words.insert(*row));
    words
}

fn all(rows: &[u16], fences: &[Fence]) -> Box<[Words]> {
    let mut words = Words::boxed();
    let mut done = 0;
    let below = |fence: &Fence| {
        rows[done..fence.rank as usize].iter().for_each(|row| words.insert(*row));
        done = fence.rank as usize;
        Words::clone(&words)
    };
    fences.iter().map(below).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sets_made_alone_are_those_made_together() {
        let rows: Vec<u16> = (0..=u16::MAX).map(|row| row.wrapping_mul(40_503)).collect();
        let fences: Vec<Fence> = (1..=16).map(|place| Fence { code: place * 10, rank: place * 4_096 }).collect();
        let made = Cumulative::of(&rows, &fences);
        for order in [[3, 3, 9, 0, 15, 3], [15, 0, 15, 1, 2, 0]] {
            let asked = Cumulative::default();
            for fence in order {
                let wanted = made.below(fence, &rows, &fences);
                assert_eq!(asked.below(fence, &rows, &fences).0, wanted.0, "fence {fence} in {order:?}");
                assert_eq!(wanted.count(), fences[fence].rank);
            }
            assert!(asked.all.get().is_some(), "the third makes all");
        }
    }
}
