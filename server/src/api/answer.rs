//! How engine values look in JSON.

use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use muster_engine::audience::ListedIds;
use muster_engine::id::ListId;
use muster_engine::plan::Warning;
use muster_engine::schema::Value;
use muster_engine::segment::IdCounts;
use muster_engine::table::{Profile, View};
use muster_engine::time::Timestamp;
use serde::{Serialize, Serializer};
use serde_json::{Map, Number, Value as Json, json};

use super::body;
use super::error::Mistake;
use crate::access::{hidden_fields, may_read_people};
use crate::clock::Stopwatch;
use crate::source::RejectedRow;

/// A value: numbers digit for digit, times in RFC 3339.
pub(crate) fn value(value: &Value) -> Json {
    match value {
        Value::Bool(value) => Json::Bool(*value),
        Value::Int(_) | Value::Decimal(..) | Value::Float(_) => {
            Json::Number(Number::from_string_unchecked(value.to_string()))
        }
        Value::Keyword(text) => Json::String(text.clone()),
        Value::KeywordSet(members) => json!(members),
        Value::IntSet(members) => json!(members),
        Value::Time(_) | Value::Date(_) => Json::String(value.to_string()),
    }
}

/// An external id, as it was loaded: a number or a string.
pub(crate) fn id(id: &str, is_number: bool) -> Json {
    if is_number { Json::Number(Number::from_string_unchecked(id.to_owned())) } else { Json::String(id.to_owned()) }
}

/// A profile as `{"id", "fields"}`; `masked` names what the caller may not see of it. Every answer that shows a person
/// comes through here.
pub(crate) fn profile(profile: &Profile, view: &View) -> Json {
    if !may_read_people() {
        return json!({ "id": null, "fields": {}, "masked": ["id", "fields"] });
    }
    let mut fields = fields(profile, view);
    let Some(hidden) = hidden_fields() else {
        return json!({ "id": id(&profile.id, profile.number_id), "fields": fields });
    };
    // Also those that the person has no value of: whether there is one is nobody's business either.
    let masked: Vec<&str> =
        hidden.iter().map(String::as_str).filter(|name| view.schema().find(name).is_some()).collect();
    for name in &masked {
        fields.insert((*name).to_owned(), Json::Null);
    }
    json!({ "id": id(&profile.id, profile.number_id), "fields": fields, "masked": masked })
}

/// A profile's fields by name; missing ones are absent.
fn fields(profile: &Profile, view: &View) -> Map<String, Json> {
    let schema = view.schema();
    profile
        .fields
        .iter()
        .map(|(field, field_value)| (schema.field(*field).name.to_string(), value(field_value)))
        .collect()
}

/// Ids accounted for.
pub(crate) fn id_counts(counts: &IdCounts) -> Map<String, Json> {
    let mut body = Map::new();
    body.insert("entries".into(), json!(counts.entries));
    body.insert("duplicates".into(), json!(counts.duplicates));
    body.insert("distinct".into(), json!(counts.distinct));
    body.insert("known".into(), json!(counts.known));
    body.insert("unknown".into(), json!(counts.unknown));
    body.insert("of_unknown_malformed".into(), json!(counts.of_unknown_malformed));
    body
}

/// Included ids and what they brought.
pub(crate) fn included(ids: &ListedIds) -> Json {
    let mut body = listed(ids.list, &ids.counts, ids.blank);
    body.insert("added".into(), json!(ids.effect));
    body.into()
}

/// Excluded ids and what they took.
pub(crate) fn excluded(ids: &ListedIds) -> Json {
    let mut body = listed(ids.list, &ids.counts, ids.blank);
    body.insert("removed".into(), json!(ids.effect));
    body.into()
}

fn listed(list: Option<ListId>, counts: &IdCounts, blank: u64) -> Map<String, Json> {
    let mut body = Map::new();
    if let Some(list) = list {
        body.insert("id".into(), json!(list.0));
    }
    body.extend(id_counts(counts));
    if list.is_some() {
        body.insert("blank".into(), json!(blank));
    }
    body
}

/// Remarks about a rule.
pub(crate) fn warnings(warnings: &[Warning]) -> Json {
    let warning = |warning: &Warning| json!({"pointer": warning.pointer, "code": warning.code, "message": warning.message, "suggestions": warning.suggestions});
    warnings.iter().map(warning).collect()
}

/// Rows of a file that were kept back.
pub(crate) fn rejected(rows: &[RejectedRow]) -> Json {
    let mistakes = |row: &RejectedRow| row.errors.iter().cloned().map(Mistake::from).collect::<Vec<_>>();
    rows.iter().map(|row| json!({"row": row.row, "errors": mistakes(row)})).collect()
}

/// A JSON answer.
pub(crate) fn json(status: StatusCode, body: impl Serialize) -> Response {
    (status, body::Json(body)).into_response()
}

/// An answer without a body.
pub(crate) fn nothing() -> Response {
    StatusCode::NO_CONTENT.into_response()
}

/// What every counting answer says beside its counts.
#[derive(Debug, Serialize)]
pub(crate) struct Stamp {
    /// Profiles there are.
    pub(crate) population: u64,
    /// Version of the data that was counted.
    pub(crate) data_version: u64,
    /// The instant for which it was counted.
    #[serde(serialize_with = "in_words")]
    pub(crate) now: Timestamp,
    /// Runs since the request was there.
    #[serde(rename = "took_us", serialize_with = "elapsed_us")]
    pub(crate) watch: Stopwatch,
}

fn in_words<S: Serializer>(now: &Timestamp, to: S) -> Result<S::Ok, S::Error> {
    to.collect_str(now)
}

fn elapsed_us<S: Serializer>(watch: &Stopwatch, to: S) -> Result<S::Ok, S::Error> {
    to.serialize_u64(watch.elapsed_us())
}

impl Stamp {
    /// Puts `population`, `data_version`, `now` and `took_us` into an answer.
    pub(crate) fn onto(&self, answer: &mut Map<String, Json>) {
        answer.insert("population".into(), json!(self.population));
        answer.insert("data_version".into(), json!(self.data_version));
        answer.insert("now".into(), json!(self.now.to_string()));
        answer.insert("took_us".into(), json!(self.watch.elapsed_us()));
    }
}
