//! A random history: changes told to the engine and to the naive model alike.
//!
//! Not here: whether both hold the same afterwards (`changes`), and changes of versions (`versions`) and gates (`gate_history`).

use std::collections::BTreeMap;
use std::sync::Arc;

use harness::events::{Sent, event_batch};
use harness::model::{Ids, ListModel, Model};
use harness::population::{FIELDS, Population, id, population, value_of};
use harness::rng::Rng;
use harness::rules;
use harness::tenant::{Change, merge, replace, through_bytes};
use harness::twin::Saved;
use muster_engine::audience::{Definition, IncludeMatch, SegmentChoice};
use muster_engine::command::{Command, Entry, Erasure, Outcome, SegmentContent};
use muster_engine::event::EventTerms;
use muster_engine::id::{AudienceId, ListId, SegmentId, SnapshotId};
use muster_engine::rule::{Rule, SegmentRef};
use muster_engine::schema::Value;
use muster_engine::tenant::{SnapshotOrder, Tenant, Terms};
use muster_engine::time::Timestamp;

/// External ids that a history knows: few, so that people come back and lists name them.
const IDS: usize = 48;

/// The engine and the model, and the choices that are still to come.
pub(crate) struct History {
    /// Chooses what changes.
    pub(crate) rng: Rng,
    /// Where rules take their values from; its profiles are not those of the tenant.
    pub(crate) material: Population,
    /// The engine's side.
    pub(crate) tenant: Tenant,
    /// The model's side.
    pub(crate) model: Model,
}

impl History {
    /// A tenant with some profiles.
    pub(crate) fn new(seed: u64) -> Self {
        Self::of(seed, Tenant::default())
    }

    /// The same in a tenant that is empty so far.
    pub(crate) fn of(seed: u64, tenant: Tenant) -> Self {
        let mut rng = Rng::new(seed ^ 0xc0ffee);
        let material = population(seed, IDS);
        let mut twin = material.twin.clone();
        twin.profiles.truncate(rng.below(IDS));
        replace(&tenant, &twin.schema, &twin.profiles);
        Self { rng, material, tenant, model: Model::new(twin) }
    }

