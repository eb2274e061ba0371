//! What stands to the right of an operator.

use super::lexer::Token;
use super::parser::{Parser, Skip};
use super::phrase::Phrase;
use crate::error::Problem;
use crate::limits::LIST_VALUES_MAX;
use crate::rule::wire::shown;
use crate::rule::{Literal, Operand, Operator};

impl<'t> Parser<'t, '_> {
    /// Reads the value that `phrase` asks for; none for `null` and for an operator that needs none.
    pub(super) fn operand(&mut self, phrase: &Phrase) -> Result<Option<Operand>, Skip> {
        if self.take("null") {
            return Ok(None);
        }
        if !phrase.operator.takes_value() && !self.at_value() {
            return Ok(None);
        }
        let value = if matches!(self.peek(), Some(Token::Open)) {
            Operand::Many(self.list()?)
        } else {
            let first = self.literal()?;
            if phrase.operator == Operator::Between && self.at("and") && self.value_follows() {
                self.advance();
                Operand::Many(vec![first, self.literal()?])
            } else {
                Operand::One(first)
            }
        };
        if phrase.days && !self.take("days") && !self.take("day") {
            return Err(self.expected("days after the number"));
        }
        Ok(Some(value))
    }

    fn at_value(&self) -> bool {
        match self.peek() {
            Some(Token::Value(_) | Token::Open) => true,
            _ => self.at("true") || self.at("false"),
        }
    }

    /// Whether the token behind the present one can only be a value.
    fn value_follows(&self) -> bool {
        match self.peek_second() {
            Some(Token::Value(_) | Token::Broken) => true,
            Some(Token::Word(word)) => word.eq_ignore_ascii_case("true") || word.eq_ignore_ascii_case("false"),
            _ => false,
        }
    }

    fn list(&mut self) -> Result<Vec<Literal>, Skip> {
        let at = self.place();
        self.advance();
        let mut values = Vec::new();
        if self.take_sign(&Token::Close) {
            return Ok(values);
        }
        loop {
            if values.len() == LIST_VALUES_MAX {
                let message = format!("a list holds at most {LIST_VALUES_MAX} values; split it");
                self.report(at, Problem::new("", "list_too_long", message));
                return Err(self.stop());
            }
            values.push(self.literal()?);
            if self.take_sign(&Token::Close) {
                return Ok(values);
            }
            if !self.take_sign(&Token::Comma) {
                let skip = self.expected("a comma or a closing parenthesis in the list");
                self.close_list();
                return Err(skip);
            }
        }
    }

    /// Steps behind the parenthesis that closes the present list, as what is in between was not understood.
    fn close_list(&mut self) {
        while let Some(token) = self.peek() {
            if matches!(token, Token::Close) {
                self.advance();
                return;
            }
            if matches!(token, Token::Open) {
                return;
            }
            self.advance();
        }
    }

    fn literal(&mut self) -> Result<Literal, Skip> {
        let truth = self.at("true");
        match self.peek() {
            Some(Token::Word(_)) if truth || self.at("false") => {
                self.advance();
                Ok(Literal::Bool(truth))
            }
            Some(Token::Word(_)) if !self.at("and") && !self.at("or") => Ok(self.bare_words()),
            Some(Token::Value(_) | Token::Broken) => match self.advance() {
                Some(Token::Value(value)) => Ok(value),
                _ => {
                    self.spoil();
                    Ok(Literal::Bool(false))
                }
            },
            _ => Err(self.expected("a value such as 100, \"text\" or true")),
        }
    }

    /// Text without quotes: a mistake, but one that is understood, so that reading goes on behind it.
    fn bare_words(&mut self) -> Literal {
        let at = self.place();
        let mut words: Vec<&'t str> = Vec::new();
        while let Some(Token::Word(word)) = self.peek() {
            if self.at("and") || self.at("or") || self.at("days") {
                break;
            }
            words.push(*word);
            self.advance();
        }
        let message = format!("expected a value; put text in double quotes: \"{}\"", shown(&words.join(" ")));
        self.report(at, Problem::new("", "unquoted_text", message));
        self.spoil();
        Literal::Bool(false)
    }
}
