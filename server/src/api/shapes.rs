//! The bodies of requests and answers, as the OpenAPI document describes them.
//!
//! Requests are read key by key (`form`), so that all mistakes come at once; answers are written where they are
//! computed. These types only say what both look like, and a test compares them with real answers.

#![allow(dead_code, reason = "described, never constructed")]

use std::collections::BTreeMap;

use serde::Serialize;
use serde_json::Value as Json;
use utoipa::ToSchema;

/// A rule that need not be saved.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct PreviewRequest {
    /// A rule tree; this or `text`.
    #[schema(value_type = Option<Object>, example = json!({"match": "all", "rules": [{"field": "total_spent", "operator": ">=", "value": 100}]}))]
    criteria: Option<Json>,
    /// The same as text.
    #[schema(example = "total_spent >= 100 and last_purchase within 90 days")]
    text: Option<String>,
    /// The instant to evaluate for, RFC 3339; the server's clock when left out.
    now: Option<String>,
    /// Members to show, 0 to 1,000; 10 when left out.
    sample: Option<u32>,
    /// Counts of every node of the rule.
    explain: Option<bool>,
}

/// How many, and who.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct PreviewAnswer {
    /// Profiles that the rule selects; exact.
    count: u64,
    /// Profiles there are.
    population: u64,
    /// The first members.
    sample: Vec<Member>,
    /// Version of the data that was counted.
    data_version: u64,
    /// The instant for which it was counted.
    now: String,
    /// Microseconds from reading the request to the answer.
    took_us: u64,
    /// Remarks, such as values that no profile has.
    warnings: Vec<Remark>,
    /// With `explain`: every node in reading order, the root first.
    nodes: Option<Vec<NodeAnswer>>,
}

/// What a node of a rule contributes.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct NodeAnswer {
    /// JSON pointer into the rule; "" is the root.
    pointer: String,
    /// Profiles for which the node alone holds.
    matched: u64,
    /// Profiles without a value of the field that the node tests.
    missing: u64,
    /// Profiles that the whole rule would select without this node.
    without: u64,
}

/// A profile.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct Member {
    /// External id, as it was loaded: a number or a string.
    #[schema(value_type = Object)]
    id: Json,
    /// Values by field; missing ones are absent.
    #[schema(value_type = Object)]
    fields: Json,
}

/// A remark that is no mistake.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct Remark {
    /// Where.
    pointer: String,
    /// Stable kind.
    code: String,
    /// In words.
    message: String,
    /// What may have been meant.
    suggestions: Vec<String>,
}

/// A segment to save.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct SegmentRequest {
    /// Unique name.
    name: String,
    /// What it is for.
    description: Option<String>,
    /// `dynamic` (a rule) or `static` (ids).
    segment_type: Option<String>,
    /// The rule of a dynamic segment; this or `text`. `conditions` is understood as well.
    #[schema(value_type = Option<Object>)]
    criteria: Option<Json>,
    /// The same as text.
    text: Option<String>,
    /// The external ids of a static segment.
    #[schema(value_type = Option<Vec<Object>>)]
    customers: Option<Vec<Json>>,
}

/// A saved segment with its current size.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct SegmentAnswer {
    /// Stable id.
    id: u64,
    /// Unique name.
    name: String,
    /// What it is for.
    description: String,
    /// `dynamic` or `static`.
    segment_type: String,
    /// The rule of a dynamic segment.
    #[schema(value_type = Option<Object>)]
    criteria: Option<Json>,
    /// The same as text.
    text: Option<String>,
    /// The ids of a static segment, accounted for.
    customers: Option<IdReport>,
    /// `active`.
    status: String,
    /// Profiles in it; exact.
    count: u64,
    /// Profiles there are.
    population: u64,
    /// When it was made.
    created_at: String,
    /// When it was last changed.
    updated_at: String,
    /// Version of the data that was counted.
    data_version: u64,
    /// The instant for which it was counted.
    now: String,
    /// Microseconds to the answer.
    took_us: u64,
    /// Remarks.
    warnings: Vec<Remark>,
}

/// Segments, a page of them.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct SegmentList {
    /// The page.
    items: Vec<SegmentAnswer>,
    /// For the next page; none after the last.
    next_cursor: Option<String>,
    /// How many there are.
    total: u64,
}

