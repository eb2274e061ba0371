//! A vector that is cheap to clone and to change in one place: pages behind `Arc`, copied when they are written.
//!
//! Every published view shares all pages but those that a later change touched.

use std::sync::Arc;

/// Entries of one page: small enough to copy in a microsecond, large enough that a clone touches few pointers.
const PAGE: usize = 256;

/// A copy-on-write vector.
#[derive(Debug, Clone)]
pub struct Paged<T> {
    pages: Vec<Arc<Vec<T>>>,
}

impl<T> Default for Paged<T> {
    fn default() -> Self {
        Self { pages: Vec::new() }
    }
}

impl<T: Clone> Paged<T> {
    /// Entries.
    pub fn len(&self) -> usize {
        self.pages.last().map_or(0, |last| (self.pages.len() - 1) * PAGE + last.len())
    }

    /// Whether there are none.
    pub fn is_empty(&self) -> bool {
        self.pages.is_empty()
    }

    /// One entry.
    pub fn get(&self, index: usize) -> Option<&T> {
        self.pages.get(index / PAGE)?.get(index % PAGE)
    }

    /// One entry to change; its page is copied when another view holds it.
    pub fn get_mut(&mut self, index: usize) -> Option<&mut T> {
        Arc::make_mut(self.pages.get_mut(index / PAGE)?).get_mut(index % PAGE)
    }

    /// Appends.
    pub fn push(&mut self, value: T) {
        match self.pages.last_mut() {
            Some(page) if page.len() < PAGE => Arc::make_mut(page).push(value),
            _ => {
                let mut page = Vec::with_capacity(if self.pages.is_empty() { 1 } else { PAGE });
                page.push(value);
                self.pages.push(Arc::new(page));
            }
        }
    }

    /// Entries in order.
    pub fn iter(&self) -> impl Iterator<Item = &T> {
        self.pages.iter().flat_map(|page| page.iter())
    }

    /// Appends clones of `value` until there are `len` entries.
    pub fn grow_to(&mut self, len: usize, value: &T) {
        while self.len() < len {
            self.push(value.clone());
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_clone_keeps_what_it_saw() {
        let mut paged = Paged::default();
        for i in 0..1_000 {
            paged.push(i);
        }
        let before = paged.clone();
        *paged.get_mut(700).expect("there are 1,000") = -1;
        paged.push(1_000);
        assert_eq!(before.iter().copied().collect::<Vec<_>>(), (0..1_000).collect::<Vec<_>>());
        assert_eq!((paged.get(700), paged.get(699), paged.len()), (Some(&-1), Some(&699), 1_001));
        assert_eq!(paged.get(1_001), None);
    }
}
