//! Everything a rule says in vain, in one report.

use std::collections::{HashMap, HashSet};

use super::cure::{part, without};
use super::domain::Domain;
use super::saved::saved;
use super::siblings::Siblings;
use crate::eval::{self, NodeCounts};
use crate::id::SegmentId;
use crate::insight::Moment;
use crate::limits::LINT_SEGMENTS_MAX;
use crate::plan::plan_explained;
use crate::rule::{CheckedKind, CheckedNode, CheckedRule, Match, Rule};

/// Why a finding is true.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Basis {
    /// It holds for any profiles; where windows are compared, at this instant.
    Logic,
    /// It holds for the profiles there are now.
    Data,
}

/// Something said in vain.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Finding {
    /// Stable kind: `always_empty`, `always_true`, `matches_nobody`, `matches_everybody`, `no_effect`, `contradiction`,
    /// `covers_everybody`, `redundant`, `unknown_value`, `duplicate`, `contained` or `containing`.
    pub code: &'static str,
    /// JSON pointer into the rule.
    pub pointer: String,
    /// The rule beside it that it is compared with.
    pub other: Option<String>,
    /// The saved segment that the rule is compared with, and its name.
    pub segment: Option<(SegmentId, String)>,
    /// In words: lower case, no full stop.
    pub message: String,
    /// Why it is true.
    pub basis: Basis,
    /// The counts that prove it, by name.
    pub proof: Vec<(&'static str, u64)>,
    /// A rule that says less: the rule without the part, or the saved segment. It selects the same people, but for
    /// `contradiction` and `covers_everybody`, where nobody can have meant what the rule says. None where there is no such.
    pub cure: Option<Rule>,
}

/// What was found.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Lint {
    /// Profiles that the rule selects.
    pub count: u64,
    /// In reading order of what was asked: the rule, its nodes, pairs of them, saved segments.
    pub findings: Vec<Finding>,
    /// Whether every pair and every segment was compared.
    pub is_complete: bool,
}

/// Looks for what a rule says in vain; `own` is the segment it is saved as, which is not compared with it.
pub fn lint(rule: &Rule, checked: &CheckedRule, own: Option<SegmentId>, moment: &Moment<'_>) -> Lint {
    let segments = moment.segment_rows(&checked.segments());
    let (explained, plan) = plan_explained(checked, moment.view, &segments, moment.now);
    let nodes = eval::explain(&explained, &plan);
    let matched: HashMap<&str, u64> = nodes.iter().map(|node| (node.pointer.as_str(), node.matched)).collect();
    let count = nodes.first().map_or(0, |root| root.matched);
    let population = moment.view.live().len();
    let report = Report { rule, moment, nodes: &nodes, matched: &matched, count, population };
    let mut findings = report.whole();
    findings.extend(plan.warnings(moment.view).into_iter().map(|warning| Finding {
        code: warning.code,
        message: match warning.suggestions.as_slice() {
            [] => warning.message,
            near => format!("{}; there is \"{}\"", warning.message, near.join("\", \"")),
        },
        ..blank(warning.pointer)
    }));
    report.alone(&checked.root, None, &mut findings);
    let mut siblings = Siblings::new(rule, moment, &matched);
    siblings.visit(&checked.root);
    // A segment is not compared with itself.
    let others = moment.segments.iter().filter(|segment| Some(segment.id) != own).count();
    let is_complete = !siblings.is_cut_short() && others <= LINT_SEGMENTS_MAX;
    findings.append(&mut siblings.findings);
    report.without_effect(&mut findings);
    findings.extend(saved(&moment.rows(checked), own, moment));
    Lint { count, findings, is_complete }
}

fn blank(pointer: String) -> Finding {
    Finding {
        code: "",
        pointer,
        other: None,
        segment: None,
        message: String::new(),
        basis: Basis::Data,
        proof: Vec::new(),
        cure: None,
    }
}

struct Report<'l, 'a> {
    rule: &'l Rule,
    moment: &'l Moment<'a>,
    nodes: &'l [NodeCounts],
    matched: &'l HashMap<&'l str, u64>,
    count: u64,
    population: u64,
}

impl Report<'_, '_> {
    /// What is said of the rule as a whole.
    fn whole(&self) -> Vec<Finding> {
        let (code, message) = match self.count {
            0 => ("always_empty", "the rule selects nobody"),
            count if count == self.population => ("always_true", "the rule selects everybody"),
            _ => return Vec::new(),
        };
        let proof = vec![("count", self.count), ("population", self.population)];
        vec![Finding { code, message: message.into(), proof, ..blank(String::new()) }]
    }

    /// Nodes below the root that hold for nobody or everybody, outermost only.
    fn alone(&self, node: &CheckedNode, join: Option<Match>, findings: &mut Vec<Finding>) {
        let matched = self.matched.get(node.pointer.as_str()).copied().unwrap_or_default();
        let is_empty = Domain::of(node, self.moment).is_some_and(|domain| domain.is_empty());
        let is_trivial = is_empty || matched == 0 || matched == self.population;
        if let Some(join) = join.filter(|_| is_trivial) {
            let is_nobody = matched == 0;
            let (code, message) = if is_nobody {
                ("matches_nobody", "this holds for nobody")
            } else {
                ("matches_everybody", "this holds for everybody")
            };
            // What changes nothing in its group can be taken away.
            let is_neutral = is_nobody != (join == Match::All);
            findings.push(Finding {
                code,
                message: message.into(),
                basis: if is_empty { Basis::Logic } else { Basis::Data },
                proof: vec![("matched", matched), ("population", self.population)],
                cure: if is_neutral { without(self.rule, &node.pointer) } else { None },
                ..blank(node.pointer.clone())
            });
            return;
        }
        if let CheckedKind::Group { join, rules } = &node.kind {
            rules.iter().for_each(|rule| self.alone(rule, Some(*join), findings));
        }
    }

    /// Nodes without which the rule selects the same people, unless that was said in another way. A node stands at one
    /// place of a tree, so taking it away only adds people or only takes them: where the counts are equal, the people
    /// are the same.
    fn without_effect(&self, findings: &mut Vec<Finding>) {
        if self.count == 0 || self.count == self.population {
            return;
        }
        let mut told: HashSet<String> = findings.iter().map(|finding| finding.pointer.clone()).collect();
        for node in self.nodes.iter().skip(1).filter(|node| node.without == self.count) {
            if told.iter().any(|above| !above.is_empty() && is_within(&node.pointer, above)) {
                continue;
            }
            // Behind the last rule of a rule nothing is left.
            let Some(cure) = without(self.rule, &node.pointer) else { continue };
            let what = match part(self.rule, &node.pointer) {
                Some(Rule::Group(_)) => "without this group",
                _ => "without this test",
            };
            findings.push(Finding {
                code: "no_effect",
                message: format!("{what} the rule selects the same people"),
                proof: vec![("count", self.count), ("without", node.without)],
                cure: Some(cure),
                ..blank(node.pointer.clone())
            });
            told.insert(node.pointer.clone());
        }
    }
}

fn is_within(pointer: &str, above: &str) -> bool {
    pointer.strip_prefix(above).is_some_and(|rest| rest.is_empty() || rest.starts_with('/'))
}
