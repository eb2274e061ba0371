//! Muster and other engines, asked the same questions about the same data in one run.

use std::collections::HashMap;
use std::path::Path;
use std::time::Duration;

use clap::Args;
use muster_data::population::DEFAULT_NOW;
use muster_engine::block::Set;
use muster_engine::eval;
use muster_engine::id::Row;
use muster_engine::plan::{SegmentRows, plan};
use muster_engine::rule::{Rule, Test};
use muster_engine::schema::Schema;
use muster_engine::table::RowOrder;
use muster_engine::tenant::{State, Tenant};
use serde_json::{Value as Json, json};

use crate::Failure;
use crate::bitmap::{Bitmap, count as count_bitmaps};
use crate::clock::{Repeat, Stopwatch, median_us};
use crate::document::{EngineRun, Measured, Measurements};
use crate::engines::Engine;
use crate::formula::{Leaves, Signed, formula};
use crate::machine::root;
use crate::python::Peer;
use crate::translate::{bitmap_functions, predicate};
use crate::workload::{Query, loaded, parquet, queries};

/// Tests from which on engines that are given all bitmaps are compared: with fewer there is little left to do.
const BITMAP_LEAVES_MIN: usize = 3;

/// How often Muster and the bitmap libraries are asked.
const HERE: Repeat = Repeat { runs_max: 9, budget: Duration::from_secs(1) };

/// How often the engines in Python are asked: fewer times when they are slow.
const THERE: Repeat = Repeat { runs_max: 5, budget: Duration::from_secs(2) };

/// What to compare with what.
#[derive(Debug, Args)]
pub(crate) struct PeersArguments {
    /// How many profiles; from 100 million on they have eight fields
    #[arg(long, default_value_t = 1_000_000)]
    profiles: u64,
    /// Threads of each engine
    #[arg(long, default_value_t = 2)]
    pub(crate) threads: usize,
    /// Engines to compare with, separated by commas; all when left out
    #[arg(long, value_enum, value_delimiter = ',')]
    engines: Vec<Engine>,
    /// Seconds that each engine in Python is asked questions; those that are left then are counted as not asked
    #[arg(long, default_value_t = 420.0)]
    engine_seconds: f64,
    /// Print the measurements as one JSON document
    #[arg(long)]
    json: bool,
}

pub(crate) fn run(arguments: &PeersArguments) -> Result<(), Failure> {
    let engines = if arguments.engines.is_empty() { Engine::ALL.to_vec() } else { arguments.engines.clone() };
    let measured = measure(arguments.profiles, arguments.threads, &engines, arguments.engine_seconds)?;
    let document = measured.document();
    let folder = root().join("bench/results");
    std::fs::create_dir_all(&folder)?;
    let name = format!("{}-{}.json", arguments.profiles, document["commit"].as_str().unwrap_or_default());
    std::fs::write(folder.join(name), format!("{document:#}\n"))?;
    if arguments.json {
        println!("{document:#}");
    } else {
        summary(&document);
    }
    if measured.counts_equal() { Ok(()) } else { Err(Failure("counts differ: see \"unequal\"".into())) }
}

fn summary(document: &Json) {
    println!("{} profiles, microseconds", document["profiles"]);
    println!("{:20} {:>12} {:>12} {:>8}", "", "p50", "p99", "times");
    let line = |name: &str, run: &Json, ratio: &Json| {
        println!("{name:20} {:>12} {:>12} {ratio:>8}", run["p50_us"], run["p99_us"]);
    };
    line("muster", &document["muster"], &json!(1));
    for engine in Engine::ALL.map(Engine::key) {
        if !document["engines"][engine].is_null() {
            line(engine, &document["engines"][engine], &document["ratio_geomean"][engine]);
        }
    }
}

