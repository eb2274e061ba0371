//! What an issuer says of somebody: the ID token, taken only when everything about it is right.
//!
//! After OpenID Connect Core 1.0, section 3.1.3.7. The signature comes first: nothing of a token counts before.

use base64::Engine;
use base64::prelude::BASE64_URL_SAFE_NO_PAD;
use jsonwebtoken::errors::ErrorKind;
use jsonwebtoken::jwk::{Jwk, KeyAlgorithm, PublicKeyUse};
use jsonwebtoken::{Algorithm, DecodingKey, Validation};
use muster_engine::time::Timestamp;
use ring::digest::{SHA256, SHA512, digest};
use serde::Deserialize;
use serde_json::{Map, Value as Json};

use super::refusal::Refusal;
use super::signature::{self, ALGORITHMS};
use crate::limits::{OPENID_LEEWAY_SECONDS, OPENID_SUBJECT_CHARS_MAX};

/// How a token says that it is signed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Head {
    pub(super) algorithm: Algorithm,
    /// The name of the key.
    pub(super) key: Option<String>,
}

/// What a token has to say.
#[derive(Debug, Clone, Copy)]
pub(super) struct Expected<'a> {
    pub(super) issuer: &'a str,
    pub(super) client: &'a str,
    pub(super) nonce: &'a str,
    /// The access token that came with it.
    pub(super) access_token: Option<&'a str>,
    pub(super) now: Timestamp,
}

/// What it says.
pub(super) type Claims = Map<String, Json>;

/// Reads how a token says that it is signed.
///
/// # Errors
/// When it is no token, or signed in a way that does not count.
pub(super) fn head(token: &str) -> Result<Head, Refusal> {
    #[derive(Deserialize)]
    struct Header {
        alg: String,
        kid: Option<String>,
    }
    let bytes = token.split('.').next().and_then(|head| BASE64_URL_SAFE_NO_PAD.decode(head).ok());
    let header: Header = bytes.and_then(|bytes| serde_json::from_slice(&bytes).ok()).ok_or_else(malformed)?;
    let known = ALGORITHMS.iter().find(|(name, _)| *name == header.alg);
    let message = "the issuer signs in a way that does not count here; RS256, ES256 and EdDSA do";
    let (_, algorithm) = known.ok_or_else(|| Refusal::unproven("unsupported_algorithm", message))?;
    Ok(Head { algorithm: *algorithm, key: header.kid })
}

/// The key that a token says it is signed with: by its name, or the only one that it can be.
pub(super) fn key<'a>(keys: &'a [Jwk], head: &Head) -> Option<&'a Jwk> {
    let mut fit = keys.iter().filter(|key| is_for(key, head.algorithm));
    match &head.key {
        Some(name) => fit.find(|key| key.common.key_id.as_ref() == Some(name)),
        None => fit.next().filter(|_| fit.next().is_none()),
    }
}

/// Whether a key is for signatures of an algorithm.
fn is_for(key: &Jwk, algorithm: Algorithm) -> bool {
    let (is_used, named) = (&key.common.public_key_use, key.common.key_algorithm);
    let is_of_family = DecodingKey::from_jwk(key).is_ok_and(|key| key.family() == algorithm.family());
    is_used.as_ref().is_none_or(|used| *used == PublicKeyUse::Signature)
        && named.is_none_or(|named| named == KeyAlgorithm::from(algorithm))
        && is_of_family
}

/// What a token says, when it is signed with the key and everything that has to be right is.
///
/// # Errors
/// What is not.
pub(super) fn verified(token: &str, head: &Head, key: &Jwk, expected: Expected<'_>) -> Result<Claims, Refusal> {
    let claims = signed(token, head, key)?;
    let text = |name: &str| claims.get(name).and_then(Json::as_str);
    let is_issuer = text("iss") == Some(expected.issuer);
    refuse(is_issuer, "wrong_issuer", "the token is of another issuer")?;
    refuse(is_for_client(&claims, expected.client), "wrong_audience", "the token is for somebody else")?;
    check_times(&claims, expected.now.0 as f64 / 1e6)?;
    refuse(text("nonce") == Some(expected.nonce), "wrong_nonce", "the token belongs to another sign-in")?;
    let is_beside = claims.get("at_hash").is_none_or(|hash| {
        let access = expected.access_token.map(|access| half_hash(access, head.algorithm));
        access.is_some_and(|access| hash.as_str() == Some(&access))
    });
    refuse(is_beside, "wrong_access_token", "the token came with another one than it says")?;
    let is_named = text("sub").is_some_and(|sub| !sub.is_empty() && sub.chars().count() <= OPENID_SUBJECT_CHARS_MAX);
    refuse(is_named, "malformed_token", "the token does not say who it is about")?;
    Ok(claims)
}

