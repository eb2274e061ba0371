//! Muster's engine: how many customers does a rule select, and who are they?
//!
//! Modules stand in the order in which they depend on each other: each uses only those above it.

pub mod error;
pub mod id;
pub mod limits;
pub mod paged;
pub mod patience;
pub mod shared;
mod sync;
pub mod time;

pub mod store;

pub mod block;

pub mod schema;

pub mod column;

pub mod event;

pub mod rule;

pub mod index;

pub mod enrich;

pub mod table;

pub mod prompt;

pub mod plan;

pub mod eval;

pub mod cache;

pub mod catalog;

pub mod segment;

pub mod gate;

pub mod audience;

pub mod snapshot;

pub mod offer;

pub mod insight;

pub mod lookalike;

pub mod command;

pub mod tenant;

pub mod feed;

pub mod engine;
