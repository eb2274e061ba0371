//! The command line of the data crate: writes a population or the study's profiles to a file.

use std::path::PathBuf;
use std::process::ExitCode;

use clap::{Parser, Subcommand};
use indicatif::{ProgressBar, ProgressStyle};
use muster_data::population::{DEFAULT_NOW, ROWS_MAX};
use muster_data::{Error, Population, Result, export, study};
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
            let now = Timestamp::parse(&now)
                .ok_or_else(|| Error::new(format!("--now {now}: expected an instant such as {DEFAULT_NOW}")))?;
            let mut population = Population::new(seed, rows, now);
            if !fields.is_empty() {
                population = population.with_fields(&fields)?;
            }
            // indicatif draws nothing when standard error is not a terminal.
            let bar = ProgressBar::new(rows);
            if let Ok(style) = ProgressStyle::with_template("{wide_bar} {human_pos}/{human_len} rows, {eta} left") {
                bar.set_style(style);
            }
            let written =
                export::write(&population.schema(), population.batches(), &out, &mut |rows| bar.set_position(rows))?;
            bar.finish_and_clear();
            println!("{written} customers in {}", out.display());
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
    }
    Ok(())
}
