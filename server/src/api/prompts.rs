//! `POST /api/segments/from-text`: a question in everyday words as a rule, with all that was not understood.

use axum::extract::State;
use axum::http::StatusCode;
use muster_engine::prompt::{Understood, read};
use muster_engine::rule::{to_json, to_text};
use serde_json::{Map, Value as Json, json};
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use super::answer::{self, Stamp};
use super::app::{App, Reply, heavy};
use super::error::ProblemDetails;
use super::form::Form;
use super::shapes::{PromptAnswer, PromptRequest};
use crate::access::is_hidden;
use crate::clock::{self, Stopwatch};

/// The routes of this file.
pub(super) fn router() -> OpenApiRouter<App> {
    OpenApiRouter::new().routes(routes!(from_text))
}

/// Turn a question in everyday English into a rule. Nothing is saved, and nothing is guessed.
///
/// "People who haven't visited in 5 months but spent more than 5000 rupees": words are compared with the names of fields and
/// the values that people have. What is not understood, or could mean two fields, is told and left out: look at `parts`
/// before using the rule.
#[utoipa::path(post, path = "/api/segments/from-text", tag = "segments", request_body = PromptRequest,
    responses((status = 200, body = PromptAnswer), (status = 422, body = ProblemDetails)))]
pub(crate) async fn from_text(State(app): State<App>, mut form: Form) -> Reply {
    let watch = Stopwatch::start();
    let state = app.tenant()?.state();
    let prompt = form.required_text("prompt");
    let now = form.instant("now").unwrap_or_else(clock::now);
    form.finish()?;
    let heard = read(&prompt, &state.view, &is_hidden)?;
    let count = heavy(|| heard.rule.as_ref().map(|rule| count(rule, &state, now)).transpose())?;
    let text = |rule: &muster_engine::rule::Rule| to_text(rule, &|_| None);
    let part = |part: &Understood| json!({"phrase": part.phrase, "text": part.rule.as_ref().map(text), "notes": part.notes, "not_understood": part.unused});
    let missed = |part: &'_ Understood| match part.rule {
        None => vec![part.phrase.clone()],
        Some(_) => part.unused.clone(),
    };
    let lost: Vec<String> = heard.parts.iter().flat_map(missed).collect();
    let mut body = Map::new();
    body.insert("prompt".into(), json!(prompt));
    body.insert("criteria".into(), json!(heard.rule.as_ref().map(|rule| to_json(rule, &|_| None))));
    body.insert("text".into(), json!(heard.rule.as_ref().map(text)));
    body.insert("count".into(), json!(count));
    body.insert("is_complete".into(), json!(lost.is_empty()));
    body.insert("not_understood".into(), json!(lost));
    body.insert("parts".into(), heard.parts.iter().map(part).collect::<Vec<Json>>().into());
    Stamp { population: state.view.live().len(), data_version: state.version, now, watch }.onto(&mut body);
    Ok(answer::json(StatusCode::OK, body))
}

fn count(
    rule: &muster_engine::rule::Rule,
    state: &muster_engine::tenant::State,
    now: muster_engine::time::Timestamp,
) -> muster_engine::error::Result<u64> {
    let checked = state.check(rule)?;
    Ok(state.preview(&checked, now, Default::default())?.count)
}
