//! A real directory as a disk, held by one process at a time.

use std::fs::{self, File, OpenOptions, TryLockError};
use std::io::{self, Write};
use std::os::unix::fs::FileExt;
use std::path::{Path, PathBuf};

use super::disk::{Disk, DiskFile, Mapping, is_full, no_room};
use super::mapped::{KeptOf, MappedFile, note_opened, note_removed};
use crate::error::{Error, Problem, Result};

/// The file whose lock is the directory's, and which says who holds it.
const LOCK: &str = "lock";

/// A directory that belongs to this process until the value is dropped.
#[derive(Debug)]
pub struct Directory {
    path: PathBuf,
    /// What stays mapped of its files.
    kept: KeptOf,
    /// Whether this process has had it before.
    is_again: bool,
    /// The system lets go of the lock when the file is closed, also when the process is killed.
    _lock: File,
}

impl Directory {
    /// Takes a directory, which is made if there is none. `holder` is what others are told who come second.
    ///
    /// # Errors
    /// `Storage` when another process holds it, `Io` when the system refuses.
    pub fn open(path: &Path, holder: &str) -> Result<Self> {
        let refused = |error: io::Error| {
            let cure = match error.kind() {
                io::ErrorKind::PermissionDenied | io::ErrorKind::ReadOnlyFilesystem => {
                    "; everything that changes is written there: let this user write to it, or name another directory"
                }
                _ => "",
            };
            no_room(&error, "the directory was not opened")
                .unwrap_or_else(|| Error::Io(format!("the data directory {}: {error}{cure}", path.display())))
        };
        fs::create_dir_all(path).map_err(refused)?;
        let place = path.join(LOCK);
        let mut lock =
            OpenOptions::new().read(true).write(true).create(true).truncate(false).open(&place).map_err(refused)?;
        match lock.try_lock() {
            Ok(()) => {}
            Err(TryLockError::WouldBlock) => {
                let other = fs::read_to_string(&place).unwrap_or_default();
                let other = if other.trim().is_empty() { "another process" } else { other.trim() };
                let message = format!(
                    "the data directory {} is in use by {other}; stop that first or name another directory",
                    path.display()
                );
                return Err(Error::Storage(Problem::new("", "directory_in_use", message)));
            }
            Err(TryLockError::Error(error)) => return Err(refused(error)),
        }
        // A disk without room is no reason not to read what is there: others are told of somebody without a name then.
        lock.set_len(0).map_err(refused)?;
        match lock.write_all(holder.as_bytes()) {
            Err(error) if is_full(&error) => lock.set_len(0).map_err(refused)?,
            written => written.map_err(refused)?,
        }
        let is_again = note_opened(&lock.metadata().map_err(refused)?);
        Ok(Self { path: path.to_owned(), kept: KeptOf::default(), is_again, _lock: lock })
    }
}

impl Drop for Directory {
    fn drop(&mut self) {
        self.kept.give_back();
    }
}

impl Disk for Directory {
    fn create(&self, name: &str) -> io::Result<Box<dyn DiskFile>> {
        let file = OpenOptions::new().read(true).write(true).create_new(true).open(self.path.join(name))?;
        Ok(Box::new(RealFile(file)))
    }

    fn open(&self, name: &str) -> io::Result<Box<dyn DiskFile>> {
        let file = OpenOptions::new().read(true).write(true).open(self.path.join(name))?;
        Ok(Box::new(RealFile(file)))
    }

    fn map(&self, name: &str) -> io::Result<Mapping> {
        let file = File::open(self.path.join(name))?;
        Ok(Mapping::held_by(MappedFile::open(&file, self.kept.clone())?))
    }

    fn list(&self) -> io::Result<Vec<String>> {
        let mut names = Vec::new();
        for entry in fs::read_dir(&self.path)? {
            // A name that is not UTF-8 is none of ours.
            names.extend(entry?.file_name().into_string());
        }
        Ok(names)
    }

    fn rename(&self, from: &str, to: &str) -> io::Result<()> {
        fs::rename(self.path.join(from), self.path.join(to))
    }

    fn remove(&self, name: &str) -> io::Result<()> {
        let path = self.path.join(name);
        let file = fs::metadata(&path)?;
        fs::remove_file(path)?;
        if self.is_again {
            note_removed(&file);
        }
        Ok(())
    }

    fn sync_names(&self) -> io::Result<()> {
        File::open(&self.path)?.sync_all()
    }
}

#[derive(Debug)]
struct RealFile(File);

impl DiskFile for RealFile {
    fn len(&self) -> io::Result<u64> {
        Ok(self.0.metadata()?.len())
    }

