//! The description of all routes: `/api/openapi.json` for machines, `/api/docs` for people.
//!
//! The page's files are inside the binary; nothing is fetched from another host.

mod refusals;

use axum::Router;
use utoipa::OpenApi;
use utoipa::openapi::OpenApi as OpenApiDocument;
use utoipa_swagger_ui::{Config, SwaggerUi};

use super::{App, Mistake, ProblemDetails};

/// What the description says besides the routes.
#[derive(Debug, OpenApi)]
#[openapi(
    info(title = "Muster", description = "Customer segmentation: how many, and who?"),
    components(schemas(ProblemDetails, Mistake))
)]
pub(super) struct Description;

/// `/api/openapi.json` without a server, from which the page's types are made.
///
/// # Errors
/// When it cannot be written as JSON.
pub fn description() -> serde_json::Result<String> {
    completed(super::resources().into_openapi()).to_pretty_json()
}

/// All routes with all that they may answer.
fn completed(mut openapi: OpenApiDocument) -> OpenApiDocument {
    refusals::complete(&mut openapi);
    openapi
}

/// The routes of the description.
pub(super) fn router(openapi: OpenApiDocument) -> Router<App> {
    // Swagger UI would have the description checked by a validator on another host.
    let config = Config::default().validator_url("none").try_it_out_enabled(true);
    SwaggerUi::new("/api/docs").config(config).url("/api/openapi.json", completed(openapi)).into()
}
