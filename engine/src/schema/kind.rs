//! The closed list of field types, and their names.

use std::fmt;

use crate::limits::DECIMAL_SCALE_MAX;

/// The type of a field; see `ARCHITECTURE.md` for what each holds.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum FieldType {
    /// `true` or `false`.
    Bool,
    /// `i64`.
    Int,
    /// Exact: `i64` units of 10^-scale.
    Decimal(u8),
    /// Finite `f64`.
    Float,
    /// A string, compared by its bytes after NFC.
    Keyword,
    /// A set of strings; empty is not missing.
    KeywordSet,
    /// A set of `i64`; empty is not missing.
    IntSet,
    /// A UTC instant in microseconds.
    Time,
    /// A calendar day.
    Date,
}

impl FieldType {
    /// Reads the name that [`fmt::Display`] prints, such as `decimal(2)`.
    pub fn parse(text: &str) -> Option<Self> {
        Some(match text {
            "bool" => Self::Bool,
            "int" => Self::Int,
            "float" => Self::Float,
            "keyword" => Self::Keyword,
            "keyword_set" => Self::KeywordSet,
            "int_set" => Self::IntSet,
            "time" => Self::Time,
            "date" => Self::Date,
            _ => {
                let scale = text.strip_prefix("decimal(")?.strip_suffix(')')?.parse().ok()?;
                (scale <= DECIMAL_SCALE_MAX).then_some(Self::Decimal(scale))?
            }
        })
    }

    /// Whether a value is a single orderable number inside: `int`, `decimal`, `float`, `time`, `date`.
    pub fn is_scalar(self) -> bool {
        matches!(self, Self::Int | Self::Decimal(_) | Self::Float | Self::Time | Self::Date)
    }

    /// Whether a value is a set.
    pub fn is_set(self) -> bool {
        matches!(self, Self::KeywordSet | Self::IntSet)
    }
}

impl fmt::Display for FieldType {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Bool => f.write_str("bool"),
            Self::Int => f.write_str("int"),
            Self::Decimal(scale) => write!(f, "decimal({scale})"),
            Self::Float => f.write_str("float"),
            Self::Keyword => f.write_str("keyword"),
            Self::KeywordSet => f.write_str("keyword_set"),
            Self::IntSet => f.write_str("int_set"),
            Self::Time => f.write_str("time"),
            Self::Date => f.write_str("date"),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn type_names_read_back() {
        for kind in [
            FieldType::Bool,
            FieldType::Int,
            FieldType::Decimal(0),
            FieldType::Decimal(18),
            FieldType::Float,
            FieldType::Keyword,
            FieldType::KeywordSet,
            FieldType::IntSet,
            FieldType::Time,
            FieldType::Date,
        ] {
            assert_eq!(FieldType::parse(&kind.to_string()), Some(kind));
        }
        for text in ["decimal(19)", "decimal", "decimal()", "string", ""] {
            assert_eq!(FieldType::parse(text), None, "{text}");
        }
    }
}
