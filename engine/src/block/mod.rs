//! Sets of rows, 65,536 rows at a time: the hot code and nothing else.
//!
//! A [`Container`] holds which rows of one block belong to a set, in the form that costs the fewest bytes. A [`Set`]
//! is the containers of all blocks that are not empty. An evaluation works on [`Words`], one bit a row of one block.
//! Nothing here knows fields, values or rules.

mod kernel;
mod words;

mod container;

mod algebra;
mod set;

mod portable;

#[cfg(test)]
mod tests;

pub use algebra::{and, and_count, and_not, or};
pub use container::{ARRAY_MAX, Bits, Container, Run};
pub use kernel::{Kernels, Operand};
pub use portable::{Portable, to_portable};
pub use set::{Set, SetBuilder};
pub use words::{BLOCK_ROWS, BLOCK_WORDS, Words};

/// The block of a row, and its offset there.
pub fn split(row: u32) -> (u32, u16) {
    // The low half of a u32 is a u16 by construction.
    (row >> 16, (row & 0xffff) as u16)
}

/// The row at an offset of a block.
pub fn join(block: u32, offset: u16) -> u32 {
    block << 16 | u32::from(offset)
}

/// Writes over `kept` the rows that are to stay, without a jump for each row: whether one stays is hard to guess for a
/// processor.
pub fn select(rows: &[u16], kept: &mut Vec<u16>, keep: impl Fn(u16) -> bool) {
    kept.clear();
    kept.resize(rows.len(), 0);
    let mut count = 0;
    for &row in rows {
        kept[count] = row;
        count += usize::from(keep(row));
    }
    kept.truncate(count);
}

/// [`select`] in place.
pub fn retain_if(list: &mut Vec<u16>, mut keep: impl FnMut(u16) -> bool) {
    let mut kept = 0;
    for at in 0..list.len() {
        let row = list[at];
        list[kept] = row;
        kept += usize::from(keep(row));
    }
    list.truncate(kept);
}
