//! What every request leaves behind: an entry in the audit, and when its key or session was last used.
//!
//! Notes wait in a queue for one thread, which writes those of [`NOTES_PAUSE`] in one transaction, so that nobody waits for a
//! disk because of them, and the disk is left to the engine's log. After a power cut the notes of the last moments may be missing; a server that stops in order has
//! written all.

use std::collections::HashMap;
use std::sync::Arc;
use std::sync::atomic::Ordering;
use std::sync::mpsc::{self, Receiver, SyncSender, TrySendError};
use std::thread::JoinHandle;

use muster_engine::error::{Error, Result};
use muster_engine::time::Timestamp;
use parking_lot::Mutex;
use rusqlite::{Connection, params};

use super::audit::{self, AuditEntry};
use super::register::Register;
use super::secret;
use crate::clock::Stopwatch;
use crate::limits::{KEY_USED_PERIOD_US, NOTES_MAX, NOTES_PAUSE, SESSION_USED_PERIOD_US};

/// Something to write.
enum Note {
    Audit(Box<AuditEntry>),
    Used(String, Timestamp),
    SessionUsed([u8; 32], Timestamp),
    /// Somebody waits until everything before is written.
    Flush(SyncSender<()>),
}

/// The queue and its thread.
#[derive(Debug)]
pub(super) struct Notes {
    queue: Option<SyncSender<Note>>,
    thread: Option<JoinHandle<()>>,
    /// When the use of each key was noted last.
    used: Mutex<HashMap<String, Timestamp>>,
}

impl Notes {
    pub(super) fn start(connection: Arc<Mutex<Connection>>) -> Result<Self> {
        let (queue, waiting) = mpsc::sync_channel(NOTES_MAX);
        let thread = std::thread::Builder::new().name("notes".into()).spawn(move || write_all(&connection, &waiting));
        let thread = thread.map_err(|error| Error::Io(format!("the audit has no thread: {error}")))?;
        Ok(Self { queue: Some(queue), thread: Some(thread), used: Mutex::default() })
    }

    fn add(&self, note: Note) {
        let Some(queue) = &self.queue else { return };
        // A queue that is full holds up whoever changes something: nothing goes unnoted.
        if let Err(TrySendError::Full(note)) = queue.try_send(note) {
            let send = || queue.send(note).is_ok();
            let sent = match tokio::runtime::Handle::try_current().map(|handle| handle.runtime_flavor()) {
                Ok(tokio::runtime::RuntimeFlavor::MultiThread) => tokio::task::block_in_place(send),
                _ => send(),
            };
            if !sent {
                tracing::error!("the audit's thread has ended; see above");
            }
        }
    }
}

impl Drop for Notes {
    fn drop(&mut self) {
        drop(self.queue.take());
        if self.thread.take().is_some_and(|thread| thread.join().is_err()) {
            tracing::error!("the audit's thread ended early; see above");
        }
    }
}

impl Register {
    /// Notes what somebody did.
    pub fn note(&self, entry: AuditEntry) {
        self.notes.add(Note::Audit(Box::new(entry)));
    }

    /// Notes that a key was used, once a minute.
    pub fn note_use(&self, key: &str, now: Timestamp) {
        let mut used = self.notes.used.lock();
        match used.get_mut(key) {
            Some(last) if now.0 - last.0 < KEY_USED_PERIOD_US => return,
            Some(last) => *last = now,
            None => drop(used.insert(key.to_owned(), now)),
        }
        drop(used);
        self.notes.add(Note::Used(key.to_owned(), now));
    }

    /// Notes that a session was used: for its end at once, for the file once a minute.
    pub fn note_session_use(&self, token: &str, now: Timestamp) {
        let Some(digest) = secret::token_digest(token) else { return };
        let roster = self.roster();
        let Some(session) = roster.sessions.get(&digest) else { return };
        let before = session.used.fetch_max(now.0, Ordering::Relaxed);
        if before / SESSION_USED_PERIOD_US != now.0 / SESSION_USED_PERIOD_US {
            self.notes.add(Note::SessionUsed(digest, now));
        }
    }

    /// Waits until everything noted so far is written.
    pub fn flush_notes(&self) {
        let (written, waiting) = mpsc::sync_channel(1);
        self.notes.add(Note::Flush(written));
        // An error means that the thread has ended, which the log says.
        let _ = waiting.recv();
    }
}

fn write_all(connection: &Mutex<Connection>, waiting: &Receiver<Note>) {
    while let Ok(first) = waiting.recv() {
        let notes = gather(first, waiting);
        if let Err(error) = write(&mut connection.lock(), &notes) {
            tracing::error!(%error, notes = notes.len(), "who did what could not be written down");
        }
        for note in notes {
            if let Note::Flush(written) = note {
                // Whoever waited has gone.
                let _ = written.send(());
            }
        }
    }
}

/// The notes of some time, or those before somebody who waits.
fn gather(first: Note, waiting: &Receiver<Note>) -> Vec<Note> {
    let (mut notes, watch) = (vec![first], Stopwatch::start());
    while notes.len() < NOTES_MAX && !matches!(notes.last(), Some(Note::Flush(_))) {
        match waiting.recv_timeout(NOTES_PAUSE.saturating_sub(watch.elapsed())) {
            Ok(note) => notes.push(note),
            Err(_) => break,
        }
    }
    notes
}

fn write(connection: &mut Connection, notes: &[Note]) -> rusqlite::Result<()> {
    let writing = connection.transaction()?;
    for note in notes {
        match note {
            Note::Audit(entry) => audit::append(&writing, entry)?,
            Note::Used(key, at) => {
                let update = "UPDATE keys SET used_us = ?2 WHERE prefix = ?1";
                writing.prepare_cached(update)?.execute(params![key, at.0])?;
            }
            Note::SessionUsed(digest, at) => {
                let update = "UPDATE sessions SET used_us = max(used_us, ?2) WHERE digest = ?1";
                writing.prepare_cached(update)?.execute(params![digest, at.0])?;
            }
            Note::Flush(_) => {}
        }
    }
    writing.commit()
}
