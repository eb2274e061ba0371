//! The catalog: finding things in it, who uses what, static segments, the dashboard, and the example of the win-back
//! campaign with numbers that are right.

use harness::server::Server;
use reqwest::Method;
use serde_json::{Value as Json, json};

fn server() -> Server {
    let server = Server::start();
    let rows: String = (0..100).map(|id| format!("{{\"id\": {id}, \"visits\": {}}}\n", id % 10)).collect();
    server.load(&rows);
    server
}

fn names(answer: &Json) -> Vec<String> {
    let items = answer["items"].as_array().expect("items");
    items.iter().map(|item| item["name"].as_str().expect("a name").to_owned()).collect()
}

#[test]
fn lists_are_searched_sorted_and_paged() {
    let server = server();
    for (name, text, tags) in
        [("Cold", "visits = 0", "dormant"), ("busy", "visits >= 5", "VIP"), ("Any", "id exists", "vip")]
    {
        let body = json!({"name": name, "text": text, "tags": [tags], "owner": "Crm Team"});
        assert_eq!(server.post("/api/segments", &body).expect(201)["owner"], "Crm Team");
    }
    let draft = json!({"name": "draft", "text": "visits = 1", "status": "draft"});
    assert_eq!(server.post("/api/segments", &draft).expect(201)["is_active"], false);
    let gone = server.patch("/api/segments/Cold", &json!({"is_active": false})).expect(200);
    assert_eq!((&gone["status"], &gone["count"]), (&"archived".into(), &10.into()));
    let asked = |query: &str| names(&server.get(&format!("/api/segments?{query}")).expect(200));
    assert_eq!(asked(""), ["busy", "Any", "draft"]);
    assert_eq!(asked("status=all"), ["Cold", "busy", "Any", "draft"]);
    assert_eq!(asked("status=archived,draft"), ["Cold", "draft"]);
    assert_eq!(asked("tag=Vip"), ["busy", "Any"]);
    assert_eq!(asked("q=DORM&status=all"), ["Cold"]);
    assert_eq!(asked("sort=name"), ["Any", "busy", "draft"]);
    assert_eq!(asked("sort=-count"), ["Any", "busy", "draft"]);
    assert_eq!(asked("sort=count&counts=false"), ["draft", "busy", "Any"]);
    assert_eq!(asked("sort=-updated&status=all")[0], "Cold");
    assert_eq!(asked("sort=created"), ["busy", "Any", "draft"]);
    assert_eq!(server.get("/api/segments?counts=false").expect(200)["items"][0]["count"], Json::Null);
    // Pages fit together while names change.
    let first = server.get("/api/segments?sort=name&limit=1").expect(200);
    assert_eq!((names(&first), &first["total"]), (vec!["Any".to_owned()], &3.into()));
    server.patch("/api/segments/busy", &json!({"name": "A first"})).expect(200);
    let cursor = first["next_cursor"].as_str().expect("a cursor");
    assert_eq!(asked(&format!("sort=name&limit=5&cursor={cursor}")), ["busy", "draft"]);
    for (query, place, code) in [
        ("status=gone", "/status", "bad_status"),
        ("sort=size", "/sort", "bad_sort"),
        ("counts=yes", "/counts", "wrong_type"),
    ] {
        server.get(&format!("/api/segments?{query}")).refuses(422, place, code);
    }
    for name in ["b", "a"] {
        server.post("/api/audiences", &json!({"name": name, "include_segments": ["Any"], "tags": [name]})).expect(201);
    }
    let asked = |query: &str| names(&server.get(&format!("/api/audiences?{query}")).expect(200));
    assert_eq!(
        (asked("sort=name"), asked("tag=b"), asked("sort=-count")),
        (vec!["a".into(), "b".into()], vec!["b".to_owned()], vec!["b".into(), "a".into()])
    );
    let two = json!({"name": "x", "text": "visits = 1", "status": "draft", "is_active": true});
    server.post("/api/segments", &two).refuses(422, "/is_active", "two_statuses");
    let bad = json!({"name": "x", "text": "visits = 1", "status": "deleted", "tags": ["", "ok"]});
    server.post("/api/segments", &bad).refuses(422, "/status", "bad_status");
    let bad = json!({"name": "x", "text": "visits = 1", "tags": ["ok", " "]});
    server.post("/api/segments", &bad).refuses(422, "/tags/1", "bad_tag");
    server.post("/api/segments", &json!({"name": "x", "text": "in segment \"Cold\""})).refuses(
        422,
        "/criteria",
        "archived_segment",
    );
}

