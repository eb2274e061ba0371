//! Sets of one field: a dictionary of members, and each row's codes behind each other.
//!
//! Members of an `int_set` lie in the dictionary as eight bytes each. An empty set and a missing one look the same
//! here; the field's presence tells them apart.

use std::collections::BTreeSet;
use std::sync::Arc;

use arrow_buffer::ScalarBuffer;

use super::codes::in_place;
use super::dict::Dict;
use super::edit::{ArrivedBlocks, OpenBlocks, parts};
use super::layout::{self, of_block};
use crate::block::split;
use crate::error::Result;
use crate::store::checkpoint::{FileWriter, Shards};

/// A set field's values.
#[derive(Debug, Clone, Default)]
pub struct Members {
    /// Members by code.
    pub dict: Dict,
    chunks: Vec<Arc<Chunk>>,
}

/// The sets of one block.
#[derive(Debug, Clone, Default)]
struct Chunk {
    /// Where each row's codes end; a row's codes begin where the row before it ends.
    ends: ScalarBuffer<u32>,
    /// Codes, ascending within a row.
    codes: ScalarBuffer<u32>,
}

impl Chunk {
    fn new(rows: &[&[u32]]) -> Self {
        let mut codes = Vec::with_capacity(rows.iter().map(|row| row.len()).sum());
        let mut ends = Vec::with_capacity(rows.len());
        for row in rows {
            codes.extend_from_slice(row);
            ends.push(codes.len() as u32);
        }
        Self { ends: ends.into(), codes: codes.into() }
    }

    fn row(&self, offset: u16) -> &[u32] {
        let index = usize::from(offset);
        let Some(&end) = self.ends.get(index) else { return &[] };
        let start = if index == 0 { 0 } else { self.ends[index - 1] };
        &self.codes[start as usize..end as usize]
    }
}

impl Members {
    /// The codes of a row's members, ascending.
    pub fn get(&self, row: u32) -> &[u32] {
        let (block, offset) = split(row);
        self.chunks.get(block as usize).map_or(&[], |chunk| chunk.row(offset))
    }

    /// Rows and codes of a block: `visit(offset, codes)` for each row that has members.
    pub fn visit(&self, block: u32, mut visit: impl FnMut(u16, &[u32])) {
        let Some(chunk) = self.chunks.get(block as usize) else { return };
        let mut start = 0;
        for (offset, &end) in chunk.ends.iter().enumerate() {
            if end > start {
                visit(offset as u16, &chunk.codes[start as usize..end as usize]);
            }
            start = end;
        }
    }

    /// Writes the sets of a block.
    ///
    /// # Errors
    /// `Io` when the system refuses.
    pub fn write(&self, out: &mut FileWriter<'_>, field: u16, block: u32) -> Result<()> {
        let Some(chunk) = self.chunks.get(block as usize) else { return Ok(()) };
        out.put(of_block(field, layout::MEMBER_ENDS, block), chunk.ends.inner())?;
        out.put(of_block(field, layout::MEMBER_CODES, block), chunk.codes.inner())
    }

    /// The sets of all blocks as they were written, of members in a dictionary.
    ///
    /// # Errors
    /// `Corrupt` for sections that were not written so.
    pub fn read(shards: &Shards, field: u16, dict: Dict) -> Result<Self> {
        let chunk = |block| {
            let id = |part| of_block(field, part, block);
            let ends: &[u32] = shards.slice(id(layout::MEMBER_ENDS))?.unwrap_or_default();
            let codes: &[u32] = shards.slice(id(layout::MEMBER_CODES))?.unwrap_or_default();
            let fit = ends.is_sorted() && ends.last().is_none_or(|end| *end as usize <= codes.len());
            if !fit || codes.iter().any(|code| *code >= dict.len()) {
                return Err(shards.malformed(id(layout::MEMBER_ENDS), "sets do not fit their members"));
            }
            Ok(Arc::new(Chunk { ends: in_place(ends), codes: in_place(codes) }))
        };
        let chunks: Result<Vec<Arc<Chunk>>> = (0..shards.block_count()).map(chunk).collect();
        Ok(Self { chunks: chunks?, dict })
    }

    /// Heap bytes.
    pub fn bytes(&self) -> usize {
        let chunks: usize =
            self.chunks.iter().map(|chunk| chunk.ends.inner().capacity() + chunk.codes.inner().capacity()).sum();
        self.dict.bytes() + chunks
    }
}

/// A set field that is being changed.
#[derive(Debug)]
pub struct MembersEditor {
    base: Members,
    open: OpenBlocks<OpenChunk>,
}

