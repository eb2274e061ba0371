//! Checkpoints: what is opened from one is what was there, every damaged byte is found, and files that are still true are
//! not written again.
//!
//! Not here: crashes while one is taken (`durability`).

use std::path::Path;
use std::sync::Arc;

use harness::disk::FakeDisk;
use harness::hostile::seal_checkpoint;
use harness::model::Ids;
use harness::rng::Rng;
use harness::tenant::Change;
use harness::twin::{Customer, Twin};
use muster_engine::command::{Command, SegmentContent, Upsert};
use muster_engine::error::Error;
use muster_engine::id::{Row, SegmentId};
use muster_engine::rule::to_text;
use muster_engine::schema::{FieldType, Schema, Value};
use muster_engine::segment::{PreviewOptions, SegmentKept};
use muster_engine::store::checkpoint::{CheckpointSizes, FileId, FileKind};
use muster_engine::store::{Directory, Disk, LogSizes};
use muster_engine::table::ImportMode;
use muster_engine::tenant::{State, Tenant, Terms};
use muster_engine::time::Timestamp;

use crate::changes::compare;
use crate::durability::{CUT, SIZES, described, described_without_versions, open};
use crate::history::History;

/// Histories of the ordinary run.
const HISTORIES: u64 = 25;

/// Changes in each.
const CHANGES: usize = 30;

#[test]
fn what_is_opened_from_a_checkpoint_is_what_was_there() {
    let mut reopened = 0;
    for seed in 0..HISTORIES {
        let disk = FakeDisk::default();
        let mut history = History::of(seed, open(&disk).expect("a new tenant"));
        let mut kept: Vec<(Arc<State>, String)> = Vec::new();
        for change in 0..CHANGES {
            let place = format!("seed {seed}, change {change}: {}", history.change());
            if history.rng.chance(20) {
                // Now and then cut otherwise than before.
                let sizes = if history.rng.chance(70) { CUT } else { CheckpointSizes::default() };
                history.tenant.checkpoint_cut(sizes).expect("a checkpoint");
                if history.rng.chance(30) {
                    history.tenant.checkpoint().expect("nothing to do");
                }
            }
            if history.rng.chance(20) {
                let before = described(&history.tenant.state());
                // Nobody but this test holds two tenants on one disk; the first is not used again.
                history.tenant = open(&disk).expect("it opens again");
                let state = history.tenant.state();
                assert_eq!(described(&state), before, "{place}");
                kept.push((state, before));
                reopened += 1;
            }
            compare(&history.tenant.state(), &history.model, &history.material, &place);
            ask(&mut history, &place);
        }
        // Whatever came later was written beside what is mapped, not over it.
        kept.iter().for_each(|(state, before)| assert_eq!(&described(state), before, "seed {seed}"));
    }
    assert!(reopened > 60, "{reopened}");
}

fn ask(history: &mut History, place: &str) {
    let (state, now) = (history.tenant.state(), history.material.now);
    for _ in 0..5 {
        let rule = history.rule();
        let checked = state.check(&rule).expect("a valid rule");
        let options = PreviewOptions { sample: 1_000, explain: false };
        let preview = state.preview(&checked, now, options).expect("a preview");
        let sample: Ids = preview.sample.into_iter().map(|profile| profile.id).collect();
        assert_eq!(sample, history.model.select(&rule, now), "{place}: {}", to_text(&rule, &|_| None));
    }
}

fn files(disk: &dyn Disk) -> Vec<FileId> {
    let mut names = disk.list().expect("names");
    names.sort();
    names.iter().filter_map(|name| FileId::named(name)).collect()
}

/// A tenant with a bit of everything, and a checkpoint of it.
fn small(disk: &FakeDisk) -> Tenant {
    let mut history = History::of(11, open(disk).expect("a new tenant"));
    (0..40).for_each(|_| _ = history.change());
    history.tenant.checkpoint_cut(CUT).expect("a checkpoint").expect("there is something");
    history.tenant
}

