//! Computed fields beside what anybody would work out from lists of events: after random histories with late, repeated,
//! expired and erased events, restarts and power cuts, they are what a rebuild makes and what the lists say.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use harness::disk::{FakeDisk, Fault};
use harness::events::{DAY, Sent, event_batch};
use muster_engine::command::{Command, ComputeChange, DeclareEvents};
use muster_engine::enrich::Watch;
use muster_engine::error::{Error, Result};
use muster_engine::event::EventTerms;
use muster_engine::limits::COMPUTED_FIELDS_MAX;
use muster_engine::schema::{FieldType, Value};
use muster_engine::tenant::State;
use muster_engine::time::Timestamp;

use crate::durability::{CUT, described, open};
use crate::events::{History, NOW};

/// Fields and their definitions; those of `naive` in the same words.
const FIELDS: [(&str, &str); 23] = [
    ("count", r#"{"of":"events","type":"purchase","fn":"count"}"#),
    ("spent", r#"{"of":"events","type":"purchase","fn":"sum","property":"amount"}"#),
    ("mean", r#"{"of":"events","type":"purchase","fn":"average","property":"amount","scale":1}"#),
    ("least", r#"{"of":"events","type":"purchase","fn":"min","property":"amount"}"#),
    ("most", r#"{"of":"events","type":"purchase","fn":"max","property":"amount"}"#),
    ("first", r#"{"of":"events","type":"purchase","fn":"first"}"#),
    ("last", r#"{"of":"events","type":"purchase","fn":"last"}"#),
    ("last word", r#"{"of":"events","type":"visit","fn":"last","property":"category"}"#),
    ("first word", r#"{"of":"events","type":"visit","fn":"first","property":"category"}"#),
    ("words", r#"{"of":"events","type":"visit","fn":"count_distinct","property":"category"}"#),
    ("tags", r#"{"of":"events","type":"login","fn":"count_distinct","property":"tags"}"#),
    ("favourite", r#"{"of":"events","type":"purchase","fn":"most_frequent","property":"category"}"#),
    ("favourites", r#"{"of":"events","type":"visit","fn":"top","property":"tags","most":2}"#),
    ("all tags", r#"{"of":"events","type":"visit","fn":"unique_set","property":"tags"}"#),
    ("weekday", r#"{"of":"events","type":"login","fn":"most_frequent","by":"weekday"}"#),
    ("recent", r#"{"of":"events","type":"visit","fn":"count","within_days":30}"#),
    ("old", r#"{"of":"events","type":"login","fn":"sum","property":"amount","before_days":20}"#),
    (
        "shoes",
        r#"{"of":"events","type":"purchase","fn":"count","where":[{"field":"category","operator":"is","value":"shoes"}]}"#,
    ),
    ("left", r#"{"of":"events","type":"visit","fn":"count","not_followed_by":{"event":"purchase","within_days":3}}"#),
    ("per event", r#"{"of":"fields","fn":"ratio","field":"spent","over":"count","scale":2}"#),
    ("days", r#"{"of":"fields","fn":"days_since","field":"last"}"#),
    (
        "score",
        r#"{"of":"fields","fn":"score","terms":[{"field":"days","weight":70,"full_at":40,"falling":true},{"field":"bonus","weight":30,"full_at":7,"full_if_missing":true}]}"#,
    ),
    ("band", r#"{"of":"fields","fn":"bands","field":"spent","borders":["0.01","50.00"]}"#),
];

fn declare(fields: &[(&str, &str)], now: Timestamp) -> Command {
    let types = ["purchase", "visit", "login"].map(|name| (name.to_owned(), None)).to_vec();
    let properties = vec![("category".to_owned(), FieldType::Keyword), ("tags".to_owned(), FieldType::KeywordSet)];
    let fields = fields.iter().map(|(name, json)| ((*name).to_owned(), Some((*json).to_owned()))).collect();
    Command::Compute(ComputeChange::Declare { events: DeclareEvents { types, properties }, fields, now })
}

/// A history with computed fields, and a plain one that a formula reads.
struct Enriched {
    history: History,
    bonus: BTreeMap<String, i64>,
    instant: Timestamp,
}

impl Enriched {
    fn new(seed: u64, disk: &FakeDisk) -> Self {
        let history = History::new(seed, open(disk).expect("a new tenant"));
        history.apply(Command::AddFields(vec![("bonus".into(), FieldType::Int)])).expect("a field");
        history.apply(declare(&FIELDS, NOW)).expect("good definitions");
        Self { history, bonus: BTreeMap::new(), instant: NOW }
    }

    fn change(&mut self) -> Result<&'static str> {
        let what = match self.history.rng.below(8) {
            0 => {
                let people: Vec<String> = self.history.model.people.iter().cloned().collect();
                if let Some(id) = people.get(self.history.rng.below(people.len().max(1))) {
                    let bonus = self.history.rng.below(10) as i64;
                    let changes = vec![("bonus".to_owned(), Some(Value::Int(bonus)))];
                    self.history.apply(Command::PatchProfile { id: id.clone(), changes })?;
                    self.bonus.insert(id.clone(), bonus);
                }
                "patch"
            }
            1 => {
                let now = Timestamp(NOW.0 + self.history.rng.below(60) as i64 * DAY / 3);
                let moving = self.history.rng.chance(70);
                self.history.apply(Command::Compute(ComputeChange::Rebuild { moving, now }))?;
                self.instant = self.instant.max(now);
                "rebuild"
            }
            _ => self.history.change()?,
        };
        self.bonus.retain(|id, _| self.history.model.people.contains(id));
        Ok(what)
    }

    fn compare(&self, state: &State, place: &str) {
        self.history.model.compare(state, place);
        assert_eq!(state.view.enrichment().instant(), self.instant, "{place}");
        for id in &self.history.model.people {
            let row = state.view.row(id).expect("they are there");
            let wanted = naive(self, id);
            for (name, _) in FIELDS {
                let field = state.view.schema().find(name).expect("it was declared");
                assert_eq!(state.view.value(row, field.id), wanted.get(name).cloned(), "{place}: {name} of {id}");
            }
        }
    }
}

/// Half away from zero.
fn divided(total: i64, count: i64) -> i64 {
    (2 * total.abs() + count) / (2 * count) * total.signum()
}

fn words<'a>(events: &[&'a Sent]) -> Vec<&'a str> {
    events.iter().filter_map(|event| event.category.as_deref()).collect()
}

/// What is said most often, the first in order among equals.
fn most<T: Ord + Clone>(said: &[T], count: usize) -> Vec<T> {
    let mut counted: Vec<(usize, T)> = said
        .iter()
        .collect::<BTreeSet<_>>()
        .into_iter()
        .map(|one| (said.iter().filter(|other| *other == one).count(), one.clone()))
        .collect();
    counted.sort_by(|left, right| right.0.cmp(&left.0).then(left.1.cmp(&right.1)));
    counted.into_iter().take(count).map(|(_, one)| one).collect()
}

/// All fields of somebody.
fn naive(of: &Enriched, id: &str) -> BTreeMap<&'static str, Value> {
    let [bought, visits, logins] = ["purchase", "visit", "login"].map(|kind| of.history.model.of(id, kind));
    let amounts: Vec<i64> = bought.iter().filter_map(|event| event.amount).collect();
    let spent: i64 = amounts.iter().sum();
    let count = bought.len() as i64;
    let mut all = BTreeMap::new();
    let mut put = |name, value: Option<Value>| drop(value.map(|value| all.insert(name, value)));
    let money = |units| Value::Decimal(units, 2);
    let word = |word: &str| Value::Keyword(word.to_owned());
    let set = |words: Vec<String>| {
        let words: BTreeSet<String> = words.into_iter().collect();
        (!words.is_empty()).then(|| Value::KeywordSet(words.into_iter().collect()))
    };
    put("count", Some(Value::Int(count)));
    put("spent", Some(money(spent)));
    put("mean", (!amounts.is_empty()).then(|| Value::Decimal(divided(spent, 10 * amounts.len() as i64), 1)));
    put("least", amounts.iter().min().map(|units| money(*units)));
    put("most", amounts.iter().max().map(|units| money(*units)));
    put("first", bought.last().map(|event| Value::Time(Timestamp(event.time))));
    put("last", bought.first().map(|event| Value::Time(Timestamp(event.time))));
    put("last word", words(&visits).first().map(|said| word(said)));
    put("first word", words(&visits).last().map(|said| word(said)));
    put("words", Some(Value::Int(words(&visits).into_iter().collect::<BTreeSet<_>>().len() as i64)));
    let tags = |events: &[&Sent]| -> Vec<String> {
        events.iter().flat_map(|event| event.tags.iter().flatten().cloned()).collect()
    };
    put("tags", Some(Value::Int(tags(&logins).into_iter().collect::<BTreeSet<_>>().len() as i64)));
    put("favourite", most(&words(&bought), 1).first().map(|said| word(said)));
    put("favourites", set(most(&tags(&visits), 2)));
    put("all tags", set(tags(&visits)));
    let day = |event: &&Sent| (event.time.div_euclid(DAY) + 3).rem_euclid(7);
    let names = ["Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday"];
    let days: Vec<i64> = logins.iter().map(day).collect();
    put("weekday", most(&days, 1).first().map(|day| word(names[*day as usize])));
    let recent = visits.iter().filter(|event| event.time >= of.instant.0 - 30 * DAY).count();
    put("recent", Some(Value::Int(recent as i64)));
    let old = logins.iter().filter(|event| event.time < of.instant.0 - 20 * DAY).filter_map(|event| event.amount);
    put("old", Some(money(old.sum())));
    put("shoes", Some(Value::Int(words(&bought).iter().filter(|said| **said == "shoes").count() as i64)));
    let is_left =
        |visit: &&&Sent| !bought.iter().any(|event| event.time > visit.time && event.time <= visit.time + 3 * DAY);
    put("left", Some(Value::Int(visits.iter().filter(is_left).count() as i64)));
    put("per event", (count > 0).then(|| money(divided(spent, count))));
    let days = bought.first().map(|event| ((of.instant.0 - event.time) / DAY).max(0));
    put("days", days.map(Value::Int));
    let millionths = days.map_or(0, |days| 70_000_000 * (40 - days.min(40)) / 40)
        + of.bonus.get(id).map_or(30_000_000, |bonus| 30_000_000 * (*bonus).min(7) / 7);
    put("score", Some(Value::Int((millionths + 500_000) / 1_000_000)));
    put("band", Some(Value::Int(1 + i64::from(spent >= 1) + i64::from(spent >= 5_000))));
    all
}

#[test]
fn computed_fields_are_what_naive_lists_say_through_restarts() {
    for seed in 0..20 {
        let disk = FakeDisk::default();
        let mut enriched = Enriched::new(seed, &disk);
        for change in 0..40 {
            let place = format!("seed {seed}, change {change}: {}", enriched.change().expect("a good disk"));
            if enriched.history.rng.chance(15) {
                enriched.history.tenant.checkpoint_cut(CUT).expect("a checkpoint");
            }
            if enriched.history.rng.chance(20) {
                enriched.history.tenant = open(&disk).expect("it opens again");
            }
            enriched.compare(&enriched.history.tenant.state(), &place);
        }
        let before = described(&enriched.history.tenant.state());
        let version = enriched.history.tenant.rebuild(enriched.instant, Arc::default()).expect("it is made anew");
        let after = described(&enriched.history.tenant.state());
        assert_eq!(before.replacen(&format!("version {}", version - 1), &format!("version {version}"), 1), after);
    }
}

#[test]
fn a_power_cut_leaves_computed_fields_that_fit_their_events() {
    let (mut as_told, mut one_more) = (0, 0);
    for seed in 0..60 {
        let disk = FakeDisk::default();
        let mut enriched = Enriched::new(seed, &disk);
        let point = disk.points() + 1 + enriched.history.rng.below(60) as u64;
        disk.fail_at(point, Fault::PowerCut);
        let state = |enriched: &Enriched| {
            let version = enriched.history.tenant.state().version;
            (version, enriched.history.model.clone(), enriched.bonus.clone(), enriched.instant)
        };
        let mut told = state(&enriched);
        while !disk.is_off() {
            if enriched.change().is_err()
                || enriched.history.rng.chance(5) && enriched.history.tenant.checkpoint_cut(CUT).is_err()
            {
                break;
            }
            told = state(&enriched);
        }
        let found = if seed % 2 == 0 { disk.after_cut(seed) } else { disk.after_kill() };
        let tenant = open(&found).expect("it opens");
        let state = tenant.state();
        if state.version == told.0 {
            (enriched.history.model, enriched.bonus, enriched.instant) = (told.1, told.2, told.3);
            enriched.compare(&state, &format!("seed {seed}"));
            as_told += 1;
        } else {
            one_more += 1;
        }
        let before = described(&state);
        let version = tenant.rebuild(state.view.enrichment().instant(), Arc::default()).expect("it is made anew");
        let after = described(&tenant.state());
        assert_eq!(before.replacen(&format!("version {}", version - 1), &format!("version {version}"), 1), after);
    }
    assert!(as_told > 15 && one_more > 0, "{as_told} {one_more}");
}

#[test]
fn a_rebuild_that_is_ended_changes_nothing() {
    let disk = FakeDisk::default();
    let mut enriched = Enriched::new(7, &disk);
    (0..20).for_each(|_| _ = enriched.change().expect("a good disk"));
    let before = described(&enriched.history.tenant.state());
    let (points, watch) = (disk.points(), Arc::new(Watch::default()));
    watch.cancel();
    let ended = enriched.history.tenant.rebuild(Timestamp(NOW.0 + 300 * DAY), watch);
    assert!(matches!(ended, Err(Error::Conflict(problem)) if problem.code == "rebuild_cancelled"));
    assert_eq!((described(&enriched.history.tenant.state()), disk.points()), (before, points));
    let watch = Arc::new(Watch::default());
    enriched.history.tenant.rebuild(NOW, watch.clone()).expect("it is not ended");
    let (done, total) = watch.progress();
    assert!(done == total && total > 0, "{done} of {total}");
}

#[test]
fn bands_of_the_population_stay_until_they_are_declared_again() {
    let disk = FakeDisk::default();
    let history = History::new(5, open(&disk).expect("a new tenant"));
    let bands = [("n", FIELDS[0].1), ("fifth", r#"{"of":"fields","fn":"bands","field":"n","bands":5}"#)];
    history.apply(declare(&bands, NOW)).expect("good definitions");
    let tell = |people: std::ops::Range<usize>| {
        let sent = people.flat_map(|person| {
            (0..=person).map(move |at| Sent {
                id: format!("{person} {at}"),
                profile: harness::population::id(person),
                kind: "purchase".to_owned(),
                time: NOW.0,
                amount: None,
                category: None,
                tags: None,
            })
        });
        let terms = EventTerms { creates_profiles: true, now: NOW };
        history.apply(Command::AddEvents(Box::new(event_batch(&sent.collect::<Vec<_>>())), terms)).expect("events");
    };
    let fifths = || -> Vec<Option<Value>> {
        let state = history.tenant.state();
        let field = state.view.schema().find("fifth").expect("it was declared").id;
        (0..10)
            .filter_map(|person| Some(state.view.value(state.view.row(&harness::population::id(person))?, field)))
            .collect()
    };
    let of = |numbers: &[i64]| numbers.iter().map(|number| Some(Value::Int(*number))).collect::<Vec<_>>();
    tell(0..5);
    assert_eq!(fifths(), vec![None::<Value>; 5], "nobody has said where a fifth ends");
    history.tenant.rebuild(NOW, Arc::default()).expect("it is made anew");
    assert_eq!(fifths(), of(&[1, 2, 3, 4, 5]));
    tell(5..10);
    assert_eq!(fifths(), of(&[1, 2, 3, 4, 5, 5, 5, 5, 5, 5]));
    history.tenant.rebuild(NOW, Arc::default()).expect("it is made anew");
    assert_eq!(fifths(), of(&[1, 2, 3, 4, 5, 5, 5, 5, 5, 5]));
    history.apply(declare(&bands, NOW)).expect("good definitions");
    let again = of(&[1, 1, 2, 2, 3, 3, 4, 4, 5, 5]);
    assert_eq!(fifths(), again);
    assert_eq!(history.tenant.state().view.enrichment().fields()[1].version, 2);
    let reopened = History::new(5, open(&disk.after_kill()).expect("it opens"));
    assert_eq!(described(&reopened.tenant.state()), described(&history.tenant.state()));
}

/// Codes of what is wrong with definitions.
fn refused(fields: &[(&str, &str)]) -> Vec<(String, &'static str)> {
    let disk = FakeDisk::default();
    let enriched = Enriched::new(1, &disk);
    let before = described(&enriched.history.tenant.state());
    let refused = enriched.history.apply(declare(fields, NOW));
    assert_eq!(described(&enriched.history.tenant.state()), before);
    match refused {
        Err(Error::Invalid(problems)) => problems.into_iter().map(|problem| (problem.pointer, problem.code)).collect(),
        Err(Error::Conflict(problem) | Error::Limit(problem)) => vec![(problem.pointer, problem.code)],
        other => panic!("{fields:?}: {other:?}"),
    }
}

#[test]
fn what_cannot_be_computed_is_refused_by_place() {
    let one = |json: &str, pointer: &str, code| {
        assert_eq!(refused(&[("new", json)]), [(format!("/fields/0{pointer}"), code)], "{json}");
    };
    one("[]", "/computed", "wrong_type");
    one("{", "/computed", "bad_definition");
    one(r#"{"of":"people"}"#, "/computed/of", "bad_definition");
    one(r#"{"of":"events","type":"purchase","fn":"median"}"#, "/computed/fn", "unknown_function");
    one(r#"{"of":"events","type":"purchases","fn":"count"}"#, "/computed/type", "unknown_event");
    one(r#"{"of":"events","type":"purchase","fn":"count","within":3}"#, "/computed/within", "unknown_key");
    one(r#"{"of":"events","type":"purchase","fn":"sum","property":"category"}"#, "/computed/property", "wrong_type");
    one(
        r#"{"of":"events","type":"purchase","fn":"sum","property":"colour"}"#,
        "/computed/property",
        "unknown_property",
    );
    one(r#"{"of":"events","type":"purchase","fn":"top","property":"category"}"#, "/computed/most", "bad_number");
    one(
        r#"{"of":"events","type":"purchase","fn":"average","property":"amount","scale":7}"#,
        "/computed/scale",
        "bad_number",
    );
    one(
        r#"{"of":"events","type":"login","fn":"top","by":"weekday","time_zone":"Mars","most":1}"#,
        "/computed/time_zone",
        "unknown_time_zone",
    );
    one(r#"{"of":"fields","fn":"ratio","field":"spent","over":"nothing"}"#, "/computed/over", "unknown_field");
    one(r#"{"of":"fields","fn":"ratio","field":"last","over":"count"}"#, "/computed/field", "wrong_type");
    one(
        r#"{"of":"fields","fn":"score","terms":[{"field":"count","weight":99,"full_at":1}]}"#,
        "/computed/terms",
        "bad_weights",
    );
    one(r#"{"of":"fields","fn":"bands","field":"count","borders":[3,2]}"#, "/computed/borders", "bad_borders");
    one(r#"{"of":"fields","fn":"sum","terms":[]}"#, "/computed/terms", "bad_terms");
    assert_eq!(refused(&[("count", r#"{"of":"events","type":"visit","fn":"last"}"#)])[0].1, "field_has_another_type");
    let circle = [
        ("a", r#"{"of":"fields","fn":"sum","terms":[{"field":"b"}]}"#),
        ("b", r#"{"of":"fields","fn":"sum","terms":[{"field":"a"}]}"#),
    ];
    assert_eq!(refused(&circle), [("/fields/0/computed".to_owned(), "circular_field")]);
}

#[test]
fn computed_fields_end_at_their_bound_and_are_written_by_nobody() {
    let disk = FakeDisk::default();
    let enriched = Enriched::new(3, &disk);
    let names: Vec<String> = (FIELDS.len()..=COMPUTED_FIELDS_MAX).map(|at| format!("f{at}")).collect();
    let json = r#"{"of":"events","type":"visit","fn":"count"}"#;
    let fields: Vec<(&str, &str)> = names.iter().map(|name| (&**name, json)).collect();
    let too_many = enriched.history.apply(declare(&fields, NOW));
    assert!(matches!(too_many, Err(Error::Limit(problem)) if problem.code == "too_many_computed_fields"));
    enriched.history.apply(declare(&fields[1..], NOW)).expect("as many as there may be");

    let mut enriched = Enriched::new(3, &disk.after_kill());
    while enriched.history.model.people.is_empty() {
        enriched.change().expect("a good disk");
    }
    let id = enriched.history.model.people.first().expect("somebody").clone();
    let changes = vec![("spent".to_owned(), Some(Value::Decimal(1, 2)))];
    let patched = enriched.history.apply(Command::PatchProfile { id: id.clone(), changes: changes.clone() });
    assert!(matches!(patched, Err(Error::Invalid(problems)) if problems[0].code == "computed_field"));
    let end = |name: &str| {
        let events = DeclareEvents::default();
        let fields = vec![(name.to_owned(), None)];
        enriched.history.apply(Command::Compute(ComputeChange::Declare { events, fields, now: NOW }))
    };
    end("spent").expect("it is a plain field now");
    enriched.history.apply(Command::PatchProfile { id, changes }).expect("anybody may write it");
    assert!(matches!(end("spent"), Err(Error::Invalid(problems)) if problems[0].code == "not_computed"));
    let again = enriched.history.apply(declare(&[("spent", FIELDS[1].1)], NOW));
    assert!(matches!(again, Err(Error::Conflict(problem)) if problem.code == "field_has_values"));
}

#[test]
fn a_computed_field_that_is_not_what_it_is_made_of_is_found() {
    let mut enriched = Enriched::new(4, &FakeDisk::default());
    for _ in 0..60 {
        enriched.change().expect("a good disk");
    }
    let view = &enriched.history.tenant.state().view;
    view.verify().expect("all is as it would be made");
    // As if time had gone on and nothing been made for it.
    let later = view.enrichment().clone().at(Timestamp(enriched.instant.0 + 1_000 * DAY));
    let error = view.clone().with_enrichment(later).verify().expect_err("what moves with time is another now");
    assert!(error.to_string().contains("computed field "), "{error}");
}
