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
use crate::column::layout::{self, TABLE, of_field};
use crate::command::{
    Outcome, Saved, decode_saved, decode_schema, decode_versions, encode_saved, encode_schema, encode_versions,
};
use crate::error::{Error, Result};
use crate::store::checkpoint::{
    CheckpointReport, FileEntry, FileId, FileKind, FileWriter, Manifest, Opened, clean_up, open_checkpoint, publish,
};
use crate::store::{Disk, first_lsn};
use crate::table::{Stamp, View};

/// The newest checkpoint, and what was in it: later ones take over files that are still true.
#[derive(Debug)]
pub(super) struct Last {
    manifest: Manifest,
    stamp: Stamp,
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
        let Opened { manifest, dictionaries, state, shards } = opened;
        let part = |sections: &crate::store::checkpoint::Sections| {
            sections.bytes(of_field(TABLE, layout::SCHEMA)).unwrap_or_default()
        };
        let schema = Arc::new(decode_schema(part(&dictionaries))?);
        let view = View::read(schema.clone(), &dictionaries, shards)?;
        let mut saved = decode_saved(part(&state), &schema)?;
        if let Some(versions) = state.bytes(of_field(TABLE, layout::VERSIONS)) {
            decode_versions(versions, &mut saved)?;
        }
        let Saved { version, segments, audiences, lists, keys } = saved;
        let (lsn, stamp) = (manifest.lsn, view.stamp());
        let state = State { version, view, segments, audiences, lists, ..State::default() };
        Ok(Self { lsn, state, keys: keys.into(), last: Some(Last { manifest, stamp }), passed_over: None })
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
        let written = write_files(disk, &state, keys, lsn, &stamp, last.as_ref()).and_then(|files| {
            let manifest = Manifest { lsn, files };
            publish(disk, &manifest)?;
            Ok(manifest)
        });
        let manifest = written.inspect_err(|_| {
            // A disk that is full should not be full of this. What stays is removed the next time.
            let _ = clean_up(disk, last.as_ref().map(|last| &last.manifest));
        })?;
        let written = manifest.files.iter().filter(|entry| entry.id.lsn == lsn).map(|entry| entry.length).sum();
        let done = Checkpointed { report: manifest.report(), written };
        self.drop_log_before(lsn + 1)?;
        clean_up(disk, Some(&manifest))?;
        *last = Some(Last { manifest, stamp });
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
        let State { version, segments, audiences, lists, .. } = state.clone();
        let mut writer = FileWriter::create(disk, FileId::only(FileKind::State, lsn))?;
        let saved = Saved { version, segments, audiences, lists, keys };
        writer.put(of_field(TABLE, layout::SCHEMA), &encode_saved(&saved))?;
        writer.put(of_field(TABLE, layout::VERSIONS), &encode_versions(&saved))?;
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