    /// One change, to the engine and to the model.
    pub(crate) fn change(&mut self) -> &'static str {
        match self.rng.below(33) {
            0 | 1 => self.replace(),
            2 | 3 => self.merge(),
            4 | 5 => self.patch(),
            6 | 7 => self.erase(),
            8..=10 => self.put_segment(),
            11 => self.delete_segment(),
            12 | 13 => self.put_list(),
            14 => self.delete_list(),
            15 => self.put_audience(),
            16 | 17 => self.take_snapshots(),
            18 => self.delete_snapshot(),
            19..=21 => self.change_version(),
            22..=27 => self.change_gates(),
            28 => self.delete_audience(),
            29 | 30 => self.change_offer(),
            _ => self.add_events(),
        }
    }

    /// Applies a command that the model says is good, or refuses with one of `codes`.
    pub(crate) fn apply(&mut self, command: Command, refused: Option<&str>) -> Option<Outcome> {
        let before = self.tenant.state();
        let told = format!("{command:?}");
        // As a log would bring it back.
        let Entry::Change { command, .. } = through_bytes(Entry::Change { key: None, command }) else {
            panic!("{told} came back as something else")
        };
        assert_eq!(format!("{command:?}"), told);
        let result = self.tenant.apply(command);
        match (result, refused) {
            (Ok(outcome), None) => {
                assert_eq!(self.tenant.state().version, before.version + 1, "{told}");
                Some(outcome)
            }
            (Err(error), Some(word)) => {
                assert!(error.to_string().contains(word), "{told} was refused for another reason: {error}");
                assert!(Arc::ptr_eq(&before, &self.tenant.state()), "{told} was refused and left something");
                None
            }
            (Ok(_), Some(word)) => panic!("{told} should have been refused: {word}"),
            (Err(error), None) => panic!("{told} was refused: {error}"),
        }
    }

    fn id(&mut self) -> String {
        id(self.rng.below(IDS))
    }

    pub(crate) fn ids(&mut self, most: usize) -> Vec<String> {
        (0..self.rng.below(most)).map(|_| self.id()).collect()
    }

    fn replace(&mut self) -> &'static str {
        let fresh = population(self.rng.bits(), IDS).twin.profiles;
        let mut profiles: Vec<_> = (0..self.rng.below(20)).map(|_| self.rng.pick(&fresh).clone()).collect();
        // At times the same profiles as they are, so that nothing changes.
        if self.rng.chance(20) {
            profiles.extend(self.model.twin.profiles.iter().take(5).cloned());
        }
        let got = replace(&self.tenant, &self.model.twin.schema, &profiles);
        assert_eq!(got, self.model.replace(&profiles));
        "replace"
    }

    fn fields(&mut self) -> BTreeMap<String, Option<Value>> {
        let mut fields = BTreeMap::new();
        for _ in 0..self.rng.below(6) {
            let index = self.rng.below(FIELDS.len());
            let value = self.rng.chance(75).then(|| value_of(&mut self.rng, index, self.material.now));
            fields.insert(FIELDS[index].0.to_owned(), value);
        }
        fields
    }

    fn merge(&mut self) -> &'static str {
        let count = self.rng.below(12);
        let changes: Vec<Change> = (0..count).map(|_| Change { id: self.id(), fields: self.fields() }).collect();
        assert_eq!(merge(&self.tenant, &changes), self.model.merge(&changes));
        "merge"
    }

    fn patch(&mut self) -> &'static str {
        let (id, fields) = (self.id(), self.fields());
        let mut changes: Vec<_> = fields.clone().into_iter().collect();
        let at = self.model.twin.profiles.iter().position(|profile| profile.id == id);
        let mut refused = at.is_none().then_some("there is no profile");
        if refused.is_none() && self.rng.chance(20) {
            changes.push(("no_such_field".into(), None));
            refused = Some("there is no field");
        }
        if let Some(Outcome::Patched(changed)) = self.apply(Command::PatchProfile { id, changes }, refused) {
            let at = at.expect("it was patched");
            let before = self.model.twin.profiles[at].clone();
            self.model.patch(at, &fields);
            assert_eq!(changed, before != self.model.twin.profiles[at]);
        }
        "patch"
    }

    fn erase(&mut self) -> &'static str {
        let id = self.id();
        let state = self.tenant.state();
        let events = state.view.row(&id).map_or(0, |row| state.view.events().count_of(row));
        let known = self.model.twin.profiles.iter().find(|profile| profile.id == id);
        let (fields, refused) = match known {
            Some(profile) => (profile.values.len() as u64, None),
            None => (0, Some("there is no profile")),
        };
        if let Some(outcome) =
            self.apply(Command::EraseProfile { id: id.clone(), now: Some(self.material.now) }, refused)
        {
            let [segments, lists, audiences, snapshots] = self.model.erase(&id);
            let receipt = self.tenant.state().erasures.count();
            assert_eq!(
                outcome,
                Outcome::Erased(Erasure { fields, segments, lists, audiences, snapshots, receipt, events })
            );
        } else if self.rng.chance(50) {
            self.apply(Command::ForgetTexts, None);
            return "forget";
        }
        "erase"
    }

    /// Events of people who are there; what becomes of them is told in `events`.
    fn add_events(&mut self) -> &'static str {
        let count = 1 + self.rng.below(4);
        let events: Vec<Sent> = (0..count).map(|_| Sent::random(&mut self.rng, IDS, self.material.now)).collect();
        let terms = EventTerms { creates_profiles: false, now: self.material.now };
        self.apply(Command::AddEvents(Box::new(event_batch(&events)), terms), None);
        "events"
    }

    /// Segments as rules may name them.
    fn references(&self) -> Vec<SegmentRef> {
        let both =
            |(id, (name, _)): (&SegmentId, &(String, Saved))| [SegmentRef::Id(*id), SegmentRef::Name(name.clone())];
        self.model.segments.iter().flat_map(both).collect()
    }

    /// A random rule over the fields and segments there are.
    pub(crate) fn rule(&mut self) -> Rule {
        let references = self.references();
        rules::rule(&mut self.rng, &self.material, &references)
    }

    pub(crate) fn put_segment(&mut self) -> &'static str {
        let known: Vec<SegmentId> = self.model.segments.keys().copied().collect();
        let id = (!known.is_empty() && self.rng.chance(40)).then(|| *self.rng.pick(&known));
        let name = format!("segment {}", self.rng.below(12));
        let other = self.model.find(&SegmentRef::Name(name.clone())).filter(|other| Some(*other) != id);
        let mut refused = other.map(|_| "already");
        let mut duplicates = 0;
        let (saved, content) = match self.rng.below(4) {
            0 => {
                let ids = self.ids(10);
                duplicates = (ids.len() - ids.iter().cloned().collect::<Ids>().len()) as u64;
                (Some(Saved::Static(ids.iter().cloned().collect())), SegmentContent::Ids(ids))
            }
            1 if id.is_some() => (None, SegmentContent::Same),
            _ => {
                let rule = self.rule();
                if id.is_some_and(|id| self.model.leads_to(&rule, id)) {
                    refused = Some("refer to itself");
                }
                (Some(Saved::Dynamic(self.model.bound(&rule))), SegmentContent::Rule(rule))
            }
        };
        let now = self.material.now;
        let put = Command::PutSegment { id, name: name.clone(), description: String::new(), content, now };
        if let Some(Outcome::Segment(new)) = self.apply(put, refused) {
            assert!(id.is_none_or(|id| id == new) && (id.is_some() || !known.contains(&new)));
            let duplicates = if saved.is_some() { duplicates } else { self.model.duplicates(new) };
            let saved = saved.unwrap_or_else(|| self.model.segments[&new].1.clone());
            self.model.save_segment(new, name, saved, duplicates);
        }
        "put segment"
    }

    pub(crate) fn delete_segment(&mut self) -> &'static str {
        let id = SegmentId(1 + self.rng.below(12) as u64);
        let refused = match self.model.segments.contains_key(&id) {
            false => Some("there is no segment"),
            true => self.model.uses_segment(id).then_some("is used by"),
        };
        if self.apply(Command::DeleteSegment(id), refused).is_some() {
            self.model.delete_segment(id);
        }
        "delete segment"
    }

    fn put_list(&mut self) -> &'static str {
        let ids = self.ids(20);
        let distinct: Ids = ids.iter().cloned().collect();
        let duplicates = (ids.len() - distinct.len()) as u64;
        let put = Command::PutList { name: "list".into(), ids, blank: 0, attach: None, now: self.material.now };
        if let Some(Outcome::List(id)) = self.apply(put, None) {
            assert_eq!(
                self.model.lists.insert(id, ListModel { distinct, duplicates }),
                None,
                "list ids are never reused"
            );
        }
        "put list"
    }

    fn delete_list(&mut self) -> &'static str {
        let id = ListId(1 + self.rng.below(8) as u64);
        let refused = match self.model.lists.contains_key(&id) {
            false => Some("there is no list"),
            true => self.model.uses_list(id).then_some("is used by"),
        };
        if self.apply(Command::DeleteList(id), refused).is_some() {
            self.model.lists.remove(&id);
        }
        "delete list"
    }

    fn definition(&mut self) -> Definition {
        let known: Vec<SegmentId> = self.model.segments.keys().copied().collect();
        let lists: Vec<ListId> = self.model.lists.keys().copied().collect();
        let choose = |rng: &mut Rng| -> Vec<SegmentChoice> {
            let count = if known.is_empty() { 0 } else { rng.below(4) };
            let one = |id: SegmentId| SegmentChoice { id, key: id.to_string() };
            (0..count).map(|_| one(*rng.pick(&known))).collect()
        };
        let list = |rng: &mut Rng| -> Vec<ListId> {
            let count = if lists.is_empty() { 0 } else { rng.below(3) };
            (0..count).map(|_| *rng.pick(&lists)).collect()
        };
        let rng = &mut self.rng;
        let include_match = if rng.chance(50) { IncludeMatch::Any } else { IncludeMatch::All };
        let include_segments = rng.chance(60).then(|| choose(rng));
        let include_lists = rng.chance(40).then(|| list(rng));
        let (exclude_segments, exclude_lists) = (choose(rng), list(rng));
        let include_customers = self.rng.chance(40).then(|| self.ids(10));
        let exclude_customers = self.ids(6);
        Definition {
            include_match,
            include_segments,
            include_customers,
            include_lists,
            exclude_segments,
            exclude_customers,
            exclude_lists,
            gates: self.gating().into(),
        }
    }

    pub(crate) fn put_audience(&mut self) -> &'static str {
        let mut definition = self.definition();
        let name = format!("audience {}", self.rng.below(5));
        let mut refused = self.model.audiences.values().any(|(known, _)| *known == name).then_some("already");
        match self.rng.below(8) {
            0 => {
                definition.exclude_lists.push(ListId(9_999));
                refused = Some("there is no list 9999");
            }
            1 => {
                definition.exclude_segments.push(SegmentChoice { id: SegmentId(9_999), key: "9999".into() });
                refused = Some("there is no segment");
            }
            _ => {}
        }
        let (description, now) = (String::new(), self.material.now);
        let put =
            Command::PutAudience { id: None, name: name.clone(), description, definition: definition.clone(), now };
        if let Some(Outcome::Audience(id)) = self.apply(put, refused) {
            self.model.audiences.insert(id.0, (name, definition));
        }
        "put audience"
    }

    pub(crate) fn delete_audience(&mut self) -> &'static str {
        let Some(id) = self.model.audiences.keys().next().copied() else { return "no audience to delete" };
        let is_used = self.model.gates.groups.values().any(|group| group.contains(&id));
        self.apply(Command::DeleteAudience(AudienceId(id)), is_used.then_some("is used by exclusion group"));
        if !is_used {
            self.model.audiences.remove(&id);
        }
        "delete audience"
    }

    pub(crate) fn take_snapshots(&mut self) -> &'static str {
        let known: Vec<u64> = self.model.audiences.keys().copied().collect();
        let count = if known.is_empty() { 0 } else { self.rng.below(4) };
        let mut chosen: Vec<u64> = (0..count).map(|_| *self.rng.pick(&known)).collect();
        let confirm_everyone = self.rng.chance(70);
        let is_everyone = |id: &u64| self.model.audiences[id].1.means_everyone();
        let mut refused = (!confirm_everyone && chosen.iter().any(is_everyone)).then_some("has no include key");
        if chosen.is_empty() {
            refused = Some("there is no audience to freeze");
        } else if self.rng.chance(5) {
            chosen.push(9_999);
            refused = Some("there is no audience 9999");
        }
        let now = Timestamp(self.material.now.0 + self.rng.below(1_000) as i64 * 86_400_000_000);
        let audiences = chosen.iter().copied().map(AudienceId).collect();
        let order = SnapshotOrder { audiences, now, created: now, confirm_everyone };
        let before = self.tenant.state();
        match self.tenant.snapshot(&order, Terms::default(), &mut |_| {}) {
            Ok(ids) => {
                assert_eq!((refused, ids.len()), (None, chosen.len()), "{order:?}");
                assert!(ids.iter().all(|id| id.0 >= before.snapshots.next_id().0), "ids are never reused: {ids:?}");
                for (SnapshotId(id), audience) in ids.into_iter().zip(chosen) {
                    let members = self.model.audience(&self.model.audiences[&audience].1, Some(audience), now).members;
                    let count = members.len() as u64;
                    self.model.snapshots.insert(id, (members, count));
                }
            }
            Err(error) => {
                let word = refused.unwrap_or_else(|| panic!("{order:?} was refused: {error}"));
                assert!(error.to_string().contains(word), "{order:?} was refused for another reason: {error}");
                assert!(Arc::ptr_eq(&before, &self.tenant.state()), "{order:?} was refused and left something");
            }
        }
        "take snapshots"
    }

    fn delete_snapshot(&mut self) -> &'static str {
        let known: Vec<u64> = self.model.snapshots.keys().copied().chain([9_999]).collect();
        let id = *self.rng.pick(&known);
        let refused = (id == 9_999).then_some("there is no snapshot 9999");
        if self.apply(Command::DeleteSnapshot(SnapshotId(id)), refused).is_some() {
            self.model.snapshots.remove(&id);
        }
        "delete snapshot"
    }
}
