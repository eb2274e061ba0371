//! Blocks side by side, for what every question looks up and few changes replace: one load leads to a block, and a change
//! copies the pointers of all.

use std::sync::Arc;

/// Blocks behind pointers that lie in one piece. A clone shares them.
#[derive(Debug)]
pub struct Flat<T>(Arc<[Arc<T>]>);

impl<T> Flat<T> {
    /// How many blocks.
    pub fn len(&self) -> usize {
        self.0.len()
    }

    /// Whether there are none.
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// One block.
    pub fn get(&self, block: u32) -> Option<&Arc<T>> {
        self.0.get(block as usize)
    }

    /// The blocks in order.
    pub fn iter(&self) -> impl Iterator<Item = &Arc<T>> {
        self.0.iter()
    }

    /// Makes it at least so many blocks long; new ones are this.
    pub fn grow_to(&mut self, blocks: usize, empty: impl FnOnce() -> T) {
        if let Some(missing) = blocks.checked_sub(self.len()).filter(|missing| *missing > 0) {
            self.0 = self.iter().cloned().chain(std::iter::repeat_n(Arc::new(empty()), missing)).collect();
        }
    }

    /// Puts another block in the place of one that is there.
    pub fn replace(&mut self, block: u32, new: T) {
        if let Some(place) = Arc::make_mut(&mut self.0).get_mut(block as usize) {
            *place = Arc::new(new);
        }
    }
}

impl<T> Clone for Flat<T> {
    fn clone(&self) -> Self {
        Self(self.0.clone())
    }
}

impl<T> Default for Flat<T> {
    fn default() -> Self {
        Self(Arc::default())
    }
}

impl<T> FromIterator<T> for Flat<T> {
    fn from_iter<I: IntoIterator<Item = T>>(blocks: I) -> Self {
        Self(blocks.into_iter().map(Arc::new).collect())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn others_keep_what_they_have() {
        let before: Flat<i32> = [1, 2].into_iter().collect();
        let mut after = before.clone();
        after.grow_to(1, || 9);
        after.grow_to(4, || 7);
        after.replace(1, 5);
        after.replace(4, 6);
        assert!(after.iter().map(|block| **block).eq([1, 5, 7, 7]));
        assert!(before.iter().map(|block| **block).eq([1, 2]));
        assert_eq!((after.get(4), before.len(), Flat::<i32>::default().is_empty()), (None, 2, true));
    }
}
