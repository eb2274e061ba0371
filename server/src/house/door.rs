//! The door: who is it, whose data are theirs, may they come in now?

use std::collections::HashMap;
use std::convert::Infallible;
use std::net::SocketAddr;
use std::path::Path;
use std::sync::Arc;

use axum::body::{Body, HttpBody as _};
use axum::http::{HeaderMap, HeaderValue, Method, Request, StatusCode, header};
use axum::response::Response;
use futures_util::StreamExt as _;
use hyper::body::Incoming;
use hyper::service::Service as _;
use hyper_util::service::TowerToHyperService;
use muster_engine::error::{Error, Result};
use muster_engine::id::TenantId;
use muster_engine::store::{Left, left_mapped};
use parking_lot::Mutex;

use super::place::Place;
use super::service::{Opening, Service, tenants_folder};
use crate::access::{Buckets, Caller, Deletion, Quota, Register, Standing, Unknown};
use crate::api::account::{SESSION, check_origin};
use crate::api::{Admission, Admitted, ApiError, App, Peer, bearer, unauthorized};
use crate::clock::{self, Stopwatch};
use crate::limits::{
    IDLE_LOOK_MAX, IDLE_LOOK_MIN, IN_USE_PAUSE, IN_USE_TIME_MAX, LEFT_MAPPED_BYTES_MAX, LEFT_MAPPED_FILES_MAX,
    SETTLING_PAUSE, SETTLING_PAUSES_MAX,
};
use crate::memory;
use crate::turns::Company;

/// What browsers keep to once they have come by an encrypted connection.
const ENCRYPTED_FOR_A_YEAR: HeaderValue = HeaderValue::from_static("max-age=31536000");

/// All tenants of the process.
#[derive(Debug)]
pub struct House {
    opening: Opening,
    /// The one that was there first.
    default: Arc<Service>,
    others: Mutex<HashMap<String, Arc<Place>>>,
    buckets: Buckets,
    /// Which tenants ask.
    company: Company,
}

impl House {
    /// A house whose default tenant is open.
    ///
    /// # Errors
    /// `Io` when a thread or a file is not to be had.
    pub fn new(opening: Opening, kept: super::Kept) -> Result<Arc<Self>> {
        let tenant = kept.engine.tenant(&TenantId::default())?;
        let default = Arc::new(opening.service_of(TenantId::DEFAULT, kept, &tenant)?);
        Ok(Arc::new(Self {
            opening,
            default,
            others: Mutex::default(),
            buckets: Buckets::default(),
            company: Company::default(),
        }))
    }

    /// The app of the default tenant.
    pub(crate) fn app(&self) -> &App {
        &self.default.app
    }

    /// Tenants, keys and the audit.
    pub(crate) fn register(&self) -> &Arc<Register> {
        &self.opening.register
    }

    /// The services of all tenants that are open. Each is held for the time of its turn, in which it is not closed.
    pub(crate) fn services(&self) -> impl Iterator<Item = Arc<Service>> + Send + use<> {
        let places: Vec<Arc<Place>> = self.others.lock().values().cloned().collect();
        std::iter::once(self.default.clone()).chain(places.into_iter().filter_map(|place| place.look()))
    }

    /// Writes down what waits to be written; nobody is answered any more.
    pub(crate) fn close(&self) {
        self.services().for_each(|service| service.save());
        self.register().flush_notes();
    }

    /// Answers a request.
    pub(crate) async fn answer(
        &self,
        mut request: Request<Incoming>,
        peer: SocketAddr,
    ) -> std::result::Result<Response<Body>, Infallible> {
        let peer = self.opening.surroundings.peer(request.headers(), peer);
        let (admission, service) = match self.admit(request.method(), request.headers(), peer).await {
            Ok((admitted, service)) => (Admission::Admitted(admitted), service),
            Err(refusal) => (Admission::Refused(refusal), self.default.clone()),
        };
        request.extensions_mut().insert(admission);
        request.extensions_mut().insert(peer);
        let mut response = TowerToHyperService::new(service.router.clone()).call(request).await?;
        // An answer whose length is known is made already.
        if response.body().size_hint().exact().is_none() && !Arc::ptr_eq(&service, &self.default) {
            response = response.map(|body| holding(service, body));
        }
        if peer.is_secure {
            response.headers_mut().insert(header::STRICT_TRANSPORT_SECURITY, ENCRYPTED_FOR_A_YEAR);
        }
        Ok(response)
    }

