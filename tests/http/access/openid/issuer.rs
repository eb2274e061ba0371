//! A local issuer: it keeps every rule of the flow, and breaks those that a test tells it to.

use std::collections::BTreeMap;
use std::io::{BufRead, BufReader, Read, Write};
use std::net::{TcpListener, TcpStream};
use std::sync::{Arc, Mutex, MutexGuard};
use std::time::Duration;

use base64::Engine;
use base64::prelude::BASE64_STANDARD;
use ring::rand::{SecureRandom, SystemRandom};
use serde_json::{Value as Json, json};
use sha2::{Digest, Sha256};

use super::keys::{Signer, encoded};

/// What the issuer calls the server.
pub(super) const CLIENT: &str = "muster & co";

/// What the server proves that with. The characters have to be encoded wherever it is sent.
pub(super) const SECRET: &str = "client-secret: 100% + ä";

/// How the issuer answers where a test wants it to be out of order.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Order {
    Works,
    /// It takes connections, and says nothing.
    Silent,
    /// It answers with more than anybody wants to read.
    Endless,
    /// It answers with something that is none of what was asked for.
    Nonsense,
    /// It says that something is wrong with it.
    Fails,
}

/// What an issuer is like at the moment.
pub(super) struct Inside {
    pub(super) order: Order,
    pub(super) signer: Signer,
    /// The name of the key in tokens; none in none.
    pub(super) key: Option<String>,
    /// What it publishes.
    pub(super) keys: Vec<Json>,
    /// What tokens say beside what they always say; null takes away.
    pub(super) claims: Json,
    /// The same of their heads.
    pub(super) head: Json,
    /// What it says of somebody who shows their access token; where there is nothing, it has no place for that.
    pub(super) person: Option<Json>,
    /// How often each path was asked for.
    pub(super) asked: BTreeMap<String, usize>,
    /// Everything that must be in no log.
    pub(super) secrets: Vec<String>,
    /// What each code is for.
    codes: BTreeMap<String, BTreeMap<String, String>>,
    /// The access token that was given last.
    access: String,
}

/// An issuer that runs.
pub(super) struct Issuer {
    pub(super) url: String,
    inside: Arc<Mutex<Inside>>,
}

impl Issuer {
    pub(super) fn start(signer: Signer) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").expect("a free port");
        let url = format!("http://{}/realm", listener.local_addr().expect("an address"));
        let inside = Inside {
            order: Order::Works,
            keys: vec![signer.published("first"), json!({"kty": "RSA", "alg": "RSA-OAEP", "use": "enc", "kid": "x"})],
            signer,
            key: Some("first".into()),
            claims: json!({"sub": "7", "email": "ann@example.com", "email_verified": true}),
            head: json!({}),
            person: None,
            asked: BTreeMap::new(),
            secrets: vec![SECRET.to_owned()],
            codes: BTreeMap::new(),
            access: String::new(),
        };
        let issuer = Self { url: url.clone(), inside: Arc::new(Mutex::new(inside)) };
        let inside = issuer.inside.clone();
        std::thread::spawn(move || {
            for stream in listener.incoming() {
                let (inside, url) = (inside.clone(), url.clone());
                // Whoever gives up early is none of the issuer's business.
                std::thread::spawn(move || answer(&stream.expect("a connection"), &inside, &url).unwrap_or_default());
            }
        });
        issuer
    }

    pub(super) fn inside(&self) -> MutexGuard<'_, Inside> {
        self.inside.lock().expect("no panic holds it")
    }

    /// How often a path was asked for.
    pub(super) fn asked(&self, path: &str) -> usize {
        self.inside().asked.get(path).copied().unwrap_or_default()
    }

    /// Signs with another key from now on, which is published.
    pub(super) fn rotate(&self, signer: Signer, name: &str) {
        let mut inside = self.inside();
        inside.keys.push(signer.published(name));
        (inside.signer, inside.key) = (signer, Some(name.to_owned()));
    }
}

/// Seconds since 1970.
pub(super) fn now() -> i64 {
    muster::clock::now().0 / 1_000_000
}

/// A text that nobody guesses.
pub(super) fn random() -> String {
    let mut bytes = [0; 24];
    SystemRandom::new().fill(&mut bytes).expect("randomness");
    encoded(bytes)
}

fn pairs(text: &str) -> BTreeMap<String, String> {
    form_urlencoded::parse(text.as_bytes()).into_owned().collect()
}

