//! Files that are mapped, and those of them that stay so to the end of the process ([`Mapping::keep`]).
//!
//! A directory that is opened again finds the mappings that it kept before, so that to open and close it again and again
//! takes room for files that are new only; one that is closed gives back the memory of its pages. What cannot be given back
//! is the room of a file that was removed while it stays mapped ([`left_mapped`]).
//!
//! [`Mapping::keep`]: super::Mapping::keep

use std::collections::{BTreeMap, BTreeSet};
use std::fmt;
use std::fs::{File, Metadata};
use std::io;
use std::os::unix::fs::MetadataExt;
use std::sync::Arc;

use memmap2::Mmap;
use parking_lot::Mutex;

use super::disk::Holder;

/// A file as the system numbers it: device and file. No other is given that number as long as it is mapped.
type Number = (u64, u64);

/// Files that stay mapped.
static KEPT: Mutex<Kept> =
    Mutex::new(Kept { directories: BTreeSet::new(), files: BTreeMap::new(), left: Left { files: 0, bytes: 0 } });

struct Kept {
    /// Those that were opened, by the files that are locked.
    directories: BTreeSet<Number>,
    files: BTreeMap<Number, &'static [u8]>,
    left: Left,
}

/// Files that were removed and stay mapped, of directories that were opened more than once: of others it is at most what was
/// there when they were opened.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Left {
    /// How many.
    pub files: usize,
    /// Their room on disk.
    pub bytes: u64,
}

/// What was left mapped since the process began.
pub fn left_mapped() -> Left {
    KEPT.lock().left
}

/// Notes that a directory is opened whose lock is this file; says whether it was opened before.
pub(super) fn note_opened(lock: &Metadata) -> bool {
    !KEPT.lock().directories.insert(number(lock))
}

/// Notes that a file was removed from a directory that was opened before.
pub(super) fn note_removed(file: &Metadata) {
    let mut kept = KEPT.lock();
    if let Some(bytes) = kept.files.remove(&number(file)) {
        kept.left.files += 1;
        kept.left.bytes += bytes.len() as u64;
    }
}

fn number(file: &Metadata) -> Number {
    (file.dev(), file.ino())
}

/// What stays mapped of a directory's files. A clone shares it.
#[derive(Clone, Default)]
pub(super) struct KeptOf(Arc<Mutex<Vec<&'static [u8]>>>);

impl KeptOf {
    /// Gives back its memory: whoever reads it all the same has it read from the files again.
    pub(super) fn give_back(&self) {
        self.0.lock().iter().for_each(|bytes| give_back(bytes));
    }
}

impl fmt::Debug for KeptOf {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "KeptOf({} files)", self.0.lock().len())
    }
}

/// A mapped file of a directory.
pub(super) struct MappedFile {
    number: Number,
    mapped: Mapped,
    kept: KeptOf,
}

enum Mapped {
    Now(Mmap),
    /// It stayed mapped.
    Before(&'static [u8]),
}

impl MappedFile {
    /// Maps a file; `kept` is told when it is kept.
    ///
    /// # Errors
    /// When the system refuses.
    pub(super) fn open(file: &File, kept: KeptOf) -> io::Result<Self> {
        let number = number(&file.metadata()?);
        let before = KEPT.lock().files.get(&number).copied();
        let mapped = before.map_or_else(|| map(file).map(Mapped::Now), |bytes| Ok(Mapped::Before(bytes)))?;
        Ok(Self { number, mapped, kept })
    }
}

fn map(file: &File) -> io::Result<Mmap> {
    // SAFETY: files that are mapped are checkpoints: they are whole when they get their name, nobody writes to them or cuts
    // them off afterwards, and their directory is locked against other processes of this program while it is written to.
    let mapped = unsafe { Mmap::map(file) }?;
    // Whoever opens a file reads its header and its table, not the megabytes around them that the system would read
    // ahead. Advice that is not taken is no mistake.
    #[cfg(unix)]
    let _ = mapped.advise(memmap2::Advice::Random);
    Ok(mapped)
}

impl Holder for MappedFile {
    fn bytes(&self) -> &[u8] {
        match &self.mapped {
            Mapped::Now(mapped) => mapped,
            Mapped::Before(bytes) => bytes,
        }
    }

