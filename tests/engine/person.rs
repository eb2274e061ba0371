//! Why a person is in: verdicts beside the naive twin's, the smallest change beside every smaller one, and the instants
//! at which time turns a verdict beside the verdicts around them.

use std::collections::{BTreeMap, BTreeSet};

use harness::population::{Population, WINDOW_DAYS, population};
use harness::rng::Rng;
use harness::rules;
use harness::tenant::tenant_of;
use harness::twin::{Customer, Saved, matches};
use muster_engine::command::{Command, Outcome, SegmentContent};
use muster_engine::id::SegmentId;
use muster_engine::insight::{Entry, ExplainedPerson, NodeVerdict, Remedy, VerdictKind, explain_person};
use muster_engine::rule::{Match, Rule, SegmentRef, to_text};
use muster_engine::schema::Value;
use muster_engine::tenant::{State, Tenant};
use muster_engine::time::{DAY_US, Timestamp};

/// Leaves up to which every set of them is tried.
const LEAVES_TRIED_MAX: usize = 9;

/// A population beside saved segments, in the engine and in the twin's words.
pub(crate) struct World {
    pub(crate) population: Population,
    pub(crate) tenant: Tenant,
    pub(crate) saved: Vec<(SegmentId, Saved)>,
}

impl World {
    /// A population with a list, a segment, and a segment that names both.
    pub(crate) fn new(seed: u64, rng: &mut Rng) -> Self {
        let population = population(seed, 30);
        let tenant = tenant_of(&population.twin);
        let mut world = Self { population, tenant, saved: Vec::new() };
        let ids: Vec<String> = world.population.twin.profiles.iter().step_by(3).map(|one| one.id.clone()).collect();
        world.save(SegmentContent::Ids(ids.clone()), Saved::Static(ids.into_iter().collect()));
        for _ in 0..2 {
            let names = world.names();
            let rule = rules::rule(rng, &world.population, &names);
            world.save(SegmentContent::Rule(rule.clone()), Saved::Dynamic(rule));
        }
        world
    }

    pub(crate) fn save(&mut self, content: SegmentContent, saved: Saved) {
        let name = format!("segment {}", self.saved.len());
        let put = Command::PutSegment { id: None, name, description: String::new(), content, now: Timestamp(0) };
        let Ok(Outcome::Segment(id)) = self.tenant.apply(put) else { panic!("a segment is saved") };
        self.saved.push((id, saved));
    }

    pub(crate) fn names(&self) -> Vec<SegmentRef> {
        self.saved.iter().map(|(id, _)| SegmentRef::Id(*id)).collect()
    }

    pub(crate) fn holds(&self, rule: &Rule, customer: &Customer, now: Timestamp) -> bool {
        let segments = |named: &SegmentRef| {
            let SegmentRef::Id(wanted) = named else { panic!("by id") };
            &self.saved.iter().find(|(id, _)| id == wanted).expect("a segment that was saved").1
        };
        matches(rule, customer, &self.population.twin.schema, now, &segments)
    }

    /// The ids of all who satisfy a rule.
    pub(crate) fn select(&self, rule: &Rule) -> BTreeSet<String> {
        let profiles = self.population.twin.profiles.iter();
        let holds = |one: &&Customer| self.holds(rule, one, self.population.now);
        profiles.filter(holds).map(|one| one.id.clone()).collect()
    }

    fn explained(&self, state: &State, rule: &Rule, customer: &Customer) -> ExplainedPerson {
        let checked = state.check(rule).expect("a valid rule");
        let row = state.view.row(&customer.id).expect("a profile");
        explain_person(Entry::Rule(rule, &checked), row, &state.at(self.population.now)).expect("explained")
    }

    /// The rule of a node: in the rule itself, or in the rule of a segment on the way.
    fn at<'a>(&'a self, rule: &'a Rule, pointer: &str) -> &'a Rule {
        let Some(rest) = pointer.strip_prefix('/') else { return rule };
        if let Some(rest) = rest.strip_prefix("criteria") {
            let Rule::Segment(test) = rule else { panic!("criteria of {rule:?}") };
            let SegmentRef::Id(wanted) = &test.segment else { panic!("by id") };
            let saved = &self.saved.iter().find(|(id, _)| id == wanted).expect("a segment").1;
            let Saved::Dynamic(rule) = saved else { panic!("a list has no criteria") };
            return self.at(rule, rest);
        }
        let rest = rest.strip_prefix("rules/").expect("a rule of a group");
        let (index, rest) = rest.split_at(rest.find('/').unwrap_or(rest.len()));
        let Rule::Group(group) = rule else { panic!("rules of {rule:?}") };
        self.at(&group.rules[index.parse::<usize>().expect("an index")], rest)
    }
}

