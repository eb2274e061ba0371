//! What handlers share: the engine, the figures, and the way work reaches a thread that may be busy.

use std::path::PathBuf;
use std::sync::Arc;
use std::time::Duration;

use axum::http::StatusCode;
use axum::response::Response;
use metrics_exporter_prometheus::PrometheusHandle;
use muster_engine::command::{Command, Outcome};
use muster_engine::engine::Engine;
use muster_engine::id::TenantId;
use muster_engine::store::checkpoint::CheckpointReport;
use muster_engine::tenant::{Expected, State, Tenant, Terms};
use parking_lot::Mutex;
use tokio::sync::{OwnedSemaphorePermit, Semaphore};

use super::asked::Asked;
use super::computed::Rebuilding;
use super::erasures;
use super::error::ApiError;
use super::keeping::under_way;
use super::metrics::recorder;
use crate::access::Register;
use crate::clock::{self, Stopwatch};
use crate::feed::Told;
use crate::limits::{CHECKPOINT_LOG_BYTES, QUERY_TIME, QUEUE_CHANGES_MAX};
use crate::openid::RelyingParty;
pub(crate) use crate::waiting::heavy;
use crate::waiting::{Overdue, aside};
use crate::webhooks::Hooks;

/// What a handler returns.
pub(crate) type Reply = Result<Response, ApiError>;

/// The running server's parts. A clone shares them.
#[derive(Debug, Clone)]
pub struct App {
    engine: Arc<Engine>,
    metrics: PrometheusHandle,
    told: Option<Arc<Told>>,
    hooks: Option<Arc<Hooks>>,
    /// Tenants, keys and the audit; none where nobody asks for keys.
    register: Option<Arc<Register>>,
    /// Where people may sign in beside names and passwords.
    openid: Option<Arc<RelyingParty>>,
    /// Previews that were understood before.
    pub(super) asked: Asked,
    /// Held while a checkpoint or a backup is made.
    pub(super) keeping: Arc<Mutex<()>>,
    /// Computed fields that are being made anew.
    pub(super) rebuilding: Rebuilding,
    /// Where a backup is made of what; none where it cannot.
    pub(super) places: Option<Arc<Places>>,
    /// Room for changes that wait.
    pub(super) room: Arc<Semaphore>,
    /// Time for the work of one question.
    pub(super) query_time: Duration,
}

/// Where the data are, and where their backups go.
#[derive(Debug, Clone)]
pub struct Places {
    /// The data directory.
    pub data: PathBuf,
    /// The place for backups.
    pub backups: PathBuf,
}

/// A checkpoint that was asked for.
#[derive(Debug)]
pub(super) struct Taken {
    /// The one that counts now.
    pub(super) report: CheckpointReport,
    /// Bytes of it that were written now.
    pub(super) written: u64,
    pub(super) seconds: f64,
}

impl App {
    /// An app over an engine; figures are counted for the whole process.
    pub fn new(engine: Arc<Engine>) -> Self {
        Self {
            engine,
            metrics: recorder(),
            told: None,
            hooks: None,
            register: None,
            openid: None,
            asked: Asked::default(),
            keeping: Arc::default(),
            rebuilding: Rebuilding::default(),
            places: None,
            room: Arc::new(Semaphore::new(QUEUE_CHANGES_MAX)),
            query_time: QUERY_TIME,
        }
    }

    /// The same with the feed of the default tenant, and those who are sent it.
    #[must_use]
    pub fn telling(self, told: Arc<Told>, hooks: Arc<Hooks>) -> Self {
        Self { told: Some(told), hooks: Some(hooks), ..self }
    }

    /// The same with other time for the work of one question.
    #[must_use]
    pub fn answering_within(self, query_time: Duration) -> Self {
        Self { query_time, ..self }
    }

    /// The same with the register of tenants and keys.
    #[must_use]
    pub fn registered(self, register: Arc<Register>) -> Self {
        Self { register: Some(register), ..self }
    }

    /// The same with an issuer at which people may sign in.
    #[must_use]
    pub fn relying_on(self, openid: Option<Arc<RelyingParty>>) -> Self {
        Self { openid, ..self }
    }

    /// Where people may sign in beside names and passwords.
    pub(super) fn openid(&self) -> Option<&Arc<RelyingParty>> {
        self.openid.as_ref()
    }

    /// Tenants, keys and the audit, where there are any.
    pub(crate) fn register(&self) -> Option<&Arc<Register>> {
        self.register.as_ref()
    }

    /// The same, for routes that are about nothing else.
    pub(crate) fn access(&self) -> Result<&Arc<Register>, ApiError> {
        let none = "there are no tenants and keys here; muster serve keeps them";
        self.register().ok_or_else(|| ApiError::new(StatusCode::SERVICE_UNAVAILABLE, "no_register", none))
    }

