//! Lexemes -> [`Rule`]: the tree of groups and tests.
//!
//! Recursion is bounded by `NESTING_MAX` whatever the text. After a mistake reading goes on behind the next `and`,
//! `or`, comma or parenthesis with a stand-in, so that several mistakes are found in one go.
//! Operators are in `phrase`, values in `value`, tests of events in `event`.

use super::lexer::{Lexeme, Lexer, Token};
use crate::error::Problem;
use crate::id::SegmentId;
use crate::limits::{BODY_BYTES_MAX, RULE_DEPTH_MAX, RULE_NODES_MAX};
use crate::rule::mistakes::Mistakes;
use crate::rule::wire::shown;
use crate::rule::{Group, Literal, Match, Rule, SegmentRef, SegmentTest, Test};

/// Parentheses, `not`s and lists of groups inside each other. The printer needs at most two for a group; the rest is
/// room for parentheses that mean nothing.
const NESTING_MAX: usize = 4 * RULE_DEPTH_MAX;

/// Reads a rule in its text form.
///
/// # Errors
/// The mistakes found, each with line and column, and what was expected there.
pub fn from_text(text: &str) -> Result<Rule, Vec<Problem>> {
    let mut mistakes = Mistakes::default();
    let (rule, _) = read(text, &mut mistakes);
    mistakes.locate(text, |_| None);
    mistakes.into_result(Some(rule))
}

/// Where the parts of a test begin, in bytes; tests are numbered in reading order, in the text as in the tree.
#[derive(Debug, Clone, Default)]
pub(in crate::rule) struct LeafPlace {
    pub(in crate::rule) field: usize,
    pub(in crate::rule) operator: usize,
    pub(in crate::rule) value: usize,
    /// Of a test of events: its parts, by their pointers within it.
    pub(in crate::rule) parts: Vec<(String, usize)>,
}

impl LeafPlace {
    fn new(field: usize, operator: usize, value: usize) -> Self {
        Self { field, operator, value, parts: Vec::new() }
    }
}

/// Reads what can be read; the rule stands for what was asked only if no mistake was added.
pub(in crate::rule) fn read(text: &str, mistakes: &mut Mistakes) -> (Rule, Vec<LeafPlace>) {
    if text.len() > BODY_BYTES_MAX {
        let message = format!("a rule has at most {BODY_BYTES_MAX} bytes of text, this one {}", text.len());
        mistakes.push(Problem::new("", "text_too_long", message));
        return (Rule::placeholder(None), Vec::new());
    }
    let mut lexer = Lexer::new(text);
    let now = lexer.next(mistakes);
    let then = lexer.next(mistakes);
    let mut parser = Parser {
        text,
        lexer,
        now,
        then,
        mistakes,
        nodes: 0,
        nesting: 0,
        stopped: false,
        spoiled: false,
        leaves: Vec::new(),
    };
    let node = parser.rule();
    if parser.peek().is_some() && !parser.stopped {
        parser.expected("and, or, or the end of the rule");
    }
    (node.rule, parser.leaves)
}

/// A mistake has been reported: skip to where reading can go on.
#[derive(Debug)]
pub(super) struct Skip;

/// A rule and the depth of its groups.
pub(super) struct Node {
    rule: Rule,
    depth: usize,
}

pub(super) struct Parser<'t, 'm> {
    text: &'t str,
    lexer: Lexer<'t>,
    now: Option<Lexeme<'t>>,
    then: Option<Lexeme<'t>>,
    mistakes: &'m mut Mistakes,
    nodes: usize,
    nesting: usize,
    /// A limit was passed: nothing more is read, nothing more is reported.
    stopped: bool,
    /// A value of the test at hand was not understood.
    spoiled: bool,
    leaves: Vec<LeafPlace>,
}

impl Parser<'_, '_> {
    fn rule(&mut self) -> Node {
        self.joined("or", Match::Any, |parser| parser.joined("and", Match::All, Parser::term))
    }

    /// `part { word part }`; a single part stays what it is.
    fn joined(&mut self, word: &str, join: Match, part: impl Fn(&mut Self) -> Node) -> Node {
        let at = self.place();
        let first = part(self);
        if !self.at(word) {
            return first;
        }
        let mut parts = vec![first];
        while self.take(word) {
            parts.push(part(self));
        }
        self.group(join, parts, at)
    }

    fn group(&mut self, join: Match, parts: Vec<Node>, at: usize) -> Node {
        self.count_node(at);
        let depth = 1 + parts.iter().map(|part| part.depth).max().unwrap_or(0);
        if depth == RULE_DEPTH_MAX + 1 {
            self.too_deep(at);
        }
        Node { rule: Rule::Group(Group { join, rules: parts.into_iter().map(|part| part.rule).collect() }), depth }
    }

