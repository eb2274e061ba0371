//! What people did, as a plain list, and tests of it read so plainly that they cannot be wrong.
//!
//! An event's properties are asked as if they were the fields of a profile, and a measure as if it were one more field:
//! so whatever a test of a field means, a test of events means the same. Windows and sequences are loops over the list.

use std::cmp::Ordering;
use std::collections::{BTreeMap, BTreeSet};

use muster_engine::rule::{
    EventTest, EventWindow, Follower, Group, Literal, Match, Measure, Operand, Operator, Rule, Test,
};
use muster_engine::schema::{FieldType, Schema, Value};
use muster_engine::time::Timestamp;

use crate::twin::{Customer, Segments, Twin, matches, no_segments};

/// One event.
#[derive(Debug, Clone)]
pub struct Happened {
    /// Unique.
    pub id: String,
    /// External id of who did it.
    pub profile: String,
    /// Its type.
    pub kind: String,
    /// When.
    pub at: Timestamp,
    /// Values by property; one that is not a key is missing.
    pub properties: BTreeMap<String, Value>,
}

/// Everything that happened.
#[derive(Debug, Clone)]
pub struct Life {
    /// Types of events.
    pub kinds: Vec<String>,
    /// Properties, as the fields of profiles.
    pub properties: Schema,
    /// Each once.
    pub events: Vec<Happened>,
    /// Days for which events are kept, by type; what is older counts no more.
    pub kept: BTreeMap<String, u32>,
}

const DAY_US: i128 = 86_400_000_000;

/// The ids of all profiles that satisfy `rule`.
pub fn select(rule: &Rule, twin: &Twin, life: &Life, now: Timestamp, segments: &Segments) -> BTreeSet<String> {
    let satisfies = |customer: &&Customer| {
        let own: Vec<&Happened> = life.events.iter().filter(|event| event.profile == customer.id).collect();
        matches(&answered(rule, &own, life, now), customer, &twin.schema, now, segments)
    };
    twin.profiles.iter().filter(satisfies).map(|customer| customer.id.clone()).collect()
}

/// The rule with each test of events in the place of which stands its answer.
fn answered(rule: &Rule, own: &[&Happened], life: &Life, now: Timestamp) -> Rule {
    match rule {
        Rule::Group(Group { join, rules }) => {
            let rules = rules.iter().map(|rule| answered(rule, own, life, now)).collect();
            Rule::Group(Group { join: *join, rules })
        }
        Rule::Event(test) => {
            let everybody = Rule::Test(Test { field: "id".into(), operator: Operator::Exists, value: None });
            if passes(test, own, life, now) {
                everybody
            } else {
                Rule::Group(Group { join: Match::None, rules: vec![everybody] })
            }
        }
        _ => rule.clone(),
    }
}

/// Whether a person with these events passes.
///
/// # Panics
/// When the test does not fit the life.
pub fn passes(test: &EventTest, own: &[&Happened], life: &Life, now: Timestamp) -> bool {
    let chosen: Vec<&Happened> = chosen(&test.event, &test.conditions, own, life, now)
        .into_iter()
        .filter(|event| test.window.as_ref().is_none_or(|window| is_inside(window, event.at, now)))
        .filter(|event| test.then.as_ref().is_none_or(|then| is_followed(event, then, own, life, now)))
        .filter(|event| !test.not_followed_by.as_ref().is_some_and(|other| is_followed(event, other, own, life, now)))
        .collect();
    let Some(operator) = test.operator else { return !chosen.is_empty() };
    if let Some(positive) = operator.positive() {
        let positive = EventTest { operator: Some(positive), ..test.clone() };
        return !passes(&positive, own, life, now);
    }
    let values: Vec<Value> = match &test.of {
        Some(property) => chosen.iter().filter_map(|event| event.properties.get(property).cloned()).collect(),
        None => Vec::new(),
    };
    let times = || chosen.iter().map(|event| event.at);
    let measured = match test.measure {
        Measure::Count => Some(Value::Int(chosen.len() as i64)),
        Measure::First => times().min().map(Value::Time),
        Measure::Last => times().max().map(Value::Time),
        Measure::Min => values.into_iter().reduce(|left, right| if is_less(&right, &left) { right } else { left }),
        Measure::Max => values.into_iter().reduce(|left, right| if is_less(&left, &right) { right } else { left }),
        Measure::Sum => Some(sum(&values, kind_of(test, life))),
        Measure::Average => return average(&values, kind_of(test, life), operator, test.value.as_ref()),
    };
    has(measured, operator, test.value.as_ref(), now)
}

fn kind_of(test: &EventTest, life: &Life) -> FieldType {
    life.properties.find(test.of.as_deref().expect("a property")).expect("a known one").kind
}

/// Events of a type up to `now` that satisfy all conditions.
fn chosen<'h>(kind: &str, conditions: &[Test], own: &[&'h Happened], life: &Life, now: Timestamp) -> Vec<&'h Happened> {
    let satisfies = |event: &Happened| {
        let as_profile = Customer { id: String::new(), values: event.properties.clone() };
        conditions
            .iter()
            .all(|test| matches(&Rule::Test(test.clone()), &as_profile, &life.properties, now, &no_segments))
    };
    let since = life.kept.get(kind).map_or(i128::MIN, |days| i128::from(now.0) - i128::from(*days) * DAY_US);
    let is_there = |event: &Happened| event.kind == kind && event.at <= now && i128::from(event.at.0) >= since;
    own.iter().copied().filter(|event| is_there(event) && satisfies(event)).collect()
}

