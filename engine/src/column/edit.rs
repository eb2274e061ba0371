//! Changing a few blocks of something that is shared.

use std::collections::BTreeMap;
use std::ops::Range;

use arrow_buffer::BooleanBuffer;

use crate::block::{BLOCK_ROWS, Container, Set, Words, split};

/// The blocks that are being changed, each opened at its first change. The one changed last is at hand: bulk loads
/// fill block after block and search nothing.
#[derive(Debug)]
pub struct OpenBlocks<T> {
    at: u32,
    current: Option<T>,
    others: BTreeMap<u32, T>,
}

impl<T> Default for OpenBlocks<T> {
    fn default() -> Self {
        Self { at: 0, current: None, others: BTreeMap::new() }
    }
}

impl<T> OpenBlocks<T> {
    /// A block to change; `open` makes it when it is not open yet.
    pub fn get(&mut self, block: u32, open: impl FnOnce() -> T) -> &mut T {
        if self.at != block || self.current.is_none() {
            if let Some(other) = self.current.take() {
                self.others.insert(self.at, other);
            }
            self.current = self.others.remove(&block);
            self.at = block;
        }
        self.current.get_or_insert_with(open)
    }

    /// A block as it stands, when it is open.
    pub fn peek(&self, block: u32) -> Option<&T> {
        if self.at == block && self.current.is_some() { self.current.as_ref() } else { self.others.get(&block) }
    }

    /// The numbers of all open blocks.
    pub fn numbers(&self) -> Vec<u32> {
        self.others.keys().copied().chain(self.current.as_ref().map(|_| self.at)).collect()
    }

    /// Takes an open block out.
    pub fn remove(&mut self, block: u32) -> Option<T> {
        if self.at == block && self.current.is_some() { self.current.take() } else { self.others.remove(&block) }
    }

    /// All open blocks, ascending.
    pub fn finish(mut self) -> BTreeMap<u32, T> {
        if let Some(current) = self.current.take() {
            self.others.insert(self.at, current);
        }
        self.others
    }

    /// All open blocks, ascending, each closed when its turn has come; or, when there is an `order`, which has the old
    /// row of each new one, the blocks that `lay` makes of their old rows. All rows have been set here then.
    pub fn finish_in<'o, B>(
        self,
        order: Option<&'o [u32]>,
        close: impl Fn(T) -> B + 'o,
        lay: impl Fn(&ArrivedBlocks<T>, &[u32]) -> B + 'o,
    ) -> Box<dyn Iterator<Item = (u32, B)> + 'o>
    where
        T: 'o,
    {
        let blocks = self.finish();
        match (order, blocks.last_key_value()) {
            (Some(order), Some((last, _))) => {
                let mut arrived: Vec<Option<T>> = (0..=*last).map(|_| None).collect();
                blocks.into_iter().for_each(|(block, open)| arrived[block as usize] = Some(open));
                let arrived = ArrivedBlocks(arrived);
                Box::new((0..).zip(order.chunks(BLOCK_ROWS)).map(move |(block, rows)| (block, lay(&arrived, rows))))
            }
            _ => Box::new(blocks.into_iter().map(move |(block, open)| (block, close(open)))),
        }
    }
}

impl<V: Copy> OpenBlocks<Vec<V>> {
    /// Writes the values of rows from `first` on, which no earlier row follows; `filler` goes to rows left out before.
    pub fn append(&mut self, first: u32, values: &[V], filler: V, open: impl Fn(u32) -> Vec<V>) {
        for (block, offset, part) in parts(first, values.len()) {
            let written = self.get(block, || open(block));
            written.resize(offset, filler);
            written.extend_from_slice(&values[part]);
        }
    }
}

/// Blocks of rows that are about to get another order.
#[derive(Debug)]
pub struct ArrivedBlocks<T>(Vec<Option<T>>);

impl<T> ArrivedBlocks<T> {
    /// The block of a row, and its offset there; nothing when the block was never opened.
    pub fn get(&self, row: u32) -> Option<(&T, usize)> {
        let (block, offset) = split(row);
        Some((self.0.get(block as usize)?.as_ref()?, usize::from(offset)))
    }
}

/// The rows from `first` on, block by block: its number, the first offset there, and which of all rows they are.
pub fn parts(first: u32, count: usize) -> impl Iterator<Item = (u32, usize, Range<usize>)> {
    let mut done = 0;
    std::iter::from_fn(move || {
        // Rows are numbered by u32.
        let (block, offset) = split(first + done as u32);
        let part = done..count.min(done + BLOCK_ROWS - usize::from(offset));
        done = part.end;
        (!part.is_empty()).then_some((block, usize::from(offset), part))
    })
}

/// A set that is being changed in bulk.
#[derive(Debug)]
pub struct SetEditor {
    set: Set,
    open: OpenBlocks<Box<Words>>,
}

impl SetEditor {
    /// Starts from a set.
    pub fn new(set: Set) -> Self {
        Self { set, open: OpenBlocks::default() }
    }

    /// Whether the row is in now.
    pub fn contains(&self, row: u32) -> bool {
        let (block, offset) = split(row);
        match self.open.peek(block) {
            Some(words) => words.contains(offset),
            None => self.set.contains(row),
        }
    }

    /// Puts the row in or takes it out.
    pub fn put(&mut self, row: u32, member: bool) {
        let (block, offset) = split(row);
        let words = self.open.get(block, || opened(&self.set, block));
        if member { words.insert(offset) } else { words.remove(offset) }
    }

    /// Puts in rows from `first` on: all of them, or those whose bits are set.
    pub fn append(&mut self, first: u32, count: usize, bits: Option<&BooleanBuffer>) {
        for (block, offset, part) in parts(first, count) {
            let words = self.open.get(block, || opened(&self.set, block));
            // Offsets are below 65,536.
            match bits {
                None => words.insert_range(offset as u16, (offset + part.len() - 1) as u16),
                Some(bits) => {
                    let bits = bits.slice(part.start, part.len());
                    bits.set_indices().for_each(|index| words.insert((offset + index) as u16));
                }
            }
        }
    }

    /// The changed set, with its rows in another order when there is one; see [`OpenBlocks::finish_in`].
    pub fn finish(mut self, order: Option<&[u32]>) -> Set {
        let lay = |arrived: &ArrivedBlocks<Box<Words>>, rows: &[u32]| {
            let mut words = Words::boxed();
            for (word, rows) in words.0.iter_mut().zip(rows.chunks(64)) {
                for (bit, row) in rows.iter().enumerate() {
                    // Offsets are below 65,536.
                    let is_in = arrived.get(*row).is_some_and(|(words, offset)| words.contains(offset as u16));
                    *word |= u64::from(is_in) << bit;
                }
            }
            words
        };
        for (block, words) in self.open.finish_in(order, |words| words, lay) {
            self.set.replace(block, Container::from_words(&words));
        }
        self.set
    }
}

fn opened(set: &Set, block: u32) -> Box<Words> {
    let mut words = Words::boxed();
    set.container(block).or_to(&mut words);
    words
}
