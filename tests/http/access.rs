//! Who may what: every route for every role, of the own tenant and of others; keys, tenants, limits, the audit.

use std::collections::BTreeMap;
use std::path::PathBuf;
use std::process::{Command, Output};
use std::time::Duration;

use harness::server::{Answer, Server, binary};
use reqwest::Method;
use serde_json::{Value as Json, json};
use tempfile::TempDir;

/// All roles, in the order of their rights.
const ROLES: [&str; 5] = ["viewer", "analyst", "marketer", "admin", "operator"];

/// A value of a personal field: wherever it turns up, something leaks.
const SECRET_ADDRESS: &str = "ann.secret@example.com";

/// Profiles of a tenant.
const PEOPLE: &str = "{\"id\": 1, \"country\": \"DE\", \"visits\": 5, \"email\": \"ann.secret@example.com\"}\n\
                      {\"id\": 2, \"country\": \"FR\", \"visits\": 9, \"email\": \"bob@example.com\"}\n{\"id\": 3}\n";

/// A data directory, and the keys that were made for it.
struct House {
    _folder: TempDir,
    data: String,
    keys: BTreeMap<String, String>,
}

fn muster(arguments: &[&str]) -> Output {
    Command::new(binary()).args(arguments).output().expect("the binary can be started")
}

fn succeed(arguments: &[&str]) -> String {
    let output = muster(arguments);
    assert!(output.status.success(), "{arguments:?}: {}", String::from_utf8_lossy(&output.stderr));
    String::from_utf8_lossy(&output.stdout).trim().to_owned()
}

impl House {
    /// Two tenants with a key of each role.
    fn new() -> Self {
        let folder = tempfile::tempdir().expect("a directory");
        let data = folder.path().join("data").to_str().expect("UTF-8").to_owned();
        let mut house = Self { _folder: folder, data, keys: BTreeMap::new() };
        for tenant in ["acme", "other"] {
            succeed(&["tenant", "create", "--data", &house.data, tenant]);
            for role in ROLES {
                house.add_key(&format!("{tenant} {role}"), tenant, role, &[]);
            }
        }
        house
    }

    fn add_key(&mut self, name: &str, tenant: &str, role: &str, more: &[&str]) {
        let arguments = ["key", "create", "--data", &self.data, "--tenant", tenant, "--role", role];
        let key = succeed(&[&arguments[..], more].concat());
        assert!(key.starts_with("mk_") && key.lines().count() == 1, "{key}");
        self.keys.insert(name.to_owned(), key);
    }

    fn start(&self) -> Server {
        Server::start_with(&["--data", &self.data])
    }

    fn key(&self, name: &str) -> &str {
        &self.keys[name]
    }

    fn tenant_folder(&self, tenant: &str) -> PathBuf {
        PathBuf::from(&self.data).join("tenants").join(tenant)
    }
}

/// A request with a key and a JSON body, if there is one.
fn ask(server: &Server, key: &str, method: Method, path: &str, body: Option<&Json>) -> Answer {
    let authorization = format!("Bearer {key}");
    let (content_type, text) = body.map_or(("", String::new()), |body| ("application/json", body.to_string()));
    server.send_as(method, path, content_type, text, &[("authorization", &authorization)])
}

fn get(server: &Server, key: &str, path: &str) -> Answer {
    ask(server, key, Method::GET, path, None)
}

fn post(server: &Server, key: &str, path: &str, body: &Json) -> Answer {
    ask(server, key, Method::POST, path, Some(body))
}

fn load(server: &Server, key: &str, people: &str) {
    let authorization = format!("Bearer {key}");
    let path = "/api/profiles/import?id_field=id&schema=infer";
    let headers = [("authorization", authorization.as_str())];
    server.send_as(Method::POST, path, "application/x-ndjson", people.to_owned(), &headers).expect(200);
}

