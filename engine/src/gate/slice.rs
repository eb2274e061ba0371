//! Slices of the population: who is in a range of buckets, dealt by a hash of tenant, salt and external id.
//!
//! A bucket is the upper half of XXH64 over `tenant\nsalt\nid`, scaled to a million: `(hash >> 32) * 1,000,000 >> 32`. So
//! a slice is stable, one that begins at 0 lies within every larger one, and different salts are independent.

use std::sync::Arc;

use parking_lot::Mutex;
use rayon::prelude::*;

use super::hash::xxh64;
use crate::block::{BLOCK_ROWS, Container, Set, SetBuilder, Words, join};
use crate::error::{Error, Result};
use crate::id::{Row, TenantId};
use crate::limits::{NAME_BYTES_MAX, SLICES_KEPT_MAX};
use crate::table::View;

/// Buckets that people are dealt into: a ten-thousandth of a percent each.
pub const BUCKETS: u32 = 1_000_000;

/// Buckets `from..to` of a salt.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct Slice {
    /// What tells one dealing from another.
    pub salt: String,
    /// The first bucket.
    pub from: u32,
    /// The one after the last.
    pub to: u32,
}

impl Slice {
    /// Refuses a salt that is too long or cannot be written on a line, and a range that is none.
    ///
    /// # Errors
    /// `Invalid` at `/{key}`.
    pub fn check(&self, key: &str) -> Result<()> {
        let length = self.salt.len();
        if length == 0 || length > NAME_BYTES_MAX || self.salt.chars().any(char::is_control) {
            let message = format!("a salt has 1 to {NAME_BYTES_MAX} bytes and no control characters");
            return Err(Error::invalid(format!("/{key}/salt"), "bad_salt", message));
        }
        if self.from > self.to || self.to > BUCKETS {
            let message = "a slice goes from a percentage to a greater one, at most 100";
            return Err(Error::invalid(format!("/{key}"), "bad_slice", message));
        }
        Ok(())
    }

    /// Its ends, such as `0% to 12.5%`.
    pub fn in_words(&self) -> String {
        format!("{}% to {}%", percent(self.from), percent(self.to))
    }

    /// Whether a person is in it.
    pub fn has(&self, tenant: &TenantId, id: &str) -> bool {
        (self.from..self.to).contains(&bucket(tenant, &self.salt, id))
    }

    /// The rows of those who are in it.
    fn rows(&self, tenant: &TenantId, view: &View, blocks: std::ops::Range<u32>) -> Vec<(u32, Container)> {
        let one_block = |block: u32| {
            let mut words = Words::boxed();
            let rows = view.row_count().saturating_sub(join(block, 0)).min(BLOCK_ROWS as u32);
            for offset in 0..rows {
                if self.has(tenant, view.id(Row(join(block, 0) + offset))) {
                    words.insert(offset as u16);
                }
            }
            (block, Container::from_words(&words))
        };
        blocks.into_par_iter().map(one_block).collect()
    }
}

/// A number of buckets as a percentage, digit for digit.
pub fn percent(buckets: u32) -> String {
    let text = format!("{}.{:04}", buckets / 10_000, buckets % 10_000);
    text.trim_end_matches('0').trim_end_matches('.').to_owned()
}

/// The bucket of a person.
pub fn bucket(tenant: &TenantId, salt: &str, id: &str) -> u32 {
    let mut text = Vec::with_capacity(tenant.as_str().len() + salt.len() + id.len() + 2);
    for part in [tenant.as_str(), "\n", salt, "\n", id] {
        text.extend_from_slice(part.as_bytes());
    }
    ((xxh64(&text) >> 32) * u64::from(BUCKETS) >> 32) as u32
}

/// Rows of the slices that were asked for last: dealing ten million people takes a second. A row keeps its person, so an
/// entry stays true, and only later blocks are dealt anew.
#[derive(Debug, Default)]
pub struct SliceCache(Mutex<Vec<(Slice, u32, Arc<Set>)>>);

impl SliceCache {
    /// The rows of a slice. Rows of people who are no longer there may be among them.
    pub fn rows(&self, slice: &Slice, tenant: &TenantId, view: &View) -> Arc<Set> {
        let rows = view.row_count();
        let known = self.0.lock().iter().find(|(known, ..)| known == slice).map(|(_, dealt, set)| (*dealt, set.clone()));
        let (dealt, before) = known.unwrap_or_default();
        if dealt >= rows {
            return before;
        }
        let first = dealt / BLOCK_ROWS as u32;
        let mut builder = SetBuilder::default();
        before.blocks_within(0..first).for_each(|(block, container)| builder.push(block, container.clone()));
        for (block, container) in slice.rows(tenant, view, first..view.block_count()) {
            builder.push(block, container);
        }
        let set = Arc::new(builder.finish());
        let mut kept = self.0.lock();
        kept.retain(|(known, ..)| known != slice);
        if kept.len() >= SLICES_KEPT_MAX {
            kept.remove(0);
        }
        kept.push((slice.clone(), rows, set.clone()));
        set
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn buckets_are_what_they_always_were() {
        let tenant = TenantId::default();
        let of = |salt, id| bucket(&tenant, salt, id);
        assert_eq!(of("global", "1"), 566_913);
        assert_eq!(of("global", "1000000"), 174_693);
        assert_eq!(of("spring sale", "maria.jones@example.com"), 161_895);
        assert_ne!(bucket(&TenantId::new("other"), "global", "1"), 566_913);
    }

    #[test]
    fn buckets_are_even_and_salts_independent() {
        let tenant = TenantId::default();
        let mut cells = [[0_u32; 10]; 10];
        for id in 0..100_000 {
            let of = |salt| (bucket(&tenant, salt, &id.to_string()) / (BUCKETS / 10)) as usize;
            cells[of("a")][of("b")] += 1;
        }
        // Chi square over a hundred cells of a thousand each: 99 degrees of freedom, 148 is passed once in a thousand.
        let off = cells.iter().flatten().map(|count| (f64::from(*count) - 1_000.0).powi(2) / 1_000.0).sum::<f64>();
        assert!((50.0..148.0).contains(&off), "{off}");
    }

    #[test]
    fn ends_are_said_as_percentages() {
        let in_words = |from, to| Slice { salt: String::new(), from, to }.in_words();
        assert_eq!(in_words(0, BUCKETS), "0% to 100%");
        assert_eq!(in_words(1, 125_000), "0.0001% to 12.5%");
    }

    #[test]
    fn a_slice_is_refused_at_its_edges() {
        let slice = |salt: &str, from, to| Slice { salt: salt.into(), from, to }.check("split").is_ok();
        assert!(slice("s", 0, BUCKETS) && slice(&"s".repeat(NAME_BYTES_MAX), 5, 5));
        assert!(!slice("s", 0, BUCKETS + 1) && !slice("s", 6, 5) && !slice("", 0, 1) && !slice("a\nb", 0, 1));
        assert!(!slice(&"s".repeat(NAME_BYTES_MAX + 1), 0, 1));
    }
}
