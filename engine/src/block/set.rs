//! A set of rows of a whole table.

use std::cmp::Ordering;
use std::ops::Range;

use super::algebra;
use super::container::Container;
use super::words::Words;
use super::{join, split};
use crate::paged::Paged;

/// Containers of a page: a change of one row copies as many pointers.
const PAGE: usize = 16;

/// A set of rows: the containers of the blocks where it is not empty, ascending by block.
///
/// A clone costs one pointer; containers are shared until they are changed.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Set {
    blocks: Paged<(u32, Container), PAGE>,
    len: u64,
}

impl Set {
    /// The rows `0..count`.
    pub fn first_rows(count: u32) -> Self {
        let mut builder = SetBuilder::default();
        let (whole, rest) = split(count);
        for block in 0..whole {
            builder.push(block, Container::Full);
        }
        if rest > 0 {
            builder.push(whole, Container::from_range(0, rest - 1));
        }
        builder.finish()
    }

    /// From rows in any order, repeated or not.
    pub fn from_rows(mut rows: Vec<u32>) -> Self {
        rows.sort_unstable();
        rows.dedup();
        let mut builder = SetBuilder::default();
        let mut offsets = Vec::new();
        for chunk in rows.chunk_by(|left, right| left >> 16 == right >> 16) {
            offsets.clear();
            offsets.extend(chunk.iter().map(|&row| split(row).1));
            builder.push(chunk[0] >> 16, Container::from_sorted(&offsets));
        }
        builder.finish()
    }

    /// How many rows; reads no container.
    pub fn len(&self) -> u64 {
        self.len
    }

    /// Whether there are none.
    pub fn is_empty(&self) -> bool {
        self.len == 0
    }

    /// The rows of one block.
    pub fn container(&self, block: u32) -> &Container {
        // Most sets have a container in every block, so its place is usually its number.
        match self.blocks.get(block as usize) {
            Some((at, container)) if *at == block => container,
            _ => match self.blocks.get(self.place(block)) {
                Some((at, container)) if *at == block => container,
                _ => &Container::Empty,
            },
        }
    }

    /// The rows of the blocks from `first` on, one after the other.
    pub fn containers_from(&self, first: u32) -> impl Iterator<Item = &Container> {
        let ready = self.blocks.rest_of_page(first as usize).iter();
        let ready = ready.map(Some).chain(std::iter::repeat(None));
        (first..).zip(ready).map(|(block, ready)| match ready {
            Some((at, container)) if *at == block => container,
            _ => self.container(block),
        })
    }

    /// The place of a block among those that are not empty, or where it would be.
    fn place(&self, block: u32) -> usize {
        match self.blocks.get(block as usize) {
            Some((at, _)) if *at == block => block as usize,
            _ => self.blocks.partition_point(|(at, _)| *at < block),
        }
    }

    /// How many blocks are not empty.
    pub fn block_count(&self) -> usize {
        self.blocks.len()
    }

    /// The last block that is not empty.
    pub fn last_block(&self) -> Option<u32> {
        self.blocks.last().map(|(block, _)| *block)
    }

    /// The rows of the block that is at a place among those that are not empty.
    pub fn nth(&self, place: usize) -> &Container {
        self.blocks.get(place).map_or(&Container::Empty, |(_, container)| container)
    }

    /// The blocks that are not empty, ascending.
    pub fn blocks(&self) -> impl Iterator<Item = (u32, &Container)> {
        self.blocks.iter().map(|(block, container)| (*block, container))
    }

    /// Those of some blocks.
    pub fn blocks_within(&self, blocks: Range<u32>) -> impl Iterator<Item = (u32, &Container)> {
        let places = self.place(blocks.start)..self.place(blocks.end);
        places.filter_map(|place| self.blocks.get(place)).map(|(block, container)| (*block, container))
    }

    /// Whether the row is in.
    pub fn contains(&self, row: u32) -> bool {
        let (block, offset) = split(row);
        self.container(block).contains(offset)
    }

    /// Puts a row in; says whether it was not there.
    pub fn insert(&mut self, row: u32) -> bool {
        let (block, offset) = split(row);
        let changed = self.container(block).with(offset);
        self.replace(block, changed)
    }

    /// Takes a row out; says whether it was there.
    pub fn remove(&mut self, row: u32) -> bool {
        let (block, offset) = split(row);
        let changed = self.container(block).without(offset);
        self.replace(block, changed)
    }

    /// Gives a block other rows; says whether their number changed.
    pub fn replace(&mut self, block: u32, container: Container) -> bool {
        let (before, after) = (self.container(block).cardinality(), container.cardinality());
        let place = self.place(block);
        match self.blocks.get_mut(place).filter(|(at, _)| *at == block) {
            Some(_) if after == 0 => self.blocks.remove(place),
            Some((_, place)) => *place = container,
            None if after == 0 => {}
            None => self.blocks.insert(place, (block, container)),
        }
        self.len = self.len - u64::from(before) + u64::from(after);
        before != after
    }

