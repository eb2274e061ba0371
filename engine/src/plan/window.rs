//! Day windows as ranges of keys.

use crate::rule::WindowSide;
use crate::schema::FieldType;
use crate::time::{DAY_US, Timestamp};

/// Least and greatest key inside a window of `days` times 86,400 seconds around `now`, both included; least above
/// greatest when nothing is. A date counts as its midnight in UTC.
pub fn window_keys(kind: FieldType, side: WindowSide, days: i64, now: Timestamp) -> (i64, i64) {
    let (first, last) = match side {
        WindowSide::Within => (now.plus_days(-days).0, now.0),
        WindowSide::Before => (i64::MIN, now.plus_days(-days).0.saturating_sub(1)),
        WindowSide::Next => (now.0.saturating_add(1), now.plus_days(days).0),
    };
    if kind != FieldType::Date {
        return (first, last);
    }
    // The first midnight not before `first`, and the last not after `last`.
    let up = first.div_euclid(DAY_US) + i64::from(first.rem_euclid(DAY_US) > 0);
    (up, last.div_euclid(DAY_US))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn windows_meet_without_gap_or_overlap() {
        let now = Timestamp::parse("2018-01-01T00:00:00Z").expect("a time");
        for kind in [FieldType::Time, FieldType::Date] {
            for now in [now, Timestamp(now.0 + 1), Timestamp(now.0 - 1), Timestamp(-1)] {
                let before = window_keys(kind, WindowSide::Before, 30, now);
                let within = window_keys(kind, WindowSide::Within, 30, now);
                let next = window_keys(kind, WindowSide::Next, 7, now);
                assert_eq!(before.1 + 1, within.0, "{kind} {now}");
                assert_eq!(within.1 + 1, next.0, "{kind} {now}");
            }
        }
        assert_eq!(window_keys(FieldType::Date, WindowSide::Within, 1, now), (17_531, 17_532));
        assert_eq!(window_keys(FieldType::Date, WindowSide::Within, 1, Timestamp(now.0 + 1)), (17_532, 17_532));
    }
}
