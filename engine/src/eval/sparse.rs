//! Few rows: a list that every further node thins out, instead of words.
//!
//! A conjunction whose first child has few rows in a block asks the others about those rows alone.

use super::block::Scratch;
use super::bound::Bound;
use crate::block::{Container, join};
use crate::index::{Part, Selection};
use crate::plan::Node;

/// Rows up to which asking row by row is cheaper than reading another eight kilobytes.
pub(super) const SPARSE_ROWS_MAX: usize = 512;

/// The rows of the first child, when it is a leaf that has few in this block.
pub(super) fn start(first: &Node, bound: &Bound<'_>, block: u32, scratch: &mut Scratch) -> Option<Vec<u16>> {
    let Node::Leaf { leaf, negated: false } = first else { return None };
    let part = bound.part(*leaf, block);
    if part.cardinality().is_none_or(|rows| rows > SPARSE_ROWS_MAX) {
        return None;
    }
    let mut list = scratch.take_list();
    match part {
        Part::Rows(container) => {
            container.visit(|offset| {
                list.push(offset);
                true
            });
        }
        Part::Range(range) => list.extend_from_slice(range.slice()),
        Part::Empty | Part::Full | Part::Unread => {}
    }
    Some(list)
}

/// Keeps the rows that all nodes select.
pub(super) fn retain_all(nodes: &[Node], bound: &Bound<'_>, block: u32, list: &mut Vec<u16>, scratch: &mut Scratch) {
    for node in nodes {
        if list.is_empty() {
            return;
        }
        retain(node, bound, block, list, scratch);
    }
}

fn retain(node: &Node, bound: &Bound<'_>, block: u32, list: &mut Vec<u16>, scratch: &mut Scratch) {
    match node {
        Node::Nobody => list.clear(),
        Node::Everyone => {}
        Node::Leaf { leaf, negated } => {
            let wanted = !negated;
            match bound.part(*leaf, block) {
                Part::Empty if wanted => list.clear(),
                Part::Full if *negated => list.clear(),
                Part::Empty | Part::Full => {}
                Part::Rows(Container::Bits { words, .. }) => list.retain(|offset| words.contains(*offset) == wanted),
                Part::Rows(container) => list.retain(|offset| container.contains(*offset) == wanted),
                Part::Range(range) => list.retain(|offset| range.contains(*offset) == wanted),
                Part::Unread => {
                    let selection = &bound.plan.leaves[*leaf];
                    if let Selection::Union(_) = selection {
                        // Many sets: put together once, they are cheaper to ask than one after the other for each row.
                        let mut words = scratch.take();
                        selection.read_to(block, &mut words);
                        list.retain(|offset| words.contains(*offset) == wanted);
                        scratch.give_back(words);
                    } else {
                        list.retain(|offset| selection.contains(join(block, *offset)) == wanted);
                    }
                }
            }
        }
        Node::And(children) => retain_all(children, bound, block, list, scratch),
        Node::Or(children) => retain_any(children, bound, block, list, scratch),
    }
}

/// Keeps the rows that any node selects: each node is asked about those that none before it selected.
fn retain_any(nodes: &[Node], bound: &Bound<'_>, block: u32, list: &mut Vec<u16>, scratch: &mut Scratch) {
    let mut found = scratch.take();
    found.0.fill(0);
    let mut open = scratch.take_list();
    let mut asked = scratch.take_list();
    open.extend_from_slice(list);
    for node in nodes {
        asked.clear();
        asked.extend_from_slice(&open);
        retain(node, bound, block, &mut asked, scratch);
        asked.iter().for_each(|offset| found.insert(*offset));
        open.retain(|offset| !found.contains(*offset));
        if open.is_empty() {
            break;
        }
    }
    list.retain(|offset| found.contains(*offset));
    scratch.give_back_list(asked);
    scratch.give_back_list(open);
    scratch.give_back(found);
}
