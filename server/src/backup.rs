//! Backups of a data directory, made while it is written to, and the way back.
//!
//! A place for backups holds one directory for each, named by the last record of the log in it. Each is whole in itself:
//! the files of a data directory, and one named `backup` that lists them with lengths and checksums. It is made under
//! another name and renamed, so it is there whole or not at all; a restore is made in the same way.
//!
//! Files of checkpoints never change: on one file system they get a second name instead of a copy, so does what an
//! earlier backup in the same place has already. Every file is read back and compared with its checksum either way.
//!
//! Who was erased is in the backups that were made before.

use std::fs::{self, File};
use std::io::{self, ErrorKind, Read, Write};
use std::path::{Path, PathBuf};

use muster_engine::error::{Error, Problem, Result};
use muster_engine::feed::Feed;
use muster_engine::store::checkpoint::{FileId, check_newest};
use muster_engine::store::{Directory, LogSizes, read_log};
use muster_engine::tenant::{Held, HeldFile, Tenant};
use muster_engine::time::Timestamp;
use serde::{Deserialize, Serialize};

use crate::carried;
use crate::limits::COPY_BYTES;

/// The file that lists the others; a directory without it is no backup.
const LIST: &str = "backup";

/// The first line of that file.
const FORMAT: &str = "muster backup 1";

/// What names of backups begin with; the number of a record follows.
const PREFIX: &str = "backup-";

/// What the name of a directory that is not whole yet ends with.
const UNFINISHED: &str = ".unfinished";

/// The lock of a directory ([`Directory`]), which is no part of what it holds.
const LOCK: &str = "lock";

/// What a backup holds.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Contents {
    /// The last record of the log.
    pub lsn: u64,
    /// The version of the data.
    pub data_version: u64,
    /// Profiles.
    pub profiles: u64,
    /// When it was begun.
    pub made_at: String,
    /// All files.
    files: Vec<Entry>,
}

/// One file of a backup.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct Entry {
    name: String,
    bytes: u64,
    crc32c: u32,
}

/// What a backup or a restore did.
#[derive(Debug, Clone, Serialize)]
pub struct BackupReport {
    /// The directory that holds it now.
    pub directory: PathBuf,
    /// The last record of the log in it.
    pub lsn: u64,
    /// The version of the data in it.
    pub data_version: u64,
    /// Profiles in it.
    pub profiles: u64,
    /// When the backup was begun.
    pub made_at: String,
    /// Its files.
    pub files: u64,
    /// Their bytes.
    pub bytes: u64,
    /// Bytes of it that were written now; the others were there.
    pub bytes_copied: u64,
}

/// Told how many bytes of how many are done.
pub type Progress<'p> = &'p mut dyn FnMut(u64, u64);

impl Contents {
    fn report(self, directory: PathBuf, bytes_copied: u64) -> BackupReport {
        let Self { lsn, data_version, profiles, made_at, files } = self;
        let bytes = files.iter().map(|file| file.bytes).sum();
        let files = files.len() as u64;
        BackupReport { directory, lsn, data_version, profiles, made_at, files, bytes, bytes_copied }
    }

    fn bytes(&self) -> u64 {
        self.files.iter().map(|file| file.bytes).sum()
    }

    fn write(&self, directory: &Path) -> Result<()> {
        let path = directory.join(LIST);
        let json = serde_json::to_string(self).map_err(|error| Error::Io(error.to_string()))?;
        let text = format!("{FORMAT}\n{json}\n{:08x}\n", crc32c::crc32c(json.as_bytes()));
        let write = || {
            let mut file = File::create_new(&path)?;
            file.write_all(text.as_bytes())?;
            file.sync_all()
        };
        write().map_err(|error| refused(&path, &error))
    }

