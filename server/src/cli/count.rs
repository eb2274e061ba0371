//! `muster count '<rule>' --from FILE`: how many profiles of a file does a rule select?

use std::path::PathBuf;

use clap::Args;
use muster_engine::eval::NodeCounts;
use muster_engine::event::EventTerms;
use muster_engine::rule::{Rule, to_text};
use muster_engine::segment::{Preview, PreviewOptions};
use muster_engine::tenant::{State, Tenant};
use muster_engine::time::Timestamp;
use serde_json::json;

use super::import::events_into;
use super::load::{ReadArguments, read_into};
use super::{Failure, print};
use crate::clock::{self, Stopwatch};

/// What to count, and in which file.
#[derive(Debug, Args)]
pub(crate) struct CountArguments {
    /// The rule as text, such as 'total_spent >= 2500 and last_purchase within 30 days', or as JSON
    rule: String,
    /// NDJSON, CSV, Parquet or Arrow IPC, by its extension
    #[arg(long)]
    from: PathBuf,
    /// A file of what these people did, for rules that ask about it; see muster import
    #[arg(long)]
    events: Option<PathBuf>,
    /// The instant to evaluate for, such as 2018-01-01T00:00:00Z; the present one when left out
    #[arg(long)]
    now: Option<String>,
    #[command(flatten)]
    ids: ReadArguments,
    /// Also what every part of the rule matches, and what the count would be without it
    #[arg(long)]
    explain: bool,
    /// Print the answer as JSON
    #[arg(long)]
    json: bool,
}

pub(crate) fn count(arguments: &CountArguments) -> Result<(), Failure> {
    let now = match &arguments.now {
        None => clock::now(),
        Some(text) => Timestamp::parse(text).ok_or_else(|| {
            Failure::Usage(format!("--now takes a time such as 2018-01-01T00:00:00Z, not \"{text}\""))
        })?,
    };
    let tenant = Tenant::default();
    let report = read_into(&tenant, &arguments.from, &arguments.ids)?;
    if let Some(path) = &arguments.events {
        let taken = EventTerms { creates_profiles: false, now };
        let told = events_into(&tenant, path, "profile_id", taken)?;
        let left_out = told.counts.refused_total + told.rejects.total;
        if left_out > 0 {
            eprintln!(
                "warning: {left_out} events were left out, {} of them of people who are not in the file",
                told.counts.refused_total
            );
        }
    }
    let state = tenant.state();
    let read = match serde_json::from_str(&arguments.rule) {
        Ok(json @ serde_json::Value::Object(_)) => state.read_json(&json),
        _ => state.read_text(&arguments.rule),
    };
    let (rule, checked) = read.map_err(|error| Failure::Usage(error.to_string()))?;
    let watch = Stopwatch::start();
    let preview = state.preview(&checked, now, PreviewOptions { sample: 0, explain: arguments.explain })?;
    let took_us = watch.elapsed_us();
    if arguments.json {
        return print(&answer(&state, &preview, now, took_us, report.rejects.total).to_string());
    }
    let mut text = preview.count.to_string();
    for warning in &preview.warnings {
        let nearest = if warning.suggestions.is_empty() {
            String::new()
        } else {
            format!(" (nearest: {})", warning.suggestions.join(", "))
        };
        eprintln!("warning: {}{nearest}", warning.message);
    }
    if report.rejects.total > 0 {
        eprintln!("warning: {} rows of the file were rejected; muster load says why", report.rejects.total);
    }
    if let Some(nodes) = &preview.nodes {
        text.push_str(&explain(&rule, nodes, preview.population));
    }
    print(&text)
}

/// A table of every node with its part of the rule.
fn explain(rule: &Rule, nodes: &[NodeCounts], population: u64) -> String {
    let head = format!("\n\n{:>12} {:>12} {:>12}  of {population} profiles", "matched", "missing", "without");
    let line = |node: &NodeCounts| {
        let text = at(rule, &node.pointer).map(|rule| to_text(rule, &|_| None)).unwrap_or_default();
        let indent = 2 * node.pointer.matches("/rules/").count();
        format!("\n{:>12} {:>12} {:>12}  {:indent$}{text}", node.matched, node.missing, node.without, "")
    };
    nodes.iter().map(line).fold(head, |table, line| table + &line)
}

/// The node of a rule at a JSON pointer.
fn at<'r>(rule: &'r Rule, pointer: &str) -> Option<&'r Rule> {
    let mut node = rule;
    for index in pointer.split("/rules/").skip(1) {
        let Rule::Group(group) = node else { return None };
        node = group.rules.get(index.parse::<usize>().ok()?)?;
    }
    Some(node)
}

fn answer(state: &State, preview: &Preview, now: Timestamp, took_us: u64, rejected: u64) -> serde_json::Value {
    let warnings: Vec<_> = preview.warnings.iter().map(|warning| json!({"pointer": warning.pointer, "code": warning.code, "message": warning.message, "suggestions": warning.suggestions})).collect();
    let node = |node: &NodeCounts| json!({"pointer": node.pointer, "matched": node.matched, "missing": node.missing, "without": node.without});
    let mut body = json!({
        "count": preview.count,
        "population": preview.population,
        "data_version": state.version,
        "now": now.to_string(),
        "took_us": took_us,
        "rejected_total": rejected,
        "warnings": warnings,
    });
    if let Some(nodes) = &preview.nodes {
        body["nodes"] = nodes.iter().map(node).collect();
    }
    body
}
