//! Those whom an issuer vouches for: who comes in, as whom, and what is written down.

use reqwest::Method;
use serde_json::{Value as Json, json};

use super::super::house::{ask, get, post, succeed};
use super::browser::Browser;
use super::keys::Signer;
use super::{Scene, from_page};

/// To Ann's tenant, and back to a page.
const ACME: &str = "?tenant=acme&return_to=%2Fapp%2Fsegments%3Fsort%3Dname";

#[test]
fn somebody_who_is_invited_signs_in_works_and_signs_out() {
    for signer in [Signer::rsa(), Signer::elliptic(), Signer::edwards()] {
        let scene = Scene::new(signer, &[]);
        let (server, admin) = (&scene.server, scene.house.key("acme admin"));
        let mut browser = Browser::new();
        let begun = browser.get(server, &format!("/api/session/openid{ACME}"));
        let set = begun.set.concat();
        assert!(
            set.starts_with("muster-openid=") && set.ends_with("; Path=/; HttpOnly; SameSite=Lax; Max-Age=600"),
            "{set}"
        );
        let back = browser.sign_in(server, ACME);
        assert_eq!((back.status, back.location.as_str()), (303, "/app/segments?sort=name"), "{back:?}");
        assert!(back.set[0].starts_with("muster=") && back.set[0].contains("; HttpOnly; SameSite=Lax"), "{back:?}");
        assert!(back.set[1].starts_with("muster-openid=; ") && back.set.len() == 2, "{back:?}");
        let who = from_page(server, &browser, Method::GET, "/api/session").expect(200);
        assert_eq!((&who["by"], &who["name"]), (&json!("session"), &json!("ann@example.com")));
        assert_eq!((&who["role"], &who["tenant"]), (&json!("marketer"), &json!("acme")));
        from_page(server, &browser, Method::GET, "/api/segments").expect(200);
        // She needs no password, and has none.
        let users = get(server, admin, "/api/users").expect(200);
        let ann = &users["items"][0];
        assert_eq!((&ann["has_issuer"], &ann["has_password"]), (&json!(true), &json!(false)), "{ann}");
        assert_eq!(ann["invited_until"], Json::Null);
        let password = json!({"tenant": "acme", "name": "ann@example.com", "password": ""});
        server.post("/api/session", &password).refuses(401, "", "wrong_password");
        assert!(succeed(&["person", "list", "--data", &scene.house.data]).contains("may sign in"));
        // The issuer was asked for everything but the tokens once.
        browser.sign_in(server, ACME);
        let asked = |path: &str| scene.issuer.asked(&format!("/realm/{path}"));
        assert_eq!((asked(".well-known/openid-configuration"), asked("keys"), asked("token")), (1, 1, 2));
        assert_eq!(from_page(server, &browser, Method::DELETE, "/api/session").status, 204);
        from_page(server, &browser, Method::GET, "/api/session").refuses(401, "", "signed_out");
        let audit = get(server, admin, "/api/audit?limit=1000").expect(200);
        let entries = audit["items"].as_array().expect("items").iter();
        let by_ann = entries.filter(|entry| entry["person"] == "ann@example.com").map(|entry| {
            format!("{} {} {} {}", entry["method"], entry["route"], entry["status"], entry["role"]).replace('"', "")
        });
        let came = "GET /api/session/openid/callback 200 marketer";
        let (guessed, left) = ("POST /api/session 401 marketer", "DELETE /api/session 204 marketer");
        assert_eq!(by_ann.collect::<Vec<_>>(), [came, guessed, came, left]);
        scene.check_log();
    }
}

