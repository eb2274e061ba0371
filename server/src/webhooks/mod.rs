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
pub(crate) use address::receiver;
pub(crate) use book::{Attempt, FILE, Segments, Webhook};
pub use deliver::{Hooks, Standing};

/// Copies the subscriptions of a data directory into another, secrets included; says whether there are any. Everybody there
/// goes on behind `since`.
///
/// # Errors
/// When the system refuses, or the file is damaged.
pub(crate) fn copy(data: &std::path::Path, into: &std::path::Path, since: u64) -> std::io::Result<bool> {
    let mut book = book::Book::of_other(data, into)?;
    book.set_since(since);
    let is_any = !book.webhooks.is_empty();
    if is_any { book.save().map(|()| true) } else { Ok(false) }
}
