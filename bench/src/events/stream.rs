//! Events as they happen: how many a second are kept on disk while previews run, and how soon after its acknowledgement an
//! event is in all memberships and feeds.
//!
//! Clients send one event after the other and wait for each acknowledgement, a thread asks about events without pause, and
//! a follower tells of every move of the saved segments. What the follower has told is compared with an evaluation at the end.

use std::fs::File;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use arrow_array::{Int64Array, StringArray};
use clap::Args;
use muster::load_events::{EventLoad, load_events};
use muster::source::Format;
use muster_engine::command::{Command, Outcome, SegmentContent};
use muster_engine::error::Error;
use muster_engine::event::{EventBatch, EventTerms, PropertyValues};
use muster_engine::feed::{Feed, Follower};
use muster_engine::id::SegmentId;
use muster_engine::schema::FieldType;
use muster_engine::segment::PreviewOptions;
use muster_engine::store::{Directory, LogSizes};
use muster_engine::tenant::{Tenant, Terms};
use muster_engine::time::Timestamp;
use serde_json::{Value as Json, json};

use super::ask::declare_shop;
use super::questions::questions;
use super::{EventsArguments, NOW, parquet};
use crate::Failure;
use crate::clock::{Stopwatch, timed};
use crate::document::{percentile, rounded};
use crate::live::Draw;
use crate::machine::{self, scratch};

/// Events that follow within so long are looked at together, as the server does.
const PAUSE: Duration = Duration::from_millis(2);

/// What to measure, and how long.
#[derive(Debug, Args)]
pub(crate) struct StreamArguments {
    #[command(flatten)]
    pub(crate) events: EventsArguments,
    /// Clients that send events, each one after the other
    #[arg(long, default_value_t = 32, value_parser = clap::value_parser!(u32).range(1..))]
    clients: u32,
    /// Seconds of the measurement
    #[arg(long, default_value_t = 10.0)]
    seconds: f64,
    /// Make the computed fields of a shop with every event as well
    #[arg(long)]
    enriched: bool,
}

/// An event that was acknowledged: the version that has it, and when.
type Acknowledged = (u64, f64);

pub(crate) fn run(arguments: &StreamArguments) -> Result<(), Failure> {
    let path = parquet(&arguments.events)?;
    let folder = tempfile::tempdir_in(scratch())?;
    let disk = Directory::open(folder.path(), "muster-bench")?;
    let tenant = Tenant::open(Arc::new(disk), LogSizes::default(), &mut |_| {})?.0;
    if arguments.enriched {
        declare_shop(&tenant)?;
    }
    let taken = EventTerms { creates_profiles: true, now: NOW };
    let load = EventLoad { format: Format::Parquet, id_field: None, taken, terms: Terms::default() };
    load_events(&tenant, &File::open(&path)?, &load, &mut |_| {})?;
    let rules: Vec<Json> = questions(NOW, 0).into_iter().map(|question| question.rule).collect();
    for (number, rule) in rules.iter().enumerate() {
        let content = SegmentContent::Rule(tenant.state().read_json(rule)?.0);
        let name = format!("segment {number}");
        tenant.apply(Command::PutSegment { id: None, name, description: String::new(), content, now: NOW })?;
    }
    let run = Run {
        tenant,
        rules,
        is_over: AtomicBool::new(false),
        is_sent: AtomicBool::new(false),
        watch: Stopwatch::start(),
    };
    let document = run.measure(arguments)?;
    println!("{document:#}");
    if document["segments_that_differ_from_their_evaluation"] == 0 && document["never_told"] == 0 {
        return Ok(());
    }
    Err(Failure("what was told is not what an evaluation says".into()))
}

struct Run {
    tenant: Tenant,
    rules: Vec<Json>,
    is_over: AtomicBool,
    /// Whether every event is acknowledged.
    is_sent: AtomicBool,
    watch: Stopwatch,
}

impl Run {
    /// The time, as everybody here takes it to be.
    fn now(&self) -> Timestamp {
        Timestamp(NOW.0 + (self.watch.seconds() * 1e6) as i64)
    }

    fn is_over(&self) -> bool {
        self.is_over.load(Ordering::Relaxed)
    }

    fn measure(&self, arguments: &StreamArguments) -> Result<Json, Failure> {
        let started_s = self.watch.seconds();
        let (acknowledged, previews, (steps, differing)) = std::thread::scope(|scope| {
            let follower = scope.spawn(|| self.follow());
            let clients: Vec<_> = (0..arguments.clients).map(|number| scope.spawn(move || self.send(number))).collect();
            let previews = scope.spawn(|| self.preview());
            std::thread::sleep(Duration::from_secs_f64(arguments.seconds));
            self.is_over.store(true, Ordering::Relaxed);
            let mut acknowledged: Vec<Acknowledged> = Vec::new();
            for client in clients {
                acknowledged.extend(joined(client)?);
            }
            self.is_sent.store(true, Ordering::Relaxed);
            self.tenant.wake_follower();
            Ok::<_, Failure>((acknowledged, joined(previews)?, follower.join().unwrap_or_else(resume)))
        })?;
        let seconds = acknowledged.iter().map(|(_, at_s)| *at_s).fold(0.0, f64::max) - started_s;
        let told: Vec<f64> = acknowledged.iter().filter_map(|event| told_after_us(event, &steps)).collect();
        let of = |times: &[f64]| {
            let of = |share| percentile(times, share).map(rounded);
            json!({"count": times.len(), "p50_us": of(0.5), "p99_us": of(0.99), "max_us": of(1.0)})
        };
        Ok(json!({
            "profiles": self.tenant.state().view.live().len(),
            "events_before": self.tenant.state().view.events().len() - acknowledged.len() as u64,
            "machine": machine::describe(),
            "commit": machine::commit(),
            "clients": arguments.clients,
            "segments": self.rules.len(),
            "enriched": arguments.enriched,
            "events_per_s": rounded(acknowledged.len() as f64 / seconds),
            "previews": of(&previews),
            "told_after_the_acknowledgement": of(&told),
            "never_told": acknowledged.len() - told.len(),
            "segments_that_differ_from_their_evaluation": differing,
        }))
    }

