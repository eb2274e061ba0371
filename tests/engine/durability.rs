//! A whole tenant on a disk that fails: whenever the power goes, what comes back is the state after some prefix of the
//! changes that holds all that were acknowledged, and its indexes agree with its columns.
//!
//! Not here: changes that come at the same time (`groups`), and the log alone (`log`).

use std::collections::BTreeMap;
use std::io::ErrorKind;
use std::sync::Arc;

use bytes::Bytes;
use harness::disk::{FakeDisk, Fault};
use harness::rng::Rng;
use muster_engine::audience::Audience;
use muster_engine::command::{Command, Digest, Entry, Key, Outcome, Upsert, decode, encode_gates};
use muster_engine::error::{Error, Result};
use muster_engine::gate::Gating;
use muster_engine::id::Row;
use muster_engine::segment::{SegmentKept, SegmentKind};
use muster_engine::snapshot::Snapshot;
use muster_engine::store::checkpoint::CheckpointSizes;
use muster_engine::store::{Disk, LogSizes, read_log};
use muster_engine::table::{Batch, ImportMode};
use muster_engine::tenant::{Durability, SnapshotOrder, State, Tenant, Terms};

use crate::history::History;

/// Small, so that a short history has several segments.
pub(crate) const SIZES: LogSizes = LogSizes { segment: 4 << 10, record: 1 << 20, group: 2 << 10 };

/// Small, so that few blocks and texts are in several files.
pub(crate) const CUT: CheckpointSizes = CheckpointSizes { shard_blocks: 1, piece: 1 };

/// Histories of the ordinary run; each is cut at every one of its points.
const HISTORIES: u64 = 12;

/// Changes in each.
const CHANGES: usize = 30;

/// How often a checkpoint is taken after a change.
const CHECKPOINT_PERCENT: usize = 12;

pub(crate) fn open(disk: &FakeDisk) -> Result<Tenant> {
    Ok(Tenant::open(Arc::new(disk.clone()), SIZES, &mut |_| {})?.0)
}

/// Everything that a state holds, in words.
pub(crate) fn described(state: &State) -> String {
    let mut text = described_without_versions(state);
    for segment in state.segments.iter() {
        for version in segment.earlier.iter().cloned().chain([segment.as_version()]) {
            let held = match version.content {
                SegmentKept::Rule(rule) => format!("{rule:?}"),
                SegmentKept::Lookalike(model) => format!("{model:?}"),
                SegmentKept::Ids(ids) => {
                    format!("{:?} {:?}", ids.rows.rows().collect::<Vec<_>>(), ids.counts(&state.view))
                }
            };
            text += &format!("{} {:?} {} {:?} {held}\n", version.number, version.saved, version.by, version.attributes);
        }
    }
    for audience in state.audiences.iter() {
        text += &format!("{audience:?}\n");
    }
    text + &format!("{:?}\n", state.offers)
}

