//! What every node of a rule matches, and what the whole rule would match without it, in one pass over the blocks.
//!
//! Whether the root depends on a node for a row is a matter of the node's siblings and of its parent's: under `all` it
//! does where all siblings hold, under `any` and `none` where none does, and where the root depends on the parent. So
//! one set is handed down from parent to child. Taking a node away is setting it to what its group ignores (true under
//! `all`, false under `any` and `none`), which changes the root in no other rows than those.

use super::block::Evaluator;
use super::items::{self, Child};
use super::verdict::Verdict;
use super::whole::each_block;
use crate::block::Container;
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
    let one_block = |eval: &mut Evaluator<'_, 'p>, block, sums: &mut Sums| {
        sums.0.resize(counts.len(), (0, 0));
        Pass { eval, live: plan.live.container(block), sums }.block(root, block);
    };
    for sums in each_block(plan, one_block) {
        for (node, (matched, without)) in counts.iter_mut().zip(sums.0) {
            node.matched += matched;
            node.without += without;
        }
    }
    counts
}

fn list(node: &Explained<'_>, counts: &mut Vec<NodeCounts>) {
    counts.push(NodeCounts { pointer: node.pointer.to_owned(), matched: 0, missing: node.missing, without: 0 });
    if let ExplainedKind::Group { rules, .. } = &node.kind {
        rules.iter().for_each(|rule| list(rule, counts));
    }
}

/// Matched and without, by node; nodes are numbered in reading order.
#[derive(Default)]
struct Sums(Vec<(u64, u64)>);

/// One block.
struct Pass<'a, 'b, 'p> {
    eval: &'a mut Evaluator<'b, 'p>,
    live: &'p Container,
    sums: &'a mut Sums,
}

/// Rows for which the root depends on a node, and how.
struct Reach<'a> {
    rows: &'a Verdict,
    /// Whether the root holds there where the node does not.
    inverted: bool,
}

impl<'p> Pass<'_, '_, 'p> {
    fn block(&mut self, root: &'p Explained<'_>, block: u32) {
        if self.live.is_empty() {
            return;
        }
        // The root taken away leaves everybody.
        let everybody = self.live.cardinality();
        self.sums.0[0].1 += u64::from(everybody);
        if self.is_hopeless(root, block) {
            return self.matched(root, 0, block);
        }
        let mut verdicts = Vec::with_capacity(self.sums.0.len());
        self.verdict(root, block, &mut verdicts);
        let live = Verdict::of_container(self.live, self.eval);
        for (verdict, sum) in verdicts.iter().zip(&mut self.sums.0) {
            sum.0 += u64::from(verdict.count_in(&live));
        }
        let rows = verdicts[0].and(&live, self.eval);
        let total = Total { rows: &rows, count: rows.count() };
        self.reach(root, 0, &verdicts, &Reach { rows: &live, inverted: false }, &total, everybody);
        for words in verdicts.into_iter().chain([live, rows]) {
            words.give_back(self.eval);
        }
    }

    /// Whether the directories say that two tests of an `all` hold for nobody here: then taking any one node away leaves
    /// nobody, and the nodes need not be brought together.
    fn is_hopeless(&self, root: &'p Explained<'_>, block: u32) -> bool {
        let ExplainedKind::Group { join: Match::All, rules } = &root.kind else { return false };
        let leaves = rules.iter().filter_map(|rule| match &rule.kind {
            ExplainedKind::Leaf(leaf) => Some(leaf),
            ExplainedKind::Group { .. } => None,
        });
        let empty = leaves.filter(|leaf| matches!(items::child(leaf, self.eval.bound, block), Child::Nobody));
        matches!(self.live, Container::Full) && empty.count() >= 2
    }

    /// Adds up what each node below a root without rows matches by itself.
    fn matched(&mut self, root: &'p Explained<'_>, number: usize, block: u32) {
        let ExplainedKind::Group { rules, .. } = &root.kind else { return };
        let mut number = number + 1;
        for rule in rules {
            match &rule.kind {
                ExplainedKind::Leaf(leaf) => self.sums.0[number].0 += u64::from(self.eval.count(leaf, block)),
                ExplainedKind::Group { .. } => {
                    let mut verdicts = Vec::with_capacity(size(rule));
                    self.verdict(rule, block, &mut verdicts);
                    for (verdict, sum) in verdicts.iter().zip(&mut self.sums.0[number..]) {
                        sum.0 += u64::from(verdict.count());
                    }
                    verdicts.into_iter().for_each(|verdict| verdict.give_back(self.eval));
                }
            }
            number += size(rule);
        }
    }

