//! Ordered values: the rows of each block in order of their keys, with cumulative sets at regular ranks.
//!
//! Rows that have changed since are kept by the column; [`Laid`] is a block with them in their places.
//!
//! "lo <= key <= hi" is a range of ranks (`range`), found by two searches (`cut`). Its size is known from the keys alone;
//! its rows are those of the nearest cumulative sets, corrected by a short slice of the order. Idea: range-encoded bins
//! (Chan and Ioannidis, SIGMOD 1998) with an order-preserving list inside each bin (OrBiC; Wu, Stockinger, Shoshani,
//! 2008), here per block with 16-bit offsets, so that bins and corrections stay in the first-level cache.

use std::collections::BTreeMap;
use std::sync::Arc;

use super::cumulative::Cumulative;
use crate::block::{BLOCK_ROWS, Words};
use crate::column::layout::{self, of_block};
use crate::column::{Flat, LocalDict, Overlay, Scalar, ScalarBlock, Sorted};
use crate::error::Result;
use crate::shared::{Plain, Shared, bytes_of};
use crate::store::checkpoint::{FileWriter, Shards};

/// Cumulative sets of a full block. Measured at 16 to 256; see ARCHITECTURE.md.
const CUMULATIVE_SETS: usize = 128;

/// Rows below which a block has no cumulative sets: setting its rows one by one is as fast.
const CUMULATIVE_ROWS_MIN: usize = 2_048;

/// The ranks of one scalar field.
#[derive(Debug, Clone, Default)]
pub struct Ranks {
    /// Flat, as those of the column.
    blocks: Flat<RankBlock>,
}

/// The ranks of one block.
#[derive(Debug, Default)]
pub struct RankBlock {
    rows: Shared<u16>,
    /// Place of each key's first row in `rows`, and the end of the last; none when every key has one row.
    starts: Shared<u32>,
    /// Where cumulative sets end, ascending; the last at the end of all rows.
    pub(super) fences: Shared<Fence>,
    /// The key at each fence; the greatest there is at the last.
    pub(super) fence_keys: Shared<i64>,
    /// Rows below each fence.
    cumulative: Cumulative,
}

/// Where a key's rows begin.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[repr(C)]
pub(super) struct Fence {
    /// The key's code.
    pub(super) code: u32,
    /// The rank of its first row.
    pub(super) rank: u32,
}

// SAFETY: two integers of the same size.
unsafe impl Plain for Fence {}

impl RankBlock {
    fn new(sorted: Sorted, dict: &LocalDict) -> Self {
        let fences = fences(&sorted);
        let cumulative = Cumulative::of(&sorted.rows, &fences);
        let key =
            |fence: &Fence| if (fence.code as usize) < dict.len() { dict.key(fence.code as usize) } else { i64::MAX };
        let fence_keys = fences.iter().map(key).collect();
        let is_dense = sorted.starts.len() == sorted.rows.len() + 1;
        let starts = if is_dense { Shared::default() } else { sorted.starts.into() };
        Self { rows: sorted.rows.into(), starts, fences, fence_keys, cumulative }
    }

    /// Whether ranks that were read can be those of so many keys, so that no search leads outside.
    fn fits(&self, keys: usize) -> bool {
        let (rows, fences) = (self.rows.len(), &self.fences);
        let starts_fit = match &self.starts[..] {
            [] => keys == rows,
            starts => starts.len() == keys + 1 && starts.is_sorted() && starts[keys] as usize == rows,
        };
        let lies_inside =
            |fence: &Fence| fence.code as usize <= keys && self.rank(fence.code as usize) == fence.rank as usize;
        rows <= BLOCK_ROWS
            && starts_fit
            && fences.iter().all(lies_inside)
            && fences.is_sorted_by(|left, right| left.code < right.code)
            && fences.last().is_none_or(|last| last.code as usize == keys)
            && self.fence_keys.len() == fences.len()
    }

    /// The rows below a fence.
    pub(super) fn below(&self, fence: usize) -> &Words {
        self.cumulative.below(fence, &self.rows, &self.fences)
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
        let nearest = nearest.filter_map(|fence| Some((self.fences.get(fence)?.rank as usize, self.below(fence))));
        match nearest.min_by_key(|(start, _)| start.abs_diff(rank)) {
            Some((start, below)) if start.abs_diff(rank) < rank => {
                let count = below.and_count(rows);
                if start <= rank { count + among(start, rank) } else { count - among(rank, start) }
            }
            _ => among(0, rank),
        }
    }

    /// Writes the ranks of a block.
    ///
    /// # Errors
    /// `Io` when the system refuses.
    pub fn write(&self, out: &mut FileWriter<'_>, field: u16, block: u32) -> Result<()> {
        let mut put = |part, bytes| out.put(of_block(field, part, block), bytes);
        put(layout::RANK_ROWS, bytes_of(&self.rows))?;
        put(layout::RANK_STARTS, bytes_of(&self.starts))?;
        put(layout::FENCES, bytes_of(&self.fences))?;
        put(layout::FENCE_KEYS, bytes_of(&self.fence_keys))
    }

