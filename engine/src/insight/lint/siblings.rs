//! Rules side by side in a group: which contradict each other, which say what another says already.

use std::collections::HashMap;

use super::cure::{part, without};
use super::domain::{Domain, Relation};
use super::report::{Basis, Finding};
use crate::block::Set;
use crate::insight::Moment;
use crate::limits::LINT_PAIRS_MAX;
use crate::rule::{CheckedKind, CheckedNode, CheckedRule, Match, Rule};

/// Goes through all groups of a rule.
pub(super) struct Siblings<'l, 'a> {
    rule: &'l Rule,
    moment: &'l Moment<'a>,
    population: u64,
    /// Profiles for which each node holds, by pointer.
    matched: &'l HashMap<&'l str, u64>,
    pairs: usize,
    pub(super) findings: Vec<Finding>,
}

impl<'l, 'a> Siblings<'l, 'a> {
    pub(super) fn new(rule: &'l Rule, moment: &'l Moment<'a>, matched: &'l HashMap<&'l str, u64>) -> Self {
        let population = moment.view.live().len();
        Self { rule, moment, population, matched, pairs: 0, findings: Vec::new() }
    }

    /// Whether there were more pairs than were compared.
    pub(super) fn is_cut_short(&self) -> bool {
        self.pairs > LINT_PAIRS_MAX
    }

    /// Compares the rules of a group, and of all groups below.
    pub(super) fn visit(&mut self, node: &CheckedNode) {
        let CheckedKind::Group { join, rules } = &node.kind else { return };
        let mut rows: Vec<Option<Set>> = vec![None; rules.len()];
        let domains: Vec<Option<Domain>> = rules.iter().map(|rule| Domain::of(rule, self.moment)).collect();
        // One that is superfluous beside another is not compared again.
        let mut superfluous = vec![false; rules.len()];
        for right in 1..rules.len() {
            for left in 0..right {
                if superfluous[left] || superfluous[right] {
                    continue;
                }
                self.pairs += 1;
                if self.is_cut_short() {
                    return;
                }
                let logic = self.by_logic((&rules[left], &rules[right]), (&domains[left], &domains[right]));
                let found = logic.and_then(|relation| self.told(*join, (left, right), rules, relation, Basis::Logic));
                let found = found.or_else(|| {
                    let relation = self.by_data((left, right), rules, &mut rows)?;
                    self.told(*join, (left, right), rules, relation, Basis::Data)
                });
                if let Some((finding, dropped)) = found {
                    self.findings.push(finding);
                    dropped.into_iter().for_each(|at| superfluous[at] = true);
                }
            }
        }
        rules.iter().for_each(|rule| self.visit(rule));
    }

    fn by_logic(
        &self,
        (left, right): (&CheckedNode, &CheckedNode),
        domains: (&Option<Domain>, &Option<Domain>),
    ) -> Option<Relation> {
        let written = (part(self.rule, &left.pointer)?, part(self.rule, &right.pointer)?);
        if written.0 == written.1 {
            return Some(Relation { left_within: true, right_within: true, ..Relation::default() });
        }
        domains.0.as_ref()?.relation(domains.1.as_ref()?)
    }

    /// What the profiles say; nothing about rules that hold for nobody or everybody, which are told of for themselves.
    fn by_data(
        &self,
        (left, right): (usize, usize),
        rules: &[CheckedNode],
        rows: &mut [Option<Set>],
    ) -> Option<Relation> {
        for at in [left, right] {
            if [0, self.population].contains(self.matched.get(rules[at].pointer.as_str())?) {
                return None;
            }
            if rows[at].is_none() {
                rows[at] = Some(self.moment.rows(&CheckedRule { root: rules[at].clone() }));
            }
        }
        let (left, right) = (rows[left].as_ref()?, rows[right].as_ref()?);
        let both = left.and_count(right);
        Some(Relation {
            disjoint: both == 0,
            left_within: both == left.len(),
            right_within: both == right.len(),
            covering: left.len() + right.len() - both == self.population,
        })
    }

    /// What a relation means in a group, and which of its rules is superfluous then.
    fn told(
        &self,
        join: Match,
        (left, right): (usize, usize),
        rules: &[CheckedNode],
        relation: Relation,
        basis: Basis,
    ) -> Option<(Finding, Option<usize>)> {
        // Under all the larger of two is superfluous, else the smaller; of equal ones the later.
        let superfluous = match (join, relation.left_within, relation.right_within) {
            (_, true, true) => Some(right),
            (Match::All, true, false) | (Match::Any | Match::None, false, true) => Some(right),
            (Match::All, false, true) | (Match::Any | Match::None, true, false) => Some(left),
            (_, false, false) => None,
        };
        let finding = |code, at: usize, what: &str| {
            let other = if at == left { right } else { left };
            let pointer = &rules[at].pointer;
            let mut proof = Vec::new();
            let mut count = |name, node: &CheckedNode| {
                proof.extend(self.matched.get(node.pointer.as_str()).map(|count| (name, *count)));
            };
            count("matched", &rules[at]);
            count("matched_by_other", &rules[other]);
            proof.push(("population", self.population));
            Finding {
                code,
                pointer: pointer.clone(),
                other: Some(rules[other].pointer.clone()),
                segment: None,
                message: what.to_owned(),
                basis,
                proof,
                cure: without(self.rule, pointer),
            }
        };
        match join {
            Match::All if relation.disjoint => {
                Some((finding("contradiction", right, "nobody can satisfy both this and the other rule"), None))
            }
            Match::None if relation.covering => {
                let what = "everybody satisfies this or the other rule, so nobody is left";
                Some((finding("contradiction", right, what), None))
            }
            Match::Any if relation.covering => {
                let what = "everybody satisfies this or the other rule: joined by OR they exclude nobody";
                Some((finding("covers_everybody", right, what), None))
            }
            _ => superfluous
                .map(|at| (finding("redundant", at, "the other rule beside it says as much already"), Some(at))),
        }
    }
}
