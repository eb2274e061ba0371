//! The SQLite file that holds tenants, keys, people, settings and the audit, and the picture of it that requests are checked
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
use tokio::sync::{Semaphore, watch};

use super::attempts::Attempts;
use super::notes::Notes;
use super::roster::Roster;
use crate::clock::Stopwatch;
use crate::limits::{ACCESS_BUSY_TIME_MAX, PASSWORDS_AT_ONCE, ROSTER_AGE_MAX};

/// The file's name in a data directory.
pub(super) const FILE: &str = "access.sqlite";

/// The form of the file that this program writes.
const FORMAT: i64 = 4;

/// What made each form out of the one before. Times are microseconds since 1970.
const FORMS: [&str; FORMAT as usize] = [TABLES, PEOPLE, REGIONS, SUBJECTS];

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

/// People. Whoever the first was: from then on the server is closed, also when all have gone.
const PEOPLE: &str = "
    CREATE TABLE people (
        tenant TEXT NOT NULL,
        name TEXT NOT NULL,
        role TEXT NOT NULL,
        created_us INTEGER NOT NULL,
        disabled_us INTEGER,
        signed_in_us INTEGER,
        password TEXT,
        invitation BLOB,
        invited_until_us INTEGER,
        PRIMARY KEY (tenant, name)
    ) STRICT, WITHOUT ROWID;
    CREATE TABLE sessions (
        digest BLOB PRIMARY KEY,
        tenant TEXT NOT NULL,
        person TEXT NOT NULL,
        created_us INTEGER NOT NULL,
        used_us INTEGER NOT NULL
    ) STRICT, WITHOUT ROWID;
    CREATE TABLE closed (is_closed INTEGER PRIMARY KEY) STRICT;
    CREATE TRIGGER people_close AFTER INSERT ON people BEGIN INSERT OR IGNORE INTO closed VALUES (1); END;
    ALTER TABLE audit ADD COLUMN person TEXT;
    ALTER TABLE audit ADD COLUMN item_version_before INTEGER;
    ALTER TABLE audit ADD COLUMN item_version_after INTEGER;
    PRAGMA user_version = 2;
";

/// Where tenants are at home, and how many events they may have.
const REGIONS: &str = "
    ALTER TABLE tenants ADD COLUMN events_max INTEGER;
    ALTER TABLE tenants ADD COLUMN currency TEXT;
    ALTER TABLE tenants ADD COLUMN time_zone TEXT;
    PRAGMA user_version = 3;
";

/// What an issuer of OpenID Connect calls people.
const SUBJECTS: &str = "
    ALTER TABLE people ADD COLUMN issuer TEXT;
    ALTER TABLE people ADD COLUMN subject TEXT;
    CREATE UNIQUE INDEX people_subject ON people (tenant, issuer, subject) WHERE subject IS NOT NULL;
    PRAGMA user_version = 4;
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
    /// Who has guessed wrong passwords.
    pub attempts: Attempts,
    /// Room for passwords that are tried.
    pub trials: Arc<Semaphore>,
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
        let missing = usize::try_from(format).ok().and_then(|form| FORMS.get(form..)).ok_or_else(|| {
            Error::Corrupt(format!("{FILE} has form {format}; this program reads {FORMAT}: use the one that wrote it"))
        })?;
        for form in missing {
            making.execute_batch(form).map_err(refused)?;
        }
        making.commit().map_err(refused)?;
        let roster = Roster::read(&connection).map_err(refused)?;
        let looked = Mutex::new((Stopwatch::start(), data_version(&connection)?));
        let connection = Arc::new(Mutex::new(connection));
        let notes = Notes::start(connection.clone())?;
        let changed = watch::Sender::default();
        let trials = Arc::new(Semaphore::new(PASSWORDS_AT_ONCE));
        Ok(Self {
            connection,
            roster: RwLock::new(Arc::new(roster)),
            looked,
            is_kept,
            notes,
            attempts: Attempts::default(),
            trials,
            changed,
        })
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

#[cfg(test)]
mod tests {
    use muster_engine::time::Timestamp;

    use super::super::{AuditQuestion, Role};
    use super::*;

    #[test]
    fn a_file_of_every_earlier_form_is_read_and_goes_on() {
        for form in 1..FORMS.len() {
            let connection = Connection::open_in_memory().expect("a file");
            FORMS[..form].iter().for_each(|form| connection.execute_batch(form).expect("a form"));
            let fill = "INSERT INTO keys (prefix, digest, tenant, role, name, created_us) \
                        VALUES ('0011', zeroblob(32), 'default', 'viewer', 'old', 7); \
                        INSERT INTO audit (at_us, tenant, method, route, target, status, request_id) \
                        VALUES (8, 'default', 'PUT', '/r', '/r', 200, 'x');";
            connection.execute_batch(fill).expect("some rows");
            let register = Register::with(connection, false).expect("it is read");
            let roster = register.roster();
            assert_eq!(roster.key("0011").map(|key| key.name.as_str()), Some("old"));
            let question = AuditQuestion { limit: 10, ..AuditQuestion::default() };
            assert_eq!(register.audit(&question).expect("entries").entries[0].person, None);
            register.create_person("default", "ann", Role::Viewer, Timestamp(9)).expect("it goes on");
            for change in ["DELETE FROM audit", "UPDATE audit SET status = 201"] {
                let changed = register.read(|connection| connection.execute(change, []));
                assert!(changed.is_err(), "what is in the audit stays as it is: {change}");
            }
        }
    }

    #[test]
    fn a_file_of_a_later_form_is_left_alone() {
        for form in [-1, FORMAT + 1] {
            let connection = Connection::open_in_memory().expect("a file");
            connection.pragma_update(None, "user_version", form).expect("a form");
            let refused = Register::with(connection, false).map(drop).expect_err("nobody knows what is in it");
            assert!(matches!(refused, Error::Corrupt(_)), "{refused:?}");
        }
    }

    #[test]
    fn so_many_passwords_are_tried_at_once() {
        let register = Register::in_memory().expect("a register");
        let try_one = || register.trials.clone().try_acquire_owned();
        let mut turns: Vec<_> = (0..PASSWORDS_AT_ONCE).map(|_| try_one().expect("room")).collect();
        assert!(try_one().is_err(), "one more waits");
        turns.pop();
        assert!(try_one().is_ok());
    }
}
