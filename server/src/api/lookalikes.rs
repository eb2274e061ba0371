//! Look-alike segments: read from requests, trained, told about, and previewed before they are saved.

use axum::extract::State;
use axum::http::StatusCode;
use muster_engine::command::{Command, SaveSegment, Saving, SegmentContent, Stamp as By};
use muster_engine::id::SegmentId;
use muster_engine::lookalike::{
    FieldShare, HoldOut, Lookalike, ReachPoint, Request, Skipped, preview as previewed, train,
};
use muster_engine::rule::{Rule, to_text};
use muster_engine::segment::{Aim, Model, Term};
use muster_engine::tenant;
use muster_engine::time::Timestamp;
use serde_json::{Map, Value as Json, json};
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use super::answer::{self, Stamp};
use super::app::{App, Reply, heavy};
use super::error::{ApiError, ProblemDetails};
use super::form::Form;
use super::precondition::IfMatch;
use super::segments::answered;
use super::shapes::{LookalikePreviewAnswer, LookalikeRequest};
use super::sight;
use super::terms::Key;
use crate::access::{hidden_fields, is_hidden};
use crate::clock::{self, Stopwatch};

/// Keys that name the source: `source_segment_id` is what older systems say.
const SOURCE_KEYS: [&str; 2] = ["source", "source_segment_id"];

/// The routes of this file.
pub(super) fn router() -> OpenApiRouter<App> {
    OpenApiRouter::new().routes(routes!(preview))
}

/// Look for people who are like those of a segment, without saving anything.
///
/// Which traits count and how much, how well the model finds people of the source that were kept out of a training, and
/// how many people it reaches at which similarity.
#[utoipa::path(post, path = "/api/segments/lookalike/preview", tag = "segments", request_body = LookalikeRequest,
    responses((status = 200, body = LookalikePreviewAnswer), (status = 422, body = ProblemDetails)))]
pub(crate) async fn preview(State(app): State<App>, mut form: Form) -> Reply {
    let watch = Stopwatch::start();
    let state = app.tenant()?.state();
    let request = read(&mut form, &state);
    let now = form.instant("now").unwrap_or_else(clock::now);
    form.finish()?;
    let Some(request) = request else { return Err(ApiError::internal("a form without a source was accepted")) };
    let found = heavy(|| previewed(&request, &state.at(now), state.version))?;
    let mut body = Map::new();
    body.insert("count".into(), json!(found.lookalike.model.trained.size));
    trained_onto(&mut body, &found.lookalike, &state);
    body.insert("hold_out".into(), json!(found.hold_out.as_ref().map(hold_out)));
    body.insert("reach".into(), found.reach.iter().map(reach).collect());
    Stamp { population: state.view.live().len(), data_version: state.version, now, watch }.onto(&mut body);
    Ok(answer::json(StatusCode::OK, body))
}

/// Whether a request speaks of look-alikes.
pub(super) fn is_asked(form: &Form) -> bool {
    SOURCE_KEYS.iter().any(|key| form.peek(key).is_some_and(|value| !value.is_null()))
}

/// What a request asks for; notes every mistake.
pub(super) fn read(form: &mut Form, state: &tenant::State) -> Option<Request> {
    let mut sources: Vec<(&str, Option<SegmentId>)> = Vec::new();
    for key in SOURCE_KEYS {
        if form.peek(key).is_some_and(|value| !value.is_null()) {
            sources.push((key, form.segment(key, state)));
        } else {
            form.take(key);
        }
    }
    if sources.is_empty() {
        form.mistake(
            "",
            "missing_key",
            "\"source\" is missing: the segment, by name or id, whose people others are to be like",
        );
    }
    if let [_, (key, _)] = sources.as_slice() {
        form.mistake(&format!("/{key}"), "two_sources", "name the source once");
    }
    let aim = aim(form);
    let fields = form.list("fields", "names of fields", |name| name.as_str().map(str::to_owned));
    let named = fields.iter().flatten().map(String::as_str);
    sight::hidden_of(named).into_iter().for_each(|name| form.forbid(sight::personal(&name)));
    let include_source = form.flag("include_source");
    let source = sources.pop()?.1?;
    let fields = fields.or_else(|| seen(source, state));
    Some(Request { source, include_source, aim: aim?, fields })
}

/// The fields that may count if the request names none and the caller may not see all of them: those that they may see
/// and that do not define the source.
fn seen(source: SegmentId, state: &tenant::State) -> Option<Vec<String>> {
    hidden_fields()?;
    let defining = state.segments.get(source).ok()?.kind.checked().map(|rule| rule.fields()).unwrap_or_default();
    let fields = state.view.schema().fields().iter();
    let fields = fields.filter(|field| !is_hidden(&field.name) && !defining.contains(&field.id));
    Some(fields.map(|field| field.name.to_string()).collect())
}

fn aim(form: &mut Form) -> Option<Aim> {
    let mut given: Vec<(&str, Aim)> = Vec::new();
    let keys = ["size", "share", "min_similarity"];
    let named = keys.iter().filter(|key| form.peek(key).is_some_and(|value| !value.is_null())).count();
    if let Some(size) = form.number("size") {
        if size == 0 {
            form.mistake("/size", "no_size", "\"size\" is at least 1");
        }
        given.push(("size", Aim::Size(size as u64)));
    }
    // At most a million each.
    given.extend(form.share("share").map(|share| ("share", Aim::Share(share as u32))));
    given.extend(form.share("min_similarity").map(|least| ("min_similarity", Aim::Similarity(least as u32))));
    match (named, given.as_slice()) {
        (0, _) => {
            let message = "say how many: \"size\" (people), \"share\" (of all, 0 to 1) or \"min_similarity\" (0 to 1)";
            form.mistake("", "missing_key", message);
        }
        (1, _) => {}
        (_, more) => {
            let key = more.last().map_or("size", |(key, _)| key);
            form.mistake(&format!("/{key}"), "two_sizes", "give one of size, share and min_similarity");
        }
    }
    given.pop().map(|(_, aim)| aim)
}