fn each_person(seeds: u64, mut visit: impl FnMut(&World, &State, &Rule, &Customer, &mut Rng)) {
    for seed in 0..seeds {
        let mut rng = Rng::new(seed);
        let world = World::new(seed, &mut rng);
        let state = world.tenant.state();
        for _ in 0..12 {
            let rule = rules::rule(&mut rng, &world.population, &world.names());
            for _ in 0..4 {
                let customer = rng.pick(&world.population.twin.profiles).clone();
                visit(&world, &state, &rule, &customer, &mut rng);
            }
        }
    }
}

#[test]
fn every_node_says_what_the_twin_says() {
    let mut opened = 0;
    each_person(40, |world, state, rule, customer, _| {
        let found = world.explained(state, rule, customer);
        let now = world.population.now;
        let text = to_text(rule, &|_| None);
        assert_eq!(found.holds, world.holds(rule, customer, now), "{}: {text}", customer.id);
        assert_eq!(found.nodes[0].pointer, "");
        for node in &found.nodes {
            let part = world.at(rule, &node.pointer);
            assert_eq!(node.holds, world.holds(part, customer, now), "{} at {}: {text}", customer.id, node.pointer);
            opened += usize::from(node.pointer.contains("/criteria"));
            if let (VerdictKind::Test { field, value, words, .. }, Rule::Test(_)) = (&node.kind, part) {
                let own = customer.values.get(field).cloned();
                let is_id = world.population.twin.schema.is_id(field);
                let own = own.or_else(|| is_id.then(|| Value::Keyword(customer.id.clone())));
                // The two zeros are one value.
                assert!(*value == own, "{value:?} is not {own:?}");
                assert!(words.contains(if node.holds { "; fits " } else { "; needs " }), "{words}");
            }
        }
    });
    assert!(opened > 100, "{opened} nodes of opened segments");
}

#[test]
fn a_saved_segment_is_explained_as_its_rule_is() {
    let mut rng = Rng::new(5);
    let world = World::new(5, &mut rng);
    let state = world.tenant.state();
    for (id, saved) in &world.saved {
        let segment = state.segments.get(*id).expect("a segment");
        for customer in &world.population.twin.profiles {
            let row = state.view.row(&customer.id).expect("a profile");
            let found =
                explain_person(Entry::Segment(segment), row, &state.at(world.population.now)).expect("explained");
            match saved {
                Saved::Dynamic(rule) => assert_eq!(found, world.explained(&state, rule, customer)),
                Saved::Static(ids) => {
                    assert_eq!(found.holds, ids.contains(&customer.id));
                    let flip = found.flip.expect("a list can be changed");
                    assert_eq!((flip.tests, flip.is_enough, found.changes_at), (vec![0], true, None));
                }
            }
        }
    }
}

/// The verdict of a node when some leaves turn, by their places in the list of nodes.
fn turned(nodes: &[NodeVerdict], at: usize, leaves: &[usize]) -> bool {
    let children: Vec<usize> = (at + 1..nodes.len()).filter(|child| is_child(nodes, at, *child)).collect();
    let holds = || children.iter().map(|child| turned(nodes, *child, leaves));
    match &nodes[at].kind {
        VerdictKind::Group(Match::All) => holds().all(|holds| holds),
        VerdictKind::Group(Match::Any) => holds().any(|holds| holds),
        VerdictKind::Group(Match::None) => !holds().any(|holds| holds),
        VerdictKind::Segment { negated, .. } if !children.is_empty() => turned(nodes, children[0], leaves) != *negated,
        _ => nodes[at].holds != leaves.contains(&at),
    }
}

fn is_child(nodes: &[NodeVerdict], parent: usize, child: usize) -> bool {
    let Some(rest) = nodes[child].pointer.strip_prefix(&nodes[parent].pointer) else { return false };
    if rest == "/criteria" {
        return true;
    }
    rest.strip_prefix("/rules/").is_some_and(|index| !index.is_empty() && !index.contains('/'))
}

fn can_turn(node: &NodeVerdict) -> bool {
    match &node.kind {
        VerdictKind::Test { remedy, .. } => *remedy != Remedy::Impossible,
        VerdictKind::Segment { remedy, .. } => remedy.is_some(),
        VerdictKind::Group(_) | VerdictKind::Lookalike { .. } => false,
    }
}

