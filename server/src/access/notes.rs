//! What every request leaves behind: an entry in the audit, and when its key or session was last used.
//!
//! Notes wait in a queue for one thread, which writes those of [`NOTES_PAUSE`] in one transaction, so that nobody waits for a
//! disk because of them, and the disk is left to the engine's log. What could not be written is kept and tried again, and
//! nothing more is changed until it is there: see [`Register::check_notes`]. After a power cut the notes of the last moments
//! may be missing; a server that stops in order has written all, into its log at worst.

use std::collections::HashMap;
use std::sync::Arc;
use std::sync::atomic::Ordering;
use std::sync::mpsc::{self, Receiver, RecvTimeoutError, SyncSender, TrySendError};
use std::thread::JoinHandle;

use muster_engine::error::{Error, Problem, Result};
use muster_engine::time::Timestamp;
use parking_lot::Mutex;
use rusqlite::{Connection, params};

use super::audit::{self, AuditEntry};
use super::register::{Register, refused};
use super::secret;
use crate::clock::Stopwatch;
use crate::limits::{KEY_USED_PERIOD_US, NOTES_MAX, NOTES_PAUSE, NOTES_RETRY_PERIOD, SESSION_USED_PERIOD_US};

/// Something to write.
enum Note {
    Audit(Box<AuditEntry>),
    Used(String, Timestamp),
    SessionUsed([u8; 32], Timestamp),
    /// Somebody waits until everything before is written, or that has failed.
    Flush(SyncSender<()>),
}

/// The queue and its thread.
#[derive(Debug)]
pub(super) struct Notes {
    queue: Option<SyncSender<Note>>,
    thread: Option<JoinHandle<()>>,
    /// When the use of each key was noted last.
    used: Mutex<HashMap<String, Timestamp>>,
    hindrance: Hindrance,
}

/// Why notes could not be written when that was tried last; nothing when they were.
type Hindrance = Arc<Mutex<Option<Problem>>>;

