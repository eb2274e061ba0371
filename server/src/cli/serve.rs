//! `muster serve`, and what every command that serves has in common.

use std::net::SocketAddr;
use std::path::PathBuf;
use std::sync::Arc;
use std::time::Duration;

use clap::Args;
use muster_engine::id::TenantId;
use muster_engine::tenant::{Budget, Tenant};
use tokio::net::TcpListener;
use tokio_rustls::TlsAcceptor;
use tracing::{info, warn};

use super::Failure;
use crate::access::Register;
use crate::desks::Desks;
use crate::house::{House, Kept, Opening, Surroundings};
use crate::openid::RelyingParty;
use crate::webhooks::Policy;
use crate::{log, memory, serve as server, tls};

/// Where to listen.
#[derive(Debug, Args)]
pub(crate) struct ServeArguments {
    /// Address and port
    #[arg(long, default_value = "127.0.0.1:8080")]
    listen: SocketAddr,
    /// A file of settings, one NAME=value a line; muster config --explain shows the names
    #[arg(long)]
    config: Option<PathBuf>,
    /// The certificate with which the server encrypts, and those it is signed by, PEM
    #[arg(long, requires = "tls_key", conflicts_with = "behind_proxy")]
    tls_cert: Option<PathBuf>,
    /// The private key of the certificate, PEM
    #[arg(long, requires = "tls_cert")]
    tls_key: Option<PathBuf>,
    /// How log lines on standard error look: text on a terminal and JSON elsewhere unless said
    #[arg(long, value_enum, default_value_t = log::Format::Auto)]
    log_format: log::Format,
    /// A file of profiles to load first: NDJSON, CSV, Parquet or Arrow IPC
    #[arg(long)]
    load: Option<PathBuf>,
    /// The directory that keeps everything; made if there is none. Without it a restart is empty
    #[arg(long)]
    data: Option<PathBuf>,
    /// A directory for the backups that POST /api/backup makes; made if there is none
    #[arg(long, requires = "data")]
    backup_dir: Option<PathBuf>,
    /// Memory for profiles and their indexes, such as 8GiB; what would take more is refused. Otherwise half of what the
    /// machine, or the control group the server runs in, has
    #[arg(long, value_parser = memory::parse)]
    memory: Option<u64>,
    /// Seconds of work that one question may take, such as 2.5; what takes longer is given up and answered with 503
    #[arg(long, default_value = "10", value_parser = seconds)]
    query_seconds: Duration,
    /// Seconds after which a tenant is closed that nobody has asked, and its memory given back; the next request opens it
    /// again. 0: never. The default tenant is never closed, nor any where nothing is kept
    #[arg(long, default_value = "3600", value_parser = idle_seconds)]
    tenant_idle_seconds: Idle,
    #[command(flatten)]
    ids: super::load::ReadArguments,
    /// Listen on other addresses than loopback although there are no keys yet: everybody who can reach it can read
    /// and change everything
    #[arg(long)]
    insecure: bool,
    /// A proxy that encrypts is the only one who can reach the server: the last address it writes into X-Forwarded-For is
    /// the client's, and cookies are sent encrypted only
    #[arg(long)]
    behind_proxy: bool,
    /// Let webhooks go to this machine itself, without encryption: for tests
    #[arg(long)]
    allow_private_webhooks: bool,
    #[command(flatten)]
    openid: super::openid::OpenIdArguments,
}

pub(crate) fn serve(arguments: &ServeArguments) -> Result<(), Failure> {
    run(arguments, |_, _| Ok(()))
}

/// What is known before anything is started.
struct Checked {
    known: Option<Register>,
    /// Whether a key or a session is needed.
    is_closed: bool,
    tls: Option<TlsAcceptor>,
    openid: Option<Arc<RelyingParty>>,
}

/// Refuses settings with which the server does not start.
fn checked(arguments: &ServeArguments) -> Result<Checked, Failure> {
    // A directory that is there may hold keys; a new one holds none.
    let known = arguments.data.as_deref().map(Register::open_known).transpose()?.flatten();
    let is_closed = known.as_ref().is_some_and(|register| register.roster().is_closed());
    if !arguments.listen.ip().is_loopback() && !is_closed && !arguments.insecure {
        let message = "without keys the server listens on loopback only; make one with muster key create --data DIR, or say \
                       --insecure if everybody who can reach it may read and change everything";
        return Err(Failure::Usage(message.into()));
    }
    let tls = match (&arguments.tls_cert, &arguments.tls_key) {
        (Some(certificate), Some(key)) => Some(tls::acceptor(certificate, key).map_err(Failure::Usage)?),
        _ => None,
    };
    Ok(Checked { known, is_closed, tls, openid: arguments.openid.party()? })
}

/// The same for whoever only wants to know.
pub(super) fn check(arguments: &ServeArguments) -> Result<(), Failure> {
    checked(arguments).map(drop)
}

