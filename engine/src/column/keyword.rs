//! Strings of one field: a dictionary, and each row's code.

use std::collections::BTreeSet;

use super::codes::{Codes, CodesEditor};
use super::dict::Dict;

/// A keyword field's values.
#[derive(Debug, Clone, Default)]
pub struct Keyword {
    /// Texts by code.
    pub dict: Dict,
    /// Codes by row; [`super::MISSING`] where there is no value.
    pub codes: Codes,
}

impl Keyword {
    /// The string of a code. Dictionaries of keyword fields hold nothing but what was a `str` before.
    pub fn text(&self, code: u32) -> &str {
        std::str::from_utf8(self.dict.text(code)).unwrap_or_default()
    }

    /// Heap bytes.
    pub fn bytes(&self) -> usize {
        self.dict.bytes() + self.codes.bytes()
    }
}

/// A keyword field that is being changed.
#[derive(Debug)]
pub struct KeywordEditor {
    dict: Dict,
    codes: CodesEditor,
}

impl KeywordEditor {
    /// Starts from a column.
    pub fn new(base: Keyword) -> Self {
        Self { dict: base.dict, codes: CodesEditor::new(base.codes) }
    }

    /// The codes of many texts; see [`Dict::intern_all`].
    pub fn intern_all<'t>(&mut self, count: usize, text: impl Fn(usize) -> &'t [u8]) -> Vec<u32> {
        self.dict.intern_all(count, text)
    }

    /// Gives a row a code of the dictionary, or [`super::MISSING`]; says whether that is a change.
    pub fn set(&mut self, row: u32, code: u32) -> bool {
        let changed = self.codes.get(row) != code;
        if changed {
            self.codes.set(row, code);
        }
        changed
    }

    /// The code of a row as it stands.
    pub fn code(&self, row: u32) -> u32 {
        self.codes.get(row)
    }

    /// Gives codes to rows from `first` on, which no earlier row follows.
    pub fn append(&mut self, first: u32, codes: &[u32]) {
        self.codes.append(first, codes);
    }

    /// The changed column, and which blocks are new in it; see [`super::OpenBlocks::finish_in`].
    pub fn finish(self, order: Option<&[u32]>) -> (Keyword, BTreeSet<u32>) {
        let (codes, touched) = self.codes.finish(order);
        (Keyword { dict: self.dict, codes }, touched)
    }
}