#[test]
fn no_smaller_change_turns_the_verdict() {
    let (mut tried, mut never, mut enough) = (0, 0, 0);
    each_person(60, |world, state, rule, customer, _| {
        let found = world.explained(state, rule, customer);
        let leaves: Vec<usize> = (0..found.nodes.len()).filter(|at| can_turn(&found.nodes[*at])).collect();
        let text = to_text(rule, &|_| None);
        if let Some(flip) = &found.flip {
            assert!(flip.tests.iter().all(|at| leaves.contains(at)), "{text}");
            assert_eq!(turned(&found.nodes, 0, &flip.tests), !found.holds, "{}: {text}", customer.id);
            enough += usize::from(flip.is_enough);
        }
        if leaves.len() > LEAVES_TRIED_MAX {
            return;
        }
        tried += 1;
        let subsets = (0..1_usize << leaves.len()).map(|bits| {
            (0..leaves.len()).filter(|bit| bits >> bit & 1 == 1).map(|bit| leaves[bit]).collect::<Vec<_>>()
        });
        let least = subsets.filter(|set| turned(&found.nodes, 0, set) != found.holds).map(|set| set.len()).min();
        assert_eq!(found.flip.as_ref().map(|flip| flip.tests.len()), least, "{}: {text}", customer.id);
        never += usize::from(least.is_none());
    });
    assert!(tried > 1_000 && enough > 1_000 && never > 0, "{tried} tried, {enough} enough, {never} never");
}

#[test]
fn remedies_turn_their_tests() {
    let mut kinds = BTreeMap::new();
    each_person(60, |world, state, rule, customer, _| {
        let found = world.explained(state, rule, customer);
        for node in &found.nodes {
            let VerdictKind::Test { field, remedy, text, .. } = &node.kind else { continue };
            let mut other = customer.clone();
            let name = match remedy {
                Remedy::Value(value) => {
                    other.values.insert(field.clone(), value.clone());
                    "value"
                }
                Remedy::NoValue => {
                    other.values.remove(field);
                    "no value"
                }
                _ => continue,
            };
            *kinds.entry(name).or_insert(0) += 1;
            let part = world.at(rule, &node.pointer);
            let holds = world.holds(part, &other, world.population.now);
            assert_eq!(holds, !node.holds, "{remedy:?} for {:?}: {text}", customer.values.get(field));
        }
        // All of them together, where that is said to be enough: lists and words that are not known are left out.
        let Some(flip) = found.flip.as_ref().filter(|flip| flip.is_enough && flip.tests.len() == 1) else { return };
        if let VerdictKind::Test { field, remedy: Remedy::Value(value), .. } = &found.nodes[flip.tests[0]].kind {
            let mut other = customer.clone();
            other.values.insert(field.clone(), value.clone());
            assert_eq!(world.holds(rule, &other, world.population.now), !found.holds, "{}", to_text(rule, &|_| None));
        }
    });
    assert!(kinds.values().all(|count| *count > 300) && kinds.len() == 2, "{kinds:?}");
}

/// Instants at which a window of some number of days opens or closes for one of a person's values, and their neighbours.
fn edges(customer: &Customer) -> Vec<Timestamp> {
    let mut found = Vec::new();
    for value in customer.values.values() {
        let at = match value {
            Value::Time(at) => at.0,
            Value::Date(day) => day.midnight().0,
            _ => continue,
        };
        for days in WINDOW_DAYS {
            for edge in [at.saturating_sub(days * DAY_US), at, at.saturating_add(days * DAY_US)] {
                found.extend((-1..=1).map(|step| Timestamp(edge.saturating_add(step))));
            }
        }
    }
    found.retain(|at| at.is_writable());
    found
}

#[test]
fn time_turns_tests_and_verdicts_exactly_when_it_is_said_to() {
    let (mut tests, mut verdicts) = (0, 0);
    each_person(120, |world, state, rule, customer, _| {
        let (found, now) = (world.explained(state, rule, customer), world.population.now);
        let later: Vec<Timestamp> = edges(customer).into_iter().filter(|at| *at > now).collect();
        for node in &found.nodes {
            let VerdictKind::Test { turns, text, .. } = &node.kind else { continue };
            let part = world.at(rule, &node.pointer);
            for at in &later {
                let said = turns.iter().rfind(|turn| turn.at <= *at).map_or(node.holds, |turn| turn.holds);
                assert_eq!(world.holds(part, customer, *at), said, "{at}: {text} of {}", customer.id);
            }
            for turn in turns {
                assert!(turn.at > now);
                assert_eq!(world.holds(part, customer, turn.at), turn.holds, "{text}");
                assert_eq!(world.holds(part, customer, Timestamp(turn.at.0 - 1)), !turn.holds, "{text}");
            }
            tests += turns.len();
        }
        let text = to_text(rule, &|_| None);
        let before = |at: &&Timestamp| found.changes_at.is_none_or(|first| **at < first);
        for at in later.iter().filter(before) {
            assert_eq!(world.holds(rule, customer, *at), found.holds, "{at}: {text} of {}", customer.id);
        }
        if let Some(first) = found.changes_at {
            assert_eq!(world.holds(rule, customer, first), !found.holds, "{first}: {text} of {}", customer.id);
            verdicts += 1;
        }
    });
    assert!(tests > 500 && verdicts > 100, "{tests} tests and {verdicts} verdicts turned");
}
