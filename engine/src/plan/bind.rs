//! A leaf test, bound to the data that answers it.

use std::sync::Arc;

use super::score::PlannedScore;
use super::warning::{UNKNOWN_WORDS_MAX, UnknownWord};
use super::window::window_keys;
use super::{SegmentRows, Timestamp, View};
use crate::block::Set;
use crate::column::{Column, Keyword};
use crate::id::FieldId;
use crate::index::{CodeScan, EventScan, Index, KeyRange, Keys, MemberScan, Selection, Union, WantedCodes};
use crate::patience::Patience;
use crate::rule::{CheckedEvents, CheckedNode, LeafTest, Pattern, Score};
use crate::table::FieldData;

/// Texts that are looked through before it is asked again whether somebody waits.
const TEXTS_AT_ONCE: u32 = 4_096;

/// Distinct values of a field up to which the complement of a list is looked at.
const EXCEPT_OTHERS_MAX: usize = 64;

/// What a test became.
pub(super) enum Bound {
    /// It holds for nobody.
    Nobody,
    /// It holds for every live profile.
    Everyone,
    /// It is one leaf.
    One(usize),
    /// It holds where all these leaves do.
    All(Vec<usize>),
    /// It holds where the leaf does not.
    Others(usize),
    /// It holds where the first leaf does and the second does not.
    Except(usize, usize),
    /// It is a sum of others.
    Score(usize),
}

/// Collects the leaves of a plan.
pub(super) struct Binder<'v, 'k> {
    view: &'v View,
    /// Nodes whose rows are known.
    known: &'k [(&'v CheckedNode, &'v Set)],
    segments: &'v SegmentRows,
    now: Timestamp,
    pub(super) leaves: Vec<Selection<'v>>,
    pub(super) scores: Vec<PlannedScore<'v>>,
    pub(super) unknown: Vec<UnknownWord>,
}

impl<'v, 'k> Binder<'v, 'k> {
    pub(super) fn new(view: &'v View, segments: &'v SegmentRows, now: Timestamp) -> Self {
        Self { view, known: &[], segments, now, leaves: Vec::new(), scores: Vec::new(), unknown: Vec::new() }
    }

    pub(super) fn knowing(self, known: &'k [(&'v CheckedNode, &'v Set)]) -> Self {
        Self { known, ..self }
    }

    /// A node as one leaf, when its rows are known.
    pub(super) fn known(&mut self, node: &CheckedNode) -> Option<Bound> {
        let rows = self.known.iter().find(|(known, _)| std::ptr::eq(*known, node))?.1;
        Some(self.rows(rows))
    }

    /// The live rows as a leaf.
    pub(super) fn live(&mut self) -> usize {
        self.leaves.push(Selection::Rows(self.view.live()));
        self.leaves.len() - 1
    }

    /// Live profiles that have no value of the field a test asks about.
    pub(super) fn missing(&self, test: &LeafTest) -> u64 {
        if let LeafTest::Events(events) = test {
            return EventScan::measured(events, self.view.events(), self.now).map_or(0, |measured| {
                let rows = self.view.live().blocks().map(|(block, live)| measured.count_without(block, live));
                rows.sum()
            });
        }
        let present = |field| self.view.field(field).present.len();
        // In files that nobody has verified more may have a value than there are.
        test.field().map_or(0, |field| self.view.live().len().saturating_sub(present(field)))
    }

    pub(super) fn bind(&mut self, test: &'v LeafTest, pointer: &str) -> Bound {
        match test {
            LeafTest::Everyone => Bound::Everyone,
            LeafTest::Score(score) => self.score(score),
            LeafTest::Events(events) => self.events(events),
            LeafTest::Exists { field } => self.rows(&self.view.field(*field).present),
            LeafTest::Segment { segment } => match self.segments.get(segment) {
                Some(rows) => self.rows(rows),
                None => Bound::Nobody,
            },
            LeafTest::Ids { ids } => {
                let rows = ids.iter().filter_map(|id| self.view.row(id)).map(|row| row.0).collect();
                self.made(Set::from_rows(rows))
            }
            LeafTest::Flag { field, values } => self.flag(*field, *values),
            LeafTest::Range { field, lo, hi } => self.keys(*field, (*lo, *hi), None),
            LeafTest::Window { field, side, days } => {
                let kind = self.view.schema().field(*field).kind;
                self.keys(*field, window_keys(kind, *side, *days, self.now), None)
            }
            LeafTest::Keys { field, keys } => match (keys.first(), keys.last()) {
                (Some(first), Some(last)) => self.keys(*field, (*first, *last), Some(keys)),
                _ => Bound::Nobody,
            },
            LeafTest::Words { field, words } => self.words(*field, words, pointer),
            LeafTest::Pattern { field, pattern } => self.pattern(*field, pattern),
            LeafTest::WordMembers { field, words, all } => {
                self.members(*field, words.iter().map(|word| (word.as_bytes(), word.as_str())), *all, pointer)
            }
            LeafTest::IntMembers { field, ints, all } => {
                let bytes: Vec<[u8; 8]> = ints.iter().map(|int| int.to_le_bytes()).collect();
                self.members(*field, bytes.iter().map(|bytes| (&bytes[..], "")), *all, pointer)
            }
        }
    }

