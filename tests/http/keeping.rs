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
        // The same kind of change with another body.
        segment("b", "s").refuses(409, "", "idempotency_key_reused");
        let other = "{\"id\": 1, \"visits\": 6}\n";
        let path = "/api/profiles/import?id_field=id&schema=infer";
        let key = [("idempotency-key", "i")];
        let import_as =
            |path: &str, rows: &str| server.send_as(Method::POST, path, "application/x-ndjson", rows.to_owned(), &key);
        import_as(path, other).refuses(409, "", "idempotency_key_reused");
        import_as(&format!("{path}&mode=merge"), rows).refuses(409, "", "idempotency_key_reused");
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

#[test]
fn a_damaged_checkpoint_is_refused_or_said_and_nothing_is_answered_from_it() {
    let (_folder, data) = folder();
    let server = Server::start_with(&["--data", &data]);
    let rows: String =
        (0..500).map(|id| format!("{{\"id\": {id}, \"visits\": {id}, \"city\": \"c{id}\"}}\n")).collect();
    server.load(&rows);
    server.post("/api/segments", &json!({"name": "all", "text": "visits >= 0"})).expect(201);
    server.post("/api/checkpoint", &json!({})).expect(200);
    drop(server);
    let files = std::fs::read_dir(&data).expect("a directory").map(|file| file.expect("a file").path());
    let shard = files.into_iter().find(|path| path.extension().is_some_and(|kind| kind == "shard")).expect("a shard");
    let good = std::fs::read(&shard).expect("the shard");
    let preview = json!({"text": "visits >= 250", "sample": 3});
    let (mut refused, mut said) = (0, 0);
    // What the file says of itself, without which nothing of it can be read, and then its parts.
    for place in [9].into_iter().chain((1..12).map(|part| good.len() * part / 12)) {
        let mut bytes = good.clone();
        bytes[place] ^= 1;
        std::fs::write(&shard, bytes).expect("written");
        let found = muster(&["verify", "--data", &data]);
        assert!(found.status.code() == Some(1) && err(&found).contains(".shard at byte"), "{}", err(&found));
        let Some(server) = Server::started_with(&["--data", &data]) else {
            refused += 1;
            continue;
        };
        said += 1;
        // What is asked before it is noticed is right, or refused; all else waits until it is.
        let early = server.post("/api/segments/preview", &preview);
        assert!(early.status == 503 || early.expect(200)["count"] == 250, "{}", early.text);
        server.get("/api/segments/1").refuses(503, "", "damaged_data");
        server.patch("/api/profiles/1", &json!({"visits": 6})).refuses(503, "", "damaged_data");
        server.post("/api/segments/preview", &preview).refuses(503, "", "damaged_data");
        let health = server.get("/api/health").expect(200);
        assert!(health["ok"] == false && health["check"]["bytes"].as_u64() > Some(good.len() as u64), "{health}");
        assert!(health["damage"].as_str().is_some_and(|why| why.contains(".shard at byte")), "{health}");
    }
    assert!(refused > 0 && said > 3, "{refused} starts were refused, {said} servers said it");
    std::fs::write(&shard, good).expect("written");
    let server = Server::start_with(&["--data", &data]);
    assert_eq!(server.post("/api/segments/preview", &preview).expect(200)["count"], 250);
    assert_eq!(server.get("/api/segments/1").expect(200)["name"], "all");
    let health = server.get("/api/health").expect(200);
    assert!(health["ok"] == true && health["check"].is_null() && health["damage"].is_null(), "{health}");
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

/// What names the person who is erased.
const TRACES: [&str; 3] = ["ada-lovelace", "ada@example.test", "ada@former.test"];

/// The traces in the files of a data directory.
fn traces(data: &str) -> Vec<String> {
    let mut found = Vec::new();
    for entry in std::fs::read_dir(data).expect("a directory") {
        let path = entry.expect("an entry").path();
        // A file may be dropped just now.
        let bytes = std::fs::read(&path).unwrap_or_default();
        let has = |trace: &str| bytes.windows(trace.len()).any(|window| window == trace.as_bytes());
        found.extend(TRACES.iter().filter(|trace| has(trace)).map(|trace| format!("{trace} in {}", path.display())));
    }
    found
}

#[test]
fn a_receipt_says_until_when_and_a_checkpoint_makes_it_so() {
    let (_folder, data) = folder();
    let mut server = Server::start_with(&["--data", &data]);
    server.load(
        "{\"id\": \"b\", \"email\": \"b@example.test\"}\n{\"id\": \"ada-lovelace\", \"email\": \"ada@former.test\"}\n",
    );
    server.post("/api/checkpoint", &json!({})).expect(200);
    server.patch("/api/profiles/ada-lovelace", &json!({"email": "ada@example.test"})).expect(200);
    server.post("/api/segments", &json!({"name": "friends", "customers": ["ada-lovelace"]})).expect(201);
    server.send(Method::POST, "/api/lists?name=l", "text/csv", "id\nada-lovelace\n").expect(201);
    server.post("/api/audiences", &json!({"name": "a", "include_customers": ["ada-lovelace", "b"]})).expect(201);
    let page = server.get("/api/profiles?limit=1").expect(200);
    let erase = |server: &Server| {
        let key = [("idempotency-key", "erase ada-lovelace")];
        server.send_as(Method::DELETE, "/api/profiles/ada-lovelace", "", "", &key).expect(200)
    };
    let receipt = erase(&server);
    assert_eq!(
        receipt["cleared"],
        json!({"fields": 1, "segments": 1, "lists": 1, "audiences": 1, "snapshots": 0, "events": 0})
    );
    assert_eq!((&receipt["receipt"], &receipt["off_disk_at"]), (&json!(1), &Json::Null), "{receipt}");
    let instant = |value: &Json| {
        muster_engine::time::Timestamp::parse(value.as_str().expect("an instant")).expect("an instant").0
    };
    let promised = instant(&receipt["on_disk_until"]) - instant(&receipt["erased_at"]);
    assert_eq!(promised, 24 * 3_600 * 1_000_000, "{receipt}");
    assert_eq!(receipt["on_disk_in"], json!(["log", "checkpoint", "backups made before"]));
    let next = format!("/api/profiles?limit=1&cursor={}", page["next_cursor"].as_str().expect("a second page"));
    assert_eq!(server.get(&next).expect(200)["items"], json!([]), "pages go on without the erased");
    server.get("/api/profiles/ada-lovelace").refuses(404, "", "not_found");
    for _ in 0..2 {
        assert!(!traces(&data).is_empty(), "nothing was stored");
        let health = server.get("/api/health").expect(200);
        assert_eq!(health["erasures"]["pending"], 1, "{health}");
        assert_eq!(health["erasures"]["on_disk_until"], receipt["on_disk_until"], "after a restart too");
        drop(server);
        server = Server::start_with(&["--data", &data]);
    }
    let taken = server.post("/api/checkpoint", &json!({})).expect(200);
    assert!(taken["bytes_written"].as_u64() > Some(0) && taken["bytes"].as_u64() >= taken["bytes_written"].as_u64());
    for _ in 0..2 {
        assert_eq!(traces(&data), [""; 0]);
        let list = server.get("/api/erasures").expect(200);
        assert_eq!((&list["total"], &list["pending"]), (&json!(1), &json!(0)), "{list}");
        let item = &list["items"][0];
        assert_eq!((&item["receipt"], &item["erased_at"]), (&json!(1), &receipt["erased_at"]));
        assert!(item["off_disk_at"].is_string() && item["on_disk_until"].is_null(), "{item}");
        assert_eq!(server.get("/api/health").expect(200)["erasures"]["pending"], 0);
        let again = erase(&server);
        assert_eq!((&again["cleared"], &again["off_disk_at"]), (&receipt["cleared"], &item["off_disk_at"]));
        drop(server);
        server = Server::start_with(&["--data", &data]);
    }
}

#[test]
fn the_server_makes_old_erasures_good_by_itself() {
    use muster_engine::command::Command as Change;
    let (_folder, data) = folder();
    let server = Server::start_with(&["--data", &data]);
    server.load(
        "{\"id\": \"ada-lovelace\", \"email\": \"ada@example.test\"}\n{\"id\": 2, \"email\": \"c@example.test\"}\n",
    );
    drop(server);
    // As it was erased by a server that was stopped a day ago, before it came to it.
    let disk = muster_engine::store::Directory::open(Path::new(&data), "a test").expect("nobody has it");
    let sizes = muster_engine::store::LogSizes::default();
    let tenant =
        muster_engine::tenant::Tenant::open(std::sync::Arc::new(disk), sizes, &mut |_| {}).expect("it opens").0;
    let now = Some(muster_engine::time::Timestamp(1_500_000_000_000_000));
    tenant.apply(Change::EraseProfile { id: "ada-lovelace".into(), now }).expect("it is there");
    drop(tenant);
    assert!(!traces(&data).is_empty());
    let server = Server::start_with(&["--data", &data]);
    for _ in 0..200 {
        if server.get("/api/health").expect(200)["erasures"]["pending"] == 0 {
            break;
        }
        std::thread::sleep(Duration::from_millis(50));
    }
    let health = server.get("/api/health").expect(200);
    assert_eq!((&health["erasures"]["pending"], &health["ok"]), (&json!(0), &json!(true)), "{health}");
    assert_eq!(traces(&data), [""; 0]);
}

#[test]
fn a_checkpoint_is_taken_when_somebody_asks() {
    let (_folder, data) = folder();
    let server = Server::start_with(&["--data", &data]);
    server.load("{\"id\": 1, \"visits\": 5}\n");
    let first = server.post("/api/checkpoint", &json!({})).expect(200);
    assert!(first["lsn"].as_u64() > Some(0) && first["seconds"].is_number(), "{first}");
    let size = |name: &str| std::fs::metadata(Path::new(&data).join(name)).map(|file| file.len());
    let manifest = format!("{:020}.manifest", first["lsn"].as_u64().expect("a number"));
    assert!(size(&manifest).is_ok(), "{first}");
    let second = server.post("/api/checkpoint", &json!({})).expect(200);
    assert_eq!(
        (&second["lsn"], &second["bytes"], &second["bytes_written"]),
        (&first["lsn"], &first["bytes"], &json!(0))
    );
    let told = muster(&["checkpoint", "--data", &data]);
    assert!(told.status.code() == Some(1) && err(&told).contains("POST /api/checkpoint"), "{}", err(&told));
    // One at a time: of many at once each is answered in one of two ways.
    let answers: Vec<_> = std::thread::scope(|scope| {
        let ask = |round: usize| {
            let server = &server;
            scope.spawn(move || {
                server.patch("/api/profiles/1", &json!({"visits": round})).expect(200);
                server.post("/api/checkpoint", &json!({}))
            })
        };
        let asked: Vec<_> = (0..8).map(ask).collect();
        asked.into_iter().map(|thread| thread.join().expect("no panic")).collect()
    });
    for answer in answers.iter().filter(|answer| answer.status != 200) {
        answer.refuses(503, "", "under_way");
    }
    assert!(answers.iter().any(|answer| answer.status == 200));
}