/// Profiles, a page of them.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct Members {
    /// The page.
    items: Vec<Member>,
    /// For the next page; none after the last.
    next_cursor: Option<String>,
    /// How many there are on all pages.
    total: u64,
    /// Version of the data that all pages show.
    data_version: u64,
    /// The instant that all pages are evaluated for.
    now: String,
}

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
    #[schema(value_type = Option<Vec<Object>>)]
    include_segments: Option<Vec<Json>>,
    /// Segments by id or name.
    #[schema(value_type = Option<Vec<Object>>)]
    exclude_segments: Option<Vec<Json>>,
    /// External ids.
    #[schema(value_type = Option<Vec<Object>>)]
    include_customers: Option<Vec<Json>>,
    /// External ids.
    #[schema(value_type = Option<Vec<Object>>)]
    exclude_customers: Option<Vec<Json>>,
    /// Lists by id.
    include_lists: Option<Vec<u64>>,
    /// Lists by id.
    exclude_lists: Option<Vec<u64>>,
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
    /// Everybody excluded, once each.
    excluded_total: u64,
    /// Every source in order: its size, how many it added that no earlier one had, how many only it has.
    #[schema(value_type = Vec<Object>)]
    sources: Vec<Json>,
    /// Every exclusion in order: how many it removed, how many no earlier one had, how many only it removed.
    #[schema(value_type = Vec<Object>)]
    exclusions: Vec<Json>,
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
    /// `active`.
    status: String,
    /// When it was made.
    created_at: String,
    /// When it was last changed.
    updated_at: String,
    /// Profiles in it; the same as `count`.
    customer_count: u64,
    /// Profiles in it; exact.
    count: u64,
    /// How it came about.
    breakdown: BreakdownAnswer,
    /// Profiles there are.
    population: u64,
    /// Version of the data that was counted.
    data_version: u64,
    /// The instant for which it was counted.
    now: String,
    /// Microseconds to the answer.
    took_us: u64,
    /// Remarks.
    warnings: Vec<Remark>,
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

/// A row that was kept back.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct Rejected {
    /// Number of the data row, from 1.
    row: u64,
    /// Everything wrong with it.
    errors: Vec<Remark>,
}

/// What an import did: rows = inserted + updated + unchanged + rejected_total + duplicates_total.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct ImportReport {
    /// Data rows of the body.
    rows: u64,
    /// Profiles that did not exist.
    inserted: u64,
    /// Profiles that existed and are different now.
    updated: u64,
    /// Profiles that existed and are the same.
    unchanged: u64,
    /// The first rows that did not fit.
    rejected: Vec<Rejected>,
    /// How many these were.
    rejected_total: u64,
    /// Ids that came again, once for each repetition; the later row won.
    duplicates: Vec<String>,
    /// Rows replaced by a later row with the same id.
    duplicates_total: u64,
    /// Fields that the schema did not have.
    fields_added: Vec<NewField>,
    /// The version in which the import became visible.
    data_version: u64,
    /// Remarks.
    warnings: Vec<Remark>,
}

/// A field to add.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct NewField {
    /// Unique name.
    name: String,
    /// `bool`, `int`, `decimal(2)`, `float`, `keyword`, `keyword_set`, `int_set`, `time` or `date`.
    #[serde(rename = "type")]
    kind: String,
}

/// Fields to add.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct SchemaRequest {
    /// The fields.
    fields: Vec<NewField>,
}

/// Which fields there are.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct SchemaAnswer {
    /// What the external id is called, and its operators.
    #[schema(value_type = Object)]
    id_field: Json,
    /// The fields in the order they were added.
    fields: Vec<FieldAnswer>,
    /// Profiles there are.
    population: u64,
    /// Version of the data that was described.
    data_version: u64,
}

/// What a field's values look like.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct FieldAnswer {
    /// Unique name.
    name: String,
    /// Its type.
    #[serde(rename = "type")]
    kind: String,
    /// The operators that a rule may use on it.
    operators: Vec<String>,
    /// Profiles that have a value.
    present: u64,
    /// Profiles that have none.
    missing: u64,
    /// Different values.
    distinct: u64,
    /// Least value, of ordered fields.
    #[schema(value_type = Option<Object>)]
    min: Option<Json>,
    /// Greatest value, of ordered fields.
    #[schema(value_type = Option<Object>)]
    max: Option<Json>,
    /// The most frequent values with their profiles.
    #[schema(value_type = Vec<Object>)]
    top: Vec<Json>,
}

/// One profile, and the segments it is in.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct ProfileAnswer {
    /// External id.
    #[schema(value_type = Object)]
    id: Json,
    /// Values by field; missing ones are absent.
    #[schema(value_type = Object)]
    fields: Json,
    /// Segments it is in, with id and name.
    #[schema(value_type = Vec<Object>)]
    segments: Vec<Json>,
    /// Version of the data that was read.
    data_version: u64,
    /// The instant for which the segments were evaluated.
    now: String,
}

/// Fields to change.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct ProfilePatch {
    /// New values by field; `null` takes a value away.
    #[schema(value_type = Object)]
    fields: Json,
}

/// A changed profile.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct PatchAnswer {
    /// External id.
    #[schema(value_type = Object)]
    id: Json,
    /// Values by field after the change.
    #[schema(value_type = Object)]
    fields: Json,
    /// Whether anything is different now.
    changed: bool,
    /// The version in which the change became visible.
    data_version: u64,
}

/// What an erasure cleared.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct ErasureReceipt {
    /// `true`.
    erased: bool,
    /// How many fields, static segments, lists and audience definitions named the person.
    cleared: BTreeMap<String, u64>,
    /// When.
    erased_at: String,
    /// The version from which on the person is gone.
    data_version: u64,
}
