//! People from the first invitation to the last session: signed in by cookie, from this origin only, and held up when they
//! guess.

use harness::server::{Answer, Server};
use reqwest::Method;
use serde_json::{Value as Json, json};

use super::house::{House, ask, get, muster, post, succeed};

const PASSWORD: &str = "correct horse battery";

/// A request as a page of the server sends it, with a cookie.
fn from_page(server: &Server, cookie: &str, method: Method, path: &str, body: Option<&Json>) -> Answer {
    let origin = format!("http://{}", server.address());
    send(server, &[("cookie", cookie), ("origin", &origin)], method, path, body)
}

fn send(server: &Server, headers: &[(&str, &str)], method: Method, path: &str, body: Option<&Json>) -> Answer {
    let (kind, text) = body.map_or(("", String::new()), |body| ("application/json", body.to_string()));
    server.send_as(method, path, kind, text, headers)
}

fn sign_in(server: &Server, tenant: &str, name: &str, password: &str) -> Answer {
    server.post("/api/session", &json!({"tenant": tenant, "name": name, "password": password}))
}

/// What a browser sends back of a cookie.
fn kept(answer: &Answer) -> String {
    assert!(answer.cookie.contains("; HttpOnly; SameSite=Lax; Max-Age="), "{}", answer.cookie);
    answer.cookie.split(';').next().expect("a pair").to_owned()
}

/// An account that has taken its invitation.
fn somebody(server: &Server, admin: &str, name: &str, role: &str) -> String {
    let made = post(server, admin, "/api/users", &json!({"name": name, "role": role})).expect(201);
    let taken = json!({"invitation": made["invitation"], "password": PASSWORD});
    let answer = server.post("/api/session/invitation", &taken);
    assert_eq!(answer.expect(200)["name"], name);
    kept(&answer)
}

#[test]
fn somebody_is_invited_signs_in_and_works() {
    let house = House::new();
    let server = house.start();
    let admin = house.key("acme admin");
    let made = post(&server, admin, "/api/users", &json!({"name": "Ann@example.com", "role": "marketer"})).expect(201);
    assert_eq!((&made["name"], &made["has_password"]), (&json!("ann@example.com"), &json!(false)));
    sign_in(&server, "acme", "ann@example.com", "").refuses(401, "", "wrong_password");
    let invitation = &made["invitation"];
    let weak = json!({"invitation": invitation, "password": "short"});
    server.post("/api/session/invitation", &weak).refuses(422, "/password", "weak_password");
    let taken = json!({"invitation": invitation, "password": PASSWORD});
    server.post("/api/session/invitation", &taken).expect(200);
    server.post("/api/session/invitation", &taken).refuses(404, "", "not_found");
    let answer = sign_in(&server, "acme", "ANN@example.com", PASSWORD);
    let who = answer.expect(200);
    assert_eq!((&who["by"], &who["role"], &who["tenant"]), (&json!("session"), &json!("marketer"), &json!("acme")));
    assert_eq!(who["rights"], json!(["count", "read_people", "see_personal", "write"]));
    let cookie = kept(&answer);
    let page = |method, path, body: Option<&Json>| from_page(&server, &cookie, method, path, body);
    assert_eq!(page(Method::GET, "/api/session", None).expect(200)["name"], "ann@example.com");
    page(Method::GET, "/api/segments", None).expect(200);
    page(Method::GET, "/api/users", None).refuses(403, "", "missing_right");
    // Only the tenant of the account.
    page(Method::GET, "/api/segments?tenant_id=other", None).refuses(403, "", "other_tenant");
    sign_in(&server, "other", "ann@example.com", PASSWORD).refuses(401, "", "wrong_password");
    // A key beside the cookie counts; one that is none is not made good by the cookie.
    let both = |key: &str| {
        let authorization = format!("Bearer {key}");
        send(&server, &[("cookie", &cookie), ("authorization", &authorization)], Method::GET, "/api/session", None)
    };
    assert_eq!(both(admin).expect(200)["by"], "key");
    both("mk_0123456789ab_no").refuses(401, "", "unknown_key");
}

