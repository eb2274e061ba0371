//! Ordered values of one field: per block a dictionary of its distinct keys, and each row's code in it.
//!
//! Rows that have changed since a block was laid are kept beside it (`overlay`) until it is laid anew.
//!
//! Codes order as keys do, so a range of keys is a range of codes: what the rank index works with. A block of 65,536
//! rows takes one or two bytes a row plus its distinct keys, whatever the type.

use std::collections::BTreeMap;
use std::ops::Range;
use std::sync::Arc;

use super::edit::{ArrivedBlocks, OpenBlocks, parts};
use super::flat::Flat;
use super::layout::{self, of_block};
use super::local_dict::{LocalDict, step};
use super::overlay::Overlay;
use super::radix;
use crate::block::{Container, Set, retain_if, split};
use crate::error::Result;
use crate::paged::Paged;
use crate::shared::{Shared, bytes_of};
use crate::store::checkpoint::{FileWriter, Shards};

/// A scalar field's keys.
#[derive(Debug, Clone, Default)]
pub struct Scalar {
    blocks: Flat<ScalarBlock>,
    /// Of the first so many blocks.
    overlays: Paged<Option<Arc<Overlay>>, PAGE>,
}

/// Blocks of a page: a change of one row copies as many pointers.
const PAGE: usize = 16;

/// Changes of one block in one go from which on the block is laid anew at once.
const FEW_CHANGES_MAX: usize = 128;

/// The keys of one block.
#[derive(Debug, Clone)]
pub struct ScalarBlock {
    /// The distinct keys.
    pub dict: LocalDict,
    codes: Codes,
}

/// A row without a value has the code after the last key's.
#[derive(Debug, Clone)]
enum Codes {
    Bytes(Shared<u8>),
    Shorts(Shared<u16>),
}

/// A row's code; one beyond all others after the last row.
fn code_at<T: Copy + Into<u32>>(codes: &[T], row: u16) -> u32 {
    codes.get(usize::from(row)).map_or(u32::MAX, |code| (*code).into())
}

/// The rows of a block in order of their keys, and where each key's rows begin: what an index is built from.
#[derive(Debug, Default)]
pub struct Sorted {
    /// Offsets of the rows that have a value, by key and then by offset.
    pub rows: Vec<u16>,
    /// For each distinct key the place of its first row in `rows`; one more entry says where the last key's end.
    pub starts: Vec<u32>,
}

impl Sorted {
    /// Each row's code, of all `rows` of the block; without a key it is the number of keys.
    fn codes<T: Copy + Send + Sync>(&self, rows: usize, narrowed: impl Fn(usize) -> T) -> Shared<T> {
        let mut codes = vec![narrowed(self.starts.len() - 1); rows];
        for (code, bounds) in self.starts.windows(2).enumerate() {
            for offset in &self.rows[bounds[0] as usize..bounds[1] as usize] {
                codes[usize::from(*offset)] = narrowed(code);
            }
        }
        codes.into()
    }
}

impl ScalarBlock {
    /// The code of a row; the number of keys when the row has no value.
    pub fn code(&self, offset: u16) -> usize {
        let code = match &self.codes {
            Codes::Bytes(codes) => codes.get(usize::from(offset)).map(|code| usize::from(*code)),
            Codes::Shorts(codes) => codes.get(usize::from(offset)).map(|code| usize::from(*code)),
        };
        code.unwrap_or(self.dict.len())
    }

    /// Keeps the rows whose code is in a range, or those whose code is not.
    pub fn retain(&self, codes: Range<u32>, list: &mut Vec<u16>, wanted: bool) {
        // One comparison: what is below the range wraps to far above it.
        let width = codes.end - codes.start;
        let is_in = |code: u32| code.wrapping_sub(codes.start) < width;
        match &self.codes {
            Codes::Bytes(all) => retain_if(list, |row| is_in(code_at(all, row)) == wanted),
            Codes::Shorts(all) => retain_if(list, |row| is_in(code_at(all, row)) == wanted),
        }
    }

