//! One part of a dictionary's hash table: two flat arrays, ascending by hash, with gaps.
//!
//! An entry is a print, 16 bits of a text's hash, and the text's number. Its home is the slot that its print points to
//! when all prints are spread evenly over the slots; it lies there or behind, with no gap between, and entries ascend by
//! print. This is linear probing in order of hashes (Amble and Knuth, "Ordered hash tables", The Computer Journal 17,
//! 1974): a search ends at the first greater print, and a shard grows or takes many entries in one pass over its arrays,
//! without looking at a single text.

use std::borrow::Cow;
use std::sync::Arc;

use super::layout::{self, of_field};
use crate::error::Result;
use crate::shared::bytes_of;
use crate::store::checkpoint::{Dictionaries, FileKind, FileWriter, Sections};

/// The print of a free slot, greater than all others.
const FREE: u16 = u16::MAX;

/// Entries for each 16 homes, at most: beyond, entries lie too far from home.
const LOAD_MAX: usize = 14;

/// Entries for each 16 homes of a shard that was just made.
const LOAD_FRESH: usize = 12;

/// Free slots after the last entry of a shard that was just made, for entries whose home is near the end.
const TAIL_SLOTS: usize = 8;

/// Texts' numbers by print.
#[derive(Debug, Clone, Default)]
pub(super) struct Shard {
    /// Of each slot; [`FREE`] where there is no entry.
    prints: Cow<'static, [u16]>,
    /// Of each slot.
    codes: Cow<'static, [u32]>,
    /// Slots that are homes; the few behind them take what is pushed on.
    homes: u32,
    entries: u32,
}

/// The print of 16 bits of a hash.
pub(super) fn print(bits: u16) -> u16 {
    bits.min(FREE - 1)
}

impl Shard {
    /// A shard of entries that ascend by print; `count` is how many.
    pub(super) fn new(count: usize, entries: impl Iterator<Item = (u16, u32)>) -> Self {
        let homes = (count * 16).div_ceil(LOAD_FRESH);
        let slots = homes + TAIL_SLOTS;
        let (mut prints, mut codes) = (Vec::with_capacity(slots), Vec::with_capacity(slots));
        for (print, code) in entries {
            let gap = home(print, homes).saturating_sub(prints.len());
            prints.extend(std::iter::repeat_n(FREE, gap));
            codes.extend(std::iter::repeat_n(0, gap));
            prints.push(print);
            codes.push(code);
        }
        let slots = prints.len().max(homes) + TAIL_SLOTS;
        prints.resize(slots, FREE);
        codes.resize(slots, 0);
        // A shard has fewer entries than there are numbers.
        Self { prints: Cow::Owned(prints), codes: Cow::Owned(codes), homes: homes as u32, entries: count as u32 }
    }

    /// Entries.
    pub(super) fn len(&self) -> usize {
        self.entries as usize
    }

    /// The entries in order.
    pub(super) fn iter(&self) -> impl Iterator<Item = (u16, u32)> {
        let slots = self.prints.iter().copied().zip(self.codes.iter().copied());
        slots.filter(|(print, _)| *print != FREE)
    }

    /// The slot and the number of the entry with this print that `is_it` recognizes by its number.
    pub(super) fn find(&self, print: u16, is_it: impl Fn(u32) -> bool) -> Option<(usize, u32)> {
        let mut slot = self.home(print);
        while *self.prints.get(slot)? < print {
            slot += 1;
        }
        while *self.prints.get(slot)? == print {
            let code = self.codes[slot];
            if is_it(code) {
                return Some((slot, code));
            }
            slot += 1;
        }
        None
    }

    /// Adds entries that ascend by print.
    pub(super) fn extend(&mut self, fresh: &[(u16, u32)]) {
        let is_crowded = (self.len() + fresh.len()) * 16 > self.homes as usize * LOAD_MAX;
        if is_crowded || fresh.len() > self.len() / 4 {
            *self = self.merged(fresh);
            return;
        }
        for (index, (print, code)) in fresh.iter().enumerate() {
            if !self.insert(*print, *code) {
                *self = self.merged(&fresh[index..]);
                return;
            }
        }
    }

