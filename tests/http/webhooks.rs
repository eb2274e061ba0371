//! Webhooks: what arrives, signed; what is tried again; where nothing is ever sent.

use std::io::{BufRead, BufReader, Read, Write};
use std::net::{TcpListener, TcpStream};
use std::sync::mpsc::{Receiver, channel};
use std::time::Duration;

use harness::server::Server;
use muster::limits::{WEBHOOK_ENTRIES_MAX, WEBHOOKS_MAX};
use serde_json::{Value as Json, json};
use sha2::{Digest, Sha256};

/// Time in which a message that is sent arrives.
pub(crate) const ARRIVAL_TIME_MAX: Duration = Duration::from_secs(30);

/// A message as it arrived.
#[derive(Debug)]
pub(crate) struct Arrived {
    head: Vec<String>,
    body: String,
}

impl Arrived {
    fn header(&self, name: &str) -> &str {
        let line = self.head.iter().find_map(|line| line.strip_prefix(&format!("{name}: ")));
        line.unwrap_or_else(|| panic!("no {name}: {:?}", self.head))
    }

    fn json(&self) -> Json {
        serde_json::from_str(&self.body).expect("JSON")
    }

    /// Changes in short.
    fn changes(&self) -> Vec<String> {
        let short = |item: &Json| format!("{} {}", item["id"], item["change"]).replace('"', "");
        self.json()["data"]["items"].as_array().expect("items").iter().map(short).collect()
    }
}

/// A receiver that answers with these statuses, then with 204; a status of 0 answers nothing at all.
pub(crate) fn receiver(statuses: &'static [u16]) -> (String, Receiver<Arrived>) {
    let listener = TcpListener::bind("127.0.0.1:0").expect("a free port");
    let url = format!("http://{}/hook?a=b", listener.local_addr().expect("an address"));
    let (sender, arrived) = channel();
    std::thread::spawn(move || {
        for (number, stream) in listener.incoming().enumerate() {
            let message = read(&stream.expect("a connection"), *statuses.get(number).unwrap_or(&204));
            if sender.send(message).is_err() {
                return;
            }
        }
    });
    (url, arrived)
}

fn read(mut stream: &TcpStream, status: u16) -> Arrived {
    let mut from = BufReader::new(stream.try_clone().expect("the same stream"));
    let mut head = Vec::new();
    loop {
        let mut line = String::new();
        from.read_line(&mut line).expect("a line");
        if line.trim().is_empty() {
            break;
        }
        head.push(line.trim().to_owned());
    }
    let length = head.iter().find_map(|line| line.strip_prefix("content-length: ")).expect("a length");
    let mut body = vec![0; length.parse().expect("a number")];
    from.read_exact(&mut body).expect("a body");
    if status > 0 {
        write!(stream, "HTTP/1.1 {status} X\r\nlocation: http://127.0.0.1:1/\r\ncontent-length: 2\r\n\r\nok")
            .expect("sent");
    }
    Arrived { head, body: String::from_utf8(body).expect("UTF-8") }
}

/// HMAC after RFC 2104, written out, and base64 after RFC 4648.
fn signature(secret: &str, content: &str) -> String {
    let mut key = [0; 64];
    let bytes = from_base64(secret.strip_prefix("whsec_").expect("its prefix"));
    key[..bytes.len()].copy_from_slice(&bytes);
    let inner = Sha256::new().chain_update(key.map(|byte| byte ^ 0x36)).chain_update(content).finalize();
    let outer = Sha256::new().chain_update(key.map(|byte| byte ^ 0x5c)).chain_update(inner).finalize();
    to_base64(&outer)
}

const DIGITS: &[u8; 64] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";

fn from_base64(text: &str) -> Vec<u8> {
    let digit = |byte: u8| DIGITS.iter().position(|digit| *digit == byte).map(|place| place as u32);
    let digits: Vec<u32> = text.bytes().filter_map(digit).collect();
    let bits: Vec<u8> = digits.iter().flat_map(|digit| (0..6).rev().map(move |bit| (digit >> bit & 1) as u8)).collect();
    bits.chunks_exact(8).map(|byte| byte.iter().fold(0, |all, bit| all << 1 | bit)).collect()
}

fn to_base64(bytes: &[u8]) -> String {
    let bits: Vec<u8> = bytes.iter().flat_map(|byte| (0..8).rev().map(move |bit| byte >> bit & 1)).collect();
    let digit = |bits: &[u8]| DIGITS[usize::from(bits.iter().fold(0, |all, bit| all << 1 | bit) << (6 - bits.len()))];
    let mut text: String = bits.chunks(6).map(|bits| char::from(digit(bits))).collect();
    while !text.len().is_multiple_of(4) {
        text.push('=');
    }
    text
}

