//! Exactly who gets this: segments, people and lists included, others excluded, every step accounted for.
//!
//! base = (union or intersection of segments) + people + lists; final = base - everything excluded. Exclusion beats
//! every kind of inclusion. A definition without any include key means every profile; one whose includes yield
//! nothing means nobody.

mod definition;
mod store;

mod sources;
mod tally;

mod breakdown;

pub use breakdown::{AudiencePreview, Breakdown, ListedIds, Step, evaluate, evaluate_all};
pub use definition::{Definition, IncludeMatch, SegmentChoice};
pub use store::{Audience, Audiences, List, Lists};
