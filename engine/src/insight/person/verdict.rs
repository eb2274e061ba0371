//! Why a person is in a rule or a segment, or is not.

use super::clock::{Turn, changes_at};
use super::flip::{Flip, flip};
use super::remedy::{Remedy, remedy};
use super::tree::{Entry, Kind, Node, Tree};
use super::words;
use crate::error::Result;
use crate::id::{Row, SegmentId};
use crate::insight::Moment;
use crate::rule::{Match, Rule};
use crate::schema::Value;
use crate::segment::{Model, Term};
use crate::time::Timestamp;

/// A person held against a rule.
#[derive(Debug, Clone, PartialEq)]
pub struct ExplainedPerson {
    /// Whether the rule selects the person.
    pub holds: bool,
    /// Every node in reading order, the root first, segments opened.
    pub nodes: Vec<NodeVerdict>,
    /// The smallest change that turns the verdict; none when no change of the person does.
    pub flip: Option<Flip>,
    /// The first instant at which the verdict is another one if nothing but time changes; none when it never is.
    pub changes_at: Option<Timestamp>,
}

/// What one node says about a person.
#[derive(Debug, Clone, PartialEq)]
pub struct NodeVerdict {
    /// JSON pointer into the rule; a segment's rule stands at `criteria` of the test that names the segment.
    pub pointer: String,
    /// Whether the node holds.
    pub holds: bool,
    /// What the node is.
    pub kind: VerdictKind,
}

/// What a node is, and what it has to do with the person.
#[derive(Debug, Clone, PartialEq)]
pub enum VerdictKind {
    /// Rules joined by a word.
    Group(Match),
    /// Membership in a segment, or its complement. One with a rule has that as its only child.
    Segment {
        /// Which.
        id: SegmentId,
        /// Its name.
        name: String,
        /// Whether the complement is asked.
        negated: bool,
        /// Of a list: what would turn the verdict.
        remedy: Option<Remedy>,
    },
    /// Membership in a segment of look-alikes, or its complement.
    Lookalike {
        /// Which.
        id: SegmentId,
        /// Its name.
        name: String,
        /// Whether the complement is asked.
        negated: bool,
        /// What the person's fields add up to.
        score: i64,
        /// What it takes.
        at_least: i64,
        /// How similar that makes the person, from 0 to 1.
        similarity: f64,
        /// What is added and taken away, the most first.
        contributions: Vec<Contribution>,
    },
    /// A test of a field, of the id, or of events.
    Test {
        /// The field, or the type of events, as the rule names it.
        field: String,
        /// The fields and properties that are asked about, as the rule names them.
        tested: Vec<String>,
        /// The person's value, or what is measured of the events.
        value: Option<Value>,
        /// The test as text.
        text: String,
        /// What the value says to the test.
        words: String,
        /// What would turn the verdict.
        remedy: Remedy,
        /// When time turns it, ascending.
        turns: Vec<Turn>,
    },
}

/// What one trait of a person adds to their score.
#[derive(Debug, Clone, PartialEq)]
pub struct Contribution {
    /// The field.
    pub field: String,
    /// The trait as text.
    pub text: String,
    /// Points.
    pub weight: i32,
}

/// Holds a person against a rule or a segment.
///
/// # Errors
/// `Limit` when the rule with its segments opened is longer than a rule may be.
pub fn explain_person(entry: Entry<'_>, row: Row, moment: &Moment<'_>) -> Result<ExplainedPerson> {
    let tree = Tree::new(entry, row, moment)?;
    Ok(ExplainedPerson {
        holds: tree.holds(),
        nodes: tree.nodes.iter().map(|node| verdict(node, moment)).collect(),
        flip: flip(&tree, moment.now),
        changes_at: changes_at(&tree),
    })
}

fn verdict(node: &Node<'_>, moment: &Moment<'_>) -> NodeVerdict {
    let kind = match &node.kind {
        Kind::Group(join) => VerdictKind::Group(*join),
        Kind::Opened { segment, negated } => {
            VerdictKind::Segment { id: segment.id, name: segment.name.clone(), negated: *negated, remedy: None }
        }
        Kind::Alike { segment, model, negated, score, added } => VerdictKind::Lookalike {
            id: segment.id,
            name: segment.name.clone(),
            negated: *negated,
            score: *score,
            at_least: model.at_least - i64::from(model.cut > 0),
            similarity: model.similarity(*score),
            contributions: contributions(model, added, moment),
        },
        Kind::Listed { segment, negated } => VerdictKind::Segment {
            id: segment.id,
            name: segment.name.clone(),
            negated: *negated,
            remedy: Some(Remedy::Listed(node.holds == *negated)),
        },
        Kind::Test { written, test, value, kind, turns, .. } => {
            let text = words::text(written, moment);
            let (field, words) = match written {
                Rule::Test(test) => (test.field.clone(), words::verdict(&text, test, value.as_ref(), node.holds)),
                Rule::Event(test) => (test.event.clone(), words::event(&text, value.as_ref(), node.holds)),
                Rule::Group(_) | Rule::Segment(_) => (String::new(), String::new()),
            };
            VerdictKind::Test {
                field,
                tested: written.tested().map(str::to_owned).collect(),
                value: value.clone(),
                text,
                words,
                remedy: remedy(test, value.as_ref(), *kind, moment.now),
                turns: turns.clone(),
            }
        }
    };
    NodeVerdict { pointer: node.pointer.clone(), holds: node.holds, kind }
}

fn contributions(model: &Model, added: &[bool], moment: &Moment<'_>) -> Vec<Contribution> {
    let terms = model.terms.iter().zip(added).filter(|(_, added)| **added);
    let contribution = |(term, _): (&Term, &bool)| Contribution {
        field: term.test.field.clone(),
        text: words::text(&Rule::Test(term.test.clone()), moment),
        weight: term.weight,
    };
    let mut found: Vec<Contribution> = terms.map(contribution).collect();
    found.sort_by_key(|one| std::cmp::Reverse(one.weight.unsigned_abs()));
    found
}
