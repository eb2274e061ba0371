//! JSON -> [`Rule`]: the tree, its tests and their values.
//!
//! Nothing in a request can make this recurse deeper than `RULE_DEPTH_MAX` or read more than `RULE_NODES_MAX` nodes.
//! What is broken is replaced by a test that is never wrong, so that the rest can still be checked against a schema.
//! How a group may be written is in `group`, tests of events are in `event`.

use serde_json::{Map, Value};

use super::group::{Style, is_group};
use crate::error::Problem;
use crate::id::SegmentId;
use crate::limits::{LIST_VALUES_MAX, RULE_DEPTH_MAX, RULE_NODES_MAX};
use crate::rule::dialect;
use crate::rule::mistakes::{Mistakes, Pointer};
use crate::rule::nearest::nearest;
use crate::rule::{Group, Literal, Match, Operand, Operator, Rule, SegmentRef, SegmentTest, Test};

/// Reads a rule, in our own form or in that of another system.
///
/// # Errors
/// Every mistake in reading order, with pointers relative to the rule (`""` is the rule itself).
pub fn from_json(value: &Value) -> Result<Rule, Vec<Problem>> {
    let mut mistakes = Mistakes::default();
    let rule = read(value, &mut mistakes);
    mistakes.sort();
    mistakes.into_result(Some(rule))
}

/// Reads what can be read; the rule stands for what was asked only if no mistake was added.
pub(in crate::rule) fn read(value: &Value, mistakes: &mut Mistakes) -> Rule {
    let mut reader = Reader { mistakes, pointer: Pointer::default(), nodes: 0, claimed: Vec::new() };
    reader.rule(value, 0, Style::Plain)
}

pub(super) struct Reader<'m> {
    pub(super) mistakes: &'m mut Mistakes,
    pub(super) pointer: Pointer,
    nodes: usize,
    /// Keys of the object at hand that have already been complained about.
    claimed: Vec<&'static str>,
}

const TEST_KEYS: [&str; 3] = ["field", "operator", "value"];
const SEGMENT_KEYS: [&str; 2] = ["segment", "operator"];
/// What react-querybuilder writes beside a test and what changes nothing.
const COMBINATOR_EXTRAS: [&str; 3] = ["id", "path", "valueSource"];

