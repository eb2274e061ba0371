//! The tree of a plan, and bringing a rule into its normal form.
//!
//! There is one kind of group, the intersection; a union is the complement of the intersection of complements. So
//! evaluation is one algorithm, and what ends an intersection early (no row left) ends a union early as well (every row
//! found).

use super::bind::{Binder, Bound};
use crate::rule::{CheckedKind, CheckedNode, Match};

/// One node of a plan.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Node {
    /// No row.
    Nobody,
    /// Every row; as the root of a plan it has become the leaf of the live ones.
    Everyone,
    /// The rows of a leaf, or all others.
    Leaf {
        /// Index into the plan's leaves.
        leaf: usize,
        /// Whether the others are meant.
        negated: bool,
    },
    /// The rows whose score is high enough, or all others.
    Score {
        /// Index into the plan's scores.
        score: usize,
        /// Whether the others are meant.
        negated: bool,
    },
    /// The rows in all of at least two nodes, or all others. A child that is itself a group is a negated one.
    Group {
        /// What is intersected.
        children: Vec<Node>,
        /// Whether the others are meant.
        negated: bool,
    },
}

impl Node {
    /// All rows that are not in the node.
    #[must_use]
    pub(super) fn complement(self) -> Self {
        match self {
            Self::Nobody => Self::Everyone,
            Self::Everyone => Self::Nobody,
            Self::Leaf { leaf, negated } => Self::Leaf { leaf, negated: !negated },
            Self::Score { score, negated } => Self::Score { score, negated: !negated },
            Self::Group { children, negated } => Self::Group { children, negated: !negated },
        }
    }

    /// Whether a node selects rows of profiles only: indexes hold no others, complements do.
    fn is_within_live(&self) -> bool {
        match self {
            Self::Nobody => true,
            // What speaks against a person is missing where there is nobody.
            Self::Everyone | Self::Score { .. } => false,
            Self::Leaf { negated, .. } => !negated,
            Self::Group { children, negated: false } => children.iter().any(Self::is_within_live),
            Self::Group { children, negated: true } => {
                children.iter().all(|child| child.clone().complement().is_within_live())
            }
        }
    }
}

/// The normal form of a checked node, negated or not.
pub(super) fn build<'v>(node: &'v CheckedNode, negated: bool, binder: &mut Binder<'v, '_>) -> Node {
    if let Some(known) = binder.known(node) {
        return leaf(known, negated);
    }
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
    let all = |children: Vec<Node>| if negated { and(children).complement() } else { and(children) };
    match bound {
        Bound::Nobody if negated => Node::Everyone,
        Bound::Everyone if negated => Node::Nobody,
        Bound::Nobody => Node::Nobody,
        Bound::Everyone => Node::Everyone,
        Bound::One(leaf) => Node::Leaf { leaf, negated },
        Bound::Score(score) => Node::Score { score, negated },
        Bound::Others(leaf) => Node::Leaf { leaf, negated: !negated },
        Bound::Except(leaf, others) => {
            all(vec![Node::Leaf { leaf, negated: false }, Node::Leaf { leaf: others, negated: true }])
        }
        Bound::All(leaves) => all(leaves.into_iter().map(|leaf| Node::Leaf { leaf, negated: false }).collect()),
    }
}

fn and(children: Vec<Node>) -> Node {
    let mut flat = Vec::with_capacity(children.len());
    for child in children {
        match child {
            Node::Nobody => return Node::Nobody,
            Node::Everyone => {}
            Node::Group { children, negated: false } => flat.extend(children),
            other => flat.push(other),
        }
    }
    match flat.len() {
        0 => Node::Everyone,
        1 => flat.remove(0),
        _ => Node::Group { children: flat, negated: false },
    }
}

fn or(children: Vec<Node>) -> Node {
    and(children.into_iter().map(Node::complement).collect()).complement()
}

/// The node intersected with the live rows, which are `leaf`, unless it selects no others.
pub(super) fn within_live(node: Node, leaf: impl FnOnce() -> usize) -> Node {
    if node.is_within_live() {
        return node;
    }
    and(vec![node, Node::Leaf { leaf: leaf(), negated: false }])
}
