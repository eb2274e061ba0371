//! `/api/segments`: preview, save, read, page through.

use axum::extract::State;
use axum::http::StatusCode;
use muster_engine::command::{Command, Outcome, SaveSegment, Saving, SegmentContent, Stamp as By};
use muster_engine::error::Error;
use muster_engine::id::{AudienceId, ListId, SegmentId};
use muster_engine::insight::{Lint, lint};
use muster_engine::rule::{Rule, SegmentNames, operators_of, operators_of_id, to_json, to_text};
use muster_engine::segment::{Preview, Segment, SegmentKept, SegmentKind};
use muster_engine::tenant;
use muster_engine::time::Timestamp;
use serde::Serialize;
use serde_json::{Map, Value as Json, json};

use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use super::answer::{self, Stamp};
use super::app::{App, Reply, heavy};
use super::asked::Question;
use super::attributes::{self, Way};
use super::body::JsonBytes;
use super::diffs::Consent;
use super::error::{ApiError, ProblemDetails};
use super::form::Form;
use super::lints;
use super::listing::ListQuery;
use super::lookalikes;
use super::member_changes;
use super::pages::{self, PageQuery};
use super::path::PathId;
use super::precondition::{IfMatch, tagged};
use super::query::Query;
use super::segment_templates;
use super::shapes::{
    Members, NewSegmentAnswer, PreviewAnswer, PreviewRequest, SegmentAnswer, SegmentList, SegmentRequest,
};
use super::sight;
use super::terms::Key;
use super::uses;
use super::weight::is_light_preview;

use crate::clock::{self, Stopwatch};

/// The routes of this file.
pub(super) fn router() -> OpenApiRouter<App> {
    OpenApiRouter::new()
        .routes(routes!(preview))
        .routes(routes!(template))
        .routes(routes!(list, create))
        .routes(routes!(read, update, patch, delete))
        .routes(routes!(refresh))
        .routes(routes!(members, member_changes::change))
        .merge(segment_templates::router())
}

/// Count a rule without saving it.
///
/// Exact, with a sample of members; `"explain": true` adds what every node of the rule matches, how many profiles have
/// no value for it, and what the count would be without it; `"written": true` adds the rule in both its forms.
#[utoipa::path(post, path = "/api/segments/preview", tag = "segments", request_body = PreviewRequest,
    responses((status = 200, body = PreviewAnswer), (status = 400, body = ProblemDetails), (status = 422, body = ProblemDetails)))]
pub(crate) async fn preview(State(app): State<App>, JsonBytes(body): JsonBytes) -> Reply {
    let watch = Stopwatch::start();
    let state = app.tenant()?.state();
    let question = app.asked.question(&body, &state)?;
    // It may have been understood for somebody else.
    sight::refusal(&question.rule, &question.checked).map_or(Ok(()), Err)?;
    let (now, options) = (question.now.unwrap_or_else(clock::now), question.options);
    let (preview, found) = if !question.lint && is_light_preview(&question.rule, &state.view, options) {
        counted(&question, &state, now)?
    } else {
        let (question, state) = (question.clone(), state.clone());
        app.aside("this preview", async move { heavy(|| counted(&question, &state, now)) }).await??
    };
    let warnings = found.map_or_else(|| answer::warnings(&preview.warnings), |found| lints::remarks(&found, &state));
    let node = |node: &muster_engine::eval::NodeCounts| json!({"pointer": node.pointer, "matched": node.matched, "missing": node.missing, "without": node.without});
    let body = Previewed {
        count: preview.count,
        sample: preview.sample.iter().map(|profile| answer::profile(profile, &state.view)).collect(),
        stamp: Stamp { data_version: state.version, now, watch, population: preview.population },
        warnings,
        nodes: preview.nodes.map(|nodes| nodes.iter().map(node).collect()),
        forms: question.written.then(|| Forms::of(&question.rule, &state)),
    };
    Ok(answer::json(StatusCode::OK, body))
}

