//! Personal fields: masked wherever they would be shown, and not to be asked about.

use harness::server::Server;
use reqwest::Method;
use serde_json::{Value as Json, json};

use super::house::{House, SECRET_ADDRESS, ask, fill, filled, get, load, post, routes};

/// A word of the personal field `illness`, and of events' property of that name.
const SECRET_ILLNESS: &str = "asthma";

/// Adds what else shows people: events, gates, an event for sale, look-alikes, and rules that name what is personal.
fn fill_all(server: &Server, admin: &str) {
    fill(server, admin);
    // The ill come from Oslo, and their e-mail is like Ann's; none has as many visits as hers.
    let person = |id: usize| {
        let (illness, city) = if id.is_multiple_of(3) { (SECRET_ILLNESS, "Oslo") } else { ("none", "Rome") };
        let city = if id.is_multiple_of(10) { "Rome" } else { city };
        let group = id.is_multiple_of(6);
        format!(
            "{{\"id\": {id}, \"illness\": \"{illness}\", \"city\": \"{city}\", \"group\": {group}, \"visits\": 1, \
             \"email\": \"ann.secret{}@example.com\"}}\n",
            id % 4
        )
    };
    load(server, admin, &(100..400).map(person).collect::<String>());
    let ill = [("illness", SECRET_ILLNESS)];
    let event = |id: u64| {
        let properties: serde_json::Map<String, Json> =
            ill.iter().map(|(name, value)| ((*name).to_owned(), json!(value))).collect();
        json!({"event_id": id.to_string(), "profile_id": 1, "type": "visit", "time": "2026-01-01T00:00:00Z", "properties": properties})
    };
    let seen = post(server, admin, "/api/events", &json!({"events": [event(1), event(2)]})).expect(200);
    assert_eq!(seen["accepted"], 2);
    let of_events =
        json!({"event": "visit", "where": [{"field": "illness", "operator": "is", "value": SECRET_ILLNESS}]});
    for (name, body) in [
        ("by event", json!({"criteria": of_events})),
        ("mistyped", json!({"text": "email is \"ann.secret9@example.com\" or in segment \"ann\""})),
        ("group", json!({"text": "group is true"})),
        ("likes", json!({"segment_type": "lookalike", "source": "group", "size": 20})),
        ("named", json!({"text": "id in (1, 2)"})),
    ] {
        let mut body = body;
        body["name"] = json!(name);
        post(server, admin, "/api/segments", &body).expect(201);
    }
    let put = |path: &str, body: Json| ask(server, admin, Method::PUT, path, Some(&body)).expect(200);
    put("/api/channels/email", json!({"consent_text": format!("illness is_not \"{SECRET_ILLNESS}\" or email exists")}));
    put("/api/matching/settings", json!({"fields": {"city": "email", "genres": "illness"}, "engagement_min": 0}));
    put("/api/control-group", json!({"control_group": {"percent": 10, "salt": "all"}}));
    post(server, admin, "/api/suppressions", &json!({"name": "left", "list": 1})).expect(201);
    post(server, admin, "/api/exclusion-groups", &json!({"name": "one", "audiences": [1]})).expect(201);
    let offer = json!({"name": "concert", "country": "DE", "city": "elsewhere", "starts_at": "2099-01-01T00:00:00Z"});
    post(server, admin, "/api/event-offers", &offer).expect(201);
    let gated =
        json!({"name": "gated", "channel": "email", "exclude_customers": [2], "exclude_segments": ["by event"]});
    post(server, admin, "/api/audiences", &gated).expect(201);
    post(server, admin, "/api/audiences/2/snapshots", &json!({"confirm_everyone": true})).expect(201);
}

