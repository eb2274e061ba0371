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
use crate::command::{
    Command, Digest, Erasures, Remembered, Saved, decode_enrichment, decode_erasures, decode_event_schema,
    decode_gates, decode_keys, decode_offers, decode_saved, decode_schema, decode_versions, encode_enrichment,
    encode_erasures, encode_event_schema, encode_gates, encode_keys, encode_offers, encode_saved, encode_schema,
    encode_versions,
};
use crate::enrich::Enrichment;
use crate::error::{Error, Result};
use crate::event::EventData;
use crate::gate::Gates;
use crate::id::SnapshotId;
use crate::offer::Offers;
use crate::shared::{bytes_of, slice_of};
use crate::snapshot::{Snapshots, Taken};
use crate::store::checkpoint::{
    CheckpointReport, CheckpointSizes, FileEntry, FileId, FileKind, FileWriter, Manifest, Opened, Sections,
    SharedSections, clean_up, open_checkpoint, publish,
};
use crate::store::{Disk, first_lsn, remove_put_aside};
use crate::table::{Stamp, View, read_sizes};
use crate::time::Timestamp;

/// The newest checkpoint, and what was in it: later ones take over files that are still true.
#[derive(Debug)]
pub(super) struct Last {
    manifest: Manifest,
    stamp: Stamp,
    sizes: CheckpointSizes,
    /// The receipt up to which it names nobody who was erased.
    swept: u64,
    /// The last id that a snapshot had been given.
    last_snapshot: u64,
}

impl Last {
    pub(super) fn report(&self) -> CheckpointReport {
        self.manifest.report()
    }

    pub(super) fn manifest(&self) -> &Manifest {
        &self.manifest
    }

    /// The last id that a snapshot had been given.
    pub(super) fn last_snapshot(&self) -> u64 {
        self.last_snapshot
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
type Kept = (Digest, Remembered);

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
        let Opened { manifest, dictionaries, state, shards, events, snapshots } = opened;
        let part = |sections: &Sections, part| sections.bytes(of_field(TABLE, part));
        let mut schema = decode_schema(part(dictionaries.main(), layout::SCHEMA).unwrap_or_default())?;
        // Before there were events nobody wrote a schema of them.
        let event_schema = part(&state, layout::EVENT_SCHEMA).map(decode_event_schema).transpose()?.unwrap_or_default();
        let enrichment = part(&state, layout::ENRICHMENT)
            .map_or_else(|| Ok(Enrichment::default()), |bytes| decode_enrichment(bytes, &mut schema, &event_schema))?;
        let schema = Arc::new(schema);
        let events = EventData::read(Arc::new(event_schema), &dictionaries, &events)?;
        let view = View::read(schema.clone(), &dictionaries, shards, events)?.with_enrichment(enrichment);
        let mut saved = decode_saved(part(&state, layout::SCHEMA).unwrap_or_default(), &view)?;
        // The first versions wrote none of these sections.
        if let Some(versions) = part(&state, layout::VERSIONS) {
            decode_versions(versions, &mut saved)?;
        }
        let Saved { version, segments, audiences, lists, old_keys } = saved;
        let keys = part(&state, layout::KEYS).map_or(Ok(old_keys), decode_keys)?;
        let gates =
            part(&state, layout::GATES).map_or_else(|| Ok(Gates::default()), |gates| decode_gates(gates, &schema))?;
        let erasures = part(&state, layout::ERASURES).map_or(Ok(Erasures::default()), decode_erasures)?;
        let offers = part(&state, layout::OFFERS).map_or(Ok(Offers::default()), decode_offers)?;
        // Before there were snapshots nobody asked when profiles had changed.
        let numbers = part(&state, layout::SNAPSHOT_NUMBERS).and_then(slice_of::<u64>);
        let [last_snapshot, profiles_version, erased_version] =
            numbers.and_then(|numbers| numbers.first_chunk().copied()).unwrap_or([0, version, 0]);
        let (stamp, sizes) = (view.stamp(), read_sizes(dictionaries.main())?);
        let last = Last { stamp, sizes, swept: erasures.swept(), last_snapshot, manifest };
        let state = State {
            version,
            view,
            segments,
            audiences,
            lists,
            gates,
            snapshots: read_snapshots(snapshots, last_snapshot)?,
            offers,
            profiles_version,
            erased_version,
            erasures,
            ..State::default()
        };
        Ok(Self { lsn: last.manifest.lsn, state, keys: keys.into(), last: Some(last), passed_over: None })
    }
}