/// What a preview counts, and what its rule says in vain where that is asked.
fn counted(question: &Question, state: &tenant::State, now: Timestamp) -> Result<(Preview, Option<Lint>), Error> {
    let preview = state.preview(&question.checked, now, question.options)?;
    Ok((preview, question.lint.then(|| lint(&question.rule, &question.checked, None, &state.at(now)))))
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
    #[serde(flatten)]
    forms: Option<Forms>,
}

/// A rule in both its forms: whoever sent one learns the other.
#[derive(Serialize)]
struct Forms {
    criteria: Json,
    text: String,
}

impl Forms {
    fn of(rule: &Rule, state: &tenant::State) -> Self {
        let name_of = |id: SegmentId| state.segments.get(id).ok().map(|segment| segment.name.clone());
        Self { criteria: to_json(rule, &name_of), text: to_text(rule, &name_of) }
    }
}

/// A segment to start from.
#[utoipa::path(get, path = "/api/segments/new", tag = "segments", responses((status = 200, body = NewSegmentAnswer)))]
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
            "tags": [],
            "status": "active",
            "owner": "",
            "fields": fields,
        }),
    ))
}

/// Save a segment.
///
/// A static one holds `customers`, or the people of `from_list`, `from_segment` or `from_audience` as these are now.
#[utoipa::path(post, path = "/api/segments", tag = "segments", params(Key), request_body = SegmentRequest,
    responses((status = 201, body = SegmentAnswer), (status = 409, body = ProblemDetails), (status = 422, body = ProblemDetails)))]
pub(crate) async fn create(State(app): State<App>, key: Key, form: Form) -> Reply {
    save(app, None, Way::New, (key, IfMatch::default()), form).await
}

/// Save a segment anew. Keys that are left out are as in a new one, but for its name and what it holds, which stay.
///
/// A change that moves more than a fifth of the members, and 1,000 people, has to be confirmed.
#[utoipa::path(put, path = "/api/segments/{id}", tag = "segments", params(("id" = String, Path), Key, IfMatch), request_body = SegmentRequest,
    responses((status = 200, body = SegmentAnswer), (status = 404, body = ProblemDetails), (status = 409, body = ProblemDetails),
        (status = 412, body = ProblemDetails), (status = 422, body = ProblemDetails)))]
pub(crate) async fn update(
    State(app): State<App>,
    PathId(id): PathId,
    key: Key,
    if_match: IfMatch,
    form: Form,
) -> Reply {
    let id = resolve(&app.tenant()?.state(), &id)?;
    save(app, Some(id), Way::Replace, (key, if_match), form).await
}

/// Change some attributes of a segment. Keys that are left out stay; `null` takes a value away.
#[utoipa::path(patch, path = "/api/segments/{id}", tag = "segments", params(("id" = String, Path), Key, IfMatch), request_body = SegmentRequest,
    responses((status = 200, body = SegmentAnswer), (status = 404, body = ProblemDetails), (status = 409, body = ProblemDetails),
        (status = 412, body = ProblemDetails), (status = 422, body = ProblemDetails)))]
pub(crate) async fn patch(
    State(app): State<App>,
    PathId(id): PathId,
    key: Key,
    if_match: IfMatch,
    form: Form,
) -> Reply {
    let id = resolve(&app.tenant()?.state(), &id)?;
    save(app, Some(id), Way::Merge, (key, if_match), form).await
}

pub(super) async fn save(app: App, id: Option<SegmentId>, way: Way, terms: (Key, IfMatch), mut form: Form) -> Reply {
    let (watch, now) = (Stopwatch::start(), clock::now());
    let tenant = app.tenant()?;
    let state = tenant.state();
    let before = id.map(|id| state.segments.get(id)).transpose()?;
    let attributes = attributes::read(&mut form, way);
    let content = content(&mut form, &state, before.map(|segment| &**segment), now);
    let stamp = By { by: attributes::by(&mut form), now };
    let consent = id.map(|id| (id, Consent::read(&mut form)));
    form.finish()?;
    let Some(content) = content else { return Err(ApiError::internal("a form without content was accepted")) };
    if let Some((id, consent)) = consent {
        heavy(|| consent.check(id, &content, &state.at(now)))?;
    }
    let command = Command::SaveSegment(SaveSegment { id, attributes, content, stamp });
    let (key, if_match) = terms;
    let expected = id.and_then(|id| if_match.of(Saving::Segment(id)));
    let outcome = app.change_expecting(command, key.terms(), expected).await?;
    let Outcome::Segment(saved) = outcome else {
        return Err(ApiError::internal("a segment was saved as something else"));
    };
    answered(&tenant.state(), saved, if id.is_some() { StatusCode::OK } else { StatusCode::CREATED }, now, watch)
}

