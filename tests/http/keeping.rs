//! A server that keeps what it was told: after restarts, after kills at any moment, and when its files are damaged.

use std::collections::BTreeMap;
use std::path::Path;
use std::process::{Command, Output};
use std::sync::Mutex;
use std::time::Duration;

use harness::rng::Rng;
use harness::server::{Server, binary};
use reqwest::Method;
use serde_json::{Value as Json, json};
use tempfile::TempDir;

/// Kills of the ordinary run; more with MUSTER_KILLS.
const KILLS: usize = 6;

/// Clients that write until the server is killed.
const WRITERS: usize = 6;

fn folder() -> (TempDir, String) {
    let folder = tempfile::tempdir().expect("a directory");
    let data = folder.path().join("data").to_str().expect("UTF-8").to_owned();
    (folder, data)
}

fn muster(arguments: &[&str]) -> Output {
    Command::new(binary()).args(arguments).output().expect("the binary can be started")
}

fn err(output: &Output) -> String {
    String::from_utf8_lossy(&output.stderr).into_owned()
}

#[test]
fn everything_is_there_after_a_restart() {
    let (_folder, data) = folder();
    let mut server = Server::start_with(&["--data", &data]);
    assert_eq!(server.get("/api/health").expect(200)["durability"], "log");
    server.load("{\"id\": 1, \"visits\": 5}\n{\"id\": \"b\", \"visits\": 7}\n");
    server.patch("/api/profiles/1", &json!({"visits": 6})).expect(200);
    server.post("/api/segments", &json!({"name": "regulars", "text": "visits >= 6"})).expect(201);
    server.send(Method::POST, "/api/lists?name=l&durability=buffered", "text/csv", "id\n1\n9\n").expect(201);
    server
        .post("/api/audiences", &json!({"name": "all", "include_segments": ["regulars"], "exclude_lists": [1]}))
        .expect(201);
    let seen = |server: &Server| {
        let paths = ["/api/profiles", "/api/segments", "/api/audiences", "/api/lists", "/api/schema"];
        paths.map(|path| {
            let mut answer = server.get(&format!("{path}?now=2018-01-01T00:00:00Z")).expect(200);
            for item in answer["items"].as_array_mut().into_iter().flatten() {
                item["took_us"] = Json::Null;
            }
            answer
        })
    };
    let before = seen(&server);
    assert!(before[0]["total"] == 2 && before[2]["items"][0]["count"] == 1, "{before:?}");

    // One directory belongs to one process, and whoever comes second hears who has it.
    let second = muster(&["serve", "--listen", "127.0.0.1:0", "--data", &data]);
    assert_eq!(second.status.code(), Some(1));
    assert!(err(&second).contains("in use by muster serve, process"), "{}", err(&second));

    for end in ["kill", "stop"] {
        if end == "kill" {
            drop(server);
        } else {
            server.terminate();
            assert_eq!(server.wait(), Some(0));
            for wanted in ["the checkpoint holds all changes", "nothing has changed since the last checkpoint"] {
                let told = muster(&["checkpoint", "--data", &data]);
                let said = String::from_utf8_lossy(&told.stdout).into_owned();
                assert!(told.status.code() == Some(0) && said.starts_with(wanted), "{said} {}", err(&told));
            }
        }
        let told = muster(&["verify", "--data", &data]);
        assert_eq!(told.status.code(), Some(0), "{}", err(&told));
        server = Server::start_with(&["--data", &data]);
        assert_eq!(seen(&server), before, "after a {end}");
    }
}

#[test]
fn a_request_that_is_sent_again_is_done_once() {
    let (_folder, data) = folder();
    let mut server = Server::start_with(&["--data", &data]);
    let rows = "{\"id\": 1, \"visits\": 5}\n";
    for _ in 0..2 {
        let import = |key: &str| {
            let path = "/api/profiles/import?id_field=id&schema=infer";
            server.send_as(Method::POST, path, "application/x-ndjson", rows.to_owned(), &[("idempotency-key", key)])
        };
        let segment = |name: &str, key: &str| {
            let body = json!({"name": name, "text": "visits >= 5"}).to_string();
            server.send_as(Method::POST, "/api/segments", "application/json", body, &[("idempotency-key", key)])
        };
        assert_eq!(import("i").expect(200)["inserted"], 1);
        assert_eq!(segment("a", "s").expect(201)["id"], 1);
        segment("a", "another").refuses(409, "/name", "name_taken");
        segment("b", "i").refuses(409, "", "idempotency_key_reused");
        segment("b", &"k".repeat(201)).refuses(422, "", "bad_idempotency_key");
        let delete = server.send_as(Method::DELETE, "/api/segments/gone", "", "", &[("idempotency-key", "d")]);
        assert_eq!(delete.status, 404);
        assert_eq!(server.version(), 2);
        drop(server);
        server = Server::start_with(&["--data", &data]);
    }
    for _ in 0..2 {
        server.send_as(Method::DELETE, "/api/segments/a", "", "", &[("idempotency-key", "d")]).expect(204);
    }
    server.delete("/api/segments/a").refuses(404, "", "not_found");
}