    /// Who it is, and the service of their tenant.
    async fn admit(
        &self,
        method: &Method,
        headers: &HeaderMap,
        peer: Peer,
    ) -> std::result::Result<(Admitted, Arc<Service>), ApiError> {
        let roster = self.register().roster();
        if !roster.is_closed() {
            let caller = Arc::new(Caller::without_key(TenantId::DEFAULT, Standing::Open));
            return Ok((Admitted { caller, quota: Quota::default(), turns: None }, self.default.clone()));
        }
        let now = clock::now();
        let caller = match (bearer(headers)?, SESSION.token(headers, peer.is_secure)) {
            (Some(text), _) => roster.caller(text, now).map_err(|unknown| match unknown {
                Unknown::NoSuchKey => unauthorized("unknown_key", "there is no such key, or it was revoked"),
                Unknown::Expired => unauthorized("expired_key", "the key has expired; have another one made"),
            })?,
            (None, Some(token)) => {
                let caller = roster.signed_in(token, now);
                let caller =
                    caller.ok_or_else(|| unauthorized("signed_out", "the session has ended; sign in again"))?;
                check_origin(method, headers)?;
                self.register().note_session_use(token, now);
                caller
            }
            (None, None) => {
                let message = "sign in, or send a key: Authorization: Bearer mk_...";
                return Err(unauthorized("missing_key", message));
            }
        };
        let no_tenant = || unauthorized("unknown_key", "there is no such key, or it was revoked");
        let record = roster.tenant(&caller.tenant).ok_or_else(no_tenant)?;
        if record.suspended.is_some() {
            let message = format!("tenant \"{}\" is suspended; whoever runs the server says why", record.id);
            return Err(ApiError::new(StatusCode::FORBIDDEN, "tenant_suspended", message));
        }
        let quota = record.quota;
        self.take_tokens(&caller, quota)?;
        if let Some(key) = &caller.key {
            self.register().note_use(key, now);
        }
        let service = self.service(&caller.tenant).await?;
        if !service.is_within(quota.bytes) {
            // It was changed since the last request.
            let service = service.clone();
            let changed = tokio::task::spawn_blocking(move || service.keep_within(quota.bytes)).await;
            changed.map_err(|error| ApiError::internal(format!("a quota could not be changed: {error}")))?;
        }
        let is_shared = !self.others.lock().is_empty();
        let turns = is_shared.then(|| (service.turns.clone(), self.company.asks(&caller.tenant)));
        Ok((Admitted { caller: Arc::new(caller), quota, turns }, service))
    }

    /// Refuses whoever asks more often than they may: their key first, so that one key does not use up what is the tenant's
    /// others'.
    fn take_tokens(&self, caller: &Caller, quota: Quota) -> std::result::Result<(), ApiError> {
        let take = |whose: String, rate: Option<u32>, what: &str| {
            let Some(rate) = rate else { return Ok(()) };
            let refused =
                |wait| ApiError::too_often(format!("{what} may ask {rate} times a second; wait a moment"), wait);
            self.buckets.take(&whose, rate).map_err(refused)
        };
        let key = caller.key.as_deref().unwrap_or_default();
        take(format!("key {key}"), caller.requests_per_second, "the key")?;
        take(format!("tenant {}", caller.tenant), quota.requests_per_second, "the tenant")
    }