#[test]
fn the_account_belongs_to_the_subject_and_not_to_the_address() {
    let scene = Scene::new(Signer::elliptic(), &[]);
    let (server, admin) = (&scene.server, scene.house.key("acme admin"));
    let claim = |name: &str, value: Json| scene.issuer.inside().claims[name] = value;
    assert_eq!(Browser::new().sign_in(server, ACME).status, 303);
    // Somebody who was given her address later.
    claim("sub", json!("8"));
    assert_eq!(Browser::new().sign_in(server, ACME).code(), (403, "other_subject".into()));
    post(server, admin, "/api/users/ann@example.com/invitation", &json!({})).expect(201);
    assert_eq!(Browser::new().sign_in(server, ACME).code(), (403, "other_subject".into()));
    // She comes in whatever her address is now, verified or not.
    claim("sub", json!("7"));
    claim("email", json!("ann@elsewhere.example"));
    claim("email_verified", json!(false));
    let mut browser = Browser::new();
    assert_eq!(browser.sign_in(server, ACME).status, 303);
    let who = from_page(server, &browser, Method::GET, "/api/session").expect(200);
    assert_eq!(who["name"], "ann@example.com");
    // Who is disabled is signed out, and does not come in.
    let disable = |is_disabled: bool| {
        let body = json!({"disabled": is_disabled});
        ask(server, admin, Method::PATCH, "/api/users/ann@example.com", Some(&body)).expect(200);
    };
    disable(true);
    from_page(server, &browser, Method::GET, "/api/session").refuses(401, "", "signed_out");
    assert_eq!(Browser::new().sign_in(server, ACME).code(), (403, "account_disabled".into()));
    let audit = get(server, admin, "/api/audit?limit=1000").expect(200);
    let is_hers = |entry: &&Json| entry["status"] == 403 && entry["person"] == "ann@example.com";
    assert_eq!(audit["items"].as_array().expect("items").iter().filter(is_hers).count(), 3, "{audit}");
    disable(false);
    assert_eq!(Browser::new().sign_in(server, ACME).status, 303);
    // Whoever is to have the name gets an account of their own.
    assert_eq!(ask(server, admin, Method::DELETE, "/api/users/ann@example.com", None).status, 204);
    assert_eq!(Browser::new().sign_in(server, ACME).code(), (403, "unverified_email".into()));
    scene.check_log();
}

#[test]
fn whoever_is_unknown_is_refused_unless_a_setting_gives_them_a_role() {
    let scene = Scene::new(Signer::elliptic(), &[]);
    let claims = |sub: &str, email: Json| {
        scene.issuer.inside().claims = json!({"sub": sub, "email": email, "email_verified": true});
    };
    claims("9", json!("bob@example.com"));
    assert_eq!(Browser::new().sign_in(&scene.server, ACME).code(), (403, "unknown_person".into()));
    // Ann is of another tenant, and there is no third one.
    claims("7", json!("ann@example.com"));
    for tenant in ["other", "default", "nowhere"] {
        let there = Browser::new().sign_in(&scene.server, &format!("?tenant={tenant}"));
        assert_eq!(there.code(), (403, "unknown_person".into()), "{tenant}");
    }
    claims("9", Json::Null);
    assert_eq!(Browser::new().sign_in(&scene.server, ACME).code(), (403, "no_name".into()));

    let scene = Scene::new(Signer::elliptic(), &["--openid-create-role", "analyst", "--openid-create-tenant", "acme"]);
    let server = &scene.server;
    scene.issuer.inside().claims = json!({"sub": "9", "email": "Bob@example.com", "email_verified": true});
    let mut browser = Browser::new();
    assert_eq!(browser.sign_in(server, "?tenant=other").code(), (403, "unknown_person".into()));
    let back = browser.sign_in(server, "?tenant=acme");
    assert_eq!((back.status, back.location.as_str()), (303, "/"), "{back:?}");
    let who = from_page(server, &browser, Method::GET, "/api/session").expect(200);
    assert_eq!((&who["name"], &who["role"]), (&json!("bob@example.com"), &json!("analyst")));
    // Who is invited has the role of the invitation.
    scene.issuer.inside().claims = json!({"sub": "7", "email": "ann@example.com", "email_verified": true});
    assert_eq!(browser.sign_in(server, ACME).status, 303);
    assert_eq!(from_page(server, &browser, Method::GET, "/api/session").expect(200)["role"], "marketer");
    // An account that is made with a name that cannot be one is not made.
    scene.issuer.inside().claims = json!({"sub": "10", "email": "a b", "email_verified": true});
    assert_eq!(browser.sign_in(server, ACME).code(), (422, "bad_name".into()));
    // A tenant that is suspended, and one that is gone.
    let operator = scene.house.key("other operator");
    scene.issuer.inside().claims = json!({"sub": "7", "email": "ann@example.com", "email_verified": true});
    ask(server, operator, Method::PATCH, "/api/tenants/acme", Some(&json!({"suspended": true}))).expect(200);
    assert_eq!(Browser::new().sign_in(server, ACME).code(), (403, "tenant_suspended".into()));
    let gone = ask(server, operator, Method::DELETE, "/api/tenants/acme", None);
    assert!([200, 202].contains(&gone.status), "{}", gone.text);
    assert_eq!(Browser::new().sign_in(server, ACME).code(), (403, "unknown_person".into()));
}