impl Tenant {
    /// Takes a checkpoint and drops what it replaces; `None` where nothing is kept, or nothing has changed since the last
    /// one. Others read and write meanwhile.
    ///
    /// # Errors
    /// `Io` when the system refuses, `Storage` when the log has failed; nothing is lost then, and it may be tried again.
    pub fn checkpoint(&self) -> Result<Option<Checkpointed>> {
        self.checkpoint_cut(CheckpointSizes::default())
    }

    /// The same, cut into other files.
    ///
    /// # Errors
    /// As [`Self::checkpoint`].
    pub fn checkpoint_cut(&self, sizes: CheckpointSizes) -> Result<Option<Checkpointed>> {
        self.checkpoint_after(sizes, &mut |_| Ok(()))
    }

    /// The same, which counts only after `ready` has agreed to its state: whoever follows the
    /// tenant must have come that far, because states before a checkpoint cannot be had any more.
    ///
    /// # Errors
    /// As [`Self::checkpoint`]; whatever `ready` returns.
    pub fn checkpoint_after(
        &self,
        sizes: CheckpointSizes,
        ready: &mut dyn FnMut(&State) -> Result<()>,
    ) -> Result<Option<Checkpointed>> {
        let Some(disk) = self.disk.as_deref() else { return Ok(None) };
        let mut last = self.checkpoints.lock();
        let (state, keys, lsn) = self.cut()?;
        if lsn == last.as_ref().map_or(0, |last| last.manifest.lsn) {
            return Ok(None);
        }
        let stamp = state.view.stamp();
        let last_snapshot = state.snapshots.last_id();
        let files = Files { disk, state: &state, lsn, sizes, stamp: &stamp, last: last.as_ref() };
        let written = files.write(keys).and_then(|mut files| {
            let renewed = write_snapshots(disk, &state, &mut files)?;
            let manifest = Manifest { lsn, files };
            ready(&state)?;
            publish(disk, &manifest)?;
            Ok((manifest, renewed))
        });
        let (manifest, renewed) = written.inspect_err(|error| {
            self.note_refusal(error);
            // A disk that is full should not be full of this. What stays is removed the next time.
            let last_snapshot = last.as_ref().map_or(0, Last::last_snapshot);
            let _ = self.clean_up(disk, last.as_ref().map(Last::manifest), last_snapshot);
        })?;
        let is_new = |entry: &&FileEntry| entry.id.lsn == lsn && entry.id.kind != FileKind::Snapshots;
        let anew = renewed.iter().filter_map(|renewed| renewed.after.file).map(|entry| entry.length).sum::<u64>();
        let written = anew + manifest.files.iter().filter(is_new).map(|entry| entry.length).sum::<u64>();
        let done = Checkpointed { report: manifest.report(), written };
        self.drop_log_before(lsn + 1)?;
        *self.refusal.lock() = None;
        self.take_over(&renewed);
        self.clean_up(disk, Some(&manifest), last_snapshot)?;
        *last = Some(Last { manifest, stamp, sizes, swept: state.erasures.swept(), last_snapshot });
        Ok(Some(done))
    }

    /// The same, and makes good all erasures so far: no file names those any more who were erased before the call, not by
    /// what their fields held earlier either, and no state that pages wait for. `now` is asked when that is so, for the receipts. Where nothing is kept
    /// there are no files, and memory is made good.
    ///
    /// # Errors
    /// As [`Self::checkpoint`]; the erasures are still pending then.
    pub fn checkpoint_erasing(&self, now: &dyn Fn() -> Timestamp) -> Result<Option<Checkpointed>> {
        self.checkpoint_erasing_after(now, &mut |_| Ok(()))
    }

