//! Previews that were asked before. A body that was understood once is not read again while nothing has changed: what
//! it means is kept, beside the version of the data it was checked against. What it counts is the engine's cache's
//! business.
//!
//! Only what was understood is kept, so every mistake is looked for, and told, anew.

use std::sync::Arc;

use muster_engine::rule::{CheckedRule, Rule};
use muster_engine::segment::PreviewOptions;
use muster_engine::tenant::State;
use muster_engine::time::Timestamp;
use quick_cache::sync::Cache;

use super::error::ApiError;
use super::form::Form;
use crate::limits::{QUESTION_BYTES_MAX, QUESTIONS_MAX};

/// Members that a preview shows when the request does not say.
const SAMPLE: usize = 10;

/// What the body of a preview asks.
#[derive(Debug)]
pub(super) struct Question {
    /// The version of the data that the rule was checked against.
    version: u64,
    pub(super) rule: Rule,
    pub(super) checked: CheckedRule,
    /// The instant that is asked about, if not the present one.
    pub(super) now: Option<Timestamp>,
    pub(super) options: PreviewOptions,
    /// Whether what the rule says in vain is told as well.
    pub(super) lint: bool,
    /// Whether the rule is told as well, in both its forms.
    pub(super) written: bool,
}

/// The questions that were understood last, by body. A clone shares them.
#[derive(Debug, Clone)]
pub(super) struct Asked(Arc<Cache<Box<[u8]>, Arc<Question>>>);

impl Default for Asked {
    fn default() -> Self {
        Self(Arc::new(Cache::new(QUESTIONS_MAX)))
    }
}

impl Asked {
    /// What a body asks, in a state of the data.
    pub(super) fn question(&self, body: &[u8], state: &State) -> Result<Arc<Question>, ApiError> {
        if let Some(known) = self.0.get(body).filter(|known| known.version == state.version) {
            return Ok(known);
        }
        let question = Arc::new(read(body, state)?);
        if body.len() <= QUESTION_BYTES_MAX {
            self.0.insert(body.into(), question.clone());
        }
        Ok(question)
    }
}

fn read(body: &[u8], state: &State) -> Result<Question, ApiError> {
    let mut form = Form::read(body)?;
    let rule = form.rule(state);
    let now = form.instant("now");
    let options = PreviewOptions { sample: form.number("sample").unwrap_or(SAMPLE), explain: form.flag("explain") };
    let (lint, written) = (form.flag("lint"), form.flag("written"));
    if rule.is_none() {
        form.missing_rule();
    }
    form.finish()?;
    let Some((rule, checked)) = rule else { return Err(ApiError::internal("a form without a rule was accepted")) };
    Ok(Question { version: state.version, rule, checked, now, options, lint, written })
}

#[cfg(test)]
mod tests {
    use muster_engine::command::{Command, Outcome, SegmentContent};
    use muster_engine::rule::from_text;
    use muster_engine::tenant::Tenant;

    use super::*;

    #[test]
    fn a_question_is_read_again_once_something_has_changed() {
        let (tenant, asked) = (Tenant::default(), Asked::default());
        let body = br#"{"text": "in segment \"a\"", "sample": 3}"#;
        assert!(asked.question(body, &tenant.state()).is_err());
        let content = SegmentContent::Rule(from_text("id exists").expect("a rule"));
        let (name, description) = ("a".to_owned(), String::new());
        let put = Command::PutSegment { id: None, name, description, content, now: Timestamp(0) };
        let Ok(Outcome::Segment(segment)) = tenant.apply(put) else { panic!("no segment") };
        let first = asked.question(body, &tenant.state()).expect("a question");
        assert_eq!((first.options.sample, first.now), (3, None));
        assert!(Arc::ptr_eq(&first, &asked.question(body, &tenant.state()).expect("the same")));
        tenant.apply(Command::DeleteSegment(segment)).expect("a change");
        assert!(asked.question(body, &tenant.state()).is_err(), "the segment is gone");
    }

    #[test]
    fn so_many_are_kept_and_none_that_is_longer() {
        let (state, asked) = (State::default(), Asked::default());
        let padded = |length: usize| format!("{:length$}", r#"{"text": "id exists"}"#).into_bytes();
        for (length, is_kept) in [(QUESTION_BYTES_MAX, true), (QUESTION_BYTES_MAX + 1, false)] {
            let body = padded(length);
            asked.question(&body, &state).expect("a question");
            assert_eq!(asked.0.get(&body[..]).is_some(), is_kept, "{length}");
        }
        for length in 0..2 * QUESTIONS_MAX {
            asked.question(&padded(64 + length), &state).expect("a question");
        }
        assert!((QUESTIONS_MAX / 2..=QUESTIONS_MAX).contains(&asked.0.len()), "{}", asked.0.len());
    }
}
