//! A rule with its segments opened, as a flat tree in reading order, and what each node says about one person.

use std::sync::Arc;

use super::clock::{Turn, turns};
use super::event;
use super::holds::holds;
use crate::error::{Error, Problem, Result};
use crate::eval::{RowAt, Rows};
use crate::id::Row;
use crate::insight::Moment;
use crate::limits::RULE_NODES_MAX;
use crate::rule::{CheckedKind, CheckedNode, CheckedRule, LeafTest, Match, Rule};
use crate::schema::{FieldType, Value};
use crate::segment::{Model, Segment, SegmentKind};

/// What a person is held against.
#[derive(Debug, Clone, Copy)]
pub enum Entry<'a> {
    /// A rule that need not be saved.
    Rule(&'a Rule, &'a CheckedRule),
    /// A saved segment.
    Segment(&'a Segment),
}

/// Nodes in reading order, the root first.
#[derive(Debug, Clone)]
pub(super) struct Tree<'a> {
    pub(super) nodes: Vec<Node<'a>>,
}

/// One node.
#[derive(Debug, Clone)]
pub(super) struct Node<'a> {
    pub(super) pointer: String,
    pub(super) parent: Option<usize>,
    pub(super) kind: Kind<'a>,
    /// Whether it holds for the person.
    pub(super) holds: bool,
    /// Of a group: what it joins, and how much of that holds.
    children: u32,
    holding: u32,
}

/// What a node is.
#[derive(Debug, Clone)]
pub(super) enum Kind<'a> {
    Group(Match),
    /// A segment with a rule, which is the only child.
    Opened {
        segment: &'a Segment,
        negated: bool,
    },
    /// A segment that is a list.
    Listed {
        segment: &'a Segment,
        negated: bool,
    },
    /// A segment of look-alikes.
    Alike {
        segment: &'a Segment,
        model: &'a Model,
        negated: bool,
        /// What the person's fields add up to.
        score: i64,
        /// By term of the model, whether it is added.
        added: Vec<bool>,
    },
    /// A test of a field or of the id.
    Test {
        written: &'a Rule,
        test: &'a LeafTest,
        negated: bool,
        /// Of the field, or the id.
        value: Option<Value>,
        /// Of the field; none for the id and for events.
        kind: Option<FieldType>,
        /// When time turns it, ascending.
        turns: Vec<Turn>,
    },
}

impl Node<'_> {
    /// How a node joins its children; none of a leaf.
    pub(super) fn join(&self) -> Option<Match> {
        match self.kind {
            Kind::Group(join) => Some(join),
            Kind::Opened { negated: false, .. } => Some(Match::All),
            Kind::Opened { negated: true, .. } => Some(Match::None),
            Kind::Listed { .. } | Kind::Alike { .. } | Kind::Test { .. } => None,
        }
    }

    fn joined(&self) -> bool {
        match self.join() {
            Some(Match::All) => self.holding == self.children,
            Some(Match::Any) => self.holding > 0,
            Some(Match::None) => self.holding == 0,
            None => self.holds,
        }
    }
}

/// A node that is still to be put in.
struct Open<'a> {
    rule: &'a Rule,
    checked: &'a CheckedNode,
    parent: Option<usize>,
    /// The pointer of the rule that the node is in.
    within: Arc<str>,
}

impl<'a> Tree<'a> {
    /// The tree for one person.
    ///
    /// # Errors
    /// `Limit` when the rule with its segments opened has more than [`RULE_NODES_MAX`] nodes, `NotFound` when a segment
    /// is gone.
    pub(super) fn new(entry: Entry<'a>, row: Row, moment: &Moment<'a>) -> Result<Self> {
        let mut tree = Self { nodes: Vec::new() };
        // A stack instead of recursion: chains of segments may be longer than a thread's stack is deep.
        let mut open = Vec::new();
        let within: Arc<str> = Arc::from("");
        match entry {
            Entry::Rule(rule, checked) => open.push(Open { rule, checked: &checked.root, parent: None, within }),
            Entry::Segment(Segment { kind: SegmentKind::Dynamic { rule, checked }, .. }) => {
                open.push(Open { rule, checked: &checked.root, parent: None, within });
            }
            Entry::Segment(segment) => tree.unruled(String::new(), None, (segment, false), row, moment)?,
        }
        while let Some(next) = open.pop() {
            tree.put(next, row, moment, &mut open)?;
            if tree.nodes.len() > RULE_NODES_MAX {
                let message = format!(
                    "with its segments opened the rule has more than {RULE_NODES_MAX} nodes; ask its segments instead"
                );
                return Err(Error::Limit(Problem::new("", "too_many_nodes", message)));
            }
        }
        for at in (0..tree.nodes.len()).rev() {
            tree.nodes[at].holds = tree.nodes[at].joined();
            if let (true, Some(parent)) = (tree.nodes[at].holds, tree.nodes[at].parent) {
                tree.nodes[parent].holding += 1;
            }
        }
        Ok(tree)
    }

