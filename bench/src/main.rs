//! The canonical workloads, measured: against other engines, against the memory's speed, and in seconds and bytes.
//!
//! Results go to standard output, progress to standard error. What was measured where is part of every result.

mod clock;
mod machine;

mod workload;

mod formula;

mod bitmap;

mod dialect;
mod translate;

mod python;
mod started;

mod engines;

mod document;

mod peers;

mod distribution;
mod events;
mod feed;
mod latency;
mod matching;
mod overlap;
mod restart;
mod roofline;
mod snapshots;

mod storage;

mod live;
mod writes;

mod http;

mod flood;

mod chart;

#[cfg(test)]
mod tests;

use std::fmt;
use std::path::PathBuf;
use std::process::ExitCode;

use clap::{Parser, Subcommand};
use muster_engine::table::RowOrder;

/// Measures Muster.
#[derive(Debug, Parser)]
#[command(name = "muster-bench", version)]
struct Arguments {
    #[command(subcommand)]
    what: What,
}

#[derive(Debug, Subcommand)]
enum What {
    /// Muster and other engines on the same data and questions, their counts compared
    Peers(peers::PeersArguments),
    /// How long Muster alone takes: counts, explanations
    Latency(latency::LatencyArguments),
    /// Percentiles, histograms and summaries, beside sorting a column
    Distribution(Size),
    /// Every combination of a few sets, and every pair of many, beside set by set
    Overlap(Size),
    /// The customers whom an event fits best, beside scoring row by row
    Matching(Size),
    /// Questions about a month of a shop's events, beside a plain pass and databases
    Events(events::EventsArguments),
    /// Events as they happen: how many a second are kept, and how soon memberships and feeds have them
    Stream(events::StreamArguments),
    /// How many bytes a second are read, and how many this memory reads
    Roofline(Size),
    /// Seconds to load a Parquet file
    Load(Size),
    /// Bytes per profile of every field
    Memory(Size),
    /// Seconds to take checkpoints, and from the start of a process to its first count, beside DuckDB
    Restart(restart::RestartArguments),
    /// Seconds to freeze many audiences in one pass, beside previewing each
    Snapshots(snapshots::SnapshotsArguments),
    /// How fast changes are kept: single ones by many clients beside one sync a change, batches, an import
    Writes(writes::WritesArguments),
    /// How long until a change of one profile is in all memberships and feeds
    Feed(feed::FeedArguments),
    /// How long previews take while single profiles change, beside the same while nothing does
    Live(live::LiveArguments),
    /// Requests a second of the built server, beside an empty handler
    Http(http::HttpArguments),
    /// What one tenant's previews notice of another tenant's flood of heavy questions
    Flood(flood::FloodArguments),
    /// How long everything else takes that the built server is asked: dashboards, diffs, gates, overlaps, look-alikes
    Questions(http::questions::QuestionsArguments),
    /// Draw the result of `peers --json` as SVG to standard output
    Report {
        /// The JSON document
        file: PathBuf,
    },
}

#[derive(Debug, clap::Args)]
struct Size {
    /// How many profiles
    #[arg(long, default_value_t = 1_000_000)]
    profiles: u64,
    /// Threads that evaluate
    #[arg(long, default_value_t = 2)]
    threads: usize,
    /// Rows as they come, not laid side by side with others like them
    #[arg(long)]
    arrival: bool,
}

impl Size {
    fn row_order(&self) -> RowOrder {
        if self.arrival { RowOrder::Arrival } else { RowOrder::Clustered }
    }
}

/// What went wrong, in words for the person at the terminal.
#[derive(Debug)]
pub(crate) struct Failure(pub(crate) String);

impl<E: std::error::Error> From<E> for Failure {
    fn from(error: E) -> Self {
        Self(error.to_string())
    }
}

impl fmt::Display for Failure {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

fn main() -> ExitCode {
    let done = match Arguments::parse().what {
        What::Peers(arguments) => with_threads(arguments.threads).and_then(|()| peers::run(&arguments)),
        What::Latency(arguments) => with_threads(arguments.size.threads).and_then(|()| latency::run(&arguments)),
        What::Distribution(size) => with_threads(size.threads).and_then(|()| distribution::run(&size)),
        What::Overlap(size) => with_threads(size.threads).and_then(|()| overlap::run(&size)),
        What::Matching(size) => with_threads(size.threads).and_then(|()| matching::run(&size)),
        What::Events(arguments) => with_threads(arguments.threads).and_then(|()| events::run(&arguments)),
        What::Stream(arguments) => with_threads(arguments.events.threads).and_then(|()| events::stream(&arguments)),
        What::Roofline(size) => with_threads(size.threads).and_then(|()| roofline::run(&size)),
        What::Load(size) => with_threads(size.threads).and_then(|()| storage::load(&size)),
        What::Memory(size) => with_threads(size.threads).and_then(|()| storage::memory(&size)),
        What::Restart(arguments) => with_threads(arguments.size.threads).and_then(|()| restart::run(&arguments)),
        What::Snapshots(arguments) => with_threads(arguments.size.threads).and_then(|()| snapshots::run(&arguments)),
        What::Writes(arguments) => writes::run(&arguments),
        What::Feed(arguments) => with_threads(arguments.size.threads).and_then(|()| feed::run(&arguments)),
        What::Live(arguments) => with_threads(arguments.size.threads).and_then(|()| live::run(&arguments)),
        What::Questions(arguments) => http::questions::run(&arguments),
        What::Http(arguments) => http::run(&arguments),
        What::Flood(arguments) => flood::run(&arguments),
        What::Report { file } => chart::run(&file),
    };
    match done {
        Ok(()) => ExitCode::SUCCESS,
        Err(failure) => {
            eprintln!("muster-bench: {failure}");
            ExitCode::FAILURE
        }
    }
}

fn with_threads(threads: usize) -> Result<(), Failure> {
    Ok(rayon::ThreadPoolBuilder::new().num_threads(threads).build_global()?)
}
