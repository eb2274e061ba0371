//! `/api/audiences`: preview with its breakdown, save, read, page through, attach a CSV list.

use axum::extract::{Request, State};
use axum::http::StatusCode;
use muster_engine::audience::{Audience, Breakdown, Definition, IgnoredSuppression, Step, Wanted};
use muster_engine::command::{Command, Outcome, SaveAudience, Saving, Side, Stamp as By};
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
use super::attributes::{self, Way};
use super::audience_definition;
use super::error::{ApiError, ProblemDetails};
use super::form::Form;
use super::listing::ListQuery;
use super::lists::{self, ImportQuery};
use super::pages::{self, PageQuery};
use super::path::PathId;
use super::precondition::{IfMatch, tagged};
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
        .routes(routes!(read, update, patch, delete))
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
    // What an audience has beside, for whoever previews one that is about to be saved.
    attributes::read(&mut form, Way::Merge);
    attributes::campaign(&mut form, Way::Merge);
    attributes::by(&mut form);
    let definition = audience_definition::changed(&mut form, &state, None, Way::New).unwrap_or_default();
    form.finish()?;
    let body = heavy(|| evaluate(&state, Wanted::from(&definition), now, sample, watch))?;
    Ok(answer::json(StatusCode::OK, body))
}

fn evaluate(
    state: &tenant::State,
    wanted: Wanted<'_>,
    now: Timestamp,
    sample: usize,
    watch: Stopwatch,
) -> Result<Map<String, Json>, ApiError> {
    let preview = state.audience(wanted, now, sample)?;
    let mut body = Map::new();
    body.insert("count".into(), json!(preview.rows.len()));
    body.insert("sample".into(), preview.sample.iter().map(|profile| answer::profile(profile, &state.view)).collect());
    body.insert("breakdown".into(), breakdown(&preview.breakdown, wanted.definition));
    Stamp { data_version: state.version, now, watch, population: preview.population }.onto(&mut body);
    let everyone = json!({"pointer": "", "code": "everyone", "message": "no include key is given, so every profile is in", "suggestions": []});
    body.insert("warnings".into(), if wanted.definition.means_everyone() { json!([everyone]) } else { json!([]) });
    Ok(body)
}

/// Save an audience.
#[utoipa::path(post, path = "/api/audiences", tag = "audiences", params(Key), request_body = AudienceRequest,
    responses((status = 201, body = AudienceAnswer), (status = 409, body = ProblemDetails), (status = 422, body = ProblemDetails)))]
pub(crate) async fn create(State(app): State<App>, key: Key, form: Form) -> Reply {
    save(app, None, Way::New, (key, IfMatch::default()), form).await
}

/// Save an audience anew. Keys that are left out are as in a new one, but for its name.
///
/// Who is in it stays when no key says anything of it.
#[utoipa::path(put, path = "/api/audiences/{id}", tag = "audiences", params(("id" = u64, Path), Key, IfMatch), request_body = AudienceRequest,
    responses((status = 200, body = AudienceAnswer), (status = 404, body = ProblemDetails), (status = 409, body = ProblemDetails),
        (status = 412, body = ProblemDetails), (status = 422, body = ProblemDetails)))]
pub(crate) async fn update(
    State(app): State<App>,
    PathId(id): PathId,
    key: Key,
    if_match: IfMatch,
    form: Form,
) -> Reply {
    save(app, Some(audience_id(&id)?), Way::Replace, (key, if_match), form).await
}

/// Change some of an audience. Keys that are left out stay; `null` takes a value away.
///
/// An audience whose last source goes that way comes to mean everybody, so `confirm_everyone` must be `true` then.
#[utoipa::path(patch, path = "/api/audiences/{id}", tag = "audiences", params(("id" = u64, Path), Key, IfMatch), request_body = AudienceRequest,
    responses((status = 200, body = AudienceAnswer), (status = 404, body = ProblemDetails), (status = 409, body = ProblemDetails),
        (status = 412, body = ProblemDetails), (status = 422, body = ProblemDetails)))]
pub(crate) async fn patch(
    State(app): State<App>,
    PathId(id): PathId,
    key: Key,
    if_match: IfMatch,
    form: Form,
) -> Reply {
    save(app, Some(audience_id(&id)?), Way::Merge, (key, if_match), form).await
}

async fn save(app: App, id: Option<AudienceId>, way: Way, terms: (Key, IfMatch), mut form: Form) -> Reply {
    let (watch, now) = (Stopwatch::start(), clock::now());
    let tenant = app.tenant()?;
    let state = tenant.state();
    let before = id.map(|id| state.audiences.get(id)).transpose()?;
    let mut attributes = attributes::read(&mut form, way);
    attributes.campaign = attributes::campaign(&mut form, way);
    let stamp = By { by: attributes::by(&mut form), now };
    let definition = audience_definition::changed(&mut form, &state, before.map(|audience| &*audience.definition), way);
    form.finish()?;
    let command = Command::SaveAudience(SaveAudience { id, attributes, definition, stamp });
    let (key, if_match) = terms;
    let expected = id.and_then(|id| if_match.of(Saving::Audience(id)));
    let outcome = app.change_expecting(command, key.terms(), expected).await?;
    let Outcome::Audience(saved) = outcome else {
        return Err(ApiError::internal("an audience was saved as something else"));
    };
    answered(&tenant.state(), saved, if id.is_some() { StatusCode::OK } else { StatusCode::CREATED }, now, watch)
}

/// An audience with its size and breakdown.
pub(super) fn answered(
    state: &tenant::State,
    id: AudienceId,
    status: StatusCode,
    now: Timestamp,
    watch: Stopwatch,
) -> Reply {
    let audience = state.audiences.get(id)?;
    let body = heavy(|| describe(state, audience, true, now, watch))?;
    Ok(tagged(answer::json(status, body), audience.version))
}

