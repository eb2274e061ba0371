//! A JSON value of a request as the value of a field.

use std::collections::BTreeSet;

use muster_engine::limits::{SET_MEMBERS_MAX, VALUE_BYTES_MAX};
use muster_engine::schema::{FieldType, Number, Value, normalize};
use muster_engine::time::{Date, Timestamp};
use serde_json::Value as Json;

/// The value of a field of type `kind`; `null` is none. `Err` says what would be right.
pub(crate) fn field_value(kind: FieldType, json: &Json) -> Result<Option<Value>, String> {
    if json.is_null() {
        return Ok(None);
    }
    let value = match (kind, json) {
        (FieldType::Bool, Json::Bool(value)) => Some(Value::Bool(*value)),
        (FieldType::Int, Json::Number(number)) => units(&number.to_string(), 0).map(Value::Int),
        (FieldType::Decimal(scale), Json::Number(number)) => {
            units(&number.to_string(), scale).map(|units| Value::Decimal(units, scale))
        }
        (FieldType::Decimal(scale), Json::String(text)) => units(text, scale).map(|units| Value::Decimal(units, scale)),
        (FieldType::Float, Json::Number(number)) => {
            number.to_string().parse().ok().filter(|value: &f64| value.is_finite()).map(Value::Float)
        }
        (FieldType::Keyword, Json::String(text)) => Some(Value::Keyword(keyword(text)?)),
        (FieldType::KeywordSet, Json::Array(members)) => Some(Value::KeywordSet(keywords(members)?)),
        (FieldType::IntSet, Json::Array(members)) => Some(Value::IntSet(ints(members)?)),
        (FieldType::Time, Json::String(text)) => Timestamp::parse(text).map(Value::Time),
        (FieldType::Date, Json::String(text)) => Date::parse(text).map(Value::Date),
        _ => None,
    };
    value.map(Some).ok_or_else(|| format!("takes {}", wanted(kind)))
}

fn wanted(kind: FieldType) -> String {
    match kind {
        FieldType::Bool => "true or false".into(),
        FieldType::Int => "a whole number that fits 64 bits".into(),
        FieldType::Decimal(scale) => format!("a number with at most {scale} digits after the point"),
        FieldType::Float => "a finite number".into(),
        FieldType::Keyword => "a string".into(),
        FieldType::KeywordSet => "an array of strings".into(),
        FieldType::IntSet => "an array of whole numbers that fit 64 bits".into(),
        FieldType::Time => "a time such as \"2018-01-01T00:00:00Z\"".into(),
        FieldType::Date => "a day such as \"2018-01-01\"".into(),
    }
}

fn units(text: &str, scale: u8) -> Option<i64> {
    Number::parse(text)?.units(scale)
}

fn keyword(text: &str) -> Result<String, String> {
    if text.len() > VALUE_BYTES_MAX {
        return Err(format!("holds at most {VALUE_BYTES_MAX} bytes"));
    }
    Ok(normalize(text).into_owned())
}

fn keywords(members: &[Json]) -> Result<Vec<String>, String> {
    let text = |member: &Json| {
        member.as_str().map_or_else(|| Err(format!("takes {}", wanted(FieldType::KeywordSet))), keyword)
    };
    let set: BTreeSet<String> = members.iter().map(text).collect::<Result<_, _>>()?;
    bounded(set)
}

fn ints(members: &[Json]) -> Result<Vec<i64>, String> {
    let int = |member: &Json| {
        let number = member.as_number().and_then(|number| units(&number.to_string(), 0));
        number.ok_or_else(|| format!("takes {}", wanted(FieldType::IntSet)))
    };
    bounded(members.iter().map(int).collect::<Result<BTreeSet<i64>, _>>()?)
}

fn bounded<T>(set: BTreeSet<T>) -> Result<Vec<T>, String> {
    if set.len() > SET_MEMBERS_MAX {
        Err(format!("holds at most {SET_MEMBERS_MAX} members"))
    } else {
        Ok(set.into_iter().collect())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn values_take_the_type_of_their_field_or_nothing() {
        for (kind, json, value) in [
            (FieldType::Decimal(2), json!("17.5"), Some(Value::Decimal(1750, 2))),
            (FieldType::Decimal(2), json!(17.57), Some(Value::Decimal(1757, 2))),
            (FieldType::Decimal(2), json!(17.575), None),
            (FieldType::Int, json!(2.0), Some(Value::Int(2))),
            (FieldType::Int, json!(2.5), None),
            (FieldType::Int, json!("2"), None),
            (FieldType::Keyword, json!(5), None),
            (FieldType::KeywordSet, json!(["b", "a", "b"]), Some(Value::KeywordSet(vec!["a".into(), "b".into()]))),
            (FieldType::KeywordSet, json!([]), Some(Value::KeywordSet(vec![]))),
            (FieldType::IntSet, json!([1, "2"]), None),
            (FieldType::Time, json!("2018-01-01"), None),
            (FieldType::Date, json!("2018-01-01"), Some(Value::Date(Date(17_532)))),
            (FieldType::Bool, json!(1), None),
        ] {
            assert_eq!(field_value(kind, &json).ok().flatten(), value, "{kind} {json}");
        }
        assert_eq!(field_value(FieldType::Int, &Json::Null), Ok(None));
    }
}
