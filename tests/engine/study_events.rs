//! What 2,469 real households did, told as events, gives what their profiles say, which other tools added up: to the
//! cent, and household by household.

use std::sync::Arc;

use arrow_array::cast::AsArray;
use arrow_array::types::{Decimal128Type, Int64Type, TimestampMicrosecondType};
use arrow_array::{ArrayRef, Int64Array, RecordBatch};
use harness::study::{file_of, profiles};
use muster::load::{LoadOptions, load};
use muster::source::Format;
use muster_data::study;
use muster_engine::event::{EventBatch, EventTerms, PropertyValues};
use muster_engine::id::Row;
use muster_engine::schema::FieldType;
use muster_engine::segment::SegmentKept;
use muster_engine::table::{ImportMode, RowOrder};
use muster_engine::tenant::{State, Tenant, Terms};

/// A batch of the study's events as the engine takes it.
pub(crate) fn batch_of(events: &RecordBatch) -> EventBatch {
    let texts = |name: &str| events[name].as_string::<i32>().clone();
    let times = events["time"].as_primitive::<TimestampMicrosecondType>();
    let cents: Int64Array =
        events["amount"].as_primitive::<Decimal128Type>().iter().map(|cents| cents.map(|cents| cents as i64)).collect();
    let property = |name: &str, kind, values: ArrayRef| PropertyValues { name: name.to_owned(), kind, values };
    let ints = |name: &str| Arc::new(events[name].as_primitive::<Int64Type>().clone()) as ArrayRef;
    let words = |name: &str| Arc::new(texts(name)) as ArrayRef;
    EventBatch {
        ids: texts("event_id"),
        number_profiles: Some(vec![true; events.num_rows()].into()),
        profiles: texts("profile_id"),
        types: texts("type"),
        times: times.iter().collect(),
        properties: vec![
            property("amount", FieldType::Decimal(2), Arc::new(cents)),
            property("basket", FieldType::Int, ints("basket")),
            property("product", FieldType::Int, ints("product")),
            property("department", FieldType::Keyword, words("department")),
            property("category", FieldType::Keyword, words("category")),
            property("campaign", FieldType::Int, ints("campaign")),
            property("campaign_type", FieldType::Keyword, words("campaign_type")),
        ],
    }
}

/// Ids of whoever a rule selects.
fn members(state: &State, text: &str) -> Vec<String> {
    let (rule, _) = state.read_text(text).unwrap_or_else(|error| panic!("{text}: {error}"));
    let rows = state.rows_of_version(&SegmentKept::Rule(Arc::new(rule)), study::NOW).expect("a rule that fits");
    rows.rows().map(|row| state.view.id(Row(row)).to_owned()).collect()
}

/// A tenant with the households' profiles.
fn households() -> Tenant {
    let tenant = Tenant::default();
    let options = LoadOptions {
        format: Format::Parquet,
        id_field: Some("household_id".into()),
        infer: true,
        mode: ImportMode::Replace,
        row_order: RowOrder::default(),
        terms: Terms::default(),
    };
    load(&tenant, &file_of(&profiles().parquet), &options, &mut |_| {}).expect("the study's profiles");
    tenant
}

#[test]
fn events_of_the_study_say_what_its_profiles_say() {
    let tenant = households();
    let events = study::build_events(&study::Study::fetched().expect("the study can be fetched")).expect("events");
    let mut import = tenant.import_events(EventTerms { creates_profiles: false, now: study::NOW });
    for events in &events {
        import.add(&batch_of(events)).expect("good events");
    }
    let counts = import.commit(Terms::default()).expect("all of them");
    assert_eq!((counts.accepted + counts.refused_total, counts.duplicates), (1_633_846, 0));
    let state = tenant.state();
    let mut compared = 0;
    for (of_events, of_profiles) in [
        ("count of purchase >= 100", "purchase_count >= 100"),
        ("count of purchase between 10 and 50", "purchase_count between 10 and 50"),
        ("count of purchase = 1", "purchase_count = 1"),
        ("sum of purchase.amount >= 2500", "total_spent >= 2500"),
        ("sum of purchase.amount < 17.57", "total_spent < 17.57"),
        ("sum of item.amount between 999.99 and 2000.01", "total_spent between 999.99 and 2000.01"),
        ("last of purchase within 30 days", "last_purchase within 30 days"),
        ("last of purchase before 90 days", "last_purchase before 90 days"),
        ("did purchase within 7 days", "last_purchase within 7 days"),
        ("first of purchase before 350 days", "first_purchase before 350 days"),
        ("did item where (department is \"FLORAL\")", "departments includes any (\"FLORAL\")"),
        ("not did item where (department is \"FLORAL\")", "departments excludes (\"FLORAL\")"),
        ("count of redemption >= 3", "coupons_redeemed >= 3"),
        ("count of redemption = 0", "coupons_redeemed = 0"),
        ("did campaign where (campaign_type is \"Type A\")", "campaign_types includes any (\"Type A\")"),
    ] {
        let found = members(&state, of_events);
        assert_eq!(found, members(&state, of_profiles), "{of_events}");
        compared += found.len();
    }
    assert!(compared > 10_000, "{compared}");
}
