//! Each engine loads the month and is asked; every count is compared.

use std::fs::File;
use std::path::Path;
use std::time::Duration;

use muster::load_events::{EventLoad, load_events};
use muster::source::Format;
use muster_engine::command::{Command, ComputeChange};
use muster_engine::enrich::template;
use muster_engine::eval;
use muster_engine::event::EventTerms;
use muster_engine::plan::{SegmentRows, plan};
use muster_engine::rule::{CheckedRule, to_text};
use muster_engine::segment::PreviewOptions;
use muster_engine::tenant::{State, Tenant, Terms};
use muster_engine::time::Timestamp;
use serde_json::{Value as Json, json};

use super::acts::Acts;
use super::questions::{Question, questions};
use super::{Database, NOW};
use crate::Failure;
use crate::clock::{Repeat, median_us, timed};
use crate::document::{percentile, rounded};
use crate::python::Peer;

/// How often Muster is asked.
const HERE: Repeat = Repeat { runs_max: 21, budget: Duration::from_secs(1) };

/// Questions while the clock goes on: the first two of them are evaluated.
const ASKED_BY_THE_CLOCK: i64 = 21;

/// How often a database is asked: fewer times when it is slow.
const THERE: Repeat = Repeat { runs_max: 3, budget: Duration::from_secs(2) };

