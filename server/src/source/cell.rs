//! One written value becomes the field's canonical value, exactly, or a refusal that says what was expected.
//!
//! Numbers never pass through binary floating point unless the field is `float`. Where the text comes from (a JSON
//! value, a CSV cell, an Arrow string) is the callers' business.

use std::borrow::Cow;

use muster_engine::error::Problem;
use muster_engine::limits::VALUE_BYTES_MAX;
use muster_engine::schema::{FieldType, Number, normalize};
use muster_engine::time::{Date, Timestamp};

use super::rejects::pointer;
use crate::limits::EXCERPT_CHARS_MAX;

/// How many times as long a text may be than its NFC, at most: three letters of three bytes make one Korean syllable.
const NFC_SHRINKS_MAX: usize = 4;

/// Why a value does not fit its field; the message continues a sentence that starts with the field's name.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Refusal {
    pub(super) code: &'static str,
    pub(super) message: String,
}

impl Refusal {
    pub(super) fn new(code: &'static str, message: impl Into<String>) -> Self {
        Self { code, message: message.into() }
    }

    /// The value is of another type than the field.
    pub(super) fn wrong_type(kind: FieldType, got: &str) -> Self {
        Self::new("wrong_type", format!("takes {}, got {}", expected(kind), excerpt(got)))
    }

    /// The mistake in the column `name`.
    pub(super) fn in_column(self, name: &str) -> Problem {
        Problem::new(pointer(name), self.code, format!("\"{name}\" {}", self.message))
    }
}

/// What a field of this type takes, in words.
pub(super) fn expected(kind: FieldType) -> Cow<'static, str> {
    match kind {
        FieldType::Bool => "true or false".into(),
        FieldType::Int => "a whole number".into(),
        FieldType::Decimal(0) => "a whole number".into(),
        FieldType::Decimal(scale) => format!("a number with at most {scale} digits after the point").into(),
        FieldType::Float => "a number".into(),
        FieldType::Keyword => "text".into(),
        FieldType::KeywordSet => "a list of texts such as [\"a\", \"b\"]".into(),
        FieldType::IntSet => "a list of whole numbers such as [1, 2]".into(),
        FieldType::Time => "an RFC 3339 time such as 2018-01-31T12:00:00Z".into(),
        FieldType::Date => "a day such as 2018-01-31".into(),
    }
}

/// The beginning of a refused value, on one line.
pub(super) fn excerpt(text: &str) -> String {
    let mut shown: String =
        text.chars().take(EXCERPT_CHARS_MAX).map(|c| if c.is_control() { ' ' } else { c }).collect();
    if text.chars().nth(EXCERPT_CHARS_MAX).is_some() {
        shown.push('…');
    }
    if shown.starts_with(['"', '[', '{']) { shown } else { format!("\"{shown}\"") }
}

/// An `int`.
pub(super) fn int(text: &str) -> Result<i64, Refusal> {
    // The common case by one cheap parser; it alone would also take a leading plus sign.
    if let (Ok(value), false) = (text.parse(), text.starts_with('+')) {
        return Ok(value);
    }
    exact(text, FieldType::Int, 0)
}

/// A `decimal(scale)` in its units.
pub(super) fn decimal(text: &str, scale: u8) -> Result<i64, Refusal> {
    exact(text, FieldType::Decimal(scale), scale)
}

fn exact(text: &str, kind: FieldType, scale: u8) -> Result<i64, Refusal> {
    let Some(number) = Number::parse(text) else {
        // A number of more than 38 digits is a number all the same, and no i64 for sure.
        let digits = text.strip_prefix('-').unwrap_or(text);
        if digits.len() > 38 && digits.bytes().all(|byte| byte.is_ascii_digit()) {
            return Err(out_of_range(kind, text));
        }
        return Err(Refusal::wrong_type(kind, text));
    };
    units(number, kind, scale, text)
}

fn units(number: Number, kind: FieldType, scale: u8, text: &str) -> Result<i64, Refusal> {
    if let Some(units) = number.units(scale) {
        return Ok(units);
    }
    if number.scale() > u32::from(scale) {
        let code = if kind == FieldType::Int { "wrong_type" } else { "too_many_digits" };
        return Err(Refusal::new(code, format!("takes {}, got {}", expected(kind), excerpt(text))));
    }
    Err(out_of_range(kind, text))
}

/// The refusal of a number that the field's 64 bits cannot hold.
pub(super) fn out_of_range(kind: FieldType, got: &str) -> Refusal {
    let (low, high) = match kind {
        FieldType::Decimal(scale) => {
            let one = 10i128.pow(u32::from(scale));
            (i128::from(i64::MIN) / one, i128::from(i64::MAX) / one)
        }
        _ => (i128::from(i64::MIN), i128::from(i64::MAX)),
    };
    Refusal::new("out_of_range", format!("takes numbers from {low} to {high}, got {}", excerpt(got)))
}

