//! A disk in memory that keeps what it must keep and nothing more.
//!
//! Every call that changes something is a numbered point. At a chosen one the power can go, or the call can fail. What
//! is on the disk after a power cut is drawn from a seed: writes since the last sync are there, lost, torn at 512-byte
//! sectors, or there in another order; names that were not synced are there or not.

use std::collections::BTreeMap;
use std::io::{self, ErrorKind};
use std::sync::{Arc, Mutex, MutexGuard};
use std::time::Duration;

use muster_engine::store::{Disk, DiskFile, Mapping};

use crate::rng::Rng;

/// What a disk writes whole or not at all.
const SECTOR: u64 = 512;

/// Where mapped bytes begin: at a multiple of this.
const ALIGNMENT: usize = 64;

/// A copy of a file in place of a mapping.
struct Aligned {
    bytes: Vec<u8>,
    start: usize,
    length: usize,
}

impl AsRef<[u8]> for Aligned {
    fn as_ref(&self) -> &[u8] {
        &self.bytes[self.start..self.start + self.length]
    }
}

/// What goes wrong at a point.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Fault {
    /// The power goes: from here on every call fails.
    PowerCut,
    /// The call fails with this; a write that fails has written a part.
    Error(ErrorKind),
}

/// A disk. A clone is the same disk.
#[derive(Debug, Clone, Default)]
pub struct FakeDisk(Arc<Mutex<Inner>>);

#[derive(Debug, Default)]
struct Inner {
    /// By number; files whose name is gone stay.
    files: Vec<File>,
    names: BTreeMap<String, usize>,
    synced_names: BTreeMap<String, usize>,
    /// Changes of names since the last sync.
    name_changes: Vec<NameChange>,
    points: u64,
    faults: BTreeMap<u64, Fault>,
    is_off: bool,
    /// Bytes that all files together may have; none where there is room for everything.
    room: Option<u64>,
    sync_time: Duration,
}

#[derive(Debug, Clone)]
enum NameChange {
    Put(String, usize),
    Remove(String),
}

#[derive(Debug, Clone, Default, PartialEq, Eq)]
struct Content {
    /// Without zeros at the end.
    bytes: Vec<u8>,
    length: u64,
}

#[derive(Debug, Clone, Default)]
struct File {
    now: Content,
    synced: Content,
    /// Since the last sync.
    changes: Vec<Change>,
}

#[derive(Debug, Clone)]
enum Change {
    Write(u64, Vec<u8>),
    Allocate(u64),
}

impl File {
    fn sync(&mut self) {
        for change in self.changes.drain(..) {
            match change {
                Change::Write(offset, bytes) => self.synced.write(offset, &bytes),
                Change::Allocate(length) => self.synced.length = self.synced.length.max(length),
            }
        }
    }
}

impl Content {
    fn write(&mut self, offset: u64, bytes: &[u8]) {
        let start = usize::try_from(offset).expect("small files");
        if self.bytes.len() < start + bytes.len() {
            self.bytes.resize(start + bytes.len(), 0);
        }
        self.bytes[start..start + bytes.len()].copy_from_slice(bytes);
        self.length = self.length.max((start + bytes.len()) as u64);
    }

    fn read(&self, offset: u64, bytes: &mut [u8]) -> io::Result<()> {
        if offset + bytes.len() as u64 > self.length {
            return Err(ErrorKind::UnexpectedEof.into());
        }
        bytes.fill(0);
        let start = usize::try_from(offset).expect("small files").min(self.bytes.len());
        let end = (start + bytes.len()).min(self.bytes.len());
        bytes[..end - start].copy_from_slice(&self.bytes[start..end]);
        Ok(())
    }

    fn truncate(&mut self, length: u64) {
        self.length = length;
        self.bytes.truncate(usize::try_from(length).expect("small files"));
    }
}

impl FakeDisk {
    /// Points passed so far.
    pub fn points(&self) -> u64 {
        self.inner().points
    }

