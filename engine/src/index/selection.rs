//! The rows that one leaf of a rule selects, whatever kind of index knows them.

use super::rank::{RankRange, Ranks};
use super::scan::{CodeScan, MemberScan};
use crate::block::{Container, Set, Words, join};
use crate::column::Scalar;

/// How many, and which.
#[derive(Debug)]
pub enum Selection<'v> {
    /// Rows that an index keeps.
    Rows(&'v Set),
    /// Rows that were put together for this query.
    Made(Set),
    /// Rows whose key lies between two.
    Range(KeyRange<'v>),
    /// Rows found by reading codes.
    Codes(CodeScan<'v>),
    /// Rows found by reading sets.
    Members(MemberScan<'v>),
}

/// A scalar field's column and index.
#[derive(Debug, Clone, Copy)]
pub struct Keys<'v> {
    /// The keys.
    pub column: &'v Scalar,
    /// Their order.
    pub ranks: &'v Ranks,
    /// The rows that have one.
    pub present: &'v Set,
}

/// The rows with keys `lo..=hi`.
#[derive(Debug, Clone, Copy)]
pub struct KeyRange<'v> {
    /// The field.
    pub keys: Keys<'v>,
    /// Least key.
    pub lo: i64,
    /// Greatest key.
    pub hi: i64,
}

/// What a selection is within one block.
#[derive(Debug, Clone, Copy)]
pub enum Part<'v> {
    /// No row.
    Empty,
    /// Every row.
    Full,
    /// The rows of a container that is neither.
    Rows(&'v Container),
    /// Rows of consecutive ranks, neither none nor all.
    Range(RankRange<'v>),
    /// To be found by reading the column.
    Unread,
}

impl<'v> Keys<'v> {
    /// The rows of a block whose keys are `lo..=hi`; `None` when the block has no keys.
    pub fn between(&self, block: u32, lo: i64, hi: i64) -> Option<RankRange<'v>> {
        Some(RankRange::new(self.column.block(block)?, self.ranks.block(block)?, lo, hi))
    }

    /// The rows with one of some keys.
    pub fn any_of(&self, keys: &[i64]) -> Set {
        let mut builder = crate::block::SetBuilder::default();
        let mut words = Words::boxed();
        for (block, _) in self.present.blocks() {
            words.0.fill(0);
            let (Some(column), Some(ranks)) = (self.column.block(block), self.ranks.block(block)) else { continue };
            for code in keys.iter().filter_map(|key| column.dict.code(*key)) {
                ranks.slice(ranks.rank(code), ranks.rank(code + 1)).iter().for_each(|row| words.insert(*row));
            }
            builder.push(block, Container::from_words(&words));
        }
        builder.finish()
    }
}

impl<'v> Selection<'v> {
    /// How many rows at most; exact where the rows are known without reading a column.
    pub fn at_most(&self) -> u64 {
        match self {
            Self::Rows(set) => set.len(),
            Self::Made(set) => set.len(),
            Self::Range(range) => range.keys.present.len(),
            Self::Codes(scan) => scan.at_most(),
            Self::Members(scan) => scan.at_most(),
        }
    }

    /// Whether a row is selected.
    pub fn contains(&self, row: u32) -> bool {
        match self {
            Self::Rows(set) => set.contains(row),
            Self::Made(set) => set.contains(row),
            Self::Range(range) => range.keys.column.get(row).is_some_and(|key| range.lo <= key && key <= range.hi),
            Self::Codes(scan) => scan.contains(row),
            Self::Members(scan) => scan.contains(row),
        }
    }

    /// The rows as a set, when they lie ready as one.
    pub fn rows(&self) -> Option<&Set> {
        match self {
            Self::Rows(set) => Some(set),
            Self::Made(set) => Some(set),
            Self::Range(_) | Self::Codes(_) | Self::Members(_) => None,
        }
    }

    /// What the selection is within one block.
    pub fn part(&self, block: u32) -> Part<'_> {
        match self {
            Self::Rows(set) => Part::of(set.container(block)),
            Self::Made(set) => Part::of(set.container(block)),
            Self::Range(range) => range.keys.between(block, range.lo, range.hi).map_or(Part::Empty, Part::of_range),
            Self::Codes(scan) if scan.present.container(block).is_empty() => Part::Empty,
            Self::Members(scan) if scan.present.container(block).is_empty() => Part::Empty,
            Self::Codes(_) | Self::Members(_) => Part::Unread,
        }
    }

    /// Writes the rows of a block over `out` by reading the column.
    pub fn read_to(&self, block: u32, out: &mut Words) {
        match self {
            Self::Codes(scan) => scan.write_to(block, out),
            Self::Members(scan) => scan.write_to(block, out),
            Self::Rows(_) | Self::Made(_) | Self::Range(_) => {
                out.0.fill(0);
                (0..=u16::MAX)
                    .filter(|offset| self.contains(join(block, *offset)))
                    .for_each(|offset| out.insert(offset));
            }
        }
    }
}

impl<'v> Part<'v> {
    fn of(container: &'v Container) -> Self {
        match container {
            Container::Empty => Self::Empty,
            Container::Full => Self::Full,
            _ => Self::Rows(container),
        }
    }

    fn of_range(range: RankRange<'v>) -> Self {
        match range.cardinality() {
            0 => Self::Empty,
            crate::block::BLOCK_ROWS => Self::Full,
            _ => Self::Range(range),
        }
    }

    /// How many rows, when that is known.
    pub fn cardinality(&self) -> Option<usize> {
        match self {
            Self::Empty => Some(0),
            Self::Full => Some(crate::block::BLOCK_ROWS),
            Self::Rows(container) => Some(container.cardinality() as usize),
            Self::Range(range) => Some(range.cardinality()),
            Self::Unread => None,
        }
    }
}
