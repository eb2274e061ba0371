//! Audiences, their breakdown, and lists.

use std::collections::BTreeMap;

use super::values::{ExternalId, NameOrId};
use serde::Serialize;
use serde_json::Value as Json;
use utoipa::ToSchema;

use super::gates::{RangeAnswer, ShareAnswer, WaterfallStep};
use super::profiles::{Member, Rejected, Remark};

/// An audience definition. Without any include key every profile is in.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct AudienceRequest {
    /// Unique name; needed to save.
    name: Option<String>,
    /// What it is for.
    description: Option<String>,
    /// `any` (union, the default) or `all` (intersection) of the included segments.
    include_match: Option<String>,
    /// Segments by id or name.
    #[schema(value_type = Option<Vec<NameOrId>>)]
    include_segments: Option<Vec<Json>>,
    /// Segments by id or name.
    #[schema(value_type = Option<Vec<NameOrId>>)]
    exclude_segments: Option<Vec<Json>>,
    /// External ids.
    #[schema(value_type = Option<Vec<ExternalId>>)]
    include_customers: Option<Vec<Json>>,
    /// External ids.
    #[schema(value_type = Option<Vec<ExternalId>>)]
    exclude_customers: Option<Vec<Json>>,
    /// Lists by id.
    include_lists: Option<Vec<u64>>,
    /// Lists by id.
    exclude_lists: Option<Vec<u64>>,
    /// Channel by which its people are to be reached: consent and caps of that channel are gates.
    channel: Option<String>,
    /// Keeps so many percent out, the same people with every audience of the same salt.
    holdout: Option<ShareAnswer>,
    /// Lets only these percent in.
    split: Option<RangeAnswer>,
    /// Suppressions that are not to hold, by id; only with `ignore_reason`.
    ignore_suppressions: Option<Vec<u64>>,
    /// Why they are not to hold; stands in the breakdown.
    ignore_reason: Option<String>,
    /// Follows from the keys above; understood when it is sent.
    audience_type: Option<String>,
    /// The campaign it is made for.
    campaign_id: Option<u64>,
    /// Words to find it by; kept in lower case, each once.
    tags: Option<Vec<String>>,
    /// `draft`, `active` (when left out) or `archived`.
    status: Option<String>,
    /// `true` is `active`, `false` is `archived`.
    is_active: Option<bool>,
    /// Who answers for it, in free words.
    owner: Option<String>,
    /// Who makes this change, in free words.
    changed_by: Option<String>,
    /// `true` when an audience that had includes is to mean everybody from now on.
    confirm_everyone: Option<bool>,
    /// The instant to evaluate for; previews only.
    now: Option<String>,
    /// Members to show, 0 to 1,000; previews only.
    sample: Option<u32>,
}

/// An audience evaluated.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct AudiencePreviewAnswer {
    /// Profiles in it; exact.
    count: u64,
    /// Profiles there are.
    population: u64,
    /// The first members.
    sample: Vec<Member>,
    /// How it came about: base - excluded_total = count.
    breakdown: BreakdownAnswer,
    /// Version of the data that was counted.
    data_version: u64,
    /// The instant for which it was counted.
    now: String,
    /// Microseconds to the answer.
    took_us: u64,
    /// Remarks.
    warnings: Vec<Remark>,
}

/// How an audience comes about.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct BreakdownAnswer {
    /// Sizes of the included segments, as the request named them.
    include_segments: BTreeMap<String, u64>,
    /// Their union or intersection.
    from_segments: u64,
    /// The population, when no include key was given.
    all_customers: Option<u64>,
    /// Included ids of the definition.
    include_customers: Option<SourceReport>,
    /// Included lists.
    include_lists: Option<Vec<SourceReport>>,
    /// Everybody included.
    base: u64,
    /// Members of the base in each excluded segment; they may overlap.
    excluded_by_segment: Option<BTreeMap<String, u64>>,
    /// Excluded ids of the definition.
    exclude_customers: Option<SourceReport>,
    /// Excluded lists.
    exclude_lists: Option<Vec<SourceReport>>,
    /// Everybody excluded or taken out by a gate, once each.
    excluded_total: u64,
    /// Every source in order: its size, how many it added that no earlier one had, how many only it has.
    #[schema(value_type = Vec<Object>)]
    sources: Vec<Json>,
    /// Every exclusion in order: how many it removed, how many no earlier one had, how many only it removed.
    #[schema(value_type = Vec<Object>)]
    exclusions: Vec<Json>,
    /// From the base to the count, step by step: what the definition excludes, then the gates, in their order.
    waterfall: Vec<WaterfallStep>,
    /// Suppressions that the definition sets aside: `id`, `name`, `members` it would have kept out, and the `reason` given.
    #[schema(value_type = Option<Vec<Object>>)]
    ignored_suppressions: Option<Vec<Json>>,
}