    fn too_deep(&mut self, at: usize) {
        let message = format!("groups nest at most {RULE_DEPTH_MAX} deep; save the inner part as a segment");
        self.report(at, Problem::new("", "too_deep", message));
    }

    pub(super) fn count_node(&mut self, at: usize) {
        self.nodes += 1;
        if self.nodes == RULE_NODES_MAX + 1 {
            let message = format!("a rule has at most {RULE_NODES_MAX} groups and tests; use lists or saved segments");
            self.report(at, Problem::new("", "too_many_nodes", message));
            self.stop();
        }
    }

    pub(super) fn leaf_node(&mut self, rule: Rule, place: LeafPlace) -> Node {
        self.count_node(place.field);
        self.leaves.push(place);
        Node { rule, depth: 0 }
    }

    fn term(&mut self) -> Node {
        let at = self.place();
        if self.nesting == NESTING_MAX {
            self.too_deep(at);
            self.stop();
        }
        self.nesting += 1;
        let node = self.understood_term(at);
        self.nesting -= 1;
        node.unwrap_or_else(|Skip| {
            self.skip_to_join();
            self.leaf_node(Rule::placeholder(None), LeafPlace::new(at, at, at))
        })
    }

    /// Errs only before any leaf of it was read, so that leaves stay numbered as in the tree.
    fn understood_term(&mut self, at: usize) -> Result<Node, Skip> {
        match self.peek() {
            Some(Token::Open) => {
                self.advance();
                let node = self.rule();
                self.close("and, or, or a closing parenthesis");
                Ok(node)
            }
            Some(Token::Word(_)) if self.at("not") => {
                self.advance();
                if self.at("in") {
                    return self.segment(true, at);
                }
                let inner = self.term();
                Ok(self.group(Match::None, vec![inner], at))
            }
            Some(Token::Word(_)) if self.at_did_not() => {
                self.advance();
                let inner = self.event()?;
                Ok(self.group(Match::None, vec![inner], at))
            }
            Some(Token::Word(_)) if self.at_event() => self.event(),
            Some(Token::Word(_)) if self.at("in") => self.segment(false, at),
            Some(Token::Word(_)) if self.at("and") || self.at("or") => Err(self.expected_test()),
            Some(Token::Word(word)) => {
                let word = (*word).to_owned();
                match group_word(&word) {
                    Some(join) if matches!(self.peek_second(), Some(Token::Word(of)) if of.eq_ignore_ascii_case("of")) => {
                        self.listed_group(join, at)
                    }
                    _ => self.test(word),
                }
            }
            Some(Token::Name(name)) => {
                let name = name.clone();
                self.test(name)
            }
            _ => Err(self.expected_test()),
        }
    }

    fn expected_test(&mut self) -> Skip {
        self.expected("a test such as total_spent >= 100, did, not, in segment, or an opening parenthesis")
    }

    /// `all of (a, b)`
    fn listed_group(&mut self, join: Match, at: usize) -> Result<Node, Skip> {
        self.advance();
        self.advance();
        if !self.take_sign(&Token::Open) {
            return Err(self.expected("an opening parenthesis after of"));
        }
        let mut parts = Vec::new();
        if !self.take_sign(&Token::Close) {
            parts.push(self.rule());
            while self.take_sign(&Token::Comma) {
                parts.push(self.rule());
            }
            self.close("and, or, a comma or a closing parenthesis");
        }
        Ok(self.group(join, parts, at))
    }

    fn segment(&mut self, negated: bool, at: usize) -> Result<Node, Skip> {
        self.advance();
        if !self.take("segment") {
            return Err(self.expected("segment after in"));
        }
        let place = LeafPlace::new(self.place(), at, at);
        let segment = match self.peek() {
            Some(Token::Value(Literal::Text(name))) => SegmentRef::Name(name.clone()),
            Some(Token::Value(Literal::Number(id))) if id.parse::<u64>().is_ok() => {
                SegmentRef::Id(SegmentId(id.parse().unwrap_or_default()))
            }
            _ => return Err(self.expected("the name of a segment in double quotes, or its number")),
        };
        self.advance();
        Ok(self.leaf_node(Rule::Segment(SegmentTest { segment, negated }), place))
    }

    fn test(&mut self, field: String) -> Result<Node, Skip> {
        let at = self.place();
        self.advance();
        let operator_at = self.place();
        let phrase = self.operator()?;
        self.spoiled = false;
        let place = LeafPlace::new(at, operator_at, self.place());
        let value = self.operand(&phrase)?;
        let rule = if self.spoiled {
            Rule::placeholder(Some(&field))
        } else {
            Rule::Test(Test { field, operator: phrase.operator, value })
        };
        Ok(self.leaf_node(rule, place))
    }

