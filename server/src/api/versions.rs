//! Versions of segments and audiences: listed, read, compared, made current again.

use axum::extract::State;
use axum::http::StatusCode;
use muster_engine::catalog::{Earlier, Version};
use muster_engine::command::{Command, Outcome, Restore, Saving, Stamp as By};
use muster_engine::limits::VERSIONS_MAX;
use serde_json::{Map, Value as Json, json};
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use super::app::{App, Reply, heavy};
use super::audiences::{self, audience_id};
use super::error::{ApiError, ProblemDetails};
use super::form::Form;
use super::pages::{self, PageQuery};
use super::path::{PathId, PathVersions};
use super::precondition::IfMatch;
use super::query::Query;
use super::shapes::{
    AudienceAnswer, DifferenceAnswer, Members, RestoreRequest, SegmentAnswer, VersionAnswer, VersionList,
};
use super::terms::Key;
use super::version_differences::{between_audiences, between_segments};
use super::{answer, attributes, audience_definition, segments};
use crate::clock::{self, Stopwatch};

/// The routes of this file.
pub(super) fn router() -> OpenApiRouter<App> {
    OpenApiRouter::new()
        .routes(routes!(of_segment))
        .routes(routes!(segment_version))
        .routes(routes!(segment_members))
        .routes(routes!(segment_difference))
        .routes(routes!(restore_segment))
        .routes(routes!(of_audience))
        .routes(routes!(audience_version))
        .routes(routes!(audience_members))
        .routes(routes!(audience_difference))
        .routes(routes!(restore_audience))
}

/// The versions of a segment that are kept, the newest first.
#[utoipa::path(get, path = "/api/segments/{id}/versions", tag = "versions", params(("id" = String, Path)),
    responses((status = 200, body = VersionList), (status = 404, body = ProblemDetails)))]
pub(crate) async fn of_segment(State(app): State<App>, PathId(id): PathId) -> Reply {
    let state = app.tenant()?.state();
    let segment = state.segments.get(segments::resolve(&state, &id)?)?;
    Ok(answer::json(StatusCode::OK, listed(&segment.as_version(), &segment.earlier)))
}

/// A version of a segment as it was saved.
#[utoipa::path(get, path = "/api/segments/{id}/versions/{version}", tag = "versions",
    params(("id" = String, Path), ("version" = u64, Path)),
    responses((status = 200, body = VersionAnswer), (status = 404, body = ProblemDetails)))]
pub(crate) async fn segment_version(State(app): State<App>, PathId(id): PathId, versions: PathVersions) -> Reply {
    let state = app.tenant()?.state();
    let segment = state.segments.get(segments::resolve(&state, &id)?)?;
    let version = segment.version(versions.at(0)?)?;
    let mut body = head(&version, version.number == segment.version);
    body.insert("id".into(), json!(segment.id.0));
    segments::kept_onto(&mut body, &version.content, &state);
    Ok(answer::json(StatusCode::OK, body))
}

/// Who would be in a segment if it still were what a version says, page by page.
#[utoipa::path(get, path = "/api/segments/{id}/versions/{version}/members", tag = "versions",
    params(("id" = String, Path), ("version" = u64, Path), PageQuery),
    responses((status = 200, body = Members), (status = 404, body = ProblemDetails), (status = 422, body = ProblemDetails)))]
pub(crate) async fn segment_members(
    State(app): State<App>,
    PathId(id): PathId,
    versions: PathVersions,
    Query(query): Query<PageQuery>,
) -> Reply {
    let number = versions.at(0)?;
    pages::members(&app, &query, |state, now| {
        let version = state.segments.get(segments::resolve(state, &id)?)?.version(number)?;
        Ok(state.rows_of_version(&version.content, now)?)
    })
}