    /// Lets something go wrong at a point, counted from 0.
    pub fn fail_at(&self, point: u64, fault: Fault) {
        self.inner().faults.insert(point, fault);
    }

    /// Lets every sync take its time, as a real disk does.
    pub fn slow_down(&self, sync_time: Duration) {
        self.inner().sync_time = sync_time;
    }

    /// Leaves room for so many bytes in all files together; none for as many as come.
    pub fn limit_room(&self, room: Option<u64>) {
        self.inner().room = room;
    }

    /// Bytes of all files that have a name.
    pub fn length(&self) -> u64 {
        self.inner().length()
    }

    /// Whether the power is gone.
    pub fn is_off(&self) -> bool {
        self.inner().is_off
    }

    /// What is found when the power comes back.
    pub fn after_cut(&self, seed: u64) -> Self {
        let inner = self.inner();
        let mut rng = Rng::new(seed);
        let files = inner.files.iter().map(|file| settled(file, &mut rng)).collect();
        let mut names = inner.synced_names.clone();
        let percent = *rng.pick(&[0, 50, 100]);
        for change in &inner.name_changes {
            if rng.chance(percent) {
                change.apply(&mut names);
            }
        }
        Self(Arc::new(Mutex::new(Inner { files, synced_names: names.clone(), names, ..Inner::default() })))
    }

    /// The same after the process was killed and the machine was not: everything that was written is there.
    pub fn after_kill(&self) -> Self {
        let Inner { files, names, synced_names, name_changes, .. } = &*self.inner();
        Self(Arc::new(Mutex::new(Inner {
            files: files.clone(),
            names: names.clone(),
            synced_names: synced_names.clone(),
            name_changes: name_changes.clone(),
            ..Inner::default()
        })))
    }

    /// The bytes of a file as they would be read now, without zeros at the end.
    ///
    /// # Panics
    /// When there is no such file.
    pub fn bytes(&self, name: &str) -> Vec<u8> {
        let inner = self.inner();
        let bytes = &inner.files[inner.names[name]].now.bytes;
        let end = bytes.iter().rposition(|byte| *byte != 0).map_or(0, |last| last + 1);
        bytes[..end].to_vec()
    }

    /// Flips bits of one byte, as ageing does: without a write.
    ///
    /// # Panics
    /// When there is no such byte.
    pub fn flip(&self, name: &str, at: usize, bits: u8) {
        let mut inner = self.inner();
        let file = inner.names[name];
        let file = &mut inner.files[file];
        for content in [&mut file.now, &mut file.synced] {
            if content.bytes.len() <= at {
                content.bytes.resize(at + 1, 0);
            }
            content.bytes[at] ^= bits;
        }
    }

    fn inner(&self) -> MutexGuard<'_, Inner> {
        self.0.lock().expect("no test panics while it holds the disk")
    }

    fn change_name(&self, change: NameChange) -> io::Result<()> {
        let mut inner = self.inner();
        inner.point()?;
        change.apply(&mut inner.names);
        inner.name_changes.push(change);
        Ok(())
    }
}

impl NameChange {
    fn apply(&self, names: &mut BTreeMap<String, usize>) {
        match self {
            Self::Put(name, file) => {
                names.retain(|_, other| other != file);
                names.insert(name.clone(), *file);
            }
            Self::Remove(name) => drop(names.remove(name)),
        }
    }
}

impl Inner {
    fn length(&self) -> u64 {
        self.names.values().map(|file| self.files[*file].now.length).sum()
    }

    /// Refuses to let a file grow to `length` bytes when there is no room.
    fn has_room(&self, file: usize, length: u64) -> io::Result<()> {
        let growth = length.saturating_sub(self.files[file].now.length);
        match self.room {
            Some(room) if growth > 0 && self.length() + growth > room => Err(ErrorKind::StorageFull.into()),
            _ => Ok(()),
        }
    }

