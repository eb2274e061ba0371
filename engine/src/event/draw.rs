//! Numbers for tests that look random and are the same each time.

/// Knuth's linear congruential generator for 64 bits.
pub(super) struct Draw(pub(super) u64);

impl Draw {
    /// One below a bound.
    pub(super) fn below(&mut self, bound: u64) -> u64 {
        self.0 = self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        (self.0 >> 33) % bound
    }
}
