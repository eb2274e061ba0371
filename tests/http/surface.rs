//! The surface as a whole: other names of the same routes, the description, figures, health.

use std::collections::BTreeSet;

use harness::server::Server;
use reqwest::Method;
use serde_json::{Map, Value as Json, json};

const PEOPLE: &str = "{\"id\": 1, \"country\": \"DE\", \"visits\": 5}\n{\"id\": 2, \"visits\": 9}\n{\"id\": 3}\n";

fn server() -> Server {
    let server = Server::start();
    server.load(PEOPLE);
    server.post("/api/segments", &json!({"name": "regulars", "text": "visits >= 5"})).expect(201);
    server.post("/api/segments", &json!({"name": "friends", "customers": [1, 3, 8]})).expect(201);
    server.send(Method::POST, "/api/lists?name=l", "text/csv", "id\n1\n9\n").expect(201);
    server
}

/// What an answer says, but for the time it took.
fn told(mut answer: Json) -> Json {
    if let Some(answer) = answer.as_object_mut() {
        answer.swap_remove("took_us");
        for item in answer.get_mut("items").and_then(Json::as_array_mut).into_iter().flatten() {
            item.as_object_mut().expect("an object").swap_remove("took_us");
        }
    }
    answer
}

#[test]
fn every_alias_answers_as_its_original() {
    let server = server();
    let now = "now=2018-01-01T00:00:00Z";
    server.post("/api/event-offers", &json!({"id": 1, "name": "show", "country": "DE"})).expect(201);
    for (alias, original) in [
        ("/api/segments/1/users", "/api/segments/1/members"),
        ("/api/segments/1/customers", "/api/segments/1/members"),
        ("/api/audience/profiles", "/api/profiles"),
        ("/api/audience/profiles/1", "/api/profiles/1"),
        ("/api/audience/segments", "/api/segments"),
        ("/api/audience/segments/1", "/api/segments/1"),
        ("/api/audience/segments/regulars", "/api/segments/1"),
        ("/api/audience/segments/1/members", "/api/segments/1/members"),
        ("/api/audience/dashboard", "/api/dashboard"),
        ("/api/audience/events/1/recommendations", "/api/events/1/recommendations"),
        ("/segments", "/api/segments"),
        ("/segments/1", "/api/segments/1"),
        ("/segments/1/customers", "/api/segments/1/members"),
    ] {
        let (left, right) = (server.get(&format!("{alias}?{now}")), server.get(&format!("{original}?{now}")));
        assert_eq!(told(left.expect(200)), told(right.expect(200)), "{alias}");
    }
    let rule = json!({"text": "visits >= 5", "now": "2018-01-01T00:00:00Z"});
    let (left, right) =
        (server.post("/api/audience/segments/preview", &rule), server.post("/api/segments/preview", &rule));
    assert_eq!(told(left.expect(200)), told(right.expect(200)));
    let refresh = |path: &str| told(server.post(&format!("{path}?{now}"), &json!({})).expect(200));
    assert_eq!(refresh("/api/audience/segments/1/refresh"), refresh("/api/segments/1/refresh"));
    let rule = json!({"match": "all", "rules": [{"field": "visits", "operator": "=", "value": 9}]});
    for (path, name) in [("/api/audience/segments", "a"), ("/segments/create", "b")] {
        let body = json!({"name": name, "conditions": rule, "tenant_id": "acme"});
        assert_eq!(server.post(path, &body).expect(201)["count"], 1, "{path}");
    }
    assert_eq!(
        server.put("/api/audience/segments/a", &json!({"text": "visits = 5"})).expect(200)["text"],
        "visits = 5"
    );
    assert_eq!(server.patch("/api/audience/segments/a", &json!({"tags": ["x"]})).expect(200)["tags"], json!(["x"]));
    assert_eq!(server.delete("/api/audience/segments/a").status, 204);
    server.get("/api/segments/a").refuses(404, "", "not_found");
}

