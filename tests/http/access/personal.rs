//! Personal fields: masked wherever they would be shown, and not to be asked about.

use reqwest::Method;
use serde_json::{Value as Json, json};

use super::house::{House, SECRET_ADDRESS, ask, fill, filled, get, post, routes};

#[test]
fn personal_fields_are_masked_wherever_they_would_be_shown() {
    let house = House::new();
    let server = house.start();
    let (admin, analyst, viewer) = (house.key("acme admin"), house.key("acme analyst"), house.key("acme viewer"));
    let personal = Some(json!({"fields": ["email"]}));
    ask(&server, admin, Method::PUT, "/api/settings/personal-fields", personal.as_ref()).expect(200);
    fill(&server, admin);
    let bodies = [
        json!({"text": "visits >= 5", "profile": 1, "explain": true, "lint": true, "pointer": "", "target": 2}),
        json!({"include_segments": ["ann"], "sample": 10}),
        json!({"sets": [{"segment": "ann"}, {"segment": "regulars"}]}),
        json!({"top": 10}),
        json!({}),
    ];
    let mut answered = 0;
    for (method, path) in routes(&server).into_iter().filter(|(_, path)| !path.ends_with("stream")) {
        let target = path.replace("{name}", "email").replace("{profile}", "1").replace("{other}", "2");
        let target = filled(&target, "1").replace("/versions/1/diff/1", "/versions/1/diff/2");
        let queries: &[&str] = if path.ends_with("export") { &["", "?format=ndjson"] } else { &[""] };
        for key in [analyst, viewer] {
            for (body, query) in bodies.iter().flat_map(|body| queries.iter().map(move |query| (body, query))) {
                let answer = ask(&server, key, method.clone(), &format!("{target}{query}"), Some(body));
                assert!(!answer.text.contains("ann.secret"), "{method} {target}{query} {body}: {}", answer.text);
                answered += usize::from(answer.status == 200);
            }
        }
    }
    assert!(answered > 150, "{answered}");
    let seen = get(&server, admin, "/api/profiles/1").expect(200);
    assert_eq!((&seen["fields"]["email"], &seen["masked"]), (&json!(SECRET_ADDRESS), &Json::Null));
    let seen = get(&server, analyst, "/api/profiles/1").expect(200);
    assert_eq!(
        (&seen["fields"]["email"], &seen["fields"]["visits"], &seen["masked"]),
        (&Json::Null, &json!(5), &json!(["email"]))
    );
    let seen = get(&server, viewer, "/api/segments/ann").expect(200);
    assert_eq!(
        (&seen["text"], &seen["count"], &seen["masked"]),
        (&Json::Null, &json!(1), &json!(["conditions", "criteria", "text"]))
    );
    let sample = post(&server, viewer, "/api/segments/preview", &json!({"text": "visits >= 5"})).expect(200);
    assert_eq!((&sample["count"], &sample["sample"][0]["id"]), (&json!(2), &Json::Null));
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
    for key in [viewer, analyst] {
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
