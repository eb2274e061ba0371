//! Checkpoints of a tenant: taken from one state while others follow it, and read back when it is opened.
//!
//! The log is cut first, so that a checkpoint has all records before a segment and none of it. Shards and dictionaries
//! that have not changed since the last checkpoint keep their files. When the new manifest is safe, what it replaces
//! goes: older segments of the log, then files that nobody names any more.

use std::sync::Arc;
use std::sync::atomic::Ordering;

use super::Tenant;
use super::keys::Keys;
use super::state::State;
use super::taken_file::{read_taken, taken_of, write_anew};
use crate::column::layout::{self, TABLE, of_field};
use crate::command::{Outcome, Saved, decode_saved, decode_schema, encode_saved, encode_schema};
use crate::error::{Error, Result};
use crate::id::SnapshotId;
use crate::shared::{bytes_of, slice_of};
use crate::snapshot::{Snapshots, Taken};
use crate::store::checkpoint::{
    CheckpointReport, FileEntry, FileId, FileKind, FileWriter, Manifest, Opened, SharedSections, clean_up,
    open_checkpoint, publish,
};
use crate::store::{Disk, first_lsn};
use crate::table::{Stamp, View};

/// The newest checkpoint, and what was in it: later ones take over files that are still true.
#[derive(Debug)]
pub(super) struct Last {
    manifest: Manifest,
    stamp: Stamp,
    /// The last id that a snapshot had been given.
    last_snapshot: u64,
}

impl Last {
    pub(super) fn report(&self) -> CheckpointReport {
        self.manifest.report()
    }
}

/// A tenant as it was at a record of the log.
#[derive(Debug, Default)]
pub(super) struct Base {
    /// The last record that is in it; 0 when none is.
    pub(super) lsn: u64,
    pub(super) state: State,
    pub(super) keys: Keys,
    pub(super) last: Option<Last>,
    /// Why a newer checkpoint was passed over.
    pub(super) passed_over: Option<Error>,
}

/// A key and what became of its change.
type Kept = (String, Outcome);

/// What a checkpoint did.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Checkpointed {
    /// The checkpoint that counts now.
    pub report: CheckpointReport,
    /// Bytes of it that were written now; the others were there.
    pub written: u64,
}

impl Base {
    /// The newest checkpoint of a disk that can be used and from which the log goes on.
    ///
    /// # Errors
    /// `Corrupt` when a checkpoint is damaged and nothing older, together with the log, can stand in for it.
    pub(super) fn find(disk: &dyn Disk) -> Result<Self> {
        let mut passed_over = None;
        for id in Manifest::list(disk)? {
            match open_checkpoint(disk, id).and_then(Self::read) {
                Ok(base) => return base.after(passed_over, disk),
                Err(error @ Error::Corrupt(_)) => _ = passed_over.get_or_insert(error),
                Err(error) => return Err(error),
            }
        }
        Self::default().after(passed_over, disk)
    }

    /// This one in place of a newer one that is damaged: only when the log has everything since.
    fn after(mut self, passed_over: Option<Error>, disk: &dyn Disk) -> Result<Self> {
        if let Some(error) = passed_over {
            if first_lsn(disk)?.is_none_or(|first| first > self.lsn + 1) {
                return Err(error);
            }
            self.passed_over = Some(error);
        }
        Ok(self)
    }

    fn read(opened: Opened) -> Result<Self> {
        let Opened { manifest, dictionaries, state, shards, snapshots: files } = opened;
        let part = |sections: &crate::store::checkpoint::Sections| {
            sections.bytes(of_field(TABLE, layout::SCHEMA)).unwrap_or_default()
        };
        let schema = Arc::new(decode_schema(part(&dictionaries))?);
        let view = View::read(schema.clone(), &dictionaries, shards)?;
        let Saved { version, segments, audiences, lists, keys } = decode_saved(part(&state), &schema)?;
        let (lsn, stamp) = (manifest.lsn, view.stamp());
        // Before there were snapshots nobody asked when profiles had changed.
        let numbers = state.bytes(of_field(TABLE, layout::SNAPSHOT_NUMBERS)).and_then(slice_of::<u64>);
        let [last_snapshot, profiles_version, erased_version] = match numbers {
            Some(numbers) => *numbers.first_chunk().unwrap_or(&[0, version, 0]),
            None => [0, version, 0],
        };
        let snapshots = read_snapshots(files, last_snapshot)?;
        let state = State {
            version,
            view,
            segments,
            audiences,
            lists,
            snapshots,
            profiles_version,
            erased_version,
            ..State::default()
        };
        let last = Some(Last { manifest, stamp, last_snapshot });
        Ok(Self { lsn, state, keys: keys.into(), last, passed_over: None })
    }
}

