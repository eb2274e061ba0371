//! In which order a bulk load lays its rows: people who are alike into the same blocks.
//!
//! A block whose rows all have a value, or none of which has it, is answered by the directory alone. So rows are sorted
//! by a few columns, chosen so that knowing a row's block says most about all of its fields: greedily, by the mutual
//! information between blocks and field values in a sample. Column order and what sorting does to bitmaps: Lemire and
//! Kaser, "Reordering columns for smaller indexes", Information Sciences 181 (2011).
//!
//! Rows of an empty table are ordered once, before anybody has seen their numbers; they are never renumbered later.

use rayon::prelude::*;

use super::field::FieldEditor;

/// Rows of a load from which on it is worth it: with few blocks there is little to skip.
pub(super) const CLUSTER_ROWS_MIN: u32 = 4 * 65_536;

/// Rows that are looked at to choose the columns.
const SAMPLE_ROWS: u32 = 16_384;

/// Columns that rows are sorted by, at most.
const KEYS_MAX: usize = 4;

/// Values that a key tells apart, those beyond them falling together: six bits of a sort key.
const BINS: usize = 64;

/// Values that a field is described by when orders are compared.
const COARSE_BINS: usize = 16;

/// Blocks beyond which a sample says too little about each.
const BLOCKS_MAX: usize = 256;

/// Share by which a further key must improve an order.
const GAIN_MIN: f64 = 1.02;

/// A field's values in the sample.
struct Feature {
    field: usize,
    /// A bin for each row of the sample, and what the values were cut at.
    fine: Vec<u8>,
    bins: Bins,
    coarse: Vec<u8>,
}

/// From a value to its bin: bin 0 is missing.
enum Bins {
    /// Of words, the most frequent codes, ascending, each with its bin; all others share the last.
    Codes(Vec<(i64, u8)>),
    /// Of numbers, the least value of each bin but the first.
    Cuts(Vec<i64>),
}

impl Bins {
    /// Frequent values apart where there is no order, quantiles where there is one.
    fn new(values: &[Option<i64>], is_ordered: bool, count: usize) -> Self {
        let mut sorted: Vec<i64> = values.iter().flatten().copied().collect();
        sorted.sort_unstable();
        if is_ordered {
            let cut = |index: usize| sorted.get(sorted.len() * index / (count - 1)).copied();
            let mut cuts: Vec<i64> = (1..count - 1).filter_map(cut).collect();
            cuts.dedup();
            return Self::Cuts(cuts);
        }
        let mut counted: Vec<(usize, i64)> = sorted.chunk_by(i64::eq).map(|same| (same.len(), same[0])).collect();
        counted.sort_unstable_by_key(|(rows, code)| (std::cmp::Reverse(*rows), *code));
        counted.truncate(count - 2);
        // Bins are fewer than 256.
        let mut codes: Vec<(i64, u8)> =
            counted.iter().enumerate().map(|(index, (_, code))| (*code, index as u8 + 1)).collect();
        codes.sort_unstable();
        Self::Codes(codes)
    }

    fn bin(&self, value: Option<i64>) -> u8 {
        let Some(value) = value else { return 0 };
        match self {
            Self::Codes(codes) => match codes.binary_search_by_key(&value, |(code, _)| *code) {
                Ok(index) => codes[index].1,
                Err(_) => codes.len() as u8 + 1,
            },
            Self::Cuts(cuts) => 1 + cuts.partition_point(|cut| *cut <= value) as u8,
        }
    }
}

/// The old row of each new row, when another order than that of arrival is better.
pub(super) fn order(fields: &[FieldEditor], rows: u32) -> Option<Vec<u32>> {
    if rows < CLUSTER_ROWS_MIN {
        return None;
    }
    let step = rows.div_ceil(SAMPLE_ROWS);
    let sample: Vec<u32> = (0..rows).step_by(step as usize).collect();
    let features: Vec<Feature> =
        fields.par_iter().enumerate().filter_map(|(index, field)| feature(index, field, &sample)).collect();
    let blocks = (rows as usize).div_ceil(65_536).min(BLOCKS_MAX);
    let keys = choose(&features, blocks);
    if keys.is_empty() {
        return None;
    }
    let key_of = |row: u32| {
        let bin = |key: &&Feature| u64::from(key.bins.bin(fields[key.field].key(row)));
        keys.iter().map(bin).fold(0, |key, bin| key << 6 | bin) << 32 | u64::from(row)
    };
    let mut sorted: Vec<u64> = (0..rows).into_par_iter().map(key_of).collect();
    sorted.par_sort_unstable();
    // The low half is the row.
    Some(sorted.into_par_iter().map(|key| key as u32).collect())
}

