//! The tree of a plan, and bringing a rule into its normal form.

use super::bind::{Binder, Bound};
use crate::index::Selection;
use crate::rule::{CheckedKind, CheckedNode, Match};

/// One node of a plan.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Node {
    /// No row.
    Nobody,
    /// Every live row.
    Everyone,
    /// The rows of a leaf, or all others.
    Leaf {
        /// Index into the plan's leaves.
        leaf: usize,
        /// Whether the others are meant.
        negated: bool,
    },
    /// Rows in all of at least two nodes, none of them an `And`.
    And(Vec<Node>),
    /// Rows in any of at least two nodes, none of them an `Or`.
    Or(Vec<Node>),
}

/// The normal form of a checked node, negated or not: De Morgan carries the negation down to the leaves.
pub(super) fn build<'v>(node: &'v CheckedNode, negated: bool, binder: &mut Binder<'v>) -> Node {
    match &node.kind {
        CheckedKind::Leaf { test, negated: own } => {
            let bound = binder.bind(test, &node.pointer);
            leaf(bound, negated != *own)
        }
        CheckedKind::Group { join, rules } => {
            let inner = negated != (*join == Match::None);
            let children = rules.iter().map(|rule| build(rule, inner, binder)).collect();
            // all is AND and none is AND of negations; under a negation each is the OR of its negated rules.
            if (*join == Match::Any) == negated { and(children) } else { or(children) }
        }
    }
}

/// A bound leaf as a node.
pub(super) fn leaf(bound: Bound, negated: bool) -> Node {
    match bound {
        Bound::Nobody if negated => Node::Everyone,
        Bound::Everyone if negated => Node::Nobody,
        Bound::Nobody => Node::Nobody,
        Bound::Everyone => Node::Everyone,
        Bound::One(leaf) => Node::Leaf { leaf, negated },
        Bound::Except(leaf, others) => {
            let others = others.into_iter().map(|leaf| Node::Leaf { leaf, negated: !negated });
            let children = std::iter::once(Node::Leaf { leaf, negated }).chain(others).collect();
            if negated { or(children) } else { and(children) }
        }
        Bound::All(leaves) => {
            let leaves = leaves.into_iter().map(|leaf| Node::Leaf { leaf, negated }).collect();
            if negated { or(leaves) } else { and(leaves) }
        }
    }
}

fn and(children: Vec<Node>) -> Node {
    let mut flat = Vec::with_capacity(children.len());
    for child in children {
        match child {
            Node::Nobody => return Node::Nobody,
            Node::Everyone => {}
            Node::And(inner) => flat.extend(inner),
            other => flat.push(other),
        }
    }
    match flat.len() {
        0 => Node::Everyone,
        1 => flat.remove(0),
        _ => Node::And(flat),
    }
}

fn or(children: Vec<Node>) -> Node {
    let mut flat = Vec::with_capacity(children.len());
    for child in children {
        match child {
            Node::Everyone => return Node::Everyone,
            Node::Nobody => {}
            Node::Or(inner) => flat.extend(inner),
            other => flat.push(other),
        }
    }
    match flat.len() {
        0 => Node::Nobody,
        1 => flat.remove(0),
        _ => Node::Or(flat),
    }
}

/// Puts the children of every group into the order of evaluation: under AND the fewest rows first, so that a block is
/// given up early; under OR the most first, so that it is full early.
pub(super) fn order(node: &mut Node, leaves: &[Selection<'_>], live: u64) {
    match node {
        Node::And(children) => {
            children.iter_mut().for_each(|child| order(child, leaves, live));
            children.sort_by_cached_key(|child| at_most(child, leaves, live));
        }
        Node::Or(children) => {
            children.iter_mut().for_each(|child| order(child, leaves, live));
            children.sort_by_cached_key(|child| std::cmp::Reverse(at_most(child, leaves, live)));
        }
        Node::Nobody | Node::Everyone | Node::Leaf { .. } => {}
    }
}

/// How many rows a node selects at most.
fn at_most(node: &Node, leaves: &[Selection<'_>], live: u64) -> u64 {
    match node {
        Node::Nobody => 0,
        Node::Everyone => live,
        Node::Leaf { leaf, negated: false } => leaves[*leaf].at_most(),
        Node::Leaf { leaf, negated: true } => leaves[*leaf].rows().map_or(live, |rows| live.saturating_sub(rows.len())),
        Node::And(children) => children.iter().map(|child| at_most(child, leaves, live)).min().unwrap_or(live),
        Node::Or(children) => children.iter().map(|child| at_most(child, leaves, live)).sum::<u64>().min(live),
    }
}
