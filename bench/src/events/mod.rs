//! Questions about a month of a shop's events, beside a plain pass over all of them and beside databases.
//!
//! [`acts`] holds the events as plain rows, [`questions`] what is asked of each engine; here they are loaded and asked.

mod acts;
mod questions;

use std::fs::File;
use std::path::{Path, PathBuf};
use std::time::Duration;

use clap::{Args, ValueEnum};
use muster::load_events::{EventLoad, load_events};
use muster::source::Format;
use muster_data::shop::DEFAULT_START;
use muster_data::{Shop, export};
use muster_engine::eval;
use muster_engine::event::EventTerms;
use muster_engine::plan::{SegmentRows, plan};
use muster_engine::rule::to_text;
use muster_engine::tenant::{Tenant, Terms};
use muster_engine::time::{DAY_US, Timestamp};
use serde_json::{Map, Value as Json, json};

use crate::Failure;
use crate::clock::{Repeat, median_us, timed};
use crate::document::{percentile, rounded};
use crate::machine::{self, scratch};
use crate::python::Peer;
use acts::Acts;
use questions::{Question, questions};

/// The seed of the month.
const SEED: u64 = 1;

/// Days of the month.
const DAYS: u64 = 30;

/// The instant as of which everything is asked: when the month is over.
const NOW: Timestamp = Timestamp(DEFAULT_START.0 + DAYS as i64 * DAY_US);

/// How often Muster is asked.
const HERE: Repeat = Repeat { runs_max: 21, budget: Duration::from_secs(1) };

/// How often a database is asked: fewer times when it is slow.
const THERE: Repeat = Repeat { runs_max: 3, budget: Duration::from_secs(2) };

/// What to ask about.
#[derive(Debug, Args)]
pub(crate) struct EventsArguments {
    /// How many people come, about 18 times each
    #[arg(long, default_value_t = 100_000)]
    profiles: u32,
    /// Events at most, the first of the month; all of them when left out
    #[arg(long)]
    events: Option<u64>,
    /// Threads of each engine
    #[arg(long, default_value_t = 2)]
    pub(crate) threads: usize,
    /// Databases to compare with, separated by commas; all when left out
    #[arg(long, value_enum, value_delimiter = ',', default_values_t = [Database::Duckdb, Database::Clickhouse])]
    engines: Vec<Database>,
    /// Only Muster and the plain pass
    #[arg(long)]
    alone: bool,
}

/// A database.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
enum Database {
    Duckdb,
    Clickhouse,
}

impl Database {
    fn key(self) -> &'static str {
        match self {
            Self::Duckdb => "duckdb",
            Self::Clickhouse => "clickhouse",
        }
    }

    /// The module in bench/peers.
    fn module(self) -> &'static str {
        match self {
            Self::Duckdb => "duckdb_events",
            Self::Clickhouse => "clickhouse_events",
        }
    }
}

pub(crate) fn run(arguments: &EventsArguments) -> Result<(), Failure> {
    let path = parquet(arguments)?;
    let (questions, mut measured, muster) = ask_muster(arguments, &path)?;
    let mut databases = Map::new();
    for database in arguments.engines.iter().filter(|_| !arguments.alone) {
        eprintln!("asking {}", database.key());
        let told = ask_database(*database, arguments.threads, &path, &questions, &mut measured);
        databases.insert(database.key().to_owned(), told.unwrap_or_else(|failure| json!({"failure": failure.0})));
    }
    let families: Map<String, Json> = ["at_least", "none", "sum", "where", "sequence"]
        .map(|family| (family.to_owned(), summary(family, &questions, &measured)))
        .into_iter()
        .collect();
    let document = json!({
        "profiles": arguments.profiles,
        "threads": arguments.threads,
        "machine": machine::describe(),
        "commit": machine::commit(),
        "muster": muster,
        "engines": databases,
        "families": families,
        "questions": measured,
    });
    println!("{document:#}");
    Ok(())
}

/// The events of the month that are asked about.
fn month(arguments: &EventsArguments) -> impl Iterator<Item = arrow_array::RecordBatch> + use<> {
    let shop = Shop::new(SEED, arguments.profiles, DEFAULT_START, DAYS);
    let mut left = usize::try_from(arguments.events.unwrap_or(u64::MAX)).unwrap_or(usize::MAX);
    shop.events().map_while(move |batch| {
        let taken = batch.num_rows().min(left);
        left -= taken;
        (taken > 0).then(|| batch.slice(0, taken))
    })
}

/// The month as a Parquet file, written now unless an earlier run left it.
fn parquet(arguments: &EventsArguments) -> Result<PathBuf, Failure> {
    let folder = scratch();
    std::fs::create_dir_all(&folder)?;
    let events = arguments.events.map_or_else(|| "all".to_owned(), |events| events.to_string());
    let path = folder.join(format!("events-{}-{events}.parquet", arguments.profiles));
    if !path.exists() {
        eprintln!("writing the events of {} people", arguments.profiles);
        let schema = Shop::new(SEED, arguments.profiles, DEFAULT_START, DAYS).schema();
        // A name of its own, so that two runs do not write the same file.
        let fresh = folder.join(format!("events-{}.parquet", std::process::id()));
        export::write_parquet(&schema, month(arguments), &fresh, &mut |_| {})?;
        std::fs::rename(&fresh, &path)?;
    }
    Ok(path.canonicalize()?)
}

