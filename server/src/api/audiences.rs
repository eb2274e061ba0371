//! `/api/audiences`: preview with its breakdown, save, read, page through, attach a CSV list.

use std::sync::Arc;

use axum::extract::{Request, State};
use axum::http::StatusCode;
use muster_engine::audience::{Audience, Breakdown, Definition, IncludeMatch, SegmentChoice, Step};
use muster_engine::command::{Command, Outcome, Side};
use muster_engine::error::Error;
use muster_engine::id::AudienceId;
use muster_engine::limits::SAMPLE_MAX;
use muster_engine::tenant;
use muster_engine::time::Timestamp;
use serde_json::{Map, Value as Json, json};

use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use super::answer::{self, Stamp};
use super::app::{App, Reply, heavy};
use super::error::{ApiError, ProblemDetails};
use super::form::Form;
use super::lists::{self, ImportQuery};
use super::pages::{self, PageQuery};
use super::path::PathId;
use super::query::Query;
use super::shapes::{AudienceAnswer, AudienceList, AudiencePreviewAnswer, AudienceRequest, ListAnswer, Members};
use super::terms::Key;

use crate::clock::{self, Stopwatch};

/// Members that a preview shows when the request does not say.
const SAMPLE: usize = 10;

/// The routes of this file.
pub(super) fn router() -> OpenApiRouter<App> {
    OpenApiRouter::new()
        .routes(routes!(preview))
        .routes(routes!(list, create))
        .routes(routes!(read, update, delete))
        .routes(routes!(members))
        .routes(routes!(import_csv))
}

/// Evaluate an audience without saving it.
///
/// The breakdown always adds up: base - excluded_total = count.
#[utoipa::path(post, path = "/api/audiences/preview", tag = "audiences", request_body = AudienceRequest,
    responses((status = 200, body = AudiencePreviewAnswer), (status = 422, body = ProblemDetails)))]
pub(crate) async fn preview(State(app): State<App>, mut form: Form) -> Reply {
    let watch = Stopwatch::start();
    let state = app.tenant()?.state();
    let now = form.instant("now").unwrap_or_else(clock::now);
    let sample = form.number("sample").unwrap_or(SAMPLE);
    if sample > SAMPLE_MAX {
        form.mistake("/sample", "sample_too_large", &format!("a preview shows at most {SAMPLE_MAX} members"));
    }
    form.text("name");
    form.text("description");
    let definition = definition(&mut form, &state, None);
    form.finish()?;
    let body = heavy(|| evaluate(&state, &definition, now, sample, watch))?;
    Ok(answer::json(StatusCode::OK, body))
}

fn evaluate(
    state: &tenant::State,
    definition: &Definition,
    now: Timestamp,
    sample: usize,
    watch: Stopwatch,
) -> Result<Map<String, Json>, ApiError> {
    let preview = state.audience(definition, now, sample)?;
    let mut body = Map::new();
    body.insert("count".into(), json!(preview.rows.len()));
    body.insert("sample".into(), preview.sample.iter().map(|profile| answer::profile(profile, &state.view)).collect());
    body.insert("breakdown".into(), breakdown(&preview.breakdown));
    Stamp { data_version: state.version, now, watch, population: preview.population }.onto(&mut body);
    let everyone = json!({"pointer": "", "code": "everyone", "message": "no include key is given, so every profile is in", "suggestions": []});
    body.insert("warnings".into(), if definition.means_everyone() { json!([everyone]) } else { json!([]) });
    Ok(body)
}

/// A definition out of a request; what it leaves out is as in `before`.
fn definition(form: &mut Form, state: &tenant::State, before: Option<&Definition>) -> Definition {
    let mut definition = before.cloned().unwrap_or_default();
    match form.text("include_match").as_deref() {
        None => {}
        Some("any") => definition.include_match = IncludeMatch::Any,
        Some("all") => definition.include_match = IncludeMatch::All,
        Some(other) => form.mistake(
            "/include_match",
            "bad_include_match",
            &format!("include_match is any or all, not \"{other}\""),
        ),
    }
    if let Some(chosen) = segments(form, "include_segments", state) {
        definition.include_segments = Some(chosen);
    }
    if let Some(chosen) = segments(form, "exclude_segments", state) {
        definition.exclude_segments = chosen;
    }
    if let Some(ids) = form.ids("include_customers") {
        definition.include_customers = Some(ids);
    }
    if let Some(ids) = form.ids("exclude_customers") {
        definition.exclude_customers = ids;
    }
    for (key, is_include) in [("include_lists", true), ("exclude_lists", false)] {
        let Some(ids) = form.lists(key) else { continue };
        for (index, id) in ids.iter().enumerate() {
            if state.lists.get(*id).is_err() {
                form.mistake(&format!("/{key}/{index}"), "unknown_list", &format!("there is no list {id}"));
            }
        }
        if is_include { definition.include_lists = Some(ids) } else { definition.exclude_lists = ids }
    }
    definition
}

