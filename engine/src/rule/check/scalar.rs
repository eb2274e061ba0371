//! Comparisons of numbers, times and days: from what was written to a range of keys, without rounding.
//!
//! A literal with more digits than the field has lies between two keys: it is known by the key below it and by
//! whether it is that key, and every comparison follows exactly from these two.

use super::leaf::{Leaf, Wrong, described};
use crate::id::FieldId;
use crate::rule::{LeafTest, Literal, Operand, Operator};
use crate::schema::{FieldType, Number, float_to_key};
use crate::time::{Date, Timestamp};

/// A range that holds no key.
pub(super) const NOBODY: (i64, i64) = (i64::MAX, i64::MIN);

/// A literal on the scale of a field's keys.
struct Bound {
    /// The greatest key that is not above the literal.
    floor: i64,
    /// Whether that key is the literal.
    exact: bool,
    /// The literal itself, for telling a reversed pair from one that lies between two keys.
    number: Option<Number>,
}

impl Bound {
    fn at(key: i64) -> Self {
        Self { floor: key, exact: true, number: None }
    }

    /// The least key that is not below the literal, unless it would be beyond the last.
    fn ceil(&self) -> Option<i64> {
        if self.exact { Some(self.floor) } else { self.floor.checked_add(1) }
    }

    /// Whether the literal is above `other`.
    fn is_above(&self, other: &Self) -> bool {
        if self.floor != other.floor {
            return self.floor > other.floor;
        }
        let (Some(mine), Some(theirs)) = (self.number, other.number) else { return false };
        let scale = u8::try_from(mine.scale().max(theirs.scale())).unwrap_or(u8::MAX);
        match (mine.floor_units(scale), theirs.floor_units(scale)) {
            (Some((mine, _)), Some((theirs, _))) => mine > theirs,
            _ => false,
        }
    }
}

impl Leaf<'_> {
    pub(super) fn range(
        &mut self,
        operator: Operator,
        field: FieldId,
        kind: FieldType,
        value: &Operand,
    ) -> Option<LeafTest> {
        let keys = if operator == Operator::Between {
            self.between(kind, value)?
        } else {
            let literal = self.single(value)?;
            let bound = self.literal("value", bound(literal, kind))?;
            compared(operator, &bound)
        };
        let (lo, hi) = keys.unwrap_or(NOBODY);
        Some(LeafTest::Range { field, lo, hi })
    }

    fn between(&mut self, kind: FieldType, value: &Operand) -> Option<Option<(i64, i64)>> {
        let (low, high) = match value {
            Operand::Many(values) if values.len() == 2 => (&values[0], &values[1]),
            Operand::Many(values) if values.is_empty() => {
                self.mistake("value", "empty_list", "between needs two values, the lower and the upper end");
                return None;
            }
            Operand::Many(values) => {
                let message = format!("between needs two values, the lower and the upper end, not {}", values.len());
                self.mistake("value", "wrong_type", message);
                return None;
            }
            Operand::One(literal) => {
                let message =
                    format!("between needs two values, the lower and the upper end, not only {}", described(literal));
                self.mistake("value", "wrong_type", message);
                return None;
            }
        };
        let lo = self.literal("value/0", bound(low, kind));
        let hi = self.literal("value/1", bound(high, kind));
        let (lo, hi) = (lo?, hi?);
        if lo.is_above(&hi) {
            let message = format!("between wants the lower end first; swap {} and {}", described(low), described(high));
            self.mistake("value", "reversed_range", message);
            return None;
        }
        Some(lo.ceil().map(|least| (least, hi.floor)))
    }
}

/// The keys that compare so with the literal; none when no key can.
fn compared(operator: Operator, bound: &Bound) -> Option<(i64, i64)> {
    let Bound { floor, exact, .. } = *bound;
    Some(match operator {
        Operator::Less => (i64::MIN, if exact { floor.checked_sub(1)? } else { floor }),
        Operator::LessOrEqual => (i64::MIN, floor),
        Operator::Greater => (floor.checked_add(1)?, i64::MAX),
        Operator::GreaterOrEqual => (bound.ceil()?, i64::MAX),
        _ => exact.then_some((floor, floor))?,
    })
}

