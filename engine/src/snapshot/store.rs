//! A tenant's snapshots. Those taken together share a context and, where there is a disk, a file.

use std::collections::BTreeMap;
use std::sync::Arc;

use super::context::Context;
use super::record::Snapshot;
use crate::block::Portable;
use crate::error::{Error, Problem, Result};
use crate::id::SnapshotId;
use crate::limits::SNAPSHOTS_MAX;
use crate::store::checkpoint::FileEntry;

/// Snapshots that were taken together.
#[derive(Debug, Clone, Default)]
pub struct Taken {
    /// The file that holds them; none where nothing is kept.
    pub file: Option<FileEntry>,
    /// Whether the file holds what is here and nothing else.
    pub is_as_written: bool,
    /// What their definitions lead to.
    pub context: Arc<Context>,
    /// By id; never empty.
    pub snapshots: Vec<Arc<Snapshot>>,
}

/// All snapshots, by id. A clone copies pointers.
#[derive(Debug, Clone, Default)]
pub struct Snapshots {
    /// By the id that the first of them was given: it names their file.
    taken: BTreeMap<SnapshotId, Arc<Taken>>,
    last_id: u64,
}

impl Snapshots {
    /// All snapshots, by id.
    pub fn iter(&self) -> impl Iterator<Item = &Arc<Snapshot>> {
        self.taken.values().flat_map(|taken| &taken.snapshots)
    }

    /// How many.
    pub fn len(&self) -> usize {
        self.taken.values().map(|taken| taken.snapshots.len()).sum()
    }

    /// Whether there are none.
    pub fn is_empty(&self) -> bool {
        self.taken.is_empty()
    }

    /// Those taken together, each with the id that the first of them was given.
    pub fn taken(&self) -> impl Iterator<Item = (SnapshotId, &Arc<Taken>)> {
        self.taken.iter().map(|(first, taken)| (*first, taken))
    }

    /// The id the next snapshot gets.
    pub fn next_id(&self) -> SnapshotId {
        SnapshotId(self.last_id + 1)
    }

    /// Gives later snapshots ids above one that is taken, or was.
    pub fn continue_after(&mut self, id: SnapshotId) {
        self.last_id = self.last_id.max(id.0);
    }

    /// A snapshot by its id, with what its definition leads to.
    ///
    /// # Errors
    /// `NotFound` when there is none.
    pub fn get(&self, id: SnapshotId) -> Result<(&Arc<Snapshot>, &Arc<Context>)> {
        let found = self.taken.range(..=id).next_back().and_then(|(_, taken)| {
            let at = taken.snapshots.binary_search_by_key(&id, |snapshot| snapshot.id).ok()?;
            Some((&taken.snapshots[at], &taken.context))
        });
        found.ok_or_else(|| Error::NotFound(format!("there is no snapshot {id}")))
    }

    /// Refuses more than there is room for.
    ///
    /// # Errors
    /// `Limit` beyond [`SNAPSHOTS_MAX`].
    pub fn check_room(&self, more: usize) -> Result<()> {
        let there = self.len();
        if there + more > SNAPSHOTS_MAX {
            let message = format!(
                "there are {there} snapshots and {more} more would pass the {SNAPSHOTS_MAX} that are kept; delete some first"
            );
            return Err(Error::Limit(Problem::new("", "too_many_snapshots", message)));
        }
        Ok(())
    }

    /// Puts in what was taken.
    ///
    /// # Errors
    /// `Limit` when there are too many, `Conflict` for ids that were given before.
    pub fn add(&mut self, taken: Arc<Taken>) -> Result<()> {
        self.check_room(taken.snapshots.len())?;
        let ids = || taken.snapshots.iter().map(|snapshot| snapshot.id);
        let (Some(first), Some(last)) = (ids().next(), ids().next_back()) else { return Ok(()) };
        if first < self.next_id() || !ids().is_sorted_by(|left, right| left < right) {
            let message = format!("snapshot {first} was taken before; this one came too late");
            return Err(Error::Conflict(Problem::new("", "snapshot_taken", message)));
        }
        self.last_id = last.0;
        self.taken.insert(first, taken);
        Ok(())
    }

    /// Puts back what was read of a file; the first of them may be gone.
    pub fn restore(&mut self, first: SnapshotId, taken: Arc<Taken>) {
        self.taken.insert(first, taken);
    }

    /// Takes a snapshot out.
    ///
    /// # Errors
    /// `NotFound` when there is none.
    pub fn remove(&mut self, id: SnapshotId) -> Result<()> {
        self.get(id)?;
        if let Some((first, taken)) = self.taken.range_mut(..=id).next_back() {
            let first = *first;
            let taken = Arc::make_mut(taken);
            taken.snapshots.retain(|snapshot| snapshot.id != id);
            taken.is_as_written = false;
            if taken.snapshots.is_empty() {
                self.taken.remove(&first);
            }
        }
        Ok(())
    }

    /// Takes an erased person out of everything; says how many snapshots had them as a member.
    pub fn forget(&mut self, row: u32, id: &str) -> u64 {
        let mut lost = 0;
        for taken in self.taken.values_mut() {
            let mut fresh = taken.snapshots.clone();
            let mut changed = taken.context.rows().any(|rows| Portable::new(rows).contains(row));
            for snapshot in &mut fresh {
                let mut without = (**snapshot).clone();
                let (was_member, is_changed) = without.forget(row, id);
                lost += u64::from(was_member);
                if is_changed {
                    *snapshot = Arc::new(without);
                    changed = true;
                }
            }
            if changed {
                let taken = Arc::make_mut(taken);
                (taken.snapshots, taken.is_as_written) = (fresh, false);
            }
        }
        lost
    }

    /// Puts what was written anew in the place of what it was written from, unless that has changed since.
    pub fn replace(&mut self, first: SnapshotId, before: &Arc<Taken>, after: &Arc<Taken>) {
        if let Some(taken) = self.taken.get_mut(&first).filter(|taken| Arc::ptr_eq(taken, before)) {
            *taken = after.clone();
        }
    }
}
