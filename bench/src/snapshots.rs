//! How long it takes to freeze many audiences at once, beside previewing each of them.
//!
//! Audiences are drawn from a seed: segments are the canonical rules, of which each audience includes one to four and
//! excludes up to two. Digests of some are compared with those of their previews, and with a second pass.

use std::io;
use std::path::Path;
use std::sync::Arc;

use clap::Args;
use muster::export::{Export, ExportFormat, Formulas, fields_named};
use muster_data::population::DEFAULT_NOW;
use muster_data::random::Random;
use muster_engine::audience::{Definition, IncludeMatch, Moment, SegmentChoice, evaluate};
use muster_engine::block::to_portable;
use muster_engine::cache::Cache;
use muster_engine::command::{Command, Outcome, SegmentContent};
use muster_engine::id::{AudienceId, SegmentId};
use muster_engine::snapshot::Digest;
use muster_engine::store::{Directory, LogSizes};
use muster_engine::tenant::{SnapshotOrder, State, Tenant, Terms};
use serde_json::{Value as Json, json};

use crate::clock::timed;
use crate::document::{percentile, rounded};
use crate::machine;
use crate::workload::{load_into, parquet, queries};
use crate::{Failure, Size};

/// The seed of the audiences.
const SEED: u64 = 2_026;

/// Audiences that are previewed without any memory of earlier questions.
const COLD_PREVIEWS: usize = 100;

/// What to measure.
#[derive(Debug, Args)]
pub(crate) struct SnapshotsArguments {
    #[command(flatten)]
    pub(crate) size: Size,
    /// How many audiences
    #[arg(long, default_value_t = 1_000)]
    audiences: usize,
}

pub(crate) fn run(arguments: &SnapshotsArguments) -> Result<(), Failure> {
    std::fs::create_dir_all(machine::scratch())?;
    let scratch = tempfile::tempdir_in(machine::scratch())?;
    let tenant = open(scratch.path())?;
    let profiles = arguments.size.profiles;
    load_into(&tenant, &parquet(profiles)?, arguments.size.row_order())?;
    let audiences = prepare(&tenant, profiles, arguments.audiences)?;
    let state = tenant.state();
    let (cold, digests) = previews(&state, &audiences, COLD_PREVIEWS, || Arc::new(Cache::default()))?;
    let (warm, _) = previews(&state, &audiences, audiences.len(), || state.cache.clone())?;
    let mut passes = Vec::new();
    for pass in 0..3 {
        let order = SnapshotOrder {
            audiences: audiences.clone(),
            now: DEFAULT_NOW,
            created: DEFAULT_NOW,
            confirm_everyone: false,
        };
        let (taken, seconds) = timed(|| tenant.snapshot(&order, Terms::default(), &mut |_| {}));
        let state = tenant.state();
        let found = taken?.into_iter().map(|id| Ok(state.snapshots.get(id)?.0.digest));
        let found: Vec<Digest> = found.collect::<Result<_, muster_engine::error::Error>>()?;
        if !found.iter().zip(&digests).all(|(digest, wanted)| digest == wanted) {
            return Err(Failure("a snapshot has other members than the preview".into()));
        }
        eprintln!("pass {pass}: {seconds:.3} s");
        passes.push(seconds);
    }
    let batch_s = percentile(&passes, 0.5).unwrap_or(f64::NAN);
    let each_ms = 1e3 * batch_s / audiences.len().max(1) as f64;
    let median_ms = |seconds: &[f64]| rounded(1e3 * percentile(seconds, 0.5).unwrap_or(f64::NAN));
    let members: u64 = tenant.state().snapshots.iter().map(|snapshot| snapshot.count).sum();
    let document = json!({
        "profiles": profiles,
        "audiences": audiences.len(),
        "machine": machine::describe(),
        "commit": machine::commit(),
        "batch_s": rounded(batch_s),
        "batch_s_of_each": passes.iter().map(|s| rounded(*s)).collect::<Vec<_>>(),
        "batch_ms_an_audience": rounded(each_ms),
        "preview_ms_cold": median_ms(&cold),
        "preview_ms": median_ms(&warm),
        "all_previews_s": rounded(warm.iter().sum()),
        "members": members / passes.len() as u64,
        "bytes_on_disk": bytes_of(scratch.path())? / passes.len() as u64,
        "exports": exports(&tenant.state())?,
    });
    println!("{document:#}");
    Ok(())
}

