//! Events over HTTP: told one by one and many at once, twice, late, of strangers; declared; read; erased; restarted.

use harness::server::Server;
use reqwest::Method;
use serde_json::json;

fn event(id: &str, profile: &str, time: &str) -> serde_json::Value {
    json!({"event_id": id, "profile_id": profile, "type": "purchase", "time": time, "amount": "17.57",
           "properties": {"category": "shoes", "items": 2}})
}

#[test]
fn an_event_counts_once_and_outlives_a_restart() {
    let folder = tempfile::tempdir().expect("a directory");
    let data = folder.path().join("data").to_str().expect("UTF-8").to_owned();
    let mut server = Server::start_with(&["--data", &data]);
    let told = server.post("/api/events", &event("e1", "ann", "2026-01-02T03:04:05.000006Z")).expect(200);
    assert_eq!([&told["rows"], &told["accepted"], &told["profiles_created"]], [&json!(1), &json!(1), &json!(1)]);
    let events = json!({"events": [
        event("e1", "bob", "2026-01-02T00:00:00Z"), event("e2", "ann", "2026-01-03T00:00:00Z"),
        event("e3", "ann", "2126-01-03T00:00:00Z"), json!({"event_id": "e4", "profile_id": 7, "kind": "purchase"}),
    ]});
    let told = server.post("/api/events", &events).expect(200);
    assert_eq!([&told["accepted"], &told["duplicates"], &told["rejected_total"]], [&json!(2), &json!(1), &json!(1)]);
    assert_eq!(told["rejected"][0]["row"], 4);
    let codes: Vec<_> = told["rejected"][0]["errors"].as_array().expect("reasons").iter().map(|e| &e["code"]).collect();
    assert_eq!(codes, ["unknown_key", "missing_key", "missing_key"]);
    let lines =
        "{\"event_id\": 9, \"profile_id\": 7, \"type\": \"visit\", \"time\": \"2026-01-01T00:00:00Z\"}\n\nno JSON\n";
    let told = server.send(Method::POST, "/api/events", "application/x-ndjson", lines).expect(200);
    assert_eq!([&told["rows"], &told["accepted"], &told["rejected"][0]["row"]], [&json!(2), &json!(1), &json!(2)]);

    let check = |server: &Server| {
        let first = server.get("/api/profiles/ann/events?limit=2").expect(200);
        assert_eq!([&first["total"], &first["items"][0]["time"]], [&json!(3), &json!("2126-01-03T00:00:00Z")]);
        assert_eq!(first["items"][1]["properties"], json!({"category": "shoes", "items": 2}));
        let cursor = first["next_cursor"].as_str().expect("a second page");
        let second = server.get(&format!("/api/profiles/ann/events?limit=2&cursor={cursor}")).expect(200);
        assert_eq!([&second["items"][0]["amount"], &second["next_cursor"]], [&json!(17.57), &json!(null)]);
        assert_eq!(second["items"][0]["time"], "2026-01-02T03:04:05.000006Z");
        assert_eq!(server.get("/api/profiles/7").expect(200)["id"], 7);
        let refused = server.get("/api/profiles/ann/events?type=purchas").expect(422);
        assert_eq!(refused["errors"][0]["suggestions"], json!(["purchase"]));
    };
    check(&server);
    server.post("/api/checkpoint", &json!({})).expect(200);
    server.kill();
    server.wait();
    let server = Server::start_with(&["--data", &data]);
    check(&server);
    let erased = server.send(Method::DELETE, "/api/profiles/ann", "application/json", "").expect(200);
    assert_eq!(erased["cleared"]["events"], 3);
    server.get("/api/profiles/ann/events").expect(404);
    assert_eq!(server.get("/api/events/schema").expect(200)["events"], 1);
    let again = server.post("/api/events", &event("e1", "ann", "2026-01-02T03:04:05Z")).expect(200);
    assert_eq!(again["accepted"], 1, "who was erased is not known by what they did");
}

#[test]
fn strangers_and_late_events_are_refused_where_that_is_asked() {
    let server = Server::start();
    let declared = json!({"types": [{"name": "purchase", "retention_days": 30}], "properties": [{"name": "items", "type": "int"}]});
    let schema = server.put("/api/events/schema", &declared).expect(200);
    assert_eq!(schema["types"], json!([{"name": "purchase", "retention_days": 30, "events": 0}]));
    let told = server.post("/api/events?unknown=reject", &event("e1", "ann", "2126-01-01T00:00:00Z")).expect(200);
    assert_eq!([&told["accepted"], &told["rejected"][0]["errors"][0]["code"]], [&json!(0), &json!("unknown_profile")]);
    let told = server.post("/api/events", &event("e1", "ann", "2020-01-01T00:00:00Z")).expect(200);
    assert_eq!(told["rejected"][0]["errors"][0]["code"], "too_old");
    let mut wrong = event("e1", "ann", "2126-01-01T00:00:00Z");
    wrong["properties"]["items"] = json!("two");
    let told = server.post("/api/events", &wrong).expect(200);
    assert_eq!(told["rejected"][0]["errors"][0]["pointer"], "/properties/items");
    let wrong = json!({"types": [{"name": "purchase", "retention_days": 0}], "properties": [{"name": "items", "type": "keyword"}]});
    let refused = server.put("/api/events/schema", &wrong).expect(422);
    assert_eq!(refused["errors"].as_array().map(Vec::len), Some(2));
}
