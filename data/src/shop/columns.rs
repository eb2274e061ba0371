//! Events turned into Arrow columns.

use std::fmt::Write;
use std::sync::Arc;

use arrow::array::{ArrayRef, Decimal128Array, Int64Array, RecordBatch, StringBuilder, TimestampMicrosecondArray};
use arrow::datatypes::{DataType, Field, Schema, SchemaRef, TimeUnit};

use super::products::Products;
use super::visitor::{Drawn, Kind};

/// Digits and decimals of amounts.
const MONEY: (u8, i8) = (18, 2);

/// The columns of every batch. Only purchases have an `amount`: what was paid; `price` is what the product cost.
pub(super) fn schema() -> SchemaRef {
    let (always, maybe) = (|name, of| Field::new(name, of, false), |name, of| Field::new(name, of, true));
    let money = DataType::Decimal128(MONEY.0, MONEY.1);
    Arc::new(Schema::new(vec![
        always("event_id", DataType::Utf8),
        always("profile_id", DataType::Utf8),
        always("type", DataType::Utf8),
        always("time", DataType::Timestamp(TimeUnit::Microsecond, Some("UTC".into()))),
        maybe("amount", money.clone()),
        always("product", DataType::Int64),
        maybe("category", DataType::Utf8),
        maybe("brand", DataType::Utf8),
        always("price", money),
        always("session", DataType::Int64),
    ]))
}

/// One day's events, of which the first has the given place among the day's.
pub(super) fn batch(schema: &SchemaRef, events: &[Drawn], products: &Products, day: Day, first: usize) -> RecordBatch {
    let product = |event: &Drawn| products.all[event.product as usize];
    let cents = |event: &Drawn| i128::from(product(event).cents);
    let ids = written(
        events.len(),
        (first..).map(|place| move |out: &mut String| write!(out, "{:03}-{place:08}", day.number)),
    );
    let people = written(
        events.len(),
        events.iter().map(|event| move |out: &mut String| write!(out, "u{:08}", event.person + 1)),
    );
    let times = TimestampMicrosecondArray::from_iter_values(events.iter().map(|event| day.start + event.at));
    let session =
        |event: &Drawn| (i64::from(event.person) << 16) | ((day.number as i64) << 8) | i64::from(event.session);
    let paid = events.iter().map(|event| (event.kind == Kind::Purchase).then(|| cents(event)));
    let columns: Vec<ArrayRef> = vec![
        ids,
        people,
        texts(events.iter().map(|event| Some(event.kind.name()))),
        Arc::new(times.with_timezone("UTC")),
        money(paid.collect()),
        Arc::new(Int64Array::from_iter_values(events.iter().map(|event| i64::from(event.product) + 1))),
        texts(events.iter().map(|event| Products::category(product(event).category))),
        texts(events.iter().map(|event| product(event).brand.map(|brand| &*products.brands[usize::from(brand)]))),
        money(events.iter().map(|event| Some(cents(event))).collect()),
        Arc::new(Int64Array::from_iter_values(events.iter().map(session))),
    ];
    RecordBatch::try_new(schema.clone(), columns).expect("columns fit their fields")
}

/// A day of the month.
#[derive(Debug, Clone, Copy)]
pub(super) struct Day {
    /// Counted from 0.
    pub(super) number: u64,
    /// Midnight, in microseconds.
    pub(super) start: i64,
}

fn texts<'a>(values: impl Iterator<Item = Option<&'a str>>) -> ArrayRef {
    let mut column = StringBuilder::new();
    values.for_each(|value| column.append_option(value));
    Arc::new(column.finish())
}

/// As many texts as `count` says, each written by one of `texts`.
fn written(count: usize, texts: impl Iterator<Item = impl Fn(&mut String) -> std::fmt::Result>) -> ArrayRef {
    let mut column = StringBuilder::with_capacity(count, count * 12);
    let mut text = String::new();
    for write in texts.take(count) {
        text.clear();
        write(&mut text).expect("a string takes everything");
        column.append_value(&text);
    }
    Arc::new(column.finish())
}

fn money(cents: Decimal128Array) -> ArrayRef {
    Arc::new(cents.with_precision_and_scale(MONEY.0, MONEY.1).expect("18 digits and 2 decimals are valid"))
}
