//! Saved segments, and previews of rules that name them.

use harness::server::Server;
use serde_json::{Value as Json, json};

fn server() -> Server {
    let server = Server::start();
    let rows: String = (0..100)
        .map(|id| format!("{{\"id\": {id}, \"visits\": {}, \"country\": \"{}\"}}\n", id % 10, ["DE", "FR"][id % 2]))
        .collect();
    server.load(&rows);
    server
}

#[test]
fn dynamic_segments() {
    let server = server();
    let criteria = json!({"match": "all", "rules": [{"field": "visits", "operator": ">=", "value": 5}]});
    let body =
        json!({"name": "regulars", "description": "who come often", "segment_type": "dynamic", "criteria": criteria});
    let saved = server.post("/api/segments", &body).expect(201);
    for (key, value) in body.as_object().expect("an object") {
        assert_eq!(saved[key], *value, "{key}");
    }
    assert_eq!((&saved["id"], &saved["count"], &saved["population"]), (&1.into(), &50.into(), &100.into()));
    assert_eq!((&saved["text"], &saved["status"]), (&"all of (visits >= 5)".into(), &"active".into()));
    // It is asked anew every time.
    server.load("{\"id\": 1000, \"visits\": 7}\n");
    assert_eq!(server.get("/api/segments/regulars").expect(200)["count"], 51);
    assert_eq!(server.post("/api/segments/1/refresh", &json!({})).expect(200)["count"], 51);

    let changed = server.patch("/api/segments/1", &json!({"text": "visits = 7"})).expect(200);
    assert_eq!((&changed["name"], &changed["description"]), (&body["name"], &body["description"]));
    assert_eq!((&changed["count"], &changed["created_at"]), (&11.into(), &saved["created_at"]));
    let renamed = server.put("/api/segments/1", &json!({"name": "sevens"})).expect(200);
    assert_eq!((&renamed["count"], &renamed["text"]), (&11.into(), &"visits = 7".into()));
    server.get("/api/segments/regulars").refuses(404, "", "not_found");
    server.post("/api/segments", &json!({"name": "n"})).refuses(422, "/criteria", "missing_key");
    server.post("/api/segments", &json!({"text": "visits = 7"})).refuses(422, "", "missing_key");
    server.post("/api/segments", &json!({"name": "", "text": "visits = 7"})).refuses(422, "/name", "missing_name");
    let kind = json!({"name": "n", "segment_type": "smart", "text": "visits = 7"});
    server.post("/api/segments", &kind).refuses(422, "/segment_type", "bad_segment_type");
}

#[test]
fn static_segments() {
    let server = server();
    let body = json!({"name": "invited", "segment_type": "static", "customers": [1, "2", 2, 500, "x"]});
    let saved = server.post("/api/segments", &body).expect(201);
    assert_eq!((&saved["segment_type"], &saved["count"]), (&"static".into(), &2.into()));
    let told =
        json!({"entries": 5, "duplicates": 1, "distinct": 4, "known": 2, "unknown": 2, "of_unknown_malformed": 1});
    assert_eq!(saved["customers"], told);
    server.load("{\"id\": 500}\n");
    assert_eq!(server.get("/api/segments/invited").expect(200)["count"], 3);
    let members: Vec<_> =
        server.pages("/api/segments/invited/members", 1).iter().map(|item| item["id"].clone()).collect();
    assert_eq!(members, [1, 2, 500]);
    assert_eq!(server.put("/api/segments/invited", &json!({"customers": [3]})).expect(200)["count"], 1);
    let both = json!({"name": "b", "segment_type": "static", "customers": [1], "text": "visits = 7"});
    server.post("/api/segments", &both).refuses(422, "/criteria", "rule_in_static");
    let both = json!({"name": "b", "segment_type": "dynamic", "customers": [1], "text": "visits = 7"});
    server.post("/api/segments", &both).refuses(422, "/customers", "ids_in_dynamic");
    // From one kind to the other.
    let turned =
        server.put("/api/segments/invited", &json!({"segment_type": "dynamic", "text": "visits = 7"})).expect(200);
    assert_eq!((&turned["segment_type"], &turned["count"]), (&"dynamic".into(), &10.into()));
    assert_eq!(turned["customers"], Json::Null);
}

