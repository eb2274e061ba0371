//! What keeps people out of audiences beside the definition: suppressions of the tenant, consent, frequency caps, control
//! group, hold-out, splits, and audiences that go first. Each is a set of rows at one version and instant.
//!
//! The order of gates is fixed ([`GateKind`]); whoever is taken out by several is counted at the first. Instants that pass
//! let people in and out by themselves: everything is computed for a `now`, and no job runs.
//!
//! Not here: the definition and the figures (`audience`), and which changes there are (`command`).

mod hash;

mod slice;

mod counter;

mod occurrences;

mod suppression;

mod consent;

mod channel;

mod group;

mod kind;

mod gating;

mod store;

mod resolved;

pub use channel::{Cap, Channel, channel_name, purpose_name, source_name};
pub use consent::{ConsentRecord, ConsentState, Said};
pub use gating::{Gating, IgnoredSuppressions};
pub use group::ExclusionGroup;
pub use kind::{GateKind, GateRows, Sieve};
pub use occurrences::{Occurrences, seconds};
pub use resolved::Resolved;
pub use slice::{BUCKETS, Slice, SliceCache, bucket, percent};
pub use store::Gates;
pub use suppression::{Suppression, SuppressionMembers, Term};
