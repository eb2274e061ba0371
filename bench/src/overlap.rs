//! How long it takes to count every combination of a few sets, and every pair of many: in one pass over the blocks, beside
//! set after set, and beside asking the engine a rule for each.

use std::time::Duration;

use muster_data::population::DEFAULT_NOW;
use muster_engine::block::Set;
use muster_engine::eval;
use muster_engine::insight::{overlap, pairs};
use muster_engine::plan::{SegmentRows, plan};
use muster_engine::rule::{CheckedRule, Group, Match, Rule};
use muster_engine::table::View;
use serde_json::{Value as Json, json};

use crate::clock::{Repeat, median_us};
use crate::document::rounded;
use crate::machine;
use crate::workload::{loaded, parquet, queries};
use crate::{Failure, Size};

const REPEAT: Repeat = Repeat { runs_max: 9, budget: Duration::from_secs(2) };

/// How many sets are combined.
const COMBINED: [usize; 4] = [2, 4, 8, 12];

/// How many sets are compared pair by pair.
const COMPARED: [usize; 2] = [20, 200];

/// Rules of two parts that the engine is asked, to know what one pair costs.
const ASKED: usize = 100;

/// Shares of the profiles between which a set is worth combining.
const SHARES: (f64, f64) = (0.02, 0.98);

pub(crate) fn run(size: &Size) -> Result<(), Failure> {
    let (tenant, _) = loaded(&parquet(size.profiles)?, size.row_order())?;
    let state = tenant.state();
    let asked = queries(&tenant, size.profiles)?;
    let all: Vec<Set> = asked.iter().map(|query| rows(&query.checked, &state.view)).collect();
    let share = |set: &Set| set.len() as f64 / state.view.live().len() as f64;
    let worth: Vec<&Set> = all.iter().filter(|set| (SHARES.0..=SHARES.1).contains(&share(set))).collect();
    let combined = COMBINED.iter().map(|count| combinations(&worth[..*count])).collect::<Result<Vec<_>, _>>()?;
    let every: Vec<&Set> = all.iter().collect();
    let compared = COMPARED.iter().map(|count| compare(&every[..*count])).collect::<Result<Vec<_>, _>>()?;
    let both =
        |left: &Rule, right: &Rule| Rule::Group(Group { join: Match::All, rules: vec![left.clone(), right.clone()] });
    let rules = asked.windows(2).take(ASKED).map(|pair| state.check(&both(&pair[0].rule, &pair[1].rule)));
    let rules: Vec<CheckedRule> = rules.collect::<Result<_, _>>()?;
    let count = |rule| eval::count(&plan(rule, &state.view, &SegmentRows::new(), DEFAULT_NOW));
    let (_, us) = median_us(REPEAT, || rules.iter().map(count).sum::<u64>());
    let document = json!({
        "profiles": size.profiles,
        "threads": size.threads,
        "machine": machine::describe(),
        "commit": machine::commit(),
        "combinations": combined,
        "pairs": compared,
        "a_pair_as_a_rule_us": rounded(us / rules.len() as f64),
    });
    println!("{document:#}");
    Ok(())
}

fn rows(rule: &CheckedRule, view: &View) -> Set {
    eval::rows(&plan(rule, view, &SegmentRows::new(), DEFAULT_NOW))
}

fn combinations(sets: &[&Set]) -> Result<Json, Failure> {
    let (found, us) = median_us(REPEAT, || overlap(sets).ok());
    let found = found.ok_or_else(|| Failure("too many sets".into()))?;
    // Rows in all of each choice of sets: one intersection more for each.
    let (counts, apart_us) = median_us(REPEAT, || {
        let mut counts = Vec::with_capacity(1 << sets.len());
        in_all(sets, 0, None, &mut counts);
        counts
    });
    for (choice, count) in counts {
        if found.in_all(choice) != count {
            return Err(Failure(format!("choice {choice:b}: {} and {count}", found.in_all(choice))));
        }
    }
    Ok(json!({
        "sets": sets.len(),
        "combinations": found.combinations.len(),
        "one_pass_us": rounded(us),
        "set_by_set_us": rounded(apart_us),
    }))
}

/// The plain way: each choice is an earlier one and one set more.
fn in_all(sets: &[&Set], choice: u32, left: Option<&Set>, counts: &mut Vec<(u32, u64)>) {
    let from = (u32::BITS - choice.leading_zeros()) as usize;
    for (at, set) in sets.iter().enumerate().skip(from) {
        let both = left.map_or_else(|| (*set).clone(), |left| left.and(set));
        counts.push((choice | 1 << at, both.len()));
        in_all(sets, choice | 1 << at, Some(&both), counts);
    }
}

fn compare(sets: &[&Set]) -> Result<Json, Failure> {
    let (found, us) = median_us(REPEAT, || pairs(sets).ok());
    let found = found.ok_or_else(|| Failure("too many sets".into()))?;
    let (counts, apart_us) = median_us(REPEAT, || {
        let pair = |right: usize| (0..=right).map(move |left| (left, right));
        let both = |(left, right): (usize, usize)| sets[left].and_count(sets[right]);
        (0..sets.len()).flat_map(pair).map(both).collect::<Vec<u64>>()
    });
    let mut counts = counts.into_iter();
    for right in 0..sets.len() {
        for left in 0..=right {
            if counts.next() != Some(found.both(left, right)) {
                return Err(Failure(format!("sets {left} and {right} share {}", found.both(left, right))));
            }
        }
    }
    Ok(json!({"sets": sets.len(), "one_pass_us": rounded(us), "pair_by_pair_us": rounded(apart_us)}))
}
