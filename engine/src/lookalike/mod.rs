//! Look-alikes: who else is like the people of a segment.
//!
//! Every field says what it can about somebody: a value, a tenth of its range, a member of its set, or that there is
//! none. What is more frequent in the source than among all others adds to a person's score, what is less frequent
//! takes away (`weights`: smoothed logarithms of odds, as naive Bayes adds them). Fields that say the same would count
//! twice, so each field's share is fitted to a sample (`fit`). The result is whole numbers and a threshold
//! (`threshold`), kept in the segment; `eval` adds them up.
//!
//! How good it is, is measured on people of the source that were kept out of a training (`preview`). Training reads
//! floating-point logarithms and happens once, before the change is logged; what is logged is the model. So the same log
//! gives the same members everywhere.

mod features;
mod weights;

mod fit;

mod threshold;
mod train;

mod preview;

pub use preview::{HoldOut, LookalikePreview, ReachPoint, preview};
pub use train::{FieldShare, Lookalike, Request, Skipped, train};