/// A segment that was just saved, with its size.
pub(super) fn answered(
    state: &tenant::State,
    id: SegmentId,
    status: StatusCode,
    now: Timestamp,
    watch: Stopwatch,
) -> Reply {
    let segment = state.segments.get(id)?;
    let body = heavy(|| described(state, segment, now, watch))?;
    Ok(tagged(answer::json(status, body), segment.version))
}

/// What a request says a segment holds; notes a mistake when it says nothing and there is nothing to keep.
fn content(form: &mut Form, state: &tenant::State, before: Option<&Segment>, now: Timestamp) -> Option<SegmentContent> {
    let kind = form.text("segment_type");
    let is_lookalike = matches!(before.map(|segment| &segment.kind), Some(SegmentKind::Lookalike { .. }));
    if kind.as_deref() == Some("lookalike") || (kind.is_none() && lookalikes::is_asked(form)) {
        let is_kept = is_lookalike && !lookalikes::is_asked(form);
        return if is_kept { Some(SegmentContent::Same) } else { lookalikes::content(form, state, now) };
    }
    let rule = form.rule(state).map(|(rule, _)| SegmentContent::Rule(rule));
    let people = people(form, state, now);
    match kind.as_deref() {
        None | Some("dynamic" | "static") => {}
        Some(other) => form.mistake(
            "/segment_type",
            "bad_segment_type",
            &format!("a segment is dynamic, static or lookalike, not \"{other}\""),
        ),
    }
    let is_static = match (kind.as_deref(), before.map(|segment| &segment.kind)) {
        (Some(kind), _) => kind == "static",
        (None, _) if rule.is_some() || people.is_some() => people.is_some(),
        (None, before) => matches!(before, Some(SegmentKind::Static(_))),
    };
    if is_static && rule.is_some() {
        form.mistake("/criteria", "rule_in_static", "a static segment holds customers, not a rule");
    }
    if !is_static && people.is_some() {
        form.mistake(
            "/customers",
            "ids_in_dynamic",
            "a dynamic segment holds a rule; set segment_type to static for customers",
        );
    }
    match (is_static, rule, people, before.map(|segment| &segment.kind)) {
        (true, _, Some(people), _) => Some(people),
        (false, Some(rule), ..) => Some(rule),
        (true, _, None, Some(SegmentKind::Static(_))) | (false, None, _, Some(SegmentKind::Dynamic { .. })) => {
            Some(SegmentContent::Same)
        }
        (_, None, None, _) if is_lookalike && kind.is_none() => Some(SegmentContent::Same),
        (true, ..) => {
            let message = "\"customers\" is missing: the ids a static segment holds, or from_list, from_segment or \
                           from_audience to copy them";
            form.mistake("", "missing_key", message);
            None
        }
        (false, ..) => {
            form.missing_rule();
            None
        }
    }
}

/// The people that a request gives a static segment: as ids, or as whoever is somewhere now.
fn people(form: &mut Form, state: &tenant::State, now: Timestamp) -> Option<SegmentContent> {
    let mut given: Vec<(&str, SegmentContent)> = Vec::new();
    given.extend(form.ids("customers").map(|ids| ("customers", SegmentContent::Ids(ids))));
    if let Some(list) = form.number("from_list").map(|id| ListId(id as u64)) {
        given.push(("from_list", SegmentContent::List(list)));
    }
    if let Some(segment) = form.segment("from_segment", state) {
        let rows = heavy(|| state.segment_rows(segment, now)).unwrap_or_default();
        given.push(("from_segment", SegmentContent::Rows(rows)));
    }
    if let Some(id) = form.number("from_audience").map(|id| AudienceId(id as u64)) {
        let audience = state.audiences.get(id);
        match audience.and_then(|audience| heavy(|| state.audience(audience, now, 0))) {
            Ok(found) => given.push(("from_audience", SegmentContent::Rows(found.rows))),
            Err(error) => form.mistake("/from_audience", "unknown_audience", &error.to_string()),
        }
    }
    if let [_, (key, _), ..] = given.as_slice() {
        let pointer = format!("/{key}");
        form.mistake(&pointer, "two_sources", "say once whom the segment holds");
    }
    given.pop().map(|(_, content)| content)
}

