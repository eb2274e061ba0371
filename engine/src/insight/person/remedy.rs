//! Which value would turn a test around: the nearest one, where values have an order.

use super::holds::{holds, range};
use crate::limits::SET_MEMBERS_MAX;
use crate::plan::window_keys;
use crate::rule::{LeafTest, Pattern, nearest};
use crate::schema::{FieldType, Value};
use crate::time::Timestamp;

/// What would turn a test around for one person.
#[derive(Debug, Clone, PartialEq)]
pub enum Remedy {
    /// This value: the nearest that does, where values have an order.
    Value(Value),
    /// No value at all.
    NoValue,
    /// Any value.
    AnyValue,
    /// Some value that fits a regular expression.
    Fitting,
    /// Being on the list of a segment, or not.
    Listed(bool),
    /// Other events: doing something, or letting time pass.
    Events,
    /// Nothing that can change about a person.
    Impossible,
}

/// Words of a list that are compared with the person's: more take longer than the hint is worth.
const NEAREST_WORDS_MAX: usize = 1_000;

/// What would turn a test around, as far as it asks a field of type `kind`; a complement turns where its test does.
pub(super) fn remedy(test: &LeafTest, value: Option<&Value>, kind: Option<FieldType>, now: Timestamp) -> Remedy {
    match (kind, value) {
        _ if matches!(test, LeafTest::Events(_)) => Remedy::Events,
        (None, _) => Remedy::Impossible,
        (Some(_), Some(value)) if holds(test, Some(value), now) => away(test, value, now),
        (Some(kind), value) => towards(test, value, kind, now),
    }
}

/// What makes a test true that is not.
fn towards(test: &LeafTest, value: Option<&Value>, kind: FieldType, now: Timestamp) -> Remedy {
    let found = match test {
        LeafTest::Range { lo, hi, .. } => into_range((*lo, *hi), value, kind),
        LeafTest::Window { side, days, .. } => into_range(window_keys(kind, *side, *days, now), value, kind),
        LeafTest::Keys { keys, .. } => {
            let key = value.and_then(Value::to_key).unwrap_or(0);
            let near = keys.iter().min_by_key(|wanted| wanted.abs_diff(key));
            near.and_then(|key| writable(kind, *key))
        }
        LeafTest::Flag { values, .. } => Some(Value::Bool(values[1])),
        LeafTest::Words { words, .. } => near_word(words, value),
        LeafTest::Pattern { pattern, .. } => match pattern {
            Pattern::Prefix(text) | Pattern::Suffix(text) | Pattern::Infix(text) => Some(Value::Keyword(text.clone())),
            Pattern::Regex(_) => return Remedy::Fitting,
        },
        LeafTest::WordMembers { words, all, .. } => {
            let members = if let Some(Value::KeywordSet(members)) = value { members.as_slice() } else { &[] };
            joined(members, words, *all).map(Value::KeywordSet)
        }
        LeafTest::IntMembers { ints, all, .. } => {
            let members = if let Some(Value::IntSet(members)) = value { members.as_slice() } else { &[] };
            joined(members, ints, *all).map(Value::IntSet)
        }
        LeafTest::Exists { .. } => return Remedy::AnyValue,
        LeafTest::Ids { .. }
        | LeafTest::Everyone
        | LeafTest::Events(_)
        | LeafTest::Segment { .. }
        | LeafTest::Score(_) => None,
    };
    found.map_or(Remedy::Impossible, Remedy::Value)
}

/// What makes a test false that is true. Where no other value of the type does, having none does.
fn away(test: &LeafTest, value: &Value, now: Timestamp) -> Remedy {
    let found = match test {
        LeafTest::Range { .. } | LeafTest::Window { .. } => out_of_range(range(test, value, now), value),
        LeafTest::Keys { keys, .. } => out_of_keys(keys, value),
        LeafTest::Flag { values, .. } => match value {
            Value::Bool(flag) if !values[usize::from(!flag)] => Some(Value::Bool(!flag)),
            _ => None,
        },
        LeafTest::WordMembers { words, all, .. } => match value {
            Value::KeywordSet(members) => Some(Value::KeywordSet(parted(members, words, *all))),
            _ => None,
        },
        LeafTest::IntMembers { ints, all, .. } => match value {
            Value::IntSet(members) => Some(Value::IntSet(parted(members, ints, *all))),
            _ => None,
        },
        _ => None,
    };
    found.map_or(Remedy::NoValue, Remedy::Value)
}

/// The value of a key, unless it is none that can be written.
fn writable(kind: FieldType, key: i64) -> Option<Value> {
    let value = match kind {
        FieldType::Date if i32::try_from(key).is_err() => return None,
        kind => Value::from_key(kind, key),
    };
    let is_writable = match &value {
        Value::Float(value) => value.is_finite(),
        Value::Time(at) => at.is_writable(),
        Value::Date(day) => day.is_writable(),
        _ => true,
    };
    is_writable.then_some(value)
}

