//! `/api/segments/{id}/changes`: who entered and left a segment, page by page or as it happens; how its size went, and
//! where it goes by itself.

use std::collections::VecDeque;
use std::convert::Infallible;
use std::sync::Arc;

use axum::extract::State;
use axum::http::{HeaderMap, StatusCode};
use axum::response::sse::{Event, KeepAlive, Sse};
use axum::response::{IntoResponse, Response};
use futures_util::stream::{self, Stream};
use muster_engine::error::{Error, Problem};
use muster_engine::feed::{Cause, Entry, Gone, Page, Point, Resolution};
use muster_engine::id::SegmentId;
use muster_engine::limits::HISTORY_HOURS_MAX;
use muster_engine::tenant;
use muster_engine::time::Timestamp;
use serde::Deserialize;
use serde_json::{Value as Json, json};
use tokio::sync::watch;
use utoipa::IntoParams;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use super::answer;
use super::app::{App, Reply, heavy};
use super::error::{ApiError, ProblemDetails};
use super::path::PathId;
use super::query::Query;
use super::segments::resolve;
use super::shapes::{Changes, Forecast, SizeHistory};
use crate::access::{Caller, ambient};
use crate::clock;
use crate::feed::{Place, Told};
use crate::limits::{FEED_PAGE_MAX, FORECAST_DAYS_MAX, STREAM_SIGN_PERIOD};

/// Entries on a page when the request does not say.
const PAGE_ENTRIES: usize = 100;

/// Days of a forecast when the request does not say.
const FORECAST_DAYS: usize = 30;

/// The routes of this file.
pub(super) fn router() -> OpenApiRouter<App> {
    OpenApiRouter::new()
        .routes(routes!(changes))
        .routes(routes!(follow))
        .routes(routes!(history))
        .routes(routes!(forecast))
}

/// Which entries.
#[derive(Debug, Default, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub(crate) struct ChangesQuery {
    /// `next` of the page before; everything that is kept when left out.
    since: Option<String>,
    /// Entries on the page, 1 to 1,000; 100 when left out.
    limit: Option<String>,
    /// Ignored; for callers who send it with every request.
    #[allow(dead_code)]
    tenant_id: Option<String>,
}

/// Which part of a history.
#[derive(Debug, Default, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub(crate) struct HistoryQuery {
    /// The first instant, RFC 3339; everything that is kept when left out.
    from: Option<String>,
    /// The last instant, RFC 3339; now when left out.
    to: Option<String>,
    /// `hour` or `day`; when left out hours as far back as they are kept, else days.
    resolution: Option<String>,
    /// Ignored; for callers who send it with every request.
    #[allow(dead_code)]
    tenant_id: Option<String>,
}

/// How far ahead.
#[derive(Debug, Default, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub(crate) struct ForecastQuery {
    /// Days, 1 to 366; 30 when left out.
    days: Option<String>,
    /// Ignored; for callers who send it with every request.
    #[allow(dead_code)]
    tenant_id: Option<String>,
}

/// Who entered and left a segment, in order.
///
/// Begin with `next` of any page, then read the members, then follow from that `next` on: nobody is missed, and whoever
/// entered meanwhile is told once more. A 410 says that some of it is no longer kept: begin anew. Profiles are named by
/// id only.
#[utoipa::path(get, path = "/api/segments/{id}/changes", tag = "segments", params(("id" = String, Path), ChangesQuery),
    responses((status = 200, body = Changes), (status = 404, body = ProblemDetails), (status = 410, body = ProblemDetails), (status = 422, body = ProblemDetails)))]
pub(crate) async fn changes(State(app): State<App>, PathId(id): PathId, Query(query): Query<ChangesQuery>) -> Reply {
    let limit = whole("limit", query.limit.as_deref(), PAGE_ENTRIES, FEED_PAGE_MAX)?;
    let (told, segment) = followed(&app, &id).await?;
    let (since, oldest) = start(&told, segment, query.since.as_deref())?;
    let page = told.feed().after(&[segment], since, limit).map_err(gone)?;
    let state = app.tenant()?.state();
    let items: Vec<Json> = page.entries.iter().map(|entry| describe(entry, &state)).collect();
    let body = json!({"items": items, "next": page.next, "oldest": oldest, "more": page.more});
    Ok(answer::json(StatusCode::OK, body))
}

/// The same as server-sent events, as it happens.
///
/// Each `change` has its number as its id, so that a client that comes back with `Last-Event-ID` misses nothing. A
/// client that is too slow, or comes back too late, hears `gone` and is let go; a server that stops says `end`, and so it
/// does when the key is revoked or the session ends.
#[utoipa::path(get, path = "/api/segments/{id}/changes/stream", tag = "segments", params(("id" = String, Path), ChangesQuery),
    responses((status = 200, content_type = "text/event-stream", body = String), (status = 404, body = ProblemDetails), (status = 410, body = ProblemDetails)))]