    /// Rows up to the last that was written.
    pub fn rows(&self) -> usize {
        match &self.codes {
            Codes::Bytes(codes) => codes.len(),
            Codes::Shorts(codes) => codes.len(),
        }
    }

    /// Writes the block.
    ///
    /// # Errors
    /// `Io` when the system refuses.
    pub fn write(&self, out: &mut FileWriter<'_>, field: u16, block: u32) -> Result<()> {
        self.dict.write(out, field, block)?;
        let (part, bytes) = match &self.codes {
            Codes::Bytes(codes) => (layout::KEY_CODES_8, bytes_of(codes)),
            Codes::Shorts(codes) => (layout::KEY_CODES_16, bytes_of(codes)),
        };
        out.put(of_block(field, part, block), bytes)
    }

    /// The key of a row.
    pub fn key(&self, offset: u16) -> Option<i64> {
        let code = self.code(offset);
        (code < self.dict.len()).then(|| self.dict.key(code))
    }

    /// From pairs of key and offset, ascending; `rows` is how many rows the block has.
    pub fn new(pairs: &[(i64, u16)], rows: usize) -> (Self, Sorted) {
        let mut keys = Vec::new();
        let mut sorted = Sorted { rows: Vec::with_capacity(pairs.len()), starts: Vec::new() };
        for (place, (key, offset)) in pairs.iter().enumerate() {
            if keys.last() != Some(key) {
                keys.push(*key);
                sorted.starts.push(place as u32);
            }
            sorted.rows.push(*offset);
        }
        sorted.starts.push(pairs.len() as u32);
        // A block has at most 65,536 keys, and fewer when a row has none; so all codes fit.
        let codes = if keys.len() + usize::from(pairs.len() < rows) <= 256 {
            Codes::Bytes(sorted.codes(rows, |code| code as u8))
        } else {
            Codes::Shorts(sorted.codes(rows, |code| code as u16))
        };
        (Self { dict: LocalDict::new(&keys), codes }, sorted)
    }

    fn bytes(&self) -> usize {
        let codes = match &self.codes {
            Codes::Bytes(codes) => codes.len(),
            Codes::Shorts(codes) => 2 * codes.len(),
        };
        codes + self.dict.bytes()
    }
}

impl Scalar {
    /// The key of a row.
    pub fn get(&self, row: u32) -> Option<i64> {
        let (block, offset) = split(row);
        match self.overlay(block).and_then(|overlay| overlay.key(offset)) {
            Some(changed) => changed,
            None => self.block(block)?.key(offset),
        }
    }

    /// Blocks that were written.
    pub fn block_count(&self) -> u32 {
        // Rows are numbered by u32, so there are fewer blocks than that.
        self.blocks.len() as u32
    }

    /// The keys of a block as they were laid last; `None` beyond the last one written.
    pub fn block(&self, block: u32) -> Option<&Arc<ScalarBlock>> {
        self.blocks.get(block)
    }

    /// What has changed in a block since.
    pub fn overlay(&self, block: u32) -> Option<&Overlay> {
        self.overlays.get(block as usize)?.as_deref()
    }

    /// Gives a block other keys; nothing has changed since.
    pub fn lay(&mut self, block: u32, keys: ScalarBlock) {
        self.reach(block);
        self.blocks.replace(block, keys);
        if self.overlay(block).is_some()
            && let Some(overlay) = self.overlays.get_mut(block as usize)
        {
            *overlay = None;
        }
    }

    /// Notes changes of some rows of a block.
    fn put(&mut self, block: u32, changes: impl Iterator<Item = (u16, Option<i64>)>) {
        self.reach(block);
        self.overlays.grow_to(block as usize + 1, &None);
        let (Some(base), Some(overlay)) = (self.blocks.get(block), self.overlays.get_mut(block as usize)) else {
            return;
        };
        let overlay = Arc::make_mut(overlay.get_or_insert_default());
        changes.for_each(|(row, key)| overlay.put(base, row, key));
    }