#[test]
fn segments_in_rules() {
    let server = server();
    let save = |name: &str, text: &str| server.post("/api/segments", &json!({"name": name, "text": text})).expect(201);
    save("german", "country is \"DE\"");
    let nested = save("german regulars", "in segment \"german\" and visits >= 5");
    assert_eq!(nested["count"], 20);
    server.put("/api/segments/german", &json!({"name": "Deutsche"})).expect(200);
    let read = server.get(&format!("/api/segments/{}", nested["id"])).expect(200);
    assert_eq!((&read["count"], &read["text"]), (&20.into(), &"in segment \"Deutsche\" and visits >= 5".into()));
    assert_eq!(read["criteria"]["rules"][0], json!({"segment": "Deutsche", "operator": "in"}));
    // The rule follows what the segment becomes.
    server.put("/api/segments/Deutsche", &json!({"text": "country is \"FR\" and visits = 9"})).expect(200);
    assert_eq!(server.get("/api/segments/2").expect(200)["count"], 10);
    let rule = json!({"match": "all", "rules": [{"segment": 2, "operator": "in"}, {"segment": "Deutsche", "operator": "not_in"}]});
    let preview = server.post("/api/segments/preview", &json!({"criteria": rule, "explain": true})).expect(200);
    assert_eq!(preview["count"], 0);
    let matched: Vec<_> = preview["nodes"].as_array().expect("nodes").iter().map(|node| &node["matched"]).collect();
    assert_eq!(matched, [0, 10, 90]);
    assert_eq!(server.count("not in segment \"german regulars\""), 90);
    // A criteria answer can be sent back as it came.
    let again = server.put("/api/segments/2", &json!({"criteria": read["criteria"]})).expect(200);
    assert_eq!(again["count"], 10);
}

#[test]
fn lists_of_segments_and_templates() {
    let server = server();
    for i in 0..7 {
        server.post("/api/segments", &json!({"name": format!("s{i}"), "text": format!("visits = {i}")})).expect(201);
    }
    assert_eq!(server.delete("/api/segments/s3").status, 204);
    let names: Vec<_> = server.pages("/api/segments", 2).iter().map(|item| item["name"].clone()).collect();
    assert_eq!(names, ["s0", "s1", "s2", "s4", "s5", "s6"]);
    assert_eq!(server.get("/api/segments?limit=2").expect(200)["total"], 6);
    // Ids are not given again.
    assert_eq!(server.post("/api/segments", &json!({"name": "s3", "text": "visits = 3"})).expect(201)["id"], 8);

    let template = server.get("/api/segments/new").expect(200);
    assert_eq!((&template["name"], &template["segment_type"]), (&"".into(), &"dynamic".into()));
    let fields: Vec<_> = template["fields"].as_array().expect("fields").iter().map(|field| &field["name"]).collect();
    assert_eq!(fields, ["id", "visits", "country"]);
    assert!(template["fields"][1]["operators"].as_array().expect("operators").contains(&"between".into()));
}

#[test]
fn previews_warn_and_explain() {
    let server = server();
    let preview = |body: Json| server.post("/api/segments/preview", &body).expect(200);
    let typo = preview(json!({"text": "country is \"de\" or visits = 3", "sample": 3}));
    assert_eq!((&typo["count"], &typo["warnings"][0]["code"]), (&10.into(), &"unknown_value".into()));
    assert_eq!(typo["warnings"][0]["suggestions"][0], "DE");
    assert_eq!(typo["sample"].as_array().map(Vec::len), Some(3));
    assert_eq!(preview(json!({"text": "visits = 3", "sample": 0}))["sample"], json!([]));
    assert_eq!(preview(json!({"text": "visits = 3"}))["sample"].as_array().map(Vec::len), Some(10));
    server.load("{\"id\": \"x\", \"country\": \"DE\"}\n");
    let told = preview(json!({"text": "country is \"DE\" and visits < 4", "explain": true}));
    assert_eq!(
        told["nodes"],
        json!([
            {"pointer": "", "matched": 20, "missing": 0, "without": 101},
            {"pointer": "/rules/0", "matched": 51, "missing": 0, "without": 40},
            {"pointer": "/rules/1", "matched": 40, "missing": 1, "without": 51},
        ])
    );
    let tenant = json!({"text": "visits = 3", "tenant_id": "acme", "now": "2018-01-01T00:00:00+01:00"});
    assert_eq!(preview(tenant)["now"], "2017-12-31T23:00:00Z");
}

#[test]
fn previews_turn_one_form_of_a_rule_into_the_other() {
    let server = server();
    let preview = |body: Json| server.post("/api/segments/preview", &body).expect(200);
    server.post("/api/segments", &json!({"name": "often", "text": "visits >= 5"})).expect(201);
    let text = "country is \"DE\" and not (visits < 4 or in segment \"often\")";
    let read = preview(json!({"text": text, "written": true}));
    assert_eq!((&read["text"], &read["count"]), (&text.into(), &10.into()));
    let written = preview(json!({"criteria": read["criteria"], "written": true}));
    assert_eq!((&written["text"], &written["criteria"]), (&read["text"], &read["criteria"]));
    let plain = preview(json!({"text": text}));
    assert_eq!((plain.get("criteria"), plain.get("text")), (None, None));
    server.post("/api/segments/preview", &json!({"text": text, "written": 1})).refuses(422, "/written", "wrong_type");
}
