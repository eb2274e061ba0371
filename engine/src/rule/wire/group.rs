//! How a group was written: in our own form or in that of another system.

use serde_json::{Map, Value};

use super::read::Reader;
use crate::rule::dialect;
use crate::rule::{Literal, Match, Operand, Operator};

/// Whose habits the rules of a group follow.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Style {
    /// `match` and `logic`
    Plain,
    /// `combinator`: react-querybuilder, whose tests carry an `id` and may hold a list as one comma-joined string.
    Combinator,
}

impl Style {
    /// A value as whoever writes in this style means it.
    pub(super) fn value(self, operator: Operator, value: Operand) -> Operand {
        match value {
            Operand::One(Literal::Text(text)) if self == Self::Combinator => split(operator, text),
            other => other,
        }
    }
}

/// react-querybuilder joins the values of `between` and `in` with commas; numbers stay numbers if all of them are.
fn split(operator: Operator, text: String) -> Operand {
    if !matches!(operator, Operator::Between | Operator::In | Operator::NotIn) || text.is_empty() {
        return Operand::One(Literal::Text(text));
    }
    let parts: Vec<&str> = text.split(',').map(str::trim).collect();
    let numbers: Option<Vec<Literal>> = parts.iter().map(|part| Literal::number(part)).collect();
    let texts = || parts.iter().map(|part| Literal::Text((*part).to_owned())).collect();
    Operand::Many(numbers.unwrap_or_else(texts))
}

/// The head of a group that was understood.
pub(super) struct Head<'a> {
    pub(super) join: Match,
    /// react-querybuilder's `not`: the complement of what `join` says.
    pub(super) inverted: bool,
    pub(super) style: Style,
    /// The key under which the rules stand, for pointers.
    pub(super) rules_key: &'static str,
    pub(super) rules: &'a [Value],
}

const JOIN_KEYS: [&str; 3] = ["match", "logic", "combinator"];
const RULES_KEYS: [&str; 2] = ["rules", "conditions"];

/// Whether any key says that this object is a group.
pub(super) fn is_group(object: &Map<String, Value>) -> bool {
    JOIN_KEYS.iter().chain(&RULES_KEYS).any(|key| object.contains_key(*key))
}

impl Reader<'_> {
    /// Reads everything of a group but its rules; `None` when the rules cannot be found.
    pub(super) fn head<'a>(&mut self, object: &'a Map<String, Value>, outer: Style) -> Option<Head<'a>> {
        let join_key = self.one_of(object, &JOIN_KEYS);
        let rules_key = self.one_of(object, &RULES_KEYS);
        let style = if join_key == Some("combinator") { Style::Combinator } else { Style::Plain };
        let mut known: Vec<&str> = vec![join_key.unwrap_or("match"), rules_key.unwrap_or("rules")];
        let ours = known.len();
        if style == Style::Combinator || outer == Style::Combinator {
            known.extend(["not", "id", "path"]);
        }
        let guessed = self.unknown_keys(object, &known, ours, "a group");

        let join = match join_key {
            Some(key) => self.join(key, &object[key]),
            None if guessed.contains(&"match") => None,
            None => {
                self.mistake("", "missing_key", "a group needs \"match\": \"all\", \"any\" or \"none\"");
                None
            }
        };
        let inverted = match object.get("not").filter(|_| known.contains(&"not")) {
            None | Some(Value::Bool(false) | Value::Null) => false,
            Some(Value::Bool(true)) => true,
            Some(_) => {
                self.mistake("not", "wrong_type", "\"not\" is true or false");
                false
            }
        };
        let Some(rules_key) = rules_key else {
            if !guessed.contains(&"rules") {
                self.mistake("", "missing_key", "a group needs \"rules\", a list of at least one rule");
            }
            return None;
        };
        let Value::Array(rules) = &object[rules_key] else {
            self.mistake(rules_key, "wrong_type", "the rules of a group are a list, such as [{\"field\": ...}]");
            return None;
        };
        Some(Head { join: join.unwrap_or(Match::All), inverted, style, rules_key, rules })
    }

    /// The one of `keys` that the object has; a second one is a mistake.
    pub(super) fn one_of(&mut self, object: &Map<String, Value>, keys: &[&'static str]) -> Option<&'static str> {
        let mut present = keys.iter().copied().filter(|key| object.contains_key(*key));
        let first = present.next()?;
        for other in present {
            self.claim(other);
            let message = format!("\"{other}\" says the same as \"{first}\"; keep one of them");
            self.mistake(other, "conflicting_keys", message);
        }
        Some(first)
    }

    fn join(&mut self, key: &str, value: &Value) -> Option<Match> {
        let join = value.as_str().and_then(dialect::join);
        if join.is_none() {
            let message = if key == "match" {
                "\"match\" is \"all\", \"any\" or \"none\"".to_owned()
            } else {
                format!("\"{key}\" is \"and\" or \"or\"")
            };
            self.mistake(key, "unknown_match", message);
        }
        join
    }
}