    /// The rows, ascending.
    pub fn rows(&self) -> impl Iterator<Item = u32> + '_ {
        self.blocks.iter().flat_map(|(block, container)| {
            let mut offsets = Vec::with_capacity(container.cardinality() as usize);
            container.visit(|offset| {
                offsets.push(join(*block, offset));
                true
            });
            offsets
        })
    }

    /// At most `limit` rows above `after`, ascending.
    pub fn rows_after(&self, after: Option<u32>, limit: usize) -> Vec<u32> {
        let mut rows = Vec::new();
        let from = after.map_or(0, |row| u64::from(row) + 1);
        for (block, container) in self.blocks.iter() {
            if u64::from(*block) < from >> 16 {
                continue;
            }
            let more = container.visit(|offset| {
                let row = join(*block, offset);
                if u64::from(row) >= from && rows.len() < limit {
                    rows.push(row);
                }
                rows.len() < limit
            });
            if !more {
                break;
            }
        }
        rows
    }

    /// The rows in both.
    #[must_use]
    pub fn and(&self, other: &Self) -> Self {
        self.merge(other, |left, right| match (left, right) {
            (Some(left), Some(right)) => algebra::and(left, right),
            _ => Container::Empty,
        })
    }

    /// The rows in either.
    #[must_use]
    pub fn or(&self, other: &Self) -> Self {
        self.merge(other, |left, right| {
            algebra::or(left.unwrap_or(&Container::Empty), right.unwrap_or(&Container::Empty))
        })
    }

    /// The rows that are not in `other`.
    #[must_use]
    pub fn and_not(&self, other: &Self) -> Self {
        self.merge(other, |left, right| match (left, right) {
            (Some(left), Some(right)) => algebra::and_not(left, right),
            (Some(left), None) => left.clone(),
            _ => Container::Empty,
        })
    }

    /// How many rows are in both.
    pub fn and_count(&self, other: &Self) -> u64 {
        let (few, many) = if self.blocks.len() <= other.blocks.len() { (self, other) } else { (other, self) };
        few.blocks
            .iter()
            .map(|(block, container)| u64::from(algebra::and_count(container, many.container(*block))))
            .sum()
    }

    /// The rows in at least one of many sets, block by block.
    pub fn union<'a>(sets: impl IntoIterator<Item = &'a Self>) -> Self {
        let mut parts: Vec<&(u32, Container)> = sets.into_iter().flat_map(|set| set.blocks.iter()).collect();
        parts.sort_by_key(|(block, _)| *block);
        let mut builder = SetBuilder::default();
        let mut words = Words::boxed();
        for same in parts.chunk_by(|left, right| left.0 == right.0) {
            if let [(block, container)] = same {
                builder.push(*block, container.clone());
                continue;
            }
            words.0.fill(0);
            same.iter().for_each(|(_, container)| container.or_to(&mut words));
            builder.push(same[0].0, Container::from_words(&words));
        }
        builder.finish()
    }

    /// Heap bytes.
    pub fn bytes(&self) -> usize {
        self.blocks.bytes() + self.blocks.iter().map(|(_, container)| container.bytes()).sum::<usize>()
    }

    fn merge(&self, other: &Self, join: impl Fn(Option<&Container>, Option<&Container>) -> Container) -> Self {
        let (mut left, mut right) = (self.blocks.iter().peekable(), other.blocks.iter().peekable());
        let mut builder = SetBuilder::default();
        loop {
            let order = match (left.peek(), right.peek()) {
                (Some(l), Some(r)) => l.0.cmp(&r.0),
                (Some(_), None) => Ordering::Less,
                (None, Some(_)) => Ordering::Greater,
                (None, None) => return builder.finish(),
            };
            let l = if order.is_le() { left.next() } else { None };
            let r = if order.is_ge() { right.next() } else { None };
            let block = l.or(r).map_or(0, |(block, _)| *block);
            builder.push(block, join(l.map(|part| &part.1), r.map(|part| &part.1)));
        }
    }
}

/// Builds a set from containers that come block by block, ascending.
#[derive(Debug, Default)]
pub struct SetBuilder {
    blocks: Vec<(u32, Container)>,
    len: u64,
}

impl SetBuilder {
    /// With room for the containers of so many blocks.
    pub fn with_capacity(blocks: usize) -> Self {
        Self { blocks: Vec::with_capacity(blocks), len: 0 }
    }

    /// The rows of the next block; an empty container is left out.
    pub fn push(&mut self, block: u32, container: Container) {
        debug_assert!(self.blocks.last().is_none_or(|(last, _)| *last < block));
        if !container.is_empty() {
            self.len += u64::from(container.cardinality());
            self.blocks.push((block, container));
        }
    }

    /// The set.
    pub fn finish(self) -> Set {
        Set { blocks: self.blocks.into_iter().collect(), len: self.len }
    }
}