fn feature(index: usize, field: &FieldEditor, sample: &[u32]) -> Option<Feature> {
    let is_ordered = field.has_ordered_keys()?;
    let values: Vec<Option<i64>> = sample.iter().map(|row| field.key(*row)).collect();
    let bins = Bins::new(&values, is_ordered, BINS);
    let coarse = Bins::new(&values, is_ordered, COARSE_BINS);
    let fine = values.iter().map(|value| bins.bin(*value)).collect();
    Some(Feature { field: index, fine, bins, coarse: values.iter().map(|value| coarse.bin(*value)).collect() })
}

/// The columns to sort by, the first being the most important.
fn choose(features: &[Feature], blocks: usize) -> Vec<&Feature> {
    let rows = features.first().map_or(0, |feature| feature.fine.len());
    let mut keys: Vec<&Feature> = Vec::new();
    let arrival: Vec<usize> = (0..rows).collect();
    let mut best = information(features, &arrival, blocks);
    while keys.len() < KEYS_MAX {
        let candidates = features.par_iter().filter(|feature| !keys.iter().any(|key| key.field == feature.field));
        let rated = candidates.map(|feature| {
            let mut order = arrival.clone();
            let key = |row: &usize| {
                let bins = keys.iter().copied().chain([feature]).map(|key| u64::from(key.fine[*row]));
                bins.fold(0, |key, bin| key << 6 | bin)
            };
            order.sort_by_cached_key(key);
            (information(features, &order, blocks), feature)
        });
        let Some((gain, feature)) = rated.max_by(|left, right| left.0.total_cmp(&right.0)) else { break };
        if gain < best * GAIN_MIN {
            break;
        }
        keys.push(feature);
        best = gain;
    }
    keys
}

/// How many bits the block of a row tells about its fields, if rows lie in this order.
fn information(features: &[Feature], order: &[usize], blocks: usize) -> f64 {
    let rows = order.len().max(1) as f64;
    let per_block = order.len().div_ceil(blocks).max(1);
    let bits = |count: u32| if count == 0 { 0.0 } else { f64::from(count) / rows * (f64::from(count) / rows).log2() };
    let of = |feature: &Feature| {
        let mut all = [0u32; COARSE_BINS];
        let (mut joint, mut block_bits) = (0.0, 0.0);
        for block in order.chunks(per_block) {
            let mut here = [0u32; COARSE_BINS];
            block.iter().for_each(|row| here[usize::from(feature.coarse[*row])] += 1);
            all.iter_mut().zip(here).for_each(|(all, here)| *all += here);
            joint += here.into_iter().map(bits).sum::<f64>();
            block_bits += bits(block.len() as u32);
        }
        joint - block_bits - all.into_iter().map(bits).sum::<f64>()
    };
    features.iter().map(of).sum()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn values_fall_into_their_bins() {
        let words: Vec<Option<i64>> = (0..1_000).map(|i| (i % 10 != 0).then_some(i % 10 * (i % 2))).collect();
        let bins = Bins::new(&words, false, 4);
        // 0 is the most frequent code; of the odd ones, which are equally frequent, the least has a bin of its own.
        assert_eq!([None, Some(0), Some(1), Some(3), Some(77)].map(|value| bins.bin(value)), [0, 1, 2, 3, 3]);
        let numbers: Vec<Option<i64>> = (0..1_000).map(Some).collect();
        let bins = Bins::new(&numbers, true, 5);
        assert_eq!([None, Some(-1), Some(249), Some(250), Some(999)].map(|value| bins.bin(value)), [0, 1, 1, 2, 4]);
    }

    #[test]
    fn the_order_that_tells_most_wins() {
        // Two fields that agree, one of noise: sorting by either of the first two tells two fields, by the noise one.
        let rows = 4_096;
        let feature = |field, of: fn(i64) -> i64| {
            let values: Vec<Option<i64>> = (0..rows).map(|row| Some(of(row))).collect();
            let bins = Bins::new(&values, false, BINS);
            let fine: Vec<u8> = values.iter().map(|value| bins.bin(*value)).collect();
            Feature { field, coarse: fine.clone(), fine, bins }
        };
        let features =
            [feature(0, |row| row * 7_919 % 5), feature(1, |row| row * 7_919 % 5), feature(2, |row| row / 5 % 3)];
        let keys: Vec<usize> = choose(&features, 16).iter().map(|key| key.field).collect();
        assert!(keys[0] < 2, "{keys:?}");
        assert!(keys.contains(&2), "{keys:?}");
    }
}
