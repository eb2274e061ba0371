//! Events as plain rows, person after person, for whoever asks one person after the other.

use arrow_array::cast::AsArray;
use arrow_array::types::{Decimal128Type, TimestampMicrosecondType};
use arrow_array::{Array, RecordBatch};
use rayon::prelude::*;

/// An event.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Act {
    person: u32,
    /// Microseconds.
    pub(super) time: i64,
    pub(super) kind: Kind,
    /// Whether the product is a smartphone, or a shoe.
    pub(super) is_phone: bool,
    pub(super) is_shoe: bool,
    /// What the product costs, in cents.
    pub(super) cents: u32,
}

/// What was done.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Kind {
    View,
    Cart,
    Purchase,
}

/// All events, each person's together, in order of time.
pub(super) struct Acts(Vec<Act>);

impl Acts {
    pub(super) fn of(batches: impl Iterator<Item = RecordBatch>) -> Self {
        let mut acts = Vec::new();
        batches.for_each(|batch| read(&batch, &mut acts));
        acts.par_sort_unstable();
        Self(acts)
    }

    /// Of how many people a test holds; it is told all that somebody did.
    pub(super) fn count(&self, holds: fn(&[Act]) -> bool) -> u64 {
        let people = self.0.par_chunk_by(|left, right| left.person == right.person);
        people.map(|own| u64::from(holds(own))).sum()
    }
}

fn read(batch: &RecordBatch, acts: &mut Vec<Act>) {
    let text = |name: &str| batch[name].as_string::<i32>();
    let (people, kinds, categories) = (text("profile_id"), text("type"), text("category"));
    let times = batch["time"].as_primitive::<TimestampMicrosecondType>();
    let prices = batch["price"].as_primitive::<Decimal128Type>();
    for row in 0..batch.num_rows() {
        let category = if categories.is_valid(row) { categories.value(row) } else { "" };
        acts.push(Act {
            person: people.value(row)[1..].parse().expect("u and a number"),
            time: times.value(row),
            kind: match kinds.value(row) {
                "view" => Kind::View,
                "cart" => Kind::Cart,
                _ => Kind::Purchase,
            },
            is_phone: category == "electronics.smartphone",
            is_shoe: category == "apparel.shoes",
            cents: u32::try_from(prices.value(row)).expect("a price"),
        });
    }
}
