//! How much each test of a field says: logarithms of odds, smoothed, and how much the field tells in all.

use super::features::Features;
use crate::block::Set;
use crate::eval;
use crate::plan::plan_part;
use crate::rule::{CheckedNode, CheckedRule, Rule, Test, check_saved};
use crate::table::View;
use crate::time::Timestamp;

/// People of the population's average that are put to both sides, so that what few have cannot weigh much (the
/// m-estimate: Cestnik, 1990).
const SMOOTHING: f64 = 20.0;

/// Chance alone makes a field with `tests` tests tell about as much as `tests`, give or take the square root of twice
/// that; a field counts when it tells so much more: twice as much, and this.
const CHANCE_MARGIN: f64 = 6.0;

/// Whom a training compares with whom.
#[derive(Debug, Clone, Copy)]
pub(super) struct Sides<'a> {
    pub(super) view: &'a View,
    /// People to be like.
    pub(super) source: &'a Set,
    /// Rows that are read for fitting, of the source first.
    pub(super) sample: &'a [u32],
}

/// A test with what it says.
#[derive(Debug)]
pub(super) struct Weighed {
    pub(super) test: Test,
    /// People of the source, and others.
    pub(super) source: u64,
    pub(super) others: u64,
    /// The logarithm of odds.
    pub(super) weight: f64,
}

/// A field with what it says.
#[derive(Debug)]
pub(super) struct WeighedField {
    pub(super) name: String,
    pub(super) tests: Vec<Weighed>,
    pub(super) exclusive: bool,
    /// How far apart source and others are by this field: Kullback and Leibler's divergence, both ways, in nats.
    pub(super) divergence: f64,
    /// What the field adds for each row of the sample.
    pub(super) sample: Vec<f64>,
}

impl WeighedField {
    /// Weighs the tests of a field; none when it tells no more than chance would.
    pub(super) fn new(name: String, features: Features, sides: Sides<'_>) -> Option<Self> {
        let Features { tests, exclusive } = features;
        let source_len = sides.source.len() as f64;
        let everybody = sides.view.live().len() as f64;
        let mut field = Self {
            name,
            tests: Vec::with_capacity(tests.len()),
            exclusive,
            divergence: 0.0,
            sample: vec![0.0; sides.sample.len()],
        };
        for test in tests {
            let Some(rows) = rows(&test, sides.view) else { continue };
            let source = rows.and_count(sides.source);
            let others = rows.len() - source;
            let share = rows.len() as f64 / everybody;
            let smoothed = |count: u64, all: f64| (count as f64 + SMOOTHING * share) / (all + SMOOTHING);
            let (with, without) = (smoothed(source, source_len), smoothed(others, everybody - source_len));
            if with <= 0.0 || without <= 0.0 || (!exclusive && (with >= 1.0 || without >= 1.0)) {
                continue;
            }
            // Who lacks a member of a set is told about by that as well: the weight is that of having it instead.
            let absent = if exclusive { 0.0 } else { ((1.0 - with) / (1.0 - without)).ln() };
            let weight = (with / without).ln() - absent;
            field.divergence += (with - without) * weight;
            for (sum, row) in field.sample.iter_mut().zip(sides.sample) {
                *sum += if rows.contains(*row) { weight } else { 0.0 };
            }
            field.tests.push(Weighed { test, source, others, weight });
        }
        let chance = 2.0 * field.tests.len() as f64 + CHANCE_MARGIN;
        (field.divergence * source_len > chance).then_some(field)
    }
}

/// The live rows that pass a test.
fn rows(test: &Test, view: &View) -> Option<Set> {
    let CheckedRule { root } = check_saved(&Rule::Test(test.clone()), view.schema(), &Default::default()).ok()?;
    let root: &CheckedNode = &root;
    // No test that is made here depends on the time.
    Some(eval::rows(&plan_part(root, view, Timestamp(0))))
}
