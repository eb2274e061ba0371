//! A server that runs out of something: room on the disk, memory, open files, the right to write. It says what, goes on
//! answering questions, loses nothing it has acknowledged, and takes changes again when there is enough.

use std::net::TcpStream;
use std::path::{Path, PathBuf};
use std::process::{Command, Output};
use std::time::Duration;

use harness::server::{Answer, Server, binary};
use reqwest::Method;
use serde_json::{Value as Json, json};
use tempfile::TempDir;

/// Bytes of the small disk: one segment of the log (64 MiB), and not two.
const DISK_BYTES: u64 = 96 << 20;

/// Bytes that a file may have where there is no small disk: a segment.
const FILE_BYTES: u64 = 64 << 20;

fn folder() -> (TempDir, PathBuf) {
    let folder = tempfile::tempdir().expect("a directory");
    let data = folder.path().join("data");
    std::fs::create_dir(&data).expect("a directory");
    (folder, data)
}

fn text(path: &Path) -> &str {
    path.to_str().expect("UTF-8")
}

/// A file system of its own in memory, gone with the value. Mounting takes root, directly or by `sudo`.
pub(super) struct Mounted {
    by: &'static [&'static str],
    at: PathBuf,
}

impl Mounted {
    pub(super) fn at(path: &Path, options: &str) -> Option<Self> {
        let ways: [&[&str]; 2] = [&[], &["sudo", "-n"]];
        ways.into_iter().map(|by| Self { by, at: path.to_owned() }).find(|mounted| {
            mounted.run(&["mount", "-t", "tmpfs", "-o", &format!("mode=777,{options}"), "tmpfs", text(path)])
        })
    }

    fn run(&self, command: &[&str]) -> bool {
        let words: Vec<&str> = self.by.iter().chain(command).copied().collect();
        let output = Command::new(words[0]).args(&words[1..]).output();
        output.is_ok_and(|output| output.status.success())
    }
}

impl Drop for Mounted {
    fn drop(&mut self) {
        // A server that still holds it has been killed; the mount goes with the last file.
        self.run(&["umount", "-l", text(&self.at)]);
    }
}

/// Rows of `bytes` bytes in all, each with a text of a kilobyte.
fn rows(first: usize, bytes: usize) -> String {
    (first..first + bytes / 1_024).map(|id| format!("{{\"id\": \"{id}\", \"note\": \"{id:0>1000}\"}}\n")).collect()
}

fn import(server: &Server, first: usize, bytes: usize) -> Answer {
    server.import("id_field=id&schema=infer", "application/x-ndjson", rows(first, bytes))
}

fn population(server: &Server) -> u64 {
    server.get("/api/profiles?limit=1").expect(200)["total"].as_u64().expect("a total")
}

/// Imports until one is refused; what it said. `acknowledged` grows by the rows of those that were not.
fn until_refused(server: &Server, bytes: usize, acknowledged: &mut usize) -> Answer {
    for _ in 0..200 {
        let answer = import(server, *acknowledged, bytes);
        if answer.status != 200 {
            return answer;
        }
        *acknowledged += bytes / 1_024;
    }
    panic!("it is never full")
}

pub(super) fn verified(data: &Path) {
    let told = Command::new(binary()).args(["verify", "--data", text(data)]).output().expect("it starts");
    assert_eq!(told.status.code(), Some(0), "{}", String::from_utf8_lossy(&told.stderr));
}

#[test]
fn a_full_disk_refuses_changes_until_there_is_room() {
    let (_folder, data) = folder();
    let disk = Mounted::at(&data, &format!("size={DISK_BYTES}"));
    let limits = if disk.is_some() {
        "true".to_owned()
    } else {
        eprintln!("no right to mount a small disk: a bound of each file's length stands in for it");
        // A kilobyte is the shell's unit. Whoever ignores the signal gets an error instead.
        format!("trap '' XFSZ && ulimit -S -f {}", FILE_BYTES / 512)
    };
    let (status, code) = if disk.is_some() { (507, "disk_full") } else { (503, "no_segment") };
    let mut server = Server::start_under(&limits, &["--data", text(&data)]);
    let mut acknowledged = 0;
    // Large ones, then such as fit into what is left of the segment, then a single change.
    for bytes in [8 << 20, 512 << 10, 16 << 10] {
        let refused = until_refused(&server, bytes, &mut acknowledged).refuses(status, "", code);
        let message = refused["message"].as_str().expect("words").to_owned();
        assert!(message.contains("was not stored"), "{message}");
    }
    let note = json!({"note": "x".repeat(4_000)});
    let change = |server: &Server| server.patch("/api/profiles/7", &note);
    for _ in 0..20 {
        if change(&server).status != 200 {
            break;
        }
    }
    change(&server).refuses(status, "", code);
    let health = server.get("/api/health").expect(200);
    assert!(health["ok"] == false && health["read_only"].is_null(), "{health}");
    assert!(health["storage_full"].as_str().is_some_and(|why| why.contains("was not stored")), "{health}");
    assert_eq!(population(&server), acknowledged as u64, "reading goes on");

    if let Some(disk) = &disk {
        let larger = format!("remount,size={}", 4 * DISK_BYTES);
        assert!(disk.run(&["mount", "-o", &larger, text(&data)]), "it can be made larger");
    } else {
        let raise = Command::new("prlimit").args(["--pid", &server.id().to_string(), "--fsize=unlimited"]).status();
        assert!(raise.expect("prlimit can be started").success());
    }
    change(&server).expect(200);
    assert_eq!(import(&server, acknowledged, 2 << 20).expect(200)["inserted"], 2_048);
    let health = server.get("/api/health").expect(200);
    assert!(health["ok"] == true && health["storage_full"].is_null(), "{health}");
    server.kill();
    server.wait();
    verified(&data);
    let server = Server::start_with(&["--data", text(&data)]);
    assert_eq!(population(&server), (acknowledged + 2_048) as u64);
    assert_eq!(server.get("/api/profiles/7").expect(200)["fields"]["note"], note["note"]);
}

