//! Requests that are wrong: each is refused as a problem that says where, what and how to mend it, and changes nothing.
//!
//! Not here: bodies that cannot be read at all (`bodies`).

use std::fmt::Write;

use harness::server::{Answer, Server};
use reqwest::Method;
use serde_json::{Value as Json, json};

/// Three people, one of whom lacks most things.
const PEOPLE: &str = r#"{"id": 1, "country": "DE", "visits": 5, "spent": 17.57, "member": true, "genres": ["rock"], "seen": "2017-12-01T00:00:00Z"}
{"id": 2, "country": "FR", "visits": 9, "spent": 100.00, "member": false, "genres": [], "seen": "2017-01-01T00:00:00Z"}
{"id": 3, "country": "DE"}
"#;

fn server() -> Server {
    let server = Server::start();
    server.load(PEOPLE);
    server
}

/// Refuses, and nothing is different afterwards.
fn refused(server: &Server, ask: impl FnOnce(&Server) -> Answer, status: u16, pointer: &str, code: &str) -> Json {
    let before = server.version();
    let mistake = ask(server).refuses(status, pointer, code);
    assert_eq!(server.version(), before, "refused and yet changed: {mistake}");
    mistake
}

fn preview(criteria: Json) -> impl FnOnce(&Server) -> Answer {
    move |server| server.post("/api/segments/preview", &json!({"criteria": criteria}))
}

fn test(field: &str, operator: &str, value: Json) -> Json {
    json!({"match": "all", "rules": [{"field": field, "operator": operator, "value": value}]})
}

#[test]
fn mistakes_in_rules() {
    let server = server();
    for (criteria, pointer, code) in [
        (test("cuntry", "is", json!("DE")), "/criteria/rules/0/field", "unknown_field"),
        (test("visits", ">=", json!("many")), "/criteria/rules/0/value", "wrong_type"),
        (test("visits", ">=", json!([1])), "/criteria/rules/0/value", "wrong_type"),
        (test("country", "is", json!(5)), "/criteria/rules/0/value", "wrong_type"),
        (test("visits", "resembles", json!(5)), "/criteria/rules/0/operator", "unknown_operator"),
        (test("country", ">=", json!("DE")), "/criteria/rules/0/operator", "operator_not_for_type"),
        (test("visits", "between", json!([9, 5])), "/criteria/rules/0/value", "reversed_range"),
        (test("country", "in", json!([])), "/criteria/rules/0/value", "empty_list"),
        (test("visits", "=", json!(9_223_372_036_854_775_808_u64)), "/criteria/rules/0/value", "number_out_of_range"),
        (test("seen", "within_days", json!(-1)), "/criteria/rules/0/value", "number_out_of_range"),
        (test("seen", ">=", json!("yesterday")), "/criteria/rules/0/value", "wrong_type"),
        (test("country", "matches", json!("(")), "/criteria/rules/0/value", "bad_regex"),
        (json!({"match": "all", "rules": []}), "/criteria/rules", "empty_group"),
        (
            json!({"match": "some", "rules": [{"field": "visits", "operator": "exists"}]}),
            "/criteria/match",
            "unknown_match",
        ),
        (json!({"rules": [{"field": "visits", "operator": "exists"}], "colour": 1}), "/criteria/colour", "unknown_key"),
        (json!({"segment": "nobody", "operator": "in"}), "/criteria/segment", "unknown_segment"),
    ] {
        refused(&server, preview(criteria.clone()), 422, pointer, code);
        // What cannot be asked cannot be saved either.
        let save = |server: &Server| server.post("/api/segments", &json!({"name": "a", "criteria": criteria}));
        refused(&server, save, 422, pointer, code);
    }
    let mistake =
        refused(&server, preview(test("cuntry", "is", json!("DE"))), 422, "/criteria/rules/0/field", "unknown_field");
    assert_eq!(mistake["suggestions"][0], "country");
    // NaN is no JSON.
    let nan = r#"{"criteria": {"field": "spent", "operator": ">", "value": NaN}}"#;
    let ask = |server: &Server| server.send(Method::POST, "/api/segments/preview", "application/json", nan);
    refused(&server, ask, 400, "", "bad_json");
    assert_eq!(server.get("/api/segments").expect(200)["total"], 0);
}

