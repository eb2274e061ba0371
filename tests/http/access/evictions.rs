//! Tenants that nobody asks are closed and opened again, and nobody notices.

use std::io::{Read, Write};
use std::net::TcpStream;
use std::path::Path;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use harness::server::Server;
use muster::clock::{self, Stopwatch};
use muster_engine::time::Timestamp;
use reqwest::Method;
use serde_json::{Value as Json, json};

use super::house::{House, ask, fill, get, load, post};

/// What the log says of each closing.
const CLOSED: &str = "a tenant was closed";

/// Times that tenants are closed while many ask.
const CLOSINGS: usize = 20;

/// Bytes of a megabyte.
pub(super) const MEGABYTE: u64 = 1 << 20;

/// The default tenant, which is never closed, and no other.
pub(super) const NO_OTHER: u64 = 1;

pub(super) fn house() -> House {
    let mut house = House::new();
    // Whoever asks with it opens no other tenant.
    house.add_key("operator", "default", "operator", &[]);
    house
}

pub(super) fn start(house: &House, idle_seconds: &str) -> Server {
    Server::start_with(&["--data", &house.data, "--tenant-idle-seconds", idle_seconds])
}

pub(super) fn open(server: &Server, house: &House) -> u64 {
    let text = get(server, house.key("operator"), "/metrics").text;
    let line = text.lines().find_map(|line| line.strip_prefix("muster_tenants_open "));
    line.expect("it is counted").parse().expect("a number")
}

pub(super) fn wait(server: &Server, house: &House, wanted: u64) {
    let watch = Stopwatch::start();
    while open(server, house) != wanted {
        assert!(watch.elapsed() < Duration::from_secs(60), "{} tenants are open", open(server, house));
        std::thread::sleep(Duration::from_millis(20));
    }
}

/// Waits several times as long as nobody may ask; the tenant is open all the time.
fn stays_open(server: &Server, house: &House, why: &str) {
    let watch = Stopwatch::start();
    while watch.elapsed() < Duration::from_millis(1_500) {
        assert_eq!(open(server, house), NO_OTHER + 1, "{why}");
        std::thread::sleep(Duration::from_millis(50));
    }
}

/// What a server has of the tenants beside the default one, as the system tells it.
#[derive(Debug, Default, PartialEq, Eq)]
struct Had {
    /// Open files.
    files: usize,
    /// Threads that follow a feed, the default tenant's included.
    feeds: usize,
    /// Mapped files.
    mappings: usize,
    /// Bytes of these in memory.
    mapped: u64,
}

const NOTHING: Had = Had { files: 0, feeds: 1, mappings: 0, mapped: 0 };

impl Had {
    fn by(server: &Server) -> Self {
        let process = format!("/proc/{}", server.id());
        let entries = |folder: &str| std::fs::read_dir(format!("{process}/{folder}")).expect("a process").flatten();
        let is_theirs = |path: &str| path.contains("/tenants/");
        let links = entries("fd").filter_map(|entry| std::fs::read_link(entry.path()).ok());
        let names = entries("task").filter_map(|entry| std::fs::read_to_string(entry.path().join("comm")).ok());
        let mut had = Self {
            files: links.filter(|path| is_theirs(&path.to_string_lossy())).count(),
            feeds: names.filter(|name| name.trim() == "feed").count(),
            ..Self::default()
        };
        let mut is_in = false;
        for line in std::fs::read_to_string(format!("{process}/smaps")).expect("a process").lines() {
            if let Some(size) = line.strip_prefix("Rss:").filter(|_| is_in) {
                had.mapped += size.trim().trim_end_matches(" kB").parse::<u64>().expect("a number") << 10;
            } else if line.split(' ').next().is_some_and(|word| !word.ends_with(':')) {
                is_in = is_theirs(line);
                had.mappings += usize::from(is_in);
            }
        }
        had
    }
}

/// Bytes of memory that a process has to itself.
pub(super) fn own_memory(server: &Server) -> u64 {
    let status = std::fs::read_to_string(format!("/proc/{}/status", server.id())).expect("a process");
    let size = status.lines().find_map(|line| line.strip_prefix("RssAnon:")).expect("a line");
    size.trim().trim_end_matches(" kB").parse::<u64>().expect("a number") << 10
}

