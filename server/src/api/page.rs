//! The page that people work in: its files, which are inside the binary.
//!
//! `/` and everything below `/app` are one document, in which the page's own router finds its way; `/assets` are files whose
//! names change with what they say, so they may be kept for ever. What is not there is a 404 like anywhere else: the
//! interface never answers with the page, nor a missing script with a document.

use axum::Router;
use axum::extract::Path;
use axum::http::{HeaderMap, HeaderValue, StatusCode, Uri, header};
use axum::response::{IntoResponse, Response};
use axum::routing::get;

use super::ApiError;
use super::app::App;
use super::layers::not_found;

/// Scripts, styles, pictures and data come from this server alone; Mantine writes its variables into one style element.
const CONTENT_SECURITY_POLICY: HeaderValue = HeaderValue::from_static(
    "default-src 'self'; style-src 'self' 'unsafe-inline'; img-src 'self' data:; object-src 'none'; base-uri 'none'; \
     form-action 'none'; frame-ancestors 'none'",
);

/// The document is asked for anew every time, and answered with 304 while it is the same.
const ASK_AGAIN: HeaderValue = HeaderValue::from_static("no-cache");

/// A year, the longest that caches honour; the name changes with what the file says.
const FOR_EVER: HeaderValue = HeaderValue::from_static("public, max-age=31536000, immutable");

/// One file, as `build.rs` found it.
struct PageFile {
    /// Below `web/dist`.
    path: &'static str,
    /// As it is.
    plain: &'static [u8],
    /// The same, compressed, where that is smaller.
    brotli: Option<&'static [u8]>,
    /// The same, compressed, where that is smaller.
    gzip: Option<&'static [u8]>,
    /// Changes with `plain`.
    fingerprint: &'static str,
}

/// All files.
const FILES: &[PageFile] = include!(concat!(env!("OUT_DIR"), "/page_files.rs"));

/// The routes of this file; they are not part of the interface that `openapi.json` describes.
pub(super) fn router() -> Router<App> {
    Router::new()
        .route("/", get(document))
        .route("/app", get(document))
        .route("/app/{*path}", get(document))
        .route("/assets/{*path}", get(asset))
        .route("/favicon.svg", get(icon))
}

async fn document(headers: HeaderMap, uri: Uri) -> Result<Response, ApiError> {
    file("index.html", ASK_AGAIN, &headers, uri).await
}

async fn icon(headers: HeaderMap, uri: Uri) -> Result<Response, ApiError> {
    file("favicon.svg", ASK_AGAIN, &headers, uri).await
}

async fn asset(Path(path): Path<String>, headers: HeaderMap, uri: Uri) -> Result<Response, ApiError> {
    file(&format!("assets/{path}"), FOR_EVER, &headers, uri).await
}

async fn file(path: &str, kept: HeaderValue, headers: &HeaderMap, uri: Uri) -> Result<Response, ApiError> {
    let Some(file) = FILES.iter().find(|file| file.path == path) else { return Err(not_found(uri).await) };
    let (bytes, encoding) = match (file.brotli, file.gzip) {
        (Some(bytes), _) if accepts(headers, "br") => (bytes, Some("br")),
        (_, Some(bytes)) if accepts(headers, "gzip") => (bytes, Some("gzip")),
        _ => (file.plain, None),
    };
    let tag = format!("\"{}{}\"", file.fingerprint, encoding.unwrap_or_default());
    let is_known = headers.get_all(header::IF_NONE_MATCH).iter().any(|known| {
        known.to_str().is_ok_and(|known| known.split(',').any(|one| one.trim().trim_start_matches("W/") == tag))
    });
    let mut answer = if is_known { StatusCode::NOT_MODIFIED.into_response() } else { bytes.into_response() };
    let told = answer.headers_mut();
    told.remove(header::CONTENT_TYPE);
    if !is_known {
        told.insert(header::CONTENT_TYPE, HeaderValue::from_static(media_type(path)));
        if let Some(encoding) = encoding {
            told.insert(header::CONTENT_ENCODING, HeaderValue::from_static(encoding));
        }
    }
    told.insert(header::ETAG, HeaderValue::from_str(&tag).map_err(|error| ApiError::internal(error.to_string()))?);
    told.insert(header::VARY, HeaderValue::from_static("accept-encoding"));
    told.insert(header::CACHE_CONTROL, kept);
    told.insert(header::CONTENT_SECURITY_POLICY, CONTENT_SECURITY_POLICY);
    Ok(answer)
}

/// Whether an encoding is among those that the caller understands; one with a weight of 0 is not.
fn accepts(headers: &HeaderMap, encoding: &str) -> bool {
    let accepted = headers.get_all(header::ACCEPT_ENCODING).iter().filter_map(|value| value.to_str().ok());
    accepted.flat_map(|value| value.split(',')).any(|one| {
        let (name, weight) = one.split_once(';').unwrap_or((one, "q=1"));
        let weight = weight.trim().trim_start_matches("q=").parse().unwrap_or(0.0_f32);
        name.trim().eq_ignore_ascii_case(encoding) && weight > 0.0
    })
}

fn media_type(path: &str) -> &'static str {
    match path.rsplit('.').next() {
        Some("html") => "text/html; charset=utf-8",
        Some("js") => "text/javascript; charset=utf-8",
        Some("css") => "text/css; charset=utf-8",
        Some("json") => "application/json",
        Some("svg") => "image/svg+xml",
        Some("woff2") => "font/woff2",
        _ => "application/octet-stream",
    }
}
