//! `/api/snapshots`: freeze audiences, list, read, page through, compare, verify, delete. Exports are in `exports`.

use axum::extract::State;
use axum::http::StatusCode;
use muster_engine::block::Set;
use muster_engine::command::Command;
use muster_engine::error::Error;
use muster_engine::id::{AudienceId, Row, SnapshotId};
use muster_engine::limits::SAMPLE_MAX;
use muster_engine::rule::to_json;
use muster_engine::schema::Schema;
use muster_engine::snapshot::{Context, Digest, FrozenContent, Snapshot, difference};
use muster_engine::tenant::{self, SnapshotOrder};
use muster_engine::time::Timestamp;
use serde::Deserialize;
use serde_json::{Map, Value as Json, json};
use utoipa::IntoParams;

use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use super::answer;
use super::app::{App, Reply, heavy};
use super::audience_definition;
use super::audiences::{audience_id, breakdown};
use super::error::{ApiError, ProblemDetails};
use super::form::{Form, MaybeForm};
use super::pages::{self, PageQuery};
use super::path::{PathId, PathIds};
use super::query::Query;
use super::shapes::{
    BatchAnswer, BatchRequest, Members, SnapshotAnswer, SnapshotDifferenceAnswer, SnapshotList, SnapshotRequest,
    VerificationAnswer,
};
use super::sight;
use super::terms::Key;

use crate::clock::{self, Stopwatch};

/// Members of either side that a comparison shows when the request does not say.
const SAMPLE: usize = 10;

/// How to compare.
#[derive(Debug, Default, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub(crate) struct DifferenceQuery {
    /// Members of either side to show, 0 to 1,000; 10 when left out.
    sample: Option<String>,
    /// Ignored; for callers who send it with every request.
    #[allow(dead_code)]
    tenant_id: Option<String>,
}

/// The routes of this file.
pub(super) fn router() -> OpenApiRouter<App> {
    OpenApiRouter::new()
        .routes(routes!(take))
        .routes(routes!(take_many))
        .routes(routes!(list))
        .routes(routes!(read, delete))
        .routes(routes!(members))
        .routes(routes!(compare))
        .routes(routes!(verify))
}

/// Freeze an audience.
///
/// The snapshot never changes, except that a person who is erased is no longer in it. The digest is the SHA-256 of the
/// members' rows in the portable roaring format: the same definition at the same data version and instant has the same.
/// Sent without a body the present instant is meant.
#[utoipa::path(post, path = "/api/audiences/{id}/snapshots", tag = "snapshots", params(("id" = u64, Path), Key), request_body = Option<SnapshotRequest>,
    responses((status = 201, body = SnapshotAnswer), (status = 404, body = ProblemDetails), (status = 422, body = ProblemDetails)))]
pub(crate) async fn take(
    State(app): State<App>,
    PathId(id): PathId,
    key: Key,
    MaybeForm(mut form): MaybeForm,
) -> Reply {
    let order = order(&mut form, vec![audience_id(&id)?]);
    form.finish()?;
    let taken = freeze(&app, order, key).await?;
    let state = app.tenant()?.state();
    let first = taken.first().copied().ok_or_else(|| ApiError::internal("nothing was frozen"))?;
    Ok(answer::json(StatusCode::CREATED, describe(&state, first)?))
}

/// Freeze many audiences in one pass, all at one data version and one instant: either all are frozen, or none.
#[utoipa::path(post, path = "/api/snapshots/batch", tag = "snapshots", params(Key), request_body = BatchRequest,
    responses((status = 201, body = BatchAnswer), (status = 404, body = ProblemDetails), (status = 422, body = ProblemDetails)))]
