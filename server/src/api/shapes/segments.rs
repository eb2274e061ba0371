//! Rules, previews and segments.

use super::values::{ExternalId, NameOrId};
use serde::Serialize;
use serde_json::Value as Json;
use utoipa::ToSchema;

use super::audiences::IdReport;
use super::lookalikes::ModelAnswer;
use super::profiles::{Member, Remark};

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
    /// Warnings tell what the rule says in vain as well, as `/api/segments/lint` does.
    lint: Option<bool>,
    /// The rule is answered as well, as `criteria` and as `text`: so one form becomes the other.
    written: Option<bool>,
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
    /// With `written`: the rule.
    #[schema(value_type = Option<Object>)]
    criteria: Option<Json>,
    /// With `written`: the same as text.
    text: Option<String>,
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

/// What a new segment has where nothing is said, and what its rule may ask.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct NewSegmentAnswer {
    /// Empty: a name is wanted.
    name: String,
    /// Empty.
    description: String,
    /// `dynamic`.
    segment_type: String,
    /// A rule that everybody fits.
    #[schema(value_type = Object)]
    criteria: Json,
    /// None.
    tags: Vec<String>,
    /// `active`.
    status: String,
    /// Nobody.
    owner: String,
    /// Every field that there is, the id first.
    fields: Vec<AskableField>,
}

/// A field that a rule may ask about.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct AskableField {
    /// Its name.
    name: String,
    /// Its type; `id` for the id.
    #[serde(rename = "type")]
    kind: String,
    /// What may be asked.
    operators: Vec<String>,
}

/// A segment to save.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct SegmentRequest {
    /// Unique name.
    name: String,
    /// What it is for.
    description: Option<String>,
    /// `dynamic` (a rule), `static` (ids) or `lookalike` (people like those of another segment).
    segment_type: Option<String>,
    /// The rule of a dynamic segment; this or `text`. `conditions` is understood as well.
    #[schema(value_type = Option<Object>)]
    criteria: Option<Json>,
    /// The same as text.
    text: Option<String>,
    /// The external ids of a static segment.
    #[schema(value_type = Option<Vec<ExternalId>>)]
    customers: Option<Vec<Json>>,
    /// Instead of `customers`: the people of this imported list.
    from_list: Option<u64>,
    /// Instead of `customers`: whoever is in this segment now, by name or id.
    #[schema(value_type = Option<NameOrId>)]
    from_segment: Option<Json>,
    /// Instead of `customers`: whoever is in this audience now.
    from_audience: Option<u64>,
    /// Of a look-alike segment: whose people others are to be like, by name or id; with one of `size`, `share` and
    /// `min_similarity`. `source_segment_id` is understood as well.
    #[schema(value_type = Option<NameOrId>)]
    source: Option<Json>,
    /// So many people, those most alike.
    size: Option<u64>,
    /// So large a share of all people, 0 to 1.
    share: Option<f64>,
    /// Whoever is so similar, 0 to 1.
    min_similarity: Option<f64>,
    /// The fields that may count; all that are fit and do not define the source when left out.
    fields: Option<Vec<String>>,
    /// Whether the people of the source are in as well.
    include_source: Option<bool>,
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
    /// Of a change: that it is meant, however many people it moves.
    confirm: Option<bool>,
    /// Of a change: the share of the members, 0 to 1, that may move without being confirmed; 0.2 and at least 1,000 people
    /// when left out.
    max_change_share: Option<f64>,
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
    /// `dynamic`, `static` or `lookalike`.
    segment_type: String,
    /// The rule of a dynamic segment.
    #[schema(value_type = Option<Object>)]
    criteria: Option<Json>,
    /// The same as text.
    text: Option<String>,
    /// The ids of a static segment, accounted for.
    customers: Option<IdReport>,
    /// The model of a look-alike segment.
    lookalike: Option<ModelAnswer>,
    /// The rule as older systems write it: `{logic, rules}`.
    #[schema(value_type = Option<Object>)]
    conditions: Option<Json>,
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
    /// Profiles in it; exact. Left out of lists with `counts=false`.
    count: Option<u64>,
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
