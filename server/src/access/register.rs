//! The SQLite file that holds tenants, keys, settings and the audit, and the picture of it that requests are checked
//! against.
//!
//! Requests read a picture in memory. It is made anew at once when this process changes the file, and within
//! [`ROSTER_AGE_MAX`] when another one does (the command line, while the server runs). Whatever is written for every
//! request goes through `notes`, a queue.

use std::path::Path;
use std::sync::Arc;
use std::time::Duration;

use muster_engine::error::{Error, Problem, Result};
use parking_lot::{Mutex, RwLock};
use rusqlite::{Connection, Transaction, TransactionBehavior};
use tokio::sync::watch;

use super::notes::Notes;
use super::roster::Roster;
use crate::clock::Stopwatch;
use crate::limits::{ACCESS_BUSY_TIME_MAX, ROSTER_AGE_MAX};

/// The file's name in a data directory.
pub(super) const FILE: &str = "access.sqlite";

/// The form of the file that this program writes.
const FORMAT: i64 = 1;

/// What a new file holds. Times are microseconds since 1970.
const TABLES: &str = "
    CREATE TABLE tenants (
        id TEXT PRIMARY KEY,
        created_us INTEGER NOT NULL,
        suspended_us INTEGER,
        profiles_max INTEGER,
        segments_max INTEGER,
        bytes_max INTEGER,
        requests_per_second INTEGER
    ) STRICT;
    CREATE TABLE deletions (
        receipt INTEGER PRIMARY KEY AUTOINCREMENT,
        tenant TEXT NOT NULL,
        asked_us INTEGER NOT NULL,
        done_us INTEGER
    ) STRICT;
    CREATE TABLE keys (
        prefix TEXT PRIMARY KEY,
        digest BLOB NOT NULL,
        tenant TEXT NOT NULL,
        role TEXT NOT NULL,
        name TEXT NOT NULL,
        created_us INTEGER NOT NULL,
        expires_us INTEGER,
        revoked_us INTEGER,
        used_us INTEGER,
        requests_per_second INTEGER,
        replaces TEXT
    ) STRICT;
    CREATE TABLE personal_fields (
        tenant TEXT NOT NULL,
        field TEXT NOT NULL,
        PRIMARY KEY (tenant, field)
    ) STRICT, WITHOUT ROWID;
    CREATE TABLE audit (
        seq INTEGER PRIMARY KEY AUTOINCREMENT,
        at_us INTEGER NOT NULL,
        tenant TEXT NOT NULL,
        key TEXT,
        role TEXT,
        method TEXT NOT NULL,
        route TEXT NOT NULL,
        target TEXT NOT NULL,
        version_before INTEGER,
        version_after INTEGER,
        address TEXT,
        status INTEGER NOT NULL,
        request_id TEXT NOT NULL
    ) STRICT;
    CREATE INDEX audit_of_tenant ON audit (tenant, seq);
    CREATE TRIGGER audit_is_not_changed BEFORE UPDATE ON audit BEGIN SELECT RAISE(ABORT, 'the audit is append-only'); END;
    CREATE TRIGGER audit_is_not_shortened BEFORE DELETE ON audit BEGIN SELECT RAISE(ABORT, 'the audit is append-only'); END;
    PRAGMA user_version = 1;
";

/// The open file.
#[derive(Debug)]
pub struct Register {
    connection: Arc<Mutex<Connection>>,
    roster: RwLock<Arc<Roster>>,
    /// When the file was last looked at, and SQLite's number of what others have written to it.
    looked: Mutex<(Stopwatch, i64)>,
    is_kept: bool,
    pub(super) notes: Notes,
    /// Told after every change of tenants.
    pub(super) changed: watch::Sender<()>,
}

impl Register {
    /// The file of a data directory, made if there is none.
    ///
    /// # Errors
    /// `Io` when SQLite refuses, `Corrupt` when the file is of another program or a later version.
    pub fn open(data: &Path) -> Result<Self> {
        let path = data.join(FILE);
        let refused = |error: rusqlite::Error| Error::Io(format!("{}: {error}", path.display()));
        std::fs::create_dir_all(data).map_err(|error| Error::Io(format!("{}: {error}", data.display())))?;
        let connection = Connection::open(&path).map_err(refused)?;
        private(&path)?;
        // Others may write between two statements; what was answered survives a power cut.
        connection.pragma_update(None, "journal_mode", "WAL").map_err(refused)?;
        connection.pragma_update(None, "synchronous", "FULL").map_err(refused)?;
        Self::with(connection, true)
    }

    /// The file of a data directory, if there is one.
    ///
    /// # Errors
    /// As [`Self::open`].
    pub fn open_known(data: &Path) -> Result<Option<Self>> {
        Self::is_in(data).then(|| Self::open(data)).transpose()
    }

