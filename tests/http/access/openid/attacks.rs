//! What somebody may try on the way, and what an issuer may do wrong: each is refused, with a code of its own.

use std::time::Duration;

use muster::clock::Stopwatch;
use serde_json::{Value as Json, json};

use super::Scene;
use super::browser::Browser;
use super::issuer::{CLIENT, Order, now};
use super::keys::Signer;

const ACME: &str = "?tenant=acme";

#[test]
fn a_state_is_good_once_and_in_the_browser_that_began() {
    let scene = Scene::new(Signer::elliptic(), &[]);
    let server = &scene.server;
    let mut ann = Browser::new();
    for path in ["", "?state=", "?state=guess&code=x", "?code=x", "?error=access_denied"] {
        let visit = ann.get(server, &format!("/api/session/openid/callback{path}"));
        assert_eq!(visit.code(), (401, "unknown_state".into()), "{path}");
    }
    // Somebody has Ann open the way back of a sign-in that they began.
    let mallory = Browser::new().go(server, ACME);
    ann.go(server, ACME);
    assert_eq!(ann.get(server, &mallory).code(), (401, "other_browser".into()));
    assert!(!ann.cookies.contains_key("muster"));
    assert_eq!(scene.issuer.asked("/realm/token"), 0, "nobody's code is sent to the issuer");
    // Nor is it good in a browser without any cookie, nor afterwards in the right one.
    let mut first = Browser::new();
    let back = first.go(server, ACME);
    assert_eq!(Browser::new().get(server, &back).code(), (401, "other_browser".into()));
    assert_eq!(first.get(server, &back).code(), (401, "used_state".into()));
    let mut second = Browser::new();
    let back = second.go(server, ACME);
    let cookies = second.cookies.clone();
    assert_eq!(second.get(server, &back).status, 303);
    second.cookies = cookies;
    assert_eq!(second.get(server, &back).code(), (401, "used_state".into()));
    // What the issuer has refused is refused here; another issuer's word, a code that is none, no code at all.
    let with = |change: &dyn Fn(&str, &str) -> String| {
        let mut browser = Browser::new();
        let back = browser.go(server, ACME);
        let state = back.split("state=").nth(1).and_then(|rest| rest.split('&').next()).expect("a state").to_owned();
        browser.get(server, &format!("/api/session/openid/callback?{}", change(&state, &back))).code()
    };
    for error in ["access_denied", "server_error", "%3Cscript%3E"] {
        let refused = with(&|state, _| format!("state={state}&error={error}"));
        assert_eq!(refused, (401, "refused_by_issuer".into()), "{error}");
    }
    assert_eq!(with(&|state, _| format!("state={state}")), (401, "refused_by_issuer".into()));
    assert_eq!(with(&|state, _| format!("state={state}&code=guess")), (401, "refused_code".into()));
    let other = with(&|_, back| format!("{}&iss=https%3A%2F%2Fevil.example", back.split_once('?').expect("a query").1));
    assert_eq!(other, (401, "wrong_issuer".into()));
    scene.check_log();
}

#[test]
fn a_token_with_anything_wrong_is_refused_for_just_that() {
    let scene = Scene::new(Signer::rsa(), &[]);
    let (head, claims) = (json!({}), scene.issuer.inside().claims.clone());
    let judge = |head: &Json, change: &Json| {
        let mut changed = claims.clone();
        for (name, value) in change.as_object().expect("an object") {
            changed[name] = value.clone();
        }
        let mut inside = scene.issuer.inside();
        (inside.claims, inside.head) = (changed, head.clone());
        drop(inside);
        Browser::new().sign_in(&scene.server, ACME)
    };
    for (change, code) in [
        (json!({"nonce": "other"}), "wrong_nonce"),
        (json!({"nonce": null}), "wrong_nonce"),
        (json!({"aud": "somebody else"}), "wrong_audience"),
        (json!({"aud": [CLIENT, "somebody else"]}), "wrong_audience"),
        (json!({"azp": "somebody else"}), "wrong_audience"),
        (json!({"iss": "https://evil.example"}), "wrong_issuer"),
        (json!({"exp": now() - 61}), "expired_token"),
        (json!({"exp": "4000000000"}), "malformed_token"),
        (json!({"iat": now() + 3_600}), "token_of_the_future"),
        (json!({"nbf": now() + 3_600}), "token_of_the_future"),
        (json!({"at_hash": "AAAAAAAAAAAAAAAAAAAAAA"}), "wrong_access_token"),
        (json!({"sub": null}), "malformed_token"),
    ] {
        assert_eq!(judge(&head, &change).code(), (401, code.into()), "{change}");
    }
    for (head, code) in [
        (json!({"alg": "none"}), "unsupported_algorithm"),
        (json!({"alg": "HS256"}), "unsupported_algorithm"),
        (json!({"alg": "RS512"}), "unsupported_algorithm"),
        (json!({"alg": "ES256"}), "unknown_signing_key"),
        (json!({"crit": ["x"], "x": true}), "malformed_token"),
    ] {
        assert_eq!(judge(&head, &json!({})).code(), (401, code.into()), "{head}");
    }
    for (change, code) in [
        (json!({"email_verified": false}), "unverified_email"),
        (json!({"email_verified": "true"}), "unverified_email"),
        (json!({"email_verified": null}), "unverified_email"),
        (json!({"email": null}), "no_name"),
    ] {
        assert_eq!(judge(&head, &change).code(), (403, code.into()), "{change}");
    }
    // Another key under the name of a good one.
    scene.issuer.inside().signer = Signer::elliptic();
    assert_eq!(
        judge(&head, &json!({})).code(),
        (401, "unknown_signing_key".into()),
        "of another kind than the good one"
    );
    scene.issuer.inside().signer = Signer::rsa();
    assert_eq!(judge(&head, &json!({})).status, 303, "and at last everything is right");
    scene.check_log();
}

