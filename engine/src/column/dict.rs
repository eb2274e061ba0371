//! Texts to dense numbers and back: external ids to rows, keywords to codes.
//!
//! Numbers are given in order of first sight and never reused; a removed text's bytes are gone from the page that held
//! them. Texts lie in pages (`texts`) and the hash table in shards (`shard`), both flat arrays, shared between views
//! until they are changed.
//!
//! Most texts of a bulk load are new, and a table of ten million texts is in no cache: so a batch is interned whole, in
//! order of hashes, from one end of the table to the other. Idea: partitioned joins (Manegold, Boncz, Kersten,
//! "Optimizing main-memory join on modern hardware", IEEE TKDE 14, 2002).
//!
//! A table grows shard by shard, from one end to the other, so that no single change waits until all of it is made anew
//! (Litwin, "Linear hashing: a new tool for file and table addressing", VLDB 1980; here the halves of a shard take its
//! place, and the order remains that of hashes).

use std::sync::Arc;

use rayon::prelude::*;

use super::growth::{Place, place, whole_shards};
use super::hash::hash;
use super::radix;
use super::shard::Shard;
use super::texts::Texts;
use crate::error::Result;
use crate::paged::Paged;
use crate::store::checkpoint::Dictionaries;

/// Texts of a shard on average, before there are more shards.
const SHARD_TEXTS: usize = 4_096;

/// How many shards one becomes when a batch makes the whole table anew.
const SHARD_SPLIT: usize = 4;

/// A batch that brings so small a part of all texts, one in 128, splits single shards; making the table anew would take much
/// longer than it takes itself.
const SMALL_PART: usize = 128;

/// New texts for which another shard is split at once: four times as many as the table has to grow by, so that one that is
/// too small catches up.
const SPLIT_TEXTS: usize = SHARD_TEXTS / 4;

/// Texts of a batch that one thread looks up in a go.
const LOOKED_UP_TOGETHER: usize = 1 << 14;

/// Shards that are copied as pointers when one of them changes.
const SHARED: usize = 32;

/// A two-way dictionary of byte strings.
#[derive(Debug, Clone, Default)]
pub struct Dict {
    pub(super) texts: Texts,
    /// The table: its shards ascend by hash, as the entries of each do.
    pub(super) shards: Paged<Arc<Shard>, SHARED>,
    live: u32,
}

impl Dict {
    /// Numbers given so far, removed texts included.
    pub fn len(&self) -> u32 {
        self.texts.len()
    }

    /// Whether no number was given yet.
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// Texts that are in.
    pub fn live(&self) -> u32 {
        self.live
    }

    /// The text of a number; empty when it was removed or never given.
    pub fn text(&self, code: u32) -> &[u8] {
        self.texts.get(code)
    }

    /// The number of a text.
    pub fn code(&self, text: &[u8]) -> Option<u32> {
        self.find(hash(text), text)
    }

