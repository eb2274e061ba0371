//! The laws a rule obeys whatever the data, and the limits at their edges.
//!
//! Not here: negation, De Morgan and nesting, which `twin` asks of random rules.

use harness::population::{FIELDS, Population, population};
use harness::rng::Rng;
use harness::rules;
use harness::tenant::tenant_of;
use muster_engine::audience::Definition;
use muster_engine::command::{Command, Outcome, SegmentContent};
use muster_engine::error::{Error, Problem};
use muster_engine::id::SegmentId;
use muster_engine::limits::{
    BODY_BYTES_MAX, LIST_VALUES_MAX, PAGE_MEMBERS_MAX, RULE_DEPTH_MAX, RULE_NODES_MAX, RULE_REGEXES_MAX, SAMPLE_MAX,
    WINDOW_DAYS_MAX,
};
use muster_engine::rule::{Group, Literal, Match, Operand, Operator, Rule, SegmentRef, SegmentTest, Test};
use muster_engine::schema::{FieldType, Value};
use muster_engine::segment::PreviewOptions;
use muster_engine::tenant::{State, Tenant};
use muster_engine::time::{DAY_US, Timestamp};

fn leaf(field: &str, operator: Operator, value: Option<Operand>) -> Rule {
    Rule::Test(Test { field: field.to_owned(), operator, value })
}

fn group(join: Match, rules: Vec<Rule>) -> Rule {
    Rule::Group(Group { join, rules })
}

fn count(state: &State, rule: &Rule, now: Timestamp) -> u64 {
    let checked = state.check(rule).unwrap_or_else(|error| panic!("{error}"));
    state.preview(&checked, now, PreviewOptions::default()).expect("a preview").count
}

fn problems(state: &State, rule: &Rule) -> Vec<Problem> {
    match state.check(rule) {
        Err(Error::Invalid(problems)) => problems,
        other => panic!("it should have been refused: {:?}", other.map(|_| ())),
    }
}

#[test]
fn windows_and_missing_share_out_the_population() {
    let windows = [Operator::WithinDays, Operator::BeforeDays];
    for seed in 0..40 {
        let mut rng = Rng::new(seed);
        let Population { twin, now: usual } = population(seed, 150);
        let state = tenant_of(&twin).state();
        let times: Vec<i64> = twin
            .profiles
            .iter()
            .flat_map(|profile| profile.values.values())
            .filter_map(|value| match value {
                Value::Time(at) => Some(at.0),
                Value::Date(day) => Some(day.midnight().0),
                _ => None,
            })
            .collect();
        for _ in 0..30 {
            let days = *rng.pick(&[0, 1, 7, 30, 365, 100_000, WINDOW_DAYS_MAX]);
            // At a value, at the edge of a window that ends at one, a microsecond beside, anywhere.
            let at = *rng.pick(&times);
            let edge = at.saturating_add(days.saturating_mul(DAY_US));
            let now = Timestamp(*rng.pick(&[usual.0, at, at - 1, at + 1, edge, edge - 1, edge + 1]));
            for (field, kind) in FIELDS {
                if !matches!(kind, FieldType::Time | FieldType::Date) {
                    continue;
                }
                let window = |operator| {
                    let days = Operand::One(Literal::Number(days.to_string()));
                    count(&state, &leaf(field, operator, Some(days)), now)
                };
                let past: u64 = windows.into_iter().map(window).sum();
                let missing = count(&state, &leaf(field, Operator::NotExists, None), now);
                let future = twin.profiles.iter().filter(|profile| match profile.values.get(field) {
                    Some(Value::Time(at)) => at.0 > now.0,
                    Some(Value::Date(day)) => day.midnight().0 > now.0,
                    _ => false,
                });
                let future = future.count() as u64;
                assert_eq!(past + future + missing, 150, "seed {seed}: {field}, {days} days, now {now}");
                assert_eq!(missing, twin.missing(field) as u64);
                assert!(window(Operator::InNextDays) <= future, "seed {seed}: {field}, {days} days, now {now}");
            }
        }
    }
}

/// Written out, not asked of the engine: which operator is whose opposite.
const COMPLEMENTS: [(Operator, Operator); 6] = [
    (Operator::NotEqual, Operator::Equal),
    (Operator::IsNot, Operator::Is),
    (Operator::NotIn, Operator::In),
    (Operator::NotContains, Operator::Contains),
    (Operator::Excludes, Operator::Includes),
    (Operator::NotExists, Operator::Exists),
];

