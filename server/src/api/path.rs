//! The variable parts of a URL's path, with mistakes told as problems.

use axum::extract::{FromRequestParts, RawPathParams};
use axum::http::StatusCode;
use axum::http::request::Parts;

use super::error::ApiError;

/// The one variable part of a path, decoded.
#[derive(Debug, Clone)]
pub(crate) struct PathId(pub(crate) String);

/// The two variable parts of a path, decoded.
#[derive(Debug, Clone)]
pub(crate) struct PathIds(pub(crate) String, pub(crate) String);

impl<S: Send + Sync> FromRequestParts<S> for PathIds {
    type Rejection = ApiError;

    async fn from_request_parts(parts: &mut Parts, state: &S) -> Result<Self, ApiError> {
        let mut found = variable_parts(parts, state).await?.into_iter();
        match (found.next(), found.next()) {
            (Some(first), Some(second)) => Ok(Self(first, second)),
            _ => Err(ApiError::internal("a route without two variable parts asked for them")),
        }
    }
}

async fn variable_parts<S: Send + Sync>(parts: &mut Parts, state: &S) -> Result<Vec<String>, ApiError> {
    let bad = |_| ApiError::new(StatusCode::BAD_REQUEST, "bad_utf8", "the path is not UTF-8 once it is decoded");
    let params = RawPathParams::from_request_parts(parts, state).await.map_err(bad)?;
    Ok(params.iter().map(|(_, value)| value.to_owned()).collect())
}

impl<S: Send + Sync> FromRequestParts<S> for PathId {
    type Rejection = ApiError;

    async fn from_request_parts(parts: &mut Parts, state: &S) -> Result<Self, ApiError> {
        let first = variable_parts(parts, state).await?.into_iter().next();
        first.map(Self).ok_or_else(|| ApiError::internal("a route without a variable part asked for one"))
    }
}