/// All audiences with their current sizes, those of archived ones only when asked for.
#[utoipa::path(get, path = "/api/audiences", tag = "audiences", params(ListQuery),
    responses((status = 200, body = AudienceList), (status = 422, body = ProblemDetails)))]
pub(crate) async fn list(State(app): State<App>, Query(query): Query<ListQuery>) -> Reply {
    let watch = Stopwatch::start();
    let tenant = app.tenant()?;
    let (state, now) = query.moment(&tenant)?;
    let has_counts = query.has_counts()?;
    let body = heavy(|| {
        let all = state.audiences.iter().map(|audience| &**audience);
        let size = |audience: &&Audience| Ok(state.audience(*audience, now, 0)?.rows.len());
        // Sizes come with their breakdowns; only a list that is sorted by them needs all of them first.
        let page = query.without_counts().pick(all, state.version, now, |some| some.iter().map(size).collect())?;
        let describe = |(audience, _): &(&Audience, _)| describe(&state, audience, has_counts, now, watch);
        let items = page.items.iter().map(describe).collect::<Result<Vec<_>, _>>()?;
        Ok::<_, ApiError>(json!({"items": items, "next_cursor": page.next_cursor, "total": page.total}))
    })?;
    if !body["next_cursor"].is_null() {
        tenant.pin(&state);
    }
    Ok(answer::json(StatusCode::OK, body))
}

/// One audience with its current size and breakdown.
#[utoipa::path(get, path = "/api/audiences/{id}", tag = "audiences", params(("id" = u64, Path), PageQuery),
    responses((status = 200, body = AudienceAnswer), (status = 404, body = ProblemDetails)))]
pub(crate) async fn read(State(app): State<App>, PathId(id): PathId, Query(query): Query<PageQuery>) -> Reply {
    let watch = Stopwatch::start();
    let now = query.now(clock::now())?;
    answered(&app.tenant()?.state(), audience_id(&id)?, StatusCode::OK, now, watch)
}

/// Who is in an audience, in a stable order, page by page.
#[utoipa::path(get, path = "/api/audiences/{id}/members", tag = "audiences", params(("id" = u64, Path), PageQuery),
    responses((status = 200, body = Members), (status = 404, body = ProblemDetails)))]
pub(crate) async fn members(State(app): State<App>, PathId(id): PathId, Query(query): Query<PageQuery>) -> Reply {
    pages::members(&app, &query, |state, now| {
        let audience = state.audiences.get(audience_id(&id)?)?;
        Ok(state.audience(audience, now, 0)?.rows)
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

/// Delete an audience; its lists stay. One that is in an exclusion group has to be taken out of there first.
#[utoipa::path(delete, path = "/api/audiences/{id}", tag = "audiences", params(("id" = u64, Path), Key, IfMatch),
    responses((status = 204), (status = 409, body = ProblemDetails), (status = 404, body = ProblemDetails), (status = 412, body = ProblemDetails)))]
pub(crate) async fn delete(State(app): State<App>, PathId(id): PathId, key: Key, if_match: IfMatch) -> Reply {
    let id = audience_id(&id)?;
    let expected = if_match.of(Saving::Audience(id));
    app.change_expecting(Command::DeleteAudience(id), key.terms(), expected).await?;
    Ok(answer::nothing())
}

/// The audience that a path names.
pub(super) fn audience_id(text: &str) -> Result<AudienceId, ApiError> {
    text.parse().map(AudienceId).map_err(|_| Error::NotFound(format!("there is no audience \"{text}\"")).into())
}

fn describe(
    state: &tenant::State,
    audience: &Audience,
    has_counts: bool,
    now: Timestamp,
    watch: Stopwatch,
) -> Result<Map<String, Json>, ApiError> {
    let mut body = Map::new();
    body.insert("id".into(), json!(audience.id.0));
    attributes::onto(&mut body, &audience.attributes());
    body.insert("campaign_id".into(), json!(audience.campaign));
    audience_definition::onto(&mut body, &audience.definition);
    body.insert("version".into(), json!(audience.version));
    body.insert("changed_by".into(), json!(audience.by));
    body.insert("created_at".into(), json!(audience.created.to_string()));
    body.insert("updated_at".into(), json!(audience.updated.to_string()));
    if !has_counts {
        Stamp { data_version: state.version, now, watch, population: state.view.live().len() }.onto(&mut body);
        return Ok(body);
    }
    let mut evaluated = evaluate(state, Wanted::from(audience), now, 0, watch)?;
    evaluated.swap_remove("sample");
    body.insert("customer_count".into(), evaluated["count"].clone());
    body.extend(evaluated);
    Ok(body)
}

/// The breakdown in the words of the acceptance set, and the same as a waterfall.
pub(super) fn breakdown(breakdown: &Breakdown, definition: &Definition) -> Json {
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
    body.insert("waterfall".into(), waterfall(breakdown));
    if let Some(ignored) = &definition.gates.ignored {
        let told = |one: &IgnoredSuppression| json!({"id": one.id.0, "name": one.name, "members": one.members, "reason": ignored.reason});
        body.insert("ignored_suppressions".into(), breakdown.ignored.iter().map(told).collect());
    }
    body.into()
}

/// From the base to the count: each step takes out whoever no earlier one does.
fn waterfall(breakdown: &Breakdown) -> Json {
    let mut left = breakdown.base;
    let step = |step: &Step| {
        let before = left;
        left -= step.fresh;
        json!({"reason": step.reason(), "kind": step.kind, "name": step.label, "before": before,
            "removed": step.fresh, "only": step.only, "left": left})
    };
    breakdown.exclusions.iter().map(step).collect()
}
