//! Through the tree: groups, segments, and which field a test is about.

use super::leaf::{Leaf, Subject};
use crate::error::Problem;
use crate::event::EventSchema;
use crate::limits::{RULE_DEPTH_MAX, RULE_NODES_MAX, RULE_REGEXES_MAX};
use crate::rule::mistakes::{Mistakes, Pointer};
use crate::rule::segments::{SegmentNames, resolve_segment};
use crate::rule::wire::shown;
use crate::rule::{
    CheckedKind, CheckedNode, CheckedRule, Group, LeafTest, Operator, Rule, SegmentRef, SegmentTest, Test, Vocabulary,
    nearest,
};
use crate::schema::{Schema, normalize};

/// Names that are compared with the whole schema, for one rule: a rule of ten thousand unknown fields in a schema of
/// two thousand gets its complaints, but not ten thousand rankings.
const SEARCHES_MAX: usize = 50;

/// Fields that a message lists when none is near.
const FIELDS_SHOWN: usize = 8;

/// Checks `rule` against the fields and the events of `schema` and the segments there are.
///
/// # Errors
/// Every mistake in reading order, with pointers relative to the rule (`""` is the rule itself).
pub fn check<'s>(
    rule: &Rule,
    schema: impl Into<Vocabulary<'s>>,
    segments: &dyn SegmentNames,
) -> Result<CheckedRule, Vec<Problem>> {
    let mut mistakes = Mistakes::default();
    let checked = check_into(rule, schema.into(), segments, &mut mistakes);
    mistakes.into_result(checked)
}

/// [`check`] for a rule whose reading has brought mistakes already.
pub(in crate::rule) fn check_into(
    rule: &Rule,
    Vocabulary { fields: schema, events }: Vocabulary<'_>,
    segments: &dyn SegmentNames,
    mistakes: &mut Mistakes,
) -> Option<CheckedRule> {
    let mut walk =
        Walk { schema, events, segments, mistakes, pointer: Pointer::default(), nodes: 0, searches: 0, regexes: 0 };
    walk.node(rule, 0).map(|root| CheckedRule { root })
}

pub(super) struct Walk<'a> {
    pub(super) schema: &'a Schema,
    pub(super) events: &'a EventSchema,
    segments: &'a dyn SegmentNames,
    pub(super) mistakes: &'a mut Mistakes,
    pub(super) pointer: Pointer,
    nodes: usize,
    searches: usize,
    regexes: usize,
}

impl Walk<'_> {
    fn node(&mut self, rule: &Rule, depth: usize) -> Option<CheckedNode> {
        self.nodes += 1;
        if self.nodes > RULE_NODES_MAX {
            let message = format!("a rule has at most {RULE_NODES_MAX} groups and tests; use lists or saved segments");
            self.limit("too_many_nodes", String::new(), message);
            return None;
        }
        let kind = match rule {
            Rule::Group(group) => self.group(group, depth + 1),
            Rule::Test(test) => self.test(test),
            Rule::Segment(test) => self.segment(test),
            Rule::Event(test) => self.event(test),
        };
        kind.map(|kind| CheckedNode { pointer: self.pointer.here().to_owned(), kind })
    }

    /// `depth` counts this group.
    fn group(&mut self, group: &Group, depth: usize) -> Option<CheckedKind> {
        if depth > RULE_DEPTH_MAX {
            let message = format!("groups nest at most {RULE_DEPTH_MAX} deep; save the inner part as a segment");
            self.limit("too_deep", self.pointer.here().to_owned(), message);
            return None;
        }
        if group.rules.is_empty() {
            let message = "a group needs at least one rule; remove the group or add a rule to it";
            self.mistakes.push(Problem::new(self.pointer.at("rules"), "empty_group", message));
            return None;
        }
        let mut rules = Vec::with_capacity(group.rules.len());
        for (i, rule) in group.rules.iter().enumerate() {
            let outside = self.pointer.enter("rules", i);
            rules.extend(self.node(rule, depth));
            self.pointer.leave(outside);
            if self.nodes > RULE_NODES_MAX {
                return None;
            }
        }
        (rules.len() == group.rules.len()).then_some(CheckedKind::Group { join: group.join, rules })
    }

    fn segment(&mut self, test: &SegmentTest) -> Option<CheckedKind> {
        if let Some(segment) = resolve_segment(&test.segment, self.segments) {
            return Some(CheckedKind::Leaf { test: LeafTest::Segment { segment }, negated: test.negated });
        }
        let (shown, suggestions) = match &test.segment {
            SegmentRef::Name(name) => {
                let near = if self.may_search() { self.segments.nearest(name) } else { Vec::new() };
                (format!("\"{}\"", shown(name)), near)
            }
            SegmentRef::Id(id) => (format!("with the id {id}"), Vec::new()),
        };
        let message = format!("there is no segment {shown}; it must be saved before a rule can refer to it");
        let problem = Problem::new(self.pointer.at("segment"), "unknown_segment", message);
        self.mistakes.push(problem.with_suggestions(suggestions));
        None
    }

    fn test(&mut self, test: &Test) -> Option<CheckedKind> {
        let name = normalize(&test.field);
        let subject = match self.schema.find(&name) {
            Some(field) => Subject::Field(field.id, field.kind),
            None if self.schema.is_id(&name) => Subject::Id,
            None => {
                self.unknown_field(&name);
                return None;
            }
        };
        self.leaf(&name, subject, test)
    }

    /// A test whose subject is known.
    pub(super) fn leaf(&mut self, name: &str, subject: Subject, test: &Test) -> Option<CheckedKind> {
        self.regexes += usize::from(test.operator == Operator::Matches);
        if test.operator == Operator::Matches && self.regexes > RULE_REGEXES_MAX {
            let message =
                format!("a rule has at most {RULE_REGEXES_MAX} regular expressions; join some of them with |");
            self.limit("too_many_regexes", self.pointer.at("operator"), message);
            return None;
        }
        Leaf::new(name, subject, test, &self.pointer, self.mistakes).check()
    }

    fn unknown_field(&mut self, name: &str) {
        let names = || self.schema.fields().iter().map(|field| &*field.name);
        let suggestions = if self.may_search() { nearest(name, names().chain([Schema::ID])) } else { Vec::new() };
        let mut message = format!("there is no field \"{}\"", shown(name));
        if suggestions.is_empty() {
            let all: Vec<&str> = [self.schema.id_name()].into_iter().chain(names()).take(FIELDS_SHOWN).collect();
            let more = if self.schema.fields().len() + 1 > all.len() { " and more" } else { "" };
            message += &format!("; there are {}{more}", all.join(", "));
        } else {
            message += &format!("; did you mean \"{}\"?", suggestions[0]);
        }
        let problem = Problem::new(self.pointer.at("field"), "unknown_field", message);
        self.mistakes.push(problem.with_suggestions(suggestions));
    }

    /// A limit that is passed: said once, here or when the rule was read.
    fn limit(&mut self, code: &'static str, pointer: String, message: String) {
        if !self.mistakes.has(code) {
            self.mistakes.push(Problem::new(pointer, code, message));
        }
    }

    pub(super) fn may_search(&mut self) -> bool {
        self.searches += 1;
        self.searches <= SEARCHES_MAX
    }
}
