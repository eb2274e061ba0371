//! What a rule says in vain: every finding beside the twin, cures that change nobody, and findings by logic on other data.

use std::collections::{BTreeMap, BTreeSet};

use harness::population::population;
use harness::rng::Rng;
use harness::rules;
use harness::tenant::tenant_of;
use harness::twin::{Customer, Saved, Twin, no_segments};
use muster_engine::command::{Command, Outcome, SegmentContent};
use muster_engine::insight::{Basis, Finding, Lint, lint};
use muster_engine::limits::{LINT_PAIRS_MAX, LINT_SEGMENTS_MAX};
use muster_engine::rule::{Group, Match, Rule, SegmentRef, from_text, to_text};
use muster_engine::schema::{FieldType, Schema, Value};
use muster_engine::time::Timestamp;

use crate::person::World;

fn part<'r>(rule: &'r Rule, pointer: &str) -> &'r Rule {
    let Some(rest) = pointer.strip_prefix("/rules/") else { return rule };
    let (index, rest) = rest.split_at(rest.find('/').unwrap_or(rest.len()));
    let Rule::Group(group) = rule else { panic!("{pointer} leads into a test") };
    part(&group.rules[index.parse::<usize>().expect("an index")], rest)
}

fn proof(finding: &Finding, name: &str) -> u64 {
    finding.proof.iter().find(|(known, _)| *known == name).expect("a count of that name").1
}

/// Whether a finding is true of what the twin selects.
fn check(world: &World, rule: &Rule, found: &Finding, text: &str) {
    let everyone = world.population.twin.profiles.len();
    let (selected, here) = (world.select(rule), world.select(part(rule, &found.pointer)));
    let place = format!("{} at {}: {text}", found.code, found.pointer);
    let other = found.other.as_ref().map(|other| world.select(part(rule, other)));
    let segment = found.segment.as_ref().map(|(id, _)| {
        world.select(&Rule::Segment(muster_engine::rule::SegmentTest { segment: SegmentRef::Id(*id), negated: false }))
    });
    let group = || part(rule, found.pointer.rsplit_once("/rules/").expect("a rule of a group").0);
    match found.code {
        "always_empty" => assert!(selected.is_empty(), "{place}"),
        "always_true" => assert_eq!(selected.len(), everyone, "{place}"),
        "matches_nobody" => assert!(here.is_empty(), "{place}"),
        "matches_everybody" => assert_eq!(here.len(), everyone, "{place}"),
        "contradiction" => assert!(world.select(group()).is_empty(), "{place}"),
        "covers_everybody" => assert_eq!(world.select(group()).len(), everyone, "{place}"),
        "redundant" => {
            let other = other.expect("another rule");
            assert!(here.is_subset(&other) || here.is_superset(&other), "{place}");
        }
        "no_effect" => assert_eq!(proof(found, "without"), proof(found, "count"), "{place}"),
        "duplicate" => assert_eq!(segment, Some(selected.clone()), "{place}"),
        "contained" => assert!(segment.expect("a segment").is_superset(&selected), "{place}"),
        "containing" => assert!(segment.expect("a segment").is_subset(&selected), "{place}"),
        "unknown_value" => {}
        other => panic!("what is {other}? {place}"),
    }
    if let Some(cure) = &found.cure
        && !["contradiction", "covers_everybody"].contains(&found.code)
    {
        assert_eq!(world.select(cure), selected, "{place}, cured: {}", to_text(cure, &|_| None));
    }
}

#[test]
fn every_finding_is_true_and_cures_change_nobody() {
    let mut codes = BTreeMap::new();
    for seed in 0..60 {
        let mut rng = Rng::new(seed);
        let world = World::new(seed, &mut rng);
        let state = world.tenant.state();
        for _ in 0..15 {
            let rule = rules::rule(&mut rng, &world.population, &world.names());
            let checked = state.check(&rule).expect("a valid rule");
            let found = lint(&rule, &checked, None, &state.at(world.population.now));
            let text = to_text(&rule, &|_| None);
            assert_eq!(found.count, world.select(&rule).len() as u64, "{text}");
            assert!(found.is_complete);
            for finding in &found.findings {
                *codes.entry(finding.code).or_insert(0) += 1;
                check(&world, &rule, finding, &text);
            }
        }
    }
    let rare = ["contradiction", "covers_everybody", "redundant", "no_effect", "matches_nobody", "containing"];
    assert!(rare.iter().all(|code| codes.get(code).is_some_and(|count| *count > 10)), "{codes:?}");
}

