//! Sorting by small whole numbers, digit by digit from the last: equal ones stay as they came.

/// Bits of a digit: its counts stay in the first-level cache.
const BITS: u32 = 11;

/// Items below which comparing is faster than counting.
const ITEMS_MIN: usize = 256;

/// Sorts by a key that is at most `greatest`. Of few items, and of keys with many digits, equal ones are put in order
/// of the items themselves; so these must ascend already.
pub(crate) fn sort_by_key<T: Copy + Default + Ord>(
    items: &mut Vec<T>,
    scratch: &mut Vec<T>,
    greatest: u64,
    key: impl Fn(&T) -> u64,
) {
    if items.len() < ITEMS_MIN || greatest >> (4 * BITS) > 0 {
        items.sort_unstable_by_key(|item| (key(item), *item));
        return;
    }
    scratch.resize(items.len(), T::default());
    let mut shift = 0;
    while greatest >> shift > 0 {
        let digit = |item: &T| (key(item) >> shift & ((1 << BITS) - 1)) as usize;
        let mut places = [0u32; 1 << BITS];
        items.iter().for_each(|item| places[digit(item)] += 1);
        let mut start = 0;
        for place in &mut places {
            start += std::mem::replace(place, start);
        }
        for item in items.iter() {
            let place = &mut places[digit(item)];
            scratch[*place as usize] = *item;
            *place += 1;
        }
        std::mem::swap(items, scratch);
        shift += BITS;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn pairs_are_sorted_by_key_then_offset() {
        for (count, spread) in
            [(0, 1), (10, 3), (5_000, 7), (65_536, 1), (65_536, 1_000_003), (65_536, u64::MAX / 70_000)]
        {
            let mut pairs: Vec<(u64, u16)> = (0..count).map(|i| (i * 48_271 % 65_537 * spread / 3, i as u16)).collect();
            let mut expected = pairs.clone();
            expected.sort();
            let greatest = pairs.iter().map(|pair| pair.0).max().unwrap_or(0);
            sort_by_key(&mut pairs, &mut Vec::new(), greatest, |pair| pair.0);
            assert!(pairs == expected, "{count} {spread}");
        }
    }
}