    fn score(&mut self, score: &'v Score) -> Bound {
        let known = self.unknown.len();
        let planned = PlannedScore::new(score, self.view, |test| self.bind(test, ""));
        // A word that nobody has any more is no mistake of whoever reads the segment.
        self.unknown.truncate(known);
        self.scores.push(planned);
        Bound::Score(self.scores.len() - 1)
    }

    fn events(&mut self, events: &CheckedEvents) -> Bound {
        let scan = EventScan::new(events, self.view.events(), self.now).that_lays(events);
        let is_of_others = scan.is_of_others();
        match self.leaf(Selection::Events(Box::new(scan))) {
            Bound::Nobody if is_of_others => Bound::Everyone,
            Bound::One(leaf) if is_of_others => Bound::Others(leaf),
            bound => bound,
        }
    }

    fn leaf(&mut self, selection: Selection<'v>) -> Bound {
        if selection.at_most() == 0 {
            return Bound::Nobody;
        }
        self.leaves.push(selection);
        Bound::One(self.leaves.len() - 1)
    }

    fn rows(&mut self, rows: &'v Set) -> Bound {
        self.leaf(Selection::Rows(rows))
    }

    fn made(&mut self, rows: Set) -> Bound {
        self.leaf(Selection::Made(rows))
    }

    fn flag(&mut self, field: FieldId, [off, on]: [bool; 2]) -> Bound {
        let data = self.view.field(field);
        let Index::Flag(truths) = &data.index else { return Bound::Nobody };
        match (off, on) {
            (true, true) => self.rows(&data.present),
            (false, true) => self.rows(truths),
            (true, false) => self.except(&data.present, Selection::Rows(truths)),
            (false, false) => Bound::Nobody,
        }
    }

    fn keys(&mut self, field: FieldId, bounds: (i64, i64), list: Option<&'v [i64]>) -> Bound {
        let data = self.view.field(field);
        let (Column::Scalar(column), Index::Ranks(ranks)) = (&data.column, &data.index) else { return Bound::Nobody };
        let keys = Keys { column, ranks, present: &data.present };
        match list {
            _ if bounds.0 > bounds.1 => Bound::Nobody,
            None => self.leaf(Selection::Range(KeyRange { keys, lo: bounds.0, hi: bounds.1 })),
            Some([_]) => self.leaf(Selection::Range(KeyRange { keys, lo: bounds.0, hi: bounds.1 })),
            Some(list) => self.made(keys.any_of(list)),
        }
    }

    fn words(&mut self, field: FieldId, words: &Arc<[String]>, pointer: &str) -> Bound {
        let data = self.view.field(field);
        let Column::Keyword(keyword) = &data.column else { return Bound::Nobody };
        let mut codes = Vec::with_capacity(words.len());
        for word in words.iter() {
            match keyword.dict.code(word.as_bytes()).filter(|code| is_used(data, *code)) {
                Some(code) => codes.push(code),
                None => self.note_unknown(field, word, pointer),
            }
        }
        self.codes(data, keyword, &codes)
    }

    fn pattern(&mut self, field: FieldId, pattern: &Pattern) -> Bound {
        let data = self.view.field(field);
        let Column::Keyword(keyword) = &data.column else { return Bound::Nobody };
        let patience = Patience::current();
        let matches = |(code, text): &(u32, &[u8])| {
            // A dictionary may have as many texts as there are people.
            if code.is_multiple_of(TEXTS_AT_ONCE) {
                patience.check();
            }
            pattern.matches(text)
        };
        let codes: Vec<u32> = keyword.dict.iter().filter(matches).map(|(code, _)| code).collect();
        self.codes(data, keyword, &codes)
    }

