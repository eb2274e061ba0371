//! A seeded random number generator and the distributions drawn from it.
//!
//! The generator is xoshiro256** 1.0 by David Blackman and Sebastiano Vigna (2018), seeded by splitmix64 by Sebastiano
//! Vigna (2015), both in the public domain at <https://prng.di.unimi.it>. Every distribution uses only operations
//! that IEEE 754 defines to the last bit, so a seed gives the same values on every machine.
//!
//! Good for test data; not for secrets.

use super::curve::ln;

/// The generator: 256 bits of state.
#[derive(Debug, Clone)]
pub struct Random([u64; 4]);

impl Random {
    /// The stream with number `stream` of `seed`. Streams are independent of each other.
    pub fn new(seed: u64, stream: u64) -> Self {
        // Mixing the seed before the stream is added keeps (1, 2) and (2, 1) apart.
        let mut state = splitmix64(&mut { seed }).wrapping_add(splitmix64(&mut stream.wrapping_mul(3).wrapping_add(1)));
        Self(std::array::from_fn(|_| splitmix64(&mut state)))
    }

    /// 64 random bits.
    #[inline]
    pub fn bits(&mut self) -> u64 {
        let state = &mut self.0;
        let result = state[1].wrapping_mul(5).rotate_left(7).wrapping_mul(9);
        let shifted = state[1] << 17;
        state[2] ^= state[0];
        state[3] ^= state[1];
        state[1] ^= state[2];
        state[0] ^= state[3];
        state[2] ^= shifted;
        state[3] = state[3].rotate_left(45);
        result
    }

    /// A number in [0, 1), a multiple of 2^-53.
    #[inline]
    pub fn unit(&mut self) -> f64 {
        (self.bits() >> 11) as f64 * (1.0 / (1_u64 << 53) as f64)
    }

    /// A whole number in [0, end); 0 when `end` is 0. The bias is below 2^-64 times `end`.
    #[inline]
    pub fn below(&mut self, end: u64) -> u64 {
        ((u128::from(self.bits()) * u128::from(end)) >> 64) as u64
    }

    /// True with the given probability.
    #[inline]
    pub fn chance(&mut self, probability: f64) -> bool {
        self.unit() < probability
    }

    /// The standard normal distribution, by Marsaglia's polar method.
    #[inline]
    pub fn normal(&mut self) -> f64 {
        loop {
            let (x, y) = (2.0 * self.unit() - 1.0, 2.0 * self.unit() - 1.0);
            let square = x * x + y * y;
            if square > 0.0 && square < 1.0 {
                return x * (-2.0 * ln(square) / square).sqrt();
            }
        }
    }

    /// The exponential distribution with mean 1.
    #[inline]
    pub fn exponential(&mut self) -> f64 {
        -ln(1.0 - self.unit())
    }
}

/// splitmix64: moves `state` on and returns its next output.
fn splitmix64(state: &mut u64) -> u64 {
    *state = state.wrapping_add(0x9E37_79B9_7F4A_7C15);
    let mut mixed = *state;
    mixed = (mixed ^ (mixed >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
    mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
    mixed ^ (mixed >> 31)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_generators_give_their_published_outputs() {
        // splitmix64 from seed 1234567, and xoshiro256** from the state 1, 2, 3, 4.
        let mut state = 1_234_567;
        assert_eq!(splitmix64(&mut state), 6_457_827_717_110_365_317);
        assert_eq!(splitmix64(&mut state), 3_203_168_211_198_807_973);
        let mut random = Random([1, 2, 3, 4]);
        assert_eq!([random.bits(), random.bits(), random.bits()], [11_520, 0, 1_509_978_240]);
    }

    #[test]
    fn streams_differ_and_repeat() {
        let first = |seed, stream| Random::new(seed, stream).bits();
        assert_eq!(first(1, 2), first(1, 2));
        assert_ne!(first(1, 2), first(2, 1));
        assert_ne!(first(1, 2), first(1, 3));
    }

    #[test]
    fn distributions_have_their_mean_and_spread() {
        let mut random = Random::new(7, 0);
        let mean = |draw: &mut dyn FnMut() -> f64| (0..100_000).map(|_| draw()).sum::<f64>() / 100_000.0;
        assert!(mean(&mut || random.normal()).abs() < 0.02);
        assert!((mean(&mut || random.normal().powi(2)) - 1.0).abs() < 0.03);
        assert!((mean(&mut || random.exponential()) - 1.0).abs() < 0.02);
        assert!((mean(&mut || random.below(10) as f64) - 4.5).abs() < 0.05);
        assert_eq!(random.below(0), 0);
    }
}
