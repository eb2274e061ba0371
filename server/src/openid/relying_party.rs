//! The flow as a whole: somebody is sent to the issuer, and comes back.

use muster_engine::time::Timestamp;
use serde_json::Value as Json;

use super::issuer::Issuer;
use super::refusal::{Kind, Refusal};
use super::settings::{EMAIL, Settings};
use super::sign_ins::{Begun, SignIns};
use super::token::{self, Claims, Expected};
use crate::limits::{OPENID_RETURN_BYTES_MAX, TENANT_ID_CHARS_MAX};

/// What the issuer takes this server for: somebody who relies on it.
#[derive(Debug)]
pub struct RelyingParty {
    settings: Settings,
    issuer: Issuer,
    sign_ins: SignIns,
}

/// Somebody who is sent to the issuer.
#[derive(Debug)]
pub struct Arrived {
    /// Where.
    pub location: String,
    /// What their browser keeps meanwhile.
    pub browser: String,
}

/// What somebody comes back with.
#[derive(Debug, Default)]
pub struct Returned<'a> {
    /// What the issuer was given for them.
    pub state: &'a str,
    /// What tokens are to be had for.
    pub code: Option<&'a str>,
    /// Why the issuer gives no code.
    pub error: Option<&'a str>,
    /// Which issuer it was.
    pub issuer: Option<&'a str>,
    /// What the browser kept.
    pub browser: Option<&'a str>,
}

/// Somebody whom the issuer vouches for.
#[derive(Debug)]
pub struct Vouched {
    /// Whose data they want to work with.
    pub tenant: String,
    /// The page they want to see.
    pub page: String,
    /// What the issuer calls them, and nobody else ever.
    pub subject: String,
    /// What people call them, if the issuer vouches for that as well.
    pub name: Result<String, Refusal>,
}

impl RelyingParty {
    /// One with these settings; nobody is asked yet.
    pub fn new(settings: Settings) -> Self {
        Self { settings, issuer: Issuer::default(), sign_ins: SignIns::default() }
    }

    /// Its settings.
    pub fn settings(&self) -> &Settings {
        &self.settings
    }

    /// Sends somebody to the issuer: for which tenant, from which address, and to which page they want to come back.
    ///
    /// # Errors
    /// When the page is none of this server, no tenant can have that name, too many sign in, or the issuer gives no answer of use.
    pub async fn begin(&self, tenant: &str, page: &str, address: &str) -> Result<Arrived, Refusal> {
        if !is_page(page) {
            let message = "return_to is the path of a page of this server, such as /app/segments";
            return Err(Refusal::unproven("foreign_page", message));
        }
        // Kept until they come back: whoever is nobody yet fills no memory with it.
        if tenant.len() > TENANT_ID_CHARS_MAX {
            let message = format!("a tenant's id has at most {TENANT_ID_CHARS_MAX} characters");
            return Err(Refusal::unproven("bad_tenant_id", message));
        }
        let description = self.issuer.description(&self.settings).await?;
        let given = self.sign_ins.begin(tenant, page, address)?;
        let pairs = [
            ("response_type", "code"),
            ("client_id", self.settings.client()),
            ("redirect_uri", self.settings.redirect()),
            ("scope", self.settings.scope()),
            ("state", &given.state),
            ("nonce", &given.nonce),
            ("code_challenge", &given.challenge),
            ("code_challenge_method", "S256"),
        ];
        let query = form_urlencoded::Serializer::new(String::new()).extend_pairs(pairs).finish();
        let join = if description.authorization.contains('?') { '&' } else { '?' };
        Ok(Arrived { location: format!("{}{join}{query}", description.authorization), browser: given.browser })
    }

    /// Hears whom the issuer vouches for. Whoever comes back with a state that is good is told with a refusal for which
    /// tenant they came.
    ///
    /// # Errors
    /// Why nobody is vouched for.
    pub async fn end(&self, returned: Returned<'_>, now: Timestamp) -> Result<Vouched, (Option<String>, Refusal)> {
        let begun = self.sign_ins.end(returned.state, returned.browser).map_err(|refusal| (None, refusal))?;
        let vouched = self.vouched(&begun, &returned, now).await;
        vouched.map_err(|refusal| (Some(begun.tenant), refusal))
    }

    async fn vouched(&self, begun: &Begun, returned: &Returned<'_>, now: Timestamp) -> Result<Vouched, Refusal> {
        let settings = &self.settings;
        let says_who = self.issuer.description(settings).await?.says_who;
        let is_missing = says_who && returned.issuer.is_none();
        if is_missing || returned.issuer.is_some_and(|issuer| issuer != settings.issuer()) {
            return Err(Refusal::unproven("wrong_issuer", "the answer is of another issuer; sign in again"));
        }
        let Some(code) = returned.code.filter(|_| returned.error.is_none()) else {
            return Err(Refusal::unproven("refused_by_issuer", denial(returned.error.unwrap_or_default())));
        };
        let tokens = self.issuer.redeem(settings, code, &begun.verifier).await?;
        let head = token::head(&tokens.id)?;
        let key = self.issuer.key(settings, &head).await?;
        let expected = Expected {
            issuer: settings.issuer(),
            client: settings.client(),
            nonce: &begun.nonce,
            access_token: tokens.access.as_deref(),
            now,
        };
        let claims = token::verified(&tokens.id, &head, &key, expected)?;
        let subject = claims.get("sub").and_then(Json::as_str).unwrap_or_default().to_owned();
        let (tenant, page) = (begun.tenant.clone(), begun.page.clone());
        let name = match &tokens.access {
            Some(access) if !claims.contains_key(settings.claim()) => {
                self.asked_name(access, &subject, &claims).await?
            }
            _ => named(&claims, settings.claim()),
        };
        Ok(Vouched { tenant, page, subject, name })
    }

