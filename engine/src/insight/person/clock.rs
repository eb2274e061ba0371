//! When time alone turns a verdict: the instants at which a window opens or closes for one person's value.
//!
//! Between two such instants no test changes, so the rule as a whole changes at one of them or never.

use super::tree::{Kind, Tree};
use crate::rule::{LeafTest, WindowSide};
use crate::schema::Value;
use crate::time::{DAY_US, Timestamp};

/// A test's verdict from an instant on.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Turn {
    /// The first instant, to the microsecond, at which it is so.
    pub at: Timestamp,
    /// Whether the test holds from then on.
    pub holds: bool,
}

/// When a test of a window turns after `now`, ascending; no instants that cannot be written.
pub(super) fn turns(test: &LeafTest, negated: bool, value: Option<&Value>, now: Timestamp) -> Vec<Turn> {
    let LeafTest::Window { side, days, .. } = test else { return Vec::new() };
    let at = match value {
        Some(Value::Time(at)) => at.0,
        Some(Value::Date(day)) => day.midnight().0,
        _ => return Vec::new(),
    };
    // At most a million days.
    let span = days * DAY_US;
    let behind = at.checked_add(span).and_then(|last| last.checked_add(1));
    let turns = match side {
        WindowSide::Within => [(Some(at), true), (behind, false)],
        WindowSide::Before => [(behind, true), (None, false)],
        // A window of no days is empty.
        WindowSide::Next if span == 0 => [(None, true), (None, false)],
        WindowSide::Next => [(at.checked_sub(span), true), (Some(at), false)],
    };
    let turn = |(at, holds): (Option<i64>, bool)| Some(Turn { at: Timestamp(at?), holds: holds != negated });
    turns.into_iter().filter_map(turn).filter(|turn| turn.at > now && turn.at.is_writable()).collect()
}

/// The first instant from now on at which the root's verdict is another one, if no value changes; none when it never is.
pub(super) fn changes_at(tree: &Tree<'_>) -> Option<Timestamp> {
    let mut events: Vec<(Timestamp, usize, bool)> = Vec::new();
    for (at, node) in tree.nodes.iter().enumerate() {
        if let Kind::Test { turns, .. } = &node.kind {
            events.extend(turns.iter().map(|turn| (turn.at, at, turn.holds)));
        }
    }
    events.sort_by_key(|(at, leaf, _)| (*at, *leaf));
    let mut later = tree.clone();
    for same in events.chunk_by(|left, right| left.0 == right.0) {
        same.iter().for_each(|(_, leaf, holds)| later.turn(*leaf, *holds));
        if later.holds() != tree.holds() {
            return Some(same[0].0);
        }
    }
    None
}
