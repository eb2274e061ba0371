//! Instants and calendar days, read and printed in one way.
//!
//! Nothing here, nor anywhere in the engine, asks what time it is: `now` always comes from the caller.

use std::fmt;

/// A UTC instant in microseconds since 1970-01-01T00:00:00Z.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Timestamp(pub i64);

/// A calendar day, counted from 1970-01-01.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Date(pub i32);

/// Microseconds in the 86,400 seconds that every window calls a day.
pub const DAY_US: i64 = 86_400 * 1_000_000;

impl Timestamp {
    /// Reads RFC 3339, with `Z` or an offset; fractions below a microsecond are cut off (towards the past).
    pub fn parse(text: &str) -> Option<Self> {
        // RFC 3339 demands date, time and offset; jiff alone would also take what other dialects allow.
        if !is_rfc3339_shaped(text.as_bytes()) {
            return None;
        }
        let instant: jiff::Timestamp = text.parse().ok()?;
        Some(Self(i64::try_from(instant.as_nanosecond().div_euclid(1_000)).ok()?))
    }

    /// Whether it lies in a year that can be written, -9999 to 9999.
    pub fn is_writable(self) -> bool {
        jiff::Timestamp::from_microsecond(self.0).is_ok()
    }

    /// The instant `days` times 86,400 seconds later; saturates at the ends of the range.
    #[must_use]
    pub fn plus_days(self, days: i64) -> Self {
        Self(self.0.saturating_add(days.saturating_mul(DAY_US)))
    }
}

/// `2018-01-01T00:00:00`, an optional fraction, then `Z` or `+hh:mm`.
fn is_rfc3339_shaped(text: &[u8]) -> bool {
    if text.len() < 20 || !matches!(text[10], b'T' | b't' | b' ') {
        return false;
    }
    let digits_at = |places: &[usize]| places.iter().all(|&i| text[i].is_ascii_digit());
    if !digits_at(&[0, 1, 2, 3, 5, 6, 8, 9, 11, 12, 14, 15, 17, 18]) {
        return false;
    }
    if text[4] != b'-' || text[7] != b'-' || text[13] != b':' || text[16] != b':' {
        return false;
    }
    let mut rest = &text[19..];
    if rest[0] == b'.' {
        let digits = rest[1..].iter().take_while(|byte| byte.is_ascii_digit()).count();
        if digits == 0 {
            return false;
        }
        rest = &rest[1 + digits..];
    }
    match rest {
        [b'Z' | b'z'] => true,
        [b'+' | b'-', h1, h2, b':', m1, m2] => [h1, h2, m1, m2].iter().all(|byte| byte.is_ascii_digit()),
        _ => false,
    }
}

impl Date {
    /// Reads `YYYY-MM-DD`.
    pub fn parse(text: &str) -> Option<Self> {
        let bytes = text.as_bytes();
        if bytes.len() != 10 || bytes[4] != b'-' || bytes[7] != b'-' {
            return None;
        }
        let date: jiff::civil::Date = text.parse().ok()?;
        let epoch = jiff::civil::date(1970, 1, 1);
        Some(Self(epoch.until((jiff::Unit::Day, date)).ok()?.get_days()))
    }

    /// Whether it lies in a year that can be written, -9999 to 9999.
    pub fn is_writable(self) -> bool {
        self.civil().is_some()
    }

    /// The day in the calendar, if it has one.
    fn civil(self) -> Option<jiff::civil::Date> {
        // A span of days has bounds of its own.
        let days = jiff::Span::new().try_days(self.0).ok()?;
        jiff::civil::date(1970, 1, 1).checked_add(days).ok()
    }

    /// The instant the day begins, in UTC.
    pub fn midnight(self) -> Timestamp {
        Timestamp(i64::from(self.0) * DAY_US)
    }
}

impl fmt::Display for Timestamp {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match jiff::Timestamp::from_microsecond(self.0) {
            Ok(instant) => instant.fmt(f),
            Err(_) => write!(f, "{} us since 1970", self.0),
        }
    }
}

impl fmt::Display for Date {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.civil() {
            Some(date) => date.fmt(f),
            None => write!(f, "{} days since 1970", self.0),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn instants_print_as_they_were_read() {
        for text in ["2018-01-01T00:00:00Z", "2017-12-31T19:01:05Z", "1969-12-31T23:59:59.999999Z"] {
            assert_eq!(Timestamp::parse(text).expect(text).to_string(), text);
        }
        assert_eq!(Timestamp::parse("2018-01-01T01:00:00+01:00"), Some(Timestamp(1_514_764_800_000_000)));
        for text in ["2018-01-01", "2018-01-01T00:00:00", "2018-13-01T00:00:00Z", "2018-01-01T00:00:00.Z", "now", ""] {
            assert_eq!(Timestamp::parse(text), None, "{text}");
        }
    }

    #[test]
    fn days_count_from_the_epoch() {
        assert_eq!(Date::parse("1970-01-02"), Some(Date(1)));
        assert_eq!(Date::parse("1969-12-31"), Some(Date(-1)));
        assert_eq!(Date(17_532).to_string(), "2018-01-01");
        for beyond in [i32::MIN, i32::MAX] {
            assert!(!Date(beyond).is_writable());
            assert_eq!(Date(beyond).to_string(), format!("{beyond} days since 1970"));
        }
        for text in ["2018-02-30", "2018-1-1", "20180101", "2018-01-01T"] {
            assert_eq!(Date::parse(text), None, "{text}");
        }
    }
}
