//! Numbers in as few bits as their spread asks for.

use std::ops::RangeInclusive;

use crate::error::{Error, Result};
use crate::shared::{Shared, bytes_of};

/// Bytes behind the last number, so that every number is read as eight bytes.
const PADDING: usize = 8;

/// The most bits of a number that does not begin with a byte: it lies within eight bytes wherever it begins.
const LOOSE_BITS_MAX: u32 = 57;

/// What the width of a head is more than the bits, where these are no whole bytes; a lesser one is a number of bytes.
const IN_BITS: u64 = 256;

/// Many `i64`: the least of them, the step between them, and of each how many steps it is above the least, in 0 to 64
/// bits.
#[derive(Debug, Clone)]
pub struct Packed {
    least: i64,
    step: u64,
    bits: u32,
    len: usize,
    bytes: Shared<u8>,
}

impl Packed {
    /// Numbers, packed.
    pub fn new(numbers: &[i64]) -> Self {
        let (Some(&least), Some(&most)) = (numbers.iter().min(), numbers.iter().max()) else {
            return Self { least: 0, step: 1, bits: 0, len: 0, bytes: Shared::from(vec![0; PADDING]) };
        };
        let above = |number: i64| number.wrapping_sub(least).cast_unsigned();
        let step = numbers.iter().fold(Step::default(), |step, number| step.shared_with(above(*number)));
        let step = if step.size == 0 { Step::new(1) } else { step };
        let bits = match 64 - (above(most) / step.size).leading_zeros() {
            bits @ ..=LOOSE_BITS_MAX => bits,
            _ => 64,
        };
        let steps = numbers.iter().map(|number| step.steps_to(above(*number)).unwrap_or(0));
        Self {
            least,
            step: step.size,
            bits,
            len: numbers.len(),
            bytes: side_by_side(steps, numbers.len(), bits).into(),
        }
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

    /// How many bits a number has.
    pub(super) fn bits(&self) -> u32 {
        self.bits
    }

    /// How many steps the numbers from `first` to `last`, both included, are above the least; none when there are none.
    pub(super) fn steps_between(&self, first: i64, last: i64) -> Option<RangeInclusive<u64>> {
        if last < self.least {
            return None;
        }
        let above = |number: i64| number.wrapping_sub(self.least).cast_unsigned();
        let from = if first <= self.least { 0 } else { above(first).div_ceil(self.step) };
        Some(from..=above(last) / self.step)
    }

    /// What `count` numbers add up to that are so many steps above the least together.
    pub(super) fn number_of(&self, steps: u64, count: i64) -> i128 {
        i128::from(self.least) * i128::from(count) + i128::from(self.step) * i128::from(steps)
    }

    /// For each number of steps whether the number is wanted, as bits; none where these are more than there are numbers.
    pub(super) fn truths(&self, is_wanted: impl Fn(i64) -> bool) -> Option<Vec<u64>> {
        let steps = 1_usize.checked_shl(self.bits).filter(|steps| *steps <= self.len)?;
        let mut truths = vec![0; steps.div_ceil(64)];
        for at in 0..steps {
            let number = self.least.wrapping_add(self.step.wrapping_mul(at as u64).cast_signed());
            truths[at / 64] |= u64::from(is_wanted(number)) << (at % 64);
        }
        Some(truths)
    }

    /// How many steps a number is above the least.
    #[inline]
    pub(super) fn steps(&self, index: usize) -> u64 {
        self.word_at(index * self.bits as usize) & self.mask()
    }

    #[inline]
    fn mask(&self) -> u64 {
        if self.bits == 64 { u64::MAX } else { (1 << self.bits) - 1 }
    }

    /// The bits of a number, where they can be copied as they are.
    pub(super) fn copied_bits(&self) -> Option<u32> {
        (self.bits <= LOOSE_BITS_MAX).then_some(self.bits)
    }

    /// Tells how many steps a number is above the least, if it fits among these.
    pub(super) fn fitting(&self) -> impl Fn(i64) -> Option<u64> {
        let (least, most, step) = (self.least, self.mask(), Step::new(self.step));
        move |number| {
            let above = (number >= least).then(|| number.wrapping_sub(least).cast_unsigned())?;
            step.steps_to(above).filter(|steps| *steps <= most)
        }
    }

    /// 57 bits and more of the numbers from one of them on.
    #[inline]
    pub(super) fn word_at(&self, bit: usize) -> u64 {
        let word = self.bytes[bit / 8..].first_chunk().map_or(0, |word| u64::from_le_bytes(*word));
        word >> (bit % 8)
    }

    /// Other numbers, in as many bits above the same.
    pub(super) fn with_words(&self, words: &[u64], len: usize) -> Self {
        let mut bytes = bytes_of(words).to_vec();
        bytes.resize((len * self.bits as usize).div_ceil(8) + PADDING, 0);
        Self { len, bytes: bytes.into(), ..*self }
    }

    /// Heap bytes.
    pub fn bytes(&self) -> usize {
        self.bytes.len()
    }

    /// What describes the bytes of [`Self::payload`], as [`Self::read`] takes it.
    pub fn head(&self) -> [u64; 4] {
        let bits = u64::from(self.bits);
        let width = if bits.is_multiple_of(8) { bits / 8 } else { IN_BITS + bits };
        [self.least.cast_unsigned(), self.step, width, self.len as u64]
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
        let [least, step, width, len] = head;
        let bits = match width {
            0..=8 => 8 * width as u32,
            _ => width.checked_sub(IN_BITS).and_then(|bits| u32::try_from(bits).ok()).ok_or_else(corrupt)?,
        };
        if bits > LOOSE_BITS_MAX && !bits.is_multiple_of(8) || bits > 64 || step == 0 {
            return Err(corrupt());
        }
        let len = usize::try_from(len).unwrap_or(usize::MAX);
        let length = len.checked_mul(bits as usize).map(|bits| bits.div_ceil(8));
        let length = length.and_then(|length| length.checked_add(PADDING)).ok_or_else(corrupt)?;
        let (payload, rest) = bytes.split_at_checked(length).ok_or_else(corrupt)?;
        if u32::try_from(length).is_err() {
            return Err(corrupt());
        }
        *bytes = rest;
        Ok(Self { least: least.cast_signed(), step, bits, len, bytes: Shared::lasting(payload) })
    }
}

/// Numbers of so many bits each, and the padding.
fn side_by_side(numbers: impl Iterator<Item = u64>, len: usize, bits: u32) -> Vec<u8> {
    let mut bytes = vec![0; (len * bits as usize).div_ceil(8) + PADDING];
    let mut words = bytes.chunks_exact_mut(8);
    // Eight bytes are filled before they are written: reading what was just written would wait for it.
    let (mut word, mut filled) = (0, 0);
    let mut write = |word: u64| {
        if let Some(bytes) = words.next() {
            bytes.copy_from_slice(&word.to_le_bytes());
        }
    };
    for number in numbers {
        word |= number.unbounded_shl(filled);
        filled += bits;
        if filled >= u64::BITS {
            write(word);
            filled -= u64::BITS;
            // What of the number found no room.
            word = number.unbounded_shr(bits - filled);
        }
    }
    // The padding has room for a whole word wherever it begins.
    write(word);
    bytes
}

/// A step, and what tells without a division how many steps lead to a number (Granlund and Montgomery, "Division by
/// invariant integers using multiplication", 1994, section 9).
#[derive(Debug, Clone, Copy, Default)]
struct Step {
    size: u64,
    /// The twos among its factors.
    shift: u32,
    /// What the other factors, times this, leave of 2^64: one.
    inverse: u64,
    /// The most steps without the twos.
    most: u64,
}

impl Step {
    fn new(size: u64) -> Self {
        let shift = size.trailing_zeros();
        let odd = size >> shift;
        // Three bits of it are right; each time twice as many are.
        let inverse =
            (0..5).fold(odd, |inverse, _| inverse.wrapping_mul(2_u64.wrapping_sub(odd.wrapping_mul(inverse))));
        Self { size, shift, inverse, most: u64::MAX / odd }
    }

