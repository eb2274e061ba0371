//! What every node of a rule matches, and what the whole rule would match without it, in one pass over the blocks.
//!
//! A rule is a function of each of its nodes: given a row, the root is a constant, the node's own verdict, or its
//! opposite. So two sets say all: the rows where the root holds if the node is set to false, and those where it holds
//! if the node is set to true. They are handed down from parent to child with the siblings' verdicts, and taking a node
//! away is setting it to what its group ignores: true under `all`, false under `any` and `none`.

use rayon::prelude::*;

use super::block::Evaluator;
use super::bound::Bound;
use super::whole::ranges;
use crate::block::{Set, Words};
use crate::plan::{Explained, ExplainedKind, Plan};
use crate::rule::Match;

/// Counts of one node.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NodeCounts {
    /// JSON pointer into the rule; "" is the root.
    pub pointer: String,
    /// Profiles for which the node alone holds.
    pub matched: u64,
    /// Profiles without a value of the field that the node tests; 0 for groups.
    pub missing: u64,
    /// Profiles that the whole rule would select if this node were taken away, and with it every group that would be
    /// empty then; the population when nothing would be left.
    pub without: u64,
}

/// Counts of every node in reading order, the root first.
pub fn explain<'p>(root: &'p Explained<'p>, plan: &'p Plan<'p>) -> Vec<NodeCounts> {
    let mut counts = Vec::new();
    list(root, &mut counts);
    let nodes = counts.len();
    let bound = Bound::new(plan);
    let sums = ranges(plan)
        .into_par_iter()
        .map(|blocks| {
            let mut pass = Pass { live: plan.live, eval: Evaluator::new(&bound), sums: vec![(0, 0); nodes] };
            blocks.for_each(|block| pass.block(root, block));
            pass.sums
        })
        .reduce(
            || vec![(0, 0); nodes],
            |left, right| left.iter().zip(&right).map(|(l, r)| (l.0 + r.0, l.1 + r.1)).collect(),
        );
    for (node, (matched, without)) in counts.iter_mut().zip(sums) {
        (node.matched, node.without) = (matched, without);
    }
    counts
}

fn list(node: &Explained<'_>, counts: &mut Vec<NodeCounts>) {
    counts.push(NodeCounts { pointer: node.pointer.to_owned(), matched: 0, missing: node.missing, without: 0 });
    if let ExplainedKind::Group { rules, .. } = &node.kind {
        rules.iter().for_each(|rule| list(rule, counts));
    }
}

/// One thread's pass over its blocks. Nodes are numbered in reading order.
struct Pass<'b, 'p> {
    live: &'p Set,
    eval: Evaluator<'b, 'p>,
    /// Matched and without, by node.
    sums: Vec<(u64, u64)>,
}

