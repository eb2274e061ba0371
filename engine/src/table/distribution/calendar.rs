//! Months of the proleptic Gregorian calendar, of days counted from 1970-01-01, as far away as keys go.
//!
//! Years are counted from March, so that the leap day is a year's last. Arithmetic after Howard Hinnant,
//! "chrono-Compatible Low-Level Date Algorithms" (2013).

/// Days in 400 years, after which the calendar repeats.
const ERA_DAYS: i128 = 146_097;

/// Days from 0000-03-01 to 1970-01-01.
const EPOCH_DAYS: i128 = 719_468;

/// The month of a day, counted from January of year 0.
pub(super) fn month_of(day: i128) -> i128 {
    let day = day + EPOCH_DAYS;
    let (era, day) = (day.div_euclid(ERA_DAYS), day.rem_euclid(ERA_DAYS));
    let year = (day - day / 1_460 + day / 36_524 - day / 146_096) / 365;
    let day_of_year = day - (365 * year + year / 4 - year / 100);
    let month = (5 * day_of_year + 2) / 153;
    // March is month 2 from January on.
    12 * (400 * era + year) + month + 2
}

/// The first day of a month.
pub(super) fn first_day(month: i128) -> i128 {
    let from_march = month - 2;
    let (year, month) = (from_march.div_euclid(12), from_march.rem_euclid(12));
    let (era, year) = (year.div_euclid(400), year.rem_euclid(400));
    let day_of_year = (153 * month + 2) / 5;
    era * ERA_DAYS + 365 * year + year / 4 - year / 100 + day_of_year - EPOCH_DAYS
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn months_are_those_of_the_calendar() {
        let epoch = jiff::civil::date(1970, 1, 1);
        for day in (-800_000i64..800_000).chain([-4_371_222, 2_932_896]) {
            let Ok(date) = epoch.checked_add(jiff::Span::new().days(day)) else { continue };
            let month = 12 * i128::from(date.year()) + i128::from(date.month()) - 1;
            let first = i128::from(day) - i128::from(date.day()) + 1;
            assert_eq!(month_of(day.into()), month, "{date}");
            assert_eq!(first_day(month), first, "{date}");
        }
        let far = i128::from(i64::MAX);
        assert!(first_day(month_of(far)) <= far && far < first_day(month_of(far) + 1));
        assert!(first_day(month_of(-far)) <= -far && -far < first_day(month_of(-far) + 1));
    }
}