/// A block's sets where they can be changed: replaced codes stay behind as garbage until the block is finished.
#[derive(Debug, Default)]
struct OpenChunk {
    spans: Vec<(u32, u32)>,
    pool: Vec<u32>,
}

impl OpenChunk {
    fn row(&self, offset: u16) -> &[u32] {
        self.spans
            .get(usize::from(offset))
            .map_or(&[], |&(start, len)| &self.pool[start as usize..(start + len) as usize])
    }

    /// Gives codes, in any order, to the row after the last.
    fn push(&mut self, codes: &[u32]) {
        let start = self.pool.len();
        self.pool.extend_from_slice(codes);
        if !codes.is_sorted_by(|left, right| left < right) {
            let mut sorted = self.pool.split_off(start);
            sorted.sort_unstable();
            sorted.dedup();
            self.pool.append(&mut sorted);
        }
        self.spans.push((start as u32, (self.pool.len() - start) as u32));
    }

    fn close(self) -> Chunk {
        // Offsets of a block are below 65,536.
        let rows: Vec<&[u32]> = (0..self.spans.len()).map(|offset| self.row(offset as u16)).collect();
        Chunk::new(&rows)
    }
}

impl MembersEditor {
    /// Starts from a column.
    pub fn new(base: Members) -> Self {
        Self { base, open: OpenBlocks::default() }
    }

    /// The codes of many members; see [`Dict::intern_all`].
    pub fn intern_all<'t>(&mut self, count: usize, member: impl Fn(usize) -> &'t [u8]) -> Vec<u32> {
        self.base.dict.intern_all(count, member)
    }

    /// The codes of a row as they stand.
    pub fn get(&self, row: u32) -> &[u32] {
        let (block, offset) = split(row);
        match self.open.peek(block) {
            Some(chunk) => chunk.row(offset),
            None => self.base.get(row),
        }
    }

    /// Gives a row its members, in any order; `codes` comes back sorted and without duplicates. Says whether the
    /// members changed.
    pub fn set(&mut self, row: u32, codes: &mut Vec<u32>) -> bool {
        codes.sort_unstable();
        codes.dedup();
        if self.get(row) == codes.as_slice() {
            return false;
        }
        let (block, offset) = split(row);
        let chunk = self.open.get(block, || open(&self.base, block));
        let offset = usize::from(offset);
        if chunk.spans.len() <= offset {
            chunk.spans.resize(offset + 1, (0, 0));
        }
        chunk.spans[offset] = (chunk.pool.len() as u32, codes.len() as u32);
        chunk.pool.extend_from_slice(codes);
        true
    }

    /// Gives members to rows from `first` on, which no earlier row follows: row after row the next codes up to its end,
    /// in any order.
    pub fn append(&mut self, first: u32, codes: &[u32], ends: &[usize]) {
        let mut start = 0;
        for (block, offset, part) in parts(first, ends.len()) {
            let chunk = self.open.get(block, || open(&self.base, block));
            chunk.spans.resize(offset, (0, 0));
            for end in &ends[part] {
                chunk.push(&codes[start..*end]);
                start = *end;
            }
        }
    }

    /// The changed column, and which blocks are new in it; see [`OpenBlocks::finish_in`].
    pub fn finish(mut self, order: Option<&[u32]>) -> (Members, BTreeSet<u32>) {
        let mut touched = BTreeSet::new();
        let lay = |arrived: &ArrivedBlocks<OpenChunk>, rows: &[u32]| {
            // Offsets are below 65,536.
            let of = |row: &u32| arrived.get(*row).map_or(&[][..], |(chunk, offset)| chunk.row(offset as u16));
            Chunk::new(&rows.iter().map(of).collect::<Vec<&[u32]>>())
        };
        for (block, chunk) in self.open.finish_in(order, |chunk| chunk.close(), lay) {
            touched.insert(block);
            while self.base.chunks.len() <= block as usize {
                self.base.chunks.push(Arc::default());
            }
            self.base.chunks[block as usize] = Arc::new(chunk);
        }
        (self.base, touched)
    }
}

fn open(base: &Members, block: u32) -> OpenChunk {
    let Some(chunk) = base.chunks.get(block as usize) else { return OpenChunk::default() };
    let mut start = 0;
    let spans = chunk
        .ends
        .iter()
        .map(|&end| (std::mem::replace(&mut start, end), end))
        .map(|(from, to)| (from, to - from))
        .collect();
    OpenChunk { spans, pool: chunk.codes.to_vec() }
}
