//! Dictionary codes of one field by row, in pieces of 4,096 rows, each as narrow as its codes allow: a change of one row
//! copies its piece.

use std::collections::BTreeSet;

use super::edit::{ArrivedBlocks, OpenBlocks, parts};
use super::layout::{self, of_block};
use crate::block::{BLOCK_ROWS, join, retain_if, split};
use crate::error::Result;
use crate::paged::Paged;
use crate::shared::{Plain, Shared, bytes_of};
use crate::store::checkpoint::{FileWriter, Shards};

/// The code of a row that has no value.
pub const MISSING: u32 = u32::MAX;

/// Rows of a piece.
const PIECE_ROWS: usize = 4_096;

/// Pieces of a block.
const PIECES: usize = BLOCK_ROWS / PIECE_ROWS;

/// Appended rows from which on blocks are opened as a whole.
const FEW_ROWS: usize = 64;

/// Codes by row. A piece is as long as its last written row; rows beyond are missing.
#[derive(Debug, Clone, Default)]
pub struct Codes {
    pieces: Paged<Piece, PIECES>,
}

/// The codes of rows that follow each other; the greatest number of each width means missing.
#[derive(Debug, Clone)]
enum Piece {
    Bytes(Shared<u8>),
    Shorts(Shared<u16>),
    Words(Shared<u32>),
}

impl Default for Piece {
    fn default() -> Self {
        Self::Bytes(Shared::default())
    }
}

/// Runs an expression with the codes of a piece, whatever its width.
macro_rules! with_buffer {
    ($piece:expr, $buffer:ident => $body:expr) => {
        match $piece {
            Piece::Bytes($buffer) => $body,
            Piece::Shorts($buffer) => $body,
            Piece::Words($buffer) => $body,
        }
    };
}

/// A width of codes.
trait Width: Plain + Copy + PartialEq + Into<u32> {
    const MISSING: Self;

    /// The code as it is known outside.
    fn code(self) -> u32 {
        if self == Self::MISSING { MISSING } else { self.into() }
    }
}

impl Width for u8 {
    const MISSING: Self = Self::MAX;
}

impl Width for u16 {
    const MISSING: Self = Self::MAX;
}

impl Width for u32 {
    const MISSING: Self = Self::MAX;
}

/// The piece of a row, and its place there.
fn cut(row: u32) -> (u32, usize) {
    (row / PIECE_ROWS as u32, row as usize % PIECE_ROWS)
}

impl Codes {
    /// The code of a row; [`MISSING`] where none was written.
    pub fn get(&self, row: u32) -> u32 {
        let (piece, at) = cut(row);
        self.pieces.get(piece as usize).map_or(MISSING, |piece| piece.get(at))
    }

    /// The codes of a block, from its first row on; some that are missing are left out.
    pub fn visit(&self, block: u32, mut visit: impl FnMut(u16, u32)) {
        for number in 0..PIECES {
            let Some(piece) = self.pieces.get(block as usize * PIECES + number) else { return };
            let first = number * PIECE_ROWS;
            // A block has at most 65,536 rows.
            with_buffer!(piece, buffer => {
                buffer.iter().enumerate().for_each(|(at, code)| visit((first + at) as u16, code.code()));
            });
        }
    }

    /// Keeps the rows of a block whose code is wanted; one that is missing is asked about as well.
    pub fn retain(&self, block: u32, list: &mut Vec<u16>, wanted: impl Fn(u32) -> bool) {
        retain_if(list, |row| wanted(self.get(join(block, row))));
    }

    /// All codes of a block up to its last written row.
    fn of_block(&self, block: u32) -> Vec<u32> {
        let mut codes = Vec::new();
        self.visit(block, |offset, code| {
            codes.resize(offset.into(), MISSING);
            codes.push(code);
        });
        codes
    }

    fn replace(&mut self, number: u32, piece: Piece) {
        self.pieces.grow_to(number as usize + 1, &Piece::default());
        if let Some(place) = self.pieces.get_mut(number as usize) {
            *place = piece;
        }
    }

