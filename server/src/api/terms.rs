//! Under which terms a change is made: its idempotency key, and when it is acknowledged.

use axum::extract::FromRequestParts;
use axum::http::request::Parts;
use muster_engine::error::Error;
use muster_engine::tenant::{Durability, Terms};
use utoipa::IntoParams;

use super::error::ApiError;

/// The header that names a change.
const KEY: &str = "idempotency-key";

/// The name of a change: sent again under the same one, it is made once, and answered as the first time.
#[derive(Debug, Default, IntoParams)]
#[into_params(parameter_in = Header)]
pub(crate) struct Key {
    /// Names the change, so that it can be sent again when no answer came: it is made once, and every answer is about
    /// the same outcome, after a restart too. The newest 10,000 keys are remembered.
    #[param(rename = "Idempotency-Key")]
    key: Option<String>,
}

impl<S: Send + Sync> FromRequestParts<S> for Key {
    type Rejection = ApiError;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Self, ApiError> {
        let Some(value) = parts.headers.get(KEY) else { return Ok(Self::default()) };
        let key = value.to_str().map_err(|_| {
            Error::invalid("", "bad_idempotency_key", "an idempotency key has visible ASCII characters only")
        })?;
        Ok(Self { key: Some(key.to_owned()) })
    }
}

impl Key {
    /// Durable, under this key.
    pub(crate) fn terms(self) -> Terms {
        Terms { key: self.key, durability: Durability::Durable }
    }

    /// Under this key, as durable as a parameter says.
    pub(crate) fn terms_for(self, durability: Option<&str>) -> Result<Terms, ApiError> {
        let durability = match durability {
            None | Some("durable") => Durability::Durable,
            Some("buffered") => Durability::Buffered,
            Some(other) => {
                let message = format!("durability is durable or buffered, not \"{other}\"");
                return Err(Error::invalid("/durability", "bad_durability", message).into());
            }
        };
        Ok(Terms { key: self.key, durability })
    }
}
