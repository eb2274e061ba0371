//! How good a model is before anybody saves it: measured on people of the source that it has not seen, and how many it
//! would reach at which similarity.

use super::threshold::at_least;
use super::train::{Lookalike, Request, Trial, source, train_on};
use crate::block::Set;
use crate::error::Result;
use crate::eval::ScoreTally;
use crate::id::Row;
use crate::insight::Moment;
use crate::limits::LOOKALIKE_SOURCE_MIN;
use crate::table::View;

/// One in so many people of the source is kept out.
const HELD_OUT: u32 = 5;

/// An odd number, so that who is kept out has nothing to do with how else hashes are used.
const MIX: u32 = 0x9e37_79b1;

/// Steps of similarity at which the reach is told.
const REACH_STEPS: u32 = 20;

/// A model and what it is worth.
#[derive(Debug, Clone, PartialEq)]
pub struct LookalikePreview {
    /// As it would be saved: trained on all of the source.
    pub lookalike: Lookalike,
    /// What the same training on four fifths of the source is worth; none where these are too few.
    pub hold_out: Option<HoldOut>,
    /// How many look-alikes there are at which similarity, the most similar first.
    pub reach: Vec<ReachPoint>,
}

/// How a model ranks people of the source that it was not trained with, among everybody that it was not trained with.
#[derive(Debug, Clone, PartialEq)]
pub struct HoldOut {
    /// People it was trained with.
    pub trained: u64,
    /// People of the source that were kept out.
    pub held_out: u64,
    /// Others among whom they are looked for.
    pub others: u64,
    /// How many of all these are taken, those with the highest scores: as many as the model selects.
    pub size: u64,
    /// How many of those who were kept out are among them; where scores are equal, their share of them.
    pub recovered: f64,
    /// How many would be by chance.
    pub by_chance: f64,
    /// The chance that somebody who was kept out has a higher score than somebody else; half is chance, 1 is always.
    pub auc: f64,
}

/// A point of the curve of reach.
#[derive(Debug, Clone, PartialEq)]
pub struct ReachPoint {
    /// From 0 to 1.
    pub similarity: f64,
    /// The least score there.
    pub at_least: i64,
    /// Look-alikes with this score or a higher one.
    pub size: u64,
}

/// Trains a model and measures it; nothing is kept.
///
/// # Errors
/// As [`super::train`].
pub fn preview(request: &Request, moment: &Moment<'_>, data_version: u64) -> Result<LookalikePreview> {
    let source = source(request, moment)?;
    let Trial { lookalike, tally, .. } = train_on(request, moment, data_version, &source)?;
    let model = &lookalike.model;
    let point = |step: u32| {
        let similarity = 1_000_000 / REACH_STEPS * step;
        let score = model.score_at(similarity);
        ReachPoint { similarity: f64::from(similarity) / 1e6, at_least: score, size: at_least(&tally, 0, score) }
    };
    let reach = (0..=REACH_STEPS).rev().map(point).collect();
    let hold_out = hold_out(request, moment, data_version, &source, model.trained.size);
    Ok(LookalikePreview { lookalike, hold_out, reach })
}

fn hold_out(request: &Request, moment: &Moment<'_>, data_version: u64, source: &Set, size: u64) -> Option<HoldOut> {
    let view = moment.view;
    let held_out = Set::from_rows(source.rows().filter(|row| is_held_out(view, *row)).collect());
    let trained = source.and_not(&held_out);
    if trained.len() < LOOKALIKE_SOURCE_MIN || held_out.is_empty() {
        return None;
    }
    // Four fifths may tell nothing where all of them just do.
    let trial = train_on(request, moment, data_version, &trained).ok()?;
    let others = view.live().and_not(source);
    let tally = trial.scored.tally(view, &[&held_out, &others]);
    let size = size.min(held_out.len() + others.len());
    let by_chance = size as f64 * held_out.len() as f64 / (held_out.len() + others.len()).max(1) as f64;
    let (recovered, auc) = (recovered(&tally, size), auc(&tally));
    let (trained, held_out, others) = (trained.len(), held_out.len(), others.len());
    Some(HoldOut { trained, held_out, others, size, recovered, by_chance, auc })
}

fn is_held_out(view: &View, row: u32) -> bool {
    (view.id_hash(Row(row)).wrapping_mul(MIX) >> 16).is_multiple_of(HELD_OUT)
}

/// How many of the first group are among the `size` people of both groups with the highest scores.
fn recovered(tally: &ScoreTally, size: u64) -> f64 {
    let (mut left, mut found) = (size, 0.0);
    for (held, others) in tally.counts[0].iter().zip(&tally.counts[1]).rev() {
        let all = held + others;
        let taken = all.min(left);
        found += if all == 0 { 0.0 } else { *held as f64 * taken as f64 / all as f64 };
        left -= taken;
    }
    found
}

/// How often somebody of the first group has a higher score than somebody of the second; equal ones count half.
fn auc(tally: &ScoreTally) -> f64 {
    let (mut below, mut pairs) = (0u64, 0.0);
    for (held, others) in tally.counts[0].iter().zip(&tally.counts[1]) {
        pairs += *held as f64 * (below as f64 + *others as f64 / 2.0);
        below += others;
    }
    let all: u64 = tally.counts[0].iter().sum();
    pairs / (all as f64 * below as f64).max(1.0)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn tally(held: &[u64], others: &[u64]) -> ScoreTally {
        ScoreTally { least: 0, counts: vec![held.to_vec(), others.to_vec()] }
    }

    #[test]
    fn the_area_under_the_curve_is_that_of_pairs() {
        assert_eq!(auc(&tally(&[0, 0, 5], &[5, 0, 0])), 1.0);
        assert_eq!(auc(&tally(&[5, 0, 0], &[0, 0, 5])), 0.0);
        assert_eq!(auc(&tally(&[1, 1], &[1, 1])), 0.5);
        // Of six pairs four are in order and one is equal.
        assert_eq!(auc(&tally(&[0, 1, 1], &[2, 1, 0])), (2.0 + 0.5 + 3.0) / 6.0);
    }

    #[test]
    fn of_equal_scores_a_share_is_recovered() {
        let tally = tally(&[1, 2, 3], &[9, 2, 0]);
        assert_eq!([0, 3, 5, 7, 17].map(|size| recovered(&tally, size)), [0.0, 3.0, 4.0, 5.0, 6.0]);
    }
}
