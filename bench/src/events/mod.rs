//! Questions about a month of a shop's events, beside a plain pass over all of them and beside databases.
//!
//! [`acts`] holds the events as plain rows, [`questions`] what is asked of each engine; [`ask`] loads the engines and asks
//! them. `stream` has events come in while the same is asked.

mod acts;
mod ask;
mod questions;
mod stream;

use std::path::PathBuf;

use clap::{Args, ValueEnum};
use muster_data::shop::DEFAULT_START;
use muster_data::{Shop, export};
use muster_engine::time::{DAY_US, Timestamp};
use serde_json::{Map, Value as Json, json};

use crate::Failure;
use crate::machine::{self, scratch};
use ask::{ask_database, ask_muster, summary};
pub(crate) use stream::{StreamArguments, run as stream};

/// The seed of the month.
const SEED: u64 = 1;

/// Days of the month.
const DAYS: u64 = 30;

/// The instant as of which everything is asked: when the month is over.
const NOW: Timestamp = Timestamp(DEFAULT_START.0 + DAYS as i64 * DAY_US);

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
    let (questions, mut measured, enriched, muster) = ask_muster(&path)?;
    let mut databases = Map::new();
    for database in arguments.engines.iter().filter(|_| !arguments.alone) {
        eprintln!("asking {}", database.key());
        let told = ask_database(*database, arguments.threads, &path, (&questions, &enriched), &mut measured);
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
