//! `GET /api/health`: is the server up, and which one is it?

use axum::extract::State;
use serde::Serialize;
use utoipa::ToSchema;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use super::{ApiError, App, Json};

/// A server that answers.
#[derive(Debug, Serialize, ToSchema)]
struct Health {
    /// Always true: a server that is not well does not answer.
    ok: bool,
    /// The server's version.
    #[schema(example = "0.1.0")]
    version: &'static str,
    /// Version of the data that answers are given from now.
    data_version: u64,
}

pub(super) fn router() -> OpenApiRouter<App> {
    OpenApiRouter::new().routes(routes!(health))
}

/// Says that the server is up.
#[utoipa::path(get, path = "/api/health", tag = "server", responses((status = 200, body = Health)))]
async fn health(State(app): State<App>) -> Result<Json<Health>, ApiError> {
    let data_version = app.tenant()?.state().version;
    Ok(Json(Health { ok: true, version: env!("CARGO_PKG_VERSION"), data_version }))
}
