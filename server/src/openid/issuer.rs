//! The issuer: what it says of itself, its keys, and codes turned into tokens.
//!
//! Asked when first needed; kept, because a sign-in is to take a moment. All that it answers is bounded in time and length.

use std::sync::Arc;

use axum::http::{HeaderValue, Method, Request, header};
use base64::Engine;
use base64::prelude::BASE64_STANDARD;
use bytes::Bytes;
use http_body_util::Full;
use jsonwebtoken::jwk::Jwk;
use serde::Deserialize;
use serde::de::DeserializeOwned;
use serde_json::Value as Json;

use super::kept::Kept;
use super::refusal::Refusal;
use super::settings::{Settings, address, is_loopback};
use super::token::{self, Claims, Head};
use crate::limits::{OPENID_ANSWER_BYTES_MAX, OPENID_TIME_MAX};
use crate::outgoing::{Answer, Bounds, Target, exchange};

const BOUNDS: Bounds = Bounds { time: OPENID_TIME_MAX, bytes: OPENID_ANSWER_BYTES_MAX };

/// What an issuer says of itself.
#[derive(Debug)]
pub(super) struct Description {
    /// Where browsers are sent.
    pub(super) authorization: String,
    tokens: Target,
    keys: Target,
    /// Where it says more of somebody than tokens do; not every issuer does.
    people: Option<Target>,
    /// Whether the client's secret goes into the header, as everybody can, or into the body.
    is_basic: bool,
    /// Whether it says with every answer that it is from it (RFC 9207).
    pub(super) says_who: bool,
}

/// What a code was turned into.
pub(super) struct Tokens {
    pub(super) id: String,
    pub(super) access: Option<String>,
}

/// The issuer that the settings name.
#[derive(Debug, Default)]
pub(super) struct Issuer {
    description: Kept<Description>,
    keys: Kept<Vec<Jwk>>,
}

impl Issuer {
    /// What it says of itself.
    ///
    /// # Errors
    /// When it cannot be had.
    pub(super) async fn description(&self, settings: &Settings) -> Result<Arc<Description>, Refusal> {
        self.description.get(described(settings)).await.map_err(|why| Refusal::unavailable(&why))
    }

    /// The key of a token; the keys are asked for again when there is none of its name, but not for every name that
    /// somebody thinks of.
    ///
    /// # Errors
    /// When the keys cannot be had, or it is not among them.
    pub(super) async fn key(&self, settings: &Settings, head: &Head) -> Result<Jwk, Refusal> {
        let unavailable = |why: String| Refusal::unavailable(&why);
        let target = self.description(settings).await?.keys.clone();
        let mut keys = self.keys.get(keys(&target)).await.map_err(unavailable)?;
        if token::key(&keys, head).is_none() {
            keys = self.keys.renew(&keys, self::keys(&target)).await.map_err(unavailable)?;
        }
        let message = "the token is signed with a key that the issuer does not publish; sign in again in a minute";
        token::key(&keys, head).cloned().ok_or_else(|| Refusal::unproven("unknown_signing_key", message))
    }

    /// What it says of somebody to whoever shows their access token; nothing where it has no place for that. What is about
    /// another subject than the token counts for nothing (OpenID Connect Core, section 5.3.2).
    ///
    /// # Errors
    /// When it gives no answer of use, or one about somebody else.
    pub(super) async fn person(
        &self,
        settings: &Settings,
        access: &str,
        subject: &str,
    ) -> Result<Option<Claims>, Refusal> {
        let description = self.description(settings).await?;
        let Some(target) = &description.people else { return Ok(None) };
        let mut request = question(Method::GET, Bytes::new());
        let value = HeaderValue::from_str(&format!("Bearer {access}"));
        let mut value = value.map_err(|_| Refusal::unavailable("its access token cannot be sent"))?;
        value.set_sensitive(true);
        request.headers_mut().insert(header::AUTHORIZATION, value);
        let claims: Claims = fetched(target, request).await.map_err(|why| Refusal::unavailable(&why))?;
        if claims.get("sub").and_then(Json::as_str) == Some(subject) {
            return Ok(Some(claims));
        }
        let message = "what the issuer says of you is about somebody else; sign in again";
        Err(Refusal::unproven("wrong_subject", message))
    }

    /// Turns a code into tokens.
    ///
    /// # Errors
    /// When the issuer refuses, or gives no answer of use.
    pub(super) async fn redeem(&self, settings: &Settings, code: &str, verifier: &str) -> Result<Tokens, Refusal> {
        let description = self.description(settings).await?;
        let answer = asked(&description.tokens, redemption(settings, &description, code, verifier)?).await;
        let answer = answer.map_err(|why| Refusal::unavailable(&why))?;
        if answer.status == 200 {
            #[derive(Deserialize)]
            struct Redeemed {
                id_token: String,
                access_token: Option<String>,
            }
            let Redeemed { id_token, access_token } = read(answer).map_err(|why| Refusal::unavailable(&why))?;
            return Ok(Tokens { id: id_token, access: access_token });
        }
        #[derive(Deserialize)]
        struct Refused {
            error: String,
        }
        let status = answer.status;
        match read::<Refused>(answer).map(|refused| refused.error).as_deref() {
            Ok("invalid_grant") => {
                Err(Refusal::unproven("refused_code", "the issuer takes its code no more; sign in again"))
            }
            Ok("invalid_client" | "unauthorized_client") => {
                Err(Refusal::unavailable("it does not know this server: the settings name a wrong client or secret"))
            }
            _ => Err(Refusal::unavailable(&format!("it answers {status} where tokens are"))),
        }
    }
}

