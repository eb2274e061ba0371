//! Data to try Muster on: a made-up retail population of any size, and a real study.
//!
//! [`study`] fetches the Complete Journey study and derives one profile per household. Record batches are written
//! to Parquet or NDJSON by [`export`].
//!
//! Not here: anything that evaluates a rule. The engine never depends on this crate.

pub mod error;
pub mod export;
pub mod ndjson;
pub mod study;

pub use error::{Error, Result};
