//! Counts by rule, block by block, each while it is true.

use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

use quick_cache::Weighter;
use quick_cache::sync::Cache as Kept;

use super::key::{depends_on_now, key};
use super::parts::{Parts, Worth};
use super::validity::{Crossings, Validity};
use crate::block::Set;
use crate::eval;
use crate::limits::{CACHE_BYTES, CACHE_ENTRY_BYTES};
use crate::plan::{SegmentRows, Warning, plan, plan_with};
use crate::rule::CheckedRule;
use crate::table::View;
use crate::time::Timestamp;

/// One tenant's memory of earlier questions.
#[derive(Debug)]
pub struct Cache {
    counts: Kept<Box<[u8]>, Arc<Counted>, Bytes>,
    parts: Parts,
    hits: AtomicU64,
    renewed: AtomicU64,
    misses: AtomicU64,
}

/// How often questions were answered from memory.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct CacheCounters {
    /// Answered without looking at a block.
    pub hits: u64,
    /// Answered by looking at changed blocks only.
    pub renewed: u64,
    /// Evaluated.
    pub misses: u64,
    /// Bytes that counts and sets take.
    pub bytes: u64,
}

/// A rule's count.
#[derive(Debug)]
struct Counted {
    validity: Validity,
    total: u64,
    /// The count of each block.
    blocks: Box<[u32]>,
}

/// Bytes of an entry.
#[derive(Debug, Clone)]
struct Bytes;

impl Weighter<Box<[u8]>, Arc<Counted>> for Bytes {
    fn weight(&self, key: &Box<[u8]>, counted: &Arc<Counted>) -> u64 {
        (CACHE_ENTRY_BYTES + key.len() + size_of_val(&*counted.blocks) + counted.validity.bytes()) as u64
    }
}

impl Default for Cache {
    fn default() -> Self {
        Self {
            counts: Kept::with_weighter(CACHE_BYTES / 2 / 2_048, CACHE_BYTES as u64 / 2, Bytes),
            parts: Parts::default(),
            hits: AtomicU64::default(),
            renewed: AtomicU64::default(),
            misses: AtomicU64::default(),
        }
    }
}

impl Cache {
    /// How often it helped so far.
    pub fn counters(&self) -> CacheCounters {
        let of = |counter: &AtomicU64| counter.load(Ordering::Relaxed);
        CacheCounters {
            hits: of(&self.hits),
            renewed: of(&self.renewed),
            misses: of(&self.misses),
            bytes: self.counts.weight() + self.parts.bytes(),
        }
    }
}

/// The rows that a saved rule selects. They are kept until they are the least useful, and renewed block by block.
pub fn rows(rule: &CheckedRule, view: &View, segments: &SegmentRows, now: Timestamp, cache: &Cache) -> Arc<Set> {
    // With a window they may soon be others, and until when they are the same is searched for whoever asks again.
    let worth = if depends_on_now(&rule.root) { Worth::AskedTwice } else { Worth::Asked };
    let kept = cache.parts.rows(&rule.root, view, now, worth);
    kept.unwrap_or_else(|| Arc::new(eval::rows(&plan(rule, view, segments, now))))
}

/// How many profiles a rule selects, and what whoever asked should know.
pub fn count(
    rule: &CheckedRule,
    view: &View,
    segments: &SegmentRows,
    now: Timestamp,
    cache: &Cache,
) -> (u64, Vec<Warning>) {
    let key = key(&rule.root, view);
    let known = key.as_ref().and_then(|key| cache.counts.get(key));
    // What warns is not kept, so what is kept has nothing to warn of as long as no profile has changed.
    if let Some(known) = known.as_ref().filter(|known| known.validity.holds(view, now)) {
        cache.hits.fetch_add(1, Ordering::Relaxed);
        return (known.total, Vec::new());
    }
    let counter = if known.is_some() { &cache.renewed } else { &cache.misses };
    counter.fetch_add(1, Ordering::Relaxed);
    // Parts are for rules that are not known: of one that is, only changed blocks are looked at.
    let parts = if known.is_none() { cache.parts.of(rule, view, now) } else { Vec::new() };
    let given: Vec<(&_, &Set)> = parts.iter().map(|(node, rows)| (*node, &**rows)).collect();
    let plan = plan_with(rule, view, segments, now, &given);
    let warnings = plan.warnings(view);
    let Some(key) = key.filter(|_| warnings.is_empty()) else { return (eval::count(&plan), warnings) };
    let is_current = |block: u32| {
        let known = known.as_ref().filter(|known| known.validity.holds_in(block, view, now))?;
        known.blocks.get(block as usize).copied()
    };
    let counts = eval::count_blocks(&plan, is_current);
    let total = counts.iter().map(|count| u64::from(*count)).sum();
    let before = known.as_ref().map(|known| &known.validity);
    let validity = Validity::new(before, &Crossings::of(&rule.root, view), view, now, before.is_some());
    cache.counts.insert(key, Arc::new(Counted { validity, total, blocks: counts.into() }));
    (total, warnings)
}