/// What tells one version of a segment from another, and who comes and goes.
#[utoipa::path(get, path = "/api/segments/{id}/versions/{version}/diff/{other}", tag = "versions",
    params(("id" = String, Path), ("version" = u64, Path), ("other" = u64, Path), PageQuery),
    responses((status = 200, body = DifferenceAnswer), (status = 404, body = ProblemDetails)))]
pub(crate) async fn segment_difference(
    State(app): State<App>,
    PathId(id): PathId,
    versions: PathVersions,
    Query(query): Query<PageQuery>,
) -> Reply {
    let watch = Stopwatch::start();
    let now = query.now(clock::now())?;
    let state = app.tenant()?.state();
    let segment = state.segments.get(segments::resolve(&state, &id)?)?;
    let (from, to) = (segment.version(versions.at(0)?)?, segment.version(versions.at(1)?)?);
    let mut body = heavy(|| between_segments(&state, &from, &to, now));
    body.insert("id".into(), json!(segment.id.0));
    answer::Stamp { data_version: state.version, now, watch, population: state.view.live().len() }.onto(&mut body);
    Ok(answer::json(StatusCode::OK, body))
}

/// Make an earlier version of a segment the current one, as a new version.
#[utoipa::path(post, path = "/api/segments/{id}/versions/{version}/restore", tag = "versions",
    params(("id" = String, Path), ("version" = u64, Path), Key, IfMatch), request_body = RestoreRequest,
    responses((status = 200, body = SegmentAnswer), (status = 404, body = ProblemDetails), (status = 409, body = ProblemDetails),
        (status = 412, body = ProblemDetails)))]
pub(crate) async fn restore_segment(
    State(app): State<App>,
    PathId(id): PathId,
    versions: PathVersions,
    key: Key,
    if_match: IfMatch,
    form: Form,
) -> Reply {
    let watch = Stopwatch::start();
    let tenant = app.tenant()?;
    let id = segments::resolve(&tenant.state(), &id)?;
    restore(&app, Saving::Segment(id), versions.at(0)?, (key, if_match), form).await?;
    segments::answered(&tenant.state(), id, StatusCode::OK, clock::now(), watch)
}

/// The versions of an audience that are kept, the newest first.
#[utoipa::path(get, path = "/api/audiences/{id}/versions", tag = "versions", params(("id" = u64, Path)),
    responses((status = 200, body = VersionList), (status = 404, body = ProblemDetails)))]
pub(crate) async fn of_audience(State(app): State<App>, PathId(id): PathId) -> Reply {
    let state = app.tenant()?.state();
    let audience = state.audiences.get(audience_id(&id)?)?;
    Ok(answer::json(StatusCode::OK, listed(&audience.as_version(), &audience.earlier)))
}

/// A version of an audience as it was saved.
#[utoipa::path(get, path = "/api/audiences/{id}/versions/{version}", tag = "versions",
    params(("id" = u64, Path), ("version" = u64, Path)),
    responses((status = 200, body = VersionAnswer), (status = 404, body = ProblemDetails)))]
pub(crate) async fn audience_version(State(app): State<App>, PathId(id): PathId, versions: PathVersions) -> Reply {
    let state = app.tenant()?.state();
    let audience = state.audiences.get(audience_id(&id)?)?;
    let version = audience.version(versions.at(0)?)?;
    let mut body = head(&version, version.number == audience.version);
    body.insert("id".into(), json!(audience.id.0));
    body.insert("campaign_id".into(), json!(version.attributes.campaign));
    audience_definition::onto(&mut body, &version.content);
    Ok(answer::json(StatusCode::OK, body))
}

/// Who would be in an audience if it still were what a version says, page by page.
#[utoipa::path(get, path = "/api/audiences/{id}/versions/{version}/members", tag = "versions",
    params(("id" = u64, Path), ("version" = u64, Path), PageQuery),
    responses((status = 200, body = Members), (status = 404, body = ProblemDetails), (status = 422, body = ProblemDetails)))]