/// What Muster was asked, what was measured, how many people have some computed values, and what it says of itself.
pub(super) type Asked = (Vec<Question>, Vec<Json>, Vec<(&'static str, u64)>, Json);

/// Loads Muster, asks it, and compares each count with a plain pass.
pub(super) fn ask_muster(path: &Path) -> Result<Asked, Failure> {
    eprintln!("loading muster");
    let tenant = Tenant::default();
    declare_shop(&tenant)?;
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
    let acts = Acts::of(&file, events.schema())?;
    let none = SegmentRows::new();
    let questions = questions(NOW, state.view.live().len());
    let mut measured = Vec::new();
    for question in &questions {
        let (rule, checked) = state.read_json(&question.rule)?;
        let ask = || eval::count(&plan(&checked, &state.view, &none, NOW));
        let (count, first_s) = timed(ask);
        let (_, us) = median_us(HERE, ask);
        let kept_us = kept_us(&state, &checked)?;
        let (naive, naive_s) = timed(|| acts.count(question.holds));
        let text = to_text(&rule, &|_| None);
        if naive != count {
            return Err(Failure(format!("{text}: {count}, one by one {naive}")));
        }
        measured.push(json!({"family": question.family, "text": text, "count": count, "muster_us": rounded(us),
            "muster_first_us": rounded(first_s * 1e6), "kept_by_the_clock_us": rounded(kept_us), "plain_pass_us": rounded(naive_s * 1e6)}));
    }
    let per_event = |bytes: f64| rounded(bytes / events.len() as f64);
    let told = json!({
        "events": events.len(),
        "load_and_enrich_s": rounded(load_s),
        "bytes_an_event": {"all": per_event(bytes), "ids": per_event(id_bytes), "runs": per_event(bytes - id_bytes),
            "orders_made_by_questions": per_event(events.bytes() as f64 - bytes)},
    });
    let enriched = enriched(&state)?;
    Ok((questions, measured, enriched, told))
}

/// The median of asking again and again while the clock goes on, a millisecond from question to question; every count is
/// compared.
fn kept_us(state: &State, checked: &CheckedRule) -> Result<f64, Failure> {
    let none = SegmentRows::new();
    let mut times = Vec::new();
    for asked in 0..ASKED_BY_THE_CLOCK {
        let now = Timestamp(NOW.0 + 1_000 * asked);
        let (preview, took_s) = timed(|| state.preview(checked, now, PreviewOptions { sample: 0, explain: false }));
        let expected = eval::count(&plan(checked, &state.view, &none, now));
        let count = preview?.count;
        if count != expected {
            return Err(Failure(format!("{count} kept at {now}, {expected} evaluated")));
        }
        times.push(took_s * 1e6);
    }
    Ok(percentile(&times, 0.5).unwrap_or(f64::NAN))
}

/// Declares the ready-made computed fields of a shop, so that loading makes them as well.
pub(super) fn declare_shop(tenant: &Tenant) -> Result<(), Failure> {
    let shop = template("shop").ok_or_else(|| Failure("there is no set of computed fields of a shop".into()))?;
    let change = ComputeChange::Declare { events: shop.events(), fields: shop.declared(), now: NOW };
    tenant.apply(Command::Compute(change))?;
    Ok(())
}

/// How many people have values of computed fields, by what a database calls them as well.
fn enriched(state: &State) -> Result<Vec<(&'static str, u64)>, Failure> {
    let rules = [
        ("total_spent >= 100", json!({"field": "total_spent", "operator": ">=", "value": 100})),
        ("price_max < 50", json!({"field": "price_max", "operator": "<", "value": 50})),
        ("views_30_days >= 10", json!({"field": "views_30_days", "operator": ">=", "value": 10})),
        ("recency_days <= 7", json!({"field": "recency_days", "operator": "<=", "value": 7})),
        ("conversion_rate >= 10", json!({"field": "conversion_rate", "operator": ">=", "value": 10})),
        (
            "list_contains(preferred_days, 1)",
            json!({"field": "preferred_days", "operator": "includes", "value": ["Monday"]}),
        ),
        (
            "list_contains(favourite_categories, 'electronics.smartphone')",
            json!({"field": "favourite_categories", "operator": "includes", "value": ["electronics.smartphone"]}),
        ),
    ];
    let none = SegmentRows::new();
    let count = |(sql, rule): (&'static str, Json)| {
        let (_, checked) = state.read_json(&rule)?;
        Ok((sql, eval::count(&plan(&checked, &state.view, &none, NOW))))
    };
    rules.into_iter().map(count).collect()
}

/// Has a database group the file into the same fields, and compares some counts.
fn group(peer: &mut Peer, path: &Path, enriched: &[(&'static str, u64)]) -> Result<Json, Failure> {
    let request = json!({"metrics": path.to_string_lossy(), "now": NOW.0});
    let grouped = peer.ask(&request)?.map_err(Failure)?;
    for (sql, count) in enriched {
        let query =
            json!({"query": format!("select count(*) from metrics where {sql}"), "runs_max": 1, "budget_s": 0.0});
        let theirs = peer.ask(&query)?.map_err(Failure)?["count"].clone();
        if theirs != *count {
            return Err(Failure(format!("{sql}: {count} enriched, {theirs} grouped")));
        }
    }
    Ok(json!(rounded(grouped["metrics_s"].as_f64().unwrap_or(f64::NAN))))
}

/// Loads a database and asks it; adds its times to what was measured.
pub(super) fn ask_database(
    database: Database,
    threads: usize,
    path: &Path,
    (questions, enriched): (&[Question], &[(&'static str, u64)]),
    measured: &mut [Json],
) -> Result<Json, Failure> {
    let mut peer = Peer::start(database.module(), threads)?;
    let loaded = peer.load(path, threads)?;
    let group_s = if database == Database::Duckdb { group(&mut peer, path, enriched)? } else { Json::Null };
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
    Ok(
        json!({"load_s": loaded["load_s"], "group_s": group_s, "memory_bytes": loaded["memory_bytes"], "version": loaded["version"],
        "refused": refused}),
    )
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
    json!({"muster_p50_us": percentile(&us("muster_us"), 0.5), "muster_first_p50_us": percentile(&us("muster_first_us"), 0.5), "duckdb_p50_us": percentile(&us("duckdb_us"), 0.5),
        "clickhouse_p50_us": percentile(&us("clickhouse_us"), 0.5), "times_the_better_p50": percentile(&ratios, 0.5)})
}