/// The nearest value within a range; of no value the end that is not the end of all keys.
fn into_range((lo, hi): (i64, i64), value: Option<&Value>, kind: FieldType) -> Option<Value> {
    // Floats have no key of -1: it would be that of the negative zero, which is zero.
    let (lo, hi) = match kind {
        FieldType::Float => (if lo == -1 { 0 } else { lo }, if hi == -1 { -2 } else { hi }),
        _ => (lo, hi),
    };
    if lo > hi {
        return None;
    }
    let (near, far) = match value.and_then(Value::to_key) {
        Some(key) if key < lo => (lo, hi),
        Some(_) => (hi, lo),
        None if lo == i64::MIN => (hi, lo),
        None => (lo, hi),
    };
    let near = writable(kind, near).or_else(|| writable(kind, far));
    // Both ends of all keys are no values of some types; what lies between is.
    near.or_else(|| writable(kind, 0).filter(|_| lo <= 0 && hi >= 0))
}

fn out_of_range((lo, hi): (i64, i64), value: &Value) -> Option<Value> {
    let key = value.to_key()?;
    // Below zero the next float's key is -2.
    let step = if value.kind() == FieldType::Float && lo == 0 { 2 } else { 1 };
    let below = lo.checked_sub(step).and_then(|key| writable(value.kind(), key)).map(|end| (key.abs_diff(lo), end));
    let above = hi.checked_add(1).and_then(|key| writable(value.kind(), key)).map(|end| (hi.abs_diff(key), end));
    [below, above].into_iter().flatten().min_by_key(|(distance, _)| *distance).map(|(_, end)| end)
}

/// The nearest key that is not listed.
fn out_of_keys(keys: &[i64], value: &Value) -> Option<Value> {
    let key = value.to_key()?;
    let at = keys.binary_search(&key).ok()?;
    let above = keys[at..].windows(2).take_while(|pair| pair[1] == pair[0].wrapping_add(1)).count();
    let below = keys[..=at].windows(2).rev().take_while(|pair| pair[1] == pair[0].wrapping_add(1)).count();
    let above = keys[at + above].checked_add(1);
    let below = keys[at - below].checked_sub(1);
    let near = [below, above].into_iter().flatten().min_by_key(|other| other.abs_diff(key));
    near.and_then(|key| writable(value.kind(), key))
}

fn near_word(words: &[String], value: Option<&Value>) -> Option<Value> {
    let near = match value {
        Some(Value::Keyword(word)) if words.len() <= NEAREST_WORDS_MAX => {
            nearest(word, words.iter().map(String::as_str)).into_iter().next()
        }
        _ => None,
    };
    near.or_else(|| words.first().cloned()).map(Value::Keyword)
}

/// A set with what a list wants of it: the first member, or all; none when the set would be too large.
fn joined<T: Ord + Clone>(members: &[T], wanted: &[T], all: bool) -> Option<Vec<T>> {
    let mut set: Vec<T> = members.iter().chain(&wanted[..if all { wanted.len() } else { 1 }]).cloned().collect();
    set.sort_unstable();
    set.dedup();
    (set.len() <= SET_MEMBERS_MAX).then_some(set)
}

/// A set without what a list wants of it: without the first, where all are wanted, or without any.
fn parted<T: Ord + Clone>(members: &[T], wanted: &[T], all: bool) -> Vec<T> {
    let unwanted = if all { &wanted[..1] } else { wanted };
    members.iter().filter(|member| unwanted.binary_search(member).is_err()).cloned().collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::id::FieldId;

    #[test]
    fn the_nearest_value_is_the_one_next_to_the_bound() {
        let field = FieldId(0);
        let now = Timestamp(0);
        let at_least = LeafTest::Range { field, lo: 10_000, hi: i64::MAX };
        let money = |units| Value::Decimal(units, 2);
        let kind = FieldType::Decimal(2);
        let of = |test: &LeafTest, value: Option<Value>, kind| remedy(test, value.as_ref(), Some(kind), now);
        assert_eq!(of(&at_least, Some(money(8_000)), kind), Remedy::Value(money(10_000)));
        assert_eq!(of(&at_least, None, kind), Remedy::Value(money(10_000)));
        assert_eq!(of(&at_least, Some(money(10_005)), kind), Remedy::Value(money(9_999)));
        let listed = LeafTest::Keys { field, keys: [3, 4, 5, 9].into() };
        assert_eq!(of(&listed, Some(Value::Int(5)), FieldType::Int), Remedy::Value(Value::Int(6)));
        assert_eq!(of(&listed, Some(Value::Int(3)), FieldType::Int), Remedy::Value(Value::Int(2)));
        assert_eq!(of(&listed, Some(Value::Int(7)), FieldType::Int), Remedy::Value(Value::Int(5)));
        let everything = LeafTest::Range { field, lo: i64::MIN, hi: i64::MAX };
        assert_eq!(of(&everything, Some(Value::Int(5)), FieldType::Int), Remedy::NoValue);
        let empty = LeafTest::Range { field, lo: 1, hi: 0 };
        assert_eq!(of(&empty, Some(Value::Int(5)), FieldType::Int), Remedy::Impossible);
        let finite = LeafTest::Range { field, lo: i64::MIN, hi: crate::schema::float_to_key(f64::MIN) - 1 };
        assert_eq!(of(&finite, Some(Value::Float(0.0)), FieldType::Float), Remedy::Impossible);
    }
}
