//! What the values of a text file look like, and the type that holds them all.
//!
//! Whole numbers are `int`; fractional ones `decimal` of the largest scale written, up to `INFERRED_SCALE_MAX`, else
//! `float`; RFC 3339 `time`; `YYYY-MM-DD` `date`; true and false `bool`; lists are sets; the rest and mixtures
//! `keyword`. Missing values say nothing, and a column that has no others is `keyword`.

use std::collections::HashMap;

use muster_engine::error::{Error, Problem, Result};
use muster_engine::limits::{FIELDS_MAX, INFERRED_SCALE_MAX};
use muster_engine::schema::{FieldType, Number, normalize};
use muster_engine::time::{Date, Timestamp};

use super::json;

/// The kinds of values seen in one column.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(super) struct Observed {
    bool: bool,
    whole: bool,
    fraction: bool,
    /// A number that only `float` holds: too many digits, or beyond `i64`.
    float: bool,
    time: bool,
    date: bool,
    text: bool,
    int_set: bool,
    keyword_set: bool,
    empty_set: bool,
    /// Most digits written after the point.
    scale: u8,
    /// Largest absolute value, rounded up, of the exact numbers.
    magnitude: u64,
}

impl Observed {
    /// Looks at a JSON value given by its well-formed text.
    pub(super) fn json(&mut self, raw: &str) {
        match raw.as_bytes().first() {
            None | Some(b'n') => {}
            Some(b't' | b'f') => self.bool = true,
            Some(b'"') => match json::string(raw) {
                Ok(text) => self.string(&text),
                Err(_) => self.text = true,
            },
            Some(b'[') => self.list(raw),
            Some(b'{') => self.text = true,
            Some(_) => self.number(raw),
        }
    }

    /// Looks at a CSV cell.
    pub(super) fn cell(&mut self, text: &str) {
        let text = text.trim();
        let digits = text.strip_prefix('-').unwrap_or(text);
        let begins_with_digit = digits.as_bytes().first().is_some_and(u8::is_ascii_digit);
        if text.is_empty() {
        } else if text.eq_ignore_ascii_case("true") || text.eq_ignore_ascii_case("false") {
            self.bool = true;
        } else if text.starts_with('[') && json::is_valid(text) {
            self.list(text);
        } else if begins_with_digit && is_number(digits) {
            let is_whole = digits.bytes().all(|byte| byte.is_ascii_digit());
            if is_whole && text.parse::<i64>().is_err() {
                // Account and card numbers are longer than an i64 and must keep every digit.
                self.text = true;
            } else {
                self.number(text);
            }
        } else {
            self.string(text);
        }
    }

    fn string(&mut self, text: &str) {
        if !text.as_bytes().first().is_some_and(u8::is_ascii_digit) {
            self.text = true;
        } else if Date::parse(text).is_some() {
            self.date = true;
        } else if Timestamp::parse(text).is_some() {
            self.time = true;
        } else {
            self.text = true;
        }
    }

    fn number(&mut self, text: &str) {
        if let Ok(whole) = text.parse::<i64>() {
            self.whole = true;
            self.magnitude = self.magnitude.max(whole.unsigned_abs());
            return;
        }
        let exact = Number::parse(text).and_then(|number| {
            let (floor, _) = number.floor_units(0)?;
            let magnitude = u64::try_from(floor.unsigned_abs().checked_add(1)?).ok()?;
            Some((written_scale(text, number)?, magnitude))
        });
        match exact {
            Some((0, magnitude)) if i64::try_from(magnitude).is_ok() => {
                self.whole = true;
                self.magnitude = self.magnitude.max(magnitude);
            }
            Some((scale, magnitude)) if scale > 0 => {
                self.fraction = true;
                self.scale = self.scale.max(scale);
                self.magnitude = self.magnitude.max(magnitude);
            }
            _ => self.float = true,
        }
    }

    fn list(&mut self, raw: &str) {
        let mut all_whole = true;
        let count = json::each_member(raw, |member| {
            all_whole &= member.parse::<i64>().is_ok();
            Ok(())
        });
        match count {
            Ok(0) => self.empty_set = true,
            Ok(_) if all_whole => self.int_set = true,
            Ok(_) => self.keyword_set = true,
            Err(_) => self.text = true,
        }
    }

    /// What both parts of a column have seen.
    pub(super) fn merge(&mut self, other: Self) {
        self.bool |= other.bool;
        self.whole |= other.whole;
        self.fraction |= other.fraction;
        self.float |= other.float;
        self.time |= other.time;
        self.date |= other.date;
        self.text |= other.text;
        self.int_set |= other.int_set;
        self.keyword_set |= other.keyword_set;
        self.empty_set |= other.empty_set;
        self.scale = self.scale.max(other.scale);
        self.magnitude = self.magnitude.max(other.magnitude);
    }

