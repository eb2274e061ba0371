//! Gates once more, naively: who is taken out of an audience by what, person by person.

use std::collections::{BTreeMap, BTreeSet};

use muster_engine::audience::Definition;
use muster_engine::gate::{Cap, Slice, Term, bucket};
use muster_engine::id::{ListId, TenantId};
use muster_engine::rule::Rule;
use muster_engine::time::Timestamp;

use crate::model::{Ids, Model};

/// Microseconds of a day.
const DAY_US: i128 = 86_400_000_000;

/// A suppression.
#[derive(Debug, Clone)]
pub struct SuppressionModel {
    /// The list whose people are on it, and when that was imported.
    pub list: Option<(ListId, Timestamp)>,
    /// How long.
    pub term: Term,
    /// Who was added in which seconds.
    pub added: BTreeMap<String, BTreeSet<i64>>,
}

/// What one person said.
#[derive(Debug, Clone, PartialEq)]
pub struct SaidModel {
    /// Who.
    pub id: String,
    /// About which purpose.
    pub purpose: String,
    /// In which second.
    pub second: i64,
    /// Whether it was a grant.
    pub is_grant: bool,
    /// Where.
    pub source: String,
}

/// A channel.
#[derive(Debug, Clone, Default)]
pub struct ChannelModel {
    /// Who has consented, as far as fields say it.
    pub consent: Option<Rule>,
    /// What people are contacted for.
    pub purpose: Option<String>,
    /// What they said, in the order in which it came.
    pub said: Vec<SaidModel>,
    /// All of them hold.
    pub caps: Vec<Cap>,
    /// Who was contacted in which seconds.
    pub contacts: BTreeSet<(String, i64)>,
}

/// All gates of a tenant.
#[derive(Debug, Clone, Default)]
pub struct GatesModel {
    /// The control group.
    pub control: Option<Slice>,
    /// By id.
    pub suppressions: BTreeMap<u64, SuppressionModel>,
    /// By name.
    pub channels: BTreeMap<String, ChannelModel>,
    /// Audiences in order of priority, by the id of the group.
    pub groups: BTreeMap<u64, Vec<u64>>,
}

/// Whether `at` lies in the last days before `now`, both ends included.
fn is_within(at_us: i128, days: u32, now: Timestamp) -> bool {
    let now = i128::from(now.0);
    now - i128::from(days) * DAY_US <= at_us && at_us <= now
}

fn is_second_within(second: i64, days: u32, now: Timestamp) -> bool {
    is_within(i128::from(second) * 1_000_000, days, now)
}

fn is_in(slice: &Slice, id: &str) -> bool {
    let bucket = bucket(&TenantId::default(), &slice.salt, id);
    slice.from <= bucket && bucket < slice.to
}

impl ChannelModel {
    /// What somebody said last about a purpose: whether it was a grant. Of one second the withdrawal counts.
    fn last_said(&self, id: &str, purpose: &str) -> Option<bool> {
        let own = self.said.iter().filter(|said| said.id == id && said.purpose == purpose);
        own.max_by_key(|said| (said.second, !said.is_grant)).map(|said| said.is_grant)
    }
}

impl GatesModel {
    /// Forgets a person; says how many suppressions of their own named them.
    pub fn erase(&mut self, id: &str) -> u64 {
        for channel in self.channels.values_mut() {
            channel.contacts.retain(|(other, _)| other != id);
            channel.said.retain(|said| said.id != id);
        }
        self.suppressions.values_mut().map(|one| u64::from(one.added.remove(id).is_some())).sum()
    }

    /// The audiences that go before one.
    pub fn before(&self, audience: u64) -> Vec<u64> {
        let mut found = Vec::new();
        for group in self.groups.values().filter(|group| group.contains(&audience)) {
            found.extend(group.iter().take_while(|other| **other != audience));
        }
        let mut seen = BTreeSet::new();
        found.retain(|id| seen.insert(*id));
        found
    }

    /// Whether some audience would go before itself.
    pub fn is_circular(&self) -> bool {
        let all: BTreeSet<u64> = self.groups.values().flatten().copied().collect();
        all.into_iter().any(|start| {
            let (mut open, mut seen) = (self.before(start), BTreeSet::new());
            while let Some(next) = open.pop() {
                if next == start {
                    return true;
                }
                if seen.insert(next) {
                    open.extend(self.before(next));
                }
            }
            false
        })
    }
}

impl Model {
    /// Who is on a suppression at an instant, with a profile or without.
    pub fn suppressed(&self, id: u64, now: Timestamp) -> Ids {
        let SuppressionModel { list, term, added } = &self.gates.suppressions[&id];
        if term.expires.is_some_and(|expires| now >= expires) {
            return Ids::new();
        }
        match (list, term.keep_days) {
            (Some((list, at)), Some(days)) if !is_within(at.0.into(), days, now) => {
                let _ = list;
                Ids::new()
            }
            (Some((list, _)), _) => self.lists[list].distinct.clone(),
            (None, None) => added.keys().cloned().collect(),
            (None, Some(days)) => {
                let holds = |seconds: &BTreeSet<i64>| seconds.iter().any(|at| is_second_within(*at, days, now));
                added.iter().filter(|(_, seconds)| holds(seconds)).map(|(id, _)| id.clone()).collect()
            }
        }
    }

    /// Whom each gate before an audience takes out of all people, in the order of gates.
    pub fn gates_of(&self, definition: &Definition, audience: Option<u64>, now: Timestamp) -> Vec<Ids> {
        let everyone = self.everyone();
        let own = &definition.gates;
        let held = self.gates.suppressions.keys().filter(|id| !own.ignores(muster_engine::id::SuppressionId(**id)));
        let mut gates: Vec<Ids> = held.map(|id| self.suppressed(*id, now)).collect();
        if let Some(channel) = own.channel.as_ref().map(|name| &self.gates.channels[name]) {
            let ChannelModel { consent, purpose, caps, contacts, .. } = channel;
            if consent.is_some() || purpose.is_some() {
                let by_rule = consent.as_ref().map(|rule| self.select(rule, now)).unwrap_or_default();
                let consents = |id: &&String| match purpose.as_ref().and_then(|purpose| channel.last_said(id, purpose))
                {
                    Some(is_grant) => is_grant,
                    None => by_rule.contains(*id),
                };
                gates.push(everyone.iter().filter(|id| !consents(id)).cloned().collect());
            }
            gates.extend(caps.iter().map(|cap| {
                let count = |id: &String| {
                    contacts.iter().filter(|(other, at)| other == id && is_second_within(*at, cap.days, now)).count()
                };
                everyone.iter().filter(|id| count(id) >= cap.contacts as usize).cloned().collect()
            }));
        }
        for first in audience.map(|id| self.gates.before(id)).unwrap_or_default() {
            gates.push(self.audience(&self.audiences[&first].1, Some(first), now).members);
        }
        let of =
            |slice: &Slice, is_out: bool| everyone.iter().filter(|id| is_in(slice, id) == is_out).cloned().collect();
        gates.extend(self.gates.control.iter().map(|slice| of(slice, true)));
        gates.extend(own.holdout.iter().map(|slice| of(slice, true)));
        gates.extend(own.split.iter().map(|slice| of(slice, false)));
        gates
    }
}