/// A model for what is asked, as what a segment is to hold; mistakes are noted.
pub(super) fn content(form: &mut Form, state: &tenant::State, now: Timestamp) -> Option<SegmentContent> {
    let request = read(form, state)?;
    match heavy(|| train(&request, &state.at(now), state.version)) {
        Ok(trained) => Some(SegmentContent::Lookalike(trained.model.into())),
        Err(error) => {
            form.refused(error);
            None
        }
    }
}

/// Trains the model of a segment anew, on people as they are now, and chooses its threshold again.
pub(super) async fn refresh(app: App, id: SegmentId, model: &Model, terms: (Key, IfMatch)) -> Reply {
    let (watch, now) = (Stopwatch::start(), clock::now());
    let tenant = app.tenant()?;
    let state = tenant.state();
    let Model { source, include_source, aim, fields, .. } = model.clone();
    let request = Request { source, include_source, aim, fields };
    let trained = heavy(|| train(&request, &state.at(now), state.version))?;
    let content = SegmentContent::Lookalike(trained.model.into());
    let (attributes, stamp) = (Default::default(), By { by: String::new(), now });
    let command = Command::SaveSegment(SaveSegment { id: Some(id), attributes, content, stamp });
    let (key, if_match) = terms;
    app.change_expecting(command, key.terms(), if_match.of(Saving::Segment(id))).await?;
    answered(&tenant.state(), id, StatusCode::OK, now, watch)
}

/// Puts a model into an answer.
pub(super) fn model_onto(body: &mut Map<String, Json>, model: &Model, state: &tenant::State) {
    let source = state.segments.get(model.source).map(|segment| segment.name.clone()).ok();
    let (key, wanted) = match model.aim {
        Aim::Size(size) => ("size", json!(size)),
        Aim::Share(share) => ("share", json!(f64::from(share) / 1e6)),
        Aim::Similarity(least) => ("min_similarity", json!(f64::from(least) / 1e6)),
    };
    let mut told = Map::new();
    told.insert("source".into(), json!({"id": model.source.0, "name": source}));
    told.insert(key.into(), wanted);
    told.insert("fields".into(), json!(model.fields));
    told.insert("include_source".into(), json!(model.include_source));
    told.insert("at_least".into(), json!(model.at_least));
    told.insert("similarity".into(), json!(rounded(model.similarity(model.at_least))));
    told.insert("trained_at".into(), json!(model.trained.at.to_string()));
    told.insert("data_version".into(), json!(model.trained.data_version));
    told.insert("source_version".into(), json!(model.trained.source_version));
    told.insert("source_count".into(), json!(model.trained.source));
    told.insert("trained_count".into(), json!(model.trained.size));
    told.insert("features".into(), features(model, state));
    body.insert("lookalike".into(), told.into());
}

fn trained_onto(body: &mut Map<String, Json>, found: &Lookalike, state: &tenant::State) {
    model_onto(body, &found.model, state);
    let share = |field: &FieldShare| json!({"field": field.field, "divergence": rounded(field.divergence), "share": rounded(field.share)});
    let skipped = |field: &Skipped| json!({"field": field.field, "code": field.code, "why": field.why});
    body.insert("fields".into(), found.fields.iter().map(share).collect());
    body.insert("skipped".into(), found.skipped.iter().map(skipped).collect());
}

/// The traits, the most telling first.
fn features(model: &Model, state: &tenant::State) -> Json {
    let mut terms: Vec<&Term> = model.terms.iter().collect();
    terms.sort_by_key(|term| std::cmp::Reverse(term.weight.unsigned_abs()));
    let name_of = |id| state.segments.get(id).ok().map(|segment| segment.name.clone());
    let others = model.trained.population.saturating_sub(model.trained.source);
    let feature = |term: &&Term| {
        let source = term.source as f64 / model.trained.source.max(1) as f64;
        let rest = term.others as f64 / others.max(1) as f64;
        let lift = (term.others > 0).then(|| rounded(source / rest));
        let text = to_text(&Rule::Test(term.test.clone()), &name_of);
        let mut told = Map::new();
        told.insert("field".into(), json!(term.test.field));
        told.insert("text".into(), json!(text));
        told.insert("weight".into(), json!(term.weight));
        told.insert("source_share".into(), json!(rounded(source)));
        told.insert("others_share".into(), json!(rounded(rest)));
        told.insert("lift".into(), json!(lift));
        if sight::hidden_of([term.test.field.as_str()]).is_some() {
            sight::mask(&mut told, &["text", "source_share", "others_share", "lift"]);
        }
        Json::from(told)
    };
    terms.iter().map(feature).collect()
}

fn hold_out(found: &HoldOut) -> Json {
    let lift = (found.by_chance > 0.0).then(|| rounded(found.recovered / found.by_chance));
    json!({"trained": found.trained, "held_out": found.held_out, "others": found.others, "size": found.size,
        "recovered": rounded(found.recovered), "by_chance": rounded(found.by_chance), "lift": lift,
        "auc": rounded(found.auc)})
}

fn reach(point: &ReachPoint) -> Json {
    json!({"similarity": point.similarity, "at_least": point.at_least, "count": point.size})
}

/// Four digits after the point: figures for people.
pub(super) fn rounded(number: f64) -> f64 {
    (number * 10_000.0).round() / 10_000.0
}
