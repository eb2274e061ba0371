//! What may be asked: JSON or text -> [`Rule`] -> `CheckedRule`. No data is touched here.

#[cfg(test)]
mod arbitrary;
mod ast;
mod check;
mod checked;
mod checked_event;
mod compare;
mod dialect;
mod event;
mod mistakes;
mod nearest;
mod operator;
mod read;
mod renamed;
mod saved;
mod score;
mod segments;
mod text;
mod vocabulary;
mod wire;

pub use ast::{Group, Literal, Match, Operand, Rule, SegmentRef, SegmentTest, Test};
pub use check::check;
pub use checked::{CheckedKind, CheckedNode, CheckedRule, LeafTest, Pattern, WindowSide};
pub use checked_event::{
    Asked, CheckedEvents, CheckedFollower, CheckedMeasure, ChosenEvents, Condition, EventSpan, MeanRange,
};
pub use compare::{Difference, Part, differences};
pub use event::{EventTest, EventWindow, Follower, Measure};
pub use nearest::nearest;
pub use operator::{Operator, operators_of, operators_of_id};
pub use read::{read_json, read_text};
pub(crate) use renamed::with_id_by_its_name;
pub use saved::check_saved;
pub use score::{Score, ScoreTerm};
pub use segments::{SegmentNames, bind_segments, resolve_segment, segment_refs};
pub use text::{from_text, to_text};
pub use vocabulary::Vocabulary;
pub use wire::{from_json, to_json};
