//! Random tests of what people did, on random lives: the engine and the naive twin select the same people, in every way
//! of asking.

use std::collections::BTreeSet;
use std::sync::atomic::{AtomicU64, Ordering};

use harness::happened::lived;
use harness::life::{Life, select};
use harness::lives;
use harness::population::{Population, population};
use harness::rng::Rng;
use harness::twin::no_segments;
use muster_engine::eval::{self, RowAt, Rows};
use muster_engine::insight::{Entry, explain_person};
use muster_engine::plan::{SegmentRows, plan};
use muster_engine::rule::{Group, Match, Rule, from_json, from_text, to_json, to_text};
use muster_engine::segment::PreviewOptions;
use muster_engine::tenant::State;
use muster_engine::time::{DAY_US, Timestamp};

/// Rules of the ordinary run; `MUSTER_EVENT_RULES` sets another number.
const RULES: usize = 10_000;

/// Rules asked of one life.
const RULES_PER_LIFE: usize = 100;

/// People of a life at most.
const PEOPLE_MAX: usize = 90;

struct World {
    population: Population,
    life: Life,
    state: State,
    rng: Rng,
    seed: u64,
}

impl World {
    fn new(seed: u64) -> Self {
        let mut rng = Rng::new(seed ^ 0xe7e7);
        let population = population(seed, rng.below(PEOPLE_MAX));
        let life = lives::life(&mut rng, &population);
        // Several batches lie beside each other in a run, one is laid at once.
        let batches = *rng.pick(&[1, 2, 40]);
        let state = lived(&population.twin, &life, batches);
        Self { population, life, state, rng, seed }
    }

    fn rule(&mut self) -> Rule {
        lives::rule(&mut self.rng, &self.population, &self.life)
    }

    fn expected(&self, rule: &Rule) -> BTreeSet<String> {
        select(rule, &self.population.twin, &self.life, self.population.now, &no_segments)
    }
}

fn each_life(lives: usize, ask: impl Fn(&mut World) + Sync) {
    let threads = std::thread::available_parallelism().map_or(1, usize::from);
    std::thread::scope(|scope| {
        for thread in 0..threads {
            let ask = &ask;
            scope.spawn(move || {
                for seed in (thread..lives).step_by(threads) {
                    ask(&mut World::new(seed as u64));
                }
            });
        }
    });
}

#[test]
fn random_tests_of_events_select_what_the_twin_selects() {
    let wanted = std::env::var("MUSTER_EVENT_RULES").ok().and_then(|text| text.parse().ok()).unwrap_or(RULES);
    each_life(usize::div_ceil(wanted, RULES_PER_LIFE), |world| {
        for _ in 0..RULES_PER_LIFE {
            let rule = world.rule();
            compare(world, &rule);
        }
    });
}

fn compare(world: &World, rule: &Rule) {
    let World { population, state, seed, .. } = world;
    let expected = world.expected(rule);
    let text = to_text(rule, &|_| None);
    let checked = state.check(rule).unwrap_or_else(|problems| panic!("seed {seed}: {text}: {problems:?}"));
    let options = PreviewOptions { sample: 1_000, explain: false };
    let preview = state.preview(&checked, population.now, options).expect("a good sample size");
    let sample: BTreeSet<String> = preview.sample.into_iter().map(|profile| profile.id).collect();
    assert_eq!(sample, expected, "seed {seed}: {text}");
    assert_eq!(preview.count, expected.len() as u64, "seed {seed}: {text}");
    // Asked again, what passes a filter lies ready.
    for _ in 0..2 {
        let again = eval::count(&plan(&checked, &state.view, &SegmentRows::new(), population.now));
        assert_eq!(again, expected.len() as u64, "seed {seed}: {text}");
    }
    let rows = Rows::new(&state.view, population.now);
    for customer in &population.twin.profiles {
        let row = state.view.row(&customer.id).expect("a profile").0;
        let is_member = RowAt { rows: &rows, row }.satisfies(&checked.root, &|_| false);
        assert_eq!(is_member, expected.contains(&customer.id), "seed {seed}, {}: {text}", customer.id);
    }
}

/// Where the clock goes next: often to where an event leaves a window, or beside it; now and then back.
fn moved(world: &mut World, now: Timestamp) -> Timestamp {
    let World { rng, life, .. } = world;
    match rng.below(7) {
        0 => now,
        1 => Timestamp(now.0 + 1),
        2 => Timestamp(now.0 + rng.below(3_000_000) as i64),
        3 => Timestamp(now.0 - rng.below(3) as i64 * DAY_US),
        4 => now.plus_days(rng.below(40) as i64),
        _ if life.events.is_empty() => now,
        _ => {
            let event = rng.below(life.events.len());
            let days = rng.below(60) as i64;
            Timestamp(life.events[event].at.plus_days(days).0 + rng.below(3) as i64 - 1)
        }
    }
}

