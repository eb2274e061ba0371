//! The fewest tests that would have to turn out otherwise for the whole verdict to be another one.
//!
//! By dynamic programming over the tree: making a group true costs the sum over its rules where all must hold, and the
//! cheapest of them where one is enough. Every test counts one, wherever it stands; tests that no change of the person
//! can turn (the id, `exists` of the id) cost more than everything else.

use std::collections::HashMap;

use super::holds::holds;
use super::remedy::{Remedy, remedy};
use super::tree::{Kind, Tree};
use crate::id::FieldId;
use crate::rule::Match;
use crate::schema::Value;
use crate::time::Timestamp;

/// The smallest change that turns a verdict.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Flip {
    /// The tests that have to turn, as places in the list of nodes, in reading order.
    pub tests: Vec<usize>,
    /// Whether the values that each test's remedy names turn the verdict together: two tests of one field may want
    /// what contradicts.
    pub is_enough: bool,
}

/// More than any number of tests.
const NEVER: u32 = u32::MAX;

/// The smallest change; none when no change of the person turns the verdict.
pub(super) fn flip(tree: &Tree<'_>, now: Timestamp) -> Option<Flip> {
    let tests = fewest(tree, &|at| match &tree.nodes[at].kind {
        Kind::Test { test, value, kind, .. } => remedy(test, value.as_ref(), *kind, now) != Remedy::Impossible,
        // Many fields make a score: none of them is the one to turn.
        Kind::Alike { .. } => false,
        _ => true,
    })?;
    let is_enough = turned(tree, &tests, now) != tree.holds();
    Some(Flip { tests, is_enough })
}

/// Costs of making a node false and true, and which child does it alone where one is enough.
#[derive(Clone, Copy)]
struct Costs {
    sums: [u32; 2],
    best: [(u32, usize); 2],
}

fn fewest(tree: &Tree<'_>, can_turn: &dyn Fn(usize) -> bool) -> Option<Vec<usize>> {
    let nodes = &tree.nodes;
    let mut costs = vec![Costs { sums: [0; 2], best: [(NEVER, 0); 2] }; nodes.len()];
    let mut total = vec![[0; 2]; nodes.len()];
    for at in (0..nodes.len()).rev() {
        let Costs { sums, best } = costs[at];
        total[at] = match nodes[at].join() {
            Some(Match::All) => [best[0].0, sums[1]],
            Some(Match::Any) => [sums[0], best[1].0],
            Some(Match::None) => [best[1].0, sums[0]],
            None => {
                let turned = if can_turn(at) { 1 } else { NEVER };
                if nodes[at].holds { [turned, 0] } else { [0, turned] }
            }
        };
        if let Some(parent) = nodes[at].parent {
            let Costs { sums, best } = &mut costs[parent];
            for ((cost, sum), best) in total[at].iter().zip(sums).zip(best) {
                *sum = sum.saturating_add(*cost);
                // Children come last first: of equal ones the first in reading order stays.
                if *cost <= best.0 {
                    *best = (*cost, at);
                }
            }
        }
    }
    let wanted = !tree.holds();
    if total.first()?[usize::from(wanted)] == NEVER {
        return None;
    }
    // From the root down: what each node has to become.
    let mut targets = vec![None; nodes.len()];
    let mut found = Vec::new();
    for (at, node) in nodes.iter().enumerate() {
        targets[at] = match node.parent {
            None => Some(wanted),
            Some(parent) => {
                let target = targets[parent].filter(|target| *target != nodes[parent].holds);
                target.and_then(|target| child_target(&nodes[parent].join(), target, &costs[parent], at))
            }
        };
        if node.join().is_none() && targets[at].is_some_and(|target| target != node.holds) {
            found.push(at);
        }
    }
    Some(found)
}

/// What a child has to become for its group to become `target`; none when that does not depend on it.
fn child_target(join: &Option<Match>, target: bool, costs: &Costs, child: usize) -> Option<bool> {
    let (to, is_every) = match (join, target) {
        (Some(Match::All), true) => (true, true),
        (Some(Match::Any), false) | (Some(Match::None), true) => (false, true),
        (Some(Match::All), false) => (false, false),
        (Some(Match::Any), true) | (Some(Match::None), false) => (true, false),
        (None, _) => return None,
    };
    (is_every || costs.best[usize::from(to)].1 == child).then_some(to)
}

/// The verdict once the remedies of some tests are taken one after the other, each where it is still needed.
fn turned(tree: &Tree<'_>, tests: &[usize], now: Timestamp) -> bool {
    let mut values: HashMap<FieldId, Option<Value>> = HashMap::new();
    let mut changed = tree.clone();
    for at in tests {
        let Kind::Test { test, negated, value, kind, .. } = &tree.nodes[*at].kind else {
            changed.turn(*at, !tree.nodes[*at].holds);
            continue;
        };
        let Some(field) = test.field() else {
            // What a person will do is not known; that it turns the test is.
            changed.turn(*at, !tree.nodes[*at].holds);
            continue;
        };
        let value = values.get(&field).cloned().unwrap_or_else(|| value.clone());
        if (holds(test, value.as_ref(), now) != *negated) != tree.nodes[*at].holds {
            continue;
        }
        match remedy(test, value.as_ref(), *kind, now) {
            Remedy::Value(wanted) => drop(values.insert(field, Some(wanted))),
            Remedy::NoValue => drop(values.insert(field, None)),
            // What a person will have is not known; that they will have something is.
            Remedy::AnyValue | Remedy::Fitting | Remedy::Listed(_) | Remedy::Events | Remedy::Impossible => {
                changed.turn(*at, !tree.nodes[*at].holds);
            }
        }
    }
    for (at, node) in tree.nodes.iter().enumerate() {
        if let Kind::Test { test, negated, .. } = &node.kind
            && let Some(value) = test.field().and_then(|field| values.get(&field))
        {
            changed.turn(at, holds(test, value.as_ref(), now) != *negated);
        }
    }
    changed.holds()
}
