//! Who uses a segment, a list or an audience: directly, and through segments that do.

use std::collections::{BTreeMap, BTreeSet};

use super::state::State;
use crate::catalog::Status;
use crate::command::Saving;
use crate::error::{Error, Problem, Result};
use crate::id::{AudienceId, ListId, SegmentId};

/// Someone who uses something.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct User {
    /// Which one.
    pub what: Saving,
    /// Its name.
    pub name: String,
    /// How far it is.
    pub status: Status,
    /// The segments between, from the used one on; none when it is used directly.
    pub via: Vec<SegmentId>,
}

impl State {
    /// Refuses the deletion of an audience that is in an exclusion group: whoever comes after it there would be offered
    /// the people it took.
    ///
    /// # Errors
    /// `Conflict` with `audience_in_use` and the groups.
    pub(super) fn check_unused(&self, id: AudienceId) -> Result<()> {
        let groups = self.gates.groups().filter(|group| group.audiences.contains(&id));
        let users: Vec<String> = groups.map(|group| format!("exclusion group \"{}\"", group.name)).collect();
        if users.is_empty() {
            return Ok(());
        }
        let message = format!("audience {id} is used by {}; take it out of there first", users.join(", "));
        Err(Error::Conflict(Problem::new("", "audience_in_use", message).with_suggestions(users)))
    }

    /// Segments and audiences that refer to a segment, the nearest first; each once, by a shortest way.
    ///
    /// # Errors
    /// `NotFound` when there is no such segment.
    pub fn users_of_segment(&self, id: SegmentId) -> Result<Vec<User>> {
        self.segments.get(id)?;
        let mut users = Vec::new();
        let (mut seen, mut audiences) = (BTreeSet::from([id]), BTreeSet::new());
        let mut ring = BTreeMap::from([(id, Vec::new())]);
        while !ring.is_empty() {
            let mut next = BTreeMap::new();
            for (used, via) in &ring {
                for segment in self.segments.referrers(*used).filter(|segment| seen.insert(segment.id)) {
                    let (what, name) = (Saving::Segment(segment.id), segment.name.clone());
                    users.push(User { what, name, status: segment.status, via: via.clone() });
                    next.insert(segment.id, [&via[..], &[segment.id]].concat());
                }
                for audience in self.audiences.using_segment(*used).filter(|audience| audiences.insert(audience.id)) {
                    let (what, name) = (Saving::Audience(audience.id), audience.name.clone());
                    users.push(User { what, name, status: audience.status, via: via.clone() });
                }
            }
            ring = next;
        }
        Ok(users)
    }

    /// Audiences that name a list.
    ///
    /// # Errors
    /// `NotFound` when there is no such list.
    pub fn users_of_list(&self, id: ListId) -> Result<Vec<User>> {
        self.lists.get(id)?;
        let user = |audience: &std::sync::Arc<crate::audience::Audience>| User {
            what: Saving::Audience(audience.id),
            name: audience.name.clone(),
            status: audience.status,
            via: Vec::new(),
        };
        Ok(self.audiences.using_list(id).map(user).collect())
    }
}
