//! Events for sale, whom they fit, and how that is weighed.

use std::collections::BTreeMap;

use super::values::ExternalId;
use serde::Serialize;
use serde_json::Value as Json;
use utoipa::ToSchema;

use super::profiles::Remark;

/// An event to save.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct OfferRequest {
    /// An id of your own, from 1 on; the next free one when left out.
    id: Option<u64>,
    /// What it is called.
    name: String,
    /// Genres it belongs to, spelled as in profiles.
    genres: Option<Vec<String>>,
    /// Types of event it is.
    event_types: Option<Vec<String>>,
    /// Who performs.
    artists: Option<Vec<String>>,
    /// The cheapest price, in the tenant's currency, with at most four digits after the point; `price_max` when left out.
    price_min: Option<f64>,
    /// The dearest price; `price_min` when left out.
    price_max: Option<f64>,
    /// Where it is.
    city: Option<String>,
    /// In which country.
    country: Option<String>,
    /// When it begins, RFC 3339.
    starts_at: Option<String>,
    /// `draft`, `active` (when left out) or `archived`; people are shown active ones.
    status: Option<String>,
}

/// A saved event.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct OfferAnswer {
    /// Its id.
    id: u64,
    /// What it is called.
    name: String,
    /// Genres it belongs to.
    genres: Vec<String>,
    /// Types of event it is.
    event_types: Vec<String>,
    /// Who performs.
    artists: Vec<String>,
    /// The cheapest price.
    price_min: Option<f64>,
    /// The dearest price.
    price_max: Option<f64>,
    /// Where it is.
    city: Option<String>,
    /// In which country.
    country: Option<String>,
    /// When it begins.
    starts_at: Option<String>,
    /// `draft`, `active` or `archived`.
    status: String,
    /// When it was made.
    created_at: String,
    /// When it was last changed.
    updated_at: String,
    /// What was found when recommendations were last generated.
    generated: Option<GeneratedFigures>,
    /// Version of the data; left out of lists.
    data_version: Option<u64>,
}

/// Events, a page of them.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct OfferList {
    /// The page.
    items: Vec<OfferAnswer>,
    /// For the next page; none after the last.
    next_cursor: Option<String>,
    /// How many there are.
    total: u64,
}

/// What was found at a moment.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct GeneratedFigures {
    /// The instant.
    generated_at: String,
    /// Version of the data.
    data_version: u64,
    /// The least score that counted.
    min_score: u32,
    /// How many reached it.
    total: u64,
}

/// Whom an event fits best.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct RecommendationsAnswer {
    /// The event.
    event_id: u64,
    /// Customers on this page.
    count: u64,
    /// Customers who reach `min_score`; exact.
    total: u64,
    /// The least score that counts.
    min_score: u32,
    /// The score of whoever has every reason.
    max_score: u32,
    /// The best first.
    customers: Vec<RecommendedCustomer>,
    /// For the next page; none after the last.
    next_cursor: Option<String>,
    /// How many have each score from `min_score` on, the highest first.
    distribution: Vec<ScoreCount>,
    /// Every reason that somebody can have, with the number of those who have it, whatever their score.
    factors: Vec<FactorAnswer>,
    /// What was found when recommendations were last generated.
    generated: Option<GeneratedFigures>,
    /// Profiles there are.
    population: u64,
    /// Version of the data that all pages show.
    data_version: u64,
    /// The instant that all pages are evaluated for.
    now: String,
    /// Microseconds to the answer.
    took_us: u64,
    /// Reasons that nobody can have because a field is not there, and words that nobody has.
    warnings: Vec<Remark>,
}

/// Somebody whom an event fits.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct RecommendedCustomer {
    /// External id, as it was loaded: a number or a string.
    #[schema(value_type = ExternalId)]
    customer_id: Json,
    /// Their address, where profiles have a field `email`.
    email: Option<String>,
    /// The sum of the reasons' weights.
    score: u32,
    /// The score as a share of `max_score`, where that is not 100.
    relative: Option<f64>,
    /// Why.
    reasons: Vec<ReasonAnswer>,
}

/// A reason, and what it is worth.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct ReasonAnswer {
    /// `genre_match`, `type_match`, `artist_match`, `price_fit`, `location_match`, `high_engagement` or `on_watchlist`.
    reason: String,
    /// Its weight.
    weight: u32,
}