pub(crate) async fn take_many(State(app): State<App>, key: Key, mut form: Form) -> Reply {
    let watch = Stopwatch::start();
    let audiences = audiences(&mut form, &app)?;
    let order = order(&mut form, audiences);
    form.finish()?;
    let now = order.now;
    let ids = freeze(&app, order, key).await?;
    let state = app.tenant()?.state();
    // Whoever was frozen may be deleted already.
    let found: Vec<_> = ids.iter().filter_map(|id| state.snapshots.get(*id).ok()).collect();
    let body = json!({
        "taken": ids.len(),
        "data_version": found.first().map_or(state.version, |(snapshot, _)| snapshot.data_version),
        "now": now.to_string(),
        "took_us": watch.elapsed_us(),
        "items": found.iter().map(|(snapshot, _)| summary(snapshot)).collect::<Vec<_>>(),
    });
    Ok(answer::json(StatusCode::CREATED, body))
}

/// The audiences of a batch: ids, or all of them.
fn audiences(form: &mut Form, app: &App) -> Result<Vec<AudienceId>, ApiError> {
    match form.peek("audiences") {
        Some(Json::String(text)) if text == "all" => {
            form.take("audiences");
            Ok(app.tenant()?.state().audiences.iter().map(|audience| audience.id).collect())
        }
        Some(Json::Array(_)) => {
            let ids = form.list("audiences", "audience ids", |value| match value {
                Json::String(text) => text.parse().ok().map(AudienceId),
                value => value.as_u64().map(AudienceId),
            });
            Ok(ids.unwrap_or_default())
        }
        _ => {
            form.take("audiences");
            form.mistake("/audiences", "bad_audiences", "\"audiences\" is a list of audience ids, or \"all\"");
            Ok(Vec::new())
        }
    }
}

fn order(form: &mut Form, audiences: Vec<AudienceId>) -> SnapshotOrder {
    let created = clock::now();
    let now = form.instant("now").unwrap_or(created);
    SnapshotOrder { audiences, now, created, confirm_everyone: form.flag("confirm_everyone") }
}

async fn freeze(app: &App, order: SnapshotOrder, key: Key) -> Result<Vec<SnapshotId>, ApiError> {
    let (tenant, terms) = (app.tenant()?, key.terms());
    let taking = tokio::task::spawn_blocking(move || tenant.snapshot(&order, terms, &mut |_| {}));
    Ok(taking.await.map_err(|error| ApiError::internal(format!("taking snapshots did not finish: {error}")))??)
}

/// All snapshots, without their breakdowns.
#[utoipa::path(get, path = "/api/snapshots", tag = "snapshots", params(PageQuery), responses((status = 200, body = SnapshotList)))]
pub(crate) async fn list(State(app): State<App>, Query(query): Query<PageQuery>) -> Reply {
    let state = app.tenant()?.state();
    let (found, next) = pages::by_id(state.snapshots.iter(), |snapshot| snapshot.id.0, &query)?;
    let items: Vec<_> = found.into_iter().map(|snapshot| summary(snapshot)).collect();
    Ok(answer::json(StatusCode::OK, json!({"items": items, "next_cursor": next, "total": state.snapshots.len()})))
}

/// One snapshot: what was frozen, how it came about, and by which rules.
#[utoipa::path(get, path = "/api/snapshots/{id}", tag = "snapshots", params(("id" = u64, Path)),
    responses((status = 200, body = SnapshotAnswer), (status = 404, body = ProblemDetails)))]
pub(crate) async fn read(State(app): State<App>, PathId(id): PathId) -> Reply {
    Ok(answer::json(StatusCode::OK, describe(&app.tenant()?.state(), snapshot_id(&id)?)?))
}

/// Who was in, in a stable order, page by page, with the values they have now.
#[utoipa::path(get, path = "/api/snapshots/{id}/members", tag = "snapshots", params(("id" = u64, Path), PageQuery),
    responses((status = 200, body = Members), (status = 404, body = ProblemDetails)))]
pub(crate) async fn members(State(app): State<App>, PathId(id): PathId, Query(query): Query<PageQuery>) -> Reply {
    let id = snapshot_id(&id)?;
    let now = app.tenant()?.state().snapshots.get(id)?.0.now;
    pages::members_at(&app, &query, now, |state, _| Ok(state.snapshots.get(id)?.0.rows(state.view.live())?))
}