    /// What a directory lists; `None` where there is no list.
    fn read(directory: &Path) -> Result<Option<Self>> {
        let path = directory.join(LIST);
        let text = match fs::read_to_string(&path) {
            Err(error) if error.kind() == ErrorKind::NotFound => return Ok(None),
            text => text.map_err(|error| refused(&path, &error))?,
        };
        let damaged = |why: &str| Error::Corrupt(format!("{} is damaged: {why}; take another backup", path.display()));
        let lines: Vec<&str> = text.lines().collect();
        let [FORMAT, json, sum] = lines[..] else { return Err(damaged("it is not the list of a backup")) };
        if sum != format!("{:08x}", crc32c::crc32c(json.as_bytes())) {
            return Err(damaged("its checksum is another"));
        }
        let contents: Self = serde_json::from_str(json).map_err(|error| damaged(&error.to_string()))?;
        // A name leads nowhere but into the directory.
        let is_ours = |name: &str| FileId::named(name).is_some() || is_log(name) || carried::is_name(name, is_log);
        match contents.files.iter().find(|file| !is_ours(&file.name)) {
            Some(other) => Err(damaged(&format!("\"{}\" is no file of a data directory", other.name))),
            None => Ok(Some(contents)),
        }
    }
}

fn is_log(name: &str) -> bool {
    name.strip_suffix(".log").is_some_and(|stem| stem.len() == 20 && stem.bytes().all(|byte| byte.is_ascii_digit()))
}

fn refused(path: &Path, error: &io::Error) -> Error {
    Error::Io(format!("{}: {error}", path.display()))
}

/// Makes a backup of what a tenant keeps in `data`, and of its feed as it was just before, in a place for backups; one of the same record that is there already
/// is checked instead. Others read and write meanwhile; everything that was acknowledged before is in it.
///
/// # Errors
/// `Conflict` when nothing is kept, `Storage` when somebody makes a backup there or it is a data directory in use,
/// `Corrupt` when a file is not what was written, naming it; `Io` when the system refuses. There is no backup then.
pub fn back_up(
    tenant: &Tenant,
    feed: &Feed,
    data: &Path,
    place: &Path,
    now: Timestamp,
    progress: Progress<'_>,
) -> Result<BackupReport> {
    let _lock = Directory::open(place, &format!("a backup, process {}", std::process::id()))?;
    // One that is damaged helps nobody; a new one is whole without it.
    let before = newest(place).unwrap_or_default();
    remove_unfinished(place)?;
    let Some(held) = tenant.hold_files()? else {
        let message = "nothing is kept on disk; start the server with --data DIR";
        return Err(Error::Conflict(Problem::new("", "not_kept", message)));
    };
    let directory = place.join(format!("{PREFIX}{:020}", held.lsn));
    if let Some(contents) = Contents::read(&directory)? {
        check(&directory, &contents, progress)?;
        return Ok(contents.report(directory, 0));
    }
    let unfinished = with_ending(&directory);
    fs::create_dir(&unfinished).map_err(|error| refused(&unfinished, &error))?;
    let made = fill(&held, feed, data, &unfinished, before.as_ref(), now, progress).and_then(|made| {
        check_store(&unfinished, held.lsn)?;
        finish(&unfinished, &directory)?;
        Ok(made)
    });
    let (contents, copied) = made.inspect_err(|_| {
        // What stays is removed the next time.
        let _ = fs::remove_dir_all(&unfinished);
    })?;
    Ok(contents.report(directory, copied))
}