/// What each route needs, as a person would write it down: the roles that may, by their first letters.
const WRITTEN: &[(&str, &str)] = &[
    // Counts and definitions: everybody but operators.
    (
        "vama",
        "GET /api/schema|POST /api/fields/{name}/distribution|POST /api/segments/preview|GET /api/segments/new|\
        GET /api/segments|GET /api/segments/{id}|POST /api/segments/{id}/refresh|GET /api/segments/{id}/used-by|\
        POST /api/segments/{id}/diff|POST /api/segments/lint|POST /api/segments/reach|POST /api/segments/relax|\
        GET /api/segments/{id}/versions|GET /api/segments/{id}/versions/{version}|\
        GET /api/segments/{id}/versions/{version}/diff/{other}|GET /api/segments/{id}/history|\
        GET /api/segments/{id}/forecast|POST /api/overlap|POST /api/overlap/matrix|GET /api/dashboard|\
        POST /api/audiences/preview|GET /api/audiences|GET /api/audiences/{id}|GET /api/audiences/{id}/versions|\
        GET /api/audiences/{id}/versions/{version}|GET /api/audiences/{id}/versions/{version}/diff/{other}|\
        GET /api/lists|GET /api/lists/{id}|GET /api/lists/{id}/used-by|GET /api/snapshots|GET /api/snapshots/{id}|\
        POST /api/snapshots/{id}/verify|GET /api/settings/personal-fields",
    ),
    // People.
    (
        "-ama",
        "GET /api/profiles|GET /api/profiles/{id}|GET /api/segments/{id}/members|POST /api/segments/explain|\
        GET /api/segments/{id}/explain/{profile}|GET /api/segments/{id}/versions/{version}/members|\
        GET /api/segments/{id}/changes|GET /api/segments/{id}/changes/stream|GET /api/audiences/{id}/members|\
        GET /api/audiences/{id}/explain/{profile}|GET /api/audiences/{id}/versions/{version}/members|\
        GET /api/snapshots/{id}/members|GET /api/snapshots/{id}/export|GET /api/snapshots/{id}/diff/{other}",
    ),
    // What is saved.
    (
        "--ma",
        "POST /api/segments|PUT /api/segments/{id}|PATCH /api/segments/{id}|DELETE /api/segments/{id}|\
        POST /api/segments/{id}/members|POST /api/segments/{id}/versions/{version}/restore|POST /api/audiences|\
        PUT /api/audiences/{id}|PATCH /api/audiences/{id}|DELETE /api/audiences/{id}|\
        POST /api/audiences/{id}/import-csv|POST /api/audiences/{id}/snapshots|\
        POST /api/audiences/{id}/versions/{version}/restore|POST /api/lists|DELETE /api/lists/{id}|\
        POST /api/snapshots/batch|DELETE /api/snapshots/{id}",
    ),
    // People's data, and what leaves the house.
    (
        "---a",
        "PUT /api/schema|POST /api/profiles/import|PATCH /api/profiles/{id}|DELETE /api/profiles/{id}|\
        GET /api/erasures|GET /api/webhooks|POST /api/webhooks|GET /api/webhooks/{id}|PATCH /api/webhooks/{id}|\
        DELETE /api/webhooks/{id}|PUT /api/settings/personal-fields",
    ),
    ("---ao", "GET /api/keys|POST /api/keys|DELETE /api/keys/{prefix}|POST /api/keys/{prefix}/rotate|GET /api/audit"),
    (
        "----o",
        "GET /metrics|GET /api/tenants|POST /api/tenants|GET /api/tenants/{id}|PATCH /api/tenants/{id}|\
        DELETE /api/tenants/{id}|GET /api/tenant-deletions|POST /api/checkpoint|POST /api/backup",
    ),
    ("vamao", "GET /api/health"),
];

/// Who may use a route.
fn written(route: &str) -> &'static str {
    let found = WRITTEN.iter().find(|(_, routes)| routes.split('|').any(|one| one == route));
    found.unwrap_or_else(|| panic!("say in the table who may {route}")).0
}