/// Measures everything.
pub(crate) fn measure(
    profiles: u64,
    threads: usize,
    engines: &[Engine],
    engine_seconds: f64,
) -> Result<Measurements, Failure> {
    let path = parquet(profiles)?;
    eprintln!("loading muster");
    let (tenant, load_s) = loaded(&path, RowOrder::Clustered)?;
    let state = tenant.state();
    let schema = state.view.schema().clone();
    let queries = queries(&tenant, profiles)?;
    let mut measurements = Measurements {
        profiles,
        threads,
        load_s,
        memory_bytes: state.view.bytes() as u64,
        queries: Vec::new(),
        engines: engines.iter().map(|engine| EngineRun::of(*engine)).collect(),
    };
    eprintln!("asking muster");
    ask_muster(&state, &queries, &mut measurements)?;
    drop(state);
    // The other engines get the memory.
    drop::<Tenant>(tenant);
    let questions = Questions { schema: &schema, queries: &queries, engine_seconds };
    for (index, engine) in engines.iter().enumerate() {
        if engine.in_python().is_some() {
            eprintln!("asking {}", engine.key());
            if let Err(failure) = ask_python(&questions, &path, index, &mut measurements) {
                eprintln!("{}: {failure}", engine.key());
                measurements.engines[index].failure = Some(failure.0);
            }
        }
    }
    Ok(measurements)
}

/// Muster, and the bitmap libraries with the sets that Muster found for each test.
fn ask_muster(state: &State, queries: &[Query], measurements: &mut Measurements) -> Result<(), Failure> {
    let none = SegmentRows::new();
    let arrivals = Arrivals::new(state)?;
    let mut sizes: HashMap<Test, u64> = HashMap::new();
    for query in queries {
        let ask = || eval::count(&plan(&query.checked, &state.view, &none, DEFAULT_NOW));
        let (count, us) = median_us(HERE, ask);
        let (_, plan_us) = median_us(HERE, || plan(&query.checked, &state.view, &none, DEFAULT_NOW).leaves.len());
        let mut leaves = Leaves::default();
        let signed = formula(&query.rule, &mut leaves);
        let with_bitmaps = query.leaves >= BITMAP_LEAVES_MIN;
        let mut sets = Vec::new();
        for test in &leaves.0 {
            if with_bitmaps || !sizes.contains_key(test) {
                let set = rows_of(state, test)?;
                sizes.insert(test.clone(), set.len());
                sets.push(set);
            }
        }
        let least_leaf = leaves.0.iter().filter_map(|test| sizes.get(test)).min().copied().unwrap_or(0);
        let Query { name, ref text, leaves, .. } = *query;
        let mut measured =
            Measured { name, text: text.clone(), leaves, least_leaf, count, us, plan_us, others: Vec::new() };
        if with_bitmaps {
            let question = Bitmaps { signed: &signed, population: state.view.live().len() };
            let as_laid: Vec<Vec<u32>> = sets.iter().map(|set| set.rows().collect()).collect();
            let as_come: Vec<Vec<u32>> = as_laid.iter().map(|rows| arrivals.of(rows)).collect();
            for run in &mut measurements.engines {
                let answer = match run.engine {
                    Engine::RoaringRs => question.ask::<roaring::RoaringBitmap>(&as_come),
                    Engine::Croaring => question.ask::<croaring::Bitmap>(&as_come),
                    Engine::RoaringRsClustered => question.ask::<roaring::RoaringBitmap>(&as_laid),
                    Engine::CroaringClustered => question.ask::<croaring::Bitmap>(&as_laid),
                    _ => continue,
                };
                run.take(&mut measured, answer);
            }
        }
        measurements.queries.push(measured);
    }
    Ok(())
}

/// A question to a bitmap library.
struct Bitmaps<'a> {
    signed: &'a Signed,
    population: u64,
}

impl Bitmaps<'_> {
    fn ask<B: Bitmap>(&self, leaves: &[Vec<u32>]) -> (u64, f64) {
        let leaves: Vec<Option<B>> = leaves.iter().map(|rows| Some(B::of(rows))).collect();
        median_us(HERE, || count_bitmaps(self.signed, &leaves, self.population))
    }
}

/// When each row came: the number that a library's user would have given it. Muster lays rows in an order of its own.
struct Arrivals(Vec<u32>);

impl Arrivals {
    /// Ids of the population carry their number.
    fn new(state: &State) -> Result<Self, Failure> {
        let number = |row: u32| {
            let id = state.view.id(Row(row));
            id.trim_start_matches('c').parse().map_err(|_| Failure(format!("the id {id} has no number")))
        };
        Ok(Self((0..state.view.row_count()).map(number).collect::<Result<_, _>>()?))
    }

