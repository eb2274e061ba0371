//! Checks of the source itself: rules that are not run are wishes.
//!
//! Each test here is one rule; it reports every violation with its place and its cure. Each rule is a function from
//! files to violations, and beside it stands a test that shows it a file it must refuse. How files are read is in
//! `source`; the rules are in `size`, `layer`, `limit`, `word` and `link`.

mod layer;
mod limit;
mod link;
mod size;
mod source;
mod word;

use source::{Source, Violation, tree};

/// Functions that are longer than `size::FUNCTION_LINES_MAX`, as (file, function). This list may only shrink.
const LONG_FUNCTIONS: &[(&str, &str)] = &[];

/// `mod.rs` files that are longer than a table of contents should be. This list may only shrink.
const LONG_CONTENTS: &[&str] = &[];

/// Where `unsafe` may stand: kernels, and what each further entry gives as its reason.
const UNSAFE_ALLOWED: &[&str] = &[
    "engine/src/block/",
    "engine/src/index/rank.rs",
    "engine/src/shared.rs",
    "engine/src/store/mapped.rs",
    "server/src/memory.rs",
];

/// Where the clock may be read.
const CLOCK_ALLOWED: &[&str] = &["server/src/clock.rs", "bench/", "tests/"];

/// Bounds that no test names, and why. This list may only shrink.
const UNTESTED_LIMITS: &[(&str, &str)] = &[
    ("RECORD_BYTES_MAX", "a gibibyte; the log takes its bound as an argument and is tested with a small one"),
    ("SPOOL_BYTES_MAX", "larger than most disks; spooling takes its bound as an argument"),
    ("LIST_ENTRIES_MAX", "a file of ten million ids; reading one takes its bound as an argument"),
    ("FEED_CROSSINGS_MAX", "as many people; a follower takes its bound as an argument"),
    ("GROUP_CHANGES_MAX", "changes beyond it go with the next write: nobody sees it"),
    ("GROUP_BYTES_MAX", "the same"),
    ("BATCH_ROWS_MAX", "rows beyond it go into the next batch: nobody sees it"),
    ("EVENT_BATCH_ROWS_MAX", "the same"),
    ("EXPORT_CHUNKS_MAX", "chunks beyond it wait for the connection: nobody sees it"),
    ("SETTLING_PAUSES_MAX", "a minute in pauses: a length of time"),
];

fn refuse(mut violations: Vec<Violation>) {
    violations.sort();
    let lines: Vec<String> = violations.iter().map(Violation::to_string).collect();
    assert!(lines.is_empty(), "{} to mend:\n{}\n", lines.len(), lines.join("\n"));
}

fn each(rule: impl Fn(&Source) -> Vec<Violation>) {
    refuse(tree().iter().flat_map(rule).collect());
}

#[test]
fn files_are_short() {
    each(size::long_file);
}

#[test]
fn functions_are_short() {
    refuse(size::long_functions(tree(), LONG_FUNCTIONS));
}

#[test]
fn folders_open_with_a_table_of_contents() {
    refuse(size::long_contents(tree(), LONG_CONTENTS));
}

#[test]
fn pages_can_be_read_in_one_sitting() {
    each(size::long_page);
}

#[test]
fn files_say_what_they_are_for() {
    each(word::missing_doc);
}

#[test]
fn names_say_what_is_inside() {
    each(word::empty_name);
}

#[test]
fn nothing_is_left_for_later() {
    each(word::left_for_later);
}

#[test]
fn panics_say_why() {
    each(word::silent_panic);
}

#[test]
fn no_path_of_one_machine() {
    each(word::machine_path);
}

#[test]
fn no_registry_is_named() {
    each(word::registry);
}

#[test]
fn engine_modules_use_only_those_above_them() {
    refuse(layer::upward_use(tree()));
}

#[test]
fn the_engine_knows_no_server() {
    each(layer::server_in_engine);
}

#[test]
fn only_the_clock_reads_the_clock() {
    each(|file| layer::clock(file, CLOCK_ALLOWED));
}

#[test]
fn unsafe_code_stays_in_its_place() {
    each(|file| layer::unsafe_code(file, UNSAFE_ALLOWED));
}

#[test]
fn bounds_are_tried() {
    refuse(limit::untested(tree(), UNTESTED_LIMITS));
}

#[test]
fn links_lead_somewhere() {
    refuse(link::dead_links(tree()));
}

#[test]
fn tests_that_pages_name_are_there() {
    refuse(link::lost_tests(tree()));
}

#[test]
fn the_whole_tree_is_read() {
    for path in ["engine/src/lib.rs", "server/src/main.rs", "tests/tidy/main.rs", "Makefile", ".ci/run", "Cargo.lock"] {
        assert!(tree().iter().any(|file| file.path == path), "{path} is not among the files that are checked");
    }
}
