//! The command line of the data crate: writes a population, a shop's events, or the study to a file.

use std::path::{Path, PathBuf};
use std::process::ExitCode;

use arrow::array::RecordBatch;
use arrow::datatypes::SchemaRef;
use clap::{Parser, Subcommand};
use indicatif::{ProgressBar, ProgressStyle};
use muster_data::population::{DEFAULT_NOW, ROWS_MAX};
use muster_data::shop::{DAYS_MAX, DEFAULT_START, PEOPLE_MAX};
use muster_data::{Error, Population, Result, Shop, export, study};
use muster_engine::time::Timestamp;

/// Data to try Muster on.
#[derive(Parser)]
#[command(name = "muster-data", version)]
struct Arguments {
    #[command(subcommand)]
    what: What,
}

#[derive(Subcommand)]
enum What {
    /// Write a made-up retail population; the same seed gives the same customers.
    Population {
        /// How many customers.
        #[arg(long, value_parser = clap::value_parser!(u64).range(..=ROWS_MAX))]
        rows: u64,
        /// What the customers are drawn from.
        #[arg(long, default_value_t = 1)]
        seed: u64,
        /// The instant as of which they are known, in RFC 3339.
        #[arg(long, default_value_t = DEFAULT_NOW.to_string())]
        now: String,
        /// Write these fields only, separated by commas.
        #[arg(long, value_delimiter = ',')]
        fields: Vec<String>,
        /// The file to write, ending in .parquet or .ndjson.
        #[arg(long)]
        out: PathBuf,
    },
    /// Write what happened in a made-up online shop, about 18 events a person; the same seed gives the same events.
    Events {
        /// How many people come.
        #[arg(long, value_parser = clap::value_parser!(u32).range(..=i64::from(PEOPLE_MAX)))]
        people: u32,
        /// For how many days.
        #[arg(long, default_value_t = 30, value_parser = clap::value_parser!(u64).range(1..=DAYS_MAX))]
        days: u64,
        /// What the events are drawn from.
        #[arg(long, default_value_t = 1)]
        seed: u64,
        /// When the first day begins, in RFC 3339.
        #[arg(long, default_value_t = DEFAULT_START.to_string())]
        start: String,
        /// The file to write, ending in .parquet or .ndjson.
        #[arg(long)]
        out: PathBuf,
    },
    /// The Complete Journey study of 2,469 households.
    Study {
        #[command(subcommand)]
        what: StudyPart,
    },
}

#[derive(Subcommand)]
enum StudyPart {
    /// Download the study, unless it is here already, and print where it is.
    Fetch,
    /// Write one profile per household.
    Profiles {
        /// The file to write, ending in .parquet or .ndjson.
        #[arg(long)]
        out: PathBuf,
    },
    /// Write what the households bought, redeemed and received, one event a row.
    Events {
        /// The file to write, ending in .parquet or .ndjson.
        #[arg(long)]
        out: PathBuf,
    },
}

fn main() -> ExitCode {
    match run(Arguments::parse().what) {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("muster-data: {error}");
            ExitCode::FAILURE
        }
    }
}

fn run(what: What) -> Result<()> {
    match what {
        What::Population { rows, seed, now, fields, out } => {
            let now = instant("--now", &now)?;
            let mut population = Population::new(seed, rows, now);
            if !fields.is_empty() {
                population = population.with_fields(&fields)?;
            }
            let written = write_with_bar(&population.schema(), population.batches(), rows, &out)?;
            println!("{written} customers in {}", out.display());
        }
        What::Events { people, days, seed, start, out } => {
            let shop = Shop::new(seed, people, instant("--start", &start)?, days);
            let written = write_with_bar(&shop.schema(), shop.events(), shop.expected(), &out)?;
            println!("{written} events in {}", out.display());
        }
        What::Study { what: StudyPart::Fetch } => {
            println!("{}", study::fetch(&study::default_dir())?.display());
        }
        What::Study { what: StudyPart::Profiles { out } } => {
            let profiles = study::build_profiles(&study::Study::fetched()?)?;
            let batches = std::iter::once(profiles.clone());
            let written = export::write(profiles.schema_ref(), batches, &out, &mut |_| ())?;
            println!("{written} profiles in {}", out.display());
        }
        What::Study { what: StudyPart::Events { out } } => {
            let events = study::build_events(&study::Study::fetched()?)?;
            let written = export::write(&study::events_schema(), events.into_iter(), &out, &mut |_| ())?;
            println!("{written} events in {}", out.display());
        }
    }
    Ok(())
}

fn instant(flag: &str, text: &str) -> Result<Timestamp> {
    Timestamp::parse(text)
        .ok_or_else(|| Error::new(format!("{flag} {text}: expected an instant such as {DEFAULT_NOW}")))
}

/// Writes batches with a progress bar; indicatif draws none when standard error is not a terminal.
fn write_with_bar(
    schema: &SchemaRef,
    batches: impl Iterator<Item = RecordBatch>,
    expected: u64,
    out: &Path,
) -> Result<u64> {
    let bar = ProgressBar::new(expected);
    if let Ok(style) = ProgressStyle::with_template("{wide_bar} {human_pos}/{human_len} rows, {eta} left") {
        bar.set_style(style);
    }
    let written = export::write(schema, batches, out, &mut |rows| bar.set_position(rows))?;
    bar.finish_and_clear();
    Ok(written)
}
