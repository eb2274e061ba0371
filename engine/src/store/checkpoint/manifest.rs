//! Which files make a checkpoint, and which checkpoint counts.

use std::io;
use std::sync::atomic::{AtomicU64, Ordering};

use rayon::ThreadPoolBuilder;
use rayon::prelude::*;

use super::format::{FileEntry, FileId, FileKind, SectionId, UNFINISHED};
use super::read::{CheckpointFile, Dictionaries, Sections, SharedSections, open_unchecked};
use super::table::damage;
use super::write::{FileWriter, refused};
use crate::error::{Error, Result};
use crate::limits::LOG_RECORDS_MAX;
use crate::store::disk::Disk;

/// The only section of a manifest.
const FILES: SectionId = SectionId { field: 0, part: 0, block: 0 };

/// Threads that open files at the same time.
const OPENERS: usize = 16;

/// Files from which on that pays.
const FILES_MANY: usize = 64;

/// The files of a checkpoint.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Manifest {
    /// The last record of the log that it contains.
    pub lsn: u64,
    /// Dictionaries, state, the shards in order, the pieces of dictionaries by kind, field and place, events and
    /// pieces of their ids by number, and snapshots by the ids that they were given.
    pub files: Vec<FileEntry>,
}

/// A checkpoint of which each section is compared with its checksum when it is first asked for.
#[derive(Debug)]
pub struct Opened {
    /// Its files.
    pub manifest: Manifest,
    /// The schema, dictionaries and ids.
    pub dictionaries: Dictionaries,
    /// Segments, audiences, lists and keys.
    pub state: Sections,
    /// Columns and indexes, a file a shard.
    pub shards: Vec<Sections>,
    /// Events, a file for those of a shard, and ids of events, a file a piece.
    pub events: Vec<Sections>,
    /// Snapshots, a file for those taken together.
    pub snapshots: Vec<(SharedSections, FileEntry)>,
}

/// What was read of a checkpoint.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct CheckpointReport {
    /// The last record of the log that it contains.
    pub lsn: u64,
    /// Files, the manifest among them.
    pub files: u64,
    /// Their bytes.
    pub bytes: u64,
}

impl Manifest {
    /// All manifests of a disk, the newest first.
    ///
    /// # Errors
    /// `Io` when the system refuses.
    pub fn list(disk: &dyn Disk) -> Result<Vec<FileId>> {
        let names = disk.list().map_err(|error| Error::Io(format!("the data directory cannot be listed: {error}")))?;
        let ids = names.iter().filter_map(|name| FileId::named(name));
        let mut manifests: Vec<FileId> = ids.filter(|id| id.kind == FileKind::Manifest).collect();
        manifests.sort_by_key(|id| std::cmp::Reverse(id.lsn));
        Ok(manifests)
    }

    fn read(disk: &dyn Disk, id: FileId) -> Result<Self> {
        let file = CheckpointFile::open(disk, id)?;
        file.verify()?;
        if id.lsn > LOG_RECORDS_MAX {
            return Err(damage(id, 0, "no log has so many records"));
        }
        let bytes = file.section(FILES)?.unwrap_or_default();
        let (entries, rest) = bytes.as_chunks();
        let files: Option<Vec<FileEntry>> = entries.iter().map(FileEntry::from_bytes).collect();
        let files = files.filter(|_| rest.is_empty()).ok_or_else(|| file.malformed(FILES, "it names no files"))?;
        if !are_a_checkpoint(&files) {
            return Err(file.malformed(FILES, "it does not name the files of a checkpoint"));
        }
        Ok(Self { lsn: id.lsn, files })
    }

    /// What there is, in numbers; the manifest's own bytes are not counted.
    pub fn report(&self) -> CheckpointReport {
        let bytes = self.files.iter().map(|entry| entry.length).sum();
        CheckpointReport { lsn: self.lsn, files: 1 + self.files.len() as u64, bytes }
    }
}