    /// The numbers of many texts, as far as they have one; equal ones are looked up once.
    pub fn codes<'t>(&self, count: usize, text: impl Fn(usize) -> &'t [u8] + Sync) -> Vec<Option<u32>> {
        // A batch has far fewer texts than u32 counts.
        let mut hashed: Vec<(u32, u32)> = (0..count).map(|index| (hash(text(index)), index as u32)).collect();
        sort_by_hash(&mut hashed);
        let look_up = |part: &[(u32, u32)]| {
            let mut last: Option<(&[u8], Option<u32>)> = None;
            let code = |(hash, index): &(u32, u32)| {
                let bytes = text(*index as usize);
                let code = match last {
                    Some((same, code)) if same == bytes => code,
                    _ => self.find(*hash, bytes),
                };
                last = Some((bytes, code));
                (*index, code)
            };
            part.iter().map(code).collect::<Vec<_>>()
        };
        let found: Vec<Vec<(u32, Option<u32>)>> = hashed.par_chunks(LOOKED_UP_TOGETHER).map(look_up).collect();
        let mut codes = vec![None; count];
        found.iter().flatten().for_each(|(index, code)| codes[*index as usize] = *code);
        codes
    }

    /// The numbers of many texts; those that have none are given one now, in the order in which they come first.
    pub fn intern_all<'t>(&mut self, count: usize, text: impl Fn(usize) -> &'t [u8]) -> Vec<u32> {
        let mut codes = vec![0; count];
        // A batch has far fewer texts than u32 counts.
        let mut hashed: Vec<(u32, u32)> = (0..count).map(|index| (hash(text(index)), index as u32)).collect();
        sort_by_hash(&mut hashed);
        let text = |index: u32| text(index as usize);
        // Places in the batch of new texts, each once; and of those that repeat one of them, which that is.
        let (mut fresh, mut repeats) = (Vec::new(), Vec::new());
        for same in hashed.chunk_by(|left, right| left.0 == right.0) {
            let from = fresh.len();
            for &(hash, index) in same {
                let bytes = text(index);
                let twin = fresh[from..].iter().find(|(_, other)| text(*other) == bytes);
                match twin {
                    Some((_, first)) => repeats.push((index, *first)),
                    None => match self.find(hash, bytes) {
                        Some(code) => codes[index as usize] = code,
                        None => fresh.push((hash, index)),
                    },
                }
            }
        }
        self.append_all(&mut fresh, &mut codes, text);
        for (index, first) in repeats {
            codes[index as usize] = codes[first as usize];
        }
        codes
    }

    /// Gives new texts, which ascend by hash, their numbers by their places in the batch.
    fn append_all<'t>(&mut self, fresh: &mut [(u32, u32)], codes: &mut [u32], text: impl Fn(u32) -> &'t [u8]) {
        let mut is_fresh = vec![0u64; codes.len().div_ceil(64)];
        fresh.iter().for_each(|(_, index)| is_fresh[*index as usize / 64] |= 1 << (index % 64));
        for (word, mut bits) in (0..).zip(is_fresh) {
            while bits != 0 {
                let index = 64 * word + bits.trailing_zeros();
                bits &= bits - 1;
                codes[index as usize] = self.append(text(index));
            }
        }
        fresh.iter_mut().for_each(|(_, index)| *index = codes[*index as usize]);
        self.enter(fresh);
    }

    /// Forgets a text: its number stays taken, its bytes go.
    pub fn remove(&mut self, code: u32) {
        let place = self.place(hash(self.text(code)));
        let Some(shard) = self.shards.get_mut(place.shard) else { return };
        let Some((slot, _)) = shard.find(place.print, |other| other == code) else { return };
        Arc::make_mut(shard).remove(slot);
        self.texts.erase(code);
        self.live -= 1;
    }

    /// The same texts with other numbers: `order` has the old number of each new one.
    #[must_use]
    pub fn reordered(self, order: &[u32]) -> Self {
        let mut numbers = vec![0; order.len()];
        (0..).zip(order).for_each(|(new, old)| numbers[*old as usize] = new);
        let shards: Vec<&Arc<Shard>> = self.shards.iter().collect();
        let shards: Vec<Arc<Shard>> =
            shards.into_par_iter().map(|shard| Arc::new(shard.renumbered(&numbers))).collect();
        Self {
            texts: Texts::collect(order.len(), |new| self.text(order[new])),
            shards: shards.into_iter().collect(),
            live: self.live,
        }
    }

    /// Numbers and texts that are in, ascending by number.
    pub fn iter(&self) -> impl Iterator<Item = (u32, &[u8])> {
        // A removed text is empty, and so may be one that is in: the table knows which code that has.
        let empty = self.code(b"");
        (0..self.len())
            .map(|code| (code, self.text(code)))
            .filter(move |(code, text)| !text.is_empty() || empty == Some(*code))
    }

    /// A dictionary as it was written.
    ///
    /// # Errors
    /// `Corrupt` for sections that were not written so.
    pub fn read(from: &Dictionaries, field: u16) -> Result<Self> {
        let texts = Texts::read(from, field)?;
        let shards = Shard::read_all(from, field, texts.len())?;
        // A table has at most as many entries as there are numbers.
        let live = shards.iter().map(|shard| shard.len()).sum::<usize>() as u32;
        Ok(Self { texts, shards: shards.into_iter().collect(), live })
    }

    /// How many numbers have been given in the dictionary that [`Self::read`] finds, which reads none of it.
    pub fn count(from: &Dictionaries, field: u16) -> u64 {
        Texts::count(from, field)
    }

    /// Heap bytes.
    pub fn bytes(&self) -> usize {
        self.texts.bytes() + self.shards.iter().map(|shard| shard.bytes()).sum::<usize>()
    }

    fn append(&mut self, text: &[u8]) -> u32 {
        self.live += 1;
        self.texts.push(text)
    }

    fn find(&self, hash: u32, text: &[u8]) -> Option<u32> {
        let place = self.place(hash);
        let (_, code) = self.shards.get(place.shard)?.find(place.print, |code| self.text(code) == text)?;
        Some(code)
    }

    fn place(&self, hash: u32) -> Place {
        place(hash, self.shards.len())
    }

    /// Puts hashes and numbers of texts that were appended just now, ascending by hash, into the table.
    fn enter(&mut self, fresh: &[(u32, u32)]) {
        if self.shards.is_empty() && !fresh.is_empty() {
            self.shards.push(Arc::default());
        }
        let count = self.shards.len();
        let mut entries = Vec::new();
        for same in fresh.chunk_by(|left, right| place(left.0, count).shard == place(right.0, count).shard) {
            entries.clear();
            entries.extend(same.iter().map(|(hash, code)| (place(*hash, count).print, *code)));
            if let Some(shard) = self.shards.get_mut(place(same[0].0, count).shard) {
                Arc::make_mut(shard).extend(&entries);
            }
        }
        let missing = (self.live as usize).div_ceil(SHARD_TEXTS).saturating_sub(count);
        if missing > 0 && fresh.len() * SMALL_PART < self.live as usize {
            self.split_shards(missing.min(1 + fresh.len() / SPLIT_TEXTS));
        } else if missing > 0 {
            self.make_anew();
        }
    }

    /// Splits the next shards in two, from the texts: their hashes have bits that the table does not keep.
    fn split_shards(&mut self, count: usize) {
        let whole = whole_shards(self.shards.len());
        let split = self.shards.len() - whole;
        let next = split..whole.min(split + count);
        let halves = |shard: &Arc<Shard>| {
            let mut halves = [Vec::new(), Vec::new()];
            for (_, code) in shard.iter() {
                let Place { shard, print } = place(hash(self.text(code)), 2 * whole);
                halves[shard % 2].push((print, code));
            }
            halves.map(|mut entries| {
                entries.sort_unstable();
                Arc::new(Shard::new(entries.len(), entries.into_iter()))
            })
        };
        let shards = self.shards.iter();
        let before = shards.clone().take(2 * split).cloned();
        let split = shards.clone().skip(2 * split).take(next.len()).flat_map(halves);
        let after = shards.skip(2 * next.start + next.len()).cloned();
        self.shards = before.chain(split).chain(after).collect();
    }

    /// Makes the table anew with more shards.
    fn make_anew(&mut self) {
        let mut count = whole_shards(self.shards.len());
        while count * SHARD_TEXTS < self.live as usize {
            count *= SHARD_SPLIT;
        }
        let mut starts = vec![0; count + 1];
        let hashed: Vec<(u32, u32)> = self.iter().map(|(code, text)| (hash(text), code)).collect();
        hashed.iter().for_each(|(hash, _)| starts[place(*hash, count).shard + 1] += 1);
        (1..starts.len()).for_each(|shard| starts[shard] += starts[shard - 1]);
        let mut entries = vec![(0, 0); hashed.len()];
        let mut ends = starts.clone();
        for (hash, code) in hashed {
            let Place { shard, print } = place(hash, count);
            entries[ends[shard]] = (print, code);
            ends[shard] += 1;
        }
        let shard = |bounds: &[usize]| {
            let mut entries = entries[bounds[0]..bounds[1]].to_vec();
            entries.sort_unstable();
            Arc::new(Shard::new(entries.len(), entries.into_iter()))
        };
        let shards: Vec<Arc<Shard>> = starts.par_windows(2).map(shard).collect();
        self.shards = shards.into_iter().collect();
    }
}

