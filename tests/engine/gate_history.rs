//! Changes of gates in random histories, told to the engine and to the naive model alike.

use std::collections::BTreeSet;

use harness::gates::{ChannelModel, SaidModel, SuppressionModel};
use harness::model::Ids;
use harness::rng::Rng;
use muster_engine::command::{Command, Contacted, GateChange, Noted, Outcome, Saying};
use muster_engine::gate::{BUCKETS, Cap, ConsentState, Gating, IgnoredSuppressions, Slice, Term};
use muster_engine::id::{AudienceId, GroupId, ListId, SnapshotId, SuppressionId};
use muster_engine::rule::SegmentRef;
use muster_engine::time::Timestamp;

use crate::history::History;

const CHANNELS: [&str; 2] = ["email", "sms"];

const PURPOSES: [&str; 2] = ["marketing", "service"];

const DAY_US: i64 = 86_400_000_000;

fn slice(rng: &mut Rng) -> Slice {
    let mut ends = [rng.below(BUCKETS as usize + 1) as u32, rng.below(BUCKETS as usize + 1) as u32];
    ends.sort_unstable();
    let salt = format!("salt {}", rng.below(3));
    Slice { salt, from: if rng.chance(50) { 0 } else { ends[0] }, to: ends[1] }
}

fn seconds(at: Timestamp) -> i64 {
    at.0.div_euclid(1_000_000)
}

