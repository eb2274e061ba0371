//! Events, their schema, and what became of them.

use super::values::ExternalId;
use serde::Serialize;
use serde_json::Value as Json;
use utoipa::ToSchema;

use super::Rejected;

/// An event as it is sent.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct EventRequest {
    /// Names the event: sent again it counts once. A string, or a number.
    event_id: String,
    /// External id of whoever did it.
    #[schema(value_type = ExternalId)]
    profile_id: Json,
    /// What was done.
    #[serde(rename = "type")]
    kind: String,
    /// When; RFC 3339.
    time: String,
    /// What it was worth, with at most two digits after the point.
    #[schema(value_type = Option<Value>)]
    amount: Option<Json>,
    /// What else there is to say, by name.
    #[schema(value_type = Option<Object>)]
    properties: Option<Json>,
}

/// Events as they are sent; one may be sent alone.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct EventsRequest {
    /// The events.
    events: Vec<EventRequest>,
}

/// What became of events: rows = accepted + duplicates + rejected_total.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct EventReport {
    /// Events that were sent.
    rows: u64,
    /// Events that count now.
    accepted: u64,
    /// Events whose id was known.
    duplicates: u64,
    /// The first that were not taken.
    rejected: Vec<Rejected>,
    /// How many these were.
    rejected_total: u64,
    /// Profiles that were made for events.
    profiles_created: u64,
    /// The version in which they are seen; of a dry run the one that it was tried on.
    data_version: u64,
    /// Of an import: whether nothing was changed, as was wished.
    dry_run: Option<bool>,
}

/// Types and properties of events.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct EventSchemaAnswer {
    /// Types: name, days that events are kept (none for ever), and how many events there are.
    #[schema(value_type = Vec<Object>)]
    types: Vec<Json>,
    /// Properties: name and type.
    #[schema(value_type = Vec<Object>)]
    properties: Vec<Json>,
    /// Events of all types.
    events: u64,
    /// Version of the data that was read.
    data_version: u64,
}

/// Types and properties to declare.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct EventSchemaRequest {
    /// Types, each `{"name", "retention_days"?}`; `null` keeps events for ever.
    #[schema(value_type = Option<Vec<Object>>)]
    types: Option<Json>,
    /// Properties, each `{"name", "type"}`.
    #[schema(value_type = Option<Vec<Object>>)]
    properties: Option<Json>,
}

/// Events of one person, a page of them, the newest first.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct EventPage {
    /// The page: type, time, amount where there is one, properties.
    #[schema(value_type = Vec<Object>)]
    items: Vec<Json>,
    /// For the next page; none after the last.
    next_cursor: Option<String>,
    /// Events of the person, of all types.
    total: u64,
    /// Version of the data that all pages show.
    data_version: u64,
}
