//! Tenants: suspended, resumed, bounded, deleted; and who did what in them.

use std::io::Write;
use std::net::TcpStream;
use std::time::Duration;

use harness::server::Server;
use reqwest::Method;
use serde_json::{Value as Json, json};

use super::house::{House, ask, fill, get, load, post, succeed};
use crate::webhooks::{ARRIVAL_TIME_MAX, receiver};

#[test]
fn nothing_is_sent_for_a_tenant_while_it_is_suspended() {
    let house = House::new();
    let server = Server::start_with(&["--data", &house.data, "--allow-private-webhooks"]);
    let (admin, operator) = (house.key("acme admin"), house.key("other operator"));
    load(&server, admin, "{\"id\": 1, \"visits\": 1}\n");
    post(&server, admin, "/api/segments", &json!({"name": "often", "text": "visits >= 5"})).expect(201);
    get(&server, admin, "/api/segments/often/changes").expect(200);
    let (url, arrived) = receiver(&[500; 8]);
    post(&server, admin, "/api/webhooks", &json!({"url": url})).expect(201);
    load(&server, admin, "{\"id\": 1, \"visits\": 7}\n");
    arrived.recv_timeout(ARRIVAL_TIME_MAX).expect("the first attempt");
    let suspend = |is_suspended: bool| {
        let body = json!({"suspended": is_suspended});
        ask(&server, operator, Method::PATCH, "/api/tenants/acme", Some(&body)).expect(200);
    };
    suspend(true);
    // What was on its way may still arrive.
    while arrived.recv_timeout(Duration::from_millis(400)).is_ok() {}
    // Longer than the pauses after the first attempts.
    let more = arrived.recv_timeout(Duration::from_secs(6));
    assert!(more.is_err(), "{more:?}");
    suspend(false);
    arrived.recv_timeout(ARRIVAL_TIME_MAX).expect("another attempt");
}

#[test]
fn tenants_are_suspended_resumed_and_deleted() {
    let house = House::new();
    let server = house.start();
    let (admin, operator) = (house.key("acme admin"), house.key("other operator"));
    fill(&server, admin);
    assert!(house.tenant_folder("acme").is_dir());
    let change = |body: Json| ask(&server, operator, Method::PATCH, "/api/tenants/acme", Some(&body)).expect(200);
    change(json!({"suspended": true}));
    get(&server, admin, "/api/segments").refuses(403, "", "tenant_suspended");
    change(json!({"suspended": false, "segments": 3, "profiles": 3}));
    assert_eq!(get(&server, admin, "/api/segments").expect(200)["items"].as_array().expect("items").len(), 2);
    // As many as it may have, and no more.
    post(&server, admin, "/api/segments", &json!({"name": "third", "text": "id exists"})).expect(201);
    post(&server, admin, "/api/segments", &json!({"name": "fourth", "text": "id exists"})).refuses(507, "", "quota");
    let authorization = format!("Bearer {admin}");
    let import = server.send_as(
        Method::POST,
        "/api/profiles/import",
        "application/x-ndjson",
        "{\"id\": 4}\n",
        &[("authorization", &authorization)],
    );
    import.refuses(507, "", "quota");
    post(&server, operator, "/api/tenants", &json!({"id": "acme"})).refuses(409, "/id", "tenant_exists");
    for id in ["", "A", "../acme", "a b", ".", &"a".repeat(64)] {
        post(&server, operator, "/api/tenants", &json!({"id": id})).refuses(422, "/id", "bad_tenant_id");
    }
    ask(&server, operator, Method::DELETE, "/api/tenants/default", None).refuses(409, "", "default_tenant");
    let receipt = ask(&server, operator, Method::DELETE, "/api/tenants/acme", None).expect(202);
    get(&server, admin, "/api/segments").refuses(401, "", "unknown_key");
    for _ in 0..100 {
        let receipts = get(&server, operator, "/api/tenant-deletions").expect(200);
        let found = receipts["items"]
            .as_array()
            .expect("items")
            .iter()
            .find(|one| one["receipt"] == receipt["receipt"])
            .cloned();
        if found.is_some_and(|found| found["files_gone_at"].is_string()) {
            break;
        }
        std::thread::sleep(Duration::from_millis(50));
    }
    assert!(!house.tenant_folder("acme").exists());
    // Another one of that name has nothing of it, and its keys are not those of the first.
    post(&server, operator, "/api/tenants", &json!({"id": "acme"})).expect(201);
    get(&server, admin, "/api/segments").refuses(401, "", "unknown_key");
    let made = post(&server, operator, "/api/keys", &json!({"role": "admin", "tenant": "acme"})).expect(201);
    let fresh = made["key"].as_str().expect("a key");
    assert_eq!(get(&server, fresh, "/api/profiles").expect(200)["total"], 0);
}

