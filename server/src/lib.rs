//! The Muster server and command line: everything between the engine and the world.
//!
//! The engine has no clock, no HTTP and no file formats; they are here. Modules stand in the order in which they
//! depend on each other.

pub mod clock;
pub mod limits;
pub mod log;
mod log_line;
mod memory;
mod outgoing;

pub mod source;

pub mod backup;
mod carried;
pub mod load;
pub mod load_events;

pub mod export;
pub mod feed;

pub mod access;
mod desks;
mod turns;
mod waiting;

pub mod openid;

pub mod api;
pub mod webhooks;

pub mod tls;

pub mod house;
pub mod serve;

pub mod cli;
