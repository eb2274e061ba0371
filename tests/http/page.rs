//! The page as a browser gets it: a document that names files which are there, kept as long as they may be.

use std::path::Path;

use harness::server::Server;
use reqwest::blocking::{Client, Response};
use reqwest::header::{ACCEPT_ENCODING, CACHE_CONTROL, CONTENT_ENCODING, CONTENT_TYPE, ETAG, IF_NONE_MATCH, VARY};

const DIST: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/../server/web/dist/index.html");

/// Asks as a browser would, which decompresses by itself.
fn ask(server: &Server, path: &str, encoding: &str, known: &str) -> Response {
    let asked = Client::new().get(format!("{}{path}", server.address()));
    asked.header(ACCEPT_ENCODING, encoding).header(IF_NONE_MATCH, known).send().expect("an answer")
}

fn header(answer: &Response, name: impl reqwest::header::AsHeaderName) -> String {
    answer.headers().get(name).and_then(|value| value.to_str().ok()).unwrap_or_default().to_owned()
}

/// What the document loads.
fn files(document: &str) -> Vec<&str> {
    document.split('"').filter(|part| part.starts_with("/assets/")).collect()
}

#[test]
fn the_document_names_files_that_are_there() {
    let server = Server::start();
    let document = server.get("/").text;
    if !Path::new(DIST).exists() {
        assert!(document.contains("make page"), "a binary without the page says how to build it: {document}");
        return;
    }
    let files = files(&document);
    let is_there = |ending: &str| files.iter().any(|file| file.ends_with(ending));
    assert!(
        is_there(".js") && is_there(".css"),
        "the binary is older than the page: touch server/build.rs\n{document}"
    );
    for file in files {
        let answer = ask(&server, file, "br", "");
        assert_eq!(answer.status(), 200, "{file}");
        assert_eq!(header(&answer, CACHE_CONTROL), "public, max-age=31536000, immutable", "{file}");
        assert_eq!(header(&answer, VARY), "accept-encoding", "{file}");
        assert_eq!(header(&answer, CONTENT_ENCODING), "br", "{file}");
        assert_eq!(header(&ask(&server, file, "gzip, br;q=0", ""), CONTENT_ENCODING), "gzip", "{file}");
        assert_eq!(header(&ask(&server, file, "identity", ""), CONTENT_ENCODING), "", "{file}");
        let again = ask(&server, file, "br", &header(&answer, ETAG));
        assert_eq!((again.status().as_u16(), header(&again, ETAG)), (304, header(&answer, ETAG)), "{file}");
        assert_eq!(ask(&server, file, "gzip", &header(&answer, ETAG)).status(), 200, "another form of it is another");
    }
}

#[test]
fn every_address_of_the_page_is_the_document_and_no_other() {
    let server = Server::start();
    let document = server.get("/").text;
    for path in ["/app", "/app/segments", "/app/audiences/7"] {
        let answer = ask(&server, path, "identity", "");
        assert_eq!(header(&answer, CONTENT_TYPE), "text/html; charset=utf-8", "{path}");
        assert_eq!(header(&answer, CACHE_CONTROL), "no-cache", "{path}");
        assert_eq!(header(&answer, "x-content-type-options"), "nosniff", "{path}");
        assert_eq!(header(&answer, "referrer-policy"), "no-referrer", "{path}");
        let policy = header(&answer, "content-security-policy");
        for part in ["default-src 'self'", "object-src 'none'", "base-uri 'none'", "frame-ancestors 'none'"] {
            assert!(policy.contains(part), "{part} in {policy}");
        }
        assert!(!policy.contains("script-src") && !policy.contains("unsafe-eval"), "{policy}");
        assert_eq!(answer.text().expect("text"), document, "{path}");
    }
    for path in ["/assets/none.js", "/assets/../index.html", "/api/none", "/api/v1/app", "/nowhere", "/index.html"] {
        server.get(path).refuses(404, "", "unknown_path");
    }
}
