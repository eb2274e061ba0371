//! One block through the whole tree.

use crate::block::{Container, Words};
use crate::plan::{Node, Plan};

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
    spare: Vec<Box<Words>>,
}

impl Scratch {
    pub(super) fn new(_plan: &Plan<'_>) -> Self {
        Self::default()
    }

    pub(super) fn take(&mut self) -> Box<Words> {
        self.spare.pop().unwrap_or_else(Words::boxed)
    }

    pub(super) fn give_back(&mut self, words: Box<Words>) {
        self.spare.push(words);
    }
}

/// Evaluates a node over one block into `out`; live rows or not is the caller's business.
pub(super) fn evaluate(node: &Node, plan: &Plan<'_>, block: u32, out: &mut Words, scratch: &mut Scratch) -> Shape {
    match node {
        Node::Nobody => Shape::Empty,
        Node::Everyone => Shape::Full,
        Node::Leaf { leaf, negated } => {
            let selection = &plan.leaves[*leaf];
            match selection.container(block) {
                Some(Container::Empty) => return Shape::Empty.negated(*negated),
                Some(Container::Full) => return Shape::Full.negated(*negated),
                Some(container) => container.write_to(out),
                None => selection.write_to(block, out),
            }
            if *negated {
                out.flip();
            }
            Shape::Mixed
        }
        Node::And(children) => conjunction(children, plan, block, out, scratch),
        Node::Or(children) => disjunction(children, plan, block, out, scratch),
    }
}

fn conjunction(children: &[Node], plan: &Plan<'_>, block: u32, out: &mut Words, scratch: &mut Scratch) -> Shape {
    // Directories first: one empty child spares the payloads of all.
    if children.iter().any(|child| known(child, plan, block) == Some(Shape::Empty)) {
        return Shape::Empty;
    }
    let mut shape = Shape::Full;
    for child in children {
        if known(child, plan, block) == Some(Shape::Full) {
            continue;
        }
        if shape == Shape::Full {
            shape = evaluate(child, plan, block, out, scratch);
            if shape == Shape::Empty {
                return shape;
            }
            continue;
        }
        if let Some((container, negated)) = container(child, plan, block) {
            if negated {
                container.and_not_to(out)
            } else {
                container.and_to(out)
            }
            continue;
        }
        let mut mine = scratch.take();
        let own = evaluate(child, plan, block, &mut mine, scratch);
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

fn disjunction(children: &[Node], plan: &Plan<'_>, block: u32, out: &mut Words, scratch: &mut Scratch) -> Shape {
    if children.iter().any(|child| known(child, plan, block) == Some(Shape::Full)) {
        return Shape::Full;
    }
    let mut shape = Shape::Empty;
    for child in children {
        if known(child, plan, block) == Some(Shape::Empty) {
            continue;
        }
        if shape == Shape::Empty {
            shape = evaluate(child, plan, block, out, scratch);
            if shape == Shape::Full {
                return shape;
            }
            continue;
        }
        if let Some((container, false)) = container(child, plan, block) {
            container.or_to(out);
            continue;
        }
        let mut mine = scratch.take();
        let own = evaluate(child, plan, block, &mut mine, scratch);
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

/// The rows of a leaf in this block, when an index keeps them.
fn container<'p>(node: &Node, plan: &'p Plan<'_>, block: u32) -> Option<(&'p Container, bool)> {
    match node {
        Node::Leaf { leaf, negated } => Some((plan.leaves[*leaf].container(block)?, *negated)),
        _ => None,
    }
}

/// What the directories alone say about a node.
fn known(node: &Node, plan: &Plan<'_>, block: u32) -> Option<Shape> {
    match node {
        Node::Nobody => Some(Shape::Empty),
        Node::Everyone => Some(Shape::Full),
        Node::Leaf { leaf, negated } => match plan.leaves[*leaf].container(block)? {
            Container::Empty => Some(Shape::Empty.negated(*negated)),
            Container::Full => Some(Shape::Full.negated(*negated)),
            _ => None,
        },
        Node::And(_) | Node::Or(_) => None,
    }
}