#[test]
fn the_description_names_every_route_and_nothing_else() {
    let server = server();
    let description = server.get("/api/openapi.json").expect(200);
    let mut described = BTreeSet::new();
    for (path, methods) in description["paths"].as_object().expect("paths") {
        for (method, operation) in methods.as_object().expect("methods") {
            described.insert(format!("{} {path}", method.to_uppercase()));
            assert!(
                operation["summary"].as_str().is_some_and(|text| text.len() > 5),
                "{method} {path} is not explained"
            );
        }
    }
    let wanted = "GET /api/health|GET /metrics|GET /api/schema|PUT /api/schema|POST /api/profiles/import|GET /api/profiles\
        |GET /api/profiles/{id}|PATCH /api/profiles/{id}|DELETE /api/profiles/{id}|POST /api/segments/preview\
        |GET /api/segments/new|GET /api/segments|POST /api/segments|GET /api/segments/{id}|PUT /api/segments/{id}\
        |DELETE /api/segments/{id}|POST /api/segments/{id}/refresh|GET /api/segments/{id}/members\
        |POST /api/audiences/preview|GET /api/audiences|POST /api/audiences|GET /api/audiences/{id}\
        |PUT /api/audiences/{id}|DELETE /api/audiences/{id}|GET /api/audiences/{id}/members\
        |POST /api/audiences/{id}/import-csv|GET /api/lists|POST /api/lists|GET /api/lists/{id}|DELETE /api/lists/{id}\
        |POST /api/fields/{name}/distribution|POST /api/segments/explain|GET /api/segments/{id}/explain/{profile}\
        |GET /api/audiences/{id}/explain/{profile}|POST /api/segments/{id}/diff|POST /api/segments/lint\
        |POST /api/segments/reach|POST /api/segments/relax|POST /api/overlap|POST /api/overlap/matrix\
        |GET /api/erasures|POST /api/checkpoint|POST /api/backup|PATCH /api/segments/{id}|PATCH /api/audiences/{id}\
        |POST /api/segments/{id}/members|GET /api/segments/{id}/used-by|GET /api/lists/{id}/used-by|GET /api/dashboard\
        |GET /api/segments/{id}/versions|GET /api/segments/{id}/versions/{version}\
        |GET /api/segments/{id}/versions/{version}/members|GET /api/segments/{id}/versions/{version}/diff/{other}\
        |POST /api/segments/{id}/versions/{version}/restore|GET /api/audiences/{id}/versions\
        |GET /api/audiences/{id}/versions/{version}|GET /api/audiences/{id}/versions/{version}/members\
        |GET /api/audiences/{id}/versions/{version}/diff/{other}\
        |POST /api/audiences/{id}/versions/{version}/restore|GET /api/audiences/{id}/excluded|PUT /api/lists/{id}\
        |GET /api/suppressions|POST /api/suppressions|GET /api/suppressions/{id}|DELETE /api/suppressions/{id}\
        |POST /api/suppressions/{id}/members|GET /api/channels|GET /api/channels/{name}|PUT /api/channels/{name}\
        |POST /api/contacts|GET /api/profiles/{id}/consents|PUT /api/profiles/{id}/consents|POST /api/consents\
        |POST /api/consents/import|GET /api/control-group|PUT /api/control-group|GET /api/exclusion-groups\
        |POST /api/exclusion-groups|GET /api/exclusion-groups/{id}|PUT /api/exclusion-groups/{id}\
        |DELETE /api/exclusion-groups/{id}\
        |GET /api/event-offers|POST /api/event-offers\
        |GET /api/event-offers/{id}|PUT /api/event-offers/{id}|DELETE /api/event-offers/{id}\
        |GET /api/events/{id}/recommendations|POST /api/events/{id}/generate-recommendations\
        |POST /api/events/{id}/create-segment|GET /api/profiles/{id}/recommendations|GET /api/matching/settings\
        |PUT /api/matching/settings\
        |GET /api/schema/enrichment|POST /api/schema/enrichment|GET /api/rebuild|DELETE /api/rebuild\
        |POST /api/profiles/rebuild|GET /api/segments/templates|POST /api/segments/templates/{name}";
    let wanted: BTreeSet<String> = wanted.split('|').map(str::to_owned).collect();
    assert!(described.is_superset(&wanted), "not described: {:?}", wanted.difference(&described).collect::<Vec<_>>());
    // A described method is one that the path knows, and the path knows no other.
    for (path, methods) in description["paths"].as_object().expect("paths") {
        let probe = server.send(Method::TRACE, &path.replace("{id}", "1"), "", "");
        probe.refuses(405, "", "unknown_method");
        let mut allowed: BTreeSet<String> = probe.allow.split(',').map(str::to_lowercase).collect();
        allowed.remove("head");
        let told: BTreeSet<String> = methods.as_object().expect("methods").keys().cloned().collect();
        assert_eq!(allowed, told, "{path}");
    }
}