/// The same without versions and what only they have: what the first versions of the format kept.
pub(crate) fn described_without_versions(state: &State) -> String {
    let view = &state.view;
    let mut text = format!("version {} fields {:?}\n", state.version, view.schema().fields());
    for row in view.live().rows() {
        text += &format!("{:?}\n", view.profile(Row(row)));
        for event in view.events().of_profile(Row(row), None, 0, usize::MAX) {
            text += &format!("{event:?}\n");
        }
    }
    for segment in state.segments.iter() {
        let members = match &segment.kind {
            SegmentKind::Dynamic { rule, .. } => format!("{rule:?}"),
            SegmentKind::Lookalike { model, .. } => format!("{model:?}"),
            SegmentKind::Static(ids) => format!("{:?} {:?}", ids.rows.rows().collect::<Vec<_>>(), ids.counts(view)),
        };
        text += &format!("{} {} {members}\n", segment.id, segment.name);
    }
    for list in state.lists.iter() {
        text += &format!("{} {} {:?}\n", list.id, list.name, list.ids.counts(view));
    }
    for audience in state.audiences.iter() {
        let Audience { id, name, description, definition, created, updated, .. } = &**audience;
        let told = format!("{id:?}, name: {name:?}, description: {description:?}, definition: {definition:?}");
        text += &format!("Audience {{ id: {told}, created: {created:?}, updated: {updated:?} }}\n");
    }
    for snapshot in state.snapshots.iter() {
        // In forged files they may be anything.
        let rows = match snapshot.rows(view.live()) {
            Ok(rows) => format!("{:?}", rows.rows().collect::<Vec<_>>()),
            Err(error) => error.to_string(),
        };
        let (snapshot, context) = state.snapshots.get(snapshot.id).expect("it is there");
        let (segments, lists) = context.reached(&snapshot.definition);
        let segments: Vec<_> = segments.iter().map(|segment| (segment.id, &segment.name)).collect();
        // The rest of it may lie in other bytes.
        let rest = Snapshot { members: Bytes::new(), ..(**snapshot).clone() };
        text += &format!("{rest:?} {rows} {segments:?} {}\n", lists.len());
    }
    if state.snapshots.next_id().0 > 1 {
        text +=
            &format!("next snapshot {}, profiles of version {}\n", state.snapshots.next_id(), state.profiles_version);
    }
    if !state.gates.is_untouched() {
        // As bytes: whatever is kept is in them, and equal gates are equal bytes.
        text += &format!("gates {:02x?}\n", encode_gates(&state.gates));
    }
    // The first versions knew no gates, and had none.
    let text = text.replace(&format!(", gates: {:?}", Gating::default()), "");
    text + &format!("next {} {} {}", state.segments.next_id(), state.lists.next_id(), state.audiences.next_id())
}

/// One change as somebody makes it.
#[derive(Debug, Clone)]
enum Step {
    Change(Command),
    Snapshots(SnapshotOrder),
    Import { id_name: String, fields: Vec<(String, muster_engine::schema::FieldType)>, mode: ImportMode, batch: Batch },
}

/// A random history as steps, and what the state is after each version.
fn history(seed: u64) -> (Vec<Step>, Vec<String>) {
    let disk = FakeDisk::default();
    let mut history = History::of(seed, open(&disk).expect("a new tenant"));
    let mut states = vec![described(&State::default()), described(&history.tenant.state())];
    let mut orders = Vec::new();
    for _ in 0..CHANGES {
        let version = history.tenant.state().version;
        history.change();
        let state = history.tenant.state();
        if state.version as usize == states.len() {
            states.push(described(&state));
        }
        let taken: Vec<_> = state.snapshots.iter().filter(|snapshot| snapshot.data_version == version).collect();
        if let Some(first) = taken.first() {
            let audiences = taken.iter().map(|snapshot| snapshot.audience).collect();
            let (now, created) = (first.now, first.created);
            orders.push(SnapshotOrder { audiences, now, created, confirm_everyone: true });
        }
    }
    let mut orders = orders.into_iter();
    let (mut steps, mut begun, mut brought) = (Vec::new(), None, None);
    let mut visit = |record: muster_engine::store::Record<'_>| {
        match decode(record.kind, record.payload)? {
            Entry::Change { command: Command::TakeSnapshots(_), .. } => {
                steps.push(Step::Snapshots(orders.next().expect("it was ordered")));
            }
            Entry::Change { command, .. } => steps.push(Step::Change(command)),
            Entry::ImportBegin { id_name, fields, .. } => begun = Some((id_name, fields)),
            Entry::ImportBatch { mode, batch } => brought = Some((mode, batch)),
            Entry::ImportCommit { .. } => {
                let ((id_name, fields), (mode, batch)) =
                    (begun.take().expect("begun"), brought.take().expect("a batch"));
                steps.push(Step::Import { id_name, fields, mode, batch });
            }
            Entry::EventsBegin(_) | Entry::EventsBatch(_) | Entry::EventsCommit { .. } => {
                panic!("histories tell events one by one; imports of them are in `events`")
            }
        }
        Ok(())
    };
    read_log(&disk, 1, SIZES, &mut visit).expect("a good log");
    assert_eq!(steps.len() + 1, states.len(), "one version a change");
    (steps, states)
}

/// A tenant that is told the steps of a history.
struct Run<'h> {
    disk: FakeDisk,
    tenant: Tenant,
    rng: Rng,
    steps: &'h [Step],
    states: &'h [String],
    /// The newest version that must survive.
    acknowledged: u64,
    /// That it could not be opened again: nobody may use the tenant it was.
    is_closed: bool,
}

