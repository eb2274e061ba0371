//! Does a rule fit a schema? [`check`] turns it into what an index can be asked, or says every mistake.
//!
//! Reading order: `walk` goes through the tree, `leaf` looks at one test, then one file per family of fields; `event` and `mean` look at what
//! people did.
//! Not here: circles of segments and the depth of a rule whose segments are expanded (the catalog knows both).

mod event;
mod leaf;
mod list;
mod mean;
mod pattern;
mod scalar;
mod walk;
mod window;

#[cfg(test)]
mod event_tests;
#[cfg(test)]
mod tests;

pub use walk::check;
pub(super) use walk::check_into;
