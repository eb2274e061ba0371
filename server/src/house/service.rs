//! One tenant's part of the server: engine, feed, receivers, routes.

use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;

use axum::Router;
use muster_engine::engine::Engine;
use muster_engine::error::{Error, Result};
use muster_engine::id::TenantId;
use muster_engine::store::Directory;
use muster_engine::tenant::{Budget, Marked, Recovery, Tenant};
use parking_lot::Mutex;
use tokio::runtime::Handle;

use crate::access::Register;
use crate::api::{self, App, Places};
use crate::desks::Desks;
use crate::feed::{Earlier, Following};
use crate::house::Surroundings;
use crate::limits::{CLOSING_PAUSE, SETTLING_PAUSE};
use crate::openid::RelyingParty;
use crate::turns::Turns;
use crate::webhooks::{Hooks, Policy, Standing};

/// The folder of all tenants but the default one.
const TENANTS: &str = "tenants";

/// How many tenants are open.
pub(crate) const TENANTS_OPEN: &str = "muster_tenants_open";

/// What a data directory holds: an engine, its feed, and the state that this goes on from.
#[derive(Debug, Default)]
pub struct Kept {
    /// The engine; its default tenant is the directory's only one.
    pub engine: Engine,
    /// The feed.
    pub earlier: Earlier,
    /// Where it goes on.
    pub marked: Marked,
}

/// Opens a data directory for a server; not everything of it is compared with its checksums yet, which [`Following`]
/// does. `progress` is told how many records have been read.
///
/// # Errors
/// As [`Engine::open_at_once`] and [`Earlier::open`].
pub fn open(path: &Path, progress: &mut dyn FnMut(u64)) -> Result<(Kept, Recovery)> {
    let disk = Directory::open(path, &format!("muster serve, process {}", std::process::id()))?;
    let earlier = Earlier::open(path)?;
    let (engine, recovery, marked) = Engine::open_at_once(Arc::new(disk), earlier.mark(), progress)?;
    engine.tenant(&TenantId::default())?.set_name(&tenant_in(path));
    Ok((Kept { engine, earlier, marked }, recovery))
}

/// How services are made.
#[derive(Debug, Clone)]
pub struct Opening {
    /// Tenants and keys.
    pub register: Arc<Register>,
    /// The data directory; none where nothing is kept.
    pub data: Option<PathBuf>,
    /// The place for backups of the default tenant.
    pub backups: Option<PathBuf>,
    /// The memory that tenants without a bound of their own share.
    pub memory: Option<Arc<Budget>>,
    /// Time for the work of one question.
    pub query_time: Duration,
    /// Where tenants' heavy questions are worked on while several ask.
    pub(crate) desks: Desks,
    /// Where messages may go.
    pub policy: Policy,
    /// What stands between clients and the server.
    pub surroundings: Surroundings,
    /// Where people may sign in beside names and passwords.
    pub openid: Option<Arc<RelyingParty>>,
    /// The runtime that sends them.
    pub runtime: Handle,
    /// Time after which a tenant is closed that nobody has asked; none where they stay open.
    pub idle: Option<Duration>,
}

/// A tenant that is open.
#[derive(Debug)]
pub(crate) struct Service {
    pub(crate) app: App,
    pub(crate) router: Router,
    /// Room for its questions.
    pub(crate) turns: Turns,
    hooks: Arc<Hooks>,
    tenant: Arc<Tenant>,
    /// The memory that tenants without a bound of their own share.
    shared: Option<Arc<Budget>>,
    /// Bytes of the bound of its own that it is under; `u64::MAX` where it has none.
    bound: AtomicU64,
    /// Held while the bound is changed.
    changing: Mutex<()>,
    /// How many hold `tenant` while nobody works with it: this, and what belongs to it.
    holders: usize,
    /// Ends, with everything safe, when the service is dropped.
    _following: Following,
    /// The last to be dropped.
    _counted: Counted,
}

impl Opening {
    /// The folder of a tenant; none where nothing is kept.
    pub(crate) fn folder(&self, id: &str) -> Option<PathBuf> {
        let data = self.data.as_ref()?;
        Some(if id == TenantId::DEFAULT { data.clone() } else { tenants_folder(data).join(id) })
    }

    /// Opens a tenant.
    ///
    /// # Errors
    /// As [`open`]; `Io` when a thread or a file is not to be had.
    pub(crate) fn service(&self, id: &str) -> Result<Service> {
        let kept = match self.folder(id) {
            Some(path) => open(&path, &mut |_| {})?.0,
            None => Kept::default(),
        };
        let tenant = kept.engine.tenant(&TenantId::default())?;
        tenant.set_name(&TenantId::new(id));
        if let Some(budget) = &self.memory {
            tenant.limit_memory(budget);
        }
        let service = self.service_of(id, kept, &tenant)?;
        service.keep_within(self.register.tenant(id)?.quota.bytes);
        Ok(service)
    }