impl Run<'_> {
    /// Goes on from the version it has to the end, or until something fails.
    fn go(&mut self) -> Result<()> {
        while (self.tenant.state().version as usize) < self.steps.len() {
            let at = self.tenant.state().version as usize;
            let durability = if self.rng.chance(20) { Durability::Buffered } else { Durability::Durable };
            let terms = Terms { key: Some(format!("key {at}").into()), durability };
            if self.rng.chance(5) {
                self.abandon_import()?;
            }
            self.step(self.steps[at].clone(), terms)?;
            if durability == Durability::Durable {
                self.acknowledged = at as u64 + 1;
            }
            if self.rng.chance(10) {
                self.tenant.sync()?;
                self.acknowledged = self.tenant.state().version;
            }
            if self.rng.chance(CHECKPOINT_PERCENT) {
                self.tenant.checkpoint_cut(CUT)?;
                self.acknowledged = self.tenant.state().version;
            }
            if self.rng.chance(5) {
                self.reopen()?;
            }
        }
        Ok(())
    }

    fn step(&mut self, step: Step, terms: Terms) -> Result<()> {
        match step {
            Step::Change(command) => {
                self.tenant.apply_as(command, terms)?;
            }
            Step::Snapshots(order) => {
                self.tenant.snapshot(&order, terms, &mut |_| {})?;
            }
            Step::Import { id_name, fields, mode, batch } if self.rng.chance(50) => {
                let upsert = Upsert { id_name, fields, mode, batch };
                self.tenant.apply_as(Command::Upsert(upsert), terms)?;
            }
            Step::Import { id_name, fields, mode, batch } => {
                let mut import = self.tenant.import();
                import.prepare(&id_name, &fields)?;
                import.upsert(&batch, mode)?;
                import.commit(terms)?;
            }
        }
        Ok(())
    }

    /// An import that is logged and never committed.
    fn abandon_import(&mut self) -> Result<()> {
        let Some(Step::Import { id_name, fields, mode, batch }) = self.steps.first() else { panic!("it begins so") };
        let mut import = self.tenant.import();
        import.prepare(id_name, fields)?;
        for _ in 0..3 {
            import.upsert(batch, *mode)?;
        }
        Ok(())
    }

    fn reopen(&mut self) -> Result<()> {
        // Nobody but this test holds two tenants on one disk; the first is not used again.
        self.is_closed = true;
        self.tenant = open(&self.disk)?;
        self.is_closed = false;
        self.compare();
        Ok(())
    }

    /// The tenant is at some version that holds all that was acknowledged.
    fn compare(&mut self) {
        let state = self.tenant.state();
        assert!(state.version >= self.acknowledged, "version {} of {}", state.version, self.acknowledged);
        assert_eq!(described(&state), self.states[state.version as usize]);
        state.view.verify().expect("indexes agree with columns");
        for version in 0..state.version + 2 {
            let key = Terms { key: Some(format!("key {version}").into()), ..Terms::default() };
            let remembered = self.tenant.remembered(&key).expect("a good key");
            assert_eq!(remembered.is_some(), version < state.version, "a key is remembered as long as its change");
        }
        self.acknowledged = state.version;
    }
}

fn run<'h>(seed: u64, steps: &'h [Step], states: &'h [String], disk: FakeDisk) -> Result<Run<'h>> {
    let tenant = open(&disk)?;
    Ok(Run { disk, tenant, rng: Rng::new(seed), steps, states, acknowledged: 0, is_closed: false })
}

#[test]
fn a_power_cut_at_any_point_leaves_a_state_with_everything_acknowledged() {
    let mut tried = 0;
    for seed in 0..HISTORIES {
        let (steps, states) = history(seed);
        let mut whole = run(seed, &steps, &states, FakeDisk::default()).expect("a new tenant");
        whole.go().expect("nothing goes wrong");
        for point in 0..whole.disk.points() {
            let disk = FakeDisk::default();
            disk.fail_at(point, Fault::PowerCut);
            let mut acknowledged = 0;
            if let Ok(mut run) = run(seed, &steps, &states, disk.clone()) {
                let _ = run.go();
                acknowledged = run.acknowledged;
            }
            let after = if point % 4 == 0 { disk.after_kill() } else { disk.after_cut(seed ^ (point << 8)) };
            let mut again = run(seed ^ point, &steps, &states, after).expect("it opens again");
            again.acknowledged = acknowledged;
            again.compare();
            again.go().expect("the disk is well again");
            again.disk = again.disk.after_cut(point);
            again.reopen().expect("and opens once more");
            tried += 1;
        }
    }
    assert!(tried > 500, "{tried} points");
}

