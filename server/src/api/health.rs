//! `GET /api/health`: is the server up, and which one is it?

use axum::extract::State;
use axum::http::StatusCode;
use muster_engine::tenant::{Progress, Tenant};
use serde::Serialize;
use serde_json::json;
use utoipa::ToSchema;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use super::answer;
use super::app::{App, Reply};
use super::erasures::PendingErasures;
use crate::access::{Standing, ambient};
use crate::clock;

/// A server that answers. A caller whom it does not know hears `ok` and nothing else.
#[derive(Debug, Serialize, ToSchema)]
struct Health {
    /// Whether everything works. When it does not, questions are answered all the same.
    ok: bool,
    /// The server's version.
    #[schema(example = "0.1.0", required = false)]
    version: &'static str,
    /// Version of the data that answers are given from now.
    #[schema(required = false)]
    data_version: u64,
    /// `log`: changes survive restarts and power cuts; `memory`: they are gone when the server stops.
    #[schema(example = "log", required = false)]
    durability: &'static str,
    /// Why nothing can be changed until the server is started again; none while all is well.
    read_only: Option<String>,
    /// Erasures that are not made good on disk yet.
    #[schema(required = false)]
    erasures: PendingErasures,
    /// Why the last change could not be stored: the disk is full. Changes are tried all the same; none once one was stored.
    storage_full: Option<String>,
    /// Memory for profiles.
    #[schema(required = false)]
    memory: Memory,
    /// How far the data that were there at the start have been compared with their checksums; none once all were good.
    /// Previews are answered meanwhile, all else waits.
    check: Option<Check>,
    /// What of the data is damaged, with file and place: nothing is answered from them any more. None while all is well.
    damage: Option<String>,
}

/// How far the comparison with checksums has come.
#[derive(Debug, Serialize, ToSchema)]
struct Check {
    /// Bytes of files that were compared and are good.
    compared_bytes: u64,
    /// Bytes of all files.
    bytes: u64,
}

/// Memory for profiles.
#[derive(Debug, Serialize, ToSchema)]
struct Memory {
    /// Bytes of columns, indexes, dictionaries and lists of ids, as they were measured last.
    used_bytes: u64,
    /// Bytes they may take; what would take more is refused. None where there is no bound.
    budget_bytes: Option<u64>,
    /// Bytes of files that were mapped at the start. What is in use of them counts as used, though the system may drop it
    /// from memory and read it again.
    mapped_bytes: u64,
}

impl Memory {
    fn of(tenant: &Tenant) -> Self {
        let budget = tenant.budget();
        let bound = Some(budget.bytes()).filter(|bytes| *bytes != u64::MAX);
        Self { used_bytes: budget.used(), budget_bytes: bound, mapped_bytes: tenant.mapped_bytes() }
    }
}

fn check(tenant: &Tenant) -> Option<Check> {
    tenant.check_progress().map(|Progress { compared, bytes }| Check { compared_bytes: compared, bytes })
}

pub(super) fn router() -> OpenApiRouter<App> {
    OpenApiRouter::new().routes(routes!(health))
}

/// Says that the server is up.
#[utoipa::path(get, path = "/api/health", tag = "server", responses((status = 200, body = Health)))]
async fn health(State(app): State<App>) -> Reply {
    let tenant = app.tenant()?;
    let read_only = tenant.failure().map(|problem| problem.message);
    let storage_full = tenant.refusal().map(|problem| problem.message);
    let state = tenant.state();
    let erasures = PendingErasures::at(&state.erasures, clock::now());
    let damage = tenant.damage().map(|error| error.to_string());
    let ok = read_only.is_none() && storage_full.is_none() && damage.is_none() && !erasures.is_overdue();
    // A supervisor without a key learns whether all is well, and nothing else.
    if ambient().is_some_and(|caller| caller.standing == Standing::Stranger) {
        return Ok(answer::json(StatusCode::OK, json!({"ok": ok})));
    }
    Ok(answer::json(
        StatusCode::OK,
        Health {
            ok,
            version: env!("CARGO_PKG_VERSION"),
            data_version: state.version,
            durability: if tenant.is_kept() { "log" } else { "memory" },
            read_only,
            erasures,
            storage_full,
            memory: Memory::of(&tenant),
            check: check(&tenant),
            damage,
        },
    ))
}