#[test]
fn a_directory_that_cannot_be_written_is_refused_with_the_cure() {
    let (_folder, data) = folder();
    let mounted = Mounted::at(&data, "ro,size=1m");
    if mounted.is_none() {
        let mut rights = std::fs::metadata(&data).expect("a directory").permissions();
        rights.set_readonly(true);
        std::fs::set_permissions(&data, rights).expect("it is ours");
    }
    let Output { status, stderr, .. } = Command::new(binary())
        .args(["serve", "--listen", "127.0.0.1:0", "--data", text(&data)])
        .output()
        .expect("the binary can be started");
    let said = String::from_utf8_lossy(&stderr);
    assert_eq!(status.code(), Some(1), "{said}");
    assert!(
        said.contains(text(&data)) && said.contains("let this user write to it, or name another directory"),
        "{said}"
    );
}

/// Files that the server may open: its own, and a few connections.
const FILES: usize = 48;

#[test]
fn a_server_without_file_handles_says_so_and_survives() {
    let (_folder, data) = folder();
    let server = Server::start_under(&format!("ulimit -n {FILES}"), &["--data", text(&data)]);
    server.load("{\"id\": 1, \"visits\": 5}\n");
    let held: Vec<TcpStream> =
        (0..2 * FILES).map(|_| TcpStream::connect(server.address()).expect("the system takes it")).collect();
    let refusal = (0..100).find_map(|_| {
        std::thread::sleep(Duration::from_millis(50));
        // Over the connection that is open already.
        let answer = server.import("id_field=id", "application/x-ndjson", "{\"id\": 2, \"visits\": 6}\n");
        (answer.status != 200).then_some(answer)
    });
    let refused = refusal.expect("no files are left").refuses(503, "", "too_many_files");
    assert!(refused["message"].as_str().is_some_and(|message| message.contains("ulimit -n")), "{refused}");
    assert_eq!(server.count("visits >= 5"), population(&server));
    assert!(server.log().contains("a connection could not be accepted"), "{}", server.log());
    drop(held);
    let is_back = (0..200).any(|_| {
        std::thread::sleep(Duration::from_millis(50));
        server.import("id_field=id", "application/x-ndjson", "{\"id\": 3, \"visits\": 7}\n").status == 200
    });
    assert!(is_back, "{}", server.log());
    assert_eq!(server.count("visits >= 7"), 1);
    drop(server);
    verified(&data);
}

#[test]
fn what_does_not_fit_into_memory_is_refused_with_the_figures() {
    let server = Server::start_with(&["--memory", "6MiB"]);
    let memory = |server: &Server| server.get("/api/health").expect(200)["memory"].clone();
    assert_eq!(memory(&server), json!({"used_bytes": 0, "budget_bytes": 6 << 20, "mapped_bytes": 0}));
    let refused = import(&server, 0, 12 << 20).refuses(507, "", "memory_budget");
    let message = refused["message"].as_str().expect("words");
    for part in ["this import would take about ", "12288 rows", "of the budget of 6.0 MiB are in use", "--memory"] {
        assert!(message.contains(part), "{message}");
    }
    assert_eq!(population(&server), 0, "nothing has changed");
    import(&server, 0, 2 << 20).expect(200);
    let used = memory(&server)["used_bytes"].as_u64().expect("bytes");
    assert!((1_900_000..4 << 20).contains(&used), "{used}");
    let mut acknowledged = 2_048;
    until_refused(&server, 256 << 10, &mut acknowledged).refuses(507, "", "memory_budget");
    let patched = server.patch("/api/profiles/1", &json!({"note": "y".repeat(4_000)}));
    assert!(patched.status == 200 || patched.status == 507, "{}", patched.text);
    assert_eq!(population(&server), acknowledged as u64);
    let figures = server.get("/metrics").text;
    assert!(figures.contains("muster_memory_budget_bytes 6291456"), "{figures}");
    assert!(figures.contains("muster_memory_used_bytes "), "{figures}");
    let erased: Vec<Json> = (0..1_000).map(|id| server.delete(&format!("/api/profiles/{id}")).expect(200)).collect();
    assert_eq!(erased.len(), 1_000);
    import(&server, 0, 64 << 10).expect(200);

    let wrong = Command::new(binary()).args(["serve", "--memory", "much"]).output().expect("it starts");
    assert!(wrong.status.code() == Some(2), "{}", String::from_utf8_lossy(&wrong.stderr));
    // The same limit holds for what is sent in another way.
    let list: String = (0..300_000).map(|id| format!("nobody-{id}\n")).collect();
    server.send(Method::POST, "/api/lists?name=l", "text/csv", format!("id\n{list}")).refuses(507, "", "memory_budget");
}
