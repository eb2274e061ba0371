//! `starts_with`, `ends_with`, `contains` and `matches` on keywords.

use regex::RegexBuilder;

use super::leaf::{Leaf, Wrong, described};
use crate::id::FieldId;
use crate::limits::REGEX_BYTES_MAX;
use crate::rule::{LeafTest, Literal, Operand, Operator, Pattern};
use crate::schema::normalize;

impl Leaf<'_> {
    pub(super) fn pattern(&mut self, operator: Operator, field: FieldId, value: &Operand) -> Option<LeafTest> {
        let literal = self.single(value)?;
        let pattern = self.literal("value", read(operator, literal))?;
        Some(LeafTest::Pattern { field, pattern })
    }
}

fn read(operator: Operator, literal: &Literal) -> Result<Pattern, Wrong> {
    let Literal::Text(text) = literal else {
        let message = format!("{} wants text, not {}; put it in quotes", operator.name(), described(literal));
        return Err(Wrong::type_of(message));
    };
    // Stored keywords are in NFC; a pattern that is not would find nothing.
    let text = normalize(text).into_owned();
    Ok(match operator {
        Operator::StartsWith => Pattern::Prefix(text),
        Operator::EndsWith => Pattern::Suffix(text),
        Operator::Contains => Pattern::Infix(text),
        _ => Pattern::Regex(compile(&text)?),
    })
}

fn compile(text: &str) -> Result<regex::Regex, Wrong> {
    // Two copies of the automaton are bounded: the compiled program and the cache of its lazy form.
    let mut builder = RegexBuilder::new(text);
    builder.size_limit(REGEX_BYTES_MAX).dfa_size_limit(REGEX_BYTES_MAX);
    builder.build().map_err(|error| {
        let message = match &error {
            regex::Error::CompiledTooBig(_) => format!(
                "the regular expression needs more than {REGEX_BYTES_MAX} bytes once compiled; repeat less in it"
            ),
            // The first lines draw the place under the pattern; the last one says what it is.
            other => {
                let text = other.to_string();
                let reason = text.lines().last().unwrap_or_default();
                let reason = reason.strip_prefix("error: ").unwrap_or(reason);
                format!("not a regular expression: {}", reason.trim())
            }
        };
        Wrong { code: "bad_regex", message }
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_regular_expression_may_be_so_large_once_compiled() {
        let text = |count: usize| format!("x{{{count}}}");
        let fits = |count: &usize| RegexBuilder::new(&text(*count)).size_limit(REGEX_BYTES_MAX).build().is_ok();
        let (mut most, mut more) = (1, REGEX_BYTES_MAX);
        while more - most > 1 {
            let middle = most.midpoint(more);
            *if fits(&middle) { &mut most } else { &mut more } = middle;
        }
        assert!(compile(&text(most)).is_ok(), "{most} repetitions");
        let refused = compile(&text(more)).expect_err("one repetition more is too large");
        assert_eq!(refused.code, "bad_regex");
        assert!(refused.message.contains(&format!("more than {REGEX_BYTES_MAX} bytes")), "{}", refused.message);
    }
}
