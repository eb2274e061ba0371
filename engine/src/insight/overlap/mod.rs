//! Who is in several sets at once: every combination of a few sets, or every pair of many, in one pass over the blocks.

mod exclusive;
mod pairs;

pub use exclusive::{Combination, Overlap, overlap};
pub use pairs::{Pairs, against, pairs};
