//! A tenant out of its newest checkpoint and the log behind it: every entry through the same `apply` that made the change
//! in the first place.

use std::sync::Arc;
use std::sync::atomic::AtomicU64;

use arc_swap::ArcSwap;
use parking_lot::Mutex;

use super::Tenant;
use super::check::Check;
use super::checkpoint::{Base, Last};
use super::event_import::EventBulk;
use super::import::Bulk;
use super::keys::{self, Keys};
use super::memory::Memory;
use super::news::News;
use super::next::Next;
use super::state::State;
use super::taken_file::read_taken;
use super::write::Book;
use crate::command::{Command, Entry, Key, Outcome, Remembered, decode};
use crate::error::{Error, Result};
use crate::store::checkpoint::{CheckpointReport, Unchecked, clean_up};
use crate::store::{Disk, Log, LogReport, LogSizes, Record, read_log};

/// Records after which changed profiles are written into the table: each time costs as much as a change of its own,
/// and what is not written yet takes memory.
const SETTLE_RECORDS: u64 = 8_192;

impl Tenant {
    /// Opens the tenant that a disk keeps, or begins one there. `progress` is told how many records have been read.
    ///
    /// # Errors
    /// `Corrupt` when log or checkpoint are damaged, naming file and offset; `Io` when the system refuses.
    pub fn open(disk: Arc<dyn Disk>, sizes: LogSizes, progress: &mut dyn FnMut(u64)) -> Result<(Self, Recovery)> {
        let (tenant, recovery, _) = Self::open_at_once(disk, sizes, None, progress)?;
        tenant.check()?;
        Ok((tenant, recovery))
    }

    /// The same before everything was compared with its checksums, where there is no log to be applied and nothing older
    /// that could stand in: what is asked for is compared then. Until [`Self::check`] has said that all is well, only
    /// previews and counts of the state may be asked, or [`Self::damage`] after all else; changes wait for the check.
    ///
    /// `version` is what somebody has followed the tenant up to: they get the state as it was then, when it can still be
    /// had; [`Tenant::news`] then tells which rows changed since.
    ///
    /// # Errors
    /// As [`Self::open`], but for what only the check finds.
    pub fn open_at_once(
        disk: Arc<dyn Disk>,
        sizes: LogSizes,
        version: Option<u64>,
        progress: &mut dyn FnMut(u64),
    ) -> Result<(Self, Recovery, Marked)> {
        let (mut replay, mut recovery, last) = Replay::start(&*disk, Base::find(&*disk)?);
        replay.mark_at(version);
        let from = recovery.checkpoint.lsn + 1;
        let (mut log, report) = Log::open(disk.clone(), from, sizes, &mut |record| replay.entry(record, progress))?;
        recovery.log = report;
        if recovery.passed_over.is_none() {
            // What a checkpoint replaces goes before anybody is told that it is gone.
            log.drop_before(from)?;
            let first = last.as_ref().map_or(0, Last::last_snapshot);
            clean_up(&*disk, last.as_ref().map(Last::manifest), (first, replay.last_snapshot()))?;
        }
        let log_bytes = replay.bytes.into();
        let (marked, unchecked) = (replay.marked.take(), replay.unchecked.take());
        let (mut state, keys) = replay.finish();
        let written = state.view.take_written();
        let tenant = Self {
            current: ArcSwap::from_pointee(state),
            news: if marked.is_some() { News::since(written) } else { News::default() },
            book: Mutex::new(Book::with(log)),
            keys: Mutex::new(keys),
            disk: Some(disk),
            checkpoints: Mutex::new(last),
            log_bytes,
            check: Check::of(unchecked),
            memory: Memory::mapping(recovery.checkpoint.bytes),
            ..Self::default()
        };
        Ok((tenant, recovery, marked))
    }

    /// Reads what a disk keeps and changes nothing there.
    ///
    /// # Errors
    /// As [`Self::open`].
    pub fn read(disk: &dyn Disk, sizes: LogSizes, progress: &mut dyn FnMut(u64)) -> Result<(State, Recovery)> {
        let (mut replay, mut recovery, _) = Replay::start(disk, Base::find(disk)?.checked()?);
        let from = recovery.checkpoint.lsn + 1;
        recovery.log = read_log(disk, from, sizes, &mut |record| replay.entry(record, progress))?;
        Ok((replay.finish().0, recovery))
    }

    /// The first record of the log that no checkpoint has.
    ///
    /// # Errors
    /// As [`Self::open`] for a damaged checkpoint.
    pub fn log_start(disk: &dyn Disk) -> Result<u64> {
        Ok(Base::find(disk)?.checked()?.lsn + 1)
    }
}

/// A state that somebody asked for while others followed it.
pub type Marked = Option<Arc<State>>;

