//! Which rules are counted at once, and which are worth moving other requests out of the way first.
//!
//! Moving them (`app::heavy`) wakes another thread and costs some tens of microseconds, which is more than a small rule
//! takes. What is estimated here decides where work is done, never what is answered.

use muster_engine::rule::{Operand, Operator, Rule};
use muster_engine::segment::PreviewOptions;
use muster_engine::table::View;

use super::app::heavy;

/// Blocks of 65,536 rows that are read at once, over all tests: a quarter of a millisecond.
const LIGHT_BLOCKS_MAX: u64 = 256;

/// Members that are looked up at once.
const LIGHT_SAMPLE_MAX: usize = 10;

/// Previews here and now; out of the way of other requests if the rule may take longer than that is worth.
pub(super) fn weighed<T>(rule: &Rule, view: &View, options: PreviewOptions, work: impl FnOnce() -> T) -> T {
    let is_light = !options.explain && options.sample <= LIGHT_SAMPLE_MAX && is_light(rule, view.block_count());
    if is_light { work() } else { heavy(work) }
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
