//! Feeds over HTTP: pages, streams that resume, restarts, histories and forecasts.

use std::io::{BufRead, BufReader, Write};
use std::net::TcpStream;
use std::time::Duration;

use harness::server::Server;
use serde_json::{Value as Json, json};

/// A server with a segment of those who spent a hundred, and its id.
fn with_segment(arguments: &[&str]) -> (Server, u64) {
    let server = Server::start_with(arguments);
    server.load("{\"id\": 1, \"spent\": 50}\n{\"id\": 2, \"spent\": 150}\n{\"id\": \"x\", \"spent\": 7}\n");
    let segment = server.post("/api/segments", &json!({"name": "big", "text": "spent >= 100"})).expect(201);
    (server, segment["id"].as_u64().expect("an id"))
}

/// Changes a profile and waits until the feed has told of it: several changes at once would be told as one.
fn spend(server: &Server, id: &str, spent: u64) {
    server.patch(&format!("/api/profiles/{id}"), &json!({"spent": spent})).expect(200);
    server.get("/api/segments/1/changes").expect(200);
}

/// Entries in short: who did what, and why.
fn short(items: &Json) -> Vec<String> {
    let short = |item: &Json| format!("{} {} {}", item["id"], item["change"], item["cause"]).replace('"', "");
    items.as_array().expect("items").iter().map(short).collect()
}

#[test]
fn changes_come_in_order_and_page_by_page() {
    let (server, id) = with_segment(&[]);
    let path = format!("/api/segments/{id}/changes");
    let first = server.get(&path).expect(200);
    assert_eq!((short(&first["items"]).len(), &first["next"]), (0, &first["oldest"]));
    spend(&server, "1", 100);
    spend(&server, "x", 200);
    spend(&server, "2", 99);
    server.delete("/api/profiles/x").expect(200);
    server.get(&path).expect(200);
    server.put(&format!("/api/segments/{id}"), &json!({"text": "spent >= 50"})).expect(200);
    let wanted = ["1 entered write", "x entered write", "2 left write", "x left erase", "2 entered definition"];
    let mut told = Vec::new();
    let mut since = first["next"].as_u64().expect("a number");
    loop {
        let page = server.get(&format!("{path}?since={since}&limit=2")).expect(200);
        told.extend(page["items"].as_array().expect("items").iter().cloned());
        since = page["next"].as_u64().expect("a number");
        if page["more"] == false {
            break;
        }
    }
    // Who was erased is named by the entry that says so, and by no other.
    let named: Vec<String> = wanted.iter().map(|text| text.replace("x entered", "null entered")).collect();
    assert_eq!(short(&told.clone().into()), named);
    assert!(told.iter().all(|item| item["seq"].as_u64() > first["next"].as_u64() && item.get("fields").is_none()));
    assert!(told.windows(2).all(|pair| pair[0]["seq"].as_u64() < pair[1]["seq"].as_u64()));

    server.get("/api/segments/999/changes").refuses(404, "", "not_found");
    assert_eq!(server.get(&format!("{path}?since=0")).expect(200)["items"], Json::from(told));
    server.get(&format!("{path}?since=99999999")).refuses(410, "/since", "no_longer_kept");
    server.get(&format!("{path}?since=x")).refuses(422, "/since", "bad_since");
    for limit in ["0", "1001", "x"] {
        server.get(&format!("{path}?limit={limit}")).refuses(422, "/limit", "bad_limit");
    }
    server.get(&format!("{path}?limit=1000")).expect(200);
}

#[test]
fn time_alone_moves_people_at_the_exact_instant() {
    let server = Server::start();
    let now = server.post("/api/segments/preview", &json!({"text": "id exists"}));
    // Without a profile there is no schema; what counts is the server's clock.
    let now = now.expect(200)["now"].as_str().expect("an instant").to_owned();
    let at = muster_engine::time::Timestamp::parse(&now).expect("an instant").0;
    let seen = muster_engine::time::Timestamp(at).plus_days(-30).0 + 1_500_000;
    let seen = muster_engine::time::Timestamp(seen);
    server.load(&format!("{{\"id\": 1, \"seen\": \"{seen}\"}}\n{{\"id\": 2, \"seen\": \"{now}\"}}\n"));
    let segment = server.post("/api/segments", &json!({"name": "fresh", "text": "seen within 30 days"})).expect(201);
    assert_eq!(segment["count"], 2);
    let path = format!("/api/segments/{}/changes", segment["id"]);
    let item = (0..100).find_map(|_| {
        std::thread::sleep(Duration::from_millis(100));
        server.get(&path).expect(200)["items"].get(0).cloned()
    });
    let item = item.expect("somebody left");
    let instant = muster_engine::time::Timestamp(seen.plus_days(30).0 + 1).to_string();
    let wanted = (&json!(1), &json!("left"), &json!("time"), &json!(instant));
    assert_eq!((&item["id"], &item["change"], &item["cause"], &item["at"]), wanted);

    let history = server.get(&format!("/api/segments/{}/history", segment["id"])).expect(200);
    let points = history["items"].as_array().expect("points");
    assert_eq!((&history["count"], &points[points.len() - 1]["count"]), (&json!(1), &json!(1)), "{history}");
    assert_eq!(points.iter().filter_map(|point| point["left"].as_u64()).sum::<u64>(), 1);
    server.get(&format!("/api/segments/{}/history?resolution=week", segment["id"])).refuses(
        422,
        "/resolution",
        "bad_resolution",
    );
    let forecast = server.get(&format!("/api/segments/{}/forecast?days=31", segment["id"])).expect(200);
    let counts: Vec<u64> =
        forecast["items"].as_array().expect("days").iter().filter_map(|day| day["count"].as_u64()).collect();
    assert_eq!(counts, [[1; 29].as_slice(), &[0, 0]].concat(), "{forecast}");
    for days in ["0", "367"] {
        let refused = server.get(&format!("/api/segments/{}/forecast?days={days}", segment["id"]));
        refused.refuses(422, "/days", "bad_limit");
    }
}