#[test]
fn mistakes_in_text_rules_name_line_and_column() {
    let server = server();
    let ask =
        |server: &Server| server.post("/api/segments/preview", &json!({"text": "visits >= 5\nand cuntry is \"DE\""}));
    let mistake = refused(&server, ask, 422, "/text", "unknown_field");
    assert_eq!(
        (&mistake["line"], &mistake["column"], &mistake["suggestions"][0]),
        (&2.into(), &5.into(), &"country".into())
    );
    let both = json!({"text": "visits >= 5", "criteria": {"field": "visits", "operator": "exists"}});
    let ask = |server: &Server| server.post("/api/segments/preview", &both);
    refused(&server, ask, 422, "/text", "two_rules");
}

#[test]
fn all_mistakes_come_at_once() {
    let server = server();
    let before = server.version();
    let answer = server.post(
        "/api/segments/preview",
        &json!({
            "criteria": {"match": "all", "rules": [
                {"field": "cuntry", "operator": "is", "value": "DE"},
                {"field": "visits", "operator": "between", "value": [9, 5]},
                {"match": "any", "rules": []},
            ]},
            "now": "noon",
            "sample": -1,
            "explian": true,
        }),
    );
    let wanted = [
        ("/criteria/rules/0/field", "unknown_field"),
        ("/criteria/rules/1/value", "reversed_range"),
        ("/criteria/rules/2/rules", "empty_group"),
        ("/now", "wrong_type"),
        ("/sample", "wrong_type"),
        ("/explian", "unknown_key"),
    ];
    for (pointer, code) in wanted {
        answer.refuses(422, pointer, code);
    }
    assert_eq!(answer.json()["errors"].as_array().map(Vec::len), Some(wanted.len()), "{}", answer.text);
    assert_eq!(answer.refuses(422, "/explian", "unknown_key")["suggestions"][0], "explain");
    assert_eq!(server.version(), before);

    let audience = json!({"include_segments": ["a", 7], "exclude_lists": [4], "include_match": "some", "sample": 1_001,
        "include_customers": [1, 2.5, {}, ""], "sufix": 1});
    let answer = server.post("/api/audiences/preview", &audience);
    for (pointer, code) in [
        ("/include_segments/0", "unknown_segment"),
        ("/include_segments/1", "unknown_segment"),
        ("/exclude_lists/0", "unknown_list"),
        ("/include_match", "bad_include_match"),
        ("/sample", "sample_too_large"),
        ("/include_customers/1", "wrong_type"),
        ("/include_customers/2", "wrong_type"),
        ("/include_customers/3", "wrong_type"),
        ("/sufix", "unknown_key"),
    ] {
        answer.refuses(422, pointer, code);
    }
}

