//! `muster load FILE`: read a file of profiles and report on every row.

use std::fs::File;
use std::path::{Path, PathBuf};

use clap::Args;
use muster_engine::table::ImportMode;
use muster_engine::tenant::Tenant;

use super::{Failure, progress};
use crate::api::report_json;
use crate::clock::Stopwatch;
use crate::load::{LoadOptions, LoadReport, load as load_file};
use crate::source::Format;

/// Which file, and how to read it.
#[derive(Debug, Args)]
pub(crate) struct LoadArguments {
    /// NDJSON, CSV, Parquet or Arrow IPC, by its extension (.ndjson .csv .parquet .arrows .arrow)
    file: PathBuf,
    #[command(flatten)]
    ids: IdArguments,
    /// Print the report as JSON
    #[arg(long)]
    json: bool,
}

/// Where the ids are.
#[derive(Debug, Args)]
pub(crate) struct IdArguments {
    /// The column of the external id; otherwise the first there is of id, customer_id, profile_id, user_id, household_id
    #[arg(long)]
    id_field: Option<String>,
}

/// Columns that hold the id when nobody says which one does.
const ID_COLUMNS: [&str; 5] = ["id", "customer_id", "profile_id", "user_id", "household_id"];

pub(crate) fn load(arguments: &LoadArguments) -> Result<(), Failure> {
    let tenant = Tenant::default();
    let watch = Stopwatch::start();
    let report = read_into(&tenant, &arguments.file, &arguments.ids)?;
    if arguments.json {
        println!("{:#}", report_json(&report));
        return Ok(());
    }
    let seconds = watch.elapsed().as_secs_f64();
    println!("{} rows read in {seconds:.2} s", report.rows);
    println!(
        "{} profiles, {} rows rejected, {} rows replaced by a later one",
        report.inserted, report.rejects.total, report.duplicates_total
    );
    for row in report.rejects.listed.iter().take(20) {
        for problem in &row.errors {
            println!("  row {}: {problem}", row.row);
        }
    }
    let state = tenant.state();
    println!("{} fields, {} MiB of columns and indexes", state.view.schema().fields().len(), state.view.bytes() >> 20);
    for field in state.view.schema().fields() {
        println!("  {:<24} {}", field.name, field.kind);
    }
    Ok(())
}

/// Loads a file into a tenant, with a progress bar.
pub(crate) fn read_into(tenant: &Tenant, path: &Path, ids: &IdArguments) -> Result<LoadReport, Failure> {
    let name = path.to_string_lossy();
    let format = Format::from_file_name(&name).map_err(|error| Failure::Usage(error.to_string()))?;
    let file = File::open(path).map_err(|error| format!("{name}: {error}"))?;
    let id_field = match &ids.id_field {
        Some(name) => name.clone(),
        None => guess_id_field(&file, format)?,
    };
    let bar = progress::rows("reading", None);
    let options = LoadOptions { format, id_field: Some(id_field), infer: true, mode: ImportMode::Replace };
    let report = load_file(tenant, &file, &options, &mut |rows| bar.set_position(rows));
    bar.finish_and_clear();
    Ok(report.map_err(|error| format!("{name}: {error}"))?)
}

fn guess_id_field(file: &File, format: Format) -> Result<String, Failure> {
    let columns = crate::source::column_names(file, format)?;
    let known = ID_COLUMNS.iter().find(|known| columns.iter().any(|column| column == *known));
    known.map(|name| (*name).to_owned()).ok_or_else(|| {
        Failure::Usage(format!("which column is the id? say --id-field with one of {}", columns.join(", ")))
    })
}
