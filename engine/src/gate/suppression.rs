//! Lists that the tenant keeps out of every audience: the unsubscribed, the recently contacted.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use super::occurrences::{Occurrences, seconds};
use crate::block::Set;
use crate::error::{Error, Result};
use crate::id::{ListId, SuppressionId};
use crate::limits::SUPPRESSION_DAYS_MAX;
use crate::segment::IdList;
use crate::table::View;
use crate::time::Timestamp;

/// How long a suppression holds.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Term {
    /// Until this instant, which is not in it any more; for ever when none.
    pub expires: Option<Timestamp>,
    /// Each person for so many days from when they were added: while `added <= now <= added + days * 86,400 s`.
    pub keep_days: Option<u32>,
}

impl Term {
    /// Refuses more days than are kept.
    ///
    /// # Errors
    /// `Invalid` at `/keep_days`.
    pub fn check(&self) -> Result<()> {
        if self.keep_days.is_some_and(|days| days == 0 || days > SUPPRESSION_DAYS_MAX) {
            let message = format!("keep_days is a whole number from 1 to {SUPPRESSION_DAYS_MAX}");
            return Err(Error::invalid("/keep_days", "bad_keep_days", message));
        }
        Ok(())
    }
}

/// Who is on a suppression.
#[derive(Debug, Clone)]
pub enum SuppressionMembers {
    /// Whoever is on an imported list; added when that was imported.
    List(ListId),
    /// These, until the suppression ends.
    Ids(IdList),
    /// These, each for some days; with ids that no profile has yet, and the seconds they were added in.
    Timed(Occurrences, Arc<BTreeMap<Box<str>, BTreeSet<i64>>>),
}

/// A suppression.
#[derive(Debug, Clone)]
pub struct Suppression {
    /// Stable.
    pub id: SuppressionId,
    /// Why: "unsubscribed", "contacted in the last 7 days".
    pub name: String,
    /// How long.
    pub term: Term,
    /// Who.
    pub members: SuppressionMembers,
    /// When it was made.
    pub created: Timestamp,
}

impl Suppression {
    /// The rows it keeps out at an instant. `list` are the people of its list and when that was imported, if it has one.
    pub fn rows(&self, list: Option<(&Arc<Set>, Timestamp)>, now: Timestamp) -> Arc<Set> {
        if self.term.expires.is_some_and(|expires| now >= expires) {
            return Arc::default();
        }
        match (&self.members, list) {
            (SuppressionMembers::List(_), Some((rows, added))) if self.is_within(added, now) => rows.clone(),
            (SuppressionMembers::List(_), _) => Arc::default(),
            (SuppressionMembers::Ids(ids), _) => ids.rows.clone(),
            (SuppressionMembers::Timed(all, _), _) => {
                Arc::new(all.at_least(1, self.term.keep_days.unwrap_or_default(), now))
            }
        }
    }

    /// Whether who was added at an instant is still on it.
    fn is_within(&self, added: Timestamp, now: Timestamp) -> bool {
        self.term.keep_days.is_none_or(|days| {
            let reach = i128::from(days) * 86_400_000_000;
            added <= now && i128::from(now.0) <= i128::from(added.0) + reach
        })
    }

    /// Adds ids at an instant; says how many known and unknown ones were not there.
    pub fn add(&mut self, ids: &[String], at: Timestamp, view: &View) -> (u64, u64) {
        match &mut self.members {
            SuppressionMembers::List(_) => (0, 0),
            SuppressionMembers::Ids(list) => {
                let done = list.edit(ids, &[], view);
                (done.add.changed - done.unknown, done.unknown)
            }
            SuppressionMembers::Timed(all, waiting) => {
                let (second, mut unknown) = (seconds(at), 0);
                let mut rows = Vec::new();
                for id in ids {
                    match view.row(id) {
                        Some(row) => rows.push(row.0),
                        None => {
                            let fresh = Arc::make_mut(waiting).entry(id.as_str().into()).or_default().insert(second);
                            unknown += u64::from(fresh);
                        }
                    }
                }
                (all.add(second, &Set::from_rows(rows)), unknown)
            }
        }
    }

    /// Puts people on who waited for their profile.
    pub fn arrive(&mut self, view: &View, fresh: &Set) {
        match &mut self.members {
            SuppressionMembers::List(_) => {}
            SuppressionMembers::Ids(list) if list.has_unknown() => *list = list.with_arrivals(view, fresh),
            SuppressionMembers::Ids(_) => {}
            SuppressionMembers::Timed(all, waiting) => {
                let found: Vec<_> = waiting.keys().filter_map(|id| Some((id.clone(), view.row(id)?))).collect();
                for (id, row) in found {
                    for second in Arc::make_mut(waiting).remove(&id).into_iter().flatten() {
                        all.add(second, &Set::from_rows(vec![row.0]));
                    }
                }
            }
        }
    }

    /// Forgets an erased person; says whether it named them.
    pub fn forget(&mut self, row: u32, id: &str) -> bool {
        match &mut self.members {
            SuppressionMembers::List(_) => false,
            SuppressionMembers::Ids(list) => list.forget(row, id),
            SuppressionMembers::Timed(all, waiting) => {
                let was_waiting = waiting.contains_key(id) && Arc::make_mut(waiting).remove(id).is_some();
                all.forget(row) || was_waiting
            }
        }
    }

    /// Bytes of its members; none of a list's.
    pub fn bytes(&self) -> usize {
        match &self.members {
            SuppressionMembers::List(_) => 0,
            SuppressionMembers::Ids(list) => list.bytes(),
            SuppressionMembers::Timed(all, waiting) => {
                let names = waiting.iter().map(|(id, seconds)| id.len() + 64 + 8 * seconds.len());
                all.bytes() + names.sum::<usize>()
            }
        }
    }
}
