//! How fast changes are kept on a real disk: single changes by many clients beside one sync for every change (appended to a
//! plain file, and to a log of our own, whose room is made beforehand), batches of a thousand, and one import.
//!
//! Everything is measured in the same rounds, one after the other, so that whatever else the disk does disturbs all; the
//! median of the rounds counts. What the same costs without a disk is measured beside it.

use std::fs::File;
use std::io::Write;
use std::path::Path;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use clap::Args;
use muster::source::{fields_of, from_record_batch};
use muster_data::population::{DEFAULT_NOW, Population};
use muster_engine::command::{Command, Entry, Upsert, encode};
use muster_engine::store::{Directory, Log, LogSizes};
use muster_engine::table::{Batch, BatchColumn, ImportMode};
use muster_engine::tenant::{Durability, Tenant, Terms};
use serde_json::{Value as Json, json};

use crate::Failure;
use crate::clock::{Stopwatch, timed};
use crate::document::{percentile, rounded};
use crate::machine;

/// Rows of a batch.
const BATCH_ROWS: usize = 1_000;

/// How many times as fast as one sync a change, appended to a plain file, single changes must be.
const SHARED_SYNC_TIMES_MIN: f64 = 20.0;

/// Rows a second that batches must reach.
const BATCH_ROWS_PER_S_MIN: f64 = 150_000.0;

/// What to measure, and how long.
#[derive(Debug, Args)]
pub(crate) struct WritesArguments {
    /// Profiles that are there before
    #[arg(long, default_value_t = 200_000)]
    profiles: u64,
    /// Clients that change single profiles at the same time
    #[arg(long, default_value_t = 32)]
    clients: usize,
    /// Clients that send batches at the same time
    #[arg(long, default_value_t = 4)]
    batch_clients: usize,
    /// Seconds of each measurement
    #[arg(long, default_value_t = 2.0)]
    seconds: f64,
    /// Rounds, whose median counts
    #[arg(long, default_value_t = 3, value_parser = clap::value_parser!(u32).range(1..))]
    rounds: u32,
}

pub(crate) fn run(arguments: &WritesArguments) -> Result<(), Failure> {
    let folder = machine::scratch();
    std::fs::create_dir_all(&folder)?;
    let folder = tempfile::tempdir_in(folder)?;
    let kept = open(&folder.path().join("tenant"))?;
    let load_s = filled(&kept, 1, arguments.profiles)?;
    let in_memory = Tenant::default();
    let memory_load_s = filled(&in_memory, 1, arguments.profiles)?;
    let material = Material::new(&kept, arguments.profiles)?;
    let mut alone = open_log(&folder.path().join("log"))?;
    let (mut rounds, mut latencies) = (Vec::new(), Vec::new());
    for round in 1..=arguments.rounds {
        let single = |tenant: &Tenant, clients| hammer(tenant, &material.rows, clients, arguments.seconds);
        let batches = |tenant: &Tenant, clients| hammer(tenant, &material.batches, clients, arguments.seconds);
        let plain_file = plain_file(&folder.path().join("plain"), &material, arguments.seconds)?;
        let sync_each = one_sync_each(&mut alone, &material, arguments.seconds)?;
        let (shared, mut times) = single(&kept, arguments.clients)?;
        latencies.append(&mut times);
        let figures = [
            ("plain_file_one_sync_each_per_s", plain_file),
            ("log_one_sync_each_per_s", sync_each),
            ("single_per_s", shared),
            ("single_one_client_per_s", single(&kept, 1)?.0),
            ("single_in_memory_per_s", single(&in_memory, arguments.clients)?.0),
            ("batch_rows_per_s", batches(&kept, arguments.batch_clients)?.0 * BATCH_ROWS as f64),
            ("batch_one_client_rows_per_s", batches(&kept, 1)?.0 * BATCH_ROWS as f64),
            ("batch_in_memory_rows_per_s", batches(&in_memory, arguments.batch_clients)?.0 * BATCH_ROWS as f64),
            ("import_rows_per_s", import(&kept, &material)?),
            ("import_in_memory_rows_per_s", import(&in_memory, &material)?),
            ("times_plain_file", shared / plain_file),
            ("times_log", shared / sync_each),
        ];
        eprintln!(
            "round {round}: {shared:.0} changes a second by {} clients, {plain_file:.0} with a sync each",
            arguments.clients
        );
        rounds.push(figures);
    }
    let median = |index: usize| {
        let values: Vec<f64> = rounds.iter().map(|figures| figures[index].1).collect();
        (rounds[0][index].0.to_owned(), json!(percentile(&values, 0.5).map(rounded)))
    };
    let medians: serde_json::Map<String, Json> = (0..rounds[0].len()).map(median).collect();
    let at_least = |key: &str, least: f64| medians[key].as_f64().is_some_and(|figure| figure >= least);
    let document = json!({
        "profiles": arguments.profiles,
        "clients": arguments.clients,
        "batch_clients": arguments.batch_clients,
        "batch_rows": BATCH_ROWS,
        "machine": machine::describe(),
        "commit": machine::commit(),
        "load_s": rounded(load_s),
        "load_in_memory_s": rounded(memory_load_s),
        "medians": medians,
        "single_p50_us": percentile(&latencies, 0.5).map(rounded),
        "single_p99_us": percentile(&latencies, 0.99).map(rounded),
        "record_bytes": rounded(material.record_bytes),
        "recovery": recovery(kept, &folder.path().join("tenant"))?,
        "targets": {
            "times_min": SHARED_SYNC_TIMES_MIN, "times_met": at_least("times_plain_file", SHARED_SYNC_TIMES_MIN),
            "batch_rows_per_s_min": BATCH_ROWS_PER_S_MIN, "batch_rows_met": at_least("batch_rows_per_s", BATCH_ROWS_PER_S_MIN),
        },
    });
    println!("{document:#}");
    Ok(())
}

