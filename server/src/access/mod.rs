//! Who may do what: tenants, their keys and people, what each role may, what is personal, and who did what.
//!
//! Kept in one SQLite file of the data directory, `access.sqlite`, beside what the engine keeps: these are records, not
//! sets. Nothing here knows HTTP; `api::gate` asks at the door.

mod role;

mod password;
mod secret;

mod audit;
mod keys;
mod notes;
mod people;
mod region;
mod register;
mod roster;
mod sessions;
mod subjects;
mod tenants;

mod attempts;
mod bucket;
mod caller;

pub use attempts::{Attempts, address_key};
pub use audit::{AuditEntry, AuditOrder, AuditPage, AuditQuestion};
pub use bucket::Buckets;
pub use caller::{Caller, SignedIn, Standing, ambient, as_caller, hidden_fields, is_hidden, may_read_people, within};
pub use keys::{Key, KeyWish};
pub use people::{Person, PersonChange};
pub use region::Region;
pub use register::Register;
pub use role::{Right, Role};
pub use roster::{Roster, Unknown};
pub use secret::Secret;
pub(crate) use secret::{token, token_digest};
pub use subjects::{Subject, Unfit};
pub use tenants::{Deletion, Quota, TenantRecord};
