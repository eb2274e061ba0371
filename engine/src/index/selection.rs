//! The rows that one leaf of a rule selects, whatever kind of index knows them.

use super::scan::{CodeScan, KeyScan, MemberScan};
use crate::block::{Container, Set, Words};

/// How many, and which.
#[derive(Debug)]
pub enum Selection<'v> {
    /// Rows that an index keeps.
    Rows(&'v Set),
    /// Rows that were put together for this query.
    Made(Set),
    /// Rows found by reading keys.
    Keys(KeyScan<'v>),
    /// Rows found by reading codes.
    Codes(CodeScan<'v>),
    /// Rows found by reading sets.
    Members(MemberScan<'v>),
}

impl Selection<'_> {
    /// How many rows at most; exact where the rows are known without reading a column.
    pub fn at_most(&self) -> u64 {
        match self {
            Self::Rows(set) => set.len(),
            Self::Made(set) => set.len(),
            Self::Keys(scan) => scan.at_most(),
            Self::Codes(scan) => scan.at_most(),
            Self::Members(scan) => scan.at_most(),
        }
    }

    /// The rows, when they are known without reading a column.
    pub fn rows(&self) -> Option<&Set> {
        match self {
            Self::Rows(set) => Some(set),
            Self::Made(set) => Some(set),
            Self::Keys(_) | Self::Codes(_) | Self::Members(_) => None,
        }
    }

    /// The rows of a block, when they are known without reading a column; also when none can be there.
    pub fn container(&self, block: u32) -> Option<&Container> {
        let present = match self {
            Self::Rows(set) => return Some(set.container(block)),
            Self::Made(set) => return Some(set.container(block)),
            Self::Keys(scan) => scan.present,
            Self::Codes(scan) => scan.present,
            Self::Members(scan) => scan.present,
        };
        present.container(block).is_empty().then_some(&Container::Empty)
    }

    /// Writes the rows of a block over `out`.
    pub fn write_to(&self, block: u32, out: &mut Words) {
        match self {
            Self::Rows(set) => set.container(block).write_to(out),
            Self::Made(set) => set.container(block).write_to(out),
            Self::Keys(scan) => scan.write_to(block, out),
            Self::Codes(scan) => scan.write_to(block, out),
            Self::Members(scan) => scan.write_to(block, out),
        }
    }
}
