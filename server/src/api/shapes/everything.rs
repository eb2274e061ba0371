//! All that is known about one person.

use serde::Serialize;
use serde_json::{Map, Value as Json};
use utoipa::ToSchema;

use super::values::ExternalId;

/// All that is known about one person.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct EverythingAnswer {
    /// External id, as it was loaded: a number or a string.
    #[schema(value_type = ExternalId)]
    id: Json,
    /// Every field that has a value.
    fields: Map<String, Json>,
    /// Every event, the newest first, as `/api/profiles/{id}/events` shows them.
    events: Vec<Json>,
    /// Segments they are in: `id`, `name`, `segment_type`.
    segments: Vec<Json>,
    /// Audiences they are in or that name them: `id`, `name`, `is_member`, `is_named`.
    audiences: Vec<Json>,
    /// Imported lists they are on: `id`, `name`, `imported_at`.
    lists: Vec<Json>,
    /// Suppressions they are on: `id`, `name`, `list`, `added_at` (empty where it is not kept), `expires_at`, `keep_days`.
    suppressions: Vec<Json>,
    /// Every channel: `name`, `consents` (none where nobody is asked), `consent_text`, `purpose`, `contacted_at`.
    channels: Vec<Json>,
    /// What they said about being contacted, as `/api/profiles/{id}/consents` shows it.
    consents: Vec<Json>,
    /// Whether they are in the control group.
    control_group: bool,
    /// Snapshots that hold them: `id`, `audience`, `name`, `now`, `created_at`.
    snapshots: Vec<Json>,
    /// The version of the data.
    data_version: u64,
    /// The instant for which sets and consent are told.
    now: String,
}