pub(super) fn many(count: u32) -> String {
    (10..10 + count).map(|id| format!("{{\"id\": {id}, \"country\": \"DE\", \"visits\": {}}}\n", id % 97)).collect()
}

fn change_buffered(server: &Server, key: &str, row: &str) {
    let authorization = format!("Bearer {key}");
    let headers = [("authorization", authorization.as_str())];
    let path = "/api/profiles/import?id_field=id&durability=buffered";
    server.send_as(Method::POST, path, "application/x-ndjson", row.to_owned(), &headers).expect(200);
}

#[test]
fn a_tenant_that_nobody_asks_gives_everything_back_and_has_everything_when_asked_again() {
    let house = house();
    let mut server = start(&house, "1");
    let admin = house.key("acme admin");
    assert_eq!((open(&server, &house), Had::by(&server)), (NO_OTHER, NOTHING));
    fill(&server, admin);
    load(&server, admin, &many(150_000));
    let during = Had::by(&server);
    assert_eq!((open(&server, &house), during.feeds), (NO_OTHER + 1, 2));
    assert!(during.files > 2, "{during:?}");
    // Acknowledged before it is safe, and closed soon after.
    change_buffered(&server, admin, "{\"id\": 1, \"visits\": 1000}\n");
    let told = get(&server, admin, "/api/segments/2/changes").expect(200);
    wait(&server, &house, NO_OTHER);
    assert_eq!(Had::by(&server), NOTHING);
    let same = |server: &Server| {
        assert_eq!(get(server, admin, "/api/profiles/1").expect(200)["fields"]["visits"], 1_000);
        assert_eq!(get(server, admin, "/api/profiles").expect(200)["total"], 150_003);
        assert_eq!(get(server, admin, "/api/segments/2/changes").expect(200)["items"], told["items"]);
        get(server, admin, &format!("/api/segments/2/changes?since={}", told["next"])).expect(200);
    };
    // What all tenants share has been made by now.
    std::thread::sleep(Duration::from_secs(1));
    let before = own_memory(&server);
    same(&server);
    let most = own_memory(&server);
    assert!(most > before + 10 * MEGABYTE, "{before} bytes before, {most} at most");
    wait(&server, &house, NO_OTHER);
    let (bound, watch) = (before + (most - before) / 2, Stopwatch::start());
    while own_memory(&server) > bound {
        let left = own_memory(&server);
        assert!(watch.elapsed() < Duration::from_secs(10), "{before} bytes before, {most} at most, {left} after");
    }
    // Out of files that are mapped, again and again.
    post(&server, house.key("acme operator"), "/api/checkpoint", &Json::Null).expect(200);
    server.terminate();
    assert_eq!(server.wait(), Some(0));
    let server = start(&house, "1");
    are_looked_into(&server, 1);
    let mut mappings = 0;
    for round in 0..3 {
        same(&server);
        let during = Had::by(&server);
        assert!(during.mappings > 2 && during.mapped > MEGABYTE, "{during:?}");
        wait(&server, &house, NO_OTHER);
        let after = Had::by(&server);
        mappings = if round == 0 { after.mappings } else { mappings };
        assert_eq!(after, Had { mappings, ..NOTHING }, "mapped once, and none of it in memory");
    }
}

