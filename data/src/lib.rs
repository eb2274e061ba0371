//! Data to try Muster on: a made-up retail population of any size, and a real study.
//!
//! [`population`] draws believable customers from a seed, the same bytes wherever and however often it is run;
//! [`rules`] are what is asked of them; [`shop`] draws the events of an online shop; [`study`] fetches the Complete
//! Journey study, derives one profile per household, and tells its purchases as events. All of it comes as Arrow record
//! batches, and [`export`] writes those to Parquet or NDJSON.
//!
//! Not here: anything that evaluates a rule. The engine never depends on this crate.

pub mod error;

pub mod ndjson;

pub mod export;

pub mod random;

pub mod population;

pub mod rules;

pub mod shop;

pub mod study;

pub use error::{Error, Result};
pub use population::Population;
pub use shop::Shop;
