//! A believable retail population of any size, drawn from a seed.
//!
//! [`Population`] describes it and hands out its rows; nobody in it exists.

mod fields;

mod names;
mod places;
mod words;

mod person;

mod columns;

mod blocks;

#[cfg(test)]
mod tests;

pub use blocks::{BLOCK_ROWS, Batches, DEFAULT_NOW, Population, ROWS_MAX};
