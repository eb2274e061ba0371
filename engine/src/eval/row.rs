//! One row through a rule: the values themselves are looked at, no index and no plan.
//!
//! For few rows and many rules this is the cheapest way: binding a rule to a view costs more than reading a row's
//! values. Of a word that is asked for nothing is looked up; the row's own word is compared.

use std::cell::RefCell;
use std::collections::HashMap;
use std::rc::Rc;

use crate::column::{Column, Members};
use crate::id::{FieldId, Row, SegmentId};
use crate::index::{EventScan, Index};
use crate::plan::window_keys;
use crate::rule::{CheckedEvents, CheckedKind, CheckedNode, LeafTest, Match, Score, ScoreTerm};
use crate::table::View;
use crate::time::Timestamp;

/// A view at an instant, whose rows are asked one after the other: what a test of events wants is found out once.
#[derive(Debug)]
pub struct Rows<'v> {
    view: &'v View,
    now: Timestamp,
    /// By where the tests lie: they are borrowed for as long.
    scans: RefCell<HashMap<*const CheckedEvents, Rc<EventScan<'v>>>>,
}

impl<'v> Rows<'v> {
    /// The rows of a view at an instant.
    pub fn new(view: &'v View, now: Timestamp) -> Self {
        Self { view, now, scans: RefCell::default() }
    }

    fn scan(&self, events: &'v CheckedEvents) -> Rc<EventScan<'v>> {
        let mut scans = self.scans.borrow_mut();
        scans.entry(events).or_insert_with(|| Rc::new(EventScan::new(events, self.view.events(), self.now))).clone()
    }
}

/// A live row of a view at an instant.
#[derive(Debug, Clone, Copy)]
pub struct RowAt<'r, 'v> {
    /// The profiles, and the instant.
    pub rows: &'r Rows<'v>,
    /// The row; it is live.
    pub row: u32,
}

impl<'v> RowAt<'_, 'v> {
    /// Whether a node of a rule selects the row; `member` says whether it is in a segment.
    pub fn satisfies(self, node: &'v CheckedNode, member: &dyn Fn(SegmentId) -> bool) -> bool {
        match &node.kind {
            CheckedKind::Leaf { test, negated } => self.passes(test, member) != *negated,
            CheckedKind::Group { join, rules } => {
                let mut answers = rules.iter().map(|rule| self.satisfies(rule, member));
                match join {
                    Match::All => answers.all(|answer| answer),
                    Match::Any => answers.any(|answer| answer),
                    Match::None => !answers.any(|answer| answer),
                }
            }
        }
    }

    /// What a score adds up to for the row.
    pub fn sum(self, score: &'v Score) -> i64 {
        score.terms.iter().filter(|term| self.adds(term)).map(|term| i64::from(term.weight)).sum()
    }

    /// Whether a term of a score is added for the row.
    pub fn adds(self, term: &'v ScoreTerm) -> bool {
        self.passes(&term.test, &|_| false) != term.negated
    }

    fn passes(self, test: &'v LeafTest, member: &dyn Fn(SegmentId) -> bool) -> bool {
        let within = |field, (lo, hi)| self.key(field).is_some_and(|key| lo <= key && key <= hi);
        match test {
            LeafTest::Everyone => true,
            LeafTest::Events(events) => self.rows.scan(events).holds(self.row),
            LeafTest::Exists { field } => self.rows.view.field(*field).present.contains(self.row),
            LeafTest::Segment { segment } => member(*segment),
            LeafTest::Score(score) => score.admits(self.sum(score), || self.rows.view.id_hash(Row(self.row))),
            LeafTest::Ids { ids } => is_listed(ids, self.rows.view.id(Row(self.row)).as_bytes()),
            LeafTest::Flag { field, values } => self.flag(*field).is_some_and(|flag| values[usize::from(flag)]),
            LeafTest::Range { field, lo, hi } => within(*field, (*lo, *hi)),
            LeafTest::Window { field, side, days } => {
                within(*field, window_keys(self.rows.view.schema().field(*field).kind, *side, *days, self.rows.now))
            }
            LeafTest::Keys { field, keys } => self.key(*field).is_some_and(|key| keys.binary_search(&key).is_ok()),
            LeafTest::Words { field, words } => self.word(*field).is_some_and(|word| is_listed(words, word)),
            LeafTest::Pattern { field, pattern } => self.word(*field).is_some_and(|word| pattern.matches(word)),
            LeafTest::WordMembers { field, words, all } => self
                .members(*field)
                .is_some_and(|members| holds(&members, words.iter().map(|word| word.as_bytes()), *all)),
            LeafTest::IntMembers { field, ints, all } => {
                let bytes: Vec<[u8; 8]> = ints.iter().map(|int| int.to_le_bytes()).collect();
                self.members(*field).is_some_and(|members| holds(&members, bytes.iter().map(|int| &int[..]), *all))
            }
        }
    }

    fn key(self, field: FieldId) -> Option<i64> {
        match &self.rows.view.field(field).column {
            Column::Scalar(column) => column.get(self.row),
            Column::Flag | Column::Keyword(_) | Column::Members(_) => None,
        }
    }

    fn flag(self, field: FieldId) -> Option<bool> {
        let data = self.rows.view.field(field);
        match &data.index {
            Index::Flag(truths) => data.present.contains(self.row).then(|| truths.contains(self.row)),
            Index::Postings(_) | Index::Ranks(_) | Index::Scan => None,
        }
    }

    fn word(self, field: FieldId) -> Option<&'v [u8]> {
        let data = self.rows.view.field(field);
        match &data.column {
            Column::Keyword(keyword) if data.present.contains(self.row) => {
                Some(keyword.dict.text(keyword.codes.get(self.row)))
            }
            _ => None,
        }
    }

    /// The members of a set that is there.
    fn members(self, field: FieldId) -> Option<Vec<&'v [u8]>> {
        let data = self.rows.view.field(field);
        let texts = |members: &'v Members| members.get(self.row).iter().map(|code| members.dict.text(*code)).collect();
        match &data.column {
            Column::Members(members) if data.present.contains(self.row) => Some(texts(members)),
            _ => None,
        }
    }
}

/// Whether a sorted list has a text.
fn is_listed(words: &[String], text: &[u8]) -> bool {
    words.binary_search_by(|word| word.as_bytes().cmp(text)).is_ok()
}

/// Whether a set shares a member with a list, or holds all of it.
fn holds<'w>(members: &[&[u8]], mut wanted: impl Iterator<Item = &'w [u8]>, all: bool) -> bool {
    let has = |member: &[u8]| members.contains(&member);
    if all { wanted.all(has) } else { wanted.any(has) }
}
