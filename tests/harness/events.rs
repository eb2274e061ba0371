//! Events told to the engine, and the same events in lists that anybody can follow.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use arrow_array::builder::{ListBuilder, StringBuilder};
use arrow_array::{ArrayRef, Int64Array, StringArray};
use muster_engine::block::Words;
use muster_engine::event::{EventBatch, EventCounts, EventRefusal, EventTerms, PropertyValues};
use muster_engine::schema::{FieldType, Value};
use muster_engine::tenant::State;
use muster_engine::time::Timestamp;

use crate::rng::Rng;

/// Microseconds of a day.
pub const DAY: i64 = 86_400_000_000;

/// An event as it is sent.
#[derive(Debug, Clone, PartialEq)]
pub struct Sent {
    /// What it is called.
    pub id: String,
    /// Whose it is.
    pub profile: String,
    /// Its type.
    pub kind: String,
    /// When, in microseconds.
    pub time: i64,
    /// Hundredths.
    pub amount: Option<i64>,
    /// A keyword.
    pub category: Option<String>,
    /// A set of keywords.
    pub tags: Option<Vec<String>>,
}

impl Sent {
    /// What it says, `amount` first, then by name.
    pub fn properties(&self) -> BTreeMap<String, Value> {
        let mut said = BTreeMap::new();
        self.amount.map(|amount| said.insert("amount".to_owned(), Value::Decimal(amount, 2)));
        self.category.clone().map(|word| said.insert("category".to_owned(), Value::Keyword(word)));
        self.tags.clone().map(|tags| said.insert("tags".to_owned(), Value::KeywordSet(tags)));
        said
    }

    /// Somebody's event, one of few ids, types and times so that all of them meet.
    pub fn random(rng: &mut Rng, people: usize, now: Timestamp) -> Self {
        let words = ["shoes", "hats", "\u{e9}t\u{e9}"];
        let tags = (0..rng.below(3)).map(|at| words[at].to_owned()).collect::<BTreeSet<_>>();
        Self {
            id: format!("event {}", rng.below(400)),
            profile: crate::population::id(rng.below(people)),
            kind: ["purchase", "visit", "login"][rng.below(3)].to_owned(),
            time: now.0 + DAY * (rng.below(80) as i64 - 70) + rng.below(3) as i64,
            amount: rng.chance(50).then(|| rng.below(10_000) as i64 - 500),
            category: rng.chance(50).then(|| (*rng.pick(&words)).to_owned()),
            tags: rng.chance(30).then(|| tags.into_iter().collect()),
        }
    }
}

/// Events as a batch of the engine.
pub fn event_batch(events: &[Sent]) -> EventBatch {
    let texts = |text: &dyn Fn(&Sent) -> &str| StringArray::from_iter_values(events.iter().map(text));
    let mut tags = ListBuilder::new(StringBuilder::new());
    for event in events {
        event.tags.iter().flatten().rev().for_each(|tag| tags.values().append_value(tag));
        tags.append(event.tags.is_some());
    }
    let amounts: Int64Array = events.iter().map(|event| event.amount).collect();
    let categories: StringArray = events.iter().map(|event| event.category.as_deref()).collect();
    let property = |name: &str, kind, values: ArrayRef| PropertyValues { name: name.to_owned(), kind, values };
    EventBatch {
        ids: texts(&|event| &event.id),
        profiles: texts(&|event| &event.profile),
        number_profiles: None,
        types: texts(&|event| &event.kind),
        times: events.iter().map(|event| event.time).collect(),
        properties: vec![
            property("category", FieldType::Keyword, Arc::new(categories)),
            property("amount", FieldType::Decimal(2), Arc::new(amounts)),
            property("tags", FieldType::KeywordSet, Arc::new(tags.finish())),
        ],
    }
}

/// All events of a tenant, naively.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct EventModel {
    /// Ids of live people.
    pub people: BTreeSet<String>,
    /// In order of arrival.
    pub events: Vec<Sent>,
    /// Ids of events, each with whose it is; they outlive events that were kept long enough.
    pub ids: BTreeMap<String, String>,
    /// Days by type.
    pub kept: BTreeMap<String, u32>,
}

