//! Telling other servers who entered and left: subscriptions, signed messages, attempts.
//!
//! Every message holds entries of the feed, in order, and is sent until it was taken or the receiver is given up; then the
//! next follows. What was taken is noted beside the subscription, so a message may come twice after a crash, never not at
//! all. Subscriptions lie in one file of the data directory that only its owner can read, because it holds secrets.

mod address;
mod signature;

mod book;

mod post;

mod deliver;

pub use address::Policy;
pub(crate) use address::Target;
pub(crate) use book::{Attempt, Segments, Webhook};
pub use deliver::Hooks;