/// Loads Muster, asks it, and compares each count with a plain pass.
fn ask_muster(arguments: &EventsArguments, path: &Path) -> Result<(Vec<Question>, Vec<Json>, Json), Failure> {
    eprintln!("loading muster");
    let tenant = Tenant::default();
    let taken = EventTerms { creates_profiles: true, now: NOW };
    let load = EventLoad { format: Format::Parquet, id_field: None, taken, terms: Terms::default() };
    let file = File::open(path)?;
    let (report, load_s) = timed(|| load_events(&tenant, &file, &load, &mut |_| {}));
    let report = report?;
    if report.counts.accepted != report.rows {
        return Err(Failure(format!("only {} of {} events were taken", report.counts.accepted, report.rows)));
    }
    let state = tenant.state();
    let events = state.view.events();
    let (bytes, id_bytes) = (events.bytes() as f64, events.ids().bytes() as f64);
    eprintln!("asking muster");
    let acts = Acts::of(month(arguments));
    let none = SegmentRows::new();
    let questions = questions(NOW, state.view.live().len());
    let mut measured = Vec::new();
    for question in &questions {
        let (rule, checked) = state.read_json(&question.rule)?;
        let ask = || eval::count(&plan(&checked, &state.view, &none, NOW));
        let (count, first_s) = timed(ask);
        let (_, us) = median_us(HERE, ask);
        let (naive, naive_s) = timed(|| acts.count(question.holds));
        let text = to_text(&rule, &|_| None);
        if naive != count {
            return Err(Failure(format!("{text}: {count}, one by one {naive}")));
        }
        measured.push(json!({"family": question.family, "text": text, "count": count, "muster_us": rounded(us),
            "muster_first_us": rounded(first_s * 1e6), "plain_pass_us": rounded(naive_s * 1e6)}));
    }
    let per_event = |bytes: f64| rounded(bytes / events.len() as f64);
    let told = json!({
        "events": events.len(),
        "load_s": rounded(load_s),
        "bytes_an_event": {"all": per_event(bytes), "ids": per_event(id_bytes), "runs": per_event(bytes - id_bytes),
            "orders_made_by_questions": per_event(events.bytes() as f64 - bytes)},
    });
    Ok((questions, measured, told))
}

/// Loads a database and asks it; adds its times to what was measured.
fn ask_database(
    database: Database,
    threads: usize,
    path: &Path,
    questions: &[Question],
    measured: &mut [Json],
) -> Result<Json, Failure> {
    let mut peer = Peer::start(database.module(), threads)?;
    let loaded = peer.load(path, threads)?;
    let mut refused = Vec::new();
    for (question, measured) in questions.iter().zip(measured) {
        let request =
            json!({"query": question.sql, "runs_max": THERE.runs_max, "budget_s": THERE.budget.as_secs_f64()});
        match peer.ask(&request)? {
            Err(error) => refused.push(json!({"text": measured["text"], "error": error})),
            Ok(answer) if answer["count"] == measured["count"] => {
                measured[format!("{}_us", database.key())] = json!(rounded(answer["us"].as_f64().unwrap_or(f64::NAN)));
            }
            Ok(answer) => {
                return Err(Failure(format!(
                    "{}: {} instead of {}",
                    measured["text"], answer["count"], measured["count"]
                )));
            }
        }
    }
    Ok(json!({"load_s": loaded["load_s"], "memory_bytes": loaded["memory_bytes"], "version": loaded["version"],
        "refused": refused}))
}

/// The medians of the questions of a family, and how many times as long the better database takes, at the median.
fn summary(family: &str, questions: &[Question], measured: &[Json]) -> Json {
    let of_family = || questions.iter().zip(measured).filter(|(question, _)| question.family == family);
    let us = |key: &str| -> Vec<f64> { of_family().filter_map(|(_, measured)| measured[key].as_f64()).collect() };
    let ratio = |measured: &Json| {
        let theirs = [&measured["duckdb_us"], &measured["clickhouse_us"]];
        let best = theirs.into_iter().filter_map(Json::as_f64).min_by(f64::total_cmp)?;
        Some(best / measured["muster_us"].as_f64()?)
    };
    let ratios: Vec<f64> = of_family().filter_map(|(_, measured)| ratio(measured)).collect();
    json!({"muster_p50_us": percentile(&us("muster_us"), 0.5), "duckdb_p50_us": percentile(&us("duckdb_us"), 0.5),
        "clickhouse_p50_us": percentile(&us("clickhouse_us"), 0.5), "times_the_better_p50": percentile(&ratios, 0.5)})
}
