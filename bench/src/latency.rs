//! How long Muster alone takes: plain counts, counts with every node explained, counts that were asked before.

use std::time::Duration;

use muster_data::population::DEFAULT_NOW;
use muster_engine::command::Command;
use muster_engine::eval;
use muster_engine::id::Row;
use muster_engine::plan::{SegmentRows, plan, plan_explained};
use muster_engine::rule::CheckedRule;
use muster_engine::schema::Value;
use muster_engine::segment::PreviewOptions;
use muster_engine::tenant::Tenant;
use serde_json::{Value as Json, json};

use crate::clock::{Repeat, median_us, timed};
use crate::document::{percentile, rounded};
use crate::machine;
use crate::workload::{loaded, parquet, queries};
use crate::{Failure, Size};

const REPEAT: Repeat = Repeat { runs_max: 9, budget: Duration::from_secs(1) };

/// Profiles changed one after the other for each rule.
const CHANGES: u32 = 5;

/// For looking at one rule with a profiler.
const LONG: Repeat = Repeat { runs_max: u32::MAX, budget: Duration::from_secs(12) };

/// What to measure.
#[derive(Debug, clap::Args)]
pub(crate) struct LatencyArguments {
    #[command(flatten)]
    pub(crate) size: Size,
    /// Ask only rules whose text contains this, for some seconds each
    #[arg(long)]
    only: Option<String>,
    /// Counts only: no explanations, nothing from memory
    #[arg(long)]
    counts: bool,
}

pub(crate) fn run(arguments: &LatencyArguments) -> Result<(), Failure> {
    let profiles = arguments.size.profiles;
    let (tenant, load_s) = loaded(&parquet(profiles)?, arguments.size.row_order())?;
    let state = tenant.state();
    let none = SegmentRows::new();
    let mut list: Vec<Json> = Vec::new();
    let (mut counts, mut factors) = (Vec::new(), Vec::new());
    let (mut hits, mut renewals) = (Vec::new(), Vec::new());
    for query in queries(&tenant, profiles)? {
        if arguments.only.as_ref().is_some_and(|only| !query.text.contains(only)) {
            continue;
        }
        let repeat = if arguments.only.is_some() { LONG } else { REPEAT };
        let (count, us) = median_us(repeat, || eval::count(&plan(&query.checked, &state.view, &none, DEFAULT_NOW)));
        let (_, plan_us) = median_us(REPEAT, || plan(&query.checked, &state.view, &none, DEFAULT_NOW).leaves.len());
        counts.push(us);
        let mut explain_us = f64::NAN;
        if !arguments.counts {
            (_, explain_us) = median_us(repeat, || {
                let (explained, plan) = plan_explained(&query.checked, &state.view, &none, DEFAULT_NOW);
                eval::explain(&explained, &plan)
            });
            factors.push(explain_us / us);
            let (kept_us, changed_us) = kept(&tenant, &query.checked)?;
            hits.push(kept_us);
            renewals.push(changed_us);
        }
        list.push(json!({
            "text": query.text, "leaves": query.leaves, "count": count, "us": rounded(us), "plan_us": rounded(plan_us),
            "explain_us": rounded(explain_us),
        }));
    }
    let document = json!({
        "profiles": profiles,
        "machine": machine::describe(),
        "commit": machine::commit(),
        "kernels": machine::kernels(),
        "load_s": rounded(load_s),
        "bytes_per_profile": rounded(state.view.bytes() as f64 / profiles as f64),
        "count_us": quantiles(&counts),
        "explain_times": quantiles(&factors),
        "kept_us": quantiles(&hits),
        "after_one_changed_row_us": quantiles(&renewals),
        "queries": list,
    });
    println!("{document:#}");
    Ok(())
}

/// A preview that was asked before, and one after a profile has changed; the change itself is not measured.
fn kept(tenant: &Tenant, rule: &CheckedRule) -> Result<(f64, f64), Failure> {
    let ask = |tenant: &Tenant| {
        let state = tenant.state();
        timed(|| state.preview(rule, DEFAULT_NOW, PreviewOptions::default()).map(|preview| preview.count))
    };
    ask(tenant).0?;
    let (_, kept_us) = median_us(REPEAT, || {
        let state = tenant.state();
        state.preview(rule, DEFAULT_NOW, PreviewOptions::default()).map(|preview| preview.count).ok()
    });
    let mut times = Vec::new();
    let rows = tenant.state().view.row_count();
    for change in 0..CHANGES {
        let id = tenant.state().view.id(Row(change * (rows / CHANGES))).to_owned();
        let risk = Value::Int(i64::from(change));
        tenant.apply(Command::PatchProfile { id, changes: vec![("churn_risk".into(), Some(risk))] })?;
        let (count, seconds) = ask(tenant);
        count?;
        times.push(seconds * 1e6);
    }
    Ok((kept_us, percentile(&times, 0.5).unwrap_or(f64::NAN)))
}

fn quantiles(values: &[f64]) -> Json {
    json!({
        "p50": percentile(values, 0.5), "p95": percentile(values, 0.95), "p99": percentile(values, 0.99),
        "max": percentile(values, 1.0),
    })
}
