//! Where a key stands in the order of a block, or of many blocks at once.
//!
//! First the fences are searched, whose keys lie together, then the keys between two of them. A search waits for memory
//! at most of its steps; those of many blocks take turns and wait together.

use super::rank::RankBlock;
use crate::column::{LocalDict, ScalarBlock, Search};

/// Searches that wait for memory together: about as many as a core can have under way.
pub const CUTS_MAX: usize = 8;

/// A block's keys and their order.
pub(super) type BlockOfKeys<'v> = (&'v ScalarBlock, &'v RankBlock);

/// Between two keys of a block.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Cut {
    /// Keys below.
    pub code: u32,
    /// Rows below.
    pub rank: u32,
    /// Fences below.
    pub(super) fence: u32,
}

impl Cut {
    pub(super) const START: Self = Self { code: 0, rank: 0, fence: 0 };

    /// Above all keys.
    fn end(ranks: &RankBlock, dict: &LocalDict) -> Self {
        let fence = ranks.fences.len().saturating_sub(1) as u32;
        Self { code: dict.len() as u32, rank: ranks.len() as u32, fence }
    }

    /// Just below a key; without one above all.
    pub fn below(column: &ScalarBlock, ranks: &RankBlock, key: Option<i64>) -> Self {
        let Some(key) = key else { return Self::end(ranks, &column.dict) };
        let mut turn = Turn::new(column, ranks, key);
        while turn.step() {}
        turn.found()
    }

    /// [`Self::below`] for many blocks, at most [`CUTS_MAX`]; at the start of all keys for one that is not there.
    pub(super) fn below_in(blocks: &[Option<BlockOfKeys<'_>>], key: Option<i64>) -> [Self; CUTS_MAX] {
        let mut cuts = [Self::START; CUTS_MAX];
        let Some(key) = key.filter(|key| *key > i64::MIN) else {
            for (cut, block) in cuts.iter_mut().zip(blocks) {
                if let (None, Some((column, ranks))) = (key, block) {
                    *cut = Self::end(ranks, &column.dict);
                }
            }
            return cuts;
        };
        let mut turns: [Option<Turn<'_>>; CUTS_MAX] = [const { None }; CUTS_MAX];
        for (turn, block) in turns.iter_mut().zip(blocks) {
            *turn = block.map(|(column, ranks)| Turn::new(column, ranks, key));
        }
        let mut any_left = true;
        while any_left {
            any_left = false;
            for turn in turns.iter_mut().flatten() {
                any_left |= turn.step();
            }
        }
        for (cut, turn) in cuts.iter_mut().zip(&turns) {
            *cut = turn.as_ref().map_or(Self::START, Turn::found);
        }
        cuts
    }
}

/// A search under way.
struct Turn<'v> {
    ranks: &'v RankBlock,
    dict: &'v LocalDict,
    key: i64,
    /// Fences known to be below the key.
    fence: usize,
    /// Fences after those that may be.
    left: usize,
    /// Among the keys, once the fences are searched.
    inner: Option<Search<'v>>,
}

impl<'v> Turn<'v> {
    fn new(column: &'v ScalarBlock, ranks: &'v RankBlock, key: i64) -> Self {
        Self { ranks, dict: &column.dict, key, fence: 0, left: ranks.fences.len(), inner: None }
    }

    /// Halves what is left; says whether there may be more to do.
    fn step(&mut self) -> bool {
        if self.left > 0 {
            let half = self.left.div_ceil(2);
            let is_below = self.ranks.fence_keys[self.fence + half - 1] < self.key;
            self.fence = if is_below { self.fence + half } else { self.fence };
            self.left = if is_below { self.left - half } else { half - 1 };
            return true;
        }
        let inner = self.inner.get_or_insert_with(|| {
            let fences = &self.ranks.fences;
            // The key of the fence below is below as well, that of the one above is not.
            let from = self.fence.checked_sub(1).map_or(0, |below| fences[below].code as usize + 1);
            let to = fences.get(self.fence).map_or(self.dict.len(), |above| above.code as usize);
            self.dict.search_below(self.key, from..to)
        });
        inner.step()
    }

    fn found(&self) -> Cut {
        let code = self.inner.as_ref().map_or(0, Search::found);
        Cut { code: code as u32, rank: self.ranks.rank(code) as u32, fence: self.fence as u32 }
    }
}
