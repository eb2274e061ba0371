//! Events: random histories beside naive lists, with restarts, power cuts, erasures and retention.

use std::sync::Arc;

use arrow_array::DictionaryArray;
use arrow_array::types::Int32Type;
use harness::disk::{FakeDisk, Fault};
use harness::events::{DAY, EventModel, Sent, event_batch};
use harness::population::id;
use harness::rng::Rng;
use harness::tenant::through_bytes;
use muster_engine::command::{Command, DeclareEvents, Entry, Outcome};
use muster_engine::error::Result;
use muster_engine::event::{EventCounts, EventTerms};
use muster_engine::segment::PreviewOptions;
use muster_engine::tenant::{Tenant, Terms};
use muster_engine::time::Timestamp;

use crate::durability::{CUT, open};

/// People of a history: few, so that everybody has many events.
const PEOPLE: usize = 12;

pub(crate) const NOW: Timestamp = Timestamp(1_760_000_000_000_000);

pub(crate) struct History {
    pub(crate) rng: Rng,
    pub(crate) tenant: Tenant,
    pub(crate) model: EventModel,
}

impl History {
    pub(crate) fn new(seed: u64, tenant: Tenant) -> Self {
        Self { rng: Rng::new(seed ^ 0xe7e2), tenant, model: EventModel::default() }
    }

    /// One change, to the engine and then to the model; an error when the disk has failed.
    pub(crate) fn change(&mut self) -> Result<&'static str> {
        Ok(match self.rng.below(12) {
            0..=5 => {
                let count = if self.rng.chance(50) { 1 } else { 1 + self.rng.below(8) };
                self.add(count, false)?;
                "events"
            }
            6 | 7 => {
                let count = 1 + self.rng.below(120);
                self.add(count, true)?;
                "import"
            }
            8 => {
                let (name, days) = (["purchase", "visit"][self.rng.below(2)], 20 + self.rng.below(60) as u32);
                let days = self.rng.chance(70).then_some(days);
                let declared = DeclareEvents { types: vec![(name.to_owned(), Some(days))], properties: Vec::new() };
                self.apply(Command::DeclareEvents(declared))?;
                match days {
                    Some(days) => _ = self.model.kept.insert(name.to_owned(), days),
                    None => _ = self.model.kept.remove(name),
                }
                "declare"
            }
            9 => {
                let now = Timestamp(NOW.0 + self.rng.below(20) as i64 * DAY);
                self.apply(Command::ExpireEvents { now })?;
                self.model.expire(now);
                "expire"
            }
            10 if self.rng.chance(60) => {
                self.apply(Command::ForgetTexts)?;
                "forget"
            }
            _ => {
                let id = id(self.rng.below(PEOPLE));
                if self.model.people.contains(&id) {
                    let erased = self.apply(Command::EraseProfile { id: id.clone(), now: Some(NOW) })?;
                    let Outcome::Erased(erasure) = erased else { panic!("erased as {erased:?}") };
                    assert_eq!(erasure.events, self.model.erase(&id));
                }
                "erase"
            }
        })
    }

    pub(crate) fn apply(&self, command: Command) -> Result<Outcome> {
        let told = format!("{command:?}");
        let Entry::Change { command, .. } = through_bytes(Entry::Change { key: None, command }) else {
            panic!("{told} came back as something else")
        };
        assert_eq!(format!("{command:?}"), told);
        self.tenant.apply(command)
    }

    fn add(&mut self, count: usize, is_import: bool) -> Result<()> {
        let events: Vec<Sent> = (0..count).map(|_| Sent::random(&mut self.rng, PEOPLE, NOW)).collect();
        let terms = EventTerms { creates_profiles: self.rng.chance(70), now: NOW };
        let got = if is_import {
            let mut import = self.tenant.import_events(terms);
            for part in events.chunks(1 + self.rng.below(50)) {
                import.add(&event_batch(part))?;
            }
            import.commit(Terms::default())?
        } else {
            match self.apply(Command::AddEvents(Box::new(event_batch(&events)), terms))? {
                Outcome::Events(counts) => counts,
                other => panic!("events ended as {other:?}"),
            }
        };
        let data_version = self.tenant.state().version;
        assert_eq!(got, EventCounts { data_version, ..self.model.add(&events, terms) });
        Ok(())
    }
}

