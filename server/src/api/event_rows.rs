//! Events as JSON objects become a batch; what does not fit is kept back, event by event, with every reason.

use std::collections::BTreeMap;
use std::sync::Arc;

use arrow::array::builder::{BooleanBuilder, Float64Builder, Int64Builder, ListBuilder, StringBuilder};
use arrow::array::{ArrayRef, Int64Array, StringArray};
use arrow::buffer::BooleanBuffer;
use muster_engine::error::{Problem, pointer_to};
use muster_engine::event::{EventBatch, EventSchema, PropertyValues};
use muster_engine::limits::{INFERRED_SCALE_MAX, VALUE_BYTES_MAX};
use muster_engine::rule::nearest;
use muster_engine::schema::{FieldType, Number, Value, normalize};
use muster_engine::time::{Date, Timestamp};
use serde_json::{Map, Value as Json};

use super::field_value::field_value;
use crate::source::RejectedRow;

/// Keys of an event.
const KEYS: [&str; 6] = ["event_id", "profile_id", "type", "time", "amount", "properties"];

/// An event that fits.
#[derive(Debug)]
struct EventRow {
    id: String,
    profile: String,
    has_number: bool,
    kind: String,
    time: Timestamp,
    values: BTreeMap<String, Value>,
}

/// Events that fit as a batch, of each its number among all, and those that do not.
#[derive(Debug)]
pub(crate) struct EventRows {
    pub(crate) batch: EventBatch,
    /// From 1.
    pub(crate) numbers: Vec<u64>,
    pub(crate) rejected: Vec<RejectedRow>,
}

/// Reads events; each property takes the type that the schema says, or the one that holds all its values here.
pub(crate) fn read_events(events: Vec<Json>, schema: &EventSchema) -> EventRows {
    let kinds = kinds(&events, schema);
    let (mut rows, mut numbers, mut rejected) = (Vec::new(), Vec::new(), Vec::new());
    for (number, event) in (1..).zip(events) {
        match read_event(event, &kinds) {
            Ok(row) => {
                rows.push(row);
                numbers.push(number);
            }
            Err(errors) => rejected.push(RejectedRow { row: number, errors }),
        }
    }
    EventRows { batch: batch(&rows, &kinds), numbers, rejected }
}

/// The type of each property that events name with a value.
fn kinds(events: &[Json], schema: &EventSchema) -> BTreeMap<String, FieldType> {
    let mut kinds = BTreeMap::from([(EventSchema::AMOUNT.to_owned(), FieldType::Decimal(2))]);
    let said = events.iter().filter_map(|event| event.get("properties")?.as_object());
    for (name, json) in said.flatten().filter(|(_, json)| !json.is_null()) {
        let name = normalize(name).into_owned();
        if let Some(known) = schema.find_property(&name) {
            kinds.insert(name, known.kind);
            continue;
        }
        let Some(kind) = inferred(json) else { continue };
        kinds.entry(name).and_modify(|known| *known = wider(*known, kind)).or_insert(kind);
    }
    kinds
}

/// The narrowest type of a value.
fn inferred(json: &Json) -> Option<FieldType> {
    Some(match json {
        Json::Bool(_) => FieldType::Bool,
        Json::Number(number) => match Number::parse(&number.to_string()).map(Number::scale) {
            Some(0) => FieldType::Int,
            Some(scale) if scale <= INFERRED_SCALE_MAX.into() => FieldType::Decimal(scale as u8),
            _ => FieldType::Float,
        },
        Json::String(text) if Timestamp::parse(text).is_some() => FieldType::Time,
        Json::String(text) if Date::parse(text).is_some() => FieldType::Date,
        Json::String(_) => FieldType::Keyword,
        Json::Array(members) if members.iter().all(Json::is_number) && !members.is_empty() => FieldType::IntSet,
        Json::Array(_) => FieldType::KeywordSet,
        Json::Null | Json::Object(_) => return None,
    })
}

/// The type that holds the values of both; the first where none does.
fn wider(one: FieldType, other: FieldType) -> FieldType {
    match (one, other) {
        (FieldType::Int, FieldType::Decimal(scale)) | (FieldType::Decimal(scale), FieldType::Int) => {
            FieldType::Decimal(scale)
        }
        (FieldType::Decimal(one), FieldType::Decimal(other)) => FieldType::Decimal(one.max(other)),
        (FieldType::Int | FieldType::Decimal(_), FieldType::Float)
        | (FieldType::Float, FieldType::Int | FieldType::Decimal(_)) => FieldType::Float,
        (FieldType::Keyword, FieldType::Time | FieldType::Date)
        | (FieldType::Time | FieldType::Date, FieldType::Keyword | FieldType::Time | FieldType::Date)
            if one != other =>
        {
            FieldType::Keyword
        }
        _ => one,
    }
}

fn read_event(event: Json, kinds: &BTreeMap<String, FieldType>) -> Result<EventRow, Vec<Problem>> {
    let Json::Object(map) = event else {
        return Err(vec![Problem::new(
            "",
            "wrong_type",
            "an event is an object with event_id, profile_id, type, time",
        )]);
    };
    let mut problems = Vec::new();
    for key in map.keys().filter(|key| !KEYS.contains(&key.as_str())) {
        let message = format!("\"{key}\" is no part of an event; what it says beside goes into \"properties\"");
        problems.push(Problem::new(pointer_to("", key), "unknown_key", message).with_suggestions(nearest(key, KEYS)));
    }
    let mut text = |key: &'static str, takes_numbers: bool| text_of(&map, key, takes_numbers, &mut problems);
    let (id, profile, kind) = (text("event_id", true), text("profile_id", true), text("type", false));
    let time = match map.get("time") {
        Some(Json::String(text)) => Timestamp::parse(text),
        _ => None,
    };
    if time.is_none() {
        let message = "\"time\" takes a time such as \"2018-01-01T00:00:00Z\"";
        problems.push(Problem::new(
            "/time",
            if map.contains_key("time") { "wrong_type" } else { "missing_key" },
            message,
        ));
    }
    let values = values_of(&map, kinds, &mut problems);
    match time {
        Some(time) if problems.is_empty() => {
            let has_number = map.get("profile_id").is_some_and(Json::is_number);
            Ok(EventRow { id, profile, has_number, kind, time, values })
        }
        _ => Err(problems),
    }
}