#[test]
fn a_tenant_has_a_currency_and_a_time_zone_of_the_public_lists() {
    let house = House::new();
    let mut server = house.start();
    let (operator, viewer) = (house.key("other operator"), house.key("acme viewer"));
    let nowhere = get(&server, viewer, "/api/me").expect(200);
    assert_eq!((&nowhere["currency"], &nowhere["time_zone"]), (&Json::Null, &Json::Null));
    let change = |body: Json| ask(&server, operator, Method::PATCH, "/api/tenants/acme", Some(&body));
    change(json!({"currency": "EUR", "time_zone": "Europe/Berlin"})).expect(200);
    // What is not named stays, and a mistake changes nothing.
    let changed = change(json!({"currency": "CHF"})).expect(200);
    assert_eq!((&changed["currency"], &changed["time_zone"]), (&json!("CHF"), &json!("Europe/Berlin")));
    for currency in ["chf", "EUX", ""] {
        let problem = change(json!({"currency": currency})).refuses(422, "/currency", "unknown_currency");
        assert!(problem["message"].as_str().is_some_and(|message| message.contains("ISO 4217")), "{problem}");
    }
    let problem =
        change(json!({"time_zone": "Europe/Bern", "profiles": 7})).refuses(422, "/time_zone", "unknown_time_zone");
    assert!(problem["message"].as_str().is_some_and(|message| message.contains("IANA")), "{problem}");
    assert_eq!(problem["suggestions"][0], "Europe/Berlin", "{problem}");
    let made = json!({"id": "third", "currency": "JPY", "time_zone": "Asia/Tokyo"});
    assert_eq!(post(&server, operator, "/api/tenants", &made).expect(201)["time_zone"], "Asia/Tokyo");
    let lost = json!({"id": "fourth", "currency": "yen"});
    post(&server, operator, "/api/tenants", &lost).refuses(422, "/currency", "unknown_currency");
    server.terminate();
    assert_eq!(server.wait(), Some(0));
    let server = house.start();
    assert_eq!(get(&server, operator, "/api/tenants/acme").expect(200), changed);
    for path in ["/api/me", "/api/session"] {
        let found = get(&server, viewer, path).expect(200);
        assert_eq!((&found["currency"], &found["time_zone"]), (&json!("CHF"), &json!("Europe/Berlin")), "{path}");
        let theirs = get(&server, house.key("other viewer"), path).expect(200);
        assert_eq!((&theirs["tenant"], &theirs["currency"]), (&json!("other"), &Json::Null), "{path}");
    }
}

#[test]
fn a_quota_of_memory_counts_from_the_next_request_on() {
    let house = House::new();
    let server = house.start();
    let (admin, operator) = (house.key("acme admin"), house.key("other operator"));
    fill(&server, admin);
    let allow = |bytes: u64| {
        let quota = json!({"bytes": bytes});
        ask(&server, operator, Method::PATCH, "/api/tenants/acme", Some(&quota)).expect(200);
    };
    let save = |name: &str| post(&server, admin, "/api/segments", &json!({"name": name, "text": "id exists"}));
    save("first").expect(201);
    allow(1);
    save("second").refuses(507, "", "memory_budget");
    get(&server, admin, "/api/segments").expect(200);
    allow(0);
    save("second").expect(201);
}

#[test]
fn events_are_taken_up_to_the_quota() {
    let mut house = House::new();
    succeed(&["tenant", "create", "--data", &house.data, "--events", "3", "shop"]);
    house.add_key("shop admin", "shop", "admin", &[]);
    let server = house.start();
    let admin = house.key("shop admin");
    load(&server, admin, "{\"id\": 1}\n");
    let event =
        |id: u64| json!({"profile_id": 1, "event_id": id.to_string(), "type": "visit", "time": "2026-01-01T00:00:00Z"});
    for id in 1..=3 {
        assert_eq!(post(&server, admin, "/api/events", &event(id)).expect(200)["accepted"], 1);
    }
    post(&server, admin, "/api/events", &event(4)).refuses(507, "", "quota");
    // Profiles are not events, and another tenant's quota is its own.
    load(&server, admin, "{\"id\": 2}\n");
    let other = house.key("acme admin");
    load(&server, other, "{\"id\": 1}\n");
    (1..=4).for_each(|id| drop(post(&server, other, "/api/events", &event(id)).expect(200)));
    let body = json!({"events": 4});
    ask(&server, house.key("other operator"), Method::PATCH, "/api/tenants/shop", Some(&body)).expect(200);
    post(&server, admin, "/api/events", &event(4)).expect(200);
    post(&server, admin, "/api/events", &event(5)).refuses(507, "", "quota");
}

