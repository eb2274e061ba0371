//! A budget of memory: what an import is said to take is near what it takes, and what does not fit is refused and changes
//! nothing.

use std::sync::Arc;

use arrow_array::{ArrayRef, Float64Array, Int64Array, StringArray};
use harness::rng::Rng;
use muster::source::{fields_of, from_record_batch};
use muster_data::Population;
use muster_engine::command::{Command, ComputeChange, Upsert};
use muster_engine::enrich::template;
use muster_engine::error::{Error, Result};
use muster_engine::schema::{FieldType, Schema, Value};
use muster_engine::table::{Batch, BatchColumn, ImportMode};
use muster_engine::tenant::{Budget, Tenant, Terms};
use muster_engine::time::Timestamp;

/// A forecast is at most so many times too high or too low, for profiles that are like the first ones.
const FACTOR: f64 = 1.5;

/// Profiles of each shape: some blocks, the last not full.
const ROWS: usize = 220_000;

/// Rows of a batch.
const BATCH: usize = 20_000;

type Fields = Vec<(String, FieldType)>;

/// What is imported: fields, and batches for their schema.
struct Shape {
    fields: Fields,
    batches: Vec<Batch>,
}

/// Shoppers as the generator makes them, with 26 fields of all types.
fn shoppers() -> Shape {
    let population = Population::new(1, ROWS as u64, Timestamp(1_700_000_000_000_000)).with_batch_rows(BATCH);
    let fields = fields_of(&population.schema(), "id").expect("every type is known");
    let schema = schema_of(&fields);
    let batches = population.batches().map(|batch| from_record_batch(&batch, "id", &schema).expect("a good batch"));
    Shape { batches: batches.collect(), fields }
}

/// Twelve numbers that hardly repeat.
fn numbers() -> Shape {
    let kinds = [FieldType::Int, FieldType::Float, FieldType::Decimal(2)];
    let fields: Fields = (0..12).map(|i| (format!("n{i}"), kinds[i % kinds.len()])).collect();
    of_rows(fields, |rng, kind, rows| {
        if kind == FieldType::Float {
            Arc::new(Float64Array::from_iter_values(rows.map(|_| rng.below(1 << 40) as f64 / 7.0)))
        } else {
            Arc::new(Int64Array::from_iter_values(rows.map(|_| rng.below(1 << 40) as i64)))
        }
    })
}

/// Addresses that nobody else has, and words of which there are few.
fn texts() -> Shape {
    let fields = [("mail", FieldType::Keyword), ("city", FieldType::Keyword), ("street", FieldType::Keyword)];
    let mut number = 0;
    of_rows(fields.map(|(name, kind)| (name.to_owned(), kind)).into(), |rng, _, rows| {
        number += 1;
        let value = |row: usize| match number % 3 {
            1 => format!("somebody.{row}@example.org"),
            2 => format!("city {}", rng.below(300)),
            _ => format!("street number {}", rng.below(5_000)),
        };
        Arc::new(StringArray::from_iter_values(rows.map(value)))
    })
}

fn schema_of(fields: &Fields) -> Schema {
    let mut schema = Schema::default();
    schema.add(fields).expect("good fields");
    schema
}

fn of_rows(fields: Fields, mut column: impl FnMut(&mut Rng, FieldType, std::ops::Range<usize>) -> ArrayRef) -> Shape {
    let (schema, mut rng) = (schema_of(&fields), Rng::new(1));
    let batches = (0..ROWS).step_by(BATCH).map(|start| {
        let rows = start..start + BATCH;
        let ids = StringArray::from_iter_values(rows.clone().map(|row| row.to_string()));
        let columns = schema.fields().iter().map(|field| BatchColumn {
            field: field.id,
            values: column(&mut rng, field.kind, rows.clone()),
            named: None,
        });
        Batch { ids, number_ids: None, columns: columns.collect() }
    });
    let batches = batches.collect();
    Shape { fields, batches }
}

/// Imports a shape; says how many of its batches were taken, and why not more.
fn import(tenant: &Tenant, shape: &Shape, expected: u64) -> (usize, Result<()>) {
    let mut import = tenant.import();
    import.prepare("id", &shape.fields).expect("good fields");
    import.expect_rows(expected);
    for (i, batch) in shape.batches.iter().enumerate() {
        if let Err(error) = import.upsert(batch, ImportMode::Replace) {
            return (i, Err(error));
        }
    }
    (shape.batches.len(), import.commit(Terms::default()).map(drop))
}

fn under(bytes: u64) -> Tenant {
    let tenant = Tenant::default();
    tenant.limit_memory(&Arc::new(Budget::new(bytes)));
    tenant
}