    /// The service of a tenant, opened if it is not.
    async fn service(&self, id: &str) -> std::result::Result<Arc<Service>, ApiError> {
        if id == TenantId::DEFAULT {
            return Ok(self.default.clone());
        }
        let place = self.others.lock().entry(id.to_owned()).or_default().clone();
        if let Some(service) = place.ask() {
            return Ok(service);
        }
        self.opened(&place, id).await.map_err(|error| match error {
            error if is_in_use(&error) => ApiError::busy(
                "tenant_in_use",
                "a command of whoever runs the server is at work on this tenant's data, such as muster verify; ask again \
                 when it has ended",
            ),
            error => error.into(),
        })
    }

    /// Opens a tenant that is not open. While a command of this program has its directory, it is tried again for a while;
    /// each who waits tries for themselves, so that nobody waits for the patience of others.
    ///
    /// # Errors
    /// As [`Opening::service`].
    async fn opened(&self, place: &Arc<Place>, id: &str) -> Result<Arc<Service>> {
        let (waited, mut is_told) = (Stopwatch::start(), false);
        loop {
            let (opening, own) = (self.opening.clone(), id.to_owned());
            match place.ask_or_open(move || open(&opening, &own)).await {
                Err(error) if is_in_use(&error) && waited.elapsed() < IN_USE_TIME_MAX => {
                    if !std::mem::replace(&mut is_told, true) {
                        tracing::warn!(tenant = id, %error, "a tenant cannot be opened yet");
                    }
                    tokio::time::sleep(IN_USE_PAUSE).await;
                }
                opened => return opened,
            }
        }
    }

    /// Opens every tenant once, one after the other, so that what waits in one goes on although nobody asks: messages to
    /// receivers, erasures to be made good. Those in which nothing waits, and that nobody has asked since, are closed again.
    pub(crate) async fn look_into_all(self: Arc<Self>) {
        let ids: Vec<String> = self.register().roster().tenants().map(|tenant| tenant.id.clone()).collect();
        let mut closed = 0;
        for tenant in ids.into_iter().filter(|id| id != TenantId::DEFAULT) {
            let place = self.others.lock().entry(tenant.clone()).or_default().clone();
            if place.look().is_some() || !self.opening.folder(&tenant).is_some_and(|folder| folder.exists()) {
                continue;
            }
            let looked = async {
                let service = self.opened(&place, &tenant).await?;
                let opened = Stopwatch::start();
                let waits = service.settles().await;
                // What an opening begins holds it for a moment.
                for _ in 0..SETTLING_PAUSES_MAX {
                    if Arc::strong_count(&service) <= 2 {
                        break;
                    }
                    tokio::time::sleep(SETTLING_PAUSE).await;
                }
                drop(service);
                if waits { Ok(false) } else { place.close_after(opened.elapsed()).await }
            };
            match looked.await {
                Ok(is_closed) => {
                    closed += usize::from(is_closed);
                    tracing::info!(tenant, is_closed, "a tenant was looked into");
                }
                Err(error) => {
                    tracing::error!(tenant, %error, "a tenant could not be looked into: what waits in it waits on")
                }
            }
        }
        give_back_after(closed).await;
        tracing::info!(closed, "all tenants were looked into");
    }

    /// Closes tenants that nobody has asked for a while, whenever there are some.
    pub(crate) async fn close_idle(self: Arc<Self>) {
        // What is not kept would be gone.
        let Some(idle) = self.opening.idle.filter(|_| self.opening.data.is_some()) else { return };
        let mut ticks = tokio::time::interval((idle / 4).clamp(IDLE_LOOK_MIN, IDLE_LOOK_MAX));
        ticks.set_missed_tick_behavior(tokio::time::MissedTickBehavior::Delay);
        loop {
            ticks.tick().await;
            if !may_close(left_mapped()) {
                tracing::warn!(
                    "no more tenants are closed: files that were removed stay mapped until a restart, and are many by now"
                );
                return;
            }
            let places: Vec<_> = self.others.lock().iter().map(|(id, place)| (id.clone(), place.clone())).collect();
            let mut closed = 0;
            for (tenant, place) in places {
                match place.close_after(idle).await {
                    Ok(true) => {
                        closed += 1;
                        tracing::info!(tenant, "a tenant was closed that nobody has asked for a while");
                    }
                    Ok(false) => {}
                    Err(error) => tracing::error!(tenant, %error, "a tenant could not be closed"),
                }
            }
            give_back_after(closed).await;
        }
    }