    /// The shard with more entries: one pass over all, which makes as many slots as they take.
    fn merged(&self, fresh: &[(u16, u32)]) -> Self {
        let (mut known, mut added) = (self.iter().peekable(), fresh.iter().copied().peekable());
        let merged = std::iter::from_fn(|| match (known.peek(), added.peek()) {
            (Some(known), Some(fresh)) if fresh.0 < known.0 => added.next(),
            (Some(_), _) => known.next(),
            (None, _) => added.next(),
        });
        Self::new(self.len() + fresh.len(), merged)
    }

    /// Adds one entry; says whether there was a free slot for it.
    fn insert(&mut self, print: u16, code: u32) -> bool {
        let home = self.home(print);
        let Some(slot) = position(&self.prints, home, |other| other > print) else { return false };
        let Some(free) = position(&self.prints, slot, |other| other == FREE) else { return false };
        let (prints, codes) = (self.prints.to_mut(), self.codes.to_mut());
        prints.copy_within(slot..free, slot + 1);
        codes.copy_within(slot..free, slot + 1);
        prints[slot] = print;
        codes[slot] = code;
        self.entries += 1;
        true
    }

    /// Takes the entry of a slot out; those behind it come one slot nearer to their homes.
    pub(super) fn remove(&mut self, slot: usize) {
        let mut end = slot + 1;
        while self.prints.get(end).is_some_and(|print| *print != FREE && self.home(*print) < end) {
            end += 1;
        }
        let (prints, codes) = (self.prints.to_mut(), self.codes.to_mut());
        prints.copy_within(slot + 1..end, slot);
        codes.copy_within(slot + 1..end, slot);
        prints[end - 1] = FREE;
        self.entries -= 1;
    }

    /// The same texts with other numbers: `numbers` has the new one of each old one.
    pub(super) fn renumbered(&self, numbers: &[u32]) -> Self {
        Self::new(self.len(), self.iter().map(|(print, code)| (print, numbers[code as usize])))
    }

    /// Writes shards that follow each other.
    pub(super) fn write_all<'s>(
        shards: impl Iterator<Item = &'s Arc<Self>> + Clone,
        out: &mut FileWriter<'_>,
        field: u16,
    ) -> Result<()> {
        // A shard has fewer slots than there are numbers.
        let sizes: Vec<u32> =
            shards.clone().flat_map(|shard| [shard.prints.len() as u32, shard.homes, shard.entries]).collect();
        out.put(of_field(field, layout::TABLE_SHARDS), bytes_of(&sizes))?;
        out.put_parts(of_field(field, layout::TABLE_PRINTS), shards.clone().map(|shard| bytes_of(&shard.prints)))?;
        out.put_parts(of_field(field, layout::TABLE_NUMBERS), shards.map(|shard| bytes_of(&shard.codes)))
    }

    /// What was written of all shards of a dictionary with so many texts.
    pub(super) fn read_all(from: &Dictionaries, field: u16, texts: u32) -> Result<Vec<Arc<Self>>> {
        let files = from.of(FileKind::Table, field).map(|sections| Self::read_some(sections, field, texts));
        let shards: Result<Vec<Vec<Arc<Self>>>> = files.collect();
        Ok(shards?.into_iter().flatten().collect())
    }

    /// What [`Self::write_all`] wrote.
    fn read_some(from: &Sections, field: u16, texts: u32) -> Result<Vec<Arc<Self>>> {
        let sizes: &[u32] = from.values(of_field(field, layout::TABLE_SHARDS))?.unwrap_or_default();
        let prints: &'static [u16] = from.values(of_field(field, layout::TABLE_PRINTS))?.unwrap_or_default();
        let codes: &'static [u32] = from.values(of_field(field, layout::TABLE_NUMBERS))?.unwrap_or_default();
        let malformed = |why| from.malformed(of_field(field, layout::TABLE_SHARDS), why);
        let (mut at, mut bounds) = (0, Vec::new());
        for sizes in sizes.as_chunks::<3>().0 {
            bounds.push((at, *sizes));
            at += sizes[0] as usize;
        }
        if at != prints.len() || at != codes.len() {
            return Err(malformed("there are more slots than shards have"));
        }
        let shard = |(start, [slots, homes, entries]): &(usize, [u32; 3])| {
            let slots = *start..start + *slots as usize;
            let (prints, codes) = (&prints[slots.clone()], &codes[slots]);
            let used = prints.iter().filter(|print| **print != FREE).count();
            let fit = used == *entries as usize
                && *homes as usize <= prints.len()
                && codes.iter().all(|code| *code < texts.max(1));
            let shard =
                Self { prints: Cow::Borrowed(prints), codes: Cow::Borrowed(codes), homes: *homes, entries: *entries };
            fit.then(|| Arc::new(shard))
        };
        let shards: Option<Vec<Arc<Self>>> = bounds.iter().map(shard).collect();
        shards.ok_or_else(|| malformed("a shard does not fit its entries"))
    }

    /// Heap bytes.
    pub(super) fn bytes(&self) -> usize {
        2 * self.prints.len() + 4 * self.codes.len()
    }

    fn home(&self, print: u16) -> usize {
        home(print, self.homes as usize)
    }
}

