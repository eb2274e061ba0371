//! Tests of events that are asked again and again while events come, people go and the clock moves: what was laid for an
//! earlier question says the same as reading everything, also to whoever holds an older state.

use harness::happened::{lived, with_events};
use harness::life::{Happened, Life, select};
use harness::lives;
use harness::population::{Population, population};
use harness::rng::Rng;
use harness::twin::no_segments;
use muster_engine::eval;
use muster_engine::plan::{SegmentRows, plan};
use muster_engine::rule::{Rule, to_text};
use muster_engine::table::Writer;
use muster_engine::tenant::State;
use muster_engine::time::{DAY_US, Timestamp};

/// Lives of the ordinary run; `MUSTER_EVENT_LIVES` sets another number.
const LIVES: u64 = 60;

/// Tests that are asked of one life, in every step.
const RULES: usize = 12;

/// Tests that are asked for the first time in a step.
const FRESH_RULES: usize = 4;

const STEPS: usize = 8;

/// People of a life.
const PEOPLE: usize = 150;

/// A life that goes on.
struct World {
    population: Population,
    life: Life,
    state: State,
    /// The state before the last events came, and what had happened then.
    earlier: Option<(State, Life)>,
    rng: Rng,
}

impl World {
    fn new(seed: u64) -> Self {
        let mut rng = Rng::new(seed ^ 0xa9a1);
        let population = population(seed, PEOPLE);
        let life = lives::life(&mut rng, &population);
        let state = lived(&population.twin, &life, 1);
        Self { population, life, state, earlier: None, rng }
    }

    /// A few events more, so few that they lie beside the others.
    fn happens(&mut self, step: usize) {
        let mut others = lives::life(&mut self.rng, &self.population).events;
        let mut events = Vec::new();
        for _ in 0..(1 + self.rng.below(4)).min(others.len()) {
            let event = others.swap_remove(self.rng.below(others.len()));
            events.push(Happened { id: format!("{step} {}", event.id), ..event });
        }
        let life = Life { events, ..self.life.clone() };
        self.earlier = Some((self.state.clone(), self.life.clone()));
        self.state.view = with_events(&self.state.view, &life, 1);
        self.life.events.extend(life.events);
    }

    /// Somebody is erased.
    fn goes(&mut self) {
        self.earlier = None;
        let at = self.rng.below(self.population.twin.profiles.len());
        let id = self.population.twin.profiles.remove(at).id;
        self.life.events.retain(|event| event.profile != id);
        let row = self.state.view.row(&id).expect("a profile");
        let mut writer = Writer::new(self.state.view.clone());
        writer.erase(row);
        self.state.view = writer.finish().0;
    }

    fn compare(&self, rule: &Rule, place: &str) {
        self.compare_in(&self.state, &self.life, rule, place);
        if let Some((state, life)) = &self.earlier {
            self.compare_in(state, life, rule, &format!("{place}, the state before"));
        }
    }

    fn compare_in(&self, state: &State, life: &Life, rule: &Rule, place: &str) {
        let now = self.population.now;
        let checked = state.check(rule).expect("a valid rule");
        let expected = select(rule, &self.population.twin, life, now, &no_segments).len() as u64;
        // Read, laid, and found in what is laid.
        for time in 0..3 {
            let found = eval::count(&plan(&checked, &state.view, &SegmentRows::new(), now));
            assert_eq!(found, expected, "{place}, time {time} at {now}: {}", to_text(rule, &|_| None));
        }
    }
}

#[test]
fn what_was_laid_says_what_reading_finds_while_events_come() {
    let lives = std::env::var("MUSTER_EVENT_LIVES").ok().and_then(|text| text.parse().ok()).unwrap_or(LIVES);
    for seed in 0..lives {
        let mut world = World::new(seed);
        let World { rng, population, life, .. } = &mut world;
        let rules: Vec<Rule> = (0..RULES).map(|_| lives::event(rng, population, life)).collect();
        for step in 0..STEPS {
            let World { rng, population, life, .. } = &mut world;
            let fresh: Vec<Rule> = (0..FRESH_RULES).map(|_| lives::event(rng, population, life)).collect();
            let all = rules.iter().chain(&fresh);
            all.for_each(|rule| world.compare(rule, &format!("seed {seed}, step {step}")));
            match world.rng.below(4) {
                0 => world.goes(),
                1 => {
                    let days = world.rng.below(5) as i64 - 2;
                    world.population.now = Timestamp(world.population.now.0 + days * DAY_US);
                }
                _ => world.happens(step),
            }
        }
    }
}