    /// The type that holds everything seen.
    pub(super) fn kind(&self) -> FieldType {
        let is_number = self.whole || self.fraction || self.float;
        let is_set = self.int_set || self.keyword_set || self.empty_set;
        let kinds = [self.bool, is_number, self.time, self.date, self.text, is_set];
        if kinds.iter().filter(|seen| **seen).count() != 1 || self.text {
            return FieldType::Keyword;
        }
        if self.bool {
            FieldType::Bool
        } else if self.time {
            FieldType::Time
        } else if self.date {
            FieldType::Date
        } else if is_set {
            if self.int_set && !self.keyword_set { FieldType::IntSet } else { FieldType::KeywordSet }
        } else if self.float || !self.fits_decimal() {
            FieldType::Float
        } else if self.fraction {
            FieldType::Decimal(self.scale)
        } else {
            FieldType::Int
        }
    }

    fn fits_decimal(&self) -> bool {
        !self.fraction || i64::try_from(u128::from(self.magnitude) * 10u128.pow(u32::from(self.scale))).is_ok()
    }
}

/// Digits after the point: as written (`1.50` has two), or as needed when more are written than inference gives.
fn written_scale(text: &str, number: Number) -> Option<u8> {
    let written = match text.find(['e', 'E']) {
        Some(_) => number.scale(),
        None => text.split_once('.').map_or(Ok(0), |(_, fraction)| u32::try_from(fraction.len())).ok()?,
    };
    let max = u32::from(INFERRED_SCALE_MAX);
    let scale = if written > max { number.scale() } else { written };
    u8::try_from(scale).ok().filter(|scale| *scale <= INFERRED_SCALE_MAX)
}

/// Digits, an optional fraction, an optional exponent, and no leading zero: `007` is a name, not a number.
fn is_number(digits: &str) -> bool {
    let leading_zero = digits.starts_with('0') && digits.as_bytes().get(1).is_some_and(u8::is_ascii_digit);
    let ends_in_digit = digits.as_bytes().last().is_some_and(u8::is_ascii_digit);
    let number_bytes = digits.bytes().all(|byte| matches!(byte, b'0'..=b'9' | b'.' | b'e' | b'E' | b'+' | b'-'));
    !leading_zero && ends_in_digit && number_bytes && digits.parse::<f64>().is_ok()
}

/// The columns of a file whose rows name their own keys, in the order of first appearance.
#[derive(Debug)]
pub(super) struct FieldsObserved {
    id_name: String,
    names: Vec<String>,
    columns: Vec<Observed>,
    by_name: HashMap<String, usize>,
    /// Keys that found no room below [`FIELDS_MAX`].
    overflow: bool,
}

impl FieldsObserved {
    pub(super) fn new(id_field: &str) -> Self {
        Self {
            id_name: normalize(id_field).into_owned(),
            names: Vec::new(),
            columns: Vec::new(),
            by_name: HashMap::new(),
            overflow: false,
        }
    }

    /// Looks at the value of `key`, which stands at the given place of its row (a hint, where rows are alike).
    pub(super) fn json(&mut self, place: usize, key: &str, raw: &str) {
        // The id stands before the fields in most files and is no column here.
        for hint in [place, place.wrapping_sub(1)] {
            if self.names.get(hint).is_some_and(|name| name == key) {
                return self.columns[hint].json(raw);
            }
        }
        let key = normalize(key);
        if *key != *self.id_name
            && let Some(column) = self.column(&key)
        {
            self.columns[column].json(raw);
        }
    }

    /// The position of the column `name`, new if need be; `None` when there is no room for it.
    pub(super) fn column(&mut self, name: &str) -> Option<usize> {
        if let Some(at) = self.by_name.get(name) {
            return Some(*at);
        }
        if self.names.len() == FIELDS_MAX {
            self.overflow = true;
            return None;
        }
        self.by_name.insert(name.to_owned(), self.names.len());
        self.names.push(name.to_owned());
        self.columns.push(Observed::default());
        Some(self.names.len() - 1)
    }

    /// Adds what a later part of the file has seen.
    pub(super) fn merge(&mut self, later: Self) -> Result<()> {
        for (name, observed) in later.names.iter().zip(later.columns) {
            if let Some(column) = self.column(name) {
                self.columns[column].merge(observed);
            }
        }
        if self.overflow || later.overflow {
            let message = format!("a schema holds at most {FIELDS_MAX} fields, the file has more keys");
            return Err(Error::Limit(Problem::new("", "too_many_fields", message)));
        }
        Ok(())
    }

