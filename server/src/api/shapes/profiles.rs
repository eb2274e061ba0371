//! Profiles, imports and the schema; members and remarks, which other answers hold too.

use std::collections::BTreeMap;

use serde::Serialize;
use serde_json::Value as Json;
use utoipa::ToSchema;

use super::values::ExternalId;

/// A profile.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct Member {
    /// External id, as it was loaded: a number or a string.
    #[schema(value_type = Option<ExternalId>)]
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
    /// The version in which the import became visible; of a dry run the one that it was tried on.
    data_version: u64,
    /// Whether nothing was changed, as was wished.
    dry_run: bool,
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
    fields: Vec<DeclaredField>,
}

/// A field to add: one that is written, by its type, or one that is computed, by what it is made from.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct DeclaredField {
    /// Unique name.
    name: String,
    /// `bool`, `int`, `decimal(2)`, `float`, `keyword`, `keyword_set`, `int_set`, `time` or `date`; of a computed field
    /// what it is made from says it.
    #[serde(rename = "type")]
    kind: Option<String>,
    /// What it is made from: `{"of": "events", "type", "fn", ...}` with `count`, `count_distinct`, `sum`, `average`, `min`,
    /// `max`, `first`, `last`, `most_frequent`, `top` or `unique_set` of a `property`, chosen by `where`, `within_days`,
    /// `before_days`, `between`, `then` and `not_followed_by` as in event tests; or `{"of": "fields", "fn", ...}` with
    /// `ratio`, `days_since`, `score`, `bands` or `sum`. `null` leaves the field to be written from now on.
    #[schema(value_type = Option<Object>)]
    computed: Option<Json>,
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
    #[schema(value_type = Option<Value>)]
    min: Option<Json>,
    /// Greatest value, of ordered fields.
    #[schema(value_type = Option<Value>)]
    max: Option<Json>,
    /// The most frequent values with their profiles.
    #[schema(value_type = Vec<Object>)]
    top: Vec<Json>,
    /// What the field is made from, when nobody writes it.
    #[schema(value_type = Option<Object>)]
    computed: Option<Json>,
    /// How often that was changed, from 1.
    computed_version: Option<u32>,
    /// As of when it is, when it changes with time alone.
    as_of: Option<String>,
}

/// One profile, and the segments it is in.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct ProfileAnswer {
    /// External id.
    #[schema(value_type = Option<ExternalId>)]
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
    #[schema(value_type = Option<ExternalId>)]
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
    /// How many fields, static segments, lists, audience definitions and snapshots named the person, and how many
    /// events were theirs.
    cleared: BTreeMap<String, u64>,
    /// The receipt's number, to ask for at `/api/erasures`.
    receipt: u64,
    /// When memory was cleared.
    erased_at: Option<String>,
    /// Where files may still name the person.
    on_disk_in: Vec<String>,
    /// Until when they may at the latest; none where nothing is kept on disk, or once nothing does.
    on_disk_until: Option<String>,
    /// When the last of them was removed; none before.
    off_disk_at: Option<String>,
    /// A version in which the person is gone.
    data_version: u64,
}

/// Receipts of erasures, the oldest first. They do not say of whom: what would be kept about the erased is what was to
/// be erased.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct ErasureList {
    /// The page.
    items: Vec<ErasureState>,
    /// For the next page; none after the last.
    next_cursor: Option<String>,
    /// Receipts that were given.
    total: u64,
    /// Those whose bytes may still be in files.
    pending: u64,
}

/// What became of an erasure.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct ErasureState {
    /// The receipt's number.
    receipt: u64,
    /// When memory was cleared; none for one that an older version made.
    erased_at: Option<String>,
    /// Until when files may name the person at the latest; none once they do not.
    on_disk_until: Option<String>,
    /// When the last file that did was removed; none before.
    off_disk_at: Option<String>,
}

/// That there was nothing to rebuild.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct RebuildAnswer {
    /// Profiles there are.
    profiles: u64,
    /// Those of them whose computed fields were made anew; none where there are no such fields.
    rebuilt: u64,
    /// Version of the data.
    data_version: u64,
}
