//! A tenant once more, so plainly that it cannot be wrong: profiles in a vector, everything else sets of ids.
//!
//! It is told what the engine is told and says what must come of it: who is where, and which changes are refused.
//! Rules are read by the naive twin (`twin`); definitions of audiences are the engine's own words.

use std::collections::{BTreeMap, BTreeSet};

use muster_engine::audience::{Definition, IncludeMatch};
use muster_engine::id::{ListId, SegmentId};
use muster_engine::rule::{Group, Rule, SegmentRef, SegmentTest, segment_refs};
use muster_engine::schema::Value;
use muster_engine::table::BatchCounts;
use muster_engine::time::Timestamp;

use crate::gates::GatesModel;
use crate::tenant::Change;
use crate::twin::{Customer, Saved, Twin};

/// External ids.
pub type Ids = BTreeSet<String>;

/// An imported list.
#[derive(Debug, Clone, PartialEq)]
pub struct ListModel {
    /// Who is on it, with a profile or without.
    pub distinct: Ids,
    /// Entries that repeated an earlier one.
    pub duplicates: u64,
}

/// Everything a tenant holds.
#[derive(Debug, Clone)]
pub struct Model {
    /// Fields and profiles.
    pub twin: Twin,
    /// Segments by id, with their names.
    pub segments: BTreeMap<SegmentId, (String, Saved)>,
    /// Versions of segments before the current one: names, what they held, entries of ids that repeated an earlier one.
    pub earlier: BTreeMap<SegmentId, Vec<(String, Saved, u64)>>,
    /// Entries that repeated an earlier one when a static segment's ids were given.
    pub repeated: BTreeMap<SegmentId, u64>,
    /// Lists by id.
    pub lists: BTreeMap<ListId, ListModel>,
    /// Audiences by id, with their names.
    pub audiences: BTreeMap<u64, (String, Definition)>,
    /// Members of snapshots by id, and how many there were.
    pub snapshots: BTreeMap<u64, (Ids, u64)>,
    /// What keeps people out of audiences.
    pub gates: GatesModel,
}

/// One source or exclusion of an audience: its members, how many no earlier one had, how many only it has.
#[derive(Debug, Clone, PartialEq)]
pub struct Part {
    /// Of an exclusion: those of the base.
    pub members: Ids,
    /// That no earlier part of its side has.
    pub fresh: u64,
    /// That no other part of its side has.
    pub only: u64,
}

/// An audience: its sources and its exclusions in order, and who is left.
#[derive(Debug, Clone, PartialEq)]
pub struct AudienceModel {
    /// In the order in which a breakdown names them.
    pub sources: Vec<Part>,
    /// Everybody included.
    pub base: Ids,
    /// In the order in which a breakdown names them.
    pub exclusions: Vec<Part>,
    /// Everybody excluded.
    pub excluded: Ids,
    /// Who is in it.
    pub members: Ids,
}

impl Model {
    /// Profiles and nothing else.
    pub fn new(twin: Twin) -> Self {
        Self {
            twin,
            segments: BTreeMap::new(),
            earlier: BTreeMap::new(),
            repeated: BTreeMap::new(),
            lists: BTreeMap::new(),
            audiences: BTreeMap::new(),
            snapshots: BTreeMap::new(),
            gates: GatesModel::default(),
        }
    }

    /// Entries that repeated an earlier one when a segment's ids were given.
    pub fn duplicates(&self, id: SegmentId) -> u64 {
        self.repeated.get(&id).copied().unwrap_or(0)
    }

    /// Saves a segment; what it was before is a version, unless it is the same.
    pub fn save_segment(&mut self, id: SegmentId, name: String, saved: Saved, duplicates: u64) {
        let repeated = self.duplicates(id);
        if let Some((known, before)) = self.segments.get(&id).cloned() {
            if (&known, &before, repeated) == (&name, &saved, duplicates) {
                return;
            }
            self.earlier.entry(id).or_default().push((known, before, repeated));
        }
        self.segments.insert(id, (name, saved));
        self.repeated.insert(id, duplicates);
    }

    /// Deletes a segment and its versions.
    pub fn delete_segment(&mut self, id: SegmentId) {
        self.segments.remove(&id);
        self.earlier.remove(&id);
        self.repeated.remove(&id);
    }

    /// The ids of all profiles.
    pub fn everyone(&self) -> Ids {
        self.twin.profiles.iter().map(|profile| profile.id.clone()).collect()
    }

