//! One test of one field: does its operator suit the type, and is its value one literal or a list as it should?
//!
//! What the literals must be is for the family of the field to say: `scalar`, `list`, `pattern`, `window`.

use crate::error::Problem;
use crate::id::FieldId;
use crate::limits::LIST_VALUES_MAX;
use crate::rule::mistakes::{Mistakes, Pointer};
use crate::rule::wire::shown;
use crate::rule::{CheckedKind, LeafTest, Literal, Operand, Operator, Test, operators_of, operators_of_id};
use crate::schema::FieldType;

/// What a test is about.
#[derive(Debug, Clone, Copy)]
pub(super) enum Subject {
    /// A field and its type.
    Field(FieldId, FieldType),
    /// The external id.
    Id,
}

/// What is wrong with a literal, and what would be right.
pub(super) struct Wrong {
    pub(super) code: &'static str,
    pub(super) message: String,
}

impl Wrong {
    pub(super) fn type_of(message: impl Into<String>) -> Self {
        Self { code: "wrong_type", message: message.into() }
    }

    /// As a mistake at a place.
    pub(super) fn at(self, pointer: String) -> Problem {
        Problem::new(pointer, self.code, self.message)
    }

    pub(super) fn range(message: impl Into<String>) -> Self {
        Self { code: "number_out_of_range", message: message.into() }
    }
}

/// A test whose subject is known.
pub(super) struct Leaf<'a> {
    pub(super) name: &'a str,
    pub(super) test: &'a Test,
    subject: Subject,
    pointer: &'a Pointer,
    mistakes: &'a mut Mistakes,
}

impl<'a> Leaf<'a> {
    pub(super) fn new(
        name: &'a str,
        subject: Subject,
        test: &'a Test,
        pointer: &'a Pointer,
        mistakes: &'a mut Mistakes,
    ) -> Self {
        Self { name, test, subject, pointer, mistakes }
    }

    /// The test as an index can be asked, or none after its mistakes were noted.
    pub(super) fn check(mut self) -> Option<CheckedKind> {
        let operator = self.test.operator;
        let suits = match self.subject {
            Subject::Field(_, kind) => operator.applies_to(kind),
            Subject::Id => operator.applies_to_id(),
        };
        if !suits {
            self.wrong_operator();
            return None;
        }
        let positive = operator.positive().unwrap_or(operator);
        let test = if operator.takes_value() {
            let value = match &self.test.value {
                Some(value) => value,
                None => {
                    let message = format!("{} needs a value; ask for a missing one with not_exists", operator.name());
                    self.mistake("value", "missing_value", message);
                    return None;
                }
            };
            self.valued(positive, value)
        } else {
            if self.test.value.is_some() {
                let message = format!("{} takes no value; remove it", operator.name());
                self.mistake("value", "unexpected_value", message);
                return None;
            }
            Some(match self.subject {
                Subject::Field(field, _) => LeafTest::Exists { field },
                Subject::Id => LeafTest::Everyone,
            })
        };
        test.map(|test| CheckedKind::Leaf { test, negated: positive != operator })
    }

    fn valued(&mut self, positive: Operator, value: &Operand) -> Option<LeafTest> {
        let Subject::Field(field, kind) = self.subject else { return self.ids(positive, value) };
        match positive {
            Operator::WithinDays | Operator::BeforeDays | Operator::InNextDays => self.window(positive, field, value),
            Operator::StartsWith | Operator::EndsWith | Operator::Contains | Operator::Matches => {
                self.pattern(positive, field, value)
            }
            Operator::Includes | Operator::IncludesAll => {
                self.members(field, kind, positive == Operator::IncludesAll, value)
            }
            Operator::Is | Operator::In => self.one_of(positive, field, kind, value),
            Operator::Equal if kind == FieldType::Bool => self.one_of(positive, field, kind, value),
            _ => self.range(positive, field, kind, value),
        }
    }

