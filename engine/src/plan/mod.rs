//! CheckedRule x View -> [`Plan`]: what to read, in which order.
//!
//! A plan is in normal form: groups are intersections and flat, negation is a flag, constants are folded away, and the
//! children of a group stand in the order in which they are evaluated. It borrows the view it was made for, so it can
//! never meet other data.
//!
//! Not here: reading anything (`eval`), and which rows a segment has (the caller brings them).

mod bind;
mod boundary;
mod event_boundary;
mod explain;
mod node;
mod order;
mod score;
mod warning;
mod window;

pub use boundary::{Boundary, boundaries};
pub use explain::{Explained, ExplainedKind};
pub use node::Node;
pub use score::{PlannedScore, PlannedTerm};
pub use warning::Warning;
pub use window::window_keys;

use std::collections::HashMap;
use std::sync::{Arc, LazyLock};

use crate::block::Set;
use crate::id::SegmentId;
use crate::index::Selection;
use crate::patience::Patience;
use crate::rule::{CheckedNode, CheckedRule};
use crate::table::View;
use crate::time::Timestamp;

/// The rows of the segments that a rule refers to, at the same view and `now`.
pub type SegmentRows = HashMap<SegmentId, Arc<Set>>;

/// What to evaluate.
#[derive(Debug)]
pub struct Plan<'v> {
    /// The profiles that are counted.
    pub live: &'v Set,
    /// Blocks to look at.
    pub block_count: u32,
    /// The tree; it selects live rows only.
    pub root: Node,
    /// What the tree's leaves select.
    pub leaves: Vec<Selection<'v>>,
    /// What is added up where the tree has a score.
    pub scores: Vec<PlannedScore<'v>>,
    /// Of whoever waits for what it selects.
    pub(crate) patience: Patience,
    /// Words that nobody has, for [`Plan::warnings`].
    unknown: Vec<warning::UnknownWord>,
}

/// Plans a rule.
pub fn plan<'v>(rule: &'v CheckedRule, view: &'v View, segments: &'v SegmentRows, now: Timestamp) -> Plan<'v> {
    plan_with(rule, view, segments, now, &[])
}

/// Plans a rule of which some nodes' rows are known.
pub fn plan_with<'v>(
    rule: &'v CheckedRule,
    view: &'v View,
    segments: &'v SegmentRows,
    now: Timestamp,
    known: &[(&'v CheckedNode, &'v Set)],
) -> Plan<'v> {
    build(&rule.root, view, bind::Binder::new(view, segments, now).knowing(known))
}

/// Plans a part of a rule that refers to no segment.
pub fn plan_part<'v>(node: &'v CheckedNode, view: &'v View, now: Timestamp) -> Plan<'v> {
    static NONE: LazyLock<SegmentRows> = LazyLock::new(SegmentRows::new);
    build(node, view, bind::Binder::new(view, &NONE, now))
}

fn build<'v>(node: &'v CheckedNode, view: &'v View, mut binder: bind::Binder<'v, '_>) -> Plan<'v> {
    let root = node::build(node, false, &mut binder);
    let mut root = node::within_live(root, || binder.live());
    order::Order { leaves: &binder.leaves, rows: view.live().len().max(1) as f64 }.apply(&mut root);
    let (leaves, scores, unknown) = (binder.leaves, binder.scores, binder.unknown);
    let (live, block_count, patience) = (view.live(), view.block_count(), Patience::current());
    Plan { live, block_count, root, leaves, scores, patience, unknown }
}

/// Binds a rule for [`crate::eval::explain`]: every node of the rule as it was written, none folded away.
pub fn plan_explained<'v>(
    rule: &'v CheckedRule,
    view: &'v View,
    segments: &'v SegmentRows,
    now: Timestamp,
) -> (Explained<'v>, Plan<'v>) {
    let mut binder = bind::Binder::new(view, segments, now);
    let root: &'v CheckedNode = &rule.root;
    let explained = explain::build(root, &mut binder);
    let plan = Plan {
        live: view.live(),
        block_count: view.block_count(),
        root: Node::Everyone,
        leaves: binder.leaves,
        scores: binder.scores,
        patience: Patience::current(),
        unknown: binder.unknown,
    };
    (explained, plan)
}
