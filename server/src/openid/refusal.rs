//! Why somebody is not signed in: a code for programs, a sentence for people.

/// Whose turn it is to do something about it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    /// What came back proves nothing: whoever wants to sign in begins anew.
    Unproven,
    /// It is proven who it is, and they may not.
    Forbidden,
    /// The issuer gives no answer of use.
    Unavailable,
}

/// A sign-in that is refused. It holds nothing that the issuer or the browser has sent, but for names.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Refusal {
    /// Whose turn it is.
    pub kind: Kind,
    /// Stable, such as `wrong_nonce`.
    pub code: &'static str,
    /// What is wrong and what can be done.
    pub message: String,
}

impl Refusal {
    pub(super) fn unproven(code: &'static str, message: impl Into<String>) -> Self {
        Self { kind: Kind::Unproven, code, message: message.into() }
    }

    pub(super) fn forbidden(code: &'static str, message: impl Into<String>) -> Self {
        Self { kind: Kind::Forbidden, code, message: message.into() }
    }

    pub(super) fn unavailable(why: &str) -> Self {
        let message = format!("the issuer gives no answer of use: {why}; try again, or sign in another way");
        Self { kind: Kind::Unavailable, code: "issuer_unavailable", message }
    }
}
