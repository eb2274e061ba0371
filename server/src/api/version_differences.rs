//! What tells one version from another: attributes, tests of rules, parts of definitions; and who comes and goes, counted
//! at one version of the data and one instant.

use std::sync::Arc;

use muster_engine::audience::{Definition, IncludeMatch, SegmentChoice};
use muster_engine::block::Set;
use muster_engine::catalog::{Attributes, Version};
use muster_engine::error::{Error, Result};
use muster_engine::id::{AudienceId, ListId, SegmentId};
use muster_engine::rule::{Difference, Match, Part, Rule, differences, to_json, to_text};
use muster_engine::segment::SegmentKept;
use muster_engine::tenant::State;
use muster_engine::time::Timestamp;
use serde_json::{Map, Value as Json, json};

use super::attributes;
use super::audience_definition;
use super::error::Mistake;
use super::sight;
use crate::access::may_read_people;

/// Entries of a list that are named in a difference; the others are counted.
const NAMED_MAX: usize = 100;

/// Between two versions of a segment.
pub(super) fn between_segments(
    state: &State,
    from: &Version<SegmentKept>,
    to: &Version<SegmentKept>,
    now: Timestamp,
) -> Map<String, Json> {
    let definition = match (&from.content, &to.content) {
        (SegmentKept::Rule(before), SegmentKept::Rule(after)) => {
            json!({"kind": "rule", "differences": in_rules(state, before, after)})
        }
        (SegmentKept::Ids(before), SegmentKept::Ids(after)) => {
            let (added, removed) = before.difference_to(after);
            json!({"kind": "ids", "added": added, "removed": removed})
        }
        (SegmentKept::Lookalike(before), SegmentKept::Lookalike(after)) => {
            json!({"kind": "model", "from": before.trained.data_version, "to": after.trained.data_version})
        }
        (before, after) => json!({"kind": "segment_type", "from": kind(before), "to": kind(after)}),
    };
    let rows = |version: &Version<SegmentKept>| state.rows_of_version(&version.content, now);
    body(from, to, definition, rows(from), rows(to))
}

fn kind(kept: &SegmentKept) -> &'static str {
    match kept {
        SegmentKept::Rule(_) => "dynamic",
        SegmentKept::Ids(_) => "static",
        SegmentKept::Lookalike(_) => "lookalike",
    }
}

/// Between two versions of an audience.
pub(super) fn between_audiences(
    state: &State,
    id: AudienceId,
    from: &Version<Arc<Definition>>,
    to: &Version<Arc<Definition>>,
    now: Timestamp,
) -> Map<String, Json> {
    let definition = json!({"kind": "audience", "differences": in_definitions(&from.content, &to.content)});
    let rows = |version: &Version<Arc<Definition>>| state.rows_of_definition(id, &version.content, now);
    body(from, to, definition, rows(from), rows(to))
}

fn body<C>(
    from: &Version<C>,
    to: &Version<C>,
    definition: Json,
    before: Result<Set>,
    after: Result<Set>,
) -> Map<String, Json> {
    let mut body = Map::new();
    body.insert("from".into(), json!(from.number));
    body.insert("to".into(), json!(to.number));
    body.insert("attributes".into(), in_attributes(&from.attributes, &to.attributes));
    body.insert("definition".into(), definition);
    let mut reasons = Vec::new();
    for (version, rows) in [(from.number, &before), (to.number, &after)] {
        if let Err(error) = rows {
            reasons.push(json!({"version": version, "errors": mistakes(error)}));
        }
    }
    let sizes = match (&before, &after) {
        (Ok(before), Ok(after)) => {
            let stayed = before.and_count(after);
            json!({"from": before.len(), "to": after.len(), "entered": after.len() - stayed,
                "left": before.len() - stayed, "stayed": stayed})
        }
        _ => Json::Null,
    };
    body.insert("sizes".into(), sizes);
    body.insert("not_countable".into(), reasons.into());
    body
}

fn mistakes(error: &Error) -> Json {
    match error {
        Error::Invalid(problems) => problems.iter().cloned().map(|problem| json!(Mistake::from(problem))).collect(),
        other => json!([{"pointer": "", "code": "refused", "message": other.to_string(), "suggestions": []}]),
    }
}