/// Every described route, with ids that lead nowhere unless said otherwise.
fn routes(server: &Server) -> Vec<(Method, String)> {
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
fn filled(path: &str, id: &str) -> String {
    path.split('/').map(|part| if part.starts_with('{') { id } else { part }).collect::<Vec<_>>().join("/")
}

#[test]
fn every_route_is_for_those_who_may_and_for_nobody_else() {
    let house = House::new();
    let server = house.start();
    for (method, path) in routes(&server) {
        let route = format!("{method} {path}");
        let may = written(&route);
        // Ids that lead nowhere and bodies that say nothing: whoever may is refused for that, and nothing is changed.
        let target = filled(&path, "987654321");
        for (role, letter) in ROLES.iter().zip("vamao".chars()) {
            let answer = ask(&server, house.key(&format!("acme {role}")), method.clone(), &target, Some(&json!([])));
            let at = ROLES.iter().position(|one| one == role).expect("a role");
            let is_allowed = may.chars().nth(at) == Some(letter);
            match is_allowed {
                true => assert!(![401, 403].contains(&answer.status), "{role} may {route}: {}", answer.text),
                false => drop(answer.refuses(403, "", "missing_right")),
            }
        }
        for headers in [&[][..], &[("authorization", "Bearer mk_0123456789ab_no")], &[("authorization", "Basic YTpi")]]
        {
            let answer = server.send_as(method.clone(), &target, "application/json", "[]", headers);
            match path.as_str() {
                "/api/health" => assert_eq!(answer.expect(200), json!({"ok": true})),
                _ => assert_eq!(answer.status, 401, "{route}: {}", answer.text),
            }
        }
    }
    server.get("/api/nothing").refuses(401, "", "missing_key");
    get(&server, house.key("acme viewer"), "/api/nothing").refuses(404, "", "unknown_path");
}

/// Fills a tenant with one of everything.
fn fill(server: &Server, key: &str) {
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

#[test]
fn what_another_tenant_has_is_as_if_it_were_not_there() {
    let house = House::new();
    let server = house.start();
    fill(&server, house.key("acme admin"));
    for (method, path) in routes(&server)
        .into_iter()
        .filter(|(_, path)| path.contains('{') && !path.contains("/keys/") && !path.contains("/tenants/"))
    {
        let own = house.key("other admin");
        // An id that acme has and one that nobody has: the same answer, but for the id that it quotes.
        let [left, right] = ["1", "987654321"].map(|id| {
            let answer = ask(
                &server,
                own,
                method.clone(),
                &filled(&path, id),
                Some(&json!({"text": "id exists", "profile": 1})),
            );
            (
                answer.status,
                answer
                    .text
                    .replace(&format!("\"{id}"), "\"ID")
                    .replace(&format!("\\\"{id}"), "\\\"ID")
                    .replace(&format!(" {id}"), " ID"),
            )
        });
        assert!(left.0 >= 400, "{method} {path}: {left:?}");
        assert_eq!(left, right, "{method} {path}");
    }
    let [other, acme] = ["other admin", "acme admin"]
        .map(|key| get(&server, house.key(key), "/api/profiles").expect(200)["total"].clone());
    assert_eq!((other, acme), (json!(0), json!(3)));
    // Whoever names another tenant is refused, in a body, in a query, as a number and as a string.
    for named in [json!("acme"), json!(7)] {
        let body = json!({"text": "id exists", "tenant_id": named});
        post(&server, house.key("other viewer"), "/api/segments/preview", &body).refuses(403, "", "other_tenant");
    }
    post(
        &server,
        house.key("other viewer"),
        "/api/segments/preview",
        &json!({"text": "id exists", "tenant_id": "other"}),
    )
    .expect(200);
    get(&server, house.key("other viewer"), "/api/segments?tenant_id=acme").refuses(403, "", "other_tenant");
    get(&server, house.key("other viewer"), "/api/segments?tenant_id=other").expect(200);
    // Keys and the audit of others.
    let prefix = house.key("acme viewer").split('_').nth(1).expect("a prefix").to_owned();
    let [theirs, nobodys] = [prefix.as_str(), "000000000000"].map(|prefix| {
        let answer = ask(&server, house.key("other admin"), Method::DELETE, &format!("/api/keys/{prefix}"), None);
        (answer.status, answer.text.replace(prefix, ""))
    });
    assert_eq!((theirs.0, &theirs), (404, &nobodys));
    get(&server, house.key("other admin"), "/api/keys?tenant=acme").refuses(404, "", "not_found");
    get(&server, house.key("other admin"), "/api/audit?tenant=acme").refuses(404, "", "not_found");
    let audit = get(&server, house.key("other admin"), "/api/audit?limit=1000").expect(200);
    assert!(audit["items"].as_array().expect("items").iter().all(|entry| entry["tenant"] == "other"), "{audit}");
}

#[test]
fn personal_fields_are_masked_wherever_they_would_be_shown() {
    let house = House::new();
    let server = house.start();
    let (admin, analyst, viewer) = (house.key("acme admin"), house.key("acme analyst"), house.key("acme viewer"));
    let personal = Some(json!({"fields": ["email"]}));
    ask(&server, admin, Method::PUT, "/api/settings/personal-fields", personal.as_ref()).expect(200);
    fill(&server, admin);
    let bodies = [
        json!({"text": "visits >= 5", "profile": 1, "explain": true, "lint": true, "pointer": "", "target": 2}),
        json!({"include_segments": ["ann"], "sample": 10}),
        json!({"sets": [{"segment": "ann"}, {"segment": "regulars"}]}),
        json!({"top": 10}),
        json!({}),
    ];
    let mut answered = 0;
    for (method, path) in routes(&server).into_iter().filter(|(_, path)| !path.ends_with("stream")) {
        let target = path.replace("{name}", "email").replace("{profile}", "1").replace("{other}", "2");
        let target = filled(&target, "1").replace("/versions/1/diff/1", "/versions/1/diff/2");
        let queries: &[&str] = if path.ends_with("export") { &["", "?format=ndjson"] } else { &[""] };
        for key in [analyst, viewer] {
            for (body, query) in bodies.iter().flat_map(|body| queries.iter().map(move |query| (body, query))) {
                let answer = ask(&server, key, method.clone(), &format!("{target}{query}"), Some(body));
                assert!(!answer.text.contains("ann.secret"), "{method} {target}{query} {body}: {}", answer.text);
                answered += usize::from(answer.status == 200);
            }
        }
    }
    assert!(answered > 150, "{answered}");
    let seen = get(&server, admin, "/api/profiles/1").expect(200);
    assert_eq!((&seen["fields"]["email"], &seen["masked"]), (&json!(SECRET_ADDRESS), &Json::Null));
    let seen = get(&server, analyst, "/api/profiles/1").expect(200);
    assert_eq!(
        (&seen["fields"]["email"], &seen["fields"]["visits"], &seen["masked"]),
        (&Json::Null, &json!(5), &json!(["email"]))
    );
    let seen = get(&server, viewer, "/api/segments/ann").expect(200);
    assert_eq!(
        (&seen["text"], &seen["count"], &seen["masked"]),
        (&Json::Null, &json!(1), &json!(["conditions", "criteria", "text"]))
    );
    let sample = post(&server, viewer, "/api/segments/preview", &json!({"text": "visits >= 5"})).expect(200);
    assert_eq!((&sample["count"], &sample["sample"][0]["id"]), (&json!(2), &Json::Null));
    let export = get(&server, analyst, "/api/snapshots/1/export").text;
    assert!(export.starts_with("id,country,visits"), "{export}");
    // Counting is asking.
    let probing = json!({"text": format!("email starts with \"ann\" and visits > 1")});
    for key in [viewer, analyst] {
        post(&server, key, "/api/segments/preview", &probing).refuses(403, "", "personal_field");
        post(&server, key, "/api/segments/lint", &probing).refuses(403, "", "personal_field");
        let sets = json!({"sets": [{"segment": "ann"}, probing]});
        post(&server, key, "/api/overlap", &sets).refuses(403, "", "personal_field");
        post(&server, key, "/api/fields/email/distribution", &json!({})).refuses(403, "", "personal_field");
        get(&server, analyst, "/api/snapshots/1/export?fields=email").refuses(403, "", "personal_field");
    }
    post(&server, admin, "/api/segments/preview", &probing).expect(200);
    post(&server, viewer, "/api/segments/preview", &probing).refuses(403, "", "personal_field");
    post(&server, viewer, "/api/audiences/preview", &json!({"include_customers": [1]})).refuses(
        403,
        "",
        "missing_right",
    );
    post(&server, viewer, "/api/segments/preview", &json!({"text": "id is 1"})).refuses(403, "", "missing_right");
    post(&server, analyst, "/api/segments/preview", &json!({"text": "id is 1"})).expect(200);
}

#[test]
fn keys_are_made_shown_once_rotated_and_revoked() {
    let house = House::new();
    let mut server = house.start();
    let (admin, operator) = (house.key("acme admin"), house.key("acme operator"));
    let made = post(&server, admin, "/api/keys", &json!({"role": "viewer", "name": "dashboard"})).expect(201);
    let (key, prefix) =
        (made["key"].as_str().expect("a key").to_owned(), made["prefix"].as_str().expect("a prefix").to_owned());
    get(&server, &key, "/api/segments").expect(200);
    let listed = get(&server, admin, "/api/keys").expect(200);
    let of = |listed: &Json, prefix: &str| {
        let items = listed["items"].as_array().expect("items").clone();
        items.into_iter().find(|item| item["prefix"] == prefix).expect("the key")
    };
    assert_eq!(
        (&of(&listed, &prefix)["name"], &of(&listed, &prefix)["is_active"]),
        (&json!("dashboard"), &json!(true))
    );
    assert!(!listed.to_string().contains(&key[16..]), "a list shows no secret");
    assert!(listed["items"].as_array().expect("items").iter().all(|item| item["tenant"] == "acme"));
    assert!(get(&server, operator, "/api/keys").expect(200)["items"].as_array().expect("items").len() > 10);
    // Nobody gives away what they do not have.
    post(&server, admin, "/api/keys", &json!({"role": "operator"})).refuses(403, "", "missing_right");
    post(&server, admin, "/api/keys", &json!({"role": "viewer", "tenant": "other"})).refuses(404, "", "not_found");
    post(&server, operator, "/api/keys", &json!({"role": "viewer", "tenant": "other"})).expect(201);
    post(&server, admin, "/api/keys", &json!({"role": "king"})).refuses(422, "/role", "unknown_value");
    // The old one is good beside the new one for as long as was asked for.
    let rotated =
        post(&server, admin, &format!("/api/keys/{prefix}/rotate"), &json!({"overlap_seconds": 600})).expect(201);
    let new = rotated["key"].as_str().expect("a key");
    assert_eq!(rotated["replaces"], prefix);
    for key in [&key, new] {
        get(&server, key, "/api/segments").expect(200);
    }
    let last = post(&server, admin, &format!("/api/keys/{prefix}/rotate"), &json!({"overlap_seconds": 0})).expect(201);
    get(&server, &key, "/api/segments").refuses(401, "", "unknown_key");
    assert_eq!(
        ask(&server, admin, Method::DELETE, &format!("/api/keys/{}", last["prefix"].as_str().expect("a prefix")), None)
            .status,
        204
    );
    get(&server, last["key"].as_str().expect("a key"), "/api/segments").refuses(401, "", "unknown_key");
    // One bit of a secret, and the prefix of another key.
    let other = format!("mk_{}_{}", new.split('_').nth(1).expect("a prefix"), &key[16..]);
    get(&server, &other, "/api/segments").refuses(401, "", "unknown_key");
    let refused = server.get("/api/segments");
    assert_eq!(refused.status, 401);
    // Last used, to the minute; after a restart too.
    get(&server, admin, "/api/audit?limit=1").expect(200);
    server.terminate();
    assert_eq!(server.wait(), Some(0));
    let log = server.log();
    for key in house.keys.values().map(String::as_str).chain([key.as_str(), new]) {
        assert!(!log.contains(&key[16..]), "the log has a secret");
    }
    let server = house.start();
    get(&server, new, "/api/segments").expect(200);
    get(&server, &key, "/api/segments").refuses(401, "", "unknown_key");
    assert!(of(&get(&server, admin, "/api/keys").expect(200), &prefix)["last_used_at"].is_string());
    // The command line ends a key beside the server.
    succeed(&["key", "revoke", "--data", &house.data, rotated["prefix"].as_str().expect("a prefix")]);
    std::thread::sleep(Duration::from_millis(1_200));
    get(&server, new, "/api/segments").refuses(401, "", "unknown_key");
}

#[test]
fn tenants_are_suspended_resumed_and_deleted() {
    let house = House::new();
    let server = house.start();
    let (admin, operator) = (house.key("acme admin"), house.key("other operator"));
    fill(&server, admin);
    assert!(house.tenant_folder("acme").is_dir());
    let change = |body: Json| ask(&server, operator, Method::PATCH, "/api/tenants/acme", Some(&body)).expect(200);
    change(json!({"suspended": true}));
    get(&server, admin, "/api/segments").refuses(403, "", "tenant_suspended");
    change(json!({"suspended": false, "segments": 3, "profiles": 3}));
    assert_eq!(get(&server, admin, "/api/segments").expect(200)["items"].as_array().expect("items").len(), 2);
    // As many as it may have, and no more.
    post(&server, admin, "/api/segments", &json!({"name": "third", "text": "id exists"})).expect(201);
    post(&server, admin, "/api/segments", &json!({"name": "fourth", "text": "id exists"})).refuses(507, "", "quota");
    let authorization = format!("Bearer {admin}");
    let import = server.send_as(
        Method::POST,
        "/api/profiles/import",
        "application/x-ndjson",
        "{\"id\": 4}\n",
        &[("authorization", &authorization)],
    );
    import.refuses(507, "", "quota");
    post(&server, operator, "/api/tenants", &json!({"id": "acme"})).refuses(409, "/id", "tenant_exists");
    for id in ["", "A", "../acme", "a b", ".", &"a".repeat(64)] {
        post(&server, operator, "/api/tenants", &json!({"id": id})).refuses(422, "/id", "bad_tenant_id");
    }
    ask(&server, operator, Method::DELETE, "/api/tenants/default", None).refuses(409, "", "default_tenant");
    let receipt = ask(&server, operator, Method::DELETE, "/api/tenants/acme", None).expect(202);
    get(&server, admin, "/api/segments").refuses(401, "", "unknown_key");
    for _ in 0..100 {
        let receipts = get(&server, operator, "/api/tenant-deletions").expect(200);
        let found = receipts["items"]
            .as_array()
            .expect("items")
            .iter()
            .find(|one| one["receipt"] == receipt["receipt"])
            .cloned();
        if found.is_some_and(|found| found["files_gone_at"].is_string()) {
            break;
        }
        std::thread::sleep(Duration::from_millis(50));
    }
    assert!(!house.tenant_folder("acme").exists());
    // Another one of that name has nothing of it, and its keys are not those of the first.
    post(&server, operator, "/api/tenants", &json!({"id": "acme"})).expect(201);
    get(&server, admin, "/api/segments").refuses(401, "", "unknown_key");
    let made = post(&server, operator, "/api/keys", &json!({"role": "admin", "tenant": "acme"})).expect(201);
    let fresh = made["key"].as_str().expect("a key");
    assert_eq!(get(&server, fresh, "/api/profiles").expect(200)["total"], 0);
}

#[test]
fn whoever_asks_too_often_is_told_when_to_come_again() {
    let mut house = House::new();
    house.add_key("slow", "acme", "viewer", &["--requests-per-second", "3"]);
    let server = house.start();
    let answers: Vec<Answer> = (0..12).map(|_| get(&server, house.key("slow"), "/api/segments")).collect();
    assert!(answers[..3].iter().all(|answer| answer.status == 200));
    let refused: Vec<&Answer> = answers.iter().filter(|answer| answer.status == 429).collect();
    assert!(!refused.is_empty());
    refused.iter().for_each(|answer| drop(answer.refuses(429, "", "too_often")));
    get(&server, house.key("acme viewer"), "/api/segments").expect(200);
    std::thread::sleep(Duration::from_millis(400));
    get(&server, house.key("slow"), "/api/segments").expect(200);
}

#[test]
fn the_audit_says_who_changed_what() {
    let house = House::new();
    let mut server = house.start();
    let (admin, marketer) = (house.key("acme admin"), house.key("acme marketer"));
    fill(&server, admin);
    post(&server, marketer, "/api/segments", &json!({"name": "more", "text": "visits > 1"})).expect(201);
    get(&server, admin, "/api/profiles").expect(200);
    ask(&server, marketer, Method::DELETE, "/api/profiles/3", None).refuses(403, "", "missing_right");
    ask(&server, admin, Method::DELETE, "/api/profiles/3", None).expect(200);
    let audit = get(&server, admin, "/api/audit").expect(200);
    let items = audit["items"].as_array().expect("items");
    let of = |method: &str, route: &str, status: u16| {
        let found = items.iter().find(|item| {
            item["method"] == method && item["route"] == route && item["status"] == status && item["role"] != Json::Null
        });
        found.unwrap_or_else(|| panic!("{method} {route}: {audit}"))
    };
    let made = items.iter().rfind(|item| item["route"] == "/api/segments").expect("an entry");
    assert_eq!(
        (&made["role"], &made["address"], &made["status"]),
        (&json!("marketer"), &json!("127.0.0.1"), &json!(201))
    );
    assert_eq!(made["key"], marketer.split('_').nth(1).expect("a prefix"));
    assert_eq!(made["version_before"].as_u64().map(|before| before + 1), made["version_after"].as_u64());
    assert_eq!(of("DELETE", "/api/profiles/{id}", 403)["role"], "marketer");
    assert_eq!(of("DELETE", "/api/profiles/{id}", 200)["target"], "/api/profiles/{id}", "it names no person");
    assert!(!items.iter().any(|item| item["method"] == "GET"), "{audit}");
    for key in house.keys.values() {
        assert!(!audit.to_string().contains(&key[16..]), "the audit has a secret");
    }
    // Page by page, as lines, and after a restart.
    let first = get(&server, admin, "/api/audit?limit=2").expect(200);
    let cursor = first["next_cursor"].as_str().expect("a cursor");
    let second = get(&server, admin, &format!("/api/audit?limit=2&cursor={cursor}")).expect(200);
    assert_eq!([&first["items"][0], &first["items"][1], &second["items"][0]], [&items[0], &items[1], &items[2]]);
    server.terminate();
    assert_eq!(server.wait(), Some(0));
    let server = house.start();
    let authorization = format!("Bearer {admin}");
    let headers = [("authorization", authorization.as_str()), ("accept", "application/x-ndjson")];
    let lines = server.send_as(Method::GET, "/api/audit", "", "", &headers);
    assert_eq!((lines.status, lines.content_type.as_str()), (200, "application/x-ndjson"));
    let lines: Vec<Json> = lines.text.lines().map(|line| serde_json::from_str(line).expect("JSON")).collect();
    assert_eq!(&lines, items);
    let since = items[3]["at"].as_str().expect("an instant");
    assert_eq!(get(&server, admin, &format!("/api/audit?since={since}")).expect(200)["items"][0], items[3]);
}

#[test]
fn without_keys_the_server_is_open_and_stays_on_loopback() {
    let folder = tempfile::tempdir().expect("a directory");
    let data = folder.path().join("data").to_str().expect("UTF-8").to_owned();
    let outside = ["serve", "--listen", "0.0.0.0:0", "--data", &data];
    assert_eq!(muster(&outside).status.code(), Some(2));
    let server = Server::start_with(&["--data", &data]);
    server.load(PEOPLE);
    assert_eq!(server.get("/api/keys").expect(200)["items"], json!([]));
    // From the first key on, one is needed.
    let made = server.post("/api/keys", &json!({"role": "admin"})).expect(201);
    server.get("/api/profiles").refuses(401, "", "missing_key");
    assert_eq!(get(&server, made["key"].as_str().expect("a key"), "/api/profiles").expect(200)["total"], 3);
}
