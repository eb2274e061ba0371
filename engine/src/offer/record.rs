//! One offer, and what it must be like.

use std::fmt;

use crate::catalog::{Status, check_name};
use crate::error::{Error, Problem, Result};
use crate::id::OfferId;
use crate::limits::{OFFER_PRICE_MAX, OFFER_WORDS_MAX, VALUE_BYTES_MAX};
use crate::schema::{Number, Value, normalize};
use crate::time::Timestamp;

/// Digits after the point of a price: currencies have up to four.
const PRICE_SCALE: u8 = 4;

/// Units of a price in one unit of the currency.
const PRICE_ONE: i64 = 10_000;

/// Something for sale.
#[derive(Debug, Clone, PartialEq)]
pub struct Offer {
    /// Given by whoever made it, or by the engine.
    pub id: OfferId,
    /// What it is.
    pub details: Details,
    /// When it was made.
    pub created: Timestamp,
    /// When it was last changed.
    pub updated: Timestamp,
    /// What was found when recommendations were last generated for it.
    pub generated: Option<Generated>,
}

/// What an offer is.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Details {
    /// What it is called; several may be called alike.
    pub name: String,
    /// Genres it belongs to.
    pub genres: Vec<String>,
    /// Types of event it is.
    pub event_types: Vec<String>,
    /// Who performs.
    pub artists: Vec<String>,
    /// What it costs.
    pub price: Option<PriceRange>,
    /// Where it is.
    pub city: Option<String>,
    /// In which country.
    pub country: Option<String>,
    /// When it begins.
    pub starts_at: Option<Timestamp>,
    /// How far it is; people are shown active ones.
    pub status: Status,
}

/// From the cheapest to the dearest.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct PriceRange {
    /// The cheapest.
    pub min: Price,
    /// The dearest.
    pub max: Price,
}

/// An amount in ten-thousandths of the tenant's currency.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct Price(pub i64);

/// What was found when recommendations were generated: figures, no people. Who fits is asked anew each time.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Generated {
    /// The instant that was evaluated for.
    pub now: Timestamp,
    /// Version of the data.
    pub data_version: u64,
    /// The least score that counted.
    pub min_score: u32,
    /// How many reached it.
    pub total: u64,
}

impl Price {
    /// Reads a decimal number with at most four digits after the point.
    pub fn parse(text: &str) -> Option<Self> {
        Number::parse(text)?.units(PRICE_SCALE).map(Self)
    }
}

/// As a number in JSON: two digits after the point, or four where it has more.
impl fmt::Display for Price {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if self.0 % 100 == 0 {
            return Value::Decimal(self.0 / 100, 2).fmt(f);
        }
        Value::Decimal(self.0, PRICE_SCALE).fmt(f)
    }
}

impl Details {
    /// The same as it is kept: texts in their normal form, no word twice.
    ///
    /// # Errors
    /// `Invalid` with every mistake.
    pub fn checked(mut self) -> Result<Self> {
        let mut problems = Vec::new();
        match check_name(&self.name) {
            Ok(name) => self.name = name,
            Err(Error::Invalid(found)) => problems.extend(found),
            Err(other) => return Err(other),
        }
        let lists =
            [("genres", &mut self.genres), ("event_types", &mut self.event_types), ("artists", &mut self.artists)];
        lists.into_iter().for_each(|(key, words)| check_words(key, words, &mut problems));
        for (key, place) in [("city", &mut self.city), ("country", &mut self.country)] {
            if let Some(word) = place {
                check_word(&format!("/{key}"), word, &mut problems);
            }
        }
        if let Some(range) = self.price {
            check_price(range, &mut problems);
        }
        if self.starts_at.is_some_and(|instant| !instant.is_writable()) {
            problems.push(Problem::new("/starts_at", "out_of_range", "starts_at lies in a year from -9999 to 9999"));
        }
        if problems.is_empty() { Ok(self) } else { Err(Error::Invalid(problems)) }
    }

