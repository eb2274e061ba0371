//! A dictionary in pieces, and which of them are still what they were when a checkpoint was written.
//!
//! A piece is a file of its own: so many full pages of texts, or so many shards of the hash table.

use std::ops::Range;
use std::sync::{Arc, Weak};

use super::dict::Dict;
use super::growth::{shard_start, whole_shards};
use super::shard::Shard;
use super::texts::Page;
use crate::error::Result;
use crate::store::checkpoint::{FileKind, FileWriter};

/// Tells a dictionary from later and from other ones, page by page and shard by shard; holds none of its texts. What is
/// changed lies elsewhere afterwards: [`Arc::make_mut`] leaves the place that a [`Weak`] names, and nothing else takes it.
#[derive(Debug, Clone)]
pub struct DictStamp {
    pages: Vec<Weak<Page>>,
    shards: Vec<Weak<Shard>>,
}

impl PartialEq for DictStamp {
    fn eq(&self, other: &Self) -> bool {
        are_same(&self.pages, &other.pages) && are_same(&self.shards, &other.shards)
    }
}

impl DictStamp {
    /// Whether a piece is still that of an older stamp, where pieces had the same size.
    pub fn has_piece_of(&self, older: &Self, kind: FileKind, place: u16, size: u32) -> bool {
        match kind {
            FileKind::Texts => {
                let within = bounds(place, size);
                are_same(part(&self.pages, &within), part(&older.pages, &within))
            }
            _ => {
                let part = |shards| part(shards, &shard_bounds(place, size, shards.len()));
                are_same(part(&self.shards), part(&older.shards))
            }
        }
    }
}

fn are_same<T>(left: &[Weak<T>], right: &[Weak<T>]) -> bool {
    left.len() == right.len() && left.iter().zip(right).all(|(left, right)| left.ptr_eq(right))
}

/// The pages of a piece, or the shards that there were before any was split.
fn bounds(place: u16, size: u32) -> Range<usize> {
    let start = usize::from(place) * size as usize;
    start..start + size as usize
}

/// The shards of a piece, of a table of so many: halves stay in the piece that their shard was in.
fn shard_bounds(place: u16, size: u32, shards: usize) -> Range<usize> {
    let Range { start, end } = bounds(place, size);
    shard_start(start, shards)..shard_start(end, shards)
}

/// As much of a range as there is.
fn part<'a, T>(all: &'a [T], range: &Range<usize>) -> &'a [T] {
    &all[range.start.min(all.len())..range.end.min(all.len())]
}

impl Dict {
    /// What tells whether this dictionary is still the same later.
    pub fn stamp(&self) -> DictStamp {
        DictStamp {
            pages: self.texts.pages().map(Arc::downgrade).collect(),
            shards: self.shards.iter().map(Arc::downgrade).collect(),
        }
    }

    /// How many pieces of a kind there are: so many pages that are full, or so many shards of the table.
    pub fn piece_count(&self, kind: FileKind, size: u32) -> u16 {
        let whole = if kind == FileKind::Texts { self.texts.full_pages() } else { whole_shards(self.shards.len()) };
        // A dictionary that large does not fit into memory: the rest would stay together.
        u16::try_from(whole / size.max(1) as usize).unwrap_or(u16::MAX)
    }

    /// Writes a piece.
    ///
    /// # Errors
    /// `Io` when the system refuses.
    pub fn write_piece(
        &self,
        out: &mut FileWriter<'_>,
        field: u16,
        kind: FileKind,
        place: u16,
        size: u32,
    ) -> Result<()> {
        match kind {
            FileKind::Texts => {
                let Range { start, end } = bounds(place, size);
                Page::write_all(self.texts.pages().take(end).skip(start), out, field)
            }
            _ => {
                let Range { start, end } = shard_bounds(place, size, self.shards.len());
                Shard::write_all(self.shards.iter().take(end).skip(start), out, field)
            }
        }
    }

    /// Writes the texts and the shards of the table that are in no piece.
    ///
    /// # Errors
    /// `Io` when the system refuses.
    pub fn write_rest(&self, out: &mut FileWriter<'_>, field: u16, size: u32) -> Result<()> {
        let pages = bounds(self.piece_count(FileKind::Texts, size), size).start;
        Page::write_all(self.texts.pages().skip(pages), out, field)?;
        let shards = shard_bounds(self.piece_count(FileKind::Table, size), size, self.shards.len()).start;
        Shard::write_all(self.shards.iter().skip(shards), out, field)
    }
}
