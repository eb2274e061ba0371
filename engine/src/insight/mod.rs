//! What one can learn from sets without changing anything: why somebody is in, what an edit would move, what a rule
//! says in vain, who is in several sets at once, and what a threshold is worth.
//!
//! Every answer is about one [`Moment`] and exact. Nothing is kept, and `now` is an argument. Not here: evaluating
//! (`eval`), saved things (`segment`, `audience`), and how answers look (the server).

mod person;

mod diff;

mod overlap;

mod lint;

mod reach;

pub use crate::audience::Moment;
pub use diff::{Dependant, Diff, Moved, diff, moved};
pub use lint::{Basis, Finding, Lint, lint};
pub use overlap::{Combination, Overlap, Pairs, against, overlap, pairs};
pub use person::{
    Cause, Contribution, Entry, ExplainedMember, ExplainedPerson, Flip, Gate, Kept, NodeVerdict, Remedy, Turn,
    VerdictKind, explain_in_audience, explain_person, lists_of,
};
pub use reach::{Curve, CurvePoint, End, Relaxation, Relaxed, Step, reach, relax};
