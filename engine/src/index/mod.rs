//! Which rows have a value: each index answers how many, and which.
//!
//! The planner asks nothing else, so a new kind of index is one file here. What is asked comes as a [`Selection`]:
//! bound to a view's data, answering block by block, never touching a row twice.

mod postings;

mod rank;

mod cumulative;
mod cut;
mod range;

mod scan;
mod union;

mod event;

mod selection;

#[cfg(test)]
mod tests;

pub use cut::{CUTS_MAX, Cut};
pub use event::{ChosenEventsOf, EventScan};
pub use postings::Postings;
pub use range::{Outline, RankRange};
pub use rank::{Laid, RankBlock, Ranks};
pub use scan::{CodeScan, MemberScan, WantedCodes};
pub use selection::{KeyRange, Keys, Part, Selection};
pub use union::Union;

use crate::block::Set;

/// Distinct values up to which a keyword field keeps the rows of every value; with more, values are rare and the
/// codes are scanned instead.
pub const KEYWORD_POSTINGS_MAX: u32 = 16_384;

/// Distinct members up to which a set field keeps the rows of every member.
pub const MEMBER_POSTINGS_MAX: u32 = 1 << 20;

/// One field's index, apart from which rows have a value at all.
#[derive(Debug, Clone)]
pub enum Index {
    /// The rows where a `bool` is true.
    Flag(Set),
    /// The rows of every code.
    Postings(Postings),
    /// The rows in order of their keys.
    Ranks(Ranks),
    /// None: the column is read.
    Scan,
}

impl Index {
    /// Heap bytes.
    pub fn bytes(&self) -> usize {
        match self {
            Self::Flag(truths) => truths.bytes(),
            Self::Postings(postings) => postings.bytes(),
            Self::Ranks(ranks) => ranks.bytes(),
            Self::Scan => 0,
        }
    }
}