/// All segments with their current sizes, those of archived ones only when asked for.
#[utoipa::path(get, path = "/api/segments", tag = "segments", params(ListQuery),
    responses((status = 200, body = SegmentList), (status = 422, body = ProblemDetails)))]
pub(crate) async fn list(State(app): State<App>, Query(query): Query<ListQuery>) -> Reply {
    let watch = Stopwatch::start();
    let tenant = app.tenant()?;
    let (state, now) = query.moment(&tenant)?;
    let body = heavy(|| {
        let all = state.segments.iter().map(|segment| &**segment);
        let page = query.pick(all, state.version, now, |some| Ok(state.segment_counts(some, now)))?;
        let describe = |(segment, count): &(&Segment, Option<u64>)| describe(&state, segment, *count, now, watch);
        let items: Vec<_> = page.items.iter().map(describe).collect();
        Ok::<_, ApiError>(json!({"items": items, "next_cursor": page.next_cursor, "total": page.total}))
    })?;
    if !body["next_cursor"].is_null() {
        tenant.pin(&state);
    }
    Ok(answer::json(StatusCode::OK, body))
}

/// One segment with its current size.
#[utoipa::path(get, path = "/api/segments/{id}", tag = "segments", params(("id" = String, Path), PageQuery),
    responses((status = 200, body = SegmentAnswer), (status = 404, body = ProblemDetails)))]
pub(crate) async fn read(State(app): State<App>, PathId(id): PathId, Query(query): Query<PageQuery>) -> Reply {
    let watch = Stopwatch::start();
    let now = query.now(clock::now())?;
    let state = app.tenant()?.state();
    answered(&state, resolve(&state, &id)?, StatusCode::OK, now, watch)
}

/// Ask for a segment's current size. A look-alike segment is trained anew, and its threshold chosen again, as a new
/// version; all others are always current: there is nothing to wait for.
#[utoipa::path(post, path = "/api/segments/{id}/refresh", tag = "segments", params(("id" = String, Path), PageQuery, Key, IfMatch),
    responses((status = 200, body = SegmentAnswer), (status = 404, body = ProblemDetails), (status = 412, body = ProblemDetails),
        (status = 422, body = ProblemDetails)))]
pub(crate) async fn refresh(
    State(app): State<App>,
    PathId(id): PathId,
    key: Key,
    if_match: IfMatch,
    query: Query<PageQuery>,
) -> Reply {
    let state = app.tenant()?.state();
    let found = resolve(&state, &id)?;
    match &state.segments.get(found)?.kind {
        SegmentKind::Lookalike { model, .. } => lookalikes::refresh(app, found, model, (key, if_match)).await,
        SegmentKind::Dynamic { .. } | SegmentKind::Static(_) => read(State(app), PathId(id), query).await,
    }
}

/// Who is in a segment, in a stable order, page by page.
#[utoipa::path(get, path = "/api/segments/{id}/members", tag = "segments", params(("id" = String, Path), PageQuery),
    responses((status = 200, body = Members), (status = 404, body = ProblemDetails)))]
pub(crate) async fn members(State(app): State<App>, PathId(id): PathId, Query(query): Query<PageQuery>) -> Reply {
    pages::members(&app, &query, |state, now| Ok(state.segment_rows(resolve(state, &id)?, now)?))
}

/// Delete a segment that nothing refers to; otherwise the answer lists who does.
#[utoipa::path(delete, path = "/api/segments/{id}", tag = "segments", params(("id" = String, Path), Key, IfMatch),
    responses((status = 204), (status = 404, body = ProblemDetails), (status = 409, body = ProblemDetails), (status = 412, body = ProblemDetails)))]
