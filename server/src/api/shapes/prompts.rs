//! Questions in everyday words.

use serde::Serialize;
use serde_json::Value as Json;
use utoipa::ToSchema;

/// A question.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct PromptRequest {
    /// In everyday English.
    #[schema(example = "Show me people who haven't visited in 5 months but spent more than 5000 rupees")]
    prompt: String,
    /// The instant to count for, RFC 3339; the server's clock when left out.
    now: Option<String>,
}

/// A question as far as it was understood.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct PromptAnswer {
    /// As it was asked.
    prompt: String,
    /// The rule; none when nothing was understood.
    #[schema(value_type = Option<Object>)]
    criteria: Option<Json>,
    /// The same as text.
    text: Option<String>,
    /// Profiles that it selects.
    count: Option<u64>,
    /// Whether every word was understood or says nothing.
    is_complete: bool,
    /// Parts, or single words, that were not understood and are not in the rule.
    not_understood: Vec<String>,
    /// Each part with the test that it became, notes, and its words that were not understood.
    #[schema(value_type = Vec<Object>)]
    parts: Vec<Json>,
    /// Profiles there are.
    population: u64,
    /// Version of the data.
    data_version: u64,
    /// The instant.
    now: String,
    /// Microseconds to the answer.
    took_us: u64,
}
