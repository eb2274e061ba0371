//! How a field's values are spread.

use super::values::NameOrId;
use serde::Serialize;
use serde_json::Value as Json;
use utoipa::ToSchema;

use super::profiles::Remark;

/// What to tell of a field, and of whom: of everybody, or of those whom a rule, a segment or an audience selects.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct DistributionRequest {
    /// A rule tree; this, `text`, `segment`, `audience` or none of them.
    #[schema(value_type = Option<Object>)]
    criteria: Option<Json>,
    /// A rule as text.
    #[schema(example = "email_consent is true")]
    text: Option<String>,
    /// A segment by id or name.
    #[schema(value_type = Option<NameOrId>)]
    segment: Option<Json>,
    /// An audience by id or name.
    #[schema(value_type = Option<NameOrId>)]
    audience: Option<Json>,
    /// The instant to evaluate for, RFC 3339; the server's clock when left out.
    now: Option<String>,
    /// Percentiles of ordered fields: numbers from 0 to 100 with at most 4 digits after the point, at most 101 of them.
    #[schema(example = json!([5, 50, 95]))]
    percentiles: Option<Vec<f64>>,
    /// A histogram of at most so many bins, 1 to 1,000, of a width that reads well; this or `bounds`.
    #[schema(example = 20)]
    bins: Option<u32>,
    /// A histogram with these bounds, ascending values of the field, at most 1,000.
    #[schema(value_type = Option<Vec<Value>>)]
    bounds: Option<Vec<Json>>,
    /// So many of the most frequent values, 0 to 1,000, and how many different ones there are.
    top: Option<u32>,
}

/// How a field's values are spread; counts only. Always present + missing = count, and bins add up to `present`.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct DistributionAnswer {
    /// The field.
    field: String,
    /// Its type.
    #[serde(rename = "type")]
    kind: String,
    /// Profiles asked about.
    count: u64,
    /// Those of them that have a value.
    present: u64,
    /// Those of them that have none.
    missing: u64,
    /// Least value, of ordered fields.
    #[schema(value_type = Option<Value>)]
    min: Option<Json>,
    /// Greatest value, of ordered fields.
    #[schema(value_type = Option<Value>)]
    max: Option<Json>,
    /// The percentiles asked for, by nearest rank: the least value that so many percent do not exceed.
    percentiles: Option<Vec<PercentileAnswer>>,
    /// The histogram asked for.
    bins: Option<Vec<BinAnswer>>,
    /// With `top`: different values, of sets different members.
    distinct: Option<u64>,
    /// With `top`: the most frequent values, of sets members, with their profiles; equal ones in order of value.
    top: Option<Vec<ValueCount>>,
    /// With `top`: profiles of all other values; with sets once for each such member.
    others: Option<u64>,
    /// Profiles there are.
    population: u64,
    /// Version of the data that was counted.
    data_version: u64,
    /// The instant for which it was counted.
    now: String,
    /// Microseconds to the answer.
    took_us: u64,
    /// Remarks about the rule.
    warnings: Vec<Remark>,
}

/// A percentile.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct PercentileAnswer {
    /// As the request named it.
    percentile: f64,
    /// The value; `null` where no profile has one.
    #[schema(value_type = Option<Value>)]
    value: Option<Json>,
}

/// A bin of a histogram.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct BinAnswer {
    /// The least value that belongs here; `null` for everything below `to`.
    #[schema(value_type = Option<Value>)]
    from: Option<Json>,
    /// The least value that no longer belongs here; `null` for everything from `from` on.
    #[schema(value_type = Option<Value>)]
    to: Option<Json>,
    /// Profiles.
    count: u64,
}

/// A value and how often it occurs.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct ValueCount {
    /// The value, or a member of a set.
    #[schema(value_type = Value)]
    value: Json,
    /// Profiles.
    count: u64,
}
