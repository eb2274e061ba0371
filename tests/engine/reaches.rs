//! What thresholds are worth: every point of a curve and every loosened rule evaluated again by the twin, and no smaller
//! move of one threshold reaches as many.

use harness::population::WINDOW_DAYS;
use harness::rng::Rng;
use harness::rules;
use muster_engine::error::Error;
use muster_engine::insight::{End, Relaxation, reach, relax};
use muster_engine::limits::{REACH_POINTS_MAX, RELAX_TESTS_MAX};
use muster_engine::rule::{Group, Literal, Match, Operand, Operator, Rule, Test, to_text};
use muster_engine::schema::Value;

use crate::person::World;

/// Tests of a rule that have a threshold, by pointer.
fn thresholds(rule: &Rule, pointer: &str, found: &mut Vec<(String, Test)>) {
    match rule {
        Rule::Group(group) => group
            .rules
            .iter()
            .enumerate()
            .for_each(|(at, rule)| thresholds(rule, &format!("{pointer}/rules/{at}"), found)),
        Rule::Test(test) => match test.operator {
            Operator::Greater
            | Operator::GreaterOrEqual
            | Operator::Less
            | Operator::LessOrEqual
            | Operator::Between
            | Operator::WithinDays
            | Operator::BeforeDays
            | Operator::InNextDays => found.push((pointer.to_owned(), test.clone())),
            _ => {}
        },
        Rule::Segment(_) | Rule::Event(_) => {}
    }
}

/// The rule with another threshold at a pointer.
fn moved(rule: &Rule, pointer: &str, end: End, to: &Literal) -> Rule {
    match rule {
        Rule::Group(Group { join, rules }) => {
            let rest = pointer.strip_prefix("/rules/").expect("a pointer into a group");
            let (index, rest) = rest.split_at(rest.find('/').unwrap_or(rest.len()));
            let mut rules = rules.clone();
            let index: usize = index.parse().expect("an index");
            rules[index] = moved(&rules[index], rest, end, to);
            Rule::Group(Group { join: *join, rules })
        }
        Rule::Test(test) => {
            let value = match (&test.value, end) {
                (Some(Operand::Many(values)), End::Low) => Operand::Many(vec![to.clone(), values[1].clone()]),
                (Some(Operand::Many(values)), End::High) => Operand::Many(vec![values[0].clone(), to.clone()]),
                _ => Operand::One(to.clone()),
            };
            Rule::Test(Test { value: Some(value), ..test.clone() })
        }
        Rule::Segment(_) | Rule::Event(_) => panic!("no threshold"),
    }
}

#[test]
fn every_point_of_a_curve_is_the_count_of_its_rule() {
    let (mut points, mut apart) = (0, 0);
    for seed in 0..50 {
        let mut rng = Rng::new(seed);
        let world = World::new(seed, &mut rng);
        let state = world.tenant.state();
        for _ in 0..15 {
            let rule = rules::rule(&mut rng, &world.population, &world.names());
            let checked = state.check(&rule).expect("a valid rule");
            let mut tests = Vec::new();
            thresholds(&rule, "", &mut tests);
            for (pointer, test) in tests {
                let end = (test.operator == Operator::Between).then(|| *rng.pick(&[End::Low, End::High]));
                let asked = *rng.pick(&[1, 2, 5, REACH_POINTS_MAX]);
                let moment = state.at(world.population.now);
                let text = format!("{pointer} of {}", to_text(&rule, &|_| None));
                let found = match reach(&rule, &checked, &pointer, end, asked, &moment) {
                    Ok(found) => found,
                    Err(error) => panic!("{error}: {text}"),
                };
                assert_eq!(found.count, world.select(&rule).len() as u64, "{text}");
                assert!(found.points.len() <= asked, "{text}");
                for point in &found.points {
                    let then = moved(&rule, &pointer, found.end, &point.threshold);
                    assert_eq!(point.count, world.select(&then).len() as u64, "{:?}: {text}", point.threshold);
                }
                points += found.points.len();
                apart += usize::from(found.points.iter().any(|point| point.count != found.points[0].count));
            }
        }
    }
    assert!(points > 500 && apart > 100, "{points} points, {apart} curves that are not flat");
}

/// Everything that may be written for a threshold and make a difference: values of all profiles, and days to them.
fn candidates(world: &World, test: &Test) -> Vec<Literal> {
    if matches!(test.operator, Operator::WithinDays | Operator::BeforeDays | Operator::InNextDays) {
        let near = |days: &i64| [days - 1, *days, days + 1];
        let days = WINDOW_DAYS.iter().flat_map(near).chain(0..5).filter(|days| (0..=1_000_000).contains(days));
        return days.map(|days| Literal::Number(days.to_string())).collect();
    }
    let values = world.population.twin.profiles.iter().filter_map(|one| one.values.get(&test.field));
    let written = |value: &Value| match value {
        Value::Time(_) | Value::Date(_) => Literal::Text(value.to_string()),
        _ => Literal::Number(value.to_string()),
    };
    values.map(written).collect()
}

