//! A sum of weighted tests that has to reach a threshold: what a look-alike segment asks of a person.
//!
//! Weights are whole numbers, so the sum of a person is the same on every machine and in whatever order it is added.
//! Where many people share the sum at the threshold, a fixed hash of their ids says which of them still belong: a size
//! that was asked for can then be kept to the person.
//!
//! Not here: where weights come from (`lookalike`), and adding them up for everybody (`eval`).

use super::checked::LeafTest;
use crate::id::FieldId;

/// Weighted tests and the sum that they have to reach.
#[derive(Debug, Clone)]
pub struct Score {
    /// What is added up.
    pub terms: Vec<ScoreTerm>,
    /// The least sum that is in.
    pub at_least: i64,
    /// Of the people whose sum is one less, those whose id's hash is below this are in as well.
    pub cut: u32,
}

/// One weighted test.
#[derive(Debug, Clone)]
pub struct ScoreTerm {
    /// The positive test.
    pub test: LeafTest,
    /// Whether its complement counts.
    pub negated: bool,
    /// What it adds; negative for what speaks against a person.
    pub weight: i32,
}

impl Score {
    /// The fields that are tested, each as often as it is.
    pub fn fields(&self) -> impl Iterator<Item = FieldId> + '_ {
        self.terms.iter().filter_map(|term| term.test.field())
    }

    /// Whether somebody with this sum is in; `hash` is asked for only where it decides.
    pub fn admits(&self, sum: i64, hash: impl FnOnce() -> u32) -> bool {
        sum >= self.at_least || (self.cut > 0 && sum == self.at_least - 1 && hash() < self.cut)
    }
}
