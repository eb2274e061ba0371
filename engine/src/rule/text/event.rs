//! Tests of events as text: `did purchase within 30 days`, `sum of purchase.amount where category is "shoes" >= 200`.

use super::lexer::Token;
use super::parser::{LeafPlace, Node, Parser, Skip};
use super::phrase::Phrase;
use crate::limits::EVENT_CONDITIONS_MAX;
use crate::rule::wire::too_many_conditions;
use crate::rule::{EventTest, EventWindow, Follower, Literal, Measure, Operand, Operator, Rule, Test};

/// An operator with its value, which a window looks like as well.
struct Asked {
    operator: Operator,
    value: Option<Operand>,
    /// Whether it was spelled as a window is.
    is_window: bool,
    /// The bytes where the operator and the value begin.
    at: (usize, usize),
}

/// Where the parts of a test stand, by their pointers within it.
#[derive(Default)]
struct Places(Vec<(String, usize)>);

impl Places {
    fn put(&mut self, pointer: impl Into<String>, at: usize) {
        self.0.push((pointer.into(), at));
    }
}

impl Parser<'_, '_> {
    /// Whether a test of events begins here: `did` and a type, or a measure and `of`.
    pub(super) fn at_event(&self) -> bool {
        let Some(Token::Word(word)) = self.peek() else { return false };
        match self.peek_second() {
            Some(Token::Word(of)) if of.eq_ignore_ascii_case("of") && Measure::from_name(word).is_some() => true,
            Some(Token::Word(_) | Token::Name(_)) => word.eq_ignore_ascii_case("did"),
            _ => false,
        }
    }

    /// Whether `did not` begins here, which says the opposite of `did`.
    pub(super) fn at_did_not(&self) -> bool {
        self.at("did") && matches!(self.peek_second(), Some(Token::Word(word)) if word.eq_ignore_ascii_case("not"))
    }

    /// A test of events, wherever it begins.
    pub(super) fn event(&mut self) -> Result<Node, Skip> {
        let at = self.place();
        self.take_spoiled();
        let mut places = Places::default();
        let measure = match self.advance() {
            Some(Token::Word(word)) => Measure::from_name(word),
            _ => None,
        };
        let mut test = match measure {
            None => EventTest::any(self.event_name("event", &mut places)?),
            Some(measure) => self.measured(measure, at, &mut places)?,
        };
        test.conditions = self.conditions("where", &mut places)?;
        let window = if self.at_window() { Some(self.asked()?) } else { None };
        test.then = if self.take("then") { Some(self.follower("then", &mut places)?) } else { None };
        let after_then = test.then.is_some();
        if self.at("not")
            && matches!(self.peek_second(), Some(Token::Word(word)) if word.eq_ignore_ascii_case("followed"))
        {
            self.advance();
            self.advance();
            if !self.take("by") {
                return Err(self.expected("by after not followed"));
            }
            test.not_followed_by = Some(self.follower("not_followed_by", &mut places)?);
        }
        let (window, asked) = if measure.is_none() {
            (window, None)
        } else if self.at_operator() {
            (window, Some(self.asked()?))
        } else {
            self.window_as_operator(window, &mut test, after_then, &mut places)?
        };
        if let Some(window) = window {
            test.window = Some(self.window(window, &mut places)?);
        }
        if let Some(asked) = asked {
            places.put("/operator", asked.at.0);
            places.put("/value", asked.at.1);
            (test.operator, test.value) = (Some(asked.operator), asked.value);
        }
        if self.take_spoiled() {
            // What was not understood is left out, so that the rest can still be checked.
            (test.operator, test.value, test.window) = (None, None, None);
            let followers = test.then.iter_mut().chain(&mut test.not_followed_by);
            followers.for_each(|follower| follower.within_days = None);
        }
        let place = LeafPlace { field: at, operator: at, value: at, parts: places.0 };
        Ok(self.leaf_node(Rule::Event(Box::new(test)), place))
    }

    /// `of purchase`, `of purchase.amount` or `of amount of purchase`
    fn measured(&mut self, measure: Measure, at: usize, places: &mut Places) -> Result<EventTest, Skip> {
        self.advance();
        places.put("/measure", at);
        let place = self.place();
        let first = match self.peek() {
            Some(Token::Word(word)) if word.contains('.') => {
                let (event, property) = word.split_once('.').unwrap_or((word, ""));
                let (event, property) = (event.to_owned(), property.to_owned());
                self.advance();
                places.put("/event", place);
                places.put("/of", place + event.len() + 1);
                return Ok(EventTest { measure, of: Some(property), ..EventTest::any(event) });
            }
            _ => self.name("a type of events, or a property as in purchase.amount")?,
        };
        if !self.take("of") {
            places.put("/event", place);
            if measure.takes_property() {
                let message = format!(
                    "expected the property that is measured, as in {} of {}.amount",
                    measure.name(),
                    crate::rule::wire::shown(&first)
                );
                let problem = crate::error::Problem::new("", "syntax", message);
                self.report(place, problem);
            }
            return Ok(EventTest { measure, ..EventTest::any(first) });
        }
        places.put("/of", place);
        let event = self.event_name("event", places)?;
        Ok(EventTest { measure, of: Some(first), ..EventTest::any(event) })
    }

    fn event_name(&mut self, pointer: &str, places: &mut Places) -> Result<String, Skip> {
        places.put(format!("/{pointer}"), self.place());
        self.name("a type of events such as purchase")
    }

    fn name(&mut self, what: &str) -> Result<String, Skip> {
        let name = match self.peek() {
            Some(Token::Word(word)) if !self.at("and") && !self.at("or") => (*word).to_owned(),
            Some(Token::Name(name)) => name.clone(),
            _ => return Err(self.expected(what)),
        };
        self.advance();
        Ok(name)
    }

