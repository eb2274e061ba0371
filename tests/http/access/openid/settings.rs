//! Settings: what is there without them, and which are refused before anybody is asked.

use std::process::Command;

use harness::server::{Server, binary};

use super::super::house::muster;
use super::browser::{Browser, PUBLIC};
use super::issuer::{CLIENT, Issuer, SECRET};
use super::keys::Signer;

#[test]
fn without_settings_nothing_of_it_is_there() {
    let server = Server::start();
    assert_eq!(server.get("/api/session/options").expect(200), serde_json::json!({"openid": null}));
    server.get("/api/session/openid").refuses(404, "", "no_issuer");
    server.get("/api/session/openid/callback?state=x&code=y").refuses(404, "", "no_issuer");
}

#[test]
fn what_is_wrong_with_the_settings_is_said_before_the_start() {
    let check = |more: &[&str]| {
        let output = muster(&[&["config", "--check"], more].concat());
        (output.status.success(), String::from_utf8_lossy(&output.stderr).into_owned())
    };
    let with = |issuer: &str, public: &str, more: &[&str]| {
        let settings = ["--openid-issuer", issuer, "--openid-client-id", "muster", "--openid-public-url", public];
        check(&[&settings[..], more].concat())
    };
    let (issuer, public) = ("https://issuer.example", "https://muster.example");
    assert!(with(issuer, public, &[]).0);
    assert!(with(issuer, public, &["--openid-create-role", "admin"]).0);
    for ((is_good, said), what) in [
        (with("http://issuer.example", public, &[]), "--openid-issuer: without encryption"),
        (with(issuer, "http://muster.example", &[]), "--openid-public-url: without encryption"),
        (with(issuer, public, &["--openid-create-role", "operator"]), "--openid-create-role: "),
        (with(issuer, public, &["--openid-client-secret-file", "/nowhere"]), "/nowhere: "),
        (with(issuer, public, &["--openid-client-secret", "hush"]), "everybody on this machine can read"),
        (check(&["--openid-issuer", issuer]), "--openid-client-id"),
        (check(&["--openid-client-id", "muster"]), "--openid-issuer"),
    ] {
        assert!(!is_good && said.contains(what) && !said.contains("hush"), "{what}: {said}");
    }
}

#[test]
fn a_secret_from_the_environment_works_and_is_shown_nowhere() {
    let issuer = Issuer::start(Signer::elliptic());
    let mut explain = Command::new(binary());
    explain.args(["config", "--explain"]).env("MUSTER_OPENID_CLIENT_SECRET", SECRET);
    explain.env("MUSTER_OPENID_ISSUER", &issuer.url).env("MUSTER_OPENID_CLIENT_ID", CLIENT);
    explain.env("MUSTER_OPENID_PUBLIC_URL", PUBLIC);
    let said = String::from_utf8(explain.output().expect("it runs").stdout).expect("UTF-8");
    assert!(said.contains("now set, and not shown (environment)") && !said.contains(SECRET), "{said}");
    let folder = tempfile::tempdir().expect("a directory");
    let file = folder.path().join("muster.conf");
    std::fs::write(&file, format!("MUSTER_OPENID_CLIENT_SECRET=\"{SECRET}\"\n")).expect("a file");
    let settings = ["--openid-issuer", &issuer.url, "--openid-client-id", CLIENT, "--openid-public-url", PUBLIC];
    let config = ["--config", file.to_str().expect("UTF-8")];
    let server = Server::start_with(&[&settings[..], &config].concat());
    // There is no account yet, and nobody makes the first one this way.
    assert_eq!(Browser::new().sign_in(&server, "").code(), (403, "no_accounts".into()));
    assert_eq!(issuer.asked("/realm/token"), 1, "the secret was right");
    server.get("/api/segments").expect(200);
    assert!(!server.log().contains(SECRET));
}

#[test]
fn settings_that_do_not_go_together_are_explained_and_refused() {
    let mut explain = Command::new(binary());
    explain.args(["config", "--explain"]).env("MUSTER_OPENID_CLIENT_SECRET", SECRET);
    let output = explain.output().expect("it runs");
    let [table, fault] = [output.stdout, output.stderr].map(|text| String::from_utf8(text).expect("UTF-8"));
    assert!(table.contains("now set, and not shown (environment)") && table.contains("--listen"), "{table}");
    assert!(fault.contains("--openid-issuer"), "{fault}");
    assert_eq!(output.status.code(), Some(2));
    assert!(![table, fault].concat().contains(SECRET));
    // What is asked for beside it is no settings.
    let help = muster(&["config", "--explain", "--help"]);
    assert!(help.status.success() && !String::from_utf8_lossy(&help.stdout).contains("now not set"), "{help:?}");
}

#[test]
fn an_issuer_that_calls_itself_otherwise_is_none() {
    let issuer = Issuer::start(Signer::elliptic());
    let other = format!("{}/", issuer.url);
    let settings = ["--openid-issuer", &other, "--openid-client-id", CLIENT, "--openid-public-url", PUBLIC];
    let server = Server::start_with(&settings);
    let visit = Browser::new().get(&server, "/api/session/openid");
    assert!(visit.text.contains("they have to be equal"), "{visit:?}");
    assert_eq!(visit.code(), (503, "issuer_unavailable".into()));
}