#[test]
fn sessions_end_and_the_audit_says_whose_they_were() {
    let house = House::new();
    let mut server = house.start();
    let admin = house.key("acme admin");
    let cookie = somebody(&server, admin, "ann", "marketer");
    let page = |method, path, body: Option<&Json>| from_page(&server, &cookie, method, path, body);
    let made = page(Method::POST, "/api/segments", Some(&json!({"name": "all", "text": "id exists"})));
    // A new password ends every other session.
    let other = kept(&sign_in(&server, "acme", "ann", PASSWORD));
    let next = "another long password";
    let change = |old: &str, new: &str| {
        page(Method::PUT, "/api/session/password", Some(&json!({"old_password": old, "password": new})))
    };
    change("wrong wrong wrong", next).refuses(401, "", "wrong_password");
    change(PASSWORD, "short").refuses(422, "/password", "weak_password");
    assert_eq!(change(PASSWORD, next).status, 204);
    page(Method::GET, "/api/session", None).expect(200);
    from_page(&server, &other, Method::GET, "/api/session", None).refuses(401, "", "signed_out");
    let key = json!({"old_password": "a", "password": "b"});
    ask(&server, admin, Method::PUT, "/api/session/password", Some(&key)).refuses(403, "", "not_signed_in");
    // Sessions outlive a restart, and end when they are told to.
    let third = kept(&sign_in(&server, "acme", "ann", next));
    server.terminate();
    assert_eq!(server.wait(), Some(0));
    let log = server.log();
    for secret in [PASSWORD, next, cookie.trim_start_matches("muster=")] {
        assert!(!log.contains(secret), "the log has a secret");
    }
    let server = house.start();
    let page = |cookie: &str, method, path| from_page(&server, cookie, method, path, None);
    page(&third, Method::GET, "/api/session").expect(200);
    let out = page(&third, Method::DELETE, "/api/session");
    assert_eq!((out.status, out.cookie.starts_with("muster=; ")), (204, true), "{}", out.cookie);
    page(&third, Method::GET, "/api/session").refuses(401, "", "signed_out");
    page(&cookie, Method::GET, "/api/session").expect(200);
    let fourth = kept(&sign_in(&server, "acme", "ann", next));
    assert_eq!(page(&fourth, Method::DELETE, "/api/session?everywhere=true").status, 204);
    page(&cookie, Method::GET, "/api/session").refuses(401, "", "signed_out");
    // The audit says who.
    let audit = get(&server, admin, "/api/audit?limit=1000").expect(200);
    let entries = audit["items"].as_array().expect("items");
    let by_ann = |route: &str, status: u16| {
        entries
            .iter()
            .filter(|entry| entry["person"] == "ann" && entry["route"] == route && entry["status"] == status)
            .count()
    };
    assert_eq!(by_ann("/api/segments", made.status), 1, "{audit}");
    assert!(by_ann("/api/session", 200) == 3 && by_ann("/api/session", 401) == 0, "{audit}");
    assert_eq!((by_ann("/api/session", 204), by_ann("/api/session/password", 204)), (2, 1), "{audit}");
    assert!(!audit.to_string().contains(PASSWORD));
}

#[test]
fn a_change_from_another_site_is_refused_though_it_has_the_cookie() {
    let house = House::new();
    let server = house.start();
    let cookie = somebody(&server, house.key("acme admin"), "ann", "marketer");
    let body = json!({"name": "all", "text": "id exists"});
    let own = format!("http://{}", server.address());
    let evil = [
        &[("origin", "https://evil.example")][..],
        &[("origin", "null")],
        &[("sec-fetch-site", "cross-site"), ("origin", own.as_str())],
        &[("sec-fetch-site", "same-site")],
        // A program with a cookie says where it comes from, or sends a key.
        &[],
    ];
    for more in evil {
        let headers: Vec<(&str, &str)> = [&[("cookie", cookie.as_str())][..], more].concat();
        send(&server, &headers, Method::POST, "/api/segments", Some(&body)).refuses(403, "", "cross_site");
        send(&server, &headers, Method::GET, "/api/segments", None).expect(200);
    }
    // Nobody is signed in as somebody else from there, nor signed out.
    let foreign = [("origin", "https://evil.example")];
    let credentials = json!({"tenant": "acme", "name": "ann", "password": PASSWORD});
    send(&server, &foreign, Method::POST, "/api/session", Some(&credentials)).refuses(403, "", "cross_site");
    let headers = [("cookie", cookie.as_str()), foreign[0]];
    send(&server, &headers, Method::DELETE, "/api/session", None).refuses(403, "", "cross_site");
    from_page(&server, &cookie, Method::GET, "/api/session", None).expect(200);
}

