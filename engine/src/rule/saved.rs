//! Rules that were saved, checked again by whoever reads them back.

use std::collections::BTreeSet;

use super::ast::{Rule, Test};
use super::check::check;
use super::checked::CheckedRule;
use super::segments::SegmentNames;
use crate::error::Problem;
use crate::id::SegmentId;
use crate::schema::{Schema, normalize};

/// The segments that there are, before any of them is one: rules name each other by id.
struct Ids<'i>(&'i BTreeSet<SegmentId>);

impl SegmentNames for Ids<'_> {
    fn find(&self, _: &str) -> Option<SegmentId> {
        None
    }

    fn by_id(&self, id: SegmentId) -> bool {
        self.0.contains(&id)
    }

    fn nearest(&self, _: &str) -> Vec<String> {
        Vec::new()
    }
}

/// Checks a rule that was good when it was saved, before any of the segments that it may name, by id, is one.
///
/// # Errors
/// Every mistake, when it was not saved for this schema and these segments.
pub fn check_saved(rule: &Rule, schema: &Schema, segments: &BTreeSet<SegmentId>) -> Result<CheckedRule, Vec<Problem>> {
    // What no field is called is what the id was called when the rule was written (`tenant::next::keep_id_tests`).
    let is_id = |test: &Test| schema.find(&normalize(&test.field)).is_none().then(|| Schema::ID.to_owned());
    check(&rule.with_fields(&is_id), schema, &Ids(segments))
}
