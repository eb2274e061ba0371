//! Files of snapshots: what lies in them, and when they are written anew.
//!
//! That members and digests are right through changes, restarts and crashes is checked wherever histories are made
//! (`changes`, `checkpoints`, `durability`).

use bytes::Bytes;
use harness::disk::{FakeDisk, Fault};
use harness::twin::{Customer, Twin};
use muster_engine::audience::Definition;
use muster_engine::command::{Command, Outcome};
use muster_engine::error::Error;
use muster_engine::id::{AudienceId, SnapshotId};
use muster_engine::schema::{FieldType, Schema, Value};
use muster_engine::snapshot::Digest;
use muster_engine::store::Disk;
use muster_engine::store::checkpoint::{CheckpointFile, FileId, FileKind, SectionId, check_newest};
use muster_engine::tenant::{SnapshotOrder, Tenant, Terms};
use muster_engine::time::Timestamp;
use roaring::RoaringBitmap;

use crate::durability::{SIZES, described, open};

/// Profiles 0 to 99 and an audience that names six of them.
fn prepared(disk: &FakeDisk) -> Tenant {
    let tenant = open(disk).expect("a new tenant");
    let mut schema = Schema::default();
    schema.add(&[("n".into(), FieldType::Int)]).expect("a field");
    let profile = |id: i64| Customer { id: id.to_string(), values: [("n".to_owned(), Value::Int(id))].into() };
    let twin = Twin { schema, profiles: (0..100).map(profile).collect() };
    harness::tenant::replace(&tenant, &twin.schema, &twin.profiles);
    let ids = |ids: &[&str]| ids.iter().map(|id| (*id).to_owned()).collect::<Vec<_>>();
    let definition = Definition {
        include_customers: Some(ids(&["1", "2", "3", "4", "5", "6", "nobody"])),
        exclude_customers: ids(&["6", "7"]),
        ..Definition::default()
    };
    let (name, description, now) = ("a".to_owned(), String::new(), Timestamp(0));
    let put = Command::PutAudience { id: None, name, description, definition, now };
    assert_eq!(tenant.apply(put), Ok(Outcome::Audience(AudienceId(1))));
    tenant
}

fn order(count: usize) -> SnapshotOrder {
    let audiences = vec![AudienceId(1); count];
    SnapshotOrder { audiences, now: Timestamp(5), created: Timestamp(6), confirm_everyone: false }
}

fn take(tenant: &Tenant, count: usize) -> Vec<SnapshotId> {
    tenant.snapshot(&order(count), Terms::default(), &mut |_| {}).expect("snapshots")
}

fn erase(tenant: &Tenant, id: &str) -> u64 {
    match tenant.apply(Command::EraseProfile { id: id.into(), now: Some(Timestamp(7)) }) {
        Ok(Outcome::Erased(erasure)) => erasure.snapshots,
        other => panic!("{other:?}"),
    }
}

fn files(disk: &FakeDisk) -> Vec<(u64, u32)> {
    let names = disk.list().expect("names");
    let ids = names.iter().filter_map(|name| FileId::named(name)).filter(|id| id.kind == FileKind::Snapshots);
    let mut files: Vec<_> = ids.map(|id| (id.lsn, id.number)).collect();
    files.sort_unstable();
    files
}

/// The members of a snapshot as another program finds them in its file.
fn members(disk: &FakeDisk, (lsn, number): (u64, u32), place: u32) -> (Vec<u32>, Bytes) {
    let id = FileId { kind: FileKind::Snapshots, number, lsn };
    let sections = CheckpointFile::open(disk, id).expect("a file").share();
    let bytes =
        sections.bytes(SectionId { field: u16::MAX, part: 0xB2, block: place }).expect("a good file").expect("members");
    (RoaringBitmap::deserialize_from(&bytes[..]).expect("a roaring bitmap").iter().collect(), bytes)
}

#[test]
fn a_file_holds_portable_roaring_bytes_and_is_written_once() {
    let disk = FakeDisk::default();
    let tenant = prepared(&disk);
    assert_eq!(take(&tenant, 3), [1, 2, 3].map(SnapshotId));
    assert_eq!(take(&tenant, 1), [SnapshotId(4)]);
    let state = tenant.state();
    let (snapshot, _) = state.snapshots.get(SnapshotId(3)).expect("it was taken");
    let rows: Vec<u32> = ["1", "2", "3", "4", "5"].map(|id| state.view.row(id).expect("a row").0).into();
    let (found, bytes) = members(&disk, (1, 0), 2);
    let mut sorted = rows;
    sorted.sort_unstable();
    assert_eq!((found, snapshot.count), (sorted, 5));
    assert_eq!(Digest::of(&bytes), snapshot.digest);
    for _ in 0..2 {
        tenant.apply(Command::PatchProfile { id: "1".into(), changes: vec![("n".into(), None)] }).expect("a change");
        tenant.checkpoint().expect("a checkpoint").expect("something new");
        assert_eq!(files(&disk), [(1, 0), (4, 0)], "nothing of them has changed");
    }
    let reopened = open(&disk.after_kill()).expect("it opens again");
    assert_eq!(described(&reopened.state()), described(&tenant.state()));
}

