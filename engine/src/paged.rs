//! A vector that is cheap to clone and to change in one place: pages behind `Arc`, copied when they are written.
//!
//! A clone copies one pointer. A change copies the pointers of all pages and the entries of one, so every published view
//! shares all pages but those that a later change touched.

use std::sync::Arc;

/// Entries of a page where nothing else is said: small enough to copy in a microsecond.
const PAGE: usize = 256;

/// A copy-on-write vector with so many entries a page.
#[derive(Debug, Clone)]
pub struct Paged<T, const SIZE: usize = PAGE> {
    pages: Arc<[Arc<[T]>]>,
    len: usize,
}

impl<T, const SIZE: usize> Default for Paged<T, SIZE> {
    fn default() -> Self {
        Self { pages: Arc::default(), len: 0 }
    }
}

impl<T: PartialEq, const SIZE: usize> PartialEq for Paged<T, SIZE> {
    fn eq(&self, other: &Self) -> bool {
        self.len == other.len && self.iter().eq(other.iter())
    }
}

impl<T, const SIZE: usize> Paged<T, SIZE> {
    /// Entries.
    pub fn len(&self) -> usize {
        self.len
    }

    /// Whether there are none.
    pub fn is_empty(&self) -> bool {
        self.len == 0
    }

    /// One entry.
    pub fn get(&self, index: usize) -> Option<&T> {
        self.pages.get(index / SIZE)?.get(index % SIZE)
    }

    /// The entries from one on that lie beside it; none beyond the end.
    pub fn rest_of_page(&self, index: usize) -> &[T] {
        self.pages.get(index / SIZE).and_then(|page| page.get(index % SIZE..)).unwrap_or_default()
    }

    /// The last entry.
    pub fn last(&self) -> Option<&T> {
        self.get(self.len.checked_sub(1)?)
    }

    /// Entries in order.
    pub fn iter(&self) -> impl Iterator<Item = &T> + Clone {
        self.pages.iter().flat_map(|page| page.iter())
    }

    /// How many entries at the front a property holds for; it holds for no other.
    pub fn partition_point(&self, holds: impl Fn(&T) -> bool) -> usize {
        let page = self.pages.partition_point(|page| page.last().is_some_and(&holds));
        self.pages.get(page).map_or(self.len, |entries| page * SIZE + entries.partition_point(&holds))
    }

    /// Bytes of entries and pages.
    pub fn bytes(&self) -> usize {
        self.len * size_of::<T>() + self.pages.len() * (size_of::<Arc<[T]>>() + 16)
    }
}

impl<T: Clone, const SIZE: usize> Paged<T, SIZE> {
    /// One entry to change; its page is copied when another view holds it.
    pub fn get_mut(&mut self, index: usize) -> Option<&mut T> {
        if index >= self.len {
            return None;
        }
        Arc::make_mut(&mut Arc::make_mut(&mut self.pages)[index / SIZE]).get_mut(index % SIZE)
    }

    /// Appends.
    pub fn push(&mut self, value: T) {
        self.grow_to(self.len + 1, &value);
    }

    /// Appends clones of `value` until there are `len` entries.
    pub fn grow_to(&mut self, len: usize, value: &T) {
        if len <= self.len {
            return;
        }
        let whole = self.len / SIZE;
        let begun = self.pages.get(whole).map_or(&[][..], |page| page);
        let page = |at: usize| {
            let old = if at == whole { begun } else { &[] };
            let wanted = SIZE.min(len - at * SIZE);
            old.iter().chain(std::iter::repeat_n(value, wanted - old.len())).cloned().collect()
        };
        let pages = self.pages[..whole].iter().cloned().chain((whole..len.div_ceil(SIZE)).map(page));
        self.pages = pages.collect::<Vec<_>>().into();
        self.len = len;
    }

    /// Puts an entry before those from `index` on.
    pub fn insert(&mut self, index: usize, value: T) {
        if index == self.len {
            return self.push(value);
        }
        let (front, back) = (self.iter().take(index), self.iter().skip(index));
        *self = front.chain([&value]).chain(back).cloned().collect();
    }

    /// Takes an entry out.
    pub fn remove(&mut self, index: usize) {
        *self = self.iter().take(index).chain(self.iter().skip(index + 1)).cloned().collect();
    }
}

impl<T, const SIZE: usize> FromIterator<T> for Paged<T, SIZE> {
    fn from_iter<I: IntoIterator<Item = T>>(values: I) -> Self {
        let mut values = values.into_iter();
        let (mut pages, mut len) = (Vec::new(), 0);
        loop {
            let page: Arc<[T]> = values.by_ref().take(SIZE).collect::<Vec<T>>().into();
            if page.is_empty() {
                return Self { pages: pages.into(), len };
            }
            len += page.len();
            pages.push(page);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_clone_keeps_what_it_saw() {
        let mut paged = Paged::<i32>::default();
        for i in 0..1_000 {
            paged.push(i);
        }
        let before = paged.clone();
        *paged.get_mut(700).expect("there are 1,000") = -1;
        paged.push(1_000);
        assert!(before.iter().copied().eq(0..1_000));
        assert_eq!((paged.get(700), paged.get(699), paged.len()), (Some(&-1), Some(&699), 1_001));
        assert_eq!(paged.get(1_001), None);
        assert_eq!(paged.get_mut(1_001), None);
    }

    #[test]
    fn it_is_a_vector() {
        for len in [0, 1, 7, 8, 9, 16, 30] {
            let numbers: Vec<i32> = (0..len).map(|i| 2 * i).collect();
            let paged: Paged<i32, 8> = numbers.iter().copied().collect();
            assert_eq!((paged.len(), paged.last()), (numbers.len(), numbers.last()));
            for bound in -1..=2 * len {
                let below = numbers.partition_point(|number| *number < bound);
                assert_eq!(paged.partition_point(|number| *number < bound), below);
            }
            for index in 0..=numbers.len() {
                let rest = paged.rest_of_page(index);
                assert!(
                    rest.len() <= 8
                        && numbers[index..].starts_with(rest)
                        && rest.is_empty() == (index == numbers.len())
                );
                let (mut paged, mut vector) = (paged.clone(), numbers.clone());
                paged.insert(index, -1);
                vector.insert(index, -1);
                assert!(paged.iter().eq(&vector));
                paged.remove(index);
                paged.grow_to(numbers.len() + 20, &5);
                vector.remove(index);
                vector.resize(numbers.len() + 20, 5);
                assert!(paged.iter().eq(&vector));
            }
        }
    }
}
