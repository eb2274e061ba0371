//! A conjunction with a tiny leading leaf: its rows are asked one by one, and no block is looked at.

use crate::id::Row;
use crate::plan::{Node, Plan};

/// Rows of the leading leaf up to which asking each is cheaper than a pass over the directories of all blocks.
const MEMBERS_MAX: u64 = 256;

/// The rows that the plan selects, ascending, when its tree is led by a tiny leaf that lies ready as a set.
pub(super) fn rows(plan: &Plan<'_>) -> Option<Vec<u32>> {
    let (first, rest) = match &plan.root {
        Node::Group { children, negated: false } => children.split_first()?,
        leaf => (leaf, &[][..]),
    };
    let Node::Leaf { leaf, negated: false } = first else { return None };
    let leading = plan.leaves[*leaf].rows().filter(|rows| rows.len() <= MEMBERS_MAX)?;
    Some(leading.rows().filter(|row| rest.iter().all(|node| selects(node, plan, *row))).collect())
}

/// Whether a node selects a row.
pub(super) fn selects(node: &Node, plan: &Plan<'_>, row: u32) -> bool {
    match node {
        Node::Nobody => false,
        Node::Everyone => true,
        Node::Leaf { leaf, negated } => plan.leaves[*leaf].contains(row) != *negated,
        Node::Score { score, negated } => {
            let planned = &plan.scores[*score];
            let terms = planned.terms.iter().filter(|term| selects(&term.node, plan, row));
            let sum = planned.base + terms.map(|term| i64::from(term.weight)).sum::<i64>();
            planned.score.admits(sum, || planned.view.id_hash(Row(row))) != *negated
        }
        Node::Group { children, negated } => children.iter().all(|child| selects(child, plan, row)) != *negated,
    }
}
