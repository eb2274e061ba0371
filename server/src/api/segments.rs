//! `/api/segments`: preview, save, read, page through.

use std::sync::Arc;

use axum::extract::State;
use axum::http::StatusCode;
use muster_engine::command::{Command, Outcome, SegmentContent};
use muster_engine::error::Error;
use muster_engine::id::SegmentId;
use muster_engine::insight::lint;
use muster_engine::rule::{SegmentNames, operators_of, operators_of_id, to_json, to_text};
use muster_engine::segment::{Segment, SegmentKind};
use muster_engine::tenant;
use serde::Serialize;
use serde_json::{Map, Value as Json, json};

use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use super::answer::{self, Stamp};
use super::app::{App, Reply, heavy};
use super::body::JsonBytes;
use super::diffs::Consent;
use super::error::{ApiError, ProblemDetails};
use super::form::Form;
use super::lints;
use super::pages::{self, PageQuery};
use super::path::PathId;
use super::query::Query;
use super::shapes::{Members, PreviewAnswer, PreviewRequest, SegmentAnswer, SegmentList, SegmentRequest};
use super::terms::Key;
use super::weight::weighed;

use crate::clock::{self, Stopwatch};

/// The routes of this file.
pub(super) fn router() -> OpenApiRouter<App> {
    OpenApiRouter::new()
        .routes(routes!(preview))
        .routes(routes!(template))
        .routes(routes!(list, create))
        .routes(routes!(read, update, delete))
        .routes(routes!(refresh))
        .routes(routes!(members))
}

/// Count a rule without saving it.
///
/// Exact, with a sample of members; `"explain": true` adds what every node of the rule matches, how many profiles have
/// no value for it, and what the count would be without it.
#[utoipa::path(post, path = "/api/segments/preview", tag = "segments", request_body = PreviewRequest,
    responses((status = 200, body = PreviewAnswer), (status = 400, body = ProblemDetails), (status = 422, body = ProblemDetails)))]
pub(crate) async fn preview(State(app): State<App>, JsonBytes(body): JsonBytes) -> Reply {
    let watch = Stopwatch::start();
    let state = app.tenant()?.state();
    let question = app.asked.question(&body, &state)?;
    let (now, options) = (question.now.unwrap_or_else(clock::now), question.options);
    let work = || state.preview(&question.checked, now, options);
    let preview = weighed(&question.rule, &state.view, options, work)?;
    let mut warnings = answer::warnings(&preview.warnings);
    if question.lint {
        let found = heavy(|| lint(&question.rule, &question.checked, None, &state.at(now)));
        warnings = lints::remarks(&found, &state);
    }
    let node = |node: &muster_engine::eval::NodeCounts| json!({"pointer": node.pointer, "matched": node.matched, "missing": node.missing, "without": node.without});
    let body = Previewed {
        count: preview.count,
        sample: preview.sample.iter().map(|profile| answer::profile(profile, &state.view)).collect(),
        stamp: Stamp { data_version: state.version, now, watch, population: preview.population },
        warnings,
        nodes: preview.nodes.map(|nodes| nodes.iter().map(node).collect()),
    };
    Ok(answer::json(StatusCode::OK, body))
}

/// The answer of a preview: written directly, because it is asked for more often than all others.
#[derive(Serialize)]
struct Previewed {
    count: u64,
    sample: Vec<Json>,
    #[serde(flatten)]
    stamp: Stamp,
    warnings: Json,
    #[serde(skip_serializing_if = "Option::is_none")]
    nodes: Option<Vec<Json>>,
}

/// A segment to start from.
#[utoipa::path(get, path = "/api/segments/new", tag = "segments", responses((status = 200, body = SegmentRequest)))]
pub(crate) async fn template(State(app): State<App>) -> Reply {
    let state = app.tenant()?.state();
    let schema = state.view.schema();
    let mut fields = vec![json!({"name": schema.id_name(), "type": "id", "operators": operators_of_id()})];
    fields.extend(schema.fields().iter().map(
        |field| json!({"name": &*field.name, "type": field.kind.to_string(), "operators": operators_of(field.kind)}),
    ));
    Ok(answer::json(
        StatusCode::OK,
        json!({
            "name": "",
            "description": "",
            "segment_type": "dynamic",
            "criteria": {"match": "all", "rules": []},
            "fields": fields,
        }),
    ))
}

/// Save a segment.
#[utoipa::path(post, path = "/api/segments", tag = "segments", params(Key), request_body = SegmentRequest,
    responses((status = 201, body = SegmentAnswer), (status = 409, body = ProblemDetails), (status = 422, body = ProblemDetails)))]
