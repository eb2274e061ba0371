//! The acceptance set asked of the engine as a library: thirty rules and ten audiences over the study's households.

use harness::acceptance::{Acceptance, AudienceCase, Case, Csv, check_breakdown, digest};
use harness::study::{file_of, profiles};
use muster::load::{LoadOptions, load};
use muster::source::{Format, read_ids};
use muster_engine::audience::{Breakdown, Definition, IncludeMatch, ListedIds};
use muster_engine::block::Set;
use muster_engine::command::{Command, Outcome, SegmentContent};
use muster_engine::id::{ListId, Row};
use muster_engine::rule::{SegmentRef, from_text, to_text};
use muster_engine::segment::{IdCounts, PreviewOptions};
use muster_engine::table::{ImportMode, RowOrder};
use muster_engine::tenant::{State, Tenant};
use muster_engine::time::Timestamp;
use serde_json::{Map, Value as Json, json};

#[test]
fn from_ndjson() {
    check(&profiles().ndjson, Format::Ndjson);
}

#[test]
fn from_parquet() {
    check(&profiles().parquet, Format::Parquet);
}

fn check(bytes: &[u8], format: Format) {
    let set = Acceptance::load();
    let now = Timestamp::parse(&set.now).expect("RFC 3339");
    let tenant = Tenant::default();
    let options = LoadOptions {
        format,
        id_field: Some("household_id".into()),
        infer: true,
        mode: ImportMode::Replace,
        row_order: RowOrder::default(),
        terms: muster_engine::tenant::Terms::default(),
    };
    let report = load(&tenant, &file_of(bytes), &options, &mut |_| {}).expect("the study's profiles");
    assert_eq!((report.rows, report.inserted, report.rejects.total), (set.universe, set.universe, 0));
    tenant.state().view.verify().expect("indexes agree with columns");
    for case in &set.cases {
        check_rule(&tenant, case, now);
    }
    for case in &set.audiences {
        check_audience(&tenant, case, now);
    }
}

/// The rule as JSON, as text, and saved as a segment named by its id.
fn check_rule(tenant: &Tenant, case: &Case, now: Timestamp) {
    let state = tenant.state();
    let (rule, checked) = state.read_json(&case.criteria).unwrap_or_else(|error| panic!("{}: {error}", case.id));
    let preview = state.preview(&checked, now, PreviewOptions { sample: 5, explain: true }).expect("a preview");
    assert_eq!(preview.count, case.count, "{} {}", case.id, case.name);
    assert_eq!(preview.nodes.expect("explained")[0].matched, case.count, "{} {}", case.id, case.name);
    let sample: Vec<u64> = preview.sample.iter().map(|profile| number(&profile.id)).collect();
    assert_eq!(sample, case.first_ids, "{} {}", case.id, case.name);

    let text = to_text(&rule, &|_| None);
    assert_eq!(from_text(&text).expect("a text that was printed"), rule, "{}: {text}", case.id);
    let (from_text, checked) = state.read_text(&text).unwrap_or_else(|error| panic!("{}: {error}", case.id));
    assert_eq!(from_text, rule, "{}: {text}", case.id);
    let again = state.preview(&checked, now, PreviewOptions::default()).expect("a preview");
    assert_eq!(again.count, case.count, "{}: {text}", case.id);

    let content = SegmentContent::Rule(rule);
    let put = Command::PutSegment { id: None, name: case.id.clone(), description: case.name.clone(), content, now };
    let Outcome::Segment(id) = tenant.apply(put).expect("a good segment") else { panic!("no segment was saved") };
    let state = tenant.state();
    assert_eq!(state.segment_count(id, now).expect("it was saved"), case.count, "{} {}", case.id, case.name);
    let rows = state.segment_rows(id, now).expect("it was saved");
    assert_eq!(digest(ids(&rows, &state)), case.digest, "{} {}", case.id, case.name);
}

fn check_audience(tenant: &Tenant, case: &AudienceCase, now: Timestamp) {
    let definition = definition(tenant, case, now);
    let state = tenant.state();
    let preview = state.audience(&definition, now, 10).expect("its lists are there");
    assert_eq!(preview.rows.len(), case.count, "{} {}", case.id, case.name);
    assert_eq!(digest(ids(&preview.rows, &state)), case.digest, "{} {}", case.id, case.name);
    let sample: Vec<u64> = preview.sample.iter().map(|profile| number(&profile.id)).collect();
    assert_eq!(sample, case.first_ids, "{} {}", case.id, case.name);
    check_breakdown(case, &told(&preview.breakdown));
}

