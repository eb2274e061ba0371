//! What those who mean no good can send: it is refused with a clear answer, takes bounded memory, and leaves others served.

use std::io::{Read, Write};
use std::net::TcpStream;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use harness::server::{Answer, Server};
use muster::clock::Stopwatch;
use muster::limits::CONNECTIONS_MAX;
use reqwest::Method;
use serde_json::{Value as Json, json};

use super::house::{House, get, load, post, succeed};

/// Bytes that the server may need more at its peak for any request here: the longest body some times over.
const PEAK_BYTES_MAX: u64 = 256 << 20;

/// Connections that send nothing of use, few enough that each can be looked at.
const SLOW: usize = 400;

/// Files of the test process that are no connections to the server under test: those of tests beside it.
const FILES_OF_OTHERS: usize = 1_000;

/// Bytes that the server may need for a connection that sends little: its buffers, and what waits for the rest.
const CONNECTION_BYTES_MAX: u64 = 32 << 10;

/// The most memory that a process has had.
pub(super) fn peak(server: &Server) -> u64 {
    let status = std::fs::read_to_string(format!("/proc/{}/status", server.id())).expect("it runs");
    let line = status.lines().find_map(|line| line.strip_prefix("VmHWM:")).expect("a peak");
    line.trim().trim_end_matches(" kB").trim().parse::<u64>().expect("a number") << 10
}

fn preview(server: &Server) -> Answer {
    server.post("/api/segments/preview", &json!({"text": "visits >= 5"}))
}

fn people() -> String {
    (0..2_000).map(|id| format!("{{\"id\": {id}, \"visits\": {}}}\n", id % 10)).collect()
}

#[test]
fn bodies_that_are_deep_long_or_compressed_take_no_memory_and_get_an_answer() {
    let server = Server::start();
    server.load(&people());
    let send = |body: String| server.send(Method::POST, "/api/segments/preview", "application/json", body);
    preview(&server).expect(200);
    let before = peak(&server);
    for depth in [1_000, 1_000_000] {
        let deep = format!("{{\"criteria\": {}{}}}", "[".repeat(depth), "]".repeat(depth));
        send(deep).refuses(400, "", "bad_json");
        let rule = format!("{{\"criteria\": {}1{}}}", "{\"rules\": [".repeat(depth), "]}".repeat(depth));
        assert!([400, 422].contains(&send(rule).status), "{depth}");
        let text = format!("{{\"text\": \"{}visits > 1{}\"}}", "(".repeat(depth), ")".repeat(depth));
        assert_eq!(send(text).status, 422, "{depth}");
    }
    let values = vec!["1"; 1_000_001].join(",");
    let list =
        send(format!("{{\"criteria\": {{\"field\": \"visits\", \"operator\": \"in\", \"value\": [{values}]}}}}"));
    assert!([413, 422].contains(&list.status), "{}", list.text);
    let ids = send(format!("{{\"text\": \"visits in ({values})\"}}"));
    assert!([413, 422].contains(&ids.status), "{}", ids.text);
    let long = send(format!("{{\"text\": \"{}\"}}", "x".repeat(17 << 20)));
    long.refuses(413, "", "body_too_large");
    // A body that is compressed as a whole is not even looked at.
    let zipped = [("content-encoding", "gzip")];
    let answer = server.send_as(Method::POST, "/api/segments/preview", "application/json", "{}", &zipped);
    answer.refuses(415, "", "unsupported_encoding");
    let path = "/api/profiles/import?id_field=id";
    server.send_as(Method::POST, path, "application/x-ndjson", "{}", &zipped).refuses(415, "", "unsupported_encoding");
    preview(&server).expect(200);
    let more = peak(&server) - before;
    assert!(more < PEAK_BYTES_MAX, "{} MiB more than before", more >> 20);
}