pub(crate) async fn create(State(app): State<App>, key: Key, form: Form) -> Reply {
    save(app, None, key, form).await
}

/// Change a segment. Keys that are left out keep what they were.
///
/// A change that moves more than a fifth of the members, and 1,000 people, has to be confirmed.
#[utoipa::path(put, path = "/api/segments/{id}", tag = "segments", params(("id" = String, Path), Key), request_body = SegmentRequest,
    responses((status = 200, body = SegmentAnswer), (status = 404, body = ProblemDetails), (status = 409, body = ProblemDetails), (status = 422, body = ProblemDetails)))]
pub(crate) async fn update(State(app): State<App>, PathId(id): PathId, key: Key, form: Form) -> Reply {
    let id = resolve(&app.tenant()?.state(), &id)?;
    save(app, Some(id), key, form).await
}

async fn save(app: App, id: Option<SegmentId>, key: Key, mut form: Form) -> Reply {
    let watch = Stopwatch::start();
    let now = clock::now();
    let tenant = app.tenant()?;
    let before = match id {
        Some(id) => Some(tenant.state().segments.get(id)?.clone()),
        None => None,
    };
    let name = match &before {
        Some(segment) => form.text("name").unwrap_or_else(|| segment.name.clone()),
        None => form.required_text("name"),
    };
    let description = form.text("description").or(before.as_ref().map(|segment| segment.description.clone()));
    let content = content(&mut form, &tenant.state(), before.as_deref());
    let consent = id.map(|_| Consent::read(&mut form));
    form.finish()?;
    let Some(content) = content else { return Err(ApiError::internal("a form without content was accepted")) };
    if let (Some(id), Some(consent)) = (id, consent) {
        heavy(|| consent.check(id, &content, &tenant.state().at(now)))?;
    }
    let description = description.unwrap_or_default();
    let command = Command::PutSegment { id, name, description, content, now };
    let outcome = app.change(command, key.terms()).await?;
    let Outcome::Segment(saved) = outcome else {
        return Err(ApiError::internal("a segment was saved as something else"));
    };
    let state = tenant.state();
    let body = describe(&state, state.segments.get(saved)?, now, watch)?;
    Ok(answer::json(if id.is_some() { StatusCode::OK } else { StatusCode::CREATED }, body))
}

/// What a request says a segment holds; notes a mistake when it says nothing and there is nothing to keep.
fn content(form: &mut Form, state: &tenant::State, before: Option<&Segment>) -> Option<SegmentContent> {
    let kind = form.text("segment_type");
    let rule = form.rule(state).map(|(rule, _)| rule);
    let ids = form.ids("customers");
    match kind.as_deref() {
        None | Some("dynamic" | "static") => {}
        Some(other) => form.mistake(
            "/segment_type",
            "bad_segment_type",
            &format!("a segment is dynamic or static, not \"{other}\""),
        ),
    }
    let is_static = match (kind.as_deref(), before.map(|segment| &segment.kind)) {
        (Some(kind), _) => kind == "static",
        (None, _) if rule.is_some() || ids.is_some() => ids.is_some(),
        (None, before) => matches!(before, Some(SegmentKind::Static(_))),
    };
    if is_static && rule.is_some() {
        form.mistake("/criteria", "rule_in_static", "a static segment holds customers, not a rule");
    }
    if !is_static && ids.is_some() {
        form.mistake(
            "/customers",
            "ids_in_dynamic",
            "a dynamic segment holds a rule; set segment_type to static for customers",
        );
    }
    match (is_static, rule, ids, before.map(|segment| &segment.kind)) {
        (true, _, Some(ids), _) => Some(SegmentContent::Ids(ids)),
        (false, Some(rule), ..) => Some(SegmentContent::Rule(rule)),
        (true, _, None, Some(SegmentKind::Static(_))) => Some(SegmentContent::Same),
        (false, None, _, Some(SegmentKind::Dynamic { .. })) => Some(SegmentContent::Same),
        (true, ..) => {
            form.mistake("", "missing_key", "\"customers\" is missing: the ids a static segment holds");
            None
        }
        (false, ..) => {
            form.missing_rule();
            None
        }
    }
}

/// All segments with their current sizes.
#[utoipa::path(get, path = "/api/segments", tag = "segments", params(PageQuery), responses((status = 200, body = SegmentList)))]
pub(crate) async fn list(State(app): State<App>, Query(query): Query<PageQuery>) -> Reply {
    let watch = Stopwatch::start();
    let now = query.now(clock::now())?;
    let state = app.tenant()?.state();
    let (found, next) = pages::by_id(state.segments.iter(), |segment| segment.id.0, &query)?;
    let describe = |segment: &Arc<Segment>| describe(&state, segment, now, watch);
    let items = heavy(|| found.into_iter().map(describe).collect::<Result<Vec<_>, ApiError>>())?;
    Ok(answer::json(StatusCode::OK, json!({"items": items, "next_cursor": next, "total": state.segments.len()})))
}

