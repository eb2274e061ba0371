//! Two snapshots side by side: who came, who went, who stayed.

use super::record::Snapshot;
use crate::block::Set;
use crate::error::Result;

/// What lies between two snapshots; erased people are in neither.
#[derive(Debug, Clone)]
pub struct Difference {
    /// In the later one only.
    pub entered: Set,
    /// In the earlier one only.
    pub left: Set,
    /// In both.
    pub unchanged: u64,
}

/// Compares two snapshots of any audiences.
///
/// # Errors
/// `Corrupt` when their members cannot be read.
pub fn difference(from: &Snapshot, to: &Snapshot, live: &Set) -> Result<Difference> {
    let (from, to) = (from.rows(live)?, to.rows(live)?);
    Ok(Difference { entered: to.and_not(&from), left: from.and_not(&to), unchanged: from.and_count(&to) })
}
