//! The end of a server: what is under way is finished or refused, nothing is half done, and the exit code says so.

use std::io::{Read, Write};
use std::net::TcpStream;
use std::time::Duration;

use harness::server::Server;

/// An upload of which the first half has been sent.
fn half_an_upload(server: &Server, rows: &str, length: usize) -> TcpStream {
    let mut stream = TcpStream::connect(server.address()).expect("a connection");
    stream.set_read_timeout(Some(Duration::from_secs(60))).expect("a time limit");
    let head = format!(
        "POST /api/profiles/import?id_field=id&schema=infer HTTP/1.1\r\nhost: x\r\nconnection: close\r\n\
         content-type: application/x-ndjson\r\ncontent-length: {length}\r\n\r\n"
    );
    stream.write_all(head.as_bytes()).expect("a head");
    stream.write_all(rows.as_bytes()).expect("half a body");
    stream.flush().expect("sent");
    stream
}

fn rest(mut stream: TcpStream) -> String {
    let mut answer = String::new();
    // A connection that is reset says no more than one that is closed.
    let _ = stream.read_to_string(&mut answer);
    answer
}

#[test]
fn an_upload_under_way_is_finished() {
    let mut server = Server::start();
    let rows = ["{\"id\": 1}\n", "{\"id\": 2}\n"];
    let mut stream = half_an_upload(&server, rows[0], rows.concat().len());
    // Nobody is there before the whole body is.
    assert_eq!(server.version(), 0);
    server.terminate();
    // Once it has stopped listening it has noticed.
    while TcpStream::connect(server.address()).is_ok() {
        std::thread::sleep(Duration::from_millis(20));
    }
    // A server that does not wait for what is under way is gone by now.
    std::thread::sleep(Duration::from_millis(500));
    stream.write_all(rows[1].as_bytes()).expect("the connection is still open");
    let answer = rest(stream);
    assert!(answer.starts_with("HTTP/1.1 200 OK"), "{answer}\n{}", server.log());
    assert!(answer.contains("\"inserted\":2"), "{answer}");
    assert_eq!(server.wait(), Some(0), "{}", server.log());
}

#[test]
fn an_upload_that_breaks_off_changes_nothing() {
    let server = Server::start();
    drop(half_an_upload(&server, "{\"id\": 1}\n", 1_000));
    let mut stream = half_an_upload(&server, "{\"id\": 1}\n", 1_000);
    stream.shutdown(std::net::Shutdown::Write).expect("an end");
    let mut answer = String::new();
    let _ = stream.read_to_string(&mut answer);
    assert!(answer.is_empty() || answer.starts_with("HTTP/1.1 400"), "{answer}");
    assert_eq!(server.version(), 0);
    server.load("{\"id\": 7}\n");
    assert_eq!(server.version(), 1);
}

#[test]
fn an_idle_server_stops_at_once() {
    let mut server = Server::start();
    server.get("/api/health").expect(200);
    server.terminate();
    assert_eq!(server.wait(), Some(0), "{}", server.log());
    // Lines wait to be written together; the end of the process takes none of them along.
    let is_whole = |log: &str| log.contains("\"message\":\"answered\"") && log.contains("\"message\":\"stopped\"");
    for _ in 0..100 {
        if is_whole(&server.log()) {
            return;
        }
        std::thread::sleep(Duration::from_millis(20));
    }
    panic!("the end of the log is missing: {}", server.log());
}
