//! One part of a question as one test.

use super::fields::{Found, Known, Wanted, field, stem, value};
use super::measure::{Measure, measure};
use super::words::{Part, is_empty_word};
use crate::rule::{Group, Literal, Match, Operand, Operator, Rule, Test};
use crate::schema::FieldType;

/// What became of a part.
#[derive(Debug, Clone, PartialEq)]
pub(super) enum Outcome {
    /// A rule, and words that said nothing to it.
    Rule { rule: Rule, unused: Vec<String>, notes: Vec<String> },
    /// Nothing, and why.
    Unclear(String),
}

pub(super) fn understand(part: &Part, known: &Known<'_>) -> Outcome {
    let (mut words, mut notes) = (part.words.clone(), Vec::new());
    let measured = measure(&mut words, &mut notes);
    let wanted = match &measured {
        Some(Measure::Days { .. } | Measure::Next(_) | Measure::Day { .. }) => Wanted::Moment,
        Some(Measure::Number(..) | Measure::Between(..)) => Wanted::Number,
        None => Wanted::Any,
    };
    if measured.is_none() {
        match value(&words, known) {
            Found::One((field, text, used)) => {
                let is_set = field.kind == FieldType::KeywordSet;
                let operator = match (is_set, part.negated) {
                    (true, false) => Operator::Includes,
                    (true, true) => Operator::Excludes,
                    (false, false) => Operator::Is,
                    (false, true) => Operator::IsNot,
                };
                let literal = Literal::Text(text);
                let operand = if is_set { Operand::Many(vec![literal]) } else { Operand::One(literal) };
                let rule = test(&field.name, operator, Some(operand));
                let is_name = |word: &String| stem(word) == stem(&field.name);
                let rest = words.iter().enumerate().filter(|(at, word)| !used.contains(at) && !is_name(word));
                return Outcome::Rule { rule, unused: unused(rest.map(|(_, word)| word)), notes };
            }
            Found::Several(names) => {
                return Outcome::Unclear(format!("a value of {}: say which", names.join(" and of ")));
            }
            Found::None => {}
        }
    }
    let (found, used) = match field(&words, wanted, known) {
        Found::One(found) => found,
        Found::Several(names) => return Outcome::Unclear(format!("it could mean {}: say which", names.join(" or "))),
        Found::None => return Outcome::Unclear("no field and no value has these words".into()),
    };
    let Some(rule) = measured_test(&found.name, found.kind, measured.as_ref(), part.negated) else {
        return Outcome::Unclear(format!("it means {}, and does not say what of it", found.name));
    };
    let rest = words.iter().enumerate().filter(|(at, _)| !used.contains(at)).map(|(_, word)| word);
    Outcome::Rule { rule, unused: unused(rest), notes }
}

fn measured_test(name: &str, kind: FieldType, measured: Option<&Measure>, negated: bool) -> Option<Rule> {
    let number = |digits: &str| Literal::Number(digits.to_owned());
    let one = |literal| Some(Operand::One(literal));
    Some(match measured {
        // Whoever has not for five months may never have: the complement of within.
        Some(Measure::Days { count, is_ago: false }) => {
            turned(test(name, Operator::WithinDays, one(number(&count.to_string()))), negated)
        }
        Some(Measure::Days { count, is_ago: true }) => {
            turned(test(name, Operator::BeforeDays, one(number(&count.to_string()))), negated)
        }
        Some(Measure::Next(days)) => turned(test(name, Operator::InNextDays, one(number(&days.to_string()))), negated),
        Some(Measure::Day { day, is_before }) => {
            let instant = if kind == FieldType::Time { day.midnight().to_string() } else { day.to_string() };
            let operator = if *is_before { Operator::Less } else { Operator::GreaterOrEqual };
            turned(test(name, operator, one(Literal::Text(instant))), negated)
        }
        Some(Measure::Number(operator, digits)) => turned(test(name, *operator, one(number(digits))), negated),
        Some(Measure::Between(low, high)) => {
            let ends = Operand::Many(vec![number(low), number(high)]);
            turned(test(name, Operator::Between, Some(ends)), negated)
        }
        None if kind == FieldType::Bool => test(name, Operator::Is, one(Literal::Bool(!negated))),
        None if kind.is_set() || matches!(kind, FieldType::Keyword | FieldType::Time | FieldType::Date) => {
            test(name, if negated { Operator::NotExists } else { Operator::Exists }, None)
        }
        None => return None,
    })
}

fn test(field: &str, operator: Operator, value: Option<Operand>) -> Rule {
    Rule::Test(Test { field: field.to_owned(), operator, value })
}

fn turned(rule: Rule, negated: bool) -> Rule {
    if negated { Rule::Group(Group { join: Match::None, rules: vec![rule] }) } else { rule }
}

/// Words that meant nothing.
fn unused<'w>(words: impl Iterator<Item = &'w String>) -> Vec<String> {
    words.filter(|word| !is_empty_word(word)).cloned().collect()
}
