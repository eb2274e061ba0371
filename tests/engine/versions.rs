//! Versions of segments and audiences: part of every random history, and what is promised of them one by one.
//!
//! Not here: the other changes (`history`), and what survives a crash (`durability`, where these histories are cut too).

use std::sync::Arc;

use harness::model::{Ids, Model};
use harness::twin::Saved;
use muster_engine::audience::{Definition, SegmentChoice};
use muster_engine::catalog::{AttributeChanges, Status};
use muster_engine::command::{
    ChangeMembers, Command, Outcome, Restore, SaveAudience, SaveSegment, Saving, SegmentContent, Stamp,
};
use muster_engine::error::{Error, Result};
use muster_engine::id::{AudienceId, Row, SegmentId};
use muster_engine::limits::VERSIONS_MAX;
use muster_engine::rule::{from_text, segment_refs};
use muster_engine::segment::{IdChanges, IdList, MemberChanges, SegmentKept, SegmentKind};
use muster_engine::tenant::{Expected, State, Tenant, Terms};
use muster_engine::time::Timestamp;

use crate::history::History;

fn stamp(now: i64) -> Stamp {
    Stamp { by: "someone".into(), now: Timestamp(now) }
}

impl History {
    /// A new name, who is in it, or an earlier version again.
    pub(crate) fn change_version(&mut self) -> &'static str {
        let known: Vec<SegmentId> = self.model.segments.keys().copied().collect();
        if known.is_empty() {
            return "no segment to change";
        }
        let id = *self.rng.pick(&known);
        match self.rng.below(4) {
            0 => self.rename(id),
            1 => self.restore(id),
            _ => self.change_members(id),
        }
    }

    fn rename(&mut self, id: SegmentId) -> &'static str {
        let name = format!("segment {}", self.rng.below(12));
        let other = self.model.segments.iter().any(|(other, (known, _))| *known == name && *other != id);
        let attributes = AttributeChanges { name: Some(name.clone()), ..AttributeChanges::default() };
        let save = SaveSegment { id: Some(id), attributes, content: SegmentContent::Same, stamp: stamp(1) };
        if self.apply(Command::SaveSegment(save), other.then_some("already")).is_some() {
            let (_, saved) = self.model.segments[&id].clone();
            let duplicates = self.model.duplicates(id);
            self.model.save_segment(id, name, saved, duplicates);
        }
        "rename"
    }

    fn change_members(&mut self, id: SegmentId) -> &'static str {
        let add: Vec<String> = self.ids(8);
        let remove: Vec<String> = self.ids(8).into_iter().filter(|id| !add.contains(id)).collect();
        let (name, saved) = self.model.segments[&id].clone();
        let change = ChangeMembers { id, add: add.clone(), remove: remove.clone(), stamp: stamp(2) };
        let Saved::Static(mut ids) = saved else {
            self.apply(Command::ChangeMembers(change), Some("is dynamic"));
            return "members of a dynamic segment";
        };
        let done = self.apply(Command::ChangeMembers(change), None);
        let everyone = self.model.everyone();
        let mut wanted = MemberChanges::default();
        for id in &add {
            let fresh = ids.insert(id.clone());
            wanted.add.entries += 1;
            wanted.add.changed += u64::from(fresh);
            wanted.unknown += u64::from(fresh && !everyone.contains(id));
        }
        for id in &remove {
            wanted.remove.entries += 1;
            wanted.remove.changed += u64::from(ids.remove(id));
        }
        let repeated =
            |ids: &[String]| ids.len() as u64 - ids.iter().collect::<std::collections::BTreeSet<_>>().len() as u64;
        for (side, ids) in [(&mut wanted.add, &add), (&mut wanted.remove, &remove)] {
            side.duplicates = repeated(ids);
            side.unchanged = side.entries - side.duplicates - side.changed;
        }
        assert_eq!(done, Some(Outcome::Members(id, wanted)));
        let duplicates = self.model.duplicates(id);
        self.model.save_segment(id, name, Saved::Static(ids), duplicates);
        "members"
    }

    fn restore(&mut self, id: SegmentId) -> &'static str {
        let earlier = self.model.earlier.get(&id).cloned().unwrap_or_default();
        let number = 1 + self.rng.below(earlier.len() + 2) as u64;
        let version = match earlier.get(number as usize - 1) {
            Some(version) => Some(version.clone()),
            None if number as usize == earlier.len() + 1 => {
                let (name, saved) = self.model.segments[&id].clone();
                Some((name, saved, self.model.duplicates(id)))
            }
            None => None,
        };
        let refused = match &version {
            None => Some("has no version"),
            Some((name, saved, _)) => self.refusal(id, name, saved),
        };
        let restore = Restore { what: Saving::Segment(id), version: number, stamp: stamp(3) };
        if self.apply(Command::Restore(restore), refused).is_some()
            && let Some((name, saved, duplicates)) = version
        {
            self.model.save_segment(id, name, saved, duplicates);
        }
        "restore"
    }

    /// Why a version cannot be the current one.
    fn refusal(&self, id: SegmentId, name: &str, saved: &Saved) -> Option<&'static str> {
        if let Saved::Dynamic(rule) = saved {
            if segment_refs(rule).iter().any(|named| self.model.find(named).is_none()) {
                return Some("there is no segment");
            }
            if self.model.leads_to(rule, id) {
                return Some("refer to itself");
            }
        }
        let is_taken = self.model.segments.iter().any(|(other, (known, _))| known == name && *other != id);
        is_taken.then_some("already")
    }
}

