//! Look-alikes: who is in, beside a naive sum of weights; that a model is the same wherever it is trained; that it outlives
//! a restart; and that traits that were planted are found in people who were kept out of the training.

use std::collections::{BTreeMap, BTreeSet};

use harness::disk::FakeDisk;
use harness::population::population;
use harness::rng::Rng;
use harness::rules;
use harness::tenant::{replace, tenant_of};
use harness::twin::{Customer, Twin, matches, no_segments};
use muster_engine::catalog::AttributeChanges;
use muster_engine::command::{Command, Outcome, SaveSegment, SegmentContent, Stamp};
use muster_engine::error::{Error, Result};
use muster_engine::feed::{Feed, Follower};
use muster_engine::id::{Row, SegmentId};
use muster_engine::insight::{Entry, VerdictKind, explain_person};
use muster_engine::limits::{LOOKALIKE_FIELDS_MAX, LOOKALIKE_SOURCE_MIN, LOOKALIKE_VALUES_MAX};
use muster_engine::lookalike::{HoldOut, LookalikePreview, Request, preview, train};
use muster_engine::rule::{Rule, from_text};
use muster_engine::schema::{FieldType, Schema, Value};
use muster_engine::segment::{Aim, Model, SegmentKept, SegmentKind};
use muster_engine::tenant::{State, Tenant};
use muster_engine::time::Timestamp;

use crate::durability::open;

const NOW: Timestamp = Timestamp(1_500_000_000_000_000);

fn save(tenant: &Tenant, id: Option<SegmentId>, name: &str, content: SegmentContent) -> Result<SegmentId> {
    let attributes = AttributeChanges { name: Some(name.to_owned()), ..AttributeChanges::default() };
    let stamp = Stamp { by: String::new(), now: NOW };
    match tenant.apply(Command::SaveSegment(SaveSegment { id, attributes, content, stamp }))? {
        Outcome::Segment(id) => Ok(id),
        other => panic!("{other:?}"),
    }
}

fn request(source: SegmentId, aim: Aim) -> Request {
    Request { source, include_source: false, aim, fields: None }
}

fn model(tenant: &Tenant, request: &Request) -> Result<Model> {
    let state = tenant.state();
    train(request, &state.at(NOW), state.version).map(|found| found.model)
}

/// Trains a model and saves it as a segment.
fn alike(tenant: &Tenant, name: &str, request: &Request) -> Result<(SegmentId, Model)> {
    let model = model(tenant, request)?;
    Ok((save(tenant, None, name, SegmentContent::Lookalike(model.clone().into()))?, model))
}

fn members(state: &State, id: SegmentId) -> BTreeSet<String> {
    let rows = state.segment_rows(id, NOW).expect("a segment");
    rows.rows().map(|row| state.view.id(Row(row)).to_owned()).collect()
}

/// The score of one person, added up test by test.
fn naive_score(model: &Model, customer: &Customer, schema: &Schema) -> i64 {
    let holds = |test| matches(&Rule::Test(test), customer, schema, NOW, &no_segments);
    model.terms.iter().filter(|term| holds(term.test.clone())).map(|term| i64::from(term.weight)).sum()
}

/// Who is in, one person after the other.
fn naive_members(model: &Model, source: &BTreeSet<String>, twin: &Twin, state: &State) -> BTreeSet<String> {
    let is_alike = |one: &&Customer| {
        let (score, row) = (naive_score(model, one, &twin.schema), state.view.row(&one.id).expect("a profile"));
        score >= model.at_least || (score == model.at_least - 1 && state.view.id_hash(row) < model.cut)
    };
    let alike: BTreeSet<String> = twin.profiles.iter().filter(is_alike).map(|one| one.id.clone()).collect();
    if model.include_source {
        alike.union(source).cloned().collect()
    } else {
        alike.difference(source).cloned().collect()
    }
}

