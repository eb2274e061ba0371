//! `muster load FILE`: read a file of profiles and report on every row.

use std::fs::File;
use std::path::{Path, PathBuf};

use clap::{Args, ValueEnum};
use muster_engine::table::{ImportMode, RowOrder};
use muster_engine::tenant::{Tenant, Terms};

use super::{Failure, print, progress};
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
    ids: ReadArguments,
    /// Print the report as JSON
    #[arg(long)]
    json: bool,
}

/// Where the ids are, and how rows are laid.
#[derive(Debug, Args)]
pub(crate) struct ReadArguments {
    /// The column of the external id; otherwise the first there is of id, customer_id, profile_id, user_id, household_id
    #[arg(long)]
    id_field: Option<String>,
    /// How the rows of many profiles are laid: alike ones side by side, which is faster to ask, or as they come
    #[arg(long, value_enum, default_value_t = Layout::Clustered)]
    row_order: Layout,
}

/// [`RowOrder`] as it is written on the command line.
#[derive(Debug, Clone, Copy, ValueEnum)]
enum Layout {
    Clustered,
    Arrival,
}

impl Layout {
    fn order(self) -> RowOrder {
        match self {
            Self::Clustered => RowOrder::Clustered,
            Self::Arrival => RowOrder::Arrival,
        }
    }
}

/// Rejected rows that are shown; `--json` lists more.
const REJECTED_SHOWN_MAX: usize = 20;

/// Columns that hold the id when nobody says which one does.
const ID_COLUMNS: [&str; 5] = ["id", "customer_id", "profile_id", "user_id", "household_id"];

pub(crate) fn load(arguments: &LoadArguments) -> Result<(), Failure> {
    let tenant = Tenant::default();
    let watch = Stopwatch::start();
    let report = read_into(&tenant, &arguments.file, &arguments.ids)?;
    if arguments.json {
        return print(&format!("{:#}", report_json(&report)));
    }
    print(&describe(&tenant, &report, watch.elapsed().as_secs_f64()))
}

fn describe(tenant: &Tenant, report: &LoadReport, seconds: f64) -> String {
    let mut lines = vec![
        format!("{} rows read in {seconds:.2} s", report.rows),
        format!(
            "{} profiles, {} rows rejected, {} rows replaced by a later one",
            report.inserted, report.rejects.total, report.duplicates_total
        ),
    ];
    for row in report.rejects.listed.iter().take(REJECTED_SHOWN_MAX) {
        lines.extend(row.errors.iter().map(|problem| format!("  row {}: {problem}", row.row)));
    }
    let state = tenant.state();
    let fields = state.view.schema().fields();
    lines.push(format!("{} fields, {} MiB of columns and indexes", fields.len(), state.view.bytes() >> 20));
    lines.extend(fields.iter().map(|field| format!("  {:<24} {}", field.name, field.kind)));
    lines.join("\n")
}

/// Loads a file into a tenant, with a progress bar.
pub(crate) fn read_into(tenant: &Tenant, path: &Path, ids: &ReadArguments) -> Result<LoadReport, Failure> {
    let name = path.to_string_lossy();
    let format = Format::from_file_name(&name).map_err(|error| Failure::Usage(error.to_string()))?;
    let file = File::open(path).map_err(|error| format!("{name}: {error}"))?;
    let id_field = match &ids.id_field {
        Some(name) => name.clone(),
        None => guess_id_field(&file, format)?,
    };
    let bar = progress::rows("reading", None);
    let options = LoadOptions {
        format,
        id_field: Some(id_field),
        infer: true,
        mode: ImportMode::Replace,
        row_order: ids.row_order.order(),
        terms: Terms::default(),
    };
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
