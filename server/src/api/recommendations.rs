//! `/api/events/{id}/recommendations` and what goes with it: whom an event fits best, and which events fit somebody.
//!
//! Answers are computed when they are asked for, from what profiles are then; what was generated is a note of figures.

use axum::extract::State;
use axum::http::StatusCode;
use muster_engine::catalog::AttributeChanges;
use muster_engine::command::{Command, OfferChange, Outcome, SaveSegment, SegmentContent, Stamp as By};
use muster_engine::error::Error;
use muster_engine::id::{OfferId, Row};
use muster_engine::offer::{Ask, Fit, Generated, Offer, Reason, Recommendations};
use muster_engine::rule::to_text;
use muster_engine::schema::{FieldType, Schema, Value};
use muster_engine::segment;
use muster_engine::tenant;
use muster_engine::time::Timestamp;
use serde::Deserialize;
use serde_json::{Map, Value as Json, json};
use utoipa::IntoParams;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use super::answer::{self, Stamp};
use super::app::{App, Reply, heavy};
use super::attributes;
use super::error::{ApiError, ProblemDetails};
use super::form::{Form, MaybeForm};
use super::offers::{self, offer_id};
use super::pages::{Cursor, PageQuery};
use super::path::PathId;
use super::query::Query;
use super::shapes::{
    GenerateRequest, GeneratedAnswer, OfferSegmentRequest, PersonRecommendationsAnswer, RecommendationsAnswer,
    SegmentAnswer,
};
use super::terms::Key;
use super::{profiles, segments, sight};
use crate::access::is_hidden;
use crate::clock::{self, Stopwatch};

/// The least score that counts when a request does not say: any reason.
const MIN_SCORE: u32 = 1;

/// Digits after the point of a score as a share of the greatest.
const SHARE_DIGITS: i32 = 4;

/// The field that answers show beside the id, if there is one.
const EMAIL: &str = "email";

/// Which recommendations.
#[derive(Debug, Default, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub(crate) struct FitQuery {
    /// The least score that counts; 1 when left out: whoever has a reason.
    min_score: Option<String>,
    /// Entries on the page, 1 to 10,000; 100 when left out.
    limit: Option<String>,
    /// `next_cursor` of the page before; none for the first page.
    cursor: Option<String>,
    /// The instant to evaluate for, RFC 3339; the server's clock when left out. A cursor carries its own.
    now: Option<String>,
    /// Ignored; for callers who send it with every request.
    #[allow(dead_code)]
    tenant_id: Option<String>,
}

impl FitQuery {
    fn page(&self) -> PageQuery {
        PageQuery::new(self.limit.clone(), self.cursor.clone(), self.now.clone())
    }

    fn ask(&self, skip: u64) -> Result<Ask, ApiError> {
        let min_score = match self.min_score.as_deref().map(str::parse) {
            None => MIN_SCORE,
            Some(Ok(score)) => score,
            Some(Err(_)) => {
                return Err(Error::invalid("/min_score", "wrong_type", "min_score is a whole number from 0 on").into());
            }
        };
        Ok(Ask { min_score, skip, limit: self.page().limit()? })
    }
}

/// The routes of this file.
pub(super) fn router() -> OpenApiRouter<App> {
    OpenApiRouter::new()
        .routes(routes!(recommendations))
        .routes(routes!(generate))
        .routes(routes!(create_segment))
        .routes(routes!(for_profile))
}

/// Whom an event fits best, and why, page by page.
///
/// Scores are the sums of the reasons' weights. `count` is the number of customers on this page, `total` that of all who
/// reach `min_score`. People of equal score stand in a stable order.
#[utoipa::path(get, path = "/api/events/{id}/recommendations", tag = "event targeting", params(("id" = u64, Path), FitQuery),
    responses((status = 200, body = RecommendationsAnswer), (status = 404, body = ProblemDetails), (status = 422, body = ProblemDetails)))]
pub(crate) async fn recommendations(
    State(app): State<App>,
    PathId(id): PathId,
    Query(query): Query<FitQuery>,
) -> Reply {
    let watch = Stopwatch::start();
    let (tenant, id) = (app.tenant()?, offer_id(&id)?);
    let newest = tenant.state();
    let (state, now, skip) = match query.page().cursor()? {
        Some(cursor) => (tenant.state_at(cursor.version)?, cursor.now, cursor.after),
        None => (newest.clone(), query.page().now(clock::now())?, 0),
    };
    let ask = query.ask(skip.into())?;
    let body = heavy(|| {
        let found = state.recommendations(id, ask, now)?;
        let shown = u64::from(skip) + found.fits.len() as u64;
        let after = u32::try_from(shown).unwrap_or(u32::MAX);
        let next = (shown < found.total).then(|| Cursor { version: state.version, now, after }.print());
        // Whoever was erased since the first page is shown no more.
        let live = newest.view.live();
        let customers: Vec<Json> =
            found.fits.iter().filter(|fit| live.contains(fit.what)).map(|fit| customer(&state, fit)).collect();
        let mut body = Map::new();
        body.insert("event_id".into(), json!(id.0));
        body.insert("count".into(), json!(customers.len()));
        body.insert("total".into(), json!(found.total));
        body.insert("min_score".into(), json!(ask.min_score));
        body.insert("max_score".into(), json!(state.offers.matching().max_score()));
        body.insert("customers".into(), customers.into());
        body.insert("next_cursor".into(), json!(next));
        tell_figures(&mut body, &found, state.view.schema());
        body.insert("generated".into(), json!(state.offers.get(id)?.generated.as_ref().map(offers::found)));
        stamp(&state, now, watch).onto(&mut body);
        body.insert("warnings".into(), answer::warnings(&found.warnings));
        Ok::<_, ApiError>(body)
    })?;
    if !body["next_cursor"].is_null() {
        tenant.pin(&state);
    }
    Ok(answer::json(StatusCode::OK, body))
}