#[test]
fn whoever_guesses_waits_and_is_told_nothing() {
    let house = House::new();
    let server = house.start();
    let admin = house.key("acme admin");
    somebody(&server, admin, "ann", "viewer");
    somebody(&server, admin, "bob", "viewer");
    for name in ["ann", "nobody"] {
        // However it is spelled, it is the same account.
        let spelled = [name.to_owned(), name.to_uppercase(), format!(" {name}\n")];
        let guess = |at: usize| sign_in(&server, "acme", &spelled[at % 3], &format!("guess number {at}"));
        let answers: Vec<Answer> = (0..6).map(guess).collect();
        for answer in &answers[..5] {
            answer.refuses(401, "", "wrong_password");
        }
        answers[5].refuses(429, "", "too_often");
        assert!(answers[5].retry_after.parse::<u64>().is_ok_and(|seconds| seconds >= 1), "{}", answers[5].retry_after);
        // Not even the right one is looked at before.
        sign_in(&server, "acme", name, PASSWORD).refuses(429, "", "too_often");
    }
    sign_in(&server, "typed into another line", "ann", PASSWORD).refuses(401, "", "wrong_password");
    // Others are not held up, and in the end she is not either.
    sign_in(&server, "acme", "bob", PASSWORD).expect(200);
    std::thread::sleep(std::time::Duration::from_millis(2_200));
    sign_in(&server, "acme", "ann", PASSWORD).expect(200);
    // An address that guesses at many names.
    let statuses: Vec<u16> = (0..60).map(|at| sign_in(&server, "acme", &format!("name{at}"), "").status).collect();
    assert!(statuses.contains(&429), "{statuses:?}");
    let audit = get(&server, admin, "/api/audit?limit=1000").expect(200).to_string();
    assert!(!audit.contains("name1") && !audit.contains("nobody"), "what is typed as a name may be a password");
    let all = get(&server, house.key("acme operator"), "/api/audit?limit=1000").expect(200);
    let tenants: Vec<&Json> = all["items"].as_array().expect("items").iter().map(|entry| &entry["tenant"]).collect();
    assert!(tenants.contains(&&json!("default")), "{all}");
    assert!(tenants.iter().all(|tenant| ["acme", "default"].map(Json::from).contains(tenant)), "{all}");
}

#[test]
fn accounts_are_managed_by_those_who_may_more() {
    let house = House::new();
    let server = house.start();
    let (admin, operator) = (house.key("acme admin"), house.key("acme operator"));
    let ann = somebody(&server, admin, "ann", "viewer");
    let get_as = |cookie: &str, path: &str| from_page(&server, cookie, Method::GET, path, None);
    let patch = |key: &str, body: &Json| ask(&server, key, Method::PATCH, "/api/users/ann", Some(body));
    post(&server, admin, "/api/users", &json!({"name": "ann", "role": "viewer"})).refuses(409, "/name", "name_taken");
    post(&server, admin, "/api/users", &json!({"name": "a b", "role": "viewer"})).refuses(422, "/name", "bad_name");
    post(&server, admin, "/api/users", &json!({"name": "x"})).refuses(422, "", "missing_key");
    post(&server, admin, "/api/users", &json!({"name": "x", "role": "king"})).refuses(422, "/role", "unknown_value");
    post(&server, admin, "/api/users", &json!({"name": "op", "role": "operator"})).refuses(403, "", "missing_right");
    post(&server, operator, "/api/users", &json!({"name": "op", "role": "operator"})).expect(201);
    ask(&server, admin, Method::DELETE, "/api/users/op", None).refuses(403, "", "missing_right");
    post(&server, admin, "/api/users/op/invitation", &json!({})).refuses(403, "", "missing_right");
    // A role counts at once, and so does its end.
    get_as(&ann, "/api/profiles").refuses(403, "", "missing_right");
    assert_eq!(patch(admin, &json!({"role": "analyst"})).expect(200)["role"], "analyst");
    get_as(&ann, "/api/profiles").expect(200);
    assert_eq!(patch(admin, &json!({"disabled": true})).expect(200)["disabled"], true);
    get_as(&ann, "/api/session").refuses(401, "", "signed_out");
    sign_in(&server, "acme", "ann", PASSWORD).refuses(401, "", "wrong_password");
    patch(admin, &json!({"disabled": false})).expect(200);
    sign_in(&server, "acme", "ann", PASSWORD).expect(200);
    // Whoever is signed out everywhere signs in again.
    let ann = kept(&sign_in(&server, "acme", "ann", PASSWORD));
    ask(&server, admin, Method::DELETE, "/api/users/op/sessions", None).refuses(403, "", "missing_right");
    get_as(&ann, "/api/session").expect(200);
    assert_eq!(ask(&server, admin, Method::DELETE, "/api/users/ann/sessions", None).status, 204);
    get_as(&ann, "/api/session").refuses(401, "", "signed_out");
    // Whoever is invited anew keeps the password until then.
    let again = post(&server, admin, "/api/users/ann/invitation", &json!({})).expect(201);
    sign_in(&server, "acme", "ann", PASSWORD).expect(200);
    let taken = json!({"invitation": again["invitation"], "password": "yet another password"});
    server.post("/api/session/invitation", &taken).expect(200);
    sign_in(&server, "acme", "ann", PASSWORD).refuses(401, "", "wrong_password");
    // Others' people are not there.
    let foreign = house.key("other admin");
    for name in ["ann", "nobody"] {
        let answer = ask(&server, foreign, Method::DELETE, &format!("/api/users/{name}"), None);
        answer.refuses(404, "", "not_found");
    }
    post(&server, foreign, "/api/users", &json!({"name": "ann", "role": "viewer"})).expect(201);
    let names = |key: &str, path: &str| {
        let items = get(&server, key, path).expect(200)["items"].as_array().expect("items").clone();
        items.iter().map(|item| format!("{}/{}", item["tenant"], item["name"]).replace('"', "")).collect::<Vec<_>>()
    };
    assert_eq!(names(admin, "/api/users"), ["acme/ann", "acme/op"]);
    assert_eq!(names(operator, "/api/users"), ["acme/ann", "acme/op", "other/ann"]);
    assert_eq!(names(operator, "/api/users?tenant=other"), ["other/ann"]);
    get(&server, admin, "/api/users?tenant=other").refuses(404, "", "not_found");
    assert_eq!(ask(&server, admin, Method::DELETE, "/api/users/ann", None).status, 204);
    assert_eq!(names(operator, "/api/users?tenant=other"), ["other/ann"], "the name of another tenant stays");
}

