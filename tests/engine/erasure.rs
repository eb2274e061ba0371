//! Erasure: after the checkpoint that follows, no byte of the erased is in any file, whatever named them and whenever the
//! power went; a receipt never says so too early. Rows of the erased are never given again.
//!
//! What an erasure clears in the newest state is compared with the model in `changes`.

use std::collections::BTreeMap;
use std::sync::Arc;

use harness::disk::{FakeDisk, Fault};
use harness::tenant::{Change, merge, replace};
use harness::twin::Customer;
use muster_engine::audience::{Definition, SegmentChoice};
use muster_engine::command::{Command, Outcome, SegmentContent};
use muster_engine::error::Error;
use muster_engine::id::{AudienceId, ListId, SegmentId};
use muster_engine::schema::{FieldType, Schema, Value};
use muster_engine::store::Disk;
use muster_engine::store::checkpoint::{CheckpointFile, FileId, FileKind, SectionId};
use muster_engine::tenant::{SnapshotOrder, Tenant, Terms};
use muster_engine::time::Timestamp;
use roaring::RoaringBitmap;

use crate::durability::open;

/// Who is erased.
const ID: &str = "ada.lovelace-id";

/// A member of a set of integers, as the eight bytes that it takes.
const NUMBER: i64 = 0x5a3c_9e71_4b2d_8f16;

/// What the person's fields, past and present, and other people's sets of people hold of them and of nobody else.
const TEXTS: [&str; 5] = [ID, "ada@example.test", "ada@former.test", "+44 20 7946 0018", "analytical engines"];

/// More people than a field may have different values of and still keep a set for each.
const MANY: usize = 17_000;

/// People there are, and who arrives among them.
fn people(count: usize) -> (Schema, Vec<Customer>) {
    let mut schema = Schema::default();
    let fields = [
        ("email", FieldType::Keyword),
        ("phone", FieldType::Keyword),
        ("tags", FieldType::KeywordSet),
        ("orders", FieldType::IntSet),
        ("spent", FieldType::Int),
    ];
    schema.add(&fields.map(|(name, kind)| (name.to_owned(), kind))).expect("good fields");
    let person = |at: usize| {
        let values = [
            ("email", Value::Keyword(format!("{at}@example.test"))),
            ("phone", Value::Keyword(format!("+49 {}", at % 50))),
            ("tags", Value::KeywordSet(vec!["customers".into()])),
            ("orders", Value::IntSet(vec![(at % 30) as i64])),
            ("spent", Value::Int((at % 900) as i64)),
        ];
        Customer { id: format!("person {at}"), values: values.map(|(name, value)| (name.to_owned(), value)).into() }
    };
    (schema, (0..count).map(person).collect())
}

fn ada(email: &str) -> Change {
    let fields: BTreeMap<String, Option<Value>> = [
        ("email", Value::Keyword(email.into())),
        ("phone", Value::Keyword(TEXTS[3].into())),
        ("tags", Value::KeywordSet(vec![TEXTS[4].into(), "customers".into()])),
        ("orders", Value::IntSet(vec![3, NUMBER])),
        ("spent", Value::Int(NUMBER)),
    ]
    .map(|(name, value)| (name.to_owned(), Some(value)))
    .into();
    Change { id: ID.into(), fields }
}

fn put_segment(name: &str, ids: &[&str]) -> Command {
    let content = SegmentContent::Ids(ids.iter().map(|id| (*id).to_owned()).collect());
    Command::PutSegment { id: None, name: name.into(), description: String::new(), content, now: Timestamp(1) }
}

fn erase(id: &str) -> Command {
    Command::EraseProfile { id: id.into(), now: Some(Timestamp(50)) }
}

