//! What the suites share: a second, naive reading of every rule, and the material both readings are compared on.
//!
//! The twin never calls the engine's evaluation; only its words (`Rule`, `Schema`, `Value`)
//! are borrowed. The suites themselves are in `tests/engine` and `tests/http`.

pub mod acceptance;
pub mod decimal;
pub mod disk;
pub mod events;
pub mod gates;
pub mod happened;
pub mod hostile;
pub mod life;
pub mod lives;
pub mod model;
pub mod population;
pub mod rng;
pub mod rules;
pub mod server;
pub mod study;
pub mod tenant;
pub mod twin;

#[cfg(test)]
mod twin_tests;
