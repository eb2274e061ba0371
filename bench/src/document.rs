//! Measurements as one JSON document.

use serde_json::{Map, Value as Json, json};

use crate::engines::Engine;
use crate::machine;

/// Share of the rows that every test of a dense rule holds at least.
const DENSE_SHARE: f64 = 0.05;

/// One question's measurements.
#[derive(Debug)]
pub(crate) struct Measured {
    /// What a named rule is called.
    pub(crate) name: Option<&'static str>,
    /// The rule as text.
    pub(crate) text: String,
    /// How many tests it has.
    pub(crate) leaves: usize,
    /// Rows of the test that holds fewest.
    pub(crate) least_leaf: u64,
    /// Rows it selects.
    pub(crate) count: u64,
    /// Muster's median in microseconds.
    pub(crate) us: f64,
    /// The part of it that planning takes.
    pub(crate) plan_us: f64,
    /// The medians of other engines.
    pub(crate) others: Vec<(Engine, f64)>,
}

/// What is known about one other engine.
#[derive(Debug)]
pub(crate) struct EngineRun {
    /// Which one.
    pub(crate) engine: Engine,
    /// Seconds to load, bytes of the loaded data, version.
    pub(crate) loaded: Json,
    /// Questions that it cannot be asked, by reason.
    pub(crate) refused: Vec<(String, u64)>,
    /// Questions that it answered otherwise.
    pub(crate) unequal: Vec<Json>,
    /// Why it was given up.
    pub(crate) failure: Option<String>,
    /// Questions for which its time was over.
    pub(crate) not_asked: u64,
    /// The fewest runs that a median was taken of.
    pub(crate) runs_min: u64,
}

/// Everything of one run.
#[derive(Debug)]
pub(crate) struct Measurements {
    /// Rows.
    pub(crate) profiles: u64,
    /// Threads of each engine.
    pub(crate) threads: usize,
    /// Seconds that Muster took to load.
    pub(crate) load_s: f64,
    /// Bytes of Muster's columns and indexes.
    pub(crate) memory_bytes: u64,
    /// All questions.
    pub(crate) queries: Vec<Measured>,
    /// All engines.
    pub(crate) engines: Vec<EngineRun>,
}

impl Measurements {
    /// The document.
    pub(crate) fn document(&self) -> Json {
        let muster: Vec<f64> = self.queries.iter().map(|query| query.us).collect();
        let dense = |query: &&Measured| query.least_leaf as f64 >= DENSE_SHARE * self.profiles as f64;
        let engines: Map<String, Json> =
            self.engines.iter().map(|run| (run.engine.key().to_owned(), self.engine(run))).collect();
        let ratio = |key: &str, mine: f64| {
            engines.get("duckdb").and_then(|run| run[key].as_f64()).map(|theirs| rounded(mine / theirs))
        };
        json!({
            "profiles": self.profiles,
            "counts_equal": self.counts_equal(),
            "machine": machine::describe(),
            "commit": machine::commit(),
            "kernels": machine::kernels(),
            "threads": self.threads,
            "muster": {
                "p50_us": percentile(&muster, 0.50), "p90_us": percentile(&muster, 0.90),
                "p95_us": percentile(&muster, 0.95), "p99_us": percentile(&muster, 0.99),
                "max_us": percentile(&muster, 1.0), "load_s": rounded(self.load_s), "memory_bytes": self.memory_bytes,
            },
            "ratio_geomean": self.ratios(|_| true),
            "ratio_geomean_dense": self.ratios(dense),
            "slower_than_croaring": self.slower(Engine::Croaring),
            "slower_than_croaring_clustered": self.slower(Engine::CroaringClustered),
            "memory_ratio_duckdb": ratio("memory_bytes", self.memory_bytes as f64),
            "load_ratio_duckdb": ratio("load_s", self.load_s),
            "engines": engines,
            "queries": self.queries.iter().map(Measured::json).collect::<Vec<_>>(),
        })
    }

    /// Whether every engine that answered a question answered it as Muster did.
    pub(crate) fn counts_equal(&self) -> bool {
        self.engines.iter().all(|run| run.unequal.is_empty())
    }

    /// How many times as long each engine takes as Muster, over the questions that are wanted.
    fn ratios(&self, wanted: impl Fn(&&Measured) -> bool) -> Json {
        let ratios = Engine::ALL.map(|engine| {
            let asked = self.queries.iter().filter(&wanted);
            let logs: Vec<f64> = asked.filter_map(|query| Some((query.of(engine)? / query.us).ln())).collect();
            let mean = (!logs.is_empty()).then(|| rounded((logs.iter().sum::<f64>() / logs.len() as f64).exp()));
            (engine.key().to_owned(), json!(mean))
        });
        Json::Object(ratios.into_iter().collect())
    }

    /// The share of the questions in which an engine is faster than Muster, and by how much at most.
    fn slower(&self, engine: Engine) -> Json {
        let ratios: Vec<f64> = self.queries.iter().filter_map(|query| Some(query.us / query.of(engine)?)).collect();
        if ratios.is_empty() {
            return Json::Null;
        }
        let slower = ratios.iter().filter(|ratio| **ratio > 1.0).count();
        let worst = ratios.iter().copied().fold(0.0, f64::max);
        json!({"share": rounded(slower as f64 / ratios.len() as f64), "worst": rounded(worst)})
    }

    fn engine(&self, run: &EngineRun) -> Json {
        let times: Vec<f64> = self.queries.iter().filter_map(|query| query.of(run.engine)).collect();
        json!({
            "queries": times.len(),
            "p50_us": percentile(&times, 0.50),
            "p99_us": percentile(&times, 0.99),
            "load_s": run.loaded["load_s"].as_f64().map(rounded),
            "memory_bytes": run.loaded["memory_bytes"],
            "version": run.loaded["version"],
            "runs_min": run.runs_min,
            "cannot_express": run.refused.iter().cloned().collect::<std::collections::BTreeMap<_, _>>(),
            "not_asked": run.not_asked,
            "unequal": run.unequal,
            "failure": run.failure,
        })
    }
}

impl Measured {
    /// An engine's median in microseconds.
    fn of(&self, engine: Engine) -> Option<f64> {
        self.others.iter().find(|(other, _)| *other == engine).map(|(_, us)| *us)
    }

    fn json(&self) -> Json {
        let mut us = Map::new();
        us.insert("muster".into(), json!(rounded(self.us)));
        us.extend(self.others.iter().map(|(engine, us)| (engine.key().to_owned(), json!(rounded(*us)))));
        json!({
            "name": self.name, "text": self.text, "leaves": self.leaves, "least_leaf": self.least_leaf,
            "count": self.count, "plan_us": rounded(self.plan_us), "us": us,
        })
    }
}

/// Three digits after the point are more than a measurement has.
pub(crate) fn rounded(value: f64) -> f64 {
    (value * 1e3).round() / 1e3
}

/// The value below which a share of the values lies.
pub(crate) fn percentile(values: &[f64], share: f64) -> Option<f64> {
    let mut sorted = values.to_vec();
    sorted.sort_by(f64::total_cmp);
    let last = sorted.len().checked_sub(1)?;
    Some(rounded(sorted[(last as f64 * share).round() as usize]))
}