/// What a token says, when it is signed with the key.
fn signed(token: &str, head: &Head, key: &Jwk) -> Result<Claims, Refusal> {
    signature::install();
    // All that the token says is compared here, one reason after the other; numbers keep their digits, which the library's
    // own comparison of times does not expect.
    let mut validation = Validation::new(head.algorithm);
    validation.required_spec_claims.clear();
    (validation.validate_exp, validation.validate_aud) = (false, false);
    let key = DecodingKey::from_jwk(key).map_err(|_| malformed())?;
    let decoded = jsonwebtoken::decode::<Claims>(token, &key, &validation);
    decoded.map(|decoded| decoded.claims).map_err(|error| match error.kind() {
        ErrorKind::InvalidSignature => {
            Refusal::unproven("wrong_signature", "the token is not signed by the issuer; sign in again")
        }
        _ => malformed(),
    })
}

fn malformed() -> Refusal {
    Refusal::unproven("malformed_token", "the issuer sent something that is no token")
}

fn refuse(is_right: bool, code: &'static str, what: &str) -> Result<(), Refusal> {
    if is_right { Ok(()) } else { Err(Refusal::unproven(code, format!("{what}; sign in again"))) }
}

/// Whether a token is for a client: alone, or among others as the one who asked for it.
fn is_for_client(claims: &Claims, client: &str) -> bool {
    let authorized = claims.get("azp").map(Json::as_str);
    let is_authorized = authorized.is_none_or(|party| party == Some(client));
    match claims.get("aud") {
        Some(Json::String(audience)) => audience == client && is_authorized,
        Some(Json::Array(all)) => {
            let is_among = all.iter().any(|audience| audience.as_str() == Some(client));
            is_among && is_authorized && (all.len() == 1 || authorized.is_some())
        }
        _ => false,
    }
}

/// Refuses a token whose time is over, or still to come. Times are seconds since 1970.
fn check_times(claims: &Claims, now: f64) -> Result<(), Refusal> {
    let leeway = OPENID_LEEWAY_SECONDS as f64;
    let time = |name: &str| claims.get(name).map(|time| time.as_f64().filter(|time| time.is_finite()));
    let (Some(Some(expires)), Some(Some(issued))) = (time("exp"), time("iat")) else {
        return refuse(false, "malformed_token", "the token does not say from when to when it is good");
    };
    let begins = time("nbf").unwrap_or(Some(issued)).unwrap_or(f64::INFINITY);
    refuse(now < expires + leeway, "expired_token", "the token has expired; the clocks may differ")?;
    let is_now = issued.max(begins) <= now + leeway;
    refuse(is_now, "token_of_the_future", "the token is of a time that is still to come; the clocks differ")
}

/// The left half of the hash of an access token, as the algorithm of the signature has it.
fn half_hash(access: &str, algorithm: Algorithm) -> String {
    let hash = match algorithm {
        Algorithm::EdDSA => digest(&SHA512, access.as_bytes()),
        _ => digest(&SHA256, access.as_bytes()),
    };
    BASE64_URL_SAFE_NO_PAD.encode(&hash.as_ref()[..hash.as_ref().len() / 2])
}

#[cfg(test)]
mod tests {
    use ring::rand::SystemRandom;
    use ring::signature::{ECDSA_P256_SHA256_FIXED_SIGNING, EcdsaKeyPair, Ed25519KeyPair, KeyPair};
    use serde_json::json;

    use super::*;

    const NOW: i64 = 1_800_000_000;

    /// Signs with ES256 or EdDSA, and the public keys.
    struct Issuer {
        elliptic: EcdsaKeyPair,
        edwards: Ed25519KeyPair,
    }

    fn encoded(bytes: impl AsRef<[u8]>) -> String {
        BASE64_URL_SAFE_NO_PAD.encode(bytes)
    }