/// The names and the required names of the properties of a described body.
fn described(description: &Json, name: &str) -> (BTreeSet<String>, BTreeSet<String>) {
    let (mut names, mut required) = (BTreeSet::new(), BTreeSet::new());
    let mut open = vec![&description["components"]["schemas"][name]];
    assert!(open[0].is_object(), "{name} is not described");
    while let Some(schema) = open.pop() {
        if let Some(reference) = schema["$ref"].as_str() {
            open.push(&description["components"]["schemas"][reference.rsplit('/').next().expect("a name")]);
        }
        open.extend(schema["allOf"].as_array().into_iter().flatten());
        names.extend(schema["properties"].as_object().into_iter().flat_map(Map::keys).cloned());
        let needed = schema["required"].as_array().into_iter().flatten().filter_map(Json::as_str);
        required.extend(needed.map(str::to_owned));
    }
    (names, required)
}

/// An answer has no key that its description does not name, and all that it calls required.
fn check_keys(description: &Json, name: &str, answer: &Json) {
    let (names, required) = described(description, name);
    let keys: BTreeSet<String> =
        answer.as_object().unwrap_or_else(|| panic!("{name}: {answer}")).keys().cloned().collect();
    let unknown: Vec<_> = keys.difference(&names).collect();
    let absent: Vec<_> = required.difference(&keys).collect();
    assert!(unknown.is_empty() && absent.is_empty(), "{name}: undescribed {unknown:?}, absent {absent:?} in {answer}");
}

#[test]
fn answers_about_versions_have_the_keys_that_are_described() {
    let server = server();
    let description = server.get("/api/openapi.json").expect(200);
    let check = |name: &str, answer: &Json| check_keys(&description, name, answer);
    server.post("/api/audiences", &json!({"name": "mail", "include_segments": [1]})).expect(201);
    for (path, name) in [("/api/segments/1", "regulars"), ("/api/segments/2", "friends"), ("/api/audiences/1", "mail")]
    {
        server.patch(path, &json!({"owner": name})).expect(200);
        check("VersionAnswer", &server.get(&format!("{path}/versions/1")).expect(200));
        let versions = server.get(&format!("{path}/versions")).expect(200);
        check("VersionList", &versions);
        check("VersionItem", &versions["items"][0]);
        let difference = server.get(&format!("{path}/versions/1/diff/2")).expect(200);
        check("DifferenceAnswer", &difference);
        check("DifferenceSizes", &difference["sizes"]);
    }
    let users = server.get("/api/segments/1/used-by").expect(200);
    check("UsedByAnswer", &users);
    check("UserAnswer", &users["items"][0]);
    check("ProblemDetails", &server.delete("/api/segments/1").expect(409));
    check("MemberChangesAnswer", &server.post("/api/segments/2/members", &json!({"add": [2]})).expect(200));
    check("DashboardAnswer", &server.get("/api/dashboard").expect(200));
    check("SegmentAnswer", &server.get("/api/segments?counts=false").expect(200)["items"][0]);
    check("AudienceAnswer", &server.get("/api/audiences?counts=false").expect(200)["items"][0]);
}

