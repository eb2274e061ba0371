//! JSON in requests and answers; whatever is wrong with a body is told as a problem.
//!
//! Bulk bodies do not come this way: they are spooled to disk.

use axum::body::{Body, Bytes};
use axum::extract::{FromRequest, Request};
use axum::http::{HeaderMap, HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};
use futures_util::StreamExt;
use muster_engine::error::Problem;
use serde::Serialize;
use serde::de::DeserializeOwned;

use super::error::ApiError;
use super::rejection;
use crate::limits::{BODY_BYTES_DRAINED_MAX, BODY_BYTES_MAX};

/// Headers that an answer has by the time it is sent: making room for them at once spares moving them twice.
const HEADERS: usize = 8;

/// Bytes that an answer is given room for at first: a preview without a sample.
const ANSWER_BYTES: usize = 256;

/// A JSON body of at most [`BODY_BYTES_MAX`] bytes.
#[derive(Debug, Clone, Copy, Default)]
pub struct Json<T>(pub T);

impl<T: DeserializeOwned, S: Send + Sync> FromRequest<S> for Json<T> {
    type Rejection = ApiError;

    async fn from_request(request: Request, _: &S) -> Result<Self, ApiError> {
        parse(&JsonBytes::from_request(request, &()).await?.0).map(Self)
    }
}

/// The bytes of such a body; whether they are JSON is not known yet.
#[derive(Debug, Clone)]
pub(super) struct JsonBytes(pub(super) Bytes);

impl<S: Send + Sync> FromRequest<S> for JsonBytes {
    type Rejection = ApiError;

    async fn from_request(request: Request, _: &S) -> Result<Self, ApiError> {
        check_content_type(&request)?;
        read(request.into_body()).await.map(Self)
    }
}

/// The whole body. One that came in one piece, as small ones do, is not copied.
pub(super) async fn read(body: Body) -> Result<Bytes, ApiError> {
    let mut body = body.into_data_stream();
    let (mut first, mut bytes, mut length) = (Bytes::new(), Vec::new(), 0);
    while let Some(chunk) = body.next().await {
        let chunk = chunk.map_err(|_| {
            ApiError::new(StatusCode::BAD_REQUEST, "body_incomplete", "the body ended before it was complete")
        })?;
        length += chunk.len();
        if length == chunk.len() {
            first = chunk;
        } else if length <= BODY_BYTES_MAX {
            bytes.extend_from_slice(&std::mem::take(&mut first));
            bytes.extend_from_slice(&chunk);
        } else if length <= BODY_BYTES_DRAINED_MAX {
            // Read on and forget: a client that is still sending would meet a closed connection, not the refusal.
            (first, bytes) = (Bytes::new(), Vec::new());
        } else {
            break;
        }
    }
    if length > BODY_BYTES_MAX {
        let message = format!("a JSON body has at most {BODY_BYTES_MAX} bytes");
        return Err(ApiError::new(StatusCode::PAYLOAD_TOO_LARGE, "body_too_large", message));
    }
    Ok(if bytes.is_empty() { first } else { bytes.into() })
}

fn check_content_type(request: &Request) -> Result<(), ApiError> {
    let text = request.headers().get(header::CONTENT_TYPE).and_then(|value| value.to_str().ok()).unwrap_or_default();
    let essence = text.split(';').next().unwrap_or_default().trim();
    if essence.eq_ignore_ascii_case("application/json") {
        return Ok(());
    }
    let essence = essence.to_ascii_lowercase();
    if essence.starts_with("application/") && essence.ends_with("+json") {
        return Ok(());
    }
    let got = if essence.is_empty() { "none".to_owned() } else { format!("\"{essence}\"") };
    let message = format!("the content type must be application/json, got {got}");
    Err(ApiError::new(StatusCode::UNSUPPORTED_MEDIA_TYPE, "unsupported_content_type", message))
}

/// Reads JSON; what is wrong with it is told with its place.
pub(super) fn parse<T: DeserializeOwned>(bytes: &[u8]) -> Result<T, ApiError> {
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
        let mut bytes = Vec::with_capacity(ANSWER_BYTES);
        if let Err(error) = serde_json::to_writer(&mut bytes, &self.0) {
            return ApiError::internal(format!("an answer cannot be written as JSON: {error}")).into_response();
        }
        let mut response = Response::new(Body::from(bytes));
        let mut headers = HeaderMap::with_capacity(HEADERS);
        headers.insert(header::CONTENT_TYPE, HeaderValue::from_static("application/json"));
        *response.headers_mut() = headers;
        response
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    use std::sync::Arc;
    use std::sync::atomic::{AtomicUsize, Ordering};

    use futures_util::stream;

    /// What becomes of a body of so many bytes, and how many of them were read.
    async fn sent(length: usize) -> (Result<usize, StatusCode>, usize) {
        let piece = Bytes::from(vec![b' '; 1 << 20]);
        let taken = Arc::new(AtomicUsize::new(0));
        let count = taken.clone();
        let pieces = (0..length).step_by(piece.len()).map(move |at| {
            let piece = piece.slice(..piece.len().min(length - at));
            count.fetch_add(piece.len(), Ordering::Relaxed);
            Ok::<_, std::io::Error>(piece)
        });
        let read = read(Body::from_stream(stream::iter(pieces))).await;
        let read = read.map(|bytes| bytes.len()).map_err(|error| error.into_response().status());
        (read, taken.load(Ordering::Relaxed))
    }

    #[tokio::test]
    async fn a_body_that_is_too_large_is_read_on_for_a_while() {
        assert_eq!(sent(BODY_BYTES_MAX).await, (Ok(BODY_BYTES_MAX), BODY_BYTES_MAX));
        let refused = Err(StatusCode::PAYLOAD_TOO_LARGE);
        assert_eq!(sent(BODY_BYTES_MAX + 1).await, (refused, BODY_BYTES_MAX + 1));
        let more = 8 << 20;
        assert_eq!(sent(BODY_BYTES_DRAINED_MAX).await, (refused, BODY_BYTES_DRAINED_MAX));
        let (read, taken) = sent(BODY_BYTES_DRAINED_MAX + more).await;
        assert_eq!((read, taken), (refused, BODY_BYTES_DRAINED_MAX + (1 << 20)), "the rest is not even read");
    }
}