/// Ids accounted for: entries = distinct + duplicates, distinct = known + unknown.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct IdReport {
    /// Ids given, blank ones not counted.
    entries: u64,
    /// Entries that repeat an earlier one.
    duplicates: u64,
    /// Different ids.
    distinct: u64,
    /// Of those, ids of profiles.
    known: u64,
    /// Of those, ids that no profile has.
    unknown: u64,
    /// Of the unknown, those that are not all digits though every profile's id is.
    of_unknown_malformed: u64,
}

/// What a list or the ids of a definition did.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct SourceReport {
    /// The list.
    id: Option<u64>,
    /// The ids accounted for.
    #[serde(flatten)]
    ids: IdReport,
    /// Blank lines and blank ids of the file.
    blank: Option<u64>,
    /// Included: profiles that no earlier source had.
    added: Option<u64>,
    /// Excluded: profiles of the base among them.
    removed: Option<u64>,
}

/// A saved audience with its current size and breakdown.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct AudienceAnswer {
    /// Stable id.
    id: u64,
    /// Unique name.
    name: String,
    /// What it is for.
    description: String,
    /// `any` or `all`.
    include_match: String,
    /// Segments by id; absent when the definition has no such key.
    include_segments: Option<Vec<u64>>,
    /// External ids; absent when the definition has no such key.
    include_customers: Option<Vec<String>>,
    /// Lists by id; absent when the definition has no such key.
    include_lists: Option<Vec<u64>>,
    /// Segments by id.
    exclude_segments: Vec<u64>,
    /// External ids.
    exclude_customers: Vec<String>,
    /// Lists by id.
    exclude_lists: Vec<u64>,
    /// Channel by which its people are to be reached: consent and caps of that channel are gates.
    channel: Option<String>,
    /// Keeps so many percent out, the same people with every audience of the same salt.
    holdout: Option<ShareAnswer>,
    /// Lets only these percent in.
    split: Option<RangeAnswer>,
    /// Suppressions that are not to hold, by id; only with `ignore_reason`.
    ignore_suppressions: Option<Vec<u64>>,
    /// Why they are not to hold; stands in the breakdown.
    ignore_reason: Option<String>,
    /// Of one kind of source: `everyone`, `segments`, `customers` or `lists`; of several, or with exclusions: `combined`.
    audience_type: String,
    /// The campaign it was made for.
    campaign_id: Option<u64>,
    /// Words to find it by.
    tags: Vec<String>,
    /// `draft`, `active` or `archived`.
    status: String,
    /// Whether that is `active`.
    is_active: bool,
    /// Who answers for it.
    owner: String,
    /// The number of this version; also in the `ETag`.
    version: u64,
    /// Who saved it last.
    changed_by: String,
    /// When it was made.
    created_at: String,
    /// When it was last changed.
    updated_at: String,
    /// Profiles in it; the same as `count`.
    customer_count: Option<u64>,
    /// Profiles in it; exact. Left out of lists with `counts=false`, with all that is counted.
    count: Option<u64>,
    /// How it came about.
    breakdown: Option<BreakdownAnswer>,
    /// Profiles there are.
    population: u64,
    /// Version of the data that was counted.
    data_version: u64,
    /// The instant for which it was counted.
    now: String,
    /// Microseconds to the answer.
    took_us: u64,
    /// Remarks.
    warnings: Option<Vec<Remark>>,
}

/// Audiences, a page of them.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct AudienceList {
    /// The page.
    items: Vec<AudienceAnswer>,
    /// For the next page; none after the last.
    next_cursor: Option<String>,
    /// How many there are.
    total: u64,
}

/// An imported list with its match report.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct ListAnswer {
    /// Stable id.
    id: u64,
    /// What it is called.
    name: String,
    /// When it was imported.
    created_at: String,
    /// The suppression that it is kept as.
    suppression: Option<u64>,
    /// Its ids accounted for, as of now.
    report: ListReport,
    /// Version of the data that the report is about.
    data_version: u64,
}

/// A list's ids accounted for.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct ListReport {
    /// The ids.
    #[serde(flatten)]
    ids: IdReport,
    /// Blank lines and blank ids of the file.
    blank: u64,
    /// In the answer to the import: rows that could not be read.
    rejected: Option<Vec<Rejected>>,
    /// In the answer to the import: how many these were.
    rejected_total: Option<u64>,
}

/// Lists, a page of them.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct ListList {
    /// The page.
    items: Vec<ListAnswer>,
    /// For the next page; none after the last.
    next_cursor: Option<String>,
}
