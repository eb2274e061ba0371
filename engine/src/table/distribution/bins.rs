//! Bounds that people like to read: so many bins at most, all of one width, that hold everything from the least value to
//! the greatest.

use super::calendar::{first_day, month_of};
use crate::schema::{FieldType, float_from_key, float_to_key};
use crate::time::{DAY_US, Date, Timestamp};

/// What a width is a multiple of, beside a power of ten.
const DIGITS: [i128; 3] = [1, 2, 5];

/// Microseconds of an hour.
const HOUR_US: i128 = 60 * 60 * 1_000_000;

/// The day that a week begins on, from a Thursday: weeks begin on Mondays (ISO 8601).
const MONDAY: i128 = -3;

/// Bounds from `least` to `greatest`, ascending; between two of them is a bin, at most `count`. An end at which no
/// value of the type can be written is none: that bin is open.
pub(super) fn readable(kind: FieldType, least: i64, greatest: i64, count: usize) -> Vec<Option<i64>> {
    if kind == FieldType::Float {
        return float_bounds(float_from_key(least), float_from_key(greatest), count);
    }
    let mut widths: Box<dyn Iterator<Item = Width>> = match kind {
        FieldType::Time => Box::new(calendar(DAY_US.into())),
        FieldType::Date => Box::new(calendar(1)),
        _ => Box::new(powers().map(|width| Width::Keys { width, start: 0 })),
    };
    // A count is far below what i128 holds.
    let is_wide_enough = |width: &Width| width.bin_of(greatest) - width.bin_of(least) < count as i128;
    let Some(width) = widths.find(is_wide_enough) else { return EVERYTHING.to_vec() };
    let bins = width.bin_of(least)..=width.bin_of(greatest) + 1;
    // Only ends can lie beyond all keys: the others lie among values.
    let mut bounds: Vec<Option<i64>> = bins.map(|bin| i64::try_from(width.start_of(bin)).ok()).collect();
    for end in [0, bounds.len() - 1] {
        bounds[end] = bounds[end].filter(|key| is_writable(kind, *key));
    }
    bounds
}

fn is_writable(kind: FieldType, key: i64) -> bool {
    match kind {
        FieldType::Time => Timestamp(key).is_writable(),
        FieldType::Date => i32::try_from(key).is_ok_and(|day| Date(day).is_writable()),
        _ => true,
    }
}

/// One bin for values of both signs: no width is wide enough.
const EVERYTHING: [Option<i64>; 2] = [None, None];

/// 1, 2, 5, 10, 20, 50 and so on, until two bins hold all keys.
fn powers() -> impl Iterator<Item = i128> {
    (0..=19).flat_map(|exponent| DIGITS.map(|digit| digit * 10i128.pow(exponent)))
}

/// A width of bins, and where one begins.
#[derive(Debug, Clone, Copy)]
enum Width {
    /// So many keys; `start` begins a bin.
    Keys { width: i128, start: i128 },
    /// So many months, of days that have so many keys each.
    Months { months: i128, day: i128 },
}

impl Width {
    /// The number of the bin that a key is in.
    fn bin_of(self, key: i64) -> i128 {
        match self {
            Self::Keys { width, start } => (i128::from(key) - start).div_euclid(width),
            Self::Months { months, day } => month_of(i128::from(key).div_euclid(day)).div_euclid(months),
        }
    }

    /// The first key of a bin, which a key may be too narrow for.
    fn start_of(self, bin: i128) -> i128 {
        match self {
            Self::Keys { width, start } => bin * width + start,
            Self::Months { months, day } => first_day(bin * months) * day,
        }
    }
}

/// Hours, days, weeks, months, quarters and years, when a day has so many keys.
fn calendar(day: i128) -> impl Iterator<Item = Width> {
    let hour = (day == DAY_US.into()).then_some(Width::Keys { width: HOUR_US, start: 0 });
    let days = [Width::Keys { width: day, start: 0 }, Width::Keys { width: 7 * day, start: MONDAY * day }];
    let months = [1, 3].into_iter().chain(powers().map(|years| 12 * years));
    hour.into_iter().chain(days).chain(months.map(move |months| Width::Months { months, day }))
}

/// The same for floats, whose bounds are the floats next to what is written: 0.3, not three times 0.1.
fn float_bounds(least: f64, greatest: f64, count: usize) -> Vec<Option<i64>> {
    let largest = greatest.abs().max(least.abs());
    // Narrower bins than floats are apart would have no two ends.
    let apart = (largest - largest.next_down()).abs();
    let span = greatest / count as f64 - least / count as f64;
    let narrowest = if span > 0.0 { span.max(apart) } else { apart.max(1.0) };
    // A float's exponent is small.
    let exponent = narrowest.min(f64::MAX).log10().floor() as i32;
    let widths = (exponent..=f64::MAX_10_EXP).flat_map(|exponent| DIGITS.map(|digit| (digit, exponent)));
    let bounds = |(digit, exponent)| float_bounds_of(least, greatest, count, digit, exponent);
    widths.into_iter().find_map(bounds).unwrap_or_else(|| EVERYTHING.to_vec())
}

