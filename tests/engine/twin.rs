//! Random rules on random populations: the engine and the naive twin select the same people, in every way of asking.

use std::collections::{BTreeMap, BTreeSet};

use harness::population::{Population, population};
use harness::rng::Rng;
use harness::rules;
use harness::tenant::{tenant_in_order, tenant_of};
use harness::twin::{Customer, no_segments};
use muster_engine::block::Kernels;
use muster_engine::eval::NodeCounts;
use muster_engine::id::Row;
use muster_engine::rule::{Group, Match, Rule, from_json, from_text, to_json, to_text};
use muster_engine::segment::PreviewOptions;
use muster_engine::tenant::State;

/// Rules of the ordinary run; `MUSTER_TWIN_RULES` sets another number.
const RULES: usize = 100_000;

/// Rules asked of one population.
const RULES_PER_POPULATION: usize = 250;

/// Profiles of a population at most.
const PROFILES_MAX: usize = 260;

fn rules_wanted() -> usize {
    std::env::var("MUSTER_TWIN_RULES").ok().and_then(|text| text.parse().ok()).unwrap_or(RULES)
}

#[test]
fn random_rules_select_what_the_twin_selects() {
    for kernels in Kernels::available() {
        assert!(Kernels::choose(kernels.name()));
        ask(rules_wanted().div_ceil(Kernels::available().len()), kernels.name());
    }
}

fn ask(wanted: usize, kernels: &str) {
    let populations = wanted.div_ceil(RULES_PER_POPULATION);
    let threads = std::thread::available_parallelism().map_or(1, usize::from);
    std::thread::scope(|scope| {
        for thread in 0..threads {
            scope.spawn(move || {
                for seed in (thread..populations).step_by(threads) {
                    one_population(seed as u64 + fold(kernels));
                }
            });
        }
    });
}

/// A number for a name, so that each kernel's rules are different ones.
fn fold(name: &str) -> u64 {
    name.bytes().fold(0, |sum, byte| sum * 31 + u64::from(byte)) << 32
}

fn one_population(seed: u64) {
    let mut rng = Rng::new(seed ^ 0xfeed);
    let population = population(seed, rng.below(PROFILES_MAX));
    let tenant = tenant_of(&population.twin);
    let state = tenant.state();
    state.view.verify().expect("indexes agree with columns");
    for _ in 0..RULES_PER_POPULATION {
        let rule = rules::rule(&mut rng, &population, &[]);
        compare(&rule, &population, &state, seed);
    }
}

fn compare(rule: &Rule, population: &Population, state: &State, seed: u64) {
    let expected = population.twin.select(rule, population.now, &no_segments);
    let options = PreviewOptions { sample: 1_000, explain: false };
    let preview =
        state.preview(&state.check(rule).expect("a valid rule"), population.now, options).expect("a good sample size");
    let sample: BTreeSet<String> = preview.sample.into_iter().map(|profile| profile.id).collect();
    let text = to_text(rule, &|_| None);
    assert_eq!(sample, expected, "seed {seed}: {text}");
    assert_eq!(preview.count, expected.len() as u64, "seed {seed}: {text}");
}

#[test]
fn explain_counts_every_node_as_the_twin_does() {
    for seed in 0..60 {
        let mut rng = Rng::new(seed);
        let population = population(seed, 120);
        let state = tenant_of(&population.twin).state();
        for _ in 0..10 {
            let rule = rules::rule(&mut rng, &population, &[]);
            let options = PreviewOptions { sample: 0, explain: true };
            let checked = state.check(&rule).expect("a valid rule");
            let preview = state.preview(&checked, population.now, options).expect("a preview");
            let nodes = preview.nodes.expect("explained");
            let mut expected = Vec::new();
            expect_nodes(&rule, "", &rule, &population, &mut expected);
            let text = to_text(&rule, &|_| None);
            assert_eq!(nodes, expected, "seed {seed}: {text}");
        }
    }
}

/// What `explain` must say of a node and of all below it, by evaluating each alone and the whole without each.
fn expect_nodes(node: &Rule, pointer: &str, root: &Rule, population: &Population, out: &mut Vec<NodeCounts>) {
    let count = |rule: &Rule| population.twin.select(rule, population.now, &no_segments).len() as u64;
    let without = remove(root, pointer).map_or(population.twin.profiles.len() as u64, |rule| count(&rule));
    let missing = match node {
        Rule::Test(test) if population.twin.schema.find(&test.field).is_some() => {
            population.twin.missing(&test.field) as u64
        }
        _ => 0,
    };
    out.push(NodeCounts { pointer: pointer.to_owned(), matched: count(node), missing, without });
    if let Rule::Group(group) = node {
        for (index, rule) in group.rules.iter().enumerate() {
            expect_nodes(rule, &format!("{pointer}/rules/{index}"), root, population, out);
        }
    }
}

/// The rule without the node at a pointer, and without every group that is empty then; `None` when nothing is left.
fn remove(rule: &Rule, pointer: &str) -> Option<Rule> {
    let rest = pointer.strip_prefix("/rules/")?;
    let Rule::Group(Group { join, rules }) = rule else { panic!("{pointer} leads into a leaf") };
    let (index, below) = rest.find('/').map_or((rest, ""), |at| rest.split_at(at));
    let index: usize = index.parse().expect("an index");
    let mut rules = rules.clone();
    match remove(&rules[index], below) {
        Some(changed) => rules[index] = changed,
        None => drop(rules.remove(index)),
    }
    (!rules.is_empty()).then_some(Rule::Group(Group { join: *join, rules }))
}