#[test]
fn the_command_line_makes_the_first_account_and_closes_the_server() {
    let folder = tempfile::tempdir().expect("a directory");
    let data = folder.path().join("data").to_str().expect("UTF-8").to_owned();
    let invitation = succeed(&["person", "create", "--data", &data, "--role", "admin", "ann"]);
    assert!(invitation.len() > 40 && invitation.lines().count() == 1, "{invitation}");
    assert_eq!(muster(&["person", "create", "--data", &data, "--role", "admin", "ann"]).status.code(), Some(1));
    let server = Server::start_with(&["--data", &data]);
    server.get("/api/profiles").refuses(401, "", "missing_key");
    let taken = json!({"invitation": invitation, "password": PASSWORD});
    let cookie = kept(&server.post("/api/session/invitation", &taken));
    let page = |method, path, body: Option<&Json>| from_page(&server, &cookie, method, path, body);
    // A key can be made by whoever is signed in.
    let key = page(Method::POST, "/api/keys", Some(&json!({"role": "viewer"}))).expect(201);
    get(&server, key["key"].as_str().expect("a key"), "/api/segments").expect(200);
    assert!(succeed(&["person", "list", "--data", &data]).contains("ann  default  admin  may sign in  last signed in"));
    succeed(&["person", "role", "--data", &data, "ann", "viewer"]);
    std::thread::sleep(std::time::Duration::from_millis(1_200));
    page(Method::GET, "/api/users", None).refuses(403, "", "missing_right");
    succeed(&["person", "disable", "--data", &data, "ann"]);
    std::thread::sleep(std::time::Duration::from_millis(1_200));
    page(Method::GET, "/api/session", None).refuses(401, "", "signed_out");
    succeed(&["person", "enable", "--data", &data, "ann"]);
    succeed(&["person", "delete", "--data", &data, "ann"]);
    std::thread::sleep(std::time::Duration::from_millis(1_200));
    server.get("/api/profiles").refuses(401, "", "missing_key");
}

#[test]
fn behind_a_proxy_the_cookie_is_for_encrypted_connections_only() {
    let house = House::new();
    let server = Server::start_with(&["--data", &house.data, "--behind-proxy"]);
    let admin = house.key("acme admin");
    let made = post(&server, admin, "/api/users", &json!({"name": "ann", "role": "viewer"})).expect(201);
    let taken = json!({"invitation": made["invitation"], "password": PASSWORD});
    let headers = [("x-forwarded-for", "10.9.9.9, 192.0.2.44"), ("sec-fetch-site", "same-origin")];
    let answer = send(&server, &headers, Method::POST, "/api/session/invitation", Some(&taken));
    answer.expect(200);
    assert!(answer.cookie.starts_with("__Host-muster=") && answer.cookie.ends_with("; Secure"), "{}", answer.cookie);
    let audit = get(&server, admin, "/api/audit?limit=1000").expect(200);
    let entries = audit["items"].as_array().expect("items");
    let entry = entries.iter().find(|entry| entry["person"] == "ann").expect("she signed in");
    assert_eq!(entry["address"], "192.0.2.44");
    // The name without the prefix could have been set by a neighbouring host.
    let plain = answer.cookie.split(';').next().expect("a pair").trim_start_matches("__Host-").to_owned();
    from_page(&server, &plain, Method::GET, "/api/session", None).refuses(401, "", "missing_key");
}