#[test]
fn answers_about_gates_have_the_keys_that_are_described() {
    let server = server();
    let description = server.get("/api/openapi.json").expect(200);
    let check = |name: &str, answer: &Json| check_keys(&description, name, answer);
    check("ListAnswer", &server.put("/api/lists/1", &json!({"suppression": true})).expect(200));
    let list = server.get("/api/suppressions").expect(200);
    check("SuppressionList", &list);
    check("SuppressionAnswer", &list["items"][0]);
    let added = server.post("/api/suppressions", &json!({"name": "s"})).expect(201);
    check("SuppressionAnswer", &added);
    check("NotedAnswer", &server.post("/api/suppressions/2/members", &json!({"ids": [2]})).expect(200));
    let channel = json!({"consent_text": "visits > 1", "caps": [{"contacts": 1, "days": 1}]});
    check("ChannelAnswer", &server.put("/api/channels/email", &channel).expect(200));
    check("ChannelList", &server.get("/api/channels").expect(200));
    check("NotedAnswer", &server.post("/api/contacts", &json!({"channel": "email", "ids": [1]})).expect(200));
    let said = json!({"channel": "email", "purpose": "news", "state": "granted", "source": "form"});
    let said_now = server.put("/api/profiles/1/consents", &said).expect(200);
    check("ConsentList", &said_now);
    check("ConsentAnswer", &said_now["items"][0]);
    check("SaidAnswer", &said_now["items"][0]["history"][0]);
    check("PurposeAnswer", &server.get("/api/channels/email").expect(200)["purposes"][0]);
    let file = "id,channel,purpose,state,source\n1,email,news,withdrawn,form\n";
    check("ConsentReport", &server.send(Method::POST, "/api/consents/import", "text/csv", file).expect(200));
    let control = json!({"control_group": {"percent": 1, "salt": "s"}});
    check("ControlGroupAnswer", &server.put("/api/control-group", &control).expect(200));
    let gated = json!({"name": "gated", "channel": "email", "holdout": {"percent": 1, "salt": "h"},
        "split": {"salt": "s", "to": 50}, "ignore_suppressions": [2], "ignore_reason": "recall"});
    let audience = server.post("/api/audiences", &gated).expect(201);
    check("AudienceAnswer", &audience);
    check("BreakdownAnswer", &audience["breakdown"]);
    check("WaterfallStep", &audience["breakdown"]["waterfall"][0]);
    let group = server.post("/api/exclusion-groups", &json!({"name": "g", "audiences": [1]})).expect(201);
    check("ExclusionGroupAnswer", &group);
    check("GroupedAudience", &group["audiences"][0]);
    check("ExclusionGroupList", &server.get("/api/exclusion-groups").expect(200));
    let excluded = server.get("/api/audiences/1/excluded").expect(200);
    check("ExcludedPeople", &excluded);
    check("ExcludedPerson", &excluded["items"][0]);
    let told = server.get("/api/audiences/1/explain/1").expect(200);
    check("ExplainedMemberAnswer", &told);
    check("GateAnswer", &told["gates"][0]);
}

#[test]
fn answers_about_events_for_sale_have_the_keys_that_are_described() {
    let server = server();
    let description = server.get("/api/openapi.json").expect(200);
    let check = |name: &str, answer: &Json| check_keys(&description, name, answer);
    let offer = json!({"name": "n", "country": "DE", "genres": ["x"]});
    check("OfferAnswer", &server.post("/api/event-offers", &offer).expect(201));
    check("OfferList", &server.get("/api/event-offers").expect(200));
    check("MatchingAnswer", &server.get("/api/matching/settings").expect(200));
    let generated = server.post("/api/events/1/generate-recommendations", &json!({})).expect(200);
    check("GeneratedAnswer", &generated);
    check("GeneratedFigures", &generated["generated"]);
    check("SegmentAnswer", &server.post("/api/events/1/create-segment", &json!({})).expect(201));
    let found = server.get("/api/events/1/recommendations").expect(200);
    check("RecommendationsAnswer", &found);
    check("RecommendedCustomer", &found["customers"][0]);
    check("ReasonAnswer", &found["customers"][0]["reasons"][0]);
    check("ScoreCount", &found["distribution"][0]);
    check("FactorAnswer", &found["factors"][0]);
    check("Remark", &found["warnings"][0]);
    let events = server.get("/api/profiles/1/recommendations").expect(200);
    check("PersonRecommendationsAnswer", &events);
    check("RecommendedEvent", &events["events"][0]);
}

