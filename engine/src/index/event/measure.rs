//! What is made of a row's events, and whether it is what was asked for.

use std::ops::Range;

use super::wanted::Wanted;
use crate::event::{Chunk, EventSchema, PropertyColumn};
use crate::id::PropertyId;
use crate::rule::CheckedMeasure;
use crate::schema::{FieldType, Value, float_from_key, float_to_key};

/// A measure and what it is compared with.
#[derive(Debug)]
pub(super) struct Measure {
    kind: CheckedMeasure,
    property: PropertyId,
    is_float: bool,
    wanted: Wanted,
}

/// A measure of the events that were seen so far.
#[derive(Debug, Default, Clone, Copy)]
pub(super) struct Sum {
    /// Events, or of a property its values.
    pub(super) count: i64,
    total: i128,
    total_float: f64,
    /// A least or greatest key, or a time.
    key: i64,
}

impl Measure {
    pub(super) fn new(kind: CheckedMeasure, wanted: Wanted, schema: &EventSchema) -> Self {
        let property = PropertyId(kind.property().map_or(0, |field| field.0));
        let is_float = kind.property().is_some() && schema.property(property).kind == FieldType::Float;
        Self { kind, property, is_float, wanted }
    }

    /// The property that is measured.
    pub(super) fn property(&self) -> Option<PropertyId> {
        self.kind.property().map(|_| self.property)
    }

    /// Least and greatest count, when nothing but the number of events is asked.
    pub(super) fn counts(&self) -> Option<(i64, i64)> {
        match (self.kind, &self.wanted) {
            (CheckedMeasure::Count, Wanted::Range(lo, hi)) => Some((*lo, *hi)),
            _ => None,
        }
    }

    /// Takes in the event at a place; from the newest on.
    #[inline]
    pub(super) fn add(&self, sum: &mut Sum, chunk: &Chunk, place: usize, value: Option<i64>) {
        match self.kind {
            CheckedMeasure::Count => sum.count += 1,
            CheckedMeasure::Last if sum.count > 0 => {}
            CheckedMeasure::First | CheckedMeasure::Last => (sum.count, sum.key) = (1, chunk.time(place)),
            CheckedMeasure::Sum(_) | CheckedMeasure::Average(_) => {
                let Some(value) = value else { return };
                sum.count += 1;
                if self.is_float {
                    sum.total_float += float_from_key(value);
                } else {
                    sum.total += i128::from(value);
                }
            }
            CheckedMeasure::Min(_) | CheckedMeasure::Max(_) => {
                let Some(value) = value else { return };
                let is_first = sum.count == 0;
                let is_better =
                    if matches!(self.kind, CheckedMeasure::Min(_)) { value < sum.key } else { value > sum.key };
                if is_first || is_better {
                    sum.key = value;
                }
                sum.count += 1;
            }
        }
    }

    /// The measure of all events at some places of a chunk, the newest first; `column` has the property's values.
    pub(super) fn of_places(&self, chunk: &Chunk, column: Option<&PropertyColumn>, places: Range<usize>) -> Sum {
        let none = Sum::default();
        match (self.kind, column) {
            (CheckedMeasure::Count, _) => Sum { count: places.len() as i64, ..none },
            (CheckedMeasure::Sum(_) | CheckedMeasure::Average(_), Some(column)) if !self.is_float => {
                let (total, count) = column.total(places);
                Sum { count, total, ..none }
            }
            (CheckedMeasure::Min(_) | CheckedMeasure::Max(_), Some(column)) => {
                let is_greatest = matches!(self.kind, CheckedMeasure::Max(_));
                column.extreme(places, is_greatest).map_or(none, |(key, count)| Sum { count, key, ..none })
            }
            _ => {
                let mut sum = none;
                places.for_each(|place| self.add(&mut sum, chunk, place, column.and_then(|column| column.get(place))));
                sum
            }
        }
    }

    /// Whether no further event can make a difference.
    #[inline]
    pub(super) fn is_settled(&self, sum: &Sum) -> bool {
        match (self.kind, &self.wanted) {
            (CheckedMeasure::Count, Wanted::Range(lo, i64::MAX)) => sum.count >= *lo,
            (CheckedMeasure::Count, Wanted::Range(_, hi)) => sum.count > *hi,
            (CheckedMeasure::Last, _) => sum.count > 0,
            _ => false,
        }
    }

    /// Whether the measure is what was asked for.
    pub(super) fn holds(&self, sum: &Sum) -> bool {
        match self.value(sum) {
            Some(Measured::Key(key)) => self.wanted.holds(key),
            Some(Measured::Mean(total, count)) => {
                matches!(&self.wanted, Wanted::Any)
                    || matches!(&self.wanted, Wanted::Mean(range) if range.holds(total, count))
            }
            None => false,
        }
    }

    /// The measure itself; none when there is nothing to be measured.
    pub(super) fn value(&self, sum: &Sum) -> Option<Measured> {
        let float = |value: f64| if value.is_nan() { 0.0 } else { value.clamp(f64::MIN, f64::MAX) };
        match self.kind {
            CheckedMeasure::Count => Some(Measured::Key(sum.count)),
            CheckedMeasure::Sum(_) if self.is_float => Some(Measured::Key(float_to_key(float(sum.total_float)))),
            CheckedMeasure::Sum(_) => Some(Measured::Mean(sum.total, 1)),
            _ if sum.count == 0 => None,
            CheckedMeasure::Average(_) if self.is_float => {
                Some(Measured::Key(float_to_key(float(sum.total_float / sum.count as f64))))
            }
            CheckedMeasure::Average(_) => Some(Measured::Mean(sum.total, sum.count)),
            _ => Some(Measured::Key(sum.key)),
        }
    }
}

impl Measure {
    /// The measure as somebody reads it; an average is cut off, and a sum beyond 64 bits is shown as the greatest or
    /// least of them.
    pub(super) fn shown(&self, sum: &Sum, schema: &EventSchema) -> Option<Value> {
        let kind = match self.kind {
            CheckedMeasure::Count => FieldType::Int,
            CheckedMeasure::First | CheckedMeasure::Last => FieldType::Time,
            _ => schema.property(self.property).kind,
        };
        Some(match (self.value(sum)?, kind) {
            (Measured::Mean(total, _), kind) if matches!(self.kind, CheckedMeasure::Sum(_)) => {
                Value::from_key(kind, clamped(total))
            }
            (Measured::Key(key), kind) => Value::from_key(kind, key),
            (Measured::Mean(total, count), kind) => {
                let scale = if let FieldType::Decimal(scale) = kind { scale } else { 0 };
                Value::Decimal(clamped((total * 100).div_euclid(i128::from(count))), scale + 2)
            }
        })
    }
}

/// What was measured.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Measured {
    /// A number of events, a key of the property, or a time.
    Key(i64),
    /// A sum of keys and how many they were.
    Mean(i128, i64),
}

fn clamped(total: i128) -> i64 {
    i64::try_from(total).unwrap_or(if total < 0 { i64::MIN } else { i64::MAX })
}
