//! Drawing a place in a list, the first places more often than the last.

use super::Random;
use super::curve::{exp, ln};

/// A cumulative table of weights, searched by halves.
#[derive(Debug, Clone)]
pub struct Ranked(Vec<f64>);

impl Ranked {
    /// Zipf's law over `count` places: the weight of place k (from 1) is k to the power of `-exponent`.
    pub fn zipf(count: usize, exponent: f64) -> Self {
        Self::weighted((1..=count).map(|place| exp(-exponent * ln(place as f64))))
    }

    /// One place per weight; weights need not add up to anything.
    pub fn weighted(weights: impl IntoIterator<Item = f64>) -> Self {
        let mut sum = 0.0;
        let sums = weights.into_iter().map(|weight| {
            sum += weight;
            sum
        });
        let mut table: Vec<f64> = sums.collect();
        table.iter_mut().for_each(|entry| *entry /= sum);
        Self(table)
    }

    /// A place in the list, counted from 0.
    #[inline]
    pub fn draw(&self, random: &mut Random) -> usize {
        let drawn = random.unit();
        self.0.partition_point(|&end| end <= drawn).min(self.0.len() - 1)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn places_come_by_their_weight() {
        let ranked = Ranked::weighted([3.0, 0.0, 1.0]);
        let mut random = Random::new(1, 1);
        let mut counts = [0; 3];
        (0..40_000).for_each(|_| counts[ranked.draw(&mut random)] += 1);
        assert!((29_500..30_500).contains(&counts[0]), "{counts:?}");
        assert_eq!(counts[1], 0);

        let zipf = Ranked::zipf(100, 1.0);
        let mut counts = [0; 100];
        (0..100_000).for_each(|_| counts[zipf.draw(&mut random)] += 1);
        assert!(counts[0] > 8 * counts[9] && counts[9] > counts[90], "{counts:?}");
    }
}
