//! Exactly who gets this: segments, people and lists included, others excluded, every step accounted for.
//!
//! base = (union or intersection of segments) + people + lists; final = base - everything excluded - whoever a gate takes
//! out (`gate`). Exclusion beats every kind of inclusion. A definition without any include key means every profile; one
//! whose includes yield nothing means nobody.

mod definition;
mod store;

mod lineup;
mod moment;

mod sources;
mod tally;

mod breakdown;
mod removed;

pub use breakdown::{
    AudiencePreview, Breakdown, IgnoredSuppression, ListedIds, Step, evaluate, evaluate_all, evaluate_frozen,
};
pub use definition::{Definition, IncludeMatch, SegmentChoice};
pub use lineup::{Lineup, Wanted};
pub use moment::Moment;
pub use removed::{Removed, removed};
pub use store::{Audience, Audiences, List, Lists};
