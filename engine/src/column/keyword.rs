//! Strings of one field: a dictionary, and each row's code.

use std::collections::BTreeSet;

use super::chunks::{Chunks, ChunksEditor};
use super::dict::Dict;

/// The code of a row that has no value.
pub const MISSING: u32 = u32::MAX;

/// A keyword field's values.
#[derive(Debug, Clone)]
pub struct Keyword {
    /// Texts by code.
    pub dict: Dict,
    /// Codes by row; [`MISSING`] where there is no value.
    pub codes: Chunks<u32>,
}

impl Default for Keyword {
    fn default() -> Self {
        Self { dict: Dict::default(), codes: Chunks::new(MISSING) }
    }
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
    codes: ChunksEditor<u32>,
}

impl KeywordEditor {
    /// Starts from a column.
    pub fn new(base: Keyword) -> Self {
        Self { dict: base.dict, codes: ChunksEditor::new(base.codes) }
    }

    /// Gives a row a value, or none; says whether that is a change.
    pub fn set(&mut self, row: u32, text: Option<&str>) -> bool {
        let code = text.map_or(MISSING, |text| self.dict.intern(text.as_bytes()).0);
        let changed = self.codes.get(row) != code;
        if changed {
            self.codes.set(row, code);
        }
        changed
    }

    /// The changed column, and which blocks are new in it.
    pub fn finish(self) -> (Keyword, BTreeSet<u32>) {
        let (codes, touched) = self.codes.finish();
        (Keyword { dict: self.dict, codes }, touched)
    }
}