    /// The segment that a rule names.
    pub fn find(&self, named: &SegmentRef) -> Option<SegmentId> {
        match named {
            SegmentRef::Id(id) => self.segments.contains_key(id).then_some(*id),
            SegmentRef::Name(name) => {
                let by_name = self.segments.iter().find(|(_, (known, _))| known == name).map(|(id, _)| *id);
                by_name.or_else(|| self.find(&SegmentRef::Id(SegmentId(name.parse().ok()?))))
            }
        }
    }

    /// The profiles that satisfy a rule.
    ///
    /// # Panics
    /// When it names a segment that there is none of.
    pub fn select(&self, rule: &Rule, now: Timestamp) -> Ids {
        let segments = |named: &SegmentRef| &self.segments[&self.find(named).expect("a segment that was saved")].1;
        self.twin.select(rule, now, &segments)
    }

    /// The profiles of a segment.
    pub fn members(&self, id: SegmentId, now: Timestamp) -> Ids {
        match &self.segments[&id].1 {
            Saved::Dynamic(rule) => self.select(rule, now),
            Saved::Static(ids) => ids.intersection(&self.everyone()).cloned().collect(),
        }
    }

    /// Whether a rule leads to a segment, directly or through others.
    pub fn leads_to(&self, rule: &Rule, id: SegmentId) -> bool {
        segment_refs(rule).iter().filter_map(|named| self.find(named)).any(|other| {
            other == id || matches!(&self.segments[&other].1, Saved::Dynamic(rule) if self.leads_to(rule, id))
        })
    }

    /// The rule as it is saved: segments by id, so that they can be renamed.
    pub fn bound(&self, rule: &Rule) -> Rule {
        match rule {
            Rule::Group(Group { join, rules }) => {
                Rule::Group(Group { join: *join, rules: rules.iter().map(|rule| self.bound(rule)).collect() })
            }
            Rule::Test(_) | Rule::Event(_) => rule.clone(),
            Rule::Segment(test) => {
                let id = self.find(&test.segment).expect("a segment that was saved");
                Rule::Segment(SegmentTest { segment: SegmentRef::Id(id), negated: test.negated })
            }
        }
    }

    /// Whether a segment or an audience refers to a segment.
    pub fn uses_segment(&self, id: SegmentId) -> bool {
        let names = |rule: &Rule| segment_refs(rule).iter().any(|named| self.find(named) == Some(id));
        let mut segments = self.segments.values();
        segments.any(|(_, saved)| matches!(saved, Saved::Dynamic(rule) if names(rule)))
            || self.audiences.values().any(|(_, other)| other.segments().any(|choice| choice.id == id))
    }

    /// Whether an audience names a list, or it is kept as a suppression.
    pub fn uses_list(&self, id: ListId) -> bool {
        self.audiences.values().any(|(_, definition)| definition.lists().any(|list| list == id))
            || self.gates.suppressions.values().any(|one| one.list.is_some_and(|(list, _)| list == id))
    }

    /// Whole profiles, in order.
    pub fn replace(&mut self, profiles: &[Customer]) -> BatchCounts {
        let ids = profiles.iter().map(|profile| profile.id.clone()).collect();
        self.counted(ids, |model| {
            for profile in profiles {
                match model.twin.profiles.iter_mut().find(|known| known.id == profile.id) {
                    Some(known) => known.values = profile.values.clone(),
                    None => model.twin.profiles.push(profile.clone()),
                }
            }
        })
    }

    /// Changes of single fields, in order.
    pub fn merge(&mut self, changes: &[Change]) -> BatchCounts {
        let ids = changes.iter().map(|change| change.id.clone()).collect();
        self.counted(ids, |model| {
            for change in changes {
                let profiles = &mut model.twin.profiles;
                let at = profiles.iter().position(|known| known.id == change.id).unwrap_or_else(|| {
                    profiles.push(Customer { id: change.id.clone(), values: BTreeMap::new() });
                    profiles.len() - 1
                });
                model.patch(at, &change.fields);
            }
        })
    }

    /// New values of the profile at an index.
    pub fn patch(&mut self, at: usize, fields: &BTreeMap<String, Option<Value>>) {
        let values = &mut self.twin.profiles[at].values;
        for (name, value) in fields {
            match value {
                Some(value) => values.insert(name.clone(), value.clone()),
                None => values.remove(name),
            };
        }
    }