#[test]
fn a_key_that_is_new_is_asked_for_and_invented_ones_are_not() {
    let scene = Scene::new(Signer::elliptic(), &[]);
    let sign_in = || Browser::new().sign_in(&scene.server, ACME);
    assert_eq!(sign_in().status, 303);
    // A signature of somebody else's key under the name of a good one.
    let good = std::mem::replace(&mut scene.issuer.inside().signer, Signer::elliptic());
    assert_eq!(sign_in().code(), (401, "wrong_signature".into()));
    scene.issuer.inside().signer = good;
    assert_eq!(scene.issuer.asked("/realm/keys"), 1);
    scene.issuer.rotate(Signer::rsa(), "second");
    assert_eq!(sign_in().status, 303);
    assert_eq!(scene.issuer.asked("/realm/keys"), 2);
    for _ in 0..5 {
        scene.issuer.inside().key = Some(super::issuer::random());
        assert_eq!(sign_in().code(), (401, "unknown_signing_key".into()));
    }
    assert_eq!(scene.issuer.asked("/realm/keys"), 2, "once in a while");
    scene.issuer.inside().key = None;
    assert_eq!(sign_in().status, 303, "without a name it is the only one of its kind");
    scene.check_log();
}

#[test]
fn an_issuer_that_is_out_of_order_holds_nobody_else_up() {
    let slow = Scene::new(Signer::elliptic(), &[]);
    slow.issuer.inside().order = Order::Silent;
    let watch = Stopwatch::start();
    let waiting = std::thread::scope(|scope| {
        let asked = scope.spawn(|| Browser::new().get(&slow.server, "/api/session/openid?tenant=acme").code());
        std::thread::sleep(Duration::from_millis(300));
        for _ in 0..20 {
            slow.server.get("/api/health").expect(200);
        }
        assert!(watch.elapsed() < Duration::from_secs(5), "others are answered meanwhile");
        asked.join().expect("an answer")
    });
    assert_eq!(waiting, (503, "issuer_unavailable".into()));
    assert!(watch.elapsed() < Duration::from_secs(20), "{:?}", watch.elapsed());
    for order in [Order::Endless, Order::Nonsense, Order::Fails] {
        let scene = Scene::new(Signer::elliptic(), &[]);
        let (server, issuer) = (&scene.server, &scene.issuer);
        issuer.inside().order = order;
        let refused = || Browser::new().get(server, "/api/session/openid?tenant=acme").code();
        for _ in 0..3 {
            assert_eq!(refused(), (503, "issuer_unavailable".into()), "{order:?}");
        }
        assert_eq!(issuer.asked("/realm/.well-known/openid-configuration"), 1, "it is not asked each time");
        // Out of order on the way: the sign-in is lost, the next is not.
        issuer.inside().order = Order::Works;
        std::thread::sleep(Duration::from_millis(5_100));
        let mut browser = Browser::new();
        let back = browser.go(server, ACME);
        issuer.inside().order = order;
        assert_eq!(browser.get(server, &back).code(), (503, "issuer_unavailable".into()), "{order:?}");
        issuer.inside().order = Order::Works;
        assert_eq!(browser.sign_in(server, ACME).status, 303);
        scene.check_log();
    }
}

#[test]
fn nobody_is_led_to_another_site() {
    let scene = Scene::new(Signer::elliptic(), &[]);
    for page in [
        "https%3A%2F%2Fevil.example",
        "%2F%2Fevil.example",
        "%2F%5Cevil.example",
        "javascript%3Aalert(1)",
        "%2Fapi%2Fsession",
        "%2Fapp%0D%0Aset-cookie%3A%20a%3Db",
        "",
    ] {
        let visit = Browser::new().get(&scene.server, &format!("/api/session/openid?return_to={page}"));
        assert_eq!(visit.code(), (422, "foreign_page".into()), "{page}");
    }
    let visit = Browser::new().get(&scene.server, "/api/session/openid?redirect=x");
    assert_eq!(visit.code(), (422, "unknown_key".into()));
}

#[test]
fn whoever_fails_again_and_again_waits() {
    let scene = Scene::new(Signer::elliptic(), &[]);
    let guess = || Browser::new().get(&scene.server, "/api/session/openid/callback?state=guess").code();
    let codes: Vec<_> = (0..60).map(|_| guess()).collect();
    assert_eq!(codes[0], (401, "unknown_state".into()));
    assert_eq!(codes[59], (429, "too_often".into()));
}
