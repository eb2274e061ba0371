//! How long previews take while profiles change, beside the same previews while nothing does, in one run.
//!
//! One thread asks the canonical rules, one after the other, with nothing from memory and then with the counts that are
//! kept; clients change single profiles at a given rate, each waiting for its acknowledgement: purchases (five fields of
//! somebody) and whole new states of somebody (all fields). What a change costs is the processor time of the clients'
//! threads, which do all of the work of changes, for each change.

use std::path::Path;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use clap::Args;
use muster::source::from_record_batch;
use muster_data::population::{DEFAULT_NOW, Population};
use muster_engine::command::{Command, Upsert};
use muster_engine::error::Error;
use muster_engine::eval;
use muster_engine::id::Row;
use muster_engine::plan::{SegmentRows, plan};
use muster_engine::schema::{Schema, Value};
use muster_engine::segment::PreviewOptions;
use muster_engine::store::{Directory, LogSizes};
use muster_engine::table::{Batch, ImportMode};
use muster_engine::tenant::{Tenant, Terms};
use muster_engine::time::Timestamp;
use serde_json::{Value as Json, json};

use crate::clock::{Stopwatch, timed};
use crate::document::{percentile, rounded};
use crate::machine;
use crate::workload::{Query, load_into, one_row, parquet, queries};
use crate::{Failure, Size};

/// How many times as long as without changes previews may take: in the median, and of a hundred the slowest.
const TIMES_MAX: [f64; 2] = [1.5, 3.0];

/// What to measure, and how long.
#[derive(Debug, Args)]
pub(crate) struct LiveArguments {
    #[command(flatten)]
    pub(crate) size: Size,
    /// Changes a second
    #[arg(long, default_value_t = 5_000.0)]
    rate: f64,
    /// Clients that change profiles, each one after the other
    #[arg(long, default_value_t = 4, value_parser = clap::value_parser!(u32).range(1..))]
    clients: u32,
    /// Seconds of each measurement
    #[arg(long, default_value_t = 6.0)]
    seconds: f64,
    /// Of a hundred changes so many are whole new states, the others purchases
    #[arg(long, default_value_t = 50, value_parser = clap::value_parser!(u32).range(..=100))]
    states: u32,
    /// Keep nothing on disk
    #[arg(long)]
    in_memory: bool,
}

pub(crate) fn run(arguments: &LiveArguments) -> Result<(), Failure> {
    let profiles = arguments.size.profiles;
    std::fs::create_dir_all(machine::scratch())?;
    let folder = tempfile::tempdir_in(machine::scratch())?;
    let tenant = if arguments.in_memory { Tenant::default() } else { open(folder.path())? };
    let load_s = load_into(&tenant, &parquet(profiles)?, arguments.size.row_order())?;
    let rules = queries(&tenant, profiles)?;
    let changes = Changes::new(&tenant, profiles, arguments.states)?;
    let [evaluated, kept] = [false, true];
    let alone = |is_kept| measured(&tenant, &rules, is_kept, arguments.seconds);
    let idle = [alone(evaluated)?, alone(kept)?];
    let under = |is_kept, salt| beside(&tenant, &rules, is_kept, &changes, arguments, salt);
    let live = [under(evaluated, 0)?, under(kept, 1)?];
    let after = alone(evaluated)?;
    let document = json!({
        "profiles": profiles,
        "machine": machine::describe(),
        "commit": machine::commit(),
        "load_s": rounded(load_s),
        "on_disk": !arguments.in_memory,
        "states_in_a_hundred": arguments.states,
        "evaluated": compared(&idle[0], &live[0]),
        "kept": compared(&idle[1], &live[1]),
        "evaluated_after_the_changes": quantiles(&after),
    });
    println!("{document:#}");
    Ok(())
}

fn open(path: &Path) -> Result<Tenant, Failure> {
    let disk = Directory::open(path, "muster-bench")?;
    Ok(Tenant::open(Arc::new(disk), LogSizes::default(), &mut |_| {})?.0)
}

