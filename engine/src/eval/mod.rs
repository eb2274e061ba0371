//! Plan -> count, rows, or both at once.
//!
//! Blocks are evaluated one after the other, each through the whole tree, in buffers that stay in the first-level
//! cache. Evaluation never fails: a plan exists only for a checked rule. It reads one view and takes no lock.
//!
//! Not here: choosing the order of work (`plan`), and what is done with the rows (`segment`).

mod members;

mod parts;

mod items;
mod scratch;

mod batch;
mod block;
mod intersect;
mod score;
mod sparse;

mod crew;
mod roster;
mod tally;
mod whole;

mod explain;
mod failures;

mod row;

pub use explain::{NodeCounts, explain};
pub use row::{RowAt, Rows};
pub use tally::{ScoreTally, tally_scores};
pub use whole::{containers, count, count_blocks, first_rows, rows};
