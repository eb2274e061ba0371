//! Changes of offers, and of how they are matched with customers.

use crate::id::OfferId;
use crate::offer::{Details, Generated, Matching};
use crate::time::Timestamp;

/// One change.
#[derive(Debug, Clone)]
pub enum OfferChange {
    /// Saves an offer.
    Put {
        /// Which one; none for the next free id.
        id: Option<OfferId>,
        /// Whether it must not be there yet.
        is_new: bool,
        /// What it is.
        details: Details,
        /// When.
        now: Timestamp,
    },
    /// Deletes an offer.
    Delete(OfferId),
    /// Changes how offers are matched.
    Settings(Matching),
    /// Notes what was found for an offer.
    Note {
        /// Which one.
        id: OfferId,
        /// What was found.
        generated: Generated,
    },
}