/// The megabytes that a refusal names behind a word.
fn said(refused: &Error, word: &str) -> f64 {
    let Error::Limit(problem) = refused else { panic!("another kind of refusal: {refused}") };
    assert_eq!(problem.code, "memory_budget");
    let rest = problem.message.split_once(word).expect(word).1;
    let (number, unit) = rest.trim().split_once(' ').expect("a size");
    assert!(unit.starts_with("MiB"), "{refused}");
    number.parse::<f64>().expect("a number") * f64::from(1 << 20)
}

#[test]
fn a_forecast_is_near_what_an_import_takes() {
    for (name, shape) in [("shoppers", shoppers()), ("numbers", numbers()), ("texts", texts())] {
        let tenant = Tenant::default();
        import(&tenant, &shape, 0).1.expect("there is no budget");
        let taken = tenant.state().bytes();
        for expected in [ROWS as u64, 0] {
            let tenant = under(if expected > 0 { 1 << 20 } else { taken / 2 });
            let (batches, refused) = import(&tenant, &shape, expected);
            let refused = refused.expect_err("it does not fit");
            assert_eq!(tenant.state().version, 0, "nothing has changed");
            if expected > 0 {
                let forecast = said(&refused, "would take about ");
                eprintln!("{name}: {forecast:.0} bytes forecast, {taken} taken, {:.2}", forecast / taken as f64);
                assert!(forecast < taken as f64 * FACTOR && forecast * FACTOR > taken as f64, "{name}");
                assert!(batches * BATCH < 80_000, "{name}: refused after {batches} batches");
            } else {
                // Nobody has said how many will come: it is noticed when there are too many.
                let part = (batches * BATCH) as f64 / ROWS as f64;
                assert!((0.5 / FACTOR - 0.1..0.5 * FACTOR + 0.1).contains(&part), "{name}: {part}");
            }
        }
        let tenant = under((taken as f64 * FACTOR) as u64);
        import(&tenant, &shape, ROWS as u64).1.expect("it fits");
        assert_eq!(tenant.budget().used(), tenant.state().bytes());
        // The same profiles again take nothing more.
        import(&tenant, &shape, ROWS as u64).1.expect("it fits");
    }
}

#[test]
fn single_changes_are_refused_at_the_budget_and_erasures_are_not() {
    let tenant = under(1 << 20);
    tenant.apply(Command::AddFields(vec![("name".into(), FieldType::Keyword)])).expect("room");
    let put = |i: usize| {
        let batch = Batch {
            ids: StringArray::from_iter_values([i.to_string()]),
            number_ids: None,
            columns: vec![BatchColumn {
                field: muster_engine::id::FieldId(0),
                values: Arc::new(StringArray::from_iter_values([format!("{i:01000}")])),
                named: None,
            }],
        };
        let upsert = Upsert { id_name: "id".into(), fields: Vec::new(), mode: ImportMode::Replace, batch };
        tenant.apply(Command::Upsert(upsert))
    };
    let refused = (0..2_000).find_map(|i| put(i).err()).expect("a megabyte does not hold two of text");
    assert!(said(&refused, "and ") > 0.9 * f64::from(1 << 20), "{refused}");
    let held = tenant.state().view.live().len();
    assert!((300..1_100).contains(&held), "{held} profiles of a thousand bytes");
    let rename = vec![("name".to_owned(), Some(Value::Keyword("x".repeat(1_000))))];
    let changed = tenant.apply(Command::PatchProfile { id: "0".into(), changes: rename });
    assert!(matches!(&changed, Err(Error::Limit(problem)) if problem.code == "memory_budget"), "{changed:?}");
    for id in 0..held / 2 {
        tenant.apply(Command::EraseProfile { id: id.to_string(), now: None }).expect("an erasure needs no room");
    }
    put(0).expect("there is room again");
}

#[test]
fn computed_fields_are_refused_where_their_values_do_not_fit() {
    let shop = template("shop").expect("the computed fields of a shop");
    let declare = |tenant: &Tenant| {
        let (events, fields) = (shop.events(), shop.declared());
        tenant.apply(Command::Compute(ComputeChange::Declare { events, fields, now: Timestamp(0) }))
    };
    let shape = numbers();
    let tenant = Tenant::default();
    import(&tenant, &shape, 0).1.expect("there is no bound");
    let held = tenant.state().bytes();
    let values = tenant.state().view.live().len() * shop.declared().len() as u64;
    tenant.limit_memory(&Arc::new(Budget::new(held + values)));
    let before = tenant.state().version;
    let refused = declare(&tenant).expect_err("a byte for each value is too little");
    assert!(matches!(&refused, Error::Limit(problem) if problem.code == "memory_budget"), "{refused}");
    assert_eq!(tenant.state().version, before);
    tenant.limit_memory(&Arc::new(Budget::new(held + 16 * values)));
    declare(&tenant).expect("there is room");
    assert!(tenant.state().bytes() <= held + 16 * values);
}
