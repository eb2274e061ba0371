//! A test of events asked of one person: whether it holds, what is measured, and when time turns it.

use super::clock::Turn;
use crate::id::Row;
use crate::index::EventScan;
use crate::insight::Moment;
use crate::rule::CheckedEvents;
use crate::schema::{FieldType, Value};
use crate::time::{DAY_US, Timestamp};

/// Instants that are looked at: a person with more events in the window hardly waits for the last of them.
const MOMENTS_MAX: usize = 1_000;

/// Whether the positive test holds at an instant.
pub(super) fn holds(events: &CheckedEvents, row: Row, moment: &Moment<'_>, now: Timestamp) -> bool {
    EventScan::new(events, moment.view.events(), now).holds(row.0)
}

/// What is measured of the person's events.
pub(super) fn value(events: &CheckedEvents, row: Row, moment: &Moment<'_>) -> Option<Value> {
    EventScan::new(events, moment.view.events(), moment.now).value(row.0)
}

/// When the test turns, if nothing more is done: at the instants at which events leave a window, or have happened, or a
/// time among their properties comes into a window or leaves it.
pub(super) fn turns(events: &CheckedEvents, negated: bool, row: Row, moment: &Moment<'_>) -> Vec<Turn> {
    let (all, schema) = (moment.view.events(), moment.view.events().schema());
    let mut instants = Vec::new();
    let mut add = |at: Option<i64>| {
        instants.extend(at.map(Timestamp).filter(|at| *at > moment.now && at.is_writable()));
    };
    for (kind, after) in events.moments(schema) {
        if let Some(own) = all.of_row(row, kind) {
            (0..own.len()).for_each(|k| add(own.time(k).checked_add(after)));
        }
    }
    for chosen in events.chosen() {
        let Some(own) = all.of_row(row, chosen.event) else { continue };
        for (property, after) in chosen.moving() {
            let unit = if schema.property(property).kind == FieldType::Date { DAY_US } else { 1 };
            let instants = (0..own.len()).filter_map(|k| own.value(property, k)?.checked_mul(unit));
            instants.for_each(|value| after.iter().for_each(|after| add(value.checked_add(*after))));
        }
    }
    instants.sort_unstable();
    instants.dedup();
    instants.truncate(MOMENTS_MAX);
    let mut held = holds(events, row, moment, moment.now);
    let turn = |at: Timestamp| {
        let holds = holds(events, row, moment, at);
        (std::mem::replace(&mut held, holds) != holds).then_some(Turn { at, holds: holds != negated })
    };
    instants.into_iter().filter_map(turn).collect()
}
