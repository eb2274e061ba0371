//! One group of changes: applied one after the other to the next state, logged with one write and one sync, published,
//! acknowledged. In this order: what is seen is safe, and what is acknowledged is seen.

use std::sync::Arc;
use std::sync::atomic::Ordering;
use std::time::Duration;

use super::Tenant;
use super::change::{Change, Durability, Expected, Terms};
use super::keys;
use super::next::Next;
use super::queue::{Answer, Lead};
use crate::command::{Command, Digest, Key, Outcome, Remembered, Upsert, encode_change, kind};
use crate::error::{Error, Result};
use crate::limits::GROUP_CHANGES_MAX;
use crate::schema::Schema;
use crate::store::Log;

/// How long a group waits for changes of those who were in the last one: they have just been answered and most will be
/// back at once. A sync takes several times as long.
const GROUP_PATIENCE: Duration = Duration::from_millis(1);

/// What only the one who leads may touch.
#[derive(Debug, Default)]
pub(super) struct Book {
    /// None where nothing is kept.
    pub(super) log: Option<Log>,
    /// Changes of the last group.
    last_group: usize,
}

impl Book {
    pub(super) fn with(log: Log) -> Self {
        Self { log: Some(log), last_group: 0 }
    }
}

/// Changes that were applied and are not acknowledged.
#[derive(Debug, Default)]
struct Group {
    accepted: Vec<(Answer, Outcome)>,
    /// Keys of this group, which nobody else may know before it is safe.
    keys: Vec<(Digest, Remembered)>,
    is_durable: bool,
    /// Why the group as a whole cannot be logged.
    refused: Option<Error>,
}

impl Tenant {
    /// Makes one change; returns when it is safe and seen.
    ///
    /// # Errors
    /// Whatever the command calls a mistake; then nothing has changed. `Storage` when it cannot be kept.
    pub fn apply(&self, command: Command) -> Result<Outcome> {
        self.apply_as(command, Terms::default())
    }

    /// The same under other terms.
    ///
    /// # Errors
    /// As [`Self::apply`]; `Conflict` when another change was made under the key.
    pub fn apply_as(&self, command: Command, terms: Terms) -> Result<Outcome> {
        self.apply_expecting(command, terms, None)
    }

    /// The same unless somebody else changed meanwhile what is to be changed.
    ///
    /// # Errors
    /// As [`Self::apply_as`]; `Conflict` with `stale_version` when it is at another version than expected.
    pub fn apply_expecting(&self, command: Command, terms: Terms, expected: Option<Expected>) -> Result<Outcome> {
        self.submit(Change { command, terms, schema: None, expected })
    }

    /// Inserts or changes profiles that were read for a schema.
    ///
    /// # Errors
    /// As [`Self::apply_as`]; `Conflict` with `schema_changed` when the fields of the batch are no longer those.
    pub fn upsert(&self, upsert: Upsert, read_for: Arc<Schema>, terms: Terms) -> Result<Outcome> {
        self.submit(Change { command: Command::Upsert(upsert), terms, schema: Some(read_for), expected: None })
    }

    fn submit(&self, change: Change) -> Result<Outcome> {
        self.check()?;
        if let Some(key) = &change.terms.key {
            keys::check(key)?;
        }
        self.queue.submit(change, |lead| self.lead(lead))
    }

    /// What became of the change that was made under the key of these terms, if it is remembered.
    ///
    /// # Errors
    /// `Invalid` for a key that cannot be one, `Conflict` when something else was asked under it.
    pub fn remembered(&self, terms: &Terms) -> Result<Option<Outcome>> {
        let Some(key) = &terms.key else { return Ok(None) };
        keys::check(key)?;
        let keys = self.keys.lock();
        let Some(known) = keys.get(keys::digest(key)) else { return Ok(None) };
        keys::check_request(key, known)?;
        Ok(Some(known.outcome.clone()))
    }

    /// Makes safe what was acknowledged before it was ([`Durability::Buffered`]).
    ///
    /// # Errors
    /// `Storage` when the disk fails.
    pub fn sync(&self) -> Result<()> {
        if !self.is_kept() {
            return Ok(());
        }
        let _lead = self.queue.alone();
        self.store(&mut self.book.lock(), true)
    }

