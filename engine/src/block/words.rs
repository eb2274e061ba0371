//! One bit for each row of a block. The loops over whole blocks are in `kernel`.

use super::kernel::Kernels;
use crate::shared::Plain;

/// Rows of a block.
pub const BLOCK_ROWS: usize = 65_536;

/// `u64` words of a block.
pub const BLOCK_WORDS: usize = BLOCK_ROWS / 64;

/// One bit a row, on its own cache lines.
#[derive(Clone, PartialEq, Eq)]
#[repr(C, align(64))]
pub struct Words(pub [u64; BLOCK_WORDS]);

// SAFETY: integers without gaps: their size is a multiple of the alignment.
unsafe impl Plain for Words {}

impl Words {
    /// No row.
    pub const EMPTY: Self = Self([0; BLOCK_WORDS]);

    /// Every row.
    pub const FULL: Self = Self([u64::MAX; BLOCK_WORDS]);

    /// No row, on the heap: eight kilobytes are too much for deep stacks.
    pub fn boxed() -> Box<Self> {
        Box::new(Self::EMPTY)
    }

    /// Whether the row is in.
    pub fn contains(&self, offset: u16) -> bool {
        self.0[usize::from(offset >> 6)] >> (offset & 63) & 1 == 1
    }

    /// Puts the row in.
    pub fn insert(&mut self, offset: u16) {
        self.0[usize::from(offset >> 6)] |= 1 << (offset & 63);
    }

    /// Takes the row out.
    pub fn remove(&mut self, offset: u16) {
        self.0[usize::from(offset >> 6)] &= !(1 << (offset & 63));
    }

    /// How many rows are in.
    pub fn count(&self) -> u32 {
        Kernels::get().count(&self.0)
    }

    /// Keeps the rows that `other` has as well.
    pub fn and(&mut self, other: &Self) {
        Kernels::get().and(&mut self.0, &other.0);
    }

    /// Adds the rows of `other`.
    pub fn or(&mut self, other: &Self) {
        Kernels::get().or(&mut self.0, &other.0);
    }

    /// Takes out the rows of `other`.
    pub fn and_not(&mut self, other: &Self) {
        Kernels::get().and_not(&mut self.0, &other.0);
    }

    /// Adds the rows that `other` has not.
    pub fn or_not(&mut self, other: &Self) {
        Kernels::get().or_not(&mut self.0, &other.0);
    }

    /// How many rows both have.
    pub fn and_count(&self, other: &Self) -> u32 {
        Kernels::get().and_count(&self.0, &other.0)
    }

    /// How many rows are in here and not in `other`.
    pub fn and_not_count(&self, other: &Self) -> u32 {
        Kernels::get().and_not_count(&self.0, &other.0)
    }

    /// Turns every row's bit.
    pub fn flip(&mut self) {
        for word in &mut self.0 {
            *word = !*word;
        }
    }

    /// Puts in the rows `first..=last`.
    pub fn insert_range(&mut self, first: u16, last: u16) {
        let (from, head, to, tail) = ends(first, last);
        if from == to {
            self.0[from] |= head & tail;
        } else {
            self.0[from] |= head;
            self.0[from + 1..to].fill(u64::MAX);
            self.0[to] |= tail;
        }
    }

    /// Takes out the rows `first..=last`.
    pub fn remove_range(&mut self, first: u16, last: u16) {
        let (from, head, to, tail) = ends(first, last);
        if from == to {
            self.0[from] &= !(head & tail);
        } else {
            self.0[from] &= !head;
            self.0[from + 1..to].fill(0);
            self.0[to] &= !tail;
        }
    }

    /// Appends the rows that are in, which are `count`, ascending.
    pub fn append_to(&self, list: &mut Vec<u16>, count: usize) {
        let mut at = list.len();
        list.resize(at + count, 0);
        for (index, &word) in self.0.iter().enumerate() {
            let mut rest = word;
            while rest != 0 && at < list.len() {
                // index < 1,024 and a word has 64 bits, so the offset fits 16 bits.
                list[at] = (index as u32 * 64 + rest.trailing_zeros()) as u16;
                rest &= rest - 1;
                at += 1;
            }
        }
    }

    /// The rows that are in, ascending.
    pub fn iter(&self) -> impl Iterator<Item = u16> + '_ {
        self.0.iter().enumerate().flat_map(|(index, &word)| {
            let mut rest = word;
            std::iter::from_fn(move || {
                (rest != 0).then(|| {
                    let bit = rest.trailing_zeros();
                    rest &= rest - 1;
                    // index < 1,024 and bit < 64, so the offset fits 16 bits.
                    (index as u32 * 64 + bit) as u16
                })
            })
        })
    }
}

/// The words in which a range of rows begins and ends, each with the bits that belong to it.
fn ends(first: u16, last: u16) -> (usize, u64, usize, u64) {
    (usize::from(first >> 6), u64::MAX << (first & 63), usize::from(last >> 6), u64::MAX >> (63 - (last & 63)))
}

impl std::fmt::Debug for Words {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "Words({} rows)", self.count())
    }
}