/// Puts all files into the directory of a new backup; says what they are and how many bytes were copied.
fn fill(
    held: &Held<'_>,
    feed: &Feed,
    data: &Path,
    into: &Path,
    before: Option<&(PathBuf, Contents)>,
    now: Timestamp,
    progress: Progress<'_>,
) -> Result<(Contents, u64)> {
    let mut carried = Vec::new();
    for name in carried::write(feed, data, into, LOCK)? {
        let path = into.join(&name);
        carried.push((name, path.metadata().map_err(|error| refused(&path, &error))?.len()));
    }
    let carried_bytes: u64 = carried.iter().map(|(_, bytes)| bytes).sum();
    let total = held.files.iter().map(|file| file.bytes).sum::<u64>() + carried_bytes;
    let (mut done, mut copied, mut files) = (0, carried_bytes, Vec::new());
    for HeldFile { name, bytes, is_final } in &held.files {
        let (source, target) = (data.join(name), into.join(name));
        let step = &mut |bytes| progress(done + bytes, total);
        let linked = *is_final && fs::hard_link(&source, &target).is_ok();
        let crc32c = if linked { checksum(&target, *bytes, step)? } else { checksum(&source, *bytes, step)? };
        let earlier = before
            .filter(|(_, contents)| contents.files.contains(&Entry { name: name.clone(), bytes: *bytes, crc32c }));
        let is_there =
            linked || earlier.is_some_and(|(directory, _)| fs::hard_link(directory.join(name), &target).is_ok());
        if !is_there {
            copy(&source, &target, *bytes)?;
            copied += bytes;
        }
        if !linked && checksum(&target, *bytes, &mut |_| ())? != crc32c {
            return Err(differs(&target));
        }
        done += bytes;
        files.push(Entry { name: name.clone(), bytes: *bytes, crc32c });
    }
    for (name, bytes) in carried {
        let crc32c = checksum(&into.join(&name), bytes, &mut |bytes| progress(done + bytes, total))?;
        done += bytes;
        files.push(Entry { name, bytes, crc32c });
    }
    let contents = Contents {
        lsn: held.lsn,
        data_version: held.state.version,
        profiles: held.state.view.live().len(),
        made_at: now.to_string(),
        files,
    };
    contents.write(into)?;
    Ok((contents, copied))
}

/// Brings a backup back as a data directory, which must be empty or not there; of a place with several, the newest.
///
/// # Errors
/// `Conflict` when something is in the data directory, `NotFound` when there is no backup, `Corrupt` when a file of it
/// is not what was written, naming it; `Io` when the system refuses. The data directory is as before then.
pub fn restore(from: &Path, data: &Path, progress: Progress<'_>) -> Result<BackupReport> {
    let is_empty = match fs::read_dir(data) {
        Ok(mut entries) => entries.next().is_none(),
        Err(error) if error.kind() == ErrorKind::NotFound => true,
        Err(error) => return Err(refused(data, &error)),
    };
    if !is_empty {
        let message = format!("{} is not empty; name a directory that is, or is not there yet", data.display());
        return Err(Error::Conflict(Problem::new("", "directory_not_empty", message)));
    }
    let (source, contents) = match Contents::read(from)? {
        Some(contents) => (from.to_owned(), contents),
        None => {
            newest(from)?.ok_or_else(|| Error::NotFound(format!("there is no whole backup in {}", from.display())))?
        }
    };
    let unfinished = with_ending(data);
    if unfinished.exists() {
        fs::remove_dir_all(&unfinished).map_err(|error| refused(&unfinished, &error))?;
    }
    fs::create_dir_all(&unfinished).map_err(|error| refused(&unfinished, &error))?;
    let restored = bring_back(&source, &contents, &unfinished, progress).and_then(|()| finish(&unfinished, data));
    restored.inspect_err(|_| {
        // What stays is removed the next time.
        let _ = fs::remove_dir_all(&unfinished);
    })?;
    let bytes = contents.bytes();
    Ok(contents.report(data.to_owned(), bytes))
}

/// Copies a backup's files, and reads them as a start would.
fn bring_back(source: &Path, contents: &Contents, into: &Path, progress: Progress<'_>) -> Result<()> {
    let (mut done, total) = (0, contents.bytes());
    carried::make_folder(into).map_err(|error| refused(into, &error))?;
    for Entry { name, bytes, crc32c } in &contents.files {
        let (from, target) = (source.join(name), into.join(name));
        if checksum(&from, *bytes, &mut |bytes| progress(done + bytes, total))? != *crc32c {
            return Err(differs(&from));
        }
        copy(&from, &target, *bytes)?;
        if checksum(&target, *bytes, &mut |_| ())? != *crc32c {
            return Err(differs(&target));
        }
        done += bytes;
    }
    carried::sync_folder(into).map_err(|error| refused(into, &error))?;
    let disk = Directory::open(into, "muster restore")?;
    let (state, _) = Tenant::read(&disk, LogSizes::default(), &mut |_| ())?;
    drop(disk);
    remove_lock(into)?;
    if state.version != contents.data_version || state.view.live().len() != contents.profiles {
        let message = format!("{} does not hold what its list says; take another backup", source.display());
        return Err(Error::Corrupt(message));
    }
    Ok(())
}