/// A text that an event must have, in NFC.
fn text_of(map: &Map<String, Json>, key: &'static str, takes_numbers: bool, problems: &mut Vec<Problem>) -> String {
    let pointer = format!("/{key}");
    match map.get(key) {
        Some(Json::String(text)) if text.is_empty() => {
            problems.push(Problem::new(pointer, "empty", format!("\"{key}\" is empty")));
        }
        Some(Json::String(text)) if text.len() > VALUE_BYTES_MAX => {
            let message = format!("\"{key}\" holds at most {VALUE_BYTES_MAX} bytes");
            problems.push(Problem::new(pointer, "too_long", message));
        }
        Some(Json::String(text)) => return normalize(text).into_owned(),
        Some(Json::Number(number)) if takes_numbers => return number.to_string(),
        None | Some(Json::Null) => {
            problems.push(Problem::new("", "missing_key", format!("\"{key}\" is missing")));
        }
        Some(_) => problems.push(Problem::new(pointer, "wrong_type", format!("\"{key}\" takes a string"))),
    }
    String::new()
}

fn values_of(
    map: &Map<String, Json>,
    kinds: &BTreeMap<String, FieldType>,
    problems: &mut Vec<Problem>,
) -> BTreeMap<String, Value> {
    let mut values = BTreeMap::new();
    let mut read = |name: &str, json: &Json, pointer: String| {
        let name = normalize(name).into_owned();
        let value = match kinds.get(&name) {
            Some(kind) => field_value(*kind, json),
            None if json.is_null() => Ok(None),
            None => Err("takes a value or a list, not an object".to_owned()),
        };
        match value {
            Ok(value) => _ = value.map(|value| values.insert(name, value)),
            Err(message) => problems.push(Problem::new(pointer, "wrong_type", format!("\"{name}\" {message}"))),
        }
    };
    if let Some(amount) = map.get("amount") {
        read(EventSchema::AMOUNT, amount, "/amount".to_owned());
    }
    match map.get("properties") {
        None | Some(Json::Null) => {}
        Some(Json::Object(properties)) => {
            properties.iter().for_each(|(name, json)| read(name, json, pointer_to("/properties", name)));
        }
        Some(_) => problems.push(Problem::new("/properties", "wrong_type", "\"properties\" takes an object")),
    }
    values
}

fn batch(rows: &[EventRow], kinds: &BTreeMap<String, FieldType>) -> EventBatch {
    let texts = |text: &dyn Fn(&EventRow) -> &str| StringArray::from_iter_values(rows.iter().map(text));
    let is_said = |name: &str| rows.iter().any(|row| row.values.contains_key(name));
    let properties = kinds.iter().filter(|(name, _)| is_said(name)).map(|(name, kind)| {
        let values: Vec<Option<&Value>> = rows.iter().map(|row| row.values.get(name)).collect();
        PropertyValues { name: name.clone(), kind: *kind, values: array(*kind, &values) }
    });
    let properties = properties.collect();
    EventBatch {
        ids: texts(&|row| &row.id),
        profiles: texts(&|row| &row.profile),
        number_profiles: rows
            .iter()
            .any(|row| row.has_number)
            .then(|| rows.iter().map(|row| row.has_number).collect::<BooleanBuffer>()),
        types: texts(&|row| &row.kind),
        times: rows.iter().map(|row| row.time.0).collect::<Int64Array>(),
        properties,
    }
}

/// Values of one type as the canonical array.
fn array(kind: FieldType, values: &[Option<&Value>]) -> ArrayRef {
    match kind {
        FieldType::Bool => {
            let mut builder = BooleanBuilder::new();
            values.iter().for_each(|value| builder.append_option(value.map(|value| *value == Value::Bool(true))));
            Arc::new(builder.finish())
        }
        FieldType::Float => {
            let mut builder = Float64Builder::new();
            values.iter().for_each(|value| match value {
                Some(Value::Float(value)) => builder.append_value(*value),
                _ => builder.append_null(),
            });
            Arc::new(builder.finish())
        }
        FieldType::Keyword => {
            Arc::new(values.iter().map(|value| value.map(ToString::to_string)).collect::<StringArray>())
        }
        FieldType::KeywordSet => {
            let mut builder = ListBuilder::new(StringBuilder::new());
            for value in values {
                if let Some(Value::KeywordSet(members)) = value {
                    members.iter().for_each(|member| builder.values().append_value(member));
                }
                builder.append(value.is_some());
            }
            Arc::new(builder.finish())
        }
        FieldType::IntSet => {
            let mut builder = ListBuilder::new(Int64Builder::new());
            for value in values {
                if let Some(Value::IntSet(members)) = value {
                    builder.values().append_slice(members);
                }
                builder.append(value.is_some());
            }
            Arc::new(builder.finish())
        }
        FieldType::Int | FieldType::Decimal(_) | FieldType::Time | FieldType::Date => {
            Arc::new(values.iter().map(|value| value.and_then(Value::to_key)).collect::<Int64Array>())
        }
    }
}