/// Times of previews in microseconds: all rules in turn, whole rounds, for so many seconds or a little more.
fn measured(tenant: &Tenant, rules: &[Query], is_kept: bool, seconds: f64) -> Result<Vec<f64>, Failure> {
    let none = SegmentRows::new();
    let watch = Stopwatch::start();
    let mut times = Vec::new();
    while watch.seconds() < seconds {
        for rule in rules {
            let (count, took_s) = timed(|| {
                let state = tenant.state();
                if is_kept {
                    let preview = state.preview(&rule.checked, DEFAULT_NOW, PreviewOptions::default());
                    return preview.map(|preview| preview.count);
                }
                Ok(eval::count(&plan(&rule.checked, &state.view, &none, DEFAULT_NOW)))
            });
            count?;
            times.push(took_s * 1e6);
        }
    }
    Ok(times)
}

/// What was measured while profiles changed.
struct Live {
    previews: Vec<f64>,
    /// From sending a change to its acknowledgement, in microseconds.
    changes: Vec<f64>,
    seconds: f64,
    /// Processor time of a change.
    cpu_us: f64,
}

/// The same while clients change profiles.
fn beside(
    tenant: &Tenant,
    rules: &[Query],
    is_kept: bool,
    changes: &Changes,
    arguments: &LiveArguments,
    salt: u64,
) -> Result<Live, Failure> {
    let is_over = AtomicBool::new(false);
    let is_over = &is_over;
    let interval_s = f64::from(arguments.clients) / arguments.rate;
    let watch = &Stopwatch::start();
    std::thread::scope(|scope| {
        let client = |number: u32| {
            move || {
                let mut draw = Draw::new(u64::from(number) << 32 | salt << 48 | 1);
                let mut times = Vec::new();
                let before_us = processor_us();
                let mut due_s = watch.seconds() + interval_s * f64::from(number) / f64::from(arguments.clients);
                while !is_over.load(Ordering::Relaxed) {
                    std::thread::sleep(Duration::from_secs_f64((due_s - watch.seconds()).max(0.0)));
                    due_s += interval_s;
                    let (done, took_s) = timed(|| changes.make(tenant, &mut draw));
                    done?;
                    times.push(took_s * 1e6);
                }
                Ok::<_, Error>((times, processor_us() - before_us))
            }
        };
        let clients: Vec<_> = (0..arguments.clients).map(|number| scope.spawn(client(number))).collect();
        let previews = measured(tenant, rules, is_kept, arguments.seconds);
        is_over.store(true, Ordering::Relaxed);
        let seconds = watch.seconds();
        let (mut all, mut cpu_us) = (Vec::new(), 0.0);
        for client in clients {
            let (times, used_us) = client.join().unwrap_or_else(|panic| std::panic::resume_unwind(panic))?;
            all.extend(times);
            cpu_us += used_us;
        }
        let cpu_us = cpu_us / all.len().max(1) as f64;
        Ok(Live { previews: previews?, changes: all, seconds, cpu_us })
    })
}

/// Microseconds for which this thread has run so far, as Linux counts them.
fn processor_us() -> f64 {
    let text = std::fs::read_to_string("/proc/thread-self/schedstat").unwrap_or_default();
    text.split(' ').next().and_then(|ns| ns.parse::<f64>().ok()).map_or(f64::NAN, |ns| ns / 1e3)
}

/// A sequence of numbers that look random (Steele, Lea and Flood, "Fast splittable pseudorandom number generators", 2014).
pub(crate) struct Draw(u64);

impl Draw {
    /// A sequence of its own for every seed.
    pub(crate) fn new(seed: u64) -> Self {
        Self(seed)
    }

