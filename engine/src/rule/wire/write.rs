//! A rule tree as JSON, in the one form of `ARCHITECTURE.md`.

use std::str::FromStr;

use serde_json::{Map, Number, Value};

use crate::id::SegmentId;
use crate::rule::{Literal, Match, Operand, Rule, SegmentRef};

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
        Rule::Test(test) => {
            object.insert("field".into(), test.field.as_str().into());
            object.insert("operator".into(), test.operator.name().into());
            if let Some(value) = &test.value {
                object.insert("value".into(), operand(value));
            }
        }
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
