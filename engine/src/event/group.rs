//! 64 packed numbers at a time: a group begins with a byte, whatever its width, so that where each of its numbers lies is
//! known when the engine is built.

use super::packed::Packed;

/// Numbers of a group.
pub(super) const GROUP: usize = 64;

/// Numbers of a group, as steps above the least.
pub(super) type Steps = [u16; GROUP];

/// Reads the group with which some bytes begin; none where these are too few.
fn unpack<const BITS: usize>(bytes: &[u8]) -> Option<Steps> {
    // A number lies within the four bytes from the one with which it begins.
    let bytes = bytes.get(..GROUP / 8 * BITS + 4)?;
    let mut steps = [0; GROUP];
    for (index, steps) in steps.iter_mut().enumerate() {
        let (at, shift) = (index * BITS / 8, index * BITS % 8);
        let word = bytes[at..].first_chunk().map_or(0, |word| u32::from_le_bytes(*word));
        // At most 16 bits are left.
        *steps = (word >> shift & ((1 << BITS) - 1)) as u16;
    }
    Some(steps)
}

macro_rules! unpack_any {
    ($bits:expr, $bytes:expr, $($known:literal)*) => {
        match $bits {
            0 => Some([0; GROUP]),
            $($known => unpack::<$known>($bytes),)*
            _ => None,
        }
    };
}

impl Packed {
    /// The steps of a whole group; none where it is not whole, or its numbers have more than 16 bits.
    #[inline]
    pub(super) fn group(&self, group: usize) -> Option<Steps> {
        if (group + 1) * GROUP > self.len() {
            return None;
        }
        let bytes = self.payload().get(group * (GROUP / 8) * self.bits() as usize..)?;
        unpack_any!(self.bits(), bytes, 1 2 3 4 5 6 7 8 9 10 11 12 13 14 15 16)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn groups_are_what_each_number_is() {
        for bits in 0..=18_u32 {
            for len in [0, 1, 63, 64, 65, 200, 256] {
                let most = (1_i64 << bits) - 1;
                let numbers: Vec<i64> = (0..len).map(|at| if at == 0 { most } else { (at * 7_919) & most }).collect();
                let packed = Packed::new(&numbers);
                for group in 0..5 {
                    let from = group * GROUP;
                    let whole = (from + GROUP <= packed.len() && packed.bits() <= 16)
                        .then(|| (from..from + GROUP).map(|at| packed.steps(at) as u16).collect::<Vec<_>>());
                    assert_eq!(packed.group(group).map(|steps| steps.to_vec()), whole, "{bits} bits, {len}, {group}");
                }
            }
        }
    }
}
