//! Backups of a server that is written to, what they bring back, and what is refused.

use std::path::{Path, PathBuf};
use std::process::{Command, Output};
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::time::Duration;

use harness::server::{Server, binary};
use reqwest::Method;
use serde_json::{Value as Json, json};
use tempfile::TempDir;

/// Clients that write while backups are made.
const WRITERS: usize = 3;

/// A folder, a data directory and a place for backups in it.
fn folder() -> (TempDir, String, String) {
    let folder = tempfile::tempdir().expect("a directory");
    let path = |name: &str| folder.path().join(name).to_str().expect("UTF-8").to_owned();
    let (data, backups) = (path("data"), path("backups"));
    (folder, data, backups)
}

fn muster(arguments: &[&str]) -> Output {
    Command::new(binary()).args(arguments).output().expect("the binary can be started")
}

fn err(output: &Output) -> String {
    String::from_utf8_lossy(&output.stderr).into_owned()
}

fn json_of(output: &Output) -> Json {
    assert_eq!(output.status.code(), Some(0), "{}", err(output));
    serde_json::from_slice(&output.stdout).expect("JSON")
}

fn entries(directory: &str) -> Vec<PathBuf> {
    let entries = std::fs::read_dir(directory).expect("a directory");
    let mut paths: Vec<PathBuf> = entries.map(|entry| entry.expect("an entry").path()).collect();
    paths.sort();
    paths
}

fn load(server: &Server, id: &str) -> Option<u16> {
    let body = format!("{{\"id\": \"{id}\", \"visits\": 1}}\n");
    server.try_send(Method::POST, "/api/profiles/import?id_field=id", "application/x-ndjson", body)
}

/// Some profiles, some of them in a checkpoint.
fn filled(data: &str, backups: &str) -> Server {
    let server = Server::start_with(&["--data", data, "--backup-dir", backups]);
    let rows: String = (0..3_000).map(|id| format!("{{\"id\": {id}, \"visits\": {}}}\n", id % 10)).collect();
    server.load(&rows);
    server.post("/api/segments", &json!({"name": "regulars", "text": "visits >= 5"})).expect(201);
    server.post("/api/checkpoint", &json!({})).expect(200);
    server.patch("/api/profiles/7", &json!({"visits": 99})).expect(200);
    server
}

#[test]
fn a_backup_holds_all_that_was_acknowledged_before_it_and_nothing_else() {
    let (folder, data, backups) = folder();
    let server = filled(&data, &backups);
    let acknowledged: Vec<AtomicU64> = (0..WRITERS).map(|_| AtomicU64::new(0)).collect();
    let (sent, is_over): (Vec<AtomicU64>, _) =
        ((0..WRITERS).map(|_| AtomicU64::new(0)).collect(), AtomicBool::new(false));
    let read = |counts: &[AtomicU64]| counts.iter().map(|count| count.load(Ordering::SeqCst)).collect::<Vec<_>>();
    std::thread::scope(|scope| {
        for writer in 0..WRITERS {
            let (server, acknowledged, sent, is_over) = (&server, &acknowledged, &sent, &is_over);
            scope.spawn(move || {
                while !is_over.load(Ordering::SeqCst) {
                    let number = sent[writer].fetch_add(1, Ordering::SeqCst);
                    assert_eq!(load(server, &format!("w{writer}-{number}")), Some(200));
                    acknowledged[writer].store(number + 1, Ordering::SeqCst);
                }
            });
        }
        let mut last = Json::Null;
        for round in 0..4 {
            std::thread::sleep(Duration::from_millis(60));
            let before = read(&acknowledged);
            let made = server.post("/api/backup", &json!({})).expect(200);
            let after = read(&sent);
            // Meanwhile a checkpoint may replace the files of the next one.
            if round == 1 {
                server.post("/api/checkpoint", &json!({})).expect(200);
            }
            let target = folder.path().join(format!("restored {round}"));
            let target = target.to_str().expect("UTF-8");
            let restored = muster(&["restore", "--from", &backups, "--data", target, "--json"]);
            assert_eq!(json_of(&restored)["profiles"], made["profiles"]);
            let copy = Server::start_with(&["--data", target]);
            assert_eq!(copy.version(), made["data_version"].as_u64().expect("a version"));
            assert_eq!((copy.count("visits = 99"), copy.count("in segment \"regulars\"")), (1, 1_500));
            let mut found = vec![0; WRITERS];
            for member in copy.pages("/api/profiles", 10_000) {
                let id = member["id"].to_string().replace('"', "");
                let Some((writer, number)) = id.strip_prefix('w').and_then(|id| id.split_once('-')) else { continue };
                let (writer, number): (usize, u64) = (writer.parse().expect("0"), number.parse().expect("0"));
                assert!(number < after[writer], "round {round}: {id} was not sent before the backup was done");
                found[writer] += 1;
            }
            assert!(found.iter().zip(&before).all(|(found, before)| found >= before), "{found:?} of {before:?}");
            last = made;
        }
        is_over.store(true, Ordering::SeqCst);
        assert!(
            last["bytes_copied"].as_u64() < last["bytes"].as_u64(),
            "files of checkpoints get a second name: {last}"
        );
    });
    assert!(read(&acknowledged).iter().all(|count| *count > 5), "{acknowledged:?}");
    assert_eq!(entries(&backups).len(), 5, "four backups and the lock: {:?}", entries(&backups));
    let again = [(); 2].map(|()| server.post("/api/backup", &json!({})).expect(200));
    assert_eq!((&again[1]["directory"], &again[1]["bytes_copied"]), (&again[0]["directory"], &json!(0)));
    let told = muster(&["backup", "--data", &data, "--to", &backups]);
    assert!(told.status.code() == Some(1) && err(&told).contains("POST /api/backup"), "{}", err(&told));
    drop(server);

    // Without a server the command line makes them.
    let made = json_of(&muster(&["backup", "--data", &data, "--to", &backups, "--json"]));
    assert_eq!(made["directory"], again[0]["directory"], "nothing has changed since");
    let other = folder.path().join("other place");
    let made = json_of(&muster(&["backup", "--data", &data, "--to", other.to_str().expect("UTF-8"), "--json"]));
    assert_eq!(made["profiles"], again[0]["profiles"]);
    let told = muster(&["backup", "--data", &data, "--to", &data]);
    assert!(told.status.code() == Some(1) && err(&told).contains("in use by muster backup"), "{}", err(&told));
}