fn definition(tenant: &Tenant, case: &AudienceCase, now: Timestamp) -> Definition {
    let put = |csv: &Csv| {
        let list = read_ids(&file_of(&csv.bytes), None).unwrap_or_else(|error| panic!("{}: {error}", csv.name));
        assert_eq!(list.rejects.total, 0, "{}", csv.name);
        let (ids, blank) = (list.entries, list.blank);
        let put = Command::PutList { name: csv.name.clone(), ids, blank, attach: None, now };
        ListId(tenant.apply(put).and_then(|outcome| outcome.id()).expect("a good list"))
    };
    let include_lists = case.include_csv.as_ref().map(|csv| vec![put(csv)]);
    let exclude_lists = case.exclude_csv.iter().map(put).collect();
    let state = tenant.state();
    let choose = |names: &Vec<String>| {
        let named: Vec<SegmentRef> = names.iter().cloned().map(SegmentRef::Name).collect();
        Definition::choose("segments", &named, &state.segments).expect("every rule was saved")
    };
    let texts = |ids: &Vec<u64>| ids.iter().map(u64::to_string).collect::<Vec<_>>();
    Definition {
        include_match: if case.include_match.as_deref() == Some("all") { IncludeMatch::All } else { IncludeMatch::Any },
        include_segments: case.include_segments.as_ref().map(choose),
        include_customers: case.include_customers.as_ref().map(texts),
        include_lists,
        exclude_segments: case.exclude_segments.as_ref().map(choose).unwrap_or_default(),
        exclude_customers: case.exclude_customers.as_ref().map(texts).unwrap_or_default(),
        exclude_lists,
        ..Definition::default()
    }
}

/// The breakdown in the words of the HTTP interface.
fn told(breakdown: &Breakdown) -> Json {
    let sizes = |sizes: &[(String, u64)]| {
        sizes.iter().map(|(key, size)| (key.clone(), json!(size))).collect::<Map<String, Json>>()
    };
    let mut told = json!({
        "include_segments": sizes(&breakdown.include_segments),
        "from_segments": breakdown.from_segments,
        "base": breakdown.base,
        "excluded_total": breakdown.excluded_total,
    });
    if let Some(all) = breakdown.all_customers {
        told["all_customers"] = json!(all);
    }
    if let Some(ids) = &breakdown.include_customers {
        told["include_customers"] = included(ids);
    }
    if let Some(ids) = &breakdown.exclude_customers {
        told["exclude_customers"] = excluded(ids);
    }
    if !breakdown.include_lists.is_empty() {
        told["include_lists"] = breakdown.include_lists.iter().map(included).collect();
    }
    if !breakdown.exclude_lists.is_empty() {
        told["exclude_lists"] = breakdown.exclude_lists.iter().map(excluded).collect();
    }
    if !breakdown.excluded_by_segment.is_empty() {
        told["excluded_by_segment"] = sizes(&breakdown.excluded_by_segment).into();
    }
    told
}

fn included(ids: &ListedIds) -> Json {
    let mut told = counts(&ids.counts, ids.list.map(|_| ids.blank));
    told["added"] = json!(ids.effect);
    told
}

fn excluded(ids: &ListedIds) -> Json {
    let mut told = counts(&ids.counts, ids.list.map(|_| ids.blank));
    told["removed"] = json!(ids.effect);
    told
}

fn counts(counts: &IdCounts, blank: Option<u64>) -> Json {
    let mut told = json!({
        "entries": counts.entries,
        "duplicates": counts.duplicates,
        "distinct": counts.distinct,
        "known": counts.known,
        "unknown": counts.unknown,
        "of_unknown_malformed": counts.of_unknown_malformed,
    });
    if let Some(blank) = blank {
        told["blank"] = json!(blank);
    }
    told
}

fn ids(rows: &Set, state: &State) -> Vec<u64> {
    rows.rows().map(|row| number(state.view.id(Row(row)))).collect()
}

fn number(id: &str) -> u64 {
    id.parse().unwrap_or_else(|_| panic!("household \"{id}\" is no number"))
}