    /// Removes what is left of tenants that were deleted, whenever some are.
    pub(crate) async fn keep_clean(self: Arc<Self>) {
        let mut changes = self.register().changes();
        loop {
            let house = self.clone();
            match tokio::task::spawn_blocking(move || house.clean()).await {
                Ok(Ok(())) => {}
                Ok(Err(error)) => tracing::error!(%error, "a deleted tenant's files could not be removed"),
                Err(error) => tracing::error!(%error, "a deleted tenant's files could not be removed"),
            }
            if changes.changed().await.is_err() {
                return;
            }
        }
    }

    fn clean(&self) -> Result<()> {
        for deletion in self.register().deletions()?.iter().filter(|deletion| deletion.done.is_none()) {
            // Requests that are under way keep their tenant until they are answered; nobody finds it any more.
            let place = self.others.lock().remove(&deletion.tenant);
            if let Some(service) = place.and_then(|place| place.look()) {
                service.app.close_streams();
            }
        }
        match &self.opening.data {
            Some(data) => remove_deleted(self.register(), data),
            None => settle_all(self.register(), |_| Ok(())),
        }
    }
}

/// Opens a tenant.
fn open(opening: &Opening, id: &str) -> Result<Service> {
    opening.service(id).inspect(|_| tracing::info!(tenant = id, "a tenant was opened"))
}

/// Whether another process has the directory: a command of this program, for as long as it runs.
fn is_in_use(error: &Error) -> bool {
    matches!(error, Error::Storage(problem) if problem.code == "directory_in_use")
}

/// Gives back the memory of tenants that were closed, if there are any.
async fn give_back_after(closed: usize) {
    if closed > 0 {
        // Whether it has ended well is nobody's business.
        drop(tokio::task::spawn_blocking(memory::give_back).await);
    }
}

/// A body that holds its tenant open until it was sent, or nobody reads it any more.
fn holding(service: Arc<Service>, body: Body) -> Body {
    Body::from_stream(body.into_data_stream().inspect(move |_| _ = &service))
}

/// Whether tenants may be closed where so much was left mapped by those that were opened again.
fn may_close(left: Left) -> bool {
    left.files < LEFT_MAPPED_FILES_MAX && left.bytes < LEFT_MAPPED_BYTES_MAX
}

/// Removes the files of tenants that were deleted, and notes that they are gone. Nobody else may have them open who writes.
///
/// # Errors
/// `Io` when the system refuses.
pub fn remove_deleted(register: &Register, data: &Path) -> Result<()> {
    settle_all(register, |deletion| {
        let folder = tenants_folder(data).join(&deletion.tenant);
        match std::fs::remove_dir_all(&folder) {
            Err(error) if error.kind() != std::io::ErrorKind::NotFound => {
                Err(Error::Io(format!("{}: {error}", folder.display())))
            }
            _ => Ok(()),
        }
    })
}

fn settle_all(register: &Register, remove: impl Fn(&Deletion) -> Result<()>) -> Result<()> {
    for deletion in register.deletions()?.iter().filter(|deletion| deletion.done.is_none()) {
        remove(deletion)?;
        register.settle_deletion(deletion.receipt, clock::now())?;
        tracing::info!(tenant = deletion.tenant, receipt = deletion.receipt, "a deleted tenant's files are gone");
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_more_tenants_are_closed_once_too_much_is_left_mapped() {
        let most = Left { files: LEFT_MAPPED_FILES_MAX - 1, bytes: LEFT_MAPPED_BYTES_MAX - 1 };
        assert!(may_close(most));
        assert!(!may_close(Left { files: LEFT_MAPPED_FILES_MAX, ..most }));
        assert!(!may_close(Left { bytes: LEFT_MAPPED_BYTES_MAX, ..most }));
    }
}
