//! Events and their ids as earlier programs wrote them: read for ever, and written as they are now.

use std::path::Path;
use std::sync::Arc;

use harness::events::{DAY, EventModel, Sent, event_batch};
use muster_engine::command::{Command, Outcome};
use muster_engine::event::EventTerms;
use muster_engine::store::{Directory, LogSizes};
use muster_engine::tenant::Tenant;

use crate::events::NOW;

/// What was written when the digests of ids lay side by side.
const FIXTURE: &str = "engine/fixtures/events-1";

fn sent(id: &str, profile: &str, kind: &str, time: i64, amount: Option<i64>) -> Sent {
    let [id, profile, kind] = [id, profile, kind].map(str::to_owned);
    Sent { id, profile, kind, time, amount, category: None, tags: None }
}

/// 2026-01-01T10:00:00Z.
const FIRST: i64 = 1_767_261_600_000_000;

#[test]
fn events_of_earlier_programs_and_their_ids_are_known() {
    let terms = EventTerms { creates_profiles: true, now: NOW };
    let written = [
        sent("first", "anna", "purchase", FIRST, Some(1_250)),
        sent("second", "anna", "visit", FIRST + DAY, None),
        sent("third", "bert", "purchase", FIRST + 2 * DAY, Some(-250)),
    ];
    let mut model = EventModel::default();
    model.add(&written, terms);
    let folder = tempfile::tempdir().expect("a folder");
    for entry in std::fs::read_dir(Path::new(env!("CARGO_MANIFEST_DIR")).join(FIXTURE)).expect("the fixture") {
        let entry = entry.expect("a file");
        std::fs::copy(entry.path(), folder.path().join(entry.file_name())).expect("copied");
    }
    let open = || {
        let disk = Directory::open(folder.path(), "a test").expect("a directory");
        Tenant::open(Arc::new(disk), LogSizes::default(), &mut |_| {}).expect("it opens").0
    };
    // Those that are known, one that is not, and after the erasure one that is known no more.
    let again = [&written[..], &[sent("fourth", "anna", "visit", FIRST, None)]].concat();
    for step in ["as written", "erased", "written anew"] {
        let tenant = open();
        model.compare(&tenant.state(), step);
        if step == "erased" {
            tenant.apply(Command::EraseProfile { id: "bert".into(), now: Some(NOW) }).expect("an erasure");
            model.erase("bert");
        }
        let added = tenant.apply(Command::AddEvents(Box::new(event_batch(&again)), terms)).expect("a change");
        let Outcome::Events(counts) = added else { panic!("added as {added:?}") };
        let expected = model.add(&again, terms);
        assert_eq!((counts.accepted, counts.duplicates), (expected.accepted, expected.duplicates), "{step}");
        model.compare(&tenant.state(), step);
        tenant.checkpoint().expect("a checkpoint");
    }
    model.compare(&open().state(), "in the end");
}