fn segments(form: &mut Form, key: &'static str, state: &tenant::State) -> Option<Vec<SegmentChoice>> {
    let references = form.segments(key)?;
    match Definition::choose(key, &references, &state.segments) {
        Ok(chosen) => Some(chosen),
        Err(Error::Invalid(problems)) => {
            problems.into_iter().for_each(|problem| form.problem(problem));
            None
        }
        Err(_) => None,
    }
}

/// Save an audience.
#[utoipa::path(post, path = "/api/audiences", tag = "audiences", params(Key), request_body = AudienceRequest,
    responses((status = 201, body = AudienceAnswer), (status = 409, body = ProblemDetails), (status = 422, body = ProblemDetails)))]
pub(crate) async fn create(State(app): State<App>, key: Key, form: Form) -> Reply {
    save(app, None, key, form).await
}

/// Change an audience. Keys that are left out keep what they were.
#[utoipa::path(put, path = "/api/audiences/{id}", tag = "audiences", params(("id" = u64, Path), Key), request_body = AudienceRequest,
    responses((status = 200, body = AudienceAnswer), (status = 404, body = ProblemDetails), (status = 409, body = ProblemDetails), (status = 422, body = ProblemDetails)))]
pub(crate) async fn update(State(app): State<App>, PathId(id): PathId, key: Key, form: Form) -> Reply {
    save(app, Some(audience_id(&id)?), key, form).await
}

async fn save(app: App, id: Option<AudienceId>, key: Key, mut form: Form) -> Reply {
    let watch = Stopwatch::start();
    let now = clock::now();
    let tenant = app.tenant()?;
    let state = tenant.state();
    let before = match id {
        Some(id) => Some(state.audiences.get(id)?.clone()),
        None => None,
    };
    let name = match &before {
        Some(audience) => form.text("name").unwrap_or_else(|| audience.name.clone()),
        None => form.required_text("name"),
    };
    let description =
        form.text("description").or(before.as_ref().map(|audience| audience.description.clone())).unwrap_or_default();
    let definition = definition(&mut form, &state, before.as_ref().map(|audience| &audience.definition));
    form.finish()?;
    let outcome = app.change(Command::PutAudience { id, name, description, definition, now }, key.terms()).await?;
    let Outcome::Audience(saved) = outcome else {
        return Err(ApiError::internal("an audience was saved as something else"));
    };
    let state = tenant.state();
    let body = heavy(|| describe(&state, state.audiences.get(saved)?, now, watch))?;
    Ok(answer::json(if id.is_some() { StatusCode::OK } else { StatusCode::CREATED }, body))
}

/// All audiences with their current sizes.
#[utoipa::path(get, path = "/api/audiences", tag = "audiences", params(PageQuery), responses((status = 200, body = AudienceList)))]
pub(crate) async fn list(State(app): State<App>, Query(query): Query<PageQuery>) -> Reply {
    let watch = Stopwatch::start();
    let now = query.now(clock::now())?;
    let state = app.tenant()?.state();
    let (found, next) = pages::by_id(state.audiences.iter(), |audience| audience.id.0, &query)?;
    let describe = |audience: &Arc<Audience>| describe(&state, audience, now, watch);
    let items = heavy(|| found.into_iter().map(describe).collect::<Result<Vec<_>, ApiError>>())?;
    let total = state.audiences.iter().count();
    Ok(answer::json(StatusCode::OK, json!({"items": items, "next_cursor": next, "total": total})))
}

/// One audience with its current size and breakdown.
#[utoipa::path(get, path = "/api/audiences/{id}", tag = "audiences", params(("id" = u64, Path), PageQuery),
    responses((status = 200, body = AudienceAnswer), (status = 404, body = ProblemDetails)))]
pub(crate) async fn read(State(app): State<App>, PathId(id): PathId, Query(query): Query<PageQuery>) -> Reply {
    let watch = Stopwatch::start();
    let now = query.now(clock::now())?;
    let state = app.tenant()?.state();
    let body = heavy(|| describe(&state, state.audiences.get(audience_id(&id)?)?, now, watch))?;
    Ok(answer::json(StatusCode::OK, body))
}

/// Who is in an audience, in a stable order, page by page.
#[utoipa::path(get, path = "/api/audiences/{id}/members", tag = "audiences", params(("id" = u64, Path), PageQuery),
    responses((status = 200, body = Members), (status = 404, body = ProblemDetails)))]
pub(crate) async fn members(State(app): State<App>, PathId(id): PathId, Query(query): Query<PageQuery>) -> Reply {
    pages::members(&app, &query, |state, now| {
        let audience = state.audiences.get(audience_id(&id)?)?;
        Ok(state.audience(&audience.definition, now, 0)?.rows)
    })
}

/// Import a CSV of ids as a list and attach it to one side of an audience.
#[utoipa::path(post, path = "/api/audiences/{id}/import-csv", tag = "audiences",
    params(("id" = u64, Path), ImportQuery, Key), request_body(content = String, content_type = "text/csv"),
    responses((status = 201, body = ListAnswer), (status = 404, body = ProblemDetails), (status = 422, body = ProblemDetails)))]
