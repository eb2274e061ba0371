//! Look-alike segments over HTTP, how segments do, questions in everyday words, and every path that older systems use.

use harness::server::Server;
use muster_engine::time::{DAY_US, Timestamp};
use reqwest::Method;
use serde_json::{Value as Json, json};

/// Six hundred people; the buyers are every sixth, and more often from Rome than others.
fn server() -> Server {
    let server = Server::start();
    let row = |id: usize| {
        let bought = id.is_multiple_of(6);
        let city = if (bought && !id.is_multiple_of(5)) || id.is_multiple_of(7) { "Rome" } else { "Oslo" };
        format!("{{\"id\": {id}, \"bought\": {bought}, \"city\": \"{city}\", \"visits\": {}}}\n", id % 11)
    };
    server.load(&(0..600).map(row).collect::<String>());
    server.post("/api/segments", &json!({"name": "buyers", "text": "bought is true"})).expect(201);
    server
}

#[test]
fn a_lookalike_segment_is_a_segment() {
    let server = server();
    let asked = json!({"source": "buyers", "size": 60});
    let preview = server.post("/api/segments/lookalike/preview", &asked).expect(200);
    assert_eq!((&preview["count"], &preview["population"]), (&60.into(), &600.into()));
    assert_eq!(preview["fields"][0]["field"], "city");
    assert!(preview["hold_out"]["auc"].as_f64().is_some_and(|auc| auc > 0.7), "{preview}");
    assert!(preview["skipped"].as_array().is_some_and(|some| some.iter().any(|one| one["code"] == "defines_source")));

    let body = json!({"name": "alike", "segment_type": "lookalike", "source_segment_id": 1, "size": 60});
    let saved = server.post("/api/segments", &body).expect(201);
    assert_eq!((&saved["segment_type"], &saved["count"]), (&"lookalike".into(), &60.into()));
    assert_eq!(saved["lookalike"]["source"], json!({"id": 1, "name": "buyers"}));
    let text = saved["lookalike"]["features"][0]["text"].as_str().expect("a trait");
    assert!(text.starts_with("city is"), "{text}");
    assert_eq!(server.count("in segment \"alike\""), 60);
    assert_eq!(server.count("in segment \"alike\" and bought is true"), 0);
    assert_eq!(server.count("in segment \"alike\" and city is \"Rome\""), 60);
    let audience = json!({"include_segments": ["alike", "buyers"]});
    assert_eq!(server.post("/api/audiences/preview", &audience).expect(200)["count"], 160);
    server.delete("/api/segments/buyers").refuses(409, "", "segment_in_use");
    let used = server.get("/api/segments/buyers/used-by").expect(200);
    assert_eq!(used["items"][0]["name"], "alike");

    let person = server.get("/api/segments/alike/members?limit=1").expect(200)["items"][0]["id"].clone();
    let told = server.get(&format!("/api/segments/alike/explain/{person}")).expect(200);
    assert_eq!((&told["in"], &told["nodes"][0]["kind"]), (&true.into(), &"lookalike".into()));
    let sum: i64 = told["nodes"][0]["contributions"]
        .as_array()
        .expect("traits")
        .iter()
        .filter_map(|one| one["weight"].as_i64())
        .sum();
    assert_eq!(told["nodes"][0]["score"], sum);

    // Membership follows people's fields; a refresh chooses the threshold again.
    server.patch(&format!("/api/profiles/{person}"), &json!({"city": "Oslo"})).expect(200);
    assert_eq!(server.get("/api/segments/alike").expect(200)["count"], 59);
    let again = server.post("/api/segments/alike/refresh", &json!({})).expect(200);
    assert_eq!((&again["count"], &again["version"]), (&60.into(), &2.into()));
    let renamed = server.patch("/api/segments/alike", &json!({"name": "kin"})).expect(200);
    assert_eq!((&renamed["segment_type"], &renamed["count"]), (&"lookalike".into(), &60.into()));
    let every = json!({"name": "kin", "segment_type": "lookalike", "source": 1, "min_similarity": 0, "include_source": true, "confirm": true});
    assert_eq!(server.put("/api/segments/kin", &every).expect(200)["count"], 600);
}

