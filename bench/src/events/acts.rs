//! Events as plain rows, person after person, for whoever asks one person after the other.

use std::fs::File;

use arrow_array::cast::AsArray;
use arrow_array::types::{Int32Type, Int64Type};
use arrow_array::{Array, ArrayRef};
use muster::source::{EventColumns, Format, read_events};
use muster_engine::event::{EventBatch, EventSchema};
use rayon::prelude::*;

use crate::Failure;

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
    /// Those of a file, as Muster reads it; databases read it themselves.
    pub(super) fn of(file: &File, schema: &EventSchema) -> Result<Self, Failure> {
        let columns = EventColumns::infer(file, Format::Parquet, None, schema)?;
        let mut acts = Vec::new();
        read_events(file, Format::Parquet, &columns, &mut |batch, _| {
            read(batch, &mut acts);
            Ok(())
        })?;
        acts.par_sort_unstable();
        Ok(Self(acts))
    }

    /// Of how many people a test holds; it is told all that somebody did.
    pub(super) fn count(&self, holds: fn(&[Act]) -> bool) -> u64 {
        let people = self.0.par_chunk_by(|left, right| left.person == right.person);
        people.map(|own| u64::from(holds(own))).sum()
    }
}

fn read(batch: &EventBatch, acts: &mut Vec<Act>) {
    let said = |name: &str| -> &ArrayRef {
        let property = batch.properties.iter().find(|property| property.name == name);
        &property.expect("a property of the shop").values
    };
    let (categories, prices) = (said("category"), said("price").as_primitive::<Int64Type>());
    for row in 0..batch.len() {
        let category = if categories.is_valid(row) { word(categories, row) } else { "" };
        acts.push(Act {
            person: batch.profiles.value(row)[1..].parse().expect("u and a number"),
            time: batch.times.value(row),
            kind: match batch.types.value(row) {
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

/// A word, which comes as itself or as a code.
fn word(words: &ArrayRef, row: usize) -> &str {
    match words.as_dictionary_opt::<Int32Type>() {
        Some(codes) => codes.values().as_string::<i32>().value(codes.keys().value(row) as usize),
        None => words.as_string::<i32>().value(row),
    }
}