#[test]
fn members_are_those_of_a_naive_sum() {
    let (mut models, mut cut, mut moved) = (0, 0, 0);
    for seed in 0..140 {
        let mut rng = Rng::new(seed);
        let mut population = population(seed, 700);
        let tenant = tenant_of(&population.twin);
        let source = save(&tenant, None, "source", SegmentContent::Rule(rules::rule(&mut rng, &population, &[])));
        let source = source.expect("a rule that fits");
        let aim = match seed % 3 {
            0 => Aim::Size(1 + rng.below(400) as u64),
            1 => Aim::Share(rng.below(1_000_001) as u32),
            _ => Aim::Similarity(rng.below(1_000_001) as u32),
        };
        let request = Request { include_source: rng.chance(30), ..request(source, aim) };
        let Ok((id, model)) = alike(&tenant, "alike", &request) else { continue };
        let state = tenant.state();
        let of_source = members(&state, source);
        let found = members(&state, id);
        assert_eq!(found, naive_members(&model, &of_source, &population.twin, &state), "seed {seed}");
        let alike = found.difference(&of_source).count() as u64;
        assert_eq!(alike, model.trained.size, "seed {seed}");
        let eligible = 700 - of_source.len() as u64;
        match model.aim {
            // Hashes of ids are different, so the size is exact.
            Aim::Size(size) => assert_eq!(alike, size.min(eligible), "seed {seed}"),
            Aim::Share(share) => assert_eq!(alike, (700 * u64::from(share) / 1_000_000).min(eligible), "seed {seed}"),
            Aim::Similarity(_) => assert_eq!(model.cut, 0, "seed {seed}"),
        }
        models += 1;
        cut += usize::from(model.cut > 0);

        asked_by_rules(&state, id, &found, &population.twin);
        moved += followed_by_the_feed(&tenant, (source, id), &model, &mut population.twin, seed);
    }
    assert!(models > 25 && cut > 5 && moved > 300, "{models} models, {cut} cut, {moved} moved");
}

/// A segment as rules and their complements ask for it.
fn asked_by_rules(state: &State, id: SegmentId, found: &BTreeSet<String>, twin: &Twin) {
    for text in [format!("in segment {id}"), format!("not in segment {id}"), format!("in segment {id} and visits > 1")]
    {
        let rule = from_text(&text).expect("a rule");
        let checked = state.check(&rule).expect("it fits");
        let everybody: Vec<&Customer> = twin.profiles.iter().collect();
        let wanted = everybody.iter().filter(|one| {
            let is_in = found.contains(&one.id);
            match text.as_bytes() {
                [b'n', ..] => !is_in,
                _ if text.contains("visits") => {
                    is_in && matches!(one.values.get("visits"), Some(Value::Int(n)) if *n > 1)
                }
                _ => is_in,
            }
        });
        assert_eq!(
            state.preview(&checked, NOW, Default::default()).expect("a count").count,
            wanted.count() as u64,
            "{text}"
        );
    }
}

/// People change, and membership with them: the feed tells as much. Says how many moves it told of.
fn followed_by_the_feed(
    tenant: &Tenant,
    (source, id): (SegmentId, SegmentId),
    model: &Model,
    twin: &mut Twin,
    seed: u64,
) -> usize {
    let mut moved = 0;
    let feed = Feed::default();
    let mut follower = Follower::resume(tenant, &feed, None, NOW).0;
    let others = population(seed + 1_000, 700).twin;
    for step in 0..4 {
        let count = [1, 5, 60, 300][step];
        for at in 0..count {
            let to = (step * 97 + at * 3) % 700;
            twin.profiles[to].values = others.profiles[to].values.clone();
        }
        let changed: Vec<Customer> = (0..count).map(|at| twin.profiles[(step * 97 + at * 3) % 700].clone()).collect();
        replace(tenant, &twin.schema, &changed);
        let before = members(&follower.state().clone(), id);
        let (after, rows) = tenant.news(follower.state().version, std::time::Duration::ZERO);
        let told = follower.advance(after.clone(), &rows, NOW);
        let found = members(&after, id);
        let wanted = naive_members(model, &members(&after, source), twin, &after);
        assert_eq!(found, wanted, "seed {seed}, step {step}");
        let mut followed = before;
        for one in told.moves.iter().filter(|one| one.segment == id) {
            let name = after.view.id(one.row).to_owned();
            assert!(if one.entered { followed.insert(name) } else { followed.remove(&name) }, "seed {seed}");
            moved += 1;
        }
        assert_eq!(followed, found, "seed {seed}, step {step}: the feed");
    }
    moved
}

