//! Signing in with OpenID Connect: at a local issuer that keeps every rule, and at one that breaks them one by one.

mod browser;
mod issuer;
mod keys;

mod attacks;
mod people;
mod settings;

use std::path::Path;

use harness::server::Server;
use issuer::{CLIENT, Issuer, SECRET};
use keys::Signer;
use reqwest::Method;
use serde_json::json;
use tempfile::TempDir;

use super::house::{House, post};

/// A server that relies on an issuer.
struct Scene {
    house: House,
    issuer: Issuer,
    server: Server,
    _folder: TempDir,
}

impl Scene {
    /// With tenants acme and other, of which acme has invited Ann.
    fn new(signer: Signer, more: &[&str]) -> Self {
        let (house, issuer) = (House::new(), Issuer::start(signer));
        let folder = tempfile::tempdir().expect("a directory");
        let secret = folder.path().join("secret");
        std::fs::write(&secret, format!("{SECRET}\n")).expect("a file");
        let server = start(&house.data, &issuer.url, &secret, more);
        let ann = json!({"name": "Ann@example.com", "role": "marketer"});
        post(&server, house.key("acme admin"), "/api/users", &ann).expect(201);
        Self { house, issuer, server, _folder: folder }
    }

    /// What is in nobody's log.
    fn check_log(mut self) {
        let audit = super::house::get(&self.server, self.house.key("acme admin"), "/api/audit?limit=1000");
        self.server.terminate();
        assert_eq!(self.server.wait(), Some(0));
        let log = self.server.log();
        for secret in &self.issuer.inside().secrets {
            assert!(!log.contains(secret), "the log has {secret}");
            assert!(!audit.text.contains(secret), "the audit has {secret}");
        }
    }
}

fn start(data: &str, issuer: &str, secret: &Path, more: &[&str]) -> Server {
    let secret = secret.to_str().expect("UTF-8");
    let settings = ["--data", data, "--openid-issuer", issuer, "--openid-client-id", CLIENT];
    let more = [&["--openid-client-secret-file", secret, "--openid-public-url", browser::PUBLIC], more].concat();
    Server::start_with(&[&settings[..], &more].concat())
}

/// A request with the cookie of a session, as a page sends it.
fn from_page(server: &Server, browser: &browser::Browser, method: Method, path: &str) -> harness::server::Answer {
    let origin = format!("http://{}", server.address());
    let cookie = format!("muster={}", browser.cookies.get("muster").map_or("", String::as_str));
    server.send_as(method, path, "", "", &[("cookie", &cookie), ("origin", &origin)])
}
