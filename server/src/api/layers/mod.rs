//! What every answer passes, whichever route it is of, and what is answered where there is no route.

mod shadowed;

use axum::Router;
use axum::http::{Method, StatusCode, Uri};
use tower::util::MapRequest;

use super::app::App;
use super::error::ApiError;
use super::{gate, request};

/// Adds to routes what every answer needs.
pub(super) fn finish(routes: Router<App>, app: App) -> Router {
    let routed = routes
        .fallback(not_found)
        .method_not_allowed_fallback(method_not_allowed)
        .layer(axum::middleware::from_fn_with_state(app.clone(), gate::check))
        .layer(axum::middleware::from_fn(request::handle))
        .with_state(app);
    // Layers of a router come after its routing; this has to come before.
    Router::new().fallback_service(MapRequest::new(routed, shadowed::to_id))
}

pub(super) async fn not_found(uri: Uri) -> ApiError {
    ApiError::new(StatusCode::NOT_FOUND, "unknown_path", format!("there is nothing at {}; see /api/docs", uri.path()))
}

async fn method_not_allowed(method: Method, uri: Uri) -> ApiError {
    let message = format!("{method} is not possible at {}; the allow header says what is", uri.path());
    ApiError::new(StatusCode::METHOD_NOT_ALLOWED, "unknown_method", message)
}
