//! What people said about being contacted: `/api/profiles/{id}/consents` of one person, `/api/consents` of many.
//!
//! Everything that was said is kept until the person is erased. The newest is what counts, and what a channel with the
//! same purpose goes by.

use axum::extract::{Request, State};
use axum::http::{StatusCode, header};
use muster_engine::command::{Command, GateChange, Noted, Outcome, Saying};
use muster_engine::error::Problem;
use muster_engine::id::Row;
use muster_engine::tenant;
use muster_engine::time::Timestamp;
use serde_json::{Value as Json, json};
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use crate::api::answer;
use crate::api::app::{App, Reply, heavy};
use crate::api::error::{ApiError, ProblemDetails};
use crate::api::form::Form;
use crate::api::path::PathId;
use crate::api::profiles::row_of;
use crate::api::shapes::{ConsentList, ConsentReport, ConsentRequest, ConsentsRequest, NotedAnswer};
use crate::api::suppressions::noted;
use crate::api::terms::Key;
use crate::clock;
use crate::limits::SPOOL_BYTES_MAX;
use crate::source::{Format, consent_state, consent_time, read_consents, spool};

/// The routes of this file.
pub(super) fn router() -> OpenApiRouter<App> {
    OpenApiRouter::new().routes(routes!(read, put)).routes(routes!(record)).routes(routes!(import))
}

/// What one person said about being contacted, by channel and purpose, the newest first.
#[utoipa::path(get, path = "/api/profiles/{id}/consents", tag = "gates", params(("id" = String, Path)),
    responses((status = 200, body = ConsentList), (status = 404, body = ProblemDetails)))]
pub(crate) async fn read(State(app): State<App>, PathId(id): PathId) -> Reply {
    let state = app.tenant()?.state();
    let row = row_of(&state, &id)?;
    Ok(answer::json(StatusCode::OK, heavy(|| list(&state, row))))
}

/// Note what one person said about being contacted.
#[utoipa::path(put, path = "/api/profiles/{id}/consents", tag = "gates", params(("id" = String, Path), Key),
    request_body = ConsentRequest,
    responses((status = 200, body = ConsentList), (status = 404, body = ProblemDetails), (status = 422, body = ProblemDetails)))]
pub(crate) async fn put(State(app): State<App>, PathId(id): PathId, key: Key, mut form: Form) -> Reply {
    let tenant = app.tenant()?;
    row_of(&tenant.state(), &id)?;
    let saying = saying(&mut form);
    form.finish()?;
    let said = saying.into_iter().map(|saying| Saying { ids: vec![id.clone()], ..saying }).collect();
    app.change(Command::Gate(GateChange::RecordConsents(said)), key.terms()).await?;
    let state = tenant.state();
    let row = row_of(&state, &id)?;
    Ok(answer::json(StatusCode::OK, heavy(|| list(&state, row))))
}

/// Note the same thing that many people said about being contacted.
///
/// `time` is kept in whole seconds; said again in the same second it is one. Of a grant and a withdrawal in one second the
/// withdrawal counts. Ids that no profile has are reported and not kept.
#[utoipa::path(post, path = "/api/consents", tag = "gates", params(Key), request_body = ConsentsRequest,
    responses((status = 200, body = NotedAnswer), (status = 422, body = ProblemDetails)))]
pub(crate) async fn record(State(app): State<App>, key: Key, mut form: Form) -> Reply {
    let ids = form.ids("ids");
    if ids.is_none() {
        form.mistake("", "missing_key", "\"ids\" is missing: external ids of whoever said it");
    }
    let saying = saying(&mut form);
    form.finish()?;
    let said = saying.into_iter().map(|saying| Saying { ids: ids.clone().unwrap_or_default(), ..saying }).collect();
    let outcome = app.change(Command::Gate(GateChange::RecordConsents(said)), key.terms()).await?;
    noted(&app, outcome)
}

/// Bring in a CSV of what people said about being contacted, one line each.
///
/// Columns are `id` (or `customer_id`), `channel`, `purpose`, `state` (`granted` or `withdrawn`), `source`, and `time`, an
/// instant; a line without one was said now. Others are ignored. All lines take effect at once, and
/// rows = noted + repeated + duplicates + unknown + rejected_total.
#[utoipa::path(post, path = "/api/consents/import", tag = "gates", params(Key),
    request_body(content((String = "text/csv"))),
    responses((status = 200, body = ConsentReport), (status = 415, body = ProblemDetails), (status = 422, body = ProblemDetails)))]
pub(crate) async fn import(State(app): State<App>, key: Key, request: Request) -> Reply {
    let kind = request.headers().get(header::CONTENT_TYPE).and_then(|value| value.to_str().ok()).unwrap_or_default();
    if Format::from_content_type(kind)? != Format::Csv {
        let message = format!("consents are imported as text/csv, not {kind}");
        return Err(ApiError::new(StatusCode::UNSUPPORTED_MEDIA_TYPE, "unsupported_content_type", message));
    }
    let (tenant, now) = (app.tenant()?, clock::now());
    let file = spool(request.into_body(), SPOOL_BYTES_MAX).await?;
    let state = tenant.state();
    let reading = tokio::task::spawn_blocking(move || {
        let is_channel = |name: &str| state.gates.channel(name).is_some();
        read_consents(&file, now, &is_channel)
    });
    let read = reading.await.map_err(|_| ApiError::internal("an import of consents panicked"))??;
    let outcome = app.change(Command::Gate(GateChange::RecordConsents(read.said)), key.terms()).await?;
    let Outcome::Noted(Noted { duplicates, noted, repeated, unknown, .. }) = outcome else {
        return Err(ApiError::internal("consents were noted as something else"));
    };
    let body = json!({"rows": read.rows, "noted": noted, "repeated": repeated, "duplicates": duplicates,
        "unknown": unknown, "rejected": answer::rejected(&read.rejects.listed), "rejected_total": read.rejects.total,
        "data_version": tenant.state().version});
    Ok(answer::json(StatusCode::OK, body))
}

/// What was said, by nobody yet; none where a mistake was noted.
fn saying(form: &mut Form) -> Option<Saying> {
    let now = clock::now();
    let (channel, purpose) = (form.required_text("channel"), form.required_text("purpose"));
    let source = form.required_text("source");
    let state = form.required_choice("state", |text| consent_state(text).map_err(|problem| at("/state", problem)))?;
    let said = form.instant("time").unwrap_or(now);
    let at = consent_time(said, now).map_err(|problem| form.problem(at("/time", problem))).ok()?;
    Some(Saying { channel, purpose, state, source, at, ids: Vec::new() })
}

fn at(pointer: &str, problem: Problem) -> Problem {
    Problem { pointer: pointer.into(), ..problem }
}

fn list(state: &tenant::State, row: Row) -> Json {
    json!({"items": consents_of(state, row), "data_version": state.version})
}

/// What a person said, one item for each channel and purpose.
pub(crate) fn consents_of(state: &tenant::State, row: Row) -> Vec<Json> {
    let mut items = Vec::new();
    for (channel, about) in state.gates.channels() {
        for (purpose, record) in &about.consents {
            let history: Vec<Json> = record
                .of(row.0)
                .iter()
                .map(|said| {
                    let time = Timestamp(said.second.saturating_mul(1_000_000)).to_string();
                    json!({"state": said.state.name(), "source": said.source, "time": time})
                })
                .collect();
            if let Some(newest) = history.first() {
                items.push(json!({"channel": channel, "purpose": purpose, "state": newest["state"],
                    "source": newest["source"], "time": newest["time"], "history": history}));
            }
        }
    }
    items
}
