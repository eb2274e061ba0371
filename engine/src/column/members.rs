//! Sets of one field: a dictionary of members, and in pieces of 1,024 rows each row's codes behind each other.
//!
//! Members of an `int_set` lie in the dictionary as eight bytes each. An empty set and a missing one look the same
//! here; the field's presence tells them apart.

use std::collections::BTreeSet;
use std::sync::Arc;

use super::dict::Dict;
use super::edit::{ArrivedBlocks, OpenBlocks, parts};
use super::layout::{self, of_block};
use crate::block::{BLOCK_ROWS, split};
use crate::error::Result;
use crate::paged::Paged;
use crate::shared::{Shared, bytes_of};
use crate::store::checkpoint::{FileWriter, Shards};

/// Rows of a piece: a change of one row copies its piece.
const PIECE_ROWS: usize = 1_024;

/// Pieces of a block.
const PIECES: usize = BLOCK_ROWS / PIECE_ROWS;

/// Pieces that are copied as pointers when one of them changes.
const SHARED: usize = 32;

/// Appended rows from which on blocks are opened as a whole.
const FEW_ROWS: usize = 64;

/// A set field's values.
#[derive(Debug, Clone, Default)]
pub struct Members {
    /// Members by code.
    pub dict: Dict,
    pieces: Paged<Arc<Piece>, SHARED>,
}

/// The sets of rows that follow each other.
#[derive(Debug, Clone, Default)]
struct Piece {
    /// Where each row's codes end; a row's codes begin where the row before it ends.
    ends: Shared<u32>,
    /// Where the first row's codes begin: places count from the first row of the block on where they were written so.
    start: u32,
    /// Codes, ascending within a row.
    codes: Shared<u32>,
}

impl Piece {
    fn new(rows: &[&[u32]]) -> Self {
        let mut codes = Vec::with_capacity(rows.iter().map(|row| row.len()).sum());
        let mut ends = Vec::with_capacity(rows.len());
        for row in rows {
            codes.extend_from_slice(row);
            ends.push(codes.len() as u32);
        }
        Self { ends: ends.into(), start: 0, codes: codes.into() }
    }

    fn row(&self, index: usize) -> &[u32] {
        let Some(&end) = self.ends.get(index) else { return &[] };
        let start = if index == 0 { self.start } else { self.ends[index - 1] };
        &self.codes[(start - self.start) as usize..(end - self.start) as usize]
    }
}

/// The piece of a row, and its place there.
fn cut(row: u32) -> (u32, usize) {
    (row / PIECE_ROWS as u32, row as usize % PIECE_ROWS)
}

impl Members {
    /// The codes of a row's members, ascending.
    pub fn get(&self, row: u32) -> &[u32] {
        let (piece, at) = cut(row);
        self.pieces.get(piece as usize).map_or(&[], |piece| piece.row(at))
    }

    /// The pieces of a block that were written, with the offset of the first row of each.
    fn of_block(&self, block: u32) -> impl Iterator<Item = (usize, &Piece)> {
        let first = block as usize * PIECES;
        let pieces = (first..first + PIECES).map_while(|number| self.pieces.get(number));
        (0..).step_by(PIECE_ROWS).zip(pieces.map(|piece| &**piece))
    }

    /// Rows and codes of a block: `visit(offset, codes)` for each row that has members.
    pub fn visit(&self, block: u32, mut visit: impl FnMut(u16, &[u32])) {
        for (first, piece) in self.of_block(block) {
            let mut start = piece.start;
            for (at, &end) in piece.ends.iter().enumerate() {
                if end > start {
                    // A block has at most 65,536 rows.
                    let codes = &piece.codes[(start - piece.start) as usize..(end - piece.start) as usize];
                    visit((first + at) as u16, codes);
                }
                start = end;
            }
        }
    }