#[test]
fn every_flipped_byte_is_found_and_named() {
    let disk = FakeDisk::default();
    let whole = described(&small(&disk).state());
    let mut rng = Rng::new(3);
    let mut flipped = 0;
    for file in files(&disk).into_iter().map(|id| id.to_string()) {
        let length = disk.open(&file).expect("a file").len().expect("a length");
        for at in 0..usize::try_from(length).expect("a small file") {
            let bits = 1 << rng.below(8);
            disk.flip(&file, at, bits);
            match Tenant::read(&disk, SIZES, &mut |_| {}) {
                Err(Error::Corrupt(message)) => assert!(message.contains(&file), "{file} at {at}: {message}"),
                other => panic!("{file} at {at}: {:?}", other.map(|(state, _)| described(&state) == whole)),
            }
            disk.flip(&file, at, bits);
            flipped += 1;
        }
        let bytes = disk.open(&file).expect("a file");
        bytes.truncate(length - 1).expect("cut");
        let cut = Tenant::read(&disk, SIZES, &mut |_| {});
        assert!(matches!(&cut, Err(Error::Corrupt(message)) if message.contains(&file)), "{cut:?}");
        return_to(&disk, &file, &whole);
    }
    assert!(flipped > 15_000, "{flipped} bytes");
}

/// Makes a disk whole again whose file was lost.
fn return_to(disk: &FakeDisk, file: &str, whole: &str) {
    for name in disk.list().expect("names") {
        disk.remove(&name).expect("removed");
    }
    assert_eq!(described(&small(disk).state()), whole, "{file}");
}

#[test]
fn a_damaged_checkpoint_is_passed_over_while_the_log_has_everything() {
    let disk = FakeDisk::default();
    let first = {
        let mut history = History::of(5, open(&disk).expect("a new tenant"));
        (0..20).for_each(|_| _ = history.change());
        // Before the log is dropped the manifest is safe: there the power goes.
        let names = disk.after_kill();
        let tenant = open(&names).expect("it opens");
        tenant.checkpoint().expect("a checkpoint");
        let manifest = files(&names).into_iter().find(|id| id.kind == FileKind::Manifest).expect("a manifest");
        let bytes = names.bytes(&manifest.to_string());
        let mut damaged = bytes.clone();
        damaged[70] ^= 1;
        disk.create(&manifest.to_string()).expect("a file").write_at(0, &damaged).expect("written");
        described(&history.tenant.state())
    };
    let (state, recovery) = Tenant::read(&disk, SIZES, &mut |_| {}).expect("the log has everything");
    assert_eq!(described(&state), first);
    assert!(recovery.passed_over.is_some_and(|why| why.contains(".manifest at byte")));
}

/// A tenant with one number a profile.
fn numbers(tenant: &Tenant, rows: u32) {
    let mut schema = Schema::default();
    schema.add(&[("n".into(), FieldType::Int)]).expect("a field");
    let profile = |row: u32| Customer {
        id: row.to_string(),
        values: [("n".to_owned(), Value::Int(i64::from(row % 1_000)))].into(),
    };
    let twin = Twin { schema, profiles: (0..rows).map(profile).collect() };
    harness::tenant::replace(tenant, &twin.schema, &twin.profiles);
}

#[test]
fn files_that_are_still_true_are_kept() {
    let folder = tempfile::tempdir().expect("a folder");
    let reopened = || {
        let disk = Directory::open(folder.path(), "a test").expect("a directory");
        Tenant::open(Arc::new(disk), LogSizes::default(), &mut |_| {}).expect("it opens").0
    };
    let on_disk = || {
        let names = std::fs::read_dir(folder.path()).expect("names").map(|entry| entry.expect("a name").file_name());
        let mut ids: Vec<FileId> = names.filter_map(|name| FileId::named(name.to_str()?)).collect();
        ids.sort_by_key(|id| (id.kind, id.number));
        ids
    };
    // One row more than a shard has.
    let tenant = reopened();
    numbers(&tenant, (1 << 20) + 1);
    tenant.checkpoint().expect("a checkpoint").expect("something new");
    assert_eq!(tenant.checkpoint(), Ok(None), "nothing has changed");
    let first = on_disk();
    let of = |kind| first.iter().filter(|id| id.kind == kind).count();
    let kinds = [FileKind::Shard, FileKind::Texts, FileKind::Table].map(of);
    assert_eq!((kinds, first.len()), ([9, 16, 16], 44), "and manifest, dictionaries, state: {first:?}");
    drop(tenant);

    // Through a restart as well.
    let tenant = reopened();
    let id = tenant.state().view.id(Row(1 << 20)).to_owned();
    let changes = vec![("n".to_owned(), Some(Value::Int(-7)))];
    tenant.apply(Command::PatchProfile { id, changes }).expect("a change");
    let count = |tenant: &Tenant, text: &str| {
        let state = tenant.state();
        let (_, checked) = state.read_text(text).expect("a rule");
        let options = PreviewOptions { sample: 0, explain: false };
        state.preview(&checked, muster_engine::time::Timestamp(0), options).expect("a preview").count
    };
    assert_eq!((count(&tenant, "n < 0"), count(&tenant, "n >= 0")), (1, 1 << 20));
    let done = tenant.checkpoint().expect("a checkpoint").expect("something new");
    let second = on_disk();
    let fresh: Vec<(FileKind, u32)> =
        second.iter().filter(|id| !first.contains(id)).map(|id| (id.kind, id.number)).collect();
    assert_eq!(fresh, [(FileKind::Manifest, 0), (FileKind::State, 0), (FileKind::Shard, 8)]);
    assert_eq!(second.len(), first.len());
    assert!(done.written < done.report.bytes / 10, "{done:?}");
    drop(tenant);
    let tenant = reopened();
    tenant.state().view.verify().expect("indexes agree with columns");
    assert_eq!((count(&tenant, "n < 0"), count(&tenant, "n >= 0")), (1, 1 << 20));
}

