//! Small damage to good inputs, chosen by a seed.

use crate::rng::Rng;

/// Bytes that readers treat specially: ends of numbers, and the marks of texts.
const BYTES: [u8; 24] = *b"\0\x01\x7f\x80\xff\n\r\t ,;\"'{}[]()\\:-.9";

/// Pieces that readers treat specially.
const PIECES: [&[u8]; 14] = [
    b"null",
    b"\"\"",
    b"\r\n",
    b"1e999",
    b"-0.0",
    b"9223372036854775808",
    b"not ",
    b" and (",
    b"\xef\xbb\xbf",
    b"\xed\xa0\x80",
    b"\\u0000",
    &[0xff; 4],
    &[0xff; 8],
    &[0; 16],
];

/// Changes at most this many places of an input.
const CHANGES_MAX: usize = 4;

/// Makes bad inputs out of good ones.
#[derive(Debug)]
pub struct Mutator<'s> {
    rng: Rng,
    seeds: &'s [Vec<u8>],
}

impl<'s> Mutator<'s> {
    /// The mutations that belong to `seed`.
    pub fn new(seed: u64, seeds: &'s [Vec<u8>]) -> Self {
        Self { rng: Rng::new(seed), seeds }
    }

    /// The next bad input.
    ///
    /// # Panics
    /// When there are no seeds.
    pub fn next_input(&mut self) -> Vec<u8> {
        let mut input = self.rng.pick(self.seeds).clone();
        for _ in 0..=self.rng.below(CHANGES_MAX) {
            self.change(&mut input);
        }
        input
    }

    fn change(&mut self, input: &mut Vec<u8>) {
        let at = self.rng.below(input.len() + 1);
        let end = at + self.rng.below(input.len() - at + 1).min(1 << self.rng.below(8));
        match self.rng.below(8) {
            0 if at < input.len() => input[at] ^= 1 << self.rng.below(8),
            1 if at < input.len() => input[at] = *self.rng.pick(&BYTES),
            2 => drop(input.drain(at..end)),
            3 => drop(input.splice(at..at, input[at..end].to_vec())),
            4 => drop(input.splice(at..at, self.rng.pick(&PIECES).iter().copied())),
            5 => {
                let other = self.rng.pick(self.seeds);
                let from = self.rng.below(other.len() + 1);
                let to = from + self.rng.below(other.len() - from + 1);
                input.splice(at..end, other[from..to].iter().copied());
            }
            6 if end - at >= 4 => input[at..at + 4].copy_from_slice(&(self.rng.bits() as u32).to_le_bytes()),
            7 if self.rng.chance(20) => input.truncate(at),
            _ => input.insert(at, *self.rng.pick(&BYTES)),
        }
    }
}
