//! How many people a rule selects, as one of its thresholds moves.

use super::threshold::{Aim, End, Threshold};
use crate::error::{Error, Result};
use crate::insight::Moment;
use crate::limits::REACH_POINTS_MAX;
use crate::rule::{CheckedRule, Literal, Rule};

/// A rule's count by the threshold of one of its tests.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Curve {
    /// The end of the test that moves.
    pub end: End,
    /// What is written now.
    pub threshold: Literal,
    /// What the rule selects now.
    pub count: u64,
    /// What it selects with other thresholds: each the value of somebody for whom the test matters, evenly spread over
    /// them, in order of the threshold's key.
    pub points: Vec<CurvePoint>,
}

/// A point of a curve.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CurvePoint {
    /// What would be written.
    pub threshold: Literal,
    /// What the rule would select; exact.
    pub count: u64,
}

/// The curve of the test at a pointer; `end` says which, where a test has two.
///
/// # Errors
/// `Invalid` when there is no threshold at the pointer, or for more than [`REACH_POINTS_MAX`] points.
pub fn reach(
    rule: &Rule,
    checked: &CheckedRule,
    pointer: &str,
    end: Option<End>,
    points: usize,
    moment: &Moment<'_>,
) -> Result<Curve> {
    if !(1..=REACH_POINTS_MAX).contains(&points) {
        let message = format!("a curve has 1 to {REACH_POINTS_MAX} points, not {points}");
        return Err(Error::invalid("/points", "out_of_range", message));
    }
    let all = Threshold::all(rule, checked, moment);
    let fits = |one: &&Threshold| one.pointer == pointer && end.is_none_or(|end| one.end == end);
    let nothing = || {
        let places: Vec<&str> = all.iter().map(|one| one.pointer.as_str()).collect();
        let message = format!(
            "there is no threshold at \"{pointer}\"; a threshold is that of >, >=, <, <=, between or a window of days, \
             here at {places:?}"
        );
        Error::invalid("/pointer", "no_threshold", message)
    };
    let threshold = all.iter().find(fits).ok_or_else(nothing)?;
    let matter = threshold.matter(checked, moment, 3 * points).ok_or_else(nothing)?;
    let last = matter.keys.count().saturating_sub(1);
    // Evenly spread, both ends among them.
    let place = |point: usize| (u128::from(last) * point as u128 / (points - 1).max(1) as u128) as u64;
    let places: Vec<u64> = if matter.keys.count() == 0 { Vec::new() } else { (0..points).map(place).collect() };
    let mut keys = matter.keys.at(&places);
    keys.dedup();
    let mut found: Vec<CurvePoint> = Vec::with_capacity(keys.len());
    for key in keys {
        let Some(literal) = threshold.written(Aim::Include(key), moment) else { continue };
        // Windows of days may reach several keys at once.
        if found.last().is_some_and(|last| last.threshold == literal) {
            continue;
        }
        if let Some((_, _, bounds)) = threshold.moved(rule, &literal, moment) {
            found.push(CurvePoint { count: matter.count(threshold, bounds), threshold: literal });
        }
    }
    let count = matter.count(threshold, threshold.bounds);
    Ok(Curve { end: threshold.end, threshold: threshold.literal.clone(), count, points: found })
}
