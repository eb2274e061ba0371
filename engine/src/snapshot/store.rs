//! A tenant's snapshots. Those taken together share a context and, where there is a disk, a file.

use std::collections::BTreeMap;
use std::sync::Arc;

use rayon::prelude::*;

use super::context::Context;
use super::record::Snapshot;
use crate::audience::Audiences;
use crate::block::Portable;
use crate::error::{Error, Problem, Result};
use crate::id::SnapshotId;
use crate::limits::SNAPSHOTS_MAX;
use crate::store::checkpoint::FileEntry;
use crate::table::View;

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

impl Taken {
    /// The same after people were erased who are in it: members that are no longer live, and ids that neither a profile
    /// nor the audience itself has any more.
    ///
    /// # Errors
    /// `Corrupt` when members cannot be read.
    pub fn without_erased(&self, view: &View, audiences: &Audiences) -> Result<Self> {
        let left = |snapshot: &Arc<Snapshot>| {
            let mut left = (**snapshot).clone();
            left.erased = left.count - left.rows(view.live())?.len();
            let audience = audiences.get(left.audience).ok();
            let is_gone =
                |id: &str| view.row(id).is_none() && audience.is_none_or(|audience| !audience.definition.names(id));
            left.definition.forget_those(is_gone);
            Ok(Arc::new(left))
        };
        let snapshots = self.snapshots.par_iter().map(left).collect::<Result<_>>()?;
        Ok(Self { is_as_written: false, snapshots, ..self.clone() })
    }
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

    /// The last id that was given; 0 when none was.
    pub fn last_id(&self) -> u64 {
        self.last_id
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
            let mut changed: Vec<(usize, Arc<Snapshot>)> = Vec::new();
            for (at, snapshot) in taken.snapshots.iter().enumerate() {
                let was_member = snapshot.has(row);
                lost += u64::from(was_member);
                if was_member || snapshot.definition.names(id) {
                    changed.push((at, Arc::new(snapshot.without(was_member, id))));
                }
            }
            if !changed.is_empty() || taken.context.rows().any(|rows| Portable::new(rows).contains(row)) {
                let taken = Arc::make_mut(taken);
                taken.is_as_written = false;
                changed.into_iter().for_each(|(at, snapshot)| taken.snapshots[at] = snapshot);
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

#[cfg(test)]
mod tests {
    use bytes::Bytes;

    use super::*;
    use crate::audience::{Breakdown, Definition};
    use crate::id::AudienceId;
    use crate::snapshot::Digest;
    use crate::time::Timestamp;

    fn taken(ids: impl Iterator<Item = u64>) -> Arc<Taken> {
        let snapshot = |id: u64| Snapshot {
            id: SnapshotId(id),
            audience: AudienceId(1),
            name: String::new(),
            definition: Definition::default(),
            data_version: 0,
            now: Timestamp(0),
            created: Timestamp(0),
            population: 0,
            count: 0,
            erased: 0,
            digest: Digest([0; 32]),
            breakdown: Breakdown::default(),
            members: Bytes::new(),
        };
        Arc::new(Taken { snapshots: ids.map(|id| Arc::new(snapshot(id))).collect(), ..Taken::default() })
    }

    #[test]
    fn so_many_are_kept_and_one_more_is_refused() {
        let mut snapshots = Snapshots::default();
        snapshots.add(taken(1..=SNAPSHOTS_MAX as u64)).expect("there is room");
        let more = taken([SNAPSHOTS_MAX as u64 + 1].into_iter());
        assert!(
            matches!(snapshots.add(more.clone()), Err(Error::Limit(problem)) if problem.code == "too_many_snapshots")
        );
        snapshots.remove(SnapshotId(1)).expect("it was there");
        snapshots.add(more).expect("there is room again");
        assert_eq!((snapshots.len(), snapshots.next_id().0), (SNAPSHOTS_MAX, SNAPSHOTS_MAX as u64 + 2));
    }

    #[test]
    fn ids_are_never_given_again() {
        let mut snapshots = Snapshots::default();
        snapshots.add(taken(1..4)).expect("there is room");
        assert!(matches!(snapshots.add(taken(3..5)), Err(Error::Conflict(_))));
        for id in [3, 1, 2] {
            snapshots.remove(SnapshotId(id)).expect("it was there");
            assert!(snapshots.get(SnapshotId(id)).is_err() && snapshots.remove(SnapshotId(id)).is_err());
        }
        assert_eq!((snapshots.len(), snapshots.taken().count(), snapshots.next_id().0), (0, 0, 4));
    }
}
