//! A checkpoint that is opened at once: asked before it was compared with its checksums, it says what was there or that
//! it is damaged, and nothing is changed before all of it was compared.
//!
//! Not here: checkpoints that are compared when they are opened (`checkpoints`).

use std::sync::Arc;

use arrow_array::StringArray;
use harness::disk::FakeDisk;
use harness::model::Ids;
use muster_engine::command::Command;
use muster_engine::error::{Error, Result};
use muster_engine::rule::Rule;
use muster_engine::segment::PreviewOptions;
use muster_engine::store::Disk;
use muster_engine::store::checkpoint::{FileId, FileKind};
use muster_engine::table::{Batch, ImportMode};
use muster_engine::tenant::{State, Tenant};
use muster_engine::time::Timestamp;

use crate::durability::{CUT, SIZES, described, open};
use crate::history::History;

/// Histories of the ordinary run.
const HISTORIES: u64 = 30;

/// Rules that are asked of each state.
const RULES: usize = 12;

fn open_at_once(disk: &FakeDisk) -> Result<Tenant> {
    Ok(Tenant::open_at_once(Arc::new(disk.clone()), SIZES, None, &mut |_| {})?.0)
}

/// A tenant of which everything is in a checkpoint, and rules about it.
fn kept(seed: u64, disk: &FakeDisk) -> (History, Vec<Rule>) {
    let mut history = History::of(seed, open(disk).expect("a new tenant"));
    (0..40).for_each(|_| _ = history.change());
    history.tenant.checkpoint_cut(CUT).expect("a checkpoint").expect("there is something");
    let rules = (0..RULES).map(|_| history.rule()).collect();
    (history, rules)
}

/// The members of a rule, all of them with their values.
fn ask(state: &State, rule: &Rule, now: Timestamp) -> Result<(u64, Ids, String)> {
    let checked = state.check(rule)?;
    let preview = state.preview(&checked, now, PreviewOptions { sample: 1_000, explain: true })?;
    let said = format!("{:?} {:?}", preview.sample, preview.nodes);
    Ok((preview.count, preview.sample.into_iter().map(|profile| profile.id).collect(), said))
}

/// A change that is always accepted.
fn change() -> Command {
    Command::ForgetTexts
}

#[test]
fn what_is_asked_at_once_is_what_was_there() {
    for seed in 0..HISTORIES {
        let disk = FakeDisk::default();
        let (history, rules) = kept(seed, &disk);
        let now = history.material.now;
        let whole = described(&history.tenant.state());
        let tenant = open_at_once(&disk).expect("it opens");
        assert!(tenant.is_unchecked(), "seed {seed}: the log has nothing that the checkpoint has not");
        let state = tenant.state();
        for rule in &rules {
            let known = ask(&history.tenant.state(), rule, now).expect("a preview");
            assert_eq!(ask(&state, rule, now), Ok(known.clone()), "seed {seed}");
            assert_eq!(known.1, history.model.select(rule, now), "seed {seed}");
        }
        if seed % 2 == 0 {
            let progress = tenant.check_progress().expect("nothing was compared yet");
            assert!(progress.compared == 0 && progress.bytes > 1_000, "{progress:?}");
            tenant.check().expect("all is well");
            assert!(!tenant.is_unchecked() && tenant.check_progress().is_none() && tenant.damage().is_none());
        }
        assert_eq!(described(&state), whole, "seed {seed}");
        // Whoever did not check is checked before anything changes.
        tenant.apply(change()).expect("a change");
        assert!(!tenant.is_unchecked());
        let before = described(&tenant.state());
        let taken = tenant.checkpoint_cut(CUT).expect("a checkpoint").expect("something new");
        assert!(taken.written < taken.report.bytes, "seed {seed}: what is still true is not written again");
        drop(tenant);
        assert_eq!(described(&open(&disk).expect("it opens").state()), before, "seed {seed}");
    }
}

#[test]
fn every_flipped_byte_is_found_before_it_is_believed() {
    let disk = FakeDisk::default();
    let (history, rules) = kept(11, &disk);
    let now = history.material.now;
    let known: Vec<_> = rules.iter().map(|rule| ask(&history.tenant.state(), rule, now).expect("a preview")).collect();
    drop(history);
    let mut found = [0u32; 3];
    let names = disk.list().expect("names").into_iter().filter(|name| FileId::named(name).is_some());
    for file in names.collect::<Vec<_>>() {
        let length = disk.open(&file).expect("a file").len().expect("a length");
        for at in 0..usize::try_from(length).expect("a small file") {
            let damaged = disk.after_kill();
            damaged.flip(&file, at, 1 << (at % 8));
            let place = format!("{file} at {at}");
            let is_named = |error: &Error| matches!(error, Error::Corrupt(why) if why.contains(&file));
            let tenant = match open_at_once(&damaged) {
                Ok(tenant) => tenant,
                Err(error) => {
                    assert!(is_named(&error), "{place}: {error}");
                    found[0] += 1;
                    continue;
                }
            };
            let state = tenant.state();
            // A count alone reads a few fields, a sample all of them.
            let (rule, known) = (&rules[at % RULES], &known[at % RULES]);
            let counted =
                || state.check(rule).and_then(|checked| state.preview(&checked, now, PreviewOptions::default()));
            let answered = counted().map(|preview| assert_eq!(preview.count, known.0, "{place}"));
            let answered = answered.and_then(|()| ask(&state, rule, now));
            if let Err(error) = answered.map(|answer| assert_eq!(&answer, known, "{place}")) {
                assert!(is_named(&error), "{place}: {error}");
                found[1] += 1;
            }
            let checked = tenant.check();
            assert!(checked.as_ref().is_err_and(is_named), "{place}: {checked:?}");
            // From then on nothing is answered, not even what can be read, and nothing is changed.
            assert_eq!(tenant.damage(), checked.clone().err(), "{place}");
            assert!(counted().is_err(), "{place}");
            assert_eq!(tenant.apply(change()).map(drop), checked, "{place}");
            let mut import = tenant.import();
            let nobody = Batch { ids: StringArray::from_iter_values(["p"]), number_ids: None, columns: Vec::new() };
            assert_eq!(import.upsert(&nobody, ImportMode::Merge).map(drop), checked, "{place}");
            assert!(tenant.check_progress().is_some_and(|known| known.compared < known.bytes), "{place}");
            found[2] += 1;
        }
    }
    assert!(found.iter().all(|found| *found > 500), "refused, found by a question, found by the check: {found:?}");
}

#[test]
fn a_log_is_applied_to_what_was_compared() {
    let disk = FakeDisk::default();
    let (history, _) = kept(7, &disk);
    history.tenant.apply(change()).expect("a change");
    let before = described(&history.tenant.state());
    drop(history);
    let tenant = open_at_once(&disk.after_kill()).expect("it opens");
    assert!(!tenant.is_unchecked(), "there is a record behind the checkpoint");
    assert_eq!(described(&tenant.state()), before);
    let is_shard = |name: &String| FileId::named(name).is_some_and(|id| id.kind == FileKind::Shard);
    let shard = disk.list().expect("names").into_iter().find(is_shard).expect("there are rows");
    for at in (64..disk.bytes(&shard).len()).step_by(97) {
        let damaged = disk.after_kill();
        damaged.flip(&shard, at, 1);
        let refused = open_at_once(&damaged).map(drop);
        assert!(matches!(&refused, Err(Error::Corrupt(why)) if why.contains(&shard)), "byte {at}: {refused:?}");
    }
}