    /// How many steps lead to a number from 0; none when none do.
    #[inline]
    fn steps_to(self, number: u64) -> Option<u64> {
        let steps = (number >> self.shift).wrapping_mul(self.inverse);
        (number & ((1 << self.shift) - 1) == 0 && steps <= self.most).then_some(steps)
    }

    /// The greatest step that leads to another number as well.
    #[inline]
    fn shared_with(self, number: u64) -> Self {
        if self.size == 1 || number == 0 || self.size != 0 && self.steps_to(number).is_some() {
            return self;
        }
        let (mut left, mut right) = (self.size, number);
        while right != 0 {
            (left, right) = (right, left % right);
        }
        Self::new(left)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn as_few_bits_as_the_spread_asks_for() {
        for (numbers, bits) in [
            (&[][..], 0),
            (&[5, 5, 5], 0),
            (&[-3, 252, -2], 8),
            (&[1_000_000, 256_000_000, 3_000_000], 8),
            (&[0, 256, 1], 9),
            (&[0, 1, 1 << 16], 17),
            (&[0, 1, 1 << 56], 57),
            (&[0, 1, 1 << 57], 64),
            (&[i64::MIN, i64::MAX, 0], 64),
            (&[7, 7], 0),
            (&[0, 255], 1),
        ] {
            let packed = Packed::new(numbers);
            assert_eq!(packed.bits, bits, "{numbers:?}");
            assert!((0..packed.len()).map(|index| packed.get(index)).eq(numbers.iter().copied()), "{numbers:?}");
        }
    }

    #[test]
    fn numbers_in_whole_bytes_are_read_as_they_were_written() {
        // Before numbers lay in bits: three steps of two bytes each.
        let payload: &'static [u8] = &[1, 0, 0, 1, 255, 255, 0, 0, 0, 0, 0, 0, 0, 0];
        let read = Packed::read([10, 5, 2, 3], &mut &*payload).expect("as written");
        assert_eq!([0, 1, 2].map(|index| read.get(index)), [15, 10 + 5 * 256, 10 + 5 * 65_535]);
        let zeros: &'static [u8] = &[0; 100];
        for width in [9, 255, IN_BITS + 58, IN_BITS + 65, u64::MAX] {
            assert!(Packed::read([10, 5, width, 1], &mut &*zeros).is_err(), "{width}");
        }
        assert!(Packed::read([10, 0, 1, 1], &mut &*zeros).is_err(), "steps of nothing");
    }

    proptest! {
        #[test]
        fn steps_are_what_dividing_finds(size in any::<u64>(), number in any::<u64>(), shift in 0..64_u32) {
            let (size, number) = ((size >> shift).max(1), number >> (63 - shift));
            for number in [number, number / size * size, size, 0, u64::MAX] {
                let steps = number.is_multiple_of(size).then(|| number / size);
                prop_assert_eq!(Step::new(size).steps_to(number), steps, "{} in steps of {}", number, size);
            }
        }

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
