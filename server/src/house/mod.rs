//! All tenants under one roof: whose door a request is shown to.
//!
//! Each tenant has an engine, a feed, receivers and a router of its own, in a folder of its own, so that nothing of one can
//! be reached through another: there is no shared map that a wrong id could lead into. They are opened when somebody
//! asks for them, and closed when nobody has for a while. The default tenant is the data directory itself, as it was before there were others.

mod service;
mod surroundings;

mod place;

mod door;

pub use door::{House, remove_deleted};
pub use service::{Kept, Opening, open};
pub(crate) use service::{TENANTS_OPEN, tenant_in};
pub use surroundings::Surroundings;