    /// Makes the changes of all who wait.
    fn lead(&self, lead: &Lead<'_>) {
        let mut book = self.book.lock();
        let mut group = Group::default();
        let mut next = Next::new((*self.state()).clone());
        let mut has_waited = false;
        loop {
            if group.accepted.len() >= GROUP_CHANGES_MAX || book.log.as_ref().is_some_and(Log::is_full) {
                break;
            }
            match lead.next() {
                Some((change, answer)) => self.take(&mut book, &mut group, &mut next, change, answer),
                None if !has_waited && group.is_durable && group.accepted.len() < book.last_group => {
                    lead.gather(book.last_group - group.accepted.len(), GROUP_PATIENCE);
                    has_waited = true;
                }
                None => break,
            }
        }
        book.last_group = group.accepted.len();
        if group.accepted.is_empty() {
            return;
        }
        let stored = match group.refused.take() {
            None => self.store(&mut book, group.is_durable),
            Some(error) => {
                book.log.iter_mut().for_each(Log::discard);
                Err(error)
            }
        };
        if let Err(error) = stored {
            group.accepted.into_iter().for_each(|(answer, _)| answer.give(Err(error.clone())));
            return;
        }
        self.publish(next.finish());
        self.measure_grown();
        let mut keys = self.keys.lock();
        group.keys.into_iter().for_each(|(key, outcome)| keys.put(key, outcome));
        drop(keys);
        group.accepted.into_iter().for_each(|(answer, outcome)| answer.give(Ok(outcome)));
    }

    /// Applies one change and appends it to the log's next write.
    fn take(&self, book: &mut Book, group: &mut Group, next: &mut Next, change: Change, answer: Answer) {
        let Change { command, terms, schema, expected } = change;
        let key_digest = terms.key.as_ref().map(keys::digest);
        if let (Some(key), Some(digest)) = (&terms.key, key_digest) {
            if let Some(known) = self.keys.lock().get(digest) {
                return answer.give(keys::repeated(&command, key, known));
            }
            if let Some((_, known)) = group.keys.iter().find(|(other, _)| *other == digest) {
                match keys::repeated(&command, key, known) {
                    Ok(outcome) => group.accepted.push((answer, outcome)),
                    Err(error) => answer.give(Err(error)),
                }
                return;
            }
        }
        // Asked before the change is logged and never again: a log has accepted changes only, and those of earlier
        // versions deleted audiences that were used.
        if let Some(Err(error)) = expected.map(|expected| next.settle().expect(expected)) {
            return answer.give(Err(error));
        }
        if let Command::DeleteAudience(id) = &command
            && let Err(error) = next.settle().check_unused(*id)
        {
            return answer.give(Err(error));
        }
        let payload = match loggable(book.log.as_ref(), terms.key.as_ref(), &command) {
            Ok(payload) => payload,
            Err(error) => return answer.give(Err(error)),
        };
        if let Err(error) = self.take_room(&command, payload.len()) {
            return answer.give(Err(error));
        }
        let outcome = match next.apply(command, schema.as_deref()) {
            Ok(outcome) => outcome,
            Err(error) => return answer.give(Err(error)),
        };
        if let Some(Err(error)) = book.log.as_mut().map(|log| log.append(kind::CHANGE, &payload)) {
            group.refused.get_or_insert(error);
        }
        group.is_durable |= terms.durability == Durability::Durable && book.log.is_some();
        if let (Some(key), Some(digest)) = (terms.key, key_digest) {
            group.keys.push((digest, Remembered { request: key.request, outcome: outcome.clone() }));
        }
        group.accepted.push((answer, outcome));
    }

    /// Writes what was appended, and makes it safe if asked to. What could not be written is taken back.
    pub(super) fn store(&self, book: &mut Book, sync: bool) -> Result<()> {
        let Some(log) = &mut book.log else { return Ok(()) };
        let before = log.bytes();
        let stored = log.write().and_then(|()| if sync { log.sync() } else { Ok(()) });
        if stored.is_err() {
            log.discard();
        }
        let written = log.bytes() - before;
        self.log_bytes.fetch_add(written, Ordering::Relaxed);
        if stored.is_ok() && written > 0 {
            *self.refusal.lock() = None;
        }
        self.note(log, &stored);
        stored
    }

    /// Tells readers what has become of the log, and of what was asked of it.
    pub(super) fn note(&self, log: &Log, asked: &Result<()>) {
        self.has_unsynced.store(!log.is_synced() && log.failed().is_none(), Ordering::Relaxed);
        if let Some(problem) = log.failed() {
            *self.failure.lock() = Some(problem.clone());
        } else if let Err(error) = asked {
            self.note_refusal(error);
        }
    }

    /// Tells readers that something could not be stored: the disk is full.
    pub(super) fn note_refusal(&self, error: &Error) {
        if let Error::Storage(problem) = error {
            *self.refusal.lock() = Some(problem.clone());
        }
    }
}

/// The bytes of a change for the log, if it can be logged.
pub(super) fn loggable(log: Option<&Log>, key: Option<&Key>, command: &Command) -> Result<Vec<u8>> {
    let Some(log) = log else { return Ok(Vec::new()) };
    // What has failed is asked first: nothing is worth encoding for it.
    log.check(0)?;
    let payload = encode_change(key, command);
    log.check(payload.len())?;
    Ok(payload)
}
