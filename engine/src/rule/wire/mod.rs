//! Rules as JSON: [`from_json`] and [`to_json`].
//!
//! Reading accepts the names of other systems and says every mistake at once; printing knows one form only, which
//! reads back to the same tree. Whether fields and segments exist is asked later, by `check`.

mod event;
mod group;
mod read;
mod write;

#[cfg(test)]
mod tests;

pub(super) use event::too_many_conditions;
pub use read::from_json;
pub(super) use read::{read, shown, unknown_operator};
pub use write::to_json;
