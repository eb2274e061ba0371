//! Sign-ins that are under way: what was given to a browser when it was sent to the issuer, and whether it may come back.
//!
//! Each is known by its state, which is good once, for [`OPENID_SIGN_IN_TIME_MAX`], and in the browser that began it: that
//! has a token in a cookie. Of state and token the digests are kept. All are in memory: a restart has people begin anew.

use std::collections::HashMap;
use std::time::Duration;

use base64::Engine;
use base64::prelude::BASE64_URL_SAFE_NO_PAD;
use parking_lot::Mutex;
use ring::digest::{SHA256, digest};

use super::refusal::{Kind, Refusal};
use crate::access::{token, token_digest};
use crate::clock::Stopwatch;
use crate::limits::{OPENID_SIGN_IN_TIME_MAX, OPENID_SIGN_INS_MAX, OPENID_SIGN_INS_OF_ADDRESS_MAX};

/// What a browser takes along to the issuer.
pub(super) struct Given {
    pub(super) state: String,
    pub(super) nonce: String,
    /// What proves later that the code comes back to whoever asked for it (RFC 7636).
    pub(super) challenge: String,
    /// What stays in the browser.
    pub(super) browser: String,
}

/// What is known of whoever comes back.
#[derive(Debug, Default, PartialEq, Eq)]
pub(super) struct Begun {
    pub(super) nonce: String,
    pub(super) verifier: String,
    pub(super) tenant: String,
    /// The page they want to see.
    pub(super) page: String,
}

struct SignIn {
    begun: Begun,
    browser: [u8; 32],
    address: String,
    /// When it began, on the watch of all of them.
    at: Duration,
    is_used: bool,
}

/// All of them, by the digest of the state.
pub(super) struct SignIns {
    watch: Stopwatch,
    open: Mutex<HashMap<[u8; 32], SignIn>>,
}

impl std::fmt::Debug for SignIns {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "SignIns({})", self.open.lock().len())
    }
}

impl Default for SignIns {
    fn default() -> Self {
        Self { watch: Stopwatch::start(), open: Mutex::default() }
    }
}

impl SignIns {
    /// Begins one.
    ///
    /// # Errors
    /// When there are too many, or the system has no randomness.
    pub(super) fn begin(&self, tenant: &str, page: &str, address: &str) -> Result<Given, Refusal> {
        self.begin_at(tenant, page, address, self.watch.elapsed())
    }

    /// Ends one, whatever comes of it: a state is good once.
    ///
    /// # Errors
    /// Why whoever comes with the state is not who began.
    pub(super) fn end(&self, state: &str, browser: Option<&str>) -> Result<Begun, Refusal> {
        self.end_at(state, browser, self.watch.elapsed())
    }

    fn begin_at(&self, tenant: &str, page: &str, address: &str, now: Duration) -> Result<Given, Refusal> {
        let fresh = || token().map_err(|why| Refusal::unavailable(&why));
        let ((state, known), (nonce, _), (verifier, _), (browser, digest_of_browser)) =
            (fresh()?, fresh()?, fresh()?, fresh()?);
        let challenge = BASE64_URL_SAFE_NO_PAD.encode(digest(&SHA256, verifier.as_bytes()));
        let mut open = self.open.lock();
        // Those who come too late are told so for as long again.
        open.retain(|_, sign_in| now < sign_in.at + 2 * OPENID_SIGN_IN_TIME_MAX);
        let same = || open.iter().filter(|(_, sign_in)| sign_in.address == address);
        if same().count() >= OPENID_SIGN_INS_OF_ADDRESS_MAX {
            let oldest = same().min_by_key(|(_, sign_in)| sign_in.at).map(|(state, _)| *state);
            oldest.and_then(|oldest| open.remove(&oldest));
        }
        if open.len() >= OPENID_SIGN_INS_MAX {
            open.retain(|_, sign_in| !sign_in.is_used && now < sign_in.at + OPENID_SIGN_IN_TIME_MAX);
        }
        if open.len() >= OPENID_SIGN_INS_MAX {
            let message = "many sign in at the moment; try again".to_owned();
            return Err(Refusal { kind: Kind::Unavailable, code: "too_many_sign_ins", message });
        }
        let begun = Begun { nonce: nonce.clone(), verifier, tenant: tenant.to_owned(), page: page.to_owned() };
        let sign_in =
            SignIn { begun, browser: digest_of_browser, address: address.to_owned(), at: now, is_used: false };
        open.insert(known, sign_in);
        Ok(Given { state, nonce, challenge, browser })
    }

