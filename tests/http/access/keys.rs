//! Keys from the first to the last: made, shown once, replaced, revoked, bounded; and a server without any.

use std::io::Read;
use std::net::TcpStream;
use std::time::Duration;

use harness::server::{Answer, Server};
use reqwest::Method;
use serde_json::{Value as Json, json};

use super::evictions::reader;
use super::house::{House, PEOPLE, ask, get, load, muster, post, succeed};

#[test]
fn keys_are_made_shown_once_rotated_and_revoked() {
    let house = House::new();
    let mut server = house.start();
    let (admin, operator) = (house.key("acme admin"), house.key("acme operator"));
    let made = post(&server, admin, "/api/keys", &json!({"role": "viewer", "name": "dashboard"})).expect(201);
    let (key, prefix) =
        (made["key"].as_str().expect("a key").to_owned(), made["prefix"].as_str().expect("a prefix").to_owned());
    get(&server, &key, "/api/segments").expect(200);
    let listed = get(&server, admin, "/api/keys").expect(200);
    let of = |listed: &Json, prefix: &str| {
        let items = listed["items"].as_array().expect("items").clone();
        items.into_iter().find(|item| item["prefix"] == prefix).expect("the key")
    };
    assert_eq!(
        (&of(&listed, &prefix)["name"], &of(&listed, &prefix)["is_active"]),
        (&json!("dashboard"), &json!(true))
    );
    assert!(!listed.to_string().contains(&key[16..]), "a list shows no secret");
    assert!(listed["items"].as_array().expect("items").iter().all(|item| item["tenant"] == "acme"));
    assert!(get(&server, operator, "/api/keys").expect(200)["items"].as_array().expect("items").len() > 10);
    // Nobody gives away what they do not have.
    post(&server, admin, "/api/keys", &json!({"role": "operator"})).refuses(403, "", "missing_right");
    post(&server, admin, "/api/keys", &json!({"role": "viewer", "tenant": "other"})).refuses(404, "", "not_found");
    post(&server, operator, "/api/keys", &json!({"role": "viewer", "tenant": "other"})).expect(201);
    post(&server, admin, "/api/keys", &json!({"role": "king"})).refuses(422, "/role", "unknown_value");
    // The old one is good beside the new one for as long as was asked for.
    let rotated =
        post(&server, admin, &format!("/api/keys/{prefix}/rotate"), &json!({"overlap_seconds": 600})).expect(201);
    let new = rotated["key"].as_str().expect("a key");
    assert_eq!(rotated["replaces"], prefix);
    for key in [&key, new] {
        get(&server, key, "/api/segments").expect(200);
    }
    let last = post(&server, admin, &format!("/api/keys/{prefix}/rotate"), &json!({"overlap_seconds": 0})).expect(201);
    get(&server, &key, "/api/segments").refuses(401, "", "unknown_key");
    assert_eq!(
        ask(&server, admin, Method::DELETE, &format!("/api/keys/{}", last["prefix"].as_str().expect("a prefix")), None)
            .status,
        204
    );
    get(&server, last["key"].as_str().expect("a key"), "/api/segments").refuses(401, "", "unknown_key");
    // One bit of a secret, and the prefix of another key.
    let other = format!("mk_{}_{}", new.split('_').nth(1).expect("a prefix"), &key[16..]);
    get(&server, &other, "/api/segments").refuses(401, "", "unknown_key");
    let refused = server.get("/api/segments");
    assert_eq!(refused.status, 401);
    // Last used, to the minute; after a restart too.
    get(&server, admin, "/api/audit?limit=1").expect(200);
    server.terminate();
    assert_eq!(server.wait(), Some(0));
    let log = server.log();
    for key in house.keys.values().map(String::as_str).chain([key.as_str(), new]) {
        assert!(!log.contains(&key[16..]), "the log has a secret");
    }
    let server = house.start();
    get(&server, new, "/api/segments").expect(200);
    get(&server, &key, "/api/segments").refuses(401, "", "unknown_key");
    assert!(of(&get(&server, admin, "/api/keys").expect(200), &prefix)["last_used_at"].is_string());
    // The command line ends a key beside the server.
    succeed(&["key", "revoke", "--data", &house.data, rotated["prefix"].as_str().expect("a prefix")]);
    std::thread::sleep(Duration::from_millis(1_200));
    get(&server, new, "/api/segments").refuses(401, "", "unknown_key");
}

