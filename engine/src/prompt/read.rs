//! A whole question.

use super::fields::Known;
use super::part::{Outcome, understand};
use super::words::alternatives;
use crate::error::{Error, Result};
use crate::limits::PROMPT_BYTES_MAX;
use crate::rule::{Group, Match, Rule};
use crate::table::View;

/// A question as far as it was understood.
#[derive(Debug, Clone, PartialEq)]
pub struct Heard {
    /// The rule; none when nothing was understood.
    pub rule: Option<Rule>,
    /// What became of each part, in order.
    pub parts: Vec<Understood>,
}

/// What became of one part.
#[derive(Debug, Clone, PartialEq)]
pub struct Understood {
    /// As it was written.
    pub phrase: String,
    /// The rule that it became; none when it was not understood.
    pub rule: Option<Rule>,
    /// Why it was not, or what should be known about it.
    pub notes: Vec<String>,
    /// Its words that meant nothing.
    pub unused: Vec<String>,
}

/// Reads a question. Fields that are `hidden` are as if they were not there, with all that people have of them.
///
/// # Errors
/// `Invalid` for one that is empty or too long.
pub fn read(text: &str, view: &View, hidden: &dyn Fn(&str) -> bool) -> Result<Heard> {
    if text.len() > PROMPT_BYTES_MAX {
        let message = format!("a question has at most {PROMPT_BYTES_MAX} bytes, this one has {}", text.len());
        return Err(Error::invalid("/prompt", "prompt_too_long", message));
    }
    if text.trim().is_empty() {
        return Err(Error::invalid("/prompt", "empty_prompt", "say whom you are looking for"));
    }
    let fields = view.schema().fields().iter().filter(|field| !hidden(&field.name)).collect();
    let known = Known { fields, view };
    let (mut parts, mut choices) = (Vec::new(), Vec::new());
    for alternative in alternatives(text) {
        let mut rules = Vec::new();
        for part in alternative {
            let phrase = part.text.clone();
            parts.push(match understand(&part, &known) {
                Outcome::Rule { rule, unused, notes } => {
                    rules.push(rule.clone());
                    Understood { phrase, rule: Some(rule), notes, unused }
                }
                Outcome::Unclear(why) => Understood { phrase, rule: None, notes: vec![why], unused: part.words },
            });
        }
        choices.extend(joined(Match::All, rules));
    }
    Ok(Heard { rule: joined(Match::Any, choices), parts })
}

fn joined(join: Match, mut rules: Vec<Rule>) -> Option<Rule> {
    if rules.len() > 1 { Some(Rule::Group(Group { join, rules })) } else { rules.pop() }
}