/// Puts how many have which score and which reason into an answer.
fn tell_figures(body: &mut Map<String, Json>, found: &Recommendations, schema: &Schema) {
    let classes = found.distribution.iter().map(|(score, count)| json!({"score": score, "count": count}));
    body.insert("distribution".into(), classes.collect());
    let factors = found.factors.iter().map(|(factor, count)| {
        let mut told = Map::new();
        told.insert("reason".into(), json!(factor.reason.name()));
        told.insert("weight".into(), json!(factor.weight));
        told.insert("count".into(), json!(count));
        told.insert("text".into(), json!(to_text(&factor.rule, &|_| None)));
        if sight::is_masked(&factor.rule, schema) {
            sight::mask(&mut told, &["text"]);
        }
        Json::from(told)
    });
    body.insert("factors".into(), factors.collect());
}

fn stamp(state: &tenant::State, now: Timestamp, watch: Stopwatch) -> Stamp {
    Stamp { population: state.view.live().len(), data_version: state.version, now, watch }
}

fn customer(state: &tenant::State, fit: &Fit<u32>) -> Json {
    let (view, row) = (&state.view, Row(fit.what));
    let mut body = Map::new();
    body.insert("customer_id".into(), answer::id(view.id(row), view.has_number_id(row)));
    let email = view.schema().find(EMAIL).filter(|field| field.kind == FieldType::Keyword);
    if email.is_some() && is_hidden(EMAIL) {
        sight::mask(&mut body, &[EMAIL]);
    } else if let Some(Value::Keyword(email)) = email.and_then(|field| view.value(row, field.id)) {
        body.insert("email".into(), json!(email));
    }
    tell_score(&mut body, fit.score, &fit.reasons, state);
    body.into()
}

/// Puts a score and its reasons into an answer; also as a share where the greatest is not 100.
fn tell_score(body: &mut Map<String, Json>, score: u32, reasons: &[(Reason, u32)], state: &tenant::State) {
    body.insert("score".into(), json!(score));
    let max_score = state.offers.matching().max_score();
    if max_score != 100 && max_score > 0 {
        let scale = 10_f64.powi(SHARE_DIGITS);
        let share = (f64::from(score) / f64::from(max_score) * scale).round() / scale;
        body.insert("relative".into(), json!(share));
    }
    let reason = |(reason, weight): &(Reason, u32)| json!({"reason": reason.name(), "weight": weight});
    body.insert("reasons".into(), reasons.iter().map(reason).collect());
}

/// Note how many an event fits now.
///
/// Recommendations are current whenever they are asked for, so there is nothing to wait for: this keeps the figures of
/// this moment with the event, to compare later ones with. To keep the people, make a static segment.
#[utoipa::path(post, path = "/api/events/{id}/generate-recommendations", tag = "event targeting",
    params(("id" = u64, Path), FitQuery, Key), request_body = Option<GenerateRequest>,
    responses((status = 200, body = GeneratedAnswer), (status = 404, body = ProblemDetails), (status = 422, body = ProblemDetails)))]
pub(crate) async fn generate(
    State(app): State<App>,
    PathId(id): PathId,
    Query(query): Query<FitQuery>,
    key: Key,
    MaybeForm(mut form): MaybeForm,
) -> Reply {
    let watch = Stopwatch::start();
    let (state, id) = (app.tenant()?.state(), offer_id(&id)?);
    let mut ask = Ask { limit: 0, ..query.ask(0)? };
    if let Some(score) = min_score(&mut form) {
        ask.min_score = score;
    }
    form.finish()?;
    let now = query.page().now(clock::now())?;
    let found = heavy(|| state.recommendations(id, ask, now))?;
    let generated = Generated { now, data_version: state.version, min_score: ask.min_score, total: found.total };
    app.change(Command::Offer(OfferChange::Note { id, generated: generated.clone() }), key.terms()).await?;
    let mut body = Map::new();
    body.insert("event_id".into(), json!(id.0));
    body.insert("generated".into(), offers::found(&generated));
    body.insert("max_score".into(), json!(state.offers.matching().max_score()));
    tell_figures(&mut body, &found, state.view.schema());
    stamp(&state, now, watch).onto(&mut body);
    body.insert("warnings".into(), answer::warnings(&found.warnings));
    Ok(answer::json(StatusCode::OK, body))
}

