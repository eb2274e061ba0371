//! What everything saved has, a segment or an audience: attributes for those who look for it, and its earlier versions.
//!
//! Not here: what is saved (`segment`, `audience`), and which changes make a new version (`tenant`).

mod attributes;
mod history;

pub(crate) use attributes::check_name;
pub use attributes::{AttributeChanges, Attributes, Status};
pub use history::{Earlier, Version};