fn home(print: u16, homes: usize) -> usize {
    (usize::from(print) * homes) >> 16
}

fn position(prints: &[u16], from: usize, wanted: impl Fn(u16) -> bool) -> Option<usize> {
    Some(from + prints.get(from..)?.iter().position(|print| wanted(*print))?)
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    /// Whether entries ascend, lie at home or behind it, and have no gap on the way there.
    fn check(shard: &Shard) {
        assert_eq!(shard.iter().count(), shard.len());
        assert!(shard.iter().is_sorted_by_key(|(print, _)| print));
        for (slot, print) in shard.prints.iter().enumerate().filter(|(_, print)| **print != FREE) {
            let home = shard.home(*print);
            assert!(home <= slot && !shard.prints[home..slot].contains(&FREE), "{print} of home {home} in slot {slot}");
        }
    }

    proptest! {
        /// With prints from a narrow range many entries have one home, as texts made to collide have.
        #[test]
        fn a_shard_is_a_sorted_list(
            range in 1..=u16::MAX,
            steps in prop::collection::vec((0..4usize, any::<u16>(), 1..60usize), 1..80),
        ) {
            let (mut shard, mut model): (Shard, Vec<(u16, u32)>) = (Shard::default(), Vec::new());
            for (code, (kind, number, count)) in (0..).zip(steps) {
                if kind == 0 && !model.is_empty() {
                    let (print, code) = model.remove(usize::from(number) % model.len());
                    let (slot, _) = shard.find(print, |other| other == code).expect("it was put in");
                    shard.remove(slot);
                } else {
                    let print = |i: usize| print(number.wrapping_mul(i as u16 | 1) % range + (u16::MAX - range));
                    let count = if kind == 1 { 1 } else { count };
                    let mut fresh: Vec<(u16, u32)> = (0..count).map(|i| (print(i), code * 100 + i as u32)).collect();
                    fresh.sort_unstable();
                    shard.extend(&fresh);
                    model.extend(fresh);
                }
                check(&shard);
                for (print, code) in &model {
                    let found = shard.find(*print, |other| other == *code);
                    assert_eq!(found.map(|(_, code)| code), Some(*code));
                }
                let mut entries: Vec<(u16, u32)> = shard.iter().collect();
                entries.sort_unstable();
                model.sort_unstable();
                assert_eq!(entries, model);
                assert_eq!(shard.find(print(number), |_| false), None);
            }
        }
    }
}
