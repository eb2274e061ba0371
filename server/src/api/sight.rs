//! What the caller may not see or ask: refusals of rules that would tell it, and the masks of what others saved.
//!
//! A count answers a question: whoever may not see a personal field may not ask about it either, and whoever may only
//! count may not ask about single ids. Segments that others saved may be named all the same: what they ask was decided by
//! somebody who may.

use axum::http::StatusCode;
use muster_engine::rule::{CheckedRule, LeafTest, Rule};
use muster_engine::schema::{Schema, normalize};
use serde_json::{Map, Value as Json, json};

use super::error::ApiError;
use crate::access::{hidden_fields, is_hidden, may_read_people};

/// Why the caller may not ask a rule; none when they may.
pub(super) fn refusal(rule: &CheckedRule, schema: &Schema) -> Option<ApiError> {
    if let Some(hidden) = hidden_fields() {
        let named = rule.fields().into_iter().map(|id| &*schema.field(id).name).find(|name| hidden.contains(*name));
        if let Some(name) = named {
            return Some(personal(name));
        }
    }
    let asks_for_ids = |test: &LeafTest| matches!(test, LeafTest::Ids { .. });
    (!may_read_people() && rule.leaves().any(asks_for_ids)).then(ids)
}

/// Refuses what names a personal field.
pub(super) fn personal(name: &str) -> ApiError {
    let message =
        format!("\"{name}\" is a personal field, and this key has not the right to see it or to ask about it");
    ApiError::new(StatusCode::FORBIDDEN, "personal_field", message)
}

/// Refuses what names single people.
pub(super) fn ids() -> ApiError {
    let message = "this names single people, which needs the right to read them; this key may only count";
    ApiError::new(StatusCode::FORBIDDEN, "missing_right", message)
}

/// Whether a rule says something of a field that the caller may not see.
pub(super) fn is_masked(rule: &Rule) -> bool {
    hidden_fields().is_some() && rule.tests().any(|test| is_hidden(&normalize(&test.field)))
}

/// Blanks parts of an answer, and says which.
pub(super) fn mask(body: &mut Map<String, Json>, keys: &[&str]) {
    for key in keys {
        body.insert((*key).to_owned(), Json::Null);
    }
    body.insert("masked".into(), json!(keys));
}
