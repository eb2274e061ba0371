//! What a tenant says about matching: how much each reason weighs, and which fields of profiles it asks.

use crate::error::{Error, Problem, Result};
use crate::limits::{NAME_BYTES_MAX, WEIGHT_MAX};
use crate::schema::normalize;

/// Why an offer fits somebody.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Reason {
    /// They like one of its genres.
    Genre,
    /// They like its type of event.
    Type,
    /// They know one of its artists.
    Artist,
    /// It costs what they usually pay.
    Price,
    /// It is where they live.
    Location,
    /// They take part much, whatever the offer.
    Engagement,
    /// They watch it.
    Watchlist,
}

/// A field of profiles that matching asks.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum ProfileField {
    /// Genres somebody likes.
    Genres,
    /// Types of event somebody likes.
    EventTypes,
    /// Artists somebody has been to.
    Artists,
    /// The least that somebody usually pays.
    PriceMin,
    /// The most that somebody usually pays.
    PriceMax,
    /// What somebody pays on average, where there is no range.
    AverageOrder,
    /// Where somebody lives.
    City,
    /// In which country.
    Country,
    /// How much somebody takes part.
    Engagement,
    /// Ids of offers somebody watches.
    Watchlist,
}

impl Reason {
    /// All of them, in the order in which they are told.
    pub const ALL: [Self; 7] =
        [Self::Genre, Self::Type, Self::Artist, Self::Price, Self::Location, Self::Engagement, Self::Watchlist];

    /// As answers name it.
    pub fn name(self) -> &'static str {
        match self {
            Self::Genre => "genre_match",
            Self::Type => "type_match",
            Self::Artist => "artist_match",
            Self::Price => "price_fit",
            Self::Location => "location_match",
            Self::Engagement => "high_engagement",
            Self::Watchlist => "on_watchlist",
        }
    }

    /// As its weight is called.
    pub fn key(self) -> &'static str {
        match self {
            Self::Genre => "genre",
            Self::Type => "type",
            Self::Artist => "artist",
            Self::Price => "price",
            Self::Location => "location",
            Self::Engagement => "engagement",
            Self::Watchlist => "watchlist",
        }
    }
}

impl ProfileField {
    /// All of them.
    pub const ALL: [Self; 10] = [
        Self::Genres,
        Self::EventTypes,
        Self::Artists,
        Self::PriceMin,
        Self::PriceMax,
        Self::AverageOrder,
        Self::City,
        Self::Country,
        Self::Engagement,
        Self::Watchlist,
    ];

    /// The name that it has in a schema unless the tenant says otherwise; also its key in the settings.
    pub fn key(self) -> &'static str {
        match self {
            Self::Genres => "genres",
            Self::EventTypes => "event_types",
            Self::Artists => "artists",
            Self::PriceMin => "price_min",
            Self::PriceMax => "price_max",
            Self::AverageOrder => "avg_order",
            Self::City => "city",
            Self::Country => "country",
            Self::Engagement => "engagement_score",
            Self::Watchlist => "watchlist",
        }
    }
}

/// How a tenant matches offers and customers.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Matching {
    /// What each reason is worth, in the order of [`Reason::ALL`].
    pub weights: [u32; 7],
    /// What living in the country alone is worth; as much as living in the city where it is none.
    pub country_weight: Option<u32>,
    /// The least engagement that counts as high.
    pub engagement_min: u32,
    /// How far a price may lie from what somebody pays on average, in percent of that.
    pub price_tolerance: u32,
    /// Names of fields, in the order of [`ProfileField::ALL`].
    pub fields: [String; 10],
}

impl Default for Matching {
    fn default() -> Self {
        Self {
            weights: [25, 20, 20, 15, 10, 5, 5],
            country_weight: None,
            engagement_min: 70,
            price_tolerance: 50,
            fields: ProfileField::ALL.map(|field| field.key().to_owned()),
        }
    }
}

impl Matching {
    /// What a reason is worth.
    pub fn weight(&self, reason: Reason) -> u32 {
        self.weights[reason as usize]
    }

    /// What living in the country alone is worth.
    pub fn country(&self) -> u32 {
        self.country_weight.unwrap_or(self.weight(Reason::Location))
    }

    /// The score of whoever has every reason.
    pub fn max_score(&self) -> u32 {
        self.weights.iter().sum()
    }

    /// The name of a field.
    pub fn field(&self, field: ProfileField) -> &str {
        &self.fields[field as usize]
    }

    /// The same as it is kept: names in their normal form.
    ///
    /// # Errors
    /// `Invalid` with every mistake.
    pub fn checked(mut self) -> Result<Self> {
        let mut problems = Vec::new();
        let mut refuse = |pointer: String, message: String| {
            problems.push(Problem::new(pointer, "out_of_range", message));
        };
        for reason in Reason::ALL {
            if self.weight(reason) > WEIGHT_MAX {
                let message = format!("a weight is a whole number from 0 to {WEIGHT_MAX}");
                refuse(format!("/weights/{}", reason.key()), message);
            }
        }
        if self.country() > self.weight(Reason::Location) {
            let message = "the country alone is worth at most what the location is: lower it, or leave it out";
            refuse("/country_weight".to_owned(), message.to_owned());
        }
        if self.engagement_min > WEIGHT_MAX {
            let message = format!("the least engagement is a whole number from 0 to {WEIGHT_MAX}");
            refuse("/engagement_min".to_owned(), message);
        }
        if self.price_tolerance > 99 {
            let message = "prices may lie up to 99 percent from the average".to_owned();
            refuse("/price_tolerance_percent".to_owned(), message);
        }
        for field in ProfileField::ALL {
            let name = &mut self.fields[field as usize];
            *name = normalize(name).into_owned();
            if name.is_empty() || name.len() > NAME_BYTES_MAX {
                let message = format!("the name of a field has 1 to {NAME_BYTES_MAX} bytes");
                refuse(format!("/fields/{}", field.key()), message);
            }
        }
        if problems.is_empty() { Ok(self) } else { Err(Error::Invalid(problems)) }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_places_of_all_are_their_numbers() {
        assert!(Reason::ALL.iter().enumerate().all(|(place, reason)| *reason as usize == place));
        assert!(ProfileField::ALL.iter().enumerate().all(|(place, field)| *field as usize == place));
        assert_eq!(Matching::default().max_score(), 100);
    }

    #[test]
    fn bounds_have_edges() {
        let mut edge = Matching { weights: [WEIGHT_MAX; 7], price_tolerance: 99, ..Matching::default() };
        edge.country_weight = Some(WEIGHT_MAX);
        edge.engagement_min = WEIGHT_MAX;
        edge.fields[0] = "x".repeat(NAME_BYTES_MAX);
        let mut beyond = edge.clone().checked().expect("all of it is possible");
        beyond.weights[6] += 1;
        beyond.country_weight = Some(WEIGHT_MAX + 1);
        beyond.engagement_min += 1;
        beyond.price_tolerance += 1;
        beyond.fields[0].push('x');
        beyond.fields[9].clear();
        let Err(Error::Invalid(problems)) = beyond.checked() else { panic!("it cannot be") };
        assert_eq!(problems.len(), 6, "{problems:?}");
    }
}
