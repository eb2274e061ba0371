//! Events for sale: saved, weighed, and whom they fit, as clients see it.

use harness::server::Server;
use serde_json::{Value as Json, json};

/// A fan with every reason, somebody with some, somebody far away, and somebody about whom nothing is known.
const PEOPLE: &str = r#"{"id": 123, "email": "john@example.com", "genres": ["rock", "jazz"], "event_types": ["festival"], "artists": ["The Band"], "avg_order": 40.00, "city": "Cluj", "country": "RO", "engagement_score": 90, "watchlist": [42]}
{"id": 2, "email": "ann@example.com", "genres": ["rock"], "event_types": ["festival"], "avg_order": 16.67, "city": "Iasi", "country": "RO", "engagement_score": 70}
{"id": 3, "genres": ["rock"], "avg_order": 16.66, "city": "Cluj", "country": "US", "engagement_score": 69, "watchlist": []}
{"id": 4}
"#;

const NOW: &str = "now=2026-01-01T00:00:00Z";

fn festival() -> Json {
    json!({"id": 42, "name": "Summer Festival", "genres": ["rock"], "event_types": ["festival"],
        "artists": ["The Band"], "price_min": 25, "price_max": "60.50", "city": "Cluj", "country": "RO",
        "starts_at": "2026-07-01T18:00:00Z"})
}

fn server() -> Server {
    let server = Server::start();
    server.load(PEOPLE);
    server.post("/api/event-offers", &festival()).expect(201);
    server
}

fn recommended(server: &Server, query: &str) -> Json {
    server.get(&format!("/api/events/42/recommendations?{NOW}&{query}")).expect(200)
}

fn ids(answer: &Json) -> Vec<i64> {
    let customers = answer["customers"].as_array().expect("customers");
    customers.iter().map(|customer| customer["customer_id"].as_i64().expect("an id")).collect()
}