pub(crate) async fn import_csv(
    State(app): State<App>,
    PathId(id): PathId,
    Query(query): Query<ImportQuery>,
    key: Key,
    request: Request,
) -> Reply {
    let id = audience_id(&id)?;
    let side = query.side()?;
    app.tenant()?.state().audiences.get(id)?;
    lists::import(app, query, key, request, Some((id, side.unwrap_or(Side::Include)))).await
}

/// Delete an audience; its lists stay.
#[utoipa::path(delete, path = "/api/audiences/{id}", tag = "audiences", params(("id" = u64, Path), Key),
    responses((status = 204), (status = 404, body = ProblemDetails)))]
pub(crate) async fn delete(State(app): State<App>, PathId(id): PathId, key: Key) -> Reply {
    app.change(Command::DeleteAudience(audience_id(&id)?), key.terms()).await?;
    Ok(answer::nothing())
}

pub(super) fn audience_id(text: &str) -> Result<AudienceId, ApiError> {
    text.parse().map(AudienceId).map_err(|_| Error::NotFound(format!("there is no audience \"{text}\"")).into())
}

fn describe(
    state: &tenant::State,
    audience: &Audience,
    now: Timestamp,
    watch: Stopwatch,
) -> Result<Map<String, Json>, ApiError> {
    let mut body = Map::new();
    body.insert("id".into(), json!(audience.id.0));
    body.insert("name".into(), json!(audience.name));
    body.insert("description".into(), json!(audience.description));
    body.extend(described(&audience.definition));
    body.insert("status".into(), json!("active"));
    body.insert("created_at".into(), json!(audience.created.to_string()));
    body.insert("updated_at".into(), json!(audience.updated.to_string()));
    let mut evaluated = evaluate(state, &audience.definition, now, 0, watch)?;
    evaluated.swap_remove("sample");
    body.insert("customer_count".into(), evaluated["count"].clone());
    body.extend(evaluated);
    Ok(body)
}

/// A definition as a request would have it.
pub(super) fn described(definition: &Definition) -> Map<String, Json> {
    let segment = |choice: &SegmentChoice| json!(choice.id.0);
    let mut body = Map::new();
    body.insert(
        "include_match".into(),
        json!(if definition.include_match == IncludeMatch::All { "all" } else { "any" }),
    );
    if let Some(chosen) = &definition.include_segments {
        body.insert("include_segments".into(), chosen.iter().map(segment).collect());
    }
    if let Some(ids) = &definition.include_customers {
        body.insert("include_customers".into(), json!(ids));
    }
    if let Some(lists) = &definition.include_lists {
        body.insert("include_lists".into(), lists.iter().map(|list| json!(list.0)).collect());
    }
    body.insert("exclude_segments".into(), definition.exclude_segments.iter().map(segment).collect());
    body.insert("exclude_customers".into(), json!(definition.exclude_customers));
    body.insert("exclude_lists".into(), definition.exclude_lists.iter().map(|list| json!(list.0)).collect());
    body
}

/// The breakdown in the words of the acceptance set, and the same as a waterfall.
pub(super) fn breakdown(breakdown: &Breakdown) -> Json {
    let sizes =
        |sizes: &[(String, u64)]| sizes.iter().map(|(key, size)| (key.clone(), json!(size))).collect::<Map<_, _>>();
    let mut body = Map::new();
    body.insert("include_segments".into(), sizes(&breakdown.include_segments).into());
    body.insert("from_segments".into(), json!(breakdown.from_segments));
    if let Some(all) = breakdown.all_customers {
        body.insert("all_customers".into(), json!(all));
    }
    if let Some(ids) = &breakdown.include_customers {
        body.insert("include_customers".into(), answer::included(ids));
    }
    if !breakdown.include_lists.is_empty() {
        body.insert("include_lists".into(), breakdown.include_lists.iter().map(answer::included).collect());
    }
    body.insert("base".into(), json!(breakdown.base));
    if !breakdown.excluded_by_segment.is_empty() {
        body.insert("excluded_by_segment".into(), sizes(&breakdown.excluded_by_segment).into());
    }
    if let Some(ids) = &breakdown.exclude_customers {
        body.insert("exclude_customers".into(), answer::excluded(ids));
    }
    if !breakdown.exclude_lists.is_empty() {
        body.insert("exclude_lists".into(), breakdown.exclude_lists.iter().map(answer::excluded).collect());
    }
    body.insert("excluded_total".into(), json!(breakdown.excluded_total));
    let source = |step: &Step| json!({"kind": step.kind, "key": step.key, "size": step.size, "added": step.fresh, "only": step.only});
    let exclusion = |step: &Step| json!({"kind": step.kind, "key": step.key, "removed": step.size, "newly": step.fresh, "only": step.only});
    body.insert("sources".into(), breakdown.sources.iter().map(source).collect());
    body.insert("exclusions".into(), breakdown.exclusions.iter().map(exclusion).collect());
    body.into()
}
