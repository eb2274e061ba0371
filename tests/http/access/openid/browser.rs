//! A browser as far as signing in needs one: it keeps cookies, and is led elsewhere step by step.

use std::collections::BTreeMap;

use harness::server::Server;
use reqwest::blocking::Client;
use reqwest::redirect::Policy;
use serde_json::Value as Json;

/// Where the issuer is told that the server is; nobody listens there.
pub(super) const PUBLIC: &str = "http://127.0.0.1:1";

pub(super) struct Browser {
    client: Client,
    /// Of the server.
    pub(super) cookies: BTreeMap<String, String>,
    /// What it wants to read.
    pub(super) accept: &'static str,
    pub(super) headers: Vec<(&'static str, &'static str)>,
}

/// What came back.
#[derive(Debug)]
pub(super) struct Visit {
    pub(super) status: u16,
    pub(super) location: String,
    /// Cookies as they were set.
    pub(super) set: Vec<String>,
    pub(super) text: String,
}

impl Visit {
    /// The code of a refusal.
    pub(super) fn code(&self) -> (u16, String) {
        let problem: Json = serde_json::from_str(&self.text).unwrap_or_else(|error| panic!("{error}: {self:?}"));
        let code = problem["errors"][0]["code"].as_str().unwrap_or_else(|| panic!("no code: {problem}"));
        assert!(problem["detail"].as_str().is_some_and(|detail| detail.len() > 20), "{problem}");
        (self.status, code.to_owned())
    }
}

impl Browser {
    pub(super) fn new() -> Self {
        let client = Client::builder().redirect(Policy::none()).no_proxy().build().expect("a client");
        Self { client, cookies: BTreeMap::new(), accept: "application/json", headers: Vec::new() }
    }

    fn visit(&self, url: &str, cookies: &str) -> Visit {
        let mut request = self.client.get(url).header("accept", self.accept).header("cookie", cookies);
        for (name, value) in &self.headers {
            request = request.header(*name, *value);
        }
        let response = request.send().unwrap_or_else(|error| panic!("{url}: {error}"));
        let all = |name: &str| {
            let values = response.headers().get_all(name).iter();
            values.map(|value| value.to_str().expect("ASCII").to_owned()).collect::<Vec<_>>()
        };
        let (status, location, set) = (response.status().as_u16(), all("location").concat(), all("set-cookie"));
        Visit { status, location, set, text: response.text().expect("a body") }
    }

    /// Asks the server; cookies are kept.
    pub(super) fn get(&mut self, server: &Server, path: &str) -> Visit {
        let cookies: Vec<String> = self.cookies.iter().map(|(name, value)| format!("{name}={value}")).collect();
        let visit = self.visit(&format!("http://{}{path}", server.address()), &cookies.join("; "));
        for set in &visit.set {
            let (name, value) = set.split(';').next().and_then(|pair| pair.split_once('=')).expect("a pair");
            match value {
                "" => drop(self.cookies.remove(name)),
                value => drop(self.cookies.insert(name.to_owned(), value.to_owned())),
            }
        }
        visit
    }

    /// Goes to the issuer and up to the door of the server: the path that the issuer leads back to.
    pub(super) fn go(&mut self, server: &Server, query: &str) -> String {
        let begun = self.get(server, &format!("/api/session/openid{query}"));
        assert_eq!(begun.status, 303, "{begun:?}");
        let there = self.visit(&begun.location, "");
        assert_eq!(there.status, 302, "{there:?}");
        there.location.strip_prefix(PUBLIC).unwrap_or_else(|| panic!("{there:?}")).to_owned()
    }

    /// The whole way.
    pub(super) fn sign_in(&mut self, server: &Server, query: &str) -> Visit {
        let back = self.go(server, query);
        self.get(server, &back)
    }
}
