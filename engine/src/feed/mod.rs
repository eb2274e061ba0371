//! Membership that moves: who enters and who leaves the saved segments, told as it happens.
//!
//! Two things move people: what is written, and time that passes. A [`Follower`] goes from state to state and from instant
//! to instant and finds every move as a [`Step`]: exactly the difference between the evaluated memberships, of time with
//! the exact instant. A [`Feed`] remembers the newest moves of each segment, numbered, and the sizes through time.
//! [`Kept`] is its log on a disk.
//!
//! Not here: when to look (the server has the clock and the thread), and whom to tell.

mod order;

mod step;

mod difference;
mod follower;

mod history;
mod record;

mod codec;
mod kept;

pub use follower::Follower;
pub use history::{History, Point, Resolution, hour_of};
pub use kept::Kept;
pub use record::{Entry, Feed, Gone, Page, Track};
pub use step::{Bulk, Cause, Move, Population, Step};
