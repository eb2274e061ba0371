//! One value of one field, and the `i64` key that orders scalar values inside columns.

use std::borrow::Cow;
use std::fmt;

use unicode_normalization::{IsNormalized, UnicodeNormalization, is_nfc_quick};

use super::FieldType;
use crate::time::{Date, Timestamp};

/// One value. Sets are sorted and without duplicates.
#[derive(Debug, Clone, PartialEq)]
pub enum Value {
    /// `bool`
    Bool(bool),
    /// `int`
    Int(i64),
    /// `decimal(scale)`: units of 10^-scale
    Decimal(i64, u8),
    /// `float`, always finite
    Float(f64),
    /// `keyword`, in NFC
    Keyword(String),
    /// `keyword_set`, in NFC
    KeywordSet(Vec<String>),
    /// `int_set`
    IntSet(Vec<i64>),
    /// `time`
    Time(Timestamp),
    /// `date`
    Date(Date),
}

impl Value {
    /// The type this value belongs to.
    pub fn kind(&self) -> FieldType {
        match self {
            Self::Bool(_) => FieldType::Bool,
            Self::Int(_) => FieldType::Int,
            Self::Decimal(_, scale) => FieldType::Decimal(*scale),
            Self::Float(_) => FieldType::Float,
            Self::Keyword(_) => FieldType::Keyword,
            Self::KeywordSet(_) => FieldType::KeywordSet,
            Self::IntSet(_) => FieldType::IntSet,
            Self::Time(_) => FieldType::Time,
            Self::Date(_) => FieldType::Date,
        }
    }

    /// The key under which a scalar lies in its column: order of keys is order of values. `None` for other types.
    pub fn to_key(&self) -> Option<i64> {
        match self {
            Self::Int(value) | Self::Decimal(value, _) => Some(*value),
            Self::Float(value) => Some(float_to_key(*value)),
            Self::Time(value) => Some(value.0),
            Self::Date(value) => Some(i64::from(value.0)),
            Self::Bool(_) | Self::Keyword(_) | Self::KeywordSet(_) | Self::IntSet(_) => None,
        }
    }

    /// The scalar of type `kind` that has this key.
    ///
    /// # Panics
    /// When `kind` is no scalar type.
    pub fn from_key(kind: FieldType, key: i64) -> Self {
        match kind {
            FieldType::Int => Self::Int(key),
            FieldType::Decimal(scale) => Self::Decimal(key, scale),
            FieldType::Float => Self::Float(float_from_key(key)),
            FieldType::Time => Self::Time(Timestamp(key)),
            FieldType::Date => {
                Self::Date(Date(i32::try_from(key).unwrap_or(if key < 0 { i32::MIN } else { i32::MAX })))
            }
            FieldType::Bool | FieldType::Keyword | FieldType::KeywordSet | FieldType::IntSet => {
                panic!("{kind} has no key")
            }
        }
    }
}

/// Prints as in JSON, without quotes around strings: `12.50`, `2018-01-01T00:00:00Z`.
impl fmt::Display for Value {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Bool(value) => value.fmt(f),
            Self::Int(value) => value.fmt(f),
            Self::Decimal(units, scale) => fmt_decimal(*units, *scale, f),
            // Debug is the shortest text that reads back to the same float, and keeps `1.0` a fraction.
            Self::Float(value) => write!(f, "{value:?}"),
            Self::Keyword(value) => f.write_str(value),
            Self::KeywordSet(values) => f.write_str(&values.join(", ")),
            Self::IntSet(values) => {
                for (i, value) in values.iter().enumerate() {
                    write!(f, "{}{value}", if i == 0 { "" } else { ", " })?;
                }
                Ok(())
            }
            Self::Time(value) => value.fmt(f),
            Self::Date(value) => value.fmt(f),
        }
    }
}

fn fmt_decimal(units: i64, scale: u8, f: &mut fmt::Formatter<'_>) -> fmt::Result {
    if scale == 0 {
        return write!(f, "{units}");
    }
    let one = 10u64.pow(u32::from(scale));
    let (whole, fraction) = (units.unsigned_abs() / one, units.unsigned_abs() % one);
    write!(f, "{}{whole}.{fraction:0width$}", if units < 0 { "-" } else { "" }, width = usize::from(scale))
}

/// A finite float as an `i64` of the same order; `-0.0` becomes `0.0`.
pub fn float_to_key(value: f64) -> i64 {
    let bits = (value + 0.0).to_bits().cast_signed();
    // Negative floats order backwards by their bits: flip all but the sign.
    if bits < 0 { bits ^ i64::MAX } else { bits }
}

/// The float whose key this is.
pub fn float_from_key(key: i64) -> f64 {
    f64::from_bits((if key < 0 { key ^ i64::MAX } else { key }).cast_unsigned())
}

/// Text in Unicode normal form C, under which all strings are stored and compared.
pub fn normalize(text: &str) -> Cow<'_, str> {
    if text.is_ascii() || is_nfc_quick(text.chars()) == IsNormalized::Yes {
        Cow::Borrowed(text)
    } else {
        Cow::Owned(text.nfc().collect())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn float_keys_order_as_floats() {
        let values = [f64::MIN, -1.5, -f64::MIN_POSITIVE, -0.0, 0.0, 5e-324, 1.0, 1.0000000000000002, f64::MAX];
        for pair in values.windows(2) {
            assert_eq!(
                float_to_key(pair[0]).cmp(&float_to_key(pair[1])),
                pair[0].partial_cmp(&pair[1]).expect("finite")
            );
        }
        for value in values {
            assert_eq!(float_from_key(float_to_key(value)), value);
        }
    }

    #[test]
    fn decimals_print_all_their_digits() {
        for (units, scale, text) in [
            (1757, 2, "17.57"),
            (-5, 2, "-0.05"),
            (100, 2, "1.00"),
            (7, 0, "7"),
            (i64::MIN, 18, "-9.223372036854775808"),
        ] {
            assert_eq!(Value::Decimal(units, scale).to_string(), text);
        }
    }

    #[test]
    fn composed_and_decomposed_text_are_equal() {
        assert_eq!(normalize("e\u{301}"), "\u{e9}");
    }
}