fn server(data: &[&str]) -> Server {
    let server = Server::start_with(&[&["--allow-private-webhooks"], data].concat());
    server.load("{\"id\": 1, \"spent\": 50}\n{\"id\": 2, \"spent\": 150}\n");
    for (name, text) in [("big", "spent >= 100"), ("small", "spent < 100")] {
        server.post("/api/segments", &json!({"name": name, "text": text})).expect(201);
    }
    server.get("/api/segments/small/changes").expect(200);
    server
}

/// Changes a profile and waits until the feed has told of it: several changes at once would be told as one.
fn spend(server: &Server, id: u64, spent: u64) {
    server.patch(&format!("/api/profiles/{id}"), &json!({"spent": spent})).expect(200);
    server.get("/api/segments/1/changes").expect(200);
}

/// Waits until a webhook is as it should be.
fn until(server: &Server, id: &Json, is_so: impl Fn(&Json) -> bool) -> Json {
    let path = format!("/api/webhooks/{id}");
    let found = (0..300).find_map(|_| {
        std::thread::sleep(Duration::from_millis(100));
        Some(server.get(&path).expect(200)).filter(&is_so)
    });
    found.unwrap_or_else(|| panic!("{}", server.get(&path).text))
}

#[test]
fn messages_arrive_signed_and_in_order_and_are_tried_again() {
    let server = server(&[]);
    let (url, arrived) = receiver(&[500, 0]);
    let hook = server.post("/api/webhooks", &json!({"url": url, "segments": ["big"]})).expect(201);
    let secret = hook["secret"].as_str().expect("a secret").to_owned();
    spend(&server, 1, 100);
    let tries: Vec<Arrived> = (0..3).map(|_| arrived.recv_timeout(ARRIVAL_TIME_MAX).expect("a message")).collect();
    for message in &tries {
        assert_eq!(message.head[0], "POST /hook?a=b HTTP/1.1");
        let (id, time) = (message.header("webhook-id"), message.header("webhook-timestamp"));
        assert_eq!(id, tries[0].header("webhook-id"), "the same message is sent again");
        let content = format!("{id}.{time}.{}", message.body);
        assert_eq!(message.header("webhook-signature"), format!("v1,{}", signature(&secret, &content)));
        assert_eq!((message.changes(), &message.body), (vec!["1 entered".to_owned()], &tries[0].body));
    }
    let (body, item) = (tries[0].json(), tries[0].json()["data"]["items"][0].clone());
    assert_eq!(
        (&body["type"], &item["segment"], &item["cause"]),
        (&json!("segment.changes"), &json!(1), &json!("write"))
    );
    spend(&server, 2, 99);
    spend(&server, 1, 99);
    let mut rest = Vec::new();
    while rest.len() < 2 {
        let message = arrived.recv_timeout(ARRIVAL_TIME_MAX).expect("a message");
        assert_ne!(message.header("webhook-id"), tries[0].header("webhook-id"));
        rest.extend(message.changes());
    }
    assert_eq!(rest, ["2 left", "1 left"]);
    let hook = until(&server, &hook["id"], |hook| hook["attempts"].as_array().is_some_and(|all| all.len() >= 4));
    let statuses: Vec<&Json> =
        hook["attempts"].as_array().expect("attempts").iter().map(|one| &one["status"]).collect();
    assert_eq!(statuses[..3], [&json!(500), &Json::Null, &json!(204)], "{hook}");
    assert!(hook["enabled"] == true && hook.get("secret").is_none(), "{hook}");
}

/// Attempts may be hours apart. A message that was not taken is not kept meanwhile, so it names nobody who was erased.
#[test]
fn a_message_that_is_sent_again_does_not_name_the_erased() {
    let (server, (url, arrived)) = (server(&[]), receiver(&[500]));
    let hook = server.post("/api/webhooks", &json!({"url": url, "segments": ["big"]})).expect(201);
    server.load("{\"id\": 1, \"spent\": 100}\n{\"id\": 3, \"spent\": 100}\n");
    let first = arrived.recv_timeout(ARRIVAL_TIME_MAX).expect("a message");
    assert_eq!(first.changes().len(), 2, "{first:?}");
    assert_eq!(server.delete("/api/profiles/1").status, 200);
    let again = arrived.recv_timeout(ARRIVAL_TIME_MAX).expect("the message again");
    assert_eq!(again.header("webhook-id"), first.header("webhook-id"));
    let mut changes = again.changes();
    changes.sort();
    assert_eq!(changes, ["3 entered", "null entered"]);
    assert_eq!(again.json()["timestamp"], first.json()["timestamp"]);
    // Only the change that tells of the erasure says who is to be erased elsewhere.
    let told = arrived.recv_timeout(ARRIVAL_TIME_MAX).expect("another message");
    assert_eq!((told.changes(), &told.json()["data"]["items"][0]["cause"]), (vec!["1 left".into()], &json!("erase")));
    until(&server, &hook["id"], |hook| hook["attempts"].as_array().is_some_and(|all| all.len() == 3));
}

