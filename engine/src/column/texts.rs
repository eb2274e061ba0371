//! Byte strings by number, in pages that views share until one changes.

use std::borrow::Cow;
use std::sync::Arc;

use rayon::prelude::*;

use super::layout::{self, of_field};
use crate::error::Result;
use crate::paged::Paged;
use crate::shared::bytes_of;
use crate::store::checkpoint::{Dictionaries, FileKind, FileWriter, Sections};

/// Texts of one page.
const PAGE_TEXTS: usize = 1_024;

/// Pages that are copied as pointers when one of them changes.
const SHARED: usize = 32;

/// A vector of byte strings.
#[derive(Debug, Clone, Default)]
pub(super) struct Texts {
    pages: Paged<Arc<Page>, SHARED>,
    len: u32,
}

/// Texts that follow each other.
#[derive(Debug, Clone, Default)]
pub(super) struct Page {
    /// On the heap, or where a checkpoint is mapped; so are the bytes.
    ends: Cow<'static, [u32]>,
    bytes: Cow<'static, [u8]>,
}

impl Page {
    fn with_capacity(texts: usize, bytes: usize) -> Self {
        Self { ends: Cow::Owned(Vec::with_capacity(texts)), bytes: Cow::Owned(Vec::with_capacity(bytes)) }
    }

    /// Bytes that it takes.
    fn room(&self) -> usize {
        match (&self.ends, &self.bytes) {
            (Cow::Owned(ends), Cow::Owned(bytes)) => bytes.capacity() + 4 * ends.capacity(),
            (ends, bytes) => bytes.len() + 4 * ends.len(),
        }
    }

    /// Gives back what it does not need.
    fn shrink(&mut self) {
        if let (Cow::Owned(ends), Cow::Owned(bytes)) = (&mut self.ends, &mut self.bytes) {
            ends.shrink_to_fit();
            bytes.shrink_to_fit();
        }
    }

    fn text(&self, index: usize) -> &[u8] {
        let Some(end) = self.ends.get(index) else { return b"" };
        let start = if index == 0 { 0 } else { self.ends[index - 1] as usize };
        &self.bytes[start..*end as usize]
    }

    fn push(&mut self, text: &[u8]) {
        self.bytes.to_mut().extend_from_slice(text);
        // 1,024 texts of at most VALUE_BYTES_MAX bytes stay far below 4 GiB.
        let end = self.bytes.len() as u32;
        self.ends.to_mut().push(end);
    }
}

impl Texts {
    /// From texts whose number is known.
    pub(super) fn collect<'t>(count: usize, text: impl Fn(usize) -> &'t [u8] + Sync) -> Self {
        let page = |first: usize| {
            let last = count.min(first + PAGE_TEXTS);
            let bytes = (first..last).map(|index| text(index).len()).sum();
            let mut page = Page::with_capacity(last - first, bytes);
            (first..last).for_each(|index| page.push(text(index)));
            Arc::new(page)
        };
        // Texts are numbered by u32.
        let pages: Vec<Arc<Page>> = (0..count).into_par_iter().step_by(PAGE_TEXTS).map(page).collect();
        Self { pages: pages.into_iter().collect(), len: count as u32 }
    }

    /// Numbers given so far.
    pub(super) fn len(&self) -> u32 {
        self.len
    }

    /// The text of a number; empty when the number was never given.
    pub(super) fn get(&self, code: u32) -> &[u8] {
        let code = code as usize;
        self.pages.get(code / PAGE_TEXTS).map_or(b"", |page| page.text(code % PAGE_TEXTS))
    }

    /// Appends a text; its number is the length before.
    pub(super) fn push(&mut self, text: &[u8]) -> u32 {
        if (self.len as usize).is_multiple_of(PAGE_TEXTS) {
            self.open_page();
        }
        if let Some(last) = self.pages.get_mut(self.len as usize / PAGE_TEXTS) {
            Arc::make_mut(last).push(text);
        }
        self.len += 1;
        self.len - 1
    }

    /// Starts a page; the one before it gives back what it does not need.
    fn open_page(&mut self) {
        let mut fresh = Page::default();
        if let Some(last) = self.pages.len().checked_sub(1).and_then(|last| self.pages.get_mut(last)) {
            let last = Arc::make_mut(last);
            fresh = Page::with_capacity(PAGE_TEXTS, last.bytes.len());
            last.shrink();
        }
        self.pages.push(Arc::new(fresh));
    }

    /// Makes a text empty: its bytes are gone from the page.
    pub(super) fn erase(&mut self, code: u32) {
        let Some(page) = self.pages.get_mut(code as usize / PAGE_TEXTS).map(Arc::make_mut) else { return };
        let index = code as usize % PAGE_TEXTS;
        let start = if index == 0 { 0 } else { page.ends[index - 1] };
        let gone = page.ends[index] - start;
        let (ends, bytes) = (page.ends.to_mut(), page.bytes.to_mut());
        bytes.copy_within((start + gone) as usize.., start as usize);
        // What lies behind the end of a vector stays in memory.
        let end = bytes.len() - gone as usize;
        bytes[end..].fill(0);
        bytes.truncate(end);
        ends[index..].iter_mut().for_each(|end| *end -= gone);
    }

    /// All pages.
    pub(super) fn pages(&self) -> impl Iterator<Item = &Arc<Page>> + Clone {
        self.pages.iter()
    }

    /// Pages to which nothing can be appended.
    pub(super) fn full_pages(&self) -> usize {
        self.len as usize / PAGE_TEXTS
    }

    /// What was written of all pages.
    pub(super) fn read(from: &Dictionaries, field: u16) -> Result<Self> {
        let (mut pages, mut len) = (Vec::new(), 0u32);
        for sections in from.of(FileKind::Texts, field) {
            let malformed = |why| sections.malformed(of_field(field, layout::TEXT_PAGES), why);
            if !len.is_multiple_of(PAGE_TEXTS as u32) {
                return Err(malformed("the texts before end within a page"));
            }
            let (more, texts) = Page::read_all(sections, field)?;
            pages.extend(more);
            len = len.checked_add(texts).ok_or_else(|| malformed("there are more texts than numbers"))?;
        }
        Ok(Self { pages: pages.into_iter().collect(), len })
    }

    /// How many texts [`Self::read`] finds, which reads none of them.
    pub(super) fn count(from: &Dictionaries, field: u16) -> u64 {
        let ends = of_field(field, layout::TEXT_ENDS);
        from.of(FileKind::Texts, field).map(|sections| sections.length(ends) / size_of::<u32>() as u64).sum()
    }

    /// Heap bytes.
    pub(super) fn bytes(&self) -> usize {
        self.pages.iter().map(|page| page.room()).sum()
    }
}

