//! For every code the rows that have it.

use std::ops::Range;
use std::sync::Arc;

use crate::block::{Container, Set};
use crate::column::{layout, read_sets, write_sets};
use crate::error::Result;
use crate::paged::Paged;
use crate::store::checkpoint::{FileWriter, Shards};

/// Row sets by code; shared between views set by set.
#[derive(Debug, Clone, Default)]
pub struct Postings {
    by_code: Paged<Arc<Set>>,
}

static NOBODY: std::sync::LazyLock<Set> = std::sync::LazyLock::new(Set::default);

impl Postings {
    /// The rows of a code.
    pub fn rows(&self, code: u32) -> &Set {
        self.by_code.get(code as usize).map_or(&NOBODY, |set| set)
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
        let sets = (0..).zip(self.by_code.iter().map(|set| &**set));
        write_sets(out, (field, layout::POSTINGS), blocks, sets)
    }

    /// The rows of every code as they were written, of a dictionary with so many texts.
    ///
    /// # Errors
    /// `Corrupt` for sections that were not written so.
    pub fn read(shards: &Shards, field: u16, texts: u32) -> Result<Self> {
        let mut by_code = Paged::default();
        for set in read_sets(shards, (field, layout::POSTINGS), texts as usize)? {
            by_code.push(Arc::new(set));
        }
        Ok(Self { by_code })
    }

    /// Heap bytes.
    pub fn bytes(&self) -> usize {
        self.by_code.iter().map(|set| size_of::<Set>() + 24 + set.bytes()).sum()
    }

    fn change(&mut self, code: u32, change: impl FnOnce(&mut Set)) {
        self.by_code.grow_to(code as usize + 1, &Arc::default());
        if let Some(set) = self.by_code.get_mut(code as usize) {
            change(Arc::make_mut(set));
        }
    }
}