/// The versions of a state, next to those of the model.
pub(crate) fn compare_versions(state: &State, model: &Model, place: &str) {
    for segment in state.segments.iter() {
        let earlier = model.earlier.get(&segment.id).map_or(&[][..], Vec::as_slice);
        assert_eq!(segment.version, earlier.len() as u64 + 1, "{place}: segment {}", segment.id);
        assert_eq!(segment.earlier.iter().len(), earlier.len(), "{place}: segment {}", segment.id);
        for (number, (name, saved, duplicates)) in (1..).zip(earlier) {
            let version = segment.version(number).expect("it is kept");
            let what = format!("{place}: segment {} version {number}", segment.id);
            assert_eq!((version.number, &version.attributes.name), (number, name), "{what}");
            match (&version.content, saved) {
                (SegmentKept::Rule(rule), Saved::Dynamic(wanted)) => assert_eq!(**rule, *wanted, "{what}"),
                (SegmentKept::Ids(ids), Saved::Static(wanted)) => {
                    assert_eq!((names(ids, state), ids.duplicates()), (wanted.clone(), *duplicates), "{what}");
                }
                _ => panic!("{what} holds something else"),
            }
        }
    }
}

fn names(ids: &IdList, state: &State) -> Ids {
    let rows = ids.rows.rows().map(|row| state.view.id(Row(row)).to_owned());
    rows.chain(ids.unknown().map(str::to_owned)).collect()
}

/// A tenant with profiles `1` to `9`.
fn tenant() -> Tenant {
    let tenant = Tenant::default();
    let schema = harness::population::population(1, 0).twin.schema;
    let profile = |id: u32| harness::twin::Customer { id: id.to_string(), values: Default::default() };
    harness::tenant::replace(&tenant, &schema, &(1..10).map(profile).collect::<Vec<_>>());
    tenant
}

fn named(name: &str) -> AttributeChanges {
    AttributeChanges { name: Some(name.into()), ..AttributeChanges::default() }
}

fn save(tenant: &Tenant, id: Option<u64>, attributes: AttributeChanges, content: SegmentContent) -> Result<SegmentId> {
    let save = SaveSegment { id: id.map(SegmentId), attributes, content, stamp: stamp(7) };
    match tenant.apply(Command::SaveSegment(save))? {
        Outcome::Segment(id) => Ok(id),
        other => panic!("{other:?}"),
    }
}

fn rule(text: &str) -> SegmentContent {
    SegmentContent::Rule(from_text(text).expect("a rule"))
}

fn code(result: Result<impl std::fmt::Debug>) -> &'static str {
    match result.expect_err("it should be refused") {
        Error::Invalid(problems) => problems[0].code,
        Error::Conflict(problem) => problem.code,
        Error::NotFound(_) => "not_found",
        other => panic!("{other}"),
    }
}

