//! A rule as algebra over the sets of its tests, in the form that suits bitmap libraries best: no complement is ever
//! built, for `and not` and a subtraction from the population at the very end do.

use muster_engine::rule::{Rule, Test};

use crate::workload::joined;

/// Sets and what is done with them.
#[derive(Debug, Clone)]
pub(crate) enum Formula {
    /// The set of the test with this number.
    Leaf(usize),
    /// In all of the first, at least one of which there is, and in none of the second.
    And(Vec<Formula>, Vec<Formula>),
    /// In any.
    Or(Vec<Formula>),
}

/// A formula, perhaps the complement of what is asked.
pub(crate) struct Signed {
    /// The population without the formula is meant.
    pub(crate) negated: bool,
    /// The formula.
    pub(crate) formula: Formula,
}

/// The positive tests that formulas refer to, each kept once.
#[derive(Debug, Default)]
pub(crate) struct Leaves(pub(crate) Vec<Test>);

impl Leaves {
    fn number(&mut self, test: Test) -> usize {
        self.0.iter().position(|known| *known == test).unwrap_or_else(|| {
            self.0.push(test);
            self.0.len() - 1
        })
    }
}

/// The formula of a rule; its tests are added to `leaves`.
pub(crate) fn formula(rule: &Rule, leaves: &mut Leaves) -> Signed {
    let group = match rule {
        Rule::Test(test) => {
            let positive = test.operator.positive();
            let test = Test { operator: positive.unwrap_or(test.operator), ..test.clone() };
            return Signed { negated: positive.is_some(), formula: Formula::Leaf(leaves.number(test)) };
        }
        Rule::Segment(_) | Rule::Event(_) => unreachable!("the workload has neither segments nor events"),
        Rule::Group(group) => group,
    };
    let parts = group.rules.iter().map(|rule| formula(rule, leaves));
    let (without, with): (Vec<Signed>, Vec<Signed>) = parts.partition(|part| part.negated);
    let plain = |parts: Vec<Signed>| parts.into_iter().map(|part| part.formula).collect::<Vec<_>>();
    let (with, without) = (plain(with), plain(without));
    let (all, flipped) = joined(group.join);
    let signed = match (all, with.is_empty(), without.is_empty()) {
        // Not a and not b is not (a or b); a or not b is not (b and not a).
        (true, true, _) => Signed { negated: true, formula: or(without) },
        (true, false, _) => Signed { negated: false, formula: and(with, without) },
        (false, _, true) => Signed { negated: false, formula: or(with) },
        (false, _, false) => Signed { negated: true, formula: and(without, with) },
    };
    Signed { negated: signed.negated != flipped, ..signed }
}

fn and(with: Vec<Formula>, without: Vec<Formula>) -> Formula {
    let (mut all, mut none) = (Vec::new(), Vec::new());
    for part in with {
        match part {
            Formula::And(with, without) => {
                all.extend(with);
                none.extend(without);
            }
            part => all.push(part),
        }
    }
    for part in without {
        match part {
            Formula::Or(parts) => none.extend(parts),
            part => none.push(part),
        }
    }
    match (all.len(), none.len()) {
        (1, 0) => all.remove(0),
        _ => Formula::And(all, none),
    }
}

fn or(parts: Vec<Formula>) -> Formula {
    let mut any = Vec::new();
    for part in parts {
        match part {
            Formula::Or(parts) => any.extend(parts),
            part => any.push(part),
        }
    }
    if any.len() == 1 { any.remove(0) } else { Formula::Or(any) }
}