/// Bounds at multiples of `digit` times a power of ten; none when there are more than `count` bins.
fn float_bounds_of(least: f64, greatest: f64, count: usize, digit: i128, exponent: i32) -> Option<Vec<Option<i64>>> {
    let bound = |bin: i128| format!("{}e{exponent}", bin * digit).parse::<f64>().unwrap_or(f64::INFINITY);
    let key = |value: f64| value.is_finite().then(|| float_to_key(value));
    let quotient = (least / bound(1)).floor();
    if quotient.abs() > 1e18 {
        return None;
    }
    // The quotient is rounded: the bin that holds the least value is this or one beside it.
    let near = quotient as i128;
    let first = (near - 2..=near + 1).rev().find(|bin| bound(*bin) <= least)?;
    let mut bounds = vec![key(bound(first))];
    for bin in first + 1..=first + count as i128 {
        let value = bound(bin);
        bounds.push(key(value));
        if value > greatest {
            bounds.dedup();
            return Some(bounds);
        }
    }
    None
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::schema::Value;

    /// Bounds as they print.
    fn shown(kind: FieldType, least: &Value, greatest: &Value, count: usize) -> String {
        let key = |value: &Value| value.to_key().expect("a scalar");
        let bounds = readable(kind, key(least), key(greatest), count);
        let shown = |bound: &Option<i64>| bound.map_or("open".into(), |key| Value::from_key(kind, key).to_string());
        bounds.iter().map(shown).collect::<Vec<_>>().join(" ")
    }

    #[test]
    fn widths_of_numbers_are_round() {
        let ints = |least, greatest, count| shown(FieldType::Int, &Value::Int(least), &Value::Int(greatest), count);
        assert_eq!(ints(3, 97, 10), "0 10 20 30 40 50 60 70 80 90 100");
        assert_eq!(ints(3, 97, 9), "0 20 40 60 80 100");
        assert_eq!(ints(3, 97, 2), "0 50 100");
        assert_eq!(ints(-7, 7, 4), "-10 -5 0 5 10");
        assert_eq!(ints(5, 5, 20), "5 6");
        assert_eq!(ints(i64::MIN, i64::MAX, 2), "open 0 open");
        assert_eq!(ints(i64::MIN, i64::MAX, 1), "open open");
        assert_eq!(ints(i64::MAX, i64::MAX, 1), "9223372036854775807 open");
        let money = |least, greatest, count| {
            shown(FieldType::Decimal(2), &Value::Decimal(least, 2), &Value::Decimal(greatest, 2), count)
        };
        assert_eq!(money(1, 24_999, 5), "0.00 50.00 100.00 150.00 200.00 250.00");
        assert_eq!(money(-1, 1, 5), "-0.01 0.00 0.01 0.02");
    }

    #[test]
    fn widths_of_floats_are_round_and_end_somewhere() {
        let floats =
            |least, greatest, count| shown(FieldType::Float, &Value::Float(least), &Value::Float(greatest), count);
        assert_eq!(floats(0.05, 0.45, 5), "0.0 0.1 0.2 0.3 0.4 0.5");
        assert_eq!(floats(-0.3, 0.7, 11), "-0.3 -0.2 -0.1 0.0 0.1 0.2 0.3 0.4 0.5 0.6 0.7 0.8");
        assert_eq!(floats(0.37, 0.37, 5), "0.0 1.0");
        for (least, greatest) in [
            (f64::MIN, f64::MAX),
            (f64::MAX, f64::MAX),
            (0.0, 5e-324),
            (5e-324, 5e-324),
            (1e300, 1e300),
            (-1e15, -1e15 + 0.125),
            (1.0, 1.0f64.next_up()),
            (0.1, f64::MAX),
            (-f64::MIN_POSITIVE, 3.0),
        ] {
            for count in [1, 2, 7, 1_000] {
                let (least, greatest) = (float_to_key(least), float_to_key(greatest));
                let bounds = readable(FieldType::Float, least, greatest, count);
                assert!((2..=count + 1).contains(&bounds.len()), "{bounds:?}");
                assert!(
                    bounds[0].is_none_or(|key| key <= least)
                        && bounds.last().is_some_and(|key| key.is_none_or(|key| key > greatest))
                );
                assert!(bounds.windows(2).all(|pair| pair[0].zip(pair[1]).is_none_or(|(left, right)| left < right)));
            }
        }
    }

    #[test]
    fn widths_of_times_are_units_of_the_calendar() {
        let times = |least, greatest, count| {
            let time = |text| Value::Time(Timestamp::parse(text).expect("a time"));
            shown(FieldType::Time, &time(least), &time(greatest), count)
        };
        let hours = "2018-01-01T09:00:00Z 2018-01-01T10:00:00Z 2018-01-01T11:00:00Z";
        assert_eq!(times("2018-01-01T09:59:59Z", "2018-01-01T10:00:00Z", 5), hours);
        let last = "9999-12-01T00:00:00Z open";
        assert_eq!(times("9999-12-05T00:00:00Z", "9999-12-30T00:00:00Z", 1), last);
        let dates = |least, greatest, count| {
            let date = |text| Value::Date(Date::parse(text).expect("a date"));
            shown(FieldType::Date, &date(least), &date(greatest), count)
        };
        assert_eq!(dates("1969-12-31", "1970-01-01", 2), "1969-12-31 1970-01-01 1970-01-02");
        assert_eq!(dates("2018-01-01", "2018-01-14", 3), "2018-01-01 2018-01-08 2018-01-15");
        assert_eq!(dates("2017-11-30", "2018-01-01", 5), "2017-11-01 2017-12-01 2018-01-01 2018-02-01");
        assert_eq!(dates("2017-11-30", "2018-04-01", 3), "2017-10-01 2018-01-01 2018-04-01 2018-07-01");
        assert_eq!(dates("1968-12-31", "1970-06-01", 3), "1968-01-01 1969-01-01 1970-01-01 1971-01-01");
        assert_eq!(dates("1968-12-31", "1995-06-01", 4), "1960-01-01 1970-01-01 1980-01-01 1990-01-01 2000-01-01");
    }
}
