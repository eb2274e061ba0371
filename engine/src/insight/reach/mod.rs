//! What a threshold is worth: how many people a rule selects as one of its thresholds moves, and which to move, and how
//! far, to select a given number.
//!
//! A test stands at one place of its rule, so the rule's count depends on it in one direction only: the rows for which
//! it matters at all are those that the rule selects when the test holds and not when it fails, or the other way round
//! under `none`. They are found with two evaluations; the rank index then knows how many of them lie on either side of
//! any threshold, and nothing is evaluated again.

mod threshold;

mod curve;
mod relax;

pub use curve::{Curve, CurvePoint, reach};
pub use relax::{Relaxation, Relaxed, Step, relax};
pub use threshold::End;
