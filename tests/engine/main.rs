//! The engine as a library: what it answers, compared with answers that others computed.

mod acceptance;
mod budget;
mod changes;
mod checkpoints;
mod codec;
mod distribution;
mod durability;
mod edits;
mod erasure;
mod feed;
mod groups;
mod history;
mod laws;
mod lints;
mod log;
mod memory;
mod offers;
mod overlaps;
mod overlay;
mod person;
mod reaches;
mod snapshots;
mod twin;
mod versions;
