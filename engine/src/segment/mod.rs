//! Saved rules and saved lists of people, and what is asked of them: how many, who, and what each part contributes.
//!
//! A segment is `dynamic` (a rule, evaluated at every question), `static` (ids) or `lookalike` (a model, asked likewise). Segments refer to each other
//! by id, never in a circle. Not here: how sets become an audience (`audience`).

mod ids;

mod alike;

mod catalog;
mod order;

mod preview;
mod stale;

pub use alike::{Aim, Model, SCORE_UNIT, Term, Trained};
pub use catalog::{Catalog, Segment, SegmentKept, SegmentKind};
pub use ids::{IdChanges, IdCounts, IdList, MemberChanges};
pub use order::{find_cycle, rows_in_blocks, rows_of_segments};
pub(crate) use preview::segments_of;
pub use preview::{Preview, PreviewOptions, preview, rows};