#[test]
fn what_is_wrong_with_a_lookalike_is_said() {
    let server = server();
    let ask = |body: Json| server.post("/api/segments/lookalike/preview", &body);
    ask(json!({"size": 5})).refuses(422, "", "missing_key");
    ask(json!({"source": "buyers"})).refuses(422, "", "missing_key");
    ask(json!({"source": "nobody", "size": 5})).refuses(422, "/source", "unknown_segment");
    ask(json!({"source": "buyers", "size": 0})).refuses(422, "/size", "no_size");
    ask(json!({"source": "buyers", "size": 5, "share": 0.1})).refuses(422, "/share", "two_sizes");
    ask(json!({"source": "buyers", "share": 1.5})).refuses(422, "/share", "wrong_type");
    ask(json!({"source": "buyers", "source_segment_id": 1, "size": 5})).refuses(
        422,
        "/source_segment_id",
        "two_sources",
    );
    ask(json!({"source": "buyers", "size": 5, "fields": ["town"]})).refuses(422, "/fields/0", "unknown_field");
    server.post("/api/segments", &json!({"name": "few", "customers": [1, 2]})).expect(201);
    let body = json!({"name": "x", "segment_type": "lookalike", "source": "few", "size": 5});
    server.post("/api/segments", &body).refuses(422, "/source", "source_too_small");
}

#[test]
fn segments_are_measured() {
    let server = server();
    let told = server.get("/api/analytics/segments?days=7").expect(200);
    let item = &told["items"][0];
    assert_eq!((&item["name"], &item["count"], &told["days"]), (&"buyers".into(), &100.into(), &7.into()));
    assert_eq!(item["share"], 0.1667);
    for days in ["0", "367", "x"] {
        server.get(&format!("/api/analytics/segments?days={days}")).refuses(422, "/days", "bad_days");
    }
    server.get("/api/analytics/segments?days=366").expect(200);
}

#[test]
fn moves_are_counted_from_an_hour_on() {
    let server = server();
    // Whoever left before the segment was followed would have left nothing.
    let followed = (0..200).map(|_| {
        std::thread::sleep(std::time::Duration::from_millis(20));
        server.get("/api/analytics/segments").expect(200)
    });
    let unasked = followed.into_iter().find(|told| told["items"][0]["trend"] != json!([])).expect("it is followed");
    let item = &unasked["items"][0];
    assert_eq!(
        (&unasked["since"], &item["entered_since"], &item["left_since"]),
        (&Json::Null, &Json::Null, &Json::Null)
    );
    let now = Timestamp::parse(unasked["now"].as_str().expect("an instant")).expect("an instant");
    let hours = |ahead: i64| Timestamp(now.0 + ahead * DAY_US / 24);
    let asked = |since: Timestamp| server.get(&format!("/api/analytics/segments?since={since}"));
    // Whoever leaves is counted within a moment: from the hour before on, and not from one that is to come.
    server.patch("/api/profiles/0", &json!({"bought": false})).expect(200);
    let before = || asked(hours(-1)).expect(200);
    let is_told = (0..200).any(|_| {
        std::thread::sleep(std::time::Duration::from_millis(20));
        before()["items"][0]["left_since"] == 1
    });
    assert!(is_told, "{}", before());
    let begin = before()["since"].as_str().expect("an instant").to_owned();
    assert_eq!((&begin[..14], &begin[14..]), (&hours(-1).to_string()[..14], "00:00Z"), "hours are whole");
    let ahead = &asked(hours(2)).expect(200)["items"][0];
    assert_eq!((&ahead["entered_since"], &ahead["left_since"]), (&0.into(), &0.into()));
    asked(hours(1 - 60 * 24)).expect(200);
    asked(hours(-1 - 60 * 24)).refuses(422, "/since", "bad_since");
    server.get("/api/analytics/segments?since=yesterday").refuses(422, "/since", "wrong_type");
}

#[test]
fn the_population_is_counted_through_time() {
    let server = server();
    let people = || server.get("/api/analytics/population?days=7").expect(200);
    assert_eq!((&people()["population"], &people()["days"]), (&600.into(), &7.into()));
    // What is told follows what is written within a moment.
    let until = |wanted: Json| {
        for _ in 0..200 {
            let told = people()["items"].clone();
            let last = told.as_array().and_then(|days| days.last()).cloned().unwrap_or_default();
            if json!([last["count"], last["left"]]) == wanted {
                return;
            }
            std::thread::sleep(std::time::Duration::from_millis(20));
        }
        panic!("not {wanted}: {}", people());
    };
    until(json!([600, 0]));
    server.delete("/api/profiles/1").expect(200);
    until(json!([599, 1]));
    server.get("/api/analytics/population?days=x").refuses(422, "/days", "bad_days");
}

