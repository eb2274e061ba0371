//! `/api/analytics`: how segments do, and how many people there are: how large they are, and how that went.

use axum::extract::State;
use axum::http::StatusCode;
use muster_engine::catalog::Status;
use muster_engine::error::Error;
use muster_engine::feed::{self, Point, Resolution};
use muster_engine::limits::HISTORY_HOURS_MAX;
use muster_engine::segment::Segment;
use muster_engine::time::Timestamp;
use serde::Deserialize;
use serde_json::{Value as Json, json};
use utoipa::IntoParams;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use super::answer::{self, Stamp};
use super::app::{App, Reply, heavy};
use super::error::{ApiError, ProblemDetails};
use super::lookalikes::rounded;
use super::query::Query;
use super::shapes::{PopulationAnalytics, SegmentAnalytics};
use crate::clock::{self, Stopwatch};
use crate::limits::ANALYTICS_DAYS_MAX;

/// Days that are told when the request does not say.
const DAYS: i64 = 30;

/// The routes of this file.
pub(super) fn router() -> OpenApiRouter<App> {
    OpenApiRouter::new().routes(routes!(segments)).routes(routes!(population))
}

/// How far back.
#[derive(Debug, Default, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub(crate) struct AnalyticsQuery {
    /// Days, 1 to 366; 30 when left out.
    days: Option<String>,
    /// Ignored; for callers who send it with every request.
    #[allow(dead_code)]
    tenant_id: Option<String>,
}

/// How far back, and from when on moves are counted.
#[derive(Debug, Default, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub(crate) struct SegmentAnalyticsQuery {
    /// Days, 1 to 366; 30 when left out.
    days: Option<String>,
    /// An instant of the last 60 days, RFC 3339, such as the midnight where somebody is: `entered_since` and `left_since`
    /// count from the hour in UTC in which it is.
    since: Option<String>,
    /// Ignored; for callers who send it with every request.
    #[allow(dead_code)]
    tenant_id: Option<String>,
}

fn days_of(text: Option<&str>) -> Result<i64, ApiError> {
    let Some(text) = text else { return Ok(DAYS) };
    text.parse().ok().filter(|days| (1..=ANALYTICS_DAYS_MAX).contains(days)).ok_or_else(|| {
        let message = format!("days is a whole number from 1 to {ANALYTICS_DAYS_MAX}");
        Error::invalid("/days", "bad_days", message).into()
    })
}

/// The begin of the hour in which an instant is, as far back as hours are kept.
fn since_of(text: Option<&str>, now: Timestamp) -> Result<Option<Timestamp>, ApiError> {
    let Some(text) = text else { return Ok(None) };
    let bad = |code, message: String| Error::invalid("/since", code, message);
    // A plus sign that nobody encoded arrives as a space.
    let since = Timestamp::parse(&text.replace(' ', "+"))
        .ok_or_else(|| bad("wrong_type", "since is a time such as 2018-01-01T00:00:00Z".into()))?;
    let kept_days = HISTORY_HOURS_MAX / 24;
    if since < now.plus_days(-kept_days) {
        return Err(bad("bad_since", format!("moves are kept by the hour for {kept_days} days")).into());
    }
    Ok(Some(feed::hour_of(since)))
}

/// How segments do.
///
/// Of every segment that is not archived: its size, its share of all people, how many entered and left in the last days,
/// and how much larger it is than before them. Days are those of the calendar in UTC; what happened in the last moment may
/// still be missing from them. With `since` also how many entered and left from then on.
#[utoipa::path(get, path = "/api/analytics/segments", tag = "analytics", params(SegmentAnalyticsQuery),
    responses((status = 200, body = SegmentAnalytics), (status = 422, body = ProblemDetails)))]
pub(crate) async fn segments(State(app): State<App>, Query(query): Query<SegmentAnalyticsQuery>) -> Reply {
    let (watch, now) = (Stopwatch::start(), clock::now());
    let days = days_of(query.days.as_deref())?;
    let since = since_of(query.since.as_deref(), now)?;
    let state = app.tenant()?.state();
    let shown: Vec<&Segment> =
        state.segments.iter().map(|segment| &**segment).filter(|one| one.status != Status::Archived).collect();
    let counts = heavy(|| state.segment_counts(&shown, now));
    let population = state.view.live().len();
    let from = now.plus_days(-days);
    let feed = app.told().ok().map(|told| told.feed());
    let describe = |(segment, count): (&&Segment, u64)| {
        let track = feed.as_ref().and_then(|feed| feed.track(segment.id));
        let points = track.map(|track| track.history.points(Resolution::Day, from, now)).unwrap_or_default();
        // The first point may lie before: it says the size then.
        let (before, within): (Vec<&Point>, Vec<&Point>) = points.iter().partition(|point| point.from < from);
        let sum = |of: fn(&Point) -> u64| within.iter().map(|point| of(point)).sum::<u64>();
        let base = before.last().map(|point| point.count);
        let growth = base.filter(|base| *base > 0).map(|base| rounded(count as f64 / base as f64 - 1.0));
        let trend: Vec<Json> = within.iter().map(|point| described(point)).collect();
        let moved = since.map(|since| track.map(|track| track.history.moves_since(since)).unwrap_or_default());
        json!({"id": segment.id.0, "name": segment.name, "segment_type": segment.kind.name(),
            "status": segment.status.name(), "count": count,
            "share": (population > 0).then(|| rounded(count as f64 / population as f64)),
            "entered": sum(|point| point.entered), "left": sum(|point| point.left), "count_before": base,
            "growth": growth, "trend": trend, "entered_since": moved.map(|(entered, _)| entered),
            "left_since": moved.map(|(_, left)| left)})
    };
    let items: Vec<Json> = shown.iter().zip(counts).map(describe).collect();
    drop(feed);
    let mut body = serde_json::Map::new();
    body.insert("items".into(), items.into());
    body.insert("days".into(), json!(days));
    body.insert("since".into(), json!(since.map(|since| since.to_string())));
    Stamp { data_version: state.version, now, watch, population }.onto(&mut body);
    Ok(answer::json(StatusCode::OK, body))
}

/// How many people there are.
///
/// The days in which some came or were erased; what happened in the last moment may still be missing from them.
#[utoipa::path(get, path = "/api/analytics/population", tag = "analytics", params(AnalyticsQuery),
    responses((status = 200, body = PopulationAnalytics), (status = 422, body = ProblemDetails)))]
pub(crate) async fn population(State(app): State<App>, Query(query): Query<AnalyticsQuery>) -> Reply {
    let (watch, now) = (Stopwatch::start(), clock::now());
    let days = days_of(query.days.as_deref())?;
    let from = now.plus_days(-days);
    let points = app.told().map(|told| told.feed().population.points(Resolution::Day, from, now)).unwrap_or_default();
    let (before, within): (Vec<&Point>, Vec<&Point>) = points.iter().partition(|point| point.from < from);
    let trend: Vec<Json> = within.into_iter().map(described).collect();
    let mut body = serde_json::Map::new();
    body.insert("items".into(), trend.into());
    body.insert("count_before".into(), json!(before.last().map(|point| point.count)));
    body.insert("days".into(), json!(days));
    let state = app.tenant()?.state();
    Stamp { data_version: state.version, now, watch, population: state.view.live().len() }.onto(&mut body);
    Ok(answer::json(StatusCode::OK, body))
}

fn described(point: &Point) -> Json {
    json!({"from": point.from.to_string(), "count": point.count, "entered": point.entered, "left": point.left})
}
