//! `/api/exclusion-groups`: audiences in order of priority, of which a person belongs to the first that lets them in.

use axum::extract::State;
use axum::http::StatusCode;
use muster_engine::command::{Command, GateChange, Outcome};
use muster_engine::error::Error;
use muster_engine::gate::ExclusionGroup;
use muster_engine::id::{AudienceId, GroupId};
use muster_engine::tenant;
use serde_json::{Value as Json, json};

use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use super::answer;
use super::app::{App, Reply};
use super::error::{ApiError, ProblemDetails};
use super::form::Form;
use super::pages::{self, PageQuery};
use super::path::PathId;
use super::query::Query;
use super::shapes::{ExclusionGroupAnswer, ExclusionGroupList, ExclusionGroupRequest};
use super::terms::Key;

/// The routes of this file.
pub(super) fn router() -> OpenApiRouter<App> {
    OpenApiRouter::new().routes(routes!(list, create)).routes(routes!(read, update, delete))
}

/// Save a group of audiences that shut each other out, the first one first.
///
/// An audience may be in several groups, as long as none comes to go before itself.
#[utoipa::path(post, path = "/api/exclusion-groups", tag = "gates", params(Key), request_body = ExclusionGroupRequest,
    responses((status = 201, body = ExclusionGroupAnswer), (status = 422, body = ProblemDetails)))]
pub(crate) async fn create(State(app): State<App>, key: Key, form: Form) -> Reply {
    save(app, None, key, form).await
}

/// Save a group anew.
#[utoipa::path(put, path = "/api/exclusion-groups/{id}", tag = "gates", params(("id" = u64, Path), Key), request_body = ExclusionGroupRequest,
    responses((status = 200, body = ExclusionGroupAnswer), (status = 404, body = ProblemDetails), (status = 422, body = ProblemDetails)))]
pub(crate) async fn update(State(app): State<App>, PathId(id): PathId, key: Key, form: Form) -> Reply {
    save(app, Some(group_id(&id)?), key, form).await
}

async fn save(app: App, id: Option<GroupId>, key: Key, mut form: Form) -> Reply {
    let name = form.required_text("name");
    let audiences = form.list("audiences", "audience ids", |value| value.as_u64().map(AudienceId));
    if audiences.is_none() {
        form.mistake("", "missing_key", "\"audiences\" is missing: ids of audiences in order of priority");
    }
    form.finish()?;
    let change = GateChange::PutGroup { id, name, audiences: audiences.unwrap_or_default() };
    let Outcome::Group(saved) = app.change(Command::Gate(change), key.terms()).await? else {
        return Err(ApiError::internal("a group was saved as something else"));
    };
    let state = app.tenant()?.state();
    let status = if id.is_some() { StatusCode::OK } else { StatusCode::CREATED };
    Ok(answer::json(status, describe(&state, state.gates.group(saved)?)))
}

/// All groups.
#[utoipa::path(get, path = "/api/exclusion-groups", tag = "gates", params(PageQuery), responses((status = 200, body = ExclusionGroupList)))]
pub(crate) async fn list(State(app): State<App>, Query(query): Query<PageQuery>) -> Reply {
    let state = app.tenant()?.state();
    let (found, next) = pages::by_id(state.gates.groups(), |group| group.id.0, &query)?;
    let items: Vec<_> = found.into_iter().map(|group| describe(&state, group)).collect();
    Ok(answer::json(StatusCode::OK, json!({"items": items, "next_cursor": next})))
}

/// One group.
#[utoipa::path(get, path = "/api/exclusion-groups/{id}", tag = "gates", params(("id" = u64, Path)),
    responses((status = 200, body = ExclusionGroupAnswer), (status = 404, body = ProblemDetails)))]
pub(crate) async fn read(State(app): State<App>, PathId(id): PathId) -> Reply {
    let state = app.tenant()?.state();
    Ok(answer::json(StatusCode::OK, describe(&state, state.gates.group(group_id(&id)?)?)))
}

/// Give up a group; its audiences stay.
#[utoipa::path(delete, path = "/api/exclusion-groups/{id}", tag = "gates", params(("id" = u64, Path), Key),
    responses((status = 204), (status = 404, body = ProblemDetails)))]
pub(crate) async fn delete(State(app): State<App>, PathId(id): PathId, key: Key) -> Reply {
    app.change(Command::Gate(GateChange::DeleteGroup(group_id(&id)?)), key.terms()).await?;
    Ok(answer::nothing())
}

fn group_id(text: &str) -> Result<GroupId, ApiError> {
    text.parse().map(GroupId).map_err(|_| Error::NotFound(format!("there is no exclusion group \"{text}\"")).into())
}

fn describe(state: &tenant::State, group: &ExclusionGroup) -> Json {
    let audience =
        |id: &AudienceId| json!({"id": id.0, "name": state.audiences.get(*id).ok().map(|one| one.name.clone())});
    let audiences: Vec<Json> = group.audiences.iter().map(audience).collect();
    json!({"id": group.id.0, "name": group.name, "audiences": audiences, "data_version": state.version})
}
