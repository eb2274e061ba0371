//! How long checkpoints take, and how soon a process that starts from one answers its first question, beside DuckDB that
//! opens a file with the same table.
//!
//! A process of its own is started for each round, so that nothing is at hand but what the system keeps of the files:
//! everything in warm rounds, nothing in cold ones.

use std::ffi::OsStr;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::sync::Arc;

use clap::Args;
use muster_data::population::DEFAULT_NOW;
use muster_engine::command::Command as Change;
use muster_engine::eval;
use muster_engine::id::Row;
use muster_engine::plan::{SegmentRows, plan};
use muster_engine::rule::{Rule, from_text};
use muster_engine::schema::{Field, FieldType, Value};
use muster_engine::segment::PreviewOptions;
use muster_engine::store::{Directory, LogSizes};
use muster_engine::tenant::{Checkpointed, Tenant};
use serde_json::{Value as Json, json};

use crate::clock::timed;
use crate::dialect::Dialect;
use crate::document::{percentile, rounded};
use crate::machine;
use crate::started::{Answer, answer, duckdb, forget};
use crate::translate::predicate;
use crate::workload::{load_into, parquet, queries};
use crate::{Failure, Size};

/// Seconds from the start of a process to its first count, at most.
const FIRST_COUNT_S_MAX: f64 = 1.0;

/// The first question: of several fields, which populations of every size have.
const FIRST: &str =
    r#"country is "DE" and total_spent >= 500 and last_purchase within 90 days and not email_consent = false"#;

/// A text field in which nearly everybody has a value of their own.
const TEXT_FIELD: &str = "email";

/// What to measure.
#[derive(Debug, Args)]
pub(crate) struct RestartArguments {
    #[command(flatten)]
    pub(crate) size: Size,
    /// Times that each process is started warm and cold, whose medians count
    #[arg(long, default_value_t = 5, value_parser = clap::value_parser!(u32).range(1..))]
    rounds: u32,
    /// Open this data directory, count once and say so: what every round starts
    #[arg(long, hide = true)]
    answer_from: Option<PathBuf>,
    /// Fill this data directory, take its checkpoints and say what is to be asked
    #[arg(long, hide = true)]
    prepare_in: Option<PathBuf>,
    /// Keep the data directory and DuckDB's file in this folder and use them again
    #[arg(long)]
    folder: Option<PathBuf>,
}

pub(crate) fn run(arguments: &RestartArguments) -> Result<(), Failure> {
    if let Some(folder) = &arguments.answer_from {
        return answer_from(folder, arguments.size.profiles);
    }
    if let Some(folder) = &arguments.prepare_in {
        println!("{}", prepare(folder, &arguments.size)?);
        return Ok(());
    }
    std::fs::create_dir_all(machine::scratch())?;
    let scratch = tempfile::tempdir_in(machine::scratch())?;
    let folder = arguments.folder.clone().unwrap_or_else(|| scratch.path().to_owned());
    let size = &arguments.size;
    // In a process of its own: what is mapped here could not be dropped from memory.
    let mut command = Command::new(std::env::current_exe()?);
    command.args(std::env::args_os().skip(1)).arg("--prepare-in").arg(folder.join("muster"));
    let prepared = answer(&mut command)?.last;
    let asked =
        Asked { predicate: text(&prepared["predicate"])?, count: prepared["count"].as_u64().unwrap_or_default() };
    let database = folder.join("table.duckdb");
    let threads = size.threads.to_string();
    let made = if database.exists() {
        Json::Null
    } else {
        duckdb("make", &[database.as_os_str(), parquet(size.profiles)?.as_os_str(), OsStr::new(&threads)])?.first
    };
    let engines = Engines { muster: folder.join("muster"), database, where_: asked.predicate, size };
    let (warm, cold) =
        (engines.rounds(arguments.rounds, false, asked.count)?, engines.rounds(arguments.rounds, true, asked.count)?);
    let document = json!({
        "profiles": size.profiles,
        "machine": machine::describe(),
        "commit": machine::commit(),
        "rule": FIRST,
        "count": asked.count,
        "checkpoints": prepared["checkpoints"],
        "duckdb": { "made": made, "version": duckdb("start", &[])?.first["version"] },
        "warm": warm.document(),
        "cold": cold.document(),
        "cold_is": "the pages of the data files are dropped with posix_fadvise, those of the programs are not",
        "target_s": FIRST_COUNT_S_MAX,
        "target_met": warm.is_soon() && cold.is_soon(),
    });
    println!("{document:#}");
    Ok(())
}