impl Reader<'_> {
    /// `depth` counts the groups around this rule.
    fn rule(&mut self, value: &Value, depth: usize, style: Style) -> Rule {
        if !self.count_node() {
            return Rule::placeholder(None);
        }
        let Value::Object(object) = value else {
            let message = format!("a rule is an object with field, operator and value, not {}", describe(value));
            self.mistake("", "wrong_type", message);
            return Rule::placeholder(None);
        };
        self.forget_claims();
        if object.contains_key("event") {
            self.event(object, style)
        } else if is_group(object) {
            self.group(object, depth + 1, style)
        } else if object.contains_key("segment") {
            self.segment(object)
        } else {
            self.test(object, style)
        }
    }

    fn group(&mut self, object: &Map<String, Value>, depth: usize, outer: Style) -> Rule {
        let Some(head) = self.head(object, outer) else { return Rule::placeholder(None) };
        // `not` on anything but `or` costs a group of its own: none[all[..]].
        let (join, wrapped) = match (head.inverted, head.join) {
            (false, join) => (join, false),
            (true, Match::Any) => (Match::None, false),
            (true, Match::None) => (Match::Any, false),
            (true, Match::All) => (Match::All, true),
        };
        let depth = depth + usize::from(wrapped);
        if depth > RULE_DEPTH_MAX {
            let message = format!("groups nest at most {RULE_DEPTH_MAX} deep; save the inner part as a segment");
            self.mistake("", "too_deep", message);
            return Rule::placeholder(None);
        }
        if wrapped && !self.count_node() {
            return Rule::placeholder(None);
        }
        let mut rules = Vec::with_capacity(head.rules.len().min(RULE_NODES_MAX));
        for (i, rule) in head.rules.iter().enumerate() {
            let outside = self.pointer.enter(head.rules_key, i);
            rules.push(self.rule(rule, depth, head.style));
            self.pointer.leave(outside);
            if self.nodes > RULE_NODES_MAX {
                break;
            }
        }
        let group = Rule::Group(Group { join, rules });
        if wrapped { Rule::Group(Group { join: Match::None, rules: vec![group] }) } else { group }
    }

    /// Counts a node; `false` once there are too many, which is said once.
    pub(super) fn count_node(&mut self) -> bool {
        self.nodes += 1;
        if self.nodes == RULE_NODES_MAX + 1 {
            let message = format!("a rule has at most {RULE_NODES_MAX} groups and tests; use lists or saved segments");
            self.mistakes.push(Problem::new("", "too_many_nodes", message));
        }
        self.nodes <= RULE_NODES_MAX
    }

    pub(super) fn test(&mut self, object: &Map<String, Value>, style: Style) -> Rule {
        let mut known = TEST_KEYS.to_vec();
        if style == Style::Combinator {
            known.extend(COMBINATOR_EXTRAS);
            self.value_source(object);
        }
        let guessed = self.unknown_keys(object, &known, TEST_KEYS.len(), "a test");
        // An object that names no field was perhaps not meant as a test: one complaint is enough.
        let nothing = !object.contains_key("field") && !guessed.contains(&"field");
        let field = match object.get("field") {
            Some(Value::String(name)) => Some(name.as_str()),
            Some(other) => {
                let message = format!("a field is named by a string, not by {}", describe(other));
                self.mistake("field", "wrong_type", message);
                None
            }
            None => {
                if !guessed.contains(&"field") {
                    let message = "a rule needs \"field\" and \"operator\", or \"match\" and \"rules\", or \"segment\"";
                    self.mistake("", "missing_key", message);
                }
                None
            }
        };
        let operator = self.operator(object, nothing || guessed.contains(&"operator"));
        let before = self.mistakes.count();
        let value = object.get("value").and_then(|value| self.operand(value));
        let broken_value = self.mistakes.count() > before || guessed.contains(&"value");
        let (Some(field), Some((operator, spelled)), false) = (field, operator, broken_value) else {
            return Rule::placeholder(field);
        };
        let value = match value {
            // react-querybuilder fills the value of `null` and `notNull` with an empty string.
            Some(Operand::One(Literal::Text(text)))
                if text.is_empty() && !operator.takes_value() && spelled != operator.name() =>
            {
                None
            }
            other => other.map(|value| style.value(operator, value)),
        };
        Rule::Test(Test { field: field.to_owned(), operator, value })
    }

    /// The operator and how it was spelled; `excused` when its absence has been complained about.
    pub(super) fn operator<'a>(
        &mut self,
        object: &'a Map<String, Value>,
        excused: bool,
    ) -> Option<(Operator, &'a str)> {
        match object.get("operator") {
            Some(Value::String(name)) => {
                let operator = dialect::operator(name);
                if operator.is_none() {
                    self.mistakes.push(unknown_operator(name, self.pointer.at("operator")));
                }
                operator.map(|operator| (operator, name.as_str()))
            }
            Some(other) => {
                let message = format!("an operator is a string such as \">=\", not {}", describe(other));
                self.mistake("operator", "wrong_type", message);
                None
            }
            None => {
                if !excused {
                    self.mistake("operator", "missing_key", "a test needs an \"operator\" such as \">=\" or \"is\"");
                }
                None
            }
        }
    }

    fn value_source(&mut self, object: &Map<String, Value>) {
        let source = object.get("valueSource");
        if source.is_some_and(|source| !source.is_null() && source.as_str() != Some("value")) {
            let message = "a field is compared with a value, not with another field; use \"valueSource\": \"value\"";
            self.mistake("valueSource", "unsupported", message);
        }
    }

    fn segment(&mut self, object: &Map<String, Value>) -> Rule {
        let guessed = self.unknown_keys(object, &SEGMENT_KEYS, SEGMENT_KEYS.len(), "a segment test");
        let segment = match &object["segment"] {
            Value::String(name) => Some(SegmentRef::Name(name.clone())),
            Value::Number(id) => id.as_u64().map(|id| SegmentRef::Id(SegmentId(id))),
            _ => None,
        };
        if segment.is_none() {
            self.mistake("segment", "wrong_type", "a segment is given by its name or its number");
        }
        let negated = match object.get("operator") {
            Some(Value::String(name)) => match dialect::operator(name) {
                Some(Operator::In) => Some(false),
                Some(Operator::NotIn) => Some(true),
                _ => {
                    let message = format!("a segment knows the operators in and not_in, not \"{}\"", shown(name));
                    let problem = Problem::new(self.pointer.at("operator"), "unknown_operator", message);
                    self.mistakes.push(problem.with_suggestions(vec!["in".into(), "not_in".into()]));
                    None
                }
            },
            Some(_) => {
                self.mistake("operator", "wrong_type", "the operator of a segment is \"in\" or \"not_in\"");
                None
            }
            None if guessed.contains(&"operator") => None,
            None => {
                let message = "a segment test needs an \"operator\": \"in\" or \"not_in\"";
                self.mistake("operator", "missing_key", message);
                None
            }
        };
        match (segment, negated) {
            (Some(segment), Some(negated)) => Rule::Segment(SegmentTest { segment, negated }),
            _ => Rule::placeholder(None),
        }
    }

    pub(super) fn operand(&mut self, value: &Value) -> Option<Operand> {
        let Value::Array(entries) = value else {
            if value.is_null() {
                return None;
            }
            let literal = literal(value);
            if literal.is_none() {
                let message = format!("a value is a string, a number, true, false or a list, not {}", describe(value));
                self.mistake("value", "wrong_type", message);
            }
            return literal.map(Operand::One);
        };
        if entries.len() > LIST_VALUES_MAX {
            let message =
                format!("a list holds at most {LIST_VALUES_MAX} values, this one {}; split it", entries.len());
            self.mistake("value", "list_too_long", message);
            return None;
        }
        let mut literals = Vec::with_capacity(entries.len());
        for (i, entry) in entries.iter().enumerate() {
            match literal(entry) {
                Some(literal) => literals.push(literal),
                None => {
                    let message =
                        format!("a value in a list is a string, a number, true or false, not {}", describe(entry));
                    self.mistakes.push(Problem::new(
                        self.pointer.at("value") + &format!("/{i}"),
                        "wrong_type",
                        message,
                    ));
                }
            }
        }
        Some(Operand::Many(literals))
    }

    /// Complains about every key that is none of `known`, of which the first `ours` are worth suggesting. Answers the
    /// keys that were probably meant: their absence needs no complaint of its own.
    pub(super) fn unknown_keys(
        &mut self,
        object: &Map<String, Value>,
        known: &[&'static str],
        ours: usize,
        what: &str,
    ) -> Vec<&'static str> {
        let mut guessed = Vec::new();
        for key in object.keys() {
            if known.contains(&key.as_str()) || self.claimed.contains(&key.as_str()) {
                continue;
            }
            let free = known[..ours].iter().copied().filter(|known| !object.contains_key(*known));
            let suggestions = nearest(key, free);
            guessed.extend(known.iter().filter(|known| suggestions.first().is_some_and(|best| best == *known)));
            let message = format!("{what} has no \"{}\"; it has {}", shown(key), known[..ours].join(", "));
            let problem = Problem::new(self.pointer.at(key), "unknown_key", message);
            self.mistakes.push(problem.with_suggestions(suggestions));
        }
        guessed
    }

    /// The object at hand is another one now.
    pub(super) fn forget_claims(&mut self) {
        self.claimed.clear();
    }

    /// A key that has been complained about and is not to be called unknown as well.
    pub(super) fn claim(&mut self, key: &'static str) {
        self.claimed.push(key);
    }

    /// A mistake at the member `key` of the object at hand, or at the object itself.
    pub(super) fn mistake(&mut self, key: &str, code: &'static str, message: impl Into<String>) {
        let pointer = if key.is_empty() { self.pointer.here().to_owned() } else { self.pointer.at(key) };
        self.mistakes.push(Problem::new(pointer, code, message));
    }
}