#[test]
fn a_new_name_shares_the_ids() {
    let tenant = tenant();
    let ids: Vec<String> = (0..5_000).map(|id| id.to_string()).collect();
    save(&tenant, None, named("a"), SegmentContent::Ids(ids)).expect("a segment");
    let status = |status| AttributeChanges { status: Some(status), ..AttributeChanges::default() };
    save(&tenant, Some(1), named("b"), SegmentContent::Same).expect("another name");
    save(&tenant, Some(1), status(Status::Draft), SegmentContent::Same).expect("another status");
    save(&tenant, Some(1), status(Status::Draft), SegmentContent::Same).expect("nothing new");
    let check = |tenant: &Tenant| {
        let state = tenant.state();
        let segment = state.segments.get(SegmentId(1)).expect("it is there").clone();
        let SegmentKind::Static(current) = &segment.kind else { panic!("no ids") };
        assert_eq!(segment.version, 3, "what changes nothing makes no version");
        for version in segment.earlier.iter() {
            let SegmentKept::Ids(ids) = &version.content else { panic!("no ids") };
            assert!(ids.is_shared_with(current), "version {} is a copy", version.number);
        }
        let told: Vec<_> =
            segment.earlier.iter().map(|it| (it.number, it.attributes.name.clone(), it.by.clone())).collect();
        assert_eq!(told, [(1, "a".into(), "someone".into()), (2, "b".to_owned(), "someone".to_owned())]);
    };
    check(&tenant);
    // Nor does it make copies when people come, go, or are forgotten.
    tenant.apply(Command::EraseProfile { id: "5".into(), now: None }).expect("an erasure");
    check(&tenant);
    let disk = harness::disk::FakeDisk::default();
    let tenant = crate::durability::open(&disk).expect("a tenant");
    save(&tenant, None, named("a"), SegmentContent::Ids(vec!["1".into(), "2".into()])).expect("a segment");
    save(&tenant, Some(1), named("b"), SegmentContent::Same).expect("another name");
    save(&tenant, Some(1), status(Status::Draft), SegmentContent::Same).expect("another status");
    tenant.checkpoint().expect("a checkpoint");
    drop(tenant);
    check(&crate::durability::open(&disk).expect("a tenant"));
}

#[test]
fn so_many_versions_are_kept() {
    let tenant = tenant();
    save(&tenant, None, named("0"), rule("id exists")).expect("a segment");
    for number in 1..=VERSIONS_MAX as u64 {
        let before = tenant.state().segments.get(SegmentId(1)).expect("it is there").clone();
        assert_eq!((before.version, before.earlier.iter().len() as u64 + 1), (number, number));
        save(&tenant, Some(1), named(&number.to_string()), SegmentContent::Same).expect("another name");
    }
    let segment = tenant.state().segments.get(SegmentId(1)).expect("it is there").clone();
    assert_eq!((segment.version, segment.earlier.iter().len() + 1), (VERSIONS_MAX as u64 + 1, VERSIONS_MAX));
    assert_eq!(code(segment.version(1)), "not_found");
    assert_eq!(segment.version(2).expect("it is kept").attributes.name, "1");
}

#[test]
fn archived_segments_answer_and_are_not_named_anew() {
    let tenant = tenant();
    save(&tenant, None, named("old"), rule("id in (\"1\", \"2\")")).expect("a segment");
    save(&tenant, None, named("user"), rule("in segment \"old\"")).expect("a segment");
    let archived = AttributeChanges { status: Some(Status::Archived), ..AttributeChanges::default() };
    save(&tenant, Some(1), archived, SegmentContent::Same).expect("an archived segment");
    assert_eq!(tenant.state().segment_count(SegmentId(2), Timestamp(0)), Ok(2));
    save(&tenant, Some(2), named("user"), rule("in segment \"old\" and id exists")).expect("it was named before");
    assert_eq!(code(save(&tenant, None, named("new"), rule("in segment \"old\""))), "archived_segment");
    let definition = |id| Definition {
        include_segments: Some(vec![SegmentChoice { id: SegmentId(id), key: id.to_string() }]),
        ..Definition::default()
    };
    let audience =
        |id| SaveAudience { id: None, attributes: named("all"), definition: Some(definition(id)), stamp: stamp(0) };
    assert_eq!(code(tenant.apply(Command::SaveAudience(audience(1)))), "archived_segment");
    tenant.apply(Command::SaveAudience(audience(2))).expect("an audience");
}