/// What is kept was found out at one instant and is asked at others.
#[test]
fn kept_counts_are_true_while_the_clock_moves() {
    let kept = AtomicU64::new(0);
    each_life(80, |world| {
        let rules: Vec<Rule> = (0..5).map(|_| world.rule()).collect();
        for step in 0..30 {
            let (before, now) = (world.population.now, moved(world, world.population.now));
            world.population.now = now;
            for rule in &rules {
                let hits = world.state.cache.counters().hits;
                let checked = world.state.check(rule).expect("a valid rule");
                let expected = world.expected(rule).len() as u64;
                for time in ["first", "second"] {
                    let options = PreviewOptions { sample: 0, explain: false };
                    let count = world.state.preview(&checked, now, options).expect("a preview").count;
                    let text = to_text(rule, &|_| None);
                    assert_eq!(count, expected, "seed {}, step {step}, {time} time at {now}: {text}", world.seed);
                    if now != before && time == "first" {
                        kept.fetch_add(world.state.cache.counters().hits - hits, Ordering::Relaxed);
                    }
                }
            }
        }
    });
    // Many instants lie between two at which somebody moves.
    assert!(kept.load(Ordering::Relaxed) > 500, "only {kept:?} counts were kept from one instant to another");
}

#[test]
fn a_test_of_events_and_its_complement_share_everybody() {
    each_life(20, |world| {
        for _ in 0..20 {
            let rule = lives::event(&mut world.rng, &world.population, &world.life);
            let not = Rule::Group(Group { join: Match::None, rules: vec![rule.clone()] });
            let count = |rule: &Rule| {
                let options = PreviewOptions { sample: 0, explain: false };
                let checked = world.state.check(rule).expect("a valid rule");
                world.state.preview(&checked, world.population.now, options).expect("a preview").count
            };
            let all = world.population.twin.profiles.len() as u64;
            assert_eq!(count(&rule) + count(&not), all, "seed {}: {}", world.seed, to_text(&rule, &|_| None));
        }
    });
}

#[test]
fn explain_counts_tests_of_events_as_the_twin_does() {
    each_life(40, |world| {
        for _ in 0..10 {
            let rule = world.rule();
            let checked = world.state.check(&rule).expect("a valid rule");
            let options = PreviewOptions { sample: 0, explain: true };
            let preview = world.state.preview(&checked, world.population.now, options).expect("a preview");
            let mut expected = Vec::new();
            matched(&rule, world, &mut expected);
            let found: Vec<u64> = preview.nodes.expect("explained").iter().map(|node| node.matched).collect();
            assert_eq!(found, expected, "seed {}: {}", world.seed, to_text(&rule, &|_| None));
        }
    });
}

fn matched(rule: &Rule, world: &World, out: &mut Vec<u64>) {
    out.push(world.expected(rule).len() as u64);
    if let Rule::Group(group) = rule {
        group.rules.iter().for_each(|rule| matched(rule, world, out));
    }
}

#[test]
fn a_person_is_told_the_verdict_and_when_time_turns_it() {
    each_life(30, |world| {
        for _ in 0..8 {
            let rule = lives::event(&mut world.rng, &world.population, &world.life);
            let checked = world.state.check(&rule).expect("a valid rule");
            let text = to_text(&rule, &|_| None);
            let now = world.population.now;
            for customer in world.population.twin.profiles.iter().take(12) {
                let row = world.state.view.row(&customer.id).expect("a profile");
                let found = explain_person(Entry::Rule(&rule, &checked), row, &world.state.at(now)).expect("explained");
                let holds = |now| {
                    let rows = Rows::new(&world.state.view, now);
                    RowAt { rows: &rows, row: row.0 }.satisfies(&checked.root, &|_| false)
                };
                assert_eq!(found.holds, holds(now), "seed {}, {}: {text}", world.seed, customer.id);
                if let Some(at) = found.changes_at {
                    assert_ne!(holds(at), found.holds, "seed {}, {}: {text} at {at}", world.seed, customer.id);
                    assert_eq!(holds(Timestamp(at.0 - 1)), found.holds, "seed {}: {text} before {at}", world.seed);
                }
            }
        }
    });
}

#[test]
fn tests_of_events_read_back_from_json_and_text() {
    each_life(20, |world| {
        for _ in 0..50 {
            let rule = world.rule();
            let text = to_text(&rule, &|_| None);
            assert_eq!(from_text(&text).as_ref(), Ok(&rule), "{text}");
            assert_eq!(from_json(&to_json(&rule, &|_| None)).as_ref(), Ok(&rule), "{text}");
        }
    });
}