    /// The rows of a set without some others.
    fn except(&mut self, rows: &'v Set, others: Selection<'v>) -> Bound {
        match (self.rows(rows), self.leaf(others)) {
            (Bound::One(leaf), Bound::One(others)) => Bound::Except(leaf, others),
            (bound, _) => bound,
        }
    }

    /// The rows in any of some sets; `scan` finds them for a few rows by reading the column.
    fn union(&mut self, data: &'v FieldData, sets: Vec<&'v Set>, scan: Option<CodeScan<'v>>) -> Bound {
        self.leaf(Selection::Union(Union::new(sets, &data.present, scan)))
    }

    /// The rows that have one of some codes.
    fn codes(&mut self, data: &'v FieldData, keyword: &'v Keyword, codes: &[u32]) -> Bound {
        let scan =
            |codes: &[u32]| CodeScan { codes: &keyword.codes, present: &data.present, wanted: WantedCodes::new(codes) };
        match (&data.index, codes) {
            (_, []) => Bound::Nobody,
            (Index::Postings(postings), [code]) => self.rows(postings.rows(*code)),
            (Index::Postings(postings), codes) => {
                let sets: Vec<&Set> = codes.iter().map(|code| postings.rows(*code)).collect();
                // A row has one code: where most rows have a wanted one, the few others may be less to read.
                if keyword.dict.live() as usize <= EXCEPT_OTHERS_MAX {
                    let is_other = |code: &u32| !codes.contains(code);
                    let others: Vec<u32> = keyword.dict.iter().map(|(code, _)| code).filter(is_other).collect();
                    let without = Union::new(
                        others.iter().map(|code| postings.rows(*code)).collect(),
                        &data.present,
                        Some(scan(&others)),
                    );
                    let wanted = Union::new(sets, &data.present, Some(scan(codes)));
                    return if 1.0 + without.cost() < wanted.cost() {
                        self.except(&data.present, Selection::Union(without))
                    } else {
                        self.leaf(Selection::Union(wanted))
                    };
                }
                self.union(data, sets, Some(scan(codes)))
            }
            _ => self.leaf(Selection::Codes(scan(codes))),
        }
    }

    /// The rows whose set shares a member with a list, or holds all of it. A list entry is its dictionary bytes and
    /// the word that a warning would name; no word, no warning.
    fn members<'w>(
        &mut self,
        field: FieldId,
        list: impl Iterator<Item = (&'w [u8], &'w str)>,
        all: bool,
        pointer: &str,
    ) -> Bound {
        let data = self.view.field(field);
        let Column::Members(members) = &data.column else { return Bound::Nobody };
        let mut codes = Vec::new();
        let mut unknown = false;
        for (bytes, word) in list {
            match members.dict.code(bytes).filter(|code| is_used(data, *code)) {
                Some(code) => codes.push(code),
                None => {
                    unknown = true;
                    if !word.is_empty() {
                        self.note_unknown(field, word, pointer);
                    }
                }
            }
        }
        match (&data.index, codes.as_slice()) {
            (_, []) => Bound::Nobody,
            _ if all && unknown => Bound::Nobody,
            (Index::Postings(postings), [code]) => self.rows(postings.rows(*code)),
            (Index::Postings(postings), codes) if all => {
                let leaves = codes.iter().map(|code| Selection::Rows(postings.rows(*code)));
                let first = self.leaves.len();
                self.leaves.extend(leaves);
                Bound::All((first..self.leaves.len()).collect())
            }
            (Index::Postings(postings), codes) => {
                self.union(data, codes.iter().map(|code| postings.rows(*code)).collect(), None)
            }
            (_, codes) => self.leaf(Selection::Members(MemberScan {
                members,
                present: &data.present,
                wanted: WantedCodes::new(codes),
                at_least: if all { codes.len() } else { 1 },
            })),
        }
    }

    fn note_unknown(&mut self, field: FieldId, word: &str, pointer: &str) {
        if self.unknown.len() < UNKNOWN_WORDS_MAX {
            self.unknown.push(UnknownWord { pointer: format!("{pointer}/value"), field, word: word.to_owned() });
        }
    }
}

/// Whether a row has the code; a text may outlive its last row.
pub(super) fn is_used(data: &FieldData, code: u32) -> bool {
    match &data.index {
        Index::Postings(postings) => postings.count(code) > 0,
        Index::Flag(_) | Index::Ranks(_) | Index::Scan => true,
    }
}