    /// The receivers of messages.
    pub(crate) fn hooks(&self) -> Result<Arc<Hooks>, ApiError> {
        let none = "no messages are sent from here; muster serve sends them";
        let hooks = self.hooks.clone();
        hooks.ok_or_else(|| ApiError::new(StatusCode::SERVICE_UNAVAILABLE, "no_feed", none))
    }

    /// The feed of the tenant.
    pub(crate) fn told(&self) -> Result<&Arc<Told>, ApiError> {
        let none = "nobody follows the changes here; muster serve does";
        self.told.as_ref().ok_or_else(|| ApiError::new(StatusCode::SERVICE_UNAVAILABLE, "no_feed", none))
    }

    /// The same with a place for backups.
    #[must_use]
    pub fn with_backups(self, places: Places) -> Self {
        Self { places: Some(Arc::new(places)), ..self }
    }

    /// A place among the changes that wait to be made, until it is dropped.
    pub(crate) fn enter_queue(&self) -> Result<OwnedSemaphorePermit, ApiError> {
        self.room.clone().try_acquire_owned().map_err(|_| {
            let message =
                format!("{QUEUE_CHANGES_MAX} changes wait to be made already; nothing was changed, send it again");
            ApiError::busy("too_many_changes", message)
        })
    }

    /// Answers a question, `asked` in words, beside the connection: it is given up when that is closed.
    ///
    /// # Errors
    /// When it takes longer than a question may.
    pub(super) async fn aside<F>(&self, asked: &str, answering: F) -> Result<F::Output, ApiError>
    where
        F: Future + Send + 'static,
        F::Output: Send,
    {
        aside(self.query_time, answering).await.map_err(|Overdue| {
            let message = format!(
                "{asked} was given up after {} seconds of work: ask about less at once, save parts of the rule as segments, \
                 or have the server started with a longer --query-seconds",
                self.query_time.as_secs_f64()
            );
            ApiError::new(StatusCode::SERVICE_UNAVAILABLE, "query_too_long", message)
        })
    }

    /// The figures that `/metrics` prints.
    pub fn metrics(&self) -> &PrometheusHandle {
        &self.metrics
    }

    /// The tenant that a request is about.
    pub(crate) fn tenant(&self) -> Result<Arc<Tenant>, ApiError> {
        Ok(self.engine.tenant(&TenantId::default())?)
    }

    /// Lets those go who read along on streams.
    pub(crate) fn close_streams(&self) {
        self.told.iter().for_each(|told| told.close());
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

    /// Takes a checkpoint when a restart would have much of the log to read, or erasures should leave the disk.
    pub(crate) async fn checkpoint_when_due(&self) {
        let Ok(tenant) = self.tenant() else { return };
        let is_due = erasures::is_checkpoint_due(&tenant.state().erasures, clock::now());
        if tenant.log_bytes() < CHECKPOINT_LOG_BYTES && !is_due {
            return;
        }
        match self.checkpoint().await {
            Ok(Taken { report, written, seconds }) => tracing::info!(
                lsn = report.lsn,
                megabytes = report.bytes >> 20,
                written_megabytes = written >> 20,
                seconds,
                "checkpoint"
            ),
            Err(error) => tracing::error!(?error, "no checkpoint"),
        }
    }

    /// Takes a checkpoint that makes good all erasures so far.
    pub(super) async fn checkpoint(&self) -> Result<Taken, ApiError> {
        let (tenant, keeping, told) = (self.tenant()?, self.keeping.clone(), self.told.clone());
        let taken = tokio::task::spawn_blocking(move || {
            let _alone = keeping.try_lock().ok_or_else(under_way)?;
            let watch = Stopwatch::start();
            let keeps_some = |tenant: &Tenant| {
                let state = tenant.state();
                state.view.events().schema().types().iter().any(|kind| kind.retention_days.is_some())
            };
            if keeps_some(&tenant) {
                // What is too old is not to be written once more.
                tenant.apply(Command::ExpireEvents { now: clock::now() })?;
            }
            // States before a checkpoint cannot be had any more: the feed must have told of them.
            let mut ready = |state: &State| told.as_ref().map_or(Ok(()), |told| told.wait_safe(state.version));
            let done = tenant.checkpoint_erasing_after(&clock::now, &mut ready)?;
            let report = done.map_or_else(|| tenant.last_checkpoint(), |done| done.report);
            let written = done.map_or(0, |done| done.written);
            Ok(Taken { report, written, seconds: watch.elapsed().as_secs_f64() })
        });
        taken.await.map_err(|error| ApiError::internal(format!("a checkpoint failed: {error}")))?
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
        let (tenant, _queued) = (self.tenant()?, self.enter_queue()?);
        let applied = tokio::task::spawn_blocking(move || tenant.apply_expecting(command, terms, expected)).await;
        Ok(applied.map_err(|error| ApiError::internal(format!("a change did not finish: {error}")))??)
    }
}
