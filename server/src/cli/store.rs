//! `muster verify` and `muster repair`: what a data directory holds, and what to do when it is damaged. Opening one for
//! the server is here as well.

use std::path::{Path, PathBuf};
use std::sync::Arc;

use clap::Args;
use muster_engine::engine::Engine;
use muster_engine::store::{Cut, Directory, LogSizes, repair_log};
use muster_engine::tenant::Tenant;
use tracing::{info, warn};

use super::{Failure, print, progress};
use crate::clock::Stopwatch;

/// The number of the first record of every log.
const FIRST_RECORD: u64 = 1;

/// What to check.
#[derive(Debug, Args)]
pub(crate) struct VerifyArguments {
    /// The data directory; no server may be using it
    #[arg(long)]
    data: PathBuf,
}

/// What to repair.
#[derive(Debug, Args)]
pub(crate) struct RepairArguments {
    /// The data directory; no server may be using it
    #[arg(long)]
    data: PathBuf,
    /// Keep everything before the first damage and lose all changes after it; what is cut is put aside, not deleted
    #[arg(long)]
    to_last_good: bool,
}

/// An engine that keeps everything in a directory.
pub(super) fn open(path: &Path) -> Result<Engine, Failure> {
    let disk = directory(path, "muster serve")?;
    let watch = Stopwatch::start();
    let bar = progress::records("recovering");
    let (engine, report) = Engine::open(Arc::new(disk), &mut |records| bar.set_position(records))?;
    bar.finish_and_clear();
    if let Some(cut) = &report.cut {
        warn!("{}", torn(cut));
    }
    info!(records = report.records, segments = report.segments, seconds = watch.elapsed().as_secs_f64(), "recovered");
    Ok(engine)
}

fn directory(path: &Path, purpose: &str) -> Result<Directory, Failure> {
    Ok(Directory::open(path, &format!("{purpose}, process {}", std::process::id()))?)
}

/// A directory that is there already.
fn known(path: &Path, purpose: &str) -> Result<Directory, Failure> {
    if !path.is_dir() {
        return Err(Failure::Usage(format!("there is no data directory {}", path.display())));
    }
    directory(path, purpose)
}

fn torn(cut: &Cut) -> String {
    let Cut { file, offset, bytes } = cut;
    format!(
        "{file} ends at byte {offset} with {bytes} bytes of a write that a crash interrupted and nobody was told of"
    )
}

pub(crate) fn verify(arguments: &VerifyArguments) -> Result<(), Failure> {
    let disk = known(&arguments.data, "muster verify")?;
    let bar = progress::records("reading");
    let (state, report) = Tenant::read(&disk, LogSizes::default(), &mut |records| bar.set_position(records))?;
    bar.finish_and_clear();
    state.view.verify()?;
    let mut text = format!(
        "the log is good: {} records in {} files\n{} profiles, {} fields, data version {}; every index agrees with its column",
        report.records,
        report.segments,
        state.view.live().len(),
        state.view.schema().fields().len(),
        state.version
    );
    if let Some(cut) = &report.cut {
        text += &format!("\n{}; the next start cuts it off", torn(cut));
    }
    print(&text)
}

pub(crate) fn repair(arguments: &RepairArguments) -> Result<(), Failure> {
    if !arguments.to_last_good {
        let message = "say --to-last-good to keep everything before the first damage and lose all changes after it; \
                       muster verify says where that is";
        return Err(Failure::Usage(message.into()));
    }
    let disk = known(&arguments.data, "muster repair")?;
    let Some(repaired) = repair_log(&disk, FIRST_RECORD, LogSizes::default())? else {
        return print("there is no damage; nothing was changed");
    };
    let mut text = format!(
        "{}\ncut: record {} and all after it are lost, {} of them were readable",
        repaired.damage, repaired.lost_from, repaired.lost_readable
    );
    for file in &repaired.kept_in {
        text += &format!("\nwhat was cut is in {}", arguments.data.join(file).display());
    }
    print(&text)
}
