//! The words that keyword and set fields take, in the order that gives them meaning.

/// Yearly income, ascending.
pub(super) const INCOME_BANDS: [&str; 7] =
    ["under 15k", "15k-30k", "30k-50k", "50k-75k", "75k-100k", "100k-150k", "over 150k"];

/// Vehicles, ordered by the income at which they are wished for most.
pub(super) const VEHICLES: [&str; 7] = ["bicycle", "scooter", "compact", "van", "suv", "electric", "sports"];

/// Genres, from those the young listen to, to those the old do.
#[rustfmt::skip]
pub(super) const GENRES: [&str; 24] = [
    "k-pop", "trap", "drill", "hyperpop", "hip hop", "edm", "indie", "latin", "r&b", "pop", "techno", "house",
    "metal", "punk", "reggae", "rock", "electronica", "soul", "funk", "blues", "country", "jazz", "opera", "classical",
];

/// What a customer can be known to have done.
#[rustfmt::skip]
pub(super) const EVENT_TYPES: [&str; 12] = [
    "visit", "view", "search", "cart_add", "cart_drop", "purchase", "return", "review", "email_open", "email_click",
    "push_open", "support",
];

/// First half of a tag.
#[rustfmt::skip]
const TOPICS: [&str; 40] = [
    "sale", "summer", "winter", "shoes", "running", "garden", "kids", "beauty", "kitchen", "sports", "outdoor", "books",
    "music", "gaming", "travel", "pets", "coffee", "wine", "fashion", "denim", "jewelry", "watches", "phones", "laptops",
    "audio", "photo", "toys", "baby", "bikes", "fitness", "yoga", "camping", "fishing", "art", "crafts", "lighting",
    "bedding", "bath", "office", "tools",
];

/// Second half of a tag.
#[rustfmt::skip]
const KINDS: [&str; 25] = [
    "fan", "buyer", "newsletter", "vip", "trial", "survey", "event", "store", "app", "web", "social", "referral",
    "coupon", "gift", "bundle", "preorder", "waitlist", "return", "review", "quiz", "club", "insider", "lapsed",
    "winback", "beta",
];

/// All 1,000 tags, the most common first.
pub(super) fn tags() -> Vec<String> {
    KINDS.iter().flat_map(|kind| TOPICS.map(|topic| format!("{topic}-{kind}"))).collect()
}