#[test]
fn erased_people_and_deleted_snapshots_leave_the_disk_with_the_next_checkpoint() {
    let disk = FakeDisk::default();
    let tenant = prepared(&disk);
    take(&tenant, 2);
    take(&tenant, 1);
    let (row, bystander) = (tenant.state().view.row("3").expect("a row").0, erase(&tenant, "50"));
    assert_eq!((bystander, erase(&tenant, "3"), erase(&tenant, "7")), (0, 3, 0));
    tenant.apply(Command::DeleteSnapshot(SnapshotId(1))).expect("it was there");
    let before = described(&tenant.state());
    assert!(members(&disk, (1, 0), 0).0.contains(&row), "until a checkpoint");
    tenant.checkpoint().expect("a checkpoint");
    assert_eq!(files(&disk), [(1, 1), (3, 1)]);
    let (found, _) = members(&disk, (1, 1), 0);
    assert!(found.len() == 4 && !found.contains(&row), "{found:?}");
    let whole = disk.bytes("00000000000000000001-00001.snapshots");
    assert!(!whole.windows(2).any(|bytes| bytes == b"\x017"), "the definition no longer names 7");
    assert_eq!(described(&tenant.state()), before);
    let tenant = open(&disk).expect("it opens again");
    assert_eq!(described(&tenant.state()), before);

    for id in [2, 3] {
        tenant.apply(Command::DeleteSnapshot(SnapshotId(id))).expect("it was there");
    }
    tenant.checkpoint().expect("a checkpoint");
    assert_eq!(files(&disk), []);
    let tenant = open(&disk).expect("it opens again");
    assert_eq!(take(&tenant, 1), [SnapshotId(4)], "ids are never given again");
}

#[test]
fn whoever_is_erased_while_a_snapshot_is_taken_is_not_in_it() {
    let disk = FakeDisk::default();
    let tenant = prepared(&disk);
    let mut is_first = true;
    let ids = tenant.snapshot(&order(2), Terms::default(), &mut |_| {
        if std::mem::take(&mut is_first) {
            erase(&tenant, "2");
            erase(&tenant, "7");
        }
    });
    assert_eq!(ids, Ok(vec![SnapshotId(1), SnapshotId(2)]));
    let check = |tenant: &Tenant| {
        let state = tenant.state();
        let (snapshot, _) = state.snapshots.get(SnapshotId(2)).expect("it was taken");
        assert_eq!((snapshot.count, snapshot.erased, snapshot.left()), (5, 1, 4));
        assert_eq!(snapshot.rows(state.view.live()).expect("rows").len(), 4);
        assert_eq!(snapshot.definition.exclude_customers, ["6"]);
        let included = snapshot.definition.include_customers.clone().expect("ids");
        assert_eq!(included, ["1", "3", "4", "5", "6", "nobody"]);
    };
    check(&tenant);
    check(&open(&disk.after_kill()).expect("it opens again"));
    tenant.checkpoint().expect("a checkpoint");
    assert_eq!(members(&disk, (1, 1), 0).0.len(), 4);
    check(&open(&disk).expect("it opens again"));
}

#[test]
fn a_file_whose_record_never_came_goes_and_those_of_the_log_stay() {
    let disk = FakeDisk::default();
    let tenant = prepared(&disk);
    tenant.checkpoint().expect("a checkpoint");
    take(&tenant, 2);
    take(&tenant, 1);
    tenant.apply(Command::DeleteSnapshot(SnapshotId(3))).expect("it was there");
    let never = ["00000000000000000004-00000.snapshots", "00000000000000000004-00000.snapshots.tmp"];
    let leave = || never.iter().for_each(|name| drop(disk.create(name).expect("a file")));
    leave();
    let held = tenant.hold_files().expect("files").expect("a disk");
    let kept: Vec<_> = held.files.iter().map(|file| &*file.name).filter(|name| name.contains("snapshots")).collect();
    assert_eq!(kept, ["00000000000000000001-00000.snapshots", "00000000000000000003-00000.snapshots"]);
    drop(held);
    for _ in 0..2 {
        assert_eq!(described(&open(&disk).expect("it opens again").state()), described(&tenant.state()));
        assert_eq!(files(&disk), [(1, 0), (3, 0)], "the log names a deleted one as well");
    }
    leave();
    tenant.checkpoint().expect("a checkpoint").expect("something new");
    assert_eq!(files(&disk), [(1, 0)]);
    assert!(disk.list().expect("names").iter().all(|name| !never.contains(&&**name)));
}

#[test]
fn a_file_that_the_log_names_must_be_there() {
    let disk = FakeDisk::default();
    take(&prepared(&disk), 1);
    disk.remove("00000000000000000001-00000.snapshots").expect("it was there");
    let refused = open(&disk).expect_err("a snapshot is lost");
    assert!(
        matches!(&refused, Error::Corrupt(why) if why.contains("00000000000000000001-00000.snapshots")),
        "{refused}"
    );
}

