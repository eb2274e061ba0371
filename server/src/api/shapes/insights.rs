//! Diffs, findings, overlaps, curves of reach and loosened rules.

use super::values::{ExternalId, NameOrId};
use serde::Serialize;
use serde_json::Value as Json;
use utoipa::ToSchema;

use super::profiles::Member;

/// Another content of a segment.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct DiffRequest {
    /// A rule tree; this, `text` or `ids`.
    #[schema(value_type = Option<Object>)]
    criteria: Option<Json>,
    /// The same as text.
    text: Option<String>,
    /// External ids, for a segment that is a list.
    #[schema(value_type = Option<Vec<ExternalId>>)]
    ids: Option<Vec<Json>>,
    /// The instant to evaluate for, RFC 3339; the server's clock when left out.
    now: Option<String>,
    /// People to show of each direction, 0 to 1,000; 10 when left out.
    sample: Option<u32>,
}

/// What an edit would move: before - left + entered = after, and unchanged + entered = after.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct DiffAnswer {
    /// Members now.
    before: u64,
    /// Members then.
    after: u64,
    /// Who come in.
    entered: u64,
    /// Who go out.
    left: u64,
    /// Who stay.
    unchanged: u64,
    /// The first who come in.
    entered_sample: Vec<Member>,
    /// The first who go out.
    left_sample: Vec<Member>,
    /// Segments that refer to it and change.
    segments: Vec<DependantAnswer>,
    /// Audiences that name it, or one of those, and change.
    audiences: Vec<DependantAnswer>,
    /// Segments and audiences that refer to it, those that do not change included.
    referrers: u64,
    /// Profiles there are.
    population: u64,
    /// Version of the data that was asked.
    data_version: u64,
    /// The instant for which it was asked.
    now: String,
    /// Microseconds to the answer.
    took_us: u64,
}

/// Something that an edit would change as well.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct DependantAnswer {
    /// Stable id.
    id: u64,
    /// What it is called.
    name: String,
    /// Members now.
    before: u64,
    /// Members then.
    after: u64,
    /// Who come in.
    entered: u64,
    /// Who go out.
    left: u64,
}

/// A rule to look at.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct LintRequest {
    /// A rule tree; this or `text`.
    #[schema(value_type = Option<Object>)]
    criteria: Option<Json>,
    /// The same as text.
    text: Option<String>,
    /// The segment that the rule is saved as: its rule is taken when none is given, and it is not compared with itself.
    #[schema(value_type = Option<NameOrId>)]
    segment: Option<Json>,
    /// The instant to evaluate for, RFC 3339; the server's clock when left out.
    now: Option<String>,
}

/// What a rule says in vain.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct LintAnswer {
    /// Profiles that the rule selects.
    count: u64,
    /// What was found.
    findings: Vec<FindingAnswer>,
    /// Whether every pair of rules side by side and every segment was compared.
    is_complete: bool,
    /// Profiles there are.
    population: u64,
    /// Version of the data that was asked.
    data_version: u64,
    /// The instant for which it was asked.
    now: String,
    /// Microseconds to the answer.
    took_us: u64,
}

/// Something said in vain.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct FindingAnswer {
    /// `always_empty`, `always_true`, `matches_nobody`, `matches_everybody`, `no_effect`, `contradiction`,
    /// `covers_everybody`, `redundant`, `unknown_value`, `duplicate`, `contained` or `containing`.
    code: String,
    /// JSON pointer into the rule.
    pointer: String,
    /// What it is.
    message: String,
    /// `logic`: it holds for any profiles, at this instant; `data`: for those there are.
    basis: String,
    /// The counts that prove it.
    #[schema(value_type = Object)]
    proof: Json,
    /// The rule beside it that it is compared with.
    other: Option<String>,
    /// The saved segment that it is compared with: `id` and `name`.
    #[schema(value_type = Option<Object>)]
    segment: Option<Json>,
    /// A rule that says less, as `criteria` and `text`.
    #[schema(value_type = Option<Object>)]
    cure: Option<Json>,
}

/// Sets to compare.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct OverlapRequest {
    /// Each a `segment` or an `audience` by id or name, a `list` or a `snapshot` by id, or a rule as `criteria` or `text`; with
    /// a `label` if wanted.
    #[schema(value_type = Vec<Object>, example = json!([{"segment": "vip"}, {"text": "country is \"DE\""}]))]
    sets: Vec<Json>,
    /// The instant to evaluate for, RFC 3339; the server's clock when left out.
    now: Option<String>,
}

