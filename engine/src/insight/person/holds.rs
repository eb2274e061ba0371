//! One test asked of one value. What columns and indexes answer for everybody, once more for one person.

use crate::plan::window_keys;
use crate::rule::{LeafTest, Pattern};
use crate::schema::Value;
use crate::time::Timestamp;

/// Whether a positive test holds for a value, at an instant; no value fails it. Not for `Ids`, `Everyone`,
/// `Segment` and `Score`, which ask about no one field and are never true here.
pub(super) fn holds(test: &LeafTest, value: Option<&Value>, now: Timestamp) -> bool {
    let Some(value) = value else { return false };
    match test {
        LeafTest::Exists { .. } => true,
        LeafTest::Range { .. } | LeafTest::Window { .. } => {
            let (lo, hi) = range(test, value, now);
            value.to_key().is_some_and(|key| (lo..=hi).contains(&key))
        }
        LeafTest::Keys { keys, .. } => value.to_key().is_some_and(|key| keys.binary_search(&key).is_ok()),
        LeafTest::Flag { values, .. } => matches!(value, Value::Bool(flag) if values[usize::from(*flag)]),
        LeafTest::Words { words, .. } => matches!(value, Value::Keyword(word) if words.binary_search(word).is_ok()),
        LeafTest::Pattern { pattern, .. } => matches!(value, Value::Keyword(word) if fits(pattern, word)),
        LeafTest::WordMembers { words, all, .. } => match value {
            Value::KeywordSet(members) => shares(words, members, *all),
            _ => false,
        },
        LeafTest::IntMembers { ints, all, .. } => match value {
            Value::IntSet(members) => shares(ints, members, *all),
            _ => false,
        },
        LeafTest::Ids { .. }
        | LeafTest::Everyone
        | LeafTest::Events(_)
        | LeafTest::Segment { .. }
        | LeafTest::Score(_) => false,
    }
}

/// The least and the greatest key for which a range or a window holds; least above greatest when none does.
pub(super) fn range(test: &LeafTest, value: &Value, now: Timestamp) -> (i64, i64) {
    match test {
        LeafTest::Range { lo, hi, .. } => (*lo, *hi),
        LeafTest::Window { side, days, .. } => window_keys(value.kind(), *side, *days, now),
        _ => (i64::MAX, i64::MIN),
    }
}

/// Whether a word satisfies a pattern.
fn fits(pattern: &Pattern, word: &str) -> bool {
    match pattern {
        Pattern::Prefix(prefix) => word.starts_with(prefix.as_str()),
        Pattern::Suffix(suffix) => word.ends_with(suffix.as_str()),
        Pattern::Infix(infix) => word.contains(infix.as_str()),
        Pattern::Regex(regex) => regex.is_match(word),
    }
}

fn shares<T: Ord>(wanted: &[T], members: &[T], all: bool) -> bool {
    let is_member = |wanted: &T| members.binary_search(wanted).is_ok();
    if all { wanted.iter().all(is_member) } else { wanted.iter().any(is_member) }
}