/// Whether files are those of a checkpoint, in order and with none left out.
fn are_a_checkpoint(files: &[FileEntry]) -> bool {
    let (first, rest) = files.split_at(files.len().min(2));
    let shards = rest.iter().take_while(|entry| entry.id.kind == FileKind::Shard).count();
    let (shards, rest) = rest.split_at(shards);
    let pieces = rest.iter().take_while(|entry| entry.id.kind.is_piece()).count();
    let (pieces, rest) = rest.split_at(pieces);
    let events = rest.iter().take_while(|entry| entry.id.kind.is_of_events()).count();
    let (events, snapshots) = rest.split_at(events);
    let order = |entry: &FileEntry| (entry.id.kind, entry.id.number);
    let follows = |pair: &[FileEntry]| {
        let next = FileId { number: pair[0].id.number.wrapping_add(1), ..pair[1].id };
        order(&pair[0]) < order(&pair[1])
            && (pair[1].id.place() == 0 || pair[1].id == next && pair[0].id.kind == next.kind)
    };
    first.iter().map(|entry| entry.id.kind).eq([FileKind::Dictionaries, FileKind::State])
        && (0..).zip(shards).all(|(number, entry)| entry.id.number == number)
        && pieces.first().is_none_or(|entry| entry.id.place() == 0)
        && pieces.windows(2).all(follows)
        && events.is_sorted_by(|left, right| order(left) < order(right))
        && snapshots.iter().all(|entry| entry.id.kind == FileKind::Snapshots)
        && snapshots.is_sorted_by(|left, right| left.id.lsn < right.id.lsn)
}

/// What of a checkpoint was not compared with its checksums when it was opened.
#[derive(Debug, Clone)]
pub struct Unchecked {
    files: Vec<Sections>,
    snapshots: Vec<SharedSections>,
}

impl Unchecked {
    /// Compares it now; what somebody has asked for meanwhile was compared then. `compared` is told the bytes of files.
    /// While nobody `is_waiting`, this thread does it alone and leaves the others to whoever asks.
    ///
    /// # Errors
    /// `Corrupt` when something is not what was written, naming file and offset.
    pub fn check(&self, compared: &AtomicU64, is_waiting: &(dyn Fn() -> bool + Sync)) -> Result<()> {
        let note = |bytes| _ = compared.fetch_add(bytes, Ordering::Relaxed);
        let of_file = |file: &Sections| file.verify().map(|()| note(file.file_bytes()));
        let mut alone = 0;
        while alone < self.files.len() && !is_waiting() {
            of_file(&self.files[alone])?;
            alone += 1;
        }
        self.files[alone..].par_iter().try_for_each(of_file)?;
        self.snapshots.par_iter().try_for_each(|file| file.verify().map(|()| note(file.file_bytes())))
    }
}

/// Opens a checkpoint: the files are all there, and their tables of sections are what was written. The rest is compared
/// with its checksums when it is read, or all of it by [`Unchecked::check`].
///
/// # Errors
/// `Corrupt` when something is not what was written, naming file and offset; `Io` when the system refuses.
pub fn open_checkpoint(disk: &dyn Disk, id: FileId) -> Result<(Opened, Unchecked)> {
    let manifest = Manifest::read(disk, id)?;
    let (snapshots, files): (Vec<_>, Vec<_>) =
        open_files(disk, &manifest)?.into_iter().partition(|file| file.entry().id.kind == FileKind::Snapshots);
    let snapshots = snapshots.into_iter().map(|file| (file.entry(), file)).map(|(entry, file)| (file.share(), entry));
    let snapshots: Vec<(SharedSections, FileEntry)> = snapshots.collect();
    let files: Vec<Sections> = files.into_iter().map(CheckpointFile::keep).collect();
    let unchecked =
        Unchecked { files: files.clone(), snapshots: snapshots.iter().map(|(file, _)| file.clone()).collect() };
    let mut files = files.into_iter();
    let (Some(main), Some(state)) = (files.next(), files.next()) else {
        return Err(damage(id, 0, "it does not name the files of a checkpoint"));
    };
    let (events, files): (Vec<_>, Vec<_>) = files.partition(|sections| sections.file().kind.is_of_events());
    let (pieces, shards) = files.into_iter().partition(|sections| sections.file().kind.is_piece());
    let dictionaries = Dictionaries::new(main, pieces);
    Ok((Opened { manifest, dictionaries, state, shards, events, snapshots }, unchecked))
}

