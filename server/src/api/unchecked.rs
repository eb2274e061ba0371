//! What is answered while a data directory that was just opened is still compared with its checksums, and after something
//! was found to be damaged.
//!
//! A preview reads a few fields, which are compared as they are read, so it is answered at once; other questions and
//! changes wait, a second or so. Nothing is answered from damaged data: not even a count that was already made.

use std::sync::Arc;

use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use muster_engine::error::Error;
use muster_engine::tenant::Tenant;

use super::app::App;
use super::error::ApiError;
use super::permissions::Need;
use crate::access::Right;

/// The answer to a request of somebody who may ask it.
pub(super) async fn checked(
    app: &App,
    need: Need,
    is_preview: bool,
    answer: impl Future<Output = Response>,
) -> Response {
    match app.tenant() {
        Ok(tenant) if tenant.is_unchecked() && is_of_data(need) => {
            if !is_preview && let Err(refusal) = wait(tenant.clone()).await {
                return refusal.into_response();
            }
            let response = answer.await;
            if tenant.damage().is_some() { damaged().into_response() } else { response }
        }
        _ => answer.await,
    }
}

/// Whether a request is about profiles and what is saved, not about keys, people and tenants.
fn is_of_data(need: Need) -> bool {
    matches!(need, Need::Ask(right) | Need::Change(right) if !matches!(right, Right::Oversee | Right::Operate))
}

/// Waits until everything was compared.
async fn wait(tenant: Arc<Tenant>) -> Result<(), ApiError> {
    let check = tokio::task::spawn_blocking(move || tenant.check());
    let checked = check.await.map_err(|error| ApiError::internal(format!("a check did not finish: {error}")))?;
    checked.map_err(|error| if matches!(error, Error::Corrupt(_)) { damaged() } else { error.into() })
}

fn damaged() -> ApiError {
    let message = "stored data are damaged, so nothing is answered from them and nothing is changed; GET /api/health says \
                   which file, put it back from a backup and start the server again";
    ApiError::new(StatusCode::SERVICE_UNAVAILABLE, "damaged_data", message)
}