pub(crate) async fn audience_members(
    State(app): State<App>,
    PathId(id): PathId,
    versions: PathVersions,
    Query(query): Query<PageQuery>,
) -> Reply {
    let number = versions.at(0)?;
    pages::members(&app, &query, |state, now| {
        let id = audience_id(&id)?;
        let version = state.audiences.get(id)?.version(number)?;
        Ok(state.rows_of_definition(id, &version.content, now)?)
    })
}

/// What tells one version of an audience from another, and who comes and goes.
#[utoipa::path(get, path = "/api/audiences/{id}/versions/{version}/diff/{other}", tag = "versions",
    params(("id" = u64, Path), ("version" = u64, Path), ("other" = u64, Path), PageQuery),
    responses((status = 200, body = DifferenceAnswer), (status = 404, body = ProblemDetails)))]
pub(crate) async fn audience_difference(
    State(app): State<App>,
    PathId(id): PathId,
    versions: PathVersions,
    Query(query): Query<PageQuery>,
) -> Reply {
    let watch = Stopwatch::start();
    let now = query.now(clock::now())?;
    let state = app.tenant()?.state();
    let audience = state.audiences.get(audience_id(&id)?)?;
    let (from, to) = (audience.version(versions.at(0)?)?, audience.version(versions.at(1)?)?);
    let mut body = heavy(|| between_audiences(&state, audience.id, &from, &to, now));
    body.insert("id".into(), json!(audience.id.0));
    answer::Stamp { data_version: state.version, now, watch, population: state.view.live().len() }.onto(&mut body);
    Ok(answer::json(StatusCode::OK, body))
}

/// Make an earlier version of an audience the current one, as a new version.
#[utoipa::path(post, path = "/api/audiences/{id}/versions/{version}/restore", tag = "versions",
    params(("id" = u64, Path), ("version" = u64, Path), Key, IfMatch), request_body = RestoreRequest,
    responses((status = 200, body = AudienceAnswer), (status = 404, body = ProblemDetails), (status = 409, body = ProblemDetails),
        (status = 412, body = ProblemDetails)))]
pub(crate) async fn restore_audience(
    State(app): State<App>,
    PathId(id): PathId,
    versions: PathVersions,
    key: Key,
    if_match: IfMatch,
    form: Form,
) -> Reply {
    let watch = Stopwatch::start();
    let id = audience_id(&id)?;
    restore(&app, Saving::Audience(id), versions.at(0)?, (key, if_match), form).await?;
    audiences::answered(&app.tenant()?.state(), id, StatusCode::OK, clock::now(), watch)
}

/// Restores; what a version refers to and is there no longer contradicts what is stored.
async fn restore(
    app: &App,
    what: Saving,
    version: u64,
    terms: (Key, IfMatch),
    mut form: Form,
) -> Result<Outcome, ApiError> {
    let stamp = By { by: attributes::by(&mut form), now: clock::now() };
    form.finish()?;
    let (key, if_match) = terms;
    let command = Command::Restore(Restore { what, version, stamp });
    app.change_expecting(command, key.terms(), if_match.of(what)).await.map_err(ApiError::into_conflict)
}

fn head<C>(version: &Version<C>, is_current: bool) -> Map<String, Json> {
    let mut body = Map::new();
    body.insert("version".into(), json!(version.number));
    body.insert("is_current".into(), json!(is_current));
    body.insert("saved_at".into(), json!(version.saved.to_string()));
    body.insert("changed_by".into(), json!(version.by));
    attributes::onto(&mut body, &version.attributes);
    body
}

fn listed<C: Clone>(current: &Version<C>, earlier: &Earlier<C>) -> Json {
    let mut items = vec![Json::from(head(current, true))];
    items.extend(earlier.iter().rev().map(|version| Json::from(head(version, false))));
    let oldest = earlier.iter().next().map_or(current.number, |version| version.number);
    json!({"items": items, "kept_max": VERSIONS_MAX, "dropped": oldest - 1})
}