/// People of whom those in the source live in Rome, are old and like jazz more often than others do. `twin_city` says the
/// same as `city`, `code` is each person's own, `number` runs.
fn planted(count: usize) -> Twin {
    let mut schema = Schema::default();
    let fields = [
        ("chosen", FieldType::Bool),
        ("city", FieldType::Keyword),
        ("twin_city", FieldType::Keyword),
        ("age", FieldType::Int),
        ("likes", FieldType::KeywordSet),
        ("noise", FieldType::Keyword),
        ("code", FieldType::Keyword),
        ("number", FieldType::Int),
        ("same", FieldType::Bool),
        ("empty", FieldType::Float),
    ];
    schema.add(&fields.map(|(name, kind)| (name.to_owned(), kind))).expect("good fields");
    let mut rng = Rng::new(5);
    let person = |index: usize| {
        let is_chosen = rng.chance(10);
        let mut likely = |yes: usize, no: usize| rng.chance(if is_chosen { yes } else { no });
        let city = if likely(70, 15) { "Rome" } else { "Oslo" };
        let likes: Vec<String> = [("jazz", likely(60, 20)), ("rock", likely(40, 40))]
            .iter()
            .filter(|(_, is)| *is)
            .map(|(word, _)| (*word).to_owned())
            .collect();
        let age = if likely(70, 30) { 50 + rng.below(30) } else { 18 + rng.below(32) } as i64;
        let mut values = BTreeMap::from([
            ("chosen", Value::Bool(is_chosen)),
            ("city", Value::Keyword(city.into())),
            ("twin_city", Value::Keyword(city.to_uppercase())),
            ("likes", Value::KeywordSet(likes)),
            ("noise", Value::Keyword(["a", "b", "c"][rng.below(3)].into())),
            ("code", Value::Keyword(format!("code {index}"))),
            ("number", Value::Int(1_000 + index as i64)),
            ("same", Value::Bool(true)),
        ]);
        if !index.is_multiple_of(7) {
            values.insert("age", Value::Int(age));
        }
        let values = values.into_iter().map(|(name, value)| (name.to_owned(), value)).collect();
        Customer { id: format!("p{index}"), values }
    };
    let profiles = (0..count).map(person).collect();
    Twin { schema, profiles }
}

fn planted_source(tenant: &Tenant) -> SegmentId {
    save(tenant, None, "chosen", SegmentContent::Rule(from_text("chosen is true").expect("a rule"))).expect("a segment")
}

#[test]
fn planted_traits_are_found_and_others_say_why_not() {
    let tenant = tenant_of(&planted(20_000));
    let source = planted_source(&tenant);
    let state = tenant.state();
    let found = preview(&request(source, Aim::Size(2_000)), &state.at(NOW), state.version).expect("a model");
    let LookalikePreview { lookalike, hold_out, reach } = found;
    let fields: BTreeSet<&str> = lookalike.fields.iter().map(|field| field.field.as_str()).collect();
    assert_eq!(fields, BTreeSet::from(["age", "city", "likes", "twin_city"]));
    let skipped: Vec<(&str, &str)> = lookalike.skipped.iter().map(|field| (field.field.as_str(), field.code)).collect();
    let wanted = [
        ("chosen", "defines_source"),
        ("noise", "tells_nothing"),
        ("code", "nearly_unique"),
        ("number", "running_number"),
        ("same", "one_value"),
        ("empty", "no_values"),
    ];
    assert_eq!(skipped, wanted);
    // Two fields that say the same count as one does.
    let share = |name: &str| lookalike.fields.iter().find(|field| field.field == name).expect(name).share;
    let both = share("city") + share("twin_city");
    assert!((0.85..1.15).contains(&both) && (0.85..1.15).contains(&share("age")), "{:?}", lookalike.fields);

    let HoldOut { recovered, by_chance, auc, held_out, .. } = hold_out.expect("enough people");
    assert!((300..500).contains(&held_out), "{held_out}");
    assert!(recovered > 3.0 * by_chance && auc > 0.8, "{recovered} of {held_out}, {by_chance} by chance, auc {auc}");
    assert!(
        reach.is_sorted_by_key(|point| point.size)
            && reach.last().is_some_and(|all| all.size == 20_000 - lookalike.model.trained.source)
    );

    // What names the field that defines the source finds nothing else.
    let named = Request { fields: Some(vec!["chosen".into()]), ..request(source, Aim::Size(10)) };
    let named = preview(&named, &state.at(NOW), state.version).expect("a model").hold_out.expect("measured");
    assert!(named.auc > 0.99, "{named:?}");

    let (id, model) = alike(&tenant, "alike", &request(source, Aim::Size(2_000))).expect("a segment");
    let state = tenant.state();
    let segment = state.segments.get(id).expect("saved");
    let checked = segment.kind.checked().expect("a model").clone();
    for row in state.view.live().rows().take(50) {
        let person = explain_person(Entry::Segment(segment), Row(row), &state.at(NOW)).expect("explained");
        let VerdictKind::Lookalike { score, at_least, contributions, .. } = &person.nodes[0].kind else {
            panic!("{person:?}")
        };
        assert_eq!(contributions.iter().map(|one| i64::from(one.weight)).sum::<i64>(), *score);
        assert!(!person.holds || score >= at_least);
        assert_eq!(person.holds, members(&state, id).contains(state.view.id(Row(row))));
    }
    drop((checked, model));
}

