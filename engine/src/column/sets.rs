//! Sets of rows as sections of a shard file: a directory of containers, then their payloads by form.
//!
//! Under the part of the sets themselves lies the directory, four `u32` for each container that is not empty, ascending
//! by set and block: the number of the set; block within the shard, form and length (bits 0-7, 8-15, 16-31); rows; and
//! the place of the payload among those of its form. Under the three parts behind it lie the bits of blocks (1,024
//! `u64` each), lists of offsets (`u16`), and runs (pairs of `u16`).

use std::ops::Range;

use super::layout::of_block;
use crate::block::{BLOCK_ROWS, Bits, Container, Run, Set, SetBuilder, Words};
use crate::error::Result;
use crate::shared::{Shared, bytes_of};
use crate::store::checkpoint::{FileWriter, Shards};

const FULL: u32 = 1;
const ARRAY: u32 = 2;
const BITS: u32 = 3;
const RUNS: u32 = 4;

/// `u32`s of an entry of the directory.
const ENTRY: usize = 4;

/// Writes what sets have of the blocks of a shard; `sets` ascend by number.
///
/// # Errors
/// `Io` when the system refuses.
pub fn write_sets<'s>(
    out: &mut FileWriter<'_>,
    (field, part): (u16, u16),
    blocks: Range<u32>,
    sets: impl Iterator<Item = (u32, &'s Set)>,
) -> Result<()> {
    let first = blocks.start;
    let (mut directory, mut bits) = (Vec::<u32>::new(), Vec::<u8>::new());
    let (mut lists, mut runs) = (Vec::<u16>::new(), Vec::<Run>::new());
    for (number, set) in sets {
        for (block, container) in set.blocks_within(blocks.clone()) {
            // Lists and runs are short, and a shard's payloads far fewer than u32 counts.
            let (form, length, at) = match container {
                Container::Empty => continue,
                Container::Full => (FULL, 0, 0),
                Container::Array(offsets) => (ARRAY, offsets.len(), lists.len()),
                Container::Bits { .. } => (BITS, 0, bits.len() / size_of::<Words>()),
                Container::Runs { runs: ranges, .. } => (RUNS, ranges.len(), runs.len()),
            };
            match container {
                Container::Empty | Container::Full => {}
                Container::Array(offsets) => lists.extend_from_slice(offsets),
                Container::Bits { words, .. } => bits.extend_from_slice(bytes_of(&words.0)),
                Container::Runs { runs: ranges, .. } => runs.extend_from_slice(ranges),
            }
            let place = (block - first) | form << 8 | (length as u32) << 16;
            directory.extend([number, place, container.cardinality(), at as u32]);
        }
    }
    out.put(of_block(field, part, first), bytes_of(&directory))?;
    out.put(of_block(field, part + 1, first), &bits)?;
    out.put(of_block(field, part + 2, first), bytes_of(&lists))?;
    out.put(of_block(field, part + 3, first), bytes_of(&runs))
}

/// The sets of all shards, by number; there are `count`.
///
/// # Errors
/// `Corrupt` for sections that were not written so.
pub fn read_sets(shards: &Shards, (field, part): (u16, u16), count: usize) -> Result<Vec<Set>> {
    let mut containers = vec![0u32; count];
    let firsts = (0..shards.block_count()).step_by(shards.shard_blocks() as usize);
    let parts: Result<Vec<Payloads>> = firsts.map(|first| Payloads::read(shards, (field, part), first)).collect();
    let parts = parts?;
    for entry in parts.iter().flat_map(Payloads::entries) {
        if let Some(containers) = containers.get_mut(entry[0] as usize) {
            *containers += 1;
        }
    }
    let mut sets: Vec<SetBuilder> = containers.iter().map(|count| SetBuilder::with_capacity(*count as usize)).collect();
    for payloads in &parts {
        let mut last = None;
        for entry in payloads.entries() {
            let malformed = |why| shards.malformed(of_block(field, part, payloads.first), why);
            let (number, block) = (entry[0], payloads.first + (entry[1] & 0xff));
            let container = payloads.container(entry).ok_or_else(|| malformed("a container lies outside"))?;
            let set = sets.get_mut(number as usize).ok_or_else(|| malformed("there is no such set"))?;
            let in_order = last.is_none_or(|last| last < (number, block));
            if !in_order || block - payloads.first >= shards.shard_blocks() || block >= shards.block_count() {
                return Err(malformed("containers are out of order"));
            }
            last = Some((number, block));
            set.push(block, container);
        }
    }
    Ok(sets.into_iter().map(SetBuilder::finish).collect())
}

/// What one shard has of some sets.
struct Payloads {
    first: u32,
    directory: Shared<u32>,
    bits: &'static [Words],
    lists: &'static [u16],
    runs: &'static [Run],
}

impl Payloads {
    fn read(shards: &Shards, (field, part): (u16, u16), first: u32) -> Result<Self> {
        let id = |form| of_block(field, part + form, first);
        Ok(Self {
            first,
            directory: shards.values(id(0))?.unwrap_or_default(),
            bits: shards.slice(id(1))?.unwrap_or_default(),
            lists: shards.slice(id(2))?.unwrap_or_default(),
            runs: shards.slice(id(3))?.unwrap_or_default(),
        })
    }

    fn entries(&self) -> impl Iterator<Item = &[u32; ENTRY]> {
        self.directory.as_chunks().0.iter()
    }

    /// The container of an entry; `None` when it cannot be one.
    fn container(&self, [_, place, cardinality, at]: &[u32; ENTRY]) -> Option<Container> {
        let (at, length) = (*at as usize, (place >> 16) as usize);
        let cardinality = *cardinality;
        let is_some = (1..=BLOCK_ROWS as u32).contains(&cardinality);
        Some(match place >> 8 & 0xff {
            FULL => Container::Full,
            ARRAY if length > 0 => Container::Array(Shared::lasting(self.lists.get(at..at + length)?)),
            BITS if is_some => {
                let words = Shared::lasting(self.bits.get(at..at + 1)?);
                Container::Bits { words: Bits::new(words)?, cardinality }
            }
            RUNS => {
                let runs = self.runs.get(at..at + length)?;
                let ascend = |pair: &[Run]| pair[0].last < pair[1].first;
                let rows: u32 = runs.iter().map(|run| u32::from(run.last.saturating_sub(run.first)) + 1).sum();
                let are_runs = runs.iter().all(|run| run.first <= run.last) && runs.windows(2).all(ascend);
                (are_runs && is_some && rows == cardinality)
                    .then(|| Shared::lasting(runs))
                    .map(|runs| Container::Runs { runs, cardinality })?
            }
            _ => return None,
        })
    }
}
