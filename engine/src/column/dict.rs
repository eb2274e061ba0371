//! Texts to dense numbers and back: external ids to rows, keywords to codes.
//!
//! Numbers are given in order of first sight and never reused; a removed text's bytes are gone from the page that held
//! them. Texts lie in pages and the hash tables in shards, both shared between views until they are changed.

use std::hash::BuildHasher;
use std::sync::Arc;

use foldhash::fast::FixedState;
use hashbrown::HashTable;
use rayon::prelude::*;

/// Texts of one page.
const PAGE_TEXTS: usize = 1_024;

/// Texts of one shard before the shards are doubled.
const SHARD_TEXTS: usize = 4_096;

/// A two-way dictionary of byte strings.
#[derive(Debug, Clone, Default)]
pub struct Dict {
    pages: Vec<Arc<Page>>,
    /// None or a power of two; a text's shard is given by bits of its hash.
    shards: Vec<Arc<HashTable<u32>>>,
    len: u32,
    live: u32,
}

/// Texts that follow each other.
#[derive(Debug, Clone, Default)]
struct Page {
    ends: Vec<u32>,
    bytes: Vec<u8>,
}

impl Page {
    fn text(&self, index: usize) -> &[u8] {
        let start = if index == 0 { 0 } else { self.ends[index - 1] as usize };
        &self.bytes[start..self.ends[index] as usize]
    }
}

impl Dict {
    /// Numbers given so far, removed texts included.
    pub fn len(&self) -> u32 {
        self.len
    }

    /// Whether no number was given yet.
    pub fn is_empty(&self) -> bool {
        self.len == 0
    }

    /// Texts that are in.
    pub fn live(&self) -> u32 {
        self.live
    }

    /// The text of a number; empty when it was removed.
    ///
    /// # Panics
    /// When the number was never given.
    pub fn text(&self, code: u32) -> &[u8] {
        let code = code as usize;
        self.pages[code / PAGE_TEXTS].text(code % PAGE_TEXTS)
    }

    /// The number of a text.
    pub fn code(&self, text: &[u8]) -> Option<u32> {
        let hash = hash(text);
        let shard = self.shards.get(self.shard_of(hash))?;
        shard.find(hash, |&code| self.text(code) == text).copied()
    }

    /// The number of a text, given now if it has none; and whether it is new.
    pub fn intern(&mut self, text: &[u8]) -> (u32, bool) {
        let hash = hash(text);
        let at = self.shard_of(hash);
        if let Some(&code) = self.shards.get(at).and_then(|shard| shard.find(hash, |&code| self.text(code) == text)) {
            return (code, false);
        }
        let code = self.append(text);
        if self.shards.len() * SHARD_TEXTS < self.live as usize {
            self.double_shards();
        }
        let at = self.shard_of(hash);
        let pages = &self.pages;
        Arc::make_mut(&mut self.shards[at]).insert_unique(hash, code, |&code| self::hash(text_of(pages, code)));
        (code, true)
    }

    /// Forgets a text: its number stays taken, its bytes go.
    pub fn remove(&mut self, code: u32) {
        let hash = hash(self.text(code));
        let at = self.shard_of(hash);
        let Some(shard) = self.shards.get_mut(at) else { return };
        if shard.find(hash, |&other| other == code).is_none() {
            return;
        }
        if let Ok(entry) = Arc::make_mut(shard).find_entry(hash, |&other| other == code) {
            entry.remove();
        }
        let page = Arc::make_mut(&mut self.pages[code as usize / PAGE_TEXTS]);
        let index = code as usize % PAGE_TEXTS;
        let start = if index == 0 { 0 } else { page.ends[index - 1] };
        let gone = page.ends[index] - start;
        page.bytes.drain(start as usize..(start + gone) as usize);
        page.ends[index..].iter_mut().for_each(|end| *end -= gone);
        self.live -= 1;
    }

    /// The same texts with other numbers: `order` has the old number of each new one.
    #[must_use]
    pub fn reordered(mut self, order: &[u32]) -> Self {
        let mut numbers = vec![0; order.len()];
        (0..).zip(order).for_each(|(new, old)| numbers[*old as usize] = new);
        let pages = order.par_chunks(PAGE_TEXTS).map(|codes| {
            let mut page = Page::default();
            for code in codes {
                page.bytes.extend_from_slice(self.text(*code));
                page.ends.push(page.bytes.len() as u32);
            }
            Arc::new(page)
        });
        self.pages = pages.collect();
        // A text's place in its table is given by its hash alone.
        for shard in &mut self.shards {
            Arc::make_mut(shard).iter_mut().for_each(|code| *code = numbers[*code as usize]);
        }
        self
    }