#[test]
fn connections_that_send_a_byte_now_and_then_hold_up_nobody() {
    let server = Server::start();
    server.load(&people());
    let heads = [
        "GET /api/health HTTP/1.1\r\nhost:",
        "POST /api/segments/preview HTTP/1.1\r\nhost: x\r\n\
                  content-type: application/json\r\ncontent-length: 100\r\n\r\n{",
        "",
    ];
    let mut slow: Vec<TcpStream> = (0..SLOW)
        .map(|at| {
            let mut stream = TcpStream::connect(server.address()).expect("a connection");
            stream.write_all(heads[at % heads.len()].as_bytes()).expect("a beginning");
            stream
        })
        .collect();
    let started = Stopwatch::start();
    for round in 0..20 {
        preview(&server).expect(200);
        let at = round % slow.len();
        // Whoever was let go meanwhile hears nothing.
        let _ = slow[at].write_all(b" ");
    }
    assert!(started.elapsed() < Duration::from_secs(20), "{:?}", started.elapsed());
    // Those without a whole request line and headers are let go after a quarter of a minute.
    let mut first = slow.swap_remove(0);
    first.set_read_timeout(Some(Duration::from_secs(25))).expect("a socket");
    let mut rest = Vec::new();
    let read = first.read_to_end(&mut rest);
    let is_gone = |error: &std::io::Error| error.kind() == std::io::ErrorKind::ConnectionReset;
    assert!(read.as_ref().map_or_else(is_gone, |_| true), "it is still open: {read:?}");
}

/// Files that this process and the server may have open, each.
fn open_files_max() -> usize {
    let limits = std::fs::read_to_string("/proc/self/limits").expect("it runs");
    let line = limits.lines().find(|line| line.starts_with("Max open files")).expect("a limit");
    let word = line.split_whitespace().nth(3).expect("a soft limit");
    word.parse().unwrap_or(usize::MAX)
}

/// As many connections as the server takes, or as the system lets a process have; which of them is said, not only counted.
fn crowd() -> usize {
    let allowed = open_files_max().saturating_sub(FILES_OF_OTHERS);
    if allowed < CONNECTIONS_MAX {
        let message = format!(
            "\n{allowed} connections instead of {CONNECTIONS_MAX}, because a process may have {} files open: \
             ulimit -n {} tries all\n",
            open_files_max(),
            CONNECTIONS_MAX + FILES_OF_OTHERS
        );
        // Printed beside what the test harness keeps to itself.
        std::io::stderr().write_all(message.as_bytes()).expect("standard error");
    }
    allowed.min(CONNECTIONS_MAX)
}

#[test]
fn as_many_connections_as_there_may_be_take_little_memory_and_hold_up_nobody() {
    let server = Server::start();
    server.load(&people());
    preview(&server).expect(200);
    let before = peak(&server);
    let whole = "GET /api/health HTTP/1.1\r\nhost: x\r\n\r\n";
    let begun = "POST /api/segments/preview HTTP/1.1\r\nhost: x\r\ncontent-type: application/json\r\n\
                 content-length: 100000\r\n\r\n{";
    // Somebody who was there before all others, and one place that is left.
    let count = crowd() - 2;
    let mut crowd: Vec<TcpStream> = (0..count)
        .map(|at| {
            let mut stream = TcpStream::connect(server.address()).expect("a connection");
            // Idle after an answer, half a head, half a body, and nothing at all.
            let sent = [whole, &whole[..20], begun, ""][at % 4];
            stream.write_all(sent.as_bytes()).expect("a beginning");
            stream
        })
        .collect();
    let mut answer = [0; 12];
    for stream in crowd.iter_mut().step_by(4) {
        stream.read_exact(&mut answer).expect("an answer");
        assert_eq!(&answer, b"HTTP/1.1 200");
    }
    let started = Stopwatch::start();
    for round in 0..100 {
        preview(&server).expect(200);
        for at in (2..count).step_by(4).skip(round % 10).step_by(10) {
            // Whoever was let go meanwhile hears nothing.
            let _ = crowd[at].write_all(b" ");
        }
    }
    let took = started.elapsed();
    assert!(took < Duration::from_secs(20), "{took:?} for a hundred previews");
    let more = peak(&server) - before;
    assert!(more < count as u64 * CONNECTION_BYTES_MAX, "{} KiB for {count} connections", more >> 10);
    // One too many waits until somebody who sends nothing is let go.
    let mut late: Vec<TcpStream> =
        (0..8).map(|_| TcpStream::connect(server.address()).expect("the system takes it")).collect();
    for stream in &mut late {
        stream.set_read_timeout(Some(Duration::from_secs(60))).expect("a socket");
        stream.write_all(whole.as_bytes()).expect("a request");
        stream.read_exact(&mut answer).expect("an answer");
        assert_eq!(&answer, b"HTTP/1.1 200");
    }
}

