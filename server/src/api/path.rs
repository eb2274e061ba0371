//! The variable parts of a URL's path, with mistakes told as problems.

use axum::extract::{FromRequestParts, RawPathParams};
use axum::http::StatusCode;
use axum::http::request::Parts;

use super::error::ApiError;

/// The first variable part of a path, decoded.
#[derive(Debug, Clone)]
pub(crate) struct PathId(pub(crate) String);

/// The other variable parts of a path: numbers of versions.
#[derive(Debug, Clone)]
pub(crate) struct PathVersions(Vec<u64>);

/// All variable parts of a path in order, decoded.
#[derive(Debug, Clone)]
pub(crate) struct PathIds<const N: usize>(pub(crate) [String; N]);

impl<S: Send + Sync> FromRequestParts<S> for PathId {
    type Rejection = ApiError;

    async fn from_request_parts(parts: &mut Parts, state: &S) -> Result<Self, ApiError> {
        let first = variable_parts(parts, state).await?.into_iter().next();
        first.map(Self).ok_or_else(|| ApiError::internal("a route without a variable part asked for one"))
    }
}

impl<const N: usize, S: Send + Sync> FromRequestParts<S> for PathIds<N> {
    type Rejection = ApiError;

    async fn from_request_parts(parts: &mut Parts, state: &S) -> Result<Self, ApiError> {
        let found = variable_parts(parts, state).await?;
        found.try_into().map(Self).map_err(|_| ApiError::internal("a route has another number of variable parts"))
    }
}

impl<S: Send + Sync> FromRequestParts<S> for PathVersions {
    type Rejection = ApiError;

    async fn from_request_parts(parts: &mut Parts, state: &S) -> Result<Self, ApiError> {
        let number = |text: &String| {
            let none = || ApiError::new(StatusCode::NOT_FOUND, "not_found", format!("there is no version \"{text}\""));
            text.parse().map_err(|_| none())
        };
        variable_parts(parts, state).await?.iter().skip(1).map(number).collect::<Result<_, _>>().map(Self)
    }
}

impl PathVersions {
    /// The number at a place of the path.
    pub(crate) fn at(&self, place: usize) -> Result<u64, ApiError> {
        self.0.get(place).copied().ok_or_else(|| ApiError::internal("a route without a version asked for one"))
    }
}

async fn variable_parts<S: Send + Sync>(parts: &mut Parts, state: &S) -> Result<Vec<String>, ApiError> {
    let bad = |_| ApiError::new(StatusCode::BAD_REQUEST, "bad_utf8", "the path is not UTF-8 once it is decoded");
    let params = RawPathParams::from_request_parts(parts, state).await.map_err(bad)?;
    Ok(params.iter().map(|(_, value)| value.to_owned()).collect())
}
