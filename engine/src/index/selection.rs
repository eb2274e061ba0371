//! The rows that one leaf of a rule selects, whatever kind of index knows them.

use super::cut::{CUTS_MAX, Cut};
use super::event::EventScan;
use super::range::RankRange;
use super::rank::Ranks;
use super::scan::{CodeScan, MemberScan};
use super::union::Union;
use crate::block::{Container, Set, Words, join};
use crate::column::Scalar;

/// Rows of a block whose list costs as much to read as bits.
const CHEAP_ROWS: f64 = 300.0;

/// What a range costs: two sets and the rows in excess.
const RANGE_COST: f64 = 1.5;

/// What reading a column costs.
const SCAN_COST: f64 = 200.0;

/// The share of the rows that a scan is thought to find: nobody asks a column of many different values for most.
const SCANNED_SHARE: f64 = 0.02;

/// What reading events costs.
const EVENTS_COST: f64 = 400.0;

/// The share of those who did something ever that is thought to be asked for.
const EVENTS_SHARE: f64 = 0.3;

/// Blocks that are asked for the share of a range.
const SHARE_BLOCKS: u32 = 3;

/// How many, and which.
#[derive(Debug)]
pub enum Selection<'v> {
    /// Rows that an index keeps.
    Rows(&'v Set),
    /// Rows that were put together for this query.
    Made(Set),
    /// Rows in any of some sets that an index keeps.
    Union(Union<'v>),
    /// Rows whose key lies between two.
    Range(KeyRange<'v>),
    /// Rows found by reading codes.
    Codes(CodeScan<'v>),
    /// Rows found by reading sets.
    Members(MemberScan<'v>),
    /// Rows found by reading events.
    Events(Box<EventScan<'v>>),
}

/// A scalar field's column and index.
#[derive(Debug, Clone, Copy)]
pub struct Keys<'v> {
    /// The keys.
    pub column: &'v Scalar,
    /// Their order.
    pub ranks: &'v Ranks,
    /// The rows that have one.
    pub present: &'v Set,
}

/// The rows with keys `lo..=hi`.
#[derive(Debug, Clone, Copy)]
pub struct KeyRange<'v> {
    /// The field.
    pub keys: Keys<'v>,
    /// Least key.
    pub lo: i64,
    /// Greatest key.
    pub hi: i64,
}

/// What a selection is within one block.
#[derive(Debug, Clone, Copy)]
pub enum Part<'v> {
    /// No row.
    Empty,
    /// Every row.
    Full,
    /// The rows of a container that is neither.
    Rows(&'v Container),
    /// Rows of consecutive ranks, neither none nor all.
    Range(RankRange<'v>),
    /// Rows of some containers together.
    Union {
        /// Rows of those that are not bits, added up.
        listed: u32,
        /// How many of them are bits.
        bits: u32,
    },
    /// To be found by reading the column.
    Unread,
}

impl<'v> Keys<'v> {
    /// The rows with one of some keys.
    pub fn any_of(&self, keys: &[i64]) -> Set {
        let mut builder = crate::block::SetBuilder::default();
        let mut words = Words::boxed();
        for (block, _) in self.present.blocks() {
            words.0.fill(0);
            let (Some(column), Some(ranks)) = (self.column.block(block), self.ranks.block(block)) else { continue };
            for code in keys.iter().filter_map(|key| column.dict.code(*key)) {
                ranks.slice(ranks.rank(code), ranks.rank(code + 1)).iter().for_each(|row| words.insert(*row));
            }
            if let Some(overlay) = self.column.overlay(block) {
                overlay.old_rows().iter().for_each(|row| words.remove(*row));
                let places = keys.iter().flat_map(|key| overlay.places_between(*key, *key));
                places.for_each(|place| words.insert(overlay.new_rows()[place]));
            }
            builder.push(block, Container::from_words(&words));
        }
        builder.finish()
    }
}

/// What a set costs beside one whose every block has bits: lists are shorter.
pub(super) fn set_cost(set: &Set) -> f64 {
    (set.len() as f64 / (CHEAP_ROWS * set.block_count().max(1) as f64)).min(1.0)
}

impl<'v> KeyRange<'v> {
    fn part(&self, block: u32) -> Part<'v> {
        let (Some(column), Some(ranks)) = (self.keys.column.block(block), self.keys.ranks.block(block)) else {
            return Part::Empty;
        };
        let from = Cut::below(column, ranks, Some(self.lo));
        let to = Cut::below(column, ranks, self.hi.checked_add(1));
        Part::of_range(self.changed(RankRange::new(column, ranks, from, to), block))
    }

    /// A range of a block as it was laid, with what has changed since.
    fn changed(&self, range: RankRange<'v>, block: u32) -> RankRange<'v> {
        match self.keys.column.overlay(block) {
            Some(overlay) => range.with_changes(overlay, self.lo, self.hi),
            None => range,
        }
    }

    /// About which share of the rows that have a key is in the range, from a few blocks.
    fn share(&self) -> f64 {
        let blocks = self.keys.column.block_count();
        let (mut found, mut all) = (0, 0);
        for block in (0..blocks).step_by(blocks.div_ceil(SHARE_BLOCKS).max(1) as usize) {
            found += self.part(block).cardinality().unwrap_or(0);
            all += self.keys.ranks.block(block).map_or(0, |ranks| ranks.len());
        }
        found as f64 / all.max(1) as f64
    }

    fn look_up(&self, first: u32, parts: &mut [Part<'v>]) {
        let Keys { column, ranks, .. } = self.keys;
        let mut blocks = [None; CUTS_MAX];
        for (at, block) in (first..).zip(&mut blocks[..parts.len()]) {
            *block = column.block(at).zip(ranks.block(at)).map(|(column, ranks)| (&**column, &**ranks));
        }
        let from = Cut::below_in(&blocks, Some(self.lo));
        let to = Cut::below_in(&blocks, self.hi.checked_add(1));
        for (at, (part, block)) in parts.iter_mut().zip(blocks).enumerate() {
            *part = match block {
                Some((column, ranks)) => {
                    let range = RankRange::new(column, ranks, from[at], to[at]);
                    Part::of_range(self.changed(range, first + at as u32))
                }
                None => Part::Empty,
            };
        }
    }
}

impl Selection<'_> {
    /// How many rows at most; exact where the rows are known without reading a column.
    pub fn at_most(&self) -> u64 {
        match self {
            Self::Rows(set) => set.len(),
            Self::Made(set) => set.len(),
            Self::Union(union) => union.at_most(),
            Self::Range(range) => range.keys.present.len(),
            Self::Codes(scan) => scan.at_most(),
            Self::Members(scan) => scan.at_most(),
            Self::Events(scan) => scan.at_most(),
        }
    }

    /// About how many rows, and what reading the bits of all blocks costs, where one plain set costs 1.
    pub fn estimate(&self) -> (f64, f64) {
        let of_set = |set: &Set| (set.len() as f64, set_cost(set));
        match self {
            Self::Rows(set) => of_set(set),
            Self::Made(set) => of_set(set),
            Self::Union(union) => (union.at_most() as f64, union.cost()),
            Self::Range(range) => (range.share() * range.keys.present.len() as f64, RANGE_COST),
            Self::Codes(scan) => (SCANNED_SHARE * scan.at_most() as f64, SCAN_COST),
            Self::Members(scan) => (SCANNED_SHARE * scan.at_most() as f64, SCAN_COST),
            Self::Events(scan) => (EVENTS_SHARE * scan.at_most() as f64, EVENTS_COST),
        }
    }

    /// Whether a row is selected.
    pub fn contains(&self, row: u32) -> bool {
        match self {
            Self::Rows(set) => set.contains(row),
            Self::Made(set) => set.contains(row),
            Self::Union(union) => union.contains(row),
            Self::Range(range) => range.keys.column.get(row).is_some_and(|key| range.lo <= key && key <= range.hi),
            Self::Codes(scan) => scan.contains(row),
            Self::Members(scan) => scan.contains(row),
            Self::Events(scan) => scan.contains(row),
        }
    }

    /// The rows as a set, when they lie ready as one.
    pub fn rows(&self) -> Option<&Set> {
        match self {
            Self::Rows(set) => Some(set),
            Self::Made(set) => Some(set),
            Self::Union(_) | Self::Range(_) | Self::Codes(_) | Self::Members(_) | Self::Events(_) => None,
        }
    }

    /// What the selection is within the blocks from `first` on, at most [`CUTS_MAX`].
    pub fn look_up<'s>(&'s self, first: u32, parts: &mut [Part<'s>]) {
        match self {
            Self::Range(range) => range.look_up(first, parts),
            Self::Rows(set) => Part::look_up(set, first, parts),
            Self::Made(set) => Part::look_up(set, first, parts),
            _ => (first..).zip(parts).for_each(|(block, part)| *part = self.part(block)),
        }
    }

    /// What the selection is within one block.
    pub fn part(&self, block: u32) -> Part<'_> {
        let unread = |present: &Set| if present.container(block).is_empty() { Part::Empty } else { Part::Unread };
        match self {
            Self::Rows(set) => Part::of(set.container(block)),
            Self::Made(set) => Part::of(set.container(block)),
            Self::Union(union) => union.part(block),
            Self::Range(range) => range.part(block),
            Self::Codes(scan) => unread(scan.present),
            Self::Members(scan) => unread(scan.present),
            Self::Events(scan) if scan.is_empty_in(block) => Part::Empty,
            Self::Events(_) => Part::Unread,
        }
    }

    /// Writes the rows of a block over `out` by reading the column.
    pub fn read_to(&self, block: u32, out: &mut Words) {
        match self {
            Self::Codes(scan) => scan.write_to(block, out),
            Self::Members(scan) => scan.write_to(block, out),
            Self::Events(scan) => scan.write_to(block, out),
            Self::Union(union) => union.write_to(block, out),
            Self::Rows(_) | Self::Made(_) | Self::Range(_) => {
                out.0.fill(0);
                (0..=u16::MAX)
                    .filter(|offset| self.contains(join(block, *offset)))
                    .for_each(|offset| out.insert(offset));
            }
        }
    }
}

impl<'v> Part<'v> {
    /// A container's rows.
    pub(super) fn of(container: &'v Container) -> Self {
        match container {
            Container::Empty => Self::Empty,
            Container::Full => Self::Full,
            _ => Self::Rows(container),
        }
    }

    fn look_up(set: &'v Set, first: u32, parts: &mut [Self]) {
        parts.iter_mut().zip(set.containers_from(first)).for_each(|(part, container)| *part = Self::of(container));
    }

    fn of_range(range: RankRange<'v>) -> Self {
        match range.cardinality() {
            0 => Self::Empty,
            crate::block::BLOCK_ROWS => Self::Full,
            _ => Self::Range(range),
        }
    }

    /// How many rows, when that is known.
    pub fn cardinality(&self) -> Option<usize> {
        match self {
            Self::Empty => Some(0),
            Self::Full => Some(crate::block::BLOCK_ROWS),
            Self::Rows(container) => Some(container.cardinality() as usize),
            Self::Range(range) => Some(range.cardinality()),
            Self::Union { .. } | Self::Unread => None,
        }
    }
}