/// What readers and receivers have heard of the original is not undone by going on from a copy of it.
#[test]
fn a_backup_carries_the_feed_and_who_is_sent_it() {
    let folder = tempfile::tempdir().expect("a folder");
    let path = |name: &str| folder.path().join(name).to_str().expect("UTF-8").to_owned();
    let (data, backups, restored) = (path("data"), path("backups"), path("restored"));
    let original = server(&["--data", &data, "--backup-dir", &backups]);
    let (url, arrived) = receiver(&[]);
    let hook = original.post("/api/webhooks", &json!({"url": url, "segments": ["big"]})).expect(201);
    let secret = hook["secret"].as_str().expect("a secret").to_owned();
    spend(&original, 1, 100);
    assert_eq!(arrived.recv_timeout(ARRIVAL_TIME_MAX).expect("a message").changes(), ["1 entered"]);
    let made = original.post("/api/backup", &json!({})).expect(200);
    // The original goes on.
    spend(&original, 2, 99);
    let later = arrived.recv_timeout(ARRIVAL_TIME_MAX).expect("a message");
    let heard = later.json()["data"]["items"][0]["seq"].as_u64().expect("a number");
    drop(original);
    let mode = |path: &str| {
        let permissions = folder.path().join(path).metadata().expect("a file").permissions();
        std::os::unix::fs::PermissionsExt::mode(&permissions) & 0o777
    };
    let backup = std::path::Path::new(made["directory"].as_str().expect("a directory"));
    assert_eq!(mode(backup.join("webhooks.json").to_str().expect("UTF-8")), 0o600, "the file holds secrets");
    let output = std::process::Command::new(harness::server::binary())
        .args(["restore", "--from", &backups, "--data", &restored])
        .output()
        .expect("the binary can be started");
    assert!(output.status.success(), "{output:?}");
    assert_eq!(mode("restored/webhooks.json"), 0o600);

    let copy = Server::start_with(&["--data", &restored, "--allow-private-webhooks"]);
    let gone = arrived.recv_timeout(ARRIVAL_TIME_MAX).expect("a message");
    assert_eq!(gone.json()["type"], "segment.gone", "{gone:?}");
    let (id, time) = (gone.header("webhook-id"), gone.header("webhook-timestamp"));
    let content = format!("{id}.{time}.{}", gone.body);
    assert_eq!(gone.header("webhook-signature"), format!("v1,{}", signature(&secret, &content)));
    let page = copy.get("/api/segments/1/changes").expect(200);
    assert_eq!((&page["items"][0]["id"], &page["items"][1]), (&json!(1), &Json::Null), "what was told is kept: {page}");
    copy.get(&format!("/api/segments/1/changes?since={heard}")).refuses(410, "/since", "no_longer_kept");
    spend(&copy, 2, 99);
    let after = arrived.recv_timeout(ARRIVAL_TIME_MAX).expect("a message");
    assert_eq!(after.changes(), ["2 left"]);
    assert!(after.json()["data"]["items"][0]["seq"].as_u64().expect("a number") > heard + (1 << 39), "{after:?}");
}

