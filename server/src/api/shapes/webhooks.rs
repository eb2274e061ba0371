//! Webhooks.

use serde::Serialize;
use serde_json::Value as Json;
use utoipa::ToSchema;

use super::values::AllOrIds;

/// A receiver to be told.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct WebhookRequest {
    /// A public https address.
    #[schema(example = "https://example.com/hooks/muster")]
    url: String,
    /// Names or ids; `"all"`, or nothing, for every segment there is and will be.
    #[schema(value_type = Option<Value>)]
    segments: Option<Json>,
    /// In a change: whether messages are sent.
    enabled: Option<bool>,
}

/// A webhook.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct WebhookAnswer {
    /// Its id.
    id: u64,
    /// Where messages go.
    url: String,
    /// Ids, or `"all"`.
    #[schema(value_type = AllOrIds)]
    segments: Json,
    /// Whether messages are sent.
    enabled: bool,
    /// Why not.
    disabled_because: Option<String>,
    /// When it was made.
    created_at: String,
    /// The last entry that was taken.
    since: u64,
    /// The last attempts, the oldest first.
    attempts: Vec<AttemptAnswer>,
    /// What messages are signed with; only in the answer to its making.
    secret: Option<String>,
}

/// One attempt to send a message.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct AttemptAnswer {
    /// When.
    at: String,
    /// The message's `webhook-id`.
    message: String,
    /// What the receiver answered.
    status: Option<u16>,
    /// Why the message does not count as taken.
    error: Option<String>,
}

/// All webhooks.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct WebhookList {
    /// By id.
    items: Vec<WebhookAnswer>,
}
