//! Who is told what, and how far: kept in one file, which is written anew as a whole.

use std::collections::{BTreeMap, VecDeque};
use std::fs::{self, File, OpenOptions};
use std::io::{self, Write};
use std::os::unix::fs::OpenOptionsExt;
use std::path::{Path, PathBuf};

use serde::{Deserialize, Serialize};

use crate::limits::WEBHOOK_ATTEMPTS_LISTED_MAX;

/// The file's name.
pub(crate) const FILE: &str = "webhooks.json";

/// Whom a receiver is told about.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) enum Segments {
    /// All segments, those to come included.
    All,
    /// These, by id.
    Some(Vec<u64>),
}

/// A subscription.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Webhook {
    pub(crate) id: u64,
    pub(crate) url: String,
    pub(crate) segments: Segments,
    pub(super) secret: String,
    /// Microseconds since 1970.
    pub(crate) created_us: i64,
    /// Why nothing is sent any more; none while all is well.
    pub(crate) disabled: Option<String>,
    /// The last entry that was taken.
    pub(crate) since: u64,
    /// What came of the last attempts, the oldest first.
    pub(crate) attempts: VecDeque<Attempt>,
}

/// One message, sent once.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Attempt {
    /// Microseconds since 1970.
    pub(crate) at_us: i64,
    pub(crate) message: String,
    /// What the receiver answered.
    pub(crate) status: Option<u16>,
    /// Why there was no answer, or why it does not count.
    pub(crate) error: Option<String>,
}

impl Webhook {
    pub(super) fn note(&mut self, attempt: Attempt) {
        self.attempts.push_back(attempt);
        while self.attempts.len() > WEBHOOK_ATTEMPTS_LISTED_MAX {
            self.attempts.pop_front();
        }
    }
}

/// All subscriptions.
#[derive(Debug, Default, Serialize, Deserialize)]
pub(super) struct Book {
    last_id: u64,
    pub(super) webhooks: BTreeMap<u64, Webhook>,
    /// The folder of the file; none where nothing is kept.
    #[serde(skip)]
    folder: Option<PathBuf>,
}

impl Book {
    /// What a data directory holds.
    ///
    /// # Errors
    /// When the system refuses, or the file is damaged.
    pub(super) fn open(folder: Option<&Path>) -> io::Result<Self> {
        let Some(folder) = folder else { return Ok(Self::default()) };
        let book = match fs::read(folder.join(FILE)) {
            Ok(bytes) => {
                serde_json::from_slice(&bytes).map_err(|error| io::Error::other(format!("{FILE}: {error}")))?
            }
            Err(error) if error.kind() == io::ErrorKind::NotFound => Self::default(),
            Err(error) => return Err(error),
        };
        Ok(Self { folder: Some(folder.to_owned()), ..book })
    }

    /// What another data directory holds, to be saved in this one.
    ///
    /// # Errors
    /// As [`Self::open`].
    pub(super) fn of_other(from: &Path, folder: &Path) -> io::Result<Self> {
        Ok(Self { folder: Some(folder.to_owned()), ..Self::open(Some(from))? })
    }

    /// Sets back how far all have come.
    pub(super) fn set_since(&mut self, since: u64) {
        self.webhooks.values_mut().for_each(|webhook| webhook.since = since);
    }

    pub(super) fn next_id(&mut self) -> u64 {
        self.last_id += 1;
        self.last_id
    }

    /// Writes the file; only its owner may read it.
    ///
    /// # Errors
    /// When the system refuses; then the file is as it was.
    pub(super) fn save(&self) -> io::Result<()> {
        let Some(folder) = &self.folder else { return Ok(()) };
        let fresh = folder.join(format!("{FILE}.tmp"));
        let mut file = OpenOptions::new().write(true).create(true).truncate(true).mode(0o600).open(&fresh)?;
        file.write_all(&serde_json::to_vec(self)?)?;
        file.sync_data()?;
        fs::rename(&fresh, folder.join(FILE))?;
        File::open(folder)?.sync_all()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_last_attempts_are_listed() {
        let url = "https://receiver.invalid".to_owned();
        let (id, segments, secret, attempts) = (1, Segments::All, String::new(), VecDeque::new());
        let mut webhook = Webhook { id, url, segments, secret, created_us: 0, disabled: None, since: 0, attempts };
        let mut note = |at_us| {
            webhook.note(Attempt { at_us, message: String::new(), status: Some(200), error: None });
            (webhook.attempts.front().map(|attempt| attempt.at_us), webhook.attempts.len())
        };
        let count = WEBHOOK_ATTEMPTS_LISTED_MAX as i64;
        let noted: Vec<_> = (0..=count).map(&mut note).collect();
        assert_eq!(noted[WEBHOOK_ATTEMPTS_LISTED_MAX - 1], (Some(0), WEBHOOK_ATTEMPTS_LISTED_MAX));
        assert_eq!(noted[WEBHOOK_ATTEMPTS_LISTED_MAX], (Some(1), WEBHOOK_ATTEMPTS_LISTED_MAX));
    }
}
