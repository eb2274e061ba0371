//! Hostile bytes at every way in, with what was found before among them. `make fuzz` looks longer and more cleverly.

use std::panic::{AssertUnwindSafe, catch_unwind, resume_unwind};
use std::path::Path;

use harness::hostile::{Mutator, TARGETS, Target};

/// Mutations of each target in the ordinary run; more with MUSTER_MUTATIONS.
const MUTATIONS: usize = 3_000;

/// Inputs that once did harm, a folder a target.
const FOUND: &str = "fuzz/found";

fn send(target: &Target, input: &[u8], origin: &str) {
    let sent = catch_unwind(AssertUnwindSafe(|| (target.send)(input)));
    if let Err(panic) = sent {
        let folder = Path::new(env!("CARGO_TARGET_TMPDIR"));
        let kept = folder.join(format!("{}-{}", target.name, origin.replace(' ', "-")));
        std::fs::write(&kept, input).expect("the target folder can be written");
        eprintln!("{}, {origin}: the input is in {}", target.name, kept.display());
        resume_unwind(panic);
    }
}

fn attack(name: &str) {
    let target = TARGETS.iter().find(|target| target.name == name).expect("a target");
    let seeds = (target.seeds)();
    for (i, seed) in seeds.iter().enumerate() {
        send(target, seed, &format!("seed {i}"));
    }
    let found = Path::new(env!("CARGO_MANIFEST_DIR")).join(FOUND).join(name);
    for entry in std::fs::read_dir(found).into_iter().flatten() {
        let path = entry.expect("an entry").path();
        send(target, &std::fs::read(&path).expect("a file"), &path.file_name().unwrap_or_default().to_string_lossy());
    }
    let mutations = std::env::var("MUSTER_MUTATIONS").ok().and_then(|count| count.parse().ok()).unwrap_or(MUTATIONS);
    let mut mutator = Mutator::new(1, &seeds);
    for i in 0..mutations {
        send(target, &mutator.next_input(), &format!("mutation {i}"));
    }
}

macro_rules! attacks {
    ($($name:ident),*) => {
        $(#[test]
        fn $name() {
            attack(stringify!($name));
        })*

        #[test]
        fn every_target_is_attacked() {
            assert_eq!([$(stringify!($name)),*], TARGETS.map(|target| target.name));
        }
    };
}

attacks!(log, entry, checkpoint, rule_json, rule_text, csv, ndjson, ipc, parquet);