/// One segment with its current size.
#[utoipa::path(get, path = "/api/segments/{id}", tag = "segments", params(("id" = String, Path), PageQuery),
    responses((status = 200, body = SegmentAnswer), (status = 404, body = ProblemDetails)))]
pub(crate) async fn read(State(app): State<App>, PathId(id): PathId, Query(query): Query<PageQuery>) -> Reply {
    let watch = Stopwatch::start();
    let now = query.now(clock::now())?;
    let state = app.tenant()?.state();
    let segment = state.segments.get(resolve(&state, &id)?)?;
    let body = heavy(|| describe(&state, segment, now, watch))?;
    Ok(answer::json(StatusCode::OK, body))
}

/// Ask for a segment's current size. Segments are always current: there is nothing to wait for.
#[utoipa::path(post, path = "/api/segments/{id}/refresh", tag = "segments", params(("id" = String, Path), PageQuery),
    responses((status = 200, body = SegmentAnswer), (status = 404, body = ProblemDetails)))]
pub(crate) async fn refresh(state: State<App>, id: PathId, query: Query<PageQuery>) -> Reply {
    read(state, id, query).await
}

/// Who is in a segment, in a stable order, page by page.
#[utoipa::path(get, path = "/api/segments/{id}/members", tag = "segments", params(("id" = String, Path), PageQuery),
    responses((status = 200, body = Members), (status = 404, body = ProblemDetails)))]
pub(crate) async fn members(State(app): State<App>, PathId(id): PathId, Query(query): Query<PageQuery>) -> Reply {
    pages::members(&app, &query, |state, now| Ok(state.segment_rows(resolve(state, &id)?, now)?))
}

/// Delete a segment that nothing refers to.
#[utoipa::path(delete, path = "/api/segments/{id}", tag = "segments", params(("id" = String, Path), Key),
    responses((status = 204), (status = 404, body = ProblemDetails), (status = 409, body = ProblemDetails)))]
pub(crate) async fn delete(State(app): State<App>, PathId(id): PathId, key: Key) -> Reply {
    let (tenant, terms) = (app.tenant()?, key.terms());
    let id = match resolve(&tenant.state(), &id) {
        // Deleted under this key already: the name leads nowhere any more.
        Err(_) if tenant.remembered(&terms)? == Some(Outcome::Done) => return Ok(answer::nothing()),
        found => found?,
    };
    app.change(Command::DeleteSegment(id), terms).await?;
    Ok(answer::nothing())
}

/// The segment that a path names, by id or by name.
pub(crate) fn resolve(state: &tenant::State, text: &str) -> Result<SegmentId, ApiError> {
    // In a path a number is an id first; a name of digits is reached by its id.
    let by_number = text.parse().map(SegmentId).ok().filter(|id| state.segments.by_id(*id));
    let found = by_number.or_else(|| state.segments.find(text));
    found.ok_or_else(|| Error::NotFound(format!("there is no segment \"{text}\"")).into())
}

fn describe(
    state: &tenant::State,
    segment: &Segment,
    now: muster_engine::time::Timestamp,
    watch: Stopwatch,
) -> Result<Map<String, Json>, ApiError> {
    let name_of = |id: SegmentId| state.segments.get(id).ok().map(|segment| segment.name.clone());
    let mut body = Map::new();
    body.insert("id".into(), json!(segment.id.0));
    body.insert("name".into(), json!(segment.name));
    body.insert("description".into(), json!(segment.description));
    match &segment.kind {
        SegmentKind::Dynamic { rule, .. } => {
            body.insert("segment_type".into(), json!("dynamic"));
            body.insert("criteria".into(), to_json(rule, &name_of));
            body.insert("text".into(), json!(to_text(rule, &name_of)));
        }
        SegmentKind::Static(ids) => {
            body.insert("segment_type".into(), json!("static"));
            body.insert("customers".into(), answer::id_counts(&ids.counts(&state.view)).into());
        }
    }
    body.insert("status".into(), json!("active"));
    body.insert("count".into(), json!(state.segment_count(segment.id, now)?));
    body.insert("created_at".into(), json!(segment.created.to_string()));
    body.insert("updated_at".into(), json!(segment.updated.to_string()));
    Stamp { data_version: state.version, now, watch, population: state.view.live().len() }.onto(&mut body);
    body.insert("warnings".into(), json!([]));
    Ok(body)
}
