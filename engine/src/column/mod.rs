//! How values lie in memory: one column a field, cut into blocks of 65,536 rows or pieces of them.
//!
//! A column answers "what is the value of this row?". Whether the row has a value at all, and which rows have a given
//! value, is the index's business (`index`); a missing row's place in a column holds nothing of meaning.
//!
//! What is published is never written: an editor copies what it changes, a few kilobytes for one row, and hands back a new
//! column that shares all else.

pub mod layout;
mod sets;

mod growth;
mod hash;
mod radix;
mod shard;
mod texts;

mod dict;
mod pieces;

mod edit;
mod flat;

mod local_dict;
mod overlay;
mod scalar;

mod codes;
mod keyword;
mod members;

pub use codes::{Codes, MISSING};
pub use dict::Dict;
pub use edit::{OpenBlocks, SetEditor, parts};
pub use flat::Flat;
pub(crate) use hash::hash;
pub use keyword::{Keyword, KeywordEditor};
pub use local_dict::{LocalDict, Search};
pub use members::{Members, MembersEditor};
pub use overlay::Overlay;
pub use pieces::DictStamp;
pub(crate) use radix::sort_by_key;
pub use scalar::{Scalar, ScalarBlock, ScalarEditor, Sorted};
pub use sets::{read_sets, write_sets};

/// One field's values.
#[derive(Debug, Clone)]
pub enum Column {
    /// `bool`: the index holds both the values and the answer.
    Flag,
    /// `int`, `decimal`, `float`, `time`, `date` as ordered `i64` keys.
    Scalar(Scalar),
    /// `keyword` as codes of a dictionary.
    Keyword(Keyword),
    /// `keyword_set`, `int_set` as codes of a dictionary.
    Members(Members),
}

impl Column {
    /// The texts or members that values are codes of, where there are such.
    pub fn dict(&self) -> Option<&Dict> {
        match self {
            Self::Flag | Self::Scalar(_) => None,
            Self::Keyword(keyword) => Some(&keyword.dict),
            Self::Members(members) => Some(&members.dict),
        }
    }

    /// Heap bytes.
    pub fn bytes(&self) -> usize {
        match self {
            Self::Flag => 0,
            Self::Scalar(scalar) => scalar.bytes(),
            Self::Keyword(keyword) => keyword.bytes(),
            Self::Members(members) => members.bytes(),
        }
    }
}
