//! Computed fields over HTTP: declared, ready-made, kept up to date by events, written by nobody, made anew; and the
//! ready-made segments that ask about them.

use harness::server::Server;
use reqwest::Method;
use serde_json::{Value as Json, json};

fn event(id: &str, profile: &str, kind: &str, time: &str) -> Json {
    json!({"event_id": id, "profile_id": profile, "type": kind, "time": time, "amount": "17.57",
           "properties": {"category": "shoes"}})
}

/// A number with all its digits.
fn written(digits: &str) -> Json {
    serde_json::from_str(digits).expect("a number")
}

fn field(server: &Server, name: &str) -> Json {
    let schema = server.get("/api/schema").expect(200);
    let fields = schema["fields"].as_array().expect("fields");
    fields.iter().find(|field| field["name"] == name).unwrap_or_else(|| panic!("no field {name}")).clone()
}

#[test]
fn a_shop_is_enriched_from_its_events_and_through_a_restart() {
    let folder = tempfile::tempdir().expect("a directory");
    let data = folder.path().join("data").to_str().expect("UTF-8").to_owned();
    let mut server = Server::start_with(&["--data", &data]);
    let sets = server.get("/api/schema/enrichment").expect(200);
    for set in sets["templates"].as_array().expect("sets") {
        for field in set["fields"].as_array().expect("fields") {
            assert!(field["computed"]["fn"].is_string(), "{field}");
        }
    }
    server.post("/api/events", &event("e1", "ann", "purchase", "2026-01-05T10:00:00Z")).expect(200);
    server.post("/api/schema/enrichment", &json!({"template": "shop"})).expect(200);
    server.post("/api/schema/enrichment", &json!({"template": "shops"})).refuses(422, "/template", "unknown_template");
    let more = json!({"events": [
        event("e2", "ann", "purchase", "2026-01-01T10:00:00Z"), event("e2", "ann", "purchase", "2026-01-02T10:00:00Z"),
        event("e3", "ann", "view", "2026-01-01T09:00:00Z"), event("e4", "bob", "view", "2026-01-01T09:00:00Z"),
        event("e5", "bob", "cart", "2026-01-01T09:30:00Z"),
    ]});
    server.post("/api/events", &more).expect(200);
    let check = |server: &Server| {
        let ann = server.get("/api/profiles/ann").expect(200)["fields"].clone();
        assert_eq!(
            [&ann["purchase_count"], &ann["total_spent"], &ann["avg_order"]],
            [&json!(2), &json!(35.14), &json!(17.57)]
        );
        assert_eq!([&ann["first_purchase"], &ann["last_purchase"]], ["2026-01-01T10:00:00Z", "2026-01-05T10:00:00Z"]);
        assert_eq!(
            [&ann["favourite_categories"], &ann["preferred_days"]],
            [&json!(["shoes"]), &json!(["Monday", "Thursday"])]
        );
        assert_eq!([&ann["conversion_rate"], &ann["views"]], [&written("200.00"), &json!(1)]);
        let bob = server.get("/api/profiles/bob").expect(200)["fields"].clone();
        assert_eq!([&bob["purchase_count"], &bob["carts"], &bob["avg_order"]], [&json!(0), &json!(1), &Json::Null]);
        assert_eq!(server.count("total_spent between 35.14 and 35.14"), 1);
        assert_eq!(server.count("purchase_count = 0 and carts >= 1"), 1);
        assert_eq!(field(server, "total_spent")["computed"]["property"], "amount");
        assert_eq!(field(server, "total_spent")["as_of"], Json::Null);
        assert!(field(server, "recency_days")["as_of"].is_string());
    };
    check(&server);
    server.post("/api/checkpoint", &json!({})).expect(200);
    server.kill();
    server.wait();
    let server = Server::start_with(&["--data", &data]);
    check(&server);
    let rebuilt = server.post("/api/profiles/rebuild", &json!({"tenant_id": 1})).expect(200);
    assert_eq!([&rebuilt["profiles"], &rebuilt["rebuilt"]], [&json!(2), &json!(2)]);
    check(&server);
    assert_eq!(server.get("/api/rebuild").expect(200)["running"], false);
    server.send(Method::DELETE, "/api/rebuild", "application/json", "").expect(404);
    server.send(Method::DELETE, "/api/profiles/ann", "application/json", "").expect(200);
    assert_eq!(server.count("total_spent > 0"), 0);
}