    fn keep(self: Box<Self>) -> &'static [u8] {
        let bytes = match self.mapped {
            // Whoever was faster has mapped the same file.
            Mapped::Now(mapped) => KEPT.lock().files.entry(self.number).or_insert_with(|| Box::leak(Box::new(mapped))),
            Mapped::Before(bytes) => bytes,
        };
        self.kept.0.lock().push(bytes);
        bytes
    }
}

fn give_back(kept: &'static [u8]) {
    #[cfg(target_os = "linux")]
    {
        use rustix::mm::{Advice, madvise};
        // SAFETY: the bytes are all of a mapped file that nobody changes, so its pages hold what the file holds, now and
        // when they are read again. Advice that is not taken is no mistake.
        let _ = unsafe { madvise(kept.as_ptr().cast_mut().cast(), kept.len(), Advice::LinuxDontNeed) };
    }
    #[cfg(not(target_os = "linux"))]
    let _ = kept;
}

/// How bytes of a mapped file are going to be read.
#[derive(Debug, Clone, Copy)]
pub(super) enum Expect {
    /// All of them, now: the system reads ahead and is not waited for.
    All,
    /// One behind the other, some time.
    InOrder,
}

/// Tells the system how bytes of a mapped file are going to be read; for memory without a file it means nothing.
pub(super) fn expect(bytes: &[u8], expect: Expect) {
    #[cfg(unix)]
    {
        use rustix::mm::{Advice, madvise};
        let advice = match expect {
            Expect::All => Advice::WillNeed,
            Expect::InOrder => Advice::Normal,
        };
        let start = bytes.as_ptr().map_addr(|address| address - address % rustix::param::page_size());
        let length = bytes.len() + (bytes.as_ptr().addr() - start.addr());
        // SAFETY: neither advice changes a byte or unmaps one, whatever lies in the pages of the slice. Advice that is not
        // taken is no mistake.
        let _ = unsafe { madvise(start.cast_mut().cast(), length, advice) };
    }
}

#[cfg(test)]
mod tests {
    use std::fs;

    use crate::shared::bytes_of;
    use crate::store::{Directory, Disk};

    use super::*;

    #[test]
    fn a_file_that_stays_mapped_is_found_again_and_read_again() {
        let folder = std::env::temp_dir().join(format!("muster-again-{}", std::process::id()));
        let numbers: Vec<u64> = (0..300_000).collect();
        let open = || Directory::open(&folder, "a test").expect("a directory");
        open().create("numbers").and_then(|file| file.write_at(0, bytes_of(&numbers))).expect("written");
        let mut first = None;
        for _ in 0..3 {
            let directory = open();
            // What is not kept is unmapped, and is in nobody's way.
            assert_eq!(directory.map("numbers").expect("mapped").bytes().len(), 2_400_000);
            let kept = directory.map("numbers").expect("mapped").keep();
            assert_eq!(*first.get_or_insert(kept.as_ptr()), kept.as_ptr(), "it is mapped once");
            assert_eq!(kept, bytes_of(&numbers));
            assert!(resident(kept) > 2_000_000);
            drop(directory);
            assert_eq!(resident(kept), 0, "its memory is given back");
            assert_eq!(kept, bytes_of(&numbers), "and it says the same");
        }
        // Another file of the same name is another one; what the first took is left.
        let (directory, before) = (open(), left_mapped());
        directory.remove("numbers").expect("removed");
        assert_eq!(left_mapped(), Left { files: before.files + 1, bytes: before.bytes + 2_400_000 });
        directory.create("numbers").and_then(|file| file.write_at(0, b"other")).expect("written");
        assert_eq!(directory.map("numbers").expect("mapped").keep(), b"other");
        directory.create("never kept").and_then(|file| file.write_at(0, b"x")).expect("written");
        drop(directory.map("never kept").expect("mapped"));
        directory.remove("never kept").expect("removed");
        assert_eq!(left_mapped().files, before.files + 1);
        drop(directory);
        fs::remove_dir_all(folder).expect("nobody holds it");
    }

    /// Bytes of a mapping that are in memory, as the system counts them for this process.
    fn resident(bytes: &[u8]) -> usize {
        let all = fs::read_to_string("/proc/self/smaps").expect("a list");
        let start = format!("{:x}-", bytes.as_ptr().addr());
        let own = all.lines().skip_while(|line| !line.starts_with(&start));
        let line = own.into_iter().find_map(|line| line.strip_prefix("Rss:")).expect("it is mapped");
        line.trim().trim_end_matches(" kB").parse::<usize>().expect("a number") << 10
    }
}