    fn bytes(&self) -> usize {
        let fences = self.fences.len() * (size_of::<Fence>() + size_of::<i64>() + size_of::<Words>());
        2 * self.rows.len() + 4 * self.starts.len() + fences
    }
}

/// Fences where a key's rows begin: at every key when there are few, else as evenly spread as the keys allow.
fn fences(sorted: &Sorted) -> Shared<Fence> {
    let rows = sorted.rows.len();
    if rows < CUMULATIVE_ROWS_MIN {
        return Shared::default();
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

impl Ranks {
    /// The ranks of a block.
    pub fn block(&self, block: u32) -> Option<&Arc<RankBlock>> {
        self.blocks.get(block)
    }

    /// The same ranks with some blocks new; `column` has their keys.
    #[must_use]
    pub fn with_blocks(mut self, sorted: BTreeMap<u32, Sorted>, column: &Scalar) -> Self {
        self.blocks.grow_to(column.block_count() as usize, RankBlock::default);
        for (block, sorted) in sorted {
            let Some(keys) = column.block(block) else { continue };
            self.blocks.replace(block, RankBlock::new(sorted, &keys.dict));
        }
        self
    }

    /// Lays a block of a column, and its ranks, with the rows that have changed in their places.
    pub fn lay(&mut self, column: &mut Scalar, block: u32) {
        if let Some(Laid { keys, ranks }) = Laid::new(column, self, block) {
            column.lay(block, keys);
            self.blocks.replace(block, ranks);
        }
    }

    /// The ranks of all blocks as they were written; `column` has their keys.
    ///
    /// # Errors
    /// `Corrupt` for sections that were not written so.
    pub fn read(shards: &Shards, field: u16, column: &Scalar) -> Result<Self> {
        let block = |block| {
            let id = |part| of_block(field, part, block);
            let ranks = RankBlock {
                rows: shards.values(id(layout::RANK_ROWS))?.unwrap_or_default(),
                starts: shards.values(id(layout::RANK_STARTS))?.unwrap_or_default(),
                fences: shards.values(id(layout::FENCES))?.unwrap_or_default(),
                fence_keys: shards.values(id(layout::FENCE_KEYS))?.unwrap_or_default(),
                cumulative: Cumulative::default(),
            };
            let keys = column.block(block).map_or(0, |column| column.dict.len());
            if ranks.fits(keys) {
                Ok(ranks)
            } else {
                Err(shards.malformed(id(layout::RANK_ROWS), "ranks do not fit their keys"))
            }
        };
        let blocks: Result<Flat<RankBlock>> = (0..shards.block_count()).map(block).collect();
        Ok(Self { blocks: blocks? })
    }

    /// Heap bytes.
    pub fn bytes(&self) -> usize {
        self.blocks.iter().map(|block| block.bytes()).sum()
    }
}

/// A block's keys and ranks, laid anew with the rows that have changed in their places.
#[derive(Debug)]
pub struct Laid {
    /// The keys.
    pub keys: ScalarBlock,
    /// Their order.
    pub ranks: RankBlock,
}

impl Laid {
    /// `None` when nothing has changed.
    pub fn new(column: &Scalar, ranks: &Ranks, block: u32) -> Option<Self> {
        let overlay = column.overlay(block)?;
        let (base, ranks) = (column.block(block)?, ranks.block(block)?);
        let pairs = merged(base, ranks, overlay);
        let rows = overlay.rows().last().map_or(0, |last| usize::from(*last) + 1).max(base.rows());
        let (keys, sorted) = ScalarBlock::new(&pairs, rows);
        let ranks = RankBlock::new(sorted, &keys.dict);
        Some(Self { keys, ranks })
    }
}

/// Keys and rows in order: those of the block that have not changed, and the new ones. Both are in order already.
fn merged(base: &ScalarBlock, ranks: &RankBlock, overlay: &Overlay) -> Vec<(i64, u16)> {
    let mut changed = Words::boxed();
    overlay.rows().iter().for_each(|row| changed.insert(*row));
    let mut pairs = Vec::with_capacity(ranks.len() + overlay.keys().len());
    let mut fresh = overlay.keys().iter().copied().zip(overlay.new_rows().iter().copied()).peekable();
    for code in 0..base.dict.len() {
        let key = base.dict.key(code);
        while let Some(pair) = fresh.next_if(|(fresh, _)| *fresh < key) {
            pairs.push(pair);
        }
        for &row in ranks.slice(ranks.rank(code), ranks.rank(code + 1)) {
            while let Some(pair) = fresh.next_if(|pair| *pair < (key, row)) {
                pairs.push(pair);
            }
            if !changed.contains(row) {
                pairs.push((key, row));
            }
        }
    }
    pairs.extend(fresh);
    pairs
}
