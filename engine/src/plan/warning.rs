//! Things that are no mistake but that somebody should know.

use super::Plan;
use super::bind::is_used;
use crate::column::Column;
use crate::id::FieldId;
use crate::rule;
use crate::table::{FieldData, View};

/// A remark about one place of a rule.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Warning {
    /// JSON pointer into the rule.
    pub pointer: String,
    /// Stable machine-readable kind, such as `unknown_value`.
    pub code: &'static str,
    /// Lower case, one sentence, no full stop.
    pub message: String,
    /// Nearest existing values, best first.
    pub suggestions: Vec<String>,
}

/// Values that are searched for one's neighbours; beyond, a suggestion would cost more than the count.
const NEAREST_AMONG_MAX: u32 = 100_000;

/// Unknown words of one rule that are named; the others are only counted by their zero.
pub(super) const UNKNOWN_WORDS_MAX: usize = 10;

/// A word that a rule looks for and no profile has.
#[derive(Debug)]
pub(super) struct UnknownWord {
    pub(super) pointer: String,
    pub(super) field: FieldId,
    pub(super) word: String,
}

impl Plan<'_> {
    /// What whoever asked should know. Looks for words like the unknown ones, which takes longer than a count.
    pub fn warnings(&self, view: &View) -> Vec<Warning> {
        let warning = |unknown: &UnknownWord| Warning {
            pointer: unknown.pointer.clone(),
            code: "unknown_value",
            message: format!("no profile has \"{}\" in \"{}\"", unknown.word, view.schema().field(unknown.field).name),
            suggestions: nearest(&unknown.word, view.field(unknown.field)),
        };
        self.unknown.iter().map(warning).collect()
    }
}

/// Existing values like `word`: the same in other case first, then by edit distance.
fn nearest(word: &str, field: &FieldData) -> Vec<String> {
    let dict = match &field.column {
        Column::Keyword(keyword) => &keyword.dict,
        Column::Members(members) => &members.dict,
        Column::Flag | Column::Scalar(_) => return Vec::new(),
    };
    if dict.live() > NEAREST_AMONG_MAX {
        return Vec::new();
    }
    let used = dict.iter().filter(|(code, _)| is_used(field, *code));
    rule::nearest(word, used.filter_map(|(_, text)| std::str::from_utf8(text).ok()))
}