    /// One client: events of anybody, each now.
    fn send(&self, number: u32) -> Result<Vec<Acknowledged>, Failure> {
        let mut draw = Draw::new(u64::from(number) << 32 | 1);
        let mut acknowledged = Vec::new();
        for count in 0u64.. {
            if self.is_over() {
                break;
            }
            let state = self.tenant.state();
            let row = draw.below(u64::from(state.view.row_count())) as u32;
            let profile = state.view.id(muster_engine::id::Row(row)).to_owned();
            drop(state);
            let batch = event(&format!("live-{number}-{count}"), &profile, self.now(), &mut draw);
            let terms = EventTerms { creates_profiles: false, now: self.now() };
            let Outcome::Events(counts) = self.tenant.apply(Command::AddEvents(Box::new(batch), terms))? else {
                return Err(Failure("an event had another outcome".into()));
            };
            acknowledged.push((counts.data_version, self.watch.seconds()));
        }
        Ok(acknowledged)
    }

    /// Times of previews in microseconds, all rules in turn.
    fn preview(&self) -> Result<Vec<f64>, Failure> {
        let mut times = Vec::new();
        for rule in self.rules.iter().cycle() {
            if self.is_over() {
                break;
            }
            let (count, took_s) = timed(|| {
                let state = self.tenant.state();
                let (_, checked) = state.read_json(rule)?;
                Ok::<_, Error>(state.preview(&checked, self.now(), PreviewOptions::default())?.count)
            });
            count?;
            times.push(took_s * 1e6);
        }
        Ok(times)
    }

    /// Follows until the end: up to which version was told when; and how many segments differ from their evaluation.
    fn follow(&self) -> (Vec<Acknowledged>, usize) {
        let mut feed = Feed::default();
        let mut follower = Follower::new(self.tenant.follow(), self.now());
        feed.apply(&follower.beginning());
        let mut steps = Vec::new();
        loop {
            let is_last = self.is_sent.load(Ordering::Relaxed);
            let until = follower.next_instant().map_or(100_000, |next| next.0.saturating_sub(self.now().0));
            let patience = Duration::from_micros(u64::try_from(until).unwrap_or(0).min(100_000));
            let (state, rows) = self.tenant.news(follower.state().version, patience);
            feed.apply(&follower.advance(state, &rows, self.now()));
            steps.push((follower.state().version, self.watch.seconds()));
            // Whoever has just seen the end may have looked before the last event.
            if is_last && self.tenant.state().version == follower.state().version {
                break;
            }
            std::thread::sleep(PAUSE);
        }
        let (state, now) = (follower.state(), follower.now());
        let differs = |id: SegmentId, told: u64| {
            let counted = state.segment_count(id, now);
            let is_other = counted != Ok(told);
            if is_other {
                eprintln!("segment {}: {told} told, {counted:?} counted: {}", id.0, self.rules[id.0 as usize - 1]);
            }
            is_other
        };
        (steps, feed.tracks().filter(|(id, track)| differs(*id, track.count)).count())
    }
}

fn resume<T>(panic: Box<dyn std::any::Any + Send>) -> T {
    std::panic::resume_unwind(panic)
}

fn joined<T>(thread: std::thread::ScopedJoinHandle<'_, Result<T, Failure>>) -> Result<T, Failure> {
    thread.join().unwrap_or_else(resume)
}

/// How long after its acknowledgement an event was told, in microseconds; 0 when before.
fn told_after_us((version, at_s): &Acknowledged, steps: &[Acknowledged]) -> Option<f64> {
    let step = steps.get(steps.partition_point(|(told, _)| told < version))?;
    Some(((step.1 - at_s) * 1e6).max(0.0))
}

/// A view mostly, sometimes a cart or a purchase.
fn event(id: &str, profile: &str, now: Timestamp, draw: &mut Draw) -> EventBatch {
    let kind = ["view", "view", "view", "view", "view", "view", "view", "view", "cart", "purchase"];
    let kind = kind[draw.below(kind.len() as u64) as usize];
    let price = draw.below(100_000).cast_signed();
    let text = |text: &str| StringArray::from_iter_values([text]);
    let money = |name: &str, cents: Option<i64>| PropertyValues {
        name: name.to_owned(),
        kind: FieldType::Decimal(2),
        values: Arc::new(Int64Array::from_iter([cents])),
    };
    let category = PropertyValues {
        name: "category".to_owned(),
        kind: FieldType::Keyword,
        values: Arc::new(text("electronics.smartphone")),
    };
    EventBatch {
        ids: text(id),
        profiles: text(profile),
        number_profiles: None,
        types: text(kind),
        times: Int64Array::from_iter_values([now.0]),
        properties: vec![money("amount", (kind == "purchase").then_some(price)), money("price", Some(price)), category],
    }
}
