//! When time alone moves people: at which instant after, or before, a field's value a window begins or ends.
//!
//! A person leaves `within 30 days` one microsecond after 30 days have passed since the value. So each window is one or
//! two boundaries, fixed spans beside the value, and whoever crosses one between two instants is a range of keys: the
//! index over the order of keys says who, and when the next one does.

use super::event_boundary;
use crate::column::{Column, Overlay, Scalar};
use crate::id::{EventTypeId, FieldId, PropertyId};
use crate::index::{Index, Ranks};
use crate::rule::{LeafTest, Vocabulary};
use crate::schema::FieldType;
use crate::table::View;
use crate::time::{DAY_US, Timestamp};

/// A test changes for a row at a value plus `after`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct Boundary {
    pub(super) source: Source,
    /// Microseconds of one step of the keys.
    pub(super) unit: i64,
    /// Microseconds; negative before the value.
    pub(super) after: i64,
}

/// Where the values are.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Source {
    /// One for a row at most.
    Field(FieldId),
    /// The times of events.
    Events(EventTypeId),
    /// A property of events.
    Property(EventTypeId, PropertyId),
}

impl Source {
    fn events(self) -> Option<(EventTypeId, Option<PropertyId>)> {
        match self {
            Self::Field(_) => None,
            Self::Events(event) => Some((event, None)),
            Self::Property(event, property) => Some((event, Some(property))),
        }
    }
}

/// The boundaries of a test; none when it does not depend on the time.
pub fn boundaries(test: &LeafTest, schema: Vocabulary<'_>) -> Vec<Boundary> {
    let (field, side, days) = match test {
        LeafTest::Window { field, side, days } => (*field, *side, *days),
        LeafTest::Events(test) => return event_boundary::boundaries(test, schema.events),
        LeafTest::Score(score) => return score.terms.iter().flat_map(|term| boundaries(&term.test, schema)).collect(),
        _ => return Vec::new(),
    };
    let unit = if schema.fields.field(field).kind == FieldType::Date { DAY_US } else { 1 };
    side.instants(days).into_iter().map(|after| Boundary { source: Source::Field(field), unit, after }).collect()
}

impl Boundary {
    /// When the row's test changes next after an instant.
    pub fn next_of_row(self, view: &View, row: u32, after: Timestamp) -> Option<i64> {
        if let Some((event, property)) = self.source.events() {
            return self.of_key(event_boundary::next_of_row(view, row, event, property, self.first_key(after)?)?);
        }
        let (column, _) = self.data(view)?;
        self.of_key(column.get(row)?).filter(|at| *at > after.0)
    }

    fn data(self, view: &View) -> Option<(&Scalar, &Ranks)> {
        let Source::Field(field) = self.source else { return None };
        let data = view.field(field);
        match (&data.column, &data.index) {
            (Column::Scalar(column), Index::Ranks(ranks)) => Some((column, ranks)),
            _ => None,
        }
    }

    fn of_key(self, key: i64) -> Option<i64> {
        key.checked_mul(self.unit)?.checked_add(self.after)
    }

    /// The least key whose instant is after another one; none when there can be no such key.
    fn first_key(self, after: Timestamp) -> Option<i64> {
        let key = (i128::from(after.0) - i128::from(self.after)).div_euclid(i128::from(self.unit)) + 1;
        i64::try_from(key.max(i128::from(i64::MIN))).ok()
    }

    /// The first instant after another one at which some row's test changes.
    pub fn next(self, view: &View, after: Timestamp) -> Option<i64> {
        (0..view.block_count()).filter_map(|block| self.next_in(view, block, after)).min()
    }

    /// The same of one block. Of rows that changed since their block was laid the old keys count as well: an instant too
    /// early is one look for nothing, at most.
    pub fn next_in(self, view: &View, block: u32, after: Timestamp) -> Option<i64> {
        let first = self.first_key(after)?;
        if let Some(source) = self.source.events() {
            return self.of_key(event_boundary::next_key(view, block, source, first)?);
        }
        let (column, _) = self.data(view)?;
        let laid = column.block(block).map(|block| &block.dict);
        let laid = laid.and_then(|keys| {
            let code = keys.count_below(first);
            (code < keys.len()).then(|| keys.key(code))
        });
        let keys = column.overlay(block).map_or(&[][..], Overlay::keys);
        let fresh = keys.get(keys.partition_point(|key| *key < first)).copied();
        self.of_key(laid.into_iter().chain(fresh).min()?)
    }

    /// How many rows' tests may change after `from` and not after `to`.
    pub fn crossing_count(self, view: &View, from: Timestamp, to: Timestamp) -> u64 {
        let mut count = 0;
        self.crossings(view, from, to, &mut |_, _, rows| count += rows.len() as u64);
        count
    }

    /// The rows whose tests may change after `from` and not after `to`, and no test of others: block by block each instant
    /// with its rows.
    pub fn crossings(self, view: &View, from: Timestamp, to: Timestamp, visit: &mut dyn FnMut(u32, i64, &[u16])) {
        let Some(first) = self.first_key(from) else { return };
        let last = self.first_key(to);
        if let Some(source) = self.source.events() {
            // What begins after `to` is the first that is not crossed; `to` has a successor among all keys.
            let most = last.map_or(i64::MAX, |last| last.saturating_sub(1));
            return event_boundary::each_key(view, source, (first, most), &mut |block, key, row| {
                if let Some(instant) = self.of_key(key) {
                    visit(block, instant, &[row]);
                }
            });
        }
        let Some((column, ranks)) = self.data(view) else { return };
        for block in 0..view.block_count() {
            if let (Some(laid), Some(ranks)) = (column.block(block), ranks.block(block)) {
                let keys = &laid.dict;
                let end = last.map_or(keys.len(), |last| keys.count_below(last));
                for code in keys.count_below(first)..end {
                    if let Some(instant) = self.of_key(keys.key(code)) {
                        visit(block, instant, ranks.slice(ranks.rank(code), ranks.rank(code + 1)));
                    }
                }
            }
            if let Some(overlay) = column.overlay(block) {
                let keys = overlay.keys();
                let end = last.map_or(keys.len(), |last| keys.partition_point(|key| *key < last));
                let fresh = keys.partition_point(|key| *key < first)..end;
                for (key, row) in keys[fresh.clone()].iter().zip(&overlay.new_rows()[fresh]) {
                    if let Some(instant) = self.of_key(*key) {
                        visit(block, instant, std::slice::from_ref(row));
                    }
                }
            }
        }
    }
}