#[test]
fn answers_about_what_is_kept_have_the_keys_that_are_described() {
    let folder = tempfile::tempdir().expect("a directory");
    let path = |name: &str| folder.path().join(name).to_str().expect("UTF-8").to_owned();
    let server = Server::start_with(&["--data", &path("data"), "--backup-dir", &path("backups")]);
    server.load(PEOPLE);
    let description = server.get("/api/openapi.json").expect(200);
    let check = |name: &str, answer: &Json| check_keys(&description, name, answer);
    check("ErasureReceipt", &server.delete("/api/profiles/3").expect(200));
    let erasures = server.get("/api/erasures").expect(200);
    check("ErasureList", &erasures);
    check("ErasureState", &erasures["items"][0]);
    check("PendingErasures", &server.get("/api/health").expect(200)["erasures"]);
    check("CheckpointAnswer", &server.post("/api/checkpoint", &json!({})).expect(200));
    check("BackupAnswer", &server.post("/api/backup", &json!({})).expect(200));
}

#[test]
fn answers_have_the_keys_that_are_described() {
    let server = server();
    let description = server.get("/api/openapi.json").expect(200);
    let check = |name: &str, answer: &Json| check_keys(&description, name, answer);
    let preview = json!({"text": "country is \"de\"", "explain": true});
    let preview = server.post("/api/segments/preview", &preview).expect(200);
    check("PreviewAnswer", &preview);
    check("NodeAnswer", &preview["nodes"][0]);
    check("Remark", &preview["warnings"][0]);
    check("SegmentAnswer", &server.get("/api/segments/1").expect(200));
    let segment = server.get("/api/segments/2").expect(200);
    check("SegmentAnswer", &segment);
    check("IdReport", &segment["customers"]);
    check("SegmentList", &server.get("/api/segments").expect(200));
    let members = server.get("/api/segments/1/members").expect(200);
    check("Members", &members);
    check("Member", &members["items"][0]);
    let definition = json!({"name": "mail", "include_segments": [1], "include_customers": [3], "include_lists": [1],
        "exclude_segments": ["friends"], "exclude_customers": [2], "exclude_lists": [1]});
    let audience = server.post("/api/audiences", &definition).expect(201);
    check("AudienceAnswer", &audience);
    let audience = server.post("/api/audiences/preview", &definition).expect(200);
    check("AudiencePreviewAnswer", &audience);
    check("BreakdownAnswer", &audience["breakdown"]);
    for (key, index) in
        [("include_lists", true), ("exclude_lists", true), ("include_customers", false), ("exclude_customers", false)]
    {
        check("SourceReport", if index { &audience["breakdown"][key][0] } else { &audience["breakdown"][key] });
    }
    check("AudienceList", &server.get("/api/audiences").expect(200));
    check_snapshots(&server, &check);
    let list = server.send(Method::POST, "/api/lists", "text/csv", "id\n1\n").expect(201);
    check("ListAnswer", &list);
    check("ListReport", &list["report"]);
    check("ListList", &server.get("/api/lists").expect(200));
    let schema = server.get("/api/schema").expect(200);
    check("SchemaAnswer", &schema);
    check("FieldAnswer", &schema["fields"][0]);
    let report = server.import("id_field=id", "application/x-ndjson", "{\"id\": 1, \"visits\": \"x\"}\n").expect(200);
    check("ImportReport", &report);
    check("Rejected", &report["rejected"][0]);
    let spread = json!({"percentiles": [50], "bins": 3, "top": 1});
    let spread = server.post("/api/fields/visits/distribution", &spread).expect(200);
    check("DistributionAnswer", &spread);
    for (name, key) in [("PercentileAnswer", "percentiles"), ("BinAnswer", "bins"), ("ValueCount", "top")] {
        check(name, &spread[key][0]);
    }
    check_insights(&server, &check);
    check("ProfileAnswer", &server.get("/api/profiles/1").expect(200));
    check("PatchAnswer", &server.patch("/api/profiles/1", &json!({"fields": {"visits": 6}})).expect(200));
    check("ErasureReceipt", &server.delete("/api/profiles/3").expect(200));
    check("Health", &server.get("/api/health").expect(200));
    let problem = server.get("/api/segments/99").expect(404);
    check("ProblemDetails", &problem);
    check("Mistake", &problem["errors"][0]);
}