    fn counted(&mut self, ids: Vec<String>, change: impl FnOnce(&mut Self)) -> BatchCounts {
        let before: BTreeMap<String, Customer> =
            self.twin.profiles.iter().map(|profile| (profile.id.clone(), profile.clone())).collect();
        change(self);
        let distinct: Ids = ids.iter().cloned().collect();
        let mut counts = BatchCounts { superseded: (ids.len() - distinct.len()) as u64, ..BatchCounts::default() };
        for profile in self.twin.profiles.iter().filter(|profile| distinct.contains(&profile.id)) {
            match before.get(&profile.id) {
                None => counts.inserted += 1,
                Some(known) if known == profile => counts.unchanged += 1,
                Some(_) => counts.updated += 1,
            }
        }
        counts
    }

    /// Erases a person everywhere; says from how many static segments, lists, audiences and snapshots.
    pub fn erase(&mut self, id: &str) -> [u64; 4] {
        self.twin.profiles.retain(|profile| profile.id != id);
        let (mut segments, mut lists, mut audiences) = (0, 0, 0);
        for (segment, (_, saved)) in &mut self.segments {
            let earlier = self.earlier.get_mut(segment).into_iter().flatten().map(|(_, saved, _)| saved);
            let mut named = false;
            for saved in earlier.chain([saved]) {
                if let Saved::Static(ids) = saved {
                    named |= ids.remove(id);
                }
            }
            segments += u64::from(named);
        }
        for list in self.lists.values_mut() {
            lists += u64::from(list.distinct.remove(id));
        }
        lists += self.gates.erase(id);
        for (_, definition) in self.audiences.values_mut() {
            let customers = definition.include_customers.iter_mut().chain([&mut definition.exclude_customers]);
            let mut named = false;
            for ids in customers {
                named |= ids.iter().any(|other| other == id);
                ids.retain(|other| other != id);
            }
            audiences += u64::from(named);
        }
        let snapshots = self.snapshots.values_mut().map(|(members, _)| u64::from(members.remove(id))).sum();
        [segments, lists, audiences, snapshots]
    }

    /// Evaluates a definition, of a saved audience when that is named.
    pub fn audience(&self, definition: &Definition, audience: Option<u64>, now: Timestamp) -> AudienceModel {
        let everyone = self.everyone();
        let known = |ids: &mut dyn Iterator<Item = &String>| -> Ids {
            ids.filter(|id| everyone.contains(*id)).cloned().collect()
        };
        let chosen = definition.include_segments.iter().flatten().map(|choice| self.members(choice.id, now));
        let mut sources: Vec<Ids> = match definition.include_match {
            IncludeMatch::Any => chosen.collect(),
            IncludeMatch::All => {
                chosen.reduce(|left, right| left.intersection(&right).cloned().collect()).into_iter().collect()
            }
        };
        if definition.means_everyone() {
            sources.push(everyone.clone());
        }
        sources.extend(definition.include_customers.iter().map(|ids| known(&mut ids.iter())));
        let lists = definition.include_lists.iter().flatten();
        sources.extend(lists.map(|id| known(&mut self.lists[id].distinct.iter())));
        let base: Ids = sources.iter().flatten().cloned().collect();

        let mut exclusions: Vec<Ids> =
            definition.exclude_segments.iter().map(|choice| self.members(choice.id, now)).collect();
        if !definition.exclude_customers.is_empty() {
            exclusions.push(known(&mut definition.exclude_customers.iter()));
        }
        exclusions.extend(definition.exclude_lists.iter().map(|id| known(&mut self.lists[id].distinct.iter())));
        exclusions.extend(self.gates_of(definition, audience, now));
        exclusions.iter_mut().for_each(|ids| ids.retain(|id| base.contains(id)));
        let excluded: Ids = exclusions.iter().flatten().cloned().collect();
        let members = base.difference(&excluded).cloned().collect();
        AudienceModel { sources: parts(sources), base, exclusions: parts(exclusions), excluded, members }
    }
}

fn parts(sets: Vec<Ids>) -> Vec<Part> {
    let others = |at: usize, until: usize, id: &String| {
        sets[..until].iter().enumerate().any(|(i, set)| i != at && set.contains(id))
    };
    let part = |(at, members): (usize, &Ids)| Part {
        members: members.clone(),
        fresh: members.iter().filter(|id| !others(at, at, id)).count() as u64,
        only: members.iter().filter(|id| !others(at, sets.len(), id)).count() as u64,
    };
    sets.iter().enumerate().map(part).collect()
}