/// What a route is asked: of every kind of thing some, with bodies that fit some routes.
fn questions(method: &Method, path: &str) -> Vec<(String, Option<Json>)> {
    let path = path.replace("{name}", "email").replace("{profile}", "1").replace("{other}", "2");
    let query = match path.rsplit('/').next() {
        Some("export") => "?format=ndjson",
        Some("excluded") => "?format=csv",
        _ => "",
    };
    let bodies = [
        json!({"text": "visits >= 5", "profile": 1, "explain": true, "lint": true, "pointer": "", "target": 2}),
        json!({"include_segments": ["ann"], "sample": 10}),
        json!({"sets": [{"segment": "ann"}, {"segment": "regulars"}]}),
        json!({"top": 10}),
        json!({"segment": "ann"}),
        json!({"segment": "by event"}),
        json!({"text": "in segment \"mistyped\" or in segment \"by event\"", "explain": true}),
        json!({"text": "in segment \"likes\" or in segment \"by event\"", "profile": 1}),
        json!({"source": "group", "size": 20}),
        json!({"prompt": "people from Rome"}),
        json!({}),
    ];
    let bodies: Vec<Option<Json>> =
        if *method == Method::GET { vec![None] } else { bodies.into_iter().map(Some).collect() };
    let mut questions = Vec::new();
    for id in 1..=7 {
        let target = filled(&path.replacen("{id}", &id.to_string(), 1), "1").replace("/1/diff/1", "/1/diff/2");
        for query in ["", query] {
            questions.extend(bodies.iter().map(|body| (format!("{target}{query}"), body.clone())));
        }
    }
    questions.sort_by(|left, right| left.0.cmp(&right.0));
    questions.dedup();
    questions
}

#[test]
fn personal_fields_are_masked_wherever_they_would_be_shown() {
    let house = House::new();
    let server = house.start();
    let (admin, analyst, viewer) = (house.key("acme admin"), house.key("acme analyst"), house.key("acme viewer"));
    let personal = Some(json!({"fields": ["email", "illness"]}));
    ask(&server, admin, Method::PUT, "/api/settings/personal-fields", personal.as_ref()).expect(200);
    fill_all(&server, admin);
    let mut answered = 0;
    for (method, path) in routes(&server).into_iter().filter(|(_, path)| !path.ends_with("stream")) {
        for (key, (target, body)) in [analyst, viewer]
            .into_iter()
            .flat_map(|key| questions(&method, &path).into_iter().map(move |one| (key, one)))
        {
            let answer = ask(&server, key, method.clone(), &target, body.as_ref());
            for secret in ["ann.secret", SECRET_ILLNESS] {
                assert!(!answer.text.contains(secret), "{method} {target} {body:?}: {}", answer.text);
            }
            answered += usize::from(answer.status == 200);
        }
    }
    assert!(answered > 300, "{answered}");
    // All of these would show it: admins see it there.
    for path in [
        "/api/profiles",
        "/api/profiles/1/events",
        "/api/schema",
        "/api/segments",
        "/api/segments/3/versions/1",
        "/api/segments/ann/members",
        "/api/segments/ann/explain/1",
        "/api/segments/6",
        "/api/segments/6/explain/102",
        "/api/channels/email",
        "/api/events/1/recommendations",
        "/api/snapshots/1",
        "/api/snapshots/1/export",
    ] {
        let text = get(&server, admin, path).text;
        assert!(text.contains("ann.secret") || text.contains(SECRET_ILLNESS), "{path}: {text}");
    }
    let seen = get(&server, admin, "/api/profiles/1").expect(200);
    assert_eq!((&seen["fields"]["email"], &seen["masked"]), (&json!(SECRET_ADDRESS), &Json::Null));
    let seen = get(&server, analyst, "/api/profiles/1").expect(200);
    assert_eq!(
        (&seen["fields"]["email"], &seen["fields"]["visits"], &seen["masked"]),
        (&Json::Null, &json!(5), &json!(["email", "illness"]))
    );
    let seen = get(&server, viewer, "/api/segments/ann").expect(200);
    assert_eq!(
        (&seen["text"], &seen["count"], &seen["masked"]),
        (&Json::Null, &json!(1), &json!(["conditions", "criteria", "text"]))
    );
    let sample = post(&server, viewer, "/api/segments/preview", &json!({"text": "visits >= 5"})).expect(200);
    assert_eq!((&sample["count"], &sample["sample"][0]["id"]), (&json!(2), &Json::Null));
    // The ids that a rule and an audience name are for those who may read people.
    let [told, hidden] = [analyst, viewer].map(|key| get(&server, key, "/api/segments/named").expect(200));
    assert_eq!((&told["text"], &hidden["text"], &hidden["count"]), (&json!("id in (1, 2)"), &Json::Null, &json!(2)));
    let [told, hidden] = [analyst, viewer].map(|key| get(&server, key, "/api/audiences/2").expect(200));
    assert_eq!((&told["exclude_customers"], &hidden["exclude_customers"]), (&json!(["2"]), &Json::Null));
    let fits = get(&server, analyst, "/api/events/1/recommendations").expect(200);
    assert_eq!((&fits["customers"][0]["email"], &fits["customers"][0]["masked"]), (&Json::Null, &json!(["email"])));
    let events = get(&server, analyst, "/api/profiles/1/events").expect(200);
    assert_eq!((&events["items"][0]["properties"]["illness"], &events["total"]), (&Json::Null, &json!(2)));
    let asked = json!({"prompt": format!("people with {SECRET_ILLNESS}")});
    let [hidden, told] = [viewer, admin].map(|key| post(&server, key, "/api/segments/from-text", &asked).expect(200));
    assert_eq!((&hidden["count"], &told["count"]), (&Json::Null, &json!(100)));
    let export = get(&server, analyst, "/api/snapshots/1/export").text;
    assert!(export.starts_with("id,country,visits"), "{export}");
}

