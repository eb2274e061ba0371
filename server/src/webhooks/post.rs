//! One message to one receiver.

use axum::http::{HeaderName, Request, header};
use bytes::Bytes;
use http_body_util::Full;

use super::address::Policy;
use crate::limits::{WEBHOOK_ANSWER_BYTES_MAX, WEBHOOK_TIME_MAX};
use crate::outgoing::{Bounds, Target, exchange};

/// A message, ready to be sent.
#[derive(Debug, Clone)]
pub(super) struct Message {
    pub(super) id: String,
    /// Seconds since 1970.
    pub(super) seconds: i64,
    pub(super) signature: String,
    pub(super) body: Bytes,
}

/// What sending one message may take. The answer's body says nothing here; it is read so far that a polite receiver is not
/// cut off.
const BOUNDS: Bounds = Bounds { time: WEBHOOK_TIME_MAX, bytes: WEBHOOK_ANSWER_BYTES_MAX };

/// Sends a message; the receiver's status.
///
/// # Errors
/// Why there is none, in words.
pub(super) async fn post(target: &Target, policy: Policy, message: &Message) -> Result<u16, String> {
    let request = Request::post("/")
        .header(header::CONTENT_TYPE, "application/json")
        .header(HeaderName::from_static("webhook-id"), &message.id)
        .header(HeaderName::from_static("webhook-timestamp"), message.seconds)
        .header(HeaderName::from_static("webhook-signature"), &message.signature)
        .body(Full::new(message.body.clone()))
        .map_err(|error| error.to_string())?;
    let check = |ip| policy.check(ip, target.is_encrypted);
    exchange(target, check, request, BOUNDS).await.map(|answer| answer.status)
}

/// Why an answer does not count; none when the message was taken.
pub(super) fn objection(status: u16) -> Option<String> {
    match status {
        200..=299 => None,
        300..=399 => Some(format!("it answered {status}; redirections are not followed")),
        _ => Some(format!("it answered {status}")),
    }
}
