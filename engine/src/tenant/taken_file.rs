//! The file of snapshots that were taken together: rows in sections of their own, one section with all else; and which of
//! these files a checkpoint writes anew.
//!
//! It is named by the id that the first of them was given. Written anew by a checkpoint, because somebody was erased or a
//! snapshot deleted, it keeps that id and gets the next number.

use std::sync::Arc;

use bytes::Bytes;

use super::state::State;
use crate::block::{Portable, Set, to_portable};
use crate::column::layout::{CONTEXT_ROWS, MEMBERS, TABLE, TAKEN, TAKEN_GATES, of_block, of_field};
use crate::command::{decode_taken, decode_taken_gates, encode_taken, encode_taken_gates};
use crate::error::{Error, Result};
use crate::id::SnapshotId;
use crate::snapshot::{Context, Snapshot, Snapshots, Taken};
use crate::store::Disk;
use crate::store::checkpoint::{FileEntry, FileId, FileKind, FileWriter, SharedSections, open_file};

/// A file in the making.
pub(super) struct TakenWriter<'d> {
    out: FileWriter<'d>,
    /// Without their rows.
    snapshots: Vec<Arc<Snapshot>>,
}

impl<'d> TakenWriter<'d> {
    pub(super) fn create(disk: &'d dyn Disk, first: SnapshotId, edition: u32) -> Result<Self> {
        let id = FileId { kind: FileKind::Snapshots, number: edition, lsn: first.0 };
        Ok(Self { out: FileWriter::create(disk, id)?, snapshots: Vec::new() })
    }

    pub(super) fn put(&mut self, mut snapshot: Snapshot) -> Result<()> {
        let members = std::mem::take(&mut snapshot.members);
        // There are at most SNAPSHOTS_MAX.
        self.out.put(of_block(TABLE, MEMBERS, self.snapshots.len() as u32), &members)?;
        self.snapshots.push(Arc::new(snapshot));
        Ok(())
    }

    /// Makes the file safe; its name is not safe yet.
    pub(super) fn finish(mut self, context: &Context) -> Result<FileEntry> {
        for (at, rows) in (0..).zip(context.rows()) {
            self.out.put(of_block(TABLE, CONTEXT_ROWS, at), rows)?;
        }
        self.out.put(of_field(TABLE, TAKEN), &encode_taken(context, &self.snapshots))?;
        if let Some(gates) = encode_taken_gates(context, &self.snapshots) {
            self.out.put(of_field(TABLE, TAKEN_GATES), &gates)?;
        }
        self.out.finish()
    }
}

/// Reads a file that a record of the log, or whoever has just written it, names.
pub(super) fn read_taken(disk: &dyn Disk, entry: &FileEntry) -> Result<Taken> {
    taken_of(open_file(disk, entry)?.share(), *entry)
}

/// The snapshots of a file; their rows are not compared with checksums here.
pub(super) fn taken_of(sections: SharedSections, entry: FileEntry) -> Result<Taken> {
    let head = of_field(TABLE, TAKEN);
    let bytes = sections.bytes(head)?.ok_or_else(|| sections.malformed(head, "it holds no snapshots"))?;
    let (mut context, mut snapshots) = decode_taken(&bytes)?;
    // Before there were gates nobody wrote this.
    if let Some(gates) = sections.bytes(of_field(TABLE, TAKEN_GATES))? {
        decode_taken_gates(&gates, &mut context, &mut snapshots)?;
    }
    let rows_of = |part: u16, at: usize| {
        let id = of_block(TABLE, part, at as u32);
        sections.unchecked(id).ok_or_else(|| sections.malformed(head, "rows of a snapshot are not there"))
    };
    for (at, rows) in context.rows_mut().enumerate() {
        *rows = rows_of(CONTEXT_ROWS, at)?;
    }
    for (at, snapshot) in snapshots.iter_mut().enumerate() {
        snapshot.members = rows_of(MEMBERS, at)?;
    }
    if snapshots.first().is_none_or(|first| first.id.0 < entry.id.lsn) {
        return Err(sections.malformed(head, "its snapshots are another file's"));
    }
    let snapshots = snapshots.into_iter().map(Arc::new).collect();
    Ok(Taken { file: Some(entry), is_as_written: true, context: Arc::new(context), snapshots })
}

/// The same snapshots without whoever is no longer live, in a file of their own.
pub(super) fn write_anew(
    disk: &dyn Disk,
    first: SnapshotId,
    edition: u32,
    taken: &Taken,
    live: &Set,
) -> Result<FileEntry> {
    let left = |rows: &Bytes| -> Result<Bytes> {
        let set = Portable::new(rows).set();
        let set = set.ok_or_else(|| Error::Corrupt(format!("rows of snapshot {first} cannot be read")))?;
        let left = set.and(live);
        Ok(if left.len() == set.len() { rows.clone() } else { to_portable(&left).into() })
    };
    let mut out = TakenWriter::create(disk, first, edition)?;
    for snapshot in &taken.snapshots {
        out.put(Snapshot { members: left(&snapshot.members)?, ..(**snapshot).clone() })?;
    }
    let mut context = (*taken.context).clone();
    for rows in context.rows_mut() {
        *rows = left(rows)?;
    }
    out.finish(&context)
}

/// Snapshots that were written anew.
pub(super) struct Renewed {
    pub(super) first: SnapshotId,
    pub(super) before: Arc<Taken>,
    pub(super) after: Arc<Taken>,
}

/// Adds the files of snapshots, of which those are written anew that have lost somebody since they were written.
pub(super) fn write_snapshots(disk: &dyn Disk, state: &State, files: &mut Vec<FileEntry>) -> Result<Vec<Renewed>> {
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

/// The snapshots of a checkpoint.
pub(super) fn read_snapshots(files: Vec<(SharedSections, FileEntry)>, last_id: u64) -> Result<Snapshots> {
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