/// How many have a score.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct ScoreCount {
    /// The score.
    score: u32,
    /// How many.
    count: u64,
}

/// How many have a reason.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct FactorAnswer {
    /// The reason.
    reason: String,
    /// Its weight.
    weight: u32,
    /// How many have it.
    count: u64,
    /// Who that is, as the text of a rule.
    text: String,
}

/// What was found now.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct GeneratedAnswer {
    /// The event.
    event_id: u64,
    /// What is kept of it.
    generated: GeneratedFigures,
    /// The score of whoever has every reason.
    max_score: u32,
    /// How many have each score from `min_score` on, the highest first.
    distribution: Vec<ScoreCount>,
    /// Every reason that somebody can have.
    factors: Vec<FactorAnswer>,
    /// Profiles there are.
    population: u64,
    /// Version of the data.
    data_version: u64,
    /// The instant.
    now: String,
    /// Microseconds to the answer.
    took_us: u64,
    /// Remarks.
    warnings: Vec<Remark>,
}

/// Whom to find for an event; the query says the same.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct GenerateRequest {
    /// The least score.
    min_score: Option<u32>,
}

/// A segment to make of an event.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct OfferSegmentRequest {
    /// The least score of its members; 1 when left out.
    min_score: Option<u32>,
    /// Its name; "Best fit for" and that of the event when left out.
    name: Option<String>,
    /// `dynamic` (when left out) or `static`.
    segment_type: Option<String>,
    /// Who makes it, in free words.
    changed_by: Option<String>,
}

/// Which events fit somebody best.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct PersonRecommendationsAnswer {
    /// External id.
    #[schema(value_type = ExternalId)]
    customer_id: Json,
    /// Events on this page.
    count: u64,
    /// Events that reach `min_score`.
    total: u64,
    /// The score of an event for which there is every reason.
    max_score: u32,
    /// The best first, of equal ones the one that begins first.
    events: Vec<RecommendedEvent>,
    /// For the next page; none after the last.
    next_cursor: Option<String>,
    /// Profiles there are.
    population: u64,
    /// Version of the data.
    data_version: u64,
    /// The instant.
    now: String,
    /// Microseconds to the answer.
    took_us: u64,
}

/// An event that fits somebody.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct RecommendedEvent {
    /// Its id.
    event_id: u64,
    /// What it is called.
    name: String,
    /// When it begins.
    starts_at: Option<String>,
    /// The sum of the reasons' weights.
    score: u32,
    /// The score as a share of `max_score`, where that is not 100.
    relative: Option<f64>,
    /// Why.
    reasons: Vec<ReasonAnswer>,
}

/// How events are to be matched with customers.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct MatchingRequest {
    /// What each reason is worth, 0 to 1,000: `genre` 25, `type` 20, `artist` 20, `price` 15, `location` 10,
    /// `engagement` 5 and `watchlist` 5 when left out; 0 leaves a reason out.
    weights: Option<BTreeMap<String, u32>>,
    /// What living in the event's country, but not its city, is worth; as much as the city when left out.
    country_weight: Option<u32>,
    /// The least engagement that counts as high; 70 when left out.
    engagement_min: Option<u32>,
    /// How far a price may lie from somebody's average, in percent of that, 0 to 99; 50 when left out. Not used where
    /// profiles have both fields of a price range.
    price_tolerance_percent: Option<u32>,
    /// Names of fields of profiles, by what they are asked for: `genres`, `event_types`, `artists`, `price_min`,
    /// `price_max`, `avg_order`, `city`, `country`, `engagement_score`, `watchlist`.
    fields: Option<BTreeMap<String, String>>,
}

/// How events are matched with customers.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct MatchingAnswer {
    /// What each reason is worth.
    weights: BTreeMap<String, u32>,
    /// The score of whoever has every reason.
    max_score: u32,
    /// What living in the event's country, but not its city, is worth.
    country_weight: u32,
    /// The least engagement that counts as high.
    engagement_min: u32,
    /// How far a price may lie from somebody's average, in percent of that.
    price_tolerance_percent: u32,
    /// Names of fields of profiles, by what they are asked for.
    fields: BTreeMap<String, String>,
    /// Version of the data.
    data_version: u64,
}