fn found(twin: &Twin, text: &str) -> Lint {
    let rule = from_text(text).expect("a rule");
    let state = tenant_of(twin).state();
    let checked = state.check(&rule).expect("a valid rule");
    lint(&rule, &checked, None, &state.at(population(1, 0).now))
}

#[test]
fn what_follows_from_bounds_alone_is_by_logic() {
    let twin = population(1, 40).twin;
    let by_logic = |text: &str| {
        let codes = found(&twin, text).findings.into_iter().filter(|finding| finding.basis == Basis::Logic);
        codes.map(|finding| format!("{} {}", finding.code, finding.pointer)).collect::<Vec<_>>().join(", ")
    };
    for (text, findings) in [
        ("visits > 5 and visits < 3", "contradiction /rules/1"),
        ("visits > 5 and visits > 3", "redundant /rules/1"),
        ("visits > 3 and visits > 5", "redundant /rules/0"),
        ("visits > 5 or visits > 3", "redundant /rules/0"),
        ("visits != 5 or visits != 3", "covers_everybody /rules/1"),
        ("country is not \"a\" or country is not \"b\"", "covers_everybody /rules/1"),
        ("country is \"a\" and country is not \"b\"", "redundant /rules/1"),
        ("country is \"a\" and country is \"b\"", "contradiction /rules/1"),
        ("country is \"a\" and country exists", "redundant /rules/1"),
        ("country is \"a\" and country not exists", "contradiction /rules/1"),
        ("country exists or country not exists", "covers_everybody /rules/1"),
        ("none of (visits exists, visits not exists)", "contradiction /rules/1"),
        ("member is true and member is not true", "contradiction /rules/1"),
        ("member is true or member is not true", "covers_everybody /rules/1"),
        ("last_purchase within 30 days and last_purchase within 90 days", "redundant /rules/1"),
        ("last_purchase within 30 days and last_purchase before 30 days", "contradiction /rules/1"),
        ("email contains \"x\" and visits > 1", ""),
        ("visits in (1, 2, 3) and visits >= 1", "redundant /rules/1"),
        ("visits in (1, 2, 3) and visits > 3", "contradiction /rules/1"),
        ("genres includes any (\"rock\") and genres includes any (\"rock\")", "redundant /rules/1"),
        ("total_spent = 1.234 or visits > 1", "matches_nobody /rules/0"),
        ("visits > 1 and age > 1", ""),
    ] {
        let text = text.replace("email", "city");
        assert_eq!(by_logic(&text), findings, "{text}");
    }
}

#[test]
fn logic_holds_for_any_profiles() {
    let mut told = 0;
    for seed in 0..40 {
        let mut rng = Rng::new(seed);
        let here = population(seed, 25);
        let state = tenant_of(&here.twin).state();
        for _ in 0..20 {
            let rule = rules::rule(&mut rng, &here, &[]);
            let checked = state.check(&rule).expect("a valid rule");
            let findings = lint(&rule, &checked, None, &state.at(here.now)).findings;
            let by_logic = findings.into_iter().filter(|finding| finding.basis == Basis::Logic);
            for finding in by_logic.filter(|finding| finding.code == "redundant") {
                let Some(cure) = &finding.cure else { continue };
                told += 1;
                for other in 0..3 {
                    let there = population(seed + 1_000 * (other + 1), 60).twin;
                    let select = |rule: &Rule| -> BTreeSet<String> { there.select(rule, here.now, &no_segments) };
                    assert_eq!(select(cure), select(&rule), "{}", to_text(&rule, &|_| None));
                }
            }
        }
    }
    assert!(told > 20, "{told} findings");
}

