//! The engine as a library: what it answers, compared with answers that others computed.

mod acceptance;
mod changes;
mod checkpoints;
mod codec;
mod distribution;
mod durability;
mod groups;
mod history;
mod laws;
mod log;
mod memory;
mod twin;
mod versions;