/// Somebody is everywhere, leaves traces in a checkpoint and in the log, and is erased.
fn live_and_leave(disk: &dyn Disk, tenant: &Tenant, count: usize) -> muster_engine::error::Result<()> {
    let under = |key: &str| Terms { key: Some(format!("{key} {ID}").into()), ..Terms::default() };
    let (schema, others) = people(count);
    others.chunks(4_000).for_each(|others| _ = replace(tenant, &schema, others));
    // A list that waits for a person by name, then the person.
    let list = |name: &str| Command::PutList {
        name: name.into(),
        ids: vec![ID.into(), "person 1".into()],
        blank: 0,
        attach: None,
        now: Timestamp(2),
    };
    tenant.apply(list("early"))?;
    merge(tenant, &[ada(TEXTS[2])]);
    tenant.apply_as(put_segment("friends", &[ID, "person 2"]), under("a segment for"))?;
    let definition = Definition {
        include_segments: Some(vec![SegmentChoice { id: SegmentId(1), key: "friends".into() }]),
        include_customers: Some(vec![ID.into()]),
        exclude_customers: vec!["person 3".into()],
        ..Definition::default()
    };
    let (name, description) = ("letter".to_owned(), String::new());
    tenant.apply(Command::PutAudience { id: None, name, description, definition, now: Timestamp(3) })?;
    take_snapshot(tenant)?;
    name_in_earlier_versions(tenant)?;
    tenant.checkpoint()?;
    let email = vec![("email".to_owned(), Some(Value::Keyword(TEXTS[1].into())))];
    tenant.apply(Command::PatchProfile { id: ID.into(), changes: email })?;
    tenant.apply(list("late"))?;
    tenant.checkpoint()?;
    take_snapshot(tenant)?;
    let fields = vec![("phone".to_owned(), None)];
    tenant.apply(Command::PatchProfile { id: ID.into(), changes: fields })?;
    // What a repair and a checkpoint under way may have left.
    for name in ["00000000000000000001.log.24.cut", "00000000000000000003.state.tmp"] {
        if let Ok(file) = disk.create(name) {
            file.write_at(0, TEXTS.concat().as_bytes()).and_then(|()| file.sync_data()).map_err(io)?;
        }
    }
    tenant.apply_as(erase(ID), under("erase"))?;
    Ok(())
}

/// A segment and an audience that named somebody once and do so no longer.
fn name_in_earlier_versions(tenant: &Tenant) -> muster_engine::error::Result<()> {
    let (description, now) = (String::new(), Timestamp(3));
    for ids in [&[ID, "person 4"][..], &["person 4"]] {
        let id = tenant.state().segments.iter().find(|segment| segment.name == "former").map(|segment| segment.id);
        let content = SegmentContent::Ids(ids.iter().map(|id| (*id).to_owned()).collect());
        let (name, description) = ("former".to_owned(), description.clone());
        tenant.apply(Command::PutSegment { id, name, description, content, now })?;
        let id = tenant.state().audiences.iter().find(|audience| audience.name == "formerly").map(|found| found.id);
        let definition = Definition {
            include_customers: Some(ids.iter().map(|id| (*id).to_owned()).collect()),
            ..Definition::default()
        };
        let (name, description) = ("formerly".to_owned(), String::new());
        tenant.apply(Command::PutAudience { id, name, description, definition, now })?;
    }
    Ok(())
}

fn io(error: std::io::Error) -> Error {
    Error::Io(error.to_string())
}

/// Freezes the audience that names the person.
fn take_snapshot(tenant: &Tenant) -> muster_engine::error::Result<()> {
    let order = SnapshotOrder {
        audiences: vec![AudienceId(1)],
        now: Timestamp(4),
        created: Timestamp(4),
        confirm_everyone: false,
    };
    tenant.snapshot(&order, Terms::default(), &mut |_| {}).map(|_| ())
}

/// The rows that files of snapshots hold, of members and of the segment, each with the name of the file.
fn rows_in_snapshots(disk: &FakeDisk) -> Vec<(u32, String)> {
    let mut found = Vec::new();
    for name in disk.list().expect("names") {
        let Some(id) = FileId::named(&name).filter(|id| id.kind == FileKind::Snapshots) else { continue };
        let sections = CheckpointFile::open(disk, id).expect("a file").share();
        for part in [0xB2, 0xB3] {
            let bytes =
                sections.bytes(SectionId { field: u16::MAX, part, block: 0 }).expect("a good file").expect("rows");
            let rows = RoaringBitmap::deserialize_from(&bytes[..]).expect("a roaring bitmap");
            found.extend(rows.iter().map(|row| (row, name.clone())));
        }
    }
    found
}

/// The traces that files hold, each with the file.
fn traces(disk: &FakeDisk) -> Vec<(String, String)> {
    let number = NUMBER.to_le_bytes();
    let wanted: Vec<(&str, &[u8])> =
        TEXTS.iter().map(|text| (*text, text.as_bytes())).chain([("number", &number[..])]).collect();
    let mut found = Vec::new();
    for name in disk.list().expect("names") {
        let bytes = disk.bytes(&name);
        for (what, needle) in &wanted {
            if bytes.windows(needle.len()).any(|window| window == *needle) {
                found.push(((*what).to_owned(), name.clone()));
            }
        }
    }
    found
}

