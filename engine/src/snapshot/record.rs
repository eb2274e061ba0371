//! One audience as it was.

use bytes::Bytes;

use super::context::{Context, live_rows};
use super::digest::Digest;
use crate::audience::{Breakdown, Definition, evaluate_frozen};
use crate::block::{Portable, Set, to_portable};
use crate::error::Result;
use crate::gate::Gates;
use crate::id::{AudienceId, SnapshotId};
use crate::table::View;
use crate::time::Timestamp;

/// A frozen audience. Its figures are those of the moment it was frozen; `erased` alone grows.
#[derive(Debug, Clone)]
pub struct Snapshot {
    /// Stable, never given again.
    pub id: SnapshotId,
    /// The audience it was taken of, which may be gone.
    pub audience: AudienceId,
    /// What that was called.
    pub name: String,
    /// By which definition; ids of people erased since are no longer named.
    pub definition: Definition,
    /// Version of the data that was evaluated.
    pub data_version: u64,
    /// The instant that was evaluated for.
    pub now: Timestamp,
    /// When it was taken.
    pub created: Timestamp,
    /// Profiles there were.
    pub population: u64,
    /// Members there were.
    pub count: u64,
    /// Members that were erased since.
    pub erased: u64,
    /// Of the members there were.
    pub digest: Digest,
    /// How the audience came about.
    pub breakdown: Breakdown,
    /// Rows of the members, in portable bytes; erased ones may still be among them.
    pub members: Bytes,
}

impl Snapshot {
    /// Members that are left.
    pub fn left(&self) -> u64 {
        self.count - self.erased
    }

    /// The rows of the members that are left.
    ///
    /// # Errors
    /// `Corrupt` when they cannot be read.
    pub fn rows(&self, live: &Set) -> Result<Set> {
        live_rows(&self.members, live)
    }

    /// Whether a row is a member.
    pub(super) fn has(&self, row: u32) -> bool {
        Portable::new(&self.members).contains(row)
    }

    /// The same without an erased person.
    pub(super) fn without(&self, was_member: bool, id: &str) -> Self {
        let mut left = self.clone();
        left.erased += u64::from(was_member && self.erased < self.count);
        left.definition.forget(id);
        left
    }

    /// The digest of the same definition at the same instant, evaluated on another view. Gates are taken as they were:
    /// `gates` only says whose people are dealt into slices.
    ///
    /// # Errors
    /// `Invalid` when a rule of it no longer fits the schema, `Corrupt` when rows cannot be read.
    pub fn evaluated_again(&self, context: &Context, view: &View, gates: &Gates) -> Result<Digest> {
        let (catalog, lists) = context.restored(view)?;
        let gates = context.gates_of(self, gates, view)?;
        let again = evaluate_frozen(&self.definition, gates, (&catalog, &lists, view), self.now)?;
        Ok(Digest::of(&to_portable(&again)))
    }
}