/// Compares everything in the newest checkpoint of a disk with its checksums, and in all files of snapshots, which the log
/// may name instead; `None` when there is no checkpoint.
///
/// # Errors
/// As [`open_checkpoint`].
pub fn check_newest(disk: &dyn Disk) -> Result<Option<CheckpointReport>> {
    let newest = Manifest::list(disk)?.first().copied();
    let manifest = newest.map(|id| Manifest::read(disk, id)).transpose()?;
    if let Some(manifest) = &manifest {
        open_files(disk, manifest)?.par_iter().try_for_each(CheckpointFile::verify)?;
    }
    let names = disk.list().map_err(|error| Error::Io(format!("the data directory cannot be listed: {error}")))?;
    let mut snapshots = names.iter().filter_map(|name| FileId::named(name)).filter(|id| id.kind == FileKind::Snapshots);
    snapshots.try_for_each(|id| CheckpointFile::open(disk, id)?.verify())?;
    Ok(manifest.map(|manifest| manifest.report()))
}

/// Opens files that a manifest names. A disk answers each after a while, whatever else it is asked meanwhile, so more
/// threads ask than there are processors.
fn open_files(disk: &dyn Disk, manifest: &Manifest) -> Result<Vec<CheckpointFile>> {
    let open = || manifest.files.par_iter().map(|entry| open_unchecked(disk, entry)).collect();
    if manifest.files.len() < FILES_MANY {
        return open();
    }
    ThreadPoolBuilder::new().num_threads(OPENERS).build().map_or_else(|_| open(), |openers| openers.install(open))
}

/// Makes a checkpoint count: its files are safe and have their names. Once this returns, it is the newest.
///
/// # Errors
/// `Io` when the system refuses; whether the checkpoint counts is unknown then, and either is good as long as the log
/// is kept.
pub fn publish(disk: &dyn Disk, manifest: &Manifest) -> Result<()> {
    disk.sync_names().map_err(refused(FileKind::Manifest))?;
    let mut writer = FileWriter::create(disk, FileId::only(FileKind::Manifest, manifest.lsn))?;
    let bytes: Vec<u8> = manifest.files.iter().flat_map(|entry| entry.to_bytes()).collect();
    writer.put(FILES, &bytes)?;
    writer.finish()?;
    disk.sync_names().map_err(refused(FileKind::Manifest))
}

/// Whether the log behind a checkpoint may name a file of snapshots: the last ids that snapshots had been given before it
/// and by now.
pub fn is_logged(id: FileId, (before, now): (u64, u64)) -> bool {
    id.kind == FileKind::Snapshots && id.number == 0 && before < id.lsn && id.lsn <= now
}

/// Removes the files of other checkpoints than this one, if there is one: manifests first. Snapshots that the log behind it
/// may name stay ([`is_logged`]); none are being written.
///
/// # Errors
/// `Io` when the system refuses; what is left is removed the next time.
pub fn clean_up(disk: &dyn Disk, kept: Option<&Manifest>, last_snapshots: (u64, u64)) -> Result<()> {
    let refused = |error: io::Error| Error::Io(format!("an old checkpoint cannot be removed: {error}"));
    let names = disk.list().map_err(refused)?;
    let is_kept = |id: FileId| {
        let names = |manifest: &Manifest| {
            id == FileId::only(FileKind::Manifest, manifest.lsn) || manifest.files.iter().any(|entry| entry.id == id)
        };
        kept.is_some_and(names)
    };
    let mut stale: Vec<(bool, String)> = Vec::new();
    for name in names {
        let id = FileId::named(name.strip_suffix(UNFINISHED).unwrap_or(&name));
        let is_unfinished = name.ends_with(UNFINISHED);
        if let Some(id) = id.filter(|id| is_unfinished || !is_kept(*id) && !is_logged(*id, last_snapshots)) {
            stale.push((id.kind != FileKind::Manifest, name));
        }
    }
    stale.sort();
    let mut manifests_gone = false;
    for (is_part, name) in stale {
        // A manifest must not come back after a power cut when its files do not.
        if is_part && !std::mem::replace(&mut manifests_gone, true) {
            disk.sync_names().map_err(refused)?;
        }
        disk.remove(&name).map_err(refused)?;
    }
    disk.sync_names().map_err(refused)
}
