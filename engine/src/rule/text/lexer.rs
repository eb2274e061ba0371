//! Text -> lexemes: words, names, values and signs, each with its place.
//!
//! Never fails: what is no lexeme becomes [`Token::Broken`] after a mistake about it was noted, so that the parser
//! can go on without complaining about the same place twice.

use std::iter::Peekable;
use std::str::CharIndices;

use crate::error::Problem;
use crate::rule::mistakes::Mistakes;
use crate::rule::wire::shown;
use crate::rule::{Literal, Operator};
use crate::time::{Date, Timestamp};

/// The smallest unit of the text form.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Token<'a> {
    /// A field, a keyword or part of an operator: `[A-Za-z_][A-Za-z0-9_.-]*`
    Word(&'a str),
    /// A field in backticks.
    Name(String),
    /// A number, a date, a time or a quoted text.
    Value(Literal),
    /// `=` and its kin.
    Sign(Operator),
    /// `(`
    Open,
    /// `)`
    Close,
    /// `,`
    Comma,
    /// Something that a mistake has been noted about.
    Broken,
}

/// A token and the byte at which it starts.
#[derive(Debug, Clone)]
pub(super) struct Lexeme<'a> {
    pub(super) token: Token<'a>,
    pub(super) at: usize,
}

/// Reads one lexeme after the other, so that a text of nothing but parentheses costs no memory.
pub(super) struct Lexer<'a> {
    text: &'a str,
    chars: Peekable<CharIndices<'a>>,
}

impl<'a> Lexer<'a> {
    pub(super) fn new(text: &'a str) -> Self {
        Self { text, chars: text.char_indices().peekable() }
    }

    /// The next lexeme, `None` at the end. What is broken about it is noted in `mistakes`.
    pub(super) fn next(&mut self, mistakes: &mut Mistakes) -> Option<Lexeme<'a>> {
        while self.chars.next_if(|(_, c)| c.is_whitespace()).is_some() {}
        let &(at, first) = self.chars.peek()?;
        let token = self.token(at, first).unwrap_or_else(|Complaint { at, message }| {
            mistakes.push_at(at, Problem::new("", "syntax", message));
            Token::Broken
        });
        Some(Lexeme { token, at })
    }
}

/// Why something is no lexeme.
struct Complaint {
    at: usize,
    message: String,
}

type Lexed<'a> = Result<Token<'a>, Complaint>;