/// Whether the checkpoint and the log in a directory are whole, by their own checksums.
fn check_store(directory: &Path, lsn: u64) -> Result<()> {
    let disk = Directory::open(directory, "a backup")?;
    let from = check_newest(&disk)?.map_or(1, |report| report.lsn + 1);
    let log = read_log(&disk, from, LogSizes::default(), &mut |_| Ok(()))?;
    drop(disk);
    remove_lock(directory)?;
    if log.next_lsn != lsn + 1 {
        let message = format!("the log in {} ends before record {lsn}", directory.display());
        return Err(Error::Corrupt(message));
    }
    Ok(())
}

fn check(directory: &Path, contents: &Contents, progress: Progress<'_>) -> Result<()> {
    let (mut done, total) = (0, contents.bytes());
    for Entry { name, bytes, crc32c } in &contents.files {
        let path = directory.join(name);
        if checksum(&path, *bytes, &mut |bytes| progress(done + bytes, total))? != *crc32c {
            return Err(differs(&path));
        }
        done += bytes;
    }
    Ok(())
}

fn differs(path: &Path) -> Error {
    Error::Corrupt(format!("{} is not what was written; take another backup", path.display()))
}

/// The newest whole backup in a place, and its directory.
fn newest(place: &Path) -> Result<Option<(PathBuf, Contents)>> {
    let mut names = names(place)?;
    names.sort();
    for name in names.into_iter().rev().filter(|name| name.starts_with(PREFIX) && !name.ends_with(UNFINISHED)) {
        let directory = place.join(name);
        if let Some(contents) = Contents::read(&directory)? {
            return Ok(Some((directory, contents)));
        }
    }
    Ok(None)
}

fn names(place: &Path) -> Result<Vec<String>> {
    let list = || {
        let mut names = Vec::new();
        for entry in fs::read_dir(place)? {
            names.extend(entry?.file_name().into_string());
        }
        Ok(names)
    };
    list().map_err(|error| refused(place, &error))
}

/// Removes what a backup left that did not come to its end.
fn remove_unfinished(place: &Path) -> Result<()> {
    for name in names(place)?.iter().filter(|name| name.starts_with(PREFIX) && name.ends_with(UNFINISHED)) {
        let directory = place.join(name);
        fs::remove_dir_all(&directory).map_err(|error| refused(&directory, &error))?;
    }
    Ok(())
}

fn remove_lock(directory: &Path) -> Result<()> {
    let lock = directory.join(LOCK);
    fs::remove_file(&lock).map_err(|error| refused(&lock, &error))
}

/// The name of a directory while it is not whole.
fn with_ending(directory: &Path) -> PathBuf {
    // Without a slash at its end.
    let mut name = directory.components().as_path().as_os_str().to_owned();
    name.push(UNFINISHED);
    name.into()
}

/// Gives a directory that is whole its name, safely.
fn finish(unfinished: &Path, directory: &Path) -> Result<()> {
    let sync = |path: &Path| File::open(path)?.sync_all();
    let parent = directory.parent().filter(|parent| !parent.as_os_str().is_empty()).unwrap_or(Path::new("."));
    let finish = || {
        sync(unfinished)?;
        fs::rename(unfinished, directory)?;
        sync(parent)
    };
    finish().map_err(|error| refused(directory, &error))
}

