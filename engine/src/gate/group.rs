//! Audiences that shut each other out: of those in one group, a person belongs to the first that lets them in.
//!
//! An audience may be in several groups. Then "goes before" must not lead in a circle, or nobody could say who is first.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use crate::id::{AudienceId, GroupId};

/// A group.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ExclusionGroup {
    /// Stable.
    pub id: GroupId,
    /// What it is called.
    pub name: String,
    /// In order of priority, the first one first.
    pub audiences: Vec<AudienceId>,
}

/// The audiences that go before one, over all groups, each once, by group and place.
pub(super) fn before(groups: &BTreeMap<GroupId, Arc<ExclusionGroup>>, audience: AudienceId) -> Vec<AudienceId> {
    let mut found: Vec<AudienceId> = Vec::new();
    for group in groups.values() {
        let Some(place) = group.audiences.iter().position(|other| *other == audience) else { continue };
        for other in &group.audiences[..place] {
            if !found.contains(other) {
                found.push(*other);
            }
        }
    }
    found
}

/// A circle of audiences of which each goes before the next, if there is one: the first one stands at the end again.
pub(super) fn circle(groups: &BTreeMap<GroupId, Arc<ExclusionGroup>>) -> Option<Vec<AudienceId>> {
    let all: BTreeSet<AudienceId> = groups.values().flat_map(|group| group.audiences.iter().copied()).collect();
    // Whoever waits for nobody that is left goes, until only circles and those behind them are left.
    let mut left: BTreeMap<AudienceId, Vec<AudienceId>> = all.iter().map(|one| (*one, before(groups, *one))).collect();
    loop {
        let free: Vec<AudienceId> = left
            .iter()
            .filter(|(_, first)| !first.iter().any(|one| left.contains_key(one)))
            .map(|(one, _)| *one)
            .collect();
        if free.is_empty() {
            break;
        }
        free.iter().for_each(|one| _ = left.remove(one));
    }
    let mut way = vec![*left.keys().next()?];
    loop {
        let next = *left.get(way.last()?)?.iter().find(|one| left.contains_key(one))?;
        if let Some(place) = way.iter().position(|one| *one == next) {
            let mut circle = way.split_off(place);
            circle.push(next);
            circle.reverse();
            return Some(circle);
        }
        way.push(next);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn groups(of: &[&[u64]]) -> BTreeMap<GroupId, Arc<ExclusionGroup>> {
        let group = |(id, audiences): (u64, &&[u64])| {
            let audiences = audiences.iter().copied().map(AudienceId).collect();
            (GroupId(id), Arc::new(ExclusionGroup { id: GroupId(id), name: String::new(), audiences }))
        };
        (1..).zip(of).map(group).collect()
    }

    #[test]
    fn circles_are_found_and_spelled_out() {
        assert_eq!(circle(&groups(&[&[1, 2, 3], &[2, 4], &[1, 4, 5]])), None);
        assert_eq!(before(&groups(&[&[1, 2, 3], &[2, 4], &[1, 4]]), AudienceId(4)), [2, 1].map(AudienceId));
        let found = circle(&groups(&[&[9, 1, 2], &[2, 3], &[3, 1], &[3, 7]])).expect("a circle");
        assert_eq!(found.first(), found.last());
        assert_eq!(found.len(), 4);
        let goes_before = |pair: &[AudienceId]| matches!((pair[0].0, pair[1].0), (1, 2) | (2, 3) | (3, 1));
        assert!(found.windows(2).all(goes_before), "{found:?}");
    }
}