/// What is said of fields that do not count, where each of `telling` fields tells of the chosen by itself, and `unique`
/// people have a code of their own.
fn skipped(telling: usize, unique: usize) -> Vec<(String, &'static str)> {
    let mut schema = Schema::default();
    let names: Vec<String> = (0..telling).map(|field| format!("f{field}")).collect();
    let kinds = [("chosen", FieldType::Bool), ("code", FieldType::Keyword)];
    let kinds = kinds.map(|(name, kind)| (name.to_owned(), kind)).into_iter();
    let kinds: Vec<_> = kinds.chain(names.iter().map(|name| (name.clone(), FieldType::Bool))).collect();
    schema.add(&kinds).expect("good fields");
    let mut rng = Rng::new(7);
    let person = |index: usize| {
        let is_chosen = index.is_multiple_of(4);
        let mut values = BTreeMap::from([("chosen".to_owned(), Value::Bool(is_chosen))]);
        if index < unique {
            values.insert("code".to_owned(), Value::Keyword(format!("code {index}")));
        }
        let likely = if is_chosen { 60 } else { 30 };
        values.extend(names.iter().map(|name| (name.clone(), Value::Bool(rng.chance(likely)))));
        Customer { id: format!("p{index}"), values }
    };
    let profiles = (0..2_000).map(person).collect();
    let tenant = tenant_of(&Twin { schema, profiles });
    let (source, state) = (planted_source(&tenant), tenant.state());
    let found = train(&request(source, Aim::Size(100)), &state.at(NOW), state.version).expect("a model");
    found.skipped.into_iter().map(|field| (field.field, field.code)).collect()
}

#[test]
fn so_many_fields_count_and_so_many_values_are_looked_at() {
    let codes = |telling, unique, code| {
        let found = skipped(telling, unique);
        found.iter().filter(|(_, found)| *found == code).map(|(field, _)| field.clone()).collect::<Vec<_>>()
    };
    assert_eq!(codes(LOOKALIKE_FIELDS_MAX, 0, "too_many_fields"), [""; 0]);
    assert_eq!(codes(LOOKALIKE_FIELDS_MAX + 1, 0, "too_many_fields").len(), 1);
    // Values of which each is one person's say nothing, but few of them are looked at all the same.
    assert_eq!(codes(3, LOOKALIKE_VALUES_MAX, "nearly_unique"), [""; 0]);
    assert_eq!(codes(3, LOOKALIKE_VALUES_MAX + 1, "nearly_unique"), ["code"]);
}