#[test]
fn who_is_gone_is_switched_off_and_hears_what_was_missed_when_switched_on() {
    let folder = tempfile::tempdir().expect("a folder");
    let data = folder.path().join("data").to_str().expect("UTF-8").to_owned();
    let started = server(&["--data", &data]);
    let (url, arrived) = receiver(&[302, 410]);
    let hook = started.post("/api/webhooks", &json!({"url": url})).expect(201);
    assert_eq!(hook["segments"], "all");
    spend(&started, 1, 100);
    let off = until(&started, &hook["id"], |hook| hook["enabled"] == false);
    assert!(off["disabled_because"].as_str().is_some_and(|why| why.contains("410")), "{off}");
    let first = off["attempts"][0]["error"].as_str().expect("why");
    assert!(first.contains("redirections are not followed"), "{first}");
    (0..2).for_each(|_| _ = arrived.recv_timeout(ARRIVAL_TIME_MAX).expect("an attempt"));
    spend(&started, 2, 99);
    started.terminate();
    drop(started);
    let mode = std::os::unix::fs::PermissionsExt::mode(
        &folder.path().join("data/webhooks.json").metadata().expect("a file").permissions(),
    );
    assert_eq!(mode & 0o777, 0o600, "the file holds secrets");

    let again = Server::start_with(&["--data", &data, "--allow-private-webhooks"]);
    let path = format!("/api/webhooks/{}", hook["id"]);
    assert_eq!(again.get(&path).expect(200)["enabled"], false);
    assert_eq!(again.patch(&path, &json!({"enabled": true})).expect(200)["enabled"], true);
    let mut missed = Vec::new();
    while missed.len() < 4 {
        missed.extend(arrived.recv_timeout(ARRIVAL_TIME_MAX).expect("a message").changes());
    }
    missed.sort();
    assert_eq!(missed, ["1 entered", "1 left", "2 entered", "2 left"]);
    assert_eq!(again.delete(&path).status, 204);
    again.get(&path).refuses(404, "", "not_found");
    assert_eq!(again.get("/api/webhooks").expect(200)["items"], json!([]));
}

#[test]
fn nothing_is_sent_to_the_machines_beside_this_one() {
    let server = Server::start();
    for url in [
        "http://example.com/",
        "https://127.0.0.1/",
        "https://[::1]:8080/",
        "https://10.1.2.3/",
        "https://169.254.169.254/",
        "https://[::ffff:192.168.0.1]/",
        "https://user:word@example.com/",
        "ftp://example.com/",
        "x",
    ] {
        server.post("/api/webhooks", &json!({"url": url})).refuses(422, "/url", "bad_address");
    }
    server.post("/api/webhooks", &json!({})).refuses(422, "", "missing_key");
    let unknown = json!({"url": "https://example.com/", "segments": ["nobody"]});
    server.post("/api/webhooks", &unknown).refuses(422, "/segments/0", "unknown_segment");
    let empty = json!({"url": "https://example.com/", "segments": []});
    server.post("/api/webhooks", &empty).refuses(422, "/segments", "empty_list");

    // A name is looked up when a message is sent, and what it leads to is looked at then.
    let listener = TcpListener::bind("127.0.0.1:0").expect("a free port");
    listener.set_nonblocking(true).expect("a listener that does not wait");
    let url = format!("https://localhost:{}/", listener.local_addr().expect("an address").port());
    let hook = server.post("/api/webhooks", &json!({"url": url})).expect(201);
    server.load("{\"id\": 1, \"spent\": 50}\n");
    server.post("/api/segments", &json!({"name": "big", "text": "spent >= 100"})).expect(201);
    server.get("/api/segments/1/changes").expect(200);
    spend(&server, 1, 100);
    let hook = until(&server, &hook["id"], |hook| hook["attempts"].as_array().is_some_and(|all| !all.is_empty()));
    let why = hook["attempts"][0]["error"].as_str().expect("why");
    assert!(why.contains("is no public address"), "{why}");
    assert!(listener.accept().is_err(), "somebody has connected");
}

#[test]
fn a_message_has_so_many_changes_and_the_next_one_the_rest() {
    let server = server(&[]);
    let (url, arrived) = receiver(&[]);
    server.post("/api/webhooks", &json!({"url": url, "segments": ["big"]})).expect(201);
    let ids = 1_000..=1_000 + WEBHOOK_ENTRIES_MAX;
    server.load(&ids.map(|id| format!("{{\"id\": {id}, \"spent\": 100}}\n")).collect::<String>());
    let next = || arrived.recv_timeout(ARRIVAL_TIME_MAX).expect("a message").changes().len();
    assert_eq!((next(), next()), (WEBHOOK_ENTRIES_MAX, 1));
}

#[test]
fn there_are_only_so_many() {
    let server = Server::start();
    let body = json!({"url": "https://example.com/"});
    for _ in 0..WEBHOOKS_MAX {
        server.post("/api/webhooks", &body).expect(201);
    }
    server.post("/api/webhooks", &body).refuses(422, "", "too_many_webhooks");
    assert_eq!(server.delete("/api/webhooks/7").status, 204);
    server.post("/api/webhooks", &body).expect(201);
}
