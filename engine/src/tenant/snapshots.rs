//! Taking snapshots: evaluated and written to a file while others go on, then one record that names the file.
//!
//! The file is safe before the record is, so a snapshot that was acknowledged is there, and a file without a record is
//! nobody's: the next one of its name replaces it. One caller at a time takes snapshots.

use std::sync::Arc;

use super::Tenant;
use super::change::Terms;
use super::keys;
use super::state::State;
use super::taken_file::{TakenWriter, read_taken};
use crate::audience::Audience;
use crate::command::{Command, Outcome};
use crate::error::{Error, Problem, Result};
use crate::id::{AudienceId, SnapshotId};
use crate::snapshot::{Context, Order, Snapshot, Taken, freeze};
use crate::store::Disk;
use crate::time::Timestamp;

/// Which audiences to freeze, and as of when.
#[derive(Debug, Clone)]
pub struct SnapshotOrder {
    /// Which ones, in the order of their snapshots.
    pub audiences: Vec<AudienceId>,
    /// The instant to evaluate for.
    pub now: Timestamp,
    /// The present one.
    pub created: Timestamp,
    /// Whether an audience without any include key, which is everybody, may be frozen.
    pub confirm_everyone: bool,
}

impl Tenant {
    /// Freezes audiences, all at one version and one instant; returns the ids of their snapshots, in order. `progress`
    /// is told how many are done.
    ///
    /// # Errors
    /// `NotFound` for an audience that there is none of, `Invalid` with `everyone` for one that is everybody by omission,
    /// `Limit` when there are too many snapshots, `Io` and `Storage` when they cannot be kept. Nothing is taken then.
    pub fn snapshot(
        &self,
        order: &SnapshotOrder,
        terms: Terms,
        progress: &mut dyn FnMut(u64),
    ) -> Result<Vec<SnapshotId>> {
        let _turn = self.snapshotting.lock();
        if let Some(outcome) = self.remembered(&terms)? {
            return ids_of(&outcome);
        }
        if let Some(problem) = self.failure() {
            return Err(Error::Storage(problem));
        }
        self.check()?;
        let state = self.state();
        let audiences = chosen(&state, order)?;
        let taken = match self.disk.as_deref() {
            Some(disk) => {
                take_to_disk(disk, &state, &audiences, order, progress).inspect_err(|error| self.note_refusal(error))?
            }
            None => {
                let mut snapshots = Vec::new();
                let context = take(&state, &audiences, order, &mut |snapshot| {
                    snapshots.push(Arc::new(snapshot));
                    progress(snapshots.len() as u64);
                    Ok(())
                })?;
                Taken { file: None, is_as_written: true, context: Arc::new(context), snapshots }
            }
        };
        ids_of(&self.apply_as(Command::TakeSnapshots(Arc::new(taken)), terms)?)
    }
}

fn ids_of(outcome: &Outcome) -> Result<Vec<SnapshotId>> {
    let Outcome::Snapshots { first, count } = outcome else { return Err(keys::used_otherwise()) };
    Ok((first.0..first.0 + count).map(SnapshotId).collect())
}

/// The audiences that are wanted, unless one of them must not be frozen.
fn chosen(state: &State, order: &SnapshotOrder) -> Result<Vec<Arc<Audience>>> {
    if order.audiences.is_empty() {
        return Err(Error::invalid("/audiences", "no_audience", "there is no audience to freeze; save one first"));
    }
    state.snapshots.check_room(order.audiences.len())?;
    let found = order.audiences.iter().map(|id| state.audiences.get(*id).cloned());
    let audiences: Vec<Arc<Audience>> = found.collect::<Result<_>>()?;
    let everyone = audiences.iter().filter(|audience| audience.definition.means_everyone() && !order.confirm_everyone);
    let problems: Vec<Problem> = everyone
        .map(|audience| {
            let message = format!(
                "audience \"{}\" has no include key, so every profile is in; say \"confirm_everyone\": true if that is meant",
                audience.name
            );
            Problem::new("/confirm_everyone", "everyone", message)
        })
        .collect();
    if problems.is_empty() { Ok(audiences) } else { Err(Error::Invalid(problems)) }
}

fn take(
    state: &State,
    audiences: &[Arc<Audience>],
    order: &SnapshotOrder,
    each: &mut dyn FnMut(Snapshot) -> Result<()>,
) -> Result<Context> {
    let audiences: Vec<&Audience> = audiences.iter().map(|audience| &**audience).collect();
    let frozen = Order {
        audiences: &audiences,
        first: state.snapshots.next_id(),
        data_version: state.version,
        created: order.created,
    };
    let gates = freeze(frozen, &state.at(order.now), each)?;
    let definitions = audiences.iter().map(|audience| &*audience.definition);
    let context = Context::of(definitions, &state.segments, &state.lists)?;
    Ok(Context { gates, control: state.gates.control.clone(), ..context })
}

/// Writes snapshots as they are taken and maps what was written.
fn take_to_disk(
    disk: &dyn Disk,
    state: &State,
    audiences: &[Arc<Audience>],
    order: &SnapshotOrder,
    progress: &mut dyn FnMut(u64),
) -> Result<Taken> {
    let mut out = TakenWriter::create(disk, state.snapshots.next_id(), 0)?;
    let mut done = 0;
    let context = take(state, audiences, order, &mut |snapshot| {
        done += 1;
        progress(done);
        out.put(snapshot)
    })?;
    let entry = out.finish(&context)?;
    disk.sync_names().map_err(|error| Error::Io(format!("the snapshots cannot be made safe: {error}")))?;
    read_taken(disk, &entry)
}
