//! Tenants, keys, settings, the audit.

use serde::Serialize;
use utoipa::ToSchema;

/// Whoever asks.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct MeAnswer {
    /// Whose data they are told about.
    tenant: String,
    /// What their key is; none on a server without keys.
    role: Option<String>,
    /// The prefix of their key; none on a server without keys.
    key: Option<String>,
    /// What they may: of `count`, `read_people`, `see_personal`, `write`, `administer`, `oversee` and `operate`.
    rights: Vec<String>,
    /// The currency of their amounts, a code of ISO 4217; none where nobody has said.
    currency: Option<String>,
    /// The time zone of their days, a name of the IANA time zone database; none where nobody has said.
    time_zone: Option<String>,
}

/// A key to be made.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct KeyRequest {
    /// `viewer` (counts), `analyst` (and single people, without personal fields), `marketer` (and personal fields; changes
    /// segments, audiences, lists and snapshots), `admin` (everything of one tenant) or `operator` (tenants, keys,
    /// backups).
    role: String,
    /// Whose data; the own tenant when left out.
    tenant: Option<String>,
    /// What it is for.
    name: Option<String>,
    /// Until when it is good; until it is revoked when left out.
    expires_at: Option<String>,
    /// Requests a second; not bounded when left out.
    requests_per_second: Option<u32>,
}

/// How to replace a key.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct RotationRequest {
    /// Seconds that the old key stays good; a day when left out.
    overlap_seconds: Option<u64>,
}

/// A key.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct KeyAnswer {
    /// What finds it; may be shown.
    prefix: String,
    /// Whose data it is for.
    tenant: String,
    /// What it may.
    role: String,
    /// What it is for.
    name: String,
    /// Whether it is good now.
    is_active: bool,
    /// When it was made.
    created_at: String,
    /// Until when it is good.
    expires_at: Option<String>,
    /// From when on it is not.
    revoked_at: Option<String>,
    /// When it was last used, to the minute.
    last_used_at: Option<String>,
    /// Requests a second that it may make.
    requests_per_second: Option<u32>,
    /// The prefix of the key that it takes the place of.
    replaces: Option<String>,
    /// What to send as `Authorization: Bearer`; only in the answer to its making.
    key: Option<String>,
}

/// Keys.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct KeyList {
    /// The oldest first.
    items: Vec<KeyAnswer>,
}

/// A tenant to be made or changed.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct TenantRequest {
    /// Of a new one: small letters, digits, `-` and `_`.
    id: Option<String>,
    /// Of one that there is: whether everybody is refused.
    suspended: Option<bool>,
    /// Profiles after which no more are imported; 0 for no bound.
    profiles: Option<u64>,
    /// Segments after which no more are saved; 0 for no bound.
    segments: Option<u64>,
    /// Events after which no more are taken; 0 for no bound.
    events: Option<u64>,
    /// Bytes of memory for profiles, set aside for this tenant from its next request on; 0 for a share of the server's.
    bytes: Option<u64>,
    /// Requests a second of all its keys together; 0 for no bound.
    requests_per_second: Option<u32>,
    /// The currency of its amounts, a code of ISO 4217.
    #[schema(example = "EUR")]
    currency: Option<String>,
    /// The time zone of its days, a name of the IANA time zone database.
    #[schema(example = "Europe/Berlin")]
    time_zone: Option<String>,
}

/// A tenant.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct TenantAnswer {
    /// Its id.
    id: String,
    /// When it was made; none for the one that every server has.
    created_at: Option<String>,
    /// Since when everybody is refused.
    suspended_at: Option<String>,
    /// The currency of its amounts, a code of ISO 4217; none where nobody has said.
    currency: Option<String>,
    /// The time zone of its days, a name of the IANA time zone database; none where nobody has said.
    time_zone: Option<String>,
    /// What it may have.
    quota: QuotaAnswer,
}

/// What a tenant may have; none where that is not bounded.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct QuotaAnswer {
    /// Profiles.
    profiles: Option<u64>,
    /// Segments.
    segments: Option<u64>,
    /// Events.
    events: Option<u64>,
    /// Bytes of memory for profiles.
    bytes: Option<u64>,
    /// Requests a second.
    requests_per_second: Option<u32>,
}

/// Tenants.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct TenantList {
    /// By id.
    items: Vec<TenantAnswer>,
}

/// The receipt of a tenant that was deleted.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct TenantDeletion {
    /// Its number.
    receipt: u64,
    /// Who it was.
    tenant: String,
    /// When it was asked for: nobody reached the tenant from then on.
    asked_at: String,
    /// When its files were gone; none while they are not.
    files_gone_at: Option<String>,
}

/// Receipts of tenants that were deleted.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct TenantDeletionList {
    /// The first first.
    items: Vec<TenantDeletion>,
}

/// Which fields are personal.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct PersonalFields {
    /// Names of fields.
    #[schema(example = json!(["email", "phone"]))]
    fields: Vec<String>,
}

/// A request that changed something, or was to.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct AuditAnswer {
    /// Its place.
    seq: u64,
    /// When it was answered.
    at: String,
    /// Whose data.
    tenant: String,
    /// The prefix of the key; none on a server without keys.
    key: Option<String>,
    /// Who was signed in.
    person: Option<String>,
    /// The role of the key or the account.
    role: Option<String>,
    /// The method.
    method: String,
    /// The path's template.
    route: String,
    /// The path, or its template where the path names a person.
    target: String,
    /// The version of the data before.
    version_before: Option<u64>,
    /// The version of the data after, with what others did meanwhile.
    version_after: Option<u64>,
    /// The version of the segment or audience before, for `/versions/{version}`; none where it is about neither.
    item_version_before: Option<u64>,
    /// The same after; none where it is gone.
    item_version_after: Option<u64>,
    /// Where it came from.
    address: Option<String>,
    /// What it was answered with.
    status: u16,
    /// The id that the log has.
    request_id: String,
}

/// A page of the audit.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct AuditList {
    /// The oldest first.
    items: Vec<AuditAnswer>,
    /// For the next page; none after the last.
    next_cursor: Option<String>,
}