    impl Issuer {
        fn new() -> Self {
            let random = SystemRandom::new();
            let algorithm = &ECDSA_P256_SHA256_FIXED_SIGNING;
            let elliptic = EcdsaKeyPair::generate_pkcs8(algorithm, &random).expect("a key");
            let edwards = Ed25519KeyPair::generate_pkcs8(&random).expect("a key");
            Self {
                elliptic: EcdsaKeyPair::from_pkcs8(algorithm, elliptic.as_ref(), &random).expect("a key"),
                edwards: Ed25519KeyPair::from_pkcs8(edwards.as_ref()).expect("a key"),
            }
        }

        fn keys(&self) -> Vec<Jwk> {
            let point = self.elliptic.public_key().as_ref();
            let (x, y) = (encoded(&point[1..33]), encoded(&point[33..]));
            let (edwards, more) = (encoded(self.edwards.public_key()), json!({"kty": "oct", "kid": "c", "k": "AAAA"}));
            let elliptic =
                json!({"kty": "EC", "crv": "P-256", "kid": "a", "alg": "ES256", "use": "sig", "x": x, "y": y});
            let edwards = json!({"kty": "OKP", "crv": "Ed25519", "kid": "b", "x": edwards});
            [elliptic, edwards, more].into_iter().map(|key| serde_json::from_value(key).expect("a key")).collect()
        }

        fn sign(&self, head: &Json, claims: &Json) -> String {
            let message = format!("{}.{}", encoded(head.to_string()), encoded(claims.to_string()));
            let signed = match head["alg"].as_str() {
                Some("EdDSA") => self.edwards.sign(message.as_bytes()).as_ref().to_vec(),
                _ => self.elliptic.sign(&SystemRandom::new(), message.as_bytes()).expect("signed").as_ref().to_vec(),
            };
            format!("{message}.{}", encoded(signed))
        }

        fn judge(&self, head: &Json, change: &Json) -> Result<Claims, &'static str> {
            let mut claims = json!({"iss": "https://i.example", "aud": "muster", "sub": "7", "nonce": "n",
                                    "exp": NOW + 300, "iat": NOW});
            for (name, value) in change.as_object().expect("an object") {
                claims[name] = value.clone();
            }
            // What is said to be nothing is left out.
            claims.as_object_mut().expect("an object").retain(|_, value| !value.is_null());
            self.judge_token(&self.sign(head, &claims))
        }

