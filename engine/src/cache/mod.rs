//! What earlier questions found out, kept while it is true: counts of rules, and rows of their parts.
//!
//! Everything is kept block by block with the block's version and the next instant at which time moves somebody there, so a
//! change of one row costs one block again, and a window that nobody crosses costs nothing. A part of
//! a rule that is asked a second time is kept as a set: whoever edits a rule pays for what they edit. Answers are the
//! same with and without; only the time is not. Memory is bounded, the least useful goes first.
//!
//! Not here: evaluating (`eval`), and who asks (`segment`).

mod key;
mod validity;

mod counts;
mod parts;

pub use counts::{Cache, CacheCounters, count, rows};