/// The same of what changes nothing.
fn check_insights(server: &Server, check: &dyn Fn(&str, &Json)) {
    let rule = json!({"text": "visits >= 6 and visits < 100 and visits < 200", "profile": 1});
    let found = server.post("/api/segments/explain", &rule).expect(200);
    check("ExplainedPersonAnswer", &found);
    check("FlipAnswer", &found["flip"]);
    found["nodes"].as_array().expect("nodes").iter().for_each(|node| check("PersonNode", node));
    let found = server.get("/api/audiences/1/explain/1").expect(200);
    check("ExplainedMemberAnswer", &found);
    check("GateAnswer", &found["gates"][0]);
    server.post("/api/audiences", &json!({"name": "all regulars", "include_segments": [1]})).expect(201);
    let found = server.post("/api/segments/1/diff", &json!({"text": "visits >= 6"})).expect(200);
    check("DiffAnswer", &found);
    check("DependantAnswer", &found["audiences"][0]);
    let found = server.post("/api/segments/lint", &json!({"text": rule["text"]})).expect(200);
    check("LintAnswer", &found);
    found["findings"].as_array().expect("findings").iter().for_each(|finding| check("FindingAnswer", finding));
    let found = server.post("/api/segments/reach", &json!({"text": rule["text"], "pointer": "/rules/0"})).expect(200);
    check("ReachAnswer", &found);
    check("PointAnswer", &found["points"][0]);
    let found = server.post("/api/segments/relax", &json!({"text": rule["text"], "target": 2})).expect(200);
    check("RelaxAnswer", &found);
    check("RelaxationAnswer", &found["single"][0]);
    let sets = json!({"sets": [{"segment": 1}, {"audience": 1}]});
    let found = server.post("/api/overlap", &sets).expect(200);
    check("OverlapAnswer", &found);
    check("SetAnswer", &found["sets"][0]);
    check("CombinationAnswer", &found["combinations"][0]);
    let found = server.post("/api/overlap/matrix", &sets).expect(200);
    check("MatrixAnswer", &found);
    check("SetAnswer", &found["sets"][0]);
}

/// Of an audience that is everybody.
fn check_snapshots(server: &Server, check: &dyn Fn(&str, &Json)) {
    let snapshot = server.post("/api/audiences/1/snapshots", &json!({"confirm_everyone": true})).expect(201);
    check("SnapshotAnswer", &snapshot);
    let batch = server.post("/api/snapshots/batch", &json!({"audiences": "all", "confirm_everyone": true})).expect(201);
    check("BatchAnswer", &batch);
    check("SnapshotSummary", &batch["items"][0]);
    check("SnapshotList", &server.get("/api/snapshots").expect(200));
    check("SnapshotDifferenceAnswer", &server.get("/api/snapshots/1/diff/2").expect(200));
    check("VerificationAnswer", &server.post("/api/snapshots/1/verify", &json!({})).expect(200));
}

#[test]
fn the_documentation_page_loads_nothing_from_another_host() {
    let server = server();
    let page = server.get("/api/docs/").text;
    let mut files = 0;
    for attribute in ["src=\"", "href=\""] {
        for reference in page.split(attribute).skip(1).filter_map(|rest| rest.split('"').next()) {
            assert!(!reference.contains("//"), "{reference} is on another host");
            assert_eq!(
                server.get(&format!("/api/docs/{}", reference.trim_start_matches("./"))).status,
                200,
                "{reference}"
            );
            files += 1;
        }
    }
    assert!(files >= 4, "{page}");
}

#[test]
fn health_and_figures() {
    let server = server();
    let health = server.get("/api/health").expect(200);
    assert_eq!((&health["ok"], &health["data_version"]), (&true.into(), &4.into()));
    assert!(health["version"].is_string());
    server.get("/api/segments/77");
    let figures = server.get("/metrics");
    assert_eq!(figures.status, 200);
    for line in [
        "muster_http_requests_total{route=\"/api/segments\",method=\"POST\",status=\"201\"} 2",
        "muster_http_requests_total{route=\"/api/segments/{id}\",method=\"GET\",status=\"404\"} 1",
        "muster_http_request_duration_seconds_count{route=\"/api/health\"",
    ] {
        assert!(figures.text.contains(line), "no {line} in {}", figures.text);
    }
}
