//! Tenants that are to be opened again while something stands in the way: a command that has their directory, a full disk.

use std::fs::File;
use std::io::Write;
use std::path::Path;
use std::time::Duration;

use harness::server::Server;
use muster::clock::Stopwatch;
use muster_engine::store::Directory;
use reqwest::Method;
use serde_json::{Value as Json, json};

use super::evictions::{MEGABYTE, NO_OTHER, are_looked_into, house, many, open, own_memory, start, wait};
use super::house::{House, ask, get, load, muster, post};
use crate::bounds::{Mounted, verified};

/// Bytes of the small disk: the logs of three tenants, which take 68 MiB each, and not of a fourth.
const DISK_BYTES: u64 = 240 << 20;

/// Waits until the log says something.
fn says(server: &Server, words: &str) {
    let watch = Stopwatch::start();
    while !server.log().contains(words) {
        assert!(watch.elapsed() < Duration::from_secs(60), "not \"{words}\": {}", server.log());
        std::thread::sleep(Duration::from_millis(20));
    }
}

#[test]
fn a_closed_tenant_whose_directory_a_command_has_is_waited_for_and_nobody_is_told_where_it_lies() {
    let house = house();
    let server = start(&house, "0.2");
    let admin = house.key("acme admin");
    load(&server, admin, &many(10));
    wait(&server, &house, NO_OTHER);
    let command = || Directory::open(&house.tenant_folder("acme"), "muster verify, process 1").expect("it is closed");
    let visits = || get(&server, admin, "/api/profiles/12");
    // One that soon ends.
    let held = command();
    std::thread::scope(|scope| {
        let asked = scope.spawn(visits);
        says(&server, "a tenant cannot be opened yet");
        drop(held);
        assert_eq!(asked.join().expect("no panic").expect(200)["fields"]["visits"], 12);
    });
    // One that takes its time. All who ask wait at once, not one behind the other.
    wait(&server, &house, NO_OTHER);
    let held = command();
    let watch = Stopwatch::start();
    std::thread::scope(|scope| {
        let asked: Vec<_> = (0..20).map(|_| scope.spawn(visits)).collect();
        for asked in asked {
            let answer = asked.join().expect("no panic");
            let refused = answer.refuses(503, "", "tenant_in_use");
            let message = refused["message"].as_str().expect("words");
            assert!(message.contains("ask again when it has ended"), "{message}");
            assert!(!answer.text.contains(&house.data) && !answer.text.contains("process"), "{}", answer.text);
            assert!(answer.retry_after.parse::<u64>().is_ok_and(|seconds| seconds > 0), "{:?}", answer.retry_after);
        }
    });
    assert!(watch.elapsed() < Duration::from_secs(60), "{:?} for all of them", watch.elapsed());
    // Others are served meanwhile.
    load(&server, house.key("other admin"), "{\"id\": 1}\n");
    drop(held);
    assert_eq!(visits().expect(200)["fields"]["visits"], 12);
    // A command that is started in earnest, whoever comes first.
    for _ in 0..3 {
        wait(&server, &house, NO_OTHER);
        std::thread::scope(|scope| {
            let told = scope.spawn(|| muster(&["verify", "--data", &text(&house.tenant_folder("acme"))]));
            assert_eq!(visits().expect(200)["fields"]["visits"], 12);
            told.join().expect("no panic");
        });
    }
}

#[test]
fn what_tenants_took_that_were_looked_into_after_a_start_is_given_back() {
    let house = house();
    let mut server = start(&house, "0");
    let admin = house.key("acme admin");
    load(&server, admin, &many(150_000));
    server.terminate();
    assert_eq!(server.wait(), Some(0));
    let server = start(&house, "0");
    are_looked_into(&server, 1);
    says(&server, "all tenants were looked into");
    assert_eq!(open(&server, &house), NO_OTHER);
    let after = own_memory(&server);
    assert_eq!(get(&server, admin, "/api/profiles").expect(200)["total"], 150_000);
    let during = own_memory(&server);
    assert!(during > after + 10 * MEGABYTE, "{after} bytes after, {during} while it is open");
}

