//! Checkpoints: what is opened from one is what was there, every damaged byte is found, and files that are still true are
//! not written again.
//!
//! Not here: crashes while one is taken (`durability`).

use std::path::Path;
use std::sync::Arc;

use harness::disk::FakeDisk;
use harness::model::Ids;
use harness::rng::Rng;
use harness::twin::{Customer, Twin};
use muster_engine::command::Command;
use muster_engine::error::Error;
use muster_engine::id::Row;
use muster_engine::rule::to_text;
use muster_engine::schema::{FieldType, Schema, Value};
use muster_engine::segment::PreviewOptions;
use muster_engine::store::checkpoint::{FileId, FileKind};
use muster_engine::store::{Directory, Disk, LogSizes};
use muster_engine::tenant::{State, Tenant};

use crate::changes::compare;
use crate::durability::{SIZES, described, described_without_versions, open};
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
                history.tenant.checkpoint().expect("a checkpoint");
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
    history.tenant.checkpoint().expect("a checkpoint").expect("there is something");
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
        ids.sort_by_key(|id| (id.kind, id.shard));
        ids
    };
    // One row more than a shard has.
    let tenant = reopened();
    numbers(&tenant, (1 << 20) + 1);
    tenant.checkpoint().expect("a checkpoint").expect("something new");
    assert_eq!(tenant.checkpoint(), Ok(None), "nothing has changed");
    let first = on_disk();
    assert_eq!(first.len(), 5, "manifest, dictionaries, state, two shards: {first:?}");
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
    let same: Vec<bool> = first.iter().zip(&second).map(|(old, new)| old == new).collect();
    assert_eq!(same, [false, true, false, true, false], "{second:?}");
    assert!(done.written < done.report.bytes / 10, "{done:?}");
    drop(tenant);
    let tenant = reopened();
    tenant.state().view.verify().expect("indexes agree with columns");
    assert_eq!((count(&tenant, "n < 0"), count(&tenant, "n >= 0")), (1, 1 << 20));
}

/// What the first version of the format wrote, and what must be found in it.
const FIRST_VERSION: &str = "engine/fixtures/checkpoint-1";

#[test]
fn checkpoints_of_the_first_version_open_for_ever() {
    let from = Path::new(env!("CARGO_MANIFEST_DIR")).join(FIRST_VERSION);
    let folder = tempfile::tempdir().expect("a folder");
    for entry in std::fs::read_dir(&from).expect("the fixture") {
        let entry = entry.expect("a file");
        std::fs::copy(entry.path(), folder.path().join(entry.file_name())).expect("copied");
    }
    let expected = std::fs::read_to_string(from.join("described.txt")).expect("what it holds");
    let disk = Directory::open(folder.path(), "a test").expect("a directory");
    let (tenant, recovery) = Tenant::open(Arc::new(disk), LogSizes::default(), &mut |_| {}).expect("it opens");
    tenant.state().view.verify().expect("indexes agree with columns");
    assert_eq!(described_without_versions(&tenant.state()), expected);
    assert!(recovery.checkpoint.lsn > 0 && recovery.log.records == 0, "{recovery:?}");
}

/// Files as somebody would make them who wants a reader to fall: other values under checksums that are right.
#[test]
fn files_that_nobody_wrote_make_nobody_panic() {
    let disk = FakeDisk::default();
    let mut history = History::of(11, open(&disk).expect("a new tenant"));
    (0..40).for_each(|_| _ = history.change());
    history.tenant.checkpoint().expect("a checkpoint").expect("there is something");
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
            seal(&mut renamed);
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
    seal(file);
    true
}

/// Makes all checksums right.
fn seal(file: &mut [u8]) {
    let (table, sections) = (number(file, 32), number(file, 20));
    for entry in (0..sections).map(|index| table + 32 * index) {
        let (offset, length) = (number(file, entry + 8), number(file, entry + 16));
        let sum = crc32c::crc32c(&file[offset..offset + length]);
        file[entry + 24..entry + 28].copy_from_slice(&sum.to_le_bytes());
    }
    let sum = crc32c::crc32c(&file[table..]);
    file[48..52].copy_from_slice(&sum.to_le_bytes());
    let sum = crc32c::crc32c(&file[..60]);
    file[60..64].copy_from_slice(&sum.to_le_bytes());
}