pub(crate) async fn follow(
    State(app): State<App>,
    PathId(id): PathId,
    Query(query): Query<ChangesQuery>,
    headers: HeaderMap,
) -> Result<Response, ApiError> {
    let (told, segment) = followed(&app, &id).await?;
    let last = headers.get("last-event-id").and_then(|value| value.to_str().ok());
    let since = match (last, query.since.as_deref()) {
        // Whoever comes for the first time and names no place hears what comes from now on.
        (None, None) => told.feed().last_seq(),
        (last, since) => start(&told, segment, last.or(since))?.0,
    };
    let limit = whole("limit", query.limit.as_deref(), PAGE_ENTRIES, FEED_PAGE_MAX)?;
    // Refused here if it is gone already: a status says more than an event.
    told.feed().after(&[segment], since, 1).map_err(gone)?;
    let place = told.hear();
    let (caller, waiting) = (ambient(), VecDeque::new());
    let listener = Listener { app, caller, told, segment, since, limit, place, waiting, is_over: false };
    let signs = KeepAlive::new().interval(STREAM_SIGN_PERIOD).text("nothing new");
    Ok(Sse::new(listener.events()).keep_alive(signs).into_response())
}

/// Somebody on a stream. It holds one page at most; the next is read when that was sent.
struct Listener {
    app: App,
    /// Who it is; none outside of a request.
    caller: Option<Arc<Caller>>,
    told: Arc<Told>,
    segment: SegmentId,
    since: u64,
    limit: usize,
    place: watch::Receiver<Place>,
    waiting: VecDeque<Event>,
    is_over: bool,
}

impl Listener {
    fn events(self) -> impl Stream<Item = Result<Event, Infallible>> {
        stream::unfold(self, |mut listener| async move { Some((Ok(listener.next().await?), listener)) })
    }

    async fn next(&mut self) -> Option<Event> {
        loop {
            if let Some(event) = self.waiting.pop_front() {
                return Some(event);
            }
            if self.is_over {
                return None;
            }
            if !self.is_admitted() {
                return Some(self.end("end", json!({"message": "the key or session has ended; sign in again"})));
            }
            self.place.mark_unchanged();
            let page = self.told.feed().after(&[self.segment], self.since, self.limit);
            match page {
                Ok(Page { entries, next, .. }) => self.take(&entries, next),
                Err(Gone { oldest, .. }) => {
                    let message = "some changes are no longer kept; read the members, then follow anew";
                    return Some(self.end("gone", json!({"oldest": oldest, "message": message})));
                }
            }
            if !self.waiting.is_empty() {
                continue;
            }
            // Who may no longer read is let go although nothing happens.
            let changed = tokio::time::timeout(STREAM_SIGN_PERIOD, async {
                !self.told.is_closing() && self.place.changed().await.is_ok()
            });
            if !changed.await.unwrap_or(true) {
                return Some(self.end("end", json!({"message": "the server stops; come back in a moment"})));
            }
        }
    }

    /// Whether whoever asked may still: a stream outlives keys and sessions.
    fn is_admitted(&self) -> bool {
        let (Some(register), Some(caller)) = (self.app.register(), &self.caller) else { return true };
        register.roster().still_admits(caller, clock::now())
    }

    fn take(&mut self, entries: &[Entry], next: u64) {
        self.since = next;
        let Ok(tenant) = self.app.tenant() else { return };
        let state = tenant.state();
        let event = |entry: &Entry| {
            let data = describe(entry, &state).to_string();
            Event::default().event("change").id(entry.seq.to_string()).data(data)
        };
        self.waiting.extend(entries.iter().map(event));
    }

    fn end(&mut self, name: &str, data: Json) -> Event {
        self.is_over = true;
        Event::default().event(name).data(data.to_string())
    }
}

/// How a segment's size went.
///
/// An hour or a day in which nobody entered or left has no point: the size is that of the point before. The first point
/// may lie before `from`: it says the size at `from`.
#[utoipa::path(get, path = "/api/segments/{id}/history", tag = "segments", params(("id" = String, Path), HistoryQuery),
    responses((status = 200, body = SizeHistory), (status = 404, body = ProblemDetails), (status = 422, body = ProblemDetails)))]
pub(crate) async fn history(State(app): State<App>, PathId(id): PathId, Query(query): Query<HistoryQuery>) -> Reply {
    let now = clock::now();
    let from = instant("from", query.from.as_deref(), Timestamp(i64::MIN))?;
    let to = instant("to", query.to.as_deref(), now)?;
    let resolution = match query.resolution.as_deref() {
        Some("hour") => Resolution::Hour,
        Some("day") => Resolution::Day,
        None if from >= now.plus_days(-HISTORY_HOURS_MAX / 24) => Resolution::Hour,
        None => Resolution::Day,
        Some(_) => return Err(Error::invalid("/resolution", "bad_resolution", "resolution is hour or day").into()),
    };
    let (told, segment) = followed(&app, &id).await?;
    let (points, count) = {
        let feed = told.feed();
        let track = feed.track(segment).ok_or_else(|| not_followed(&id))?;
        (track.history.points(resolution, from, to), track.count)
    };
    let point = |point: &Point| {
        let Point { from, count, entered, left } = point;
        json!({"from": from.to_string(), "count": count, "entered": entered, "left": left})
    };
    let items: Vec<Json> = points.iter().map(point).collect();
    let resolution = if resolution == Resolution::Hour { "hour" } else { "day" };
    Ok(answer::json(StatusCode::OK, json!({"items": items, "resolution": resolution, "count": count})))
}

