//! JSON in requests and answers; whatever is wrong with a body is told as a problem.
//!
//! Bulk bodies do not come this way: they are spooled to disk.

use axum::extract::{FromRequest, Request};
use axum::http::{StatusCode, header};
use axum::response::{IntoResponse, Response};
use futures_util::StreamExt;
use muster_engine::error::Problem;
use serde::Serialize;
use serde::de::DeserializeOwned;

use super::error::ApiError;
use super::rejection;
use crate::limits::{BODY_BYTES_DRAINED_MAX, BODY_BYTES_MAX};

/// A JSON body of at most [`BODY_BYTES_MAX`] bytes.
#[derive(Debug, Clone, Copy, Default)]
pub struct Json<T>(pub T);

impl<T: DeserializeOwned, S: Send + Sync> FromRequest<S> for Json<T> {
    type Rejection = ApiError;

    async fn from_request(request: Request, _: &S) -> Result<Self, ApiError> {
        check_content_type(&request)?;
        let too_large = || {
            let message = format!("a JSON body has at most {BODY_BYTES_MAX} bytes");
            ApiError::new(StatusCode::PAYLOAD_TOO_LARGE, "body_too_large", message)
        };
        let mut body = request.into_body().into_data_stream();
        let (mut bytes, mut length) = (Vec::new(), 0);
        while let Some(chunk) = body.next().await {
            let chunk = chunk.map_err(|_| {
                ApiError::new(StatusCode::BAD_REQUEST, "body_incomplete", "the body ended before it was complete")
            })?;
            length += chunk.len();
            if length <= BODY_BYTES_MAX {
                bytes.extend_from_slice(&chunk);
            } else if length <= BODY_BYTES_DRAINED_MAX {
                // Read on and forget: a client that is still sending would meet a closed connection, not the refusal.
                bytes = Vec::new();
            } else {
                break;
            }
        }
        if length > BODY_BYTES_MAX { Err(too_large()) } else { parse(&bytes).map(Self) }
    }
}

fn check_content_type(request: &Request) -> Result<(), ApiError> {
    let text = request.headers().get(header::CONTENT_TYPE).and_then(|value| value.to_str().ok()).unwrap_or_default();
    let essence = text.split(';').next().unwrap_or_default().trim().to_ascii_lowercase();
    if essence == "application/json" || (essence.starts_with("application/") && essence.ends_with("+json")) {
        return Ok(());
    }
    let got = if essence.is_empty() { "none".to_owned() } else { format!("\"{essence}\"") };
    let message = format!("the content type must be application/json, got {got}");
    Err(ApiError::new(StatusCode::UNSUPPORTED_MEDIA_TYPE, "unsupported_content_type", message))
}

fn parse<T: DeserializeOwned>(bytes: &[u8]) -> Result<T, ApiError> {
    // Keeping track of where one is doubles the time; only a mistake is worth it.
    serde_json::from_slice(bytes).or_else(|_| parse_again(bytes))
}

/// The same once more, to say where the mistake is.
fn parse_again<T: DeserializeOwned>(bytes: &[u8]) -> Result<T, ApiError> {
    let mut reader = serde_json::Deserializer::from_slice(bytes);
    let value = serde_path_to_error::deserialize(&mut reader).map_err(|error| {
        let (path, inner) = (error.path().clone(), error.into_inner());
        if inner.is_data() {
            let problem = rejection::problem(&path, &inner.to_string());
            return ApiError::of_problems(StatusCode::UNPROCESSABLE_ENTITY, vec![problem]);
        }
        malformed(&inner)
    })?;
    reader.end().map_err(|error| malformed(&error))?;
    Ok(value)
}

fn malformed(error: &serde_json::Error) -> ApiError {
    let text = error.to_string();
    let what = text.split(" at line ").next().unwrap_or_default();
    let place = |number: usize| u32::try_from(number).unwrap_or(u32::MAX);
    let problem = Problem::new("", "bad_json", format!("the body is not JSON: {what}"));
    let problem = problem.at(place(error.line()), place(error.column()));
    ApiError::of_problems(StatusCode::BAD_REQUEST, vec![problem])
}

impl<T: Serialize> IntoResponse for Json<T> {
    fn into_response(self) -> Response {
        match serde_json::to_vec(&self.0) {
            Ok(bytes) => ([(header::CONTENT_TYPE, "application/json")], bytes).into_response(),
            Err(error) => ApiError::internal(format!("an answer cannot be written as JSON: {error}")).into_response(),
        }
    }
}