fn check(world: &World, rule: &Rule, found: &Relaxation, target: u64, text: &str) {
    let then = found.steps.iter().fold(rule.clone(), |rule, step| moved(&rule, &step.pointer, step.end, &step.to));
    assert_eq!(then, found.rule, "{text}");
    assert_eq!(world.select(&then).len() as u64, found.count, "{text}: {}", to_text(&then, &|_| None));
    assert!(found.count >= target, "{text}");
}

#[test]
fn loosened_rules_select_what_is_said() {
    let (mut single, mut combined, mut several) = (0, 0, 0);
    for seed in 0..60 {
        let mut rng = Rng::new(seed);
        let world = World::new(seed, &mut rng);
        let state = world.tenant.state();
        for _ in 0..10 {
            let rule = rules::rule(&mut rng, &world.population, &world.names());
            let checked = state.check(&rule).expect("a valid rule");
            let count = world.select(&rule).len() as u64;
            let target = count + 1 + rng.below(6) as u64;
            let text = format!("{target} of {}", to_text(&rule, &|_| None));
            let found = relax(&rule, &checked, target, &state.at(world.population.now)).expect("few thresholds");
            assert_eq!(found.count, count, "{text}");
            for one in &found.single {
                assert_eq!(one.steps.len(), 1);
                check(&world, &rule, one, target, &text);
            }
            assert!(found.single.is_sorted_by_key(|one| one.way), "{text}");
            if let Some(one) = &found.combined {
                check(&world, &rule, one, target, &text);
                several += usize::from(one.steps.len() > 1);
            }
            no_other_threshold_reaches(&world, &state, &rule, target, &found.single, &text);
            single += found.single.len();
            combined += usize::from(found.combined.is_some());
            let enough = relax(&rule, &checked, count, &state.at(world.population.now)).expect("few thresholds");
            assert!(enough.single.is_empty() && enough.combined.is_none() && enough.most == count);
        }
    }
    assert!(single > 100 && combined > 50 && several > 5, "{single} single, {combined} combined, {several} several");
}

/// What is told of a test is the least move that reaches: whatever else reaches moves the test at least as far. And a test
/// of which nothing is told does not reach by any value that somebody has.
fn no_other_threshold_reaches(
    world: &World,
    state: &muster_engine::tenant::State,
    rule: &Rule,
    target: u64,
    told: &[Relaxation],
    text: &str,
) {
    let mut tests = Vec::new();
    thresholds(rule, "", &mut tests);
    for (pointer, test) in tests {
        let ends = if test.operator == Operator::Between { vec![End::Low, End::High] } else { vec![End::Low] };
        for end in ends {
            let is_it = |one: &&Relaxation| {
                one.steps[0].pointer == pointer && (test.operator != Operator::Between || one.steps[0].end == end)
            };
            let told = told.iter().find(is_it);
            for candidate in candidates(world, &test) {
                let then = moved(rule, &pointer, end, &candidate);
                if state.check(&then).is_err() {
                    continue;
                }
                let reached = world.select(&then).len() as u64;
                match told {
                    None => assert!(reached < target, "{candidate:?} at {pointer} reaches {reached}: {text}"),
                    // More people only by a longer way: counts grow with the way.
                    Some(told) => assert!(reached < target || reached >= told.count, "{candidate:?}: {text}"),
                }
            }
        }
    }
}

#[test]
fn mistakes_are_told() {
    let mut rng = Rng::new(3);
    let world = World::new(3, &mut rng);
    let state = world.tenant.state();
    let moment = state.at(world.population.now);
    let test = |operator, value: &str| {
        let value = Some(Operand::One(Literal::Number(value.into())));
        Rule::Test(Test { field: "visits".into(), operator, value })
    };
    let ask = |rule: &Rule, pointer: &str, points| {
        let checked = state.check(rule).expect("a valid rule");
        match reach(rule, &checked, pointer, None, points, &moment) {
            Ok(_) => "fine",
            Err(Error::Invalid(problems)) => problems[0].code,
            Err(error) => panic!("{error}"),
        }
    };
    let rule = test(Operator::Greater, "3");
    assert_eq!(ask(&rule, "", 1), "fine");
    assert_eq!(ask(&rule, "", REACH_POINTS_MAX), "fine");
    assert_eq!(ask(&rule, "", REACH_POINTS_MAX + 1), "out_of_range");
    assert_eq!(ask(&rule, "", 0), "out_of_range");
    assert_eq!(ask(&rule, "/rules/0", 1), "no_threshold");
    assert_eq!(ask(&test(Operator::Equal, "3"), "", 1), "no_threshold");
    for (count, is_fine) in [(RELAX_TESTS_MAX, true), (RELAX_TESTS_MAX + 1, false)] {
        let rule = Rule::Group(Group { join: Match::All, rules: vec![rule.clone(); count] });
        let checked = state.check(&rule).expect("a valid rule");
        let found = relax(&rule, &checked, 1_000, &moment);
        assert!(found.is_ok() == is_fine || matches!(found, Err(Error::Limit(_))), "{count}");
    }
}
