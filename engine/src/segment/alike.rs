//! What a look-alike segment holds: a model of whom its source consists of, as it was when it was trained.
//!
//! The model is frozen, membership is not: whoever reaches the threshold is in, from the moment that their fields say
//! so, and whoever no longer does is out. Training again is a new version of the segment.
//!
//! Not here: how a model is found (`lookalike`), and how sums are added up (`eval`).

use std::collections::BTreeSet;
use std::sync::Arc;

use crate::error::Problem;
use crate::id::SegmentId;
use crate::rule::{CheckedKind, CheckedNode, CheckedRule, LeafTest, Match, Rule, Score, ScoreTerm, Test, check_saved};
use crate::schema::Schema;
use crate::time::Timestamp;

/// Hundredths of a natural logarithm of odds that one point of a score is worth.
pub const SCORE_UNIT: f64 = 100.0;

/// A trained model.
#[derive(Debug, Clone, PartialEq)]
pub struct Model {
    /// Whom others are to be like.
    pub source: SegmentId,
    /// Whether the people of the source are in as well.
    pub include_source: bool,
    /// How many were asked for.
    pub aim: Aim,
    /// Fields that were allowed to count; none for all that are fit for it.
    pub fields: Option<Vec<String>>,
    /// What adds to a person's score, and how much.
    pub terms: Vec<Term>,
    /// The least score that somebody could have.
    pub least: i64,
    /// The greatest.
    pub most: i64,
    /// The least score that is in.
    pub at_least: i64,
    /// Of the people with one point less, those whose id's hash is below this are in as well.
    pub cut: u32,
    /// What it was trained with.
    pub trained: Trained,
}

/// How many look-alikes are wanted. Shares are in millionths.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Aim {
    /// The so many that are most alike.
    Size(u64),
    /// So large a share of all profiles.
    Share(u32),
    /// Whoever is so similar: 0 is the least score that there can be, a million the greatest.
    Similarity(u32),
}

/// A test and what it adds.
#[derive(Debug, Clone, PartialEq)]
pub struct Term {
    /// The test, as somebody would write it.
    pub test: Test,
    /// Points, in hundredths of the logarithm of odds.
    pub weight: i32,
    /// For how many of the source it held.
    pub source: u64,
    /// For how many others.
    pub others: u64,
}

/// The moment of a training.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Trained {
    /// When.
    pub at: Timestamp,
    /// On which version of the data.
    pub data_version: u64,
    /// The version of the source's definition.
    pub source_version: u64,
    /// People of the source then.
    pub source: u64,
    /// All people then.
    pub population: u64,
    /// Look-alikes then.
    pub size: u64,
}

impl Model {
    /// The score alone, ready to be planned.
    ///
    /// # Errors
    /// Every mistake, when the fields are not those of the schema that it was trained for.
    pub fn score(&self, schema: &Schema) -> Result<Score, Vec<Problem>> {
        let (mut terms, mut problems) = (Vec::with_capacity(self.terms.len()), Vec::new());
        for term in &self.terms {
            match check_saved(&Rule::Test(term.test.clone()), schema, &BTreeSet::new()) {
                Ok(CheckedRule { root: CheckedNode { kind: CheckedKind::Leaf { test, negated }, .. } }) => {
                    terms.push(ScoreTerm { test, negated, weight: term.weight });
                }
                // A test is a leaf.
                Ok(_) => {}
                Err(more) => problems.extend(more),
            }
        }
        if problems.is_empty() { Ok(Score { terms, at_least: self.at_least, cut: self.cut }) } else { Err(problems) }
    }

    /// Who is in: whoever has the score and is not in the source, or is in the source where that is wanted.
    ///
    /// # Errors
    /// As [`Self::score`].
    pub fn checked(&self, schema: &Schema) -> Result<CheckedRule, Vec<Problem>> {
        let leaf = |pointer: &str, test, negated| CheckedNode {
            pointer: pointer.to_owned(),
            kind: CheckedKind::Leaf { test, negated },
        };
        let score = leaf("/score", LeafTest::Score(Arc::new(self.score(schema)?)), false);
        let source = leaf("/source", LeafTest::Segment { segment: self.source }, !self.include_source);
        let join = if self.include_source { Match::Any } else { Match::All };
        let kind = CheckedKind::Group { join, rules: vec![score, source] };
        Ok(CheckedRule { root: CheckedNode { pointer: String::new(), kind } })
    }

    /// How similar somebody with this score is, from 0 to 1.
    pub fn similarity(&self, score: i64) -> f64 {
        (score - self.least) as f64 / (self.most - self.least).max(1) as f64
    }

    /// The least score of somebody so similar, in millionths.
    pub fn score_at(&self, similarity: u32) -> i64 {
        let span = i128::from(self.most - self.least) * i128::from(similarity);
        // At most the span: similarity is at most a million.
        self.least + (span / 1_000_000) as i64 + i64::from(span % 1_000_000 > 0)
    }
}
