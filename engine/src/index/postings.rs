//! For every code the rows that have it.

use std::ops::Range;

use crate::block::{Container, Set};
use crate::column::{layout, read_sets, write_sets};
use crate::error::Result;
use crate::paged::Paged;
use crate::store::checkpoint::{FileWriter, Shards};

/// Sets of a page: a change of one copies as many pointers.
const PAGE: usize = 64;

/// Row sets by code; shared between views set by set.
#[derive(Debug, Clone, Default)]
pub struct Postings {
    by_code: Paged<Set, PAGE>,
}

static NOBODY: std::sync::LazyLock<Set> = std::sync::LazyLock::new(Set::default);

impl Postings {
    /// The rows of a code.
    pub fn rows(&self, code: u32) -> &Set {
        self.by_code.get(code as usize).unwrap_or(&NOBODY)
    }

    /// How many rows a code has.
    pub fn count(&self, code: u32) -> u64 {
        self.rows(code).len()
    }

    /// Puts a row under a code.
    pub fn insert(&mut self, code: u32, row: u32) {
        self.change(code, |set| _ = set.insert(row));
    }

    /// Takes a row from a code.
    pub fn remove(&mut self, code: u32, row: u32) {
        self.change(code, |set| _ = set.remove(row));
    }

    /// Gives a block its rows anew: `stale` are the codes it had, `pairs` are (code, offset) with offsets ascending.
    pub fn rebuild(&mut self, block: u32, stale: impl Iterator<Item = u32>, pairs: &[(u32, u16)]) {
        let codes = pairs.iter().map(|(code, _)| *code as usize + 1).max().unwrap_or(0);
        self.by_code.grow_to(codes, &Set::default());
        let mut ends = vec![0u32; codes];
        for (code, _) in pairs {
            ends[*code as usize] += 1;
        }
        for code in stale {
            if ends.get(code as usize).is_none_or(|count| *count == 0) {
                self.change(code, |set| _ = set.replace(block, Container::Empty));
            }
        }
        let mut start = 0;
        for end in &mut ends {
            start += std::mem::replace(end, start);
        }
        // `ends` holds starts now; placing each pair moves its code's start to its end.
        let mut offsets = vec![0u16; pairs.len()];
        for (code, offset) in pairs {
            let place = &mut ends[*code as usize];
            offsets[*place as usize] = *offset;
            *place += 1;
        }
        let mut start = 0;
        for (code, &end) in ends.iter().enumerate() {
            if end > start {
                let container = Container::from_sorted(&offsets[start as usize..end as usize]);
                self.change(code as u32, |set| _ = set.replace(block, container));
            }
            start = end;
        }
    }

    /// Rows under all codes together.
    pub fn total(&self) -> u64 {
        self.by_code.iter().map(|set| set.len()).sum()
    }

    /// Writes the rows of every code in the blocks of a shard.
    ///
    /// # Errors
    /// `Io` when the system refuses.
    pub fn write(&self, out: &mut FileWriter<'_>, field: u16, blocks: Range<u32>) -> Result<()> {
        let sets = (0..).zip(self.by_code.iter());
        write_sets(out, (field, layout::POSTINGS), blocks, sets)
    }

    /// The rows of every code as they were written, of a dictionary with so many texts.
    ///
    /// # Errors
    /// `Corrupt` for sections that were not written so.
    pub fn read(shards: &Shards, field: u16, texts: u32) -> Result<Self> {
        Ok(Self { by_code: read_sets(shards, (field, layout::POSTINGS), texts as usize)?.into_iter().collect() })
    }

    /// Heap bytes.
    pub fn bytes(&self) -> usize {
        self.by_code.iter().map(|set| size_of::<Set>() + set.bytes()).sum()
    }

    fn change(&mut self, code: u32, change: impl FnOnce(&mut Set)) {
        self.by_code.grow_to(code as usize + 1, &Set::default());
        if let Some(set) = self.by_code.get_mut(code as usize) {
            change(set);
        }
    }
}
