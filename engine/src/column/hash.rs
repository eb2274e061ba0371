//! The hash of a text: the same on every machine and in every version, because tables are ordered by it.
//!
//! Words of eight bytes, little-endian, are mixed in one after the other by a multiplication whose two halves are
//! folded together, as wyhash does (Wang Yi, 2019, public domain). There is no seed: the engine has no randomness, and
//! a text that was hashed once is found again forever.

/// Odd numbers with as many ones as zeros in irregular places: the first digits of pi, and of the golden ratio.
const MULTIPLIERS: [u64; 2] = [0x2437_6a88_85a3_08d3 | 1, 0x9e37_79b9_7f4a_7c15];

/// The hash of a text.
pub(crate) fn hash(text: &[u8]) -> u32 {
    let mut state = text.len() as u64 ^ MULTIPLIERS[1];
    let mut rest = text;
    while let Some((word, after)) = rest.split_first_chunk().filter(|(_, after)| !after.is_empty()) {
        state = fold(state ^ u64::from_le_bytes(*word), MULTIPLIERS[0]);
        rest = after;
    }
    state = fold(state ^ last_word(text), MULTIPLIERS[0]);
    // The upper half: a product's middle bits depend on all others.
    (fold(state, MULTIPLIERS[1]) >> 32) as u32
}

/// The last eight bytes of a text; of a shorter one all bytes, some of them twice.
fn last_word(text: &[u8]) -> u64 {
    if let Some(word) = text.last_chunk() {
        return u64::from_le_bytes(*word);
    }
    if let (Some(first), Some(last)) = (text.first_chunk(), text.last_chunk()) {
        return u64::from(u32::from_le_bytes(*first)) | u64::from(u32::from_le_bytes(*last)) << 32;
    }
    text.iter().fold(0, |word, byte| word << 8 | u64::from(*byte))
}

fn fold(left: u64, right: u64) -> u64 {
    let product = u128::from(left) * u128::from(right);
    product as u64 ^ (product >> 64) as u64
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn hashes_are_what_they_always_were() {
        assert_eq!(
            [&b""[..], b"a", b"word", b"c00000001", b"a.rather.longer.text@example.com"].map(hash),
            [527_428_080, 81_509_865, 497_594_991, 532_061_506, 2_484_043_038]
        );
    }

    #[test]
    fn texts_that_differ_little_are_spread_evenly() {
        let texts =
            |i: u32| [format!("c{i:08}"), format!("{i}"), format!("maria.jones{i}@example.com"), format!("{i:040}")];
        for kind in 0..4 {
            let mut counts = vec![0u32; 1 << 12];
            for i in 0..1 << 18 {
                counts[hash(texts(i)[kind].as_bytes()) as usize >> 20] += 1;
            }
            // 64 on average, with a standard deviation of 8.
            let variance: f64 =
                counts.iter().map(|n| (f64::from(*n) - 64.0).powi(2)).sum::<f64>() / counts.len() as f64;
            assert!((50.0..80.0).contains(&variance), "{kind}: {variance}");
        }
    }
}
