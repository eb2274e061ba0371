//! What handlers share: the engine, the figures, and the way work reaches a thread that may be busy.

use std::sync::Arc;

use axum::response::Response;
use metrics_exporter_prometheus::PrometheusHandle;
use muster_engine::command::{Command, Outcome};
use muster_engine::engine::Engine;
use muster_engine::id::TenantId;
use muster_engine::tenant::{Checkpointed, Expected, Tenant, Terms};

use super::asked::Asked;
use super::error::ApiError;
use super::metrics::recorder;
use crate::clock::Stopwatch;
use crate::limits::CHECKPOINT_LOG_BYTES;

/// What a handler returns.
pub(crate) type Reply = Result<Response, ApiError>;

/// The running server's parts. A clone shares them.
#[derive(Debug, Clone)]
pub struct App {
    engine: Arc<Engine>,
    metrics: PrometheusHandle,
    /// Previews that were understood before.
    pub(super) asked: Asked,
}

impl App {
    /// An app over an engine; figures are counted for the whole process.
    pub fn new(engine: Arc<Engine>) -> Self {
        Self { engine, metrics: recorder(), asked: Asked::default() }
    }

    /// The figures that `/metrics` prints.
    pub fn metrics(&self) -> &PrometheusHandle {
        &self.metrics
    }

    /// The tenant that a request is about.
    pub(crate) fn tenant(&self) -> Result<Arc<Tenant>, ApiError> {
        Ok(self.engine.tenant(&TenantId::default())?)
    }

    /// Makes safe what was acknowledged before it was.
    pub(crate) async fn sync(&self) {
        let Ok(tenant) = self.tenant() else { return };
        if !tenant.has_unsynced() {
            return;
        }
        match tokio::task::spawn_blocking(move || tenant.sync()).await {
            Ok(Ok(())) => {}
            Ok(Err(error)) => tracing::error!(%error, "buffered changes could not be made safe"),
            Err(error) => tracing::error!(%error, "buffered changes could not be made safe"),
        }
    }

    /// Takes a checkpoint when a restart would have much of the log to read.
    pub(crate) async fn checkpoint_long_log(&self) {
        let Ok(tenant) = self.tenant() else { return };
        if tenant.log_bytes() < CHECKPOINT_LOG_BYTES {
            return;
        }
        let watch = Stopwatch::start();
        match tokio::task::spawn_blocking(move || tenant.checkpoint()).await {
            Ok(Ok(None)) => {}
            Ok(Ok(Some(Checkpointed { report, written }))) => tracing::info!(
                lsn = report.lsn,
                megabytes = report.bytes >> 20,
                written_megabytes = written >> 20,
                seconds = watch.elapsed().as_secs_f64(),
                "checkpoint"
            ),
            Ok(Err(error)) => tracing::error!(%error, "no checkpoint"),
            Err(error) => tracing::error!(%error, "no checkpoint"),
        }
    }

    /// Makes a change. It waits for a disk, and perhaps for an import to end, so it waits on a thread of its own.
    pub(crate) async fn change(&self, command: Command, terms: Terms) -> Result<Outcome, ApiError> {
        self.change_expecting(command, terms, None).await
    }

    /// The same unless somebody else changed meanwhile what is to be changed.
    pub(crate) async fn change_expecting(
        &self,
        command: Command,
        terms: Terms,
        expected: Option<Expected>,
    ) -> Result<Outcome, ApiError> {
        let tenant = self.tenant()?;
        let applied = tokio::task::spawn_blocking(move || tenant.apply_expecting(command, terms, expected)).await;
        Ok(applied.map_err(|error| ApiError::internal(format!("a change did not finish: {error}")))??)
    }
}

/// Work of up to some milliseconds: done here and now, while the runtime moves other requests to another thread.
pub(crate) fn heavy<T>(work: impl FnOnce() -> T) -> T {
    match tokio::runtime::Handle::try_current().map(|handle| handle.runtime_flavor()) {
        Ok(tokio::runtime::RuntimeFlavor::MultiThread) => tokio::task::block_in_place(work),
        _ => work(),
    }
}
