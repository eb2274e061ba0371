//! What a rule selects, without saving it: count, sample, and what each node contributes.

use super::catalog::Catalog;
use super::order::rows_of_segments;
use super::stale::stale_fields;
use crate::block::Set;
use crate::cache::{self, Cache};
use crate::error::{Error, Result};
use crate::eval::{self, NodeCounts};
use crate::id::Row;
use crate::limits::SAMPLE_MAX;
use crate::plan::{SegmentRows, Warning, plan, plan_explained};
use crate::rule::CheckedRule;
use crate::table::{Profile, View};
use crate::time::Timestamp;

/// What a preview is to tell beside the count.
#[derive(Debug, Clone, Copy, Default)]
pub struct PreviewOptions {
    /// Members to show, at most [`SAMPLE_MAX`].
    pub sample: usize,
    /// Counts of every node.
    pub explain: bool,
}

/// What a rule selects.
#[derive(Debug, Clone)]
pub struct Preview {
    /// Profiles selected; exact.
    pub count: u64,
    /// Profiles there are.
    pub population: u64,
    /// The first members, in row order.
    pub sample: Vec<Profile>,
    /// Counts of every node in reading order, when asked for.
    pub nodes: Option<Vec<NodeCounts>>,
    /// What the caller should know.
    pub warnings: Vec<Warning>,
}

/// Previews a rule.
///
/// # Errors
/// `Invalid` when the sample is larger than [`SAMPLE_MAX`].
pub fn preview(
    rule: &CheckedRule,
    catalog: &Catalog,
    view: &View,
    now: Timestamp,
    options: PreviewOptions,
    kept: &Cache,
) -> Result<Preview> {
    if options.sample > SAMPLE_MAX {
        let message = format!("a preview shows at most {SAMPLE_MAX} members; page through the members instead");
        return Err(Error::invalid("/sample", "sample_too_large", message));
    }
    let segments = segments_of(rule, catalog, view, now, kept);
    let (count, mut warnings) = cache::count(rule, view, &segments, now, kept);
    warnings.extend(stale_fields(rule, view, now));
    let rows = match options.sample {
        0 => Vec::new(),
        limit => eval::first_rows(&plan(rule, view, &segments, now), limit),
    };
    let nodes = options.explain.then(|| {
        let (explained, plan) = plan_explained(rule, view, &segments, now);
        eval::explain(&explained, &plan)
    });
    Ok(Preview {
        count,
        population: view.live().len(),
        sample: rows.into_iter().map(|row| view.profile(Row(row))).collect(),
        nodes,
        warnings,
    })
}

/// The rows that a rule selects, which need not be saved, and what the caller should know.
pub fn rows(rule: &CheckedRule, catalog: &Catalog, view: &View, now: Timestamp, kept: &Cache) -> (Set, Vec<Warning>) {
    let segments = segments_of(rule, catalog, view, now, kept);
    let plan = plan(rule, view, &segments, now);
    (eval::rows(&plan), plan.warnings(view))
}

/// The rows of all segments that a checked rule refers to.
pub(crate) fn segments_of(
    rule: &CheckedRule,
    catalog: &Catalog,
    view: &View,
    now: Timestamp,
    kept: &Cache,
) -> SegmentRows {
    rows_of_segments(&rule.segments(), catalog, view, now, kept)
}