    fn reach(&mut self, block: u32) {
        self.blocks.grow_to(block as usize + 1, || ScalarBlock::new(&[], 0).0);
    }

    /// The keys of all blocks as they were written.
    ///
    /// # Errors
    /// `Corrupt` for sections that were not written so.
    pub fn read(shards: &Shards, field: u16) -> Result<Self> {
        let block = |block| {
            let Some(dict) = LocalDict::read(shards, field, block)? else { return Ok(ScalarBlock::new(&[], 0).0) };
            let id = |part| of_block(field, part, block);
            let codes = match shards.values(id(layout::KEY_CODES_8))? {
                Some(codes) => Codes::Bytes(codes),
                None => Codes::Shorts(shards.values(id(layout::KEY_CODES_16))?.unwrap_or_default()),
            };
            Ok(ScalarBlock { dict, codes })
        };
        let blocks: Result<Flat<ScalarBlock>> = (0..shards.block_count()).map(block).collect();
        Ok(Self { blocks: blocks?, overlays: Paged::default() })
    }

    /// Heap bytes.
    pub fn bytes(&self) -> usize {
        let overlays: usize = self.overlays.iter().flatten().map(|overlay| overlay.bytes()).sum();
        self.blocks.iter().map(|block| block.bytes()).sum::<usize>() + overlays
    }
}

/// A scalar field that is being changed.
#[derive(Debug)]
pub struct ScalarEditor {
    base: Scalar,
    open: OpenBlocks<Vec<i64>>,
    /// Changes of blocks that are not open, the later of two of one row being the one that counts.
    few: BTreeMap<u32, Vec<(u16, i64)>>,
}

impl ScalarEditor {
    /// Starts from a column.
    pub fn new(base: Scalar) -> Self {
        Self { base, open: OpenBlocks::default(), few: BTreeMap::new() }
    }

    /// The key of a row as it stands; meaningless when the row has no value.
    pub fn get(&self, row: u32) -> i64 {
        let (block, offset) = split(row);
        if let Some(keys) = self.open.peek(block) {
            return keys.get(usize::from(offset)).copied().unwrap_or_default();
        }
        let few = self.few.get(&block);
        match few.and_then(|few| few.iter().rev().find(|(row, _)| *row == offset)) {
            Some((_, key)) => *key,
            None => self.base.get(row).unwrap_or_default(),
        }
    }

    /// Gives a row a key.
    pub fn set(&mut self, row: u32, key: i64) {
        let (block, offset) = split(row);
        if self.open.peek(block).is_none() {
            let few = self.few.entry(block).or_default();
            if few.len() < FEW_CHANGES_MAX {
                few.push((offset, key));
                return;
            }
        }
        put(self.opened(block), offset, key);
    }

    /// A block to change in bulk.
    fn opened(&mut self, block: u32) -> &mut Vec<i64> {
        let keys = self.open.get(block, || open(&self.base, block));
        self.few.remove(&block).into_iter().flatten().for_each(|(offset, key)| put(keys, offset, key));
        keys
    }

    /// Marks a row's block as changed, for a row that has lost its value.
    pub fn touch(&mut self, row: u32) {
        let key = self.get(row);
        self.set(row, key);
    }

    /// Gives keys to rows from `first` on, which no earlier row follows.
    pub fn append(&mut self, first: u32, keys: &[i64]) {
        if keys.len() <= FEW_CHANGES_MAX {
            return (first..).zip(keys).for_each(|(row, key)| self.set(row, *key));
        }
        parts(first, keys.len()).for_each(|(block, ..)| _ = self.opened(block));
        self.open.append(first, keys, 0, |_| Vec::new());
    }