    /// Appends the verdicts of a node and of all below it; says which number the node has.
    fn verdict(&mut self, node: &'p Explained<'_>, block: u32, verdicts: &mut Vec<Verdict>) -> usize {
        let own = verdicts.len();
        verdicts.push(Verdict::Nobody);
        verdicts[own] = match &node.kind {
            ExplainedKind::Leaf(leaf) => Verdict::of_node(leaf, block, self.eval),
            ExplainedKind::Group { join, rules } => {
                let children: Vec<usize> = rules.iter().map(|rule| self.verdict(rule, block, verdicts)).collect();
                let negated = *join != Match::All;
                let joined = Verdict::all(children.iter().map(|child| &verdicts[*child]), negated, self.eval);
                // Any is not all of not; none is all of not.
                if *join == Match::Any { joined.complement() } else { joined }
            }
        };
        own
    }

    /// Adds up `without` for all nodes below a group; `without` is what taking the group itself away leaves.
    fn reach(
        &mut self,
        node: &Explained<'_>,
        number: usize,
        verdicts: &[Verdict],
        reach: &Reach<'_>,
        total: &Total<'_>,
        without: u32,
    ) {
        let ExplainedKind::Group { join, rules } = &node.kind else { return };
        if matches!(reach.rows, Verdict::Nobody) {
            // Nothing below makes a difference to the root.
            let last = number + size(node);
            self.sums.0[number + 1..last].iter_mut().for_each(|sum| sum.1 += u64::from(total.count));
            return;
        }
        let mut numbers = vec![number + 1];
        for rule in rules {
            numbers.push(numbers[numbers.len() - 1] + size(rule));
        }
        let siblings = self.siblings(&numbers[..rules.len()], verdicts, *join != Match::All, reach.rows);
        for (index, (rule, rows)) in rules.iter().zip(siblings).enumerate() {
            // Without the node the group is true under all and none, false under any.
            let holds = (*join != Match::Any) != reach.inverted;
            let left = total.count - total.rows.count_in(&rows) + if holds { rows.count() } else { 0 };
            let left = if rules.len() == 1 { without } else { left };
            self.sums.0[numbers[index]].1 += u64::from(left);
            let inverted = reach.inverted != (*join == Match::None);
            self.reach(rule, numbers[index], verdicts, &Reach { rows: &rows, inverted }, total, left);
            rows.give_back(self.eval);
        }
    }

    /// For every child the rows in reach where all other children, negated or not, hold.
    fn siblings(&mut self, numbers: &[usize], verdicts: &[Verdict], negated: bool, reach: &Verdict) -> Vec<Verdict> {
        let signed = |number: usize| (&verdicts[number], negated);
        // From the last child to the first: what those after it say together.
        let mut after = vec![reach.clone_in(self.eval)];
        for number in numbers[1..].iter().rev() {
            let next = after[after.len() - 1].and_signed(signed(*number), self.eval);
            after.push(next);
        }
        let mut before = Verdict::Everybody;
        let mut all = Vec::with_capacity(numbers.len());
        for number in numbers {
            let rest = after.pop().unwrap_or(Verdict::Nobody);
            all.push(rest.and(&before, self.eval));
            rest.give_back(self.eval);
            let next = before.and_signed(signed(*number), self.eval);
            std::mem::replace(&mut before, next).give_back(self.eval);
        }
        before.give_back(self.eval);
        all
    }
}

/// The rows of the whole rule.
struct Total<'a> {
    rows: &'a Verdict,
    count: u32,
}

fn size(node: &Explained<'_>) -> usize {
    match &node.kind {
        ExplainedKind::Leaf(_) => 1,
        ExplainedKind::Group { rules, .. } => 1 + rules.iter().map(size).sum::<usize>(),
    }
}