#[test]
fn a_question_becomes_a_rule_and_nothing_is_saved() {
    let server = server();
    let ask = |prompt: &str| server.post("/api/segments/from-text", &json!({"prompt": prompt}));
    let heard = ask("people from Rome with more than 3 visits").expect(200);
    assert_eq!((&heard["text"], &heard["is_complete"]), (&"city is \"Rome\" and visits > 3".into(), &true.into()));
    let heard = ask("tall people from Rome").expect(200);
    assert_eq!((&heard["not_understood"], &heard["is_complete"]), (&json!(["tall"]), &false.into()));
    let heard = ask("people from Rome and more than 3 visits and a dog").expect(200);
    assert_eq!(heard["text"], "city is \"Rome\" and visits > 3");
    assert_eq!((&heard["is_complete"], &heard["not_understood"]), (&false.into(), &json!(["a dog"])));
    let count =
        server.post("/api/segments/preview", &json!({"criteria": heard["criteria"]})).expect(200)["count"].clone();
    assert_eq!(heard["count"], count);
    assert_eq!(server.get("/api/segments").expect(200)["total"], 1);
    ask("").refuses(422, "/prompt", "empty_prompt");
}

/// Every path of the systems that came before, as their documents write it, for people, segments, audiences and how
/// segments do.
#[test]
fn every_path_of_older_systems_answers() {
    let server = server();
    let rule = json!({"logic": "AND", "rules": [{"field": "visits", "operator": ">=", "value": 5}]});
    let audience = json!({"name": "a", "include_segments": [1], "tenant_id": 1});
    let segment = |name: &str| json!({"tenant_id": 1, "name": name, "segment_type": "dynamic", "conditions": rule});
    let none = json!({});
    let paths = [
        (Method::POST, "/api/audiences", audience.clone(), 201),
        (Method::GET, "/api/audiences", none.clone(), 200),
        (Method::GET, "/api/audiences/1", none.clone(), 200),
        (Method::PUT, "/api/audiences/1", audience.clone(), 200),
        (Method::GET, "/api/audiences/1/members", none.clone(), 200),
        (Method::POST, "/api/audiences/preview", json!({"include_segments": [1]}), 200),
        (Method::GET, "/api/health", none.clone(), 200),
        (Method::GET, "/api/segments", none.clone(), 200),
        (Method::GET, "/api/segments/new", none.clone(), 200),
        (Method::POST, "/api/segments", segment("b"), 201),
        (Method::GET, "/api/segments/1", none.clone(), 200),
        (Method::GET, "/api/segments/1/users", none.clone(), 200),
        (Method::GET, "/api/audience/profiles?tenant_id=1", none.clone(), 200),
        (Method::GET, "/api/audience/profiles/1?tenant_id=1", none.clone(), 200),
        (Method::POST, "/api/audience/profiles/rebuild", json!({"tenant_id": 1}), 200),
        (Method::GET, "/api/audience/segments?tenant_id=1", none.clone(), 200),
        (Method::POST, "/api/audience/segments", segment("c"), 201),
        (Method::GET, "/api/audience/segments/1", none.clone(), 200),
        (Method::POST, "/api/audience/segments/1/refresh", none.clone(), 200),
        (Method::POST, "/api/audience/segments/preview", json!({"tenant_id": 1, "criteria": rule}), 200),
        (Method::GET, "/api/audience/dashboard", none.clone(), 200),
        (Method::GET, "/segments", none.clone(), 200),
        (Method::POST, "/segments/create", segment("d"), 201),
        (Method::GET, "/segments/1/customers", none.clone(), 200),
        (Method::GET, "/analytics/segments", none.clone(), 200),
        (Method::DELETE, "/api/audiences/1", none.clone(), 204),
    ];
    for (method, path, body, status) in paths {
        let answer =
            if method == Method::GET { server.get(path) } else { server.send_json(method.clone(), path, &body) };
        assert_eq!(answer.status, status, "{method} {path}");
    }
    server.post("/api/audiences", &audience).expect(201);
    let list = server.send(Method::POST, "/api/audiences/2/import-csv", "text/csv", "id\n1\n2\n");
    assert!((200..300).contains(&list.status));
    let rebuilt = server.post("/api/audience/profiles/rebuild", &none).expect(200);
    assert_eq!((&rebuilt["profiles"], &rebuilt["rebuilt"]), (&600.into(), &0.into()));
}