#[test]
fn nothing_of_the_erased_is_left_in_any_file() {
    for count in [40, MANY] {
        let disk = FakeDisk::default();
        let tenant = open(&disk).expect("a new tenant");
        live_and_leave(&disk, &tenant, count).expect("nothing goes wrong");
        for what in TEXTS.iter().copied().chain(["number"]) {
            assert!(traces(&disk).iter().any(|(found, _)| found == what), "{what} was never stored");
        }
        let state = tenant.state();
        let bits = |disk: &FakeDisk| {
            rows_in_snapshots(disk).iter().filter(|(row, _)| !state.view.live().contains(*row)).count()
        };
        assert_eq!(bits(&disk), 4, "two snapshots, each with members and a segment");
        assert_eq!(
            state.erasures.oldest_pending().map(|(number, receipt)| (number, receipt.at)),
            Some((1, Some(Timestamp(50))))
        );

        let done = tenant.checkpoint_erasing(&|| Timestamp(60)).expect("a checkpoint");
        assert!(done.is_some_and(|done| done.written > 0), "{done:?}");
        assert_eq!(traces(&disk), [], "with {count} others");
        assert_eq!((bits(&disk), state.snapshots.len()), (0, 2));
        for tenant in [tenant, open(&disk).expect("it opens again")] {
            let state = tenant.state();
            let receipt = state.erasures.get(1).expect("it was given");
            assert_eq!((receipt.at, receipt.off_disk), (Some(Timestamp(50)), Some(Timestamp(60))));
            assert_eq!((state.erasures.oldest_pending(), state.view.live().len()), (None, count as u64));
            state.view.verify().expect("indexes agree with columns");
        }
        assert_eq!(traces(&disk), [], "after a restart");
        // The keys are remembered, though nobody can read them.
        let tenant = open(&disk).expect("it opens again");
        let key = Terms { key: Some(format!("erase {ID}").into()), ..Terms::default() };
        let known = tenant.remembered(&key).expect("a good key");
        assert!(
            matches!(&known, Some(Outcome::Erased(erasure)) if erasure.receipt == 1 && erasure.fields == 4
                && (erasure.segments, erasure.audiences, erasure.snapshots) == (2, 2, 2)),
            "{known:?}"
        );
        let again = tenant.checkpoint_erasing(&|| Timestamp(70)).expect("a checkpoint");
        assert_eq!(
            tenant.state().erasures.get(1).and_then(|receipt| receipt.off_disk),
            Some(Timestamp(60)),
            "{again:?}"
        );
        assert_eq!(tenant.checkpoint_erasing(&|| Timestamp(80)), Ok(None), "nothing has changed");
    }
}

#[test]
fn a_receipt_is_true_whenever_the_power_goes() {
    let run = |disk: &FakeDisk| {
        let tenant = open(disk)?;
        live_and_leave(disk, &tenant, 20)?;
        tenant.checkpoint_erasing(&|| Timestamp(60))
    };
    let whole = FakeDisk::default();
    run(&whole).expect("nothing goes wrong");
    let (mut settled, mut pending) = (0, 0);
    // The erasure is among the last points; before it there is nothing to be seen here.
    for point in whole.points().saturating_sub(60)..whole.points() {
        // The last writes are those that settle it, if they were lucky.
        for seed in 0..if point + 3 < whole.points() { 4 } else { 40 } {
            let disk = FakeDisk::default();
            disk.fail_at(point, Fault::PowerCut);
            // Imports of the harness do not expect a power cut; those are before the points that are tried.
            run(&disk).expect_err("the power went");
            let found = if seed == 0 { disk.after_kill() } else { disk.after_cut(seed ^ (point << 8)) };
            let tenant = open(&found).expect("it opens again");
            let erasures = tenant.state().erasures.clone();
            if erasures.settled() == 1 {
                settled += 1;
                assert_eq!(traces(&found), [], "point {point}, seed {seed}");
            }
            pending += usize::from(erasures.oldest_pending().is_some());
            if erasures.count() == 1 {
                tenant.checkpoint_erasing(&|| Timestamp(70)).expect("the disk is well again");
                assert_eq!((traces(&found), tenant.state().erasures.settled()), (Vec::new(), 1), "point {point}");
            }
        }
    }
    assert!(settled > 2 && pending > 50, "{settled} settled, {pending} pending");
}

