//! Things that are no mistake but that somebody should know.

use crate::column::Dict;
use crate::rule;

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

/// Unknown values of one rule that are named; the others are only counted by their zero.
pub(super) const UNKNOWN_VALUES_MAX: usize = 10;

/// Existing values like `word`: the same in other case first, then by edit distance.
pub(super) fn nearest(word: &str, dict: &Dict, used: impl Fn(u32) -> bool) -> Vec<String> {
    if dict.live() > NEAREST_AMONG_MAX {
        return Vec::new();
    }
    let texts = dict.iter().filter(|(code, _)| used(*code)).filter_map(|(_, text)| std::str::from_utf8(text).ok());
    rule::nearest(word, texts)
}
