//! What may be asked: JSON or text -> [`Rule`] -> `CheckedRule`. No data is touched here.

mod ast;
mod checked;
mod operator;

pub use ast::{Group, Literal, Match, Operand, Rule, SegmentRef, SegmentTest, Test};
pub use checked::{CheckedKind, CheckedNode, CheckedRule, LeafTest, Pattern, WindowSide};
pub use operator::Operator;
