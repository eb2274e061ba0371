//! One tenant's profiles: columns, indexes and the rows they are about.
//!
//! Readers hold a [`View`], which never changes. A [`Writer`] starts from one, copies what it touches, and ends as the
//! next view. Who publishes views, and when, is the tenant's business.

mod batch;

mod field;
mod lazy;
mod view;
mod vocabulary;

mod cluster;
mod column_writer;
mod enrich_writer;
mod event_writer;
mod forget;
mod writer;

mod kept;
mod profile;

mod distribution;
mod summary;

mod verify;

pub(crate) use batch::computed;
pub use batch::{Batch, BatchColumn, ImportMode, canonical_type};
pub use distribution::{Bin, Bins, Distribution, Frequencies, Keyed, Percentile, Question};
pub use field::FieldData;
pub use kept::{Stamp, read_sizes};
pub use profile::Profile;
pub use summary::{FieldSummary, TOP_VALUES};
pub use view::View;
pub use writer::{BatchCounts, RowOrder, Upserted, Writer};