    /// Whether it is on sale and has not begun.
    pub fn is_ahead(&self, now: Timestamp) -> bool {
        self.status == Status::Active && self.starts_at.is_none_or(|start| start > now)
    }

    /// Heap bytes, about.
    pub fn bytes(&self) -> usize {
        let words = self.genres.iter().chain(&self.event_types).chain(&self.artists);
        let texts = words.chain(&self.city).chain(&self.country).chain([&self.name]);
        size_of::<Offer>() + texts.map(|text| size_of::<String>() + text.len()).sum::<usize>()
    }
}

fn check_words(key: &str, words: &mut Vec<String>, problems: &mut Vec<Problem>) {
    if words.len() > OFFER_WORDS_MAX {
        let message = format!("\"{key}\" has at most {OFFER_WORDS_MAX} entries, not {}", words.len());
        return problems.push(Problem::new(format!("/{key}"), "list_too_long", message));
    }
    for (place, word) in words.iter_mut().enumerate() {
        check_word(&format!("/{key}/{place}"), word, problems);
    }
    let mut seen = std::collections::HashSet::new();
    words.retain(|word| seen.insert(word.clone()));
}

fn check_word(pointer: &str, word: &mut String, problems: &mut Vec<Problem>) {
    *word = normalize(word.trim()).into_owned();
    if word.is_empty() {
        problems.push(Problem::new(pointer, "empty_value", "a word has at least one character; leave it out"));
    } else if word.len() > VALUE_BYTES_MAX {
        let message = format!("a word has at most {VALUE_BYTES_MAX} bytes, this one has {}", word.len());
        problems.push(Problem::new(pointer, "value_too_long", message));
    }
}

fn check_price(PriceRange { min, max }: PriceRange, problems: &mut Vec<Problem>) {
    for (pointer, price) in [("/price_min", min), ("/price_max", max)] {
        if !(0..=OFFER_PRICE_MAX * PRICE_ONE).contains(&price.0) {
            let message = format!("a price is a number from 0 to {OFFER_PRICE_MAX}");
            problems.push(Problem::new(pointer, "out_of_range", message));
        }
    }
    if min > max {
        problems.push(Problem::new("/price_min", "reversed_range", "price_min is at most price_max; swap them"));
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn prices_print_as_they_were_read() {
        for (text, printed) in [("25", "25.00"), ("0.5", "0.50"), ("17.575", "17.5750"), ("1e2", "100.00")] {
            assert_eq!(Price::parse(text).map(|price| price.to_string()).as_deref(), Some(printed));
        }
        assert_eq!(Price::parse("0.00001"), None);
    }

    #[test]
    fn all_mistakes_come_at_once_and_edges_are_let_pass() {
        let price = |min, max| Some(PriceRange { min: Price(min), max: Price(max) });
        let most = OFFER_PRICE_MAX * PRICE_ONE;
        let words = |count: usize| (0..count).map(|word| word.to_string()).collect::<Vec<_>>();
        let good = Details {
            name: " n ".into(),
            genres: words(OFFER_WORDS_MAX),
            artists: vec!["e\u{301}".into(), "\u{e9}".into(), "x".repeat(VALUE_BYTES_MAX)],
            price: price(0, most),
            ..Details::default()
        };
        let kept = good.clone().checked().expect("all of it is possible");
        assert_eq!((kept.artists.len(), &*kept.artists[0]), (2, "\u{e9}"));
        let bad = Details {
            name: String::new(),
            genres: words(OFFER_WORDS_MAX + 1),
            artists: vec![" ".into(), "x".repeat(VALUE_BYTES_MAX + 1)],
            price: price(most + 1, -1),
            city: Some(String::new()),
            starts_at: Some(Timestamp(i64::MAX)),
            ..good
        };
        let Err(Error::Invalid(problems)) = bad.checked() else { panic!("it cannot be") };
        let places: Vec<_> = problems.iter().map(|problem| problem.pointer.as_str()).collect();
        let wanted = "/name /genres /artists/0 /artists/1 /city /price_min /price_max /price_min /starts_at";
        assert_eq!(places.join(" "), wanted);
    }
}
