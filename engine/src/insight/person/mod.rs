//! Why one person is in a segment or an audience, or is not: the verdict of every node on this person's own values,
//! the fewest tests that would have to turn out otherwise, and when time alone turns the verdict.
//!
//! Nested segments are opened: the rule of the segment that a test at `/rules/2` names stands at `/rules/2/criteria`.
//! Reading order: `tree` puts rule and person together, `holds` asks one test of one value, `remedy` says which value
//! would do, `flip` and `clock` ask the tree, `words` says it, `audience` follows the way into an audience.

mod holds;
mod tree;

mod remedy;

mod clock;
mod event;
mod flip;
mod words;

mod audience;
mod verdict;

pub use audience::{Cause, ExplainedMember, Gate, Kept, explain_in_audience, lists_of};
pub use clock::Turn;
pub use flip::Flip;
pub use remedy::Remedy;
pub use tree::Entry;
pub use verdict::{Contribution, ExplainedPerson, NodeVerdict, VerdictKind, explain_person};