fn min_score(form: &mut Form) -> Option<u32> {
    form.number("min_score").map(|score| u32::try_from(score).unwrap_or(u32::MAX))
}

/// Make a segment of whom an event fits.
///
/// A dynamic one holds the rule that the event and the settings come to now, and finds whoever satisfies it later;
/// it does not follow changes of the event. With `"segment_type": "static"` it holds the people of this moment.
#[utoipa::path(post, path = "/api/events/{id}/create-segment", tag = "event targeting", params(("id" = u64, Path), Key),
    request_body = OfferSegmentRequest,
    responses((status = 201, body = SegmentAnswer), (status = 404, body = ProblemDetails), (status = 409, body = ProblemDetails),
        (status = 422, body = ProblemDetails)))]
pub(crate) async fn create_segment(State(app): State<App>, PathId(id): PathId, key: Key, mut form: Form) -> Reply {
    let (watch, now) = (Stopwatch::start(), clock::now());
    let (tenant, id) = (app.tenant()?, offer_id(&id)?);
    let state = tenant.state();
    let offer = state.offers.get(id)?.clone();
    let least = min_score(&mut form).unwrap_or(MIN_SCORE);
    let name = form.text("name").unwrap_or_else(|| format!("Best fit for {}", offer.details.name));
    let description = format!("Event {id}: scores from {least} of {}", state.offers.matching().max_score());
    let kind = form.text("segment_type");
    if !matches!(kind.as_deref(), None | Some("dynamic" | "static")) {
        form.mistake("/segment_type", "bad_segment_type", "a segment is dynamic or static");
    }
    let stamp = By { by: attributes::by(&mut form), now };
    form.finish()?;
    let content = content(&state, id, least, kind.as_deref() == Some("static"), now)?;
    let attributes =
        AttributeChanges { name: Some(name), description: Some(description), ..AttributeChanges::default() };
    let save = SaveSegment { id: None, attributes, content, stamp };
    let outcome = app.change(Command::SaveSegment(save), key.terms()).await?;
    let Outcome::Segment(saved) = outcome else {
        return Err(ApiError::internal("a segment was saved as something else"));
    };
    segments::answered(&tenant.state(), saved, StatusCode::CREATED, now, watch)
}

fn content(
    state: &tenant::State,
    id: OfferId,
    least: u32,
    is_static: bool,
    now: Timestamp,
) -> Result<SegmentContent, ApiError> {
    let rule = state.rule_of_offer(id, least)?;
    if !is_static {
        return Ok(SegmentContent::Rule(rule));
    }
    let checked = state.check(&rule)?;
    let rows = heavy(|| segment::rows(&checked, &state.segments, &state.view, now, &state.cache).0);
    Ok(SegmentContent::Rows(rows))
}

/// Which events fit somebody best, and why: those that are active and have not begun.
#[utoipa::path(get, path = "/api/profiles/{id}/recommendations", tag = "event targeting", params(("id" = String, Path), FitQuery),
    responses((status = 200, body = PersonRecommendationsAnswer), (status = 404, body = ProblemDetails), (status = 422, body = ProblemDetails)))]
pub(crate) async fn for_profile(State(app): State<App>, PathId(id): PathId, Query(query): Query<FitQuery>) -> Reply {
    let watch = Stopwatch::start();
    let tenant = app.tenant()?;
    let (state, now, skip) = match query.page().cursor()? {
        Some(cursor) => (tenant.state_at(cursor.version)?, cursor.now, cursor.after),
        None => (tenant.state(), query.page().now(clock::now())?, 0),
    };
    let ask = query.ask(skip.into())?;
    // Whoever was erased since the first page is shown no more.
    profiles::row_of(&tenant.state(), &id)?;
    let row = profiles::row_of(&state, &id)?;
    let found = heavy(|| state.recommended_to(row, ask, now));
    let event = |fit: &Fit<&Offer>| {
        let mut body = Map::new();
        body.insert("event_id".into(), json!(fit.what.id.0));
        body.insert("name".into(), json!(fit.what.details.name));
        body.insert("starts_at".into(), json!(fit.what.details.starts_at.map(|start| start.to_string())));
        tell_score(&mut body, fit.score, &fit.reasons, &state);
        Json::from(body)
    };
    let events: Vec<Json> = found.fits.iter().map(event).collect();
    let shown = u64::from(skip) + events.len() as u64;
    let after = u32::try_from(shown).unwrap_or(u32::MAX);
    let next = (shown < found.total).then(|| Cursor { version: state.version, now, after }.print());
    if next.is_some() {
        tenant.pin(&state);
    }
    let mut body = Map::new();
    body.insert("customer_id".into(), answer::id(state.view.id(row), state.view.has_number_id(row)));
    body.insert("count".into(), json!(events.len()));
    body.insert("total".into(), json!(found.total));
    body.insert("max_score".into(), json!(state.offers.matching().max_score()));
    body.insert("events".into(), events.into());
    body.insert("next_cursor".into(), json!(next));
    stamp(&state, now, watch).onto(&mut body);
    Ok(answer::json(StatusCode::OK, body))
}