impl Tenant {
    /// Takes a checkpoint and drops what it replaces; `None` where nothing is kept, or nothing has changed since the last
    /// one. Others read and write meanwhile.
    ///
    /// # Errors
    /// `Io` when the system refuses, `Storage` when the log has failed; nothing is lost then, and it may be tried again.
    pub fn checkpoint(&self) -> Result<Option<Checkpointed>> {
        let Some(disk) = self.disk.as_deref() else { return Ok(None) };
        let mut last = self.checkpoints.lock();
        let (state, keys, lsn) = self.cut()?;
        if lsn == last.as_ref().map_or(0, |last| last.manifest.lsn) {
            return Ok(None);
        }
        let stamp = state.view.stamp();
        let last_snapshot = state.snapshots.next_id().0 - 1;
        let written = write_files(disk, &state, keys, lsn, &stamp, last.as_ref()).and_then(|mut files| {
            let renewed = write_snapshots(disk, &state, &mut files)?;
            let manifest = Manifest { lsn, files };
            publish(disk, &manifest)?;
            Ok((manifest, renewed))
        });
        let (manifest, renewed) = written.inspect_err(|_| {
            // A disk that is full should not be full of this. What stays is removed the next time.
            let _ = clean_up(
                disk,
                last.as_ref().map(|last| &last.manifest),
                last.as_ref().map_or(0, |last| last.last_snapshot),
            );
        })?;
        let is_new = |entry: &&FileEntry| entry.id.lsn == lsn && entry.id.kind != FileKind::Snapshots;
        let anew = renewed.iter().filter_map(|renewed| renewed.after.file).map(|entry| entry.length).sum::<u64>();
        let written = anew + manifest.files.iter().filter(is_new).map(|entry| entry.length).sum::<u64>();
        let done = Checkpointed { report: manifest.report(), written };
        self.drop_log_before(lsn + 1)?;
        self.take_over(&renewed);
        clean_up(disk, Some(&manifest), last_snapshot)?;
        *last = Some(Last { manifest, stamp, last_snapshot });
        Ok(Some(done))
    }

    /// Bytes that were written to the log since a checkpoint was last begun: what a restart would have to do again.
    pub fn log_bytes(&self) -> u64 {
        self.log_bytes.load(Ordering::Relaxed)
    }

    /// Ends a segment of the log: the state with all records before, its keys, and the number of the last.
    fn cut(&self) -> Result<(Arc<State>, Vec<Kept>, u64)> {
        let _lead = self.queue.alone();
        let mut book = self.book.lock();
        self.store(&mut book, true)?;
        let Some(log) = &mut book.log else { return Ok((self.state(), Vec::new(), 0)) };
        let cut = log.cut();
        self.note(log);
        cut?;
        self.log_bytes.store(0, Ordering::Relaxed);
        Ok((self.state(), self.keys.lock().all(), log.next_lsn() - 1))
    }

    /// Puts snapshots that were written anew in the place of what they were written from, so that nobody holds on to the
    /// older files.
    fn take_over(&self, renewed: &[Renewed]) {
        if renewed.is_empty() {
            return;
        }
        let _lead = self.queue.alone();
        let mut state = (*self.state()).clone();
        renewed.iter().for_each(|Renewed { first, before, after }| state.snapshots.replace(*first, before, after));
        self.publish(state);
    }

    fn drop_log_before(&self, lsn: u64) -> Result<()> {
        let _lead = self.queue.alone();
        let mut book = self.book.lock();
        book.log.as_mut().map_or(Ok(()), |log| log.drop_before(lsn))
    }
}