    fn put(&mut self, next: Open<'a>, row: Row, moment: &Moment<'a>, open: &mut Vec<Open<'a>>) -> Result<()> {
        let Open { rule, checked, parent, within } = next;
        let pointer = format!("{within}{}", checked.pointer);
        let at = self.nodes.len();
        match (&checked.kind, rule) {
            (CheckedKind::Group { join, rules }, Rule::Group(group)) => {
                self.node(pointer, parent, Kind::Group(*join), false);
                let parts = rules.iter().zip(&group.rules).rev();
                open.extend(parts.map(|(checked, rule)| Open {
                    rule,
                    checked,
                    parent: Some(at),
                    within: within.clone(),
                }));
            }
            (CheckedKind::Leaf { test: LeafTest::Segment { segment }, negated }, _) => {
                let segment: &'a Segment = moment.segments.get(*segment)?;
                let SegmentKind::Dynamic { rule, checked } = &segment.kind else {
                    return self.unruled(pointer, parent, (segment, *negated), row, moment);
                };
                let within = format!("{pointer}/criteria").into();
                self.node(pointer, parent, Kind::Opened { segment, negated: *negated }, false);
                open.push(Open { rule, checked: &checked.root, parent: Some(at), within });
            }
            (CheckedKind::Leaf { test, negated }, written) => {
                let value = match (test, test.field()) {
                    (LeafTest::Events(events), _) => event::value(events, row, moment),
                    (_, Some(field)) => moment.view.value(row, field),
                    (_, None) => Some(Value::Keyword(moment.view.id(row).to_owned())),
                };
                let is_true = match (test, &value) {
                    (LeafTest::Everyone, _) => true,
                    (LeafTest::Events(events), _) => event::holds(events, row, moment, moment.now),
                    (LeafTest::Ids { ids }, Some(Value::Keyword(id))) => ids.binary_search(id).is_ok(),
                    _ => holds(test, value.as_ref(), moment.now),
                };
                let holds = is_true != *negated;
                let kind = test.field().map(|field| moment.view.schema().field(field).kind);
                let turns = match test {
                    LeafTest::Events(events) => event::turns(events, *negated, row, moment),
                    _ => turns(test, *negated, value.as_ref(), moment.now),
                };
                let test = Kind::Test { written, test, negated: *negated, value, kind, turns };
                self.node(pointer, parent, test, holds);
            }
            // A checked rule has the shape of the rule that was checked.
            (CheckedKind::Group { .. }, _) => {}
        }
        Ok(())
    }

    /// A segment that no rule says: a list, or a model.
    fn unruled(
        &mut self,
        pointer: String,
        parent: Option<usize>,
        (segment, negated): (&'a Segment, bool),
        row: Row,
        moment: &Moment<'a>,
    ) -> Result<()> {
        let SegmentKind::Lookalike { model, .. } = &segment.kind else {
            let is_on = matches!(&segment.kind, SegmentKind::Static(list) if list.rows.contains(row.0));
            self.node(pointer, parent, Kind::Listed { segment, negated }, is_on != negated);
            return Ok(());
        };
        let score = model.score(moment.view.schema()).map_err(Error::Invalid)?;
        let rows = Rows::new(moment.view, moment.now);
        let at = RowAt { rows: &rows, row: row.0 };
        let added: Vec<bool> = score.terms.iter().map(|term| at.adds(term)).collect();
        let is_in = moment.rows_of_segment(segment.id)?.contains(row.0);
        let kind = Kind::Alike { segment, model, negated, score: at.sum(&score), added };
        self.node(pointer, parent, kind, is_in != negated);
        Ok(())
    }

    fn node(&mut self, pointer: String, parent: Option<usize>, kind: Kind<'a>, holds: bool) {
        if let Some(parent) = parent {
            self.nodes[parent].children += 1;
        }
        self.nodes.push(Node { pointer, parent, kind, holds, children: 0, holding: 0 });
    }

    /// Whether the root holds.
    pub(super) fn holds(&self) -> bool {
        self.nodes.first().is_some_and(|root| root.holds)
    }

    /// Gives a leaf another verdict, and all nodes above it theirs.
    pub(super) fn turn(&mut self, leaf: usize, holds: bool) {
        let (mut at, mut holds) = (leaf, holds);
        while self.nodes[at].holds != holds {
            self.nodes[at].holds = holds;
            let Some(parent) = self.nodes[at].parent else { return };
            let group = &mut self.nodes[parent];
            group.holding = if holds { group.holding + 1 } else { group.holding - 1 };
            holds = group.joined();
            at = parent;
        }
    }
}