    /// Steps behind the parenthesis that closes what was read, which has to come now.
    fn close(&mut self, expected: &str) {
        if self.take_sign(&Token::Close) || self.stopped {
            return;
        }
        self.expected(expected);
        self.skip_while(|token| !matches!(token, Token::Close));
        self.take_sign(&Token::Close);
    }

    fn skip_to_join(&mut self) {
        self.skip_while(|token| match token {
            Token::Comma | Token::Close => false,
            Token::Word(word) => !word.eq_ignore_ascii_case("and") && !word.eq_ignore_ascii_case("or"),
            _ => true,
        });
    }

    /// Skips tokens, and all that is in parentheses, while `inside` holds.
    pub(super) fn skip_while(&mut self, inside: impl Fn(&Token<'_>) -> bool) {
        let mut open = 0usize;
        while let Some(token) = self.peek() {
            match token {
                Token::Open => open += 1,
                Token::Close if open > 0 => open -= 1,
                _ if open == 0 && !inside(token) => return,
                _ => {}
            }
            self.advance();
        }
    }
}

/// Steps through the lexemes, for all files of the parser.
impl<'t> Parser<'t, '_> {
    pub(super) fn peek(&self) -> Option<&Token<'t>> {
        self.now.as_ref().map(|lexeme| &lexeme.token)
    }

    pub(super) fn peek_second(&self) -> Option<&Token<'t>> {
        self.then.as_ref().map(|lexeme| &lexeme.token)
    }

    /// Steps over the present token, which is the answer.
    pub(super) fn advance(&mut self) -> Option<Token<'t>> {
        let then = if self.stopped { None } else { self.lexer.next(self.mistakes) };
        let now = std::mem::replace(&mut self.then, then);
        std::mem::replace(&mut self.now, now).map(|lexeme| lexeme.token)
    }

    /// The byte at which the present token starts; the end of the text behind the last one.
    pub(super) fn place(&self) -> usize {
        self.now.as_ref().map_or(self.text.len(), |lexeme| lexeme.at)
    }

    /// Whether the present token is this keyword, in any case.
    pub(super) fn at(&self, keyword: &str) -> bool {
        matches!(self.peek(), Some(Token::Word(word)) if word.eq_ignore_ascii_case(keyword))
    }

    /// Steps over this keyword if it is there.
    pub(super) fn take(&mut self, keyword: &str) -> bool {
        let there = self.at(keyword);
        if there {
            self.advance();
        }
        there
    }

    /// Steps over this sign if it is there.
    pub(super) fn take_sign(&mut self, sign: &Token<'_>) -> bool {
        let there = self.peek() == Some(sign);
        if there {
            self.advance();
        }
        there
    }

    /// Whether a value was not understood since this was asked last.
    pub(super) fn take_spoiled(&mut self) -> bool {
        std::mem::take(&mut self.spoiled)
    }

    /// Notes that a value of the test at hand was not understood.
    pub(super) fn spoil(&mut self) {
        self.spoiled = true;
    }

    /// Reports what should have stood here.
    pub(super) fn expected(&mut self, what: &str) -> Skip {
        let found = match self.peek() {
            // Its own mistake has been noted when it was read.
            Some(Token::Broken) => return Skip,
            Some(token) => token.to_string(),
            None => "the end".to_owned(),
        };
        self.report(self.place(), Problem::new("", "syntax", format!("expected {what}, found {found}")))
    }

    pub(super) fn report(&mut self, at: usize, problem: Problem) -> Skip {
        if !self.stopped {
            self.mistakes.push_at(at, problem);
        }
        Skip
    }

    /// Reads nothing more.
    pub(super) fn stop(&mut self) -> Skip {
        self.stopped = true;
        self.now = None;
        self.then = None;
        Skip
    }
}

impl std::fmt::Display for Token<'_> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::Word(word) => f.write_str(&shown(word)),
            Self::Name(name) => write!(f, "`{}`", shown(name)),
            Self::Value(Literal::Text(text)) => write!(f, "\"{}\"", shown(text)),
            Self::Value(Literal::Number(digits)) => f.write_str(&shown(digits)),
            Self::Value(Literal::Bool(value)) => value.fmt(f),
            Self::Sign(operator) => f.write_str(operator.name()),
            Self::Open => f.write_str("an opening parenthesis"),
            Self::Close => f.write_str("a closing parenthesis"),
            Self::Comma => f.write_str("a comma"),
            Self::Broken => f.write_str("something else"),
        }
    }
}

fn group_word(word: &str) -> Option<Match> {
    [("all", Match::All), ("any", Match::Any), ("none", Match::None)]
        .into_iter()
        .find(|(name, _)| word.eq_ignore_ascii_case(name))
        .map(|(_, join)| join)
}
