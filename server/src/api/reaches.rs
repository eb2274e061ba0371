//! `/api/segments/reach` and `/relax`: what the thresholds of a rule are worth.

use axum::extract::State;
use axum::http::StatusCode;
use muster_engine::id::SegmentId;
use muster_engine::insight::{CurvePoint, End, Relaxation, Step, reach, relax};
use muster_engine::rule::{Literal, to_json, to_text};
use muster_engine::tenant;
use serde_json::{Map, Number, Value as Json, json};

use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use super::answer::{self, Stamp};
use super::app::{App, Reply, heavy};
use super::error::{ApiError, ProblemDetails};
use super::form::Form;
use super::shapes::{ReachAnswer, ReachRequest, RelaxAnswer, RelaxRequest};

use crate::clock::{self, Stopwatch};

/// Points of a curve when the request does not say.
const POINTS: usize = 21;

/// The routes of this file.
pub(super) fn router() -> OpenApiRouter<App> {
    OpenApiRouter::new().routes(routes!(curve)).routes(routes!(loosen))
}

/// How many people a rule selects as one of its thresholds moves.
///
/// For a test by >, >=, <, <=, between or a window of days; exact at every point.
#[utoipa::path(post, path = "/api/segments/reach", tag = "segments", request_body = ReachRequest,
    responses((status = 200, body = ReachAnswer), (status = 422, body = ProblemDetails)))]
pub(crate) async fn curve(State(app): State<App>, mut form: Form) -> Reply {
    let watch = Stopwatch::start();
    let state = app.tenant()?.state();
    let rule = form.rule(&state);
    let pointer = form.required_text("pointer");
    let end = match form.text("end").as_deref() {
        None => None,
        Some("low") => Some(End::Low),
        Some("high") => Some(End::High),
        Some(other) => {
            form.mistake("/end", "bad_end", &format!("end is low or high, not \"{other}\""));
            None
        }
    };
    let points = form.number("points").unwrap_or(POINTS);
    let now = form.instant("now").unwrap_or_else(clock::now);
    if rule.is_none() {
        form.missing_rule();
    }
    form.finish()?;
    let Some((rule, checked)) = rule else { return Err(ApiError::internal("a form without a rule was accepted")) };
    let found = heavy(|| reach(&rule, &checked, &pointer, end, points, &state.at(now)))?;
    let point = |point: &CurvePoint| json!({"threshold": literal(&point.threshold), "count": point.count});
    let mut body = Map::new();
    body.insert("pointer".into(), json!(pointer));
    body.insert("end".into(), json!(end_name(found.end)));
    body.insert("threshold".into(), literal(&found.threshold));
    body.insert("count".into(), json!(found.count));
    body.insert("points".into(), found.points.iter().map(point).collect());
    Stamp { population: state.view.live().len(), data_version: state.version, now, watch }.onto(&mut body);
    Ok(answer::json(StatusCode::OK, body))
}

/// Which thresholds of a rule to loosen, and how far, to select so many people.
///
/// By one threshold alone, the least move first, and by several. Moves are compared by the share of all profiles whose
/// values lie between the old threshold and the new.
#[utoipa::path(post, path = "/api/segments/relax", tag = "segments", request_body = RelaxRequest,
    responses((status = 200, body = RelaxAnswer), (status = 422, body = ProblemDetails)))]
pub(crate) async fn loosen(State(app): State<App>, mut form: Form) -> Reply {
    let watch = Stopwatch::start();
    let state = app.tenant()?.state();
    let rule = form.rule(&state);
    let target = form.required_number("target") as u64;
    let now = form.instant("now").unwrap_or_else(clock::now);
    if rule.is_none() {
        form.missing_rule();
    }
    form.finish()?;
    let Some((rule, checked)) = rule else { return Err(ApiError::internal("a form without a rule was accepted")) };
    let found = heavy(|| relax(&rule, &checked, target, &state.at(now)))?;
    let is_reached = found.count >= target;
    let mut body = Map::new();
    body.insert("count".into(), json!(found.count));
    body.insert("target".into(), json!(target));
    body.insert("is_reached".into(), json!(is_reached));
    body.insert("is_possible".into(), json!(is_reached || !found.single.is_empty() || found.combined.is_some()));
    body.insert("most".into(), json!(found.most));
    body.insert("single".into(), found.single.iter().map(|one| relaxed(one, &state)).collect());
    body.insert("combined".into(), json!(found.combined.as_ref().map(|one| relaxed(one, &state))));
    Stamp { population: state.view.live().len(), data_version: state.version, now, watch }.onto(&mut body);
    Ok(answer::json(StatusCode::OK, body))
}

fn relaxed(relaxation: &Relaxation, state: &tenant::State) -> Json {
    let name_of = |id: SegmentId| Some(state.segments.get(id).ok()?.name.clone());
    let population = state.view.live().len().max(1);
    let step = |step: &Step| json!({"pointer": step.pointer, "end": end_name(step.end), "from": literal(&step.from), "to": literal(&step.to)});
    json!({
        "steps": relaxation.steps.iter().map(step).collect::<Vec<_>>(),
        "count": relaxation.count,
        "profiles_between": relaxation.way,
        "share_between": relaxation.way as f64 / population as f64,
        "criteria": to_json(&relaxation.rule, &name_of),
        "text": to_text(&relaxation.rule, &name_of),
    })
}

fn end_name(end: End) -> &'static str {
    match end {
        End::Low => "low",
        End::High => "high",
    }
}

/// A threshold as it stands in a rule.
fn literal(literal: &Literal) -> Json {
    match literal {
        Literal::Bool(value) => json!(value),
        Literal::Number(digits) => Json::Number(Number::from_string_unchecked(digits.clone())),
        Literal::Text(text) => json!(text),
    }
}
