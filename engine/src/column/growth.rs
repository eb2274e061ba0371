//! Where a hash belongs in a table whose shards are split one after the other.
//!
//! Shards ascend by hash. There is a power of two of them, of the same share of all hashes each; then each is split in two,
//! from the first to the last, and there is twice that power. So a number of shards says which of them are split, and a
//! table that never was between two powers is one of this kind. Idea: Litwin, "Linear hashing: a new tool for file and
//! table addressing", VLDB 1980; there the second half goes to the end, here it stays beside the first.

use super::shard::print;

/// Where a hash belongs in the table.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Place {
    pub(super) shard: usize,
    pub(super) print: u16,
}

/// Shards of a table of so many before any of them was split.
pub(super) fn whole_shards(shards: usize) -> usize {
    shards.checked_ilog2().map_or(0, |bits| 1 << bits)
}

/// Where the shard lies now, in a table of so many, that was the `number`th before any was split.
pub(super) fn shard_start(number: usize, shards: usize) -> usize {
    number + number.min(shards - whole_shards(shards))
}

/// Where a hash belongs in a table of so many shards.
pub(super) fn place(hash: u32, shards: usize) -> Place {
    let whole = whole_shards(shards);
    let split = shards - whole;
    // The whole part of hash / 2^32 * shards, and the first 16 bits behind the point.
    let point = |shards: usize| u64::from(hash) * shards as u64;
    let is_split = (point(whole) >> 32) < split as u64;
    let point = point(if is_split { 2 * whole } else { whole });
    let shard = (point >> 32) as usize + if is_split { 0 } else { split };
    Place { shard, print: print((point >> 16) as u16) }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_table_of_a_power_of_two_is_what_it_always_was() {
        for (hash, shards, shard, print) in [
            (0, 1, 0, 0),
            (u32::MAX, 1, 0, u16::MAX - 1),
            (0x8000_0000, 1, 0, 0x8000),
            (0x1234_5678, 4, 0, 0x48d1),
            (0xdead_beef, 4_096, 0xdea, 0xdbee),
        ] {
            assert_eq!(place(hash, shards), Place { shard, print }, "{hash:x} of {shards}");
        }
    }

    #[test]
    fn shards_ascend_by_hash_and_are_split_one_after_the_other() {
        // Small numbers of shards, every 2^16th hash and its neighbours.
        let hashes = || (0..=u32::from(u16::MAX)).flat_map(|high| [high << 16, high << 16 | 1, high << 16 | 0xffff]);
        for shards in 1..70 {
            let (whole, split) = (whole_shards(shards), shards - whole_shards(shards));
            let mut used = vec![0u32; shards];
            let mut last = Place { shard: 0, print: 0 };
            for hash in hashes() {
                let here = place(hash, shards);
                assert!((last.shard, last.print) <= (here.shard, here.print), "{hash:x} of {shards}");
                let number = ((u64::from(hash) * whole as u64) >> 32) as usize;
                let before = place(hash, whole);
                if number < split {
                    assert_eq!(here.shard / 2, before.shard, "{hash:x} of {shards}");
                } else {
                    assert_eq!((here.shard, here.print), (before.shard + split, before.print), "{hash:x} of {shards}");
                }
                assert!((shard_start(number, shards)..shard_start(number + 1, shards)).contains(&here.shard));
                used[here.shard] += 1;
                last = here;
            }
            assert_eq!(shard_start(whole, shards), shards);
            assert!(used.iter().all(|count| *count > 0), "{shards}");
        }
    }
}
