//! `POST /api/segments/{id}/members`: people put into a static segment, and taken out.

use axum::extract::State;
use axum::http::StatusCode;
use muster_engine::command::{ChangeMembers, Command, Outcome, Saving, Stamp as By};
use muster_engine::segment::IdChanges;
use serde_json::{Value as Json, json};

use super::answer::{self, Stamp};
use super::app::{App, Reply};
use super::attributes;
use super::error::{ApiError, ProblemDetails};
use super::form::Form;
use super::path::PathId;
use super::precondition::{IfMatch, tagged};
use super::segments;
use super::shapes::{MemberChangesAnswer, MemberChangesRequest};
use super::terms::Key;
use crate::clock::{self, Stopwatch};

/// Put people into a static segment, and take others out.
///
/// Those who are in already, or not in to begin with, change nothing; the report accounts for every id.
#[utoipa::path(post, path = "/api/segments/{id}/members", tag = "segments", params(("id" = String, Path), Key, IfMatch),
    request_body = MemberChangesRequest,
    responses((status = 200, body = MemberChangesAnswer), (status = 404, body = ProblemDetails), (status = 409, body = ProblemDetails),
        (status = 412, body = ProblemDetails), (status = 422, body = ProblemDetails)))]
pub(crate) async fn change(
    State(app): State<App>,
    PathId(id): PathId,
    key: Key,
    if_match: IfMatch,
    mut form: Form,
) -> Reply {
    let (watch, now) = (Stopwatch::start(), clock::now());
    let tenant = app.tenant()?;
    let id = segments::resolve(&tenant.state(), &id)?;
    let (add, remove) = (form.ids("add"), form.ids("remove"));
    let stamp = By { by: attributes::by(&mut form), now };
    if add.is_none() && remove.is_none() {
        form.mistake("", "missing_key", "\"add\" or \"remove\" is missing: ids to put in, or to take out");
    }
    form.finish()?;
    let command = ChangeMembers { id, add: add.unwrap_or_default(), remove: remove.unwrap_or_default(), stamp };
    let expected = if_match.of(Saving::Segment(id));
    let outcome = app.change_expecting(Command::ChangeMembers(command), key.terms(), expected).await?;
    let Outcome::Members(_, done) = outcome else {
        return Err(ApiError::internal("members were changed as something else"));
    };
    let state = tenant.state();
    let segment = state.segments.get(id)?;
    let ids = |ids: &IdChanges, changed: &str, unchanged: &str| -> Json {
        json!({"entries": ids.entries, "duplicates": ids.duplicates, changed: ids.changed, unchanged: ids.unchanged})
    };
    let mut add = ids(&done.add, "added", "already_in");
    add["unknown"] = json!(done.unknown);
    let body = json!({"id": id.0, "version": segment.version, "add": add,
        "remove": ids(&done.remove, "removed", "not_in"), "count": state.segment_count(id, now)?});
    let mut body = body.as_object().cloned().unwrap_or_default();
    Stamp { data_version: state.version, now, watch, population: state.view.live().len() }.onto(&mut body);
    Ok(tagged(answer::json(StatusCode::OK, body), segment.version))
}
