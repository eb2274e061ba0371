//! Buffers that are lent and come back: nothing is allocated once every depth of a tree has been visited.

use super::items::Item;
use crate::block::Words;

/// One thread's buffers.
#[derive(Debug, Default)]
pub(super) struct Scratch<'p> {
    words: Vec<Box<Words>>,
    lists: Vec<Vec<u16>>,
    items: Vec<Vec<Item<'p>>>,
    /// Two sets that are empty between uses.
    pub(super) marks: [Option<Box<Words>>; 2],
}

impl<'p> Scratch<'p> {
    /// Words that hold anything.
    pub(super) fn words(&mut self) -> Box<Words> {
        self.words.pop().unwrap_or_else(Words::boxed)
    }

    pub(super) fn give_back(&mut self, words: Box<Words>) {
        self.words.push(words);
    }

    /// An empty list.
    pub(super) fn list(&mut self) -> Vec<u16> {
        self.lists.pop().unwrap_or_default()
    }

    pub(super) fn give_back_list(&mut self, mut list: Vec<u16>) {
        list.clear();
        self.lists.push(list);
    }

    /// No items.
    pub(super) fn items(&mut self) -> Vec<Item<'p>> {
        self.items.pop().unwrap_or_default()
    }

    pub(super) fn give_back_items(&mut self, mut items: Vec<Item<'p>>) {
        items.clear();
        self.items.push(items);
    }
}