#[test]
fn what_is_gone_is_not_restored_and_circles_stay_refused() {
    let tenant = tenant();
    save(&tenant, None, named("a"), rule("id exists")).expect("a segment");
    save(&tenant, None, named("b"), rule("in segment \"a\"")).expect("a segment");
    save(&tenant, Some(2), named("b"), rule("id in (\"1\")")).expect("another rule");
    save(&tenant, Some(1), named("a"), rule("in segment \"b\"")).expect("another rule");
    let restore = |id, version| {
        tenant.apply(Command::Restore(Restore { what: Saving::Segment(SegmentId(id)), version, stamp: stamp(9) }))
    };
    let circle = restore(2, 1).expect_err("a circle").to_string();
    assert!(circle.contains("b -> a -> b"), "{circle}");
    save(&tenant, Some(1), named("c"), rule("id exists")).expect("another rule");
    tenant.apply(Command::DeleteSegment(SegmentId(1))).expect("nobody uses it");
    assert_eq!(code(restore(2, 1)), "unknown_segment");
    assert_eq!(code(restore(2, 5)), "not_found");
    let state = tenant.state();
    let kept = state.segments.get(SegmentId(2)).and_then(|segment| segment.version(1)).expect("it is kept").content;
    assert_eq!(code(state.rows_of_version(&kept, Timestamp(0))), "unknown_segment");
    save(&tenant, None, named("b2"), rule("id exists")).expect("a segment");
    save(&tenant, Some(2), named("x"), SegmentContent::Same).expect("another name");
    save(&tenant, Some(3), named("b"), SegmentContent::Same).expect("the name is free");
    assert_eq!(code(restore(2, 2)), "name_taken");
}

#[test]
fn an_erased_person_is_in_no_version() {
    let tenant = tenant();
    let ids = |ids: &[&str]| ids.iter().map(|id| (*id).to_owned()).collect::<Vec<_>>();
    save(&tenant, None, named("s"), SegmentContent::Ids(ids(&["1", "2"]))).expect("a segment");
    save(&tenant, Some(1), named("s"), SegmentContent::Ids(ids(&["2"]))).expect("others");
    for customers in [ids(&["1", "3"]), ids(&["3"])] {
        let definition = Definition { include_customers: Some(customers), ..Definition::default() };
        let id = tenant.state().audiences.iter().next().map(|audience| audience.id);
        let (attributes, definition) = (named("a"), Some(definition));
        tenant
            .apply(Command::SaveAudience(SaveAudience { id, attributes, definition, stamp: stamp(1) }))
            .expect("saved");
    }
    let Ok(Outcome::Erased(receipt)) = tenant.apply(Command::EraseProfile { id: "1".into(), now: None }) else {
        panic!("no receipt")
    };
    assert_eq!((receipt.segments, receipt.audiences), (1, 1), "only earlier versions named them");
    let state = tenant.state();
    let segment = state.segments.get(SegmentId(1)).expect("it is there");
    let SegmentKept::Ids(list) = segment.version(1).expect("kept").content else { panic!("no ids") };
    assert_eq!((names(&list, &state), list.entries()), (Ids::from(["2".to_owned()]), 1));
    let audience = state.audiences.get(AudienceId(1)).expect("it is there");
    let first = audience.version(1).expect("kept").content;
    assert_eq!(first.include_customers, Some(ids(&["3"])));
    assert!(!Arc::ptr_eq(&first, &audience.definition));
}

#[test]
fn somebody_elses_change_is_not_overwritten() {
    let tenant = tenant();
    save(&tenant, None, named("a"), rule("id exists")).expect("a segment");
    let change = |name: &str, version| {
        let (id, content) = (Some(SegmentId(1)), SegmentContent::Same);
        let save = SaveSegment { id, attributes: named(name), content, stamp: stamp(1) };
        let expected = Expected { what: Saving::Segment(SegmentId(1)), version };
        tenant.apply_expecting(Command::SaveSegment(save), Terms::default(), Some(expected))
    };
    change("b", 1).expect("nobody came between");
    let refused = change("c", 1);
    assert!(
        refused.as_ref().is_err_and(|error| error.to_string().contains("version 2 by now, not at 1")),
        "{refused:?}"
    );
    assert_eq!(code(refused), "stale_version");
    assert_eq!(tenant.state().segments.get(SegmentId(1)).expect("it is there").name, "b");
}