/// Compare two snapshots: who entered, who left, who stayed. People erased since are in neither.
#[utoipa::path(get, path = "/api/snapshots/{id}/diff/{other}", tag = "snapshots",
    params(("id" = u64, Path, description = "The earlier one"), ("other" = u64, Path, description = "The later one"), DifferenceQuery),
    responses((status = 200, body = SnapshotDifferenceAnswer), (status = 404, body = ProblemDetails)))]
pub(crate) async fn compare(
    State(app): State<App>,
    PathIds(ids): PathIds<2>,
    Query(query): Query<DifferenceQuery>,
) -> Reply {
    let watch = Stopwatch::start();
    let [from, to] = ids;
    let (from, to) = (snapshot_id(&from)?, snapshot_id(&to)?);
    let sample = query.sample.map_or(Ok(SAMPLE), |text| text.parse()).ok().filter(|sample| *sample <= SAMPLE_MAX);
    let sample = sample.ok_or_else(|| {
        Error::invalid("/sample", "bad_sample", format!("sample is a whole number from 0 to {SAMPLE_MAX}"))
    })?;
    let state = app.tenant()?.state();
    let shown = |rows: &Set| -> Json {
        let rows = rows.rows_after(None, sample).into_iter();
        rows.map(|row| answer::profile(&state.view.profile(Row(row)), &state.view)).collect()
    };
    let body = heavy(|| {
        let found = difference(state.snapshots.get(from)?.0, state.snapshots.get(to)?.0, state.view.live())?;
        Ok::<_, ApiError>(json!({
            "from": from.0,
            "to": to.0,
            "entered": found.entered.len(),
            "left": found.left.len(),
            "unchanged": found.unchanged,
            "entered_sample": shown(&found.entered),
            "left_sample": shown(&found.left),
            "data_version": state.version,
            "took_us": watch.elapsed_us(),
        }))
    })?;
    Ok(answer::json(StatusCode::OK, body))
}

/// Evaluate the frozen definition once more and compare.
///
/// That is possible as long as no profile has changed since; otherwise the answer says that the data have moved on.
/// Whether the stored members still are those whose digest was taken is looked at as long as none of them was erased.
#[utoipa::path(post, path = "/api/snapshots/{id}/verify", tag = "snapshots", params(("id" = u64, Path)),
    responses((status = 200, body = VerificationAnswer), (status = 404, body = ProblemDetails)))]
pub(crate) async fn verify(State(app): State<App>, PathId(id): PathId) -> Reply {
    let watch = Stopwatch::start();
    let id = snapshot_id(&id)?;
    let state = app.tenant()?.state();
    let mut body = heavy(|| verification(&state, id))?;
    body.insert("took_us".into(), json!(watch.elapsed_us()));
    Ok(answer::json(StatusCode::OK, body))
}

fn verification(state: &tenant::State, id: SnapshotId) -> Result<Map<String, Json>, ApiError> {
    let (snapshot, context) = state.snapshots.get(id)?;
    let is_intact = (snapshot.erased == 0).then(|| Digest::of(&snapshot.members) == snapshot.digest);
    let is_same_data = state.profiles_version <= snapshot.data_version;
    let again = is_same_data.then(|| snapshot.evaluated_again(context, &state.view, &state.gates)).transpose()?;
    let (status, message) = match (is_intact, again) {
        (Some(false), _) => ("damaged", "the stored members are not those whose digest was taken".to_owned()),
        (_, Some(again)) if again == snapshot.digest => {
            ("reproduced", "the frozen definition selects the same members again".to_owned())
        }
        (_, Some(_)) => ("differs", "the frozen definition selects other members now".to_owned()),
        (_, None) => {
            let message = format!(
                "profiles have changed in data version {} since the snapshot was taken of version {}, so it cannot be evaluated again",
                state.profiles_version, snapshot.data_version
            );
            ("data_changed", message)
        }
    };
    let mut body = Map::new();
    body.insert("id".into(), json!(id.0));
    body.insert("status".into(), json!(status));
    body.insert("message".into(), json!(message));
    body.insert("digest".into(), json!(snapshot.digest.to_string()));
    body.insert("digest_again".into(), json!(again.map(|digest| digest.to_string())));
    body.insert("stored_members_intact".into(), json!(is_intact));
    body.insert("erased".into(), json!(snapshot.erased));
    body.insert("data_version".into(), json!(snapshot.data_version));
    body.insert("profiles_version".into(), json!(state.profiles_version));
    body.insert("now".into(), json!(snapshot.now.to_string()));
    Ok(body)
}

