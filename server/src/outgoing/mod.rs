//! Asking other servers: where they are, one request, an answer of bounded length in bounded time.
//!
//! Nothing is followed elsewhere, and only the address that was checked is connected to. Who may be asked is for the callers
//! to say: `webhooks` sends to public addresses only, `openid` to the issuer that a setting names.

mod exchange;
mod target;

pub(crate) use exchange::{Answer, Bounds, exchange};
pub(crate) use target::Target;