/// Sorts hashes and places in a batch, which ascend, by hash.
fn sort_by_hash(hashed: &mut Vec<(u32, u32)>) {
    radix::sort_by_key(hashed, &mut Vec::new(), u32::MAX.into(), |(hash, _)| (*hash).into());
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;
    use std::collections::HashMap;

    fn intern(dict: &mut Dict, text: &[u8]) -> u32 {
        dict.intern_all(1, |_| text)[0]
    }

    #[test]
    fn texts_keep_their_numbers_through_growth_and_removal() {
        let mut dict = Dict::default();
        let text = |i: u32| format!("customer {i}").into_bytes();
        for i in 0..20_000 {
            assert_eq!(intern(&mut dict, &text(i)), i);
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
        // Looked up together, some twice, they are the same.
        let texts: Vec<Vec<u8>> = (0..50_000).map(|i| text(i % 30_000)).collect();
        let codes = dict.codes(texts.len(), |index| &texts[index]);
        assert!(codes.iter().zip(&texts).all(|(code, text)| *code == dict.code(text)) && codes[1] == Some(1));
        assert_eq!(intern(&mut dict, &text(0)), 20_000);
        assert_eq!(intern(&mut dict, &text(1)), 1);
        assert_eq!((dict.len(), dict.live()), (20_001, 13_334));
        assert_eq!(dict.iter().count(), 13_334);
    }

    #[test]
    fn a_table_grows_by_a_shard_at_a_time_and_by_whole_batches() {
        let mut dict = Dict::default();
        let text = |i: u32| format!("customer {i}").into_bytes();
        let mut counts = Vec::new();
        // A bulk, single texts, batches in between, single texts, another bulk.
        for (until, step) in [(250_000, 50_000), (270_000, 1), (300_000, 700), (310_000, 1), (400_000, 100_000)] {
            while dict.len() < until {
                let (from, before) = (dict.len(), dict.shards.len());
                let texts: Vec<Vec<u8>> = (from..from + step).map(text).collect();
                let kept = dict.clone();
                assert_eq!(dict.intern_all(texts.len(), |i| &texts[i])[0], from);
                let grown = dict.shards.len() - before;
                let is_small = (step as usize) * SMALL_PART < dict.live() as usize;
                assert!(!is_small || grown <= 1 + step as usize / SPLIT_TEXTS, "{before} shards and {grown} more");
                // Whoever holds an older one is not disturbed.
                assert_eq!(
                    (kept.code(&text(from)), kept.code(&text(from / 2))),
                    (None, (from > 0).then_some(from / 2))
                );
                assert_eq!(dict.code(&text(from)), Some(from));
            }
            assert!((0..dict.len()).all(|code| dict.code(&text(code)) == Some(code)), "{} texts", dict.len());
            assert!(dict.shards.iter().all(|shard| shard.len() < 3 * SHARD_TEXTS));
            counts.push(dict.shards.len());
        }
        assert_eq!(counts, [64, 66, 74, 76, 256]);
    }

    #[test]
    fn the_empty_text_is_a_text() {
        let mut dict = Dict::default();
        assert_eq!(dict.code(b""), None);
        assert_eq!(intern(&mut dict, b""), 0);
        assert_eq!(dict.code(b""), Some(0));
        assert_eq!(dict.iter().collect::<Vec<_>>(), [(0, &b""[..])]);
        intern(&mut dict, b"word");
        dict.remove(1);
        assert_eq!(dict.iter().count(), 1);
        dict.remove(0);
        assert_eq!(dict.code(b""), None);
        assert_eq!(dict.iter().count(), 0);
    }

    /// The dictionary as a vector and a map.
    #[derive(Debug, Clone, Default)]
    struct Model {
        texts: Vec<Option<Vec<u8>>>,
        codes: HashMap<Vec<u8>, u32>,
    }

    impl Model {
        fn intern(&mut self, text: &[u8]) -> u32 {
            if let Some(code) = self.codes.get(text) {
                return *code;
            }
            let code = self.texts.len() as u32;
            self.texts.push(Some(text.to_vec()));
            self.codes.insert(text.to_vec(), code);
            code
        }

        fn remove(&mut self, code: u32) {
            if let Some(text) = self.texts[code as usize].take() {
                self.codes.remove(&text);
            }
        }

        fn reorder(&mut self, order: &[u32]) {
            self.texts = order.iter().map(|old| self.texts[*old as usize].clone()).collect();
            let texts = (0..).zip(&self.texts);
            self.codes = texts.filter_map(|(code, text)| Some((text.clone()?, code))).collect();
        }

        fn agrees_with(&self, dict: &Dict) {
            assert_eq!((dict.len() as usize, dict.live() as usize), (self.texts.len(), self.codes.len()));
            let texts = (0..).zip(&self.texts);
            let live: Vec<(u32, &[u8])> = texts.filter_map(|(code, text)| Some((code, text.as_deref()?))).collect();
            assert!(dict.iter().eq(live.iter().copied()));
            for (code, text) in live {
                assert_eq!(dict.code(text), Some(code));
            }
            for (code, text) in (0..).zip(&self.texts) {
                assert_eq!(dict.text(code), text.as_deref().unwrap_or_default());
            }
        }
    }

    /// What is done to both: numbers choose texts and codes.
    #[derive(Debug, Clone)]
    enum Step {
        Intern(u32),
        /// From which text on, how many, and after how many different ones they come again.
        Batch(u32, u32, u32),
        Remove(u32),
        RemoveMany(u32),
        Reorder(u32),
        Keep,
    }

    fn steps() -> impl Strategy<Value = Vec<Step>> {
        let step = prop_oneof![
            4 => (0..30_000u32).prop_map(Step::Intern),
            3 => (0..30_000u32, 0..20_000u32, 1..20_000u32).prop_map(|(from, count, period)| Step::Batch(from, count, period)),
            3 => any::<u32>().prop_map(Step::Remove),
            1 => (2..9u32).prop_map(Step::RemoveMany),
            1 => any::<u32>().prop_map(Step::Reorder),
            1 => Just(Step::Keep),
        ];
        prop::collection::vec(step, 1..12)
    }

    /// Text 0 is empty, others have 1 to 40 bytes.
    fn text(i: u32) -> Vec<u8> {
        let digits = i.to_string();
        if i == 0 { Vec::new() } else { digits.repeat(1 + i as usize % 8).into_bytes() }
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(60))]

        #[test]
        fn a_dictionary_is_a_vector_and_a_map(steps in steps()) {
            let (mut dict, mut model) = (Dict::default(), Model::default());
            let mut kept = vec![(dict.clone(), model.clone())];
            for step in steps {
                let len = model.texts.len() as u32;
                match step {
                    Step::Intern(i) => assert_eq!(intern(&mut dict, &text(i)), model.intern(&text(i))),
                    Step::Batch(from, count, period) => {
                        let texts: Vec<Vec<u8>> = (0..count).map(|i| text(from + i * 7_919 % period)).collect();
                        let codes = dict.intern_all(texts.len(), |i| &texts[i]);
                        assert!(texts.iter().map(|text| model.intern(text)).eq(codes));
                    }
                    Step::Remove(at) if len > 0 => {
                        dict.remove(at % len);
                        model.remove(at % len);
                    }
                    Step::RemoveMany(every) => (0..len).step_by(every as usize).for_each(|code| {
                        dict.remove(code);
                        model.remove(code);
                    }),
                    Step::Reorder(seed) => {
                        let mut order: Vec<u32> = (0..len).collect();
                        order.sort_by_key(|code| code.wrapping_mul(seed | 1));
                        dict = dict.reordered(&order);
                        model.reorder(&order);
                    }
                    Step::Keep => kept.push((dict.clone(), model.clone())),
                    Step::Remove(_) => {}
                }
                model.agrees_with(&dict);
            }
            kept.iter().for_each(|(dict, model)| model.agrees_with(dict));
        }
    }
}