#[test]
fn counting_is_asking() {
    let house = House::new();
    let server = house.start();
    let (admin, analyst, viewer) = (house.key("acme admin"), house.key("acme analyst"), house.key("acme viewer"));
    let personal = Some(json!({"fields": ["email"]}));
    ask(&server, admin, Method::PUT, "/api/settings/personal-fields", personal.as_ref()).expect(200);
    fill(&server, admin);
    let probing = json!({"text": format!("email starts with \"ann\" and visits > 1")});
    let of_events = json!({"criteria": {"event": "visit", "where": [{"field": "email", "operator": "exists"}]}});
    let body = json!({"profile_id": 1, "event_id": "1", "type": "visit", "time": "2026-01-01T00:00:00Z", "properties": {"email": "a"}});
    post(&server, admin, "/api/events", &body).expect(200);
    for key in [viewer, analyst] {
        post(&server, key, "/api/segments/preview", &of_events).refuses(403, "", "personal_field");
        let alike = json!({"source": "regulars", "size": 1, "fields": ["email"]});
        post(&server, key, "/api/segments/lookalike/preview", &alike).refuses(403, "", "personal_field");
        post(&server, key, "/api/segments/lint", &json!({"segment": "ann"})).refuses(403, "", "personal_field");
        post(&server, key, "/api/segments/preview", &probing).refuses(403, "", "personal_field");
        post(&server, key, "/api/segments/lint", &probing).refuses(403, "", "personal_field");
        let sets = json!({"sets": [{"segment": "ann"}, probing]});
        post(&server, key, "/api/overlap", &sets).refuses(403, "", "personal_field");
        post(&server, key, "/api/fields/email/distribution", &json!({})).refuses(403, "", "personal_field");
        get(&server, analyst, "/api/snapshots/1/export?fields=email").refuses(403, "", "personal_field");
    }
    post(&server, admin, "/api/segments/preview", &probing).expect(200);
    post(&server, viewer, "/api/segments/preview", &probing).refuses(403, "", "personal_field");
    post(&server, viewer, "/api/audiences/preview", &json!({"include_customers": [1]})).refuses(
        403,
        "",
        "missing_right",
    );
    post(&server, viewer, "/api/segments/preview", &json!({"text": "id is 1"})).refuses(403, "", "missing_right");
    post(&server, analyst, "/api/segments/preview", &json!({"text": "id is 1"})).expect(200);
}

#[test]
fn what_is_hidden_stays_hidden_while_other_tenants_ask() {
    let house = House::new();
    let server = house.start();
    let (admin, analyst, other) = (house.key("acme admin"), house.key("acme analyst"), house.key("other operator"));
    fill(&server, admin);
    let personal = json!({"fields": ["email"]});
    ask(&server, admin, Method::PUT, "/api/settings/personal-fields", Some(&personal)).expect(200);
    for _ in 0..5 {
        // Each is company to the other, so the page is made by a thread that did not take the request.
        get(&server, other, "/metrics");
        let people = get(&server, analyst, "/api/profiles").text;
        assert!(people.contains("\"items\"") && !people.contains(SECRET_ADDRESS), "{people}");
    }
    get(&server, other, "/metrics");
    assert!(get(&server, admin, "/api/profiles").text.contains(SECRET_ADDRESS));
}