/// A `float`.
pub(super) fn float(text: &str) -> Result<f64, Refusal> {
    let value: f64 = text.parse().map_err(|_| Refusal::wrong_type(FieldType::Float, text))?;
    finite(value, text)
}

/// A finite number, or a refusal that quotes `text`.
pub(super) fn finite(value: f64, text: &str) -> Result<f64, Refusal> {
    if value.is_finite() {
        return Ok(value);
    }
    Err(Refusal::new("not_finite", format!("takes finite numbers, got {}", excerpt(text))))
}

/// A `bool` in CSV: `true` or `false` in any case.
pub(super) fn boolean(text: &str) -> Result<bool, Refusal> {
    if text.eq_ignore_ascii_case("true") {
        Ok(true)
    } else if text.eq_ignore_ascii_case("false") {
        Ok(false)
    } else {
        Err(Refusal::wrong_type(FieldType::Bool, text))
    }
}

/// A `time` in microseconds.
pub(super) fn time(text: &str) -> Result<i64, Refusal> {
    Timestamp::parse(text).map(|time| time.0).ok_or_else(|| Refusal::wrong_type(FieldType::Time, text))
}

/// A `date` in days.
pub(super) fn date(text: &str) -> Result<i64, Refusal> {
    Date::parse(text).map(|date| i64::from(date.0)).ok_or_else(|| Refusal::wrong_type(FieldType::Date, text))
}

/// A `keyword`, or a member of a `keyword_set`, in NFC.
pub(super) fn keyword(text: &str) -> Result<Cow<'_, str>, Refusal> {
    let too_long =
        |got: usize| Refusal::new("value_too_long", format!("takes at most {VALUE_BYTES_MAX} bytes, got {got} bytes"));
    if text.len() / NFC_SHRINKS_MAX > VALUE_BYTES_MAX {
        return Err(too_long(text.len()));
    }
    let text = normalize(text);
    if text.len() > VALUE_BYTES_MAX { Err(too_long(text.len())) } else { Ok(text) }
}

/// An external id, in NFC.
pub(super) fn id(text: &str) -> Result<Cow<'_, str>, Refusal> {
    if text.is_empty() {
        return Err(missing_id());
    }
    keyword(text).map_err(|refusal| Refusal { code: "id_too_long", ..refusal })
}

/// Whether a text is a whole number as JSON writes it, so that `007` stays a text.
pub(super) fn is_plain_int(text: &str) -> bool {
    text.parse::<i64>().is_ok_and(|value| value.to_string() == text)
}

/// The refusal of a row without an id.
pub(super) fn missing_id() -> Refusal {
    Refusal::new("missing_id", "is the profile's id and must not be empty")
}

/// The refusal of a row without a value that every row has to have.
pub(super) fn missing_value() -> Refusal {
    Refusal::new("missing_value", "must not be missing or empty")
}

/// The refusal of an id that is neither a string nor a whole number.
pub(super) fn bad_id(got: &str) -> Refusal {
    Refusal::new("bad_id", format!("takes a text or a whole number as id, got {}", excerpt(got)))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_are_exact_or_refused() {
        for (text, scale, wanted) in [
            ("1.005", 2, Err("too_many_digits")),
            ("1.50", 1, Ok(15)),
            ("1e2", 2, Ok(10_000)),
            ("92233720368547758.08", 2, Err("out_of_range")),
            ("92233720368547758.07", 2, Ok(i64::MAX)),
            ("abc", 2, Err("wrong_type")),
            ("+1", 2, Err("wrong_type")),
        ] {
            assert_eq!(decimal(text, scale).map_err(|refusal| refusal.code), wanted, "{text}");
        }
        for (text, wanted) in [
            ("9223372036854775807", Ok(i64::MAX)),
            ("9223372036854775808", Err("out_of_range")),
            ("99999999999999999999999999999999999999999", Err("out_of_range")),
            ("5.0", Ok(5)),
            ("5.5", Err("wrong_type")),
            ("+5", Err("wrong_type")),
            ("", Err("wrong_type")),
        ] {
            assert_eq!(int(text).map_err(|refusal| refusal.code), wanted, "{text}");
        }
    }

    #[test]
    fn floats_are_finite() {
        for text in ["NaN", "inf", "-Infinity", "1e400"] {
            assert_eq!(float(text).map_err(|refusal| refusal.code), Err("not_finite"), "{text}");
        }
        assert_eq!(float("1e-3"), Ok(0.001));
    }

    #[test]
    fn of_a_refused_value_the_beginning_is_quoted() {
        let whole = "é".repeat(EXCERPT_CHARS_MAX);
        assert_eq!(excerpt(&whole), format!("\"{whole}\""));
        assert_eq!(excerpt(&format!("{whole}x")), format!("\"{whole}…\""));
    }
}