impl Page {
    /// Writes pages that follow each other.
    pub(super) fn write_all<'p>(
        pages: impl Iterator<Item = &'p Arc<Self>> + Clone,
        out: &mut FileWriter<'_>,
        field: u16,
    ) -> Result<()> {
        let mut starts = vec![0u64];
        let mut end = 0;
        starts.extend(pages.clone().map(|page| {
            end += page.bytes.len() as u64;
            end
        }));
        out.put(of_field(field, layout::TEXT_PAGES), bytes_of(&starts))?;
        out.put_parts(of_field(field, layout::TEXT_ENDS), pages.clone().map(|page| bytes_of(&page.ends)))?;
        out.put_parts(of_field(field, layout::TEXT_BYTES), pages.map(|page| &*page.bytes))
    }

    /// What [`Self::write_all`] wrote, and how many texts that is.
    fn read_all(from: &Sections, field: u16) -> Result<(Vec<Arc<Self>>, u32)> {
        let malformed = |why| from.malformed(of_field(field, layout::TEXT_PAGES), why);
        let starts: &[u64] = from.values(of_field(field, layout::TEXT_PAGES))?.unwrap_or_default();
        let ends: &'static [u32] = from.values(of_field(field, layout::TEXT_ENDS))?.unwrap_or_default();
        let bytes = from.bytes(of_field(field, layout::TEXT_BYTES))?.unwrap_or_default();
        if starts.len().saturating_sub(1) != ends.len().div_ceil(PAGE_TEXTS) {
            return Err(malformed("there are more pages than texts for them"));
        }
        let page = |(index, bounds): (usize, &[u64])| {
            let ends = &ends[index * PAGE_TEXTS..ends.len().min((index + 1) * PAGE_TEXTS)];
            let bytes = bytes.get(usize::try_from(bounds[0]).ok()?..usize::try_from(bounds[1]).ok()?)?;
            let fit = ends.is_sorted() && ends.last().is_some_and(|end| *end as usize == bytes.len());
            fit.then(|| Arc::new(Self { ends: Cow::Borrowed(ends), bytes: Cow::Borrowed(bytes) }))
        };
        let pages: Option<Vec<Arc<Self>>> = starts.windows(2).enumerate().map(page).collect();
        // Sections have fewer values than u32 counts.
        Ok((pages.ok_or_else(|| malformed("texts do not fit their pages"))?, ends.len() as u32))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_erased_text_is_nowhere_in_its_page() {
        for erased in [0, 1, 2] {
            let mut texts = Texts::default();
            [&b"first"[..], b"secret", b"last one"].into_iter().for_each(|text| _ = texts.push(text));
            let before = texts.clone();
            let gone = texts.get(erased).to_vec();
            texts.erase(erased);
            let page = texts.pages.get(0).expect("a page");
            assert!(page.bytes.windows(gone.len()).all(|bytes| bytes != gone));
            for code in 0..3 {
                assert_eq!(texts.get(code), if code == erased { b"" } else { before.get(code) });
            }
            assert_eq!(before.get(erased), gone);
        }
    }
}