#[test]
fn people_of_a_moment_are_kept() {
    let tenant = tenant();
    save(&tenant, None, named("now"), rule("id in (\"1\", \"2\", \"x\")")).expect("a segment");
    let rows = tenant.state().segment_rows(SegmentId(1), Timestamp(0)).expect("it is there");
    tenant.apply(Command::EraseProfile { id: "2".into(), now: None }).expect("an erasure");
    save(&tenant, None, named("then"), SegmentContent::Rows(rows)).expect("a segment");
    let list = Command::PutList {
        name: "l".into(),
        ids: vec!["3".into(), "3".into(), "x".into()],
        blank: 0,
        attach: None,
        now: Timestamp(0),
    };
    tenant.apply(list).expect("a list");
    save(&tenant, None, named("listed"), SegmentContent::List(muster_engine::id::ListId(1))).expect("a segment");
    let state = tenant.state();
    let counts = |id| match &state.segments.get(SegmentId(id)).expect("it is there").kind {
        SegmentKind::Static(ids) => ids.counts(&state.view),
        SegmentKind::Dynamic { .. } | SegmentKind::Lookalike { .. } => panic!("no ids"),
    };
    assert_eq!((counts(2).entries, counts(2).known, counts(2).unknown), (1, 1, 0));
    assert_eq!((counts(3).entries, counts(3).duplicates, counts(3).known, counts(3).unknown), (3, 1, 1, 1));
    let unknown = SegmentContent::List(muster_engine::id::ListId(9));
    assert_eq!(code(save(&tenant, None, named("x"), unknown)), "unknown_list");
    let both = ChangeMembers { id: SegmentId(2), add: vec!["1".into()], remove: vec!["1".into()], stamp: stamp(0) };
    assert_eq!(code(tenant.apply(Command::ChangeMembers(both))), "added_and_removed");
    let twice = ChangeMembers {
        id: SegmentId(2),
        add: vec!["y".into(), "y".into(), "1".into()],
        remove: vec![],
        stamp: stamp(0),
    };
    let add = IdChanges { entries: 3, duplicates: 1, changed: 1, unchanged: 1 };
    let told = MemberChanges { add, unknown: 1, remove: IdChanges::default() };
    assert_eq!(tenant.apply(Command::ChangeMembers(twice)), Ok(Outcome::Members(SegmentId(2), told)));
}

#[test]
fn users_are_found_through_others() {
    let tenant = tenant();
    save(&tenant, None, named("a"), rule("id exists")).expect("a segment");
    save(&tenant, None, named("b"), rule("in segment \"a\"")).expect("a segment");
    save(&tenant, None, named("c"), rule("not in segment \"b\" or in segment \"a\"")).expect("a segment");
    save(&tenant, None, named("d"), rule("in segment \"b\"")).expect("a segment");
    let choice = SegmentChoice { id: SegmentId(4), key: "d".into() };
    let definition = Definition { exclude_segments: vec![choice], ..Definition::default() };
    let audience = SaveAudience { id: None, attributes: named("mail"), definition: Some(definition), stamp: stamp(0) };
    tenant.apply(Command::SaveAudience(audience)).expect("an audience");
    let users = tenant.state().users_of_segment(SegmentId(1)).expect("it is there");
    let told: Vec<_> =
        users.iter().map(|user| (user.name.as_str(), user.via.iter().map(|id| id.0).collect::<Vec<_>>())).collect();
    assert_eq!(told, [("b", vec![]), ("c", vec![]), ("d", vec![2]), ("mail", vec![2, 4])]);
    assert_eq!(tenant.state().users_of_segment(SegmentId(3)), Ok(vec![]));
    assert_eq!(code(tenant.apply(Command::DeleteSegment(SegmentId(2)))), "segment_in_use");
}
