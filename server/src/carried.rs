//! What a backup carries that the engine knows nothing of: the feed of who enters and leaves, and who is sent it.
//!
//! The feed is written as it was when the backup began; if a checkpoint was taken in that very moment, the feed of a restored
//! server begins anew. Readers and receivers have heard more of the original than a restored server knows of, and that is not
//! undone: the numbers of its entries are others, so readers are told that theirs is gone (410), and receivers are sent
//! `segment.gone`. Both then read the members anew.

use std::fs::File;
use std::path::Path;
use std::sync::Arc;

use muster_engine::error::{Error, Result};
use muster_engine::feed::{Feed, Kept};
use muster_engine::store::{Directory, LogSizes};

use crate::feed::FOLDER;
use crate::webhooks;

/// Bytes of a segment of the feed's log in a backup: it holds no room for what follows.
const SEGMENT_BYTES: u64 = 64 << 10;

/// Whether a file of a backup is one of these; `is_log` tells segments of logs.
pub(crate) fn is_name(name: &str, is_log: impl Fn(&str) -> bool) -> bool {
    let in_folder = name.strip_prefix(FOLDER).and_then(|rest| rest.strip_prefix('/'));
    name == webhooks::FILE || in_folder.is_some_and(is_log)
}

/// Writes a feed, and the subscriptions of a data directory, into the directory of a backup; returns the names of the files.
///
/// # Errors
/// `Io` when the system refuses.
pub(crate) fn write(feed: &Feed, data: &Path, into: &Path, lock: &str) -> Result<Vec<String>> {
    let refused = |error: std::io::Error| Error::Io(format!("{}: {error}", into.display()));
    let mut names = Vec::new();
    let folder = into.join(FOLDER);
    let sizes = LogSizes { segment: SEGMENT_BYTES, ..LogSizes::default() };
    Kept::copy(feed, Arc::new(Directory::open(&folder, "a backup")?), sizes)?;
    std::fs::remove_file(folder.join(lock)).map_err(refused)?;
    for entry in std::fs::read_dir(&folder).map_err(refused)? {
        let name = entry.map_err(refused)?.file_name();
        names.push(format!("{FOLDER}/{}", name.to_string_lossy()));
    }
    // A number that is set aside: whoever names it is told that what follows is gone.
    if webhooks::copy(data, into, feed.next_seq).map_err(refused)? {
        names.push(webhooks::FILE.to_owned());
    }
    Ok(names)
}

/// Makes the folder that a file of a backup is to be copied to.
///
/// # Errors
/// `Io` when the system refuses.
pub(crate) fn make_folder(into: &Path) -> std::io::Result<()> {
    std::fs::create_dir_all(into.join(FOLDER))
}

/// Makes the names in that folder safe.
///
/// # Errors
/// When the system refuses.
pub(crate) fn sync_folder(into: &Path) -> std::io::Result<()> {
    File::open(into.join(FOLDER))?.sync_all()
}