impl History {
    pub(crate) fn change_gates(&mut self) -> &'static str {
        match self.rng.below(11) {
            0 => self.set_control(),
            1 => self.put_suppression(),
            2 | 3 => self.add_to_suppression(),
            4 => self.delete_suppression(),
            5 => self.set_channel(),
            6 | 7 => self.record_contacts(),
            8 | 9 => self.record_consents(),
            _ => self.put_group(),
        }
    }

    fn gate(&mut self, change: GateChange, refused: Option<&str>) -> Option<Outcome> {
        self.apply(Command::Gate(change), refused)
    }

    /// What a definition says about gates that there are.
    pub(crate) fn gating(&mut self) -> Gating {
        if self.rng.chance(40) {
            return Gating::default();
        }
        let channels: Vec<String> = self.model.gates.channels.keys().cloned().collect();
        let channel = (!channels.is_empty() && self.rng.chance(60)).then(|| self.rng.pick(&channels).clone());
        let holdout = self.rng.chance(30).then(|| slice(&mut self.rng));
        let split = self.rng.chance(30).then(|| slice(&mut self.rng));
        let known: Vec<u64> = self.model.gates.suppressions.keys().copied().collect();
        let is_ignoring = !known.is_empty() && self.rng.chance(20);
        let ignored = is_ignoring.then(|| IgnoredSuppressions {
            suppressions: vec![SuppressionId(*self.rng.pick(&known))],
            reason: "they asked for it".into(),
        });
        Gating { channel, holdout, split, ignored }
    }

    /// An instant of the last ten days or so, at times exactly so many days ago.
    fn past(&mut self) -> Timestamp {
        let days = self.rng.below(10) as i64;
        let off = if self.rng.chance(50) { 0 } else { self.rng.below(DAY_US as usize) as i64 };
        Timestamp(self.material.now.0 - days * DAY_US - off)
    }

    fn set_control(&mut self) -> &'static str {
        let control = self
            .rng
            .chance(60)
            .then(|| Slice { to: BUCKETS / 20, ..slice(&mut self.rng) })
            .map(|one| Slice { from: 0, ..one });
        self.gate(GateChange::SetControl(control.clone()), None);
        self.model.gates.control = control;
        "set control group"
    }

    fn put_suppression(&mut self) -> &'static str {
        let lists: Vec<ListId> = self.model.lists.keys().copied().collect();
        let mut list = (!lists.is_empty() && self.rng.chance(50)).then(|| *self.rng.pick(&lists));
        let mut refused = None;
        if self.rng.chance(10) {
            (list, refused) = (Some(ListId(9_999)), Some("there is no list 9999"));
        }
        let keep_days = self.rng.chance(50).then(|| 1 + self.rng.below(9) as u32);
        let expires = self.rng.chance(20).then(|| Timestamp(self.material.now.0 + self.rng.below(3) as i64 - 1));
        let (term, now) = (Term { expires, keep_days }, self.material.now);
        let put = GateChange::PutSuppression { name: "suppression".into(), list, term, now };
        let Some(Outcome::Suppression(id)) = self.gate(put, refused) else { return "refuse suppression" };
        let list = list.map(|list| (list, now));
        let known = self.model.gates.suppressions.iter().find(|(_, one)| list.is_some() && one.list == list);
        if let Some((known, _)) = known {
            assert_eq!(*known, id.0, "a list is one suppression");
        }
        let suppression = SuppressionModel { list, term, added: Default::default() };
        self.model.gates.suppressions.insert(id.0, suppression);
        "put suppression"
    }

    fn add_to_suppression(&mut self) -> &'static str {
        let known: Vec<u64> = self.model.gates.suppressions.keys().copied().chain([9_999]).collect();
        let (id, ids, at) = (*self.rng.pick(&known), self.ids(8), self.past());
        let refused = match self.model.gates.suppressions.get(&id) {
            None => Some("there is no suppression"),
            Some(one) => one.list.map(|_| "holds whoever is on list"),
        };
        let add = GateChange::AddToSuppression { id: SuppressionId(id), ids: ids.clone(), at };
        let Some(outcome) = self.gate(add, refused) else { return "refuse to suppress" };
        let everyone = self.model.everyone();
        let suppression = self.model.gates.suppressions.get_mut(&id).expect("it was there");
        let distinct: Ids = ids.iter().cloned().collect();
        let mut noted = Noted { entries: ids.len() as u64, ..Noted::default() };
        noted.duplicates = (ids.len() - distinct.len()) as u64;
        for id in distinct {
            let is_known = everyone.contains(&id);
            let seconds_of = suppression.added.entry(id).or_default();
            let second = if suppression.term.keep_days.is_some() { seconds(at) } else { 0 };
            match (seconds_of.insert(second), is_known) {
                (false, _) => noted.repeated += 1,
                (true, true) => noted.noted += 1,
                (true, false) => noted.unknown += 1,
            }
        }
        assert_eq!(outcome, Outcome::Noted(noted));
        "suppress"
    }

    fn delete_suppression(&mut self) -> &'static str {
        let id = 1 + self.rng.below(6) as u64;
        let mut refused = (!self.model.gates.suppressions.contains_key(&id)).then_some("there is no suppression");
        if refused.is_none() && self.rng.chance(50) {
            refused = Some("there is no suppression");
            self.gate(GateChange::DeleteSuppression(SuppressionId(9_999)), refused);
            return "refuse to end a suppression";
        }
        if self.gate(GateChange::DeleteSuppression(SuppressionId(id)), refused).is_some() {
            self.model.gates.suppressions.remove(&id);
        }
        "end suppression"
    }

    fn set_channel(&mut self) -> &'static str {
        let name = (*self.rng.pick(&CHANNELS)).to_owned();
        let material = &self.material;
        let consent = self.rng.chance(70).then(|| harness::rules::rule(&mut self.rng, material, &[] as &[SegmentRef]));
        let cap = |rng: &mut Rng| Cap { contacts: 1 + rng.below(3) as u32, days: 1 + rng.below(9) as u32 };
        let caps: Vec<Cap> = (0..self.rng.below(3)).map(|_| cap(&mut self.rng)).collect();
        let purpose = self.rng.chance(60).then(|| (*self.rng.pick(&PURPOSES)).to_owned());
        let (of_rule, of_purpose) = (consent.clone(), purpose.clone());
        let set =
            GateChange::SetChannel { name: name.clone(), consent: of_rule, purpose: of_purpose, caps: caps.clone() };
        self.gate(set, None);
        let channel: &mut ChannelModel = self.model.gates.channels.entry(name).or_default();
        (channel.consent, channel.purpose, channel.caps) = (consent, purpose, caps);
        "set channel"
    }

    fn record_contacts(&mut self) -> &'static str {
        let channel = (*self.rng.pick(&CHANNELS)).to_owned();
        let mut refused = (!self.model.gates.channels.contains_key(&channel)).then_some("there is no channel");
        let (at, now) = (self.past(), self.material.now);
        let snapshots: Vec<u64> = self.model.snapshots.keys().copied().collect();
        let everyone = self.model.everyone();
        let (who, given, mut noted) = if !snapshots.is_empty() && self.rng.chance(40) {
            let id = *self.rng.pick(&snapshots);
            let members = self.model.snapshots[&id].0.clone();
            let noted = Noted { entries: members.len() as u64, ..Noted::default() };
            (Contacted::Snapshot(SnapshotId(id)), members, noted)
        } else {
            let ids = self.ids(12);
            let distinct: Ids = ids.iter().cloned().collect();
            let mut noted = Noted { entries: ids.len() as u64, ..Noted::default() };
            noted.duplicates = (ids.len() - distinct.len()) as u64;
            (Contacted::Ids(ids), distinct, noted)
        };
        if refused.is_none() && self.rng.chance(5) {
            refused = Some("there is no snapshot 9999");
            let who = Contacted::Snapshot(SnapshotId(9_999));
            self.gate(GateChange::RecordContacts { channel, who, at, now }, refused);
            return "refuse contacts";
        }
        let record = GateChange::RecordContacts { channel: channel.clone(), who, at, now };
        let Some(outcome) = self.gate(record, refused) else { return "refuse contacts" };
        let contacts = &mut self.model.gates.channels.get_mut(&channel).expect("it was there").contacts;
        for id in given {
            match everyone.contains(&id).then(|| contacts.insert((id, seconds(at)))) {
                None => noted.unknown += 1,
                Some(true) => noted.noted += 1,
                Some(false) => noted.repeated += 1,
            }
        }
        assert_eq!(outcome, Outcome::Noted(noted));
        "record contacts"
    }

    fn record_consents(&mut self) -> &'static str {
        let count = 1 + self.rng.below(3);
        let said: Vec<Saying> = (0..count).map(|_| self.saying()).collect();
        let channels = &self.model.gates.channels;
        let refused = said.iter().any(|saying| !channels.contains_key(&saying.channel));
        let change = GateChange::RecordConsents(said.clone());
        let Some(outcome) = self.gate(change, refused.then_some("there is no channel")) else {
            return "refuse consents";
        };
        let everyone = self.model.everyone();
        let mut noted = Noted::default();
        for Saying { channel, purpose, state, source, at, ids } in said {
            let channel = self.model.gates.channels.get_mut(&channel).expect("it was there");
            let distinct: Ids = ids.iter().cloned().collect();
            noted.entries += ids.len() as u64;
            noted.duplicates += (ids.len() - distinct.len()) as u64;
            for id in distinct {
                let (purpose, source) = (purpose.clone(), source.clone());
                let is_grant = state == ConsentState::Granted;
                let said = SaidModel { id, purpose, second: seconds(at), is_grant, source };
                if !everyone.contains(&said.id) {
                    noted.unknown += 1;
                } else if channel.said.contains(&said) {
                    noted.repeated += 1;
                } else {
                    noted.noted += 1;
                    channel.said.push(said);
                }
            }
        }
        assert_eq!(outcome, Outcome::Noted(noted));
        "record consents"
    }

    fn saying(&mut self) -> Saying {
        let (ids, at) = (self.ids(8), self.past());
        let state = *self.rng.pick(&ConsentState::ALL);
        let mut pick = |all: &[&str]| (*self.rng.pick(all)).to_owned();
        let (channel, purpose, source) = (pick(&CHANNELS), pick(&PURPOSES), pick(&["form", "call", "file"]));
        Saying { channel, purpose, state, source, at, ids }
    }

    fn put_group(&mut self) -> &'static str {
        let known: Vec<u64> = self.model.audiences.keys().copied().collect();
        let groups: Vec<u64> = self.model.gates.groups.keys().copied().collect();
        if !groups.is_empty() && self.rng.chance(20) {
            let id = *self.rng.pick(&groups);
            self.gate(GateChange::DeleteGroup(GroupId(id)), None);
            self.model.gates.groups.remove(&id);
            return "delete group";
        }
        let count = if known.is_empty() { 0 } else { self.rng.below(4) };
        let mut seen = BTreeSet::new();
        let mut audiences: Vec<u64> = (0..count).map(|_| *self.rng.pick(&known)).collect();
        audiences.retain(|id| seen.insert(*id));
        let id = (!groups.is_empty() && self.rng.chance(40)).then(|| *self.rng.pick(&groups));
        let mut with = self.model.gates.clone();
        with.groups.insert(id.unwrap_or(u64::MAX), audiences.clone());
        let refused = with.is_circular().then_some("before each other in a circle");
        let put = GateChange::PutGroup {
            id: id.map(GroupId),
            name: "group".into(),
            audiences: audiences.iter().copied().map(AudienceId).collect(),
        };
        if let Some(Outcome::Group(id)) = self.gate(put, refused) {
            self.model.gates.groups.insert(id.0, audiences);
        }
        "put group"
    }
}
