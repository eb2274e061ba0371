//! Look-alike segments.

use serde::Serialize;
use serde_json::Value as Json;
use utoipa::ToSchema;

use super::values::NameOrId;

/// Whom to look for.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct LookalikeRequest {
    /// The segment whose people others are to be like, by name or id. `source_segment_id` is understood as well.
    #[schema(value_type = NameOrId)]
    source: Json,
    /// So many people, those most alike; this, `share` or `min_similarity`.
    size: Option<u64>,
    /// So large a share of all people, 0 to 1.
    share: Option<f64>,
    /// Whoever is so similar, 0 to 1.
    min_similarity: Option<f64>,
    /// The fields that may count; all that are fit and do not define the source when left out.
    fields: Option<Vec<String>>,
    /// Whether the people of the source are in as well, on top of the size.
    include_source: Option<bool>,
    /// The instant to evaluate the source for, RFC 3339; the server's clock when left out.
    now: Option<String>,
}

/// A model and what it is worth.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct LookalikePreviewAnswer {
    /// Look-alikes.
    count: u64,
    /// The model as it would be saved.
    lookalike: ModelAnswer,
    /// The fields that count: how much each tells by itself, and which share of that counts beside the others.
    #[schema(value_type = Vec<Object>)]
    fields: Vec<Json>,
    /// The fields that do not, each with a `code` and `why`.
    #[schema(value_type = Vec<Object>)]
    skipped: Vec<Json>,
    /// How the same training on four fifths of the source ranks the other fifth among everybody else: `recovered` among
    /// the `size` with the highest scores, beside `by_chance`, the `lift` over it, and the area under the curve, `auc`.
    /// None where these are too few.
    #[schema(value_type = Option<Object>)]
    hold_out: Option<Json>,
    /// People at which `similarity` or a higher one, the most similar first.
    #[schema(value_type = Vec<Object>)]
    reach: Vec<Json>,
    /// People there are.
    population: u64,
    /// Version of the data.
    data_version: u64,
    /// The instant.
    now: String,
    /// Microseconds to the answer.
    took_us: u64,
}

/// What a look-alike segment holds.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct ModelAnswer {
    /// `id` and `name` of the source.
    #[schema(value_type = Object)]
    source: Json,
    /// What was asked for: one of `size`, `share` and `min_similarity`.
    size: Option<u64>,
    share: Option<f64>,
    min_similarity: Option<f64>,
    /// The fields that were allowed to count; none for all.
    fields: Option<Vec<String>>,
    /// Whether the people of the source are in as well.
    include_source: bool,
    /// The least score that is in.
    at_least: i64,
    /// How similar that is, 0 to 1.
    similarity: f64,
    /// When it was trained.
    trained_at: String,
    /// On which version of the data.
    data_version: u64,
    /// With which version of the source.
    source_version: u64,
    /// People of the source then.
    source_count: u64,
    /// Look-alikes then; who is in follows people's fields, so the size drifts until the segment is refreshed.
    trained_count: u64,
    /// Traits: `text`, points as `weight`, the shares of the source and of others that have it, and the `lift`.
    #[schema(value_type = Vec<Object>)]
    features: Vec<Json>,
}
