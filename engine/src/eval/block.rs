//! One block through the whole tree.

use super::bound::Bound;
use super::sparse::{self, SPARSE_ROWS_MAX};
use crate::block::{Container, Words};
use crate::index::Part;
use crate::plan::Node;

/// What is known of a result without looking at its words.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Shape {
    /// No row; the words mean nothing.
    Empty,
    /// Every row; the words mean nothing.
    Full,
    /// The words say which.
    Mixed,
}

impl Shape {
    fn negated(self, negated: bool) -> Self {
        match (self, negated) {
            (Self::Empty, true) => Self::Full,
            (Self::Full, true) => Self::Empty,
            (shape, _) => shape,
        }
    }
}

/// Buffers that are lent to nodes and come back: nothing is allocated once every depth has been visited.
#[derive(Debug, Default)]
pub(super) struct Scratch {
    words: Vec<Box<Words>>,
    lists: Vec<Vec<u16>>,
}

impl Scratch {
    pub(super) fn take(&mut self) -> Box<Words> {
        self.words.pop().unwrap_or_else(Words::boxed)
    }

    pub(super) fn give_back(&mut self, words: Box<Words>) {
        self.words.push(words);
    }

    pub(super) fn take_list(&mut self) -> Vec<u16> {
        self.lists.pop().unwrap_or_else(|| Vec::with_capacity(SPARSE_ROWS_MAX))
    }

    pub(super) fn give_back_list(&mut self, mut list: Vec<u16>) {
        list.clear();
        self.lists.push(list);
    }
}

/// How many rows of a block the tree selects, live or not.
pub(super) fn count(node: &Node, bound: &Bound<'_>, block: u32, scratch: &mut Scratch) -> u32 {
    if let Some(count) = count_known(node, bound, block) {
        return count;
    }
    let mut out = scratch.take();
    let count = match node {
        Node::And(children) => conjunction_count(children, bound, block, &mut out, scratch),
        _ => match evaluate(node, bound, block, &mut out, scratch) {
            Shape::Empty => 0,
            Shape::Full => crate::block::BLOCK_ROWS as u32,
            Shape::Mixed => out.count(),
        },
    };
    scratch.give_back(out);
    count
}

/// The count when the directories alone tell it.
fn count_known(node: &Node, bound: &Bound<'_>, block: u32) -> Option<u32> {
    let whole = crate::block::BLOCK_ROWS;
    match node {
        Node::Nobody => Some(0),
        Node::Everyone => Some(whole as u32),
        Node::Leaf { leaf, negated } => {
            let rows = bound.part(*leaf, block).cardinality()?;
            Some(if *negated { whole - rows } else { rows } as u32)
        }
        Node::And(_) | Node::Or(_) => None,
    }
}

/// Counts a conjunction: its last step counts instead of writing.
fn conjunction_count(children: &[Node], bound: &Bound<'_>, block: u32, out: &mut Words, scratch: &mut Scratch) -> u32 {
    if known(&children[0], bound, block) == Some(Shape::Empty) {
        return 0;
    }
    if let Some(mut list) = sparse::start(&children[0], bound, block, scratch) {
        sparse::retain_all(&children[1..], bound, block, &mut list, scratch);
        let count = list.len() as u32;
        scratch.give_back_list(list);
        return count;
    }
    // Directories before payloads: one empty child spares them all.
    if children.iter().any(|child| known(child, bound, block) == Some(Shape::Empty)) {
        return 0;
    }
    let last = children.iter().rposition(|child| known(child, bound, block) != Some(Shape::Full));
    let Some(last) = last else { return crate::block::BLOCK_ROWS as u32 };
    match conjunction(&children[..last], bound, block, out, scratch) {
        Shape::Empty => 0,
        Shape::Full => count(&children[last], bound, block, scratch),
        Shape::Mixed => and_count(&children[last], bound, block, out, scratch),
    }
}

/// How many rows of `out` a node selects as well.
fn and_count(node: &Node, bound: &Bound<'_>, block: u32, out: &mut Words, scratch: &mut Scratch) -> u32 {
    if let Node::Leaf { leaf, negated } = node {
        match bound.part(*leaf, block) {
            Part::Rows(Container::Bits { words, .. }) if *negated => return out.and_not_count(words),
            Part::Rows(Container::Bits { words, .. }) => return out.and_count(words),
            Part::Rows(Container::Array(offsets)) => {
                let both = offsets.iter().map(|offset| u32::from(out.contains(*offset))).sum();
                return if *negated { out.count() - both } else { both };
            }
            _ => {}
        }
    }
    let mut mine = scratch.take();
    let count = match evaluate(node, bound, block, &mut mine, scratch) {
        Shape::Empty => 0,
        Shape::Full => out.count(),
        Shape::Mixed => out.and_count(&mine),
    };
    scratch.give_back(mine);
    count
}