#[test]
fn a_tenant_is_opened_again_on_a_full_disk_and_loses_nothing() {
    let folder = tempfile::tempdir().expect("a directory");
    let data = folder.path().join("data");
    std::fs::create_dir(&data).expect("a directory");
    let Some(_disk) = Mounted::at(&data, &format!("size={DISK_BYTES}")) else {
        return eprintln!("no right to mount a small disk: nothing was tried");
    };
    let mut house = House::within(&data);
    house.add_key("operator", "default", "operator", &[]);
    let server = start(&house, "0.2");
    let (admin, other) = (house.key("acme admin"), house.key("other admin"));
    load(&server, admin, &many(1_000));
    let segment = json!({"name": "regulars", "text": "visits >= 50"});
    post(&server, admin, "/api/segments", &segment).expect(201);
    let counted = get(&server, admin, "/api/segments/regulars").expect(200)["count"].clone();
    wait(&server, &house, NO_OTHER);
    // Not even for the names of those who hold its directories there is room.
    for lock in ["lock", "feed/lock"] {
        std::fs::write(house.tenant_folder("acme").join(lock), "").expect("it is there");
    }
    fill(&data);
    let change = |visits: u64| {
        let answer = ask(&server, admin, Method::PATCH, "/api/profiles/10", Some(&json!({"visits": visits})));
        if answer.status != 200 {
            answer.refuses(507, "", "disk_full");
        }
        answer.status == 200
    };
    let (mut visits, mut changes) = (10, 0);
    for round in 1..=3 {
        let found = get(&server, admin, "/api/profiles/10").expect(200)["fields"]["visits"].clone();
        assert_eq!(found, visits, "reading goes on");
        assert_eq!(get(&server, admin, "/api/segments/regulars").expect(200)["count"], counted);
        if change(round) {
            (visits, changes) = (round, changes + 1);
        }
        get(&server, admin, "/api/audit?limit=1").expect(200);
        // Whoever was refused keeps the tenant open: there is something to be told of.
        if open(&server, &house) == NO_OTHER + 1 && get(&server, admin, "/api/health").expect(200)["ok"] == true {
            wait(&server, &house, NO_OTHER);
        }
    }
    assert!(changes < 3, "who changes what cannot be written down, so nothing is changed");
    // Who was never here has no log yet, and needs room for one.
    get(&server, other, "/api/profiles").refuses(507, "", "disk_full");
    get(&server, other, "/api/profiles").refuses(507, "", "disk_full");
    std::fs::remove_file(data.join(FILLER)).expect("room is made");
    assert_eq!(get(&server, other, "/api/profiles").expect(200)["total"], 0);
    load(&server, other, "{\"id\": 1}\n");
    assert!(change(99), "there is room");
    // What was changed on the full disk is in the audit as well.
    let audit = get(&server, admin, "/api/audit?limit=10000").expect(200);
    let entries = audit["items"].as_array().expect("entries");
    let is_change = |entry: &&Json| entry["method"] == "PATCH" && entry["status"] == 200;
    assert_eq!(entries.iter().filter(is_change).count(), changes + 1, "{changes}");
    drop(server);
    for tenant in ["acme", "other"] {
        verified(&house.tenant_folder(tenant));
    }
    let server = start(&house, "0");
    assert_eq!(get(&server, admin, "/api/profiles/10").expect(200)["fields"]["visits"], 99);
    assert_eq!(get(&server, admin, "/api/profiles").expect(200)["total"], 1_000);
    let told = get(&server, admin, "/api/segments/regulars/changes").expect(200);
    assert!(told["items"].is_array(), "{told}");
}

/// What takes all the room.
const FILLER: &str = "filler";

fn fill(data: &Path) {
    let mut filler = File::create(data.join(FILLER)).expect("a file");
    for length in [1 << 20, 4 << 10, 1] {
        while filler.write_all(&vec![0; length]).is_ok() {}
    }
}

fn text(path: &Path) -> String {
    path.to_str().expect("UTF-8").to_owned()
}
