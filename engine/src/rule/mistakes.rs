//! The mistakes of one rule as they are found, and the JSON pointer of the place that is being read.
//!
//! At most `PROBLEMS_MAX` are kept; the rest are counted and reported as one closing line, so that a list of a
//! million wrong values costs a number and not a million messages.

use crate::error::{Problem, pointer_to};
use crate::limits::PROBLEMS_MAX;

/// Mistakes in the order found, each with the byte of the text it is at (0 for JSON).
#[derive(Debug, Default)]
pub(super) struct Mistakes {
    listed: Vec<(usize, Problem)>,
    unlisted: usize,
}

impl Mistakes {
    /// Adds one.
    pub(super) fn push(&mut self, problem: Problem) {
        self.push_at(0, problem);
    }

    /// Adds one that is at byte `at` of a text; [`Self::locate`] turns that into line and column.
    pub(super) fn push_at(&mut self, at: usize, problem: Problem) {
        if self.listed.len() < PROBLEMS_MAX {
            self.listed.push((at, problem));
        } else {
            self.unlisted += 1;
        }
    }

    /// How many there are by now.
    pub(super) fn count(&self) -> usize {
        self.listed.len() + self.unlisted
    }

    /// Whether a mistake of this code is listed.
    pub(super) fn has(&self, code: &str) -> bool {
        self.listed.iter().any(|(_, problem)| problem.code == code)
    }

    /// Puts them in the order in which a reader of JSON meets them; those at one place stay in the order found.
    pub(super) fn sort(&mut self) {
        self.listed.sort_by(|(_, a), (_, b)| reading_order(&a.pointer, &b.pointer));
    }

    /// Puts them in the order of `text` and gives each its line and column, both from 1; the byte of those that have
    /// a pointer is what `byte_of` answers.
    pub(super) fn locate(&mut self, text: &str, byte_of: impl Fn(&str) -> Option<usize>) {
        for (at, problem) in &mut self.listed {
            if let Some(byte) = byte_of(&problem.pointer) {
                *at = byte;
            }
        }
        self.listed.sort_by_key(|(at, _)| *at);
        let (mut line, mut column, mut seen) = (1, 1, 0);
        for (at, problem) in &mut self.listed {
            for c in text[seen..*at].chars() {
                (line, column) = if c == '\n' { (line + 1, 1) } else { (line, column + 1) };
            }
            seen = *at;
            problem.position = Some((line, column));
        }
    }

    /// `value` when there was no mistake, otherwise all of them.
    pub(super) fn into_result<T>(self, value: Option<T>) -> Result<T, Vec<Problem>> {
        match value {
            Some(value) if self.listed.is_empty() => Ok(value),
            _ => Err(self.into_problems()),
        }
    }

    fn into_problems(self) -> Vec<Problem> {
        let mut problems: Vec<Problem> = self.listed.into_iter().map(|(_, problem)| problem).collect();
        if self.unlisted > 0 {
            let message = format!("{} more mistakes are not listed; correct these first", self.unlisted);
            problems.push(Problem::new("", "more_mistakes", message));
        }
        problems
    }
}

/// Pointers by their steps: indexes as numbers, names alphabetically (`field`, `operator`, `value`).
fn reading_order(a: &str, b: &str) -> std::cmp::Ordering {
    let step = |step: &'_ str| -> (usize, String) { (step.parse().unwrap_or(usize::MAX), step.to_owned()) };
    a.split('/').map(step).cmp(b.split('/').map(step))
}

/// Where in the rule we are, as a JSON pointer that grows and shrinks on the way.
#[derive(Debug, Default)]
pub(super) struct Pointer(String);

impl Pointer {
    /// Steps to entry `index` of the list `key`; the answer brings [`Self::leave`] back.
    pub(super) fn enter(&mut self, key: &str, index: usize) -> usize {
        let length = self.0.len();
        self.0.push('/');
        self.0.push_str(key);
        self.0.push('/');
        self.0.push_str(&index.to_string());
        length
    }

    /// Steps to the member `key`; the answer brings [`Self::leave`] back.
    pub(super) fn step(&mut self, key: &str) -> usize {
        let length = self.0.len();
        self.0 = pointer_to(&self.0, key);
        length
    }

    /// Back to where [`Self::enter`] or [`Self::step`] was called.
    pub(super) fn leave(&mut self, length: usize) {
        self.0.truncate(length);
    }

    /// The place itself.
    pub(super) fn here(&self) -> &str {
        &self.0
    }

    /// The member `key` of the place.
    pub(super) fn at(&self, key: &str) -> String {
        pointer_to(&self.0, key)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn mistakes_beyond_the_bound_are_counted() {
        let mut mistakes = Mistakes::default();
        for i in 0..PROBLEMS_MAX + 3 {
            mistakes.push(Problem::new(format!("/value/{i}"), "wrong_type", "no"));
        }
        let problems = mistakes.into_result(Some(())).expect_err("there are mistakes");
        assert_eq!(problems.len(), PROBLEMS_MAX + 1);
        assert_eq!(problems[PROBLEMS_MAX].message, "3 more mistakes are not listed; correct these first");
    }

    #[test]
    fn indexes_order_as_numbers() {
        let mut mistakes = Mistakes::default();
        for pointer in ["/rules/10/field", "/rules/9/value", "/rules/9/field", "/rules/9/value/2", ""] {
            mistakes.push(Problem::new(pointer, "wrong_type", "no"));
        }
        mistakes.sort();
        let pointers: Vec<&str> = mistakes.listed.iter().map(|(_, problem)| problem.pointer.as_str()).collect();
        assert_eq!(pointers, ["", "/rules/9/field", "/rules/9/value", "/rules/9/value/2", "/rules/10/field"]);
    }
}
