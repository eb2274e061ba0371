//! `/api/events`: what people did, told one by one or many at once; its schema; and one person's events.

use axum::body::to_bytes;
use axum::extract::{Request, State};
use axum::http::{StatusCode, header};
use muster_engine::command::{Command, DeclareEvents, Outcome};
use muster_engine::error::{Error, Problem};
use muster_engine::event::{Event, EventCounts, EventData, EventRefusal, EventSchema, EventTerms, Property};
use muster_engine::rule::nearest;
use muster_engine::schema::{FieldType, normalize};
use serde::Deserialize;
use serde_json::{Map, Value as Json, json};
use utoipa::IntoParams;

use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use super::answer;
use super::app::{App, Reply};
use super::error::{ApiError, ProblemDetails};
use super::event_rows::{EventRows, read_events};
use super::form::{Form, check_tenant};
use super::path::PathId;
use super::query::Query;
use super::shapes::{EventPage, EventReport, EventSchemaAnswer, EventSchemaRequest, EventsRequest};
use super::terms::{Key, durability};

use crate::access::is_hidden;
use crate::clock;
use crate::limits::{BODY_BYTES_MAX, REJECTED_LISTED_MAX, SMALL_IMPORT_ATTEMPTS};
use crate::source::{Format, RejectedRow};

/// How to take events.
#[derive(Debug, Default, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub(crate) struct EventsQuery {
    /// What becomes of events of people whom nobody knows: `create` makes profiles (the default), `reject` refuses them.
    unknown: Option<String>,
    /// `durable` (answered once the events survive a power cut; the default) or `buffered` (up to a second earlier).
    durability: Option<String>,
    /// Ignored; for callers who send it with every request.
    #[allow(dead_code)]
    tenant_id: Option<String>,
}

impl EventsQuery {
    fn terms(&self) -> Result<EventTerms, ApiError> {
        Ok(EventTerms { creates_profiles: creates_profiles(self.unknown.as_deref())?, now: clock::now() })
    }
}

/// Whether people whom nobody knows become profiles, as the parameter `unknown` says.
pub(super) fn creates_profiles(unknown: Option<&str>) -> Result<bool, ApiError> {
    match unknown {
        None | Some("create") => Ok(true),
        Some("reject") => Ok(false),
        Some(other) => {
            let message = format!("unknown is create or reject, not \"{other}\"");
            Err(Error::invalid("/unknown", "bad_unknown", message).into())
        }
    }
}

/// Which of a person's events.
#[derive(Debug, Default, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub(crate) struct PersonEventsQuery {
    /// Of this type only.
    #[serde(rename = "type")]
    #[param(rename = "type")]
    kind: Option<String>,
    /// Events on the page, 1 to 10,000; 100 when left out.
    limit: Option<usize>,
    /// `next_cursor` of the page before; none for the first page.
    cursor: Option<String>,
    /// Ignored; for callers who send it with every request.
    #[allow(dead_code)]
    tenant_id: Option<String>,
}

/// The routes of this file.
pub(super) fn router() -> OpenApiRouter<App> {
    OpenApiRouter::new().routes(routes!(add)).routes(routes!(read_schema, declare)).routes(routes!(of_profile))
}

/// Tell what people did: one event, `{"events": [...]}`, or NDJSON.
///
/// An event counts once however often it is sent: the first with its `event_id` counts, whatever the others say, as long
/// as its person is there. Rows = accepted + duplicates + rejected_total. Events of the future are taken and count from
/// their time on; events older than their type is kept are rejected. Types and properties that are new are added.
#[utoipa::path(post, path = "/api/events", tag = "events", params(EventsQuery, Key),
    request_body(content((EventsRequest = "application/json"), (String = "application/x-ndjson"))),
    responses((status = 200, body = EventReport), (status = 415, body = ProblemDetails), (status = 422, body = ProblemDetails)))]