    /// The service of a tenant that is open.
    ///
    /// # Errors
    /// `Io` when a thread or a file is not to be had.
    pub(crate) fn service_of(&self, id: &str, kept: Kept, tenant: &Arc<Tenant>) -> Result<Service> {
        let Kept { engine, earlier, marked } = kept;
        let following = Following::start(tenant.clone(), earlier, marked)?;
        let (told, folder) = (following.told().clone(), self.folder(id));
        let standing = Standing { register: self.register.clone(), id: id.to_owned() };
        let (data, runtime) = (folder.as_deref(), self.runtime.clone());
        let hooks = Hooks::start(told.clone(), tenant.clone(), standing, data, self.policy, runtime);
        let hooks = hooks.map_err(|error| Error::Io(error.to_string()))?;
        let app = App::new(Arc::new(engine)).registered(self.register.clone()).telling(told, hooks.clone());
        let app = app.answering_within(self.query_time).relying_on(self.openid.clone());
        // Backups hold the default tenant; the folders of others are backed up by whoever has them.
        let app = match (&self.data, &self.backups) {
            (Some(data), Some(backups)) if id == TenantId::DEFAULT => {
                app.with_backups(Places { data: data.clone(), backups: backups.clone() })
            }
            _ => app,
        };
        let (router, turns, own) = (api::router(app.clone()), Turns::new(self.desks.clone()), tenant.clone());
        Ok(Service {
            app,
            router,
            turns,
            hooks,
            // Whoever called is one more.
            holders: Arc::strong_count(&own) - 1,
            tenant: own,
            shared: self.memory.clone(),
            bound: AtomicU64::new(u64::MAX),
            changing: Mutex::default(),
            _following: following,
            _counted: Counted::new(),
        })
    }
}

impl Service {
    /// Whether it is under a bound of its own of so many bytes, or under none where there are none.
    pub(crate) fn is_within(&self, bytes: Option<u64>) -> bool {
        self.bound.load(Ordering::Acquire) == bytes.unwrap_or(u64::MAX)
    }

    /// Puts it under such a bound. What it holds already stays; waits for changes that are under way.
    pub(crate) fn keep_within(&self, bytes: Option<u64>) {
        let _changing = self.changing.lock();
        if !self.is_within(bytes) {
            let own = bytes.map(|bytes| Arc::new(Budget::new(bytes)));
            self.tenant.limit_memory(&own.or_else(|| self.shared.clone()).unwrap_or_default());
            self.bound.store(bytes.unwrap_or(u64::MAX), Ordering::Release);
        }
    }

    /// Writes down how far receivers have come.
    pub(crate) fn save(&self) {
        self.hooks.save();
    }

    /// Whether it may be closed where nobody asks: nobody who has left is still at work, nothing has to happen in it by
    /// itself, and it is well.
    pub(super) fn is_at_rest(&self) -> bool {
        Arc::strong_count(&self.tenant) == self.holders
            && !self.hooks.serves_any()
            && !self.tenant.is_unchecked()
            && self.tenant.failure().is_none()
            && self.tenant.refusal().is_none()
            && self.tenant.state().erasures.oldest_pending().is_none()
    }

    /// Waits until all of it was compared with its checksums, or found damaged; whether something is to happen in it by
    /// itself then.
    pub(super) async fn settles(&self) -> bool {
        while self.tenant.is_unchecked() && self.tenant.damage().is_none() {
            tokio::time::sleep(SETTLING_PAUSE).await;
        }
        self.hooks.serves_any() || self.tenant.state().erasures.oldest_pending().is_some()
    }

    /// Makes safe what was acknowledged before it was.
    ///
    /// # Errors
    /// As [`Tenant::sync`].
    pub(super) fn sync(&self) -> Result<()> {
        self.tenant.sync()
    }

    /// Closes a service that is at rest. Its directory is free when this returns.
    pub(super) fn close(self) {
        let tenant = Arc::downgrade(&self.tenant);
        drop(self);
        // A question of somebody who left may need a moment to notice.
        while tenant.strong_count() > 0 {
            std::thread::sleep(CLOSING_PAUSE);
        }
    }
}

impl Drop for Service {
    fn drop(&mut self) {
        self.app.close_streams();
    }
}

/// Counts a service among those that are open, until it is dropped.
#[derive(Debug)]
struct Counted;

impl Counted {
    fn new() -> Self {
        ::metrics::gauge!(TENANTS_OPEN).increment(1.0);
        Self
    }
}

impl Drop for Counted {
    fn drop(&mut self) {
        ::metrics::gauge!(TENANTS_OPEN).decrement(1.0);
    }
}

/// Whose data a directory holds: those of one tenant among others where a register lies above, else the default one's.
pub(crate) fn tenant_in(path: &Path) -> TenantId {
    let path = path.canonicalize().unwrap_or_else(|_| path.to_owned());
    let name = path.file_name().and_then(|name| name.to_str());
    let data = path.parent().filter(|folder| folder.ends_with(TENANTS)).and_then(Path::parent);
    match (name, data) {
        (Some(name), Some(data)) if Register::is_in(data) => TenantId::new(name),
        _ => TenantId::default(),
    }
}

/// The folder that holds those of all tenants but the default one.
pub(crate) fn tenants_folder(data: &Path) -> PathBuf {
    data.join(TENANTS)
}

#[cfg(test)]
impl Opening {
    /// Nothing is kept and nobody needs a key.
    pub(crate) fn in_memory() -> Self {
        Self {
            register: Arc::new(Register::in_memory().expect("a register")),
            data: None,
            backups: None,
            memory: None,
            query_time: crate::limits::QUERY_TIME,
            desks: Desks::default(),
            policy: Policy::default(),
            surroundings: Surroundings::default(),
            openid: None,
            runtime: Handle::current(),
            idle: None,
        }
    }
}