impl<'p> Pass<'_, 'p> {
    fn block(&mut self, root: &'p Explained<'_>, block: u32) {
        let live = self.live.container(block);
        if live.is_empty() {
            return;
        }
        let mut verdicts = Vec::with_capacity(self.sums.len());
        self.verdict(root, block, &mut verdicts);
        for (verdict, sum) in verdicts.iter_mut().zip(&mut self.sums) {
            live.and_to(verdict);
            sum.0 += u64::from(verdict.count());
        }
        let (mut none, mut all) = (self.eval.scratch.words(), self.eval.scratch.words());
        none.0.fill(0);
        live.write_to(&mut all);
        // The root taken away leaves everybody.
        self.sums[0].1 += u64::from(live.cardinality());
        self.influence(root, 0, &verdicts, &none, &all, live.cardinality());
        verdicts.drain(..).for_each(|words| self.eval.scratch.give_back(words));
        self.eval.scratch.give_back(none);
        self.eval.scratch.give_back(all);
    }

    /// Appends the verdicts of a node and of all below it; says which number the node has.
    fn verdict(&mut self, node: &'p Explained<'_>, block: u32, verdicts: &mut Vec<Box<Words>>) -> usize {
        let own = verdicts.len();
        let mut out = self.eval.scratch.words();
        verdicts.push(self.eval.scratch.words());
        match &node.kind {
            ExplainedKind::Leaf(leaf) => self.eval.write_to(leaf, block, &mut out),
            ExplainedKind::Group { join, rules } => {
                out.0.fill(if *join == Match::All { u64::MAX } else { 0 });
                for rule in rules {
                    let child = self.verdict(rule, block, verdicts);
                    combine(*join, &mut out, &verdicts[child]);
                }
                if *join == Match::None {
                    out.flip();
                }
            }
        }
        let placeholder = std::mem::replace(&mut verdicts[own], out);
        self.eval.scratch.give_back(placeholder);
        own
    }

    /// Adds up `without` for all nodes below a group: `if_false` and `if_true` are the rows where the root holds when
    /// the group is set so, `without` is what taking the group itself away leaves.
    fn influence(
        &mut self,
        node: &Explained<'_>,
        number: usize,
        verdicts: &[Box<Words>],
        if_false: &Words,
        if_true: &Words,
        without: u32,
    ) {
        let ExplainedKind::Group { join, rules } = &node.kind else { return };
        let mut numbers = vec![number + 1];
        for rule in rules {
            numbers.push(numbers[numbers.len() - 1] + size(rule));
        }
        let mut after = self.joined_after(*join, &numbers[..rules.len()], verdicts);
        let mut before = self.neutral(*join);
        for (index, rule) in rules.iter().enumerate() {
            // What the siblings say together: those before, and those after.
            let mut low = after.pop().unwrap_or_else(Words::boxed);
            combine(*join, &mut low, &before);
            let mut high = self.eval.scratch.words();
            high.0.copy_from_slice(&low.0);
            settle(*join, if_false, if_true, &mut low, &mut high);
            let left = match (rules.len(), join) {
                (1, _) => without,
                (_, Match::All) => high.count(),
                (_, Match::Any | Match::None) => low.count(),
            };
            self.sums[numbers[index]].1 += u64::from(left);
            self.influence(rule, numbers[index], verdicts, &low, &high, left);
            combine(*join, &mut before, &verdicts[numbers[index]]);
            self.eval.scratch.give_back(low);
            self.eval.scratch.give_back(high);
        }
        self.eval.scratch.give_back(before);
    }

    /// For every child what those after it say together, the last child's first.
    fn joined_after(&mut self, join: Match, numbers: &[usize], verdicts: &[Box<Words>]) -> Vec<Box<Words>> {
        let mut joined = vec![self.neutral(join)];
        for number in numbers[1..].iter().rev() {
            let mut next = self.eval.scratch.words();
            next.0.copy_from_slice(&joined[joined.len() - 1].0);
            combine(join, &mut next, &verdicts[*number]);
            joined.push(next);
        }
        joined
    }

    fn neutral(&mut self, join: Match) -> Box<Words> {
        let mut words = self.eval.scratch.words();
        words.0.fill(if join == Match::All { u64::MAX } else { 0 });
        words
    }
}

/// Joins verdicts as a group does, before a `none` negates them: AND under `all`, OR under `any` and `none`.
fn combine(join: Match, out: &mut Words, verdict: &Words) {
    if join == Match::All { out.and(verdict) } else { out.or(verdict) }
}

/// From the siblings' joint verdict (in both buffers) to where the root holds if the child is false, and if it is true.
fn settle(join: Match, if_false: &Words, if_true: &Words, low: &mut Words, high: &mut Words) {
    for index in 0..low.0.len() {
        let (others, no, yes) = (low.0[index], if_false.0[index], if_true.0[index]);
        (low.0[index], high.0[index]) = match join {
            Match::All => (no, (others & yes) | (!others & no)),
            Match::Any => ((others & yes) | (!others & no), yes),
            Match::None => ((others & no) | (!others & yes), no),
        };
    }
}

fn size(node: &Explained<'_>) -> usize {
    match &node.kind {
        ExplainedKind::Leaf(_) => 1,
        ExplainedKind::Group { rules, .. } => 1 + rules.iter().map(size).sum::<usize>(),
    }
}
