//! Ordered values: the rows of each block in order of their keys, with cumulative sets at regular ranks.
//!
//! "lo <= key <= hi" is a range of ranks (`range`), found by two searches (`cut`). Its size is known from the keys alone;
//! its rows are those of the nearest cumulative sets, corrected by a short slice of the order. Idea: range-encoded bins
//! (Chan and Ioannidis, SIGMOD 1998) with an order-preserving list inside each bin (OrBiC; Wu, Stockinger, Shoshani,
//! 2008), here per block with 16-bit offsets, so that bins and corrections stay in the first-level cache.

use std::collections::BTreeMap;
use std::sync::Arc;

use crate::block::{BLOCK_ROWS, Words};
use crate::column::{LocalDict, Scalar, Sorted};

/// Cumulative sets of a full block. Measured at 16 to 256; see ARCHITECTURE.md.
const CUMULATIVE_SETS: usize = 128;

/// Rows below which a block has no cumulative sets: setting its rows one by one is as fast.
const CUMULATIVE_ROWS_MIN: usize = 2_048;

/// The ranks of one scalar field.
#[derive(Debug, Clone, Default)]
pub struct Ranks {
    blocks: Vec<Arc<RankBlock>>,
}

/// The ranks of one block.
#[derive(Debug, Default)]
pub struct RankBlock {
    rows: Box<[u16]>,
    /// Place of each key's first row in `rows`, and the end of the last; none when every key has one row.
    starts: Box<[u32]>,
    /// Where cumulative sets end, ascending; the last at the end of all rows.
    pub(super) fences: Box<[Fence]>,
    /// The key at each fence; the greatest there is at the last.
    pub(super) fence_keys: Box<[i64]>,
    /// Rows below each fence.
    pub(super) cumulative: Box<[Words]>,
}

/// Where a key's rows begin.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Fence {
    /// The key's code.
    pub(super) code: u32,
    /// The rank of its first row.
    pub(super) rank: u32,
}

impl RankBlock {
    fn new(sorted: Sorted, dict: &LocalDict) -> Self {
        let fences = fences(&sorted);
        let cumulative = cumulative(&sorted, &fences);
        let key =
            |fence: &Fence| if (fence.code as usize) < dict.len() { dict.key(fence.code as usize) } else { i64::MAX };
        let fence_keys = fences.iter().map(key).collect();
        let is_dense = sorted.starts.len() == sorted.rows.len() + 1;
        let starts = if is_dense { Box::default() } else { sorted.starts.into() };
        Self { rows: sorted.rows.into(), starts, fences, fence_keys, cumulative }
    }

    /// The rank at which the rows of a code begin; for the number of codes, where all end.
    pub fn rank(&self, code: usize) -> usize {
        if self.starts.is_empty() { code } else { self.starts[code] as usize }
    }

    /// Rows that have a value.
    pub fn len(&self) -> usize {
        self.rows.len()
    }

    /// Whether no row has a value.
    pub fn is_empty(&self) -> bool {
        self.rows.is_empty()
    }

    /// The rows of ranks `from..to`, by key and then by row.
    pub fn slice(&self, from: usize, to: usize) -> &[u16] {
        &self.rows[from..to]
    }

    /// How many of some rows have a key below a code's: those of the nearest cumulative set, corrected by a slice.
    pub fn count_below(&self, code: usize, rows: &Words) -> u32 {
        let rank = self.rank(code);
        let among = |from, to| self.rows[from..to].iter().map(|row| u32::from(rows.contains(*row))).sum::<u32>();
        let fence = self.fences.partition_point(|fence| (fence.code as usize) < code);
        let nearest = [fence.checked_sub(1), Some(fence)].into_iter().flatten();
        let nearest =
            nearest.filter_map(|fence| Some((self.fences.get(fence)?.rank as usize, &self.cumulative[fence])));
        match nearest.min_by_key(|(start, _)| start.abs_diff(rank)) {
            Some((start, below)) if start.abs_diff(rank) < rank => {
                let count = below.and_count(rows);
                if start <= rank { count + among(start, rank) } else { count - among(rank, start) }
            }
            _ => among(0, rank),
        }
    }

    fn bytes(&self) -> usize {
        let fences = self.fences.len() * (size_of::<Fence>() + size_of::<i64>() + size_of::<Words>());
        2 * self.rows.len() + 4 * self.starts.len() + fences
    }
}

/// Fences where a key's rows begin: at every key when there are few, else as evenly spread as the keys allow.
fn fences(sorted: &Sorted) -> Box<[Fence]> {
    let rows = sorted.rows.len();
    if rows < CUMULATIVE_ROWS_MIN {
        return Box::default();
    }
    let wanted = (CUMULATIVE_SETS * rows).div_ceil(BLOCK_ROWS).max(2);
    let keys = sorted.starts.len() - 1;
    let fence = |code: usize| Fence { code: code as u32, rank: sorted.starts[code] };
    if keys <= wanted {
        return (1..=keys).map(fence).collect();
    }
    let mut fences: Vec<Fence> = Vec::with_capacity(wanted);
    for index in 1..=wanted {
        let rank = (index * rows / wanted) as u32;
        let next = fence(sorted.starts.partition_point(|start| *start < rank).min(keys));
        if fences.last().is_none_or(|last| last.rank < next.rank) {
            fences.push(next);
        }
    }
    fences.into()
}

fn cumulative(sorted: &Sorted, fences: &[Fence]) -> Box<[Words]> {
    let mut words = Words::boxed();
    let mut done = 0;
    let below = |fence: &Fence| {
        sorted.rows[done..fence.rank as usize].iter().for_each(|row| words.insert(*row));
        done = fence.rank as usize;
        Words::clone(&words)
    };
    fences.iter().map(below).collect()
}

impl Ranks {
    /// The ranks of a block.
    pub fn block(&self, block: u32) -> Option<&Arc<RankBlock>> {
        self.blocks.get(block as usize)
    }

    /// The same ranks with some blocks new; `column` has their keys.
    #[must_use]
    pub fn with_blocks(mut self, sorted: BTreeMap<u32, Sorted>, column: &Scalar) -> Self {
        for (block, sorted) in sorted {
            while self.blocks.len() <= block as usize {
                self.blocks.push(Arc::default());
            }
            let Some(keys) = column.block(block) else { continue };
            self.blocks[block as usize] = Arc::new(RankBlock::new(sorted, &keys.dict));
        }
        self
    }

    /// Heap bytes.
    pub fn bytes(&self) -> usize {
        self.blocks.iter().map(|block| block.bytes()).sum()
    }
}
