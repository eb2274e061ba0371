//! Bounds that callers meet: what is just within is taken, one more is refused in words.

use std::io::{Read, Write};
use std::net::TcpStream;

use harness::server::{Answer, Server};
use muster::limits::{
    ANALYTICS_DAYS_MAX, FEED_PAGE_MAX, FORECAST_DAYS_MAX, KEY_NAME_CHARS_MAX, KEY_OVERLAP_SECONDS_MAX,
    PERSON_NAME_CHARS_MAX, PERSONAL_FIELDS_MAX, REQUEST_ID_CHARS_MAX, WEBHOOKS_MAX,
};
use muster_engine::limits::{DECIMAL_SCALE_MAX, RETENTION_DAYS_MAX, SET_MEMBERS_MAX};
use serde_json::{Value as Json, json};

/// Asks for just as much as there may be, and for one more.
fn edge(ask: impl Fn(usize) -> Answer, most: usize, status: u16, pointer: &str, code: &str) {
    ask(most).expect(status);
    ask(most + 1).refuses(422, pointer, code);
}

#[test]
fn questions_at_their_edge() {
    let server = Server::start();
    server.load("{\"id\": 1, \"visits\": 5, \"tags\": [\"a\"]}\n");
    server.post("/api/segments", &json!({"name": "all", "text": "id exists"})).expect(201);
    let get = |path: &'static str| {
        let server = &server;
        move |most: usize| server.get(&format!("{path}{most}"))
    };
    edge(get("/api/segments/all/forecast?days="), FORECAST_DAYS_MAX, 200, "/days", "bad_limit");
    edge(get("/api/segments/all/changes?limit="), FEED_PAGE_MAX, 200, "/limit", "bad_limit");
    edge(get("/api/analytics/segments?days="), ANALYTICS_DAYS_MAX as usize, 200, "/days", "bad_days");
    let kept = |days: usize| server.put("/api/events/schema", &types("purchase", days));
    edge(kept, RETENTION_DAYS_MAX as usize, 200, "/types/0/retention_days", "bad_retention");
    let field = |scale: usize| {
        let field = json!({"name": format!("d{scale}"), "type": format!("decimal({scale})")});
        server.put("/api/schema", &json!({"fields": [field]}))
    };
    edge(field, DECIMAL_SCALE_MAX.into(), 200, "/fields/0/type", "bad_type");
    let tags = |count: usize| {
        let tags: Vec<String> = (0..count).map(|tag| tag.to_string()).collect();
        server.patch("/api/profiles/1", &json!({"tags": tags}))
    };
    edge(tags, SET_MEMBERS_MAX, 200, "/tags", "wrong_type");
}

fn types(name: &str, days: usize) -> Json {
    json!({"types": [{"name": name, "retention_days": days}], "properties": []})
}

#[test]
fn what_is_kept_of_access_at_its_edge() {
    let server = Server::start();
    for number in 0..WEBHOOKS_MAX {
        server.post("/api/webhooks", &json!({"url": format!("https://receiver.invalid/{number}")})).expect(201);
    }
    let one_more = json!({"url": "https://receiver.invalid/more"});
    server.post("/api/webhooks", &one_more).refuses(422, "", "too_many_webhooks");
    let personal = |count: usize| {
        let fields: Vec<String> = (0..count).map(|field| format!("f{field}")).collect();
        server.put("/api/settings/personal-fields", &json!({"fields": fields}))
    };
    edge(personal, PERSONAL_FIELDS_MAX, 200, "/fields", "list_too_long");
    // From the first key on, one is needed.
    let made = server.post("/api/keys", &json!({"role": "admin", "name": "k".repeat(KEY_NAME_CHARS_MAX)})).expect(201);
    let authorization = format!("Bearer {}", made["key"].as_str().expect("a key"));
    let post = |path: &str, body: &Json| {
        let headers = [("authorization", authorization.as_str())];
        server.send_as(reqwest::Method::POST, path, "application/json", body.to_string(), &headers)
    };
    let named = |chars: usize| post("/api/keys", &json!({"role": "viewer", "name": "k".repeat(chars)}));
    edge(named, KEY_NAME_CHARS_MAX, 201, "/name", "too_long");
    let person = |chars: usize| post("/api/users", &json!({"role": "viewer", "name": "\u{e4}".repeat(chars)}));
    edge(person, PERSON_NAME_CHARS_MAX, 201, "/name", "bad_name");
    let path = format!("/api/keys/{}/rotate", made["prefix"].as_str().expect("a prefix"));
    let rotate = |seconds: usize| post(&path, &json!({"overlap_seconds": seconds}));
    edge(rotate, KEY_OVERLAP_SECONDS_MAX as usize, 201, "/overlap_seconds", "out_of_range");
}

#[test]
fn the_id_of_a_request_is_its_senders_if_it_is_short_and_plain() {
    let server = Server::start();
    let answered = |id: &str| {
        let mut stream = TcpStream::connect(server.address()).expect("a connection");
        let head = format!("GET /api/health HTTP/1.1\r\nhost: x\r\nconnection: close\r\nx-request-id: {id}\r\n\r\n");
        stream.write_all(head.as_bytes()).expect("sent");
        let mut answer = String::new();
        stream.read_to_string(&mut answer).expect("an answer");
        let line = answer.lines().find_map(|line| line.strip_prefix("x-request-id: ")).expect("an id");
        line.to_owned()
    };
    let longest = "a".repeat(REQUEST_ID_CHARS_MAX);
    assert_eq!(answered(&longest), longest);
    for strange in [&format!("{longest}a"), "a\tb", "a\"b", "a;b", ""] {
        let id = answered(strange);
        assert!(id.len() == 16 && id.bytes().all(|byte| byte.is_ascii_hexdigit()), "{strange:?}: {id}");
    }
}
