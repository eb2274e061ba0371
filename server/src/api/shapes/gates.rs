//! Gates: suppressions, channels, contacts, exclusion groups, the control group, and who they keep out.

use serde::Serialize;
use serde_json::Value as Json;
use utoipa::ToSchema;

use super::values::ExternalId;

/// A suppression to keep.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct SuppressionRequest {
    /// Why it is kept: "unsubscribed", "contacted in the last 7 days".
    name: String,
    /// A list whose people are on it; without one it begins with nobody.
    list: Option<u64>,
    /// From this instant on it holds for nobody.
    expires_at: Option<String>,
    /// Days that each person is on it, from when they were added; without it for ever.
    keep_days: Option<u32>,
}

/// A suppression with its size.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct SuppressionAnswer {
    /// Stable id.
    id: u64,
    /// Why it is kept.
    name: String,
    /// The list whose people are on it.
    list: Option<u64>,
    /// From this instant on it holds for nobody.
    expires_at: Option<String>,
    /// Days that each person is on it.
    keep_days: Option<u32>,
    /// When it was made.
    created_at: String,
    /// Profiles on it at `now`; exact.
    count: u64,
    /// Ids on it that no profile has yet.
    waiting: u64,
    /// The instant for which it was counted.
    now: String,
    /// Version of the data that was counted.
    data_version: u64,
}

/// Suppressions, a page of them.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct SuppressionList {
    /// The page.
    items: Vec<SuppressionAnswer>,
    /// For the next page; none after the last.
    next_cursor: Option<String>,
}

/// People to put on a suppression.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct SuppressionMembersRequest {
    /// External ids.
    #[schema(value_type = Vec<ExternalId>)]
    ids: Vec<Json>,
    /// When they were added, RFC 3339; the present when left out.
    time: Option<String>,
}

/// A list kept as a suppression, or no longer.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct ListRequest {
    /// Whether the list is kept out of every audience.
    suppression: bool,
    /// Why; the name of the list when left out.
    reason: Option<String>,
    /// From this instant on it holds for nobody.
    expires_at: Option<String>,
    /// Days that it holds, from when the list was imported.
    keep_days: Option<u32>,
}

/// What became of ids: entries = duplicates + noted + repeated + unknown.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct NotedAnswer {
    /// Ids given.
    entries: u64,
    /// Entries that repeat an earlier one.
    duplicates: u64,
    /// Of profiles, noted now.
    noted: u64,
    /// Noted before.
    repeated: u64,
    /// Of no profile.
    unknown: u64,
    /// Version of the data after it.
    data_version: u64,
}

/// At most so many contacts in so many days.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct CapAnswer {
    /// Contacts from which on no more are made.
    contacts: u32,
    /// Days, of 86,400 seconds.
    days: u32,
}

/// A channel's consent and caps.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct ChannelRequest {
    /// A rule over fields: whoever it selects has consented; everybody when left out. This or `consent_text`.
    #[schema(value_type = Option<Object>)]
    consent: Option<Json>,
    /// The same as text.
    consent_text: Option<String>,
    /// What people are contacted for: what they said last about it goes before the rule.
    purpose: Option<String>,
    /// All of them hold.
    caps: Option<Vec<CapAnswer>>,
}

/// Something that people are contacted for.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct PurposeAnswer {
    /// Its name, in lower case.
    name: String,
    /// People who grant it at present.
    granted: u64,
    /// People who have withdrawn.
    withdrawn: u64,
}

/// A channel.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct ChannelAnswer {
    /// Its name, in lower case.
    name: String,
    /// Who has consented.
    #[schema(value_type = Option<Object>)]
    consent: Option<Json>,
    /// The same as text.
    consent_text: Option<String>,
    /// What people are contacted for; none when what they said is not asked.
    purpose: Option<String>,
    /// What people have said something about.
    purposes: Vec<PurposeAnswer>,
    /// All of them hold.
    caps: Vec<CapAnswer>,
    /// Contacts that are kept.
    contacts: u64,
    /// Bytes that they take in memory.
    contact_bytes: u64,
    /// Version of the data.
    data_version: u64,
}

/// All channels.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct ChannelList {
    /// By name.
    items: Vec<ChannelAnswer>,
}

/// People who were contacted: `ids` or `snapshot`.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct ContactsRequest {
    /// By which channel.
    channel: String,
    /// External ids.
    #[schema(value_type = Option<Vec<ExternalId>>)]
    ids: Option<Vec<Json>>,
    /// The snapshot whose members were contacted.
    snapshot: Option<u64>,
    /// When, RFC 3339; the present when left out. Kept in whole seconds.
    time: Option<String>,
}

/// So many percent of all people, dealt by a salt.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct ShareAnswer {
    /// 0 to 100, with at most four digits after the point.
    percent: f64,
    /// What tells one dealing from another.
    salt: String,
}

/// A range of percent of all people, dealt by a salt.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct RangeAnswer {
    /// What tells one dealing from another.
    salt: String,
    /// Where it begins, 0 to 100, with at most four digits after the point.
    from: f64,
    /// Where it ends; not in it any more.
    to: f64,
}

/// The control group to keep.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct ControlGroupRequest {
    /// `null` for none.
    control_group: Option<ShareAnswer>,
}

/// The control group that is kept.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct ControlGroupAnswer {
    /// None when there is none.
    control_group: Option<ShareAnswer>,
    /// Version of the data.
    data_version: u64,
}

/// Audiences that shut each other out.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct ExclusionGroupRequest {
    /// What the group is called.
    name: String,
    /// Ids of audiences, the first one first.
    audiences: Vec<u64>,
}

/// An audience of a group.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct GroupedAudience {
    /// Which.
    id: u64,
    /// What it is called.
    name: Option<String>,
}

/// An exclusion group.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct ExclusionGroupAnswer {
    /// Stable id.
    id: u64,
    /// What it is called.
    name: String,
    /// In order of priority.
    audiences: Vec<GroupedAudience>,
    /// Version of the data.
    data_version: u64,
}

/// Exclusion groups, a page of them.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct ExclusionGroupList {
    /// The page.
    items: Vec<ExclusionGroupAnswer>,
    /// For the next page; none after the last.
    next_cursor: Option<String>,
}

/// Somebody who was taken out.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct ExcludedPerson {
    /// External id.
    #[schema(value_type = ExternalId)]
    id: Json,
    /// The first exclusion or gate that takes them out.
    reason: String,
    /// What the gate is called.
    name: String,
}

/// People who were taken out, a page of them.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct ExcludedPeople {
    /// The page.
    items: Vec<ExcludedPerson>,
    /// For the next page; none after the last.
    next_cursor: Option<String>,
    /// How many there are.
    total: u64,
    /// Version of the data.
    data_version: u64,
    /// The instant for which it was evaluated.
    now: String,
}

/// One step of an audience's waterfall: before - removed = left.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct WaterfallStep {
    /// The reason of whoever this takes out.
    reason: String,
    /// `segment`, `customers`, `list`, `suppression`, `no_consent`, `frequency_cap`, `higher_priority`, `control_group`,
    /// `holdout` or `split`.
    kind: String,
    /// What a gate is called.
    name: String,
    /// People who came so far.
    before: u64,
    /// Of those, whom this takes out.
    removed: u64,
    /// People of the base whom nothing else would have taken out.
    only: u64,
    /// People who go on.
    left: u64,
}
