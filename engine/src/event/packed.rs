//! Numbers in as few bytes as their spread asks for.

use crate::error::{Error, Result};
use crate::shared::Shared;

/// Bytes behind the last number, so that every number is read as eight bytes.
const PADDING: usize = 8;

/// Many `i64`: the least of them, the step between them, and of each how many steps it is above the least, in 0 to 8
/// bytes.
#[derive(Debug, Clone)]
pub struct Packed {
    least: i64,
    step: u64,
    width: usize,
    len: usize,
    bytes: Shared<u8>,
}

impl Packed {
    /// Numbers, packed.
    pub fn new(numbers: &[i64]) -> Self {
        let (Some(&least), Some(&most)) = (numbers.iter().min(), numbers.iter().max()) else {
            return Self { least: 0, step: 1, width: 0, len: 0, bytes: Shared::from(vec![0; PADDING]) };
        };
        let above = |number: i64| number.wrapping_sub(least).cast_unsigned();
        let step = numbers.iter().fold(0, |step, number| shared_step(step, above(*number))).max(1);
        let width = (64 - (above(most) / step).leading_zeros()).div_ceil(8) as usize;
        let mut bytes = vec![0; numbers.len() * width + PADDING];
        for (index, number) in numbers.iter().enumerate() {
            let steps = if step == 1 { above(*number) } else { above(*number) / step };
            // What is beyond the width is zero, and so is all that follows: the next number writes over it.
            bytes[index * width..index * width + 8].copy_from_slice(&steps.to_le_bytes());
        }
        Self { least, step, width, len: numbers.len(), bytes: bytes.into() }
    }

    /// How many there are.
    pub fn len(&self) -> usize {
        self.len
    }

    /// Whether there are none.
    pub fn is_empty(&self) -> bool {
        self.len == 0
    }

    /// One of them.
    ///
    /// # Panics
    /// Beyond the end.
    #[inline]
    pub fn get(&self, index: usize) -> i64 {
        self.least.wrapping_add(self.step.wrapping_mul(self.steps(index)).cast_signed())
    }

    /// How many are at most `bound`, where they ascend.
    pub(super) fn count_at_most(&self, bound: i64) -> usize {
        let (mut from, mut to) = (0, self.len);
        while from < to {
            let middle = usize::midpoint(from, to);
            if self.get(middle) <= bound { from = middle + 1 } else { to = middle }
        }
        from
    }

    #[inline]
    fn steps(&self, index: usize) -> u64 {
        let at = index * self.width;
        let word = self.bytes[at..].first_chunk().map_or(0, |word| u64::from_le_bytes(*word));
        word & self.mask()
    }

    #[inline]
    fn mask(&self) -> u64 {
        if self.width == 8 { u64::MAX } else { (1 << (8 * self.width)) - 1 }
    }

    /// Heap bytes.
    pub fn bytes(&self) -> usize {
        self.bytes.len()
    }

    /// What describes the bytes of [`Self::payload`], as [`Self::read`] takes it.
    pub fn head(&self) -> [u64; 4] {
        [self.least.cast_unsigned(), self.step, self.width as u64, self.len as u64]
    }

    /// The numbers as bytes.
    pub fn payload(&self) -> &[u8] {
        &self.bytes
    }

    /// Numbers that were written as head and payload; takes the payload from the front of `bytes`.
    ///
    /// # Errors
    /// `Corrupt` when the bytes are too few.
    pub fn read(head: [u64; 4], bytes: &mut &'static [u8]) -> Result<Self> {
        let corrupt = || Error::Corrupt("numbers of events do not fit their bytes".into());
        let [least, step, width @ 0..=8, len] = head else { return Err(corrupt()) };
        let [width, len] = [width, len].map(|number| usize::try_from(number).unwrap_or(usize::MAX));
        let length = len.checked_mul(width).and_then(|length| length.checked_add(PADDING)).ok_or_else(corrupt)?;
        let (payload, rest) = bytes.split_at_checked(length).ok_or_else(corrupt)?;
        if u32::try_from(length).is_err() {
            return Err(corrupt());
        }
        *bytes = rest;
        Ok(Self { least: least.cast_signed(), step, width, len, bytes: Shared::lasting(payload) })
    }
}

/// The greatest number that divides both.
fn shared_step(step: u64, number: u64) -> u64 {
    if step == 1 || step != 0 && number.is_multiple_of(step) {
        return step;
    }
    let (mut left, mut right) = (step, number);
    while right != 0 {
        (left, right) = (right, left % right);
    }
    left
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn as_few_bytes_as_the_spread_asks_for() {
        for (numbers, width) in [
            (&[][..], 0),
            (&[5, 5, 5], 0),
            (&[-3, 252], 0),
            (&[1_000_000, 256_000_000, 3_000_000], 1),
            (&[0, 256, 1], 2),
            (&[0, 1, 1 << 16], 3),
            (&[0, 1, 1 << 55], 7),
            (&[i64::MIN, i64::MAX, 0], 8),
        ] {
            let packed = Packed::new(numbers);
            assert!(packed.width <= width.max(1), "{numbers:?}: {}", packed.width);
            assert!((0..packed.len()).map(|index| packed.get(index)).eq(numbers.iter().copied()), "{numbers:?}");
        }
        assert_eq!([Packed::new(&[7, 7]).width, Packed::new(&[0, 255]).width], [0, 1]);
    }

    proptest! {
        #[test]
        fn numbers_come_back(numbers in prop::collection::vec(any::<i64>(), 0..20), shift in 0..63u32, step in 1..9i64) {
            let numbers: Vec<i64> = numbers.iter().map(|number| (number >> shift).wrapping_mul(step)).collect();
            let packed = Packed::new(&numbers);
            prop_assert!((0..packed.len()).map(|index| packed.get(index)).eq(numbers.iter().copied()));
            let payload: &'static [u8] = Box::leak(packed.payload().to_vec().into_boxed_slice());
            let mut rest = payload;
            let read = Packed::read(packed.head(), &mut rest).expect("as written");
            prop_assert!(rest.is_empty() && (0..read.len()).map(|index| read.get(index)).eq(numbers));
            prop_assert!(Packed::read(packed.head(), &mut &payload[..payload.len() - 1]).is_err());
        }
    }
}