    fn of(&self, rows: &[u32]) -> Vec<u32> {
        // Numbers begin at 1. Marking them in order of rows and reading the marks is faster than sorting.
        let mut marks = vec![false; self.0.len() + 1];
        rows.iter().for_each(|row| marks[self.0[*row as usize] as usize] = true);
        (0..).zip(marks).filter(|(_, is_in)| *is_in).map(|(number, _)| number).collect()
    }
}

/// The rows of a positive test.
pub(crate) fn rows_of(state: &State, test: &Test) -> Result<Set, Failure> {
    let checked = state.check(&Rule::Test(test.clone()))?;
    Ok(eval::rows(&plan(&checked, &state.view, &SegmentRows::new(), DEFAULT_NOW)))
}

struct Questions<'a> {
    engine_seconds: f64,
    schema: &'a Schema,
    queries: &'a [Query],
}

fn ask_python(questions: &Questions<'_>, path: &Path, index: usize, out: &mut Measurements) -> Result<(), Failure> {
    let (run, measured) = (&mut out.engines[index], &mut out.queries);
    let (module, dialect) = run.engine.in_python().ok_or(Failure("not an engine in Python".into()))?;
    let mut peer = Peer::start(module, out.threads)?;
    run.loaded = peer.load(path, out.threads)?;
    let mut leaves = Leaves::default();
    let mut given = 0;
    let watch = Stopwatch::start();
    // The named rules first; the others repeat the same lengths over and over, so that a part of them stands for all.
    for (query, measured) in questions.queries.iter().zip(measured).rev() {
        if watch.seconds() > questions.engine_seconds {
            run.not_asked += 1;
            continue;
        }
        let mut negated = false;
        let text = if run.engine.has_bitmaps() {
            if query.leaves < BITMAP_LEAVES_MIN {
                continue;
            }
            let signed = formula(&query.rule, &mut leaves);
            negated = signed.negated;
            let predicates = leaves.0.iter().map(|test| dialect.test(test, questions.schema, DEFAULT_NOW));
            predicates.collect::<Result<Vec<_>, _>>().map(|predicates| (bitmap_functions(&signed.formula), predicates))
        } else {
            predicate(&query.rule, dialect, questions.schema, DEFAULT_NOW).map(|text| (text, Vec::new()))
        };
        let (text, predicates) = match text {
            Ok(text) => text,
            Err(refusal) => {
                run.refuse(refusal);
                leaves.0.truncate(given);
                continue;
            }
        };
        for (number, predicate) in predicates.iter().enumerate().skip(given) {
            peer.ask(&json!({"leaf": number, "where": predicate}))?.map_err(Failure)?;
            given = number + 1;
        }
        let request = json!({"query": text, "runs_max": THERE.runs_max, "budget_s": THERE.budget.as_secs_f64()});
        match peer.ask(&request)? {
            Err(error) => run.refuse(&error),
            Ok(answer) => {
                let count = answer["count"].as_u64().unwrap_or(u64::MAX);
                let count = if negated { out.profiles.wrapping_sub(count) } else { count };
                run.runs_min = run.runs_min.min(answer["runs"].as_u64().unwrap_or(0));
                run.take(measured, (count, answer["us"].as_f64().unwrap_or(f64::NAN)));
            }
        }
    }
    Ok(())
}

impl EngineRun {
    fn of(engine: Engine) -> Self {
        let runs_min = u64::from(if engine.in_python().is_some() { THERE.runs_max } else { HERE.runs_max });
        Self {
            engine,
            loaded: Json::Null,
            refused: Vec::new(),
            unequal: Vec::new(),
            failure: None,
            runs_min,
            not_asked: 0,
        }
    }

    /// Takes an answer if it is right.
    fn take(&mut self, measured: &mut Measured, (count, us): (u64, f64)) {
        if count == measured.count {
            measured.others.push((self.engine, us));
        } else {
            eprintln!("{}: {count} instead of {}: {}", self.engine.key(), measured.count, measured.text);
            self.unequal.push(json!({"text": measured.text, "count": count, "muster": measured.count}));
        }
    }

    fn refuse(&mut self, reason: &str) {
        match self.refused.iter_mut().find(|(known, _)| known == reason) {
            Some((_, times)) => *times += 1,
            None => {
                eprintln!("{} cannot: {reason}", self.engine.key());
                self.refused.push((reason.to_owned(), 1));
            }
        }
    }
}
