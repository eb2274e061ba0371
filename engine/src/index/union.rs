//! Rows in at least one of some sets: a list of values, put together block by block and only where it is needed.

use super::scan::CodeScan;
use super::selection::{Part, set_cost};
use crate::block::{Container, Set, Words, join, retain_if};

/// Some sets together.
#[derive(Debug)]
pub struct Union<'v> {
    sets: Vec<&'v Set>,
    at_most: u64,
    /// Says of a single row whether it is in any, where a column says that sooner than the sets.
    scan: Option<CodeScan<'v>>,
}

impl<'v> Union<'v> {
    /// Of sets that `present` bounds together.
    pub fn new(sets: Vec<&'v Set>, present: &Set, scan: Option<CodeScan<'v>>) -> Self {
        let at_most = sets.iter().map(|set| set.len()).sum::<u64>().min(present.len());
        Self { sets, at_most, scan }
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

    /// The rows of each set in a block.
    pub fn containers(&self, block: u32) -> impl Iterator<Item = &'v Container> + Clone {
        self.sets.iter().map(move |set| set.container(block))
    }

    /// What the union is within each block.
    pub fn parts(&self, block_count: u32) -> Vec<Part<'v>> {
        (0..block_count).map(|block| self.part(block)).collect()
    }

    fn part(&self, block: u32) -> Part<'v> {
        let mut only = Part::Empty;
        let (mut listed, mut bits) = (0, 0);
        for container in self.containers(block) {
            match (container, &only) {
                (Container::Empty, _) => continue,
                (Container::Full, _) => return Part::Full,
                (_, Part::Empty) => only = Part::of(container),
                _ => only = Part::Union { listed, bits },
            }
            match container {
                Container::Bits { .. } => bits += 1,
                container => listed += container.cardinality(),
            }
        }
        match only {
            Part::Union { .. } => Part::Union { listed, bits },
            only => only,
        }
    }

    /// Writes the rows of a block over `out`.
    pub fn write_to(&self, block: u32, out: &mut Words) {
        out.0.fill(0);
        self.containers(block).for_each(|container| container.or_to(out));
    }
}
