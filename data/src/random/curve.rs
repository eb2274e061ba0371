//! `ln` and `exp` made of additions, multiplications and divisions.
//!
//! The standard library's versions may differ in the last bit from one system to the next, and one bit is enough to
//! turn a seed into another population. These are the same everywhere, and exact to about 12 digits, which is plenty.

use std::f64::consts::{LN_2, SQRT_2};

/// The natural logarithm of a positive, normal number.
#[inline]
pub fn ln(x: f64) -> f64 {
    debug_assert!(x.is_normal() && x > 0.0, "ln of {x}");
    let bits = x.to_bits();
    let mut exponent = (bits >> 52) as i64 - 1_023;
    let mut mantissa = f64::from_bits((bits & ((1 << 52) - 1)) | (1_023 << 52));
    if mantissa > SQRT_2 {
        mantissa /= 2.0;
        exponent += 1;
    }
    // ln m = 2 artanh((m - 1) / (m + 1)), a series that converges fast near 1.
    let t = (mantissa - 1.0) / (mantissa + 1.0);
    let t2 = t * t;
    let mut sum = 0.0;
    for odd in [15.0, 13.0, 11.0, 9.0, 7.0, 5.0, 3.0, 1.0] {
        sum = sum * t2 + 1.0 / odd;
    }
    exponent as f64 * LN_2 + 2.0 * t * sum
}

/// e to the power of `x`; beyond ±700 it stays at the value there.
#[inline]
pub fn exp(x: f64) -> f64 {
    let x = x.clamp(-700.0, 700.0);
    let exponent = (x / LN_2).round();
    let rest = x - exponent * LN_2;
    let mut sum = 1.0;
    for n in [12.0, 11.0, 10.0, 9.0, 8.0, 7.0, 6.0, 5.0, 4.0, 3.0, 2.0, 1.0] {
        sum = 1.0 + sum * rest / n;
    }
    // |exponent| <= 1,010, so the power of two is a normal number.
    sum * f64::from_bits(((exponent as i64 + 1_023) as u64) << 52)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn they_agree_with_the_standard_library() {
        for step in -600..600 {
            let x = f64::from(step) / 7.0;
            assert!((exp(x) / x.exp() - 1.0).abs() < 1e-12, "exp {x}");
            assert!((ln(x.exp()) - x).abs() < 1e-11, "ln of e^{x}");
        }
        assert!(exp(1e9).is_finite() && exp(-1e9) > 0.0);
    }
}