/// How a segment's size will go if nothing is written: exact, day by day.
#[utoipa::path(get, path = "/api/segments/{id}/forecast", tag = "segments", params(("id" = String, Path), ForecastQuery),
    responses((status = 200, body = Forecast), (status = 404, body = ProblemDetails), (status = 422, body = ProblemDetails)))]
pub(crate) async fn forecast(State(app): State<App>, PathId(id): PathId, Query(query): Query<ForecastQuery>) -> Reply {
    let days = whole("days", query.days.as_deref(), FORECAST_DAYS, FORECAST_DAYS_MAX)?;
    let (state, now) = (app.tenant()?.state(), clock::now());
    let segment = resolve(&state, &id)?;
    let at = |day: usize| now.plus_days(day as i64);
    let size =
        |day| Ok::<_, Error>(json!({"at": at(day).to_string(), "count": state.segment_count(segment, at(day))?}));
    let items = heavy(|| (1..=days).map(size).collect::<Result<Vec<Json>, _>>())?;
    let count = state.segment_count(segment, now)?;
    let body = json!({"items": items, "count": count, "now": now.to_string(), "data_version": state.version});
    Ok(answer::json(StatusCode::OK, body))
}

/// The feed, once it has come as far as the data, and the segment that a path names.
async fn followed(app: &App, id: &str) -> Result<(Arc<Told>, SegmentId), ApiError> {
    let told = app.told()?;
    let state = app.tenant()?.state();
    let segment = resolve(&state, id)?;
    if told.reach(state.version).await && told.feed().track(segment).is_some() {
        return Ok((told.clone(), segment));
    }
    Err(not_followed(id))
}

fn not_followed(id: &str) -> ApiError {
    let message = format!("the feed has not come as far as segment \"{id}\"; ask again in a moment");
    ApiError::new(StatusCode::SERVICE_UNAVAILABLE, "feed_behind", message)
}

/// Where to read on, and the oldest place there is.
fn start(told: &Told, segment: SegmentId, since: Option<&str>) -> Result<(u64, u64), ApiError> {
    let oldest = told.feed().track(segment).map_or(0, |track| track.oldest);
    let bad = || Error::invalid("/since", "bad_since", "since is the next of the page before, unchanged");
    let since = since.map(|text| text.parse().map_err(|_| bad())).transpose()?;
    Ok((since.unwrap_or(oldest), oldest))
}

fn gone(Gone { oldest, next }: Gone) -> ApiError {
    let message = format!(
        "what is asked for is not kept; kept is what follows {oldest}, up to {}. Read the members anew and follow from there",
        next - 1
    );
    ApiError::of_problems(StatusCode::GONE, vec![Problem::new("/since", "no_longer_kept", message)])
}

/// An entry as callers see it: an id, and nothing else about the person.
pub(crate) fn describe(entry: &Entry, state: &tenant::State) -> Json {
    let view = &state.view;
    let id = match &entry.told.id {
        Some(id) => Json::String(id.to_string()),
        None if view.live().contains(entry.told.row.0) => {
            answer::id(view.id(entry.told.row), view.has_number_id(entry.told.row))
        }
        // Erased since: nobody names them any more.
        None => Json::Null,
    };
    let cause = match entry.told.cause {
        Cause::Time => "time",
        Cause::Write => "write",
        Cause::Definition => "definition",
        Cause::Erase => "erase",
    };
    json!({
        "seq": entry.seq,
        "at": entry.told.at.to_string(),
        "cause": cause,
        "id": id,
        "change": if entry.told.entered { "entered" } else { "left" },
        "data_version": entry.version,
    })
}

fn whole(key: &'static str, text: Option<&str>, absent: usize, most: usize) -> Result<usize, ApiError> {
    let Some(text) = text else { return Ok(absent) };
    match text.parse() {
        Ok(number) if (1..=most).contains(&number) => Ok(number),
        _ => {
            let message = format!("{key} is a whole number from 1 to {most}");
            Err(Error::invalid(format!("/{key}"), "bad_limit", message).into())
        }
    }
}

fn instant(key: &'static str, text: Option<&str>, absent: Timestamp) -> Result<Timestamp, ApiError> {
    let Some(text) = text else { return Ok(absent) };
    // A plus sign that nobody encoded arrives as a space.
    Timestamp::parse(&text.replace(' ', "+")).ok_or_else(|| {
        Error::invalid(format!("/{key}"), "wrong_type", format!("{key} is a time such as 2018-01-01T00:00:00Z")).into()
    })
}