/// Serves; `fill` is called before anybody is answered.
pub(super) fn run(
    arguments: &ServeArguments,
    fill: impl FnOnce(&Arc<Tenant>, &mut Kept) -> Result<(), Failure>,
) -> Result<(), Failure> {
    let Checked { known, is_closed, tls, openid } = checked(arguments)?;
    let _logging = log::start(arguments.log_format);
    // Threads without a name of their own are called like the one that happened to need them first.
    rayon::ThreadPoolBuilder::new().thread_name(|number| format!("worker-{number}")).build_global()?;
    let runtime = tokio::runtime::Builder::new_multi_thread().enable_all().build()?;
    // The port first: whoever finds it taken should not have to wait for the data.
    let listener = runtime
        .block_on(TcpListener::bind(arguments.listen))
        .map_err(|error| format!("{}: {error}", arguments.listen))?;
    let mut kept = arguments.data.as_deref().map_or_else(|| Ok(Kept::default()), super::store::open)?;
    let register = match (known, &arguments.data) {
        (Some(register), _) => register,
        (None, Some(data)) => Register::open(data)?,
        (None, None) => Register::in_memory()?,
    };
    let tenant = kept.engine.tenant(&TenantId::default())?;
    let memory = bound(&tenant, arguments.memory);
    if let Some(path) = &arguments.load {
        let report = super::load::read_into(&tenant, path, &arguments.ids)?;
        info!(rows = report.rows, rejected = report.rejects.total, "loaded");
    }
    fill(&tenant, &mut kept)?;
    greet(arguments, is_closed);
    let address = listener.local_addr()?;
    // Before the greeting: whoever has read it may ask the server to stop.
    let stop = {
        let _within = runtime.enter();
        server::stop_signal()
    };
    let scheme = if tls.is_some() { "https" } else { "http" };
    eprintln!("muster answers on {scheme}://{address}, documented at {scheme}://{address}/api/docs");
    let opening = Opening {
        register: Arc::new(register),
        data: arguments.data.clone(),
        backups: arguments.backup_dir.clone(),
        memory,
        query_time: arguments.query_seconds,
        desks: Desks::default(),
        policy: Policy { loopback: arguments.allow_private_webhooks },
        surroundings: Surroundings { is_encrypted: tls.is_some(), is_behind_proxy: arguments.behind_proxy },
        openid,
        runtime: runtime.handle().clone(),
        idle: arguments.tenant_idle_seconds.0,
    };
    let house = House::new(opening, kept)?;
    runtime.block_on(server::serve(listener, tls, house.clone(), stop))?;
    house.close();
    Ok(())
}

/// A time in seconds, more than none.
fn seconds(text: &str) -> Result<Duration, String> {
    let seconds = text.parse::<f64>().ok().and_then(|seconds| Duration::try_from_secs_f64(seconds).ok());
    seconds.filter(|time| !time.is_zero()).ok_or_else(|| format!("\"{text}\" is no time in seconds, such as 10 or 2.5"))
}

/// Time without a question after which a tenant is closed; none for never.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct Idle(Option<Duration>);

fn idle_seconds(text: &str) -> Result<Idle, String> {
    let is_never = text.parse::<f64>().is_ok_and(|seconds| seconds == 0.0);
    if is_never { Ok(Idle(None)) } else { seconds(text).map(|time| Idle(Some(time))) }
}

fn greet(arguments: &ServeArguments, is_closed: bool) {
    if arguments.data.is_none() {
        warn!("everything is in memory only and gone when the server stops; --data DIR keeps it");
    }
    if !is_closed {
        warn!(
            "open: there are no keys and no people, whoever reaches this address acts as tenant {}",
            TenantId::DEFAULT
        );
    }
}

/// Puts a tenant under a budget of memory, which others share.
fn bound(tenant: &Tenant, bytes: Option<u64>) -> Option<Arc<Budget>> {
    let Some(bytes) = bytes.or_else(memory::default_budget) else {
        warn!("the system does not say how much memory there is, so there is no bound; --memory sets one");
        return None;
    };
    let budget = Arc::new(Budget::new(bytes));
    tenant.limit_memory(&budget);
    let (used, megabytes) = (budget.used() >> 20, bytes >> 20);
    if budget.used() > bytes {
        warn!(used, megabytes, "the profiles take more memory than the budget; nothing can be added");
    } else {
        info!(used, megabytes, "memory for profiles");
    }
    Some(budget)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::limits::{QUERY_TIME, TENANT_IDLE_TIME};

    #[test]
    fn a_question_may_take_any_time_but_none() {
        assert_eq!(seconds("10"), Ok(QUERY_TIME), "the default is the one that is documented");
        assert_eq!(seconds("2.5"), Ok(Duration::from_millis(2_500)));
        for text in ["0", "-1", "NaN", "inf", "1e99", "ten", ""] {
            assert!(seconds(text).is_err(), "{text}");
        }
        assert_eq!(idle_seconds("3600"), Ok(Idle(Some(TENANT_IDLE_TIME))), "the default is the one that is documented");
        for never in ["0", "0.0"] {
            assert_eq!(idle_seconds(never), Ok(Idle(None)));
        }
        assert!(idle_seconds("-1").is_err());
    }
}
