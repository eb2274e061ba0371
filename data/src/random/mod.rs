//! Randomness that is the same bits on every machine.
//!
//! [`Random`] is a seeded generator; [`Ranked`] draws from a list by weight; [`curve`] has the two functions that
//! the samplers need, made of plain arithmetic only.

mod generator;

pub mod curve;

mod ranked;

pub use generator::Random;
pub use ranked::Ranked;