/// What a tenant was made of.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Recovery {
    /// The checkpoint; of nothing when there was none.
    pub checkpoint: CheckpointReport,
    /// A newer one that is damaged; the log stood in for it.
    pub passed_over: Option<String>,
    /// The log behind it.
    pub log: LogReport,
}

/// A checkpoint and the log behind it on their way to being a state.
struct Replay<'d> {
    disk: &'d dyn Disk,
    next: Next,
    keys: Keys,
    /// The import that has begun and is not committed.
    import: Option<Bulk>,
    /// The same of events.
    events: Option<EventBulk>,
    unsettled: u64,
    /// Of the records so far.
    bytes: u64,
    /// The version whose state somebody asks for.
    wanted: Option<u64>,
    marked: Marked,
    /// What of the checkpoint was not compared with checksums.
    unchecked: Option<Unchecked>,
}

impl<'d> Replay<'d> {
    fn start(disk: &'d dyn Disk, base: Base) -> (Self, Recovery, Option<Last>) {
        let Base { state, keys, last, passed_over, unchecked, .. } = base;
        let checkpoint = last.as_ref().map(Last::report).unwrap_or_default();
        let passed_over = passed_over.map(|error| error.to_string());
        let recovery = Recovery { checkpoint, passed_over, log: LogReport::default() };
        let replay = Self {
            disk,
            next: Next::new(state),
            keys,
            import: None,
            events: None,
            unsettled: 0,
            bytes: 0,
            wanted: None,
            marked: None,
            unchecked,
        };
        (replay, recovery, last)
    }

    fn entry(&mut self, record: Record<'_>, progress: &mut dyn FnMut(u64)) -> Result<()> {
        if let Some(unchecked) = self.unchecked.take() {
            // What changes is made of what was there.
            unchecked.check(&AtomicU64::new(0), &|| true)?;
            self.settle().view.read_all()?;
        }
        self.bytes += record.payload.len() as u64;
        progress(record.lsn);
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
                (self.import, self.events) = (None, None);
                let outcome = self.next.apply(self.with_files(command)?, None)?;
                self.remember(key, outcome);
                self.unsettled += 1;
                if self.unsettled >= SETTLE_RECORDS {
                    self.settle();
                }
            }
            Entry::ImportBegin { id_name, fields, row_order } => {
                let mut import = Bulk::new(self.settle().clone());
                import.prepare(&id_name, &fields, row_order)?;
                (self.import, self.events) = (Some(import), None);
            }
            Entry::ImportBatch { mode, batch } => drop(self.import.as_mut().ok_or_else(stray)?.upsert(&batch, mode)?),
            Entry::ImportCommit { key } => {
                let (state, counts) = self.import.take().ok_or_else(stray)?.finish();
                self.next = Next::new(state);
                self.remember(key, Outcome::Imported(counts));
            }
            Entry::EventsBegin(terms) => {
                let base = self.settle().clone();
                (self.import, self.events) = (None, Some(EventBulk::new(base, terms)));
            }
            Entry::EventsBatch(batch) => self.events.as_mut().ok_or_else(stray)?.add(&batch)?,
            Entry::EventsCommit { key } => {
                let (state, counts) = self.events.take().ok_or_else(stray)?.finish();
                self.next = Next::new(state);
                self.remember(key, Outcome::Events(counts));
            }
        }
        self.mark();
        Ok(())
    }

    fn mark_at(&mut self, version: Option<u64>) {
        self.wanted = version;
        self.mark();
    }

    /// Keeps the state when it is the wanted one; from there on written rows are counted anew.
    fn mark(&mut self) {
        if self.wanted == Some(self.next.version()) {
            let state = self.settle();
            state.view.take_written();
            self.marked = Some(Arc::new(state.clone()));
        }
    }

    /// The command with what lies in a file that it names.
    fn with_files(&self, command: Command) -> Result<Command> {
        match &command {
            Command::TakeSnapshots(taken) => {
                let file = taken.file.ok_or_else(|| Error::Corrupt("it names no file of snapshots".into()))?;
                Ok(Command::TakeSnapshots(Arc::new(read_taken(self.disk, &file)?)))
            }
            _ => Ok(command),
        }
    }

    fn last_snapshot(&mut self) -> u64 {
        self.settle().snapshots.last_id()
    }

    fn settle(&mut self) -> &mut State {
        self.unsettled = 0;
        self.next.settle()
    }

    fn remember(&mut self, key: Option<Key>, outcome: Outcome) {
        if let Some(key) = key {
            self.keys.put(keys::digest(&key), Remembered { request: key.request, outcome });
        }
    }

    fn finish(self) -> (State, Keys) {
        (self.next.finish(), self.keys)
    }
}

fn stray() -> Error {
    Error::Corrupt("it belongs to an import that has not begun".into())
}