#[test]
fn the_audit_says_who_changed_what() {
    let house = House::new();
    let mut server = house.start();
    let (admin, marketer) = (house.key("acme admin"), house.key("acme marketer"));
    fill(&server, admin);
    post(&server, marketer, "/api/segments", &json!({"name": "more", "text": "visits > 1"})).expect(201);
    get(&server, admin, "/api/profiles").expect(200);
    ask(&server, marketer, Method::DELETE, "/api/profiles/3", None).refuses(403, "", "missing_right");
    ask(&server, admin, Method::DELETE, "/api/profiles/3", None).expect(200);
    let audit = get(&server, admin, "/api/audit").expect(200);
    let items = audit["items"].as_array().expect("items");
    let of = |method: &str, route: &str, status: u16| {
        let found = items.iter().find(|item| {
            item["method"] == method && item["route"] == route && item["status"] == status && item["role"] != Json::Null
        });
        found.unwrap_or_else(|| panic!("{method} {route}: {audit}"))
    };
    let made = items.iter().rfind(|item| item["route"] == "/api/segments").expect("an entry");
    assert_eq!(
        (&made["role"], &made["address"], &made["status"]),
        (&json!("marketer"), &json!("127.0.0.1"), &json!(201))
    );
    assert_eq!(made["key"], marketer.split('_').nth(1).expect("a prefix"));
    assert_eq!(made["version_before"].as_u64().map(|before| before + 1), made["version_after"].as_u64());
    let edited = of("PATCH", "/api/segments/{id}", 200);
    let versions = [&edited["item_version_before"], &edited["item_version_after"]].map(Json::as_u64);
    assert_eq!(versions, [Some(1), Some(2)], "what it was is kept with the segment");
    get(&server, admin, "/api/segments/1/versions/1").expect(200);
    assert_eq!(of("DELETE", "/api/profiles/{id}", 403)["role"], "marketer");
    assert_eq!(of("DELETE", "/api/profiles/{id}", 200)["target"], "/api/profiles/{id}", "it names no person");
    assert!(!items.iter().any(|item| item["method"] == "GET"), "{audit}");
    for key in house.keys.values() {
        assert!(!audit.to_string().contains(&key[16..]), "the audit has a secret");
    }
    // Page by page, as lines, and after a restart.
    let first = get(&server, admin, "/api/audit?limit=2").expect(200);
    let cursor = first["next_cursor"].as_str().expect("a cursor");
    let second = get(&server, admin, &format!("/api/audit?limit=2&cursor={cursor}")).expect(200);
    assert_eq!([&first["items"][0], &first["items"][1], &second["items"][0]], [&items[0], &items[1], &items[2]]);
    server.terminate();
    assert_eq!(server.wait(), Some(0));
    let server = house.start();
    let authorization = format!("Bearer {admin}");
    let headers = [("authorization", authorization.as_str()), ("accept", "application/x-ndjson")];
    let lines = server.send_as(Method::GET, "/api/audit", "", "", &headers);
    assert_eq!((lines.status, lines.content_type.as_str()), (200, "application/x-ndjson"));
    let lines: Vec<Json> = lines.text.lines().map(|line| serde_json::from_str(line).expect("JSON")).collect();
    assert_eq!(&lines, items);
    let since = items[3]["at"].as_str().expect("an instant");
    assert_eq!(get(&server, admin, &format!("/api/audit?since={since}")).expect(200)["items"][0], items[3]);
}

#[test]
fn each_tenant_deals_its_people_anew() {
    let house = House::new();
    let mut server = house.start();
    let keys = ["acme admin", "other admin"].map(|key| house.key(key));
    let people: String = (1..=1_000).map(|id| format!("{{\"id\": {id}}}\n")).collect();
    let half = json!({"name": "half", "holdout": {"percent": 50, "salt": "s"}});
    for key in keys {
        load(&server, key, &people);
        post(&server, key, "/api/audiences", &half).expect(201);
    }
    let members = |server: &Server| {
        keys.map(|key| get(server, key, "/api/audiences/1/members?limit=1000").expect(200)["items"].clone())
    };
    let before = members(&server);
    assert_ne!(before[0], before[1], "the same salt means other people in another tenant");
    server.terminate();
    assert_eq!(server.wait(), Some(0));
    assert_eq!(members(&house.start()), before);
}

#[test]
fn whoever_leaves_while_a_tenant_is_opened_leaves_it_to_the_next() {
    let house = House::new();
    let server = house.start();
    let operator = house.key("other operator");
    for number in 0..8 {
        let id = format!("fresh-{number}");
        post(&server, operator, "/api/tenants", &json!({"id": id})).expect(201);
        let made = post(&server, operator, "/api/keys", &json!({"role": "admin", "tenant": id})).expect(201);
        let key = made["key"].as_str().expect("a key");
        let mut hasty = TcpStream::connect(server.address().trim_start_matches("http://")).expect("a connection");
        let request = format!("GET /api/schema HTTP/1.1\r\nhost: muster\r\nauthorization: Bearer {key}\r\n\r\n");
        hasty.write_all(request.as_bytes()).expect("sent");
        // The connection is read and given up while the tenant's files are made.
        std::thread::sleep(Duration::from_micros(400 * number));
        drop(hasty);
        get(&server, key, "/api/schema").expect(200);
    }
}
