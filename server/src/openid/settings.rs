//! How this server is known to an issuer, and what is made of those it vouches for.

use std::fmt;
use std::net::IpAddr;

use crate::access::Role;
use crate::outgoing::Target;

/// Where an issuer sends people back to, below the public address.
const CALLBACK: &str = "/api/session/openid/callback";

/// The claim that names people unless a setting says otherwise. It counts only where the issuer has verified it.
pub(super) const EMAIL: &str = "email";

/// A secret that is never shown.
#[derive(Clone, PartialEq, Eq)]
pub struct ClientSecret(String);

impl ClientSecret {
    /// A secret; none for a text without any.
    pub fn new(text: &str) -> Option<Self> {
        let text = text.trim();
        (!text.is_empty()).then(|| Self(text.to_owned()))
    }

    pub(super) fn reveal(&self) -> &str {
        &self.0
    }
}

impl fmt::Debug for ClientSecret {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("ClientSecret(...)")
    }
}

/// What becomes of somebody whom the issuer vouches for and nobody has invited: an account of this role and tenant.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Creation {
    /// What they may.
    pub role: Role,
    /// Whose data.
    pub tenant: String,
}

/// Settings as they are written.
#[derive(Debug, Clone)]
pub struct Wanted {
    /// The issuer, exactly as it calls itself.
    pub issuer: String,
    /// What the issuer calls this server.
    pub client: String,
    /// What this server proves that with; none for a public client.
    pub secret: Option<ClientSecret>,
    /// Where browsers reach this server.
    pub public_url: String,
    /// What the button says.
    pub label: String,
    /// The claim that names people.
    pub claim: String,
    /// What becomes of people who are unknown; none: they are refused.
    pub creation: Option<Creation>,
}

/// Settings that can be worked with.
#[derive(Debug, Clone)]
pub struct Settings {
    wanted: Wanted,
    redirect: String,
}

impl Settings {
    /// Checks settings.
    ///
    /// # Errors
    /// What is wrong with them, in words.
    pub fn new(wanted: Wanted) -> Result<Self, String> {
        let refused = |name: &str, why: String| format!("--openid-{name}: {why}");
        address(&wanted.issuer).map_err(|why| refused("issuer", why))?;
        if wanted.issuer.contains(['?', '#']) {
            return Err(refused("issuer", "an issuer's address has no query".into()));
        }
        let public = address(&wanted.public_url).map_err(|why| refused("public-url", why))?;
        if public.path != "/" {
            return Err(refused("public-url", "it is where the server is reached, without a path".into()));
        }
        for (name, text) in [("client-id", &wanted.client), ("claim", &wanted.claim), ("label", &wanted.label)] {
            if text.trim().is_empty() {
                return Err(refused(name, "it says nothing".into()));
            }
        }
        if wanted.creation.as_ref().is_some_and(|creation| creation.role == Role::Operator) {
            return Err(refused("create-role", "whoever runs the server is made by hand".into()));
        }
        let redirect = format!("{}{CALLBACK}", wanted.public_url.trim_end_matches('/'));
        Ok(Self { wanted, redirect })
    }

    /// The issuer, as it calls itself.
    pub fn issuer(&self) -> &str {
        &self.wanted.issuer
    }

    /// What the issuer calls this server.
    pub(super) fn client(&self) -> &str {
        &self.wanted.client
    }

    pub(super) fn secret(&self) -> Option<&ClientSecret> {
        self.wanted.secret.as_ref()
    }

    /// Where the issuer sends people back to.
    pub(super) fn redirect(&self) -> &str {
        &self.redirect
    }

    /// What the button says.
    pub fn label(&self) -> &str {
        &self.wanted.label
    }

    /// The claim that names people.
    pub(super) fn claim(&self) -> &str {
        &self.wanted.claim
    }

    /// What is asked for: who it is, and the claim that names them.
    pub(super) fn scope(&self) -> &'static str {
        match self.claim() {
            EMAIL => "openid email",
            "sub" => "openid",
            _ => "openid profile email",
        }
    }

    /// What becomes of people who are unknown.
    pub fn creation(&self) -> Option<&Creation> {
        self.wanted.creation.as_ref()
    }

    /// Where the issuer describes itself.
    pub(super) fn description(&self) -> Result<Target, String> {
        address(&format!("{}/.well-known/openid-configuration", self.issuer().trim_end_matches('/')))
    }
}

/// An address that may be trusted with codes and secrets: encrypted, or of this machine itself.
///
/// # Errors
/// Why it may not, in words.
pub(super) fn address(url: &str) -> Result<Target, String> {
    let target = Target::parse(url)?;
    let is_here = target.host == "localhost" || target.host.parse::<IpAddr>().is_ok_and(is_loopback);
    if target.is_encrypted || is_here {
        Ok(target)
    } else {
        Err("without encryption it is this machine itself only; say https://".into())
    }
}

/// Whether it is this machine, whatever the form of its address.
pub(super) fn is_loopback(ip: IpAddr) -> bool {
    ip.to_canonical().is_loopback()
}

#[cfg(test)]
pub(super) mod tests {
    use super::*;

    pub(in crate::openid) fn wanted() -> Wanted {
        Wanted {
            issuer: "https://issuer.example".into(),
            client: "muster".into(),
            secret: ClientSecret::new(" a secret\n"),
            public_url: "https://muster.example/".into(),
            label: "Sign in".into(),
            claim: EMAIL.into(),
            creation: None,
        }
    }

    #[test]
    fn only_this_machine_is_asked_without_encryption() {
        for good in ["https://a.example", "https://10.0.0.1:8443/realms/x", "http://127.0.0.1:9/a", "http://[::1]:9"] {
            assert!(address(good).is_ok(), "{good}");
        }
        assert!(address("http://localhost:1/").is_ok());
        for bad in ["http://a.example", "http://10.0.0.1", "http://localhost.a.example", "ftp://127.0.0.1", "a", ""] {
            assert!(address(bad).is_err(), "{bad}");
        }
        assert!(address("https://user:word@a.example").is_err());
    }

    #[test]
    fn settings_are_good_or_say_which_is_not() {
        let settings = Settings::new(wanted()).expect("good");
        assert_eq!(settings.redirect(), "https://muster.example/api/session/openid/callback");
        assert_eq!(settings.description().expect("good").path, "/.well-known/openid-configuration");
        assert!(!format!("{settings:?}").contains("a secret"), "it is not printed by accident");
        assert_eq!(settings.secret().map(ClientSecret::reveal), Some("a secret"));
        let creation = Some(Creation { role: Role::Operator, tenant: "default".into() });
        for (bad, name) in [
            (Wanted { issuer: "http://issuer.example".into(), ..wanted() }, "--openid-issuer"),
            (Wanted { issuer: "https://issuer.example/?a".into(), ..wanted() }, "--openid-issuer"),
            (Wanted { public_url: "https://muster.example/app".into(), ..wanted() }, "--openid-public-url"),
            (Wanted { public_url: "http://muster.example".into(), ..wanted() }, "--openid-public-url"),
            (Wanted { client: " ".into(), ..wanted() }, "--openid-client-id"),
            (Wanted { claim: String::new(), ..wanted() }, "--openid-claim"),
            (Wanted { label: String::new(), ..wanted() }, "--openid-label"),
            (Wanted { creation, ..wanted() }, "--openid-create-role"),
        ] {
            let why = Settings::new(bad).map(drop).expect_err(name);
            assert!(why.starts_with(name), "{why}");
        }
        assert_eq!(ClientSecret::new(" \n"), None);
    }
}
