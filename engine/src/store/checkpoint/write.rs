//! Writing one file of a checkpoint: section after section, the header last.

use std::io;

use super::format::{ALIGNMENT, FileEntry, FileId, FileKind, HEADER_BYTES, Header, Section, SectionId, UNFINISHED};
use crate::error::{Error, Problem, Result};
use crate::store::disk::{Disk, DiskFile};

/// Bytes that are gathered before they are written.
const BUFFER_BYTES: usize = 1 << 20;

/// A file in the making. Until it is finished it has another name.
#[derive(Debug)]
pub struct FileWriter<'d> {
    disk: &'d dyn Disk,
    id: FileId,
    file: Box<dyn DiskFile>,
    /// Where the buffer goes.
    at: u64,
    buffer: Vec<u8>,
    sections: Vec<Section>,
}

/// What the system's refusal to write a file of this kind means.
pub(super) fn refused(kind: FileKind) -> impl Fn(io::Error) -> Error {
    move |error| {
        let what = if kind == FileKind::Snapshots { "the file of the snapshots" } else { "the checkpoint" };
        let message = format!("{what} cannot be written: {error}; the log is kept and nothing is lost");
        match error.kind() {
            io::ErrorKind::StorageFull => Error::Storage(Problem::new("", "disk_full", message)),
            _ => Error::Io(message),
        }
    }
}

impl<'d> FileWriter<'d> {
    /// Begins a file.
    ///
    /// # Errors
    /// `Io` when the system refuses.
    pub fn create(disk: &'d dyn Disk, id: FileId) -> Result<Self> {
        let name = format!("{id}{UNFINISHED}");
        let file = match disk.create(&name) {
            // An earlier attempt was interrupted.
            Err(error) if error.kind() == io::ErrorKind::AlreadyExists => {
                disk.remove(&name).and_then(|()| disk.create(&name))
            }
            created => created,
        };
        let file = file.map_err(refused(id.kind))?;
        Ok(Self { disk, id, file, at: HEADER_BYTES as u64, buffer: Vec::new(), sections: Vec::new() })
    }

    /// Adds a section. Each id is used once.
    ///
    /// # Errors
    /// `Io` when the system refuses.
    pub fn put(&mut self, id: SectionId, bytes: &[u8]) -> Result<()> {
        self.put_parts(id, std::iter::once(bytes))
    }

    /// Adds a section that lies in pieces.
    ///
    /// # Errors
    /// `Io` when the system refuses.
    pub fn put_parts<'b>(&mut self, id: SectionId, parts: impl Iterator<Item = &'b [u8]>) -> Result<()> {
        self.align();
        let mut section = Section { id, offset: self.end(), length: 0, crc: 0 };
        for bytes in parts {
            section.length += bytes.len() as u64;
            section.crc = crc32c::crc32c_append(section.crc, bytes);
            self.buffer.extend_from_slice(bytes);
            if self.buffer.len() >= BUFFER_BYTES {
                self.flush()?;
            }
        }
        self.sections.push(section);
        Ok(())
    }

    fn end(&self) -> u64 {
        self.at + self.buffer.len() as u64
    }

    fn align(&mut self) {
        let gap = self.end().next_multiple_of(ALIGNMENT as u64) - self.end();
        self.buffer.resize(self.buffer.len() + gap as usize, 0);
    }

    fn flush(&mut self) -> Result<()> {
        self.file.write_at(self.at, &self.buffer).map_err(refused(self.id.kind))?;
        self.at = self.end();
        self.buffer.clear();
        Ok(())
    }

    /// Makes the file safe and gives it its name, which is not safe yet.
    ///
    /// # Errors
    /// `Io` when the system refuses.
    pub fn finish(mut self) -> Result<FileEntry> {
        self.sections.sort_unstable_by_key(|section| section.id);
        debug_assert!(self.sections.is_sorted_by(|left, right| left.id < right.id), "each id once");
        let table: Vec<u8> = self.sections.iter().flat_map(|section| section.to_bytes()).collect();
        self.align();
        let header = Header {
            file: self.id,
            // A file has a few sections for each field and block.
            sections: self.sections.len() as u32,
            table: self.end(),
            length: self.end() + table.len() as u64,
            table_crc: crc32c::crc32c(&table),
        };
        self.buffer.extend_from_slice(&table);
        self.flush()?;
        self.file.write_at(0, &header.to_bytes()).map_err(refused(self.id.kind))?;
        self.file.sync_data().map_err(refused(self.id.kind))?;
        self.disk.rename(&format!("{}{UNFINISHED}", self.id), &self.id.to_string()).map_err(refused(self.id.kind))?;
        Ok(FileEntry { id: self.id, length: header.length, table_crc: header.table_crc })
    }
}
