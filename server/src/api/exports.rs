//! `/api/snapshots/{id}/export`: members as CSV, NDJSON or Parquet, as a stream that waits for a slow client.

use std::io::{self, Write};

use axum::body::{Body, Bytes};
use axum::extract::State;
use axum::http::{HeaderMap, HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};
use muster_engine::id::FieldId;
use muster_engine::tenant;
use serde::Deserialize;
use tokio::sync::mpsc::{self, Sender};
use utoipa::IntoParams;

use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use super::app::{App, Reply, heavy};
use super::error::{ApiError, ProblemDetails};
use super::path::PathId;
use super::query::Query;
use super::sight;
use super::snapshots::snapshot_id;

use crate::access::is_hidden;
use crate::export::{Export, ExportFormat, Formulas, fields_named};
use crate::limits::{EXPORT_CHUNK_BYTES, EXPORT_CHUNKS_MAX};

/// How to export.
#[derive(Debug, Default, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub(crate) struct ExportQuery {
    /// `csv`, `ndjson` or `parquet`; otherwise what the `Accept` header asks for, and CSV when it takes anything.
    format: Option<String>,
    /// Names of fields with commas between them, in this order behind the id; all fields when left out, none when empty.
    fields: Option<String>,
    /// Of CSV: `quote` (a text that begins with `=`, `+`, `-`, `@`, a tab or a carriage return gets an apostrophe in front,
    /// so that no spreadsheet takes it for a formula; the default) or `keep`. Numbers, times and sets are never touched.
    formulas: Option<String>,
    /// Ignored; for callers who send it with every request.
    #[allow(dead_code)]
    tenant_id: Option<String>,
}

/// The routes of this file.
pub(super) fn router() -> OpenApiRouter<App> {
    OpenApiRouter::new().routes(routes!(export))
}

/// Export the members with the values that they have now.
#[utoipa::path(get, path = "/api/snapshots/{id}/export", tag = "snapshots", params(("id" = u64, Path), ExportQuery),
    responses((status = 200, content((String = "text/csv"), (String = "application/x-ndjson"), (Vec<u8> = "application/vnd.apache.parquet"))),
        (status = 404, body = ProblemDetails), (status = 406, body = ProblemDetails), (status = 422, body = ProblemDetails)))]
pub(crate) async fn export(
    State(app): State<App>,
    PathId(id): PathId,
    Query(query): Query<ExportQuery>,
    headers: HeaderMap,
) -> Reply {
    let id = snapshot_id(&id)?;
    let format = match &query.format {
        Some(name) => ExportFormat::named(name)?,
        None => accepted(&headers)?,
    };
    let formulas = query.formulas.as_deref().map_or(Ok(Formulas::default()), Formulas::named)?;
    let state = app.tenant()?.state();
    let fields = shown(fields_named(query.fields.as_deref(), &state)?, query.fields.is_some(), &state)?;
    let rows = heavy(|| state.snapshots.get(id)?.0.rows(state.view.live()))?;
    let name = format!("attachment; filename=\"snapshot-{id}.{}\"", format.name());
    let export = Export { state, rows, fields, format, formulas };
    let mut response = streamed(move |out| export.write(out, &mut |_| {}));
    let headers = response.headers_mut();
    headers.insert(header::CONTENT_TYPE, HeaderValue::from_static(format.content_type()));
    headers.insert(header::VARY, HeaderValue::from_static("accept"));
    if let Ok(value) = HeaderValue::from_str(&name) {
        headers.insert(header::CONTENT_DISPOSITION, value);
    }
    Ok(response)
}

/// Those that the caller may see: of all fields, the others have no column; one that was asked for by name is refused. Taken
/// out here, because what writes has no caller.
fn shown(fields: Vec<FieldId>, is_named: bool, state: &tenant::State) -> Result<Vec<FieldId>, ApiError> {
    let name = |field: &FieldId| &*state.view.schema().field(*field).name;
    match fields.iter().map(name).find(|name| is_hidden(name)) {
        Some(hidden) if is_named => Err(sight::personal(hidden)),
        _ => Ok(fields.into_iter().filter(|field| !is_hidden(name(field))).collect()),
    }
}

fn accepted(headers: &HeaderMap) -> Result<ExportFormat, ApiError> {
    let Some(value) = headers.get(header::ACCEPT) else { return Ok(ExportFormat::Csv) };
    value.to_str().ok().and_then(ExportFormat::accepted).ok_or_else(|| {
        let message = "an export is text/csv, application/x-ndjson or application/vnd.apache.parquet; accept one of these or say ?format=";
        ApiError::new(StatusCode::NOT_ACCEPTABLE, "not_acceptable", message)
    })
}

/// A body that is written while it is sent.
pub(super) fn streamed(write: impl FnOnce(Chunks) -> io::Result<()> + Send + 'static) -> Response {
    let (chunks, waiting) = mpsc::channel(EXPORT_CHUNKS_MAX);
    tokio::task::spawn_blocking(move || {
        let out = Chunks { chunks: chunks.clone(), gathered: Vec::with_capacity(EXPORT_CHUNK_BYTES) };
        match write(out) {
            // Whoever asked has gone; nobody is left to be told.
            Err(error) if error.kind() == io::ErrorKind::BrokenPipe => {}
            // The connection is cut, so that nobody takes what has come for all there is.
            Err(error) => {
                tracing::error!(%error, "an export could not be written to its end");
                let _ = chunks.blocking_send(Err(error));
            }
            Ok(()) => {}
        }
    });
    let stream = futures_util::stream::unfold(waiting, |mut waiting| async {
        waiting.recv().await.map(|chunk| (chunk, waiting))
    });
    Body::from_stream(stream).into_response()
}

/// Gathers what is written and hands it on in chunks, waiting for room.
pub(super) struct Chunks {
    chunks: Sender<io::Result<Bytes>>,
    gathered: Vec<u8>,
}

impl Chunks {
    fn hand_on(&mut self) -> io::Result<()> {
        if self.gathered.is_empty() {
            return Ok(());
        }
        let chunk = std::mem::replace(&mut self.gathered, Vec::with_capacity(EXPORT_CHUNK_BYTES));
        self.chunks.blocking_send(Ok(chunk.into())).map_err(|_| io::ErrorKind::BrokenPipe.into())
    }
}

impl Write for Chunks {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        let room = EXPORT_CHUNK_BYTES - self.gathered.len();
        let taken = bytes.len().min(room);
        self.gathered.extend_from_slice(&bytes[..taken]);
        if self.gathered.len() >= EXPORT_CHUNK_BYTES {
            self.hand_on()?;
        }
        Ok(taken)
    }

    fn flush(&mut self) -> io::Result<()> {
        self.hand_on()
    }
}