#[test]
fn a_flood_of_one_tenant_is_refused_and_leaves_others_served() {
    let mut house = House::new();
    succeed(&["tenant", "create", "--data", &house.data, "--requests-per-second", "10", "loud"]);
    house.add_key("loud viewer", "loud", "viewer", &[]);
    let server = house.start();
    load(&server, house.key("acme admin"), &people());
    let (is_over, rule) = (AtomicBool::new(false), json!({"text": "visits >= 5"}));
    let ask = |key: &str| post(&server, key, "/api/segments/preview", &rule);
    ask(house.key("acme viewer")).expect(200);
    let flood: Vec<u16> = std::thread::scope(|scope| {
        let threads: Vec<_> = (0..8)
            .map(|_| {
                scope.spawn(|| {
                    let mut statuses = Vec::new();
                    while !is_over.load(Ordering::Relaxed) {
                        // Their tenant has no field of that name, so what is not too much is a mistake.
                        statuses.push(ask(house.key("loud viewer")).status);
                    }
                    statuses
                })
            })
            .collect();
        for _ in 0..100 {
            assert_eq!(ask(house.key("acme viewer")).expect(200)["count"], 1_000);
        }
        is_over.store(true, Ordering::Relaxed);
        threads.into_iter().flat_map(|thread| thread.join().expect("no panic")).collect()
    });
    let refused = flood.iter().filter(|status| **status == 429).count();
    assert!(refused > 0, "{} requests, none of them too many", flood.len());
    assert!(flood.iter().all(|status| [422, 429].contains(status)), "{flood:?}");
}

#[test]
fn a_server_that_is_told_to_stop_under_load_answers_what_it_has_begun() {
    let house = House::new();
    let mut server = house.start();
    load(&server, house.key("acme admin"), &people());
    let (key, is_over) = (house.key("acme marketer").to_owned(), AtomicBool::new(false));
    let saved: Vec<Json> = std::thread::scope(|scope| {
        let threads: Vec<_> = (0..4)
            .map(|thread| {
                let (server, key, is_over) = (&server, &key, &is_over);
                scope.spawn(move || {
                    let client = reqwest::blocking::Client::builder().no_proxy().build().expect("a client");
                    let mut saved = Vec::new();
                    for at in 0.. {
                        if is_over.load(Ordering::Relaxed) {
                            break;
                        }
                        let body = json!({"name": format!("s{thread}-{at}"), "text": "visits >= 5"});
                        let url = format!("http://{}/api/segments", server.address());
                        let sent = client.post(url).bearer_auth(key).json(&body).send();
                        match sent {
                            // Begun and answered, whole.
                            Ok(answer) if answer.status() == 201 => saved.push(answer.json().expect("a whole answer")),
                            Ok(answer) => panic!("{}", answer.text().unwrap_or_default()),
                            // Nobody is there any more.
                            Err(_) => break,
                        }
                    }
                    saved
                })
            })
            .collect();
        std::thread::sleep(Duration::from_millis(500));
        server.terminate();
        std::thread::sleep(Duration::from_millis(500));
        is_over.store(true, Ordering::Relaxed);
        threads.into_iter().flat_map(|thread| thread.join().expect("no panic")).collect()
    });
    assert_eq!(server.wait(), Some(0));
    assert!(!saved.is_empty());
    let server = house.start();
    let kept = get(&server, &key, "/api/segments?limit=10000").expect(200);
    let kept: Vec<&Json> = kept["items"].as_array().expect("items").iter().map(|item| &item["id"]).collect();
    let lost: Vec<&Json> = saved.iter().filter(|saved| !kept.contains(&&saved["id"])).collect();
    assert!(lost.is_empty(), "{lost:?}");
}
