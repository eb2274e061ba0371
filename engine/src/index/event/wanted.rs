//! What a key or a code is compared with, decided once for a whole query.

use crate::column::Dict;
use crate::event::EventData;
use crate::id::PropertyId;
use crate::index::WantedCodes;
use crate::rule::{Asked, Condition, LeafTest, MeanRange, Pattern, WindowSide};
use crate::schema::{FieldType, Value};
use crate::time::{DAY_US, Timestamp};

/// A positive test of a key, false where there is none.
#[derive(Debug)]
pub(super) enum Wanted {
    /// Least and greatest key, both included; least above greatest for none.
    Range(i64, i64),
    /// Sorted and distinct.
    Keys(Vec<i64>),
    /// Codes of a dictionary.
    Codes(WantedCodes),
    /// Any key.
    Any,
    /// An average between bounds.
    Mean(MeanRange),
}

impl Wanted {
    /// Whether a key that is there is wanted.
    #[inline]
    pub(super) fn holds(&self, key: i64) -> bool {
        match self {
            Self::Range(lo, hi) => *lo <= key && key <= *hi,
            Self::Keys(keys) => keys.binary_search(&key).is_ok(),
            Self::Codes(codes) => u32::try_from(key).is_ok_and(|code| codes.contains(code)),
            Self::Any => true,
            Self::Mean(_) => false,
        }
    }

    /// What a measure is compared with. Measures are numbers, averages and times.
    pub(super) fn of_measure(asked: &Asked, now: Timestamp) -> Self {
        match asked {
            Asked::Mean(range) => Self::Mean(*range),
            Asked::Key(test) => Self::of_key(test, FieldType::Time, now),
        }
    }

    fn of_key(test: &LeafTest, kind: FieldType, now: Timestamp) -> Self {
        match test {
            LeafTest::Range { lo, hi, .. } => Self::Range(*lo, *hi),
            LeafTest::Keys { keys, .. } => Self::Keys(keys.to_vec()),
            LeafTest::Flag { values, .. } => Self::Range(i64::from(!values[0]), i64::from(values[1])),
            LeafTest::Window { side, days, .. } => window(kind, *side, *days, now),
            _ => Self::Any,
        }
    }

    /// What a property is compared with.
    pub(super) fn of_property(test: &LeafTest, property: PropertyId, data: &EventData, now: Timestamp) -> Self {
        let kind = data.schema().property(property).kind;
        match test {
            LeafTest::Words { words, .. } => {
                let dict = data.dictionary(property);
                let code = |word: &String| dict.and_then(|dict| dict.code(word.as_bytes()));
                Self::Codes(WantedCodes::new(&words.iter().filter_map(code).collect::<Vec<_>>()))
            }
            LeafTest::Pattern { pattern, .. } => {
                codes(data, property, |value| matches!(value, Value::Keyword(word) if fits(pattern, word)))
            }
            LeafTest::WordMembers { words, all, .. } => codes(
                data,
                property,
                |value| matches!(value, Value::KeywordSet(members) if shares(words, members, *all)),
            ),
            LeafTest::IntMembers { ints, all, .. } => {
                codes(data, property, |value| matches!(value, Value::IntSet(members) if shares(ints, members, *all)))
            }
            _ => Self::of_key(test, kind, now),
        }
    }
}

/// A test of a property of each event.
#[derive(Debug)]
pub(super) struct Filter {
    pub(super) property: PropertyId,
    pub(super) wanted: Wanted,
    /// Whether the complement is asked, which events without the property satisfy.
    pub(super) negated: bool,
}

impl Filter {
    pub(super) fn new(condition: &Condition, data: &EventData, now: Timestamp) -> Self {
        // A property stands where the field of a test does.
        let property = PropertyId(condition.test.field().map_or(0, |field| field.0));
        let wanted = Wanted::of_property(&condition.test, property, data, now);
        Self { property, wanted, negated: condition.negated }
    }

    /// Whether an event with this value of the property passes.
    #[inline]
    pub(super) fn passes(&self, value: Option<i64>) -> bool {
        value.is_some_and(|key| self.wanted.holds(key)) != self.negated
    }
}

fn window(kind: FieldType, side: WindowSide, days: i64, now: Timestamp) -> Wanted {
    let (first, last) = match side {
        WindowSide::Within => (now.plus_days(-days).0, now.0),
        WindowSide::Before => (i64::MIN, now.plus_days(-days).0.saturating_sub(1)),
        WindowSide::Next => (now.0.saturating_add(1), now.plus_days(days).0),
    };
    if kind != FieldType::Date {
        return Wanted::Range(first, last);
    }
    Wanted::Range(first.div_euclid(DAY_US) + i64::from(first.rem_euclid(DAY_US) > 0), last.div_euclid(DAY_US))
}

/// The codes of a property whose values are wanted.
fn codes(data: &EventData, property: PropertyId, is_wanted: impl Fn(&Value) -> bool) -> Wanted {
    let known = data.dictionary(property).into_iter().flat_map(Dict::iter).map(|(code, _)| code);
    let wanted: Vec<u32> = known.filter(|code| is_wanted(&data.value(property, i64::from(*code)))).collect();
    Wanted::Codes(WantedCodes::new(&wanted))
}

fn fits(pattern: &Pattern, word: &str) -> bool {
    pattern.matches(word.as_bytes())
}

fn shares<T: Ord>(wanted: &[T], members: &[T], all: bool) -> bool {
    let is_member = |wanted: &T| members.binary_search(wanted).is_ok();
    if all { wanted.iter().all(is_member) } else { wanted.iter().any(is_member) }
}
