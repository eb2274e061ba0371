//! `ETag` and `If-Match`: two people who change the same thing at once do not undo each other's work unseen.
//!
//! A tag is the version of what is saved, in quotes. It says nothing of sizes, which change with the data.

use axum::extract::FromRequestParts;
use axum::http::request::Parts;
use axum::http::{HeaderValue, header};
use axum::response::Response;
use muster_engine::command::Saving;
use muster_engine::error::Error;
use muster_engine::tenant::Expected;
use utoipa::IntoParams;

use super::error::ApiError;

/// The version that whoever changes something has seen.
#[derive(Debug, Clone, Copy, Default, IntoParams)]
#[into_params(parameter_in = Header)]
pub(crate) struct IfMatch {
    /// The `ETag` of the answer that was read, such as `"3"`: if somebody else has saved since, the change is refused
    /// with 412. Left out, or `*`: it is made in any case.
    #[param(rename = "If-Match", value_type = Option<String>)]
    version: Option<u64>,
}

impl<S: Send + Sync> FromRequestParts<S> for IfMatch {
    type Rejection = ApiError;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Self, ApiError> {
        let Some(value) = parts.headers.get(header::IF_MATCH) else { return Ok(Self::default()) };
        let text = value.to_str().unwrap_or_default().trim();
        if text == "*" {
            return Ok(Self::default());
        }
        let tag = text.strip_prefix("W/").unwrap_or(text).trim_matches('"');
        let version = tag.parse().map_err(|_| {
            Error::invalid("", "bad_if_match", "if-match is the etag of an earlier answer, such as \"3\", unchanged")
        })?;
        Ok(Self { version: Some(version) })
    }
}

impl IfMatch {
    /// What is expected of a thing that is to be changed.
    pub(crate) fn of(self, what: Saving) -> Option<Expected> {
        self.version.map(|version| Expected { what, version })
    }
}

/// An answer with the version of what it is about.
pub(crate) fn tagged(mut response: Response, version: u64) -> Response {
    if let Ok(tag) = HeaderValue::from_str(&format!("\"{version}\"")) {
        response.headers_mut().insert(header::ETAG, tag);
    }
    response
}