/// Writes the files of a checkpoint that the last one has not.
fn write_files(
    disk: &dyn Disk,
    state: &State,
    keys: Vec<Kept>,
    lsn: u64,
    stamp: &Stamp,
    last: Option<&Last>,
) -> Result<Vec<FileEntry>> {
    let kept = |kind, shard, is_true: &dyn Fn(&Stamp) -> bool| {
        let last = last.filter(|last| is_true(&last.stamp))?;
        last.manifest.files.iter().find(|entry| entry.id.kind == kind && entry.id.shard == shard).copied()
    };
    let view = &state.view;
    let dictionaries = || {
        let mut writer = FileWriter::create(disk, FileId::only(FileKind::Dictionaries, lsn))?;
        writer.put(of_field(TABLE, layout::SCHEMA), &encode_schema(view.schema()))?;
        view.write_dictionaries(&mut writer)?;
        writer.finish()
    };
    let saved = || {
        let State { version, segments, audiences, lists, snapshots, profiles_version, erased_version, .. } =
            state.clone();
        let mut writer = FileWriter::create(disk, FileId::only(FileKind::State, lsn))?;
        let saved = Saved { version, segments, audiences, lists, keys };
        writer.put(of_field(TABLE, layout::SCHEMA), &encode_saved(&saved))?;
        let numbers = [snapshots.next_id().0 - 1, profiles_version, erased_version];
        writer.put(of_field(TABLE, layout::SNAPSHOT_NUMBERS), bytes_of(&numbers))?;
        writer.finish()
    };
    let shard = |shard| {
        let mut writer = FileWriter::create(disk, FileId { kind: FileKind::Shard, shard, lsn })?;
        view.write_shard(&mut writer, shard)?;
        writer.finish()
    };
    let mut files = vec![
        kept(FileKind::Dictionaries, 0, &|last| stamp.has_dictionaries_of(last)).map_or_else(dictionaries, Ok)?,
        saved()?,
    ];
    for number in 0..view.shard_count() {
        let unchanged = kept(FileKind::Shard, number, &|last| stamp.has_shard_of(last, number));
        files.push(unchanged.map_or_else(|| shard(number), Ok)?);
    }
    Ok(files)
}

/// Snapshots that were written anew.
struct Renewed {
    first: SnapshotId,
    before: Arc<Taken>,
    after: Arc<Taken>,
}

/// Adds the files of snapshots, of which those are written anew that have lost somebody since they were written.
fn write_snapshots(disk: &dyn Disk, state: &State, files: &mut Vec<FileEntry>) -> Result<Vec<Renewed>> {
    let mut renewed = Vec::new();
    for (first, taken) in state.snapshots.taken() {
        let Some(file) = taken.file else { continue };
        if taken.is_as_written {
            files.push(file);
            continue;
        }
        let edition = 1 + newest_edition(disk, first)?;
        let entry = write_anew(disk, first, edition, taken, state.view.live())?;
        files.push(entry);
        renewed.push(Renewed { first, before: taken.clone(), after: Arc::new(read_taken(disk, &entry)?) });
    }
    Ok(renewed)
}

/// How often snapshots were written anew: an older file may be named by a checkpoint that still counts.
fn newest_edition(disk: &dyn Disk, first: SnapshotId) -> Result<u32> {
    let names = disk.list().map_err(|error| Error::Io(format!("the data directory cannot be listed: {error}")))?;
    let ids = names.iter().filter_map(|name| FileId::named(name));
    let editions = ids.filter(|id| id.kind == FileKind::Snapshots && id.lsn == first.0).map(|id| id.shard);
    Ok(editions.max().unwrap_or_default())
}

fn read_snapshots(files: Vec<(SharedSections, FileEntry)>, last_id: u64) -> Result<Snapshots> {
    let mut snapshots = Snapshots::default();
    for (sections, entry) in files {
        let taken = taken_of(sections, entry)?;
        if taken.snapshots.last().is_some_and(|snapshot| snapshot.id.0 > last_id) {
            return Err(Error::Corrupt(format!("the checkpoint has no snapshot as late as one in {}", entry.id)));
        }
        snapshots.restore(SnapshotId(entry.id.lsn), Arc::new(taken));
    }
    snapshots.continue_after(SnapshotId(last_id));
    Ok(snapshots)
}
