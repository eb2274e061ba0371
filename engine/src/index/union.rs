//! Rows in at least one of some sets: a list of values, put together block by block and only where it is needed.

use std::sync::OnceLock;

use super::scan::CodeScan;
use super::selection::{Part, set_cost};
use crate::block::{Container, Set, Words, join, retain_if};

/// Sets up to which each block asks all of them for its containers; of more, most have none there.
const FEW_SETS: usize = 16;

/// Some sets together.
#[derive(Debug)]
pub struct Union<'v> {
    sets: Vec<&'v Set>,
    at_most: u64,
    /// Says of a single row whether it is in any, where a column says that sooner than the sets.
    scan: Option<CodeScan<'v>>,
    by_block: OnceLock<ByBlock>,
}

impl<'v> Union<'v> {
    /// Of sets that `present` bounds together.
    pub fn new(sets: Vec<&'v Set>, present: &Set, scan: Option<CodeScan<'v>>) -> Self {
        let at_most = sets.iter().map(|set| set.len()).sum::<u64>().min(present.len());
        Self { sets, at_most, scan, by_block: OnceLock::new() }
    }

    /// How many rows at most.
    pub fn at_most(&self) -> u64 {
        self.at_most
    }

    /// What putting it together costs, where one plain set costs 1.
    pub fn cost(&self) -> f64 {
        self.sets.iter().map(|set| set_cost(set)).sum::<f64>() + 0.5
    }

    /// Whether a row is in any.
    pub fn contains(&self, row: u32) -> bool {
        match &self.scan {
            Some(scan) => scan.contains(row),
            None => self.sets.iter().any(|set| set.contains(row)),
        }
    }

    /// Keeps the rows of a block that are in any, or those that are in none.
    pub fn retain(&self, block: u32, list: &mut Vec<u16>, wanted: bool) {
        match &self.scan {
            Some(scan) => scan.retain(block, list, wanted),
            None => retain_if(list, |row| self.contains(join(block, row)) == wanted),
        }
    }

    /// Whether a column says it of a single row.
    pub fn has_scan(&self) -> bool {
        self.scan.is_some()
    }

    /// The rows of each set in a block, of sets that have any there.
    pub fn containers(&self, block: u32) -> impl Iterator<Item = &'v Container> + Clone + '_ {
        let few = if self.sets.len() <= FEW_SETS { &*self.sets } else { &[] };
        let places = if few.is_empty() { self.places(block) } else { &[] };
        let of_few = few.iter().map(move |set| set.container(block)).filter(|container| !container.is_empty());
        of_few.chain(places.iter().map(|(set, place)| self.sets[*set as usize].nth(*place as usize)))
    }

    /// Which container of which set each is.
    fn places(&self, block: u32) -> &[(u32, u32)] {
        let parts = self.by_block.get_or_init(|| ByBlock::new(&self.sets));
        let at = block as usize;
        match parts.starts.get(at..at + 2) {
            Some(ends) => &parts.places[ends[0] as usize..ends[1] as usize],
            None => &[],
        }
    }

    /// What the union is within one block.
    pub fn part(&self, block: u32) -> Part<'v> {
        part(self.containers(block))
    }

    /// Writes the rows of a block over `out`.
    pub fn write_to(&self, block: u32, out: &mut Words) {
        out.0.fill(0);
        self.containers(block).for_each(|container| container.or_to(out));
    }
}

fn part<'v>(containers: impl Iterator<Item = &'v Container>) -> Part<'v> {
    let mut only = Part::Empty;
    let (mut listed, mut bits) = (0, 0);
    for container in containers {
        only = match (container, only) {
            (Container::Full, _) => return Part::Full,
            (_, Part::Empty) => Part::of(container),
            _ => Part::Union { listed, bits },
        };
        match container {
            Container::Bits { .. } => bits += 1,
            container => listed += container.cardinality(),
        }
    }
    if let Part::Union { .. } = only { Part::Union { listed, bits } } else { only }
}

/// Where the containers of each block are.
#[derive(Debug)]
struct ByBlock {
    /// Where the places of each block begin, and where those of the last end.
    starts: Vec<u32>,
    /// Numbers of sets, and which of the set's containers it is.
    places: Vec<(u32, u32)>,
}

impl ByBlock {
    fn new(sets: &[&Set]) -> Self {
        let block_count = sets.iter().filter_map(|set| set.last_block()).max().map_or(0, |block| block as usize + 1);
        // First how many each block has, then where they begin, then where the next one goes.
        let mut starts = vec![0u32; block_count + 1];
        sets.iter().flat_map(|set| set.blocks()).for_each(|(block, _)| starts[block as usize + 1] += 1);
        for block in 0..block_count {
            starts[block + 1] += starts[block];
        }
        let mut next = starts.clone();
        let mut places = vec![(0, 0); starts[block_count] as usize];
        for (number, set) in (0..).zip(sets) {
            for (place, (block, _)) in (0..).zip(set.blocks()) {
                let at = &mut next[block as usize];
                places[*at as usize] = (number, place);
                *at += 1;
            }
        }
        Self { starts, places }
    }
}