    /// Writes the codes of a block.
    ///
    /// # Errors
    /// `Io` when the system refuses.
    pub fn write(&self, out: &mut FileWriter<'_>, field: u16, block: u32) -> Result<()> {
        let codes = self.of_block(block);
        let whole = Piece::new(&codes);
        let part = match whole {
            Piece::Bytes(_) => layout::CODES_8,
            Piece::Shorts(_) => layout::CODES_16,
            Piece::Words(_) => layout::CODES_32,
        };
        with_buffer!(&whole, buffer => out.put(of_block(field, part, block), bytes_of(buffer)))
    }

    /// The codes of all blocks as they were written; they are of a dictionary with `texts`.
    ///
    /// # Errors
    /// `Corrupt` for sections that were not written so.
    pub fn read(shards: &Shards, field: u16, texts: u32) -> Result<Self> {
        let mut pieces = Vec::new();
        for block in 0..shards.block_count() {
            let id = |part| of_block(field, part, block);
            pieces.resize(block as usize * PIECES, Piece::default());
            if let Some(codes) = shards.slice(id(layout::CODES_8))? {
                pieces.extend(codes.chunks(PIECE_ROWS).map(|codes| Piece::Bytes(Shared::lasting(codes))));
            } else if let Some(codes) = shards.slice(id(layout::CODES_16))? {
                pieces.extend(codes.chunks(PIECE_ROWS).map(|codes| Piece::Shorts(Shared::lasting(codes))));
            } else if let Some(codes) = shards.slice(id(layout::CODES_32))? {
                pieces.extend(codes.chunks(PIECE_ROWS).map(|codes| Piece::Words(Shared::lasting(codes))));
            }
            let is_code = |code: u32| code < texts || code == MISSING;
            let written = &pieces[block as usize * PIECES..];
            let fits = |piece: &Piece| with_buffer!(piece, buffer => buffer.iter().all(|code| is_code(code.code())));
            if written.len() > PIECES || !written.iter().all(fits) {
                return Err(shards.malformed(id(layout::CODES_8), "a code has no text"));
            }
        }
        Ok(Self { pieces: pieces.into_iter().collect() })
    }

    /// Heap bytes.
    pub fn bytes(&self) -> usize {
        let of = |piece: &Piece| with_buffer!(piece, buffer => size_of_val(&**buffer));
        self.pieces.bytes() + self.pieces.iter().map(of).sum::<usize>()
    }
}

impl Piece {
    fn new(codes: &[u32]) -> Self {
        let greatest = codes.iter().copied().filter(|code| *code != MISSING).max().unwrap_or(0);
        // A missing code is cut down to the width's own greatest number.
        if greatest < u32::from(u8::MAX) {
            Self::Bytes(codes.iter().map(|code| *code as u8).collect())
        } else if greatest < u32::from(u16::MAX) {
            Self::Shorts(codes.iter().map(|code| *code as u16).collect())
        } else {
            Self::Words(codes.into())
        }
    }

    fn get(&self, at: usize) -> u32 {
        with_buffer!(self, buffer => buffer.get(at).map_or(MISSING, |code| code.code()))
    }
}

/// Codes that are being changed.
#[derive(Debug)]
pub(super) struct CodesEditor {
    base: Codes,
    /// Blocks that rows were appended to.
    open: OpenBlocks<Vec<u32>>,
    /// Pieces of other blocks.
    pieces: OpenBlocks<Vec<u32>>,
}

impl CodesEditor {
    /// Starts from a column.
    pub(super) fn new(base: Codes) -> Self {
        Self { base, open: OpenBlocks::default(), pieces: OpenBlocks::default() }
    }

    /// The code of a row as it stands.
    pub(super) fn get(&self, row: u32) -> u32 {
        let (block, offset) = split(row);
        let (piece, at) = cut(row);
        let open = self.open.peek(block).map(|codes| (codes, usize::from(offset)));
        match open.or_else(|| Some((self.pieces.peek(piece)?, at))) {
            Some((codes, at)) => codes.get(at).copied().unwrap_or(MISSING),
            None => self.base.get(row),
        }
    }