#[test]
fn users_are_listed_and_keep_what_they_use() {
    let server = server();
    server.post("/api/segments", &json!({"name": "a", "text": "visits = 1"})).expect(201);
    server.post("/api/segments", &json!({"name": "b", "text": "in segment \"a\""})).expect(201);
    server.send(Method::POST, "/api/lists?name=l", "text/csv", "id\n1\n").expect(201);
    server.post("/api/audiences", &json!({"name": "m", "include_segments": ["b"], "exclude_lists": [1]})).expect(201);
    let users = json!([
        {"kind": "segment", "id": 2, "name": "b", "status": "active", "direct": true, "via": []},
        {"kind": "audience", "id": 1, "name": "m", "status": "active", "direct": false, "via": [{"id": 2, "name": "b"}]},
    ]);
    assert_eq!(server.get("/api/segments/a/used-by").expect(200)["items"], users);
    let refused = server.delete("/api/segments/a");
    refused.refuses(409, "", "segment_in_use");
    assert_eq!(refused.json()["used_by"], users);
    let refused = server.delete("/api/lists/1");
    refused.refuses(409, "", "list_in_use");
    assert_eq!(refused.json()["used_by"][0]["name"], "m");
    assert_eq!(server.get("/api/lists/1/used-by").expect(200)["total"], 1);
    server.get("/api/lists/9/used-by").refuses(404, "", "not_found");
    let circle = server.patch("/api/segments/a", &json!({"text": "in segment \"b\""}));
    let told = circle.refuses(422, "/criteria", "circular_segment");
    assert!(told["message"].as_str().is_some_and(|text| text.contains("a -> b -> a")), "{told}");
}

#[test]
fn static_segments_are_made_and_mended() {
    let server = server();
    server.post("/api/segments", &json!({"name": "ones", "text": "visits = 1"})).expect(201);
    let frozen = server.post("/api/segments", &json!({"name": "frozen", "from_segment": "ones"})).expect(201);
    assert_eq!((&frozen["segment_type"], &frozen["count"]), (&"static".into(), &10.into()));
    server.load("{\"id\": 1, \"visits\": 2}\n");
    assert_eq!(server.get("/api/segments/ones").expect(200)["count"], 9);
    assert_eq!(server.get("/api/segments/frozen").expect(200)["count"], 10);
    server.post("/api/audiences", &json!({"name": "m", "include_customers": [3, 4, 999]})).expect(201);
    assert_eq!(server.post("/api/segments", &json!({"name": "mailed", "from_audience": 1})).expect(201)["count"], 2);
    server.send(Method::POST, "/api/lists?name=l", "text/csv", "id\n1\n999\n1\n").expect(201);
    let listed = server.post("/api/segments", &json!({"name": "listed", "from_list": 1})).expect(201);
    assert_eq!((&listed["customers"]["entries"], &listed["customers"]["unknown"]), (&3.into(), &1.into()));
    let both = json!({"name": "x", "from_list": 1, "customers": [1]});
    server.post("/api/segments", &both).refuses(422, "/from_list", "two_sources");
    server.post("/api/segments", &json!({"name": "x", "from_list": 9})).refuses(422, "/from_list", "unknown_list");
    server.post("/api/segments", &json!({"name": "x", "from_audience": 9})).refuses(
        422,
        "/from_audience",
        "unknown_audience",
    );
    server.post("/api/segments", &json!({"name": "x", "from_segment": "y"})).refuses(
        422,
        "/from_segment",
        "unknown_segment",
    );

    let change = json!({"add": [1, 2, "2", "new"], "remove": [999, 998]});
    let done = server.post("/api/segments/listed/members", &change).expect(200);
    assert_eq!(done["add"], json!({"entries": 4, "duplicates": 1, "added": 2, "already_in": 1, "unknown": 1}));
    assert_eq!(done["remove"], json!({"entries": 2, "duplicates": 0, "removed": 1, "not_in": 1}));
    assert_eq!((&done["count"], &done["version"]), (&2.into(), &2.into()));
    let difference = server.get("/api/segments/listed/versions/1/diff/2").expect(200);
    assert_eq!(difference["definition"], json!({"kind": "ids", "added": 2, "removed": 1}));
    server.post("/api/segments/ones/members", &json!({"add": [1]})).refuses(409, "", "not_static");
    server.post("/api/segments/listed/members", &json!({})).refuses(422, "", "missing_key");
    let key = [("idempotency-key", "k1")];
    for _ in 0..2 {
        let body = json!({"add": [50]}).to_string();
        let again =
            server.send_as(Method::POST, "/api/segments/listed/members", "application/json", body, &key).expect(200);
        assert_eq!((&again["add"]["added"], &again["version"]), (&1.into(), &3.into()));
    }
}