/// Evaluates a node over one block into `out`; live rows or not is the caller's business.
pub(super) fn evaluate(node: &Node, bound: &Bound<'_>, block: u32, out: &mut Words, scratch: &mut Scratch) -> Shape {
    match node {
        Node::Nobody => Shape::Empty,
        Node::Everyone => Shape::Full,
        Node::Leaf { leaf, negated } => {
            match bound.part(*leaf, block) {
                Part::Empty => return Shape::Empty.negated(*negated),
                Part::Full => return Shape::Full.negated(*negated),
                Part::Rows(container) => container.write_to(out),
                Part::Range(range) => range.write_to(out),
                Part::Unread => bound.plan.leaves[*leaf].read_to(block, out),
            }
            if *negated {
                out.flip();
            }
            Shape::Mixed
        }
        Node::And(children) => {
            if children.iter().any(|child| known(child, bound, block) == Some(Shape::Empty)) {
                return Shape::Empty;
            }
            conjunction(children, bound, block, out, scratch)
        }
        Node::Or(children) => disjunction(children, bound, block, out, scratch),
    }
}

fn conjunction(children: &[Node], bound: &Bound<'_>, block: u32, out: &mut Words, scratch: &mut Scratch) -> Shape {
    let mut shape = Shape::Full;
    for child in children {
        if known(child, bound, block) == Some(Shape::Full) {
            continue;
        }
        if shape == Shape::Full {
            shape = evaluate(child, bound, block, out, scratch);
            if shape == Shape::Empty {
                return shape;
            }
            continue;
        }
        if let Some((container, negated)) = container(child, bound, block) {
            if negated {
                container.and_not_to(out)
            } else {
                container.and_to(out)
            }
            continue;
        }
        let mut mine = scratch.take();
        let own = evaluate(child, bound, block, &mut mine, scratch);
        if own == Shape::Mixed {
            out.and(&mine);
        }
        scratch.give_back(mine);
        if own == Shape::Empty {
            return Shape::Empty;
        }
    }
    shape
}

fn disjunction(children: &[Node], bound: &Bound<'_>, block: u32, out: &mut Words, scratch: &mut Scratch) -> Shape {
    if children.iter().any(|child| known(child, bound, block) == Some(Shape::Full)) {
        return Shape::Full;
    }
    let mut shape = Shape::Empty;
    for child in children {
        if known(child, bound, block) == Some(Shape::Empty) {
            continue;
        }
        if shape == Shape::Empty {
            shape = evaluate(child, bound, block, out, scratch);
            if shape == Shape::Full {
                return shape;
            }
            continue;
        }
        if let Some((container, negated)) = container(child, bound, block) {
            match (container, negated) {
                (container, false) => {
                    container.or_to(out);
                    continue;
                }
                (Container::Bits { words, .. }, true) => {
                    out.or_not(words);
                    continue;
                }
                _ => {}
            }
        }
        let mut mine = scratch.take();
        let own = evaluate(child, bound, block, &mut mine, scratch);
        if own == Shape::Mixed {
            out.or(&mine);
        }
        scratch.give_back(mine);
        if own == Shape::Full {
            return Shape::Full;
        }
    }
    shape
}

/// The rows of a leaf in this block, when they lie ready as a container.
fn container<'b>(node: &Node, bound: &'b Bound<'_>, block: u32) -> Option<(&'b Container, bool)> {
    let Node::Leaf { leaf, negated } = node else { return None };
    match bound.part(*leaf, block) {
        Part::Rows(container) => Some((container, *negated)),
        _ => None,
    }
}

/// What the directories alone say about a node.
pub(super) fn known(node: &Node, bound: &Bound<'_>, block: u32) -> Option<Shape> {
    match node {
        Node::Nobody => Some(Shape::Empty),
        Node::Everyone => Some(Shape::Full),
        Node::Leaf { leaf, negated } => match bound.part(*leaf, block) {
            Part::Empty => Some(Shape::Empty.negated(*negated)),
            Part::Full => Some(Shape::Full.negated(*negated)),
            Part::Rows(_) | Part::Range(_) | Part::Unread => None,
        },
        Node::And(children) => {
            let is_empty = children.iter().any(|child| known(child, bound, block) == Some(Shape::Empty));
            is_empty.then_some(Shape::Empty)
        }
        Node::Or(children) => {
            let is_empty = children.iter().all(|child| known(child, bound, block) == Some(Shape::Empty));
            is_empty.then_some(Shape::Empty)
        }
    }
}
