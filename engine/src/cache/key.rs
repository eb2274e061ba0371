//! A part of a rule as bytes: equal for parts that select the same rows for the same reason.

use crate::id::FieldId;
use crate::plan::window_keys;
use crate::rule::{
    Asked, CheckedEvents, CheckedKind, CheckedMeasure, CheckedNode, ChosenEvents, LeafTest, Match, MeanRange, Pattern,
    ScoreTerm,
};
use crate::schema::{FieldType, Schema};
use crate::time::Timestamp;

/// Bytes of the longest key: longer rules hold lists that are as long to compare as to evaluate.
const KEY_BYTES_MAX: usize = 16 << 10;

/// The key of a part at an instant; none for what depends on more than profiles (segments) and for very long lists.
/// The order of a group's rules makes no difference.
pub(super) fn key(node: &CheckedNode, schema: &Schema, now: Timestamp) -> Option<Box<[u8]>> {
    let mut out = Vec::with_capacity(128);
    write(node, schema, now, &mut out)?;
    Some(out.into())
}

/// Whether a part selects other rows at another instant.
pub(super) fn depends_on_now(node: &CheckedNode) -> bool {
    match &node.kind {
        CheckedKind::Leaf { test, .. } => matches!(test, LeafTest::Window { .. } | LeafTest::Events(_)),
        CheckedKind::Group { rules, .. } => rules.iter().any(depends_on_now),
    }
}

fn write(node: &CheckedNode, schema: &Schema, now: Timestamp, out: &mut Vec<u8>) -> Option<()> {
    match &node.kind {
        CheckedKind::Leaf { test, negated } => {
            out.push(if *negated { b'-' } else { b'+' });
            leaf(test, &|field| schema.field(field).kind, now, out)?;
        }
        CheckedKind::Group { join, rules } => {
            out.push(match join {
                Match::All => b'&',
                Match::Any => b'|',
                Match::None => b'!',
            });
            let mut children = Vec::with_capacity(rules.len());
            for rule in rules {
                let mut child = Vec::with_capacity(64);
                write(rule, schema, now, &mut child)?;
                children.push(child);
            }
            children.sort_unstable();
            number(children.len() as i64, out);
            children.iter().for_each(|child| bytes(child, out));
        }
    }
    (out.len() <= KEY_BYTES_MAX).then_some(())
}

fn leaf(test: &LeafTest, kind: &dyn Fn(FieldId) -> FieldType, now: Timestamp, out: &mut Vec<u8>) -> Option<()> {
    if let Some(field) = test.field() {
        number(field.index() as i64, out);
    }
    match test {
        LeafTest::Range { lo, hi, .. } => range(*lo, *hi, out),
        LeafTest::Window { field, side, days } => {
            let (lo, hi) = window_keys(kind(*field), *side, *days, now);
            range(lo, hi, out);
        }
        LeafTest::Keys { keys, .. } => list(b'k', keys, out, |key, out| number(*key, out))?,
        LeafTest::Flag { values, .. } => out.extend([b'f', u8::from(values[0]), u8::from(values[1])]),
        LeafTest::Words { words, .. } => list(b'w', words, out, |word, out| bytes(word.as_bytes(), out))?,
        LeafTest::WordMembers { words, all, .. } => {
            list(if *all { b'A' } else { b'a' }, words, out, |word, out| bytes(word.as_bytes(), out))?;
        }
        LeafTest::IntMembers { ints, all, .. } => {
            list(if *all { b'I' } else { b'i' }, ints, out, |int, out| number(*int, out))?;
        }
        LeafTest::Pattern { pattern, .. } => {
            let (kind, text) = match pattern {
                Pattern::Prefix(text) => (b'<', text.as_str()),
                Pattern::Suffix(text) => (b'>', text.as_str()),
                Pattern::Infix(text) => (b'~', text.as_str()),
                Pattern::Regex(regex) => (b'/', regex.as_str()),
            };
            out.push(kind);
            bytes(text.as_bytes(), out);
        }
        LeafTest::Exists { .. } => out.push(b'e'),
        LeafTest::Everyone => out.push(b'*'),
        LeafTest::Score(score) => {
            out.push(b's');
            number(score.at_least, out);
            number(score.cut.into(), out);
            number(score.terms.len() as i64, out);
            for ScoreTerm { test, negated, weight } in &score.terms {
                number(i64::from(*weight), out);
                out.push(u8::from(*negated));
                leaf(test, kind, now, out)?;
            }
        }
        LeafTest::Events(test) => events(test, now, out)?,
        LeafTest::Ids { .. } | LeafTest::Segment { .. } => return None,
    }
    Some(())
}

/// A test of events: what is asked, and of which events.
fn events(test: &CheckedEvents, now: Timestamp, out: &mut Vec<u8>) -> Option<()> {
    let (first, last) = test.window.times(now);
    out.push(b'E');
    range(first, last, out);
    number(now.0, out);
    chosen(&test.chosen, now, out)?;
    for (follower, kind) in [(&test.then, b'T'), (&test.not_followed_by, b'N')] {
        if let Some(follower) = follower {
            out.push(kind);
            number(follower.within_days.unwrap_or(-1), out);
            chosen(&follower.chosen, now, out)?;
        }
    }
    let (measure, property) = match test.measure {
        CheckedMeasure::Count => (b'c', None),
        CheckedMeasure::Sum(property) => (b's', Some(property)),
        CheckedMeasure::Average(property) => (b'a', Some(property)),
        CheckedMeasure::Min(property) => (b'i', Some(property)),
        CheckedMeasure::Max(property) => (b'x', Some(property)),
        CheckedMeasure::First => (b'f', None),
        CheckedMeasure::Last => (b'l', None),
    };
    out.push(measure);
    number(property.map_or(-1, |property| i64::from(property.0)), out);
    match &test.asked {
        Asked::Key(test) => leaf(test, &|_| FieldType::Time, now, out),
        Asked::Mean(MeanRange { low, high, units }) => {
            for (bound, is_in) in [low, high].into_iter().flatten() {
                out.push(b'0' + u8::from(*is_in));
                out.extend(bound.to_le_bytes());
            }
            out.extend([u8::from(low.is_some()), u8::from(high.is_some())]);
            out.extend(units.to_le_bytes());
            Some(())
        }
    }
}

fn chosen(chosen: &ChosenEvents, now: Timestamp, out: &mut Vec<u8>) -> Option<()> {
    number(i64::from(chosen.event.0), out);
    number(chosen.conditions.len() as i64, out);
    for condition in &chosen.conditions {
        out.push(if condition.negated { b'-' } else { b'+' });
        // As a time a window of days has the more exact ends: different windows stay different.
        leaf(&condition.test, &|_| FieldType::Time, now, out)?;
    }
    Some(())
}

fn range(lo: i64, hi: i64, out: &mut Vec<u8>) {
    out.push(b'r');
    number(lo, out);
    number(hi, out);
}

fn list<T>(kind: u8, values: &[T], out: &mut Vec<u8>, write: impl Fn(&T, &mut Vec<u8>)) -> Option<()> {
    out.push(kind);
    number(values.len() as i64, out);
    // A list that cannot fit is not written out first.
    if values.len() > KEY_BYTES_MAX {
        return None;
    }
    values.iter().for_each(|value| write(value, out));
    Some(())
}

fn number(number: i64, out: &mut Vec<u8>) {
    out.extend(number.to_le_bytes());
}

/// Length first, so that no two lists of texts look alike.
fn bytes(bytes: &[u8], out: &mut Vec<u8>) {
    number(bytes.len() as i64, out);
    out.extend_from_slice(bytes);
}
