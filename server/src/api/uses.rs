//! Who uses a segment or a list: told when asked, and when it cannot be deleted because of them.

use axum::extract::State;
use axum::http::StatusCode;
use muster_engine::command::Saving;
use muster_engine::tenant::{self, User};
use serde_json::{Value as Json, json};
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use super::answer;
use super::app::{App, Reply};
use super::error::{ApiError, ProblemDetails};
use super::path::PathId;
use super::shapes::UsedByAnswer;
use super::{lists, segments};

/// The routes of this file.
pub(super) fn router() -> OpenApiRouter<App> {
    OpenApiRouter::new().routes(routes!(of_segment)).routes(routes!(of_list))
}

/// Who refers to a segment, directly or through other segments.
#[utoipa::path(get, path = "/api/segments/{id}/used-by", tag = "segments", params(("id" = String, Path)),
    responses((status = 200, body = UsedByAnswer), (status = 404, body = ProblemDetails)))]
pub(crate) async fn of_segment(State(app): State<App>, PathId(id): PathId) -> Reply {
    let state = app.tenant()?.state();
    let users = state.users_of_segment(segments::resolve(&state, &id)?)?;
    Ok(answer::json(StatusCode::OK, body(&users, &state)))
}

/// Which audiences name a list.
#[utoipa::path(get, path = "/api/lists/{id}/used-by", tag = "lists", params(("id" = u64, Path)),
    responses((status = 200, body = UsedByAnswer), (status = 404, body = ProblemDetails)))]
pub(crate) async fn of_list(State(app): State<App>, PathId(id): PathId) -> Reply {
    let state = app.tenant()?.state();
    let users = state.users_of_list(lists::list_id(&id)?)?;
    Ok(answer::json(StatusCode::OK, body(&users, &state)))
}

fn body(users: &[User], state: &tenant::State) -> Json {
    json!({"items": described(users, state), "total": users.len(), "data_version": state.version})
}

/// Each with its kind, id and name, and the segments through which it uses the thing.
pub(super) fn described(users: &[User], state: &tenant::State) -> Json {
    let user = |user: &User| {
        let (kind, id) = match user.what {
            Saving::Segment(id) => ("segment", id.0),
            Saving::Audience(id) => ("audience", id.0),
        };
        let via: Vec<Json> = user
            .via
            .iter()
            .filter_map(|id| state.segments.get(*id).ok())
            .map(|segment| json!({"id": segment.id.0, "name": segment.name}))
            .collect();
        let is_direct = via.is_empty();
        json!({"kind": kind, "id": id, "name": user.name, "status": user.status.name(), "direct": is_direct, "via": via})
    };
    users.iter().map(user).collect()
}

/// A refusal to delete, with the list of who uses the thing.
pub(super) fn with_users(
    error: ApiError,
    state: &tenant::State,
    users: impl FnOnce(&tenant::State) -> muster_engine::error::Result<Vec<User>>,
) -> ApiError {
    match users(state) {
        Ok(users) if error.status() == StatusCode::CONFLICT => error.with_used_by(described(&users, state)),
        _ => error,
    }
}