    /// Counts a call that changes something, and lets it fail when its time has come.
    fn point(&mut self) -> io::Result<()> {
        let point = self.points;
        self.points += 1;
        match self.faults.get(&point) {
            _ if self.is_off => {}
            None => return Ok(()),
            Some(Fault::PowerCut) => self.is_off = true,
            Some(Fault::Error(kind)) => return Err((*kind).into()),
        }
        Err(io::Error::other("the power is gone"))
    }
}

/// What of a file is left after a power cut.
fn settled(file: &File, rng: &mut Rng) -> File {
    let mut content = file.synced.clone();
    let mut pieces: Vec<(u64, &[u8])> = Vec::new();
    let percent = *rng.pick(&[0, 30, 70, 95, 100]);
    for change in &file.changes {
        match change {
            Change::Allocate(length) if rng.chance(percent) => content.length = content.length.max(*length),
            Change::Allocate(_) => {}
            Change::Write(offset, bytes) => pieces.extend(sectors(*offset, bytes)),
        }
    }
    if rng.chance(50) {
        for at in (1..pieces.len()).rev() {
            pieces.swap(at, rng.below(at + 1));
        }
    }
    for (offset, bytes) in pieces {
        if rng.chance(percent) {
            content.write(offset, bytes);
        }
    }
    File { now: content.clone(), synced: content, changes: Vec::new() }
}

/// A write cut where sectors end.
fn sectors(offset: u64, bytes: &[u8]) -> impl Iterator<Item = (u64, &[u8])> {
    let mut rest = (offset, bytes);
    std::iter::from_fn(move || {
        let (offset, bytes) = rest;
        if bytes.is_empty() {
            return None;
        }
        let length = usize::try_from(SECTOR - offset % SECTOR).expect("a sector is small").min(bytes.len());
        rest = (offset + length as u64, &bytes[length..]);
        Some((offset, &bytes[..length]))
    })
}

impl Disk for FakeDisk {
    fn create(&self, name: &str) -> io::Result<Box<dyn DiskFile>> {
        let mut inner = self.inner();
        inner.point()?;
        if inner.names.contains_key(name) {
            return Err(ErrorKind::AlreadyExists.into());
        }
        let number = inner.files.len();
        inner.files.push(File::default());
        let change = NameChange::Put(name.to_owned(), number);
        change.apply(&mut inner.names);
        inner.name_changes.push(change);
        Ok(Box::new(Handle { disk: self.clone(), number }))
    }

    fn open(&self, name: &str) -> io::Result<Box<dyn DiskFile>> {
        let number = self.inner().names.get(name).copied().ok_or(ErrorKind::NotFound)?;
        Ok(Box::new(Handle { disk: self.clone(), number }))
    }

    fn map(&self, name: &str) -> io::Result<Mapping> {
        let inner = self.inner();
        let content = &inner.files[*inner.names.get(name).ok_or(ErrorKind::NotFound)?].now;
        let length = usize::try_from(content.length).expect("small files");
        let mut bytes = vec![0; length + ALIGNMENT];
        let start = bytes.as_ptr().align_offset(ALIGNMENT);
        content.read(0, &mut bytes[start..start + length])?;
        Ok(Mapping::new(Aligned { bytes, start, length }))
    }

    fn list(&self) -> io::Result<Vec<String>> {
        Ok(self.inner().names.keys().cloned().collect())
    }

    fn rename(&self, from: &str, to: &str) -> io::Result<()> {
        let number = self.inner().names.get(from).copied().ok_or(ErrorKind::NotFound)?;
        self.change_name(NameChange::Put(to.to_owned(), number))
    }

    fn remove(&self, name: &str) -> io::Result<()> {
        if !self.inner().names.contains_key(name) {
            return Err(ErrorKind::NotFound.into());
        }
        self.change_name(NameChange::Remove(name.to_owned()))
    }