/// A stream of events.
struct Stream(BufReader<TcpStream>);

impl Stream {
    fn open(server: &Server, path: &str, last: Option<&str>) -> Self {
        let mut stream = TcpStream::connect(server.address()).expect("a connection");
        stream.set_read_timeout(Some(Duration::from_secs(30))).expect("a timeout");
        let last = last.map(|id| format!("last-event-id: {id}\r\n")).unwrap_or_default();
        write!(stream, "GET {path} HTTP/1.1\r\nhost: x\r\n{last}\r\n").expect("a request");
        Self(BufReader::new(stream))
    }

    /// The next event: its name, id and data.
    fn next(&mut self) -> (String, String, Json) {
        let (mut name, mut id, mut data) = (String::new(), String::new(), Json::Null);
        loop {
            let mut line = String::new();
            assert!(self.0.read_line(&mut line).expect("a line") > 0, "the stream ended");
            let line = line.trim_end();
            if let Some(text) = line.strip_prefix("event: ") {
                name = text.to_owned();
            } else if let Some(text) = line.strip_prefix("id: ") {
                id = text.to_owned();
            } else if let Some(text) = line.strip_prefix("data: ") {
                data = serde_json::from_str(text).expect("JSON");
            } else if line.is_empty() && !name.is_empty() {
                return (name, id, data);
            }
        }
    }
}

#[test]
fn a_stream_resumes_where_it_ended() {
    let (mut server, id) = with_segment(&[]);
    let path = format!("/api/segments/{id}/changes/stream");
    server.get(&format!("/api/segments/{id}/changes")).expect(200);
    let mut stream = Stream::open(&server, &path, None);
    let mut head = String::new();
    stream.0.read_line(&mut head).expect("a status");
    assert!(head.starts_with("HTTP/1.1 200"), "{head}");
    // The answer's head says that it listens.
    spend(&server, "1", 100);
    let (name, seq, data) = stream.next();
    assert_eq!((name.as_str(), data["seq"].to_string(), &data["id"]), ("change", seq.clone(), &json!(1)));
    drop(stream);
    spend(&server, "2", 1);
    spend(&server, "1", 1);
    let mut again = Stream::open(&server, &path, Some(&seq));
    assert_eq!([again.next(), again.next()].map(|(_, _, data)| data["id"].clone()), [json!(2), json!(1)]);
    let missed = Stream::open(&server, &path, Some("99999999")).0.lines().next();
    assert!(missed.expect("a line").expect("a status").starts_with("HTTP/1.1 410"));
    server.terminate();
    assert_eq!(again.next().0, "end");
    assert_eq!(server.wait(), Some(0), "a stream does not keep the server from stopping");
}

#[test]
fn what_was_told_is_there_after_a_kill_and_what_was_not_is_told_then() {
    let folder = tempfile::tempdir().expect("a folder");
    let data = folder.path().to_str().expect("a path").to_owned();
    let (server, id) = with_segment(&["--data", &data]);
    let path = format!("/api/segments/{id}/changes");
    let start = server.get(&path).expect(200)["next"].as_u64().expect("a number");
    spend(&server, "1", 100);
    let before = server.get(&format!("{path}?since={start}")).expect(200);
    let mut told = vec!["1 entered write"];
    assert_eq!(short(&before["items"]), told);
    // Nobody waits for the feed: whether it has seen this change is left open.
    server.patch("/api/profiles/2", &json!({"spent": 1})).expect(200);
    server.kill();
    drop(server);
    for restart in 0..2 {
        let server = Server::start_with(&["--data", &data]);
        if restart == 0 {
            told.push("2 left write");
        }
        let after = server.get(&format!("{path}?since={start}")).expect(200);
        assert_eq!(short(&after["items"]), told, "{after}");
        assert_eq!(after["items"][0], before["items"][0]);
        let rest = server.get(&format!("{path}?since={}", before["next"])).expect(200);
        assert_eq!(short(&rest["items"]), told[1..], "{rest}");
        let id = if restart == 0 { "x" } else { "1" };
        spend(&server, id, 300 * (1 - restart));
        told.push(if restart == 0 { "x entered write" } else { "1 left write" });
        let after = server.get(&format!("{path}?since={start}")).expect(200);
        assert_eq!(short(&after["items"]), told, "{after}");
        server.kill();
    }
}