/// Overlapping segments, as the example has them: its own 890 + 456 - 99 would only add up if nobody were in both.
#[test]
fn the_win_back_campaign() {
    let server = Server::start();
    let row = |id: u64| {
        let (score, bought, opened) = (if id < 890 { 90 } else { 10 }, id % 3, u64::from(id.is_multiple_of(9)));
        format!("{{\"id\": {id}, \"score\": {score}, \"bought\": {}, \"opened\": {}}}\n", bought == 0, opened == 1)
    };
    server.load(&(0..1_500).map(row).collect::<String>());
    let rule = |field: &str, operator: &str, value: Json| json!({"logic": "AND", "rules": [{"field": field, "operator": operator, "value": value}]});
    let save = |name: &str, conditions: &Json| {
        let body = json!({"name": name, "segment_type": "dynamic", "conditions": conditions, "status": "active", "is_active": true});
        server.post("/api/segments", &body).expect(201)
    };
    let conditions = rule("score", ">", json!(80));
    let vip = save("VIP Customers", &conditions);
    assert_eq!((&vip["count"], &vip["conditions"], &vip["is_active"]), (&890.into(), &conditions, &true.into()));
    assert_eq!(save("Recent Buyers", &rule("bought", "=", json!(true)))["count"], 500);
    assert_eq!(save("Engaged Users", &rule("opened", "=", json!(true)))["count"], 167);
    let body = json!({"name": "Win-back Campaign Audience", "audience_type": "combined", "include_segments": [1, 2],
        "exclude_segments": [3], "include_customers": [1_000, 1_001], "exclude_customers": [123, 456],
        "campaign_id": 10, "status": "active"});
    let preview = server.post("/api/audiences/preview", &body).expect(200);
    let saved = server.post("/api/audiences", &body).expect(201);
    for key in ["name", "audience_type", "include_segments", "exclude_segments", "campaign_id", "status"] {
        assert_eq!(saved[key], body[key], "{key}");
    }
    let csv = "customer_id\n1000\n1003\n99999\n1003\n";
    server
        .send(Method::POST, "/api/audiences/1/import-csv?side=include&name=Special+VIP+List", "text/csv", csv)
        .expect(201);
    let audience = server.get("/api/audiences/1").expect(200);
    // By counting people one by one.
    let is_included = |id: &u64| *id < 890 || id.is_multiple_of(3) || [1_000, 1_001, 1_003].contains(id);
    let is_excluded = |id: &u64| id.is_multiple_of(9) || [123, 456].contains(id);
    let base = (0..1_500).filter(is_included).count();
    let out = (0..1_500).filter(|id| is_included(id) && is_excluded(id)).count();
    let breakdown = &audience["breakdown"];
    assert_eq!(breakdown["include_segments"], json!({"1": 890, "2": 500}));
    let union = (0..1_500).filter(|id| *id < 890 || id % 3 == 0).count();
    assert!(union < 890 + 500, "they overlap");
    assert_eq!((&breakdown["from_segments"], &breakdown["base"]), (&json!(union), &json!(base)));
    assert_eq!(breakdown["include_lists"][0]["added"], 1, "1000 was in already, 99999 is nobody, 1003 counts once");
    assert_eq!((&breakdown["excluded_total"], &audience["customer_count"]), (&json!(out), &json!(base - out)));
    assert_eq!((&preview["count"], preview["sample"].as_array().map(Vec::len)), (&json!(base - 1 - out), Some(10)));
    assert_eq!(server.pages("/api/audiences/1/members", 400).len(), base - out);
    assert_eq!(audience["version"], 2, "an attached list is a new version");

    let dashboard = server.get("/api/audience/dashboard?tenant_id=1").expect(200);
    assert_eq!((&dashboard["population"], &dashboard["lists"]), (&1_500.into(), &1.into()));
    let sizes: Vec<_> =
        dashboard["segments"].as_array().expect("segments").iter().map(|it| it["count"].clone()).collect();
    assert_eq!(sizes, [890, 500, 167]);
    assert_eq!(dashboard["audiences"][0]["customer_count"], json!(base - out));
    let newest = &dashboard["recent"][0];
    assert_eq!(
        (&newest["kind"], &newest["version"], &newest["change"]),
        (&"audience".into(), &2.into(), &"changed".into())
    );
    assert_eq!(dashboard["recent"].as_array().map(Vec::len), Some(5));
}
