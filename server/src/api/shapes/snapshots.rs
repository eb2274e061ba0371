//! Snapshots of audiences.

use super::values::AllOrIds;
use serde::Serialize;
use serde_json::Value as Json;
use utoipa::ToSchema;

use super::audiences::BreakdownAnswer;
use super::profiles::Member;

/// How an audience is frozen.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct SnapshotRequest {
    /// The instant to evaluate for; the present one when left out.
    now: Option<String>,
    /// An audience without any include key is everybody: freezing it has to be confirmed.
    confirm_everyone: Option<bool>,
}

/// Which audiences are frozen together.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct BatchRequest {
    /// Ids of audiences, or `all`.
    #[schema(value_type = AllOrIds)]
    audiences: Json,
    /// The instant to evaluate for; the present one when left out.
    now: Option<String>,
    /// Audiences without any include key are everybody: freezing them has to be confirmed.
    confirm_everyone: Option<bool>,
}

/// A snapshot in a list.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct SnapshotSummary {
    /// Stable, never given again.
    id: u64,
    /// The audience it was taken of, which may be gone.
    audience_id: u64,
    /// What that was called.
    name: String,
    /// Members there were.
    count: u64,
    /// Members that were erased since.
    erased: u64,
    /// SHA-256 of the rows of the members there were, in the portable roaring format.
    digest: String,
    /// Profiles there were.
    population: u64,
    /// Version of the data that was evaluated.
    data_version: u64,
    /// The instant that was evaluated for.
    now: String,
    /// When it was taken.
    created_at: String,
}

/// A snapshot.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct SnapshotAnswer {
    /// As in a list.
    #[serde(flatten)]
    summary: SnapshotSummary,
    /// How the audience came about: base - excluded_total = count.
    breakdown: BreakdownAnswer,
    /// The frozen definition.
    #[schema(value_type = Object)]
    definition: Json,
    /// The segments that it led to, as they were.
    segments: Vec<FrozenSegmentAnswer>,
    /// The lists that it named.
    lists: Vec<FrozenListAnswer>,
}

/// A segment as it was.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct FrozenSegmentAnswer {
    /// Which one.
    id: u64,
    /// What it was called.
    name: String,
    /// `dynamic` or `static`.
    segment_type: String,
    /// Of a dynamic one the rule as it was.
    #[schema(value_type = Option<Object>)]
    criteria: Option<Json>,
}

/// A list as it was.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct FrozenListAnswer {
    /// Which one.
    id: u64,
    /// What it was called.
    name: String,
}

/// What was frozen together.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct BatchAnswer {
    /// How many.
    taken: u64,
    /// Version of the data that was evaluated.
    data_version: u64,
    /// The instant that was evaluated for.
    now: String,
    /// Microseconds to the answer.
    took_us: u64,
    /// The snapshots, in the order of the audiences.
    items: Vec<SnapshotSummary>,
}

/// Snapshots, a page of them.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct SnapshotList {
    /// The page.
    items: Vec<SnapshotSummary>,
    /// For the next page; none after the last.
    next_cursor: Option<String>,
    /// How many there are.
    total: u64,
}

/// What lies between two snapshots.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct SnapshotDifferenceAnswer {
    /// The earlier one.
    from: u64,
    /// The later one.
    to: u64,
    /// Members of the later one only.
    entered: u64,
    /// Members of the earlier one only.
    left: u64,
    /// Members of both.
    unchanged: u64,
    /// The first who entered.
    entered_sample: Vec<Member>,
    /// The first who left.
    left_sample: Vec<Member>,
    /// Version of the data whose values are shown.
    data_version: u64,
    /// Microseconds to the answer.
    took_us: u64,
}

/// What came of evaluating a snapshot's definition again.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct VerificationAnswer {
    /// Which snapshot.
    id: u64,
    /// `reproduced`, `data_changed` (no verdict: profiles have changed since), `differs` or `damaged`.
    status: String,
    /// The same in words.
    message: String,
    /// As it was taken.
    digest: String,
    /// Of the members that the frozen definition selects now; none when the data have changed.
    digest_again: Option<String>,
    /// Whether the stored members have the digest; none when some of them were erased.
    stored_members_intact: Option<bool>,
    /// Members that were erased since.
    erased: u64,
    /// Version of the data that was evaluated.
    data_version: u64,
    /// Version in which profiles have changed last.
    profiles_version: u64,
    /// The instant that was evaluated for.
    now: String,
    /// Microseconds to the answer.
    took_us: u64,
}
