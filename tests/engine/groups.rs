//! Many who write at the same time: they share syncs, each is answered for its own change, and none is forgotten.

use std::collections::BTreeMap;
use std::sync::Arc;
use std::time::Duration;

use arrow_array::{ArrayRef, Int64Array, StringArray};
use harness::disk::{FakeDisk, Fault};
use harness::rng::Rng;
use muster_engine::command::{Command, ImportCounts, Outcome, Upsert};
use muster_engine::error::{Error, Result};
use muster_engine::schema::{FieldType, Schema, Value};
use muster_engine::table::{Batch, BatchColumn, ImportMode};
use muster_engine::tenant::{Tenant, Terms};

use crate::durability::open;

/// Writers at a time.
const WRITERS: usize = 8;

fn upsert(tenant: &Tenant, ids: &[&str], visits: i64) -> Result<ImportCounts> {
    let state = tenant.state();
    let schema = state.view.schema();
    let field = schema.find("visits").expect("it was added").id;
    let values: ArrayRef = Arc::new(Int64Array::from(vec![visits; ids.len()]));
    let batch = Batch {
        ids: StringArray::from_iter_values(ids),
        number_ids: None,
        columns: vec![BatchColumn { field, values, named: None }],
    };
    let upsert = Upsert { id_name: Schema::ID.into(), fields: Vec::new(), mode: ImportMode::Replace, batch };
    match tenant.upsert(upsert, schema.clone(), Terms::default())? {
        Outcome::Imported(counts) => Ok(counts),
        other => panic!("an upsert ended as {other:?}"),
    }
}

fn visits(tenant: &Tenant, id: &str) -> Option<i64> {
    let state = tenant.state();
    let field = state.view.schema().find("visits")?.id;
    match state.view.value(state.view.row(id)?, field)? {
        Value::Int(visits) => Some(visits),
        other => panic!("visits are {other}"),
    }
}

fn tenant_on(disk: &FakeDisk) -> Tenant {
    let tenant = open(disk).expect("a new tenant");
    tenant.apply(Command::AddFields(vec![("visits".into(), FieldType::Int)])).expect("a field");
    tenant
}

#[test]
fn writers_share_syncs_and_lose_nothing_in_a_power_cut() {
    let mut shared = 0;
    for seed in 0..60 {
        let disk = FakeDisk::default();
        let tenant = tenant_on(&disk);
        disk.slow_down(Duration::from_micros(300));
        let begun = disk.points();
        disk.fail_at(begun + 1 + Rng::new(seed).below(60) as u64, Fault::PowerCut);
        let acknowledged: Vec<i64> = std::thread::scope(|scope| {
            let write = |writer: usize| {
                let tenant = &tenant;
                move || {
                    let id = format!("writer {writer}");
                    for turn in 1..1_000 {
                        match upsert(tenant, &[&id], turn) {
                            Ok(counts) => assert_eq!(counts.rows.inserted, u64::from(turn == 1)),
                            Err(Error::Storage(_)) => return turn - 1,
                            Err(error) => panic!("{error}"),
                        }
                        assert_eq!(visits(tenant, &id), Some(turn), "what is acknowledged is seen");
                    }
                    panic!("the power never went")
                }
            };
            let running: Vec<_> = (0..WRITERS).map(|writer| scope.spawn(write(writer))).collect();
            running.into_iter().map(|writer| writer.join().expect("no violation")).collect()
        });
        let changes: i64 = acknowledged.iter().sum();
        shared += i64::from(changes as u64 > (disk.points() - begun) / 2);
        let again = open(&disk.after_cut(seed)).expect("it opens again");
        again.state().view.verify().expect("indexes agree with columns");
        for (writer, acknowledged) in acknowledged.into_iter().enumerate() {
            let found = visits(&again, &format!("writer {writer}")).unwrap_or(0);
            assert!((acknowledged..=acknowledged + 1).contains(&found), "writer {writer}: {found} of {acknowledged}");
        }
    }
    assert!(shared > 30, "in {shared} of 60 runs there were more changes than syncs");
}

