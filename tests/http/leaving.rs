//! Questions that nobody waits for any more, or that take too long: they are given up, and leave nothing behind.

use std::io::Write;
use std::net::TcpStream;
use std::time::Duration;

use harness::server::Server;
use muster::clock::Stopwatch;
use regex::Regex;
use serde_json::json;

/// Profiles, each with an address of its own, so that every pattern is held against every address.
const PROFILES: usize = 200_000;

/// Patterns of the long question.
const PATTERNS: usize = 60;

/// Time after which a question has ended whose client went away.
const ENDS_WITHIN: Duration = Duration::from_millis(50);

/// Times that this is tried: other work on the machine may take its processors for a moment.
const ATTEMPTS: usize = 5;

fn loaded(arguments: &[&str]) -> Server {
    let server = Server::start_with(arguments);
    let people: String = (0..PROFILES)
        .map(|id| format!("{{\"id\": {id}, \"email\": \"p{id}@x.org\", \"visits\": {}}}\n", id % 10))
        .collect();
    server.load(&people);
    server
}

/// Those whose number ends in some two digits: all of them together are so many per cent.
fn long_rule() -> String {
    let tests: Vec<String> = (0..PATTERNS).map(|end| format!("email matches \"^p[0-9]*{end:02}@\"")).collect();
    tests.join(" or ")
}

/// How many questions were given up for a reason.
fn stopped(server: &Server, why: &str) -> u64 {
    let metrics = server.get("/metrics").text;
    let line = Regex::new(&format!(r#"muster_queries_stopped_total\{{why="{why}"\}} (\d+)"#)).expect("a pattern");
    line.captures(&metrics).map_or(0, |found| found[1].parse().expect("a number"))
}

/// Asks, and goes away after a moment. Returns how long the question went on.
fn ask_and_leave(server: &Server, path: &str, body: &str) -> Duration {
    let before = stopped(server, "left");
    let mut stream = TcpStream::connect(server.address()).expect("a connection");
    let length = body.len();
    let head = format!(
        "POST {path} HTTP/1.1\r\nhost: x\r\ncontent-type: application/json\r\ncontent-length: {length}\r\n\r\n{body}"
    );
    stream.write_all(head.as_bytes()).expect("a request");
    std::thread::sleep(Duration::from_millis(150));
    drop(stream);
    let watch = Stopwatch::start();
    while stopped(server, "left") == before {
        assert!(watch.elapsed() < Duration::from_secs(20), "it goes on without anybody");
        std::thread::sleep(Duration::from_millis(2));
    }
    watch.elapsed()
}

#[test]
fn a_question_ends_when_its_client_goes_away_and_leaves_nothing_behind() {
    let server = loaded(&[]);
    let rule = long_rule();
    let body = json!({"text": rule}).to_string();
    let took: Vec<Duration> = (0..ATTEMPTS).map(|_| ask_and_leave(&server, "/api/segments/preview", &body)).collect();
    assert!(took.iter().min() <= Some(&ENDS_WITHIN), "{took:?}");
    // The same of a question that is asked elsewhere, while others are answered.
    let sets = json!({"sets": [{"text": rule}, {"text": "visits >= 5"}]}).to_string();
    let (took, others) = std::thread::scope(|scope| {
        let leaver = scope.spawn(|| ask_and_leave(&server, "/api/overlap", &sets));
        let others: Vec<u64> = (0..20).map(|_| server.count("visits >= 5")).collect();
        (leaver.join().expect("no panic"), others)
    });
    assert!(took < Duration::from_secs(5), "{took:?}");
    assert!(others.iter().all(|count| *count == PROFILES as u64 / 2), "{others:?}");
    // Numbers of one digit end in no two.
    let wanted = (PROFILES / 100 * PATTERNS - 10) as u64;
    for _ in 0..3 {
        assert_eq!(server.count(&rule), wanted, "the half of a count was kept");
    }
}

#[test]
fn a_question_that_takes_too_long_is_refused_in_words_and_others_are_answered() {
    let server = loaded(&["--query-seconds", "0.2"]);
    for (path, body, asked) in [
        ("/api/segments/preview", json!({"text": long_rule()}), "this preview"),
        ("/api/overlap", json!({"sets": [{"text": long_rule()}, {"text": "visits >= 5"}]}), "POST /api/overlap"),
    ] {
        let before = stopped(&server, "time");
        let problem = server.post(path, &body).refuses(503, "", "query_too_long");
        let message = problem["message"].as_str().expect("words");
        assert!(message.starts_with(asked) && message.contains("0.2 seconds"), "{message}");
        assert!(message.contains("--query-seconds"), "{message}");
        assert_eq!(stopped(&server, "time"), before + 1);
        assert_eq!(server.count("visits >= 5"), PROFILES as u64 / 2);
        server.post(path, &body).refuses(503, "", "query_too_long");
    }
}
