//! Fixed-width values of one field: an Arrow buffer for each block.

use std::collections::BTreeSet;

use arrow_buffer::{ArrowNativeType, ScalarBuffer};

use super::edit::OpenBlocks;
use crate::block::{BLOCK_ROWS, split};

/// Values by row. A block's buffer is as long as its last written row; rows beyond hold the default.
#[derive(Debug, Clone)]
pub struct Chunks<T: ArrowNativeType> {
    chunks: Vec<ScalarBuffer<T>>,
    default: T,
}

impl<T: ArrowNativeType> Chunks<T> {
    /// No rows yet.
    pub fn new(default: T) -> Self {
        Self { chunks: Vec::new(), default }
    }

    /// The value of a row; the default where none was written.
    pub fn get(&self, row: u32) -> T {
        let (block, offset) = split(row);
        self.chunk(block).get(usize::from(offset)).copied().unwrap_or(self.default)
    }

    /// The values of a block, from its first row on.
    pub fn chunk(&self, block: u32) -> &[T] {
        self.chunks.get(block as usize).map_or(&[], |chunk| chunk)
    }

    /// Heap bytes.
    pub fn bytes(&self) -> usize {
        self.chunks.iter().map(|chunk| chunk.inner().capacity()).sum()
    }
}

/// Values that are being changed.
#[derive(Debug)]
pub struct ChunksEditor<T: ArrowNativeType> {
    base: Chunks<T>,
    open: OpenBlocks<Vec<T>>,
}

impl<T: ArrowNativeType> ChunksEditor<T> {
    /// Starts from a column.
    pub fn new(base: Chunks<T>) -> Self {
        Self { base, open: OpenBlocks::default() }
    }

    /// The value of a row as it stands.
    pub fn get(&self, row: u32) -> T {
        let (block, offset) = split(row);
        match self.open.peek(block) {
            Some(values) => values.get(usize::from(offset)).copied().unwrap_or(self.base.default),
            None => self.base.get(row),
        }
    }

    /// Gives a row a value.
    pub fn set(&mut self, row: u32, value: T) {
        let (block, offset) = split(row);
        let values = self.open.get(block, || self.base.chunk(block).to_vec());
        let offset = usize::from(offset);
        if values.len() <= offset {
            if values.capacity() <= offset {
                values.reserve_exact((2 * offset).clamp(64, BLOCK_ROWS) - values.len());
            }
            values.resize(offset + 1, self.base.default);
        }
        values[offset] = value;
    }

    /// The changed column, and which blocks are new in it.
    pub fn finish(mut self) -> (Chunks<T>, BTreeSet<u32>) {
        let mut touched = BTreeSet::new();
        for (block, mut values) in self.open.finish() {
            touched.insert(block);
            values.shrink_to_fit();
            while self.base.chunks.len() <= block as usize {
                self.base.chunks.push(ScalarBuffer::from(Vec::new()));
            }
            self.base.chunks[block as usize] = ScalarBuffer::from(values);
        }
        (self.base, touched)
    }
}
