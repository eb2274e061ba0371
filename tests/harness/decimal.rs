//! Comparing numbers digit by digit, as a person would on paper.
//!
//! The engine turns numbers into integers of a field's scale. The twin must not share that code, so here a number stays
//! a sign and two strings of digits, of any length, and nothing can overflow.

use std::cmp::Ordering;

/// A decimal number: no leading zeros before the point, no trailing ones after it, and zero has no sign.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Decimal {
    negative: bool,
    whole: String,
    fraction: String,
}

impl Decimal {
    /// Reads `-12.50`, `1e3` and the like; `None` for what is no JSON number.
    pub fn parse(text: &str) -> Option<Self> {
        let (negative, text) = match text.strip_prefix('-') {
            Some(rest) => (true, rest),
            None => (false, text),
        };
        let lower = text.to_ascii_lowercase();
        let (digits, exponent) = match lower.split_once('e') {
            Some((digits, exponent)) => (digits, exponent.parse::<i32>().ok()?),
            None => (lower.as_str(), 0),
        };
        let (whole, fraction) = match digits.split_once('.') {
            Some((_, "")) => return None,
            Some(parts) => parts,
            None => (digits, ""),
        };
        if whole.is_empty() || !whole.bytes().chain(fraction.bytes()).all(|byte| byte.is_ascii_digit()) {
            return None;
        }
        let (mut whole, mut fraction) = (whole.to_owned(), fraction.to_owned());
        for _ in 0..exponent {
            let first = if fraction.is_empty() { '0' } else { fraction.remove(0) };
            whole.push(first);
        }
        for _ in exponent..0 {
            let last = whole.pop().unwrap_or('0');
            fraction.insert(0, last);
        }
        Some(Self::tidy(negative, &whole, &fraction))
    }

    /// `units` of 10^-`scale`.
    pub fn from_units(units: i64, scale: u8) -> Self {
        let scale = usize::from(scale);
        let digits = format!("{:0>width$}", units.unsigned_abs(), width = scale + 1);
        let (whole, fraction) = digits.split_at(digits.len() - scale);
        Self::tidy(units < 0, whole, fraction)
    }

    fn tidy(negative: bool, whole: &str, fraction: &str) -> Self {
        let whole = whole.trim_start_matches('0').to_owned();
        let fraction = fraction.trim_end_matches('0').to_owned();
        Self { negative: negative && !(whole.is_empty() && fraction.is_empty()), whole, fraction }
    }

    fn size_cmp(&self, other: &Self) -> Ordering {
        // Without leading zeros the longer whole part is the larger; fractions compare as text, left to right.
        (self.whole.len(), &self.whole, &self.fraction).cmp(&(other.whole.len(), &other.whole, &other.fraction))
    }
}

impl Ord for Decimal {
    fn cmp(&self, other: &Self) -> Ordering {
        match (self.negative, other.negative) {
            (false, true) => Ordering::Greater,
            (true, false) => Ordering::Less,
            (false, false) => self.size_cmp(other),
            (true, true) => other.size_cmp(self),
        }
    }
}

impl PartialOrd for Decimal {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn number(text: &str) -> Decimal {
        Decimal::parse(text).expect(text)
    }

    #[test]
    fn numbers_order_as_on_paper() {
        let rising = [
            "-1e400",
            "-9223372036854775809",
            "-9223372036854775808",
            "-10.5",
            "-10.05",
            "-1",
            "-0.01",
            "0",
            "0.001",
            "0.01",
            "0.1",
            "0.11",
            "1",
            "1.5",
            "2",
            "10",
            "17.57",
            "17.570000001",
            "9223372036854775807",
            "9223372036854775808",
        ];
        for pair in rising.windows(2) {
            assert!(number(pair[0]) < number(pair[1]), "{} < {}", pair[0], pair[1]);
            assert!(number(pair[1]) > number(pair[0]), "{} > {}", pair[1], pair[0]);
        }
    }

    #[test]
    fn equal_numbers_are_equal_however_they_are_written() {
        for (left, right) in
            [("-0", "0"), ("1.50", "1.5"), ("1e2", "100"), ("150E-2", "1.5"), ("0.0e5", "0"), ("12e+1", "120")]
        {
            assert_eq!(number(left), number(right), "{left} = {right}");
        }
        assert_eq!(Decimal::from_units(1757, 2), number("17.57"));
        assert_eq!(Decimal::from_units(-5, 2), number("-0.05"));
        assert_eq!(Decimal::from_units(i64::MIN, 0), number("-9223372036854775808"));
        for text in ["", "-", ".5", "5.", "1e", "NaN", "+1", "1_000", "0x10"] {
            assert_eq!(Decimal::parse(text), None, "{text}");
        }
    }
}
