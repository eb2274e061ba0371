//! Which values of a field a test lets in, whatever profiles there are; and how two tests of one field relate.
//!
//! Known for ranges, windows (at the instant that is asked about), lists, flags and `exists`. Patterns and members of sets
//! are left to the data.

use std::collections::BTreeSet;

use crate::id::FieldId;
use crate::insight::Moment;
use crate::plan::window_keys;
use crate::rule::{CheckedKind, CheckedNode, LeafTest};
use crate::schema::FieldType;

/// Entries of a list up to which it is reasoned about.
const LISTED_MAX: usize = 1_000;

/// How two sets relate.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(super) struct Relation {
    /// Nobody is in both.
    pub(super) disjoint: bool,
    /// Whoever is in the left one is in the right one.
    pub(super) left_within: bool,
    /// Whoever is in the right one is in the left one.
    pub(super) right_within: bool,
    /// Everybody is in one of them.
    pub(super) covering: bool,
}

/// The values that are let in.
#[derive(Debug, Clone, PartialEq, Eq)]
enum Values {
    /// Keys in ranges, ascending and apart, of all keys there are.
    Keys { ranges: Vec<(i64, i64)>, all: (i64, i64) },
    /// These words, or all others.
    Words { words: BTreeSet<String>, others: bool },
}

/// What a test lets in.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Domain {
    field: FieldId,
    values: Values,
    /// Whether having no value is let in.
    missing: bool,
}

impl Domain {
    /// Of a leaf, where it is known.
    pub(super) fn of(node: &CheckedNode, moment: &Moment<'_>) -> Option<Self> {
        let CheckedKind::Leaf { test, negated } = &node.kind else { return None };
        let field = test.field()?;
        let kind = moment.view.schema().field(field).kind;
        let all = if kind == FieldType::Bool { (0, 1) } else { (i64::MIN, i64::MAX) };
        let keys = |ranges: Vec<(i64, i64)>| {
            Some(Values::Keys { ranges: ranges.into_iter().filter(|(lo, hi)| lo <= hi).collect(), all })
        };
        let values = match test {
            LeafTest::Range { lo, hi, .. } => keys(vec![(*lo, *hi)]),
            LeafTest::Window { side, days, .. } => keys(vec![window_keys(kind, *side, *days, moment.now)]),
            LeafTest::Keys { keys: listed, .. } if listed.len() <= LISTED_MAX => {
                keys(listed.iter().map(|key| (*key, *key)).collect())
            }
            LeafTest::Flag { values, .. } => {
                keys((0..2).filter(|flag| values[*flag as usize]).map(|flag| (flag, flag)).collect())
            }
            LeafTest::Words { words, .. } if words.len() <= LISTED_MAX => {
                Some(Values::Words { words: words.iter().cloned().collect(), others: false })
            }
            LeafTest::Exists { .. } if kind.is_scalar() || kind == FieldType::Bool => keys(vec![all]),
            LeafTest::Exists { .. } => Some(Values::Words { words: BTreeSet::new(), others: true }),
            _ => None,
        }?;
        let positive = Self { field, values, missing: false };
        Some(if *negated { positive.complement() } else { positive })
    }

    /// Whether nothing is let in.
    pub(super) fn is_empty(&self) -> bool {
        !self.missing
            && match &self.values {
                Values::Keys { ranges, .. } => ranges.is_empty(),
                Values::Words { words, others } => words.is_empty() && !others,
            }
    }

    /// How the tests relate for any profiles; none for tests of two fields.
    pub(super) fn relation(&self, other: &Self) -> Option<Relation> {
        let (not_self, not_other) = (self.complement(), other.complement());
        Some(Relation {
            disjoint: self.and(other)?.is_empty(),
            left_within: self.and(&not_other)?.is_empty(),
            right_within: other.and(&not_self)?.is_empty(),
            covering: not_self.and(&not_other)?.is_empty(),
        })
    }

    fn complement(&self) -> Self {
        let values = match &self.values {
            Values::Keys { ranges, all } => Values::Keys { ranges: gaps(ranges, *all), all: *all },
            Values::Words { words, others } => Values::Words { words: words.clone(), others: !others },
        };
        Self { field: self.field, values, missing: !self.missing }
    }

    fn and(&self, other: &Self) -> Option<Self> {
        if self.field != other.field {
            return None;
        }
        let values = match (&self.values, &other.values) {
            (Values::Keys { ranges: left, all }, Values::Keys { ranges: right, .. }) => {
                Values::Keys { ranges: common(left, right), all: *all }
            }
            (Values::Words { words: left, others: true }, Values::Words { words: right, others: true }) => {
                Values::Words { words: left | right, others: true }
            }
            (Values::Words { words: left, others: false }, Values::Words { words: right, others: false }) => {
                Values::Words { words: left & right, others: false }
            }
            (Values::Words { words: listed, others: false }, Values::Words { words: without, others: true })
            | (Values::Words { words: without, others: true }, Values::Words { words: listed, others: false }) => {
                Values::Words { words: listed - without, others: false }
            }
            (Values::Keys { .. }, Values::Words { .. }) | (Values::Words { .. }, Values::Keys { .. }) => return None,
        };
        Some(Self { field: self.field, values, missing: self.missing && other.missing })
    }
}

/// The keys of `all` that are in none of some ranges.
fn gaps(ranges: &[(i64, i64)], all: (i64, i64)) -> Vec<(i64, i64)> {
    let mut found = Vec::new();
    let mut next = Some(all.0);
    for (lo, hi) in ranges {
        if let Some(from) = next.filter(|from| from < lo) {
            found.push((from, lo - 1));
        }
        next = hi.checked_add(1);
    }
    found.extend(next.filter(|from| *from <= all.1).map(|from| (from, all.1)));
    found
}

fn common(left: &[(i64, i64)], right: &[(i64, i64)]) -> Vec<(i64, i64)> {
    let (mut at, mut found) = ((0, 0), Vec::new());
    while let (Some(one), Some(other)) = (left.get(at.0), right.get(at.1)) {
        let both = (one.0.max(other.0), one.1.min(other.1));
        if both.0 <= both.1 {
            found.push(both);
        }
        if one.1 <= other.1 { at.0 += 1 } else { at.1 += 1 }
    }
    found
}
