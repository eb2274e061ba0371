//! Audiences frozen: who was in, by which definition, at which version and instant. A snapshot never changes, except that
//! an erased person is no longer in it.
//!
//! Members are kept as the portable roaring bytes of their rows, which lie in a mapped file where there is a disk, and
//! are read when they are asked for. Rows are never renumbered and never given to somebody else, so the members that are
//! left are those whose rows are live. Everything that the definition reaches is kept as it was then, so that it can be
//! evaluated again whatever has become of its segments and lists.
//!
//! Not here: what an audience is (`audience`), files (`tenant`), and the bytes of what is beside the members (`command`).

mod digest;

mod context;
mod record;

mod store;

mod freeze;

mod compare;

pub use compare::{Difference, difference};
pub use context::{Context, FrozenContent, FrozenGate, FrozenList, FrozenSegment};
pub use digest::Digest;
pub use freeze::{Order, freeze};
pub use record::Snapshot;
pub use store::{Snapshots, Taken};
