//! Changing a few blocks of something that is shared.

use std::collections::BTreeMap;

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

    /// Open blocks, by number.
    pub fn from_blocks(blocks: impl Iterator<Item = (u32, T)>) -> Self {
        Self { at: 0, current: None, others: blocks.collect() }
    }

    /// The blocks `0..count` as they stand.
    fn first(&self, count: usize) -> Vec<Option<&T>> {
        (0..count as u32).map(|block| self.peek(block)).collect()
    }

    /// The same rows in another order: `order` has the old row of each new one. `make` fills a block with what `get`
    /// has for an old row's block and offset.
    pub fn reordered<V>(
        &self,
        order: &[u32],
        get: impl Fn(&T, usize) -> V,
        make: impl Fn(Vec<Option<V>>) -> T,
    ) -> Self {
        let old = self.first(order.len().div_ceil(BLOCK_ROWS));
        let of = |row: &u32| {
            let (block, offset) = split(*row);
            old[block as usize].map(|block| get(block, usize::from(offset)))
        };
        let blocks = (0..).zip(order.chunks(BLOCK_ROWS)).filter_map(|(block, rows)| {
            let values: Vec<Option<V>> = rows.iter().map(of).collect();
            values.iter().any(Option::is_some).then(|| (block, make(values)))
        });
        Self::from_blocks(blocks)
    }

    /// All open blocks, ascending.
    pub fn finish(mut self) -> BTreeMap<u32, T> {
        if let Some(current) = self.current.take() {
            self.others.insert(self.at, current);
        }
        self.others
    }
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
        let words = self.open.get(block, || {
            let mut words = Words::boxed();
            self.set.container(block).or_to(&mut words);
            words
        });
        if member { words.insert(offset) } else { words.remove(offset) }
    }

    /// The rows in another order, all of them having been put in here; see [`OpenBlocks::reordered`].
    #[must_use]
    pub fn reordered(self, order: &[u32]) -> Self {
        let open = self.open.reordered(
            order,
            |words, offset| words.contains(offset as u16),
            |rows| {
                let mut words = Words::boxed();
                // A block has at most 65,536 rows.
                let rows = (0..=u16::MAX).zip(rows).filter(|(_, is_in)| *is_in == Some(true));
                rows.for_each(|(row, _)| words.insert(row));
                words
            },
        );
        Self { set: Set::default(), open }
    }

    /// The changed set.
    pub fn finish(mut self) -> Set {
        for (block, words) in self.open.finish() {
            self.set.replace(block, Container::from_words(&words));
        }
        self.set
    }
}
