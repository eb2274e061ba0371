//! What tells one rule from another, as people would say it: which tests were added, taken out, or changed.
//!
//! The order of a group's rules makes no difference. Rules that stand in both groups are left out first; of the others
//! those about the same field, segment, or type of events are one rule that was changed, and groups are compared in turn.

use std::collections::{HashMap, VecDeque};
use std::hash::Hash;

use super::ast::{Group, Match, Rule, SegmentRef};
use super::operator::Operator;

/// One difference. Pointers lead into the rule that the part stands in.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Difference<'r> {
    /// Only the later rule has it.
    Added(Part<'r>),
    /// Only the earlier rule has it.
    Removed(Part<'r>),
    /// One became the other.
    Changed(Part<'r>, Part<'r>),
    /// A group whose rules are joined in another way: before and after.
    Joined((String, Match), (String, Match)),
}

/// A part of a rule and the JSON pointer to it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Part<'r> {
    /// From the root of its rule.
    pub pointer: String,
    /// What stands there.
    pub rule: &'r Rule,
}

/// What tells `after` from `before`; nothing when they differ at most in the order of their rules.
pub fn differences<'r>(before: &'r Rule, after: &'r Rule) -> Vec<Difference<'r>> {
    let mut found = Vec::new();
    compare(Part { pointer: String::new(), rule: before }, Part { pointer: String::new(), rule: after }, &mut found);
    found
}

fn compare<'r>(before: Part<'r>, after: Part<'r>, found: &mut Vec<Difference<'r>>) {
    if before.rule == after.rule {
        return;
    }
    let (left, right) = match (before.rule, after.rule) {
        (Rule::Group(left), Rule::Group(right)) => {
            if left.join != right.join {
                found
                    .push(Difference::Joined((before.pointer.clone(), left.join), (after.pointer.clone(), right.join)));
            }
            (children(&before.pointer, left), children(&after.pointer, right))
        }
        // A single test is a group of one.
        (Rule::Group(left), _) if left.join != Match::None => (children(&before.pointer, left), vec![after]),
        (_, Rule::Group(right)) if right.join != Match::None => (vec![before], children(&after.pointer, right)),
        _ => return found.push(Difference::Changed(before, after)),
    };
    let (left, right, _) = pair(left, right, |part| Some(part.rule));
    let (left, right, mut pairs) = pair(left, right, |part| test_of(part.rule));
    let (left, right, same_subject) = pair(left, right, |part| Some(subject_of(part.rule)));
    pairs.extend(same_subject);
    pairs.into_iter().for_each(|(before, after)| compare(before, after, found));
    found.extend(left.into_iter().map(Difference::Removed));
    found.extend(right.into_iter().map(Difference::Added));
}

fn children<'r>(pointer: &str, group: &'r Group) -> Vec<Part<'r>> {
    let part = |(index, rule)| Part { pointer: format!("{pointer}/rules/{index}"), rule };
    group.rules.iter().enumerate().map(part).collect()
}

/// What a rule is about.
#[derive(PartialEq, Eq, Hash)]
enum Subject<'r> {
    Field(&'r str),
    Segment(&'r SegmentRef),
    Event(&'r str),
    Group,
}

fn subject_of(rule: &Rule) -> Subject<'_> {
    match rule {
        Rule::Group(_) => Subject::Group,
        Rule::Test(test) => Subject::Field(&test.field),
        Rule::Segment(test) => Subject::Segment(&test.segment),
        Rule::Event(test) => Subject::Event(&test.event),
    }
}

fn test_of(rule: &Rule) -> Option<(&str, Operator)> {
    match rule {
        Rule::Test(test) => Some((&test.field, test.operator)),
        Rule::Group(_) | Rule::Segment(_) | Rule::Event(_) => None,
    }
}

type Parts<'r> = Vec<Part<'r>>;

/// Parts of both sides with the same key, in order; and what is left of each side.
fn pair<'r, K: Eq + Hash>(
    left: Parts<'r>,
    right: Parts<'r>,
    key: impl Fn(&Part<'r>) -> Option<K>,
) -> (Parts<'r>, Parts<'r>, Vec<(Part<'r>, Part<'r>)>) {
    let mut waiting: HashMap<K, VecDeque<usize>> = HashMap::new();
    for (place, part) in left.iter().enumerate() {
        if let Some(key) = key(part) {
            waiting.entry(key).or_default().push_back(place);
        }
    }
    let mut left: Vec<Option<Part>> = left.into_iter().map(Some).collect();
    let (mut rest, mut pairs) = (Vec::new(), Vec::new());
    for part in right {
        let place = key(&part).and_then(|key| waiting.get_mut(&key)?.pop_front());
        match place.and_then(|place| left[place].take()) {
            Some(before) => pairs.push((before, part)),
            None => rest.push(part),
        }
    }
    (left.into_iter().flatten().collect(), rest, pairs)
}

#[cfg(test)]
mod tests {
    use super::super::{from_text, to_text};
    use super::*;

    fn told(before: &str, after: &str) -> Vec<String> {
        let (before, after) = (from_text(before).expect("a rule"), from_text(after).expect("a rule"));
        let text = |part: &Part| format!("{}: {}", part.pointer, to_text(part.rule, &|_| None));
        let told = differences(&before, &after).into_iter().map(|difference| match difference {
            Difference::Added(part) => format!("+ {}", text(&part)),
            Difference::Removed(part) => format!("- {}", text(&part)),
            Difference::Changed(before, after) => format!("{} => {}", text(&before), text(&after)),
            Difference::Joined((at, before), (to, after)) => format!("{at} {before:?} => {to} {after:?}"),
        });
        told.collect()
    }

    #[test]
    fn differences_as_people_say_them() {
        let rule = "a = 1 and b = 2 and (c = 3 or d = 4)";
        assert_eq!(told(rule, "(d = 4 or c = 3) and b = 2 and a = 1"), Vec::<String>::new(), "another order");
        assert_eq!(told(rule, "a = 1 and b = 3 and (c = 3 or d = 4)"), ["/rules/1: b = 2 => /rules/1: b = 3"]);
        assert_eq!(
            told(rule, "e exists and a = 1 and (c = 3 or d > 4)"),
            ["/rules/2/rules/1: d = 4 => /rules/2/rules/1: d > 4", "- /rules/1: b = 2", "+ /rules/0: e exists"]
        );
        assert_eq!(told(rule, "a = 1 or b = 2 or (c = 3 and d = 4)").len(), 2);
        assert_eq!(told("a = 1", "a = 1 and b = 2"), ["+ /rules/1: b = 2"]);
        assert_eq!(told("a = 1 and b = 2", "b = 2"), ["- /rules/0: a = 1"]);
        assert_eq!(told("a = 1", "not (a = 1)").len(), 1);
        assert_eq!(
            told("in segment \"x\" and a = 1 and a > 0", "not in segment \"x\" and a > 5 and a = 1"),
            ["/rules/2: a > 0 => /rules/1: a > 5", "/rules/0: in segment \"x\" => /rules/0: not in segment \"x\""]
        );
        assert_eq!(told("a = 1 and a = 1", "a = 1 and b = 1 and a = 1"), ["+ /rules/1: b = 1"]);
    }
}