/// An operator that nobody knows, with the nearest ones.
pub(in crate::rule) fn unknown_operator(name: &str, pointer: String) -> Problem {
    let names = Operator::NAMES.map(|(_, name)| name);
    let mut suggestions = nearest(name, names);
    if suggestions.is_empty() && name.len() < 64 {
        suggestions = nearest(&name.to_lowercase().replace(['-', ' '], "_"), names);
    }
    let message = format!("there is no operator \"{}\"; there are {}", shown(name), names.join(", "));
    Problem::new(pointer, "unknown_operator", message).with_suggestions(suggestions)
}

pub(super) fn literal(value: &Value) -> Option<Literal> {
    match value {
        Value::Bool(value) => Some(Literal::Bool(*value)),
        Value::Number(number) => Some(Literal::Number(number.as_str().to_owned())),
        Value::String(text) => Some(Literal::Text(text.clone())),
        Value::Null | Value::Array(_) | Value::Object(_) => None,
    }
}

pub(super) fn describe(value: &Value) -> &'static str {
    match value {
        Value::Null => "null",
        Value::Bool(_) => "true or false",
        Value::Number(_) => "a number",
        Value::String(_) => "a string",
        Value::Array(_) => "a list",
        Value::Object(_) => "an object",
    }
}

/// A name of the caller's, cut to what a message can bear.
pub(in crate::rule) fn shown(name: &str) -> String {
    const CHARS_MAX: usize = 60;
    match name.char_indices().nth(CHARS_MAX) {
        Some((end, _)) => format!("{}...", &name[..end]),
        None => name.to_owned(),
    }
}
