//! The cookie that a browser is signed in with, and whether a request with it comes from a page of this server.
//!
//! The cookie is `HttpOnly` (no script reads it) and `SameSite=Lax` (other sites cannot send it along with a change);
//! where the connection is encrypted it is `Secure` and has the prefix `__Host-`, so that no neighbouring host can set it.
//! On top of that whatever changes something has to come from this origin, as `Sec-Fetch-Site` or `Origin` say: a browser
//! writes them, a page cannot.

use axum::http::{HeaderMap, HeaderValue, Method, StatusCode, header};

use crate::api::error::ApiError;
use crate::limits::{OPENID_SIGN_IN_TIME_MAX, SESSION_US_MAX};

/// A cookie: its names, and how long browsers keep it.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Cookie {
    /// Where the connection is encrypted.
    secure: &'static str,
    /// Elsewhere: on this machine.
    plain: &'static str,
    seconds: u64,
}

/// Whoever is signed in.
pub(crate) const SESSION: Cookie =
    Cookie { secure: "__Host-muster", plain: "muster", seconds: SESSION_US_MAX as u64 / 1_000_000 };

/// Whoever has been sent to an issuer, and is to come back in the same browser.
pub(super) const SIGN_IN: Cookie =
    Cookie { secure: "__Host-muster-openid", plain: "muster-openid", seconds: OPENID_SIGN_IN_TIME_MAX.as_secs() };

impl Cookie {
    fn name(self, is_secure: bool) -> &'static str {
        if is_secure { self.secure } else { self.plain }
    }

    /// The token of the cookie that a request carries.
    pub(crate) fn token(self, headers: &HeaderMap, is_secure: bool) -> Option<&str> {
        let lines = headers.get_all(header::COOKIE).iter().filter_map(|value| value.to_str().ok());
        let mut pairs = lines.flat_map(|line| line.split(';')).filter_map(|pair| pair.trim().split_once('='));
        pairs.find(|(key, _)| *key == self.name(is_secure)).map(|(_, token)| token)
    }

    /// Sets the cookie; an empty token removes it.
    pub(super) fn set(self, token: &str, is_secure: bool) -> Result<HeaderValue, ApiError> {
        let seconds = if token.is_empty() { 0 } else { self.seconds };
        let (name, secure) = (self.name(is_secure), if is_secure { "; Secure" } else { "" });
        let text = format!("{name}={token}; Path=/; HttpOnly; SameSite=Lax; Max-Age={seconds}{secure}");
        HeaderValue::from_str(&text).map_err(|error| ApiError::internal(error.to_string()))
    }
}

/// Refuses what changes something and does not come from a page of this server.
pub(crate) fn check_origin(method: &Method, headers: &HeaderMap) -> Result<(), ApiError> {
    if matches!(*method, Method::GET | Method::HEAD | Method::OPTIONS) || says_own(headers) == Some(true) {
        return Ok(());
    }
    let message = "with a session, changes come from a page of this server: the headers Sec-Fetch-Site or Origin have \
                   to say so; programs send a key instead";
    Err(ApiError::new(StatusCode::FORBIDDEN, "cross_site", message))
}

/// Refuses what says that it comes from another site; what says nothing comes from no browser.
pub(super) fn refuse_foreign(method: &Method, headers: &HeaderMap) -> Result<(), ApiError> {
    if says_own(headers).is_none() { Ok(()) } else { check_origin(method, headers) }
}

/// Whether a request says that it comes from here; none when it says nothing.
fn says_own(headers: &HeaderMap) -> Option<bool> {
    let text = |name| headers.get(name).map(|value: &HeaderValue| value.to_str().unwrap_or_default());
    if let Some(site) = text(header::HeaderName::from_static("sec-fetch-site")) {
        // "none": somebody typed the address.
        return Some(matches!(site, "same-origin" | "none"));
    }
    let (origin, host) = (text(header::ORIGIN)?, text(header::HOST).unwrap_or_default());
    let authority = origin.split_once("://").map_or("", |(_, authority)| authority);
    Some(!host.is_empty() && authority.eq_ignore_ascii_case(host))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn headers(pairs: &[(&'static str, &str)]) -> HeaderMap {
        pairs
            .iter()
            .map(|(name, value)| {
                (header::HeaderName::from_static(name), HeaderValue::from_str(value).expect("a value"))
            })
            .collect()
    }

    #[test]
    fn a_change_comes_from_this_origin_or_not_at_all() {
        let is_own = |pairs: &[(&'static str, &str)]| check_origin(&Method::POST, &headers(pairs)).is_ok();
        assert!(is_own(&[("sec-fetch-site", "same-origin")]));
        for site in ["cross-site", "same-site", ""] {
            assert!(!is_own(&[("sec-fetch-site", site), ("origin", "http://h"), ("host", "h")]), "{site}");
        }
        assert!(is_own(&[("origin", "https://muster.example:8443"), ("host", "MUSTER.example:8443")]));
        for origin in ["https://evil.example", "null", "", "https://muster.example:8443.evil.example", "h"] {
            assert!(!is_own(&[("origin", origin), ("host", "muster.example:8443")]), "{origin}");
        }
        assert!(!is_own(&[("origin", "null")]), "no host is nobody's");
        assert!(!is_own(&[("host", "h")]), "who says nothing is not from here");
        assert!(check_origin(&Method::GET, &headers(&[("sec-fetch-site", "cross-site")])).is_ok());
        assert!(refuse_foreign(&Method::POST, &headers(&[("host", "h")])).is_ok());
        assert!(refuse_foreign(&Method::POST, &headers(&[("origin", "https://evil"), ("host", "h")])).is_err());
    }

    #[test]
    fn the_cookie_is_found_among_others_and_is_bound_to_the_host_where_it_can_be() {
        let sent = headers(&[("cookie", "a=b; muster=tok; __Host-muster=safe")]);
        assert_eq!((SESSION.token(&sent, false), SESSION.token(&sent, true)), (Some("tok"), Some("safe")));
        assert_eq!(SIGN_IN.token(&sent, false), None);
        assert_eq!(SESSION.token(&headers(&[("cookie", "xmuster=tok; a")]), false), None);
        let of = |cookie: Cookie, token, is_secure| {
            cookie.set(token, is_secure).expect("a header").to_str().expect("ASCII").to_owned()
        };
        let set = |token, is_secure| of(SESSION, token, is_secure);
        assert_eq!(set("t", true), "__Host-muster=t; Path=/; HttpOnly; SameSite=Lax; Max-Age=43200; Secure");
        assert_eq!(set("", false), "muster=; Path=/; HttpOnly; SameSite=Lax; Max-Age=0");
        let sent = "__Host-muster-openid=t; Path=/; HttpOnly; SameSite=Lax; Max-Age=600; Secure";
        assert_eq!(of(SIGN_IN, "t", true), sent);
    }
}
