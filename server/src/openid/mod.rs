//! Signing in at an issuer of OpenID Connect: the authorization code flow with PKCE, state and nonce.
//!
//! After OpenID Connect Core 1.0 and Discovery 1.0, RFC 7636 (PKCE), RFC 9207 (who answers) and RFC 9700 (best practice).
//! What is here ends with what the issuer vouches for; which account that is, is in `access`, what a browser sends and gets,
//! in `api::account`. Codes, tokens and secrets are in no error and no log.

mod refusal;
mod settings;

mod kept;
mod sign_ins;
mod signature;

mod issuer;
mod token;

mod relying_party;

pub use refusal::{Kind, Refusal};
pub use relying_party::{Arrived, RelyingParty, Returned, Vouched};
pub use settings::{ClientSecret, Creation, Settings, Wanted};