/// A rule may call the external id what imports called it when the rule was written; later that may be a field's name.
#[test]
fn a_rule_about_the_id_stays_one_whatever_fields_come_later() {
    for way in ["schema", "upsert", "import"] {
        let disk = FakeDisk::default();
        let tenant = open(&disk).expect("a new tenant");
        let named = |id_name: &str, fields: &[(String, FieldType)]| {
            let mut import = tenant.import();
            import.prepare(id_name, fields).expect("good names");
            let twin = Customer { id: "7".into(), values: [].into() };
            import
                .upsert(&harness::tenant::batch_of(&Schema::default(), &[twin]), ImportMode::Merge)
                .expect("a profile");
            import.commit(Terms::default()).expect("nothing that can fail");
        };
        named("customer", &[("n".into(), FieldType::Int)]);
        let rule = tenant.state().read_text("customer in (\"7\", \"8\")").expect("a rule").0;
        let (name, description) = ("s".to_owned(), String::new());
        let content = SegmentContent::Rule(rule);
        let now = Timestamp(0);
        tenant.apply(Command::PutSegment { id: None, name, description, content, now }).expect("a segment");
        // Later it holds another rule; what it held can be restored, and still is about the id.
        let (name, description, id) = ("s".to_owned(), String::new(), Some(SegmentId(1)));
        let content = SegmentContent::Rule(tenant.state().read_text("customer is \"7\"").expect("a rule").0);
        tenant.apply(Command::PutSegment { id, name, description, content, now }).expect("a second version");
        named("user", &[]);
        let fresh = vec![("customer".to_owned(), FieldType::Keyword)];
        match way {
            "schema" => drop(tenant.apply(Command::AddFields(fresh)).expect("a field")),
            "import" => named("user", &fresh),
            _ => {
                let batch = harness::tenant::batch_of(&Schema::default(), &[]);
                let upsert = Upsert { id_name: "user".into(), fields: fresh, mode: ImportMode::Merge, batch };
                tenant.apply(Command::Upsert(upsert)).expect("a field");
            }
        }
        tenant.checkpoint().expect("a checkpoint");
        for tenant in [tenant, open(&disk).expect("it opens again")] {
            let state = tenant.state();
            let segment = state.segments.iter().next().expect("one");
            assert_eq!(state.segment_count(segment.id, now), Ok(1), "{way}: {segment:?}");
            let held = |number| match segment.version(number).expect("it is kept").content {
                SegmentKept::Rule(rule) => to_text(&rule, &|_| None),
                other => panic!("{other:?}"),
            };
            assert_eq!([1, 2].map(held), ["id in (\"7\", \"8\")", "id is \"7\""], "{way}");
            let earlier = segment.version(1).expect("it is kept").content;
            assert_eq!(state.rows_of_version(&earlier, now).map(|rows| rows.len()), Ok(1), "{way}");
        }
    }
}

/// What was written by the first program that took checkpoints, and since dictionaries have pieces.
const FIXTURES: [&str; 2] = ["engine/fixtures/checkpoint-1", "engine/fixtures/checkpoint-2"];