fn bound(literal: &Literal, kind: FieldType) -> Result<Bound, Wrong> {
    match kind {
        FieldType::Int => units(literal, 0),
        FieldType::Decimal(scale) => match literal {
            // Exact amounts travel as strings in many systems.
            Literal::Text(text) if Literal::number(text).is_some() => units(&Literal::Number(text.clone()), scale),
            _ => units(literal, scale),
        },
        FieldType::Float => float(literal),
        FieldType::Date => date(literal),
        _ => time(literal),
    }
}

/// A number in units of 10^-`scale`.
fn units(literal: &Literal, scale: u8) -> Result<Bound, Wrong> {
    let Literal::Number(digits) = literal else {
        return Err(Wrong::type_of(format!("a number such as 100 or 17.57 is wanted, not {}", described(literal))));
    };
    let number = Number::parse(digits);
    let outside = || {
        let message = format!("{} has more digits than can be compared exactly", described(literal));
        Wrong::range(message)
    };
    let (floor, exact) = number.and_then(|number| number.floor_units(scale)).ok_or_else(outside)?;
    let floor = i64::try_from(floor).map_err(|_| {
        let (least, most) =
            (crate::schema::Value::Decimal(i64::MIN, scale), crate::schema::Value::Decimal(i64::MAX, scale));
        Wrong::range(format!("the field holds numbers from {least} to {most}, not {}", described(literal)))
    })?;
    Ok(Bound { floor, exact, number })
}

/// The number in units of 10^-`scale` if it is a whole number of them.
pub(super) fn exact(literal: &Literal, scale: u8) -> Result<Option<i64>, Wrong> {
    units(literal, scale).map(|bound| bound.exact.then_some(bound.floor))
}

fn float(literal: &Literal) -> Result<Bound, Wrong> {
    let Literal::Number(digits) = literal else {
        return Err(Wrong::type_of(format!("a number such as 0.5 is wanted, not {}", described(literal))));
    };
    // JSON numbers are a part of what Rust reads; the nearest double is what was stored for the same digits.
    let value: f64 = digits
        .parse()
        .map_err(|_| Wrong::type_of(format!("a number such as 0.5 is wanted, not {}", described(literal))))?;
    if !value.is_finite() {
        let message = format!("a float is finite, at most about 1.8e308, unlike {}", described(literal));
        return Err(Wrong { code: "not_finite", message });
    }
    Ok(Bound::at(float_to_key(value)))
}

fn time(literal: &Literal) -> Result<Bound, Wrong> {
    let text = match literal {
        Literal::Text(text) => text.as_str(),
        Literal::Bool(_) | Literal::Number(_) => "",
    };
    if let Some(time) = Timestamp::parse(text) {
        return Ok(Bound::at(time.0));
    }
    let example = match Date::parse(text) {
        Some(date) => format!("{date}T00:00:00Z"),
        None => "2018-01-01T00:00:00Z".to_owned(),
    };
    Err(Wrong::type_of(format!("a time such as \"{example}\" is wanted, not {}", described(literal))))
}

/// The microseconds of an instant.
pub(super) fn instant(literal: &Literal) -> Result<i64, Wrong> {
    time(literal).map(|bound| bound.floor)
}

fn date(literal: &Literal) -> Result<Bound, Wrong> {
    let text = match literal {
        Literal::Text(text) => text.as_str(),
        Literal::Bool(_) | Literal::Number(_) => "",
    };
    if let Some(date) = Date::parse(text) {
        return Ok(Bound::at(i64::from(date.0)));
    }
    let example = match Timestamp::parse(text) {
        Some(_) => text.get(..10).unwrap_or("2018-01-01"),
        None => "2018-01-01",
    };
    Err(Wrong::type_of(format!("a day such as \"{example}\" is wanted, not {}", described(literal))))
}
