//! How operators are spelled in text.

use super::lexer::Token;
use super::parser::{Parser, Skip};
use crate::rule::{Operator, dialect, wire};

/// An operator as it was found.
pub(super) struct Phrase {
    pub(super) operator: Operator,
    /// Whether the word `days` has to follow the value: `within 90 days`, but `within_days 90`.
    pub(super) days: bool,
}

/// How an operator prints before its value; windows print their number in between.
pub(super) fn spelled(operator: Operator) -> &'static str {
    match operator {
        Operator::IsNot => "is not",
        Operator::NotIn => "not in",
        Operator::StartsWith => "starts with",
        Operator::EndsWith => "ends with",
        Operator::NotContains => "not contains",
        Operator::Includes => "includes any",
        Operator::IncludesAll => "includes all",
        Operator::NotExists => "not exists",
        _ => operator.name(),
    }
}

/// How a window prints before its whole number of days.
pub(super) fn window(operator: Operator) -> Option<&'static str> {
    match operator {
        Operator::WithinDays => Some("within"),
        Operator::BeforeDays => Some("before"),
        Operator::InNextDays => Some("in next"),
        _ => None,
    }
}

impl Parser<'_, '_> {
    /// Reads an operator: a sign, a phrase, or a name from JSON.
    pub(super) fn operator(&mut self) -> Result<Phrase, Skip> {
        let word = match self.peek() {
            Some(Token::Sign(operator)) => {
                let operator = *operator;
                self.advance();
                return Ok(Phrase { operator, days: false });
            }
            Some(Token::Word(word)) if !self.at("and") && !self.at("or") => *word,
            _ => return Err(self.expected("an operator such as >=, is or includes any")),
        };
        let plain = |operator| Ok(Phrase { operator, days: false });
        let windowed = |operator| Ok(Phrase { operator, days: true });
        let at = self.place();
        self.advance();
        match word.to_ascii_lowercase().as_str() {
            "is" if self.take("not") => plain(Operator::IsNot),
            "in" if self.take("next") => windowed(Operator::InNextDays),
            "not" => match () {
                () if self.take("in") => plain(Operator::NotIn),
                () if self.take("contains") => plain(Operator::NotContains),
                () if self.take("exists") => plain(Operator::NotExists),
                () => Err(self.expected("in, contains or exists after not")),
            },
            "starts" => self.with("starts", Operator::StartsWith),
            "ends" => self.with("ends", Operator::EndsWith),
            "includes" if self.take("all") => plain(Operator::IncludesAll),
            "includes" => {
                self.take("any");
                plain(Operator::Includes)
            }
            "within" => windowed(Operator::WithinDays),
            "before" => windowed(Operator::BeforeDays),
            _ => match dialect::operator(word) {
                Some(operator) => plain(operator),
                None => {
                    let problem = wire::unknown_operator(word, String::new());
                    Err(self.report(at, problem))
                }
            },
        }
    }

    fn with(&mut self, first: &str, operator: Operator) -> Result<Phrase, Skip> {
        if self.take("with") {
            Ok(Phrase { operator, days: false })
        } else {
            Err(self.expected(&format!("with after {first}")))
        }
    }
}