#[test]
fn a_disk_that_fails_at_any_point_ends_writing_and_nothing_else() {
    let (mut refusals, mut unfinished, mut unopened) = (BTreeMap::new(), 0, 0);
    for (seed, kind) in (100..106).zip([ErrorKind::StorageFull, ErrorKind::Other].into_iter().cycle()) {
        let (steps, states) = history(seed);
        let mut whole = run(seed, &steps, &states, FakeDisk::default()).expect("a new tenant");
        whole.go().expect("nothing goes wrong");
        for point in 0..whole.disk.points() {
            let disk = FakeDisk::default();
            disk.fail_at(point, Fault::Error(kind));
            let Ok(mut told) = run(seed, &steps, &states, disk.clone()) else { continue };
            let Err(error) = told.go() else { continue };
            if told.is_closed {
                told.reopen().expect("the disk is well again");
                told.go().expect("an opening that failed has harmed nothing");
                unopened += 1;
                continue;
            }
            // What could not be stored is not seen, and reading goes on.
            let state = told.tenant.state();
            assert_eq!(described(&state), states[state.version as usize]);
            if error.to_string().contains("checkpoint") {
                let names = disk.list().expect("names");
                assert!(names.iter().all(|name| !name.ends_with(".tmp")), "left behind: {names:?}");
                told.go().expect("nothing depends on a checkpoint");
                unfinished += 1;
                continue;
            }
            let Error::Storage(problem) = &error else {
                assert!(error.to_string().contains("an old part of the log cannot be removed"), "{error}");
                told.go().expect("what is left over harms nothing");
                continue;
            };
            *refusals.entry(problem.code).or_insert(0) += 1;
            if problem.code == "read_only" {
                assert_eq!(told.tenant.failure().as_ref(), Some(problem));
                let (points, step) = (disk.points(), steps[steps.len().min(state.version as usize + 1) - 1].clone());
                assert_eq!(told.step(step, Terms::default()), Err(error));
                assert_eq!(disk.points(), points, "the disk is left alone");
            } else {
                assert_eq!(told.tenant.failure(), None);
                told.go().expect("there is room again");
            }
            let acknowledged = told.acknowledged;
            let mut again = run(seed, &steps, &states, disk.after_cut(point)).expect("it opens again");
            again.acknowledged = acknowledged;
            again.compare();
        }
    }
    assert!(refusals["read_only"] > 20 && refusals.len() == 3 && unfinished > 20, "{refusals:?} {unfinished}");
    assert!(unopened > 20, "{unopened}");
}

/// Whatever is written when there is no more room, changes, imports and checkpoints alike: it is refused, nothing else is
/// harmed, and it goes on when there is room.
#[test]
fn a_disk_that_is_full_for_a_while_loses_nothing() {
    let (mut refused, mut unfinished) = (0, 0);
    for seed in 200..204 {
        let (steps, states) = history(seed);
        let mut whole = run(seed, &steps, &states, FakeDisk::default()).expect("a new tenant");
        whole.go().expect("there is room");
        for room in (SIZES.segment..whole.disk.length() + SIZES.segment).step_by(1_500) {
            let disk = FakeDisk::default();
            disk.limit_room(Some(room));
            let mut told = run(seed, &steps, &states, disk.clone()).expect("room for a segment");
            let Err(error) = told.go() else { continue };
            match &error {
                Error::Storage(problem) if problem.code == "disk_full" => {
                    let is_file = ["the checkpoint", "the file"].iter().any(|what| problem.message.starts_with(what));
                    *(if is_file { &mut unfinished } else { &mut refused }) += 1;
                    let names = disk.list().expect("names");
                    assert!(names.iter().all(|name| !name.ends_with(".tmp")), "left behind: {names:?}");
                    assert_eq!(told.tenant.refusal().as_ref(), Some(problem));
                    assert_eq!(told.tenant.failure(), None);
                }
                other => panic!("{other}"),
            }
            let state = told.tenant.state();
            assert_eq!(described(&state), states[state.version as usize], "what was refused is not seen");
            disk.limit_room(None);
            told.go().expect("there is room again");
            assert_eq!(told.tenant.refusal(), None);
            told.disk = disk.after_cut(room);
            told.reopen().expect("it opens again");
        }
    }
    assert!(refused > 10 && unfinished > 10, "{refused} {unfinished}");
}

