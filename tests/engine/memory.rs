//! Counts from memory are the counts: rules that share parts, asked again and again while profiles change and time passes.

use harness::population::{Population, population};
use harness::rng::Rng;
use harness::rules;
use harness::tenant::tenant_of;
use harness::twin::no_segments;
use muster_engine::command::Command;
use muster_engine::rule::{Group, Match, Rule, to_text};
use muster_engine::segment::PreviewOptions;
use muster_engine::tenant::Tenant;
use muster_engine::time::{DAY_US, Timestamp};

#[test]
fn kept_counts_and_parts_follow_every_change() {
    let (mut hits, mut renewed) = (0, 0);
    for seed in 0..80 {
        let mut rng = Rng::new(seed);
        let mut population = population(seed, 150);
        let other = harness::population::population(seed + 1_000, 150);
        let tenant = tenant_of(&population.twin);
        let parts: Vec<Rule> = (0..4).map(|_| rules::rule(&mut rng, &population, &[])).collect();
        for step in 0..12 {
            for (join, left, right) in [(Match::All, 0, 1), (Match::Any, 1, 2), (Match::None, 2, 3), (Match::All, 3, 0)]
            {
                let rules = vec![parts[left].clone(), parts[right].clone()];
                ask(&Rule::Group(Group { join, rules }), &population, &tenant, step);
            }
            change(&mut rng, &mut population, &other, &tenant);
            // Time passes as well: sometimes none, sometimes less than a window notices.
            population.now = Timestamp(population.now.0 + *rng.pick(&[0, 1, 5_000_000, 3_600_000_000, 3 * DAY_US]));
        }
        let counters = tenant.state().cache.counters();
        hits += counters.hits;
        renewed += counters.renewed;
    }
    // Rules that warn, or that name ids, are not kept; most are.
    assert!(hits > 1_000 && renewed > 1_000, "{hits} hits, {renewed} renewed");
}

fn ask(rule: &Rule, population: &Population, tenant: &Tenant, step: usize) {
    let state = tenant.state();
    let checked = state.check(rule).expect("a valid rule");
    let expected = population.twin.select(rule, population.now, &no_segments).len() as u64;
    for time in ["first", "second"] {
        let preview = state.preview(&checked, population.now, PreviewOptions::default()).expect("a preview");
        assert_eq!(preview.count, expected, "{time} time, step {step}: {}", to_text(rule, &|_| None));
    }
}

/// Gives somebody a value of somebody else, or erases them.
fn change(rng: &mut Rng, population: &mut Population, other: &Population, tenant: &Tenant) {
    let profiles = &mut population.twin.profiles;
    let at = rng.below(profiles.len());
    if rng.chance(25) {
        let id = profiles.remove(at).id;
        tenant.apply(Command::EraseProfile { id, now: None }).expect("a profile that is there");
        return;
    }
    let donor = &other.twin.profiles[rng.below(other.twin.profiles.len())];
    let profile = &mut profiles[at];
    for (name, value) in donor.values.iter().take(3) {
        profile.values.insert(name.clone(), value.clone());
        let changes = vec![(name.clone(), Some(value.clone()))];
        tenant.apply(Command::PatchProfile { id: profile.id.clone(), changes }).expect("a value of the field's type");
    }
}