#[test]
fn what_is_computed_is_written_by_nobody_until_that_ends() {
    let server = Server::start();
    server.post("/api/events", &event("e1", "ann", "purchase", "2026-01-05T10:00:00Z")).expect(200);
    let fields = json!({"fields": [
        {"name": "city", "type": "keyword"},
        {"name": "spent", "computed": {"of": "events", "type": "purchase", "fn": "sum", "property": "amount"}},
        {"name": "days", "computed": {"of": "events", "type": "purchase", "fn": "count", "within_days": 30}},
    ]});
    server.put("/api/schema", &fields).expect(200);
    assert_eq!(
        [&field(&server, "spent")["type"], &field(&server, "spent")["computed_version"]],
        [&json!("decimal(2)"), &json!(1)]
    );
    let mut wrong = fields.clone();
    wrong["fields"][2]["computed"]["fn"] = json!("median");
    server.put("/api/schema", &wrong).refuses(422, "/fields/2/computed/fn", "unknown_function");
    server.patch("/api/profiles/ann", &json!({"fields": {"spent": 3}})).refuses(422, "/spent", "computed_field");
    let refused = server.import("id_field=id", "application/x-ndjson", "{\"id\": \"ann\", \"spent\": 3}\n").expect(422);
    assert_eq!(refused["errors"][0]["code"], "computed_field");
    server.load("{\"id\": \"ann\", \"city\": \"Graz\"}\n{\"id\": \"eve\", \"city\": \"Linz\"}\n");
    let of = |id: &str| server.get(&format!("/api/profiles/{id}")).expect(200)["fields"]["spent"].clone();
    assert_eq!([of("ann"), of("eve")], [written("17.57"), written("0.00")]);
    let preview = json!({"text": "days >= 1", "now": "2026-01-06T00:00:00Z"});
    let warned = server.post("/api/segments/preview", &preview).expect(200);
    assert_eq!(warned["warnings"][0]["code"], "computed_at_another_time");
    server.put("/api/schema", &json!({"fields": [{"name": "spent", "computed": null}]})).expect(200);
    server.patch("/api/profiles/ann", &json!({"fields": {"spent": 3}})).expect(200);
    assert_eq!(of("ann"), written("3.00"));
}

#[test]
fn ready_made_segments_say_what_they_need_and_are_saved_like_any_other() {
    let server = Server::start();
    let list = server.get("/api/segments/templates").expect(200);
    let all = list["templates"].as_array().expect("ready-made segments").clone();
    assert_eq!(all.len(), 15);
    assert!(all.iter().all(|one| one["criteria"].is_object()), "{all:?}");
    server.post("/api/segments/templates/vip", &json!({})).refuses(409, "", "missing_fields");
    server.post("/api/segments/templates/vips", &json!({})).expect(404);
    for set in ["shop", "events"] {
        // Scores of the second set take the place of those of the first.
        server.post("/api/schema/enrichment", &json!({"template": set})).expect(200);
    }
    let plain = [
        ("subscribed", "bool"),
        ("status", "keyword"),
        ("vehicle_interest", "keyword"),
        ("income", "int"),
        ("family_status", "keyword"),
        ("purchase_intent", "keyword"),
    ];
    let plain: Vec<Json> = plain.iter().map(|(name, kind)| json!({"name": name, "type": kind})).collect();
    server.put("/api/schema", &json!({"fields": plain})).expect(200);
    server.post("/api/events", &event("e1", "ann", "cart", "2126-01-05T10:00:00Z")).expect(200);
    for one in &all {
        let name = one["name"].as_str().expect("a name");
        let saved = server.post(&format!("/api/segments/templates/{name}"), &json!({})).expect(201);
        assert_eq!(saved["name"], one["title"]);
    }
    let again = server.post("/api/segments/templates/vip", &json!({"name": "Very important"})).expect(201);
    let id = again["id"].clone();
    let edited = json!({"criteria": {"field": "engagement_score", "operator": ">", "value": 60}});
    server.patch(&format!("/api/segments/{id}"), &edited).expect(200);
}