#[test]
fn many_ask_while_tenants_are_closed_all_the_time_and_nothing_is_lost_or_refused() {
    let house = house();
    let server = start(&house, "0.001");
    let admins = [house.key("acme admin"), house.key("other admin")];
    for admin in admins {
        load(&server, admin, "{\"id\": \"first\", \"visits\": 0}\n");
    }
    let is_over = AtomicBool::new(false);
    let written: Vec<(usize, u64)> = std::thread::scope(|scope| {
        let (server, is_over) = (&server, &is_over);
        let write = |number: usize| {
            let (tenant, mut count) = (number % 2, 0);
            while !is_over.load(Ordering::Relaxed) {
                let row = format!("{{\"id\": \"{number}-{count}\", \"visits\": {count}}}\n");
                if number < 3 {
                    load(server, admins[tenant], &row)
                } else {
                    change_buffered(server, admins[tenant], &row)
                }
                let found = get(server, admins[tenant], &format!("/api/profiles/{number}-{count}"));
                assert_eq!(found.expect(200)["fields"]["visits"], count);
                count += 1;
                // Long enough, now and then, that nobody asks and it is closed.
                std::thread::sleep(Duration::from_millis(count * 7 % 60));
            }
            (tenant, count)
        };
        let writers: Vec<_> = (0..6).map(|number| scope.spawn(move || write(number))).collect();
        let watch = Stopwatch::start();
        while server.log().matches(CLOSED).count() < CLOSINGS && watch.elapsed() < Duration::from_secs(60) {
            std::thread::sleep(Duration::from_millis(100));
        }
        is_over.store(true, Ordering::Relaxed);
        writers.into_iter().map(|writer| writer.join().expect("nothing was refused")).collect()
    });
    for (at, admin) in admins.iter().enumerate() {
        let wanted: u64 = written.iter().filter(|(tenant, _)| *tenant == at).map(|(_, count)| count).sum();
        assert_eq!(get(&server, admin, "/api/profiles").expect(200)["total"], wanted + 1);
    }
    let closed = server.log().matches(CLOSED).count();
    assert!(closed >= CLOSINGS, "they were closed {closed} times only");
    assert!(!server.log().contains("in use"), "nobody opened what another one had open");
}

#[test]
fn what_time_did_while_a_tenant_was_closed_is_told_as_of_its_instant() {
    let house = house();
    let server = start(&house, "0.2");
    let admin = house.key("acme admin");
    let leaves = Timestamp(clock::now().0 + 5_000_000);
    load(&server, admin, &format!("{{\"id\": 1, \"seen\": \"{}\"}}\n", leaves.plus_days(-30)));
    post(&server, admin, "/api/segments", &json!({"name": "fresh", "text": "seen within 30 days"})).expect(201);
    let next = get(&server, admin, "/api/segments/1/changes").expect(200)["next"].clone();
    wait(&server, &house, NO_OTHER);
    assert!(clock::now() < leaves, "it is closed before");
    while clock::now() <= leaves {
        std::thread::sleep(Duration::from_millis(50));
    }
    assert_eq!(open(&server, &house), NO_OTHER);
    let watch = Stopwatch::start();
    let items = loop {
        let page = get(&server, admin, &format!("/api/segments/1/changes?since={next}")).expect(200);
        if page["items"] != json!([]) || watch.elapsed() > Duration::from_secs(10) {
            break page["items"].clone();
        }
    };
    let told = |name: &str| items[0][name].as_str().unwrap_or_default().to_owned();
    assert_eq!((told("change"), told("cause"), &items[0]["id"]), ("left".into(), "time".into(), &json!(1)), "{items}");
    let at = Timestamp::parse(&told("at")).expect("an instant");
    assert!((0..=1).contains(&(at.0 - leaves.0)), "{at:?} beside {leaves:?}");
    assert_eq!(items.as_array().map(Vec::len), Some(1));
}

#[test]
fn a_tenant_in_which_something_goes_on_is_not_closed() {
    let house = house();
    let server = start(&house, "0.2");
    let (admin, other) = (house.key("acme admin"), house.key("other admin"));
    fill(&server, admin);
    load(&server, admin, &many(150_000));
    let all = json!({"name": "all", "text": "visits >= 0"});
    post(&server, admin, "/api/segments", &all).expect(201);
    post(&server, admin, "/api/audiences", &json!({"name": "all", "include_segments": ["all"]})).expect(201);
    let taken = post(&server, admin, "/api/audiences/2/snapshots", &json!({})).expect(201);
    wait(&server, &house, NO_OTHER);
    // Somebody reads along, or takes an export slowly.
    for path in ["/api/segments/2/changes/stream", &format!("/api/snapshots/{}/export?format=ndjson", taken["id"])] {
        let reader = reader(&server, admin, path);
        stays_open(&server, &house, path);
        drop(reader);
        wait(&server, &house, NO_OTHER);
    }
    // Somebody is to be told.
    load(&server, other, "{\"id\": 1, \"visits\": 7}\n");
    let hook = json!({"url": "https://receiver.invalid/hook"});
    let hook = post(&server, other, "/api/webhooks", &hook).expect(201);
    stays_open(&server, &house, "a webhook");
    let path = format!("/api/webhooks/{}", hook["id"]);
    assert_eq!(ask(&server, other, Method::DELETE, &path, None).status, 204);
    wait(&server, &house, NO_OTHER);
    // An erasure waits for the checkpoint that makes it good.
    ask(&server, other, Method::DELETE, "/api/profiles/1", None).expect(200);
    stays_open(&server, &house, "an erasure");
    post(&server, house.key("other operator"), "/api/checkpoint", &Json::Null).expect(200);
    wait(&server, &house, NO_OTHER);
    drop(server);
    // Without a time they stay open.
    let server = start(&house, "0");
    are_looked_into(&server, 2);
    get(&server, admin, "/api/segments").expect(200);
    stays_open(&server, &house, "no time");
}

