//! How long checkpoints take, and how soon a process that starts from one answers its first question.
//!
//! A process of its own is started for each round, so that nothing is at hand but what the system keeps of the files; what
//! the time is made of is in the result.

use std::io::{BufRead, BufReader};
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::sync::Arc;

use clap::Args;
use muster_data::population::DEFAULT_NOW;
use muster_engine::command::Command as Change;
use muster_engine::eval;
use muster_engine::id::Row;
use muster_engine::plan::{SegmentRows, plan};
use muster_engine::schema::Value;
use muster_engine::store::{Directory, LogSizes};
use muster_engine::tenant::{Checkpointed, Tenant};
use serde_json::{Value as Json, json};

use crate::clock::{Stopwatch, timed};
use crate::document::{percentile, rounded};
use crate::machine;
use crate::workload::{load_into, parquet, queries};
use crate::{Failure, Size};

/// Seconds from the start of a process to its first count, at most.
const FIRST_COUNT_S_MAX: f64 = 1.0;

/// What to measure.
#[derive(Debug, Args)]
pub(crate) struct RestartArguments {
    #[command(flatten)]
    pub(crate) size: Size,
    /// Times that a process is started, whose median counts
    #[arg(long, default_value_t = 5, value_parser = clap::value_parser!(u32).range(1..))]
    rounds: u32,
    /// Open this data directory, count once and say so: what every round starts
    #[arg(long, hide = true)]
    answer_from: Option<PathBuf>,
    /// Keep the data directory here and use it again
    #[arg(long)]
    folder: Option<PathBuf>,
}

pub(crate) fn run(arguments: &RestartArguments) -> Result<(), Failure> {
    if let Some(folder) = &arguments.answer_from {
        return answer(folder, arguments.size.profiles);
    }
    std::fs::create_dir_all(machine::scratch())?;
    let scratch = tempfile::tempdir_in(machine::scratch())?;
    let folder = arguments.folder.clone().unwrap_or_else(|| scratch.path().to_owned());
    let is_there = folder.join("lock").exists();
    let (taken, count) = prepare(&folder, &arguments.size, is_there)?;
    let mut rounds = Vec::new();
    for round in 1..=arguments.rounds {
        let (first_count_s, told) = start(&folder, &arguments.size)?;
        if told["count"] != json!(count) {
            return Err(Failure(format!("{count} profiles were counted, {} after a restart", told["count"])));
        }
        eprintln!("round {round}: {first_count_s:.3} s to the first count");
        rounds.push((first_count_s, told));
    }
    let seconds: Vec<f64> = rounds.iter().map(|(seconds, _)| *seconds).collect();
    let median_s = percentile(&seconds, 0.5).unwrap_or(f64::NAN);
    let document = json!({
        "profiles": arguments.size.profiles,
        "machine": machine::describe(),
        "commit": machine::commit(),
        "checkpoint": taken,
        "first_count_s": rounded(median_s),
        "first_count_s_of_each": seconds.iter().map(|s| rounded(*s)).collect::<Vec<_>>(),
        "last_process": rounds.last().map(|(_, told)| told.clone()),
        "target_s": FIRST_COUNT_S_MAX,
        "target_met": median_s <= FIRST_COUNT_S_MAX,
    });
    println!("{document:#}");
    Ok(())
}

fn open(folder: &Path) -> Result<Tenant, Failure> {
    let disk = Directory::open(folder, "muster-bench")?;
    Ok(Tenant::open(Arc::new(disk), LogSizes::default(), &mut |_| {})?.0)
}

/// Fills a directory and takes a checkpoint, then another after one change; says how long that took, and a count.
fn prepare(folder: &Path, size: &Size, is_there: bool) -> Result<(Json, u64), Failure> {
    let (tenant, open_s) = timed(|| open(folder));
    let tenant = tenant?;
    let mut figures = json!({ "open_s": rounded(open_s) });
    if !is_there {
        figures["load_s"] = json!(rounded(load_into(&tenant, &parquet(size.profiles)?, size.row_order())?));
    }
    figures["first"] = checkpoint(&tenant)?;
    let state = tenant.state();
    let id = state.view.id(Row(0)).to_owned();
    let score = state.view.schema().fields().iter().find(|field| field.kind.to_string() == "int");
    let name = score.ok_or_else(|| Failure("the population has no int field".into()))?.name.to_string();
    tenant.apply(Change::PatchProfile { id, changes: vec![(name, Some(Value::Int(1)))] })?;
    figures["after_one_change"] = checkpoint(&tenant)?;
    let count = first_count(&tenant, size.profiles)?;
    Ok((figures, count))
}

fn checkpoint(tenant: &Tenant) -> Result<Json, Failure> {
    let (taken, seconds) = timed(|| tenant.checkpoint());
    let Some(Checkpointed { report, written }) = taken? else { return Ok(Json::Null) };
    Ok(json!({"seconds": rounded(seconds), "files": report.files, "bytes": report.bytes, "bytes_written": written}))
}

/// The first canonical rule, counted.
fn first_count(tenant: &Tenant, profiles: u64) -> Result<u64, Failure> {
    let query = queries(tenant, profiles)?.into_iter().next().ok_or_else(|| Failure("there is no rule".into()))?;
    let state = tenant.state();
    Ok(eval::count(&plan(&query.checked, &state.view, &SegmentRows::new(), DEFAULT_NOW)))
}

/// Starts a process that answers from a directory: seconds until it has, and what it says.
fn start(folder: &Path, size: &Size) -> Result<(f64, Json), Failure> {
    let watch = Stopwatch::start();
    let mut child = Command::new(std::env::current_exe()?)
        .args(["restart", "--profiles", &size.profiles.to_string(), "--threads", &size.threads.to_string()])
        .arg("--answer-from")
        .arg(folder)
        .stdout(Stdio::piped())
        .spawn()?;
    let output = child.stdout.take().ok_or_else(|| Failure("the process has no output".into()))?;
    let mut line = String::new();
    BufReader::new(output).read_line(&mut line)?;
    let seconds = watch.seconds();
    if !child.wait()?.success() {
        return Err(Failure("the process that was started has failed".into()));
    }
    Ok((seconds, serde_json::from_str(&line)?))
}

fn answer(folder: &Path, profiles: u64) -> Result<(), Failure> {
    let (tenant, open_s) = timed(|| open(folder));
    let tenant = tenant?;
    let (count, count_s) = timed(|| first_count(&tenant, profiles));
    println!("{}", json!({"count": count?, "open_s": rounded(open_s), "count_s": rounded(count_s)}));
    // Giving everything back would only take time.
    std::process::exit(0);
}
