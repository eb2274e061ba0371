//! Changes of offers, and whom they fit in a state.

use super::state::State;
use crate::command::{OfferChange, Outcome};
use crate::error::Result;
use crate::id::{OfferId, Row};
use crate::offer::{Ask, Recommendations, Recommended, factors, recommend, recommended_to, segment_rule};
use crate::rule::Rule;
use crate::time::Timestamp;

/// Applies a change.
pub(super) fn change_offers(state: &mut State, change: OfferChange) -> Result<Outcome> {
    match change {
        OfferChange::Put { id, is_new, details, now } => {
            return state.offers.put(id, is_new, details, now).map(Outcome::Offer);
        }
        OfferChange::Delete(id) => state.offers.remove(id)?,
        OfferChange::Settings(matching) => state.offers.set_matching(matching)?,
        OfferChange::Note { id, generated } => state.offers.note(id, generated)?,
    }
    Ok(Outcome::Done)
}

impl State {
    /// Whom an offer fits best.
    ///
    /// # Errors
    /// `NotFound` when there is no such offer.
    pub fn recommendations(&self, id: OfferId, ask: Ask, now: Timestamp) -> Result<Recommendations> {
        Ok(recommend(self.offers.get(id)?, self.offers.matching(), &self.view, now, ask, &self.cache))
    }

    /// Which offers fit the profile of a live row best.
    pub fn recommended_to(&self, row: Row, ask: Ask, now: Timestamp) -> Recommended<'_> {
        recommended_to(row.0, &self.offers, &self.view, now, ask)
    }

    /// The rule that selects whom an offer fits with at least a score.
    ///
    /// # Errors
    /// `NotFound` when there is no such offer.
    pub fn rule_of_offer(&self, id: OfferId, min_score: u32) -> Result<Rule> {
        let factors = factors(self.offers.get(id)?, self.offers.matching(), self.view.schema());
        Ok(segment_rule(&factors, min_score))
    }
}
