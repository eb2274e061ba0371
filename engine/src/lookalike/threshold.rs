//! The score from which on somebody is a look-alike, so that as many are in as were asked for.

use crate::block::Set;
use crate::eval::{self, ScoreTally, tally_scores};
use crate::id::Row;
use crate::plan::{Plan, plan_part};
use crate::rule::{CheckedKind, CheckedNode, LeafTest, Score};
use crate::segment::{Aim, Model};
use crate::table::View;
use crate::time::Timestamp;

/// A score as a rule of its own.
#[derive(Debug)]
pub(super) struct Scored(CheckedNode);

impl Scored {
    pub(super) fn new(score: Score) -> Self {
        let kind = CheckedKind::Leaf { test: LeafTest::Score(score.into()), negated: false };
        Self(CheckedNode { pointer: String::new(), kind })
    }

    /// How many of each group have which score.
    pub(super) fn tally(&self, view: &View, groups: &[&Set]) -> ScoreTally {
        tally_scores(&self.plan(view), groups)
    }

    /// Whose score is high enough.
    fn rows(&self, view: &View) -> Set {
        eval::rows(&self.plan(view))
    }

    fn plan<'v>(&'v self, view: &'v View) -> Plan<'v> {
        // No test of a model depends on the time.
        plan_part(&self.0, view, Timestamp(0))
    }
}

/// How many of `counts` have this score or a higher one.
pub(super) fn at_least(tally: &ScoreTally, group: usize, score: i64) -> u64 {
    let from = usize::try_from(score.saturating_sub(tally.least)).unwrap_or(0);
    tally.counts[group].iter().skip(from).sum()
}

/// Chooses the threshold of a model whose terms are there, for `eligible` people; says how many are in.
pub(super) fn choose(model: &mut Model, score: &Score, tally: &ScoreTally, view: &View, eligible: &Set) -> u64 {
    let wanted = match model.aim {
        Aim::Size(size) => size,
        Aim::Share(share) => (u128::from(view.live().len()) * u128::from(share) / 1_000_000) as u64,
        Aim::Similarity(similarity) => {
            model.at_least = model.score_at(similarity);
            return at_least(tally, 0, model.at_least);
        }
    };
    let counts = &tally.counts[0];
    let (mut above, mut place) = (0, counts.len());
    while place > 0 && above + counts[place - 1] <= wanted {
        place -= 1;
        above += counts[place];
    }
    model.at_least = tally.least + place as i64;
    let rest = wanted - above;
    if rest == 0 || place == 0 {
        return above;
    }
    // Some of those who have one point less, by the hash of their ids.
    let from = |at_least| Scored::new(Score { at_least, cut: 0, ..score.clone() }).rows(view);
    let equal = from(model.at_least - 1).and_not(&from(model.at_least)).and(eligible);
    let mut hashes: Vec<u32> = equal.rows().map(|row| view.id_hash(Row(row))).collect();
    hashes.sort_unstable();
    model.cut = hashes.get(rest as usize).copied().unwrap_or(0);
    above + hashes.partition_point(|hash| *hash < model.cut) as u64
}