#[test]
fn snapshots_since_the_last_checkpoint_come_back() {
    let (folder, data, backups) = folder();
    let server = filled(&data, &backups);
    let definition = json!({"name": "regulars", "include_segments": ["regulars"]});
    server.post("/api/audiences", &definition).expect(201);
    server.post("/api/audiences/1/snapshots", &json!({})).expect(201);
    server.post("/api/checkpoint", &json!({})).expect(200);
    server.patch("/api/profiles/5", &json!({"visits": 0})).expect(200);
    server.post("/api/audiences/1/snapshots", &json!({})).expect(201);
    server.post("/api/backup", &json!({})).expect(200);
    let told = |server: &Server, id: u64| {
        let snapshot = server.get(&format!("/api/snapshots/{id}")).expect(200);
        (snapshot["digest"].clone(), server.pages(&format!("/api/snapshots/{id}/members"), 1_000))
    };
    let before = [told(&server, 1), told(&server, 2)];
    assert_eq!(before.each_ref().map(|(_, members)| members.len()), [1_500, 1_499]);
    let target = folder.path().join("restored");
    let target = target.to_str().expect("UTF-8");
    json_of(&muster(&["restore", "--from", &backups, "--data", target, "--json"]));
    let copy = Server::start_with(&["--data", target]);
    assert_eq!([told(&copy, 1), told(&copy, 2)], before);
}

