//! Rules that were saved, checked again by whoever reads them back.

use std::collections::BTreeSet;

use super::ast::Rule;
use super::check::check;
use super::checked::CheckedRule;
use super::renamed::with_id_by_its_name;
use super::segments::SegmentNames;
use super::vocabulary::Vocabulary;
use crate::error::Problem;
use crate::id::SegmentId;

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
pub fn check_saved<'s>(
    rule: &Rule,
    schema: impl Into<Vocabulary<'s>>,
    segments: &BTreeSet<SegmentId>,
) -> Result<CheckedRule, Vec<Problem>> {
    let schema = schema.into();
    check(&with_id_by_its_name(rule, schema.fields), schema, &Ids(segments))
}
