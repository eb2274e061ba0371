//! The study as events: what each household put in its baskets, which coupons it redeemed, which campaigns reached it.
//!
//! Four types: `purchase`, one a basket, whose `amount` is what the basket cost and whose instant is its earliest;
//! `item`, one a row of the receipt; `redemption`, one a coupon; `campaign`, one a campaign and household, without an
//! instant of its own in the source, so at [`CAMPAIGN_AT`]. Rows are those of the source, all of them: what happened at
//! [`super::NOW`] or later is left to whoever asks.

use std::collections::{BTreeMap, HashMap};
use std::sync::Arc;

use arrow::array::{ArrayRef, Decimal128Array, Int64Array, RecordBatch, StringArray, TimestampMicrosecondArray};
use arrow::datatypes::{DataType, Field, Schema, SchemaRef, TimeUnit};
use muster_engine::time::Timestamp;

use super::tables::Study;
use crate::error::{Error, Result};

/// 2017-01-01T00:00:00Z, the beginning of the study.
const CAMPAIGN_AT: Timestamp = Timestamp(1_483_228_800_000_000);

/// Events in one batch.
const BATCH_EVENTS: usize = 65_536;

/// The columns of the events.
pub fn events_schema() -> SchemaRef {
    let (always, maybe) = (|name, of| Field::new(name, of, false), |name, of| Field::new(name, of, true));
    Arc::new(Schema::new(vec![
        always("event_id", DataType::Utf8),
        always("profile_id", DataType::Utf8),
        always("type", DataType::Utf8),
        always("time", DataType::Timestamp(TimeUnit::Microsecond, Some("UTC".into()))),
        maybe("amount", DataType::Decimal128(12, 2)),
        maybe("basket", DataType::Int64),
        maybe("product", DataType::Int64),
        maybe("department", DataType::Utf8),
        maybe("category", DataType::Utf8),
        maybe("campaign", DataType::Int64),
        maybe("campaign_type", DataType::Utf8),
    ]))
}

/// One event; what its type has not is not there.
#[derive(Default)]
struct Event<'a> {
    id: String,
    household: i32,
    kind: &'static str,
    at: i64,
    cents: Option<i64>,
    basket: Option<i64>,
    product: Option<i32>,
    department: Option<&'a str>,
    category: Option<&'a str>,
    campaign: Option<i32>,
    campaign_type: Option<&'a str>,
}

/// All events of the study in batches: purchases, items, redemptions, campaigns.
///
/// # Errors
/// When a column cannot be made, which no study that was read gives a reason for.
pub fn build_events(study: &Study) -> Result<Vec<RecordBatch>> {
    let events: Vec<Event<'_>> =
        [purchases(study), items(study), redemptions(study), campaigns(study)].into_iter().flatten().collect();
    events.chunks(BATCH_EVENTS).map(batch).collect()
}

fn purchases(study: &Study) -> Vec<Event<'_>> {
    let rows = &study.transactions;
    // Household, instant and cents of each basket.
    let mut baskets: BTreeMap<i64, (i32, i64, i64)> = BTreeMap::new();
    for row in 0..rows.at.len() {
        let basket = baskets.entry(rows.basket[row]).or_insert((rows.household[row], rows.at[row], 0));
        basket.1 = basket.1.min(rows.at[row]);
        basket.2 += rows.cents[row];
    }
    let event = |(basket, (household, at, cents))| Event {
        id: format!("b{basket}"),
        household,
        kind: "purchase",
        at,
        cents: Some(cents),
        basket: Some(basket),
        ..Event::default()
    };
    baskets.into_iter().map(event).collect()
}

fn items(study: &Study) -> Vec<Event<'_>> {
    let (rows, sold) = (&study.transactions, &study.products);
    let places: HashMap<i32, usize> = sold.product.iter().enumerate().map(|(row, product)| (*product, row)).collect();
    let event = |row: usize| {
        let place = places.get(&rows.product[row]);
        Event {
            id: format!("i{row}"),
            household: rows.household[row],
            kind: "item",
            at: rows.at[row],
            cents: Some(rows.cents[row]),
            basket: Some(rows.basket[row]),
            product: Some(rows.product[row]),
            department: place.and_then(|place| sold.department[*place].as_deref()),
            category: place.and_then(|place| sold.category[*place].as_deref()),
            ..Event::default()
        }
    };
    (0..rows.at.len()).map(event).collect()
}

fn redemptions(study: &Study) -> Vec<Event<'_>> {
    let rows = &study.redemptions;
    let event = |row: usize| Event {
        id: format!("r{row}"),
        household: rows.household[row],
        kind: "redemption",
        at: rows.at[row],
        ..Event::default()
    };
    (0..rows.at.len()).map(event).collect()
}

fn campaigns(study: &Study) -> Vec<Event<'_>> {
    let rows = &study.campaigns;
    let types: HashMap<i32, Option<&str>> =
        rows.described.iter().copied().zip(rows.campaign_type.iter().map(Option::as_deref)).collect();
    let event = |row: usize| Event {
        id: format!("c{row}"),
        household: rows.household[row],
        kind: "campaign",
        at: CAMPAIGN_AT.0,
        campaign: Some(rows.campaign[row]),
        campaign_type: types.get(&rows.campaign[row]).copied().flatten(),
        ..Event::default()
    };
    (0..rows.campaign.len()).map(event).collect()
}

fn batch(events: &[Event<'_>]) -> Result<RecordBatch> {
    let ids: StringArray = events.iter().map(|event| Some(&event.id)).collect();
    let people: StringArray = events.iter().map(|event| Some(event.household.to_string())).collect();
    let times = TimestampMicrosecondArray::from_iter_values(events.iter().map(|event| event.at)).with_timezone("UTC");
    let cents: Decimal128Array = events.iter().map(|event| event.cents.map(i128::from)).collect();
    let cents = cents.with_precision_and_scale(12, 2).map_err(|cause| Error::new(format!("an amount: {cause}")))?;
    let columns: Vec<ArrayRef> = vec![
        Arc::new(ids),
        Arc::new(people),
        Arc::new(events.iter().map(|event| Some(event.kind)).collect::<StringArray>()),
        Arc::new(times),
        Arc::new(cents),
        Arc::new(events.iter().map(|event| event.basket).collect::<Int64Array>()),
        Arc::new(events.iter().map(|event| event.product.map(i64::from)).collect::<Int64Array>()),
        Arc::new(events.iter().map(|event| event.department).collect::<StringArray>()),
        Arc::new(events.iter().map(|event| event.category).collect::<StringArray>()),
        Arc::new(events.iter().map(|event| event.campaign.map(i64::from)).collect::<Int64Array>()),
        Arc::new(events.iter().map(|event| event.campaign_type).collect::<StringArray>()),
    ];
    RecordBatch::try_new(events_schema(), columns).map_err(|cause| Error::new(format!("building the events: {cause}")))
}