/// Copies the first `bytes` bytes of a file into a new one, which is safe then, and read by nobody else than the first is.
fn copy(from: &Path, to: &Path, bytes: u64) -> Result<()> {
    let create = || {
        let target = File::create_new(to)?;
        target.set_permissions(from.metadata()?.permissions())?;
        Ok(target)
    };
    let mut target = create().map_err(|error| refused(to, &error))?;
    read(from, bytes, &mut |piece| target.write_all(piece).map_err(|error| refused(to, &error)))?;
    target.sync_all().map_err(|error| refused(to, &error))
}

/// The checksum of the first `bytes` bytes of a file; `step` is told how many are read.
fn checksum(path: &Path, bytes: u64, step: &mut dyn FnMut(u64)) -> Result<u32> {
    let (mut sum, mut done) = (0, 0);
    read(path, bytes, &mut |piece| {
        sum = crc32c::crc32c_append(sum, piece);
        done += piece.len() as u64;
        step(done);
        Ok(())
    })?;
    Ok(sum)
}

fn read(path: &Path, bytes: u64, visit: &mut dyn FnMut(&[u8]) -> Result<()>) -> Result<()> {
    let mut file = match File::open(path) {
        Err(error) if error.kind() == ErrorKind::NotFound => {
            return Err(Error::Corrupt(format!("{} is gone; take another backup", path.display())));
        }
        file => file.map_err(|error| refused(path, &error))?,
    };
    let (mut buffer, mut left) = (vec![0; COPY_BYTES], bytes);
    while left > 0 {
        // A piece is no longer than the buffer.
        let piece = &mut buffer[..left.min(COPY_BYTES as u64) as usize];
        match file.read_exact(piece) {
            Err(error) if error.kind() == ErrorKind::UnexpectedEof => {
                return Err(Error::Corrupt(format!("{} is too short; take another backup", path.display())));
            }
            done => done.map_err(|error| refused(path, &error))?,
        }
        visit(piece)?;
        left -= piece.len() as u64;
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use muster_engine::command::Command;
    use muster_engine::schema::FieldType;

    use super::*;

    #[test]
    fn what_an_earlier_backup_has_is_not_copied_again() {
        let folder = tempfile::tempdir().expect("a folder");
        let (data, place) = (folder.path().join("data"), folder.path().join("backups"));
        let disk = Directory::open(&data, "a test").expect("a directory");
        // Small segments, so that most of the log is in closed ones.
        let sizes = LogSizes { segment: 4 << 10, record: 1 << 20, group: 1 << 10 };
        let (tenant, _) = Tenant::open(Arc::new(disk), sizes, &mut |_| ()).expect("a new tenant");
        let grow = |from: usize, to: usize| {
            for number in from..to {
                let fields = vec![(format!("{number} {}", "x".repeat(150)), FieldType::Int)];
                tenant.apply(Command::AddFields(fields)).expect("a field");
            }
        };
        let (mut told, back_up) = (Vec::new(), |place: &Path| {
            let mut told = (0, 0);
            let made =
                back_up(&tenant, &Feed::default(), &data, place, Timestamp(0), &mut |done, total| told = (done, total));
            (made.expect("a backup"), told)
        });
        grow(0, 100);
        told.push(back_up(&place));
        grow(100, 110);
        told.push(back_up(&place));
        told.push(back_up(&folder.path().join("other place")));
        assert!(told.iter().all(|(made, (done, total))| *done == made.bytes && *total == made.bytes), "{told:?}");
        let [(first, _), (second, _), (other, _)] = &told[..] else { panic!("three backups") };
        assert_eq!((first.bytes_copied, other.bytes_copied), (first.bytes, other.bytes));
        assert_eq!(second.bytes - second.bytes_copied, 4 * (4 << 10), "closed segments are there already: {second:?}");
        assert_eq!(second.bytes, other.bytes);
        let restored = restore(&place, &folder.path().join("restored"), &mut |_, _| ()).expect("the newest");
        assert_eq!((restored.lsn, restored.data_version), (110, 110));
    }
}
