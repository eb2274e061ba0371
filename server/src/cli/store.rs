//! `muster verify`, `muster repair` and `muster checkpoint`: what a data directory holds, what to do when it is damaged,
//! and how to make the next start fast. Opening one for
//! the server is here as well.

use std::path::{Path, PathBuf};
use std::sync::Arc;

use clap::Args;
use muster_engine::error::Error;
use muster_engine::store::{Cut, Directory, LogSizes, repair_log};
use muster_engine::tenant::{Checkpointed, Recovery, Tenant};
use tracing::{info, warn};

use super::{Failure, print, progress};
use crate::clock::{self, Stopwatch};
use crate::house::{self, Kept};

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

/// What to take a checkpoint of.
#[derive(Debug, Args)]
pub(crate) struct CheckpointArguments {
    /// The data directory; no server may be using it
    #[arg(long)]
    data: PathBuf,
}

/// What a directory holds, for the server.
pub(super) fn open(path: &Path) -> Result<Kept, Failure> {
    let watch = Stopwatch::start();
    let bar = progress::records("recovering");
    let (kept, Recovery { checkpoint, passed_over, log }) =
        house::open(path, &mut |records| bar.set_position(records))?;
    bar.finish_and_clear();
    if let Some(cut) = &log.cut {
        warn!("{}", torn(cut));
    }
    if let Some(damage) = passed_over {
        warn!("an older checkpoint and the log stood in for a damaged one: {damage}");
    }
    info!(
        checkpoint = checkpoint.lsn,
        megabytes = checkpoint.bytes >> 20,
        records = log.records,
        segments = log.segments,
        seconds = watch.elapsed().as_secs_f64(),
        "recovered"
    );
    if kept.earlier.mark().is_some() && kept.marked.is_none() {
        warn!("the feed of changes begins anew: what it has told of last can no longer be had");
    }
    Ok(kept)
}

/// The tenant of a directory that is made if there is none.
pub(super) fn open_made(path: &Path, purpose: &str) -> Result<Tenant, Failure> {
    let (tenant, _) = Tenant::open(Arc::new(directory(path, purpose, "")?), LogSizes::default(), &mut |_| {})?;
    Ok(tenant)
}

/// The tenant that a directory keeps. `route` is what a server does for those who come second, if it does.
pub(super) fn open_known(path: &Path, purpose: &str, route: &str) -> Result<Tenant, Failure> {
    let disk = known(path, purpose, route)?;
    let bar = progress::records("recovering");
    let (tenant, _) = Tenant::open(Arc::new(disk), LogSizes::default(), &mut |records| bar.set_position(records))?;
    bar.finish_and_clear();
    tenant.set_name(&house::tenant_in(path));
    Ok(tenant)
}

/// Takes a directory. `route` is what a server does for those who come second, if it does.
fn directory(path: &Path, purpose: &str, route: &str) -> Result<Directory, Failure> {
    let taken = Directory::open(path, &format!("{purpose}, process {}", std::process::id()));
    taken.map_err(|error| match &error {
        Error::Storage(problem) if problem.code == "directory_in_use" && !route.is_empty() => {
            Failure::Work(format!("{error}; a server that is running does this itself: {route}"))
        }
        _ => error.into(),
    })
}

/// A directory that is there already.
pub(super) fn known(path: &Path, purpose: &str, route: &str) -> Result<Directory, Failure> {
    if !path.is_dir() {
        return Err(Failure::Usage(format!("there is no data directory {}", path.display())));
    }
    directory(path, purpose, route)
}

fn torn(cut: &Cut) -> String {
    let Cut { file, offset, bytes } = cut;
    format!(
        "{file} ends at byte {offset} with {bytes} bytes of a write that a crash interrupted and nobody was told of"
    )
}

pub(crate) fn verify(arguments: &VerifyArguments) -> Result<(), Failure> {
    let disk = known(&arguments.data, "muster verify", "")?;
    let bar = progress::records("reading");
    let (state, Recovery { checkpoint, passed_over, log: report }) =
        Tenant::read(&disk, LogSizes::default(), &mut |records| bar.set_position(records))?;
    bar.finish_and_clear();
    if let Some(damage) = passed_over {
        return Err(Failure::Work(format!("{damage}; an older checkpoint and the log stand in for it so far")));
    }
    state.view.verify()?;
    let mut text = match checkpoint.lsn {
        0 => "there is no checkpoint\n".to_owned(),
        lsn => format!(
            "the checkpoint is good: {} files of {} MB hold all changes up to record {lsn}\n",
            checkpoint.files,
            checkpoint.bytes >> 20
        ),
    };
    text += &format!(
        "the log is good: {} records in {} files\n{} profiles, {} fields, data version {}; every index agrees with its column, every computed field with what it is made from",
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

pub(crate) fn checkpoint(arguments: &CheckpointArguments) -> Result<(), Failure> {
    let tenant = open_known(&arguments.data, "muster checkpoint", "POST /api/checkpoint")?;
    let Some(Checkpointed { report, written }) = tenant.checkpoint_erasing(&clock::now)? else {
        return print("nothing has changed since the last checkpoint");
    };
    print(&format!(
        "the checkpoint holds all changes up to record {}: {} files of {} MB, {} MB of them written now",
        report.lsn,
        report.files,
        report.bytes >> 20,
        written >> 20
    ))
}

pub(crate) fn repair(arguments: &RepairArguments) -> Result<(), Failure> {
    if !arguments.to_last_good {
        let message = "say --to-last-good to keep everything before the first damage and lose all changes after it; \
                       muster verify says where that is";
        return Err(Failure::Usage(message.into()));
    }
    let disk = known(&arguments.data, "muster repair", "")?;
    let from = Tenant::log_start(&disk)?;
    let Some(repaired) = repair_log(&disk, from, LogSizes::default())? else {
        return print("there is no damage; nothing was changed");
    };
    let mut text = format!(
        "{}\ncut: record {} and all after it are lost, {} of them were readable",
        repaired.damage, repaired.lost_from, repaired.lost_readable
    );
    for file in &repaired.kept_in {
        text += &format!("\nwhat was cut is in {}", arguments.data.join(file).display());
    }
    if !repaired.kept_in.is_empty() {
        text += "\nsuch files go with the first checkpoint after somebody is erased";
    }
    print(&text)
}