    /// The changed column, and for each block that was laid anew its rows in order. `present` are the rows that have a value, in the
    /// `order` when there is one; see [`OpenBlocks::finish_in`].
    pub fn finish(mut self, present: &Set, order: Option<&[u32]>) -> (Scalar, BTreeMap<u32, Sorted>) {
        if order.is_some() {
            let few: Vec<u32> = self.few.keys().copied().collect();
            few.into_iter().for_each(|block| _ = self.opened(block));
        }
        for (block, changes) in self.few {
            let rows = present.container(block);
            let changes = changes.into_iter().map(|(row, key)| (row, rows.contains(row).then_some(key)));
            self.base.put(block, changes);
        }
        let mut touched = BTreeMap::new();
        let mut sorter = Sorter::default();
        let lay = |arrived: &ArrivedBlocks<Vec<i64>>, rows: &[u32]| {
            let key = |row: &u32| arrived.get(*row).and_then(|(keys, offset)| keys.get(offset).copied());
            rows.iter().map(|row| key(row).unwrap_or_default()).collect()
        };
        for (block, keys) in self.open.finish_in(order, |keys: Vec<i64>| keys, lay) {
            let (closed, sorted) = ScalarBlock::new(sorter.sort(&keys, present.container(block)), keys.len());
            self.base.lay(block, closed);
            touched.insert(block, sorted);
        }
        (self.base, touched)
    }
}

fn put(keys: &mut Vec<i64>, offset: u16, key: i64) {
    let offset = usize::from(offset);
    if keys.len() <= offset {
        keys.resize(offset + 1, 0);
    }
    keys[offset] = key;
}

fn open(base: &Scalar, block: u32) -> Vec<i64> {
    let Some(keys) = base.block(block) else { return Vec::new() };
    // Offsets of a block are below 65,536.
    let mut open = (0..keys.rows()).map(|offset| keys.key(offset as u16).unwrap_or_default()).collect();
    if let Some(overlay) = base.overlay(block) {
        overlay.rows().iter().for_each(|row| put(&mut open, *row, overlay.key(*row).flatten().unwrap_or_default()));
    }
    open
}

/// Puts the rows of block after block in order.
#[derive(Debug, Default)]
struct Sorter {
    pairs: Vec<(i64, u16)>,
    packed: Vec<u64>,
    scratch: Vec<u64>,
}

impl Sorter {
    /// The keys of the rows that have one, with their offsets, ascending.
    fn sort(&mut self, keys: &[i64], present: &Container) -> &[(i64, u16)] {
        self.pairs.clear();
        present.visit(|offset| {
            self.pairs.push((keys.get(usize::from(offset)).copied().unwrap_or_default(), offset));
            true
        });
        let keys = || self.pairs.iter().map(|pair| pair.0);
        let least = keys().min().unwrap_or_default();
        let greatest = keys().max().unwrap_or_default();
        let step = step(least, greatest, keys());
        let steps = least.abs_diff(greatest) / step;
        if steps >> 48 > 0 {
            self.pairs.sort_unstable();
            return &self.pairs;
        }
        // Steps above, the offset below: half as much to move.
        let packed = self.pairs.iter().map(|(key, offset)| (least.abs_diff(*key) / step) << 16 | u64::from(*offset));
        self.packed.clear();
        self.packed.extend(packed);
        radix::sort_by_key(&mut self.packed, &mut self.scratch, steps, |packed| packed >> 16);
        for (pair, packed) in self.pairs.iter_mut().zip(&self.packed) {
            *pair = (least.wrapping_add((packed >> 16).wrapping_mul(step).cast_signed()), *packed as u16);
        }
        &self.pairs
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn rows_read_back_and_missing_rows_have_no_key() {
        let mut editor = ScalarEditor::new(Scalar::default());
        let rows: Vec<u32> = (0..70_000).filter(|row| row % 3 != 0).collect();
        rows.iter().for_each(|&row| editor.set(row, i64::from(row % 1_000) * 1_000_000));
        let (scalar, sorted) = editor.finish(&Set::from_rows(rows), None);
        for row in 0..70_000 {
            assert_eq!(scalar.get(row), (row % 3 != 0).then(|| i64::from(row % 1_000) * 1_000_000));
        }
        assert_eq!(sorted.len(), 2);
        assert_eq!(scalar.get(70_001), None);
    }
}