/// Who is in exactly which sets.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct OverlapAnswer {
    /// The sets in the order given.
    sets: Vec<SetAnswer>,
    /// Profiles in any of them.
    union: u64,
    /// Every combination that somebody is in; they add up to `union`.
    combinations: Vec<CombinationAnswer>,
    /// Every two sets, and how many are in both.
    pairs: Vec<CombinationAnswer>,
    /// Profiles there are.
    population: u64,
    /// Version of the data that was asked.
    data_version: u64,
    /// The instant for which it was asked.
    now: String,
    /// Microseconds to the answer.
    took_us: u64,
}

/// One of the sets.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct SetAnswer {
    /// `segment`, `audience`, `list`, `snapshot` or `rule`.
    kind: String,
    /// Of all but a rule.
    id: Option<u64>,
    /// As the request called it, or its name.
    label: Option<String>,
    /// Profiles in it.
    count: u64,
    /// Profiles in it and in no other; of combinations only.
    only: Option<u64>,
}

/// Some sets, by their places, and how many profiles.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct CombinationAnswer {
    /// Places in the list of sets.
    sets: Vec<u32>,
    /// Of a combination: in these and no others. Of a pair: in both.
    count: u64,
}

/// How much every two sets share; rows and columns in the order given.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct MatrixAnswer {
    /// The sets in the order given.
    sets: Vec<SetAnswer>,
    /// Profiles in both.
    intersections: Vec<Vec<u64>>,
    /// Those in both, of those in either (Jaccard), to six digits.
    jaccard: Vec<Vec<f64>>,
    /// Profiles there are.
    population: u64,
    /// Version of the data that was asked.
    data_version: u64,
    /// The instant for which it was asked.
    now: String,
    /// Microseconds to the answer.
    took_us: u64,
}

/// A threshold of a rule.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct ReachRequest {
    /// A rule tree; this or `text`.
    #[schema(value_type = Option<Object>)]
    criteria: Option<Json>,
    /// The same as text.
    text: Option<String>,
    /// JSON pointer of a test by >, >=, <, <=, between or a window of days.
    #[schema(example = "/rules/1")]
    pointer: String,
    /// Of `between`: `low` or `high`.
    end: Option<String>,
    /// Points of the curve at most, 1 to 101; 21 when left out.
    points: Option<u32>,
    /// The instant to evaluate for, RFC 3339; the server's clock when left out.
    now: Option<String>,
}

/// The rule's count by the threshold.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct ReachAnswer {
    /// The test.
    pointer: String,
    /// `low` or `high`: the end that moves.
    end: String,
    /// What is written now.
    #[schema(value_type = Value)]
    threshold: Json,
    /// What the rule selects now.
    count: u64,
    /// Other thresholds, each the value of somebody for whom the test matters.
    points: Vec<PointAnswer>,
    /// Profiles there are.
    population: u64,
    /// Version of the data that was asked.
    data_version: u64,
    /// The instant for which it was asked.
    now: String,
    /// Microseconds to the answer.
    took_us: u64,
}

/// A point of a curve.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct PointAnswer {
    /// What would be written.
    #[schema(value_type = Value)]
    threshold: Json,
    /// What the rule would select.
    count: u64,
}

/// A rule, and how many people it is to select.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct RelaxRequest {
    /// A rule tree; this or `text`.
    #[schema(value_type = Option<Object>)]
    criteria: Option<Json>,
    /// The same as text.
    text: Option<String>,
    /// People wanted at least.
    target: u64,
    /// The instant to evaluate for, RFC 3339; the server's clock when left out.
    now: Option<String>,
}

/// How to select so many.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct RelaxAnswer {
    /// What the rule selects now.
    count: u64,
    /// People wanted.
    target: u64,
    /// Whether it selects so many already.
    is_reached: bool,
    /// Whether it does or a way was found.
    is_possible: bool,
    /// The most that was found to be reachable on the way.
    most: u64,
    /// One threshold alone, the least move first.
    single: Vec<RelaxationAnswer>,
    /// Several, found greedily.
    combined: Option<RelaxationAnswer>,
    /// Profiles there are.
    population: u64,
    /// Version of the data that was asked.
    data_version: u64,
    /// The instant for which it was asked.
    now: String,
    /// Microseconds to the answer.
    took_us: u64,
}

/// A loosened rule.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct RelaxationAnswer {
    /// What was moved: `pointer`, `end`, `from`, `to`.
    #[schema(value_type = Vec<Object>)]
    steps: Vec<Json>,
    /// What the rule selects then.
    count: u64,
    /// Profiles whose values lie between the old thresholds and the new.
    profiles_between: u64,
    /// The same as a share of all profiles.
    share_between: f64,
    /// The rule then.
    #[schema(value_type = Object)]
    criteria: Json,
    /// The same as text.
    text: String,
}
