//! A tenant out of its log: every entry through the same `apply` that made the change in the first place.

use std::sync::Arc;

use super::Tenant;
use super::import::Bulk;
use super::keys::Keys;
use super::next::Next;
use super::state::State;
use crate::command::{Entry, Outcome, decode};
use crate::error::{Error, Result};
use crate::store::{Disk, Log, LogReport, LogSizes, Record, read_log};

/// The number of a log's first record.
const FIRST_LSN: u64 = 1;

/// Records after which changed profiles are written into the table: each time costs as much as a change of its own,
/// and what is not written yet takes memory.
const SETTLE_RECORDS: u64 = 8_192;

impl Tenant {
    /// Opens the tenant that a disk keeps, or begins one there. `progress` is told how many records have been read.
    ///
    /// # Errors
    /// `Corrupt` when the log is damaged, naming file and offset; `Io` when the system refuses.
    pub fn open(disk: Arc<dyn Disk>, sizes: LogSizes, progress: &mut dyn FnMut(u64)) -> Result<(Self, LogReport)> {
        let mut replay = Replay::default();
        let (log, report) = Log::open(disk, FIRST_LSN, sizes, &mut |record| {
            replay.entry(record)?;
            progress(record.lsn);
            Ok(())
        })?;
        let (state, keys) = replay.finish();
        Ok((Self::kept(state, keys, log), report))
    }

    /// Reads what a disk keeps and changes nothing there.
    ///
    /// # Errors
    /// As [`Self::open`].
    pub fn read(disk: &dyn Disk, sizes: LogSizes, progress: &mut dyn FnMut(u64)) -> Result<(State, LogReport)> {
        let mut replay = Replay::default();
        let report = read_log(disk, FIRST_LSN, sizes, &mut |record| {
            replay.entry(record)?;
            progress(record.lsn);
            Ok(())
        })?;
        Ok((replay.finish().0, report))
    }
}

/// A log on its way to being a state.
struct Replay {
    next: Next,
    keys: Keys,
    /// The import that has begun and is not committed.
    import: Option<Bulk>,
    unsettled: u64,
}

impl Default for Replay {
    fn default() -> Self {
        Self { next: Next::new(State::default()), keys: Keys::default(), import: None, unsettled: 0 }
    }
}

impl Replay {
    fn entry(&mut self, record: Record<'_>) -> Result<()> {
        self.apply(record.kind, record.payload).map_err(|error| {
            let lsn = record.lsn;
            Error::Corrupt(format!(
                "record {lsn} of the log cannot be applied; another program may have written it: {error}"
            ))
        })
    }

    fn apply(&mut self, kind: u8, payload: &[u8]) -> Result<()> {
        match decode(kind, payload)? {
            Entry::Change { key, command } => {
                // An import that is followed by something else never came to its end.
                self.import = None;
                let outcome = self.next.apply(command, None)?;
                self.remember(key, outcome);
                self.unsettled += 1;
                if self.unsettled >= SETTLE_RECORDS {
                    self.settle();
                }
            }
            Entry::ImportBegin { id_name, fields, row_order } => {
                let mut import = Bulk::new(self.settle().clone());
                import.prepare(&id_name, &fields, row_order)?;
                self.import = Some(import);
            }
            Entry::ImportBatch { mode, batch } => drop(self.import.as_mut().ok_or_else(stray)?.upsert(&batch, mode)?),
            Entry::ImportCommit { key } => {
                let (state, counts) = self.import.take().ok_or_else(stray)?.finish();
                self.next = Next::new(state);
                self.remember(key, Outcome::Imported(counts));
            }
        }
        Ok(())
    }

    fn settle(&mut self) -> &mut State {
        self.unsettled = 0;
        self.next.settle()
    }

    fn remember(&mut self, key: Option<String>, outcome: Outcome) {
        if let Some(key) = key {
            self.keys.put(key, outcome);
        }
    }

    fn finish(self) -> (State, Keys) {
        (self.next.finish(), self.keys)
    }
}

fn stray() -> Error {
    Error::Corrupt("it belongs to an import that has not begun".into())
}