    /// Every column with its type.
    pub(super) fn finish(self) -> Vec<(String, FieldType)> {
        self.names.into_iter().zip(self.columns).map(|(name, observed)| (name, observed.kind())).collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn of_json(values: &[&str]) -> String {
        let mut observed = Observed::default();
        values.iter().for_each(|value| observed.json(value));
        observed.kind().to_string()
    }

    fn of_cells(values: &[&str]) -> String {
        let mut observed = Observed::default();
        values.iter().for_each(|value| observed.cell(value));
        observed.kind().to_string()
    }

    #[test]
    fn json_values_tell_their_type() {
        for (values, kind) in [
            (&["1", "-5", "null"][..], "int"),
            (&["1", "2.5", "3.25"], "decimal(2)"),
            (&["1.50"], "decimal(2)"),
            (&["1.0000000"], "int"),
            (&["1.00001"], "float"),
            (&["1e3"], "int"),
            (&["9223372036854775808"], "float"),
            (&["9223372036854775807", "0.5"], "float"),
            (&["true", "false"], "bool"),
            (&["true", "1"], "keyword"),
            (&["\"2018-01-01\""], "date"),
            (&["\"2018-01-01T00:00:00Z\""], "time"),
            (&["\"2018-01-01\"", "\"2018-01-01T00:00:00Z\""], "keyword"),
            (&["\"5\""], "keyword"),
            (&["[]", "[1]"], "int_set"),
            (&["[]", "[1]", "[\"a\"]"], "keyword_set"),
            (&["[]"], "keyword_set"),
            (&["[1]", "1"], "keyword"),
            (&["null"], "keyword"),
            (&[], "keyword"),
        ] {
            assert_eq!(of_json(values), kind, "{values:?}");
        }
    }

    #[test]
    fn cells_tell_their_type() {
        for (values, kind) in [
            (&["1", "", " 2 "][..], "int"),
            (&["007"], "keyword"),
            (&["+49170"], "keyword"),
            (&["-01"], "keyword"),
            (&["0.5", "0"], "decimal(1)"),
            (&["9223372036854775808"], "keyword"),
            (&["1.234567"], "float"),
            (&["TRUE", "False"], "bool"),
            (&["[\"a\"]", "[]"], "keyword_set"),
            (&["[1,2]"], "int_set"),
            (&["[draft]"], "keyword"),
            (&["2018-01-01"], "date"),
            (&["1.2.3"], "keyword"),
            (&["nan"], "keyword"),
            (&["", ""], "keyword"),
        ] {
            assert_eq!(of_cells(values), kind, "{values:?}");
        }
    }

    #[test]
    fn numbers_with_more_digits_than_inference_gives_are_floats() {
        let number = |digits: u8| format!("0.{}", "1".repeat(digits.into()));
        let (most, more) = (number(INFERRED_SCALE_MAX), number(INFERRED_SCALE_MAX + 1));
        let decimal = FieldType::Decimal(INFERRED_SCALE_MAX).to_string();
        assert_eq!((of_json(&[&most]), of_cells(&[&most])), (decimal.clone(), decimal));
        assert_eq!((of_json(&[&more]), of_cells(&[&more])), ("float".to_owned(), "float".to_owned()));
    }

    #[test]
    fn a_file_has_at_most_as_many_keys_as_a_schema_has_fields() {
        let observed = |from: usize, to: usize| {
            let mut observed = FieldsObserved::new("id");
            let row = std::iter::once("id".to_owned()).chain((from..to).map(|key| format!("k{key}")));
            row.enumerate().for_each(|(place, key)| observed.json(place, &key, "1"));
            observed
        };
        let together = |parts: [FieldsObserved; 2]| {
            let mut all = FieldsObserved::new("id");
            parts.into_iter().try_for_each(|part| all.merge(part)).map(|()| all.finish().len())
        };
        let most = together([observed(0, FIELDS_MAX), observed(1, FIELDS_MAX)]);
        assert_eq!(most.expect("the id is none of them"), FIELDS_MAX);
        for parts in [[observed(0, FIELDS_MAX + 1), observed(0, 1)], [observed(0, 1), observed(1, FIELDS_MAX + 1)]] {
            let refused = together(parts);
            let Err(Error::Limit(problem)) = refused else { panic!("{refused:?}") };
            assert_eq!(problem.code, "too_many_fields");
        }
    }
}
