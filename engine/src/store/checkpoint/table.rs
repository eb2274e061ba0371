//! The table of sections of a mapped file, and which of them are known to be what was written.
//!
//! A section is compared with its checksum when somebody first asks for its bytes, or when everything is checked; the
//! bytes of a file never change, so once is enough.

use std::sync::atomic::{AtomicBool, Ordering};

use super::format::{ALIGNMENT, ENTRY_BYTES, FileId, HEADER_BYTES, Header, Section, SectionId};
use crate::error::{Error, Result};
use crate::store::mapped::{Expect, expect};

/// An error that names file and offset.
pub(super) fn damage(file: FileId, offset: u64, why: &str) -> Error {
    Error::Corrupt(format!(
        "the checkpoint is damaged: {file} at byte {offset}: {why}; put the file back from a backup"
    ))
}

/// Where the sections of a file lie.
#[derive(Debug)]
pub(super) struct Table {
    file: FileId,
    /// Ascending by name.
    sections: Vec<Section>,
    /// Which of them were compared with their checksums.
    good: Box<[AtomicBool]>,
    /// Where the last of them ends at most.
    end: u64,
}

impl Table {
    /// The table of a file whose header is good.
    pub(super) fn read(file: FileId, bytes: &[u8], header: &Header) -> Result<Self> {
        let table = usize::try_from(header.table).ok().and_then(|table| bytes.get(table..)).unwrap_or_default();
        expect(table, Expect::All);
        if table.len() != header.sections as usize * ENTRY_BYTES || crc32c::crc32c(table) != header.table_crc {
            return Err(damage(file, header.table, "its table of sections is not what was written"));
        }
        let sections: Vec<Section> = table.as_chunks().0.iter().map(Section::from_bytes).collect();
        let lies_inside = |section: &Section| {
            let end = section.offset.checked_add(section.length);
            section.offset >= HEADER_BYTES as u64
                && section.offset.is_multiple_of(ALIGNMENT as u64)
                && end.is_some_and(|end| end <= header.table)
        };
        if !sections.iter().all(lies_inside) || !sections.is_sorted_by(|left, right| left.id < right.id) {
            return Err(damage(file, header.table, "its table of sections makes no sense"));
        }
        let good = sections.iter().map(|_| AtomicBool::new(false)).collect();
        Ok(Self { file, sections, good, end: header.table })
    }

    /// Which file it is of.
    pub(super) fn file(&self) -> FileId {
        self.file
    }

    /// The names of all sections.
    pub(super) fn ids(&self) -> impl Iterator<Item = SectionId> {
        self.sections.iter().map(|section| section.id)
    }

    fn find(&self, id: SectionId) -> Option<usize> {
        self.sections.binary_search_by_key(&id, |section| section.id).ok()
    }

    /// Bytes of a section, if there is one of that name; nothing of it is read.
    pub(super) fn length(&self, id: SectionId) -> Option<u64> {
        Some(self.sections[self.find(id)?].length)
    }

    /// A section of the file's bytes whether it is good or not, if there is one of that name.
    pub(super) fn unchecked<'m>(&self, bytes: &'m [u8], id: SectionId) -> Option<&'m [u8]> {
        Some(section_bytes(bytes, &self.sections[self.find(id)?]))
    }

    /// A section of the file's bytes, if there is one of that name.
    ///
    /// # Errors
    /// `Corrupt` when it is not what was written, naming file and offset.
    pub(super) fn section<'m>(&self, bytes: &'m [u8], id: SectionId) -> Result<Option<&'m [u8]>> {
        let Some(at) = self.find(id) else { return Ok(None) };
        self.check(bytes, at)?;
        Ok(Some(section_bytes(bytes, &self.sections[at])))
    }

    /// From the first to the last byte of a field's sections, which are written one after the other.
    pub(super) fn of_field<'m>(&self, bytes: &'m [u8], field: u16) -> &'m [u8] {
        let from = self.sections.partition_point(|section| section.id.field < field);
        let own = &self.sections[from..];
        let own = &own[..own.partition_point(|section| section.id.field == field)];
        let first = own.iter().map(|section| section.offset).min().unwrap_or_default();
        let end = own.iter().map(|section| section.offset + section.length).max().unwrap_or_default();
        // It was checked that each section lies inside the file.
        &bytes[first as usize..end as usize]
    }

    fn check(&self, bytes: &[u8], at: usize) -> Result<()> {
        let (section, good) = (&self.sections[at], &self.good[at]);
        // Whoever sees the mark learns nothing else from it: the bytes have been there all the time.
        if good.load(Ordering::Relaxed) {
            return Ok(());
        }
        if crc32c::crc32c(section_bytes(bytes, section)) != section.crc {
            return Err(damage(self.file, section.offset, "the section there is not what was written"));
        }
        good.store(true, Ordering::Relaxed);
        Ok(())
    }

    /// Compares all sections that were not compared yet with their checksums, and looks between them.
    ///
    /// # Errors
    /// `Corrupt`, naming the first that differs.
    pub(super) fn check_all(&self, bytes: &[u8]) -> Result<()> {
        self.check_gaps(bytes)?;
        (0..self.sections.len()).try_for_each(|at| self.check(bytes, at))
    }

    /// Whether nothing lies between the sections.
    fn check_gaps(&self, bytes: &[u8]) -> Result<()> {
        let mut sections = self.sections.clone();
        sections.sort_unstable_by_key(|section| (section.offset, section.length));
        let starts = sections.iter().map(|section| section.offset).chain([self.end]);
        let ends =
            [HEADER_BYTES as u64].into_iter().chain(sections.iter().map(|section| section.offset + section.length));
        for (end, start) in ends.zip(starts) {
            // Sections lie inside the file.
            let gap = bytes.get(end as usize..start as usize);
            if gap.is_none_or(|gap| gap.len() >= ALIGNMENT || gap.iter().any(|byte| *byte != 0)) {
                return Err(damage(self.file, end, "there is something between sections"));
            }
        }
        Ok(())
    }

    /// An error about what a section holds.
    pub(super) fn malformed(&self, id: SectionId, why: &str) -> Error {
        damage(self.file, self.find(id).map_or(0, |at| self.sections[at].offset), why)
    }
}

fn section_bytes<'m>(bytes: &'m [u8], section: &Section) -> &'m [u8] {
    // It was checked that each section lies inside the file.
    &bytes[section.offset as usize..(section.offset + section.length) as usize]
}
