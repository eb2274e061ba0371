//! A question about a field, checked and answered.

use super::bins::readable;
use super::{Bin, Bins, Distribution, Order, Question, most_frequent, most_frequent_keys};
use crate::block::Set;
use crate::column::Column;
use crate::error::{Error, Problem, Result};
use crate::id::FieldId;
use crate::index::Index;
use crate::limits::{BINS_MAX, PERCENTILES_MAX, TOP_MAX};
use crate::schema::{FieldType, Value};
use crate::table::View;

/// Keys that are asked about until a percentile is found, in most columns.
const PERCENTILE_KEYS: usize = 20;

impl View {
    /// How a field's values are spread among all profiles, or among some rows, which are rows of profiles.
    ///
    /// # Errors
    /// `Invalid` with every mistake: percentiles or bins of a field without order, too many of anything, bounds that do
    /// not ascend or are no values of the field.
    pub fn distribution(&self, id: FieldId, within: Option<&Set>, question: &Question) -> Result<Distribution> {
        let kind = self.schema.field(id).kind;
        let problems = question.problems(kind);
        if !problems.is_empty() {
            return Err(Error::Invalid(problems));
        }
        let data = self.field(id);
        let rows = within.unwrap_or(&self.live).len();
        let (Column::Scalar(column), Index::Ranks(ranks)) = (&data.column, &data.index) else {
            return Ok(Distribution {
                rows,
                present: within.map_or(data.present.len(), |rows| data.present.and_count(rows)),
                frequencies: question.top.map(|top| most_frequent(kind, data, within, top)),
                ..Distribution::default()
            });
        };
        let of_bins = match &question.bins {
            Some(Bins::AtMost(count)) => *count,
            Some(Bins::At(values)) => values.len(),
            None => 0,
        };
        let read = question.top.map_or(0, |_| Order::READ);
        let questions = of_bins + question.percentiles.len() * PERCENTILE_KEYS + read;
        let order = Order::new(column, ranks, within, questions);
        let present = order.count();
        let value = |key: i64| Value::from_key(kind, key);
        let ends = order.ends();
        Ok(Distribution {
            rows,
            present,
            min: ends.map(|(least, _)| value(least)),
            max: ends.map(|(_, greatest)| value(greatest)),
            percentiles: percentiles(&order, present, question, value),
            bins: question.bins.as_ref().map(|bins| histogram(&order, present, kind, bins)).unwrap_or_default(),
            frequencies: question.top.map(|top| most_frequent_keys(kind, &order, top)),
        })
    }
}

fn percentiles(
    order: &Order<'_>,
    present: u64,
    question: &Question,
    value: impl Fn(i64) -> Value,
) -> Vec<Option<Value>> {
    if present == 0 {
        return vec![None; question.percentiles.len()];
    }
    let places: Vec<u64> = question.percentiles.iter().map(|percentile| percentile.place(present)).collect();
    order.keys_at(&places).into_iter().map(|key| Some(value(key))).collect()
}

fn histogram(order: &Order<'_>, present: u64, kind: FieldType, bins: &Bins) -> Vec<Bin> {
    let bounds: Vec<Option<i64>> = match bins {
        Bins::AtMost(count) => match order.ends() {
            Some((least, greatest)) => readable(kind, least, greatest, *count),
            None => return Vec::new(),
        },
        Bins::At(values) => [None].into_iter().chain(values.iter().map(Value::to_key)).chain([None]).collect(),
    };
    let keys: Vec<i64> = bounds.iter().flatten().copied().collect();
    let mut below = order.counts_below(&keys);
    if bounds.first().is_some_and(Option::is_none) {
        below.insert(0, 0);
    }
    if bounds.last().is_some_and(Option::is_none) {
        below.push(present);
    }
    let value = |key: Option<i64>| key.map(|key| Value::from_key(kind, key));
    let ends = bounds.windows(2).zip(below.windows(2));
    ends.map(|(keys, below)| Bin { from: value(keys[0]), to: value(keys[1]), count: below[1] - below[0] }).collect()
}

impl Question {
    /// Everything that is wrong with the question when it is asked of a field of a type; pointers are `/percentiles`,
    /// `/bins`, `/bounds` and `/top`.
    pub fn problems(&self, kind: FieldType) -> Vec<Problem> {
        let mut problems = Vec::new();
        let mut too_many = |pointer: &str, what: &str, count: usize, least: usize, most: usize| {
            if !(least..=most).contains(&count) {
                let message = format!("there are {least} to {most} {what} in one answer, not {count}");
                problems.push(Problem::new(pointer, "out_of_range", message));
            }
        };
        too_many("/percentiles", "percentiles", self.percentiles.len(), 0, PERCENTILES_MAX);
        too_many("/top", "values", self.top.unwrap_or(0), 0, TOP_MAX);
        match &self.bins {
            None => {}
            Some(Bins::AtMost(count)) => too_many("/bins", "bins", *count, 1, BINS_MAX),
            Some(Bins::At(values)) => {
                too_many("/bounds", "bounds", values.len(), 1, BINS_MAX);
                problems.extend(bad_bound(kind, values));
            }
        }
        if !kind.is_scalar() {
            let asked = [
                ("/percentiles", !self.percentiles.is_empty()),
                ("/bins", matches!(self.bins, Some(Bins::AtMost(_)))),
                ("/bounds", matches!(self.bins, Some(Bins::At(_)))),
            ];
            for (pointer, _) in asked.into_iter().filter(|(_, is_asked)| *is_asked) {
                let message =
                    format!("{kind} has no order for this; ask for \"top\", or ask a field of numbers or times");
                problems.push(Problem::new(pointer, "not_ordered", message));
            }
        }
        problems
    }
}

/// The first bound that is none, or not above the one before it.
fn bad_bound(kind: FieldType, values: &[Value]) -> Option<Problem> {
    let mut before = None;
    for (index, value) in values.iter().enumerate() {
        let pointer = format!("/bounds/{index}");
        if value.kind() != kind && kind.is_scalar() {
            return Some(Problem::new(
                pointer,
                "wrong_type",
                format!("a bound of this field is a value of type {kind}"),
            ));
        }
        if before.is_some_and(|before| value.to_key() <= before) {
            let message = "bounds ascend, each greater than the one before it";
            return Some(Problem::new(pointer, "not_ascending", message));
        }
        before = Some(value.to_key());
    }
    None
}