    /// What the issuer calls somebody when it is asked, whose token does not say. Whose account is known comes in although
    /// it gives no answer.
    async fn asked_name(
        &self,
        access: &str,
        subject: &str,
        claims: &Claims,
    ) -> Result<Result<String, Refusal>, Refusal> {
        let claim = self.settings.claim();
        match self.issuer.person(&self.settings, access, subject).await {
            Ok(more) => Ok(named(more.as_ref().unwrap_or(claims), claim)),
            Err(refusal) if refusal.kind == Kind::Unavailable => Ok(Err(refusal)),
            Err(refusal) => Err(refusal),
        }
    }
}

/// What people call somebody. An e-mail address that nobody has verified is anybody's.
fn named(claims: &Claims, claim: &str) -> Result<String, Refusal> {
    let is_verified = claim != EMAIL || claims.get("email_verified") == Some(&Json::Bool(true));
    match claims.get(claim).and_then(Json::as_str).filter(|name| !name.trim().is_empty()) {
        Some(name) if is_verified => Ok(name.to_owned()),
        Some(_) => {
            let message = "the issuer has not verified the e-mail address; verify it there, then sign in again";
            Err(Refusal::forbidden("unverified_email", message))
        }
        None => {
            let message = format!("the issuer does not say \"{claim}\" of you; whoever runs it can have it say so");
            Err(Refusal::forbidden("no_name", message))
        }
    }
}

/// Why the issuer gives no code, in our words: its own may be anybody's.
fn denial(error: &str) -> &'static str {
    match error {
        "access_denied" => "it was refused at the issuer: by you, or by whoever decides there who may",
        "login_required" | "interaction_required" | "consent_required" => "the issuer has to ask you something first",
        "temporarily_unavailable" | "server_error" => "the issuer cannot do it at the moment; try again",
        _ => "the issuer gives no code; whoever runs it can say why",
    }
}

/// Whether a path is one of the pages of this server, so that nobody is led elsewhere.
fn is_page(page: &str) -> bool {
    let behind = page.strip_prefix("/app").filter(|_| page.len() <= OPENID_RETURN_BYTES_MAX);
    let is_below = behind.is_some_and(|rest| rest.is_empty() || rest.starts_with(['/', '?']));
    (is_below || page == "/") && page.bytes().all(|byte| byte.is_ascii_graphic() && byte != b'\\')
}

#[cfg(test)]
mod tests {
    use super::super::settings::tests::wanted;
    use super::*;

    #[test]
    fn people_come_back_to_pages_of_this_server_only() {
        for page in ["/", "/app", "/app/", "/app/segments/1?tab=a%20b&x=//y", "/app?x", "/app//evil.example"] {
            assert!(is_page(page), "{page}");
        }
        let long = |length: usize| format!("/app/{}", "a".repeat(length - 5));
        assert!(is_page(&long(OPENID_RETURN_BYTES_MAX)) && !is_page(&long(OPENID_RETURN_BYTES_MAX + 1)));
        for page in [
            "",
            "//evil.example",
            "/\\evil.example",
            "https://evil.example",
            "app",
            "/application",
            "/api/session",
            "/app/\\evil.example",
            "/app/\nset-cookie: a=b",
            "/app/a b",
            "/app/\u{e4}",
            "/app@evil.example",
            "javascript:alert(1)",
        ] {
            assert!(!is_page(page), "{page}");
        }
    }

    #[tokio::test]
    async fn what_no_tenant_can_be_called_is_not_kept() {
        let party = RelyingParty::new(Settings::new(wanted()).expect("settings"));
        let begin =
            async |tenant: String| party.begin(&tenant, "/", "here").await.expect_err("there is no issuer").code;
        assert_eq!(begin("a".repeat(TENANT_ID_CHARS_MAX + 1)).await, "bad_tenant_id");
        assert_ne!(begin("a".repeat(TENANT_ID_CHARS_MAX)).await, "bad_tenant_id");
    }

    #[test]
    fn somebody_is_named_by_what_the_issuer_has_verified() {
        let named = |claims: Json, claim: &str| {
            let claims = claims.as_object().expect("an object").clone();
            named(&claims, claim).map_err(|refusal| refusal.code)
        };
        let ann = "ann@example.com".to_owned();
        assert_eq!(named(serde_json::json!({"email": ann, "email_verified": true}), EMAIL), Ok(ann.clone()));
        for verified in [Json::Null, false.into(), "true".into(), 1.into()] {
            let claims = serde_json::json!({"email": ann, "email_verified": verified});
            assert_eq!(named(claims, EMAIL), Err("unverified_email"));
        }
        assert_eq!(named(serde_json::json!({"email": ann}), EMAIL), Err("unverified_email"));
        assert_eq!(named(serde_json::json!({"email_verified": true, "email": " "}), EMAIL), Err("no_name"));
        assert_eq!(named(serde_json::json!({"upn": "ann"}), "upn"), Ok("ann".to_owned()));
        assert_eq!(named(serde_json::json!({"upn": 7}), "upn"), Err("no_name"));
    }
}