fn in_attributes(from: &Attributes, to: &Attributes) -> Json {
    let told = |attributes: &Attributes| {
        let mut body = Map::new();
        attributes::onto(&mut body, attributes);
        body.insert("campaign_id".into(), json!(attributes.campaign));
        // It follows from the status.
        body.swap_remove("is_active");
        body
    };
    let (from, to) = (told(from), told(to));
    let changed = from.iter().filter(|(key, value)| to.get(*key) != Some(value));
    changed.map(|(key, value)| json!({"attribute": key, "from": value, "to": to.get(key)})).collect()
}

fn in_rules(state: &State, before: &Rule, after: &Rule) -> Json {
    let name_of = |id: SegmentId| state.segments.get(id).ok().map(|segment| segment.name.clone());
    let part = |part: &Part| match sight::is_masked(part.rule, state.view.schema()) {
        true => json!({"pointer": part.pointer, "text": null, "criteria": null, "masked": ["text", "criteria"]}),
        false => {
            json!({"pointer": part.pointer, "text": to_text(part.rule, &name_of), "criteria": to_json(part.rule, &name_of)})
        }
    };
    let group = |(pointer, join): &(String, Match)| json!({"pointer": pointer, "match": word(*join)});
    let told = |difference: Difference| match difference {
        Difference::Added(after) => json!({"change": "added", "to": part(&after)}),
        Difference::Removed(before) => json!({"change": "removed", "from": part(&before)}),
        Difference::Changed(before, after) => json!({"change": "changed", "from": part(&before), "to": part(&after)}),
        Difference::Joined(before, after) => json!({"change": "joined", "from": group(&before), "to": group(&after)}),
    };
    differences(before, after).into_iter().map(told).collect()
}

fn word(join: Match) -> &'static str {
    match join {
        Match::All => "all",
        Match::Any => "any",
        Match::None => "none",
    }
}

fn in_definitions(before: &Definition, after: &Definition) -> Vec<Json> {
    let mut told = Vec::new();
    let join = |definition: &Definition| if definition.include_match == IncludeMatch::All { "all" } else { "any" };
    if join(before) != join(after) {
        told.push(json!({"key": "include_match", "from": join(before), "to": join(after)}));
    }
    for ((key, left), (_, right)) in lists_of(before).into_iter().zip(lists_of(after)) {
        if left == right {
            continue;
        }
        let (was_there, is_there) = (left.is_some(), right.is_some());
        let (left, right) = (left.unwrap_or_default(), right.unwrap_or_default());
        let (added, removed) = (without(&right, &left), without(&left, &right));
        let is_shown = may_read_people() || !key.ends_with("_customers");
        let named = |all: &[Json]| is_shown.then(|| all.iter().take(NAMED_MAX).cloned().collect::<Vec<_>>());
        told.push(json!({"key": key, "was_there": was_there, "is_there": is_there, "added": named(&added),
            "added_total": added.len(), "removed": named(&removed), "removed_total": removed.len()}));
    }
    let gates = |definition: &Definition| {
        let mut body = Map::new();
        audience_definition::onto(&mut body, definition);
        audience_definition::GATE_KEYS.map(|key| body.get(key).cloned().unwrap_or_default())
    };
    for ((key, from), to) in audience_definition::GATE_KEYS.into_iter().zip(gates(before)).zip(gates(after)) {
        if from != to {
            told.push(json!({"key": key, "from": from, "to": to}));
        }
    }
    told
}

/// The lists of a definition by key, those that are not there as none.
fn lists_of(definition: &Definition) -> [(&'static str, Option<Vec<Json>>); 6] {
    let segments = |all: &[SegmentChoice]| all.iter().map(|choice| json!(choice.id.0)).collect();
    let customers = |all: &[String]| all.iter().map(|id| json!(id)).collect();
    let lists = |all: &[ListId]| all.iter().map(|id| json!(id.0)).collect();
    [
        ("include_segments", definition.include_segments.as_deref().map(segments)),
        ("include_customers", definition.include_customers.as_deref().map(customers)),
        ("include_lists", definition.include_lists.as_deref().map(lists)),
        ("exclude_segments", Some(segments(&definition.exclude_segments))),
        ("exclude_customers", Some(customers(&definition.exclude_customers))),
        ("exclude_lists", Some(lists(&definition.exclude_lists))),
    ]
}

/// Entries that `others` has not, each once.
fn without(entries: &[Json], others: &[Json]) -> Vec<Json> {
    let others: std::collections::HashSet<&Json> = others.iter().collect();
    let mut seen = std::collections::HashSet::new();
    entries.iter().filter(|entry| !others.contains(entry) && seen.insert(*entry)).cloned().collect()
}
