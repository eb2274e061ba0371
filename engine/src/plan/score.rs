//! A score, bound to the data: what is added for which rows.
//!
//! Everything is turned so that only positive weights are added: a weight that speaks against the rows of a test speaks,
//! as much, for all others.

use super::bind::Bound;
use super::node::{Node, leaf};
use crate::rule::{LeafTest, Score};
use crate::table::View;

/// What to add up, block by block.
#[derive(Debug)]
pub struct PlannedScore<'v> {
    /// What is added where; nodes over the plan's leaves.
    pub terms: Vec<PlannedTerm>,
    /// What everybody begins with: the least sum that there can be.
    pub base: i64,
    /// The threshold.
    pub score: &'v Score,
    /// Whose ids decide where sums are equal.
    pub view: &'v View,
}

/// What is added for the rows of a node.
#[derive(Debug)]
pub struct PlannedTerm {
    /// The rows.
    pub node: Node,
    /// Positive.
    pub weight: u32,
}

impl<'v> PlannedScore<'v> {
    pub(super) fn new(score: &'v Score, view: &'v View, mut bind: impl FnMut(&'v LeafTest) -> Bound) -> Self {
        let (mut terms, mut base) = (Vec::with_capacity(score.terms.len()), 0);
        for term in &score.terms {
            let mut node = leaf(bind(&term.test), term.negated);
            if term.weight < 0 {
                node = node.complement();
                base += i64::from(term.weight);
            }
            match node {
                Node::Nobody => {}
                Node::Everyone => base += i64::from(term.weight.unsigned_abs()),
                node => terms.push(PlannedTerm { node, weight: term.weight.unsigned_abs() }),
            }
        }
        Self { terms, base, score, view }
    }

    /// The greatest sum above [`Self::base`].
    pub fn span(&self) -> u32 {
        self.terms.iter().map(|term| term.weight).fold(0, u32::saturating_add)
    }
}