#[test]
fn a_damaged_file_is_named_whether_the_log_or_a_checkpoint_names_it() {
    for is_in_checkpoint in [false, true] {
        let disk = FakeDisk::default();
        let tenant = prepared(&disk);
        tenant.checkpoint().expect("a checkpoint");
        take(&tenant, 2);
        if is_in_checkpoint {
            tenant.checkpoint().expect("a checkpoint").expect("something new");
        }
        drop(tenant);
        let name = "00000000000000000001-00000.snapshots";
        assert!(check_newest(&disk).expect("nothing is damaged").is_some());
        for at in (0..disk.bytes(name).len()).step_by(7) {
            let damaged = disk.after_kill();
            damaged.flip(name, at, 0x20);
            let read = Tenant::read(&damaged, SIZES, &mut |_| {}).map(drop);
            for refused in [check_newest(&damaged).map(drop), read] {
                let is_named = matches!(&refused, Err(Error::Corrupt(why)) if why.contains(name));
                assert!(is_named, "byte {at}, in a checkpoint: {is_in_checkpoint}: {refused:?}");
            }
        }
    }
}

/// Whatever names a file is safe only after the file: at every point of taking snapshots, of writing them anew and of the
/// checkpoint that names them then, a power cut leaves each snapshot whole or not taken.
#[test]
fn a_snapshot_that_is_named_is_there() {
    let history = |disk: &FakeDisk| -> muster_engine::error::Result<()> {
        let tenant = prepared(disk);
        tenant.snapshot(&order(2), Terms::default(), &mut |_| {})?;
        tenant.checkpoint()?;
        tenant.apply(Command::EraseProfile { id: "2".into(), now: Some(Timestamp(7)) })?;
        tenant.snapshot(&order(1), Terms::default(), &mut |_| {})?;
        tenant.checkpoint().map(drop)
    };
    let whole = FakeDisk::default();
    prepared(&whole);
    let from = whole.points();
    let whole = FakeDisk::default();
    history(&whole).expect("nothing goes wrong");
    let mut taken = [0; 3];
    for point in from..whole.points() {
        let disk = FakeDisk::default();
        disk.fail_at(point, Fault::PowerCut);
        // At times the cut falls on a call whose failure does not matter.
        let _ = history(&disk);
        for seed in 0..8 {
            let after = disk.after_cut(seed ^ point << 8);
            let state = open(&after).unwrap_or_else(|error| panic!("point {point}, seed {seed}: {error}")).state();
            let (live, mut count) = (state.view.live(), 0);
            for id in (1..=3).map(SnapshotId) {
                let Ok((snapshot, _)) = state.snapshots.get(id) else { continue };
                let rows = snapshot.rows(live).unwrap_or_else(|error| panic!("point {point}, seed {seed}: {error}"));
                assert_eq!(rows.len(), snapshot.left(), "point {point}, seed {seed}");
                count += 1;
            }
            taken[[0, 0, 1, 2][count]] += 1;
            check_newest(&after).unwrap_or_else(|error| panic!("point {point}, seed {seed}: {error}"));
        }
    }
    assert!(taken.iter().all(|count| *count > 50), "none, two, all three: {taken:?}");
}

/// A snapshot of a state that still had the erased is in the log before the checkpoint, or it never sees them: whoever makes
/// erasures good waits until it is taken.
#[test]
fn making_erasures_good_waits_for_a_snapshot_that_is_being_taken() {
    let disk = FakeDisk::default();
    let tenant = prepared(&disk);
    let (begun, is_begun) = std::sync::mpsc::channel();
    let is_done = std::sync::atomic::AtomicBool::new(false);
    std::thread::scope(|scope| {
        let (tenant, is_done) = (&tenant, &is_done);
        scope.spawn(move || {
            is_begun.recv().expect("a snapshot is being taken");
            tenant.checkpoint_erasing(&|| Timestamp(60)).expect("a checkpoint").expect("something new");
            is_done.store(true, std::sync::atomic::Ordering::SeqCst);
        });
        let mut is_first = true;
        let taken = tenant.snapshot(&order(2), Terms::default(), &mut |_| {
            if std::mem::take(&mut is_first) {
                erase(tenant, "2");
                begun.send(()).expect("somebody waits");
            }
            std::thread::sleep(std::time::Duration::from_millis(100));
            assert!(!is_done.load(std::sync::atomic::Ordering::SeqCst), "it did not wait");
        });
        assert_eq!(taken, Ok(vec![SnapshotId(1), SnapshotId(2)]));
    });
    assert!(is_done.into_inner());
    let erasures = tenant.state().erasures.clone();
    assert_eq!((erasures.count(), erasures.settled()), (1, 1));
    // The receipt says that files name them no more: the one with their row is gone.
    assert_eq!(files(&disk), [(1, 1)]);
    assert_eq!((members(&disk, (1, 1), 0).0.len(), members(&disk, (1, 1), 1).0.len()), (4, 4));
}
