//! The study's households out of their receipts: fields that the engine computes from 1.6 million events are those that
//! other tools added up, for all 2,469 households, and the acceptance rules select the same people by them.

use std::collections::BTreeSet;

use harness::acceptance::{Acceptance, digest};
use harness::study::{file_of, profiles};
use muster::load::{LoadOptions, load};
use muster::source::Format;
use muster_data::study;
use muster_engine::command::{Command, ComputeChange, DeclareEvents};
use muster_engine::event::EventTerms;
use muster_engine::id::Row;
use muster_engine::schema::FieldType;
use muster_engine::segment::SegmentKept;
use muster_engine::table::{ImportMode, RowOrder};
use muster_engine::tenant::{State, Tenant, Terms};
use serde_json::{Value as Json, json};

use crate::study_events::batch_of;

/// The study ends here: whatever is of the next day or later is not counted.
const BETWEEN: [&str; 2] = ["2017-01-01T00:00:00Z", "2017-12-31T23:59:59.999999Z"];

/// Fields of the profile table that events say.
fn definitions() -> Vec<(&'static str, Json)> {
    let of = |kind: &str, function: &str| json!({"of": "events", "type": kind, "fn": function, "between": BETWEEN});
    let said = |function: &str, property: &str| {
        let mut one = of("item", function);
        one["property"] = property.into();
        one
    };
    let campaigns = |property| json!({"of": "events", "type": "campaign", "fn": "unique_set", "property": property});
    let weekday = |zone| {
        json!({"of": "events", "type": "purchase", "fn": "most_frequent", "by": "weekday", "time_zone": zone,
            "between": BETWEEN})
    };
    vec![
        // What depends on others comes first, so that their order is shown not to matter.
        (
            "avg_order",
            json!({"of": "fields", "fn": "ratio", "field": "total_spent", "over": "purchase_count", "scale": 2}),
        ),
        ("purchase_count", said("count_distinct", "basket")),
        ("total_spent", said("sum", "amount")),
        ("first_purchase", of("item", "first")),
        ("last_purchase", of("item", "last")),
        ("distinct_products", said("count_distinct", "product")),
        ("distinct_departments", said("count_distinct", "department")),
        ("distinct_categories", said("count_distinct", "category")),
        ("products", said("unique_set", "product")),
        ("departments", said("unique_set", "department")),
        ("categories", said("unique_set", "category")),
        ("preferred_weekday", weekday("America/New_York")),
        ("preferred_weekday_utc", weekday("UTC")),
        ("coupons_redeemed", of("redemption", "count")),
        ("last_redemption", of("redemption", "last")),
        ("campaigns", campaigns("campaign")),
        ("campaign_types", campaigns("campaign_type")),
    ]
}

fn options(format: Format) -> LoadOptions {
    LoadOptions {
        format,
        id_field: Some("household_id".into()),
        infer: true,
        mode: ImportMode::Replace,
        row_order: RowOrder::default(),
        terms: Terms::default(),
    }
}

/// The households without anything that their events say.
fn without_computed(computed: &BTreeSet<&str>) -> Vec<u8> {
    let mut lines = Vec::new();
    for line in profiles().ndjson.split(|byte| *byte == b'\n').filter(|line| !line.is_empty()) {
        let mut household: Json = serde_json::from_slice(line).expect("a profile");
        household.as_object_mut().expect("an object").retain(|key, _| !computed.contains(&**key));
        lines.extend(household.to_string().into_bytes());
        lines.push(b'\n');
    }
    lines
}

/// Tells the events and declares the fields, in either order.
fn enriched(declared_first: bool) -> Tenant {
    let tenant = Tenant::default();
    let definitions = definitions();
    let computed: BTreeSet<&str> = definitions.iter().map(|(name, _)| *name).collect();
    load(&tenant, &file_of(&without_computed(&computed)), &options(Format::Ndjson), &mut |_| {}).expect("households");
    let declare = || {
        let types = ["purchase", "item", "redemption", "campaign"].map(|name| (name.to_owned(), None)).to_vec();
        let kinds = [
            ("basket", FieldType::Int),
            ("product", FieldType::Int),
            ("department", FieldType::Keyword),
            ("category", FieldType::Keyword),
            ("campaign", FieldType::Int),
            ("campaign_type", FieldType::Keyword),
        ];
        let properties = kinds.map(|(name, kind)| (name.to_owned(), kind)).to_vec();
        let fields = definitions.iter().map(|(name, json)| ((*name).to_owned(), Some(json.to_string()))).collect();
        let events = DeclareEvents { types, properties };
        tenant
            .apply(Command::Compute(ComputeChange::Declare { events, fields, now: study::NOW }))
            .expect("definitions");
    };
    if declared_first {
        declare();
    }
    let events = study::build_events(&study::Study::fetched().expect("the study can be fetched")).expect("events");
    let mut import = tenant.import_events(EventTerms { creates_profiles: false, now: study::NOW });
    for events in &events {
        import.add(&batch_of(events)).expect("good events");
    }
    import.commit(Terms::default()).expect("all of them");
    if !declared_first {
        declare();
    }
    tenant
}

/// Compares every value of every household; says how many there were.
fn compare(state: &State, wanted: &State) -> usize {
    assert_eq!(state.view.live().len(), 2_469);
    let (schema, wanted_schema) = (state.view.schema(), wanted.view.schema());
    let mut compared = 0;
    for row in wanted.view.live().rows() {
        let id = wanted.view.id(Row(row));
        let found = state.view.row(id).expect("the same households");
        for field in wanted_schema.fields() {
            let own = schema.find(&field.name).unwrap_or_else(|| panic!("no field {}", field.name));
            assert_eq!(own.kind, field.kind, "{}", field.name);
            let (own, wanted) = (state.view.value(found, own.id), wanted.view.value(Row(row), field.id));
            assert_eq!(own, wanted, "{} of household {id}", field.name);
            compared += 1;
        }
    }
    compared
}

#[test]
fn receipts_give_the_profile_table_and_the_acceptance_rules_their_answers() {
    let wanted = Tenant::default();
    load(&wanted, &file_of(&profiles().parquet), &options(Format::Parquet), &mut |_| {}).expect("the study's profiles");
    let tenant = enriched(true);
    let state = tenant.state();
    state.view.verify().expect("indexes agree with columns");
    assert_eq!(compare(&state, &wanted.state()), 2_469 * wanted.state().view.schema().fields().len());
    compare(&enriched(false).state(), &wanted.state());
    let set = Acceptance::load();
    for case in &set.cases {
        let (rule, _) = state.read_json(&case.criteria).unwrap_or_else(|error| panic!("{}: {error}", case.id));
        let rows = state.rows_of_version(&SegmentKept::Rule(rule.into()), study::NOW).expect("a rule that fits");
        let ids: Vec<u64> = rows.rows().map(|row| state.view.id(Row(row)).parse().expect("a number")).collect();
        assert_eq!((ids.len() as u64, digest(ids)), (case.count, case.digest.clone()), "{} {}", case.id, case.name);
    }
    assert_eq!(set.cases.len(), 30);
}
