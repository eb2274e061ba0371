//! What people said about being contacted.

use serde::Serialize;
use serde_json::Value as Json;
use utoipa::ToSchema;

use super::profiles::Rejected;
use super::values::ExternalId;

/// `granted` or `withdrawn`.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub(crate) enum ConsentStateName {
    /// They may be contacted.
    Granted,
    /// They may not, or no longer.
    Withdrawn,
}

/// What somebody said about being contacted.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct ConsentRequest {
    /// By which channel; one that was set.
    channel: String,
    /// For what: a word such as `marketing`.
    purpose: String,
    /// What they said.
    state: ConsentStateName,
    /// Where they said it, such as `checkout form`.
    source: String,
    /// When; now if left out.
    time: Option<String>,
}

/// The same thing that many people said.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct ConsentsRequest {
    /// By which channel; one that was set.
    channel: String,
    /// For what: a word such as `marketing`.
    purpose: String,
    /// What they said.
    state: ConsentStateName,
    /// Where they said it, such as `checkout form`.
    source: String,
    /// When; now if left out.
    time: Option<String>,
    /// External ids.
    #[schema(value_type = Vec<ExternalId>)]
    ids: Vec<Json>,
}

/// Something that was said.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct SaidAnswer {
    /// What.
    state: ConsentStateName,
    /// Where.
    source: String,
    /// When, in whole seconds.
    time: String,
}

/// What one person said about one channel and purpose.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct ConsentAnswer {
    /// By which channel.
    channel: String,
    /// For what.
    purpose: String,
    /// What counts: the newest.
    state: ConsentStateName,
    /// Where they said that.
    source: String,
    /// When, in whole seconds.
    time: String,
    /// Everything they said about it, the newest first.
    history: Vec<SaidAnswer>,
}

/// What one person said about being contacted.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct ConsentList {
    /// By channel and purpose.
    items: Vec<ConsentAnswer>,
    /// Version of the data.
    data_version: u64,
}

/// What an import did: rows = noted + repeated + duplicates + unknown + rejected_total.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct ConsentReport {
    /// Data rows of the file.
    rows: u64,
    /// Of profiles, noted now.
    noted: u64,
    /// Said before in the same second there.
    repeated: u64,
    /// Rows that repeat an earlier one.
    duplicates: u64,
    /// Of no profile; not kept.
    unknown: u64,
    /// The first that did not fit.
    rejected: Vec<Rejected>,
    /// How many these were.
    rejected_total: u64,
    /// Version of the data.
    data_version: u64,
}
