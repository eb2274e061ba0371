//! Under which terms a change is made: its idempotency key, and when it is acknowledged.

use std::sync::Arc;

use axum::body::Body;
use axum::extract::{FromRequestParts, Request};
use axum::http::request::Parts;
use futures_util::TryStreamExt;
use muster_engine::command::{self, Digester};
use muster_engine::error::Error;
use muster_engine::tenant::{Durability, Terms};
use parking_lot::Mutex;
use utoipa::IntoParams;

use super::error::ApiError;

/// The header that names a change.
const KEY: &str = "idempotency-key";

/// What is asked in a request that has a key: its digest grows as the body is read.
#[derive(Debug, Clone)]
struct Asked(Arc<Mutex<Digester>>);

/// Lets a request's method, path and body be digested on their way, if it has a key.
pub(super) fn digested(mut request: Request) -> Request {
    if !request.headers().contains_key(KEY) {
        return request;
    }
    let mut digester = Digester::default();
    let path = request.uri().path_and_query().map_or("/", |path| path.as_str());
    digester.update(format!("{} {path}\n", request.method()).as_bytes());
    let asked = Asked(Arc::new(Mutex::new(digester)));
    request.extensions_mut().insert(asked.clone());
    request.map(|body| Body::from_stream(body.into_data_stream().inspect_ok(move |piece| asked.0.lock().update(piece))))
}

/// The name of a change: sent again under the same one, it is made once, and answered as the first time.
#[derive(Debug, Default, IntoParams)]
#[into_params(parameter_in = Header)]
pub(crate) struct Key {
    /// Names the change, so that it can be sent again when no answer came: it is made once, and every answer is about
    /// the same outcome, after a restart too. Another request under the same key is refused. The newest 10,000 keys are
    /// remembered.
    #[param(rename = "Idempotency-Key")]
    key: Option<String>,
    #[param(ignore)]
    asked: Option<Asked>,
}

impl<S: Send + Sync> FromRequestParts<S> for Key {
    type Rejection = ApiError;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Self, ApiError> {
        let Some(value) = parts.headers.get(KEY) else { return Ok(Self::default()) };
        let key = value.to_str().map_err(|_| {
            Error::invalid("", "bad_idempotency_key", "an idempotency key has visible ASCII characters only")
        })?;
        Ok(Self { key: Some(key.to_owned()), asked: parts.extensions.get().cloned() })
    }
}

impl Key {
    /// Durable, under this key; once the body has been read.
    pub(crate) fn terms(self) -> Terms {
        self.terms_as(Durability::Durable)
    }

    /// As durable as was asked for, under this key; once the body has been read.
    pub(crate) fn terms_as(self, durability: Durability) -> Terms {
        let request = self.asked.map(|asked| asked.0.lock().clone().finish());
        Terms { key: self.key.map(|name| command::Key { name, request }), durability }
    }
}

/// What the parameter `durability` says.
pub(crate) fn durability(text: Option<&str>) -> Result<Durability, ApiError> {
    match text {
        None | Some("durable") => Ok(Durability::Durable),
        Some("buffered") => Ok(Durability::Buffered),
        Some(other) => {
            let message = format!("durability is durable or buffered, not \"{other}\"");
            Err(Error::invalid("/durability", "bad_durability", message).into())
        }
    }
}
