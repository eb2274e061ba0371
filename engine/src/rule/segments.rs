//! The segments that rules name: which there are, which a rule refers to, and by which id.
//!
//! Not here: whether segments refer to each other in a circle, which the catalog of segments knows.

use std::collections::HashSet;

use super::{Rule, SegmentRef};
use crate::id::SegmentId;

/// The segments of one tenant, as far as rules need to know them.
pub trait SegmentNames {
    /// The segment of exactly this name.
    fn find(&self, name: &str) -> Option<SegmentId>;
    /// Whether there is a segment of this id.
    fn by_id(&self, id: SegmentId) -> bool;
    /// Names that somebody who wrote `name` may have meant, best first.
    fn nearest(&self, name: &str) -> Vec<String>;
}

/// The segment that a rule means, if there is one: a name of digits only that no segment has is an id.
pub fn resolve_segment(segment: &SegmentRef, segments: &dyn SegmentNames) -> Option<SegmentId> {
    match segment {
        SegmentRef::Id(id) => segments.by_id(*id).then_some(*id),
        SegmentRef::Name(name) => segments.find(name).or_else(|| {
            let digits = !name.is_empty() && name.bytes().all(|byte| byte.is_ascii_digit());
            let id = SegmentId(digits.then(|| name.parse().ok())??);
            segments.by_id(id).then_some(id)
        }),
    }
}

/// Every segment that `rule` names, each once, in reading order.
pub fn segment_refs(rule: &Rule) -> Vec<SegmentRef> {
    let (mut refs, mut seen) = (Vec::new(), HashSet::new());
    // A stack instead of recursion; children go on it backwards, so that they come off in reading order.
    let mut open = vec![rule];
    while let Some(rule) = open.pop() {
        match rule {
            Rule::Group(group) => open.extend(group.rules.iter().rev()),
            Rule::Segment(test) => {
                if seen.insert(&test.segment) {
                    refs.push(test.segment.clone());
                }
            }
            Rule::Test(_) | Rule::Event(_) => {}
        }
    }
    refs
}

/// The rule with ids instead of names, as it is saved: segments can then be renamed. Names that no segment has stay,
/// for `check` to complain about.
#[must_use]
pub fn bind_segments(mut rule: Rule, segments: &dyn SegmentNames) -> Rule {
    let mut open = vec![&mut rule];
    while let Some(rule) = open.pop() {
        match rule {
            Rule::Group(group) => open.extend(group.rules.iter_mut()),
            Rule::Segment(test) => {
                if let Some(id) = resolve_segment(&test.segment, segments) {
                    test.segment = SegmentRef::Id(id);
                }
            }
            Rule::Test(_) | Rule::Event(_) => {}
        }
    }
    rule
}

#[cfg(test)]
mod tests {
    use super::super::{from_text, to_text};
    use super::*;

    struct Saved(Vec<(u64, &'static str)>);

    impl SegmentNames for Saved {
        fn find(&self, name: &str) -> Option<SegmentId> {
            self.0.iter().find(|(_, known)| *known == name).map(|(id, _)| SegmentId(*id))
        }
        fn by_id(&self, id: SegmentId) -> bool {
            self.0.iter().any(|(known, _)| *known == id.0)
        }
        fn nearest(&self, _: &str) -> Vec<String> {
            Vec::new()
        }
    }

    #[test]
    fn names_become_ids_where_there_is_a_segment() {
        let saved = Saved(vec![(1, "vip"), (2, "3"), (3, "new")]);
        let rule = from_text(
            "in segment \"vip\" and not (in segment \"3\" or not in segment \"1\") and in segment \"gone\" \
             and in segment 9 and in segment \"vip\"",
        )
        .expect("a rule");
        let refs: Vec<String> = segment_refs(&rule)
            .into_iter()
            .map(|segment| match segment {
                SegmentRef::Name(name) => name,
                SegmentRef::Id(id) => format!("#{id}"),
            })
            .collect();
        assert_eq!(refs, ["vip", "3", "1", "gone", "#9"]);
        assert_eq!(
            to_text(&bind_segments(rule, &saved), &|_| None),
            "in segment 1 and not (in segment 2 or not in segment 1) and in segment \"gone\" and in segment 9 \
             and in segment 1"
        );
    }
}
