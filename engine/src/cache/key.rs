//! A part of a rule as bytes: equal for parts that select the same rows for the same reason.

use crate::event::EventSchema;
use crate::rule::{
    Asked, CheckedEvents, CheckedKind, CheckedMeasure, CheckedNode, ChosenEvents, EventSpan, LeafTest, Match,
    MeanRange, Pattern, ScoreTerm, WindowSide,
};
use crate::table::View;

/// Bytes of the longest key: longer rules hold lists that are as long to compare as to evaluate.
const KEY_BYTES_MAX: usize = 16 << 10;

/// The key of a part; none for what depends on more than profiles (segments) and for very long lists. The order of a
/// group's rules makes no difference. A window is its days, whatever the time: `validity` says how long that is the same.
pub(super) fn key(node: &CheckedNode, view: &View) -> Option<Box<[u8]>> {
    let mut out = Vec::with_capacity(512);
    write(node, view.events().schema(), &mut out)?;
    Some(out.into())
}

/// Whether a part selects other rows at another instant.
pub(super) fn depends_on_now(node: &CheckedNode) -> bool {
    match &node.kind {
        CheckedKind::Leaf { test, .. } => matches!(test, LeafTest::Window { .. } | LeafTest::Events(_)),
        CheckedKind::Group { rules, .. } => rules.iter().any(depends_on_now),
    }
}

fn write(node: &CheckedNode, schema: &EventSchema, out: &mut Vec<u8>) -> Option<()> {
    match &node.kind {
        CheckedKind::Leaf { test, negated } => {
            out.push(if *negated { b'-' } else { b'+' });
            leaf(test, schema, out)?;
        }
        CheckedKind::Group { join, rules } => {
            out.push(match join {
                Match::All => b'&',
                Match::Any => b'|',
                Match::None => b'!',
            });
            let (start, mut children) = (out.len(), Vec::with_capacity(rules.len()));
            for rule in rules {
                let from = out.len() - start;
                write(rule, schema, out)?;
                children.push(from..out.len() - start);
            }
            let written = out.split_off(start);
            children.sort_unstable_by(|left, right| written[left.clone()].cmp(&written[right.clone()]));
            number(children.len() as i64, out);
            children.into_iter().for_each(|child| bytes(&written[child], out));
        }
    }
    (out.len() <= KEY_BYTES_MAX).then_some(())
}

fn leaf(test: &LeafTest, schema: &EventSchema, out: &mut Vec<u8>) -> Option<()> {
    if let Some(field) = test.field() {
        number(field.index() as i64, out);
    }
    match test {
        LeafTest::Range { lo, hi, .. } => range(*lo, *hi, out),
        LeafTest::Window { side, days, .. } => {
            out.push(match side {
                WindowSide::Within => b'W',
                WindowSide::Before => b'B',
                WindowSide::Next => b'X',
            });
            number(*days, out);
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
                leaf(test, schema, out)?;
            }
        }
        LeafTest::Events(test) => events(test, schema, out)?,
        LeafTest::Ids { .. } | LeafTest::Segment { .. } => return None,
    }
    Some(())
}

/// A test of events: what is asked, and of which events.
fn events(test: &CheckedEvents, schema: &EventSchema, out: &mut Vec<u8>) -> Option<()> {
    let (window, first, last) = match test.window {
        EventSpan::Ever => (b'E', 0, 0),
        EventSpan::Within(days) => (b'W', days, 0),
        EventSpan::Before(days) => (b'B', days, 0),
        EventSpan::Between(first, last) => (b'R', first, last),
    };
    out.extend([b'E', window]);
    range(first, last, out);
    chosen(&test.chosen, schema, out)?;
    for (follower, kind) in [(&test.then, b'T'), (&test.not_followed_by, b'N')] {
        if let Some(follower) = follower {
            out.push(kind);
            number(follower.within_days.unwrap_or(-1), out);
            chosen(&follower.chosen, schema, out)?;
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
        Asked::Key(test) => leaf(test, schema, out),
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

/// Which events; how long their type is kept bounds every window.
fn chosen(chosen: &ChosenEvents, schema: &EventSchema, out: &mut Vec<u8>) -> Option<()> {
    number(i64::from(chosen.event.0), out);
    number(schema.event_type(chosen.event).retention_days.map_or(-1, i64::from), out);
    number(chosen.conditions.len() as i64, out);
    for condition in &chosen.conditions {
        out.push(if condition.negated { b'-' } else { b'+' });
        leaf(&condition.test, schema, out)?;
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