    /// Whether a directory has the file.
    pub fn is_in(data: &Path) -> bool {
        data.join(FILE).is_file()
    }

    /// One that is gone with the process.
    ///
    /// # Errors
    /// `Io` when SQLite refuses.
    pub fn in_memory() -> Result<Self> {
        Self::with(Connection::open_in_memory().map_err(refused)?, false)
    }

    fn with(mut connection: Connection, is_kept: bool) -> Result<Self> {
        connection.busy_timeout(ACCESS_BUSY_TIME_MAX).map_err(refused)?;
        let making = connection.transaction_with_behavior(TransactionBehavior::Immediate).map_err(refused)?;
        let format: i64 = making.pragma_query_value(None, "user_version", |row| row.get(0)).map_err(refused)?;
        match format {
            0 => making.execute_batch(TABLES).map_err(refused)?,
            FORMAT => {}
            other => {
                let message =
                    format!("{FILE} has form {other}; this program reads {FORMAT}: use the one that wrote it");
                return Err(Error::Corrupt(message));
            }
        }
        making.commit().map_err(refused)?;
        let roster = Roster::read(&connection).map_err(refused)?;
        let looked = Mutex::new((Stopwatch::start(), data_version(&connection)?));
        let connection = Arc::new(Mutex::new(connection));
        let notes = Notes::start(connection.clone())?;
        let changed = watch::Sender::default();
        Ok(Self { connection, roster: RwLock::new(Arc::new(roster)), looked, is_kept, notes, changed })
    }

    /// Tenants, keys and settings as they are.
    pub fn roster(&self) -> Arc<Roster> {
        self.look_again(ROSTER_AGE_MAX);
        self.roster.read().clone()
    }

    /// Whether it outlives the process.
    pub fn is_kept(&self) -> bool {
        self.is_kept
    }

    /// Hears when tenants change.
    pub fn changes(&self) -> watch::Receiver<()> {
        self.changed.subscribe()
    }

    /// Reads the file again if somebody else has written to it, and it was not looked at for a while.
    fn look_again(&self, after: Duration) {
        // Whoever comes while somebody looks takes what is there.
        let Some(mut looked) = self.looked.try_lock().filter(|looked| looked.0.elapsed() >= after) else { return };
        looked.0 = Stopwatch::start();
        let connection = self.connection.lock();
        let Ok(version) = data_version(&connection) else { return };
        if version == looked.1 {
            return;
        }
        match Roster::read(&connection) {
            Ok(roster) => {
                looked.1 = version;
                *self.roster.write() = Arc::new(roster);
                self.changed.send_replace(());
            }
            Err(error) => tracing::error!(%error, "tenants and keys could not be read again"),
        }
    }

    /// Reads.
    pub(super) fn read<T>(&self, read: impl FnOnce(&Connection) -> rusqlite::Result<T>) -> Result<T> {
        read(&self.connection.lock()).map_err(refused)
    }

    /// Changes something, all of it or nothing; what requests are checked against is up to date when this returns.
    pub(super) fn change<T>(&self, change: impl FnOnce(&Transaction<'_>) -> Result<T>) -> Result<T> {
        let mut connection = self.connection.lock();
        let changing = connection.transaction_with_behavior(TransactionBehavior::Immediate).map_err(refused)?;
        let done = change(&changing)?;
        changing.commit().map_err(refused)?;
        let roster = Roster::read(&connection).map_err(refused)?;
        *self.roster.write() = Arc::new(roster);
        drop(connection);
        self.changed.send_replace(());
        Ok(done)
    }
}

/// What SQLite says, as an error of ours: a full disk may be tried again, anything else is for the log.
pub(super) fn refused(error: rusqlite::Error) -> Error {
    match error.sqlite_error_code() {
        Some(rusqlite::ErrorCode::DiskFull) => Error::Storage(Problem::new(
            "",
            "disk_full",
            "the disk is full; nothing was changed, make room and send it again",
        )),
        Some(rusqlite::ErrorCode::DatabaseBusy | rusqlite::ErrorCode::DatabaseLocked) => Error::Storage(Problem::new(
            "",
            "access_busy",
            "another process is changing tenants and keys; nothing was changed, send it again",
        )),
        _ => Error::Io(format!("{FILE}: {error}")),
    }
}

/// A number that grows whenever another connection has written.
fn data_version(connection: &Connection) -> Result<i64> {
    connection.pragma_query_value(None, "data_version", |row| row.get(0)).map_err(refused)
}

/// Only its owner may read the file.
fn private(path: &Path) -> Result<()> {
    use std::os::unix::fs::PermissionsExt;
    let set = std::fs::set_permissions(path, std::fs::Permissions::from_mode(0o600));
    set.map_err(|error| Error::Io(format!("{}: {error}", path.display())))
}
