//! What the store asks of a disk: little enough that a second implementation can forget, tear and refuse on purpose.
//!
//! One disk is one flat directory. Nothing is safe before it was synced: bytes by [`DiskFile::sync_data`], names by
//! [`Disk::sync_names`].

use std::fmt;
use std::io;

use crate::error::{Error, Problem};

/// A directory of files.
pub trait Disk: fmt::Debug + Send + Sync {
    /// A new, empty file.
    ///
    /// # Errors
    /// When there is one of that name already, or the system refuses.
    fn create(&self, name: &str) -> io::Result<Box<dyn DiskFile>>;

    /// A file that is there, to read and to write.
    ///
    /// # Errors
    /// When there is none of that name, or the system refuses.
    fn open(&self, name: &str) -> io::Result<Box<dyn DiskFile>>;

    /// The bytes of a file that nobody changes any more, in place.
    ///
    /// # Errors
    /// When there is none of that name, or the system refuses.
    fn map(&self, name: &str) -> io::Result<Mapping>;

    /// The names of all files, in no order.
    ///
    /// # Errors
    /// When the system refuses.
    fn list(&self) -> io::Result<Vec<String>>;

    /// Gives a file another name; a file that had it is replaced.
    ///
    /// # Errors
    /// When there is no file of that name, or the system refuses.
    fn rename(&self, from: &str, to: &str) -> io::Result<()>;

    /// Removes a file.
    ///
    /// # Errors
    /// When there is no file of that name, or the system refuses.
    fn remove(&self, name: &str) -> io::Result<()>;

    /// Makes every creation, renaming and removal so far survive a power cut.
    ///
    /// # Errors
    /// When the system refuses; what survives then is unknown.
    fn sync_names(&self) -> io::Result<()>;
}

/// The bytes of a file that does not change. They begin at a multiple of 64.
pub struct Mapping(Box<dyn Holder>);

/// Whoever holds the bytes of a mapping.
pub(super) trait Holder: Send + Sync {
    /// The bytes.
    fn bytes(&self) -> &[u8];

    /// The bytes, held for as long as the process lives.
    fn keep(self: Box<Self>) -> &'static [u8];
}

impl<B: AsRef<[u8]> + Send + Sync + 'static> Holder for B {
    fn bytes(&self) -> &[u8] {
        self.as_ref()
    }

    fn keep(self: Box<Self>) -> &'static [u8] {
        (*Box::leak(self)).as_ref()
    }
}

impl Mapping {
    /// From whatever holds the bytes.
    pub fn new(holder: impl AsRef<[u8]> + Send + Sync + 'static) -> Self {
        Self::held_by(holder)
    }

    /// The same from somebody who keeps the bytes in a way of their own.
    pub(super) fn held_by(holder: impl Holder + 'static) -> Self {
        Self(Box::new(holder))
    }

    /// The bytes.
    pub fn bytes(&self) -> &[u8] {
        self.0.bytes()
    }

    /// The bytes for as long as the process lives. Most of what is mapped when a directory is opened is in use until it is
    /// closed, and is the same when it is opened again: to count the holders of each piece would cost more than it gives
    /// back.
    pub fn keep(self) -> &'static [u8] {
        self.0.keep()
    }
}

impl AsRef<[u8]> for Mapping {
    fn as_ref(&self) -> &[u8] {
        self.bytes()
    }
}

impl fmt::Debug for Mapping {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Mapping({} bytes)", self.bytes().len())
    }
}

/// An open file. It is written by one thread at a time.
pub trait DiskFile: fmt::Debug + Send + Sync {
    /// Bytes of the file.
    ///
    /// # Errors
    /// When the system refuses.
    fn len(&self) -> io::Result<u64>;

    /// Whether it has no bytes.
    ///
    /// # Errors
    /// When the system refuses.
    fn is_empty(&self) -> io::Result<bool> {
        Ok(self.len()? == 0)
    }

    /// Behind how many bytes there are only zeros, as far as the system knows without reading them.
    ///
    /// # Errors
    /// When the system refuses.
    fn data_end(&self) -> io::Result<u64> {
        self.len()
    }

    /// Fills `bytes` from `offset` on.
    ///
    /// # Errors
    /// When the file ends before, or the system refuses.
    fn read_at(&self, offset: u64, bytes: &mut [u8]) -> io::Result<()>;

    /// Writes all of `bytes` at `offset`.
    ///
    /// # Errors
    /// When the system refuses; any part of them may be written then.
    fn write_at(&self, offset: u64, bytes: &[u8]) -> io::Result<()>;

    /// Makes the file at least `length` bytes long, with room for all of them: new ones are zeros.
    ///
    /// # Errors
    /// When there is no room, or the system refuses.
    fn allocate(&self, length: u64) -> io::Result<()>;

    /// Cuts the file off behind `length` bytes; what was cut does not come back after a power cut.
    ///
    /// # Errors
    /// When the system refuses.
    fn truncate(&self, length: u64) -> io::Result<()>;

    /// Makes every write so far survive a power cut.
    ///
    /// # Errors
    /// When the system refuses. The writes may be lost then, even if a second call succeeds: nobody may call again.
    fn sync_data(&self) -> io::Result<()>;
}

/// Whether there is no room.
pub(super) fn is_full(error: &io::Error) -> bool {
    matches!(error.kind(), io::ErrorKind::StorageFull | io::ErrorKind::QuotaExceeded)
}

/// The refusal where there is no room for something, and what has not happened because of that; none for other reasons.
pub(super) fn no_room(error: &io::Error, so: &str) -> Option<Error> {
    let message = || format!("the disk is full ({error}), so {so}; make room, then send it again");
    is_full(error).then(|| Error::Storage(Problem::new("", "disk_full", message())))
}