#[test]
fn texts_that_others_have_stay_and_former_ones_go() {
    let tenant = Tenant::default();
    let (schema, others) = people(30);
    replace(&tenant, &schema, &others);
    let twin = Change { id: "twin".into(), ..ada("twin@example.test") };
    merge(&tenant, &[twin, ada(TEXTS[2])]);
    merge(&tenant, &[ada(TEXTS[1])]);
    let texts = |tenant: &Tenant| {
        let state = tenant.state();
        let fields = state.view.schema().fields().iter();
        let dicts = fields.filter_map(|field| state.view.field(field.id).column.dict());
        dicts.flat_map(|dict| dict.iter().map(|(_, text)| text.to_vec())).collect::<Vec<_>>()
    };
    let has = |texts: &[Vec<u8>], wanted: &str| texts.iter().any(|text| text == wanted.as_bytes());
    tenant.apply(erase("twin")).expect("it is there");
    let left = texts(&tenant);
    assert!(!has(&left, "twin@example.test"), "what the person had goes at once");
    assert!(has(&left, TEXTS[2]), "who had what earlier nobody has noted");
    tenant.checkpoint_erasing(&|| Timestamp(60)).expect("nothing to write");
    let left = texts(&tenant);
    assert!(!has(&left, TEXTS[2]) && has(&left, TEXTS[1]) && has(&left, TEXTS[4]), "somebody has the others");
    assert_eq!(tenant.state().erasures.settled(), 1, "without files there is nothing else to wait for");
    tenant.state().view.verify().expect("indexes agree with columns");
}

#[test]
fn rows_are_never_given_again() {
    let disk = FakeDisk::default();
    let mut tenant = open(&disk).expect("a new tenant");
    let (schema, others) = people(10);
    replace(&tenant, &schema, &others);
    tenant.apply(put_segment("kept", &["person 9", "person 3"])).expect("a segment");
    let mut rows = vec![tenant.state().view.row("person 9").expect("it is there").0];
    for round in 0..3 {
        tenant.apply(erase("person 9")).expect("it is there");
        if round == 1 {
            tenant.checkpoint_erasing(&|| Timestamp(60)).expect("a checkpoint");
        }
        tenant = open(&disk).expect("it opens again");
        assert_eq!(tenant.state().view.row("person 9"), None);
        merge(&tenant, &[Change { id: "person 9".into(), fields: BTreeMap::new() }]);
        let state = tenant.state();
        let row = state.view.row("person 9").expect("it is there again").0;
        assert!(rows.iter().all(|before| *before < row), "{row} after {rows:?}");
        let segment = state.segments.iter().next().expect("one").id;
        assert!(!state.segment_rows(segment, Timestamp(0)).expect("it is there").contains(row), "a stranger");
        rows.push(row);
    }
}

#[test]
fn states_with_the_erased_are_kept_until_the_erasure_is_made_good() {
    let tenant = Tenant::default();
    let (schema, others) = people(10);
    replace(&tenant, &schema, &others);
    let before = tenant.state();
    tenant.pin(&before);
    merge(&tenant, &[ada(TEXTS[1])]);
    assert!(tenant.state_at(before.version).is_ok(), "any other change leaves them");
    tenant.apply(erase(ID)).expect("it is there");
    assert!(tenant.state_at(before.version).is_ok(), "pages go on, and leave the erased out");
    tenant.checkpoint_erasing(&|| Timestamp(60)).expect("nothing to write");
    // A page of the older state that is being read just now.
    tenant.pin(&before);
    assert!(matches!(tenant.state_at(before.version), Err(Error::NotFound(_))));
    assert!(Arc::strong_count(&before) == 1, "nobody but this test has it");
}

#[test]
fn lists_that_are_gone_have_left_nothing() {
    let disk = FakeDisk::default();
    let tenant = open(&disk).expect("a new tenant");
    let ids = vec![TEXTS[4].to_owned()];
    tenant
        .apply(Command::PutList { name: "l".into(), ids, blank: 0, attach: None, now: Timestamp(0) })
        .expect("a list");
    tenant.apply(Command::DeleteList(ListId(1))).expect("it is there");
    assert!(!traces(&disk).is_empty());
    tenant.checkpoint().expect("a checkpoint");
    assert_eq!(traces(&disk), []);
}
