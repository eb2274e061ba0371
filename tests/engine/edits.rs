//! What an edit of a segment moves, beside what the twin selects before and after it; and what is told of it when it is
//! saved for real.

use std::collections::BTreeSet;

use harness::rng::Rng;
use harness::rules;
use harness::twin::Saved;
use muster_engine::audience::{Definition, SegmentChoice};
use muster_engine::command::{Command, SegmentContent};
use muster_engine::error::Error;
use muster_engine::id::SegmentId;
use muster_engine::insight::{Diff, Moved, diff, moved};
use muster_engine::limits::SAMPLE_MAX;
use muster_engine::rule::{Group, Match, Rule, SegmentRef, SegmentTest};
use muster_engine::segment::{IdList, SegmentKind};
use muster_engine::tenant::State;
use muster_engine::time::Timestamp;

use crate::person::World;

type Ids = BTreeSet<String>;

fn between(before: &Ids, after: &Ids) -> Moved {
    let entered = after.difference(before).count() as u64;
    let left = before.difference(after).count() as u64;
    Moved { before: before.len() as u64, after: after.len() as u64, entered, left }
}

fn named(segment: SegmentId) -> Rule {
    Rule::Segment(SegmentTest { segment: SegmentRef::Id(segment), negated: false })
}

fn put_audience(world: &World, segment: SegmentId) {
    let choice = |id| SegmentChoice { id, key: String::new() };
    let definition = Definition {
        include_segments: Some(vec![choice(segment)]),
        exclude_segments: vec![choice(world.saved[0].0)],
        ..Definition::default()
    };
    let name = format!("without {segment}");
    let put = Command::PutAudience { id: None, name, description: String::new(), definition, now: Timestamp(0) };
    world.tenant.apply(put).expect("an audience is saved");
}

fn check(world: &mut World, state: &State, at: usize, found: &Diff, after: Saved) {
    let segments: Vec<SegmentId> = world.saved.iter().map(|(id, _)| *id).collect();
    let select = |world: &World| -> Vec<Ids> { segments.iter().map(|id| world.select(&named(*id))).collect() };
    let before = select(world);
    world.saved[at].1 = after;
    let after = select(world);
    let id = segments[at];
    assert_eq!(found.moved, between(&before[at], &after[at]));
    assert_eq!(found.moved.before - found.moved.left + found.moved.entered, found.moved.after);
    let ids = |people: &[muster_engine::table::Profile]| people.iter().map(|one| one.id.clone()).collect::<Ids>();
    assert_eq!(ids(&found.entered), after[at].difference(&before[at]).cloned().collect());
    assert_eq!(ids(&found.left), before[at].difference(&after[at]).cloned().collect());
    for one in &found.segments {
        let at = segments.iter().position(|other| *other == one.id).expect("a segment that was saved");
        assert_eq!(one.moved, between(&before[at], &after[at]), "{}", one.name);
    }
    // Whoever is not told of does not refer to it, so stays the same.
    for (at, other) in segments.iter().enumerate().filter(|(_, other)| **other != id) {
        let is_told = found.segments.iter().any(|one| one.id == *other);
        assert!(is_told || before[at] == after[at], "segment {other} changes and is not told of");
    }
    assert_eq!(found.audiences.len(), 1 + found.segments.len(), "{:?}", found.audiences);
    for one in &found.audiences {
        let definition = &state.audiences.get(one.id).expect("an audience").definition;
        let included = definition.include_segments.as_ref().expect("a segment")[0].id;
        let at = segments.iter().position(|other| *other == included).expect("a segment that was saved");
        let without = |members: &[Ids]| members[at].difference(&members[0]).cloned().collect::<Ids>();
        assert_eq!(one.moved, between(&without(&before), &without(&after)), "{}", one.name);
    }
}

#[test]
fn an_edit_moves_whom_the_twin_says() {
    let mut moves = 0;
    for seed in 0..60 {
        let mut rng = Rng::new(seed);
        let mut world = World::new(seed, &mut rng);
        // Something that refers to the segment through another.
        let through = Rule::Group(Group { join: Match::None, rules: vec![named(world.saved[1].0)] });
        world.save(SegmentContent::Rule(through.clone()), Saved::Dynamic(through));
        let reached: Vec<SegmentId> = world.saved[1..].iter().map(|(id, _)| *id).collect();
        let is_reached = |world: &World, id: SegmentId| {
            let state = world.tenant.state();
            id == world.saved[1].0 || leads(&state, id, world.saved[1].0)
        };
        for id in reached {
            if is_reached(&world, id) {
                put_audience(&world, id);
            }
        }
        let state = world.tenant.state();
        let moment = state.at(world.population.now);
        let (id, content, saved) = if rng.chance(30) {
            let ids: Vec<String> = world.population.twin.profiles.iter().step_by(2).map(|one| one.id.clone()).collect();
            let list = SegmentKind::Static(IdList::new(&ids, &state.view));
            (world.saved[1].0, list, Saved::Static(ids.into_iter().collect()))
        } else {
            let names = [SegmentRef::Id(world.saved[0].0)];
            let rule = rules::rule(&mut rng, &world.population, &names);
            let checked = state.check(&rule).expect("a valid rule");
            (
                world.saved[1].0,
                SegmentKind::Dynamic { rule: rule.clone().into(), checked: checked.into() },
                Saved::Dynamic(rule),
            )
        };
        let found = diff(id, &content, SAMPLE_MAX, &moment).expect("a diff");
        assert_eq!(moved(id, &content, &moment).expect("the same"), found.moved);
        moves += found.moved.people();
        check(&mut world, &state, 1, &found, saved);
    }
    assert!(moves > 300, "{moves} people moved");
}

fn leads(state: &State, from: SegmentId, to: SegmentId) -> bool {
    match &state.segments.get(from).expect("a segment").kind {
        SegmentKind::Dynamic { checked, .. } => {
            checked.segments().into_iter().any(|other| other == to || leads(state, other, to))
        }
        SegmentKind::Static(_) | SegmentKind::Lookalike { .. } => false,
    }
}

#[test]
fn circles_and_large_samples_are_refused() {
    let mut rng = Rng::new(1);
    let mut world = World::new(1, &mut rng);
    let through = named(world.saved[1].0);
    world.save(SegmentContent::Rule(through.clone()), Saved::Dynamic(through));
    let state = world.tenant.state();
    let moment = state.at(world.population.now);
    let (id, last) = (world.saved[1].0, world.saved.last().expect("segments").0);
    let kind = |rule: Rule| SegmentKind::Dynamic {
        checked: state.check(&rule).expect("a valid rule").into(),
        rule: rule.into(),
    };
    for circle in [id, last] {
        let Err(Error::Invalid(problems)) = diff(id, &kind(named(circle)), 0, &moment) else { panic!("a circle") };
        assert_eq!(problems[0].code, "circular_segment");
    }
    let list = SegmentKind::Static(IdList::default());
    assert!(diff(id, &list, SAMPLE_MAX, &moment).is_ok());
    assert!(matches!(diff(id, &list, SAMPLE_MAX + 1, &moment), Err(Error::Invalid(_))));
    assert!(matches!(diff(SegmentId(99), &list, 0, &moment), Err(Error::NotFound(_))));
}