impl<'a> Lexer<'a> {
    fn token(&mut self, at: usize, first: char) -> Lexed<'a> {
        Ok(match first {
            '0'..='9' | '-' | '+' => return self.number_or_time(at),
            '"' | '\'' => return self.quoted(at, first),
            '`' => return self.name(at),
            '=' | '!' | '<' | '>' => return self.sign(at),
            '(' | ')' | ',' => {
                self.chars.next();
                match first {
                    '(' => Token::Open,
                    ')' => Token::Close,
                    _ => Token::Comma,
                }
            }
            _ if first.is_alphanumeric() || first == '_' => {
                let word = self.run(at, |c| c.is_alphanumeric() || matches!(c, '_' | '.' | '-'));
                if word.is_ascii() {
                    return Ok(Token::Word(word));
                }
                let word = shown(word);
                let message = format!("expected a field, written `{word}` in backticks, or text, written \"{word}\"");
                return Err(Complaint { at, message });
            }
            _ => {
                self.chars.next();
                let message = format!(
                    "unexpected {first:?}; join tests with and, or, not, and put text in double quotes and odd field \
                     names in backticks"
                );
                return Err(Complaint { at, message });
            }
        })
    }

    /// The text from `at` on whose characters all satisfy `inside`.
    fn run(&mut self, at: usize, inside: impl Fn(char) -> bool) -> &'a str {
        while self.chars.next_if(|(_, c)| inside(*c)).is_some() {}
        let end = self.chars.peek().map_or(self.text.len(), |(end, _)| *end);
        &self.text[at..end]
    }

    fn sign(&mut self, at: usize) -> Lexed<'a> {
        let sign = self.run(at, |c| matches!(c, '=' | '!' | '<' | '>'));
        Ok(match sign {
            "=" | "==" => Token::Sign(Operator::Equal),
            "!=" | "<>" => Token::Sign(Operator::NotEqual),
            "<" => Token::Sign(Operator::Less),
            "<=" => Token::Sign(Operator::LessOrEqual),
            ">" => Token::Sign(Operator::Greater),
            ">=" => Token::Sign(Operator::GreaterOrEqual),
            _ => {
                let message = format!("expected one of =, !=, <, <=, > and >=, found {}", shown(sign));
                return Err(Complaint { at, message });
            }
        })
    }

    fn number_or_time(&mut self, at: usize) -> Lexed<'a> {
        let run = self.run(at, |c| c.is_alphanumeric() || matches!(c, '_' | '.' | '-' | '+' | ':'));
        if let Some(number) = Literal::number(run) {
            return Ok(Token::Value(number));
        }
        if Date::parse(run).is_some() || Timestamp::parse(run).is_some() {
            return Ok(Token::Value(Literal::Text(run.to_owned())));
        }
        let message = format!(
            "{} is neither a number, nor a date like 2018-01-31, nor a time like 2018-01-31T12:00:00Z; put text in \
             double quotes",
            shown(run)
        );
        Err(Complaint { at, message })
    }

    /// A field name in backticks; a doubled one is one of the name.
    fn name(&mut self, at: usize) -> Lexed<'a> {
        self.chars.next();
        let mut name = String::new();
        while let Some((_, c)) = self.chars.next() {
            if c != '`' {
                name.push(c);
            } else if self.chars.next_if(|(_, c)| *c == '`').is_some() {
                name.push('`');
            } else {
                return Ok(Token::Name(name));
            }
        }
        Err(Complaint { at, message: "expected a closing backtick after the field name".into() })
    }

    fn quoted(&mut self, at: usize, quote: char) -> Lexed<'a> {
        self.chars.next();
        let mut text = String::new();
        let mut broken = None;
        while let Some((place, c)) = self.chars.next() {
            if c == quote {
                return broken.map_or(Ok(Token::Value(Literal::Text(text))), Err);
            }
            if c != '\\' {
                text.push(c);
                continue;
            }
            match self.escape() {
                Some(c) => text.push(c),
                None => {
                    let message = "expected an escape as in JSON after the backslash: \\\" \\\\ \\n \\t \\u00e9; \
                                   double the backslash to mean itself";
                    broken.get_or_insert(Complaint { at: place, message: message.into() });
                }
            }
        }
        Err(Complaint { at, message: "expected a closing quote after the text".into() })
    }

    /// What stands behind a backslash, as in JSON; a single quote can be escaped too.
    fn escape(&mut self) -> Option<char> {
        let (_, c) = self.chars.next()?;
        Some(match c {
            '"' | '\'' | '\\' | '/' => c,
            'n' => '\n',
            't' => '\t',
            'r' => '\r',
            'b' => '\u{8}',
            'f' => '\u{c}',
            'u' => {
                let unit = self.hex()?;
                let code = if (0xd800..0xdc00).contains(&unit) {
                    self.chars.next_if(|(_, c)| *c == '\\')?;
                    self.chars.next_if(|(_, c)| *c == 'u')?;
                    let low = self.hex()?.checked_sub(0xdc00).filter(|low| *low < 0x400)?;
                    0x1_0000 + ((unit - 0xd800) << 10) + low
                } else {
                    unit
                };
                char::from_u32(code)?
            }
            _ => return None,
        })
    }

    fn hex(&mut self) -> Option<u32> {
        let mut unit = 0;
        for _ in 0..4 {
            let (_, digit) = self.chars.next_if(|(_, c)| c.is_ascii_hexdigit())?;
            unit = unit * 16 + digit.to_digit(16)?;
        }
        Some(unit)
    }
}