#[test]
fn a_browser_is_told_on_the_page_and_keeps_its_cookies_to_itself() {
    let mut scene = Scene::new(Signer::elliptic(), &["--behind-proxy", "--openid-label", "Sign in with Acme"]);
    let options = scene.server.get("/api/session/options").expect(200);
    assert_eq!(options, json!({"openid": {"label": "Sign in with Acme"}}));
    let mut browser = Browser::new();
    browser.accept = "text/html,application/xhtml+xml,*/*;q=0.8";
    browser.headers = vec![("sec-fetch-site", "cross-site"), ("sec-fetch-mode", "navigate")];
    let begun = browser.get(&scene.server, &format!("/api/session/openid{ACME}"));
    let set = begun.set.concat();
    assert!(set.starts_with("__Host-muster-openid=") && set.ends_with("; Max-Age=600; Secure"), "{set}");
    scene.issuer.inside().claims["email"] = json!("bob@example.com");
    let back = browser.sign_in(&scene.server, ACME);
    assert_eq!((back.status, back.location.as_str()), (303, "/?refused=unknown_person"), "{back:?}");
    assert!(!browser.cookies.contains_key("__Host-muster"));
    let lost = browser.get(&scene.server, "/api/session/openid/callback?state=x");
    assert_eq!((lost.status, lost.location.as_str()), (303, "/?refused=unknown_state"), "{lost:?}");
    scene.issuer.inside().claims["email"] = json!("ann@example.com");
    let back = browser.sign_in(&scene.server, ACME);
    assert_eq!((back.status, back.location.as_str()), (303, "/app/segments?sort=name"), "{back:?}");
    assert!(back.set[0].starts_with("__Host-muster=") && back.set[0].ends_with("; Secure"), "{back:?}");
    // The account outlives a restart with what it is bound to.
    scene.server.terminate();
    assert_eq!(scene.server.wait(), Some(0));
    let secret = scene._folder.path().join("secret");
    let again = super::start(&scene.house.data, &scene.issuer.url, &secret, &["--behind-proxy"]);
    scene.issuer.inside().claims = json!({"sub": "7"});
    assert_eq!(browser.sign_in(&again, ACME).location, "/app/segments?sort=name");
}

#[test]
fn an_issuer_whose_token_does_not_say_who_it_is_is_asked_once() {
    let scene = Scene::new(Signer::elliptic(), &[]);
    let (server, issuer) = (&scene.server, &scene.issuer);
    let said = |token: Json, person: Json| {
        let mut inside = issuer.inside();
        (inside.claims, inside.person) = (token, Some(person));
    };
    let sign_in = || Browser::new().sign_in(server, ACME);
    let (ann, nobody) = (json!({"sub": "7", "email": "ann@example.com", "email_verified": true}), json!({"sub": "7"}));
    // Nothing, somebody else, an address that nobody has verified, nonsense.
    for (person, refused) in [
        (nobody.clone(), (403, "no_name")),
        (json!({"sub": "8", "email": "ann@example.com", "email_verified": true}), (401, "wrong_subject")),
        (json!({"email": "ann@example.com", "email_verified": true}), (401, "wrong_subject")),
        (json!({"sub": "7", "email": "ann@example.com"}), (403, "unverified_email")),
        (json!("a token, perhaps"), (503, "issuer_unavailable")),
        (json!({"a": "a".repeat(300_000)}), (503, "issuer_unavailable")),
    ] {
        said(nobody.clone(), person);
        assert_eq!(sign_in().code(), (refused.0, refused.1.to_owned()));
    }
    let asked = issuer.asked("/realm/userinfo");
    assert_eq!(asked, 6);
    said(nobody.clone(), ann.clone());
    let mut browser = Browser::new();
    assert_eq!(browser.sign_in(server, ACME).status, 303);
    assert_eq!(from_page(server, &browser, Method::GET, "/api/session").expect(200)["name"], "ann@example.com");
    assert_eq!(issuer.asked("/realm/userinfo"), asked + 1);
    // What the token says counts, and nobody is asked.
    said(ann, json!({"sub": "8"}));
    assert_eq!(sign_in().status, 303);
    assert_eq!(issuer.asked("/realm/userinfo"), asked + 1);
    // Whose account is known needs no name, but not what is said of somebody else.
    said(nobody.clone(), json!("nonsense"));
    assert_eq!(sign_in().status, 303);
    said(nobody, json!({"sub": "8"}));
    assert_eq!(sign_in().code(), (401, "wrong_subject".into()));
    scene.check_log();
}
