//! `muster backup` and `muster restore`: a second place for what a data directory holds, and the way back.

use std::path::{Path, PathBuf};
use std::sync::Arc;

use clap::Args;
use muster_engine::error::{Error, Result};
use muster_engine::store::LogSizes;
use muster_engine::tenant::Tenant;

use super::{Failure, print, progress, store};
use crate::backup::{BackupReport, Progress, back_up, restore as bring_back};
use crate::clock;
use crate::feed::Earlier;

/// What to back up, and where to.
#[derive(Debug, Args)]
pub(crate) struct BackupArguments {
    /// The data directory; no server may be using it
    #[arg(long)]
    data: PathBuf,
    /// The directory for backups, made if there is none: each backup is a directory in it, what is there already is not
    /// copied again
    #[arg(long)]
    to: PathBuf,
    /// Print the report as JSON
    #[arg(long)]
    json: bool,
}

/// What to bring back, and where to.
#[derive(Debug, Args)]
pub(crate) struct RestoreArguments {
    /// A backup, or the directory for backups: the newest in it
    #[arg(long)]
    from: PathBuf,
    /// The data directory to be made; it must be empty or not there
    #[arg(long)]
    data: PathBuf,
    /// Print the report as JSON
    #[arg(long)]
    json: bool,
}

pub(crate) fn backup(arguments: &BackupArguments) -> std::result::Result<(), Failure> {
    let disk = store::known(&arguments.data, "muster backup", "POST /api/backup")?;
    let bar = progress::records("recovering");
    let (tenant, _) = Tenant::open(Arc::new(disk), LogSizes::default(), &mut |records| bar.set_position(records))?;
    bar.finish_and_clear();
    let (data, earlier) = (&arguments.data, Earlier::open(&arguments.data)?);
    let made =
        with_bar("copying", |progress| back_up(&tenant, earlier.feed(), data, &arguments.to, clock::now(), progress));
    tell(&made?, arguments.json, |report| {
        format!(
            "{} holds all changes up to record {}: {} profiles, {} files of {} MB, {} MB of them copied now",
            report.directory.display(),
            report.lsn,
            report.profiles,
            report.files,
            report.bytes >> 20,
            report.bytes_copied >> 20
        )
    })
}

pub(crate) fn restore(arguments: &RestoreArguments) -> std::result::Result<(), Failure> {
    let restored = with_bar("copying", |progress| bring_back(&arguments.from, &arguments.data, progress));
    let restored = restored.map_err(|error| match error {
        Error::Conflict(_) | Error::NotFound(_) => Failure::Usage(error.to_string()),
        other => other.into(),
    })?;
    tell(&restored, arguments.json, |report| {
        format!(
            "{} is as it was at {}: {} profiles, all changes up to record {}, {} files of {} MB; whoever was erased since \
             is in it again",
            Path::display(&report.directory),
            report.made_at,
            report.profiles,
            report.lsn,
            report.files,
            report.bytes >> 20
        )
    })
}

fn with_bar<T>(what: &'static str, work: impl FnOnce(Progress<'_>) -> Result<T>) -> Result<T> {
    let bar = progress::bytes(what);
    let done = work(&mut |bytes, total| {
        bar.set_length(total);
        bar.set_position(bytes);
    });
    bar.finish_and_clear();
    done
}

fn tell(
    report: &BackupReport,
    as_json: bool,
    in_words: impl FnOnce(&BackupReport) -> String,
) -> std::result::Result<(), Failure> {
    if as_json { print(&serde_json::to_string_pretty(report)?) } else { print(&in_words(report)) }
}
