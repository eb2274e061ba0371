//! Rules to measure with: drawn at random from a seed, and written by hand as marketers would.
//!
//! Both fit the made-up [`crate::population`] and use the values it has, common and rare, so that a rule selects as
//! many people as rules of an office do. [`canonical`] is what published measurements are made of.

mod vocabulary;

mod draw;
mod leaf;

mod named;

#[cfg(test)]
mod tests;

pub use draw::{DEPTH_MAX, Drawer, LEAVES_MAX, canonical};
pub use named::{NAMED, Named};
