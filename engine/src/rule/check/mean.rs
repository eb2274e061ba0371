//! Comparisons of an average: a fraction, which lies on no scale, so that its bounds stay as they were written.

use super::leaf::{Subject, Wrong, described};
use super::walk::Walk;
use crate::error::Problem;
use crate::id::FieldId;
use crate::rule::checked_event::{Asked, MeanRange};
use crate::rule::{LeafTest, Literal, Operand, Operator, Test};
use crate::schema::{FieldType, Number};

/// Digits that a bound may have beyond those of the property: then no product leaves 128 bits (`MeanRange::holds`).
const MORE_DIGITS_MAX: u8 = 6;

type Bound = Option<(i128, bool)>;

impl Walk<'_> {
    /// An average of numbers of type `kind`: the positive test, and whether its complement is asked.
    pub(super) fn mean(&mut self, test: &Test, kind: FieldType) -> Option<(Asked, bool)> {
        let positive = test.operator.positive().unwrap_or(test.operator);
        let negated = positive != test.operator;
        if !test.operator.applies_to(FieldType::Decimal(0)) || !test.operator.takes_value() || test.value.is_none() {
            // What is said about a field that is not whole is said about an average.
            let as_field = Test { operator: test.operator, ..test.clone() };
            let subject = Subject::Field(FieldId(0), FieldType::Decimal(1));
            let field = FieldId(0);
            return self
                .leaf(&test.field, subject, &as_field)
                .map(|_| (Asked::Key(LeafTest::Exists { field }), negated));
        }
        let scale = match kind {
            FieldType::Decimal(scale) => scale,
            _ => 0,
        };
        let (low, high) = match (&test.value, positive) {
            (Some(Operand::Many(ends)), Operator::Between) if ends.len() == 2 => {
                let low = self.mean_bound("value/0", &ends[0], scale);
                let high = self.mean_bound("value/1", &ends[1], scale);
                let (low, high) = (low?, high?);
                if low > high {
                    let (low, high) = (described(&ends[0]), described(&ends[1]));
                    let message = format!("between wants the lower end first; swap {low} and {high}");
                    self.mistakes.push(Problem::new(self.pointer.at("value"), "reversed_range", message));
                    return None;
                }
                (Some((low, true)), Some((high, true)))
            }
            (Some(Operand::One(literal)), operator) if operator != Operator::Between => {
                one_bound(operator, self.mean_bound("value", literal, scale)?)
            }
            _ => {
                let message = if positive == Operator::Between {
                    "between needs two values, the lower and the upper end".to_owned()
                } else {
                    format!("{} takes one value, not a list", test.operator.name())
                };
                self.mistakes.push(Problem::new(self.pointer.at("value"), "wrong_type", message));
                return None;
            }
        };
        Some((Asked::Mean(MeanRange { low, high, units: 10i128.pow(u32::from(MORE_DIGITS_MAX)) }), negated))
    }

    fn mean_bound(&mut self, key: &str, literal: &Literal, scale: u8) -> Option<i128> {
        mean_bound(literal, scale)
            .map_err(|wrong| self.mistakes.push(wrong.at(format!("{}/{key}", self.pointer.here()))))
            .ok()
    }
}

fn one_bound(operator: Operator, bound: i128) -> (Bound, Bound) {
    match operator {
        Operator::Less => (None, Some((bound, false))),
        Operator::LessOrEqual => (None, Some((bound, true))),
        Operator::Greater => (Some((bound, false)), None),
        Operator::GreaterOrEqual => (Some((bound, true)), None),
        _ => (Some((bound, true)), Some((bound, true))),
    }
}

/// A bound in units of 10^-(`scale` + [`MORE_DIGITS_MAX`]).
fn mean_bound(literal: &Literal, scale: u8) -> Result<i128, Wrong> {
    let wrong = || Wrong::type_of(format!("a number such as 100 or 17.57 is wanted, not {}", described(literal)));
    let digits = match literal {
        Literal::Number(digits) => digits,
        Literal::Text(digits) if Literal::number(digits).is_some() => digits,
        _ => return Err(wrong()),
    };
    let number = Number::parse(digits)
        .filter(|number| number.floor_units(scale).is_some_and(|(units, _)| i64::try_from(units).is_ok()));
    let (units, exact) = number.and_then(|number| number.floor_units(scale + MORE_DIGITS_MAX)).ok_or_else(|| {
        Wrong::range(format!("{} is beyond what an average of this property can be", described(literal)))
    })?;
    if !exact {
        let most = u32::from(scale + MORE_DIGITS_MAX);
        return Err(Wrong::range(format!(
            "an average is compared with at most {most} digits after the point here, not with {}",
            described(literal)
        )));
    }
    Ok(units)
}
