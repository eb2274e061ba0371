//! Tests that read the column itself, one block at a time.

use crate::block::{Set, Words};
use crate::column::{Codes, Members};

/// Codes of one dictionary, as bits.
#[derive(Debug)]
pub struct WantedCodes {
    bits: Vec<u64>,
}

impl WantedCodes {
    /// From codes in any order.
    pub fn new(codes: &[u32]) -> Self {
        let words = codes.iter().max().map_or(0, |max| *max as usize / 64 + 1);
        let mut bits = vec![0; words];
        for &code in codes {
            bits[code as usize / 64] |= 1 << (code % 64);
        }
        Self { bits }
    }

    /// Whether the code is one of them.
    pub fn contains(&self, code: u32) -> bool {
        self.bits.get(code as usize / 64).is_some_and(|word| word >> (code % 64) & 1 == 1)
    }
}

/// Rows whose keyword is one of a list.
#[derive(Debug)]
pub struct CodeScan<'v> {
    /// The codes.
    pub codes: &'v Codes,
    /// The rows that have one.
    pub present: &'v Set,
    /// What is wanted; never the code that means missing.
    pub wanted: WantedCodes,
}

impl CodeScan<'_> {
    /// Whether the row is one of them.
    pub fn contains(&self, row: u32) -> bool {
        self.wanted.contains(self.codes.get(row))
    }

    /// Keeps the rows of a block that are wanted, or those that are not.
    pub fn retain(&self, block: u32, list: &mut Vec<u16>, wanted: bool) {
        self.codes.retain(block, list, |code| self.wanted.contains(code) == wanted);
    }

    /// How many rows at most.
    pub fn at_most(&self) -> u64 {
        self.present.len()
    }

    /// Writes the rows of a block over `out`.
    pub fn write_to(&self, block: u32, out: &mut Words) {
        out.0.fill(0);
        self.codes.visit(block, |offset, code| {
            out.0[usize::from(offset >> 6)] |= u64::from(self.wanted.contains(code)) << (offset & 63);
        });
    }
}

/// Rows whose set shares a member with a list, or holds all of it.
#[derive(Debug)]
pub struct MemberScan<'v> {
    /// The sets.
    pub members: &'v Members,
    /// The rows that have one.
    pub present: &'v Set,
    /// What is wanted.
    pub wanted: WantedCodes,
    /// How many of the wanted members a row must hold.
    pub at_least: usize,
}

impl MemberScan<'_> {
    /// Whether the row is one of them.
    pub fn contains(&self, row: u32) -> bool {
        let wanted = self.members.get(row).iter().filter(|&&code| self.wanted.contains(code));
        self.present.contains(row) && wanted.take(self.at_least).count() == self.at_least
    }

    /// How many rows at most.
    pub fn at_most(&self) -> u64 {
        self.present.len()
    }

    /// Writes the rows of a block over `out`.
    pub fn write_to(&self, block: u32, out: &mut Words) {
        out.0.fill(0);
        self.members.visit(block, |offset, codes| {
            if codes.iter().filter(|&&code| self.wanted.contains(code)).take(self.at_least).count() == self.at_least {
                out.insert(offset);
            }
        });
    }
}