fn answer(mut stream: &TcpStream, inside: &Mutex<Inside>, url: &str) -> std::io::Result<()> {
    let mut from = BufReader::new(stream.try_clone()?);
    let (mut first, mut head) = (String::new(), BTreeMap::new());
    from.read_line(&mut first)?;
    loop {
        let mut line = String::new();
        from.read_line(&mut line)?;
        let Some((name, value)) = line.trim().split_once(": ") else { break };
        head.insert(name.to_lowercase(), value.to_owned());
    }
    let length = head.get("content-length").and_then(|length| length.parse().ok()).unwrap_or_default();
    let mut body = vec![0; length];
    from.read_exact(&mut body)?;
    let target = first.split(' ').nth(1).unwrap_or_default();
    let (path, query) = target.split_once('?').unwrap_or((target, ""));
    let mut inside = inside.lock().expect("no panic holds it");
    *inside.asked.entry(path.to_owned()).or_default() += 1;
    let (status, more, text) = match (inside.order, path) {
        (Order::Silent, _) => {
            drop(inside);
            std::thread::sleep(Duration::from_secs(30));
            return Ok(());
        }
        (Order::Endless, _) => (200, String::new(), format!("{{\"a\": \"{}\"}}", "a".repeat(1 << 20))),
        (Order::Nonsense, _) => (200, String::new(), "<html>".to_owned()),
        (Order::Fails, _) => (500, String::new(), json!({"error": "server_error"}).to_string()),
        (Order::Works, "/realm/.well-known/openid-configuration") => {
            (200, String::new(), description(url, inside.person.is_some()))
        }
        (Order::Works, "/realm/keys") => (200, String::new(), json!({"keys": inside.keys}).to_string()),
        (Order::Works, "/realm/authorize") => {
            let (code, wish) = (random(), pairs(query));
            let mut back = form_urlencoded::Serializer::new(String::new());
            back.append_pair("code", &code).append_pair("state", &wish["state"]).append_pair("session_state", "x");
            let location = format!("location: {}?{}\r\n", wish["redirect_uri"], back.finish());
            let secrets = [code.clone(), wish["state"].clone(), wish["nonce"].clone()];
            inside.secrets.extend(secrets);
            inside.codes.insert(code, wish);
            (302, location, String::new())
        }
        (Order::Works, "/realm/token") => {
            let (status, answer) = redeem(&mut inside, &head, &pairs(&String::from_utf8_lossy(&body)), url);
            (status, String::new(), answer.to_string())
        }
        (Order::Works, "/realm/userinfo") => {
            let is_good = head.get("authorization") == Some(&format!("Bearer {}", inside.access));
            let person = inside.person.clone().filter(|_| is_good);
            (if person.is_some() { 200 } else { 401 }, String::new(), person.unwrap_or_default().to_string())
        }
        _ => (404, String::new(), String::new()),
    };
    drop(inside);
    let length = text.len();
    write!(stream, "HTTP/1.1 {status} X\r\ncontent-length: {length}\r\nconnection: close\r\n{more}\r\n{text}")
}

fn description(url: &str, says_more: bool) -> String {
    let mut description = json!({
        "issuer": url,
        "authorization_endpoint": format!("{url}/authorize?realm=a"),
        "token_endpoint": format!("{url}/token"),
        "jwks_uri": format!("{url}/keys"),
        "response_types_supported": ["code"],
        "subject_types_supported": ["public"],
        "id_token_signing_alg_values_supported": ["RS256", "ES256", "EdDSA"],
    });
    if says_more {
        description["userinfo_endpoint"] = format!("{url}/userinfo").into();
    }
    description.to_string()
}

/// Tokens for a code: once, for the client that asked, who can show what the code was asked for with.
fn redeem(
    inside: &mut Inside,
    head: &BTreeMap<String, String>,
    form: &BTreeMap<String, String>,
    url: &str,
) -> (u16, Json) {
    let refused = |why: &str| (400, json!({"error": why}));
    let part = |text: &str| form_urlencoded::byte_serialize(text.as_bytes()).collect::<String>();
    let basic = format!("Basic {}", BASE64_STANDARD.encode(format!("{}:{}", part(CLIENT), part(SECRET))));
    if head.get("authorization") != Some(&basic) {
        return (401, json!({"error": "invalid_client"}));
    }
    let Some(wish) = form.get("code").and_then(|code| inside.codes.remove(code)) else {
        return refused("invalid_grant");
    };
    let verifier = form.get("code_verifier").cloned().unwrap_or_default();
    inside.secrets.push(verifier.clone());
    let challenge = encoded(Sha256::digest(verifier.as_bytes()));
    let is_right = wish["code_challenge"] == challenge
        && wish["code_challenge_method"] == "S256"
        && wish["client_id"] == CLIENT
        && wish["response_type"] == "code"
        && wish["realm"] == "a"
        && Some(&wish["redirect_uri"]) == form.get("redirect_uri")
        && form.get("grant_type").is_some_and(|grant| grant == "authorization_code");
    if !is_right {
        return refused("invalid_grant");
    }
    let access = random();
    let token = inside.token(url, &wish["nonce"], &access);
    inside.secrets.extend([access.clone(), token.clone()]);
    inside.access.clone_from(&access);
    (200, json!({"id_token": token, "access_token": access, "token_type": "Bearer", "expires_in": 300}))
}

impl Inside {
    /// A token as the test wants it.
    fn token(&self, url: &str, nonce: &str, access: &str) -> String {
        let digest = Sha256::digest(access.as_bytes());
        let mut claims = json!({"iss": url, "aud": CLIENT, "nonce": nonce, "iat": now(), "exp": now() + 300});
        if self.signer.algorithm() != "EdDSA" {
            claims["at_hash"] = encoded(&digest[..16]).into();
        }
        let mut head = json!({"alg": self.signer.algorithm(), "typ": "JWT", "kid": self.key});
        for (json, changes) in [(&mut claims, &self.claims), (&mut head, &self.head)] {
            for (name, value) in changes.as_object().expect("an object") {
                json[name] = value.clone();
            }
            json.as_object_mut().expect("an object").retain(|_, value| !value.is_null());
        }
        let message = format!("{}.{}", encoded(head.to_string()), encoded(claims.to_string()));
        let signature = match head["alg"].as_str() {
            Some("none") => Vec::new(),
            Some("HS256") => {
                // What an attacker has: the public key, in the form in which it is published.
                let public = self.keys[0].to_string();
                let key = ring::hmac::Key::new(ring::hmac::HMAC_SHA256, public.as_bytes());
                ring::hmac::sign(&key, message.as_bytes()).as_ref().to_vec()
            }
            _ => self.signer.sign(&message),
        };
        format!("{message}.{}", encoded(signature))
    }
}