#[test]
fn checkpoints_of_earlier_programs_open_for_ever() {
    for fixture in FIXTURES {
        let from = Path::new(env!("CARGO_MANIFEST_DIR")).join(fixture);
        let folder = tempfile::tempdir().expect("a folder");
        for entry in std::fs::read_dir(&from).expect("the fixture") {
            let entry = entry.expect("a file");
            std::fs::copy(entry.path(), folder.path().join(entry.file_name())).expect("copied");
        }
        let reopened = || {
            let disk = Directory::open(folder.path(), "a test").expect("a directory");
            Tenant::open(Arc::new(disk), LogSizes::default(), &mut |_| {}).expect("it opens")
        };
        let expected = std::fs::read_to_string(from.join("described.txt")).expect("what it holds");
        let (tenant, recovery) = reopened();
        tenant.state().view.verify().expect("indexes agree with columns");
        assert_eq!(described_without_versions(&tenant.state()), expected);
        assert!(recovery.checkpoint.lsn > 0 && recovery.log.records == 0, "{recovery:?}");

        // The next one is cut as they are now, and nothing is lost on the way.
        tenant.apply(Command::AddFields(vec![("fresh".into(), FieldType::Keyword)])).expect("a change");
        tenant.checkpoint_cut(CUT).expect("a checkpoint").expect("something new");
        let after = described(&tenant.state());
        drop(tenant);
        assert_eq!(described(&reopened().0.state()), after);
    }
}

/// A tenant with more ids than a page of texts and a shard of the table have; they are numbers from 10,000 on.
fn many_ids(disk: &FakeDisk) -> Tenant {
    let tenant = open(disk).expect("a new tenant");
    let profile = |row: u32| Customer { id: (10_000 + row).to_string(), values: [].into() };
    harness::tenant::replace(&tenant, &Schema::default(), &(0..5_000).map(profile).collect::<Vec<_>>());
    tenant.checkpoint_cut(CUT).expect("a checkpoint").expect("something new");
    tenant
}

#[test]
fn a_changed_text_is_written_with_its_pieces_alone() {
    let disk = FakeDisk::default();
    let tenant = many_ids(&disk);
    let mut before = files(&disk);
    let count = |ids: &[FileId], kind| ids.iter().filter(|id| id.kind == kind).count();
    assert_eq!([FileKind::Texts, FileKind::Table].map(|kind| count(&before, kind)), [4, 4]);
    let mut step = |tenant: &Tenant, texts: &[u16]| {
        tenant.checkpoint_cut(CUT).expect("a checkpoint").expect("something new");
        let after = files(&disk);
        let fresh: Vec<FileId> = after.iter().filter(|id| !before.contains(id)).copied().collect();
        let places = |kind| fresh.iter().filter(|id| id.kind == kind).map(|id| id.place()).collect::<Vec<_>>();
        assert_eq!((&places(FileKind::Texts)[..], places(FileKind::Table).len()), (texts, 1), "{fresh:?}");
        assert_eq!(count(&fresh, FileKind::Dictionaries), 1);
        assert_eq!(after.len(), before.len(), "the others are gone");
        before = after;
    };
    // A new text is behind all pieces, and in one shard of the table.
    harness::tenant::merge(&tenant, &[Change { id: "77777".into(), fields: [].into() }]);
    step(&tenant, &[]);
    // One that is taken out was in a piece, and is nowhere afterwards.
    tenant.apply(Command::EraseProfile { id: "11500".into(), now: None }).expect("a change");
    step(&tenant, &[1]);
    for name in disk.list().expect("names").iter().filter(|name| !name.ends_with(".log")) {
        assert!(!whole_file(&disk, name).windows(5).any(|bytes| bytes == b"11500"), "{name}");
    }
    drop(tenant);

    // Also through a restart: what was not changed since is kept.
    let tenant = open(&disk).expect("it opens");
    tenant.state().view.verify().expect("indexes agree with columns");
    tenant.apply(Command::EraseProfile { id: "10000".into(), now: None }).expect("a change");
    step(&tenant, &[0]);
    let state = open(&disk).expect("it opens").state();
    let found = |id: u32| state.view.row(&id.to_string()).is_some();
    assert!((10_000..15_000).all(|id| found(id) != [10_000, 11_500].contains(&id)) && found(77_777));
}