#[test]
fn a_damaged_backup_is_refused_with_the_file_named() {
    let (folder, data, backups) = folder();
    drop(filled(&data, &backups));
    let made = json_of(&muster(&["backup", "--data", &data, "--to", &backups, "--json"]));
    let backup = made["directory"].as_str().expect("a directory");
    let target = folder.path().join("restored");
    let target = target.to_str().expect("UTF-8");
    let mut tried = 0;
    // The feed's log lies in a folder of its own.
    let files = |path: PathBuf| if path.is_dir() { entries(path.to_str().expect("UTF-8")) } else { vec![path] };
    for path in entries(backup).into_iter().flat_map(files) {
        let name = path.file_name().and_then(|name| name.to_str()).expect("UTF-8").to_owned();
        let whole = std::fs::read(&path).expect("a file");
        // The last byte of the log that counts is beyond its records, and all the same it is one of those copied.
        for (at, cut) in [(0, false), (whole.len() / 2, false), (whole.len() - 1, false), (0, true)] {
            let mut bytes = whole.clone();
            if cut {
                bytes.truncate(whole.len() - 2);
            } else {
                bytes[at] ^= 1;
            }
            // Not through another name of the same file.
            std::fs::remove_file(&path).expect("removed");
            std::fs::write(&path, &bytes).expect("written");
            let told = muster(&["restore", "--from", backup, "--data", target]);
            assert_eq!(told.status.code(), Some(1), "{name} at {at}: {}", err(&told));
            assert!(err(&told).contains(&name), "{name} at {at}: {}", err(&told));
            assert!(!Path::new(target).exists(), "{name} at {at} left something");
            tried += 1;
        }
        std::fs::remove_file(&path).expect("removed");
        let told = muster(&["restore", "--from", backup, "--data", target]);
        let is_list = name == "backup";
        assert_eq!(told.status.code(), Some(if is_list { 2 } else { 1 }), "{}", err(&told));
        assert!(err(&told).contains(if is_list { "no whole backup" } else { &name }), "{}", err(&told));
        std::fs::write(&path, &whole).expect("written");
    }
    assert!(tried >= 6 * 4, "{tried}");
    assert_eq!(entries(folder.path().to_str().expect("UTF-8")).len(), 2, "nothing half restored is left");
    json_of(&muster(&["restore", "--from", backup, "--data", target, "--json"]));
    let told = muster(&["restore", "--from", backup, "--data", target]);
    assert!(told.status.code() == Some(2) && err(&told).contains("not empty"), "{}", err(&told));
    let told = muster(&["verify", "--data", target]);
    assert_eq!(told.status.code(), Some(0), "{}", err(&told));
}

#[test]
fn a_backup_that_is_killed_is_none() {
    let (folder, data, backups) = folder();
    let server = filled(&data, &backups);
    let first = server.post("/api/backup", &json!({})).expect(200);
    // Enough to be copied for a while: a log, which gets no second name.
    let rows: String = (0..60_000).map(|id| format!("{{\"id\": \"x{id}\", \"visits\": {}}}\n", id % 10)).collect();
    server.load(&rows);
    drop(server);
    let mut killed = 0;
    for pause in [1, 3, 6, 10, 20, 40, 80] {
        let server = Server::start_with(&["--data", &data, "--backup-dir", &backups]);
        std::thread::scope(|scope| {
            let asked = scope.spawn(|| server.try_send(Method::POST, "/api/backup", "", String::new()));
            std::thread::sleep(Duration::from_millis(pause));
            server.kill();
            killed += usize::from(asked.join().expect("no panic").is_none());
        });
        let target = folder.path().join(format!("restored {pause}"));
        let restored = muster(&["restore", "--from", &backups, "--data", target.to_str().expect("UTF-8"), "--json"]);
        let profiles = json_of(&restored)["profiles"].as_u64().expect("a number");
        assert!(profiles == 3_000 || profiles == 63_000, "{profiles}");
        // As if the kill had come just before the last name was given.
        std::fs::create_dir_all(Path::new(&backups).join("backup-00000000000000000099.unfinished")).expect("made");
    }
    assert!(killed > 0, "every backup was done before its server was killed");
    let server = Server::start_with(&["--data", &data, "--backup-dir", &backups]);
    let last = server.post("/api/backup", &json!({})).expect(200);
    assert_eq!((&first["profiles"], &last["profiles"]), (&json!(3_000), &json!(63_000)));
    let left = entries(&backups);
    assert!(left.iter().all(|path| !path.to_string_lossy().contains("unfinished")), "{left:?}");
}

#[test]
fn a_server_without_a_place_for_backups_says_so() {
    let (_folder, data, _) = folder();
    let server = Server::start_with(&["--data", &data]);
    server.post("/api/backup", &json!({})).refuses(409, "", "no_backup_directory");
    drop(server);
    let server = Server::start();
    server.post("/api/backup", &json!({})).refuses(409, "", "no_backup_directory");
    server.post("/api/checkpoint", &json!({})).refuses(409, "", "not_kept");
    let told = muster(&["serve", "--listen", "127.0.0.1:0", "--backup-dir", "somewhere"]);
    assert!(told.status.code() == Some(2) && err(&told).contains("--data"), "{}", err(&told));
    let told = muster(&["backup", "--data", "nowhere", "--to", "elsewhere"]);
    assert!(told.status.code() == Some(2) && err(&told).contains("nowhere"), "{}", err(&told));
}
