//! Versions, uses, changes of members, and the dashboard.

use super::values::ExternalId;
use serde::Serialize;
use serde_json::Value as Json;
use utoipa::ToSchema;

use super::audiences::IdReport;

/// Who makes a version current again.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct RestoreRequest {
    /// In free words.
    changed_by: Option<String>,
}

/// Versions that are kept, the newest first.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct VersionList {
    /// All of them, the current one first.
    items: Vec<VersionItem>,
    /// So many are kept; of more the oldest are dropped.
    kept_max: u64,
    /// So many were dropped.
    dropped: u64,
}

/// A version without what it holds.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct VersionItem {
    /// 1, 2, 3, ...
    version: u64,
    /// Whether it is the current one.
    is_current: bool,
    /// When it was saved.
    saved_at: String,
    /// Who saved it, in free words.
    changed_by: String,
    /// What it was called.
    name: String,
    /// What it was for.
    description: String,
    /// Words to find it by.
    tags: Vec<String>,
    /// `draft`, `active` or `archived`.
    status: String,
    /// Whether that is `active`.
    is_active: bool,
    /// Who answered for it.
    owner: String,
}

/// A version as it was saved.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct VersionAnswer {
    /// The segment or audience.
    id: u64,
    /// The version without what it holds.
    #[serde(flatten)]
    head: VersionItem,
    /// Of a segment: `dynamic` or `static`.
    segment_type: Option<String>,
    /// The rule of a dynamic segment.
    #[schema(value_type = Option<Object>)]
    criteria: Option<Json>,
    /// The same as older systems write it.
    #[schema(value_type = Option<Object>)]
    conditions: Option<Json>,
    /// The same as text.
    text: Option<String>,
    /// The ids of a static segment, accounted for as of now.
    customers: Option<IdReport>,
    /// Of an audience: what it was made of.
    audience_type: Option<String>,
    /// Of an audience: the campaign it was made for.
    campaign_id: Option<u64>,
    /// `any` or `all`.
    include_match: Option<String>,
    /// Segments by id.
    include_segments: Option<Vec<u64>>,
    /// External ids.
    include_customers: Option<Vec<String>>,
    /// Lists by id.
    include_lists: Option<Vec<u64>>,
    /// Segments by id.
    exclude_segments: Option<Vec<u64>>,
    /// External ids.
    exclude_customers: Option<Vec<String>>,
    /// Lists by id.
    exclude_lists: Option<Vec<u64>>,
}

/// What tells one version from another.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct DifferenceAnswer {
    /// The segment or audience.
    id: u64,
    /// The number of one version.
    from: u64,
    /// The number of the other.
    to: u64,
    /// Attributes that differ: `{attribute, from, to}`.
    #[schema(value_type = Vec<Object>)]
    attributes: Vec<Json>,
    /// What it holds: `{kind: "rule", differences: [{change, from: {pointer, text, criteria}, to}]}`, `{kind: "ids",
    /// added, removed}`, `{kind: "audience", differences: [{key, added, removed, ...}]}`, or `{kind: "segment_type",
    /// from, to}`.
    #[schema(value_type = Object)]
    definition: Json,
    /// Who is in one and who in the other, at the same data and instant; none when one cannot be evaluated any more.
    sizes: Option<DifferenceSizes>,
    /// Why a version cannot be evaluated: `{version, errors}`.
    #[schema(value_type = Vec<Object>)]
    not_countable: Vec<Json>,
    /// Profiles there are.
    population: u64,
    /// Version of the data that was counted.
    data_version: u64,
    /// The instant for which it was counted.
    now: String,
    /// Microseconds to the answer.
    took_us: u64,
}

/// Who comes and goes from one version to another.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct DifferenceSizes {
    /// Profiles in the one.
    from: u64,
    /// Profiles in the other.
    to: u64,
    /// Only in the other.
    entered: u64,
    /// Only in the one.
    left: u64,
    /// In both.
    stayed: u64,
}

/// Who uses something.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct UsedByAnswer {
    /// The nearest first.
    items: Vec<UserAnswer>,
    /// How many.
    total: u64,
    /// Version of the data.
    data_version: u64,
}

/// A segment or an audience that uses something.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct UserAnswer {
    /// `segment` or `audience`.
    kind: String,
    /// Which one.
    id: u64,
    /// Its name.
    name: String,
    /// `draft`, `active` or `archived`.
    status: String,
    /// Whether nothing stands between.
    direct: bool,
    /// The segments between, `{id, name}`, from the used one on.
    #[schema(value_type = Vec<Object>)]
    via: Vec<Json>,
}

/// People to put into a static segment, and to take out.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct MemberChangesRequest {
    /// External ids to put in.
    #[schema(value_type = Option<Vec<ExternalId>>)]
    add: Option<Vec<Json>>,
    /// External ids to take out.
    #[schema(value_type = Option<Vec<ExternalId>>)]
    remove: Option<Vec<Json>>,
    /// Who makes the change, in free words.
    changed_by: Option<String>,
}

/// What became of them.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct MemberChangesAnswer {
    /// The segment.
    id: u64,
    /// Its version.
    version: u64,
    /// `{entries, duplicates, added, already_in, unknown}`: entries = duplicates + added + already_in; unknown are those
    /// added that no profile has yet.
    #[schema(value_type = Object)]
    add: Json,
    /// `{entries, duplicates, removed, not_in}`: entries = duplicates + removed + not_in.
    #[schema(value_type = Object)]
    remove: Json,
    /// Profiles in it now.
    count: u64,
    /// Profiles there are.
    population: u64,
    /// Version of the data that was counted.
    data_version: u64,
    /// The instant of the change.
    now: String,
    /// Microseconds to the answer.
    took_us: u64,
}

/// Everything at a glance.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct DashboardAnswer {
    /// Segments that are not archived, each with its size.
    segments: Vec<DashboardSegment>,
    /// Audiences that are not archived, each with its size.
    audiences: Vec<DashboardAudience>,
    /// Imported lists.
    lists: u64,
    /// The newest changes.
    recent: Vec<RecentChange>,
    /// Profiles there are.
    population: u64,
    /// Version of the data that was counted.
    data_version: u64,
    /// The instant for which it was counted.
    now: String,
    /// Microseconds to the answer.
    took_us: u64,
}

/// A segment and its size.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct DashboardSegment {
    /// Which.
    id: u64,
    /// Its name.
    name: String,
    /// `dynamic`, `static` or `lookalike`.
    segment_type: String,
    /// `draft` or `active`.
    status: String,
    /// Words to find it by.
    tags: Vec<String>,
    /// People in it; exact.
    count: u64,
    /// When it was last changed.
    updated_at: String,
}

/// An audience and its size.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct DashboardAudience {
    /// Which.
    id: u64,
    /// Its name.
    name: String,
    /// The campaign it was made for.
    campaign_id: Option<u64>,
    /// `draft` or `active`.
    status: String,
    /// Words to find it by.
    tags: Vec<String>,
    /// People in it; exact.
    customer_count: u64,
    /// When it was last changed.
    updated_at: String,
}

/// A segment or an audience was made or changed.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct RecentChange {
    /// `segment` or `audience`.
    kind: String,
    /// Which.
    id: u64,
    /// What it is called now, or was then.
    name: String,
    /// The version that came about.
    version: u64,
    /// `created` or `changed`.
    change: String,
    /// When.
    saved_at: String,
    /// Who, in free words.
    changed_by: String,
}
