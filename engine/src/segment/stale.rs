//! Which computed fields of a rule are as of another instant than the rule is asked for.

use crate::plan::Warning;
use crate::rule::{CheckedKind, CheckedRule};
use crate::table::View;
use crate::time::Timestamp;

/// Microseconds between the two that are worth a remark: servers bring fields up to date every hour, and take a while.
const UNREMARKED_US: i64 = 2 * 3_600 * 1_000_000;

/// A remark for each test of a field that time alone changes, when it is as of another instant than `now`.
pub(super) fn stale_fields(rule: &CheckedRule, view: &View, now: Timestamp) -> Vec<Warning> {
    let enrichment = view.enrichment();
    if enrichment.instant().0.abs_diff(now.0) <= UNREMARKED_US.unsigned_abs() || !enrichment.is_moving() {
        return Vec::new();
    }
    let mut found = Vec::new();
    let mut open = vec![&rule.root];
    while let Some(node) = open.pop() {
        match &node.kind {
            CheckedKind::Group { rules, .. } => open.extend(rules.iter().rev()),
            CheckedKind::Leaf { test, .. } => {
                let field = test.field().filter(|field| enrichment.find(*field).is_some_and(|known| known.is_moving));
                found.extend(field.map(|field| Warning {
                    pointer: format!("{}/field", node.pointer),
                    code: "computed_at_another_time",
                    message: format!(
                        "\"{}\" is as of {}, not of the instant that was asked for; POST /api/profiles/rebuild brings it \
                         up to now",
                        view.schema().field(field).name,
                        enrichment.instant()
                    ),
                    suggestions: Vec::new(),
                }));
            }
        }
    }
    found
}