fn open(path: &Path) -> Result<Tenant, Failure> {
    let disk = Directory::open(path, "muster-bench")?;
    Ok(Tenant::open(Arc::new(disk), LogSizes::default(), &mut |_| {})?.0)
}

fn open_log(path: &Path) -> Result<Log, Failure> {
    let disk = Directory::open(path, "muster-bench")?;
    Ok(Log::open(Arc::new(disk), 1, LogSizes::default(), &mut |_| Ok(()))?.0)
}

/// Loads a population; says how many seconds that took.
fn filled(tenant: &Tenant, seed: u64, profiles: u64) -> Result<f64, Failure> {
    let population = Population::new(seed, profiles, DEFAULT_NOW);
    let fields = fields_of(&population.schema(), "id")?;
    let mut import = tenant.import();
    import.prepare("id", &fields)?;
    let schema = import.schema().clone();
    let batches: Result<Vec<Batch>, _> =
        population.batches().map(|batch| from_record_batch(&batch, "id", &schema)).collect();
    let batches = batches?;
    let (done, seconds) = timed(|| {
        for batch in &batches {
            import.upsert(batch, ImportMode::Replace)?;
        }
        import.commit(Terms::default())
    });
    done?;
    Ok(seconds)
}

/// The same people with other values, as batches of one and of many.
struct Material {
    rows: Vec<Batch>,
    batches: Vec<Batch>,
    /// Bytes of a single change in the log, on average.
    record_bytes: f64,
}

impl Material {
    fn new(tenant: &Tenant, profiles: u64) -> Result<Self, Failure> {
        let schema = tenant.state().view.schema().clone();
        let (mut rows, mut batches) = (Vec::new(), Vec::new());
        for batch in Population::new(2, profiles, DEFAULT_NOW).batches() {
            let batch = from_record_batch(&batch, "id", &schema)?;
            let singles = (0..batch.row_count()).step_by(7).map(|at| slice(&batch, at, 1));
            rows.extend(singles);
            batches.extend((0..batch.row_count() / BATCH_ROWS).map(|at| slice(&batch, at * BATCH_ROWS, BATCH_ROWS)));
        }
        let some = rows.iter().take(BATCH_ROWS);
        let bytes: Vec<usize> = some.map(|row| encode(&entry(row)).1.len()).collect();
        let record_bytes = bytes.iter().sum::<usize>() as f64 / bytes.len().max(1) as f64;
        Ok(Self { rows, batches, record_bytes })
    }
}

