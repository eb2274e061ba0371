//! What every node of a rule matches, and what the whole rule would match without it, in one pass over the blocks.
//!
//! Every group is an intersection: of its children under `all`, of their complements under `any` (which is the
//! complement of that) and `none`. Taking a child away changes the intersection only in rows where that child alone
//! fails; so each group is read once, counting failures up to two (`failures`). Whether the root depends on a group for
//! a row is handed down as one set: the root does where it depends on the parent and no sibling fails.
//!
//! Counts saturate: files that nobody has verified may name more rows than there are, which is wrong but no reason to end.
//!
//! What a test alone matches is known from the directories mostly, and where two tests fail for everybody the others
//! are not read.

use super::block::Evaluator;
use super::failures::Failures;
use super::items::{self, Child, Form};
use super::sparse::remove;
use super::whole::each_block;
use crate::block::{Container, Kernels, Operand, Words};
use crate::plan::{Explained, ExplainedKind, Node, Plan};
use crate::rule::Match;

/// Tests that are read side by side before it is looked at what is left.
const READ_AT_ONCE: usize = 2;

static EVERYBODY: Words = Words::FULL;
static NOBODY: Words = Words::EMPTY;

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
    let one_block = |eval: &mut Evaluator<'p>, block, gathered: &mut Gathered<'p>| {
        gathered.sums.resize(counts.len(), (0, 0));
        let live = plan.live.container(block);
        if !live.is_empty() {
            Pass { eval, block, live, gathered }.run(root);
        }
    };
    for gathered in each_block(plan, one_block) {
        for (node, (matched, without)) in counts.iter_mut().zip(gathered.sums) {
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

/// Of one thread. Nodes are numbered in reading order.
#[derive(Default)]
struct Gathered<'p> {
    /// Matched and without, by node.
    sums: Vec<(u64, u64)>,
    /// By node, for the block that is looked at.
    rows: Vec<Rows<'p>>,
}

/// Rows of the block for which one node holds; of dead rows it says anything.
enum Rows<'p> {
    /// Nobody needs to know.
    Unread,
    Nobody,
    Everybody,
    /// From a set that lies ready.
    Ready(Operand<'p>),
    /// Put together, or all others.
    Made {
        words: Box<Words>,
        negated: bool,
    },
    /// The rows that failed, of those for which it mattered.
    Failing(Vec<u16>),
    /// A group's: those without a failure, or all others.
    Group {
        failures: Failures,
        negated: bool,
    },
}

impl Rows<'_> {
    /// The rows as an operand, unless they are nobody or everybody.
    fn operand(&self, negated: bool) -> Option<Operand<'_>> {
        match self {
            Self::Unread | Self::Nobody | Self::Everybody | Self::Failing(_) => None,
            Self::Ready(operand) => Some(Operand { words: operand.words, negated: operand.negated != negated }),
            Self::Made { words, negated: own } => Some(Operand { words, negated: *own != negated }),
            Self::Group { failures, negated: own } => Some(Operand { words: &failures.none, negated: *own != negated }),
        }
    }

    /// Whether all rows fail in a child that is negated, or in one that is not.
    fn fail(&self, negated: bool) -> bool {
        if negated { matches!(self, Self::Everybody) } else { matches!(self, Self::Nobody) }
    }
}

/// One block.
struct Pass<'a, 'p> {
    eval: &'a mut Evaluator<'p>,
    block: u32,
    live: &'p Container,
    gathered: &'a mut Gathered<'p>,
}