    fn sync_names(&self) -> io::Result<()> {
        let mut inner = self.inner();
        inner.point()?;
        inner.synced_names = inner.names.clone();
        inner.name_changes.clear();
        Ok(())
    }
}

#[derive(Debug)]
struct Handle {
    disk: FakeDisk,
    number: usize,
}

impl Handle {
    fn change(&self, change: Change) -> io::Result<()> {
        let mut inner = self.disk.inner();
        let length = match &change {
            Change::Write(offset, bytes) => offset + bytes.len() as u64,
            Change::Allocate(length) => *length,
        };
        let allowed = inner.point().and_then(|()| inner.has_room(self.number, length));
        let file = &mut inner.files[self.number];
        match change {
            // A write that is cut short has begun all the same.
            Change::Write(offset, mut bytes) => {
                if allowed.is_err() {
                    bytes.truncate(bytes.len() / 2);
                }
                file.now.write(offset, &bytes);
                file.changes.push(Change::Write(offset, bytes));
            }
            Change::Allocate(length) if allowed.is_ok() => {
                file.now.length = file.now.length.max(length);
                file.changes.push(change);
            }
            Change::Allocate(_) => {}
        }
        allowed
    }
}

impl DiskFile for Handle {
    fn len(&self) -> io::Result<u64> {
        Ok(self.disk.inner().files[self.number].now.length)
    }

    fn read_at(&self, offset: u64, bytes: &mut [u8]) -> io::Result<()> {
        self.disk.inner().files[self.number].now.read(offset, bytes)
    }

    fn write_at(&self, offset: u64, bytes: &[u8]) -> io::Result<()> {
        self.change(Change::Write(offset, bytes.to_vec()))
    }

    fn allocate(&self, length: u64) -> io::Result<()> {
        self.change(Change::Allocate(length))
    }

    fn truncate(&self, length: u64) -> io::Result<()> {
        let mut inner = self.disk.inner();
        inner.point()?;
        let file = &mut inner.files[self.number];
        file.sync();
        file.now.truncate(length);
        file.synced.truncate(length);
        Ok(())
    }

    fn sync_data(&self) -> io::Result<()> {
        let sync_time = self.disk.inner().sync_time;
        if !sync_time.is_zero() {
            std::thread::sleep(sync_time);
        }
        let mut inner = self.disk.inner();
        let allowed = inner.point();
        let is_off = inner.is_off;
        let file = &mut inner.files[self.number];
        match &allowed {
            Ok(()) => file.sync(),
            // After a failed sync the system takes what it could not write for written: no later sync brings it back.
            Err(_) if !is_off => file.changes.clear(),
            Err(_) => {}
        }
        allowed
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_was_synced_stays_and_the_rest_may_go() {
        let disk = FakeDisk::default();
        let file = disk.create("a").expect("a file");
        disk.sync_names().expect("synced");
        file.write_at(0, &[1; 2_048]).expect("written");
        file.sync_data().expect("synced");
        file.write_at(0, &[2; 2_048]).expect("written");
        disk.create("b").expect("a file");
        disk.fail_at(disk.points(), Fault::PowerCut);
        assert!(file.sync_data().is_err() && disk.is_off());
        assert!(disk.create("c").is_err(), "it stays off");
        let (mut torn, mut old, mut new, mut named) = (0, 0, 0, 0);
        for seed in 0..200 {
            let found = disk.after_cut(seed);
            named += usize::from(found.open("b").is_ok());
            let mut bytes = [0; 2_048];
            found.open("a").expect("it was synced").read_at(0, &mut bytes).expect("all of it");
            assert!(bytes.chunks(512).all(|sector| sector.iter().all(|byte| *byte == sector[0])), "a torn sector");
            match bytes.iter().filter(|byte| **byte == 2).count() {
                0 => old += 1,
                2_048 => new += 1,
                _ => torn += 1,
            }
        }
        assert!(torn > 20 && old > 20 && new > 20 && (20..180).contains(&named), "{torn} {old} {new} {named}");
    }
}
