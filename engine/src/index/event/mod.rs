//! Who did something: rows found by reading the events of one type, a block at a time.
//!
//! Reading order: [`scan`] asks every row that has such events, [`chosen`] says which of its events count, [`measure`]
//! what is made of them, [`wanted`] what a property or a measure is compared with, decided once for a whole query.
//! What nobody has asked before is found in one [`pass`] over a block; asked again, it is [`laid`] beside the events.
//! A count in a window is the difference of two searches in the order of the row's events; everything else reads the
//! window's part of them. Sums and averages are exact in 128 bits; those of `float` are added from the newest event on.

mod chosen;
mod laid;
mod measure;
mod pass;
mod scan;
mod wanted;

pub use scan::{ChosenEventsOf, EventScan};