#[test]
fn a_segment_is_not_compared_with_itself_and_pairs_are_bounded() {
    let mut rng = Rng::new(2);
    let world = World::new(2, &mut rng);
    let state = world.tenant.state();
    let (id, _) = &world.saved[0];
    let rule = Rule::Segment(muster_engine::rule::SegmentTest { segment: SegmentRef::Id(*id), negated: false });
    let checked = state.check(&rule).expect("a valid rule");
    let codes = |own| {
        let found = lint(&rule, &checked, own, &state.at(world.population.now)).findings;
        found.into_iter().filter(|one| one.segment.as_ref().is_some_and(|(other, _)| other == id)).count()
    };
    assert_eq!((codes(None), codes(Some(*id))), (1, 0));
    // Tests that have nothing to do with each other, so that all pairs of them are compared.
    let count = (1..).find(|count| count * (count - 1) / 2 > LINT_PAIRS_MAX).expect("so many");
    for (count, is_complete) in [(count - 1, true), (count, false)] {
        let tests = (0..count).map(|at| from_text(&format!("visits = {}", at + 100)).expect("a rule")).collect();
        let rule = Rule::Group(Group { join: Match::Any, rules: tests });
        let checked = state.check(&rule).expect("a valid rule");
        assert_eq!(lint(&rule, &checked, None, &state.at(world.population.now)).is_complete, is_complete, "{count}");
    }
}

#[test]
fn a_rule_is_compared_with_so_many_other_segments() {
    let mut rng = Rng::new(2);
    let mut world = World::new(2, &mut rng);
    let (own, _) = world.saved[0];
    let rule = Rule::Segment(muster_engine::rule::SegmentTest { segment: SegmentRef::Id(own), negated: false });
    let empty = || (SegmentContent::Ids(Vec::new()), Saved::Static(BTreeSet::new()));
    while world.saved.len() < LINT_SEGMENTS_MAX {
        let (content, saved) = empty();
        world.save(content, saved);
    }
    // The rule is that of a segment, which is none of those that it is compared with.
    for is_compared in [true, false] {
        world.save(SegmentContent::Rule(rule.clone()), Saved::Dynamic(rule.clone()));
        let last = world.saved.last().map(|(id, _)| *id);
        let state = world.tenant.state();
        let checked = state.check(&rule).expect("a valid rule");
        let found = lint(&rule, &checked, Some(own), &state.at(world.population.now));
        let is_found = found.findings.iter().any(|one| one.segment.as_ref().map(|(id, _)| *id) == last);
        assert_eq!((found.is_complete, is_found), (is_compared, is_compared));
    }
}

/// Over many blocks, where a few of them say nothing for certain: ranges that differ by a person at either end, or in a hole.
#[test]
fn what_differs_in_a_single_block_is_not_called_contained() {
    const PEOPLE: i64 = 9 * 65_536 + 7;
    let mut schema = Schema::default();
    schema.add(&[("n".into(), FieldType::Int)]).expect("a field");
    let person = |n: i64| Customer { id: n.to_string(), values: [("n".to_owned(), Value::Int(n))].into() };
    let tenant = tenant_of(&Twin { schema, profiles: (0..PEOPLE).map(person).collect() });
    let mut rng = Rng::new(7);
    let mut told = BTreeMap::new();
    let mut saved = None;
    for _ in 0..120 {
        let (low, high) = (rng.below(PEOPLE as usize / 2) as i64, PEOPLE / 2 + rng.below(PEOPLE as usize / 2) as i64);
        let (below, above) = (rng.below(3) as i64 - 1, rng.below(3) as i64 - 1);
        let hole = rng.chance(40).then(|| low + rng.below((high - low) as usize) as i64);
        let own = from_text(&format!("n >= {low} and n < {high}")).expect("a rule");
        let without = hole.map(|n| format!(" and n != {n}")).unwrap_or_default();
        let other = from_text(&format!("n >= {} and n < {}{without}", low - below, high + above)).expect("a rule");
        let (name, now) = ("other".to_owned(), Timestamp(0));
        let content = SegmentContent::Rule(other);
        let put = Command::PutSegment { id: saved, name, description: String::new(), content, now };
        let Ok(Outcome::Segment(id)) = tenant.apply(put) else { panic!("a segment") };
        saved = Some(id);
        let is_in_other = below >= 0 && above >= 0 && hole.is_none();
        let has_other = below <= 0 && above <= 0;
        let wanted = match (is_in_other, has_other) {
            (true, true) => Some("duplicate"),
            (true, false) => Some("contained"),
            (false, true) => Some("containing"),
            (false, false) => None,
        };
        let state = tenant.state();
        let found = lint(&own, &state.check(&own).expect("a valid rule"), None, &state.at(now)).findings;
        let found = found.iter().find(|finding| finding.segment.is_some()).map(|finding| finding.code);
        assert_eq!(found, wanted, "{low} to {high}, {below} and {above} more, hole {hole:?}");
        *told.entry(wanted).or_insert(0) += 1;
    }
    assert!(told.len() == 4, "{told:?}");
}
