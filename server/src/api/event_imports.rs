//! `POST /api/events/import`: files of events.

use axum::extract::{Request, State};
use axum::http::{StatusCode, header};
use muster_engine::event::EventTerms;
use serde::Deserialize;
use serde_json::Value as Json;
use utoipa::IntoParams;

use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use super::answer;
use super::app::{App, Reply};
use super::error::{ApiError, ProblemDetails};
use super::events::{creates_profiles, refusal, report};
use super::profiles::is_dry_run;
use super::query::Query;
use super::shapes::EventReport;
use super::terms::{Key, durability};

use crate::clock;
use crate::limits::SPOOL_BYTES_MAX;
use crate::load_events::{EventLoad, EventLoadReport, load_events, rehearse_events};
use crate::source::{Format, RejectedRow, spool};

/// How to read the body.
#[derive(Debug, Default, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub(crate) struct EventImportQuery {
    /// The column of the profile's external id; `profile_id` when left out.
    id_field: Option<String>,
    /// What becomes of events of people whom nobody knows: `create` makes profiles (the default), `reject` refuses them.
    unknown: Option<String>,
    /// `durable` (answered once the events survive a power cut; the default) or `buffered` (up to a second earlier).
    durability: Option<String>,
    /// `true`: nothing is changed, and the report says what would be.
    dry_run: Option<String>,
    /// Ignored; for callers who send it with every request.
    #[allow(dead_code)]
    tenant_id: Option<String>,
}

/// The routes of this file.
pub(super) fn router() -> OpenApiRouter<App> {
    OpenApiRouter::new().routes(routes!(import))
}

/// Bring in a file of events: NDJSON, CSV, Parquet or Arrow IPC by `Content-Type`, one event a row.
///
/// Columns are `event_id`, `profile_id`, `type`, `time` and `amount`; every other is a property, whose type is that of the
/// schema or the one that holds all its values. An NDJSON line may have its properties under `properties`. What becomes of
/// each event is as at `POST /api/events`, and rows = accepted + duplicates + rejected_total. All events are seen at
/// once; a body that cannot be read to its end changes nothing, and neither does a `dry_run`.
#[utoipa::path(post, path = "/api/events/import", tag = "events", params(EventImportQuery, Key),
    request_body(content(
        (String = "application/x-ndjson"), (String = "text/csv"),
        (Vec<u8> = "application/vnd.apache.parquet"), (Vec<u8> = "application/vnd.apache.arrow.stream"))),
    responses((status = 200, body = EventReport), (status = 415, body = ProblemDetails), (status = 422, body = ProblemDetails)))]
pub(crate) async fn import(
    State(app): State<App>,
    Query(query): Query<EventImportQuery>,
    key: Key,
    request: Request,
) -> Reply {
    let kind = request.headers().get(header::CONTENT_TYPE).and_then(|value| value.to_str().ok()).unwrap_or_default();
    let format = Format::from_content_type(kind)?;
    let taken = EventTerms { creates_profiles: creates_profiles(query.unknown.as_deref())?, now: clock::now() };
    let terms = key.terms_as(durability(query.durability.as_deref())?);
    let is_dry = is_dry_run(query.dry_run.as_deref())?;
    let tenant = app.tenant()?;
    let file = spool(request.into_body(), SPOOL_BYTES_MAX).await?;
    let load = EventLoad { format, id_field: query.id_field, taken, terms };
    let _queued = app.enter_queue()?;
    let way = if is_dry { rehearse_events } else { load_events };
    let loading = tokio::task::spawn_blocking(move || way(&tenant, &file, &load, &mut |_| {}));
    let report = loading.await.map_err(|_| ApiError::internal("an import of events panicked"))??;
    let mut body = import_json(&report);
    body["dry_run"] = is_dry.into();
    Ok(answer::json(StatusCode::OK, body))
}

/// An import's report.
pub(crate) fn import_json(told: &EventLoadReport) -> Json {
    let mut rejected = told.rejects.listed.clone();
    let refused = told.refused.iter();
    rejected.extend(refused.map(|(row, why)| RejectedRow { row: *row, errors: vec![refusal(*why)] }));
    report(told.rows, &told.counts, rejected, told.rejects.total)
}
