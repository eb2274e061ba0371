//! Feeds, histories and forecasts of segments.

use serde::Serialize;
use serde_json::Value as Json;
use utoipa::ToSchema;

use super::values::ExternalId;

/// Some entries of a feed.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct Changes {
    /// In order.
    items: Vec<ChangeEntry>,
    /// `since` of the next page.
    next: u64,
    /// The least `since` that can be answered.
    oldest: u64,
    /// Whether there are more entries already.
    more: bool,
}

/// Somebody entered or left.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct ChangeEntry {
    /// Its number, ascending.
    seq: u64,
    /// When: with `time` the exact instant, else when it was noticed.
    at: String,
    /// `write`, `time`, `definition` or `erase`.
    #[schema(example = "time")]
    cause: String,
    /// External id; none of somebody who was erased since.
    #[schema(value_type = Option<ExternalId>)]
    id: Json,
    /// `entered` or `left`.
    #[schema(example = "left")]
    change: String,
    /// The data version at which it was found.
    data_version: u64,
}

/// A segment's size through time.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct SizeHistory {
    /// Hours or days in which it changed, ascending.
    items: Vec<SizePoint>,
    /// `hour` or `day`.
    resolution: String,
    /// Profiles now.
    count: u64,
}

/// An hour or a day.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct SizePoint {
    /// When it begins, UTC.
    from: String,
    /// Profiles at its end.
    count: u64,
    /// Profiles that entered.
    entered: u64,
    /// Profiles that left.
    left: u64,
}

/// A segment's size if nothing is written.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct Forecast {
    /// Day by day.
    items: Vec<SizeAt>,
    /// Profiles now.
    count: u64,
    /// From when on.
    now: String,
    /// Version of the data.
    data_version: u64,
}

/// A size at an instant.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct SizeAt {
    /// When.
    at: String,
    /// Profiles then.
    count: u64,
}