#[test]
fn damage_is_named_and_cut_on_request() {
    let (_folder, data) = folder();
    let server = Server::start_with(&["--data", &data]);
    for id in 0..5 {
        server.load(&format!("{{\"id\": {id}, \"visits\": 5}}\n"));
    }
    drop(server);
    let log = Path::new(&data).join("00000000000000000001.log");
    let mut bytes = std::fs::read(&log).expect("the log");
    let third =
        bytes.windows(9).enumerate().filter(|(_, window)| window[..8] == 3u64.to_le_bytes()).map(|(at, _)| at).next();
    bytes[third.expect("record 3") + 16] ^= 1;
    std::fs::write(&log, bytes).expect("written");
    let refused =
        [muster(&["serve", "--listen", "127.0.0.1:0", "--data", &data]), muster(&["verify", "--data", &data])];
    for told in &refused {
        assert_eq!(told.status.code(), Some(1));
        let said = err(told);
        assert!(said.contains("00000000000000000001.log at byte") && said.contains("record 3"), "{said}");
        assert!(said.contains("muster repair --data DIR --to-last-good"), "{said}");
    }
    let told = muster(&["repair", "--data", &data]);
    assert!(told.status.code() == Some(2) && err(&told).contains("--to-last-good"), "{}", err(&told));
    for wanted in ["2 of them were readable", "there is no damage"] {
        let told = muster(&["repair", "--data", &data, "--to-last-good"]);
        let said = String::from_utf8_lossy(&told.stdout).into_owned();
        assert!(told.status.code() == Some(0) && said.contains(wanted), "{said} {}", err(&told));
    }
    let server = Server::start_with(&["--data", &data]);
    assert_eq!(server.get("/api/profiles").expect(200)["total"], 2);
    let told = muster(&["verify", "--data", "nowhere"]);
    assert!(told.status.code() == Some(2) && err(&told).contains("nowhere"), "{}", err(&told));
}

/// What one writer was told, and what it may have done beside.
#[derive(Debug, Default, Clone)]
struct Told {
    /// By path, the value that was acknowledged last; none for a profile that was erased.
    acknowledged: BTreeMap<String, Option<i64>>,
    /// The change under way when the server went, with its outcome.
    under_way: Option<(String, Option<i64>)>,
}

/// Writes profiles of its own until the server is gone.
fn write(server: &Server, writer: usize, round: usize, told: &Mutex<Told>) {
    let mut rng = Rng::new((round * 1_000 + writer) as u64);
    loop {
        let id = format!("w{writer}-{}", rng.below(12));
        let value = rng.below(1_000_000) as i64;
        let known = told.lock().expect("no panic").acknowledged.get(&id).copied().flatten().is_some();
        let (outcome, sent) = match rng.below(10) {
            0 if known => {
                told.lock().expect("no panic").under_way = Some((id.clone(), None));
                (None, server.try_send(Method::DELETE, &format!("/api/profiles/{id}"), "", String::new()))
            }
            1..=3 if known => {
                told.lock().expect("no panic").under_way = Some((id.clone(), Some(value)));
                let body = json!({"visits": value}).to_string();
                (Some(value), server.try_send(Method::PATCH, &format!("/api/profiles/{id}"), "application/json", body))
            }
            _ => {
                told.lock().expect("no panic").under_way = Some((id.clone(), Some(value)));
                let body = format!("{{\"id\": \"{id}\", \"visits\": {value}}}\n");
                (
                    Some(value),
                    server.try_send(Method::POST, "/api/profiles/import?id_field=id", "application/x-ndjson", body),
                )
            }
        };
        let Some(status) = sent else { return };
        assert_eq!(status, 200, "{id}");
        let mut told = told.lock().expect("no panic");
        told.acknowledged.insert(id, outcome);
        told.under_way = None;
    }
}

#[test]
fn a_server_that_is_killed_at_any_moment_loses_nothing_it_has_acknowledged() {
    let kills = std::env::var("MUSTER_KILLS").ok().and_then(|kills| kills.parse().ok()).unwrap_or(KILLS);
    let (_folder, data) = folder();
    let mut rng = Rng::new(1);
    let told: Vec<Mutex<Told>> = (0..WRITERS).map(|_| Mutex::default()).collect();
    let mut checked = 0;
    for round in 0..kills {
        let server = Server::start_with(&["--data", &data]);
        if round == 0 {
            server.put("/api/schema", &json!({"fields": [{"name": "visits", "type": "int"}]})).expect(200);
        }
        checked += compare(&server, &told);
        std::thread::scope(|scope| {
            for (writer, told) in told.iter().enumerate() {
                let server = &server;
                scope.spawn(move || write(server, writer, round, told));
            }
            std::thread::sleep(Duration::from_millis(20 + rng.below(280) as u64));
            server.kill();
        });
    }
    let verified = muster(&["verify", "--data", &data]);
    assert_eq!(verified.status.code(), Some(0), "{}", err(&verified));
    checked += compare(&Server::start_with(&["--data", &data]), &told);
    eprintln!("{kills} kills, {checked} acknowledged values compared");
    assert!(checked > kills * WRITERS, "{checked} values");
}

/// Compares what is there with what was acknowledged; says how many values.
fn compare(server: &Server, told: &[Mutex<Told>]) -> usize {
    let members = server.pages("/api/profiles", 1_000);
    let found: BTreeMap<&str, i64> = members
        .iter()
        .map(|member| (member["id"].as_str().expect("an id"), member["fields"]["visits"].as_i64().expect("visits")))
        .collect();
    let (mut compared, mut accounted) = (0, 0);
    for told in told {
        let mut told = told.lock().expect("no panic");
        // What was under way when the server went happened or did not; from now on it counts as what it turned out.
        if let Some((id, outcome)) = told.under_way.take()
            && found.get(id.as_str()).copied() == outcome
        {
            told.acknowledged.insert(id, outcome);
        }
        for (id, value) in &told.acknowledged {
            assert_eq!(found.get(id.as_str()), value.as_ref(), "{id}");
            compared += 1;
            accounted += usize::from(value.is_some());
        }
    }
    assert_eq!(accounted, found.len(), "profiles that nobody has sent");
    compared
}
