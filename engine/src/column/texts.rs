//! Byte strings by number, in pages that views share until one changes.

use std::sync::Arc;

use rayon::prelude::*;

/// Texts of one page.
const PAGE_TEXTS: usize = 1_024;

/// A vector of byte strings.
#[derive(Debug, Clone, Default)]
pub(super) struct Texts {
    pages: Vec<Arc<Page>>,
    len: u32,
}

/// Texts that follow each other.
#[derive(Debug, Clone, Default)]
struct Page {
    ends: Vec<u32>,
    bytes: Vec<u8>,
}

impl Page {
    fn text(&self, index: usize) -> &[u8] {
        let start = if index == 0 { 0 } else { self.ends[index - 1] as usize };
        &self.bytes[start..self.ends[index] as usize]
    }

    fn push(&mut self, text: &[u8]) {
        self.bytes.extend_from_slice(text);
        // 1,024 texts of at most VALUE_BYTES_MAX bytes stay far below 4 GiB.
        self.ends.push(self.bytes.len() as u32);
    }
}

impl Texts {
    /// From texts whose number is known.
    pub(super) fn collect<'t>(count: usize, text: impl Fn(usize) -> &'t [u8] + Sync) -> Self {
        let page = |first: usize| {
            let last = count.min(first + PAGE_TEXTS);
            let bytes = (first..last).map(|index| text(index).len()).sum();
            let mut page = Page { ends: Vec::with_capacity(last - first), bytes: Vec::with_capacity(bytes) };
            (first..last).for_each(|index| page.push(text(index)));
            Arc::new(page)
        };
        // Texts are numbered by u32.
        Self { pages: (0..count).into_par_iter().step_by(PAGE_TEXTS).map(page).collect(), len: count as u32 }
    }

    /// Numbers given so far.
    pub(super) fn len(&self) -> u32 {
        self.len
    }

    /// The text of a number.
    ///
    /// # Panics
    /// When the number was never given.
    pub(super) fn get(&self, code: u32) -> &[u8] {
        let code = code as usize;
        self.pages[code / PAGE_TEXTS].text(code % PAGE_TEXTS)
    }

    /// Appends a text; its number is the length before.
    pub(super) fn push(&mut self, text: &[u8]) -> u32 {
        if (self.len as usize).is_multiple_of(PAGE_TEXTS) {
            self.open_page();
        }
        let last = self.pages.len() - 1;
        Arc::make_mut(&mut self.pages[last]).push(text);
        self.len += 1;
        self.len - 1
    }

    /// Starts a page; the one before it gives back what it does not need.
    fn open_page(&mut self) {
        let mut fresh = Page::default();
        if let Some(last) = self.pages.last_mut() {
            let last = Arc::make_mut(last);
            fresh = Page { ends: Vec::with_capacity(PAGE_TEXTS), bytes: Vec::with_capacity(last.bytes.len()) };
            last.bytes.shrink_to_fit();
            last.ends.shrink_to_fit();
        }
        self.pages.push(Arc::new(fresh));
    }

    /// Makes a text empty: its bytes are gone from the page.
    pub(super) fn erase(&mut self, code: u32) {
        let page = Arc::make_mut(&mut self.pages[code as usize / PAGE_TEXTS]);
        let index = code as usize % PAGE_TEXTS;
        let start = if index == 0 { 0 } else { page.ends[index - 1] };
        let gone = page.ends[index] - start;
        page.bytes.copy_within((start + gone) as usize.., start as usize);
        // What lies behind the end of a vector stays in memory.
        let end = page.bytes.len() - gone as usize;
        page.bytes[end..].fill(0);
        page.bytes.truncate(end);
        page.ends[index..].iter_mut().for_each(|end| *end -= gone);
    }

    /// Heap bytes.
    pub(super) fn bytes(&self) -> usize {
        self.pages.iter().map(|page| page.bytes.capacity() + 4 * page.ends.capacity()).sum()
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
            let page = &texts.pages[0];
            assert!(page.bytes.windows(gone.len()).all(|bytes| bytes != gone));
            for code in 0..3 {
                assert_eq!(texts.get(code), if code == erased { b"" } else { before.get(code) });
            }
            assert_eq!(before.get(erased), gone);
        }
    }
}