/// The first question, and what is to be answered.
struct Asked {
    predicate: String,
    count: u64,
}

fn text(said: &Json) -> Result<String, Failure> {
    said.as_str().map(str::to_owned).ok_or_else(|| Failure(format!("{said} is no text")))
}

/// Both engines with their files.
struct Engines<'a> {
    muster: PathBuf,
    database: PathBuf,
    where_: String,
    size: &'a Size,
}

/// Seconds of each round.
#[derive(Default)]
struct Rounds {
    muster: Vec<f64>,
    duckdb: Vec<f64>,
    /// Of the interpreter and the library that DuckDB is asked through, without a question.
    interpreter: Vec<f64>,
    /// What Muster says of its time.
    told: Vec<Json>,
}

impl Engines<'_> {
    /// Starts one after the other, again and again; every count is the same.
    fn rounds(&self, rounds: u32, is_cold: bool, count: u64) -> Result<Rounds, Failure> {
        let threads = self.size.threads.to_string();
        let mut done = Rounds::default();
        for round in 1..=rounds {
            done.interpreter.push(duckdb("start", &[])?.seconds);
            for path in [&self.muster, &self.database].into_iter().filter(|_| is_cold) {
                forget(path)?;
            }
            let mut command = Command::new(std::env::current_exe()?);
            command.args(["restart", "--profiles", &self.size.profiles.to_string(), "--threads", &threads]);
            let muster = answer(command.arg("--answer-from").arg(&self.muster))?;
            let arguments = [self.database.as_os_str(), OsStr::new(&self.where_), OsStr::new(&threads)];
            let duckdb = duckdb("count", &arguments)?;
            for Answer { first, .. } in [&muster, &duckdb] {
                if first["count"] != json!(count) {
                    return Err(Failure(format!("{count} profiles were counted, {} after a restart", first["count"])));
                }
            }
            eprintln!("round {round}, cold: {is_cold}: {:.3} s, DuckDB {:.3} s", muster.seconds, duckdb.seconds);
            done.muster.push(muster.seconds);
            done.duckdb.push(duckdb.seconds);
            done.told.push(json!({"first": muster.first, "then": muster.last}));
        }
        Ok(done)
    }
}

impl Rounds {
    /// Of Muster, of DuckDB, and of the interpreter alone.
    fn medians(&self) -> [f64; 3] {
        [&self.muster, &self.duckdb, &self.interpreter].map(|seconds| percentile(seconds, 0.5).unwrap_or(f64::NAN))
    }

    /// Within the target, and sooner than DuckDB even when the interpreter that asks it took no time.
    fn is_soon(&self) -> bool {
        let [muster, duckdb, interpreter] = self.medians();
        muster <= FIRST_COUNT_S_MAX && muster < duckdb - interpreter
    }

    fn document(&self) -> Json {
        let each = |seconds: &[f64]| seconds.iter().map(|s| rounded(*s)).collect::<Vec<_>>();
        let [muster, duckdb, interpreter] = self.medians();
        json!({
            "muster_s": rounded(muster),
            "duckdb_s": rounded(duckdb),
            "interpreter_s": rounded(interpreter),
            "duckdb_without_interpreter_s": rounded(duckdb - interpreter),
            "times": rounded(duckdb / muster),
            "times_without_interpreter": rounded((duckdb - interpreter) / muster),
            "each": {"muster_s": each(&self.muster), "duckdb_s": each(&self.duckdb)},
            "last_process": self.told.last(),
        })
    }
}

fn open(folder: &Path) -> Result<Tenant, Failure> {
    let disk = Directory::open(folder, "muster-bench")?;
    Ok(Tenant::open(Arc::new(disk), LogSizes::default(), &mut |_| {})?.0)
}

fn open_at_once(folder: &Path) -> Result<Tenant, Failure> {
    let disk = Directory::open(folder, "muster-bench")?;
    Ok(Tenant::open_at_once(Arc::new(disk), LogSizes::default(), None, &mut |_| {})?.0)
}