    /// The only literal of `value`.
    pub(super) fn single<'v>(&mut self, value: &'v Operand) -> Option<&'v Literal> {
        match value {
            Operand::One(literal) => Some(literal),
            Operand::Many(_) => {
                let operator = self.test.operator;
                let cure = match operator {
                    Operator::Is => "; use in for a list",
                    Operator::IsNot => "; use not_in for a list",
                    _ => "",
                };
                let message = format!("{} takes one value, not a list{cure}", operator.name());
                self.mistake("value", "wrong_type", message);
                None
            }
        }
    }

    /// The literals of `value`, read by `read`; a single one is a list of one. All wrong ones are noted.
    pub(super) fn every<T>(
        &mut self,
        value: &Operand,
        mut read: impl FnMut(&Literal) -> Result<T, Wrong>,
    ) -> Option<Vec<T>> {
        let literals = match value {
            Operand::One(literal) => {
                let read = read(literal);
                return self.literal("value", read).map(|value| vec![value]);
            }
            Operand::Many(literals) => literals,
        };
        if literals.is_empty() {
            let message = format!("{} needs at least one value in its list", self.test.operator.name());
            self.mistake("value", "empty_list", message);
            return None;
        }
        if literals.len() > LIST_VALUES_MAX {
            let message =
                format!("a list holds at most {LIST_VALUES_MAX} values, this one {}; split it", literals.len());
            self.mistake("value", "list_too_long", message);
            return None;
        }
        let mut values = Vec::with_capacity(literals.len());
        for (i, literal) in literals.iter().enumerate() {
            match read(literal) {
                Ok(value) => values.push(value),
                Err(Wrong { code, message }) => {
                    let pointer = format!("{}/value/{i}", self.pointer.here());
                    self.mistakes.push(Problem::new(pointer, code, message));
                }
            }
        }
        (values.len() == literals.len()).then_some(values)
    }

    /// What was read of the literal at `key`, or none after the mistake was noted.
    pub(super) fn literal<T>(&mut self, key: &str, read: Result<T, Wrong>) -> Option<T> {
        read.map_err(|Wrong { code, message }| self.mistake(key, code, message)).ok()
    }

    /// A mistake at the member `key` (`value/1` is the second one of the list) of this test.
    pub(super) fn mistake(&mut self, key: &str, code: &'static str, message: impl Into<String>) {
        self.mistakes.push(Problem::new(format!("{}/{key}", self.pointer.here()), code, message));
    }

    fn wrong_operator(&mut self) {
        let operator = self.test.operator;
        let (what, names) = match self.subject {
            Subject::Field(_, kind) => (format!("\"{}\" is {kind}", shown(self.name)), operators_of(kind)),
            Subject::Id => (format!("\"{}\" is the id", shown(self.name)), operators_of_id()),
        };
        // The operators that ask the same of other types.
        let akin: &[Operator] = match operator {
            Operator::Equal | Operator::Includes | Operator::IncludesAll | Operator::Contains => {
                &[Operator::Is, Operator::Includes, Operator::Equal]
            }
            Operator::Is | Operator::In => &[Operator::Includes, Operator::Equal, Operator::Between],
            Operator::NotEqual | Operator::IsNot | Operator::NotIn | Operator::Excludes | Operator::NotContains => {
                &[Operator::IsNot, Operator::Excludes, Operator::NotEqual]
            }
            _ => &[],
        };
        let akin = akin.iter().filter(|akin| names.contains(&akin.name())).take(1);
        let suggestions = akin.map(|akin| akin.name().to_owned()).collect();
        let message = format!("{what} and does not know {}; it knows {}", operator.name(), names.join(", "));
        let pointer = self.pointer.at("operator");
        self.mistakes.push(Problem::new(pointer, "operator_not_for_type", message).with_suggestions(suggestions));
    }
}

/// A literal as a message shows it.
pub(super) fn described(literal: &Literal) -> String {
    match literal {
        Literal::Bool(value) => value.to_string(),
        Literal::Number(digits) => format!("the number {}", shown(digits)),
        Literal::Text(text) => format!("the text \"{}\"", shown(text)),
    }
}