pub(crate) async fn delete(State(app): State<App>, PathId(id): PathId, key: Key, if_match: IfMatch) -> Reply {
    let (tenant, terms) = (app.tenant()?, key.terms());
    let id = match resolve(&tenant.state(), &id) {
        // Deleted under this key already: the name leads nowhere any more.
        Err(_) if tenant.remembered(&terms)? == Some(Outcome::Done) => return Ok(answer::nothing()),
        found => found?,
    };
    let deleted = app.change_expecting(Command::DeleteSegment(id), terms, if_match.of(Saving::Segment(id))).await;
    deleted.map_err(|error| uses::with_users(error, &tenant.state(), |state| state.users_of_segment(id)))?;
    Ok(answer::nothing())
}

/// The segment that a path names, by id or by name.
pub(crate) fn resolve(state: &tenant::State, text: &str) -> Result<SegmentId, ApiError> {
    // In a path a number is an id first; a name of digits is reached by its id.
    let by_number = text.parse().map(SegmentId).ok().filter(|id| state.segments.by_id(*id));
    let found = by_number.or_else(|| state.segments.find(text));
    found.ok_or_else(|| Error::NotFound(format!("there is no segment \"{text}\"")).into())
}

fn described(
    state: &tenant::State,
    segment: &Segment,
    now: Timestamp,
    watch: Stopwatch,
) -> Result<Map<String, Json>, ApiError> {
    Ok(describe(state, segment, Some(state.segment_count(segment.id, now)?), now, watch))
}

fn describe(
    state: &tenant::State,
    segment: &Segment,
    count: Option<u64>,
    now: Timestamp,
    watch: Stopwatch,
) -> Map<String, Json> {
    let mut body = Map::new();
    body.insert("id".into(), json!(segment.id.0));
    attributes::onto(&mut body, &segment.attributes());
    kept_onto(&mut body, &segment.kind.kept(), state);
    if let Some(count) = count {
        body.insert("count".into(), json!(count));
    }
    body.insert("version".into(), json!(segment.version));
    body.insert("changed_by".into(), json!(segment.by));
    body.insert("created_at".into(), json!(segment.created.to_string()));
    body.insert("updated_at".into(), json!(segment.updated.to_string()));
    Stamp { data_version: state.version, now, watch, population: state.view.live().len() }.onto(&mut body);
    body.insert("warnings".into(), json!([]));
    body
}

/// Puts what a segment holds, or held, into an answer.
pub(super) fn kept_onto(body: &mut Map<String, Json>, kept: &SegmentKept, state: &tenant::State) {
    match kept {
        SegmentKept::Rule(rule) => {
            let name_of = |id: SegmentId| state.segments.get(id).ok().map(|segment| segment.name.clone());
            let criteria = to_json(rule, &name_of);
            body.insert("segment_type".into(), json!("dynamic"));
            body.insert("conditions".into(), conditions(&criteria));
            body.insert("criteria".into(), criteria);
            body.insert("text".into(), json!(to_text(rule, &name_of)));
            if sight::is_masked(rule, state.view.schema()) {
                sight::mask(body, &["conditions", "criteria", "text"]);
            }
        }
        SegmentKept::Lookalike(model) => {
            body.insert("segment_type".into(), json!("lookalike"));
            lookalikes::model_onto(body, model, state);
        }
        SegmentKept::Ids(ids) => {
            body.insert("segment_type".into(), json!("static"));
            body.insert("customers".into(), answer::id_counts(&ids.counts(&state.view)).into());
        }
    }
}

/// A rule as older systems write it: always a group, joined by `logic` (AND, OR, NOT).
fn conditions(criteria: &Json) -> Json {
    let node = node_of_conditions(criteria);
    if node.get("logic").is_some() { node } else { json!({"logic": "AND", "rules": [node]}) }
}

fn node_of_conditions(node: &Json) -> Json {
    let (Some(join), Some(rules)) = (node["match"].as_str(), node["rules"].as_array()) else { return node.clone() };
    let logic = match join {
        "any" => "OR",
        "none" => "NOT",
        _ => "AND",
    };
    json!({"logic": logic, "rules": rules.iter().map(node_of_conditions).collect::<Vec<_>>()})
}
