//! Dictionary codes of one field by row: an Arrow buffer for each block, as narrow as the block's codes allow.

use std::collections::BTreeSet;

use arrow_buffer::{ArrowNativeType, Buffer, ScalarBuffer};
use bytes::Bytes;

use super::edit::{ArrivedBlocks, OpenBlocks};
use super::layout::{self, of_block};
use crate::block::{BLOCK_ROWS, retain_if, split};
use crate::error::Result;
use crate::shared::{Plain, bytes_of};
use crate::store::checkpoint::{FileWriter, Shards};

/// The code of a row that has no value.
pub const MISSING: u32 = u32::MAX;

/// Codes by row. A block's buffer is as long as its last written row; rows beyond are missing.
#[derive(Debug, Clone, Default)]
pub struct Codes {
    blocks: Vec<Block>,
}

/// One block's codes; the greatest number of each width means missing.
#[derive(Debug, Clone)]
enum Block {
    Bytes(ScalarBuffer<u8>),
    Shorts(ScalarBuffer<u16>),
    Words(ScalarBuffer<u32>),
}

/// Runs an expression with the block's buffer, whatever its width.
macro_rules! with_buffer {
    ($block:expr, $buffer:ident => $body:expr) => {
        match $block {
            Block::Bytes($buffer) => $body,
            Block::Shorts($buffer) => $body,
            Block::Words($buffer) => $body,
        }
    };
}

/// A width of codes.
trait Width: ArrowNativeType + Into<u32> {
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

fn at<T: Width>(buffer: &[T], offset: u16) -> u32 {
    buffer.get(usize::from(offset)).map_or(MISSING, |code| code.code())
}

impl Codes {
    /// The code of a row; [`MISSING`] where none was written.
    pub fn get(&self, row: u32) -> u32 {
        let (block, offset) = split(row);
        self.blocks.get(block as usize).map_or(MISSING, |block| with_buffer!(block, buffer => at(buffer, offset)))
    }

    /// The codes of a block, from its first row on.
    pub fn visit(&self, block: u32, mut visit: impl FnMut(u16, u32)) {
        let Some(block) = self.blocks.get(block as usize) else { return };
        // A block has at most 65,536 rows.
        with_buffer!(block, buffer => buffer.iter().enumerate().for_each(|(row, code)| visit(row as u16, code.code())));
    }

    /// Keeps the rows of a block whose code is wanted; one that is missing is asked about as well.
    pub fn retain(&self, block: u32, list: &mut Vec<u16>, wanted: impl Fn(u32) -> bool) {
        match self.blocks.get(block as usize) {
            Some(block) => with_buffer!(block, buffer => retain_if(list, |row| wanted(at(buffer, row)))),
            None => retain_if(list, |_| wanted(MISSING)),
        }
    }

    /// Writes the codes of a block.
    ///
    /// # Errors
    /// `Io` when the system refuses.
    pub fn write(&self, out: &mut FileWriter<'_>, field: u16, block: u32) -> Result<()> {
        let Some(written) = self.blocks.get(block as usize) else { return Ok(()) };
        let part = match written {
            Block::Bytes(_) => layout::CODES_8,
            Block::Shorts(_) => layout::CODES_16,
            Block::Words(_) => layout::CODES_32,
        };
        with_buffer!(written, buffer => out.put(of_block(field, part, block), buffer.inner()))
    }

    /// The codes of all blocks as they were written; they are of a dictionary with `texts`.
    ///
    /// # Errors
    /// `Corrupt` for sections that were not written so.
    pub fn read(shards: &Shards, field: u16, texts: u32) -> Result<Self> {
        let block = |block| {
            let id = |part| of_block(field, part, block);
            let codes = if let Some(codes) = shards.slice(id(layout::CODES_8))? {
                Block::Bytes(in_place(codes))
            } else if let Some(codes) = shards.slice(id(layout::CODES_16))? {
                Block::Shorts(in_place(codes))
            } else {
                Block::Words(in_place(shards.slice(id(layout::CODES_32))?.unwrap_or_default()))
            };
            let is_code = |code: u32| code < texts || code == MISSING;
            let are_codes = with_buffer!(&codes, buffer => buffer.iter().all(|code| is_code(code.code())));
            if are_codes { Ok(codes) } else { Err(shards.malformed(id(layout::CODES_8), "a code has no text")) }
        };
        let blocks: Result<Vec<Block>> = (0..shards.block_count()).map(block).collect();
        Ok(Self { blocks: blocks? })
    }

