//! All offers of a tenant, and how it matches them.

use std::collections::BTreeMap;
use std::sync::Arc;

use super::record::{Details, Generated, Offer};
use super::settings::Matching;
use crate::error::{Error, Problem, Result};
use crate::id::OfferId;
use crate::limits::{OFFER_ID_MAX, OFFERS_MAX};
use crate::time::Timestamp;

/// Offers by id. A clone copies two pointers.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Offers {
    all: Arc<BTreeMap<OfferId, Arc<Offer>>>,
    last_id: u64,
    matching: Arc<Matching>,
}

impl Offers {
    /// Those that were there, with the last id that was given and the settings.
    ///
    /// # Errors
    /// `Corrupt` where they cannot be those.
    pub fn restored(offers: Vec<Offer>, last_id: u64, matching: Matching) -> Result<Self> {
        let all: BTreeMap<_, _> = offers.into_iter().map(|offer| (offer.id, Arc::new(offer))).collect();
        let is_within = last_id <= OFFER_ID_MAX && all.keys().next_back().is_none_or(|id| id.0 <= last_id);
        if !is_within || all.len() > OFFERS_MAX {
            return Err(Error::Corrupt("offers of the checkpoint have ids that nobody gave".into()));
        }
        Ok(Self { all: Arc::new(all), last_id, matching: Arc::new(matching) })
    }

    /// All offers, by id.
    pub fn iter(&self) -> impl Iterator<Item = &Arc<Offer>> {
        self.all.values()
    }

    /// How many.
    pub fn len(&self) -> usize {
        self.all.len()
    }

    /// Whether there are none.
    pub fn is_empty(&self) -> bool {
        self.all.is_empty()
    }

    /// The greatest id that was given; 0 when none was.
    pub fn last_id(&self) -> u64 {
        self.last_id
    }

    /// How they are matched with customers.
    pub fn matching(&self) -> &Arc<Matching> {
        &self.matching
    }

    /// An offer by its id.
    ///
    /// # Errors
    /// `NotFound` when there is none.
    pub fn get(&self, id: OfferId) -> Result<&Arc<Offer>> {
        self.all.get(&id).ok_or_else(|| Error::NotFound(format!("there is no event {id}")))
    }

    /// Puts an offer in, under the next free id where it has none; says under which. `is_new` refuses to put it in the
    /// place of another. What was generated for that is kept: it says itself when that was.
    ///
    /// # Errors
    /// `Invalid` with every mistake, `Conflict` for an id that is taken, `Limit` beyond [`OFFERS_MAX`].
    pub fn put(&mut self, id: Option<OfferId>, is_new: bool, details: Details, now: Timestamp) -> Result<OfferId> {
        let details = details.checked()?;
        let id = id.unwrap_or(OfferId(self.last_id + 1));
        if id.0 == 0 || id.0 > OFFER_ID_MAX {
            let message = format!("the id of an event is a whole number from 1 to {OFFER_ID_MAX}");
            return Err(Error::invalid("/id", "out_of_range", message));
        }
        let before = self.all.get(&id);
        if let Some(before) = before.filter(|_| is_new) {
            let message = format!("event {id} is there already, \"{}\"; PUT replaces it", before.details.name);
            return Err(Error::Conflict(Problem::new("/id", "id_taken", message)));
        }
        if before.is_none() && self.all.len() >= OFFERS_MAX {
            let message = format!("there are {OFFERS_MAX} events already; delete those that are over");
            return Err(Error::Limit(Problem::new("", "too_many_offers", message)));
        }
        let (created, generated) = before.map_or((now, None), |before| (before.created, before.generated.clone()));
        self.last_id = self.last_id.max(id.0);
        let offer = Offer { id, details, created, updated: now, generated };
        Arc::make_mut(&mut self.all).insert(id, Arc::new(offer));
        Ok(id)
    }

    /// Takes an offer out.
    ///
    /// # Errors
    /// `NotFound` when there is none.
    pub fn remove(&mut self, id: OfferId) -> Result<()> {
        self.get(id)?;
        Arc::make_mut(&mut self.all).remove(&id);
        Ok(())
    }

    /// Notes what was found for an offer.
    ///
    /// # Errors
    /// `NotFound` when there is none.
    pub fn note(&mut self, id: OfferId, generated: Generated) -> Result<()> {
        let offer = Offer { generated: Some(generated), ..(**self.get(id)?).clone() };
        Arc::make_mut(&mut self.all).insert(id, Arc::new(offer));
        Ok(())
    }

    /// Changes how offers are matched.
    ///
    /// # Errors
    /// `Invalid` with every mistake.
    pub fn set_matching(&mut self, matching: Matching) -> Result<()> {
        self.matching = Arc::new(matching.checked()?);
        Ok(())
    }

    /// Heap bytes, about.
    pub fn bytes(&self) -> usize {
        self.iter().map(|offer| offer.details.bytes()).sum()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn put(offers: &mut Offers, id: Option<u64>, is_new: bool) -> Result<OfferId> {
        let details = Details { name: "n".into(), ..Details::default() };
        offers.put(id.map(OfferId), is_new, details, Timestamp(0))
    }

    #[test]
    fn ids_are_given_above_all_that_were() {
        let mut offers = Offers::default();
        assert_eq!(put(&mut offers, None, true), Ok(OfferId(1)));
        assert_eq!(put(&mut offers, Some(42), true), Ok(OfferId(42)));
        assert!(matches!(put(&mut offers, Some(42), true), Err(Error::Conflict(_))));
        assert_eq!(put(&mut offers, Some(42), false), Ok(OfferId(42)));
        offers.remove(OfferId(42)).expect("it is there");
        assert_eq!(put(&mut offers, None, true), Ok(OfferId(43)));
        for id in [0, OFFER_ID_MAX + 1] {
            assert!(matches!(put(&mut offers, Some(id), true), Err(Error::Invalid(_))), "{id}");
        }
        assert_eq!(put(&mut offers, Some(OFFER_ID_MAX), true), Ok(OfferId(OFFER_ID_MAX)));
        assert!(matches!(put(&mut offers, None, true), Err(Error::Invalid(_))), "no id is left above it");
    }

    #[test]
    fn so_many_are_kept_and_one_more_is_refused() {
        let mut offers = Offers::default();
        (0..OFFERS_MAX).for_each(|_| _ = put(&mut offers, None, true).expect("there is room"));
        assert!(matches!(put(&mut offers, None, true), Err(Error::Limit(_))));
        assert_eq!(put(&mut offers, Some(1), false), Ok(OfferId(1)));
        offers.remove(OfferId(1)).expect("it is there");
        put(&mut offers, None, true).expect("there is room again");
    }
}
