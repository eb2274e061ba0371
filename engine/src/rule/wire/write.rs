//! A rule tree as JSON, in the one form of `ARCHITECTURE.md`.

use std::str::FromStr;

use serde_json::{Map, Number, Value};

use crate::id::SegmentId;
use crate::rule::{EventTest, EventWindow, Follower, Literal, Match, Measure, Operand, Rule, SegmentRef, Test};

/// The rule as JSON. A segment that is referred to by id prints as the name it has now, or as its number if
/// `segment_name` knows none.
pub fn to_json(rule: &Rule, segment_name: &dyn Fn(SegmentId) -> Option<String>) -> Value {
    let mut object = Map::new();
    match rule {
        Rule::Group(group) => {
            let join = match group.join {
                Match::All => "all",
                Match::Any => "any",
                Match::None => "none",
            };
            object.insert("match".into(), join.into());
            let rules = group.rules.iter().map(|rule| to_json(rule, segment_name)).collect();
            object.insert("rules".into(), Value::Array(rules));
        }
        Rule::Test(test) => write_test(test, &mut object),
        Rule::Event(test) => write_event(test, &mut object),
        Rule::Segment(test) => {
            let segment = match &test.segment {
                SegmentRef::Name(name) => name.as_str().into(),
                SegmentRef::Id(id) => segment_name(*id).map_or_else(|| id.0.into(), Value::from),
            };
            object.insert("segment".into(), segment);
            object.insert("operator".into(), if test.negated { "not_in" } else { "in" }.into());
        }
    }
    Value::Object(object)
}

fn write_test(test: &Test, object: &mut Map<String, Value>) {
    object.insert("field".into(), test.field.as_str().into());
    object.insert("operator".into(), test.operator.name().into());
    if let Some(value) = &test.value {
        object.insert("value".into(), operand(value));
    }
}

fn write_event(test: &EventTest, object: &mut Map<String, Value>) {
    object.insert("event".into(), test.event.as_str().into());
    write_conditions(&test.conditions, object);
    if test.measure != Measure::Count {
        object.insert("measure".into(), test.measure.name().into());
    }
    if let Some(of) = &test.of {
        object.insert("of".into(), of.as_str().into());
    }
    if let Some(operator) = test.operator {
        object.insert("operator".into(), operator.name().into());
    }
    if let Some(value) = &test.value {
        object.insert("value".into(), operand(value));
    }
    match &test.window {
        None => None,
        Some(EventWindow::WithinDays(days)) => object.insert("within_days".into(), literal(days)),
        Some(EventWindow::BeforeDays(days)) => object.insert("before_days".into(), literal(days)),
        Some(EventWindow::Between(ends)) => object.insert("between".into(), ends.iter().map(literal).collect()),
    };
    for (key, follower) in [("then", &test.then), ("not_followed_by", &test.not_followed_by)] {
        if let Some(follower) = follower {
            object.insert(key.into(), Value::Object(write_follower(follower)));
        }
    }
}

fn write_follower(follower: &Follower) -> Map<String, Value> {
    let mut object = Map::new();
    object.insert("event".into(), follower.event.as_str().into());
    write_conditions(&follower.conditions, &mut object);
    if let Some(days) = &follower.within_days {
        object.insert("within_days".into(), literal(days));
    }
    object
}

fn write_conditions(conditions: &[Test], object: &mut Map<String, Value>) {
    let written = |test: &Test| {
        let mut object = Map::new();
        write_test(test, &mut object);
        Value::Object(object)
    };
    if !conditions.is_empty() {
        object.insert("where".into(), conditions.iter().map(written).collect());
    }
}

fn operand(value: &Operand) -> Value {
    match value {
        Operand::One(value) => literal(value),
        Operand::Many(values) => Value::Array(values.iter().map(literal).collect()),
    }
}

fn literal(value: &Literal) -> Value {
    match value {
        Literal::Bool(value) => Value::Bool(*value),
        // Both doors let only JSON numbers in; a tree made by hand with another text keeps it as text.
        Literal::Number(digits) => Number::from_str(digits).map_or_else(|_| digits.as_str().into(), Value::Number),
        Literal::Text(text) => text.as_str().into(),
    }
}