    /// Writes the sets of a block.
    ///
    /// # Errors
    /// `Io` when the system refuses.
    pub fn write(&self, out: &mut FileWriter<'_>, field: u16, block: u32) -> Result<()> {
        let (mut ends, mut end) = (Vec::new(), 0);
        for (first, piece) in self.of_block(block) {
            ends.resize(first, end);
            ends.extend(piece.ends.iter().map(|of_row| end + of_row - piece.start));
            end = ends.last().copied().unwrap_or(end);
        }
        out.put(of_block(field, layout::MEMBER_ENDS, block), bytes_of(&ends))?;
        let codes = self.of_block(block).map(|(_, piece)| bytes_of(&piece.codes));
        out.put_parts(of_block(field, layout::MEMBER_CODES, block), codes)
    }

    /// The sets of all blocks as they were written, of members in a dictionary.
    ///
    /// # Errors
    /// `Corrupt` for sections that were not written so.
    pub fn read(shards: &Shards, field: u16, dict: Dict) -> Result<Self> {
        let mut pieces = Vec::new();
        for block in 0..shards.block_count() {
            let id = |part| of_block(field, part, block);
            let ends: &'static [u32] = shards.slice(id(layout::MEMBER_ENDS))?.unwrap_or_default();
            let codes: &'static [u32] = shards.slice(id(layout::MEMBER_CODES))?.unwrap_or_default();
            let fit = ends.is_sorted()
                && ends.len() <= BLOCK_ROWS
                && ends.last().is_none_or(|end| *end as usize <= codes.len());
            if !fit || codes.iter().any(|code| *code >= dict.len()) {
                return Err(shards.malformed(id(layout::MEMBER_ENDS), "sets do not fit their members"));
            }
            pieces.resize(block as usize * PIECES, Arc::default());
            let mut start = 0;
            for ends in ends.chunks(PIECE_ROWS) {
                let end = ends.last().copied().unwrap_or(start);
                let codes = Shared::lasting(&codes[start as usize..end as usize]);
                pieces.push(Arc::new(Piece { ends: Shared::lasting(ends), start, codes }));
                start = end;
            }
        }
        Ok(Self { pieces: pieces.into_iter().collect(), dict })
    }

    fn replace(&mut self, number: u32, piece: Piece) {
        if self.pieces.len() <= number as usize {
            self.pieces.grow_to(number as usize + 1, &Arc::default());
        }
        if let Some(place) = self.pieces.get_mut(number as usize) {
            *place = Arc::new(piece);
        }
    }

    /// Heap bytes.
    pub fn bytes(&self) -> usize {
        let of = |piece: &Arc<Piece>| size_of::<Piece>() + 4 * (piece.ends.len() + piece.codes.len());
        self.dict.bytes() + self.pieces.bytes() + self.pieces.iter().map(of).sum::<usize>()
    }
}

/// A set field that is being changed.
#[derive(Debug)]
pub struct MembersEditor {
    base: Members,
    /// Blocks that rows were appended to.
    open: OpenBlocks<OpenChunk>,
    /// Pieces of other blocks.
    pieces: OpenBlocks<OpenChunk>,
}

/// Sets of rows that follow each other where they can be changed: replaced codes stay behind as garbage until all are done.
#[derive(Debug, Default)]
struct OpenChunk {
    spans: Vec<(u32, u32)>,
    pool: Vec<u32>,
}

impl OpenChunk {
    fn row(&self, index: usize) -> &[u32] {
        self.spans.get(index).map_or(&[], |&(start, len)| &self.pool[start as usize..(start + len) as usize])
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

    /// Gives codes that ascend to a row.
    fn put(&mut self, index: usize, codes: &[u32]) {
        if self.spans.len() <= index {
            self.spans.resize(index + 1, (0, 0));
        }
        self.spans[index] = (self.pool.len() as u32, codes.len() as u32);
        self.pool.extend_from_slice(codes);
    }

    fn rows(&self) -> Vec<&[u32]> {
        (0..self.spans.len()).map(|index| self.row(index)).collect()
    }

    /// As pieces.
    fn close(&self) -> Vec<Piece> {
        self.rows().chunks(PIECE_ROWS).map(Piece::new).collect()
    }
}

impl MembersEditor {
    /// Starts from a column.
    pub fn new(base: Members) -> Self {
        Self { base, open: OpenBlocks::default(), pieces: OpenBlocks::default() }
    }