    /// The same after `ready` has agreed, as in [`Self::checkpoint_after`].
    ///
    /// # Errors
    /// As [`Self::checkpoint_erasing`]; whatever `ready` returns.
    pub fn checkpoint_erasing_after(
        &self,
        now: &dyn Fn() -> Timestamp,
        ready: &mut dyn FnMut(&State) -> Result<()>,
    ) -> Result<Option<Checkpointed>> {
        let erasures = self.state().erasures.clone();
        if erasures.swept() < erasures.count() {
            // Snapshots of a state that still had the erased are in the log before the checkpoint, which writes them anew;
            // those that are begun later never see them.
            let _turn = self.snapshotting.lock();
            self.apply(Command::ForgetTexts)?;
            // Pages that were begun before the erasure end here; they showed nobody who was erased.
            self.pinned.lock().clear();
        }
        let done = self.checkpoint_after(CheckpointSizes::default(), ready)?;
        let through = match self.disk.as_deref() {
            Some(_) => self.checkpoints.lock().as_ref().map_or(0, |last| last.swept),
            None => self.state().erasures.swept(),
        };
        if through > self.state().erasures.settled() {
            self.disk.as_deref().map_or(Ok(()), remove_put_aside)?;
            self.apply(Command::SettleErasures { through, now: now() })?;
        }
        Ok(done)
    }

    /// The newest checkpoint; of nothing when there is none. Waits while one is taken.
    pub fn last_checkpoint(&self) -> CheckpointReport {
        self.checkpoints.lock().as_ref().map(Last::report).unwrap_or_default()
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
        self.note(log, &cut);
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

    /// Removes what neither a checkpoint nor the log behind it names, that of snapshots whose record never came as well.
    fn clean_up(&self, disk: &dyn Disk, kept: Option<&Manifest>, last_snapshot: u64) -> Result<()> {
        let _turn = self.snapshotting.lock();
        // Nobody knows whether a record that failed is in the log.
        let newest = if self.failure().is_some() { u64::MAX } else { self.state().snapshots.last_id() };
        clean_up(disk, kept, (last_snapshot, newest))
    }

    fn drop_log_before(&self, lsn: u64) -> Result<()> {
        let _lead = self.queue.alone();
        let mut book = self.book.lock();
        book.log.as_mut().map_or(Ok(()), |log| log.drop_before(lsn))
    }
}

/// The files of a checkpoint, of which those are written that the last one has not.
struct Files<'c> {
    disk: &'c dyn Disk,
    state: &'c State,
    lsn: u64,
    sizes: CheckpointSizes,
    stamp: &'c Stamp,
    last: Option<&'c Last>,
}

