//! How many people of some groups have which score: what thresholds are chosen by.

use super::block::Evaluator;
use super::whole::each_block;
use crate::block::{BLOCK_ROWS, Set};
use crate::plan::Plan;

/// People by score.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ScoreTally {
    /// The least score that there can be.
    pub least: i64,
    /// By group, how many have the least score, one more, and so on.
    pub counts: Vec<Vec<u64>>,
}

/// Counts the rows of each group by their score: the first that the plan has.
pub fn tally_scores(plan: &Plan<'_>, groups: &[&Set]) -> ScoreTally {
    let Some(planned) = plan.scores.first() else { return ScoreTally { least: 0, counts: Vec::new() } };
    let size = planned.span() as usize + 1;
    let none = || groups.iter().map(|_| vec![0; size]).collect::<Vec<Vec<u64>>>();
    let one_block = |evaluator: &mut Evaluator<'_>, block: u32, gathered: &mut Gathered| {
        if groups.iter().all(|rows| rows.container(block).is_empty()) {
            return;
        }
        if gathered.counts.is_empty() {
            *gathered = Gathered { counts: none(), sums: vec![0; BLOCK_ROWS] };
        }
        let sums = evaluator.sums(&evaluator.parts.plan.scores[0], block);
        sums.write_to(&mut gathered.sums);
        evaluator.give_back_sums(sums);
        for (counts, rows) in gathered.counts.iter_mut().zip(groups) {
            rows.container(block).visit(|row| {
                counts[gathered.sums[usize::from(row)] as usize] += 1;
                true
            });
        }
    };
    let mut counts = none();
    for gathered in each_block(plan, one_block) {
        for (counts, more) in counts.iter_mut().zip(gathered.counts) {
            counts.iter_mut().zip(more).for_each(|(count, more)| *count += more);
        }
    }
    ScoreTally { least: planned.base, counts }
}

/// Of one thread.
#[derive(Default)]
struct Gathered {
    counts: Vec<Vec<u64>>,
    /// Of the block that is looked at, by row.
    sums: Vec<u32>,
}