        fn judge_token(&self, token: &str) -> Result<Claims, &'static str> {
            let expected = Expected {
                issuer: "https://i.example",
                client: "muster",
                nonce: "n",
                access_token: Some("access"),
                now: Timestamp(NOW * 1_000_000),
            };
            let head = head(token).map_err(|refusal| refusal.code)?;
            let keys = self.keys();
            verified(token, &head, key(&keys, &head).ok_or("no key")?, expected).map_err(|refusal| refusal.code)
        }
    }

    #[test]
    fn only_a_token_of_which_everything_is_right_counts() {
        let issuer = Issuer::new();
        let head = json!({"alg": "ES256", "kid": "a"});
        let judge = |change: Json| issuer.judge(&head, &change).map(|claims| claims["sub"].clone());
        assert_eq!(judge(json!({})), Ok(json!("7")));
        let leeway = OPENID_LEEWAY_SECONDS;
        for change in [
            json!({"aud": ["muster"]}),
            json!({"aud": ["other", "muster"], "azp": "muster"}),
            json!({"azp": "muster"}),
            json!({"exp": NOW - leeway + 1}),
            json!({"iat": NOW + leeway, "nbf": NOW + leeway}),
            json!({"iat": NOW as f64 - 0.5}),
            json!({"at_hash": half_hash("access", Algorithm::ES256)}),
            json!({"sub": "x".repeat(OPENID_SUBJECT_CHARS_MAX)}),
        ] {
            assert!(judge(change.clone()).is_ok(), "{change}");
        }
        for (change, code) in [
            (json!({"iss": "https://i.example/"}), "wrong_issuer"),
            (json!({"iss": ["https://i.example"]}), "wrong_issuer"),
            (json!({"iss": null}), "wrong_issuer"),
            (json!({"aud": "other"}), "wrong_audience"),
            (json!({"aud": null}), "wrong_audience"),
            (json!({"aud": []}), "wrong_audience"),
            (json!({"aud": ["other", "muster"]}), "wrong_audience"),
            (json!({"aud": ["other", "muster"], "azp": "other"}), "wrong_audience"),
            (json!({"azp": "other"}), "wrong_audience"),
            (json!({"azp": 7}), "wrong_audience"),
            (json!({"exp": NOW - leeway}), "expired_token"),
            (json!({"exp": null}), "malformed_token"),
            (json!({"exp": "4000000000"}), "malformed_token"),
            (json!({"iat": null}), "malformed_token"),
            (json!({"iat": NOW + leeway + 1}), "token_of_the_future"),
            (json!({"nbf": NOW + leeway + 1}), "token_of_the_future"),
            (json!({"nbf": "0"}), "token_of_the_future"),
            (json!({"nonce": "m"}), "wrong_nonce"),
            (json!({"nonce": null}), "wrong_nonce"),
            (json!({"at_hash": half_hash("other", Algorithm::ES256)}), "wrong_access_token"),
            (json!({"at_hash": 7}), "wrong_access_token"),
            (json!({"sub": null}), "malformed_token"),
            (json!({"sub": ""}), "malformed_token"),
            (json!({"sub": 7}), "malformed_token"),
            (json!({"sub": "x".repeat(OPENID_SUBJECT_CHARS_MAX + 1)}), "malformed_token"),
        ] {
            assert_eq!(judge(change.clone()), Err(code), "{change}");
        }
    }

    #[test]
    fn a_token_is_signed_by_a_key_of_the_issuer_for_just_that() {
        let issuer = Issuer::new();
        let judge = |head: Json| issuer.judge(&head, &json!({})).map(drop);
        assert_eq!(judge(json!({"alg": "EdDSA", "kid": "b"})), Ok(()));
        let at_hash = json!({"at_hash": half_hash("access", Algorithm::EdDSA)});
        assert!(issuer.judge(&json!({"alg": "EdDSA"}), &at_hash).is_ok(), "the only key that it can be");
        for alg in ["none", "None", "HS256", "RS512", "ES384", ""] {
            assert_eq!(judge(json!({"alg": alg, "kid": "a"})), Err("unsupported_algorithm"), "{alg}");
        }
        // A key of another kind, a key that is none, a key for something else.
        for (alg, kid) in [("EdDSA", "a"), ("ES256", "b"), ("RS256", "a"), ("ES256", "c"), ("ES256", "d")] {
            assert_eq!(judge(json!({"alg": alg, "kid": kid})), Err("no key"), "{alg} {kid}");
        }
        assert_eq!(judge(json!({"alg": "ES256", "kid": "a", "crit": ["x"], "x": 1})), Err("malformed_token"));
        let other = Issuer::new();
        let claims = json!({"iss": "https://i.example"});
        let foreign = other.sign(&json!({"alg": "ES256", "kid": "a"}), &claims);
        assert_eq!(issuer.judge_token(&foreign), Err("wrong_signature"));
        let good = issuer.sign(&json!({"alg": "ES256", "kid": "a"}), &claims);
        let (message, signature) = good.rsplit_once('.').expect("two parts");
        for token in [format!("{message}."), format!("{message}.{}", &signature[..40]), format!("{message}.AAAA")] {
            assert_eq!(issuer.judge_token(&token), Err("wrong_signature"), "{token}");
        }
        for token in ["", ".", "a.b.c", message, &format!("{good}.x"), &format!(" {good}")] {
            assert!(issuer.judge_token(token).is_err(), "{token}");
        }
    }

    #[test]
    fn among_keys_without_names_none_is_guessed() {
        let mut keys = Issuer::new().keys();
        let nameless = Head { algorithm: Algorithm::ES256, key: None };
        assert!(key(&keys, &nameless).is_some());
        keys.push(keys[0].clone());
        assert!(key(&keys, &nameless).is_none());
        keys[0].common.public_key_use = Some(PublicKeyUse::Encryption);
        assert!(key(&keys, &nameless).is_some(), "what is for something else is none of them");
        keys[3].common.key_algorithm = Some(KeyAlgorithm::ES384);
        assert!(key(&keys, &nameless).is_none());
    }
}
