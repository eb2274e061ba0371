//! `POST /api/checkpoint` and `POST /api/backup`: what the server does by itself, or what a supervisor has done at night.

use std::sync::Arc;

use axum::extract::State;
use axum::http::StatusCode;
use serde_json::json;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use super::answer;
use super::app::{App, Reply};
use super::error::{ApiError, ProblemDetails};
use super::shapes::{BackupAnswer, CheckpointAnswer};
use crate::backup::{BackupReport, back_up};
use crate::clock::{self, Stopwatch};

/// The routes of this file.
pub(super) fn router() -> OpenApiRouter<App> {
    OpenApiRouter::new().routes(routes!(checkpoint)).routes(routes!(backup))
}

/// Write what the data directory holds in the form from which a start takes a moment, and drop the log before.
///
/// The server does this by itself when the log is long, and in time after erasures. Others read and write meanwhile.
#[utoipa::path(post, path = "/api/checkpoint", tag = "server", responses((status = 200, body = CheckpointAnswer),
    (status = 409, body = ProblemDetails), (status = 503, body = ProblemDetails)))]
async fn checkpoint(State(app): State<App>) -> Reply {
    let tenant = app.tenant()?;
    if !tenant.is_kept() {
        return Err(not_kept());
    }
    let taken = app.checkpoint().await?;
    let body = json!({
        "lsn": taken.report.lsn,
        "files": taken.report.files,
        "bytes": taken.report.bytes,
        "bytes_written": taken.written,
        "seconds": taken.seconds,
    });
    Ok(answer::json(StatusCode::OK, body))
}

/// Make a backup in the place that the server was started with (`--backup-dir`).
///
/// Everything that was acknowledged before is in it; others read and write meanwhile. It is answered when the backup is
/// whole and compared with its checksums. `muster restore` brings it back.
#[utoipa::path(post, path = "/api/backup", tag = "server", responses((status = 200, body = BackupAnswer),
    (status = 409, body = ProblemDetails), (status = 503, body = ProblemDetails)))]
async fn backup(State(app): State<App>) -> Reply {
    let Some(places) = app.places.clone() else {
        let message = "the server was started without a place for backups; start it with --data DIR --backup-dir DIR";
        return Err(ApiError::new(StatusCode::CONFLICT, "no_backup_directory", message));
    };
    let (tenant, keeping, told) = (app.tenant()?, Arc::clone(&app.keeping), app.told().ok().cloned());
    let made = tokio::task::spawn_blocking(move || {
        let _alone = keeping.try_lock().ok_or_else(under_way)?;
        let watch = Stopwatch::start();
        let feed = told.map(|told| told.feed().clone()).unwrap_or_default();
        let report = back_up(&tenant, &feed, &places.data, &places.backups, clock::now(), &mut |_, _| ())?;
        Ok::<_, ApiError>((report, watch.elapsed().as_secs_f64()))
    });
    let (report, seconds) = made.await.map_err(|error| ApiError::internal(format!("a backup failed: {error}")))??;
    let BackupReport { directory, lsn, data_version, profiles, made_at, files, bytes, bytes_copied } = report;
    tracing::info!(lsn, directory = %directory.display(), bytes, bytes_copied, seconds, "backup");
    let body = json!({
        "directory": directory.to_string_lossy(),
        "lsn": lsn,
        "data_version": data_version,
        "profiles": profiles,
        "made_at": made_at,
        "files": files,
        "bytes": bytes,
        "bytes_copied": bytes_copied,
        "seconds": seconds,
    });
    Ok(answer::json(StatusCode::OK, body))
}

fn not_kept() -> ApiError {
    let message = "nothing is kept on disk, so there is nothing to write; start the server with --data DIR";
    ApiError::new(StatusCode::CONFLICT, "not_kept", message)
}

/// Why one of these is refused while another is made.
pub(super) fn under_way() -> ApiError {
    ApiError::busy("under_way", "a checkpoint or a backup is under way; ask again when it is done")
}
