//! What a field can say about a person: tests that each value passes one of, or the members of a set.

use super::train::Skipped;
use crate::block::Set;
use crate::column::Column;
use crate::error::Result;
use crate::index::Index;
use crate::limits::LOOKALIKE_VALUES_MAX;
use crate::rule::{Literal, Operand, Operator, Test};
use crate::schema::{Field, FieldType, Value};
use crate::table::{Question, View};
use crate::time::DAY_US;

/// Ranges that an ordered field is cut into, each with about as many people.
const BINS: u64 = 10;

/// Different values up to which an ordered field is not cut: each value is one.
const VALUES_AS_BINS_MAX: usize = 12;

/// The tests of one field.
#[derive(Debug)]
pub(super) struct Features {
    pub(super) tests: Vec<Test>,
    /// Whether each person with a value passes at most one.
    pub(super) exclusive: bool,
}

/// The tests of a field, or why it is left out.
///
/// # Errors
/// Only those of a field that has no such distribution, which does not occur.
pub(super) fn features(field: &Field, view: &View, source: &Set) -> Result<std::result::Result<Features, Skipped>> {
    let skip = |code, why: String| Ok(Err(Skipped { field: field.name.to_string(), code, why }));
    let data = view.field(field.id);
    let present = data.present.len();
    if present == 0 {
        return skip("no_values", "nobody has a value".into());
    }
    let name = field.name.to_string();
    let missing = Test { field: name.clone(), operator: Operator::NotExists, value: None };
    let mut tests = match (&data.column, field.kind) {
        (Column::Scalar(_), _) => match ranges(field, view, present) {
            Some(tests) => tests,
            None => return skip("running_number", "every person has their own number, without gaps: an id".into()),
        },
        (Column::Flag, _) => {
            let truths = if let Index::Flag(truths) = &data.index { truths.len() } else { 0 };
            let had = [(false, present > truths), (true, truths > 0)].into_iter().filter(|(_, is_had)| *is_had);
            had.map(|(flag, _)| test(&name, Operator::Is, vec![Value::Bool(flag)])).collect()
        }
        _ => {
            let top = Question { top: Some(LOOKALIKE_VALUES_MAX), ..Question::default() };
            let everybody = view.distribution(field.id, None, &top)?.frequencies.unwrap_or_default();
            let is_scanned = matches!(data.index, Index::Scan);
            if is_scanned || (everybody.distinct > LOOKALIKE_VALUES_MAX as u64 && 2 * everybody.distinct > present) {
                let why = format!(
                    "{} different values: too many for any of them to tell about a group, and perhaps personal",
                    everybody.distinct
                );
                return skip("nearly_unique", why);
            }
            let within = view.distribution(field.id, Some(source), &top)?.frequencies.unwrap_or_default();
            let mut values: Vec<Value> = everybody.top.into_iter().map(|(value, _)| value).collect();
            for (value, _) in within.top {
                if !values.contains(&value) {
                    values.push(value);
                }
            }
            let operator = if field.kind.is_set() { Operator::Includes } else { Operator::Is };
            values.into_iter().map(|value| test(&name, operator, vec![value])).collect()
        }
    };
    if present < view.live().len() {
        tests.push(missing);
    }
    if tests.len() < 2 && !field.kind.is_set() {
        return skip("one_value", "everybody has the same value".into());
    }
    Ok(Ok(Features { tests, exclusive: !field.kind.is_set() }))
}

/// An ordered field in ranges of about equal numbers of people, open at both ends; none of a running number.
fn ranges(field: &Field, view: &View, present: u64) -> Option<Vec<Test>> {
    let name = &field.name;
    let keyed = view.keyed(field.id, None, 200)?;
    let ends = keyed.at(&[0, present - 1]);
    let (least, greatest) = (ends[0], ends[1]);
    if field.kind == FieldType::Int && is_running_number(field, view, present, greatest.abs_diff(least)) {
        return None;
    }
    let few = few_keys(field, view);
    if let Some(values) = few {
        return Some(values.into_iter().map(|value| test(name, Operator::Equal, vec![value])).collect());
    }
    let places: Vec<u64> =
        (1..BINS).map(|bin| (u128::from(present) * u128::from(bin) / u128::from(BINS)) as u64).collect();
    let mut bounds: Vec<i64> = keyed.at(&places).into_iter().map(|key| readable(field.kind, key)).collect();
    bounds.dedup();
    bounds.retain(|bound| least < *bound && *bound <= greatest);
    let value = |key: i64| Value::from_key(field.kind, key);
    let (Some(first), Some(last)) = (bounds.first(), bounds.last()) else {
        return Some(vec![test(name, Operator::Exists, Vec::new())]);
    };
    let mut tests = vec![test(name, Operator::Less, vec![value(*first)])];
    tests.extend(
        bounds
            .windows(2)
            .map(|pair| test(name, Operator::Between, vec![value(pair[0]), value(below(field.kind, pair[1]))])),
    );
    tests.push(test(name, Operator::GreaterOrEqual, vec![value(*last)]));
    Some(tests)
}

/// The key before another; the negative zero is zero and has none of its own.
fn below(kind: FieldType, key: i64) -> i64 {
    if kind == FieldType::Float && key == 0 { -2 } else { key - 1 }
}

/// A bound near a key that reads well: an instant at midnight.
fn readable(kind: FieldType, key: i64) -> i64 {
    if kind == FieldType::Time { key.div_euclid(DAY_US).checked_mul(DAY_US).unwrap_or(key) } else { key }
}

/// The values of a field that has few.
fn few_keys(field: &Field, view: &View) -> Option<Vec<Value>> {
    if matches!(field.kind, FieldType::Float | FieldType::Time) {
        return None;
    }
    let question = Question { top: Some(VALUES_AS_BINS_MAX), ..Question::default() };
    let found = view.distribution(field.id, None, &question).ok()?.frequencies?;
    if found.distinct > VALUES_AS_BINS_MAX as u64 {
        return None;
    }
    let mut values: Vec<Value> = found.top.into_iter().map(|(value, _)| value).collect();
    values.sort_by_key(Value::to_key);
    Some(values)
}

/// Whether whole numbers are all different and lie close together, as customer numbers do.
fn is_running_number(field: &Field, view: &View, present: u64, span: u64) -> bool {
    if present < 2 || span >= present.saturating_mul(2) {
        return false;
    }
    let question = Question { top: Some(1), ..Question::default() };
    let found = view.distribution(field.id, None, &question).ok().and_then(|found| found.frequencies);
    found.is_some_and(|found| found.distinct == present)
}

fn test(field: &str, operator: Operator, values: Vec<Value>) -> Test {
    let mut values: Vec<Literal> = values.into_iter().map(literal).collect();
    let value = match (operator, values.len()) {
        (_, 0) => None,
        (Operator::Between | Operator::Includes, _) => Some(Operand::Many(values)),
        _ => values.pop().map(Operand::One),
    };
    Test { field: field.to_owned(), operator, value }
}

fn literal(value: Value) -> Literal {
    match value {
        Value::Bool(flag) => Literal::Bool(flag),
        Value::Keyword(word) => Literal::Text(word),
        Value::Time(_) | Value::Date(_) => Literal::Text(value.to_string()),
        value => Literal::Number(value.to_string()),
    }
}