fn slice(batch: &Batch, from: usize, rows: usize) -> Batch {
    let column = |column: &BatchColumn| BatchColumn {
        field: column.field,
        values: column.values.slice(from, rows),
        named: column.named.as_ref().map(|named| named.slice(from, rows)),
    };
    Batch {
        ids: batch.ids.slice(from, rows),
        number_ids: batch.number_ids.as_ref().map(|numbers| numbers.slice(from, rows)),
        columns: batch.columns.iter().map(column).collect(),
    }
}

fn upsert(batch: &Batch) -> Upsert {
    Upsert { id_name: "id".into(), fields: Vec::new(), mode: ImportMode::Replace, batch: batch.clone() }
}

fn entry(batch: &Batch) -> Entry {
    Entry::Change { key: None, command: Command::Upsert(upsert(batch)) }
}

/// What everybody would get who appends to a file and syncs it for every change: changes a second.
fn plain_file(path: &Path, material: &Material, seconds: f64) -> Result<f64, Failure> {
    let mut file = File::create(path)?;
    each(material, seconds, |_, payload| {
        file.write_all(payload)?;
        Ok(file.sync_data()?)
    })
}

/// The same with a log of our own.
fn one_sync_each(log: &mut Log, material: &Material, seconds: f64) -> Result<f64, Failure> {
    each(material, seconds, |kind, payload| {
        log.append(kind, payload)?;
        log.write()?;
        Ok(log.sync()?)
    })
}

/// Single changes as entries of a log, one after the other: how many a second.
fn each(
    material: &Material,
    seconds: f64,
    mut store: impl FnMut(u8, &[u8]) -> Result<(), Failure>,
) -> Result<f64, Failure> {
    let watch = Stopwatch::start();
    let mut count = 0;
    for row in material.rows.iter().cycle() {
        let (kind, payload) = encode(&entry(row));
        store(kind, &payload)?;
        count += 1;
        if watch.seconds() >= seconds {
            break;
        }
    }
    Ok(f64::from(count) / watch.seconds())
}

/// Changes a second by clients that each wait for an answer before they send the next, and the times in microseconds.
fn hammer(tenant: &Tenant, changes: &[Batch], clients: usize, seconds: f64) -> Result<(f64, Vec<f64>), Failure> {
    let next = AtomicUsize::new(0);
    let schema = tenant.state().view.schema().clone();
    let watch = Stopwatch::start();
    let client = || {
        let mut times = Vec::new();
        while watch.seconds() < seconds {
            let change = upsert(&changes[next.fetch_add(1, Ordering::Relaxed) % changes.len()]);
            let (done, took_s) = timed(|| tenant.upsert(change, schema.clone(), Terms::default()));
            done?;
            times.push(took_s * 1e6);
        }
        Ok::<_, muster_engine::error::Error>(times)
    };
    let times = std::thread::scope(|scope| {
        let running: Vec<_> = (0..clients).map(|_| scope.spawn(client)).collect();
        let ended =
            running.into_iter().map(|thread| thread.join().unwrap_or_else(|panic| std::panic::resume_unwind(panic)));
        ended.collect::<Result<Vec<_>, _>>()
    })?;
    let times = times.concat();
    Ok((times.len() as f64 / watch.seconds(), times))
}

/// Rows a second of one import in batches of a thousand.
fn import(tenant: &Tenant, material: &Material) -> Result<f64, Failure> {
    let (done, seconds) = timed(|| {
        let mut import = tenant.import();
        for batch in &material.batches {
            import.upsert(batch, ImportMode::Replace)?;
        }
        import.commit(Terms { key: None, durability: Durability::Durable })
    });
    done?;
    Ok((material.batches.len() * BATCH_ROWS) as f64 / seconds)
}

/// How long the log takes to be read again.
fn recovery(tenant: Tenant, path: &Path) -> Result<Json, Failure> {
    let version = tenant.state().version;
    drop(tenant);
    let disk = Directory::open(path, "muster-bench")?;
    let (opened, seconds) = timed(|| Tenant::open(Arc::new(disk), LogSizes::default(), &mut |_| {}));
    let (again, report) = opened?;
    if again.state().version != version {
        return Err(Failure(format!("version {version} came back as {}", again.state().version)));
    }
    Ok(json!({"records": report.log.records, "segments": report.log.segments, "seconds": rounded(seconds)}))
}