#[test]
fn flipped_bytes_of_pieces_are_found_and_named() {
    let disk = FakeDisk::default();
    drop(many_ids(&disk));
    let mut flipped = 0;
    for file in files(&disk).into_iter().filter(|id| id.kind.is_piece()).map(|id| id.to_string()) {
        let length = whole_file(&disk, &file).len();
        // Header and table whole, and of the rest every 97th byte: small checkpoints have each flipped.
        let ends = (0..64).chain(length - 96..length);
        for at in ends.chain((64..length - 96).step_by(97)) {
            disk.flip(&file, at, 4);
            match Tenant::read(&disk, SIZES, &mut |_| {}) {
                Err(Error::Corrupt(message)) => assert!(message.contains(&file), "{file} at {at}: {message}"),
                other => panic!("{file} at {at}: {:?}", other.map(|_| ())),
            }
            disk.flip(&file, at, 4);
            flipped += 1;
        }
        disk.remove(&file).expect("removed");
        let gone = Tenant::read(&disk, SIZES, &mut |_| {});
        assert!(matches!(&gone, Err(Error::Corrupt(message)) if message.contains(&file)), "{gone:?}");
        for name in disk.list().expect("names") {
            disk.remove(&name).expect("removed");
        }
        drop(many_ids(&disk));
    }
    assert!(flipped > 1_500, "{flipped} bytes");
}

/// Files as somebody would make them who wants a reader to fall: other values under checksums that are right.
#[test]
fn files_that_nobody_wrote_make_nobody_panic() {
    let disk = FakeDisk::default();
    let mut history = History::of(11, open(&disk).expect("a new tenant"));
    (0..40).for_each(|_| _ = history.change());
    history.tenant.checkpoint_cut(CUT).expect("a checkpoint").expect("there is something");
    let files = files(&disk);
    let manifest = files.iter().find(|id| id.kind == FileKind::Manifest).expect("a manifest").to_string();
    let mut rng = Rng::new(17);
    let (mut refused, mut opened) = (0, 0);
    for _ in 0..FORGERIES {
        let file = rng.pick(&files).to_string();
        let (before, named) = (whole_file(&disk, &file), whole_file(&disk, &manifest));
        let mut forged = before.clone();
        if !forge(&mut forged, &mut rng) {
            continue;
        }
        write_over(&disk, &file, &forged);
        if file != manifest {
            // The manifest names the table's checksum.
            let (old, new) = (before[48..52].to_vec(), forged[48..52].to_vec());
            let at = named.windows(4).position(|bytes| bytes == old).expect("it is named");
            let mut renamed = named.clone();
            renamed[at..at + 4].copy_from_slice(&new);
            seal_checkpoint(&mut renamed);
            write_over(&disk, &manifest, &renamed);
        }
        match Tenant::read(&disk, SIZES, &mut |_| {}) {
            Err(error) => {
                assert!(matches!(error, Error::Corrupt(_)), "{error}");
                refused += 1;
            }
            Ok((state, _)) => {
                let _ = (state.view.verify(), described(&state));
                for _ in 0..3 {
                    let rule = history.rule();
                    let Ok(checked) = state.check(&rule) else { continue };
                    let options = PreviewOptions { sample: 100, explain: true };
                    state.preview(&checked, history.material.now, options).expect("some answer");
                }
                opened += 1;
            }
        }
        write_over(&disk, &file, &before);
        write_over(&disk, &manifest, &named);
    }
    assert!(refused > FORGERIES / 20 && opened > FORGERIES / 20, "{refused} refused, {opened} opened");
}

/// Forged files of the ordinary run.
const FORGERIES: usize = 2_000;

fn whole_file(disk: &FakeDisk, file: &str) -> Vec<u8> {
    let file = disk.open(file).expect("a file");
    let mut bytes = vec![0; usize::try_from(file.len().expect("a length")).expect("a small file")];
    file.read_at(0, &mut bytes).expect("all of it");
    bytes
}

fn write_over(disk: &FakeDisk, file: &str, bytes: &[u8]) {
    disk.open(file).expect("a file").write_at(0, bytes).expect("written");
}

fn number(bytes: &[u8], at: usize) -> usize {
    u32::from_le_bytes(bytes[at..at + 4].try_into().expect("four bytes")) as usize
}

/// Changes one byte of a section; says whether there was one.
fn forge(file: &mut [u8], rng: &mut Rng) -> bool {
    let (table, sections) = (number(file, 32), number(file, 20));
    let entry = table + 32 * rng.below(sections);
    let (offset, length) = (number(file, entry + 8), number(file, entry + 16));
    if length == 0 {
        return false;
    }
    file[offset + rng.below(length)] = *rng.pick(&[0, 1, 0x7f, 0x80, 0xff]);
    seal_checkpoint(file);
    true
}