/// Delete a snapshot. Its file loses it with the next checkpoint.
#[utoipa::path(delete, path = "/api/snapshots/{id}", tag = "snapshots", params(("id" = u64, Path), Key),
    responses((status = 204), (status = 404, body = ProblemDetails)))]
pub(crate) async fn delete(State(app): State<App>, PathId(id): PathId, key: Key) -> Reply {
    app.change(Command::DeleteSnapshot(snapshot_id(&id)?), key.terms()).await?;
    Ok(answer::nothing())
}

pub(super) fn snapshot_id(text: &str) -> Result<SnapshotId, ApiError> {
    text.parse().map(SnapshotId).map_err(|_| Error::NotFound(format!("there is no snapshot \"{text}\"")).into())
}

/// A snapshot in a list.
pub(crate) fn summary(snapshot: &Snapshot) -> Map<String, Json> {
    let instant = |instant: Timestamp| json!(instant.to_string());
    let pairs = [
        ("id", json!(snapshot.id.0)),
        ("audience_id", json!(snapshot.audience.0)),
        ("name", json!(snapshot.name)),
        ("count", json!(snapshot.count)),
        ("erased", json!(snapshot.erased)),
        ("digest", json!(snapshot.digest.to_string())),
        ("population", json!(snapshot.population)),
        ("data_version", json!(snapshot.data_version)),
        ("now", instant(snapshot.now)),
        ("created_at", instant(snapshot.created)),
    ];
    pairs.into_iter().map(|(key, value)| (key.to_owned(), value)).collect()
}

fn describe(state: &tenant::State, id: SnapshotId) -> Result<Map<String, Json>, ApiError> {
    let (snapshot, context) = state.snapshots.get(id)?;
    let mut body = summary(snapshot);
    body.insert("breakdown".into(), breakdown(&snapshot.breakdown, &snapshot.definition));
    let mut definition = Map::new();
    audience_definition::onto(&mut definition, &snapshot.definition);
    body.insert("definition".into(), definition.into());
    let (segments, lists) = reached(snapshot, context, state.view.schema());
    body.insert("segments".into(), segments);
    body.insert("lists".into(), lists);
    Ok(body)
}

/// The segments and lists that the definition led to, as they were.
fn reached(snapshot: &Snapshot, context: &Context, schema: &Schema) -> (Json, Json) {
    let (segments, lists) = context.reached(&snapshot.definition);
    let segments = segments.into_iter().map(|segment| match &segment.content {
        FrozenContent::Rule(rule) if sight::is_masked(rule, schema) => {
            json!({"id": segment.id.0, "name": segment.name, "segment_type": "dynamic", "criteria": null, "masked": ["criteria"]})
        }
        FrozenContent::Rule(rule) => {
            let criteria = to_json(rule, &|_| None);
            json!({"id": segment.id.0, "name": segment.name, "segment_type": "dynamic", "criteria": criteria})
        }
        FrozenContent::Lookalike(model) => {
            json!({"id": segment.id.0, "name": segment.name, "segment_type": "lookalike", "source": model.source.0})
        }
        FrozenContent::Rows(_) => json!({"id": segment.id.0, "name": segment.name, "segment_type": "static"}),
    });
    let lists = lists.into_iter().map(|list| json!({"id": list.id.0, "name": list.name}));
    (segments.collect(), lists.collect())
}
