//! When time alone turns a test of events: an event of the future has happened, or leaves a window.
//!
//! The order of a type's events by time says who crosses next. Of properties there is no such order: each look passes over
//! everybody who has events of the type, some nanoseconds a person, whenever such an instant is reached.

use super::boundary::{Boundary, Source};
use crate::event::{EventSchema, Events};
use crate::id::{EventTypeId, PropertyId};
use crate::rule::{CheckedEvents, ChosenEvents};
use crate::schema::FieldType;
use crate::table::View;
use crate::time::DAY_US;

/// The boundaries of a test of events.
pub(super) fn boundaries(test: &CheckedEvents, schema: &EventSchema) -> Vec<Boundary> {
    let of_times = test.moments(schema).into_iter();
    let of_times = of_times.map(|(event, after)| Boundary { source: Source::Events(event), unit: 1, after });
    of_times.chain(test.chosen().flat_map(|chosen| of_conditions(chosen, schema))).collect()
}

/// Those of conditions about times.
fn of_conditions<'c>(chosen: &'c ChosenEvents, schema: &'c EventSchema) -> impl Iterator<Item = Boundary> + 'c {
    chosen.moving().flat_map(|(property, instants)| {
        let unit = if schema.property(property).kind == FieldType::Date { DAY_US } else { 1 };
        let source = Source::Property(chosen.event, property);
        instants.into_iter().map(move |after| Boundary { source, unit, after })
    })
}

/// The keys of one row's events within bounds, both included.
pub(super) fn keys(
    events: Events<'_>,
    property: Option<PropertyId>,
    (least, most): (i64, i64),
    visit: &mut dyn FnMut(i64),
) {
    if least > most {
        return;
    }
    let Some(property) = property else {
        return events.between(least, most).for_each(|place| visit(events.chunk().time(place)));
    };
    let Some(column) = events.chunk().column(property) else { return };
    let keys = events.places().filter_map(|place| column.get(place));
    keys.filter(|key| (least..=most).contains(key)).for_each(visit);
}

/// The least key of a type's events in a block that is not below another; perhaps a lesser one that was there before.
pub(super) fn next_key(
    view: &View,
    block: u32,
    (event, property): (EventTypeId, Option<PropertyId>),
    first: i64,
) -> Option<i64> {
    let run = view.events().run(block, event)?;
    if property.is_none() {
        return run.next_time(first);
    }
    let mut least: Option<i64> = None;
    run.each_row(|_, events| {
        let most = least.unwrap_or(i64::MAX);
        keys(events, property, (first, most), &mut |key| least = Some(least.map_or(key, |least| least.min(key))));
    });
    least
}

/// The least key of one row's events that is above another.
pub(super) fn next_of_row(
    view: &View,
    row: u32,
    event: EventTypeId,
    property: Option<PropertyId>,
    first: i64,
) -> Option<i64> {
    let events = view.events().of_row(crate::id::Row(row), event)?;
    let mut least: Option<i64> = None;
    keys(events, property, (first, i64::MAX), &mut |key| least = Some(least.map_or(key, |least| least.min(key))));
    least
}

/// Block by block each key within bounds, both included, with its row.
pub(super) fn each_key(
    view: &View,
    (event, property): (EventTypeId, Option<PropertyId>),
    bounds: (i64, i64),
    visit: &mut dyn FnMut(u32, i64, u16),
) {
    for block in 0..view.events().block_count() {
        let Some(run) = view.events().run(block, event) else { continue };
        let visit = |row, events: Events<'_>| keys(events, property, bounds, &mut |key| visit(block, key, row));
        if property.is_none() {
            run.rows_about(bounds, visit);
        } else {
            run.each_row(visit);
        }
    }
}
