//! Each engine loads the month and is asked; every count is compared.

use std::fs::File;
use std::path::Path;
use std::time::Duration;

use muster::load_events::{EventLoad, load_events};
use muster::source::Format;
use muster_engine::eval;
use muster_engine::event::EventTerms;
use muster_engine::plan::{SegmentRows, plan};
use muster_engine::rule::to_text;
use muster_engine::tenant::{Tenant, Terms};
use serde_json::{Value as Json, json};

use super::acts::Acts;
use super::questions::{Question, questions};
use super::{Database, EventsArguments, NOW, month};
use crate::Failure;
use crate::clock::{Repeat, median_us, timed};
use crate::document::{percentile, rounded};
use crate::python::Peer;

/// How often Muster is asked.
const HERE: Repeat = Repeat { runs_max: 21, budget: Duration::from_secs(1) };

/// How often a database is asked: fewer times when it is slow.
const THERE: Repeat = Repeat { runs_max: 3, budget: Duration::from_secs(2) };

/// Loads Muster, asks it, and compares each count with a plain pass.
pub(super) fn ask_muster(
    arguments: &EventsArguments,
    path: &Path,
) -> Result<(Vec<Question>, Vec<Json>, Json), Failure> {
    eprintln!("loading muster");
    let tenant = Tenant::default();
    let taken = EventTerms { creates_profiles: true, now: NOW };
    let load = EventLoad { format: Format::Parquet, id_field: None, taken, terms: Terms::default() };
    let file = File::open(path)?;
    let (report, load_s) = timed(|| load_events(&tenant, &file, &load, &mut |_| {}));
    let report = report?;
    if report.counts.accepted != report.rows {
        return Err(Failure(format!("only {} of {} events were taken", report.counts.accepted, report.rows)));
    }
    let state = tenant.state();
    let events = state.view.events();
    let (bytes, id_bytes) = (events.bytes() as f64, events.ids().bytes() as f64);
    eprintln!("asking muster");
    let acts = Acts::of(month(arguments));
    let none = SegmentRows::new();
    let questions = questions(NOW, state.view.live().len());
    let mut measured = Vec::new();
    for question in &questions {
        let (rule, checked) = state.read_json(&question.rule)?;
        let ask = || eval::count(&plan(&checked, &state.view, &none, NOW));
        let (count, first_s) = timed(ask);
        let (_, us) = median_us(HERE, ask);
        let (naive, naive_s) = timed(|| acts.count(question.holds));
        let text = to_text(&rule, &|_| None);
        if naive != count {
            return Err(Failure(format!("{text}: {count}, one by one {naive}")));
        }
        measured.push(json!({"family": question.family, "text": text, "count": count, "muster_us": rounded(us),
            "muster_first_us": rounded(first_s * 1e6), "plain_pass_us": rounded(naive_s * 1e6)}));
    }
    let per_event = |bytes: f64| rounded(bytes / events.len() as f64);
    let told = json!({
        "events": events.len(),
        "load_s": rounded(load_s),
        "bytes_an_event": {"all": per_event(bytes), "ids": per_event(id_bytes), "runs": per_event(bytes - id_bytes),
            "orders_made_by_questions": per_event(events.bytes() as f64 - bytes)},
    });
    Ok((questions, measured, told))
}

/// Loads a database and asks it; adds its times to what was measured.
pub(super) fn ask_database(
    database: Database,
    threads: usize,
    path: &Path,
    questions: &[Question],
    measured: &mut [Json],
) -> Result<Json, Failure> {
    let mut peer = Peer::start(database.module(), threads)?;
    let loaded = peer.load(path, threads)?;
    let mut refused = Vec::new();
    for (question, measured) in questions.iter().zip(measured) {
        let request =
            json!({"query": question.sql, "runs_max": THERE.runs_max, "budget_s": THERE.budget.as_secs_f64()});
        match peer.ask(&request)? {
            Err(error) => refused.push(json!({"text": measured["text"], "error": error})),
            Ok(answer) if answer["count"] == measured["count"] => {
                measured[format!("{}_us", database.key())] = json!(rounded(answer["us"].as_f64().unwrap_or(f64::NAN)));
            }
            Ok(answer) => {
                return Err(Failure(format!(
                    "{}: {} instead of {}",
                    measured["text"], answer["count"], measured["count"]
                )));
            }
        }
    }
    Ok(json!({"load_s": loaded["load_s"], "memory_bytes": loaded["memory_bytes"], "version": loaded["version"],
        "refused": refused}))
}

/// The medians of the questions of a family, and how many times as long the better database takes, at the median.
pub(super) fn summary(family: &str, questions: &[Question], measured: &[Json]) -> Json {
    let of_family = || questions.iter().zip(measured).filter(|(question, _)| question.family == family);
    let us = |key: &str| -> Vec<f64> { of_family().filter_map(|(_, measured)| measured[key].as_f64()).collect() };
    let ratio = |measured: &Json| {
        let theirs = [&measured["duckdb_us"], &measured["clickhouse_us"]];
        let best = theirs.into_iter().filter_map(Json::as_f64).min_by(f64::total_cmp)?;
        Some(best / measured["muster_us"].as_f64()?)
    };
    let ratios: Vec<f64> = of_family().filter_map(|(_, measured)| ratio(measured)).collect();
    json!({"muster_p50_us": percentile(&us("muster_us"), 0.5), "duckdb_p50_us": percentile(&us("duckdb_us"), 0.5),
        "clickhouse_p50_us": percentile(&us("clickhouse_us"), 0.5), "times_the_better_p50": percentile(&ratios, 0.5)})
}