    /// A number below another one.
    pub(crate) fn below(&mut self, bound: u64) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mixed = (self.0 ^ (self.0 >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        let mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        // The upper half of the product is below the bound.
        ((u128::from(mixed ^ (mixed >> 31)) * u128::from(bound)) >> 64) as u64
    }
}

/// What clients send.
struct Changes {
    schema: Arc<Schema>,
    /// People who are there, with other values in all fields.
    states: Vec<Batch>,
    in_a_hundred: u64,
}

/// Batches of people whose new states are made before: each batch is about as many as two seconds of changes need.
const STATE_BATCHES: usize = 4;

impl Changes {
    fn new(tenant: &Tenant, profiles: u64, in_a_hundred: u32) -> Result<Self, Failure> {
        let schema = tenant.state().view.schema().clone();
        let batches = Population::new(2, profiles, DEFAULT_NOW).batches().take(STATE_BATCHES);
        let states: Result<Vec<Batch>, _> = batches.map(|batch| from_record_batch(&batch, "id", &schema)).collect();
        Ok(Self { schema, states: states?, in_a_hundred: in_a_hundred.into() })
    }

    /// Changes somebody.
    fn make(&self, tenant: &Tenant, draw: &mut Draw) -> Result<(), Error> {
        if draw.below(100) < self.in_a_hundred {
            let batch = &self.states[draw.below(self.states.len() as u64) as usize];
            let batch = one_row(batch, draw.below(batch.row_count() as u64) as usize);
            let upsert = Upsert { id_name: "id".into(), fields: Vec::new(), mode: ImportMode::Replace, batch };
            return tenant.upsert(upsert, self.schema.clone(), Terms::default()).map(drop);
        }
        let state = tenant.state();
        // Rows are numbered by u32.
        let row = Row(draw.below(u64::from(state.view.row_count())) as u32);
        let id = state.view.id(row).to_owned();
        let field = |name: &str| self.schema.find(name).map(|field| state.view.value(row, field.id));
        let spent = match field("total_spent") {
            Some(Some(Value::Decimal(units, scale))) => Value::Decimal(units + draw.below(20_000).cast_signed(), scale),
            _ => Value::Decimal(draw.below(20_000).cast_signed(), 2),
        };
        let count = match field("purchase_count") {
            Some(Some(Value::Int(count))) => count + 1,
            _ => 1,
        };
        let at = DEFAULT_NOW.0 + draw.below(86_400_000_000).cast_signed();
        let changes = [
            ("total_spent", spent),
            ("purchase_count", Value::Int(count)),
            ("avg_order", Value::Decimal(draw.below(20_000).cast_signed(), 2)),
            ("last_purchase", Value::Time(Timestamp(at))),
            ("engagement_score", Value::Int(draw.below(101).cast_signed())),
        ];
        let changes = changes.into_iter().map(|(name, value)| (name.to_owned(), Some(value))).collect();
        drop(state);
        tenant.apply(Command::PatchProfile { id, changes }).map(drop)
    }
}

fn quantiles(times: &[f64]) -> Json {
    let of = |share| percentile(times, share).map(rounded);
    json!({"count": times.len(), "p50_us": of(0.5), "p95_us": of(0.95), "p99_us": of(0.99), "max_us": of(1.0)})
}

fn compared(idle: &[f64], live: &Live) -> Json {
    let times = [0.5, 0.99].map(|share| {
        let of = |times| percentile(times, share).unwrap_or(f64::NAN);
        of(&live.previews) / of(idle)
    });
    json!({
        "idle": quantiles(idle),
        "live": quantiles(&live.previews),
        "changes": quantiles(&live.changes),
        "changes_per_s": rounded(live.changes.len() as f64 / live.seconds),
        "processor_us_of_a_change": rounded(live.cpu_us),
        "p50_times": rounded(times[0]),
        "p99_times": rounded(times[1]),
        "targets_met": times[0] <= TIMES_MAX[0] && times[1] <= TIMES_MAX[1],
    })
}
