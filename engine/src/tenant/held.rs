//! The files of a tenant, held still for as long as somebody copies them: a backup.
//!
//! Checkpoint files never change and the log only grows, so files can be read while others write; what must not happen
//! meanwhile is a checkpoint, which would remove them.

use std::sync::Arc;

use parking_lot::MutexGuard;

use super::Tenant;
use super::checkpoint::Last;
use super::state::State;
use crate::error::{Error, Result};
use crate::store::checkpoint::{FileId, FileKind, is_logged};

/// Files from which everything that was acknowledged comes back. No checkpoint is taken until the value is dropped.
#[derive(Debug)]
pub struct Held<'t> {
    /// The files.
    pub files: Vec<HeldFile>,
    /// The last record of the log that is in them.
    pub lsn: u64,
    /// What they hold.
    pub state: Arc<State>,
    _still: MutexGuard<'t, Option<Last>>,
}

/// One of them.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct HeldFile {
    /// Its name in the data directory.
    pub name: String,
    /// Bytes of it that count; whatever follows them was written later.
    pub bytes: u64,
    /// Whether no byte of the file ever changes, so that another name for it is as good as a copy.
    pub is_final: bool,
}

impl Tenant {
    /// Holds the files still; `None` where nothing is kept. Waits while a checkpoint is taken.
    ///
    /// # Errors
    /// `Storage` when what was acknowledged early cannot be made safe, `Io` when the system refuses.
    pub fn hold_files(&self) -> Result<Option<Held<'_>>> {
        let Some(disk) = self.disk.as_deref() else { return Ok(None) };
        self.check()?;
        let still = self.checkpoints.lock();
        let _lead = self.queue.alone();
        let mut book = self.book.lock();
        self.store(&mut book, true)?;
        let Some(log) = &book.log else { return Ok(None) };
        let refused = |name: &str, error| Error::Io(format!("{name} cannot be read: {error}"));
        let length = |name: &str| {
            let file = disk.open(name).map_err(|error| refused(name, error))?;
            file.len().map_err(|error| refused(name, error))
        };
        let mut files = Vec::new();
        if let Some(last) = &*still {
            let manifest = FileId::only(FileKind::Manifest, last.manifest().lsn);
            for id in last.manifest().files.iter().map(|entry| entry.id).chain([manifest]) {
                let name = id.to_string();
                files.push(HeldFile { bytes: length(&name)?, name, is_final: true });
            }
        }
        let last_snapshots = (still.as_ref().map_or(0, Last::last_snapshot), self.state().snapshots.last_id());
        let names = disk.list().map_err(|error| refused("the data directory", error))?;
        for name in names.into_iter().filter(|name| FileId::named(name).is_some_and(|id| is_logged(id, last_snapshots)))
        {
            files.push(HeldFile { bytes: length(&name)?, name, is_final: true });
        }
        for (name, end) in log.files() {
            let bytes = end.map_or_else(|| length(&name), Ok)?;
            files.push(HeldFile { name, bytes, is_final: false });
        }
        let (lsn, state) = (log.next_lsn() - 1, self.state());
        drop(book);
        Ok(Some(Held { files, lsn, state, _still: still }))
    }
}
