//! What a formula makes of the fields of a row.

use super::aggregate::{clamped, power, rounded};
use super::definition::{Formula, Input, ScorePart};
use crate::id::FieldId;
use crate::time::{DAY_US, Timestamp};

/// Parts of a point that a part of a score is cut off to: far below what rounding to whole points could show.
const POINT: i128 = 1_000_000;

impl Formula {
    /// The key of the value, from the keys of other fields of the row.
    pub fn key(&self, key: impl Fn(FieldId) -> Option<i64>, instant: Timestamp) -> Option<i64> {
        let get = |input: &Input| key(input.field);
        match self {
            Self::Ratio { of, over, times, scale } => {
                let (above, below) = (get(of)?, get(over)?);
                if below == 0 {
                    return None;
                }
                // Scales are 18 at most, so either side stays within 128 bits or is beyond what an i64 could say.
                let above = i128::from(above).saturating_mul(i128::from(*times)).saturating_mul(power(*scale));
                let (above, below) = (above.saturating_mul(power(over.scale)), i128::from(below) * power(of.scale));
                Some(clamped(rounded(above.clamp(-LARGEST, LARGEST), below)))
            }
            Self::DaysSince { of } => Some((instant.0.saturating_sub(get(of)?) / DAY_US).max(0)),
            Self::Score(parts) => {
                let total: i128 = parts.iter().map(|part| points(part, get(&part.of))).sum();
                Some(clamped(rounded(total, POINT)))
            }
            Self::Bands { of, bands, borders, falling } => {
                let key = get(of)?;
                let reached = borders.as_ref()?.iter().filter(|border| **border <= key).count();
                Some(if *falling { bands - reached } else { 1 + reached } as i64)
            }
            Self::Sum { terms, scale } => {
                let mut total = 0i128;
                for (of, times) in terms {
                    let more = power(scale.saturating_sub(of.scale));
                    let term = i128::from(get(of)?).saturating_mul(i128::from(*times)).saturating_mul(more);
                    total = total.saturating_add(term);
                }
                Some(clamped(total))
            }
        }
    }
}

/// Half of what 128 bits hold, so that rounding does not pass it.
const LARGEST: i128 = i128::MAX / 4;

fn points(part: &ScorePart, value: Option<i64>) -> i128 {
    let weight = i128::from(part.weight) * POINT;
    let Some(value) = value else { return if part.full_if_missing { weight } else { 0 } };
    let (full, value) = (i128::from(part.full_at), i128::from(value.clamp(0, part.full_at)));
    weight * if part.falling { full - value } else { value } / full
}

#[cfg(test)]
mod tests {
    use super::*;

    fn input(field: u16, scale: u8) -> Input {
        Input { field: FieldId(field), scale }
    }

    fn key(formula: &Formula, keys: &[Option<i64>]) -> Option<i64> {
        formula.key(|field| keys[field.index()], Timestamp(10 * DAY_US))
    }

    #[test]
    fn ratios_round_half_away_from_zero_and_need_a_divisor() {
        let average = Formula::Ratio { of: input(0, 2), over: input(1, 0), times: 1, scale: 2 };
        for (total, count, wanted) in [
            (1001, 2, Some(501)),
            (-1001, 2, Some(-501)),
            (1000, 3, Some(333)),
            (5, 0, None),
            (i64::MAX, 1, Some(i64::MAX)),
        ] {
            assert_eq!(key(&average, &[Some(total), Some(count)]), wanted, "{total} / {count}");
        }
        assert_eq!(key(&average, &[None, Some(1)]), None);
        let rate = Formula::Ratio { of: input(0, 0), over: input(1, 0), times: 100, scale: 2 };
        assert_eq!(key(&rate, &[Some(1), Some(3)]), Some(3333));
        let extreme = Formula::Ratio { of: input(0, 0), over: input(1, 18), times: i64::MAX, scale: 18 };
        assert_eq!(key(&extreme, &[Some(i64::MAX), Some(1)]), Some(i64::MAX));
    }

    #[test]
    fn scores_bands_and_days_end_at_their_edges() {
        let part =
            |falling, full_if_missing| ScorePart { of: input(0, 0), weight: 50, full_at: 30, falling, full_if_missing };
        let score = |value: Option<i64>, falling| key(&Formula::Score(vec![part(falling, falling)]), &[value]);
        let rising: Vec<_> = [Some(-5), Some(0), Some(15), Some(30), Some(99), None].map(|v| score(v, false)).into();
        assert_eq!(rising, [Some(0), Some(0), Some(25), Some(50), Some(50), Some(0)]);
        assert_eq!([Some(0), Some(31), None].map(|v| score(v, true)), [Some(50), Some(0), Some(50)]);
        let bands = |falling| Formula::Bands { of: input(0, 0), bands: 3, borders: Some(vec![10, 20]), falling };
        assert_eq!([9, 10, 19, 20].map(|v| key(&bands(false), &[Some(v)])), [Some(1), Some(2), Some(2), Some(3)]);
        assert_eq!([9, 10, 20].map(|v| key(&bands(true), &[Some(v)])), [Some(3), Some(2), Some(1)]);
        let days = Formula::DaysSince { of: input(0, 0) };
        let at = |micros| key(&days, &[Some(micros)]);
        assert_eq!(
            [at(DAY_US), at(DAY_US + 1), at(11 * DAY_US), at(i64::MIN)],
            [Some(9), Some(8), Some(0), Some((i64::MAX) / DAY_US)]
        );
    }
}