fn is_inside(window: &EventWindow, at: Timestamp, now: Timestamp) -> bool {
    let (at, now) = (i128::from(at.0), i128::from(now.0));
    match window {
        EventWindow::WithinDays(days) => now - span(days) <= at && at <= now,
        EventWindow::BeforeDays(days) => at < now - span(days),
        EventWindow::Between([first, last]) => instant(first) <= at && at <= instant(last),
    }
}

fn is_followed(event: &Happened, by: &Follower, own: &[&Happened], life: &Life, now: Timestamp) -> bool {
    chosen(&by.event, &by.conditions, own, life, now).into_iter().any(|later| {
        let after = i128::from(later.at.0) - i128::from(event.at.0);
        after > 0 && by.within_days.as_ref().is_none_or(|days| after <= span(days))
    })
}

fn span(days: &Literal) -> i128 {
    match days {
        Literal::Number(days) => days.parse::<i128>().expect("whole days") * DAY_US,
        other => panic!("{other:?} are no days"),
    }
}

fn instant(literal: &Literal) -> i128 {
    match literal {
        Literal::Text(text) => i128::from(Timestamp::parse(text).expect("RFC 3339").0),
        other => panic!("{other:?} is no time"),
    }
}

/// Whether what was measured satisfies a positive test, as the value of a field would.
fn has(measured: Option<Value>, operator: Operator, value: Option<&Operand>, now: Timestamp) -> bool {
    let Some(measured) = measured else { return false };
    let mut schema = Schema::default();
    schema.add(&[("measured".to_owned(), measured.kind())]).expect("a good field");
    let customer = Customer { id: String::new(), values: BTreeMap::from([("measured".to_owned(), measured)]) };
    let test = Test { field: "measured".into(), operator, value: value.cloned() };
    matches(&Rule::Test(test), &customer, &schema, now, &no_segments)
}

fn is_less(left: &Value, right: &Value) -> bool {
    match (left, right) {
        (Value::Int(left), Value::Int(right)) | (Value::Decimal(left, _), Value::Decimal(right, _)) => left < right,
        (Value::Float(left), Value::Float(right)) => left < right,
        _ => panic!("{left:?} and {right:?} are no numbers"),
    }
}

fn units(value: &Value) -> i128 {
    match value {
        Value::Int(units) | Value::Decimal(units, _) => i128::from(*units),
        other => panic!("{other:?} is not exact"),
    }
}

fn sum(values: &[Value], kind: FieldType) -> Value {
    let exact = || i64::try_from(values.iter().map(units).sum::<i128>()).expect("a sum of 64 bits");
    match kind {
        FieldType::Int => Value::Int(exact()),
        FieldType::Decimal(scale) => Value::Decimal(exact(), scale),
        FieldType::Float => Value::Float(values.iter().map(float).sum::<f64>() + 0.0),
        other => panic!("no sum of {other}"),
    }
}

fn float(value: &Value) -> f64 {
    match value {
        Value::Float(value) => *value,
        other => panic!("{other:?} is no float"),
    }
}

/// Fractions are compared by multiplying out.
fn average(values: &[Value], kind: FieldType, operator: Operator, value: Option<&Operand>) -> bool {
    if values.is_empty() {
        return false;
    }
    let scale = match kind {
        FieldType::Float => {
            let mean = values.iter().map(float).sum::<f64>() / values.len() as f64;
            return has(Some(Value::Float(mean + 0.0)), operator, value, Timestamp(0));
        }
        FieldType::Decimal(scale) => u32::from(scale),
        _ => 0,
    };
    let total: i128 = values.iter().map(units).sum();
    // sum / (count x 10^scale) beside mantissa / 10^places
    let beside = |literal: &Literal| {
        let (Literal::Number(digits) | Literal::Text(digits)) = literal else { panic!("{literal:?} is no number") };
        let (whole, fraction) = digits.split_once('.').unwrap_or((digits, ""));
        let mantissa: i128 = format!("{whole}{fraction}").parse().expect("plain digits");
        let places = 10i128.pow(fraction.len() as u32);
        (total * places).cmp(&(mantissa * values.len() as i128 * 10i128.pow(scale)))
    };
    match (operator, value) {
        (Operator::Between, Some(Operand::Many(ends))) => {
            beside(&ends[0]) != Ordering::Less && beside(&ends[1]) != Ordering::Greater
        }
        (Operator::Exists, None) => true,
        (operator, Some(Operand::One(literal))) => match operator {
            Operator::Equal => beside(literal) == Ordering::Equal,
            Operator::Less => beside(literal) == Ordering::Less,
            Operator::LessOrEqual => beside(literal) != Ordering::Greater,
            Operator::Greater => beside(literal) == Ordering::Greater,
            Operator::GreaterOrEqual => beside(literal) != Ordering::Less,
            other => panic!("an average has no {other:?}"),
        },
        other => panic!("no test of an average: {other:?}"),
    }
}
