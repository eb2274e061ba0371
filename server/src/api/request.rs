//! What happens around every request: an id, a log line, figures, safe headers, and no panic beyond it.

use std::hash::{BuildHasher, Hasher, RandomState};
use std::panic::AssertUnwindSafe;

use axum::extract::{MatchedPath, Request};
use axum::http::{HeaderMap, HeaderName, HeaderValue, Method, StatusCode, header};
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};
use futures_util::FutureExt;
use tracing::{error, info};

use super::error::{InternalCause, ProblemDetails};
use super::metrics;
use super::terms;
use crate::clock::Stopwatch;
use crate::limits::REQUEST_ID_CHARS_MAX;

const REQUEST_ID: HeaderName = HeaderName::from_static("x-request-id");

/// Scripts, styles and data come from this server alone; the documentation page writes styles into its elements.
const CONTENT_SECURITY_POLICY: &str = "default-src 'self'; img-src 'self' data:; font-src 'self' data:; \
     style-src 'self' 'unsafe-inline'; object-src 'none'; base-uri 'self'; form-action 'self'; frame-ancestors 'none'";

const SAFE_HEADERS: [(HeaderName, HeaderValue); 4] = [
    (header::X_CONTENT_TYPE_OPTIONS, HeaderValue::from_static("nosniff")),
    (header::X_FRAME_OPTIONS, HeaderValue::from_static("DENY")),
    (header::REFERRER_POLICY, HeaderValue::from_static("no-referrer")),
    (header::CONTENT_SECURITY_POLICY, HeaderValue::from_static(CONTENT_SECURITY_POLICY)),
];

/// The id of a request, for whoever writes down more about it.
#[derive(Debug, Clone)]
pub(super) struct RequestId(pub(super) String);

/// The middleware.
pub(super) async fn handle(mut request: Request, next: Next) -> Response {
    let watch = Stopwatch::start();
    let id = request_id(request.headers());
    request.extensions_mut().insert(RequestId(id.clone()));
    let method = request.method().clone();
    let uri = request.uri().clone();
    let route = request.extensions().get::<MatchedPath>().cloned();
    let answer = AssertUnwindSafe(next.run(terms::digested(request))).catch_unwind().await;
    let mut response = answer.unwrap_or_else(|panic| {
        let mut response = StatusCode::INTERNAL_SERVER_ERROR.into_response();
        response.extensions_mut().insert(InternalCause(format!("a handler panicked: {}", panic_text(&*panic))));
        response
    });
    if let Some(InternalCause(cause)) = response.extensions_mut().remove() {
        error!(request_id = id, %cause, "a request failed");
        response = ProblemDetails::internal(response.status(), &id).into_response();
    }
    let headers = response.headers_mut();
    for (name, value) in SAFE_HEADERS {
        headers.entry(name).or_insert(value);
    }
    if let Ok(value) = HeaderValue::from_str(&id) {
        headers.insert(REQUEST_ID, value);
    }
    let route = route.as_ref().map_or("unmatched", MatchedPath::as_str);
    let status = response.status().as_u16();
    metrics::count(route, method_label(&method), status, watch.elapsed());
    info!(request_id = id, %method, path = uri.path(), route, status, took_us = watch.elapsed_us(), "answered");
    response
}

/// The client's own id when it is a sensible one, so that logs of several systems can be joined.
fn request_id(headers: &HeaderMap) -> String {
    let given = headers.get(REQUEST_ID).and_then(|id| id.to_str().ok()).filter(|id| {
        let is_plain = |byte: u8| byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'_' | b'.' | b':');
        !id.is_empty() && id.len() <= REQUEST_ID_CHARS_MAX && id.bytes().all(is_plain)
    });
    // Every RandomState has keys of its own: an id that is unique, not secret.
    given.map_or_else(|| format!("{:016x}", RandomState::new().build_hasher().finish()), str::to_owned)
}

/// Clients may invent methods; figures must not grow a line for each.
fn method_label(method: &Method) -> &'static str {
    match *method {
        Method::GET => "GET",
        Method::HEAD => "HEAD",
        Method::POST => "POST",
        Method::PUT => "PUT",
        Method::PATCH => "PATCH",
        Method::DELETE => "DELETE",
        Method::OPTIONS => "OPTIONS",
        _ => "other",
    }
}

fn panic_text(panic: &(dyn std::any::Any + Send)) -> &str {
    match (panic.downcast_ref::<&str>(), panic.downcast_ref::<String>()) {
        (Some(text), _) => text,
        (_, Some(text)) => text,
        _ => "no message",
    }
}