impl EventModel {
    /// Takes events as the engine should; the data version is not known here.
    pub fn add(&mut self, events: &[Sent], terms: EventTerms) -> EventCounts {
        let mut counts = EventCounts::default();
        for (at, event) in (0..).zip(events) {
            let since = self.kept.get(&event.kind).map(|days| terms.now.0 - i64::from(*days) * DAY);
            if since.is_some_and(|since| event.time < since) {
                counts.refused.push((at, EventRefusal::TooOld));
            } else if !terms.creates_profiles && !self.people.contains(&event.profile) {
                counts.refused.push((at, EventRefusal::UnknownProfile));
            } else if self.ids.contains_key(&event.id) {
                counts.duplicates += 1;
            } else {
                counts.accepted += 1;
                counts.profiles_created += u64::from(self.people.insert(event.profile.clone()));
                self.ids.insert(event.id.clone(), event.profile.clone());
                self.events.push(event.clone());
            }
        }
        counts.refused_total = counts.refused.len() as u64;
        counts
    }

    /// Erases somebody; says how many events they had.
    pub fn erase(&mut self, id: &str) -> u64 {
        let before = self.events.len();
        self.people.remove(id);
        self.events.retain(|event| event.profile != id);
        self.ids.retain(|_, profile| profile != id);
        (before - self.events.len()) as u64
    }

    /// Takes away what is older than its type is kept.
    pub fn expire(&mut self, now: Timestamp) {
        let kept = &self.kept;
        self.events
            .retain(|event| kept.get(&event.kind).is_none_or(|days| event.time >= now.0 - i64::from(*days) * DAY));
    }

    /// Somebody's events of a type, the newest first, of several at one instant the last that came.
    pub fn of(&self, id: &str, kind: &str) -> Vec<&Sent> {
        let mut found: Vec<&Sent> =
            self.events.iter().rev().filter(|event| event.profile == id && event.kind == kind).collect();
        found.sort_by_key(|event| std::cmp::Reverse(event.time));
        found
    }

    /// Compares everything with a state.
    ///
    /// # Panics
    /// When the engine holds something else.
    pub fn compare(&self, state: &State, place: &str) {
        let (view, events) = (&state.view, state.view.events());
        view.verify().unwrap_or_else(|error| panic!("{place}: {error}"));
        assert_eq!(events.len(), self.events.len() as u64, "{place}");
        let people: BTreeSet<String> =
            view.live().rows().map(|row| view.id(muster_engine::id::Row(row)).to_owned()).collect();
        assert_eq!(people, self.people, "{place}");
        for kind in events.schema().types() {
            let count = self.events.iter().filter(|event| *event.kind == *kind.name).count();
            assert_eq!(events.count(kind.id), count as u64, "{place}: {}", kind.name);
        }
        for id in &self.people {
            let row = view.row(id).expect("they are there");
            let mut all = 0;
            for kind in events.schema().types() {
                let wanted = self.of(id, &kind.name);
                all += wanted.len();
                let found = events.of_profile(row, Some(kind.id), 0, usize::MAX);
                let said = |event: &muster_engine::event::Event| -> BTreeMap<String, Value> {
                    let properties = event.properties.iter().cloned();
                    properties.map(|(id, value)| (events.schema().property(id).name.to_string(), value)).collect()
                };
                let found: Vec<_> = found.iter().map(|event| (event.time.0, said(event))).collect();
                let wanted: Vec<_> = wanted.into_iter().map(|sent| (sent.time, sent.properties())).collect();
                assert_eq!(found, wanted, "{place}: {} of {id}", kind.name);
                self.compare_searches(state, id, kind.id, &wanted);
            }
            assert_eq!(events.count_of(row), all as u64, "{place}: {id}");
        }
    }

    /// Windows around the instants of somebody's events, both ends included.
    fn compare_searches(
        &self,
        state: &State,
        id: &str,
        kind: muster_engine::event::EventTypeId,
        wanted: &[(i64, BTreeMap<String, Value>)],
    ) {
        let row = state.view.row(id).expect("they are there");
        let Some(events) = state.view.events().of_row(row, kind) else { return assert!(wanted.is_empty()) };
        let bounds: Vec<i64> = wanted
            .iter()
            .flat_map(|(time, _)| [time - 1, *time, time + 1])
            .chain([i64::MIN, i64::MAX])
            .take(8)
            .collect();
        for first in &bounds {
            for last in &bounds {
                let naive = wanted.iter().filter(|(time, _)| first <= time && time <= last).count();
                assert_eq!(events.between(*first, *last).len(), naive);
                let run = state.view.events().run(row.0 >> 16, kind).expect("there are events");
                for k in 1..=naive + 1 {
                    let mut found = Words::boxed();
                    run.write_at_least(k, (*first, *last), &mut found);
                    let is_found = found.contains((row.0 & 0xffff) as u16);
                    assert_eq!(is_found, k <= naive, "{k} from {first} to {last}");
                }
            }
        }
    }
}
