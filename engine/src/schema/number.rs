//! A number exactly as it was written, before a field's type decides what it becomes.
//!
//! Money never passes through binary floating point: `17.57` is 1757 hundredths from the first byte on.

/// mantissa x 10^-scale, as written in decimal; normalised so that equal numbers are equal values.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct Number {
    mantissa: i128,
    scale: u32,
}

/// Powers of ten that fit an `i128`.
const SCALE_MAX: u32 = 38;

impl Number {
    /// Reads a JSON number: digits, an optional fraction, an optional exponent. `None` for anything else, and for
    /// numbers that do not fit 38 digits.
    pub fn parse(text: &str) -> Option<Self> {
        let (text, exponent) = match text.find(['e', 'E']) {
            Some(at) => (&text[..at], text[at + 1..].parse::<i32>().ok()?),
            None => (text, 0),
        };
        let (negative, digits) = match text.strip_prefix('-') {
            Some(rest) => (true, rest),
            None => (false, text),
        };
        let (whole, fraction) = digits.split_once('.').unwrap_or((digits, ""));
        if whole.is_empty() || (fraction.is_empty() && digits.contains('.')) {
            return None;
        }
        let mut mantissa: i128 = 0;
        for byte in whole.bytes().chain(fraction.bytes()) {
            if !byte.is_ascii_digit() {
                return None;
            }
            mantissa = mantissa.checked_mul(10)?.checked_add(i128::from(byte - b'0'))?;
        }
        let scale = i64::try_from(fraction.len()).ok()? - i64::from(exponent);
        Self::normal(if negative { -mantissa } else { mantissa }, scale)
    }

    fn normal(mut mantissa: i128, mut scale: i64) -> Option<Self> {
        if mantissa == 0 {
            return Some(Self { mantissa: 0, scale: 0 });
        }
        while scale < 0 {
            mantissa = mantissa.checked_mul(10)?;
            scale += 1;
        }
        while scale > 0 && mantissa % 10 == 0 {
            mantissa /= 10;
            scale -= 1;
        }
        let scale = u32::try_from(scale).ok()?;
        (scale <= SCALE_MAX).then_some(Self { mantissa, scale })
    }

    /// Digits after the point, none of them a trailing zero.
    pub fn scale(self) -> u32 {
        self.scale
    }

    /// The number in units of 10^-`scale`, when it is a whole number of them and fits an `i64`.
    pub fn units(self, scale: u8) -> Option<i64> {
        let (floor, exact) = self.floor_units(scale)?;
        exact.then(|| i64::try_from(floor).ok())?
    }

    /// The greatest whole number of units of 10^-`scale` that is not above the number, and whether it is the number.
    pub fn floor_units(self, scale: u8) -> Option<(i128, bool)> {
        let scale = u32::from(scale);
        if self.scale <= scale {
            return Some((self.mantissa.checked_mul(10i128.checked_pow(scale - self.scale)?)?, true));
        }
        let divisor = 10i128.checked_pow(self.scale - scale)?;
        Some((self.mantissa.div_euclid(divisor), self.mantissa.rem_euclid(divisor) == 0))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn units_are_exact_or_nothing() {
        for (text, scale, units) in [
            ("17.57", 2, Some(1757)),
            ("17.570", 2, Some(1757)),
            ("17.575", 2, None),
            ("-0.01", 2, Some(-1)),
            ("1e2", 2, Some(10_000)),
            ("1.5E-1", 2, Some(15)),
            ("9223372036854775807", 0, Some(i64::MAX)),
            ("9223372036854775808", 0, None),
            ("-9223372036854775808", 0, Some(i64::MIN)),
            ("0.000", 0, Some(0)),
        ] {
            assert_eq!(Number::parse(text).and_then(|number| number.units(scale)), units, "{text}");
        }
        for text in ["", "-", ".5", "5.", "1e", "NaN", "Infinity", "0x1", "1_000", "1e400", "+1"] {
            assert_eq!(Number::parse(text), None, "{text}");
        }
    }

    #[test]
    fn floors_go_down_for_negative_numbers_too() {
        assert_eq!(Number::parse("-0.015").and_then(|number| number.floor_units(2)), Some((-2, false)));
        assert_eq!(Number::parse("0.015").and_then(|number| number.floor_units(2)), Some((1, false)));
    }
}