    /// Gives a row a code.
    pub(super) fn set(&mut self, row: u32, code: u32) {
        let (block, offset) = split(row);
        if self.open.peek(block).is_some() {
            return put(self.open.get(block, Vec::new), offset.into(), code);
        }
        let (piece, at) = cut(row);
        let open = || {
            let Some(piece) = self.base.pieces.get(piece as usize) else { return Vec::new() };
            with_buffer!(piece, buffer => buffer.iter().map(|code| code.code()).collect())
        };
        put(self.pieces.get(piece, open), at, code);
    }

    /// Gives codes to rows from `first` on, which no earlier row follows.
    pub(super) fn append(&mut self, first: u32, codes: &[u32]) {
        if codes.len() < FEW_ROWS {
            return (first..).zip(codes).for_each(|(row, code)| self.set(row, *code));
        }
        parts(first, codes.len()).for_each(|(block, ..)| self.open(block));
        self.open.append(first, codes, MISSING, |_| Vec::new());
    }

    /// Opens a block as a whole.
    fn open(&mut self, block: u32) {
        let codes = self.open.get(block, || self.base.of_block(block));
        for number in 0..PIECES {
            // Pieces are fewer than rows.
            let changed = self.pieces.remove(block * PIECES as u32 + number as u32);
            let rows = (number * PIECE_ROWS..).zip(changed.into_iter().flatten());
            rows.for_each(|(offset, code)| put(codes, offset, code));
        }
    }

    /// The changed column, and which blocks are new in it; see [`OpenBlocks::finish_in`].
    pub(super) fn finish(mut self, order: Option<&[u32]>) -> (Codes, BTreeSet<u32>) {
        let mut touched = BTreeSet::new();
        if order.is_some() {
            self.pieces.numbers().into_iter().for_each(|piece| self.open(piece / PIECES as u32));
        }
        for (number, codes) in self.pieces.finish() {
            touched.insert(number / PIECES as u32);
            self.base.replace(number, Piece::new(&codes));
        }
        let lay = |arrived: &ArrivedBlocks<Vec<u32>>, rows: &[u32]| {
            let code = |row: &u32| arrived.get(*row).and_then(|(codes, offset)| codes.get(offset).copied());
            rows.iter().map(|row| code(row).unwrap_or(MISSING)).collect()
        };
        for (block, codes) in self.open.finish_in(order, |codes| codes, lay) {
            touched.insert(block);
            for (number, codes) in (block * PIECES as u32..).zip(codes.chunks(PIECE_ROWS)) {
                self.base.replace(number, Piece::new(codes));
            }
        }
        (self.base, touched)
    }
}

fn put(codes: &mut Vec<u32>, at: usize, code: u32) {
    if codes.len() <= at {
        if codes.capacity() <= at {
            codes.reserve_exact((2 * at).clamp(64, BLOCK_ROWS) - codes.len());
        }
        codes.resize(at + 1, MISSING);
    }
    codes[at] = code;
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn codes_of_every_width_read_back_and_widen() {
        for greatest in [3, 254, 255, 65_534, 65_535, 1 << 20, MISSING - 1] {
            let mut editor = CodesEditor::new(Codes::default());
            editor.set(3, 7);
            editor.set(70_000, greatest);
            let (codes, touched) = editor.finish(None);
            assert_eq!(touched, BTreeSet::from([0, 1]));
            let mut editor = CodesEditor::new(codes.clone());
            editor.set(5, greatest);
            editor.set(3, MISSING);
            let (changed, touched) = editor.finish(None);
            assert_eq!(touched, BTreeSet::from([0]));
            assert_eq!(
                (codes.get(3), codes.get(5), codes.get(70_000), codes.get(69_999)),
                (7, MISSING, greatest, MISSING)
            );
            assert_eq!(
                (changed.get(3), changed.get(5), changed.get(70_000), changed.get(1 << 30)),
                (MISSING, greatest, greatest, MISSING)
            );
            let mut list = vec![3, 4, 5, 6];
            changed.retain(0, &mut list, |code| code == greatest);
            assert_eq!(list, [5]);
        }
    }
}