#[test]
fn negative_operators_are_exact_complements() {
    for seed in 0..25 {
        let mut rng = Rng::new(seed);
        let population = population(seed, 120);
        let state = tenant_of(&population.twin).state();
        for (field, kind) in FIELDS {
            for (operator, positive) in COMPLEMENTS.into_iter().filter(|(operator, _)| operator.applies_to(kind)) {
                let name = operator.name();
                let Rule::Test(test) = rules::test(&mut rng, &population, field, operator) else { panic!("a test") };
                let count = |rule: &Rule| count(&state, rule, population.now);
                let no = Rule::Test(test.clone());
                let yes = Rule::Test(Test { operator: positive, ..test });
                assert_eq!(count(&yes) + count(&no), 120, "seed {seed}: {field} {name}");
                assert_eq!(count(&group(Match::All, vec![yes.clone(), no.clone()])), 0, "seed {seed}: {field} {name}");
                assert_eq!(
                    count(&group(Match::Any, vec![yes.clone(), no.clone()])),
                    120,
                    "seed {seed}: {field} {name}"
                );
                // A person without a value is where the negative operator is.
                let missing = leaf(field, Operator::NotExists, None);
                let both = group(Match::All, vec![missing.clone(), no]);
                if positive != Operator::Exists {
                    assert_eq!(count(&both), count(&missing), "seed {seed}: {field} {name}");
                }
            }
        }
    }
}

#[test]
fn an_unknown_word_counts_nobody_and_says_what_was_near() {
    let population = population(3, 200);
    let state = tenant_of(&population.twin).state();
    let text = |word: &str| Literal::Text(word.to_owned());
    for (rule, wanted) in [
        (leaf("country", Operator::Is, Some(Operand::One(text("ROCK")))), &["Rock", "rock"][..]),
        (leaf("country", Operator::In, Some(Operand::One(text("nowhere at all")))), &[]),
        (leaf("genres", Operator::Includes, Some(Operand::One(text("rok")))), &["rock", "Rock"]),
    ] {
        let checked = state.check(&rule).expect("no mistake");
        let preview = state.preview(&checked, population.now, PreviewOptions::default()).expect("a preview");
        assert_eq!(preview.count, 0);
        let [warning] = preview.warnings.as_slice() else { panic!("{:?}", preview.warnings) };
        assert_eq!((warning.code, warning.pointer.as_str()), ("unknown_value", "/value"));
        for word in wanted {
            assert!(warning.suggestions.iter().any(|near| near == word), "no {word} in {:?}", warning.suggestions);
        }
    }
    let known = leaf("country", Operator::Is, Some(Operand::One(text("rock"))));
    let preview = state.preview(&state.check(&known).expect("valid"), population.now, PreviewOptions::default());
    assert_eq!(preview.expect("a preview").warnings, []);
}

#[test]
fn limits_are_those_that_callers_were_told() {
    assert_eq!((RULE_DEPTH_MAX, RULE_NODES_MAX, LIST_VALUES_MAX), (32, 10_000, 1_000_000));
    assert_eq!((SAMPLE_MAX, PAGE_MEMBERS_MAX, BODY_BYTES_MAX), (1_000, 10_000, 16 << 20));
}

#[test]
fn limits_hold_at_their_edges() {
    let population = population(1, 50);
    let tenant = tenant_of(&population.twin);
    let state = tenant.state();
    let simple = || leaf("visits", Operator::Exists, None);
    let everyone = count(&state, &simple(), population.now);
    let nested = |depth: usize| (0..depth).fold(simple(), |rule, _| group(Match::All, vec![rule]));
    assert_eq!(count(&state, &nested(RULE_DEPTH_MAX), population.now), everyone);
    let refused = problems(&state, &nested(RULE_DEPTH_MAX + 1));
    assert_eq!((refused[0].code, refused[0].pointer.matches("/rules/0").count()), ("too_deep", RULE_DEPTH_MAX));

    let wide = |nodes: usize| group(Match::All, vec![simple(); nodes - 1]);
    assert_eq!(count(&state, &wide(RULE_NODES_MAX), population.now), everyone);
    assert_eq!(problems(&state, &wide(RULE_NODES_MAX + 1))[0].code, "too_many_nodes");

    let list = |length: usize| {
        let values = (0..length).map(|value| Literal::Number(value.to_string())).collect();
        leaf("visits", Operator::In, Some(Operand::Many(values)))
    };
    count(&state, &list(LIST_VALUES_MAX), population.now);
    assert_eq!(problems(&state, &list(LIST_VALUES_MAX + 1))[0].code, "list_too_long");
    let patterns = |patterns: usize| {
        let pattern = |at: usize| leaf("city", Operator::Matches, Some(Operand::One(Literal::Text(format!("^{at}")))));
        group(Match::Any, (0..patterns).map(pattern).collect())
    };
    count(&state, &patterns(RULE_REGEXES_MAX), population.now);
    assert_eq!(problems(&state, &patterns(RULE_REGEXES_MAX + 1))[0].code, "too_many_regexes");
    let huge = leaf("city", Operator::Matches, Some(Operand::One(Literal::Text("(\\w{100}){1000}".into()))));
    assert_eq!(problems(&state, &huge)[0].pointer, "/value");
    for (days, good) in [(WINDOW_DAYS_MAX, true), (WINDOW_DAYS_MAX + 1, false), (-1, false)] {
        let window = leaf("birthday", Operator::WithinDays, Some(Operand::One(Literal::Number(days.to_string()))));
        assert_eq!(state.check(&window).is_ok(), good, "{days} days");
    }

    let checked = state.check(&simple()).expect("a valid rule");
    let sample = |sample| state.preview(&checked, population.now, PreviewOptions { sample, explain: false });
    assert!(sample(SAMPLE_MAX).is_ok() && sample(SAMPLE_MAX + 1).is_err());
    assert_eq!(state.view.live().rows_after(None, PAGE_MEMBERS_MAX).len(), 50);
    let mut definition =
        Definition { include_customers: Some(vec!["1".into(); LIST_VALUES_MAX]), ..Definition::default() };
    assert!(definition.check_lengths().is_ok());
    definition.include_customers.iter_mut().for_each(|ids| ids.push("2".into()));
    assert!(matches!(definition.check_lengths(), Err(Error::Invalid(problems)) if problems[0].code == "list_too_long"));
    let put = |length: usize| Command::PutSegment {
        id: None,
        name: format!("{length} people"),
        description: String::new(),
        content: SegmentContent::Ids(vec!["1".into(); length]),
        now: population.now,
    };
    assert!(tenant.apply(put(LIST_VALUES_MAX)).is_ok() && tenant.apply(put(LIST_VALUES_MAX + 1)).is_err());
}