pub(crate) async fn add(State(app): State<App>, Query(query): Query<EventsQuery>, key: Key, request: Request) -> Reply {
    let (terms, durability) = (query.terms()?, durability(query.durability.as_deref())?);
    let kind = request.headers().get(header::CONTENT_TYPE).and_then(|value| value.to_str().ok()).unwrap_or_default();
    let is_json = kind.split(';').next().unwrap_or_default().trim().eq_ignore_ascii_case("application/json");
    if !is_json && Format::from_content_type(kind)? != Format::Ndjson {
        let message =
            "events are sent as application/json or application/x-ndjson; files of events go to /api/events/import";
        return Err(Error::invalid("", "unsupported_content_type", message).into());
    }
    let body = to_bytes(request.into_body(), BODY_BYTES_MAX).await.map_err(|_| {
        let message = format!("a body of events has at most {BODY_BYTES_MAX} bytes");
        ApiError::new(StatusCode::PAYLOAD_TOO_LARGE, "body_too_large", message)
    })?;
    let (events, broken) = if is_json { (events_of(&body)?, Vec::new()) } else { lines_of(&body) };
    let rows = (events.len() + broken.len()) as u64;
    let key = key.terms_as(durability);
    for attempt in 1.. {
        let schema = app.tenant()?.state().view.events().schema().clone();
        let read = read_events(events.iter().map(|(_, event)| event.clone()).collect(), &schema);
        let EventRows { batch, numbers, rejected } = read;
        let outcome = app.change(Command::AddEvents(Box::new(batch), terms), key.clone()).await;
        let counts = match outcome {
            Ok(Outcome::Events(counts)) => counts,
            Err(error) if error.code() == "schema_changed" && attempt < SMALL_IMPORT_ATTEMPTS => continue,
            Err(error) => return Err(error),
            Ok(_) => return Err(ApiError::internal("events ended as something else")),
        };
        let row_of =
            |number: u64| usize::try_from(number - 1).ok().and_then(|at| events.get(at)).map_or(0, |(row, _)| *row);
        let mut all = broken;
        all.extend(rejected.into_iter().map(|rejected| RejectedRow { row: row_of(rejected.row), ..rejected }));
        let kept_back = all.len() as u64;
        let place =
            |at: u64| usize::try_from(at).ok().and_then(|at| numbers.get(at)).map_or(0, |number| row_of(*number));
        all.extend(counts.refused.iter().map(|(at, why)| RejectedRow { row: place(*at), errors: vec![refusal(*why)] }));
        return Ok(answer::json(StatusCode::OK, report(rows, &counts, all, kept_back)));
    }
    Err(ApiError::internal("events were tried no more"))
}

/// The events of a JSON body, each with its number.
fn events_of(body: &[u8]) -> Result<Vec<(u64, Json)>, ApiError> {
    let json: Json = serde_json::from_slice(body)
        .map_err(|error| Error::invalid("", "bad_json", format!("the body is no JSON: {error}")))?;
    let Json::Object(mut map) = json else {
        return Err(Error::invalid("", "wrong_type", "the body is an event, or {\"events\": [...]}").into());
    };
    check_tenant(map.get("tenant_id"))?;
    match map.swap_remove("events") {
        None => {
            map.swap_remove("tenant_id");
            Ok(vec![(1, Json::Object(map))])
        }
        Some(Json::Array(events)) => Ok((1..).zip(events).collect()),
        Some(_) => Err(Error::invalid("/events", "wrong_type", "\"events\" takes a list of events").into()),
    }
}

/// The events of lines, each with the number of its row, and the rows that are no JSON; blank lines do not count.
fn lines_of(body: &[u8]) -> (Vec<(u64, Json)>, Vec<RejectedRow>) {
    let (mut events, mut broken) = (Vec::new(), Vec::new());
    let lines = body.split(|byte| *byte == b'\n').filter(|line| !line.trim_ascii().is_empty());
    for (row, line) in (1..).zip(lines) {
        match serde_json::from_slice(line) {
            Ok(event) => events.push((row, event)),
            Err(error) => {
                let problem = Problem::new("", "bad_json", format!("the line is no JSON: {error}"));
                broken.push(RejectedRow { row, errors: vec![problem] });
            }
        }
    }
    (events, broken)
}

/// Why an event was not taken, in words.
pub(super) fn refusal(why: EventRefusal) -> Problem {
    match why {
        EventRefusal::UnknownProfile => Problem::new(
            "/profile_id",
            "unknown_profile",
            "there is no such profile; load it first, or leave unknown=reject out",
        ),
        EventRefusal::TooOld => Problem::new(
            "/time",
            "too_old",
            "the event is older than events of its type are kept; see retention_days at /api/events/schema",
        ),
        EventRefusal::BadType => {
            Problem::new("/type", "bad_event_type", "the name cannot be that of a type, or there are too many types")
        }
    }
}

