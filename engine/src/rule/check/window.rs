//! `within_days`, `before_days` and `in_next_days` on times and dates.

use super::leaf::{Leaf, Wrong, described};
use crate::id::FieldId;
use crate::limits::WINDOW_DAYS_MAX;
use crate::rule::{LeafTest, Literal, Operand, Operator, WindowSide};
use crate::schema::Number;

impl Leaf<'_> {
    pub(super) fn window(&mut self, operator: Operator, field: FieldId, value: &Operand) -> Option<LeafTest> {
        let side = match operator {
            Operator::WithinDays => WindowSide::Within,
            Operator::BeforeDays => WindowSide::Before,
            _ => WindowSide::Next,
        };
        let literal = self.single(value)?;
        let days = self.literal("value", read(operator, literal))?;
        Some(LeafTest::Window { field, side, days })
    }
}

pub(super) fn read(operator: Operator, literal: &Literal) -> Result<i64, Wrong> {
    let wanted = || format!("{} wants a whole number of days, such as 90", operator.name());
    let Literal::Number(digits) = literal else {
        return Err(Wrong::type_of(format!("{}, not {}", wanted(), described(literal))));
    };
    let outside = || {
        let name = operator.name();
        Wrong::range(format!("{name} takes 0 to {WINDOW_DAYS_MAX} days, not {}", described(literal)))
    };
    let (days, whole) = Number::parse(digits).and_then(|number| number.floor_units(0)).ok_or_else(outside)?;
    if !whole {
        return Err(Wrong::type_of(format!("{}, not {}", wanted(), described(literal))));
    }
    i64::try_from(days).ok().filter(|days| (0..=WINDOW_DAYS_MAX).contains(days)).ok_or_else(outside)
}
