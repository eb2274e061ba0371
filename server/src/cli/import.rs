//! `muster import --data DIR`: bring files of profiles and of events into a data directory that no server is using.

use std::fs::File;
use std::path::{Path, PathBuf};

use clap::Args;
use muster_engine::event::EventTerms;
use muster_engine::tenant::{Tenant, Terms};
use serde_json::{Map, Value as Json};

use super::load::{ReadArguments, read_into};
use super::store::{open_known, open_made};
use super::{Failure, print, progress};
use crate::api::{import_json, report_json};
use crate::clock::{self, Stopwatch};
use crate::load_events::{EventLoad, EventLoadReport, load_events};
use crate::source::Format;

/// What to bring in, and where it is kept.
#[derive(Debug, Args)]
pub(crate) struct ImportArguments {
    /// The data directory; made if there is none. No server may be using it: one that runs has POST /api/profiles/import
    /// and POST /api/events/import
    #[arg(long)]
    data: PathBuf,
    /// A file of profiles: NDJSON, CSV, Parquet or Arrow IPC, by its extension
    #[arg(long, required_unless_present = "events")]
    profiles: Option<PathBuf>,
    /// A file of events, one a row: event_id, profile_id, type, time, amount, and properties as columns of their own
    #[arg(long)]
    events: Option<PathBuf>,
    #[command(flatten)]
    ids: ReadArguments,
    /// The column of a profile's id in the file of events
    #[arg(long, default_value = "profile_id")]
    event_id_field: String,
    /// Refuse events of people who have no profile, instead of making one
    #[arg(long)]
    known_only: bool,
    /// Print the reports as JSON
    #[arg(long)]
    json: bool,
}

pub(crate) fn import(arguments: &ImportArguments) -> Result<(), Failure> {
    let route = "POST /api/events/import";
    let tenant = if arguments.data.is_dir() {
        open_known(&arguments.data, "muster import", route)?
    } else {
        open_made(&arguments.data, "muster import")?
    };
    let mut reports = Map::new();
    let mut lines = Vec::new();
    if let Some(path) = &arguments.profiles {
        let report = read_into(&tenant, path, &arguments.ids)?;
        lines.push(format!("{} profiles in {}, {} rows rejected", report.rows, path.display(), report.rejects.total));
        reports.insert("profiles".into(), report_json(&report));
    }
    if let Some(path) = &arguments.events {
        let watch = Stopwatch::start();
        let taken = EventTerms { creates_profiles: !arguments.known_only, now: clock::now() };
        let report = events_into(&tenant, path, &arguments.event_id_field, taken)?;
        lines.extend(describe(&report, watch.elapsed().as_secs_f64()));
        reports.insert("events".into(), import_json(&report));
    }
    // So that the next start need not read the log.
    tenant.checkpoint_erasing(&clock::now)?;
    print(&if arguments.json { format!("{:#}", Json::Object(reports)) } else { lines.join("\n") })
}

/// Rejected rows that are shown; `--json` lists more.
const REJECTED_SHOWN_MAX: usize = 20;

fn describe(report: &EventLoadReport, seconds: f64) -> Vec<String> {
    let counts = &report.counts;
    let mut lines = vec![format!(
        "{} events read in {seconds:.2} s: {} new, {} known already, {} rejected; {} profiles made",
        report.rows,
        counts.accepted,
        counts.duplicates,
        counts.refused_total + report.rejects.total,
        counts.profiles_created
    )];
    for row in report.rejects.listed.iter().take(REJECTED_SHOWN_MAX) {
        lines.extend(row.errors.iter().map(|problem| format!("  row {}: {problem}", row.row)));
    }
    lines
}

/// Loads a file of events into a tenant, with a progress bar.
pub(crate) fn events_into(
    tenant: &Tenant,
    path: &Path,
    id_field: &str,
    taken: EventTerms,
) -> Result<EventLoadReport, Failure> {
    let name = path.to_string_lossy();
    let format = Format::from_file_name(&name).map_err(|error| Failure::Usage(error.to_string()))?;
    let file = File::open(path).map_err(|error| format!("{name}: {error}"))?;
    let bar = progress::rows("reading", None);
    let load = EventLoad { format, id_field: Some(id_field.to_owned()), taken, terms: Terms::default() };
    let report = load_events(tenant, &file, &load, &mut |rows| bar.set_position(rows));
    bar.finish_and_clear();
    Ok(report.map_err(|error| format!("{name}: {error}"))?)
}
