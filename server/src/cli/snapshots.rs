//! `muster snapshot` and `muster export`: audiences of a data directory frozen, and snapshots of it written to files.

use std::fs::File;
use std::io::{self, BufWriter};
use std::path::{Path, PathBuf};

use clap::{Args, ValueEnum};
use muster_engine::error::Error;
use muster_engine::id::{AudienceId, SnapshotId};
use muster_engine::snapshot::Snapshot;
use muster_engine::tenant::{SnapshotOrder, State, Terms};
use muster_engine::time::Timestamp;
use serde_json::json;

use super::store::open_known;
use super::{Failure, print, progress};
use crate::api::snapshot_json;
use crate::clock::{self, Stopwatch};
use crate::export::{Export, ExportFormat, Formulas, fields_named};

/// What to freeze.
#[derive(Debug, Args)]
pub(crate) struct SnapshotArguments {
    /// The data directory; no server may be using it
    #[arg(long)]
    data: PathBuf,
    /// Freeze every audience, all in one pass
    #[arg(long)]
    all: bool,
    /// Freeze this one, by its name or number; may be given several times
    #[arg(long)]
    audience: Vec<String>,
    /// The instant to evaluate for, such as 2018-01-01T00:00:00Z; the present one when left out
    #[arg(long)]
    now: Option<String>,
    /// Freeze audiences too that are everybody because they have no include key
    #[arg(long)]
    confirm_everyone: bool,
    /// Print the snapshots as JSON
    #[arg(long)]
    json: bool,
}

/// What to write, and how.
#[derive(Debug, Args)]
pub(crate) struct ExportArguments {
    /// The number of the snapshot
    snapshot: u64,
    /// The data directory; no server may be using it
    #[arg(long)]
    data: PathBuf,
    /// The format; otherwise what the name of the output ends in, and CSV where that says nothing
    #[arg(long, value_enum)]
    format: Option<FormatName>,
    /// The file to write; standard output when left out
    #[arg(long)]
    output: Option<PathBuf>,
    /// Names of fields with commas between them; all fields when left out
    #[arg(long)]
    fields: Option<String>,
    /// Write texts of a CSV as they are, also those that a spreadsheet would take for formulas
    #[arg(long)]
    keep_formulas: bool,
    /// Print what was written as JSON; the output must be a file then
    #[arg(long, requires = "output")]
    json: bool,
}

/// [`ExportFormat`] as it is written on the command line.
#[derive(Debug, Clone, Copy, ValueEnum)]
enum FormatName {
    Csv,
    Ndjson,
    Parquet,
}

impl FormatName {
    fn format(self) -> ExportFormat {
        match self {
            Self::Csv => ExportFormat::Csv,
            Self::Ndjson => ExportFormat::Ndjson,
            Self::Parquet => ExportFormat::Parquet,
        }
    }
}

pub(crate) fn snapshot(arguments: &SnapshotArguments) -> Result<(), Failure> {
    let created = clock::now();
    let now = match &arguments.now {
        None => created,
        Some(text) => Timestamp::parse(text).ok_or_else(|| {
            Failure::Usage(format!("--now takes a time such as 2018-01-01T00:00:00Z, not \"{text}\""))
        })?,
    };
    let tenant = open_known(&arguments.data, "muster snapshot", "POST /api/snapshots/batch")?;
    let audiences = wanted(arguments, &tenant.state())?;
    let bar = progress::audiences("freezing", audiences.len() as u64);
    let order = SnapshotOrder { audiences, now, created, confirm_everyone: arguments.confirm_everyone };
    let watch = Stopwatch::start();
    let taken = tenant.snapshot(&order, Terms::default(), &mut |done| bar.set_position(done));
    bar.finish_and_clear();
    let seconds = watch.elapsed().as_secs_f64();
    let ids = taken.map_err(|error| match error {
        Error::Invalid(problems) if problems.iter().any(|problem| problem.code == "everyone") => {
            let error = Error::Invalid(problems);
            Failure::Usage(format!("{error}\nsay --confirm-everyone to freeze them all the same"))
        }
        other => other.into(),
    })?;
    let state = tenant.state();
    let found = ids.iter().map(|id| state.snapshots.get(*id).map(|(snapshot, _)| snapshot));
    let found = found.collect::<Result<Vec<_>, _>>()?;
    if arguments.json {
        let items: Vec<_> = found.iter().map(|snapshot| snapshot_json(snapshot)).collect();
        return print(&json!({"taken": ids.len(), "seconds": seconds, "items": items}).to_string());
    }
    let line = |snapshot: &&std::sync::Arc<Snapshot>| {
        format!("{:>8} {:>12}  {}  {}", snapshot.id, snapshot.count, &snapshot.digest.to_string()[..12], snapshot.name)
    };
    let mut lines: Vec<String> = found.iter().map(line).collect();
    lines.push(format!("{} snapshots of {now} in {seconds:.2} s", ids.len()));
    print(&lines.join("\n"))
}

