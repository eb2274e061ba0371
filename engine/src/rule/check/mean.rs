//! Comparisons of an average, a fraction, which lies on no scale, and of a sum, which may be beyond what one value can
//! be: bounds stay as they were written, in 128 bits.

use super::leaf::{Subject, Wrong, described};
use super::walk::Walk;
use crate::error::Problem;
use crate::id::FieldId;
use crate::rule::checked_event::{Asked, MeanRange};
use crate::rule::{LeafTest, Literal, Measure, Operand, Operator, Test};
use crate::schema::{FieldType, Number};

/// Digits that a bound may have beyond those of the property: then no product leaves 128 bits (`MeanRange::holds`).
const MORE_DIGITS_MAX: u8 = 6;

/// The greatest sum of 2^32 values, in units of its property.
const SUM_MAX: i128 = 1 << 95;

type Bound = Option<(i128, bool)>;

impl Walk<'_> {
    /// An average or a sum of numbers of type `kind`: the positive test, and whether its complement is asked.
    pub(super) fn mean(&mut self, test: &Test, kind: FieldType, measure: Measure) -> Option<(Asked, bool)> {
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
                let low = self.mean_bound("value/0", &ends[0], scale, measure);
                let high = self.mean_bound("value/1", &ends[1], scale, measure);
                let ((low, is_low_exact), (high, _)) = (low?, high?);
                if low > high {
                    let (low, high) = (described(&ends[0]), described(&ends[1]));
                    let message = format!("between wants the lower end first; swap {low} and {high}");
                    self.mistakes.push(Problem::new(self.pointer.at("value"), "reversed_range", message));
                    return None;
                }
                (Some((low, is_low_exact)), Some((high, true)))
            }
            (Some(Operand::One(literal)), operator) if operator != Operator::Between => {
                one_bound(operator, self.mean_bound("value", literal, scale, measure)?)
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

    fn mean_bound(&mut self, key: &str, literal: &Literal, scale: u8, measure: Measure) -> Option<(i128, bool)> {
        mean_bound(literal, scale, measure)
            .map_err(|wrong| self.mistakes.push(wrong.at(format!("{}/{key}", self.pointer.here()))))
            .ok()
    }
}

/// Of a bound that is not exact what is written lies between it and the next one.
fn one_bound(operator: Operator, (bound, is_exact): (i128, bool)) -> (Bound, Bound) {
    match operator {
        Operator::Less => (None, Some((bound, !is_exact))),
        Operator::LessOrEqual => (None, Some((bound, true))),
        Operator::Greater => (Some((bound, false)), None),
        Operator::GreaterOrEqual => (Some((bound, is_exact)), None),
        _ => (Some((bound, is_exact)), Some((bound, is_exact))),
    }
}

/// A bound in units of 10^-(`scale` + [`MORE_DIGITS_MAX`]), rounded down, and whether it is exact: that of a sum need not
/// be, because sums lie on the scale of their property.
fn mean_bound(literal: &Literal, scale: u8, measure: Measure) -> Result<(i128, bool), Wrong> {
    let is_sum = measure == Measure::Sum;
    let wrong = || Wrong::type_of(format!("a number such as 100 or 17.57 is wanted, not {}", described(literal)));
    let digits = match literal {
        Literal::Number(digits) => digits,
        Literal::Text(digits) if Literal::number(digits).is_some() => digits,
        _ => return Err(wrong()),
    };
    let most = if is_sum { SUM_MAX } else { i64::MAX.into() };
    let number = Number::parse(digits)
        .filter(|number| number.floor_units(scale).is_some_and(|(units, _)| (-most..=most).contains(&units)));
    let (units, exact) = number.and_then(|number| number.floor_units(scale + MORE_DIGITS_MAX)).ok_or_else(|| {
        Wrong::range(format!("{} is beyond what {} of this property can be", described(literal), measure.name()))
    })?;
    if !exact && !is_sum {
        let most = u32::from(scale + MORE_DIGITS_MAX);
        return Err(Wrong::range(format!(
            "an average is compared with at most {most} digits after the point here, not with {}",
            described(literal)
        )));
    }
    Ok((units, exact))
}