#[test]
fn events_are_what_naive_lists_hold_through_restarts() {
    for seed in 0..30 {
        let disk = FakeDisk::default();
        let mut history = History::new(seed, open(&disk).expect("a new tenant"));
        for change in 0..40 {
            let place = format!("seed {seed}, change {change}: {}", history.change().expect("a good disk"));
            if history.rng.chance(20) {
                history.tenant.checkpoint_cut(CUT).expect("a checkpoint");
            }
            if history.rng.chance(20) {
                history.tenant = open(&disk).expect("it opens again");
            }
            history.model.compare(&history.tenant.state(), &place);
        }
    }
}

#[test]
fn a_power_cut_leaves_events_whole_or_not_at_all() {
    let (mut as_told, mut one_more) = (0, 0);
    for seed in 0..80 {
        let disk = FakeDisk::default();
        let mut history = History::new(seed, open(&disk).expect("a new tenant"));
        let point = disk.points() + 1 + history.rng.below(80) as u64;
        disk.fail_at(point, Fault::PowerCut);
        let mut told = (history.tenant.state().version, history.model.clone());
        while !disk.is_off() {
            if history.change().is_err() {
                break;
            }
            told = (history.tenant.state().version, history.model.clone());
            // A checkpoint has more points than all changes; half of the histories have none.
            if seed % 4 < 2 && history.rng.chance(20) && history.tenant.checkpoint_cut(CUT).is_err() {
                break;
            }
        }
        let found = if seed % 2 == 0 { disk.after_cut(seed) } else { disk.after_kill() };
        let state = open(&found).expect("it opens").state();
        // What was acknowledged is there; of what was under way perhaps the one change that nobody was told of.
        if state.version == told.0 {
            told.1.compare(&state, &format!("seed {seed}"));
            as_told += 1;
        } else {
            assert_eq!(state.version, told.0 + 1, "seed {seed}");
            state.view.verify().expect("whole");
            one_more += 1;
        }
    }
    assert!(as_told > 20 && one_more > 0, "{as_told} {one_more}");
}

#[test]
fn a_power_cut_at_any_point_of_an_import_leaves_all_of_it_or_nothing() {
    let mut rng = Rng::new(0x1a9);
    let earlier: Vec<Sent> = (0..20).map(|_| Sent::random(&mut rng, PEOPLE, NOW)).collect();
    let batches: Vec<Vec<Sent>> =
        (0..4).map(|_| (0..40).map(|_| Sent::random(&mut rng, PEOPLE, NOW)).collect()).collect();
    let terms = EventTerms { creates_profiles: true, now: NOW };
    let before = || {
        let disk = FakeDisk::default();
        let tenant = open(&disk).expect("a new tenant");
        tenant.apply(Command::AddEvents(Box::new(event_batch(&earlier)), terms)).expect("a good disk");
        (disk, tenant)
    };
    let bring_in = |tenant: &Tenant| {
        let mut import = tenant.import_events(terms);
        batches.iter().try_for_each(|batch| import.add(&event_batch(batch)))?;
        import.commit(Terms::default())
    };
    let mut untouched = EventModel::default();
    untouched.add(&earlier, terms);
    let mut whole = untouched.clone();
    batches.iter().for_each(|batch| _ = whole.add(batch, terms));
    let (disk, tenant) = before();
    let first = disk.points();
    bring_in(&tenant).expect("a good disk");
    let (mut none, mut all) = (0, 0);
    // One point more: the cut comes when everything is told.
    for point in first + 1..=disk.points() + 1 {
        for seed in 0..3 {
            let (disk, tenant) = before();
            let version = tenant.state().version;
            disk.fail_at(point, Fault::PowerCut);
            let told = bring_in(&tenant);
            let found = if seed == 0 { disk.after_kill() } else { disk.after_cut(seed) };
            let place = format!("cut at {point}, seed {seed}");
            let tenant = open(&found).unwrap_or_else(|error| panic!("{place}: {error}"));
            let is_there = tenant.state().version > version;
            assert!(is_there || told.is_err(), "{place}: it was told and is gone");
            (if is_there { &whole } else { &untouched }).compare(&tenant.state(), &place);
            if is_there {
                all += 1
            } else {
                none += 1
            }
            // Whoever was not told sends it again.
            bring_in(&tenant).unwrap_or_else(|error| panic!("{place}: {error}"));
            whole.compare(&tenant.state(), &place);
        }
    }
    assert!(none > 0 && all > 0, "{none} {all}");
}