impl<'p> Pass<'_, 'p> {
    fn run(&mut self, root: &'p Explained<'_>) {
        let everybody = self.live.cardinality();
        let total = self.matched(root, 0);
        // The root taken away leaves everybody.
        self.gathered.sums[0].1 += u64::from(everybody);
        self.without(root, 0, &Reach { rows: Some(&EVERYBODY), inverted: false, total, without: everybody });
        for rows in self.gathered.rows.drain(..) {
            match rows {
                Rows::Made { words, .. } => self.eval.scratch.give_back(words),
                Rows::Failing(list) => self.eval.scratch.give_back_list(list),
                Rows::Group { failures, .. } => failures.give_back(&mut self.eval.scratch),
                Rows::Unread | Rows::Nobody | Rows::Everybody | Rows::Ready(_) => {}
            }
        }
    }

    /// Counts what a node and all below it match; says how many the node does.
    fn matched(&mut self, node: &'p Explained<'_>, number: usize) -> u32 {
        debug_assert_eq!(self.gathered.rows.len(), number);
        self.gathered.rows.push(Rows::Unread);
        let count = match &node.kind {
            ExplainedKind::Leaf(leaf) => self.matched_leaf(leaf, number),
            ExplainedKind::Group { join, rules } => self.matched_group(*join, rules, number),
        };
        self.gathered.sums[number].0 += u64::from(count);
        count
    }

    /// What a test matches; its rows are read only where the directories do not say it.
    fn matched_leaf(&mut self, leaf: &'p Node, number: usize) -> u32 {
        let everybody = self.live.cardinality();
        if let Node::Leaf { leaf, negated } = leaf
            && let Some(rows) = self.eval.parts.part(*leaf, self.block).cardinality()
        {
            // An index holds live rows only, and a block at most 65,536.
            return if *negated { everybody.saturating_sub(rows as u32) } else { rows as u32 };
        }
        self.read(leaf, number);
        let rows = &self.gathered.rows[number];
        match rows.operand(false) {
            None if matches!(rows, Rows::Everybody) => everybody,
            None => 0,
            Some(Operand { words, negated }) if matches!(self.live, Container::Full) => {
                if negated {
                    everybody.saturating_sub(words.count())
                } else {
                    words.count()
                }
            }
            Some(operand) => {
                let mut live = self.eval.scratch.words();
                self.live.write_to(&mut live);
                let left = Kernels::get().narrow(&mut live, &[operand]);
                self.eval.scratch.give_back(live);
                left
            }
        }
    }

    /// Brings a test's rows.
    fn read(&mut self, leaf: &'p Node, number: usize) {
        let rows = match items::child(leaf, &mut self.eval.parts, self.block) {
            Child::Nobody => Rows::Nobody,
            Child::Everybody => Rows::Everybody,
            Child::Item(item) => match item.form {
                Form::Ready(outline) if outline.is_exact() && !outline.negated => match outline.operands {
                    [Some(operand), None] => Rows::Ready(operand),
                    _ => self.made(leaf),
                },
                _ => self.made(leaf),
            },
        };
        self.gathered.rows[number] = rows;
    }

    fn made(&mut self, leaf: &'p Node) -> Rows<'p> {
        let (words, negated) = self.eval.words(leaf, self.block);
        Rows::Made { words, negated }
    }

    /// Asks a test about each of the few rows for which it matters.
    fn ask(&mut self, leaf: &'p Node, negated: bool, rows: &[u16]) -> Vec<u16> {
        let mut holding = self.eval.scratch.list();
        holding.extend_from_slice(rows);
        self.eval.retain_all(std::iter::once(leaf), self.block, &mut holding);
        if negated {
            return holding;
        }
        let mut failing = self.eval.scratch.list();
        failing.extend_from_slice(rows);
        remove(&mut failing, &holding);
        self.eval.scratch.give_back_list(holding);
        failing
    }

    /// Counts failures of the children, those first that fail most often.
    fn matched_group(&mut self, join: Match, rules: &'p [Explained<'p>], number: usize) -> u32 {
        let everybody = self.live.cardinality();
        let negated = join != Match::All;
        let mut children = Vec::with_capacity(rules.len());
        let mut next = number + 1;
        for rule in rules {
            let count = self.matched(rule, next);
            children.push((if negated { everybody.saturating_sub(count) } else { count }, next, rule));
            next = self.gathered.rows.len();
        }
        children.sort_unstable_by_key(|(holds, number, _)| (*holds, *number));
        let mut failures = Failures::new(self.live, &mut self.eval.scratch);
        let rest = children.partition_point(|(holds, ..)| *holds < everybody);
        for some in children[..rest].chunks(READ_AT_ONCE) {
            if failures.is_hopeless() {
                break;
            }
            self.fail(some, negated, &mut failures);
        }
        failures.settle();
        let count = failures.none.count();
        let is_any = join == Match::Any;
        self.gathered.rows[number] = Rows::Group { failures, negated: is_any };
        if is_any { everybody.saturating_sub(count) } else { count }
    }

    /// Counts failures of some children, of which none holds for everybody: all their rows are read side by side, or each
    /// of the few rows is asked for that still matter.
    fn fail(&mut self, children: &[(u32, usize, &'p Explained<'p>)], negated: bool, failures: &mut Failures) {
        for (_, child, rule) in children {
            let ExplainedKind::Leaf(leaf) = &rule.kind else { continue };
            if !matches!(self.gathered.rows[*child], Rows::Unread) {
                continue;
            }
            match failures.few(&mut self.eval.scratch) {
                None => self.read(leaf, *child),
                Some(few) => {
                    let failing = self.ask(leaf, negated, few);
                    failures.fail(&failing);
                    self.gathered.rows[*child] = Rows::Failing(failing);
                }
            }
        }
        let mut operands = [Operand { words: &EVERYBODY, negated: false }; READ_AT_ONCE];
        let mut count = 0;
        for (_, child, _) in children {
            let rows = &self.gathered.rows[*child];
            if let Some(operand) = rows.operand(negated) {
                operands[count] = operand;
                count += 1;
            } else if !matches!(rows, Rows::Failing(_)) {
                failures.add_nobody();
            }
        }
        if count > 0 {
            failures.add(operands);
        }
    }

    /// Adds up `without` for all nodes below a group.
    fn without(&mut self, node: &Explained<'_>, number: usize, reach: &Reach<'_>) {
        let ExplainedKind::Group { join, rules } = &node.kind else { return };
        let negated = *join != Match::All;
        let mut alone = self.eval.scratch.words();
        let alone_in =
            |rows: &Words| self.failures(number).is_some_and(|failures| failures.write_one(rows, &mut alone));
        let any_alone = reach.rows.is_some_and(alone_in);
        // Without the failing child the group is true under all and none, false under any.
        let gains = (*join != Match::Any) != reach.inverted;
        let inverted = reach.inverted != (*join == Match::None);
        let mut child = number + 1;
        for rule in rules {
            let failing = if any_alone { self.failing(child, negated, &alone) } else { 0 };
            let changed = if gains { reach.total + failing } else { reach.total.saturating_sub(failing) };
            let without = if rules.len() == 1 { reach.without } else { changed };
            self.gathered.sums[child].1 += u64::from(without);
            let size = size(rule);
            if size > 1 {
                let one = if any_alone { &*alone } else { &NOBODY };
                let mut words = self.eval.scratch.words();
                let any =
                    reach.rows.is_some_and(|rows| self.write_reach((number, child), negated, [one, rows], &mut words));
                let rows = any.then_some(&*words);
                self.without(rule, child, &Reach { rows, inverted, total: reach.total, without });
                self.eval.scratch.give_back(words);
            }
            child += size;
        }
        self.eval.scratch.give_back(alone);
    }

    fn failures(&self, group: usize) -> Option<&Failures> {
        match &self.gathered.rows[group] {
            Rows::Group { failures, .. } => Some(failures),
            _ => None,
        }
    }

    /// Rows among `alone` in which a child fails.
    fn failing(&self, child: usize, negated: bool, alone: &Words) -> u32 {
        match self.gathered.rows[child].operand(negated) {
            Some(Operand { words, negated: false }) => alone.and_not_count(words),
            Some(Operand { words, negated: true }) => alone.and_count(words),
            None => match &self.gathered.rows[child] {
                Rows::Failing(rows) => rows.iter().filter(|row| alone.contains(**row)).count() as u32,
                rows if rows.fail(negated) => alone.count(),
                _ => 0,
            },
        }
    }

    /// Writes the rows for which the root depends on a child that is a group: those where it depends on the child's own
    /// group and no sibling fails. `one` are those of `within` where one child fails. Says whether there are any.
    fn write_reach(&self, places: (usize, usize), negated: bool, rows: [&Words; 2], out: &mut Words) -> bool {
        let ((group, child), [one, within]) = (places, rows);
        let Some(child) = self.gathered.rows[child].operand(negated) else { return false };
        self.failures(group).is_some_and(|failures| failures.write_no_other(child, one, within, out))
    }
}

/// Rows for which the root depends on a group, and how.
struct Reach<'a> {
    /// Which; there may be none.
    rows: Option<&'a Words>,
    /// Whether the root holds there where the group does not.
    inverted: bool,
    /// Rows of the root.
    total: u32,
    /// What taking the group itself away leaves.
    without: u32,
}

fn size(node: &Explained<'_>) -> usize {
    match &node.kind {
        ExplainedKind::Leaf(_) => 1,
        ExplainedKind::Group { rules, .. } => 1 + rules.iter().map(size).sum::<usize>(),
    }
}
