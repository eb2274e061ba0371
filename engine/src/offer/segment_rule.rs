//! Who reaches a score, as one rule: any of the least sets of factors that are worth as much.
//!
//! Scores are sums of weights that are not negative, so whoever has all factors of such a set reaches the score, and
//! whoever reaches it has all of one that nothing can be left out of (the prime implicants of a threshold function).
//! Of eight factors there are at most 70.

use super::classes::FACTORS_MAX;
use super::factors::{Factor, Factors, all, any};
use crate::rule::{Operator, Rule, Test};
use crate::schema::Schema;

/// The rule that selects whoever has at least a score. It holds what the offer says, and goes on doing so when the
/// offer is changed.
pub fn segment_rule(factors: &Factors, min_score: u32) -> Rule {
    let list = &factors.list[..factors.list.len().min(FACTORS_MAX)];
    let mut sets: Vec<Vec<&Factor>> = (0_u32..1 << list.len())
        .map(|bits| list.iter().enumerate().filter(|(at, _)| bits >> at & 1 == 1).map(|(_, factor)| factor).collect())
        .filter(|set: &Vec<&Factor>| is_least(set, min_score))
        .collect();
    // What needs fewest reasons is read first.
    sets.sort_by_key(Vec::len);
    let mut rules: Vec<Rule> = sets.into_iter().map(rule_of_all).collect();
    match rules.len() {
        // Nobody lacks an id.
        0 => id(Operator::NotExists),
        1 => rules.remove(0),
        _ => any(rules),
    }
}

/// Whether some factors are worth a score together, but not without one of them, and somebody can have all.
fn is_least(set: &[&Factor], min_score: u32) -> bool {
    let worth: u32 = set.iter().map(|factor| factor.weight).sum();
    let is_possible = set.windows(2).all(|pair| pair[0].reason != pair[1].reason);
    is_possible && worth >= min_score && set.iter().all(|factor| worth - factor.weight < min_score)
}

fn rule_of_all(set: Vec<&Factor>) -> Rule {
    let mut rules: Vec<Rule> = set.into_iter().map(|factor| factor.rule.clone()).collect();
    match rules.len() {
        0 => id(Operator::Exists),
        1 => rules.remove(0),
        _ => all(rules),
    }
}

fn id(operator: Operator) -> Rule {
    Rule::Test(Test { field: Schema::ID.to_owned(), operator, value: None })
}