    /// The codes of many members; see [`Dict::intern_all`].
    pub fn intern_all<'t>(&mut self, count: usize, member: impl Fn(usize) -> &'t [u8]) -> Vec<u32> {
        self.base.dict.intern_all(count, member)
    }

    /// The codes of a row as they stand.
    pub fn get(&self, row: u32) -> &[u32] {
        let (block, offset) = split(row);
        let (piece, at) = cut(row);
        match (self.open.peek(block), self.pieces.peek(piece)) {
            (Some(rows), _) => rows.row(offset.into()),
            (None, Some(rows)) => rows.row(at),
            (None, None) => self.base.get(row),
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
        if self.open.peek(block).is_some() {
            self.open.get(block, OpenChunk::default).put(offset.into(), codes);
            return true;
        }
        let (piece, at) = cut(row);
        let open = || self.base.pieces.get(piece as usize).map_or(OpenChunk::default(), |piece| open([(0, &**piece)]));
        self.pieces.get(piece, open).put(at, codes);
        true
    }

    /// Opens a block as a whole.
    fn open(&mut self, block: u32) {
        let rows = self.open.get(block, || open(self.base.of_block(block)));
        for number in 0..PIECES {
            // Pieces are fewer than rows.
            let Some(changed) = self.pieces.remove(block * PIECES as u32 + number as u32) else { continue };
            (number * PIECE_ROWS..).zip(changed.rows()).for_each(|(offset, codes)| rows.put(offset, codes));
        }
    }

    /// Gives members to rows from `first` on, which no earlier row follows: row after row the next codes up to its end,
    /// in any order.
    pub fn append(&mut self, first: u32, codes: &[u32], ends: &[usize]) {
        let mut start = 0;
        if ends.len() < FEW_ROWS {
            for (row, end) in (first..).zip(ends) {
                self.set(row, &mut codes[start..*end].to_vec());
                start = *end;
            }
            return;
        }
        for (block, offset, part) in parts(first, ends.len()) {
            self.open(block);
            let chunk = self.open.get(block, OpenChunk::default);
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
        if order.is_some() {
            self.pieces.numbers().into_iter().for_each(|piece| self.open(piece / PIECES as u32));
        }
        for (number, piece) in self.pieces.finish() {
            touched.insert(number / PIECES as u32);
            self.base.replace(number, Piece::new(&piece.rows()));
        }
        let lay = |arrived: &ArrivedBlocks<OpenChunk>, rows: &[u32]| {
            let of = |row: &u32| arrived.get(*row).map_or(&[][..], |(rows, offset)| rows.row(offset));
            let rows: Vec<&[u32]> = rows.iter().map(of).collect();
            rows.chunks(PIECE_ROWS).map(Piece::new).collect()
        };
        for (block, pieces) in self.open.finish_in(order, |rows| rows.close(), lay) {
            touched.insert(block);
            for (number, piece) in (block * PIECES as u32..).zip(pieces) {
                self.base.replace(number, piece);
            }
        }
        (self.base, touched)
    }
}

/// Pieces where they can be changed, each with the place of its first row.
fn open<'p>(pieces: impl IntoIterator<Item = (usize, &'p Piece)>) -> OpenChunk {
    let mut open = OpenChunk::default();
    for (first, piece) in pieces {
        open.spans.resize(first, (0, 0));
        let mut start = piece.start;
        for &end in piece.ends.iter() {
            let from = open.pool.len() as u32 + start - piece.start;
            open.spans.push((from, end - start));
            start = end;
        }
        open.pool.extend_from_slice(&piece.codes);
    }
    open
}