impl Files<'_> {
    fn write(&self, keys: Vec<Kept>) -> Result<Vec<FileEntry>> {
        let (view, sizes) = (&self.state.view, self.sizes);
        let mut files = vec![
            self.kept_or(
                FileId::only(FileKind::Dictionaries, self.lsn),
                |last| self.stamp.has_dictionaries_of(last),
                |writer| {
                    writer.put(of_field(TABLE, layout::SCHEMA), &encode_schema(view.schema()))?;
                    view.write_dictionaries(writer, sizes)
                },
            )?,
            self.saved(keys)?,
        ];
        let firsts = (0..view.block_count()).step_by(sizes.shard_blocks as usize);
        for (number, first) in (0..).zip(firsts) {
            let (id, blocks) =
                (FileId { kind: FileKind::Shard, number, lsn: self.lsn }, first..first + sizes.shard_blocks);
            let is_kept = |last: &Stamp| self.stamp.has_blocks_of(last, blocks.clone());
            files.push(self.kept_or(id, is_kept, |writer| view.write_shard(writer, blocks.clone()))?);
        }
        for id in view.pieces(sizes.piece, self.lsn) {
            let is_kept = |last: &Stamp| self.stamp.has_piece_of(last, id, sizes.piece);
            files.push(self.kept_or(id, is_kept, |writer| view.write_piece(writer, id, sizes.piece))?);
        }
        self.write_events(&mut files)?;
        Ok(files)
    }

    fn write_events(&self, files: &mut Vec<FileEntry>) -> Result<()> {
        let (events, stamp, lsn) = (self.state.view.events(), self.stamp.events(), self.lsn);
        let shard_blocks = self.sizes.shard_blocks;
        let firsts = (0..events.block_count()).step_by(shard_blocks as usize);
        for (number, first) in (0..).zip(firsts) {
            let (id, blocks) = (FileId { kind: FileKind::Events, number, lsn }, first..first + shard_blocks);
            if events.has_any(blocks.clone()) {
                let is_kept = |last: &Stamp| stamp.has_blocks_of(last.events(), blocks.clone());
                files.push(self.kept_or(id, is_kept, |writer| events.write_blocks(writer, blocks.clone()))?);
            }
        }
        for file in events.ids_files() {
            let id = FileId { kind: FileKind::EventIds, number: file.number(), lsn };
            let is_kept = |last: &Stamp| stamp.has_ids_of(last.events(), file);
            files.push(self.kept_or(id, is_kept, |writer| events.write_ids(writer, file))?);
        }
        Ok(())
    }

    /// The file of the last checkpoint where it is still true, else a new one.
    fn kept_or(
        &self,
        id: FileId,
        is_kept: impl Fn(&Stamp) -> bool,
        write: impl Fn(&mut FileWriter<'_>) -> Result<()>,
    ) -> Result<FileEntry> {
        let same = |entry: &&FileEntry| (entry.id.kind, entry.id.number) == (id.kind, id.number);
        let last = self.last.filter(|last| last.sizes == self.sizes && is_kept(&last.stamp));
        if let Some(entry) = last.and_then(|last| last.manifest.files.iter().find(same)) {
            return Ok(*entry);
        }
        let mut writer = FileWriter::create(self.disk, id)?;
        write(&mut writer)?;
        writer.finish()
    }

    fn saved(&self, keys: Vec<Kept>) -> Result<FileEntry> {
        let State {
            version,
            segments,
            audiences,
            lists,
            gates,
            snapshots,
            offers,
            profiles_version,
            erased_version,
            erasures,
            ..
        } = self.state.clone();
        let mut writer = FileWriter::create(self.disk, FileId::only(FileKind::State, self.lsn))?;
        let saved = Saved { version, segments, audiences, lists, old_keys: Vec::new() };
        writer.put(of_field(TABLE, layout::SCHEMA), &encode_saved(&saved))?;
        writer.put(of_field(TABLE, layout::KEYS), &encode_keys(&keys))?;
        writer.put(of_field(TABLE, layout::ERASURES), &encode_erasures(&erasures))?;
        let numbers = [snapshots.last_id(), profiles_version, erased_version];
        writer.put(of_field(TABLE, layout::SNAPSHOT_NUMBERS), bytes_of(&numbers))?;
        writer.put(of_field(TABLE, layout::VERSIONS), &encode_versions(&saved))?;
        if !gates.is_untouched() {
            writer.put(of_field(TABLE, layout::GATES), &encode_gates(&gates))?;
        }
        let events = encode_event_schema(self.state.view.events().schema());
        writer.put(of_field(TABLE, layout::EVENT_SCHEMA), &events)?;
        // What has none is written as by those who knew of none.
        let enrichment = self.state.view.enrichment();
        if !enrichment.is_empty() {
            let bytes = encode_enrichment(enrichment, self.state.view.schema());
            writer.put(of_field(TABLE, layout::ENRICHMENT), &bytes)?;
        }
        if offers != Offers::default() {
            writer.put(of_field(TABLE, layout::OFFERS), &encode_offers(&offers))?;
        }
        writer.finish()
    }
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
    let editions = ids.filter(|id| id.kind == FileKind::Snapshots && id.lsn == first.0).map(|id| id.number);
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