fn save(tenant: &Tenant, id: Option<SegmentId>, name: String, rule: Rule) -> Result<SegmentId, Error> {
    let content = SegmentContent::Rule(rule);
    let put = Command::PutSegment { id, name, description: String::new(), content, now: Timestamp(0) };
    match tenant.apply(put)? {
        Outcome::Segment(id) => Ok(id),
        other => panic!("no segment was saved: {other:?}"),
    }
}

fn member_of(segment: SegmentId, negated: bool) -> Rule {
    Rule::Segment(SegmentTest { segment: SegmentRef::Id(segment), negated })
}

#[test]
fn long_chains_of_segments_are_evaluated() {
    let population = population(2, 100);
    let tenant = tenant_of(&population.twin);
    let first = leaf("member", Operator::Is, Some(Operand::One(Literal::Bool(true))));
    let members = count(&tenant.state(), &first, population.now);
    let mut last = save(&tenant, None, "0".into(), first).expect("a good rule");
    let start = last;
    for depth in 1..=1_000 {
        last = save(&tenant, None, format!("segment at depth {depth}"), member_of(last, true)).expect("no circle");
    }
    let state = tenant.state();
    assert_eq!(state.segment_count(last, population.now), Ok(members), "an even number of negations");
    assert_eq!(count(&state, &member_of(last, false), population.now), members);
    // The whole chain closes to a circle only at its far end, and the answer spells it out.
    let Err(Error::Invalid(problems)) = save(&tenant, Some(start), "0".into(), member_of(last, false)) else {
        panic!("a circle was saved")
    };
    assert_eq!((problems[0].code, problems[0].message.matches(" -> ").count()), ("circular_segment", 1_001));
    assert_eq!(tenant.state().version, state.version);
}

#[test]
fn diamonds_of_segments_are_evaluated_once_each() {
    // Two segments a level, each naming both of the level below: 2^40 paths, which nobody could walk one by one.
    let population = population(4, 100);
    let tenant = tenant_of(&population.twin);
    let rule = |field: &str| leaf(field, Operator::Exists, None);
    let mut level =
        ["visits", "score"].map(|field| save(&tenant, None, field.into(), rule(field)).expect("a good rule"));
    for depth in 1..=40 {
        let both = |join| group(join, level.iter().map(|id| member_of(*id, false)).collect());
        let put = |side: &str, join| save(&tenant, None, format!("{side} {depth}"), both(join)).expect("no circle");
        level = [put("all", Match::All), put("any", Match::Any)];
    }
    let state = tenant.state();
    let [all, any] = [Match::All, Match::Any].map(|join| group(join, vec![rule("visits"), rule("score")]));
    let now = population.now;
    assert_eq!(state.segment_count(level[0], now), Ok(count(&state, &all, now)));
    assert_eq!(state.segment_count(level[1], now), Ok(count(&state, &any, now)));
    assert!(save(&tenant, Some(SegmentId(1)), "visits".into(), member_of(level[0], true)).is_err(), "a circle");
    for profile in &population.twin.profiles {
        let row = state.view.row(&profile.id).expect("it was imported");
        let found = state.segments_of(row.0, now).len();
        let has = |field: &str| profile.values.contains_key(field);
        let wanted = match (has("visits"), has("score")) {
            (true, true) => 82,
            (false, false) => 0,
            _ => 41,
        };
        assert_eq!(found, wanted, "{}", profile.id);
    }
}
