//! A rule bound node by node, for whoever asks what each node contributes.

use super::bind::{Binder, Bound};
use super::node::{Node, leaf};
use crate::rule::{CheckedKind, CheckedNode, Match};

/// One node of a rule as it was written.
#[derive(Debug)]
pub struct Explained<'v> {
    /// JSON pointer into the rule.
    pub pointer: &'v str,
    /// Profiles without a value of the field that a leaf tests.
    pub missing: u64,
    /// Group or leaf.
    pub kind: ExplainedKind<'v>,
}

/// Group or leaf.
#[derive(Debug)]
pub enum ExplainedKind<'v> {
    /// A leaf as a small plan over the plan's leaves.
    Leaf(Node),
    /// A group.
    Group {
        /// How it joins.
        join: Match,
        /// What it joins, at least one.
        rules: Vec<Explained<'v>>,
    },
}

pub(super) fn build<'v>(node: &'v CheckedNode, binder: &mut Binder<'v, '_>) -> Explained<'v> {
    let (missing, kind) = match &node.kind {
        CheckedKind::Leaf { test, negated } => {
            let bound: Bound = binder.bind(test, &node.pointer);
            (binder.missing(test), ExplainedKind::Leaf(leaf(bound, *negated)))
        }
        CheckedKind::Group { join, rules } => {
            (0, ExplainedKind::Group { join: *join, rules: rules.iter().map(|rule| build(rule, binder)).collect() })
        }
    };
    Explained { pointer: &node.pointer, missing, kind }
}
