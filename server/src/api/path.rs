//! The variable parts of a URL's path, with mistakes told as problems.

use axum::extract::{FromRequestParts, RawPathParams};
use axum::http::StatusCode;
use axum::http::request::Parts;

use super::error::ApiError;

/// The one variable part of a path, decoded.
#[derive(Debug, Clone)]
pub(crate) struct PathId(pub(crate) String);

impl<S: Send + Sync> FromRequestParts<S> for PathId {
    type Rejection = ApiError;

    async fn from_request_parts(parts: &mut Parts, state: &S) -> Result<Self, ApiError> {
        let bad = |_| ApiError::new(StatusCode::BAD_REQUEST, "bad_utf8", "the path is not UTF-8 once it is decoded");
        let params = RawPathParams::from_request_parts(parts, state).await.map_err(bad)?;
        let first = params.iter().next().map(|(_, value)| value.to_owned());
        first.map(Self).ok_or_else(|| ApiError::internal("a route without a variable part asked for one"))
    }
}