#[test]
fn the_best_fit_comes_first_with_its_reasons() {
    let server = server();
    let answer = recommended(&server, "limit=100&min_score=60");
    assert_eq!((&answer["event_id"], &answer["count"], &answer["total"]), (&42.into(), &2.into(), &2.into()));
    let reasons = [
        ("genre_match", 25),
        ("type_match", 20),
        ("artist_match", 20),
        ("price_fit", 15),
        ("location_match", 10),
        ("high_engagement", 5),
        ("on_watchlist", 5),
    ];
    let reason = |(reason, weight): &(&str, i64)| json!({"reason": reason, "weight": weight});
    let john = json!({"customer_id": 123, "email": "john@example.com", "score": 100,
        "reasons": reasons.iter().map(reason).collect::<Vec<_>>()});
    assert_eq!(answer["customers"][0], john);
    let ann: Vec<Json> = [0, 1, 3, 4, 5].iter().map(|at| reason(&reasons[*at])).collect();
    assert_eq!((&answer["customers"][1]["score"], &answer["customers"][1]["reasons"]), (&75.into(), &ann.into()));
    assert_eq!(answer["distribution"], json!([{"score": 100, "count": 1}, {"score": 75, "count": 1}]));
    assert_eq!((&answer["max_score"], &answer["warnings"]), (&100.into(), &json!([])));
    // One cent below the tolerance, in another Cluj, one point below high engagement.
    let all = recommended(&server, "min_score=0");
    assert_eq!(ids(&all), [123, 2, 3, 4]);
    assert_eq!(all["customers"][2]["reasons"], json!([{"reason": "genre_match", "weight": 25}]));
    assert_eq!((&all["customers"][3]["score"], &all["customers"][3]["reasons"]), (&0.into(), &json!([])));
    assert_eq!(ids(&recommended(&server, "")), [123, 2, 3]);
    assert_eq!(recommended(&server, "min_score=101")["total"], 0);
    let factors = &recommended(&server, "")["factors"];
    assert_eq!((&factors[0]["count"], &factors[0]["text"]), (&3.into(), &r#"genres includes any ("rock")"#.into()));
}

#[test]
fn pages_of_recommendations_show_one_state() {
    let server = server();
    let first = recommended(&server, "limit=1&min_score=0");
    assert_eq!((ids(&first), &first["total"]), (vec![123], &4.into()));
    server.patch("/api/profiles/2", &json!({"genres": ["folk"], "event_types": []})).expect(200);
    server.delete("/api/profiles/3").expect(200);
    let cursor = first["next_cursor"].as_str().expect("a cursor");
    let second = server.get(&format!("/api/events/42/recommendations?limit=3&min_score=0&cursor={cursor}")).expect(200);
    // Whoever was erased is shown no more; the others are as they were.
    assert_eq!((ids(&second), &second["customers"][0]["score"]), (vec![2, 4], &75.into()));
    assert!(second["next_cursor"].is_null());
    assert_eq!(recommended(&server, "min_score=1")["customers"][1]["score"], 30);
}

#[test]
fn events_are_saved_replaced_and_deleted() {
    let server = server();
    let saved = server.get("/api/event-offers/42").expect(200);
    assert_eq!(saved["price_max"].to_string(), "60.50");
    assert_eq!((&saved["status"], &saved["generated"]), (&"active".into(), &Json::Null));
    server.post("/api/event-offers", &festival()).refuses(409, "/id", "id_taken");
    assert_eq!(server.post("/api/event-offers", &json!({"name": "Next"})).expect(201)["id"], 43);
    let put = server.put("/api/event-offers/7", &json!({"name": "Own id", "price_min": 12})).expect(201);
    assert_eq!((&put["id"], &put["price_max"].to_string()[..]), (&7.into(), "12.00"));
    let put = server.put("/api/event-offers/7", &json!({"name": "Again"})).expect(200);
    assert_eq!((&put["name"], &put["price_min"]), (&"Again".into(), &Json::Null));
    let page = server.get("/api/event-offers?limit=2").expect(200);
    assert_eq!((&page["items"][1]["id"], &page["next_cursor"], &page["total"]), (&42.into(), &"42".into(), &3.into()));
    assert_eq!(server.delete("/api/event-offers/7").status, 204);
    server.get("/api/event-offers/7").refuses(404, "", "not_found");
    server.delete("/api/event-offers/7").refuses(404, "", "not_found");
    for path in ["/api/events/7/recommendations", "/api/events/x/recommendations"] {
        server.get(path).refuses(404, "", "not_found");
    }
    // All mistakes at once.
    let bad = json!({"genres": "rock", "artists": [""], "price_min": 9, "price_max": 1, "city": 7, "status": "sold",
        "starts_at": "soon", "genre": ["rock"]});
    let refused = server.post("/api/event-offers", &bad);
    for (place, code) in [
        ("/genres", "wrong_type"),
        ("/artists/0", "empty_value"),
        ("/price_min", "reversed_range"),
        ("/city", "wrong_type"),
        ("/status", "bad_status"),
        ("/starts_at", "wrong_type"),
        ("", "missing_key"),
        ("/genre", "unknown_key"),
    ] {
        refused.refuses(422, place, code);
    }
    server.put("/api/event-offers/7", &json!({"id": 8, "name": "n"})).refuses(422, "/id", "id_differs");
    server.put("/api/event-offers/0", &json!({"name": "n"})).refuses(422, "/id", "out_of_range");
    let price = json!({"name": "n", "price_min": 0.00001});
    server.post("/api/event-offers", &price).refuses(422, "/price_min", "wrong_type");
    server.get("/api/events/42/recommendations?min_score=x").refuses(422, "/min_score", "wrong_type");
}

#[test]
fn weights_and_fields_are_the_tenant_s() {
    let server = server();
    let first = server.get("/api/matching/settings").expect(200);
    assert_eq!((&first["max_score"], &first["weights"]["genre"]), (&100.into(), &25.into()));
    let settings = json!({"weights": {"genre": 3, "type": 0, "location": 2, "artist": 0, "price": 0, "engagement": 0},
        "country_weight": 1, "fields": {"watchlist": "watched"}});
    let saved = server.put("/api/matching/settings", &settings).expect(200);
    assert_eq!((&saved["max_score"], &saved["fields"]["watchlist"]), (&10.into(), &"watched".into()));
    assert_eq!(server.get("/api/matching/settings").expect(200)["weights"], saved["weights"]);
    let found = recommended(&server, "");
    let scores: Vec<_> = found["customers"].as_array().expect("some").iter().map(|one| &one["score"]).collect();
    assert_eq!(scores, [5, 4, 3]);
    assert_eq!(found["customers"][0]["relative"], 0.5);
    let location = json!({"reason": "location_match", "weight": 1});
    assert_eq!(found["customers"][1]["reasons"][1], location);
    assert_eq!(found["warnings"][0]["pointer"], "/fields/watchlist");
    let bad = json!({"weights": {"genre": -1, "artist": 1001, "style": 1}, "country_weight": 11,
        "fields": {"city": ""}, "price_tolerance_percent": 100});
    let refused = server.put("/api/matching/settings", &bad);
    for (place, code) in [
        ("/weights/genre", "wrong_type"),
        ("/weights/artist", "out_of_range"),
        ("/weights/style", "unknown_key"),
        ("/country_weight", "out_of_range"),
        ("/fields/city", "out_of_range"),
        ("/price_tolerance_percent", "out_of_range"),
    ] {
        refused.refuses(422, place, code);
    }
    server.put("/api/matching/settings", &json!({"weights": [1]})).refuses(422, "/weights", "wrong_type");
}

#[test]
fn an_event_becomes_a_segment_and_a_note() {
    let server = server();
    let made = server.post("/api/events/42/create-segment", &json!({"min_score": 70})).expect(201);
    assert_eq!((&made["name"], &made["count"]), (&"Best fit for Summer Festival".into(), &2.into()));
    assert_eq!(made["segment_type"], "dynamic");
    server.post("/api/events/42/create-segment", &json!({"min_score": 70})).refuses(409, "/name", "name_taken");
    let body = json!({"min_score": 70, "name": "Then", "segment_type": "static"});
    let then = server.post("/api/audience/events/42/create-segment", &body).expect(201);
    assert_eq!((&then["segment_type"], &then["count"]), (&"static".into(), &2.into()));
    server
        .patch(
            "/api/profiles/4",
            &json!({"genres": ["rock"], "event_types": ["festival"], "artists": ["The Band"],
        "country": "RO"}),
        )
        .expect(200);
    assert_eq!(server.get("/api/segments/1").expect(200)["count"], 3);
    assert_eq!(server.get("/api/segments/2").expect(200)["count"], 2);
    let everybody = server.post("/api/events/42/create-segment", &json!({"min_score": 0, "name": "all"})).expect(201);
    let nobody = server.post("/api/events/42/create-segment", &json!({"min_score": 101, "name": "none"})).expect(201);
    assert_eq!((&everybody["count"], &nobody["count"]), (&4.into(), &0.into()));
    let bad = json!({"min_score": "x", "segment_type": "frozen"});
    server.post("/api/events/42/create-segment", &bad).refuses(422, "/segment_type", "bad_segment_type");
    let note = server.post("/api/events/42/generate-recommendations?min_score=60", &json!({})).expect(200);
    assert_eq!((&note["generated"]["total"], &note["generated"]["min_score"]), (&3.into(), &60.into()));
    server.delete("/api/profiles/4").expect(200);
    let found = recommended(&server, "min_score=60");
    assert_eq!((&found["total"], &found["generated"]), (&2.into(), &note["generated"]));
    server.post("/api/events/9/generate-recommendations", &json!({})).refuses(404, "", "not_found");
}

#[test]
fn events_for_somebody_are_ahead_and_the_best_first() {
    let server = server();
    for (id, start, status) in [
        (1, "2025-12-31T23:00:00Z", "active"),
        (2, "2026-03-01T00:00:00Z", "draft"),
        (3, "2026-02-01T00:00:00Z", "active"),
        (4, "2026-01-02T00:00:00Z", "active"),
    ] {
        let body = json!({"id": id, "name": "n", "genres": ["jazz"], "starts_at": start, "status": status});
        server.post("/api/event-offers", &body).expect(201);
    }
    let told = server.get(&format!("/api/profiles/123/recommendations?{NOW}&limit=2")).expect(200);
    let events = told["events"].as_array().expect("events");
    let of = |event: &Json| (event["event_id"].as_i64(), event["score"].as_i64());
    assert_eq!(events.iter().map(of).collect::<Vec<_>>(), [(Some(42), Some(100)), (Some(4), Some(30))]);
    assert_eq!((&told["customer_id"], &told["count"], &told["total"]), (&123.into(), &2.into(), &3.into()));
    let cursor = told["next_cursor"].as_str().expect("a cursor");
    let rest = server.get(&format!("/api/profiles/123/recommendations?cursor={cursor}")).expect(200);
    assert_eq!(rest["events"][0]["event_id"], 3);
    assert_eq!(server.get(&format!("/api/profiles/4/recommendations?{NOW}")).expect(200)["total"], 0);
    server.get("/api/profiles/9/recommendations").refuses(404, "", "not_found");
}

#[test]
fn events_survive_a_restart() {
    let folder = tempfile::tempdir().expect("a folder");
    let data = folder.path().to_str().expect("UTF-8");
    for checkpoint in [false, true] {
        let server = Server::start_with(&["--data", data]);
        if !checkpoint {
            server.load(PEOPLE);
            server.post("/api/event-offers", &festival()).expect(201);
            server.put("/api/matching/settings", &json!({"weights": {"genre": 26}})).expect(200);
        } else {
            server.post("/api/checkpoint", &json!({})).expect(200);
        }
        assert_eq!(recommended(&server, "")["customers"][0]["score"], 101);
        drop(server);
    }
    let server = Server::start_with(&["--data", data]);
    assert_eq!(recommended(&server, "")["customers"][0]["score"], 101);
    assert_eq!(server.post("/api/event-offers", &json!({"name": "n"})).expect(201)["id"], 43);
}