    /// `where a`, or `where (a and b)`
    fn conditions(&mut self, pointer: &str, places: &mut Places) -> Result<Vec<Test>, Skip> {
        let at = self.place();
        if !self.take("where") {
            return Ok(Vec::new());
        }
        places.put(format!("/{pointer}"), at);
        if !self.take_sign(&Token::Open) {
            return Ok(vec![self.condition(pointer, 0, places)?]);
        }
        let mut conditions = Vec::new();
        loop {
            conditions.push(self.condition(pointer, conditions.len(), places)?);
            if conditions.len() == EVENT_CONDITIONS_MAX + 1 {
                let problem = too_many_conditions(conditions.len(), String::new());
                self.report(at, problem);
                return Err(self.stop());
            }
            if self.take_sign(&Token::Close) {
                return Ok(conditions);
            }
            if !self.take("and") {
                self.expected("and, or a closing parenthesis after a condition");
                self.skip_while(|token| !matches!(token, Token::Close));
                self.take_sign(&Token::Close);
                return Ok(conditions);
            }
        }
    }

    fn condition(&mut self, pointer: &str, index: usize, places: &mut Places) -> Result<Test, Skip> {
        let at = self.place();
        let field = self.name("a property of the event, such as category")?;
        self.count_node(at);
        let operator_at = self.place();
        let phrase = self.operator()?;
        let value_at = self.place();
        let value = self.operand(&phrase)?;
        for (key, at) in [("field", at), ("operator", operator_at), ("value", value_at)] {
            places.put(format!("/{pointer}/{index}/{key}"), at);
        }
        Ok(if self.take_spoiled() {
            Test { field, operator: Operator::Exists, value: None }
        } else {
            Test { field, operator: phrase.operator, value }
        })
    }

    /// Whether something that a window looks like comes now.
    fn at_window(&self) -> bool {
        self.at("within") || self.at("before") || self.at("between")
    }

    fn at_operator(&self) -> bool {
        matches!(self.peek(), Some(Token::Sign(_) | Token::Word(_))) && !self.at("and") && !self.at("or")
    }

    fn asked(&mut self) -> Result<Asked, Skip> {
        let at = self.place();
        let Phrase { operator, days } = self.operator()?;
        let value_at = self.place();
        let value = self.operand(&Phrase { operator, days })?;
        let is_window = match (operator, &value) {
            (Operator::Between, Some(Operand::Many(ends))) => ends.len() == 2,
            (_, Some(Operand::One(_))) => days,
            _ => false,
        };
        Ok(Asked { operator, value, is_window, at: (at, value_at) })
    }

    /// Without an operator behind it what looks like a window is the operator: `last of purchase within 30 days`.
    fn window_as_operator(
        &mut self,
        window: Option<Asked>,
        test: &mut EventTest,
        after_then: bool,
        places: &mut Places,
    ) -> Result<(Option<Asked>, Option<Asked>), Skip> {
        let last = if test.not_followed_by.is_some() {
            test.not_followed_by.as_mut().map(|follower| ("not_followed_by", follower))
        } else if after_then {
            test.then.as_mut().map(|follower| ("then", follower))
        } else {
            return match window {
                Some(asked) => Ok((None, Some(asked))),
                None => Err(self.expected("an operator such as >=")),
            };
        };
        let Some((key, days, follower)) =
            last.and_then(|(key, follower)| follower.within_days.take().map(|days| (key, days, follower)))
        else {
            return Err(self.expected("an operator such as >="));
        };
        follower.within_days = None;
        let place = format!("/{key}/within_days");
        let at = places.0.iter().find(|(pointer, _)| *pointer == place).map_or(0, |(_, at)| *at);
        let value = Some(Operand::One(days));
        Ok((window, Some(Asked { operator: Operator::WithinDays, value, is_window: true, at: (at, at) })))
    }

    fn window(&mut self, asked: Asked, places: &mut Places) -> Result<EventWindow, Skip> {
        let Asked { operator, value, is_window, at } = asked;
        let window = match (operator, value) {
            (Operator::WithinDays, Some(Operand::One(days))) if is_window => {
                places.put("/within_days", at.1);
                EventWindow::WithinDays(days)
            }
            (Operator::BeforeDays, Some(Operand::One(days))) if is_window => {
                places.put("/before_days", at.1);
                EventWindow::BeforeDays(days)
            }
            (Operator::Between, Some(Operand::Many(ends))) if is_window => match <[Literal; 2]>::try_from(ends) {
                Ok(ends) => {
                    places.put("/between", at.1);
                    EventWindow::Between(ends)
                }
                Err(_) => return Err(self.expected("two times as in between \"2018-01-01T00:00:00Z\" and ...")),
            },
            _ => return Err(self.expected("a window such as within 30 days")),
        };
        Ok(window)
    }

    fn follower(&mut self, pointer: &str, places: &mut Places) -> Result<Follower, Skip> {
        self.count_node(self.place());
        let event = self.event_name(&format!("{pointer}/event"), places)?;
        let conditions = self.conditions(&format!("{pointer}/where"), places)?;
        let within_days = if self.take("within") {
            places.put(format!("/{pointer}/within_days"), self.place());
            let days = self.operand(&Phrase { operator: Operator::WithinDays, days: true })?;
            match days {
                Some(Operand::One(days)) => Some(days),
                _ => return Err(self.expected("a number of days")),
            }
        } else {
            None
        };
        Ok(Follower { event, conditions, within_days })
    }
}