    /// Numbers and texts that are in, ascending by number.
    pub fn iter(&self) -> impl Iterator<Item = (u32, &[u8])> {
        // A removed text is empty, and so may be one that is in: the table knows which code that has.
        let empty = self.code(b"");
        (0..self.len)
            .map(|code| (code, self.text(code)))
            .filter(move |(code, text)| !text.is_empty() || empty == Some(*code))
    }

    /// Heap bytes.
    pub fn bytes(&self) -> usize {
        let pages: usize = self.pages.iter().map(|page| page.bytes.capacity() + 4 * page.ends.capacity()).sum();
        pages + self.shards.iter().map(|shard| 5 * shard.capacity()).sum::<usize>()
    }

    fn append(&mut self, text: &[u8]) -> u32 {
        if (self.len as usize).is_multiple_of(PAGE_TEXTS) {
            self.pages.push(Arc::default());
        }
        let last = self.pages.len() - 1;
        let page = Arc::make_mut(&mut self.pages[last]);
        page.bytes.extend_from_slice(text);
        // 1,024 texts of at most VALUE_BYTES_MAX bytes stay far below 4 GiB.
        page.ends.push(page.bytes.len() as u32);
        self.len += 1;
        self.live += 1;
        self.len - 1
    }

    fn shard_of(&self, hash: u64) -> usize {
        spread(hash) & self.shards.len().saturating_sub(1)
    }

    fn double_shards(&mut self) {
        if self.shards.is_empty() {
            self.shards.push(Arc::default());
            return;
        }
        let old = std::mem::take(&mut self.shards);
        let bit = old.len();
        let mut doubled: Vec<HashTable<u32>> = (0..2 * bit).map(|_| HashTable::new()).collect();
        for (index, shard) in old.iter().enumerate() {
            for &code in shard.iter() {
                let hash = hash(self.text(code));
                let at = index | (spread(hash) & bit);
                doubled[at].insert_unique(hash, code, |&code| self::hash(text_of(&self.pages, code)));
            }
        }
        self.shards = doubled.into_iter().map(Arc::new).collect();
    }
}

fn text_of(pages: &[Arc<Page>], code: u32) -> &[u8] {
    pages[code as usize / PAGE_TEXTS].text(code as usize % PAGE_TEXTS)
}

/// The bits that choose a shard: neither the low ones nor the top seven, by which a table chooses its buckets.
fn spread(hash: u64) -> usize {
    (hash >> 32 & 0xff_ffff) as usize
}

/// One fixed seed: the same data lies in the same shards everywhere, and the engine has no randomness.
fn hash(text: &[u8]) -> u64 {
    // The bytes alone: `Hash` of a slice would mix the length in as well.
    let mut hasher = FixedState::with_seed(0).build_hasher();
    std::hash::Hasher::write(&mut hasher, text);
    std::hash::Hasher::finish(&hasher)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn texts_keep_their_numbers_through_growth_and_removal() {
        let mut dict = Dict::default();
        let text = |i: u32| format!("customer {i}").into_bytes();
        for i in 0..20_000 {
            assert_eq!(dict.intern(&text(i)), (i, true));
        }
        let before = dict.clone();
        for i in (0..20_000).step_by(3) {
            dict.remove(i);
            dict.remove(i);
        }
        for i in 0..20_000 {
            let gone = i % 3 == 0;
            assert_eq!(dict.code(&text(i)), (!gone).then_some(i));
            assert_eq!(dict.text(i).is_empty(), gone);
            assert_eq!(before.code(&text(i)), Some(i));
        }
        assert_eq!(dict.intern(&text(0)), (20_000, true));
        assert_eq!(dict.intern(&text(1)), (1, false));
        assert_eq!((dict.len(), dict.live()), (20_001, 13_334));
        assert_eq!(dict.iter().count(), 13_334);
    }

    #[test]
    fn the_empty_text_is_a_text() {
        let mut dict = Dict::default();
        assert_eq!(dict.code(b""), None);
        assert_eq!(dict.intern(b""), (0, true));
        assert_eq!(dict.code(b""), Some(0));
        assert_eq!(dict.iter().collect::<Vec<_>>(), [(0, &b""[..])]);
        dict.intern(b"word");
        dict.remove(1);
        assert_eq!(dict.iter().count(), 1);
        dict.remove(0);
        assert_eq!(dict.code(b""), None);
        assert_eq!(dict.iter().count(), 0);
    }
}
