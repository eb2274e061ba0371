//! Two tenants with a key of each role, and requests that carry one.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::process::{Command, Output};

use harness::server::{Answer, Server, binary};
use reqwest::Method;
use serde_json::{Value as Json, json};
use tempfile::TempDir;

/// All roles, in the order of their rights.
pub(super) const ROLES: [&str; 5] = ["viewer", "analyst", "marketer", "admin", "operator"];

/// A value of a personal field: wherever it turns up, something leaks.
pub(super) const SECRET_ADDRESS: &str = "ann.secret@example.com";

/// Profiles of a tenant.
pub(super) const PEOPLE: &str = "{\"id\": 1, \"country\": \"DE\", \"visits\": 5, \"email\": \"ann.secret@example.com\"}\n\
                      {\"id\": 2, \"country\": \"FR\", \"visits\": 9, \"email\": \"bob@example.com\"}\n{\"id\": 3}\n";

/// A data directory, and the keys that were made for it.
pub(super) struct House {
    _folder: Option<TempDir>,
    pub(super) data: String,
    pub(super) keys: BTreeMap<String, String>,
}

pub(super) fn muster(arguments: &[&str]) -> Output {
    Command::new(binary()).args(arguments).output().expect("the binary can be started")
}

pub(super) fn succeed(arguments: &[&str]) -> String {
    let output = muster(arguments);
    assert!(output.status.success(), "{arguments:?}: {}", String::from_utf8_lossy(&output.stderr));
    String::from_utf8_lossy(&output.stdout).trim().to_owned()
}

impl House {
    /// Two tenants with a key of each role.
    pub(super) fn new() -> Self {
        let folder = tempfile::tempdir().expect("a directory");
        let data = folder.path().join("data");
        Self { _folder: Some(folder), ..Self::within(&data) }
    }

    /// The same in a directory that somebody else removes.
    pub(super) fn within(data: &Path) -> Self {
        let data = data.to_str().expect("UTF-8").to_owned();
        let mut house = Self { _folder: None, data, keys: BTreeMap::new() };
        for tenant in ["acme", "other"] {
            succeed(&["tenant", "create", "--data", &house.data, tenant]);
            for role in ROLES {
                house.add_key(&format!("{tenant} {role}"), tenant, role, &[]);
            }
        }
        house
    }

    pub(super) fn add_key(&mut self, name: &str, tenant: &str, role: &str, more: &[&str]) {
        let arguments = ["key", "create", "--data", &self.data, "--tenant", tenant, "--role", role];
        let key = succeed(&[&arguments[..], more].concat());
        assert!(key.starts_with("mk_") && key.lines().count() == 1, "{key}");
        self.keys.insert(name.to_owned(), key);
    }

    pub(super) fn start(&self) -> Server {
        Server::start_with(&["--data", &self.data])
    }

    pub(super) fn key(&self, name: &str) -> &str {
        &self.keys[name]
    }

    pub(super) fn tenant_folder(&self, tenant: &str) -> PathBuf {
        PathBuf::from(&self.data).join("tenants").join(tenant)
    }
}

/// A request with a key and a JSON body, if there is one.
pub(super) fn ask(server: &Server, key: &str, method: Method, path: &str, body: Option<&Json>) -> Answer {
    let authorization = format!("Bearer {key}");
    let (content_type, text) = body.map_or(("", String::new()), |body| ("application/json", body.to_string()));
    server.send_as(method, path, content_type, text, &[("authorization", &authorization)])
}

pub(super) fn get(server: &Server, key: &str, path: &str) -> Answer {
    ask(server, key, Method::GET, path, None)
}

pub(super) fn post(server: &Server, key: &str, path: &str, body: &Json) -> Answer {
    ask(server, key, Method::POST, path, Some(body))
}

pub(super) fn load(server: &Server, key: &str, people: &str) {
    let authorization = format!("Bearer {key}");
    let path = "/api/profiles/import?id_field=id&schema=infer";
    let headers = [("authorization", authorization.as_str())];
    server.send_as(Method::POST, path, "application/x-ndjson", people.to_owned(), &headers).expect(200);
}

/// Fills a tenant with one of everything.
pub(super) fn fill(server: &Server, key: &str) {
    load(server, key, PEOPLE);
    post(server, key, "/api/segments", &json!({"name": "ann", "text": format!("email is \"{SECRET_ADDRESS}\"")}))
        .expect(201);
    post(server, key, "/api/segments", &json!({"name": "regulars", "text": "visits >= 5"})).expect(201);
    ask(server, key, Method::PATCH, "/api/segments/1", Some(&json!({"owner": "me"}))).expect(200);
    let definition = json!({"name": "mail", "include_segments": ["ann", "regulars"]});
    post(server, key, "/api/audiences", &definition).expect(201);
    ask(server, key, Method::PATCH, "/api/audiences/1", Some(&json!({"owner": "me"}))).expect(200);
    let authorization = format!("Bearer {key}");
    let headers = [("authorization", authorization.as_str())];
    server.send_as(Method::POST, "/api/lists?name=l", "text/csv", "id\n1\n9\n", &headers).expect(201);
    post(server, key, "/api/audiences/1/snapshots", &json!({})).expect(201);
    post(server, key, "/api/audiences/1/snapshots", &json!({})).expect(201);
}

/// Every described route, with ids that lead nowhere unless said otherwise.
pub(super) fn routes(server: &Server) -> Vec<(Method, String)> {
    let description = server.get("/api/openapi.json").expect(200);
    let mut routes = Vec::new();
    for (path, methods) in description["paths"].as_object().expect("paths") {
        for method in methods.as_object().expect("methods").keys() {
            routes.push((method.to_uppercase().parse().expect("a method"), path.clone()));
        }
    }
    assert!(routes.len() > 80, "{}", routes.len());
    routes
}

/// A path in which every variable part is `id`.
pub(super) fn filled(path: &str, id: &str) -> String {
    path.split('/').map(|part| if part.starts_with('{') { id } else { part }).collect::<Vec<_>>().join("/")
}
