//! `/api/suppressions`: people whom the tenant keeps out of every audience. Lists become suppressions in `lists`.

use axum::extract::State;
use axum::http::StatusCode;
use muster_engine::command::{Command, GateChange, Noted, Outcome};
use muster_engine::error::Error;
use muster_engine::gate::{Suppression, SuppressionMembers, Term};
use muster_engine::id::{ListId, SuppressionId};
use muster_engine::tenant;
use muster_engine::time::Timestamp;
use serde_json::{Map, Value as Json, json};

use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use super::answer;
use super::app::{App, Reply};
use super::error::{ApiError, ProblemDetails};
use super::form::Form;
use super::gate_words::term;
use super::pages::{self, PageQuery};
use super::path::PathId;
use super::query::Query;
use super::shapes::{NotedAnswer, SuppressionAnswer, SuppressionList, SuppressionMembersRequest, SuppressionRequest};
use super::terms::Key;
use crate::clock;

/// The routes of this file.
pub(super) fn router() -> OpenApiRouter<App> {
    OpenApiRouter::new().routes(routes!(list, create)).routes(routes!(read, delete)).routes(routes!(add))
}

/// Keep a suppression: it holds for every audience, without being named.
///
/// With `keep_days` each person is on it for so many days from when they were added, to the microsecond:
/// `added <= now <= added + keep_days * 86,400 s`. From `expires_at` on it holds for nobody.
#[utoipa::path(post, path = "/api/suppressions", tag = "gates", params(Key), request_body = SuppressionRequest,
    responses((status = 201, body = SuppressionAnswer), (status = 422, body = ProblemDetails)))]
pub(crate) async fn create(State(app): State<App>, key: Key, mut form: Form) -> Reply {
    let name = form.required_text("name");
    let list = form.number("list").map(|id| ListId(id as u64));
    let term = term(&mut form);
    form.finish()?;
    let id = put(&app, name, list, term, key).await?;
    Ok(answer::json(StatusCode::CREATED, described(&app, id, clock::now())?))
}

/// Keeps a suppression.
pub(super) async fn put(
    app: &App,
    name: String,
    list: Option<ListId>,
    term: Term,
    key: Key,
) -> Result<SuppressionId, ApiError> {
    let change = GateChange::PutSuppression { name, list, term, now: clock::now() };
    match app.change(Command::Gate(change), key.terms()).await? {
        Outcome::Suppression(id) => Ok(id),
        _ => Err(ApiError::internal("a suppression was kept as something else")),
    }
}

/// All suppressions with their sizes at an instant.
#[utoipa::path(get, path = "/api/suppressions", tag = "gates", params(PageQuery), responses((status = 200, body = SuppressionList)))]
pub(crate) async fn list(State(app): State<App>, Query(query): Query<PageQuery>) -> Reply {
    let state = app.tenant()?.state();
    let now = query.now(clock::now())?;
    let (found, next) = pages::by_id(state.gates.suppressions(), |one| one.id.0, &query)?;
    let items: Vec<_> = found.into_iter().map(|one| describe(&state, one, now)).collect();
    Ok(answer::json(StatusCode::OK, json!({"items": items, "next_cursor": next})))
}

/// One suppression with its size at an instant.
#[utoipa::path(get, path = "/api/suppressions/{id}", tag = "gates", params(("id" = u64, Path), PageQuery),
    responses((status = 200, body = SuppressionAnswer), (status = 404, body = ProblemDetails)))]
pub(crate) async fn read(State(app): State<App>, PathId(id): PathId, Query(query): Query<PageQuery>) -> Reply {
    let now = query.now(clock::now())?;
    Ok(answer::json(StatusCode::OK, described(&app, suppression_id(&id)?, now)?))
}

/// End a suppression. Its list, if it has one, stays.
#[utoipa::path(delete, path = "/api/suppressions/{id}", tag = "gates", params(("id" = u64, Path), Key),
    responses((status = 204), (status = 404, body = ProblemDetails)))]
pub(crate) async fn delete(State(app): State<App>, PathId(id): PathId, key: Key) -> Reply {
    let change = GateChange::DeleteSuppression(suppression_id(&id)?);
    app.change(Command::Gate(change), key.terms()).await?;
    Ok(answer::nothing())
}

/// Put people on a suppression, with the time from which `keep_days` count.
///
/// Ids that no profile has wait until somebody has them.
#[utoipa::path(post, path = "/api/suppressions/{id}/members", tag = "gates", params(("id" = u64, Path), Key), request_body = SuppressionMembersRequest,
    responses((status = 200, body = NotedAnswer), (status = 404, body = ProblemDetails), (status = 409, body = ProblemDetails), (status = 422, body = ProblemDetails)))]
pub(crate) async fn add(State(app): State<App>, PathId(id): PathId, key: Key, mut form: Form) -> Reply {
    let id = suppression_id(&id)?;
    let ids = form.ids("ids");
    let at = form.instant("time").unwrap_or_else(clock::now);
    if ids.is_none() {
        form.mistake("", "missing_key", "\"ids\" is missing: external ids to put on the suppression");
    }
    form.finish()?;
    let change = GateChange::AddToSuppression { id, ids: ids.unwrap_or_default(), at };
    let outcome = app.change(Command::Gate(change), key.terms()).await?;
    noted(&app, outcome)
}

/// What became of ids that something was noted of.
pub(super) fn noted(app: &App, outcome: Outcome) -> Reply {
    let Outcome::Noted(Noted { entries, duplicates, noted, repeated, unknown }) = outcome else {
        return Err(ApiError::internal("ids were noted as something else"));
    };
    let body = json!({"entries": entries, "duplicates": duplicates, "noted": noted, "repeated": repeated,
        "unknown": unknown, "data_version": app.tenant()?.state().version});
    Ok(answer::json(StatusCode::OK, body))
}

fn suppression_id(text: &str) -> Result<SuppressionId, ApiError> {
    text.parse().map(SuppressionId).map_err(|_| Error::NotFound(format!("there is no suppression \"{text}\"")).into())
}

fn described(app: &App, id: SuppressionId, now: Timestamp) -> Result<Map<String, Json>, ApiError> {
    let state = app.tenant()?.state();
    Ok(describe(&state, state.gates.suppression(id)?, now))
}

fn describe(state: &tenant::State, suppression: &Suppression, now: Timestamp) -> Map<String, Json> {
    let (list, waiting) = match &suppression.members {
        SuppressionMembers::List(id) => (Some(*id), 0),
        SuppressionMembers::Ids(ids) => (None, ids.unknown().count()),
        SuppressionMembers::Timed(_, waiting) => (None, waiting.len()),
    };
    let rows = list.and_then(|id| state.lists.get(id).ok()).map(|list| (&list.ids.rows, list.created));
    let pairs = [
        ("id", json!(suppression.id.0)),
        ("name", json!(suppression.name)),
        ("list", json!(list.map(|list| list.0))),
        ("expires_at", json!(suppression.term.expires.map(|expires| expires.to_string()))),
        ("keep_days", json!(suppression.term.keep_days)),
        ("created_at", json!(suppression.created.to_string())),
        ("count", json!(suppression.rows(rows, now).len())),
        ("waiting", json!(waiting)),
        ("now", json!(now.to_string())),
        ("data_version", json!(state.version)),
    ];
    pairs.into_iter().map(|(key, value)| (key.to_owned(), value)).collect()
}