/// What became of events. `kept_back` of `rejected` were not sent to the engine.
pub(super) fn report(rows: u64, counts: &EventCounts, mut rejected: Vec<RejectedRow>, kept_back: u64) -> Json {
    rejected.sort_by_key(|rejected| rejected.row);
    rejected.truncate(REJECTED_LISTED_MAX);
    json!({
        "rows": rows,
        "accepted": counts.accepted,
        "duplicates": counts.duplicates,
        "rejected": answer::rejected(&rejected),
        "rejected_total": kept_back + counts.refused_total,
        "profiles_created": counts.profiles_created,
        "data_version": counts.data_version,
    })
}

/// Types and properties of events, with how many events of each type there are.
#[utoipa::path(get, path = "/api/events/schema", tag = "events", responses((status = 200, body = EventSchemaAnswer)))]
pub(crate) async fn read_schema(State(app): State<App>) -> Reply {
    Ok(answer::json(StatusCode::OK, schema_json(&app)?))
}

fn schema_json(app: &App) -> Result<Json, ApiError> {
    let state = app.tenant()?.state();
    let events = state.view.events();
    let types: Vec<Json> = events
        .schema()
        .types()
        .iter()
        .map(|kind| json!({"name": kind.name, "retention_days": kind.retention_days, "events": events.count(kind.id)}))
        .collect();
    let properties = events.schema().properties().iter();
    let properties: Vec<Json> =
        properties.map(|property| json!({"name": property.name, "type": property.kind.to_string()})).collect();
    Ok(json!({"types": types, "properties": properties, "events": events.len(), "data_version": state.version}))
}

/// Declare types of events, for how many days each is kept, and properties with their types. Nothing is taken away.
#[utoipa::path(put, path = "/api/events/schema", tag = "events", params(Key), request_body = EventSchemaRequest,
    responses((status = 200, body = EventSchemaAnswer), (status = 422, body = ProblemDetails)))]
pub(crate) async fn declare(State(app): State<App>, key: Key, mut form: Form) -> Reply {
    let mut problems = Vec::new();
    let types = declared_types(form.take("types"), &mut problems);
    let properties = declared_properties(form.take("properties"), &mut problems);
    problems.into_iter().for_each(|problem| form.problem(problem));
    form.finish()?;
    app.change(Command::DeclareEvents(DeclareEvents { types, properties }), key.terms()).await?;
    Ok(answer::json(StatusCode::OK, schema_json(&app)?))
}

fn entries<'j>(key: &str, json: Option<&'j Json>, problems: &mut Vec<Problem>) -> &'j [Json] {
    match json {
        None => &[],
        Some(Json::Array(entries)) => entries,
        Some(_) => {
            problems.push(Problem::new(format!("/{key}"), "wrong_type", format!("\"{key}\" takes a list of objects")));
            &[]
        }
    }
}

/// Types, each with the days that it is kept where it says so.
fn declared_types(json: Option<Json>, problems: &mut Vec<Problem>) -> Vec<(String, Option<Option<u32>>)> {
    let mut types = Vec::new();
    for (i, entry) in entries("types", json.as_ref(), problems).iter().enumerate() {
        let name = entry.get("name").and_then(Json::as_str).unwrap_or_default().to_owned();
        let days = match entry.get("retention_days") {
            None => None,
            Some(Json::Null) => Some(None),
            Some(days) => Some(Some(days.as_u64().and_then(|days| u32::try_from(days).ok()).unwrap_or_default())),
        };
        unknown_keys(entry, &format!("/types/{i}"), &["name", "retention_days"], problems);
        types.push((name, days));
    }
    types
}

fn declared_properties(json: Option<Json>, problems: &mut Vec<Problem>) -> Vec<(String, FieldType)> {
    let mut properties = Vec::new();
    for (i, entry) in entries("properties", json.as_ref(), problems).iter().enumerate() {
        let name = entry.get("name").and_then(Json::as_str).unwrap_or_default().to_owned();
        unknown_keys(entry, &format!("/properties/{i}"), &["name", "type"], problems);
        match entry.get("type").and_then(Json::as_str).and_then(FieldType::parse) {
            Some(kind) => properties.push((name, kind)),
            None => {
                let message = "type is bool, int, decimal(s), float, keyword, keyword_set, int_set, time or date";
                problems.push(Problem::new(format!("/properties/{i}/type"), "bad_type", message));
            }
        }
    }
    properties
}