    fn end_at(&self, state: &str, browser: Option<&str>, now: Duration) -> Result<Begun, Refusal> {
        let anew = |code, what: &str| Refusal::unproven(code, format!("{what}; sign in again"));
        let unknown = || anew("unknown_state", "this sign-in was not begun here, or long ago");
        let mut open = self.open.lock();
        let sign_in = token_digest(state).and_then(|known| open.get_mut(&known)).ok_or_else(unknown)?;
        if std::mem::replace(&mut sign_in.is_used, true) {
            return Err(anew("used_state", "this sign-in has ended already"));
        }
        if now >= sign_in.at + OPENID_SIGN_IN_TIME_MAX {
            return Err(anew("expired_state", "this sign-in took too long"));
        }
        // Digests of random tokens: how long it takes to compare them tells nothing of the tokens.
        if browser.and_then(token_digest) != Some(sign_in.browser) {
            return Err(anew(
                "other_browser",
                "this sign-in was begun in another browser, or in another tab after this one",
            ));
        }
        Ok(std::mem::take(&mut sign_in.begun))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const MOMENT: Duration = Duration::from_millis(1);

    fn code<T: std::fmt::Debug>(ended: Result<T, Refusal>) -> &'static str {
        ended.expect_err("it is refused").code
    }

    #[test]
    fn a_state_is_good_once_in_its_browser_and_for_a_while() {
        let all = SignIns::default();
        let begin = || all.begin_at("acme", "/app", "here", Duration::ZERO).expect("begun");
        let first = begin();
        let begun = all.end_at(&first.state, Some(&first.browser), OPENID_SIGN_IN_TIME_MAX - MOMENT).expect("in time");
        assert_eq!((begun.tenant.as_str(), begun.page.as_str(), &begun.nonce), ("acme", "/app", &first.nonce));
        let challenge = BASE64_URL_SAFE_NO_PAD.encode(digest(&SHA256, begun.verifier.as_bytes()));
        assert_eq!((challenge, begun.verifier.len()), (first.challenge, 43));
        assert_eq!(code(all.end_at(&first.state, Some(&first.browser), MOMENT)), "used_state");
        let late = begin();
        assert_eq!(code(all.end_at(&late.state, Some(&late.browser), OPENID_SIGN_IN_TIME_MAX)), "expired_state");
        for browser in [None, Some(first.browser.as_str()), Some("")] {
            let mine = begin();
            assert_eq!(code(all.end_at(&mine.state, browser, MOMENT)), "other_browser");
            // Nor is it good in the right one after that.
            assert_eq!(code(all.end_at(&mine.state, Some(&mine.browser), MOMENT)), "used_state");
        }
        for state in ["", "guess", &"x".repeat(100_000)] {
            assert_eq!(code(all.end_at(state, Some(&first.browser), MOMENT)), "unknown_state");
        }
    }

    #[test]
    fn one_address_ends_its_own_and_all_together_are_bounded() {
        let all = SignIns::default();
        let first = all.begin_at("acme", "/app", "here", Duration::ZERO).expect("begun");
        let other = all.begin_at("acme", "/app", "there", Duration::ZERO).expect("begun");
        for _ in 0..OPENID_SIGN_INS_OF_ADDRESS_MAX {
            all.begin_at("acme", "/app", "here", MOMENT).expect("begun");
        }
        assert_eq!(code(all.end_at(&first.state, Some(&first.browser), MOMENT)), "unknown_state");
        all.end_at(&other.state, Some(&other.browser), MOMENT).expect("nobody has ended it");
        let begun = all.open.lock().len();
        for number in begun..OPENID_SIGN_INS_MAX {
            all.begin_at("acme", "/app", &number.to_string(), MOMENT).expect("begun");
        }
        all.begin_at("acme", "/app", "late", MOMENT).expect("one has ended");
        assert_eq!(code(all.begin_at("acme", "/app", "later", MOMENT).map(drop)), "too_many_sign_ins");
        all.begin_at("acme", "/app", "later", MOMENT + OPENID_SIGN_IN_TIME_MAX).expect("all have expired");
        assert_eq!(all.open.lock().len(), 1);
    }
}
