//! Which thresholds to move, and how far, for a rule to select a given number of people.
//!
//! How far a threshold has moved is measured in people: the share of all profiles whose value lies between where it was
//! and where it is. So an amount, a date and a window of days can be compared.

use super::threshold::{Aim, End, Matter, Threshold, below, up_to};
use crate::error::{Error, Problem, Result};
use crate::insight::Moment;
use crate::limits::RELAX_TESTS_MAX;
use crate::rule::{CheckedRule, Literal, Rule};

/// Moves that the greedy way makes at most: with each the most of what it needs at once gets less.
const MOVES_MAX: u64 = 8;

/// Keys that are asked about for one threshold, about.
const QUESTIONS: usize = 24;

/// How to select so many.
#[derive(Debug, Clone, PartialEq)]
pub struct Relaxed {
    /// What the rule selects now.
    pub count: u64,
    /// By moving one threshold: the least move of each that is able to, the least of all first.
    pub single: Vec<Relaxation>,
    /// By moving several, greedily: always the one that gains most people for its way; none when that ends short.
    pub combined: Option<Relaxation>,
    /// The most that was found on the way, where it ends short.
    pub most: u64,
}

/// A rule with moved thresholds.
#[derive(Debug, Clone, PartialEq)]
pub struct Relaxation {
    /// What was moved, in reading order.
    pub steps: Vec<Step>,
    /// What the rule selects then; exact.
    pub count: u64,
    /// Profiles whose values lie between the old thresholds and the new, summed over the steps.
    pub way: u64,
    /// The rule then.
    pub rule: Rule,
}

/// One moved threshold.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Step {
    /// JSON pointer of the test.
    pub pointer: String,
    /// Which end of it.
    pub end: End,
    /// What was written.
    pub from: Literal,
    /// What is written then.
    pub to: Literal,
}

/// One threshold moved.
struct Move {
    rule: Rule,
    checked: CheckedRule,
    to: Literal,
    count: u64,
    way: u64,
}

/// How to select at least `target` people with other thresholds.
///
/// # Errors
/// `Limit` for a rule of more than [`RELAX_TESTS_MAX`] thresholds.
pub fn relax(rule: &Rule, checked: &CheckedRule, target: u64, moment: &Moment<'_>) -> Result<Relaxed> {
    let thresholds = Threshold::all(rule, checked, moment);
    if thresholds.len() > RELAX_TESTS_MAX {
        let message = format!(
            "a rule of at most {RELAX_TESTS_MAX} thresholds can be loosened, this one has {}; save a part as a segment",
            thresholds.len()
        );
        return Err(Error::Limit(Problem::new("/criteria", "too_many_thresholds", message)));
    }
    let count = moment.rows(checked).len();
    if count >= target {
        return Ok(Relaxed { count, single: Vec::new(), combined: None, most: count });
    }
    let mut single = Vec::new();
    for threshold in &thresholds {
        let Some(matter) = threshold.matter(checked, moment, QUESTIONS) else { continue };
        let found = least_move(threshold, &matter, target - count, rule, moment);
        single.extend(found.filter(|found| found.count >= target).map(|found| Relaxation {
            steps: vec![step(threshold, &found.to)],
            count: found.count,
            way: found.way,
            rule: found.rule,
        }));
    }
    single.sort_by_key(|found| found.way);
    let (combined, most) = greedy(rule, checked, &thresholds, (count, target), moment);
    let most = single.iter().map(|found| found.count).fold(most, u64::max);
    Ok(Relaxed { count, single, combined, most })
}

fn step(threshold: &Threshold, to: &Literal) -> Step {
    Step { pointer: threshold.pointer.clone(), end: threshold.end, from: threshold.literal.clone(), to: to.clone() }
}

/// The least move of one threshold that gains so many people, or as many as it is able to gain.
fn least_move(threshold: &Threshold, matter: &Matter<'_>, gain: u64, rule: &Rule, moment: &Moment<'_>) -> Option<Move> {
    let keys = &matter.keys;
    let (below, up_to) = (below(keys, threshold.bounds), up_to(keys, threshold.bounds));
    let able = match (threshold.is_inverted, threshold.end) {
        (false, End::Low) => below,
        (false, End::High) => keys.count() - up_to,
        (true, _) => up_to.saturating_sub(below),
    };
    let gain = gain.min(able);
    if gain == 0 {
        return None;
    }
    let place = match (threshold.is_inverted, threshold.end) {
        (false, End::Low) => below - gain,
        (false, End::High) => up_to + gain - 1,
        (true, End::Low) => below + gain - 1,
        (true, End::High) => up_to - gain,
    };
    let key = *keys.at(&[place]).first()?;
    let aim = if threshold.is_inverted { Aim::Exclude(key) } else { Aim::Include(key) };
    let to = threshold.written(aim, moment)?;
    let (rule, checked, bounds) = threshold.moved(rule, &to, moment)?;
    let everybody = moment.view.keyed(threshold.field, None, QUESTIONS)?;
    let way = threshold.ranks_between(bounds, &everybody);
    Some(Move { rule, checked, to, count: matter.count(threshold, bounds), way })
}

/// Moves one threshold after the other, each time the one that gains most for its way. What was reached comes with it.
fn greedy(
    rule: &Rule,
    checked: &CheckedRule,
    thresholds: &[Threshold],
    (mut count, target): (u64, u64),
    moment: &Moment<'_>,
) -> (Option<Relaxation>, u64) {
    let (mut rule, mut checked) = (rule.clone(), checked.clone());
    let mut written: Vec<Option<Literal>> = vec![None; thresholds.len()];
    for left in (1..=MOVES_MAX).rev() {
        if count >= target {
            break;
        }
        let gain = (target - count).div_ceil(left);
        let mut best: Option<(f64, usize, Move)> = None;
        for (at, threshold) in Threshold::all(&rule, &checked, moment).iter().enumerate() {
            let Some(matter) = threshold.matter(&checked, moment, QUESTIONS) else { continue };
            let Some(found) = least_move(threshold, &matter, gain, &rule, moment) else { continue };
            let gained = found.count.saturating_sub(count);
            let price = found.way as f64 / gained as f64;
            if gained > 0 && best.as_ref().is_none_or(|(least, ..)| price < *least) {
                best = Some((price, at, found));
            }
        }
        let Some((_, at, found)) = best else { break };
        (rule, checked, count) = (found.rule, found.checked, found.count);
        written[at] = Some(found.to);
    }
    if count < target {
        return (None, count);
    }
    let moved = thresholds.iter().zip(&written).filter_map(|(one, to)| Some(step(one, to.as_ref()?)));
    let steps = moved.collect();
    let then = Threshold::all(&rule, &checked, moment);
    let way = thresholds.iter().zip(&then).filter(|(one, then)| one.bounds != then.bounds).map(|(one, then)| {
        moment.view.keyed(one.field, None, QUESTIONS).map_or(0, |everybody| one.ranks_between(then.bounds, &everybody))
    });
    (Some(Relaxation { steps, count, way: way.sum(), rule }), count)
}