#[test]
fn every_change_of_a_group_is_counted_and_refused_for_itself() {
    let tenant = Arc::new(tenant_on(&FakeDisk::default()));
    // An import holds the place of the writer, so that all others come together into one group.
    let import = tenant.import();
    let answers: BTreeMap<String, String> = std::thread::scope(|scope| {
        let mut running = Vec::new();
        // One after the other: groups keep the order in which changes came.
        let mut start = |name: &str, work: fn(&Tenant) -> String| {
            let (tenant, name) = (tenant.clone(), name.to_owned());
            running.push(scope.spawn(move || (name, work(&tenant))));
            std::thread::sleep(Duration::from_millis(30));
        };
        start("1 inserted", |tenant| described(upsert(tenant, &["a", "b"], 1)));
        start("2 same", |tenant| described(upsert(tenant, &["a"], 1)));
        start("3 updated", |tenant| described(upsert(tenant, &["a", "c"], 2)));
        start("4 repeated", |tenant| described(upsert(tenant, &["d", "d", "b"], 3)));
        start("5 patched", |tenant| {
            let changes = vec![("visits".to_owned(), Some(Value::Int(7)))];
            format!("{:?}", tenant.apply(Command::PatchProfile { id: "c".into(), changes }))
        });
        start("6 refused", |tenant| {
            let changes = vec![("visit".to_owned(), None)];
            tenant.apply(Command::PatchProfile { id: "c".into(), changes }).expect_err("no such field").to_string()
        });
        start("7 erased", |tenant| format!("{:?}", tenant.apply(Command::EraseProfile { id: "a".into(), now: None })));
        start("8 back", |tenant| described(upsert(tenant, &["a"], 9)));
        drop(import);
        running.into_iter().map(|thread| thread.join().expect("an answer")).collect()
    });
    let wanted = [
        ("1 inserted", "2 0 0 0 at 2"),
        ("2 same", "0 0 1 0 at 3"),
        ("3 updated", "1 1 0 0 at 4"),
        ("4 repeated", "1 1 0 1 at 5"),
        ("5 patched", "Ok(Patched(true))"),
        ("6 refused", "/visit: there is no field \"visit\"; add it to the schema first (nearest: visits)"),
        (
            "7 erased",
            "Ok(Erased(Erasure { fields: 1, segments: 0, lists: 0, audiences: 0, snapshots: 0, events: 0, receipt: 1 }))",
        ),
        ("8 back", "1 0 0 0 at 8"),
    ];
    assert_eq!(answers, wanted.map(|(name, answer)| (name.to_owned(), answer.to_owned())).into());
    let found = ["a", "b", "c", "d"].map(|id| visits(&tenant, id));
    assert_eq!(found, [Some(9), Some(3), Some(7), Some(3)]);
    tenant.state().view.verify().expect("indexes agree with columns");
}

fn described(counts: Result<ImportCounts>) -> String {
    let ImportCounts { rows, data_version } = counts.expect("a good batch");
    format!("{} {} {} {} at {data_version}", rows.inserted, rows.updated, rows.unchanged, rows.superseded)
}

#[test]
fn a_batch_for_another_schema_is_refused() {
    let tenant = tenant_on(&FakeDisk::default());
    let before = tenant.state().view.schema().clone();
    tenant.apply(Command::AddFields(vec![("visits".into(), FieldType::Decimal(2))])).expect("nobody has a value");
    let values: ArrayRef = Arc::new(Int64Array::from(vec![1]));
    let field = before.find("visits").expect("it was added").id;
    let columns = vec![BatchColumn { field, values, named: None }];
    let batch = Batch { ids: StringArray::from(vec!["a"]), number_ids: None, columns };
    let upsert = Upsert { id_name: Schema::ID.into(), fields: Vec::new(), mode: ImportMode::Replace, batch };
    let refused = tenant.upsert(upsert, before, Terms::default());
    assert!(matches!(&refused, Err(Error::Conflict(problem)) if problem.code == "schema_changed"), "{refused:?}");
}
