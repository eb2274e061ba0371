//! Slices, caps and terms in requests and in answers.

use muster_engine::gate::{Cap, Slice, Term, percent};
use muster_engine::schema::Number as Digits;
use serde_json::{Number, Value as Json, json};

use super::form::Form;

/// Buckets of one percent.
const PERCENT_BUCKETS_DIGITS: u8 = 4;

/// A percentage of a form, in buckets: at most four digits after the point.
fn buckets(form: &mut Form, key: &'static str) -> Option<u32> {
    let value = form.take(key)?;
    let digits = value.as_number().and_then(|number| Digits::parse(&number.to_string())?.units(PERCENT_BUCKETS_DIGITS));
    let found = digits.and_then(|digits| u32::try_from(digits).ok()).filter(|buckets| *buckets <= 1_000_000);
    if found.is_none() {
        let message = format!("\"{key}\" must be a percentage from 0 to 100 with at most four digits after the point");
        form.mistake(&format!("/{key}"), "wrong_type", &message);
    }
    found
}

/// `{"percent", "salt"}`: the first so many percent.
pub(super) fn share(form: &mut Form) -> Option<Slice> {
    let is_missing = form.peek("percent").is_none();
    let (salt, to) = (form.required_text("salt"), buckets(form, "percent"));
    if is_missing {
        form.mistake("", "missing_key", "\"percent\" is missing");
    }
    Some(Slice { salt, from: 0, to: to? })
}

/// `{"salt", "from", "to"}` in percent.
pub(super) fn range(form: &mut Form) -> Option<Slice> {
    let is_missing = form.peek("to").is_none();
    let (salt, from, to) = (form.required_text("salt"), buckets(form, "from"), buckets(form, "to"));
    if is_missing {
        form.mistake("", "missing_key", "\"to\" is missing: the percentage at which the slice ends");
    }
    Some(Slice { salt, from: from.unwrap_or(0), to: to? })
}

/// `{"contacts", "days"}`.
pub(super) fn cap(form: &mut Form) -> Option<Cap> {
    let (contacts, days) = (form.required_number("contacts"), form.required_number("days"));
    let small = |number| u32::try_from(number).unwrap_or(u32::MAX);
    Some(Cap { contacts: small(contacts), days: small(days) })
}

/// `expires_at` and `keep_days`.
pub(super) fn term(form: &mut Form) -> Term {
    let days = form.number("keep_days").map(|days| u32::try_from(days).unwrap_or(u32::MAX));
    Term { expires: form.instant("expires_at"), keep_days: days }
}

fn digits(buckets: u32) -> Json {
    Json::Number(Number::from_string_unchecked(percent(buckets)))
}

/// As [`share`] reads it.
pub(super) fn share_json(slice: &Slice) -> Json {
    json!({"percent": digits(slice.to), "salt": slice.salt})
}

/// As [`range`] reads it.
pub(super) fn range_json(slice: &Slice) -> Json {
    json!({"salt": slice.salt, "from": digits(slice.from), "to": digits(slice.to)})
}