/// The request that turns a code into tokens, and proves that it is ours.
fn redemption(
    settings: &Settings,
    description: &Description,
    code: &str,
    verifier: &str,
) -> Result<Request<Full<Bytes>>, Refusal> {
    let mut form = form_urlencoded::Serializer::new(String::new());
    form.append_pair("grant_type", "authorization_code").append_pair("code", code);
    form.append_pair("redirect_uri", settings.redirect()).append_pair("code_verifier", verifier);
    let mut authorization = None;
    match settings.secret() {
        Some(secret) if description.is_basic => {
            // RFC 6749, section 2.3.1: both are encoded as in a form before they are put together.
            let encoded = |text: &str| form_urlencoded::byte_serialize(text.as_bytes()).collect::<String>();
            let pair = format!("{}:{}", encoded(settings.client()), encoded(secret.reveal()));
            let value = HeaderValue::from_str(&format!("Basic {}", BASE64_STANDARD.encode(pair)));
            authorization = Some(value.map_err(|_| Refusal::unavailable("the secret cannot be sent"))?);
        }
        Some(secret) => {
            form.append_pair("client_id", settings.client()).append_pair("client_secret", secret.reveal());
        }
        None => {
            form.append_pair("client_id", settings.client());
        }
    }
    let mut request = question(Method::POST, Bytes::from(form.finish()));
    let headers = request.headers_mut();
    headers.insert(header::CONTENT_TYPE, HeaderValue::from_static("application/x-www-form-urlencoded"));
    if let Some(mut value) = authorization {
        value.set_sensitive(true);
        headers.insert(header::AUTHORIZATION, value);
    }
    Ok(request)
}

fn question(method: Method, body: Bytes) -> Request<Full<Bytes>> {
    let mut request = Request::new(Full::new(body));
    *request.method_mut() = method;
    request.headers_mut().insert(header::ACCEPT, HeaderValue::from_static("application/json"));
    request
}

/// Without encryption this machine itself is asked and no other; what its own name leads to is looked at, too.
async fn asked(target: &Target, request: Request<Full<Bytes>>) -> Result<Answer, String> {
    let check = |ip| match target.is_encrypted || is_loopback(ip) {
        true => Ok(()),
        false => Err(format!("{ip} is not this machine")),
    };
    exchange(target, check, request, BOUNDS).await
}

/// What an answer says. Why it says nothing names no part of it: it may be a token.
fn read<T: DeserializeOwned>(answer: Answer) -> Result<T, String> {
    serde_json::from_slice(&answer.body?).map_err(|error| format!("it is not as it should be ({:?})", error.classify()))
}

async fn fetched<T: DeserializeOwned>(target: &Target, request: Request<Full<Bytes>>) -> Result<T, String> {
    let refused = |why: String| format!("{}{}: {why}", target.host, target.path);
    let answer = asked(target, request).await.map_err(refused)?;
    match answer.status {
        200 => read(answer).map_err(refused),
        status => Err(refused(format!("it answers {status}"))),
    }
}

async fn described(settings: &Settings) -> Result<Description, String> {
    #[derive(Deserialize)]
    struct Published {
        issuer: String,
        authorization_endpoint: String,
        token_endpoint: String,
        jwks_uri: String,
        userinfo_endpoint: Option<String>,
        token_endpoint_auth_methods_supported: Option<Vec<String>>,
        authorization_response_iss_parameter_supported: Option<bool>,
    }
    let itself = settings.description()?;
    let found: Published = fetched(&itself, question(Method::GET, Bytes::new())).await?;
    if found.issuer != settings.issuer() {
        return Err(format!(
            "it calls itself \"{}\", and --openid-issuer calls it \"{}\"; they have to be equal",
            found.issuer.escape_debug(),
            settings.issuer()
        ));
    }
    // What an encrypted issuer leads to is encrypted as well.
    let target = |name: &str, url: &str| {
        let target = address(url).map_err(|why| format!("its {name}: {why}"))?;
        if target.is_encrypted || !itself.is_encrypted {
            Ok(target)
        } else {
            Err(format!("its {name} is not encrypted"))
        }
    };
    target("authorization_endpoint", &found.authorization_endpoint)?;
    let methods = found.token_endpoint_auth_methods_supported;
    Ok(Description {
        tokens: target("token_endpoint", &found.token_endpoint)?,
        keys: target("jwks_uri", &found.jwks_uri)?,
        people: found.userinfo_endpoint.map(|url| target("userinfo_endpoint", &url)).transpose()?,
        authorization: found.authorization_endpoint,
        is_basic: methods.is_none_or(|methods| methods.iter().any(|method| method == "client_secret_basic")),
        says_who: found.authorization_response_iss_parameter_supported.unwrap_or_default(),
    })
}

/// The keys that an issuer publishes, as far as they are understood: others are for other uses.
async fn keys(target: &Target) -> Result<Vec<Jwk>, String> {
    #[derive(Deserialize)]
    struct Published {
        keys: Vec<Json>,
    }
    let found: Published = fetched(target, question(Method::GET, Bytes::new())).await?;
    Ok(found.keys.into_iter().filter_map(|key| serde_json::from_value(key).ok()).collect())
}
