//! `/api/schema`: which fields there are, and what their values look like.

use axum::extract::State;
use axum::http::StatusCode;
use muster_engine::command::Command;
use muster_engine::error::Problem;
use muster_engine::rule::{operators_of, operators_of_id};
use muster_engine::schema::FieldType;
use muster_engine::table::FieldSummary;
use muster_engine::tenant;
use serde_json::{Map, Value as Json, json};

use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use super::answer;
use super::app::{App, Reply, heavy};
use super::error::ProblemDetails;
use super::form::Form;
use super::shapes::{SchemaAnswer, SchemaRequest};
use super::sight;
use super::terms::Key;
use crate::access::is_hidden;

/// The routes of this file.
pub(super) fn router() -> OpenApiRouter<App> {
    OpenApiRouter::new().routes(routes!(read, update))
}

/// Every field with its type, its operators, and what its values look like.
#[utoipa::path(get, path = "/api/schema", tag = "schema", responses((status = 200, body = SchemaAnswer)))]
pub(crate) async fn read(State(app): State<App>) -> Reply {
    let state = app.tenant()?.state();
    Ok(answer::json(StatusCode::OK, heavy(|| describe(&state))))
}

/// Add fields. A field that no profile has a value of may get another type; otherwise that is a conflict.
#[utoipa::path(put, path = "/api/schema", tag = "schema", params(Key), request_body = SchemaRequest,
    responses((status = 200, body = SchemaAnswer), (status = 409, body = ProblemDetails), (status = 422, body = ProblemDetails)))]
pub(crate) async fn update(State(app): State<App>, key: Key, mut form: Form) -> Reply {
    let fields = fields(&mut form);
    form.finish()?;
    app.change(Command::AddFields(fields), key.terms()).await?;
    read(State(app)).await
}

fn fields(form: &mut Form) -> Vec<(String, FieldType)> {
    let Some(Json::Array(entries)) = form.take("fields") else {
        form.mistake("/fields", "missing_key", "\"fields\" must be an array of {\"name\", \"type\"}");
        return Vec::new();
    };
    let mut fields = Vec::with_capacity(entries.len());
    for (index, entry) in entries.iter().enumerate() {
        match field(entry, index) {
            Ok(field) => fields.push(field),
            Err(problems) => problems.into_iter().for_each(|problem| form.problem(problem)),
        }
    }
    fields
}

fn field(entry: &Json, index: usize) -> Result<(String, FieldType), Vec<Problem>> {
    let Some(entry) = entry.as_object() else {
        return Err(vec![Problem::new(format!("/fields/{index}"), "wrong_type", "a field is {\"name\", \"type\"}")]);
    };
    let mut problems = Vec::new();
    // What a schema answer says beside name and type may be sent back as it came.
    let known = ["name", "type", "operators", "present", "missing", "distinct", "min", "max", "top", "masked"];
    for key in entry.keys().filter(|key| !known.contains(&key.as_str())) {
        let message = format!("a field has no \"{key}\"; it is {{\"name\", \"type\"}}");
        problems.push(Problem::new(format!("/fields/{index}/{key}"), "unknown_key", message));
    }
    let name = entry.get("name").and_then(Json::as_str);
    if name.is_none() {
        problems.push(Problem::new(format!("/fields/{index}/name"), "missing_key", "a field needs a name"));
    }
    let kind = entry.get("type").and_then(Json::as_str).and_then(FieldType::parse);
    if kind.is_none() {
        let message =
            "a type is bool, int, decimal(0) to decimal(18), float, keyword, keyword_set, int_set, time or date";
        problems.push(Problem::new(format!("/fields/{index}/type"), "bad_type", message));
    }
    match (name, kind) {
        (Some(name), Some(kind)) if problems.is_empty() => Ok((name.to_owned(), kind)),
        _ => Err(problems),
    }
}

fn describe(state: &tenant::State) -> Json {
    let schema = state.view.schema();
    let population = state.view.live().len();
    let fields: Vec<Json> =
        state.view.summaries().iter().map(|summary| field_json(state, summary, population)).collect();
    json!({
        "id_field": {"name": schema.id_name(), "operators": operators_of_id()},
        "fields": fields,
        "population": population,
        "data_version": state.version,
    })
}

fn field_json(state: &tenant::State, summary: &FieldSummary, population: u64) -> Json {
    let field = state.view.schema().field(summary.field);
    let top: Vec<Json> =
        summary.top.iter().map(|(value, count)| json!({"value": answer::value(value), "count": count})).collect();
    if is_hidden(&field.name) {
        let (name, kind) = (&*field.name, field.kind.to_string());
        let masked = ["present", "missing", "distinct", "min", "max", "top"];
        let mut body = Map::new();
        body.insert("name".into(), json!(name));
        body.insert("type".into(), json!(kind));
        body.insert("operators".into(), json!(operators_of(field.kind)));
        sight::mask(&mut body, &masked);
        return body.into();
    }
    json!({
        "name": &*field.name,
        "type": field.kind.to_string(),
        "operators": operators_of(field.kind),
        "present": summary.present,
        "missing": population - summary.present,
        "distinct": summary.distinct,
        "min": summary.min.as_ref().map(answer::value),
        "max": summary.max.as_ref().map(answer::value),
        "top": top,
    })
}