/// Copies of each profile where blocks are to be full: enough for five blocks, and for rows to be laid in an order of
/// the engine's own.
const COPIES: usize = 700;

#[test]
fn full_blocks_are_counted_in_any_order_of_rows_by_every_kernel() {
    // Made of a small population many times over, so that the twin's answer is known.
    let base = population(7, 400);
    let mut big = base.twin.clone();
    let copies = (0..COPIES).flat_map(|copy| base.twin.profiles.iter().map(move |profile| (copy, profile)));
    big.profiles =
        copies.map(|(copy, profile)| Customer { id: format!("{}#{copy}", profile.id), ..profile.clone() }).collect();
    let clustered = tenant_of(&big).state();
    let in_order = tenant_in_order(&big).state();
    let first = |state: &State| state.view.id(Row(0)).to_owned();
    assert_eq!(first(&in_order), big.profiles[0].id);
    for state in [&clustered, &in_order] {
        state.view.verify().expect("indexes agree with columns");
        for profile in big.profiles.iter().step_by(997) {
            let row = state.view.row(&profile.id).expect("a profile that was imported");
            let name = |field| state.view.schema().field(field).name.to_string();
            let fields = state.view.profile(row).fields.into_iter().map(|(field, value)| (name(field), value));
            assert_eq!(fields.collect::<BTreeMap<_, _>>(), profile.values, "{}", profile.id);
        }
    }
    for (seed, kernels) in (0..).zip(Kernels::available()) {
        assert!(Kernels::choose(kernels.name()));
        let mut rng = Rng::new(seed);
        for _ in 0..150 {
            let rule = rules::rule(&mut rng, &base, &[]);
            let text = to_text(&rule, &|_| None);
            // Copies have ids of their own.
            if !text.contains("id ") && !text.contains("customer_id") {
                count_copies(&rule, &base, [&clustered, &in_order], kernels.name());
            }
        }
    }
}

fn count_copies(rule: &Rule, base: &Population, states: [&State; 2], kernels: &str) {
    let text = to_text(rule, &|_| None);
    let expected = (base.twin.select(rule, base.now, &no_segments).len() * COPIES) as u64;
    for state in states {
        let checked = state.check(rule).expect("a valid rule");
        let options = PreviewOptions { sample: 3, explain: true };
        let preview = state.preview(&checked, base.now, options).expect("a preview");
        assert_eq!(preview.count, expected, "{kernels}: {text}");
        let again = state.preview(&checked, base.now, PreviewOptions::default()).expect("a preview");
        assert_eq!(again.count, expected, "{kernels}, from memory: {text}");
        assert_eq!(preview.nodes.expect("explained")[0].matched, expected, "{kernels}: {text}");
        assert_eq!(preview.sample.len() as u64, expected.min(3), "{kernels}: {text}");
    }
}

#[test]
fn rules_mean_the_same_in_every_form() {
    for seed in 0..40 {
        let mut rng = Rng::new(seed);
        let population = population(seed, 60);
        let state = tenant_of(&population.twin).state();
        for _ in 0..20 {
            let rule = rules::rule(&mut rng, &population, &[]);
            let text = to_text(&rule, &|_| None);
            assert_eq!(from_text(&text).expect("a text that was printed"), rule, "{text}");
            assert_eq!(from_json(&to_json(&rule, &|_| None)).expect("JSON that was printed"), rule, "{text}");
            compare(&rule, &population, &state, seed);
        }
    }
}

#[test]
fn nesting_and_order_change_nothing() {
    for seed in 0..60 {
        let mut rng = Rng::new(seed);
        let population = population(seed, 90);
        let state = tenant_of(&population.twin).state();
        let count = |rule: &Rule| {
            let checked = state.check(rule).expect("a valid rule");
            state.preview(&checked, population.now, PreviewOptions::default()).expect("a preview").count
        };
        for _ in 0..20 {
            let (a, b) = (rules::rule(&mut rng, &population, &[]), rules::rule(&mut rng, &population, &[]));
            let group = |join, rules: &[&Rule]| {
                Rule::Group(Group { join, rules: rules.iter().map(|rule| (*rule).clone()).collect() })
            };
            let not = |rule: &Rule| group(Match::None, &[rule]);
            let everyone = population.twin.profiles.len() as u64;
            assert_eq!(count(&a) + count(&not(&a)), everyone, "a rule and its negation share out the population");
            assert_eq!(count(&group(Match::All, &[&a, &b])), count(&group(Match::All, &[&b, &a])));
            assert_eq!(
                count(&group(Match::None, &[&a, &b])),
                count(&group(Match::All, &[&not(&a), &not(&b)])),
                "De Morgan"
            );
            assert_eq!(
                count(&not(&group(Match::All, &[&a, &b]))),
                count(&group(Match::Any, &[&not(&a), &not(&b)])),
                "De Morgan"
            );
            assert_eq!(count(&group(Match::Any, &[&a])), count(&a));
            assert_eq!(count(&not(&not(&a))), count(&a));
            let (all, any) = (group(Match::All, &[&a, &b]), group(Match::Any, &[&a, &b]));
            assert_eq!(count(&all) + count(&any), count(&a) + count(&b), "inclusion and exclusion");
        }
    }
}