#[test]
fn a_change_that_is_sent_again_is_made_once() {
    let disk = FakeDisk::default();
    let mut tenant = open(&disk).expect("a new tenant");
    let put = |name: &str| Command::PutSegment {
        id: None,
        name: name.into(),
        description: String::new(),
        content: muster_engine::command::SegmentContent::Ids(vec!["1".into()]),
        now: muster_engine::time::Timestamp(0),
    };
    let under = |key: &str| Terms { key: Some(key.into()), ..Terms::default() };
    let first = tenant.apply_as(put("a"), under("k")).expect("a segment");
    for _ in 0..2 {
        assert_eq!(tenant.apply_as(put("a"), under("k")).as_ref(), Ok(&first), "also after a restart");
        assert_eq!(tenant.state().version, 1);
        let other = tenant.apply_as(Command::EraseProfile { id: "1".into(), now: None }, under("k"));
        assert!(
            matches!(&other, Err(Error::Conflict(problem)) if problem.code == "idempotency_key_reused"),
            "{other:?}"
        );
        tenant = open(&disk.after_kill()).expect("it opens again");
    }
    // What was refused may be mended and sent again.
    tenant.apply_as(put(""), under("l")).expect_err("a segment needs a name");
    assert!(matches!(tenant.apply_as(put("b"), under("l")), Ok(Outcome::Segment(_))));
    let long = tenant.apply_as(put("c"), under(&"k".repeat(201)));
    assert!(matches!(long, Err(Error::Invalid(_))), "{long:?}");
}

#[test]
fn another_request_under_a_known_key_is_refused_for_as_long_as_the_key_is_known() {
    let disk = FakeDisk::default();
    let mut tenant = open(&disk).expect("a new tenant");
    let fields = |name: &str| Command::AddFields(vec![(name.into(), muster_engine::schema::FieldType::Int)]);
    let asked = |key: &str, request: Option<&str>| {
        let request = request.map(|request| Digest::of(request.as_bytes()));
        Terms { key: Some(Key { name: key.into(), request }), ..Terms::default() }
    };
    tenant.apply_as(fields("a"), asked("k", Some("a"))).expect("a field");
    // As versions did that kept no digests, and as programs do that say none.
    tenant.apply_as(fields("b"), asked("old", None)).expect("a field");
    let mut import = tenant.import();
    import.prepare("id", &[("c".into(), muster_engine::schema::FieldType::Int)]).expect("a field");
    import.commit(asked("import", Some("c"))).expect("nothing that can fail");
    for round in 0..3 {
        let again = |key: &str, request: Option<&str>| {
            let outcome = tenant.remembered(&asked(key, request)).map(|outcome| outcome.is_some());
            let applied = tenant.apply_as(fields("z"), asked(key, request)).map(|_| true);
            assert!(key == "import" || outcome == applied, "{outcome:?} {applied:?}");
            outcome
        };
        let is_reuse = |outcome: Result<bool>| matches!(outcome, Err(Error::Conflict(problem)) if problem.code == "idempotency_key_reused");
        assert_eq!([again("k", Some("a")), again("k", None), again("old", Some("z"))], [Ok(true), Ok(true), Ok(true)]);
        assert!(is_reuse(again("k", Some("A"))), "round {round}");
        assert_eq!(again("import", Some("c")), Ok(true));
        assert!(is_reuse(again("import", Some("d"))), "round {round}");
        let reused = tenant.import().commit(asked("import", Some("d"))).map(|_| true);
        assert!(is_reuse(reused), "round {round}");
        assert_eq!(tenant.state().version, 3, "round {round}");
        if round == 1 {
            tenant.checkpoint().expect("a checkpoint");
        }
        tenant = open(&disk.after_kill()).expect("it opens again");
    }
}
