//! All tenants under one roof: whose door a request is shown to.
//!
//! Each tenant has an engine, a feed, receivers and a router of its own, in a folder of its own, so that nothing of one can
//! be reached through another: there is no shared map that a wrong id could lead into. They are opened when somebody
//! first asks for them. The default tenant is the data directory itself, as it was before there were others.

mod door;
mod service;
mod surroundings;

pub use door::{House, remove_deleted};
pub(crate) use service::tenant_in;
pub use service::{Kept, Opening, open};
pub use surroundings::Surroundings;