/// Fills a directory and takes checkpoints: of everything, after one changed row, after one new text; says how long they
/// took, and what is to be asked.
fn prepare(folder: &Path, size: &Size) -> Result<Json, Failure> {
    let is_there = folder.join("lock").exists();
    let tenant = open(folder)?;
    let mut figures = json!({});
    if !is_there {
        figures["load_s"] = json!(rounded(load_into(&tenant, &parquet(size.profiles)?, size.row_order())?));
        figures["full"] = checkpoint(&tenant)?;
        figures["after_one_changed_row"] = after(&tenant, |field| field.kind == FieldType::Int, Value::Int(1))?;
        let text = Value::Keyword("a.new.text@example.com".into());
        figures["after_one_new_text"] = after(&tenant, |field| &*field.name == TEXT_FIELD, text)?;
        checkpoint(&tenant)?;
    }
    let state = tenant.state();
    let predicate = predicate(&first(), Dialect::DuckDb, state.view.schema(), DEFAULT_NOW);
    let predicate = predicate.map_err(|refusal| Failure(format!("DuckDB cannot express {refusal}")))?;
    Ok(json!({"checkpoints": figures, "predicate": predicate, "count": first_count(&tenant)?}))
}

/// A checkpoint after one value of the first profile has changed, which is given back then: both engines shall have the
/// same table.
fn after(tenant: &Tenant, is_it: impl Fn(&&Field) -> bool, value: Value) -> Result<Json, Failure> {
    let state = tenant.state();
    let Some(field) = state.view.schema().fields().iter().find(is_it) else { return Ok(Json::Null) };
    let patch = |value| {
        let (id, changes) = (state.view.id(Row(0)).to_owned(), vec![(field.name.to_string(), value)]);
        tenant.apply(Change::PatchProfile { id, changes })
    };
    patch(Some(value))?;
    let taken = checkpoint(tenant);
    patch(state.view.value(Row(0), field.id))?;
    taken
}

fn checkpoint(tenant: &Tenant) -> Result<Json, Failure> {
    let (taken, seconds) = timed(|| tenant.checkpoint());
    let Some(Checkpointed { report, written }) = taken? else { return Ok(Json::Null) };
    Ok(json!({"seconds": rounded(seconds), "files": report.files, "bytes": report.bytes, "bytes_written": written}))
}

fn first() -> Rule {
    from_text(FIRST).expect("it is a rule")
}

fn first_count(tenant: &Tenant) -> Result<u64, Failure> {
    let state = tenant.state();
    let checked = state.check(&first())?;
    Ok(state.preview(&checked, DEFAULT_NOW, PreviewOptions { sample: 0, explain: false })?.count)
}

/// Opens a directory and counts while the rest of it is compared with its checksums, as the server does; then, when that
/// is done, every canonical rule once, and once more.
fn answer_from(folder: &Path, profiles: u64) -> Result<(), Failure> {
    let (tenant, open_s) = timed(|| open_at_once(folder));
    let tenant = Arc::new(tenant?);
    let checking = tenant.clone();
    let checked = std::thread::spawn(move || timed(|| checking.check_unhurried()));
    let (count, count_s) = timed(|| first_count(&tenant));
    println!("{}", json!({"count": count?, "open_s": rounded(open_s), "count_s": rounded(count_s)}));
    let (is_good, check_s) = checked.join().map_err(|_| Failure("the check did not come to its end".into()))?;
    is_good?;
    let (state, queries) = (tenant.state(), queries(&tenant, profiles)?);
    let rounds = [(); 2].map(|()| {
        let ask = |checked| timed(|| eval::count(&plan(checked, &state.view, &SegmentRows::new(), DEFAULT_NOW))).1;
        queries.iter().map(|query| 1e3 * ask(&query.checked)).collect::<Vec<f64>>()
    });
    let said = rounds.map(|ms| {
        let at = |share| percentile(&ms, share);
        let all_s = rounded(ms.iter().sum::<f64>() / 1e3);
        json!({"rules": ms.len(), "p50_ms": at(0.5), "p95_ms": at(0.95), "max_ms": at(1.0), "all_s": all_s})
    });
    println!("{}", json!({"check_s": rounded(check_s), "each_rule_once": said[0], "once_more": said[1]}));
    // Giving everything back would only take time.
    std::process::exit(0);
}
