//! A rule that is known to fit a schema: what the planner takes.
//!
//! Every test has been turned into what an index can be asked: keys instead of numbers and dates, negative operators
//! as their positive under a flag. `now` is still open, so that a checked rule can be kept and asked again tomorrow.

use std::sync::Arc;

use super::checked_event::CheckedEvents;
use super::score::Score;
use crate::id::{FieldId, SegmentId};
use crate::time::DAY_US;

/// A rule that fits a schema.
#[derive(Debug, Clone)]
pub struct CheckedRule {
    /// The root.
    pub root: CheckedNode,
}

/// One node of a checked rule.
#[derive(Debug, Clone)]
pub struct CheckedNode {
    /// Where the node stands in the rule, as a JSON pointer: "" for the root, `/rules/0`, ...
    pub pointer: String,
    /// What it is.
    pub kind: CheckedKind,
}

/// Group or leaf.
#[derive(Debug, Clone)]
pub enum CheckedKind {
    /// Never empty.
    Group {
        /// How the rules are joined.
        join: super::Match,
        /// At least one.
        rules: Vec<CheckedNode>,
    },
    /// A test; `negated` asks for its exact complement over the population.
    Leaf {
        /// The positive test, false on a missing value.
        test: LeafTest,
        /// Whether the complement is asked.
        negated: bool,
    },
}

/// A positive test, in terms of what lies in a column.
#[derive(Debug, Clone)]
pub enum LeafTest {
    /// lo <= key <= hi on a scalar field; lo > hi selects nobody.
    Range {
        /// The field.
        field: FieldId,
        /// Least key.
        lo: i64,
        /// Greatest key.
        hi: i64,
    },
    /// The key is one of these, sorted and distinct (`in` on an int field).
    Keys {
        /// The field.
        field: FieldId,
        /// Sorted, distinct.
        keys: Arc<[i64]>,
    },
    /// A bool field has this value.
    Flag {
        /// The field.
        field: FieldId,
        /// One or both of `false` and `true`.
        values: [bool; 2],
    },
    /// A keyword is one of these, sorted and distinct, in NFC.
    Words {
        /// The field.
        field: FieldId,
        /// Sorted, distinct.
        words: Arc<[String]>,
    },
    /// A keyword satisfies a pattern.
    Pattern {
        /// The field.
        field: FieldId,
        /// The pattern.
        pattern: Pattern,
    },
    /// A `keyword_set` shares a member with the list, or holds all of it.
    WordMembers {
        /// The field.
        field: FieldId,
        /// Sorted, distinct, NFC.
        words: Arc<[String]>,
        /// All of them rather than any.
        all: bool,
    },
    /// An `int_set` shares a member with the list, or holds all of it.
    IntMembers {
        /// The field.
        field: FieldId,
        /// Sorted, distinct.
        ints: Arc<[i64]>,
        /// All of them rather than any.
        all: bool,
    },
    /// Now - days <= t <= now, t < now - days, or now < t <= now + days, on a time or date field (a date is its midnight, UTC).
    Window {
        /// The field.
        field: FieldId,
        /// Which side of now.
        side: WindowSide,
        /// 0..=WINDOW_DAYS_MAX
        days: i64,
    },
    /// The field has a value.
    Exists {
        /// The field.
        field: FieldId,
    },
    /// The external id is one of these, sorted and distinct, in NFC.
    Ids {
        /// Sorted, distinct.
        ids: Arc<[String]>,
    },
    /// Everybody has an id (`id exists`).
    Everyone,
    /// What the person did.
    Events(Arc<CheckedEvents>),
    /// Membership in a segment.
    Segment {
        /// Which one; it existed when the rule was checked.
        segment: SegmentId,
    },
    /// Weighted tests add up to enough; only look-alike segments ask this.
    Score(Arc<Score>),
}

/// Which window a time is compared with.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum WindowSide {
    /// now - n days <= t <= now
    Within,
    /// t < now - n days
    Before,
    /// now < t <= now + n days
    Next,
}

impl WindowSide {
    /// The first instants, after the value and in microseconds, at which the answer of a window of days is another one.
    pub fn instants(self, days: i64) -> Vec<i64> {
        let span = days * DAY_US;
        match self {
            Self::Within => vec![0, span + 1],
            Self::Before => vec![span + 1],
            Self::Next => vec![-span, 0],
        }
    }
}

/// What a keyword is compared with.
#[derive(Debug, Clone)]
pub enum Pattern {
    /// `starts_with`
    Prefix(String),
    /// `ends_with`
    Suffix(String),
    /// `contains`
    Infix(String),
    /// `matches`, compiled under `REGEX_BYTES_MAX`
    Regex(regex::Regex),
}

impl Pattern {
    /// Whether a text of UTF-8 satisfies it.
    pub fn matches(&self, text: &[u8]) -> bool {
        // One text of UTF-8 begins or ends with another where its bytes do.
        match self {
            Self::Prefix(prefix) => text.starts_with(prefix.as_bytes()),
            Self::Suffix(suffix) => text.ends_with(suffix.as_bytes()),
            Self::Infix(infix) => std::str::from_utf8(text).is_ok_and(|text| text.contains(infix)),
            Self::Regex(regex) => std::str::from_utf8(text).is_ok_and(|text| regex.is_match(text)),
        }
    }
}

impl LeafTest {
    /// The field that is tested, when it is one; a score tests several.
    pub fn field(&self) -> Option<FieldId> {
        match self {
            Self::Range { field, .. }
            | Self::Keys { field, .. }
            | Self::Flag { field, .. }
            | Self::Words { field, .. }
            | Self::Pattern { field, .. }
            | Self::WordMembers { field, .. }
            | Self::IntMembers { field, .. }
            | Self::Window { field, .. }
            | Self::Exists { field } => Some(*field),
            Self::Ids { .. } | Self::Everyone | Self::Events(_) | Self::Segment { .. } | Self::Score(_) => None,
        }
    }
}

impl CheckedRule {
    /// The fields that are tested, each as often as it is.
    pub fn fields(&self) -> Vec<FieldId> {
        let fields = |test: &LeafTest| match test {
            LeafTest::Score(score) => score.fields().collect(),
            test => Vec::from_iter(test.field()),
        };
        self.leaves().flat_map(fields).collect()
    }

    /// The segments that are asked about, each as often as it is.
    pub fn segments(&self) -> Vec<SegmentId> {
        let segment = |test: &LeafTest| match test {
            LeafTest::Segment { segment } => Some(*segment),
            _ => None,
        };
        self.leaves().filter_map(segment).collect()
    }

    /// All tests, in no particular order.
    pub fn leaves(&self) -> impl Iterator<Item = &LeafTest> {
        let mut stack = vec![&self.root];
        std::iter::from_fn(move || {
            loop {
                match &stack.pop()?.kind {
                    CheckedKind::Group { rules, .. } => stack.extend(rules),
                    CheckedKind::Leaf { test, .. } => return Some(test),
                }
            }
        })
    }
}