#[test]
fn a_batch_that_is_logged_in_parts_is_the_same_after_a_restart() {
    let mut rng = Rng::new(0x109);
    let mut sent: Vec<Sent> = (0..70_000).map(|_| Sent::random(&mut rng, PEOPLE, NOW)).collect();
    // Some come twice, in both parts.
    (0..).zip(&mut sent).filter(|(at, _)| at % 10 > 0).for_each(|(at, event)| event.id = format!("event {at}"));
    let terms = EventTerms { creates_profiles: true, now: NOW };
    let mut batch = event_batch(&sent);
    // Words as files of columns bring them: codes of a dictionary of their own.
    let words: DictionaryArray<Int32Type> = sent.iter().map(|event| event.category.as_deref()).collect();
    batch.properties[0].values = Arc::new(words);
    let disk = FakeDisk::default();
    let tenant = open(&disk).expect("a new tenant");
    let mut import = tenant.import_events(terms);
    import.add(&batch).expect("a good batch");
    let counts = import.commit(Terms::default()).expect("a good disk");
    let mut model = EventModel::default();
    assert_eq!(EventCounts { data_version: 0, ..counts }, model.add(&sent, terms));
    model.compare(&tenant.state(), "imported");
    let tenant = open(&disk.after_kill()).expect("a good log");
    model.compare(&tenant.state(), "after a restart");
}

/// How many people a rule selects at an instant.
fn count(tenant: &Tenant, text: &str, now: Timestamp) -> u64 {
    let state = tenant.state();
    let (_, checked) = state.read_text(text).unwrap_or_else(|error| panic!("{text}: {error}"));
    state.preview(&checked, now, PreviewOptions { sample: 0, explain: false }).expect("a preview").count
}

fn purchases(amounts: &[i64], time: i64) -> Vec<Sent> {
    let one = |(number, amount): (usize, &i64)| Sent {
        id: format!("e{number}"),
        profile: id(0),
        kind: "purchase".to_owned(),
        time,
        amount: Some(*amount),
        category: None,
        tags: None,
    };
    amounts.iter().enumerate().map(one).collect()
}

#[test]
fn sums_are_exact_beyond_64_bits() {
    let tenant = Tenant::default();
    let terms = EventTerms { creates_profiles: true, now: NOW };
    let events = purchases(&[i64::MAX, i64::MAX, 1], NOW.0);
    tenant.apply(Command::AddEvents(Box::new(event_batch(&events)), terms)).expect("events");
    // 2 x (2^63 - 1) + 1 hundredths.
    for (asked, wanted) in [
        ("= 184467440737095516.15", 1),
        ("> 184467440737095516.14", 1),
        ("> 184467440737095516.15", 0),
        ("<= 92233720368547758.07", 0),
        ("between 92233720368547758.08 and 184467440737095516.15", 1),
        ("!= 92233720368547758.07", 1),
    ] {
        assert_eq!(count(&tenant, &format!("sum of purchase.amount {asked}"), NOW), wanted, "{asked}");
    }
}

#[test]
fn what_is_kept_long_enough_counts_no_more_from_that_instant_on() {
    let tenant = Tenant::default();
    let terms = EventTerms { creates_profiles: true, now: NOW };
    let kept = DeclareEvents { types: vec![("purchase".to_owned(), Some(Some(1)))], properties: Vec::new() };
    tenant.apply(Command::DeclareEvents(kept)).expect("a good name");
    let events = purchases(&[100, 100], NOW.0 - DAY);
    tenant.apply(Command::AddEvents(Box::new(event_batch(&events)), terms)).expect("events");
    let later = Timestamp(NOW.0 + 1);
    for (text, wanted) in [
        ("did purchase", [1, 0]),
        ("count of purchase = 2", [1, 0]),
        ("count of purchase = 0", [0, 1]),
        ("sum of purchase.amount >= 2", [1, 0]),
        ("did not purchase within 30 days", [0, 1]),
    ] {
        assert_eq!([NOW, later].map(|now| count(&tenant, text, now)), wanted, "{text}");
    }
}
