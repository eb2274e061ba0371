//! Events: random histories beside naive lists, with restarts, power cuts, erasures and retention.

use harness::disk::{FakeDisk, Fault};
use harness::events::{DAY, EventModel, Sent, event_batch};
use harness::population::id;
use harness::rng::Rng;
use harness::tenant::through_bytes;
use muster_engine::command::{Command, DeclareEvents, Entry, Outcome};
use muster_engine::error::Result;
use muster_engine::event::{EventCounts, EventTerms};
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