    /// Heap bytes.
    pub fn bytes(&self) -> usize {
        self.blocks.iter().map(|block| with_buffer!(block, buffer => buffer.inner().capacity())).sum()
    }
}

impl Block {
    fn new(codes: &[u32]) -> Self {
        let greatest = codes.iter().copied().filter(|code| *code != MISSING).max().unwrap_or(0);
        // A missing code is cut down to the width's own greatest number.
        if greatest < u32::from(u8::MAX) {
            Self::Bytes(codes.iter().map(|code| *code as u8).collect())
        } else if greatest < u32::from(u16::MAX) {
            Self::Shorts(codes.iter().map(|code| *code as u16).collect())
        } else {
            Self::Words(codes.iter().copied().collect())
        }
    }
}

/// An Arrow buffer over values that stay where they are.
pub(super) fn in_place<T: ArrowNativeType + Plain>(values: &'static [T]) -> ScalarBuffer<T> {
    ScalarBuffer::from(Buffer::from(Bytes::from_static(bytes_of(values))))
}

/// Codes that are being changed.
#[derive(Debug)]
pub(super) struct CodesEditor {
    base: Codes,
    open: OpenBlocks<Vec<u32>>,
}

impl CodesEditor {
    /// Starts from a column.
    pub(super) fn new(base: Codes) -> Self {
        Self { base, open: OpenBlocks::default() }
    }

    /// The code of a row as it stands.
    pub(super) fn get(&self, row: u32) -> u32 {
        let (block, offset) = split(row);
        match self.open.peek(block) {
            Some(codes) => codes.get(usize::from(offset)).copied().unwrap_or(MISSING),
            None => self.base.get(row),
        }
    }

    /// Gives a row a code.
    pub(super) fn set(&mut self, row: u32, code: u32) {
        let (block, offset) = split(row);
        let codes = self.open.get(block, || opened(&self.base, block));
        let offset = usize::from(offset);
        if codes.len() <= offset {
            if codes.capacity() <= offset {
                codes.reserve_exact((2 * offset).clamp(64, BLOCK_ROWS) - codes.len());
            }
            codes.resize(offset + 1, MISSING);
        }
        codes[offset] = code;
    }

    /// Gives codes to rows from `first` on, which no earlier row follows.
    pub(super) fn append(&mut self, first: u32, codes: &[u32]) {
        self.open.append(first, codes, MISSING, |block| opened(&self.base, block));
    }

    /// The changed column, and which blocks are new in it; see [`OpenBlocks::finish_in`].
    pub(super) fn finish(mut self, order: Option<&[u32]>) -> (Codes, BTreeSet<u32>) {
        let mut touched = BTreeSet::new();
        let lay = |arrived: &ArrivedBlocks<Vec<u32>>, rows: &[u32]| {
            let code = |row: &u32| arrived.get(*row).and_then(|(codes, offset)| codes.get(offset).copied());
            rows.iter().map(|row| code(row).unwrap_or(MISSING)).collect()
        };
        for (block, codes) in self.open.finish_in(order, |codes| codes, lay) {
            touched.insert(block);
            while self.base.blocks.len() <= block as usize {
                self.base.blocks.push(Block::new(&[]));
            }
            self.base.blocks[block as usize] = Block::new(&codes);
        }
        (self.base, touched)
    }
}

fn opened(base: &Codes, block: u32) -> Vec<u32> {
    let mut codes = Vec::new();
    base.visit(block, |_, code| codes.push(code));
    codes
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