#[test]
fn nobody_ends_a_key_that_may_more_than_they_do() {
    let house = House::new();
    let server = house.start();
    let (admin, operator) = (house.key("acme admin"), house.key("acme operator"));
    let path = |key: &str| format!("/api/keys/{}", key.split('_').nth(1).expect("a prefix"));
    let end = |by: &str, key: &str| ask(&server, by, Method::DELETE, &path(key), None);
    end(admin, operator).refuses(403, "", "missing_right");
    let rotate = format!("{}/rotate", path(operator));
    post(&server, admin, &rotate, &json!({"overlap_seconds": 0})).refuses(403, "", "missing_right");
    get(&server, operator, "/api/keys").expect(200);
    assert_eq!((end(admin, house.key("acme viewer")).status, end(operator, admin).status), (204, 204));
    get(&server, admin, "/api/me").refuses(401, "", "unknown_key");
    let forged = json!({"role": "viewer", "name": "dashboard\n\u{1b}[2Jmk_0011 operator"});
    post(&server, house.key("other admin"), "/api/keys", &forged).refuses(422, "/name", "bad_name");
}

#[test]
fn a_stream_ends_with_the_key_that_it_was_asked_with() {
    let house = House::new();
    let server = house.start();
    let admin = house.key("acme admin");
    load(&server, admin, PEOPLE);
    post(&server, admin, "/api/segments", &json!({"name": "all", "text": "id exists"})).expect(201);
    let path = "/api/segments/all/changes/stream";
    let [mut stays, mut ends] = ["acme marketer", "acme analyst"].map(|name| reader(&server, house.key(name), path));
    let prefix = house.key("acme analyst").split('_').nth(1).expect("a prefix");
    assert_eq!(ask(&server, admin, Method::DELETE, &format!("/api/keys/{prefix}"), None).status, 204);
    load(&server, admin, "{\"id\": \"newcomer\"}\n");
    assert!(heard(&mut stays).contains("newcomer"));
    let told = heard(&mut ends);
    assert!(told.contains("event: end") && !told.contains("newcomer"), "{told}");
}

/// What a stream says up to the end of its first event.
fn heard(stream: &mut TcpStream) -> String {
    stream.set_read_timeout(Some(Duration::from_secs(60))).expect("a socket");
    let (mut told, mut more) = (String::new(), [0; 1_024]);
    while !told.contains("}\n\n") {
        let length = stream.read(&mut more).expect("it goes on");
        assert!(length > 0, "it has ended: {told}");
        told += std::str::from_utf8(&more[..length]).expect("UTF-8");
    }
    told
}

#[test]
fn whoever_asks_too_often_is_told_when_to_come_again() {
    let mut house = House::new();
    house.add_key("slow", "acme", "viewer", &["--requests-per-second", "3"]);
    let server = house.start();
    let answers: Vec<Answer> = (0..12).map(|_| get(&server, house.key("slow"), "/api/segments")).collect();
    assert!(answers[..3].iter().all(|answer| answer.status == 200));
    let refused: Vec<&Answer> = answers.iter().filter(|answer| answer.status == 429).collect();
    assert!(!refused.is_empty());
    refused.iter().for_each(|answer| drop(answer.refuses(429, "", "too_often")));
    get(&server, house.key("acme viewer"), "/api/segments").expect(200);
    std::thread::sleep(Duration::from_millis(400));
    get(&server, house.key("slow"), "/api/segments").expect(200);
}

#[test]
fn without_keys_the_server_is_open_and_stays_on_loopback() {
    let folder = tempfile::tempdir().expect("a directory");
    let data = folder.path().join("data").to_str().expect("UTF-8").to_owned();
    let outside = ["serve", "--listen", "0.0.0.0:0", "--data", &data];
    assert_eq!(muster(&outside).status.code(), Some(2));
    let server = Server::start_with(&["--data", &data]);
    server.load(PEOPLE);
    assert_eq!(server.get("/api/keys").expect(200)["items"], json!([]));
    // From the first key on, one is needed.
    let made = server.post("/api/keys", &json!({"role": "admin"})).expect(201);
    server.get("/api/profiles").refuses(401, "", "missing_key");
    assert_eq!(get(&server, made["key"].as_str().expect("a key"), "/api/profiles").expect(200)["total"], 3);
}

#[test]
fn everybody_is_told_what_they_may() {
    let house = House::new();
    let server = house.start();
    let rights = |name: &str| get(&server, house.key(name), "/api/me").expect(200)["rights"].clone();
    assert_eq!(rights("acme viewer"), json!(["count"]));
    assert_eq!(rights("acme marketer"), json!(["count", "read_people", "see_personal", "write"]));
    assert_eq!(rights("acme operator"), json!(["oversee", "operate"]));
    let me = get(&server, house.key("acme admin"), "/api/me").expect(200);
    assert_eq!((&me["tenant"], &me["role"]), (&json!("acme"), &json!("admin")));
    assert!(house.key("acme admin").contains(me["key"].as_str().expect("a prefix")), "{me}");
    let open = Server::start().get("/api/me").expect(200);
    assert_eq!((&open["role"], &open["rights"][6]), (&json!(null), &json!("operate")));
}