fn open(folder: &Path) -> Result<Tenant, Failure> {
    let disk = Directory::open(folder, "muster-bench")?;
    Ok(Tenant::open(Arc::new(disk), LogSizes::default(), &mut |_| {})?.0)
}

/// Saves the rules as segments and draws audiences.
fn prepare(tenant: &Tenant, profiles: u64, count: usize) -> Result<Vec<AudienceId>, Failure> {
    let mut segments = Vec::new();
    for (number, query) in queries(tenant, profiles)?.into_iter().enumerate() {
        let (name, description) = (format!("segment {number}"), String::new());
        let content = SegmentContent::Rule(query.rule);
        let put = Command::PutSegment { id: None, name, description, content, now: DEFAULT_NOW };
        segments.push(SegmentId(tenant.apply(put)?.id()?));
    }
    let mut random = Random::new(SEED, 0);
    let mut draw = |least: u64, most: u64| -> Vec<SegmentChoice> {
        let count = least + random.below(most - least + 1);
        let one = |id: SegmentId| SegmentChoice { id, key: id.to_string() };
        (0..count).map(|_| one(segments[random.below(segments.len() as u64) as usize])).collect()
    };
    let mut audiences = Vec::new();
    for number in 0..count {
        let include_match = if number % 4 == 0 { IncludeMatch::All } else { IncludeMatch::Any };
        let (include_segments, exclude_segments) = (Some(draw(1, 4)), draw(0, 2));
        let definition = Definition { include_match, include_segments, exclude_segments, ..Definition::default() };
        let (name, description) = (format!("audience {number}"), String::new());
        let put = Command::PutAudience { id: None, name, description, definition, now: DEFAULT_NOW };
        let Outcome::Audience(id) = tenant.apply(put)? else { return Err(Failure("no audience was saved".into())) };
        audiences.push(id);
    }
    Ok(audiences)
}

/// Previews some audiences, one after the other: seconds of each, and their digests.
fn previews(
    state: &State,
    audiences: &[AudienceId],
    count: usize,
    cache: impl Fn() -> Arc<Cache>,
) -> Result<(Vec<f64>, Vec<Digest>), Failure> {
    let (mut seconds, mut digests) = (Vec::new(), Vec::new());
    for id in audiences.iter().take(count) {
        let audience = state.audiences.get(*id)?;
        let kept = cache();
        let moment = Moment { cache: &kept, ..state.at(DEFAULT_NOW) };
        let (preview, took) = timed(|| evaluate(audience.into(), 0, &moment));
        seconds.push(took);
        digests.push(Digest::of(&to_portable(&preview?.rows)));
    }
    Ok((seconds, digests))
}

/// Bytes of all files of snapshots.
fn bytes_of(folder: &Path) -> Result<u64, Failure> {
    let mut bytes = 0;
    for entry in std::fs::read_dir(folder)? {
        let entry = entry?;
        if entry.file_name().to_string_lossy().ends_with(".snapshots") {
            bytes += entry.metadata()?.len();
        }
    }
    Ok(bytes)
}

/// Rows a second of the median snapshot in each format, all fields.
fn exports(state: &Arc<State>) -> Result<Json, Failure> {
    let mut all: Vec<_> = state.snapshots.iter().filter(|snapshot| snapshot.count > 0).collect();
    all.sort_by_key(|snapshot| snapshot.count);
    let Some(snapshot) = all.get(all.len() / 2) else { return Ok(Json::Null) };
    let (rows, fields) = (snapshot.rows(state.view.live())?, fields_named(None, state)?);
    let mut speeds = json!({ "rows": rows.len() });
    for format in [ExportFormat::Csv, ExportFormat::Ndjson, ExportFormat::Parquet] {
        let (state, rows, fields) = (state.clone(), rows.clone(), fields.clone());
        let export = Export { state, rows, fields, format, formulas: Formulas::default() };
        let (written, seconds) = timed(|| export.write(io::sink(), &mut |_| {}));
        written?;
        speeds[format.name()] = json!((snapshot.count as f64 / seconds).round());
    }
    Ok(speeds)
}
