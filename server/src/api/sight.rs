//! What the caller may not see or ask: refusals of rules that would tell it, and the masks of what others saved.
//!
//! A count answers a question: whoever may not see a personal field may not ask about it either, and whoever may only
//! count may not ask about single ids. Segments that others saved may be named all the same: what they ask was decided by
//! somebody who may. A property of events is personal where a field of its name is.

use axum::http::StatusCode;
use muster_engine::audience::Definition;
use muster_engine::rule::{CheckedRule, LeafTest, Rule};
use muster_engine::schema::{Schema, normalize};
use serde_json::{Map, Value as Json, json};

use super::error::ApiError;
use crate::access::{hidden_fields, may_read_people};

/// Why the caller may not ask a rule, as it was written and checked; none when they may.
pub(super) fn refusal(rule: &Rule, checked: &CheckedRule) -> Option<ApiError> {
    if let Some(name) = hidden_of(rule.tested()) {
        return Some(personal(&name));
    }
    let asks_for_ids = |test: &LeafTest| matches!(test, LeafTest::Ids { .. });
    (!may_read_people() && checked.leaves().any(asks_for_ids)).then(ids)
}

/// The first of some names, as they were written, that is of a field which the caller may not see.
pub(super) fn hidden_of<'n>(names: impl IntoIterator<Item = &'n str>) -> Option<String> {
    let hidden = hidden_fields()?;
    names.into_iter().map(normalize).find(|name| hidden.contains(&**name)).map(Into::into)
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

/// Whether a rule says something that the caller may not see: of a personal field, or which ids it names.
pub(super) fn is_masked(rule: &Rule, schema: &Schema) -> bool {
    let names_ids = || rule.tests().any(|test| schema.is_id(&normalize(&test.field)));
    hidden_of(rule.tested()).is_some() || (!may_read_people() && names_ids())
}

/// Takes the ids out of an answer that shows a definition, if the caller may not read people.
pub(super) fn mask_ids(body: &mut Map<String, Json>, definition: &Definition) {
    if may_read_people() {
        return;
    }
    let included = definition.include_customers.is_some().then_some("include_customers");
    let excluded = (!definition.exclude_customers.is_empty()).then_some("exclude_customers");
    let named: Vec<&str> = included.into_iter().chain(excluded).collect();
    if !named.is_empty() {
        mask(body, &named);
    }
}

/// Blanks parts of an answer, and says which.
pub(super) fn mask(body: &mut Map<String, Json>, keys: &[&str]) {
    for key in keys {
        body.insert((*key).to_owned(), Json::Null);
    }
    body.insert("masked".into(), json!(keys));
}
