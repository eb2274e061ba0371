//! In which order the children of a group are evaluated, decided once for a whole query.
//!
//! What leaves few rows for little work goes first: the order is that of work / (1 - share of rows left), which is
//! best when tests are independent (Hellerstein and Stonebraker, SIGMOD 1993). Shares of sets are exact, those of
//! ranges are taken from a few blocks.

use super::node::Node;
use crate::index::Selection;

/// The share of the rows that a score is thought to find: somebody chose it to be few.
const SCORE_SHARE: f64 = 0.1;

/// What adding up a score costs: some dozens of sets, each carried through a dozen planes.
const SCORE_COST: f64 = 300.0;

/// Rows of one view that shares refer to, and the leaves.
pub(super) struct Order<'a, 'v> {
    pub(super) leaves: &'a [Selection<'v>],
    pub(super) rows: f64,
}

impl Order<'_, '_> {
    /// Orders the children of all groups; says which share of the rows a node selects, and what it costs.
    pub(super) fn apply(&self, node: &mut Node) -> (f64, f64) {
        match node {
            Node::Nobody => (0.0, 0.0),
            Node::Everyone => (1.0, 0.0),
            Node::Score { negated, .. } => (if *negated { 1.0 - SCORE_SHARE } else { SCORE_SHARE }, SCORE_COST),
            Node::Leaf { leaf, negated } => {
                let (rows, cost) = self.leaves[*leaf].estimate();
                let share = (rows / self.rows).min(1.0);
                (if *negated { 1.0 - share } else { share }, cost)
            }
            Node::Group { children, negated } => {
                let mut rated: Vec<(f64, f64, Node)> = Vec::with_capacity(children.len());
                for mut child in std::mem::take(children) {
                    let (share, cost) = self.apply(&mut child);
                    rated.push((share, cost, child));
                }
                let rank = |(share, cost, _): &(f64, f64, Node)| (cost + 0.05) / (1.0 - share + 1e-6);
                rated.sort_by(|left, right| rank(left).total_cmp(&rank(right)));
                let (mut share, mut cost) = (1.0, 0.0);
                for (own_share, own_cost, child) in rated {
                    cost += own_cost;
                    share *= own_share;
                    children.push(child);
                }
                (if *negated { 1.0 - share } else { share }, cost)
            }
        }
    }
}
