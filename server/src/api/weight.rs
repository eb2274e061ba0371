//! Which rules are counted at once, and which are answered beside the connection that asked.
//!
//! Moving it to a task of its own (`App::aside`) wakes another thread and costs some tens of microseconds, which is more than a small rule
//! takes. What is estimated here decides where work is done, never what is answered.

use muster_engine::rule::{Operand, Operator, Rule};
use muster_engine::segment::PreviewOptions;
use muster_engine::table::View;

/// Blocks of 65,536 rows that are read at once, over all tests: a quarter of a millisecond.
const LIGHT_BLOCKS_MAX: u64 = 256;

/// Members that are looked up at once.
const LIGHT_SAMPLE_MAX: usize = 10;

/// Whether a preview takes so little that it is made here and now.
pub(super) fn is_light_preview(rule: &Rule, view: &View, options: PreviewOptions) -> bool {
    !options.explain && options.sample <= LIGHT_SAMPLE_MAX && is_light(rule, view.block_count())
}

fn is_light(rule: &Rule, blocks: u32) -> bool {
    sets_of(rule).is_some_and(|sets| sets.saturating_mul(u64::from(blocks)) <= LIGHT_BLOCKS_MAX)
}

/// How many sets of rows are read in each block; none when something else has to be done first: going through a
/// dictionary, or evaluating another segment.
fn sets_of(rule: &Rule) -> Option<u64> {
    match rule {
        Rule::Group(group) => group.rules.iter().map(sets_of).sum(),
        Rule::Segment(_) | Rule::Event(_) => None,
        Rule::Test(test) => match (test.operator, &test.value) {
            (
                Operator::StartsWith
                | Operator::EndsWith
                | Operator::Contains
                | Operator::NotContains
                | Operator::Matches,
                _,
            ) => None,
            (_, Some(Operand::Many(values))) => u64::try_from(values.len()).ok(),
            _ => Some(1),
        },
    }
}

#[cfg(test)]
mod tests {
    use muster_engine::rule::from_text;

    use super::*;

    #[test]
    fn small_rules_are_light_and_large_ones_are_not() {
        let light = |text: &str, blocks| is_light(&from_text(text).expect("a rule"), blocks);
        assert!(light("country is \"DE\" and total_spent >= 500", 128));
        assert!(!light("country is \"DE\" and total_spent >= 500", 129));
        assert!(light("country in (\"DE\", \"AT\")", 128));
        assert!(!light("country in (\"DE\", \"AT\", \"CH\")", 128));
        for text in
            ["email contains \"x\"", "email matches \"x\"", "in segment \"a\"", "a exists and email ends with \"x\""]
        {
            assert!(!light(text, 1), "{text}");
        }
    }
}
