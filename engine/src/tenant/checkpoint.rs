//! Checkpoints of a tenant: taken from one state while others follow it, and read back when it is opened.
//!
//! The log is cut first, so that a checkpoint has all records before a segment and none of it. Shards and dictionaries
//! that have not changed since the last checkpoint keep their files. When the new manifest is safe, what it replaces
//! goes: older segments of the log, then files that nobody names any more.

use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, LazyLock};

use super::Tenant;
use super::keys::Keys;
use super::state::State;
use super::taken_file::{Renewed, read_snapshots, write_snapshots};
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
use crate::offer::Offers;
use crate::shared::{bytes_of, slice_of};
use crate::store::checkpoint::{
    CheckpointReport, CheckpointSizes, FileEntry, FileId, FileKind, FileWriter, Manifest, Opened, Sections, Unchecked,
    clean_up, open_checkpoint, publish,
};
use crate::store::{Disk, first_lsn, remove_put_aside};
use crate::table::{Stamp, View, read_sizes};
use crate::time::Timestamp;

/// The newest checkpoint, and what was in it: later ones take over files that are still true.
#[derive(Debug)]
pub(super) struct Last {
    manifest: Manifest,
    stamp: LazyStamp,
    sizes: CheckpointSizes,
    /// The receipt up to which it names nobody who was erased.
    swept: u64,
    /// The last id that a snapshot had been given.
    last_snapshot: u64,
}

/// A stamp that is taken when it is first asked for: it looks at what is read of a view as late as can be.
type LazyStamp = LazyLock<Stamp, Box<dyn FnOnce() -> Stamp + Send>>;

impl Last {
    /// Looks at everything that a later checkpoint asks for, and lets go of the view.
    pub(super) fn settle(&self) {
        LazyLock::force(&self.stamp);
    }

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
    /// What of its checkpoint was not compared with checksums; none when all was.
    pub(super) unchecked: Option<Unchecked>,
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
    /// The newest checkpoint of a disk that can be used and from which the log goes on. It is compared with all its
    /// checksums where something older could stand in for it; else they are left for later.
    ///
    /// # Errors
    /// `Corrupt` when a checkpoint is damaged and nothing older, together with the log, can stand in for it.
    pub(super) fn find(disk: &dyn Disk) -> Result<Self> {
        let mut passed_over = None;
        let manifests = Manifest::list(disk)?;
        let is_only = manifests.len() == 1 && first_lsn(disk)?.is_none_or(|first| first > 1);
        for id in manifests {
            let base = open_checkpoint(disk, id).and_then(|(opened, unchecked)| Self::read(opened, unchecked));
            match base.and_then(|base| if is_only { Ok(base) } else { base.checked() }) {
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

    /// The same compared with all its checksums.
    ///
    /// # Errors
    /// `Corrupt` when something is not what was written, naming file and offset.
    pub(super) fn checked(mut self) -> Result<Self> {
        if let Some(unchecked) = self.unchecked.take() {
            unchecked.check(&AtomicU64::new(0), &|| true)?;
            self.state.view.read_all()?;
        }
        Ok(self)
    }

    fn read(opened: Opened, unchecked: Unchecked) -> Result<Self> {
        let Opened { manifest, dictionaries, state, shards, events, snapshots } = opened;
        let dictionaries = Arc::new(dictionaries);
        let part = |sections: &Sections, part| sections.bytes(of_field(TABLE, part));
        let mut schema = decode_schema(part(dictionaries.main(), layout::SCHEMA)?.unwrap_or_default())?;
        // Before there were events nobody wrote a schema of them.
        let event_schema =
            part(&state, layout::EVENT_SCHEMA)?.map(decode_event_schema).transpose()?.unwrap_or_default();
        let enrichment = part(&state, layout::ENRICHMENT)?
            .map_or_else(|| Ok(Enrichment::default()), |bytes| decode_enrichment(bytes, &mut schema, &event_schema))?;
        let schema = Arc::new(schema);
        let events = EventData::read(Arc::new(event_schema), &dictionaries, &events)?;
        let view = View::read(schema.clone(), &dictionaries, shards, events)?.with_enrichment(enrichment);
        let mut saved = decode_saved(part(&state, layout::SCHEMA)?.unwrap_or_default(), &view)?;
        // The first versions wrote none of these sections.
        if let Some(versions) = part(&state, layout::VERSIONS)? {
            decode_versions(versions, &mut saved)?;
        }
        let Saved { version, segments, audiences, lists, old_keys } = saved;
        let keys = part(&state, layout::KEYS)?.map_or(Ok(old_keys), decode_keys)?;
        let gates =
            part(&state, layout::GATES)?.map_or_else(|| Ok(Gates::default()), |gates| decode_gates(gates, &schema))?;
        let erasures = part(&state, layout::ERASURES)?.map_or(Ok(Erasures::default()), decode_erasures)?;
        let offers = part(&state, layout::OFFERS)?.map_or(Ok(Offers::default()), decode_offers)?;
        // Before there were snapshots nobody asked when profiles had changed.
        let numbers = part(&state, layout::SNAPSHOT_NUMBERS)?.and_then(slice_of::<u64>);
        let [last_snapshot, profiles_version, erased_version] =
            numbers.and_then(|numbers| numbers.first_chunk().copied()).unwrap_or([0, version, 0]);
        let (stamped, sizes) = (view.clone(), read_sizes(dictionaries.main())?);
        let stamp: LazyStamp = LazyLock::new(Box::new(move || stamped.stamp()));
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
        // What was looked at so far to find rules and lists in their places.
        state.view.check_damage()?;
        let (lsn, keys) = (last.manifest.lsn, keys.into());
        Ok(Self { lsn, state, keys, last: Some(last), unchecked: Some(unchecked), passed_over: None })
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
        self.check()?;
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
        let stamp: LazyStamp = LazyLock::new(Box::new(move || stamp));
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
