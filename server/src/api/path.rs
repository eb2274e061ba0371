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
pub(crate) struct PathVersions(pub(crate) Vec<u64>);

impl<S: Send + Sync> FromRequestParts<S> for PathId {
    type Rejection = ApiError;

    async fn from_request_parts(parts: &mut Parts, state: &S) -> Result<Self, ApiError> {
        PathIds::from_request_parts(parts, state).await.map(|PathIds([id])| Self(id))
    }
}

/// All variable parts of a path in order, decoded.
#[derive(Debug, Clone)]
pub(crate) struct PathIds<const N: usize>(pub(crate) [String; N]);

impl<const N: usize, S: Send + Sync> FromRequestParts<S> for PathIds<N> {
    type Rejection = ApiError;

    async fn from_request_parts(parts: &mut Parts, state: &S) -> Result<Self, ApiError> {
        let bad = |_| ApiError::new(StatusCode::BAD_REQUEST, "bad_utf8", "the path is not UTF-8 once it is decoded");
        let params = RawPathParams::from_request_parts(parts, state).await.map_err(bad)?;
        let found: Vec<String> = params.iter().map(|(_, value)| value.to_owned()).collect();
        found.try_into().map(Self).map_err(|_| ApiError::internal("a route has another number of variable parts"))
    }
}

impl<S: Send + Sync> FromRequestParts<S> for PathVersions {
    type Rejection = ApiError;

    async fn from_request_parts(parts: &mut Parts, state: &S) -> Result<Self, ApiError> {
        let bad = |_| ApiError::new(StatusCode::BAD_REQUEST, "bad_utf8", "the path is not UTF-8 once it is decoded");
        let params = RawPathParams::from_request_parts(parts, state).await.map_err(bad)?;
        let number = |text: &str| {
            let none = || ApiError::new(StatusCode::NOT_FOUND, "not_found", format!("there is no version \"{text}\""));
            text.parse().map_err(|_| none())
        };
        params.iter().skip(1).map(|(_, text)| number(text)).collect::<Result<_, _>>().map(Self)
    }
}

impl PathVersions {
    /// The number at a place of the path.
    pub(crate) fn at(&self, place: usize) -> Result<u64, ApiError> {
        self.0.get(place).copied().ok_or_else(|| ApiError::internal("a route without a version asked for one"))
    }
}