impl Notes {
    pub(super) fn start(connection: Arc<Mutex<Connection>>) -> Result<Self> {
        let (queue, waiting) = mpsc::sync_channel(NOTES_MAX);
        let hindrance = Hindrance::default();
        let own = hindrance.clone();
        let write = move || write_all(&connection, &waiting, &own);
        let thread = std::thread::Builder::new().name("notes".into()).spawn(write);
        let thread = thread.map_err(|error| Error::Io(format!("the audit has no thread: {error}")))?;
        Ok(Self { queue: Some(queue), thread: Some(thread), used: Mutex::default(), hindrance })
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

    /// Waits until everything noted so far is written, or that has failed.
    pub fn flush_notes(&self) {
        let (written, waiting) = mpsc::sync_channel(1);
        self.notes.add(Note::Flush(written));
        // An error means that the thread has ended, which the log says.
        let _ = waiting.recv();
    }

    /// Whether notes could not be written when that was tried last.
    pub fn is_hindered(&self) -> bool {
        self.notes.hindrance.lock().is_some()
    }

    /// Tries to write what waits, and says whether somebody may change something now: who does is written down.
    ///
    /// # Errors
    /// `Storage` when it cannot be.
    pub fn check_notes(&self) -> Result<()> {
        self.flush_notes();
        self.notes.hindrance.lock().clone().map_or(Ok(()), |problem| Err(Error::Storage(problem)))
    }
}

fn write_all(connection: &Mutex<Connection>, waiting: &Receiver<Note>, hindrance: &Mutex<Option<Problem>>) {
    let mut notes = Vec::new();
    while gather(&mut notes, waiting) {
        try_to_write(connection, &mut notes, hindrance);
    }
    if !notes.is_empty() {
        try_to_write(connection, &mut notes, hindrance);
        notes.into_iter().for_each(into_log);
    }
}

/// Writes notes; those that could not be written stay.
fn try_to_write(connection: &Mutex<Connection>, notes: &mut Vec<Note>, hindrance: &Mutex<Option<Problem>>) {
    let written = write(&mut connection.lock(), notes);
    let (flushes, others): (Vec<Note>, Vec<Note>) =
        std::mem::take(notes).into_iter().partition(|note| matches!(note, Note::Flush(_)));
    let was_hindered = hindrance.lock().is_some();
    match &written {
        Ok(()) if was_hindered => tracing::info!("who does what is written down again"),
        Err(error) if !was_hindered => {
            tracing::error!(%error, "who does what cannot be written down; nothing is changed until it can");
        }
        _ => {}
    }
    if written.is_err() {
        *notes = others;
        // Only attempts to sign in come while nothing may be changed.
        notes.drain(NOTES_MAX.min(notes.len())..).for_each(into_log);
    }
    *hindrance.lock() = written.err().map(hindering);
    for flush in flushes {
        if let Note::Flush(written) = flush {
            // Whoever waited has gone.
            let _ = written.send(());
        }
    }
}

/// What is said to those who may not change anything meanwhile.
fn hindering(error: rusqlite::Error) -> Problem {
    match refused(error) {
        Error::Storage(problem) => problem,
        _ => {
            let message = "who does what cannot be written down, so nothing was changed; the server's log says why";
            Problem::new("", "audit_unwritten", message)
        }
    }
}

/// Where the audit has no room for it.
fn into_log(note: Note) {
    if let Note::Audit(entry) = note {
        tracing::error!(?entry, "this could not be written into the audit");
    }
}

/// Adds the notes of some time, or those before somebody who waits; says whether there may be more. Where some could not be
/// written they are tried again after a while.
fn gather(notes: &mut Vec<Note>, waiting: &Receiver<Note>) -> bool {
    let first = match notes.is_empty() {
        true => waiting.recv().map_err(RecvTimeoutError::from),
        false => waiting.recv_timeout(NOTES_RETRY_PERIOD),
    };
    match first {
        Ok(first) => notes.push(first),
        Err(RecvTimeoutError::Timeout) => return true,
        Err(RecvTimeoutError::Disconnected) => return false,
    }
    let watch = Stopwatch::start();
    while notes.len() < NOTES_MAX && !matches!(notes.last(), Some(Note::Flush(_))) {
        match waiting.recv_timeout(NOTES_PAUSE.saturating_sub(watch.elapsed())) {
            Ok(note) => notes.push(note),
            Err(_) => break,
        }
    }
    true
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

#[cfg(test)]
mod tests {
    use super::super::AuditQuestion;
    use super::*;

    fn entry(request: usize) -> AuditEntry {
        AuditEntry {
            seq: 0,
            at: Timestamp(7),
            tenant: "default".into(),
            key: None,
            person: None,
            role: None,
            method: "PUT".into(),
            route: "/r".into(),
            target: "x".repeat(1_000),
            version_before: None,
            version_after: None,
            item_version_before: None,
            item_version_after: None,
            address: None,
            status: 200,
            request_id: request.to_string(),
        }
    }

    /// A file of at most so many pages; SQLite says that its disk is full when there are to be more.
    fn of_pages(register: &Register, most: i64) {
        let set = |connection: &Connection| connection.pragma_update(None, "max_page_count", most);
        // It answers with what it was set to.
        let _ = register.read(set);
    }

    fn noted(register: &Register) -> Vec<String> {
        let question = AuditQuestion { limit: 2 * NOTES_MAX, ..AuditQuestion::default() };
        let page = register.audit(&question).expect("reading goes on");
        page.entries.into_iter().map(|entry| entry.request_id).collect()
    }

    #[test]
    fn what_has_no_room_is_kept_and_written_in_its_order_when_there_is() {
        let register = Register::in_memory().expect("a file");
        register.note(entry(0));
        assert_eq!(noted(&register), ["0"]);
        of_pages(&register, 1);
        (1..=20).for_each(|request| register.note(entry(request)));
        register.flush_notes();
        for _ in 0..2 {
            let refused = register.check_notes().expect_err("there is no room");
            assert!(matches!(&refused, Error::Storage(problem) if problem.code == "disk_full"), "{refused:?}");
        }
        assert!(noted(&register).len() < 20, "what is there can be read");
        of_pages(&register, 1 << 20);
        assert_eq!(register.check_notes(), Ok(()), "it is tried again at once");
        register.note(entry(21));
        assert!(noted(&register).into_iter().eq((0..=21).map(|request| request.to_string())));
    }

    #[test]
    fn so_many_are_kept_and_no_more() {
        let register = Register::in_memory().expect("a file");
        of_pages(&register, 1);
        (0..NOTES_MAX + 99).for_each(|request| register.note(entry(request)));
        // Some may have come before the first that had no room.
        let before = noted(&register).len();
        assert!(before < 99, "{before}");
        of_pages(&register, 1 << 20);
        assert_eq!(register.check_notes(), Ok(()));
        let after = noted(&register);
        assert_eq!(after.len(), before + NOTES_MAX);
        assert!(after.into_iter().eq((0..before + NOTES_MAX).map(|request| request.to_string())));
    }
}