fn wanted(arguments: &SnapshotArguments, state: &State) -> Result<Vec<AudienceId>, Failure> {
    if arguments.all != arguments.audience.is_empty() {
        return Err(Failure::Usage("say either --all or --audience with a name".into()));
    }
    if arguments.all {
        return Ok(state.audiences.iter().map(|audience| audience.id).collect());
    }
    let find = |name: &String| {
        let by_name = state.audiences.iter().find(|audience| audience.name == *name);
        let by_id = || name.parse().ok().and_then(|id| state.audiences.get(AudienceId(id)).ok());
        let found = by_name.or_else(by_id).map(|audience| audience.id);
        found.ok_or_else(|| Failure::Usage(format!("there is no audience \"{name}\"")))
    };
    arguments.audience.iter().map(find).collect()
}

pub(crate) fn export(arguments: &ExportArguments) -> Result<(), Failure> {
    let format = match (arguments.format, arguments.output.as_deref().and_then(Path::extension)) {
        (Some(name), _) => name.format(),
        (None, Some(ending)) => ExportFormat::named(&ending.to_string_lossy())
            .map_err(|error| Failure::Usage(format!("{error}; say it with --format")))?,
        (None, None) => ExportFormat::Csv,
    };
    let tenant = open_known(&arguments.data, "muster export", "GET /api/snapshots/{id}/export")?;
    let state = tenant.state();
    let fields =
        fields_named(arguments.fields.as_deref(), &state).map_err(|error| Failure::Usage(error.to_string()))?;
    let rows = state.snapshots.get(SnapshotId(arguments.snapshot))?.0.rows(state.view.live())?;
    let formulas = if arguments.keep_formulas { Formulas::Kept } else { Formulas::Quoted };
    let total = rows.len();
    let bar = progress::rows("writing", Some(total));
    let export = Export { state, rows, fields, format, formulas };
    let Some(path) = &arguments.output else {
        let written = export.write(BufWriter::new(io::stdout()), &mut |rows| bar.set_position(rows));
        return match written {
            Err(error) if error.kind() != io::ErrorKind::BrokenPipe => Err(error.into()),
            _ => Ok(()),
        };
    };
    write_whole(path, |file| export.write(BufWriter::new(file), &mut |rows| bar.set_position(rows)))
        .map_err(|error| format!("{}: {error}", path.display()))?;
    bar.finish_and_clear();
    if arguments.json {
        return print(&json!({"rows": total, "format": format.name(), "output": path}).to_string());
    }
    print(&format!("{total} members written to {}", path.display()))
}

/// A file that has its name only when it is whole.
fn write_whole(path: &Path, write: impl FnOnce(&File) -> io::Result<()>) -> io::Result<()> {
    let folder = path.parent().filter(|folder| !folder.as_os_str().is_empty()).unwrap_or(Path::new("."));
    let file = tempfile::NamedTempFile::new_in(folder)?;
    write(file.as_file())?;
    file.as_file().sync_all()?;
    file.persist(path)?;
    Ok(())
}
