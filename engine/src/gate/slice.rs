//! Slices of the population: who is in a range of buckets, dealt by a hash of tenant, salt and external id.
//!
//! A bucket is the upper half of XXH64 over `tenant\nsalt\nid`, scaled to a million: `(hash >> 32) * 1,000,000 >> 32`. So
//! a slice is stable, one that begins at 0 lies within every larger one, and different salts are independent.

use std::sync::Arc;

use parking_lot::Mutex;
use rayon::prelude::*;

use super::hash::xxh64;
use crate::block::{Container, Set, SetBuilder, Words, join};
use crate::error::{Error, Result};
use crate::id::{Row, TenantId};
use crate::limits::{NAME_BYTES_MAX, SLICES_KEPT_MAX};
use crate::patience::Patience;
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

    /// Those of some rows who are in it.
    fn of(&self, rows: &Set, tenant: &TenantId, view: &View) -> Set {
        let patience = Patience::current();
        let one_block = |(block, among): (u32, &Container)| {
            patience.check();
            let mut words = Words::boxed();
            among.visit(|offset| {
                if self.has(tenant, view.id(Row(join(block, offset)))) {
                    words.insert(offset);
                }
                true
            });
            (block, Container::from_words(&words))
        };
        let blocks: Vec<(u32, &Container)> = rows.blocks().collect();
        let mut builder = SetBuilder::with_capacity(blocks.len());
        let dealt: Vec<(u32, Container)> = blocks.into_par_iter().map(one_block).collect();
        dealt.into_iter().for_each(|(block, container)| builder.push(block, container));
        builder.finish()
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
    (((xxh64(&text) >> 32) * u64::from(BUCKETS)) >> 32) as u32
}

/// Rows of the slices that were asked for last: dealing ten million people takes a quarter of a second. A row keeps its person, so who
/// was dealt once stays where they are, and only people who are new are dealt.
#[derive(Debug, Default)]
pub struct SliceCache(Mutex<Vec<Dealt>>);

/// A slice, the rows that were dealt, and those of them that are in it.
#[derive(Debug, Clone)]
struct Dealt {
    slice: Slice,
    all: Set,
    rows: Arc<Set>,
}

impl SliceCache {
    /// The rows of a slice. Rows of people who are no longer there may be among them.
    pub fn rows(&self, slice: &Slice, tenant: &TenantId, view: &View) -> Arc<Set> {
        let known = self.0.lock().iter().find(|dealt| dealt.slice == *slice).cloned();
        let (all, before) = known.map_or_else(Default::default, |dealt| (dealt.all, dealt.rows));
        let fresh = view.live().and_not(&all);
        if fresh.is_empty() {
            return before;
        }
        let rows = Arc::new(before.or(&slice.of(&fresh, tenant, view)));
        let dealt = Dealt { slice: slice.clone(), all: all.or(&fresh), rows: rows.clone() };
        let mut kept = self.0.lock();
        kept.retain(|dealt| dealt.slice != *slice);
        if kept.len() >= SLICES_KEPT_MAX {
            kept.remove(0);
        }
        kept.push(dealt);
        rows
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