#[test]
fn rules_at_their_limits() {
    let server = server();
    let nested = |depth: usize| {
        (0..depth)
            .fold(json!({"field": "visits", "operator": "exists"}), |rule, _| json!({"match": "all", "rules": [rule]}))
    };
    assert_eq!(server.post("/api/segments/preview", &json!({"criteria": nested(32)})).expect(200)["count"], 2);
    let pointer = format!("/criteria{}", "/rules/0".repeat(32));
    refused(&server, preview(nested(33)), 422, &pointer, "too_deep");
    // Far too deep, but no danger to the server.
    let depth = 100_000;
    let mut text = String::from(r#"{"criteria": "#);
    (0..depth).for_each(|_| text.push_str(r#"{"match":"all","rules":["#));
    text.push_str(r#"{"field":"visits","operator":"exists"}"#);
    (0..depth).for_each(|_| text.push_str("]}"));
    text.push('}');
    let answer = server.send(Method::POST, "/api/segments/preview", "application/json", text);
    assert!(answer.status == 400 || answer.status == 422, "{}", answer.text);
    server.get("/api/health").expect(200);

    let list = |length: usize| {
        let mut text = String::from(r#"{"criteria": {"field": "visits", "operator": "in", "value": [0"#);
        (1..length).for_each(|i| write!(text, ",{i}").expect("memory"));
        text + "]}}"
    };
    let ask = |text: String| {
        move |server: &Server| server.send(Method::POST, "/api/segments/preview", "application/json", text)
    };
    assert_eq!(ask(list(1_000_000))(&server).expect(200)["count"], 2);
    refused(&server, ask(list(1_000_001)), 422, "/criteria/value", "list_too_long");
    let ids: Vec<u32> = (0..1_000_001).collect();
    let ask = |server: &Server| server.post("/api/audiences/preview", &json!({"include_customers": ids}));
    refused(&server, ask, 422, "/include_customers", "list_too_long");
    let ask =
        |server: &Server| server.post("/api/segments/preview", &json!({"text": "visits exists", "sample": 1_001}));
    refused(&server, ask, 422, "/sample", "sample_too_large");
}

#[test]
fn circles_and_segments_in_use() {
    let server = server();
    let save = |name: &str, text: &str| server.post("/api/segments", &json!({"name": name, "text": text}));
    save("a", "visits >= 1").expect(201);
    save("b", "in segment \"a\"").expect(201);
    save("c", "in segment \"b\" or visits >= 7").expect(201);
    let ask = |server: &Server| server.put("/api/segments/a", &json!({"text": "not in segment \"c\""}));
    let mistake = refused(&server, ask, 422, "/criteria", "circular_segment");
    assert!(mistake["message"].as_str().expect("a message").contains("a -> c -> b -> a"), "{mistake}");
    let ask = |server: &Server| server.put("/api/segments/a", &json!({"text": "in segment \"a\""}));
    let mistake = refused(&server, ask, 422, "/criteria", "circular_segment");
    assert!(mistake["message"].as_str().expect("a message").contains("a -> a"), "{mistake}");

    server.post("/api/audiences", &json!({"name": "mail", "exclude_segments": ["a"]})).expect(201);
    let mistake = refused(&server, |server| server.delete("/api/segments/a"), 409, "", "segment_in_use");
    assert_eq!(mistake["suggestions"], json!(["segment \"b\"", "audience \"mail\""]));
    let mistake = refused(&server, |server| server.delete("/api/segments/b"), 409, "", "segment_in_use");
    assert_eq!(mistake["suggestions"], json!(["segment \"c\""]));
    assert_eq!(server.delete("/api/segments/c").status, 204);
    assert_eq!(server.delete("/api/segments/b").status, 204);
    refused(&server, |server| server.delete("/api/segments/b"), 404, "", "not_found");
    // A deleted segment cannot be named any more.
    refused(&server, preview(json!({"segment": "b", "operator": "in"})), 422, "/criteria/segment", "unknown_segment");

    let ask = |server: &Server| server.post("/api/segments", &json!({"name": " a ", "text": "visits >= 1"}));
    refused(&server, ask, 409, "/name", "name_taken");
    let list = server.send(Method::POST, "/api/lists?name=l", "text/csv", "id\n1\n").expect(201)["id"].clone();
    server.post("/api/audiences", &json!({"name": "post", "include_lists": [list]})).expect(201);
    let mistake = refused(&server, |server| server.delete(&format!("/api/lists/{list}")), 409, "", "list_in_use");
    assert_eq!(mistake["suggestions"], json!(["audience \"post\""]));
}

#[test]
fn mistakes_in_paths_and_parameters() {
    let server = server();
    server.post("/api/segments", &json!({"name": "a", "text": "visits >= 1"})).expect(201);
    for (path, status, pointer, code) in [
        ("/api/nothing", 404, "", "unknown_path"),
        ("/api/segments/99", 404, "", "not_found"),
        ("/api/segments/b", 404, "", "not_found"),
        ("/api/audiences/x", 404, "", "not_found"),
        ("/api/lists/1", 404, "", "not_found"),
        ("/api/profiles/99", 404, "", "not_found"),
        ("/api/segments/a/members?limit=0", 422, "/limit", "bad_limit"),
        ("/api/segments/a/members?limit=10001", 422, "/limit", "bad_limit"),
        ("/api/segments/a/members?limit=ten", 422, "/limit", "bad_limit"),
        ("/api/segments/a/members?cursor=abc", 422, "/cursor", "bad_cursor"),
        ("/api/segments?cursor=abc", 422, "/cursor", "bad_cursor"),
        ("/api/profiles?now=noon", 422, "/now", "wrong_type"),
        ("/api/segments/a/members?lmit=5", 422, "/lmit", "unknown_key"),
        ("/api/segments/a/members?cursor=999.0.1", 404, "", "not_found"),
        ("/api/profiles/%FF", 400, "", "bad_utf8"),
    ] {
        refused(&server, |server| server.get(path), status, pointer, code);
    }
    for (method, path, allow) in [
        (Method::PUT, "/api/segments", "GET,HEAD,POST"),
        (Method::POST, "/api/health", "GET,HEAD"),
        (Method::GET, "/api/contacts", "POST"),
    ] {
        let answer = server.send(method, path, "application/json", "{}");
        answer.refuses(405, "", "unknown_method");
        assert_eq!(answer.allow, allow, "{path}");
    }
}