fn unknown_keys(entry: &Json, place: &str, known: &[&str], problems: &mut Vec<Problem>) {
    for key in entry.as_object().into_iter().flat_map(Map::keys).filter(|key| !known.contains(&key.as_str())) {
        let problem = Problem::new(format!("{place}/{key}"), "unknown_key", format!("there is no key \"{key}\" here"));
        problems.push(problem.with_suggestions(nearest(key, known.iter().copied())));
    }
}

/// One person's events, the newest first, those of the future included.
///
/// Ids of events are not among it: of these a digest is kept.
#[utoipa::path(get, path = "/api/profiles/{id}/events", tag = "events", params(("id" = String, Path), PersonEventsQuery),
    responses((status = 200, body = EventPage), (status = 404, body = ProblemDetails), (status = 422, body = ProblemDetails)))]
pub(crate) async fn of_profile(
    State(app): State<App>,
    PathId(id): PathId,
    Query(query): Query<PersonEventsQuery>,
) -> Reply {
    let tenant = app.tenant()?;
    let limit = query.limit.unwrap_or(100);
    if !(1..=muster_engine::limits::PAGE_MEMBERS_MAX).contains(&limit) {
        return Err(Error::invalid("/limit", "bad_limit", "limit is a whole number from 1 to 10000").into());
    }
    let bad = || Error::invalid("/cursor", "bad_cursor", "cursor is the next_cursor of the page before, unchanged");
    let (state, skip) = match &query.cursor {
        None => (tenant.state(), 0),
        Some(cursor) => {
            let (version, skip) = cursor.split_once('-').ok_or_else(bad)?;
            let (version, skip) = (version.parse().map_err(|_| bad())?, skip.parse().map_err(|_| bad())?);
            (tenant.state_at(version)?, skip)
        }
    };
    let row =
        state.view.row(&normalize(&id)).ok_or_else(|| Error::NotFound(format!("there is no profile \"{id}\"")))?;
    let events = state.view.events();
    let kind = query.kind.as_deref().map(|name| {
        let known = events.schema().find_type(&normalize(name)).map(|kind| kind.id);
        known.ok_or_else(|| {
            let problem =
                Problem::new("/type", "unknown_event_type", format!("there are no events of type \"{name}\""));
            Error::Invalid(vec![problem.with_suggestions(nearest(name, events.schema().type_names()))])
        })
    });
    let found = events.of_profile(row, kind.transpose()?, skip, limit + 1);
    let next = (found.len() > limit).then(|| format!("{}-{}", state.version, skip + limit));
    if next.is_some() {
        tenant.pin(&state);
    }
    let items: Vec<Json> = found.iter().take(limit).map(|event| event_json(events, event)).collect();
    let body =
        json!({"items": items, "next_cursor": next, "total": events.count_of(row), "data_version": state.version});
    Ok(answer::json(StatusCode::OK, body))
}

/// Takes out what the caller may not see; also what this event has no value of.
fn mask_properties(body: &mut Map<String, Json>, events: &EventData) {
    let hidden = |property: &&Property| is_hidden(&property.name);
    let names: Vec<&str> = events.schema().properties().iter().filter(hidden).map(|property| &*property.name).collect();
    for name in &names {
        let is_amount = *name == EventSchema::AMOUNT;
        let properties = if is_amount { Some(&mut *body) } else { body["properties"].as_object_mut() };
        properties.into_iter().for_each(|properties| _ = properties.insert((*name).to_owned(), Json::Null));
    }
    if !names.is_empty() {
        body.insert("masked".into(), json!(names));
    }
}

/// An event in an answer, without what the caller may not see.
pub(super) fn event_json(events: &EventData, event: &Event) -> Json {
    let mut body = Map::new();
    body.insert("type".into(), json!(events.schema().event_type(event.kind).name));
    body.insert("time".into(), json!(event.time.to_string()));
    let mut properties = Map::new();
    for (id, value) in &event.properties {
        let name = &events.schema().property(*id).name;
        let target = if *id == muster_engine::event::PropertyId::AMOUNT { &mut body } else { &mut properties };
        target.insert(name.to_string(), answer::value(value));
    }
    body.insert("properties".into(), properties.into());
    mask_properties(&mut body, events);
    body.into()
}
