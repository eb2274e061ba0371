//! One tenant's profiles.

mod batch;

pub use batch::{Batch, BatchColumn, ImportMode, canonical_type};
