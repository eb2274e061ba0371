//! Parts of a rule by pointer, and the rule without one of them.

use crate::rule::{Group, Rule};

/// The part at a pointer.
pub(super) fn part<'r>(rule: &'r Rule, pointer: &str) -> Option<&'r Rule> {
    match (rule, next(pointer)) {
        (rule, None) => pointer.is_empty().then_some(rule),
        (Rule::Group(group), Some((index, rest))) => part(group.rules.get(index)?, rest),
        _ => None,
    }
}

/// The rule without the part at a pointer, and without every group that is empty then; none when nothing is left.
pub(super) fn without(rule: &Rule, pointer: &str) -> Option<Rule> {
    let (index, rest) = next(pointer)?;
    let Rule::Group(Group { join, rules }) = rule else { return None };
    let changed = without(rules.get(index)?, rest);
    let mut rules = rules.clone();
    match changed {
        Some(changed) => rules[index] = changed,
        None => drop(rules.remove(index)),
    }
    (!rules.is_empty()).then_some(Rule::Group(Group { join: *join, rules }))
}

/// The index that a pointer begins with, and the rest.
fn next(pointer: &str) -> Option<(usize, &str)> {
    let rest = pointer.strip_prefix("/rules/")?;
    let (index, rest) = rest.split_at(rest.find('/').unwrap_or(rest.len()));
    Some((index.parse().ok()?, rest))
}