    #[cfg(any(target_os = "linux", target_os = "android"))]
    fn data_end(&self) -> io::Result<u64> {
        use rustix::fs::{SeekFrom, seek};
        // The position of the file is nobody's: all else says where it reads and writes.
        let mut end = 0;
        loop {
            match seek(&self.0, SeekFrom::Data(end)).and_then(|data| seek(&self.0, SeekFrom::Hole(data))) {
                Ok(hole) => end = hole,
                Err(rustix::io::Errno::NXIO) => return Ok(end),
                // Some file systems cannot tell.
                Err(_) => return self.len(),
            }
        }
    }

    fn read_at(&self, offset: u64, bytes: &mut [u8]) -> io::Result<()> {
        self.0.read_exact_at(bytes, offset)
    }

    fn write_at(&self, offset: u64, bytes: &[u8]) -> io::Result<()> {
        self.0.write_all_at(bytes, offset)
    }

    fn allocate(&self, length: u64) -> io::Result<()> {
        #[cfg(any(target_os = "linux", target_os = "android"))]
        match rustix::fs::fallocate(&self.0, rustix::fs::FallocateFlags::empty(), 0, length) {
            Ok(()) => return Ok(()),
            // Some file systems cannot reserve room; there a full disk is noticed when bytes are written.
            Err(rustix::io::Errno::OPNOTSUPP) => {}
            Err(error) => return Err(error.into()),
        }
        if self.0.metadata()?.len() < length { self.0.set_len(length) } else { Ok(()) }
    }

    fn truncate(&self, length: u64) -> io::Result<()> {
        self.0.set_len(length)?;
        self.0.sync_all()
    }

    fn sync_data(&self) -> io::Result<()> {
        self.0.sync_data()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::shared::{Shared, bytes_of, slice_of};

    #[test]
    fn a_directory_has_one_holder() {
        let folder = std::env::temp_dir().join(format!("muster-directory-{}", std::process::id()));
        let first = Directory::open(&folder, "the first").expect("a directory");
        let refused = Directory::open(&folder, "the second").expect_err("it is taken");
        assert!(refused.to_string().contains("in use by the first"), "{refused}");
        drop(first);
        let second = Directory::open(&folder, "2").expect("it is free again");
        let refused = Directory::open(&folder, "the third").expect_err("it is taken");
        assert!(refused.to_string().contains("in use by 2;"), "{refused}");

        let file = second.create("a").expect("a file");
        file.allocate(100).expect("room");
        file.write_at(98, b"xy").expect("written");
        file.sync_data().expect("synced");
        let mut bytes = [1; 3];
        file.read_at(97, &mut bytes).expect("three bytes");
        assert_eq!((&bytes, file.len().expect("a length")), (b"\0xy", 100));
        assert!(file.read_at(98, &mut bytes).is_err(), "there are only two");
        let (room, last) = (1 << 20, 300_000);
        file.allocate(room).expect("room");
        file.write_at(last, b"z").expect("written");
        let end = file.data_end().expect("an end");
        assert!((last + 1..=room).contains(&end), "{end}: behind what was written last");
        file.truncate(98).expect("cut");
        assert_eq!(file.len().expect("a length"), 98);
        assert!(second.create("a").is_err(), "it is there already");
        second.rename("a", "b").expect("renamed");
        second.sync_names().expect("synced");
        let mut names = second.list().expect("names");
        names.sort();
        assert_eq!(names, ["b", "lock"]);
        second.remove("b").expect("removed");
        assert!(second.open("b").is_err());
        drop(second);
        fs::remove_dir_all(folder).expect("nobody holds it");
    }

    #[test]
    fn what_was_mapped_outlives_its_file_and_its_directory() {
        let folder = std::env::temp_dir().join(format!("muster-mapped-{}", std::process::id()));
        let directory = Directory::open(&folder, "a test").expect("a directory");
        let numbers: Vec<u64> = (0..3_000).collect();
        let file = directory.create("numbers").expect("a file");
        file.write_at(0, bytes_of(&numbers)).expect("written");
        directory.create("empty").expect("a file");

        let (mapped, again) = (directory.map("numbers"), directory.map("numbers"));
        let mapped = mapped.expect("mapped").keep();
        drop(again.expect("mapped twice"));
        assert_eq!(directory.map("empty").expect("mapped").bytes(), b"");
        assert!(directory.map("missing").is_err());
        drop((file, directory));
        fs::remove_dir_all(folder).expect("nobody holds it");
        assert!(mapped.as_ptr().addr().is_multiple_of(64), "as `Mapping` promises");
        let shared = Shared::lasting(slice_of::<u64>(mapped).expect("whole numbers"));
        assert!(std::thread::spawn(move || shared.iter().copied().eq(0..3_000)).join().expect("no panic"));
    }
}