#[test]
fn the_same_changes_give_the_same_people_and_a_restart_changes_nothing() {
    let twin = planted(3_000);
    let make = |tenant: &Tenant| {
        replace(tenant, &twin.schema, &twin.profiles);
        let source = planted_source(tenant);
        alike(tenant, "alike", &request(source, Aim::Size(333))).expect("a segment")
    };
    let disk = FakeDisk::default();
    let (left, right) = (Tenant::default(), open(&disk).expect("a new tenant"));
    let ((id, model), (_, same)) = (make(&left), make(&right));
    assert_eq!(model, same);
    let wanted = members(&left.state(), id);
    assert_eq!((wanted.len(), &members(&right.state(), id)), (333, &wanted));
    save(&right, Some(id), "renamed", SegmentContent::Same).expect("another name");
    let again = model_of(&right, id);
    drop(right);
    for is_checkpoint in [false, true] {
        let opened = open(&disk).expect("it opens");
        assert_eq!((model_of(&opened, id), members(&opened.state(), id)), (again.clone(), wanted.clone()));
        let segment = opened.state().segments.get(id).expect("saved").clone();
        assert_eq!((segment.name.as_str(), segment.version), ("renamed", 2));
        let SegmentKept::Lookalike(first) = segment.version(1).expect("kept").content else { panic!("no model") };
        assert_eq!(*first, model);
        if !is_checkpoint {
            opened.checkpoint().expect("a checkpoint");
        }
    }
}

fn model_of(tenant: &Tenant, id: SegmentId) -> Model {
    match &tenant.state().segments.get(id).expect("saved").kind {
        SegmentKind::Lookalike { model, .. } => (**model).clone(),
        other => panic!("{}", other.name()),
    }
}

fn code<T: std::fmt::Debug>(result: Result<T>) -> &'static str {
    match result {
        Err(Error::Invalid(problems)) => problems[0].code,
        Err(Error::Conflict(problem)) => problem.code,
        other => panic!("{other:?}"),
    }
}

#[test]
fn what_cannot_be_a_source_is_refused() {
    let tenant = tenant_of(&planted(2_000));
    let save = |name: &str, text: &str| {
        save(&tenant, None, name, SegmentContent::Rule(from_text(text).expect("a rule"))).expect("a segment")
    };
    let aim = Aim::Size(10);
    let try_on = |source| code(model(&tenant, &request(source, aim)));
    assert_eq!(try_on(save("nobody", "number < 0")), "empty_source");
    let few = format!("number < {}", 1_000 + LOOKALIKE_SOURCE_MIN - 1);
    assert_eq!(try_on(save("few", &few)), "source_too_small");
    let enough = save("enough", &format!("number < {}", 1_000 + LOOKALIKE_SOURCE_MIN));
    let named = Request { fields: Some(vec!["number".into(), "age".into()]), ..request(enough, aim) };
    assert!(!matches!(model(&tenant, &named), Err(Error::Invalid(problems)) if problems[0].code == "source_too_small"));
    assert_eq!(try_on(save("everybody", "number exists")), "source_is_everyone");
    let source = planted_source(&tenant);
    let fields = |names: &[&str]| Request {
        fields: Some(names.iter().map(|name| (*name).to_owned()).collect()),
        ..request(source, aim)
    };
    assert_eq!(code(model(&tenant, &fields(&["age", "cities"]))), "unknown_field");
    assert_eq!(code(model(&tenant, &fields(&[]))), "empty_list");
    assert_eq!(code(model(&tenant, &fields(&["noise"]))), "nothing_in_common");

    let (id, _) = alike(&tenant, "alike", &request(source, aim)).expect("a segment");
    assert_eq!(code(tenant.apply(Command::DeleteSegment(source))), "segment_in_use");
    let rule = from_text(&format!("in segment {id}")).expect("a rule");
    assert_eq!(
        code(crate::lookalikes::save(&tenant, Some(source), "chosen", SegmentContent::Rule(rule))),
        "circular_segment"
    );
    let users = tenant.state().users_of_segment(source).expect("users");
    assert_eq!(users.iter().map(|user| user.name.as_str()).collect::<Vec<_>>(), ["alike"]);
    let chained = model(&tenant, &request(id, aim)).map(|model| model.trained.source);
    assert!(matches!(chained, Err(Error::Invalid(_))), "ten people are too few: {chained:?}");
}
