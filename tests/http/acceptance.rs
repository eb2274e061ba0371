//! The acceptance set over HTTP: thirty segments and ten audiences, as a client would make and read them.

use harness::acceptance::{Acceptance, AudienceCase, Case, Csv, check_breakdown, digest};
use harness::server::Server;
use harness::study::profiles;
use reqwest::Method;
use serde_json::{Value as Json, json};

#[test]
fn from_ndjson() {
    check("application/x-ndjson", &profiles().ndjson);
}

#[test]
fn from_parquet() {
    check("application/vnd.apache.parquet", &profiles().parquet);
}

fn check(content_type: &str, bytes: &[u8]) {
    let set = Acceptance::load();
    let server = Server::start();
    let report = server.import("id_field=household_id&schema=infer", content_type, bytes.to_vec()).expect(200);
    assert_eq!(report["rows"], set.universe);
    assert_eq!((&report["inserted"], &report["rejected_total"]), (&json!(set.universe), &json!(0)));
    assert_eq!(report["fields_added"].as_array().map(Vec::len), Some(29));
    for (index, case) in set.cases.iter().enumerate() {
        // Page sizes that divide the members, that leave a rest, and that hold all; small ones cost most.
        let limit = [10_000, 333, 100, 2_469, 1_000, 50, 631][index % 7];
        check_rule(&server, case, &set.now, limit);
    }
    for case in &set.audiences {
        check_preview(&server, case, &set.now);
        check_saved(&server, case, &set.now);
    }
}

fn check_rule(server: &Server, case: &Case, now: &str, limit: usize) {
    let asked = json!({"criteria": case.criteria, "now": now, "sample": 5, "explain": true});
    let preview = server.post("/api/segments/preview", &asked).expect(200);
    assert_eq!(preview["count"], case.count, "{} {}", case.id, case.name);
    assert_eq!(preview["population"], 2_469);
    assert_eq!(preview["now"], now);
    assert_eq!(numbers(preview["sample"].as_array().expect("a sample")), case.first_ids, "{}", case.id);
    assert_eq!((&preview["nodes"][0]["pointer"], &preview["nodes"][0]["matched"]), (&"".into(), &preview["count"]));

    let body = json!({"name": case.id, "description": case.name, "segment_type": "dynamic", "criteria": case.criteria});
    let saved = server.post("/api/segments", &body).expect(201);
    assert_eq!((&saved["name"], &saved["criteria"]), (&body["name"], &case.criteria));
    let text = json!({"text": saved["text"], "now": now});
    assert_eq!(server.post("/api/segments/preview", &text).expect(200)["count"], case.count, "{text}");
    let read = server.get(&format!("/api/segments/{}?now={now}", saved["id"])).expect(200);
    assert_eq!(read["count"], case.count, "{} {}", case.id, case.name);
    let members = numbers(&server.pages(&format!("/api/segments/{}/members?now={now}", case.id), limit));
    assert_eq!(digest(members), case.digest, "{} in pages of {limit}", case.id);
}

/// The definition of a case, its lists imported on their own.
fn definition(server: &Server, case: &AudienceCase) -> Json {
    let list = |csv: &Csv| {
        let path = format!("/api/lists?name={}", csv.name);
        let list = server.send(Method::POST, &path, "text/csv", csv.bytes.clone()).expect(201);
        assert_eq!((&list["name"], &list["report"]["rejected_total"]), (&csv.name.as_str().into(), &0.into()));
        json!([list["id"]])
    };
    let mut body = without_lists(case);
    if let Some(csv) = &case.include_csv {
        body["include_lists"] = list(csv);
    }
    if let Some(csv) = &case.exclude_csv {
        body["exclude_lists"] = list(csv);
    }
    body
}

fn without_lists(case: &AudienceCase) -> Json {
    let mut body = json!({});
    for (key, segments) in [("include_segments", &case.include_segments), ("exclude_segments", &case.exclude_segments)]
    {
        if let Some(segments) = segments {
            body[key] = json!(segments);
        }
    }
    for (key, ids) in [("include_customers", &case.include_customers), ("exclude_customers", &case.exclude_customers)] {
        if let Some(ids) = ids {
            body[key] = json!(ids);
        }
    }
    if let Some(join) = &case.include_match {
        body["include_match"] = json!(join);
    }
    body
}

fn check_preview(server: &Server, case: &AudienceCase, now: &str) {
    let mut body = definition(server, case);
    body["now"] = json!(now);
    body["sample"] = json!(10);
    let preview = server.post("/api/audiences/preview", &body).expect(200);
    assert_eq!(preview["count"], case.count, "{} {}", case.id, case.name);
    assert_eq!(numbers(preview["sample"].as_array().expect("a sample")), case.first_ids, "{}", case.id);
    check_breakdown(case, &preview["breakdown"]);
}

/// Saved first, its lists attached afterwards.
fn check_saved(server: &Server, case: &AudienceCase, now: &str) {
    let mut body = without_lists(case);
    body["name"] = json!(case.id);
    body["description"] = json!(case.name);
    let id = server.post("/api/audiences", &body).expect(201)["id"].clone();
    for (side, csv) in [("include", &case.include_csv), ("exclude", &case.exclude_csv)] {
        if let Some(csv) = csv {
            let path = format!("/api/audiences/{id}/import-csv?side={side}&name={}", csv.name);
            server.send(Method::POST, &path, "text/csv", csv.bytes.clone()).expect(201);
        }
    }
    let read = server.get(&format!("/api/audiences/{id}?now={now}")).expect(200);
    assert_eq!((&read["count"], &read["customer_count"]), (&json!(case.count), &json!(case.count)), "{}", case.id);
    check_breakdown(case, &read["breakdown"]);
    let members = server.pages(&format!("/api/audiences/{id}/members?now={now}"), 120);
    assert_eq!(digest(numbers(&members)), case.digest, "{} in pages", case.id);
}

fn numbers(profiles: &[Json]) -> Vec<u64> {
    profiles.iter().map(|profile| profile["id"].as_u64().unwrap_or_else(|| panic!("no number: {profile}"))).collect()
}
