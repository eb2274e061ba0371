//! Why a person is in a segment or an audience.

use serde::Serialize;
use serde_json::Value as Json;
use utoipa::ToSchema;

use super::values::ExternalId;

/// A person and a rule.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct ExplainRequest {
    /// A rule tree; this or `text`.
    #[schema(value_type = Option<Object>)]
    criteria: Option<Json>,
    /// The same as text.
    #[schema(example = "total_spent >= 100 and last_purchase within 90 days")]
    text: Option<String>,
    /// The person's external id.
    #[schema(value_type = ExternalId)]
    profile: Json,
    /// The instant to evaluate for, RFC 3339; the server's clock when left out.
    now: Option<String>,
}

/// A person held against a rule.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct ExplainedPersonAnswer {
    /// External id.
    #[schema(value_type = ExternalId)]
    profile: Json,
    /// Whether the rule selects the person.
    #[serde(rename = "in")]
    is_in: bool,
    /// Every node in reading order, the root first, segments opened.
    nodes: Vec<PersonNode>,
    /// The smallest change that turns the verdict; none when nothing about the person does.
    flip: Option<FlipAnswer>,
    /// The first instant at which time alone has turned the verdict; none when it never does.
    changes_at: Option<String>,
    /// Profiles there are.
    population: u64,
    /// Version of the data that was asked.
    data_version: u64,
    /// The instant for which it was asked.
    now: String,
    /// Microseconds to the answer.
    took_us: u64,
}

/// What one node says about a person.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct PersonNode {
    /// JSON pointer into the rule; a segment's rule stands at `criteria` of the test that names the segment.
    pointer: String,
    /// Whether the node holds.
    holds: bool,
    /// `group`, `segment`, `lookalike` or `test`.
    kind: String,
    /// Of a group: `all`, `any` or `none`.
    #[serde(rename = "match")]
    join: Option<String>,
    /// Of a segment: `id` and `name`.
    #[schema(value_type = Option<Object>)]
    segment: Option<Json>,
    /// Of a segment: `in` or `not_in`.
    operator: Option<String>,
    /// Of a look-alike segment: what the person's traits add up to.
    score: Option<i64>,
    /// Of a look-alike segment: the score that it takes.
    at_least: Option<i64>,
    /// Of a look-alike segment: how similar the person is, 0 to 1.
    similarity: Option<f64>,
    /// Of a look-alike segment: each trait of the person as `text`, with its points as `weight`, the most first.
    #[schema(value_type = Option<Vec<Object>>)]
    contributions: Option<Vec<Json>>,
    /// Of a test: the field.
    field: Option<String>,
    /// Of a test: the person's value; `null` when there is none.
    #[schema(value_type = Option<Value>)]
    value: Option<Json>,
    /// The test as text.
    text: Option<String>,
    /// What the value says to the test.
    words: Option<String>,
    /// What turns the verdict: `{"kind": "value", "value": ...}`, or another `kind`: `no_value`, `any_value`,
    /// `fitting_value`, `on_list`, `off_list`, `other_events`, `impossible`.
    #[schema(value_type = Option<Object>)]
    remedy: Option<Json>,
    /// Instants at which time alone turns the test, ascending: `at`, and whether it `holds` from then on.
    #[schema(value_type = Option<Vec<Object>>)]
    turns: Option<Vec<Json>>,
}

/// The smallest change that turns a verdict.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct FlipAnswer {
    /// How many tests have to turn; no fewer do.
    tests: u64,
    /// Which.
    pointers: Vec<String>,
    /// Whether the values that their remedies name turn the verdict together.
    is_enough: bool,
}

/// A person held against an audience.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct ExplainedMemberAnswer {
    /// External id.
    #[schema(value_type = ExternalId)]
    profile: Json,
    /// Whether the person is in the audience.
    #[serde(rename = "in")]
    is_in: bool,
    /// `included`, `not_included` or `excluded`.
    reason: String,
    /// Of somebody who is excluded: the reason, as in the breakdown's waterfall.
    removed_by: Option<String>,
    /// Whether the sources let the person in, whatever the gates say.
    is_included: bool,
    /// Everything that includes.
    sources: Vec<GateAnswer>,
    /// Everything that excludes, and every gate, in order.
    gates: Vec<GateAnswer>,
    /// Profiles there are.
    population: u64,
    /// Version of the data that was asked.
    data_version: u64,
    /// The instant for which it was asked.
    now: String,
    /// Microseconds to the answer.
    took_us: u64,
}

/// A source or a gate of an audience.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct GateAnswer {
    /// `everyone`, `segment`, `customers` or `list`; of a gate also those of a waterfall.
    kind: String,
    /// The segment or the list.
    id: Option<u64>,
    /// What it is called.
    name: Option<String>,
    /// Whether it has the person.
    holds: bool,
    /// The reason in one word, such as `in_segment` or `not_in_list`.
    code: String,
    /// Of a gate: the reason of whoever it takes out, as in the breakdown's waterfall.
    reason: Option<String>,
}