/// Waits until so many tenants were looked into after a start.
pub(super) fn are_looked_into(server: &Server, tenants: usize) {
    let watch = Stopwatch::start();
    while server.log().matches("a tenant was looked into").count() < tenants {
        assert!(watch.elapsed() < Duration::from_secs(60), "{}", server.log());
        std::thread::sleep(Duration::from_millis(20));
    }
}

#[test]
fn what_waits_in_a_tenant_goes_on_after_a_start_although_nobody_asks() {
    let house = house();
    let server = start(&house, "0");
    let (admin, other) = (house.key("acme admin"), house.key("other admin"));
    for admin in [admin, other] {
        load(&server, admin, "{\"id\": 1, \"visits\": 7}\n");
    }
    ask(&server, admin, Method::DELETE, "/api/profiles/1", None).expect(200);
    drop(server);
    let server = start(&house, "0");
    are_looked_into(&server, 2);
    assert_eq!(open(&server, &house), NO_OTHER + 1, "that with an erasure is open, the other one is closed again");
    post(&server, house.key("acme operator"), "/api/checkpoint", &Json::Null).expect(200);
    drop(server);
    let server = start(&house, "0");
    are_looked_into(&server, 2);
    assert_eq!(open(&server, &house), NO_OTHER, "nothing waits");
    assert_eq!(get(&server, other, "/api/profiles/1").expect(200)["fields"]["visits"], 7);
    assert_eq!(open(&server, &house), NO_OTHER + 1);
}

#[test]
fn a_tenant_that_is_damaged_holds_up_no_other_after_a_start() {
    let house = house();
    let mut server = start(&house, "0");
    load(&server, house.key("acme admin"), &many(1_000));
    load(&server, house.key("other admin"), "{\"id\": 1, \"visits\": 7}\n");
    post(&server, house.key("acme operator"), "/api/checkpoint", &Json::Null).expect(200);
    server.terminate();
    assert_eq!(server.wait(), Some(0));
    let files = std::fs::read_dir(Path::new(&house.data).join("tenants/acme")).expect("a tenant").flatten();
    let mut paths = files.map(|file| file.path());
    let path = paths.find(|path| path.extension().is_some_and(|kind| kind == "shard")).expect("a checkpoint");
    let mut bytes = std::fs::read(&path).expect("a file");
    let middle = bytes.len() / 2;
    bytes[middle] ^= 1;
    std::fs::write(&path, bytes).expect("written");
    let server = start(&house, "0");
    are_looked_into(&server, 2);
    assert_eq!(open(&server, &house), NO_OTHER + 1, "the damaged one says so, the other one is closed again");
}

/// Somebody who has read the beginning of an answer, and reads on when they like.
pub(super) fn reader(server: &Server, key: &str, path: &str) -> TcpStream {
    let mut stream = TcpStream::connect(server.address()).expect("a connection");
    let head = format!("GET {path} HTTP/1.1\r\nhost: {}\r\nauthorization: Bearer {key}\r\n\r\n", server.address());
    stream.write_all(head.as_bytes()).expect("sent");
    let mut first = [0; 12];
    stream.read_exact(&mut first).expect("an answer");
    assert_eq!(&first, b"HTTP/1.1 200");
    stream
}
