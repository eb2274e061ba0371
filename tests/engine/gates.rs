//! Gates at their edges: slices nest and stay, terms and caps end at the exact instant, priorities decide, and what was
//! frozen is found again whatever becomes of the gates.
//!
//! That every gate takes out whom the naive model says is checked wherever histories are made (`changes`).

use harness::disk::FakeDisk;
use harness::twin::{Customer, Twin};
use muster_engine::audience::{Breakdown, Definition};
use muster_engine::command::{Command, Contacted, GateChange, Outcome};
use muster_engine::error::{Error, Result};
use muster_engine::gate::{BUCKETS, Cap, Gating, IgnoredSuppressions, Slice, Term};
use muster_engine::id::{AudienceId, GroupId, ListId, SnapshotId, SuppressionId};
use muster_engine::limits::{GROUP_AUDIENCES_MAX, SUPPRESSION_DAYS_MAX, SUPPRESSIONS_MAX};
use muster_engine::schema::{FieldType, Schema, Value};
use muster_engine::tenant::{SnapshotOrder, Tenant, Terms};
use muster_engine::time::{DAY_US, Timestamp};

use crate::durability::{described, open};

/// Noon of some day.
const NOON: i64 = 1_700_000_000_000_000;

pub(crate) fn tenant(disk: &FakeDisk, people: i64) -> Tenant {
    let tenant = open(disk).expect("a new tenant");
    let mut schema = Schema::default();
    schema.add(&[("email_consent".into(), FieldType::Bool)]).expect("a field");
    let profile = |id: i64| Customer {
        id: id.to_string(),
        values: [("email_consent".to_owned(), Value::Bool(id % 2 == 0))].into(),
    };
    let twin = Twin { schema, profiles: (0..people).map(profile).collect() };
    harness::tenant::replace(&tenant, &twin.schema, &twin.profiles);
    tenant
}

pub(crate) fn gate(tenant: &Tenant, change: GateChange) -> Result<Outcome> {
    tenant.apply(Command::Gate(change))
}

pub(crate) fn audience(tenant: &Tenant, name: &str, gates: Gating) -> AudienceId {
    let definition = Definition { gates: gates.into(), ..Definition::default() };
    let (name, description, now) = (name.to_owned(), String::new(), Timestamp(0));
    match tenant.apply(Command::PutAudience { id: None, name, description, definition, now }) {
        Ok(Outcome::Audience(id)) => id,
        other => panic!("{other:?}"),
    }
}

fn members(tenant: &Tenant, id: AudienceId, now: i64) -> Vec<u32> {
    let state = tenant.state();
    let audience = state.audiences.get(id).expect("it was saved");
    state.audience(audience, Timestamp(now), 0).expect("a preview").rows.rows().collect()
}

fn breakdown(tenant: &Tenant, id: AudienceId, now: i64) -> Breakdown {
    let state = tenant.state();
    let audience = state.audiences.get(id).expect("it was saved");
    state.audience(audience, Timestamp(now), 0).expect("a preview").breakdown
}

fn slice(salt: &str, from: u32, to: u32) -> Option<Slice> {
    Some(Slice { salt: salt.into(), from, to })
}

fn suppress(tenant: &Tenant, term: Term) -> SuppressionId {
    let put = GateChange::PutSuppression { name: "contacted".into(), list: None, term, now: Timestamp(NOON) };
    match gate(tenant, put) {
        Ok(Outcome::Suppression(id)) => id,
        other => panic!("{other:?}"),
    }
}

fn add(tenant: &Tenant, id: SuppressionId, ids: &[&str], at: i64) {
    let ids = ids.iter().map(|id| (*id).to_owned()).collect();
    gate(tenant, GateChange::AddToSuppression { id, ids, at: Timestamp(at) }).expect("it is there");
}

#[test]
fn slices_nest_fill_up_stay_and_do_not_depend_on_each_other() {
    let tenant = tenant(&FakeDisk::default(), 20_000);
    let split = |salt: &str, from, to| Gating { split: slice(salt, from, to), ..Gating::default() };
    let of = |name: &str, gates| members(&tenant, audience(&tenant, name, gates), NOON);
    let ten = of("ten", split("a", 0, BUCKETS / 10));
    let twenty = of("twenty", split("a", 0, BUCKETS / 5));
    let rest = of("rest", split("a", BUCKETS / 5, BUCKETS));
    assert!(ten.iter().all(|row| twenty.binary_search(row).is_ok()) && ten.len() < twenty.len());
    assert_eq!(twenty.len() + rest.len(), 20_000);
    assert!(rest.iter().all(|row| twenty.binary_search(row).is_err()));
    // 2,000 expected, with a standard deviation of 42.
    assert!((1_850..2_150).contains(&ten.len()), "{}", ten.len());
    let other = of("other", split("b", 0, BUCKETS / 10));
    let both = other.iter().filter(|row| ten.binary_search(row).is_ok()).count();
    assert!((140..260).contains(&both), "a tenth of a tenth: {both}");
    let holdout = Gating { holdout: slice("a", 0, BUCKETS / 5), ..Gating::default() };
    assert_eq!(of("held out", holdout), rest, "a hold-out and the rest of a split are one");
    assert!(of("nobody", split("a", 7, 7)).is_empty());
    // People who come later are dealt like all others, and move nobody.
    let last = audience(&tenant, "again", split("a", 0, BUCKETS / 10));
    let fresh: Vec<Customer> =
        (20_000..70_000).map(|id| Customer { id: id.to_string(), values: Default::default() }).collect();
    harness::tenant::replace(&tenant, tenant.state().view.schema(), &fresh);
    let now = members(&tenant, last, NOON);
    let before: Vec<u32> = now.iter().copied().filter(|row| *row < 20_000).collect();
    assert_eq!(before, ten);
    assert!((6_600..7_400).contains(&now.len()), "{}", now.len());
}

#[test]
fn a_suppression_ends_at_the_exact_instant() {
    let tenant = tenant(&FakeDisk::default(), 10);
    let all = audience(&tenant, "all", Gating::default());
    let timed = suppress(&tenant, Term { expires: None, keep_days: Some(7) });
    add(&tenant, timed, &["3", "4"], NOON);
    add(&tenant, timed, &["4"], NOON + DAY_US);
    let count = |now| members(&tenant, all, now).len();
    assert_eq!(count(NOON - 1), 10, "nobody was on it yet");
    assert_eq!([NOON, NOON + 7 * DAY_US].map(count), [8, 8]);
    assert_eq!(count(NOON + 7 * DAY_US + 1), 9, "3 has left, 4 was put on it again");
    assert_eq!(count(NOON + 8 * DAY_US), 9);
    assert_eq!(count(NOON + 8 * DAY_US + 1), 10);

    let dated = suppress(&tenant, Term { expires: Some(Timestamp(NOON)), keep_days: None });
    add(&tenant, dated, &["5"], NOON);
    assert_eq!(count(NOON - 1), 9);
    assert_eq!(count(NOON), 8, "only those of seven days");
    for (days, is_good) in [(0, false), (1, true), (SUPPRESSION_DAYS_MAX, true), (SUPPRESSION_DAYS_MAX + 1, false)] {
        assert_eq!(Term { expires: None, keep_days: Some(days) }.check().is_ok(), is_good, "{days}");
    }
    for _ in 2..SUPPRESSIONS_MAX {
        suppress(&tenant, Term::default());
    }
    let more =
        GateChange::PutSuppression { name: "one more".into(), list: None, term: Term::default(), now: Timestamp(0) };
    let refused = gate(&tenant, more);
    assert!(matches!(&refused, Err(Error::Limit(problem)) if problem.code == "too_many_suppressions"), "{refused:?}");
}

#[test]
fn caps_count_to_the_second_and_consent_is_asked_first() {
    let tenant = tenant(&FakeDisk::default(), 10);
    let consent = tenant.state().read_text("email_consent is true").expect("a rule").0;
    let caps = vec![Cap { contacts: 2, days: 3 }];
    let set = |consent| GateChange::SetChannel { name: "email".into(), consent, purpose: None, caps: caps.clone() };
    gate(&tenant, set(Some(consent))).expect("a channel");
    let mail = audience(&tenant, "mail", Gating { channel: Some("email".into()), ..Gating::default() });
    let contact = |ids: &[&str], at| {
        let who = Contacted::Ids(ids.iter().map(|id| (*id).to_owned()).collect());
        let record = GateChange::RecordContacts { channel: "Email".into(), who, at: Timestamp(at), now: Timestamp(at) };
        gate(&tenant, record).expect("contacts")
    };
    contact(&["2", "4"], NOON);
    contact(&["4", "3"], NOON + 10 * 1_000_000);
    contact(&["4", "3"], NOON + 10 * 1_000_000 + 999_999);
    let count = |now| members(&tenant, mail, now).len();
    assert_eq!(count(NOON + 9_999_999), 5, "one contact so far");
    assert_eq!(count(NOON + 10_000_000), 4, "two of number 4; the third second was the same");
    assert_eq!(count(NOON + 3 * DAY_US), 4);
    assert_eq!(count(NOON + 3 * DAY_US + 1), 5);
    let told = breakdown(&tenant, mail, NOON + 10_000_000);
    let steps: Vec<(String, u64, u64, u64)> =
        told.exclusions.iter().map(|step| (step.reason(), step.size, step.fresh, step.only)).collect();
    let wanted = [("no_consent:email", 5, 5, 5), ("frequency_cap:email:2/3d", 1, 1, 1)];
    assert_eq!(steps, wanted.map(|(reason, size, fresh, only)| (reason.to_owned(), size, fresh, only)));
    assert_eq!((told.base, told.excluded_total), (10, 6));
    gate(&tenant, set(None)).expect("everybody consents");
    assert_eq!(count(NOON + 10_000_000), 9);
    let segment = tenant.state().read_text("in segment \"x\"").is_err();
    assert!(segment, "there is no such segment");
}

#[test]
fn whoever_goes_first_takes_whom_it_lets_in() {
    let tenant = tenant(&FakeDisk::default(), 100);
    let first = audience(&tenant, "first", Gating { holdout: slice("h", 0, BUCKETS / 2), ..Gating::default() });
    let second = audience(&tenant, "second", Gating { split: slice("s", 0, BUCKETS / 2), ..Gating::default() });
    let third = audience(&tenant, "third", Gating::default());
    let group = |audiences: &[AudienceId]| {
        let (id, name, audiences) = (None, "g".to_owned(), audiences.to_vec());
        gate(&tenant, GateChange::PutGroup { id, name, audiences })
    };
    group(&[first, second, third]).expect("a group");
    let found = [first, second, third].map(|id| members(&tenant, id, NOON));
    let mut all: Vec<u32> = found.concat();
    all.sort_unstable();
    assert_eq!(all, (0..100).collect::<Vec<u32>>(), "everybody is in one of them, and in one only");
    assert!(found.iter().all(|members| !members.is_empty()));
    let reasons: Vec<String> = breakdown(&tenant, third, NOON).exclusions.iter().map(|step| step.reason()).collect();
    assert_eq!(reasons, ["higher_priority:1", "higher_priority:2"]);
    let refused = group(&[third, first]).expect_err("a circle");
    assert!(refused.to_string().contains("circle: first -> third -> first"), "{refused}");
    let many = vec![first; GROUP_AUDIENCES_MAX + 1];
    let refused = group(&many).expect_err("too many").to_string();
    assert!(refused.contains("at most") && refused.contains("stands here twice"), "{refused}");
    let refused = tenant.apply(Command::DeleteAudience(first)).expect_err("it is used").to_string();
    assert!(refused.contains("audience 1 is used by exclusion group \"g\""), "{refused}");
    let (id, name, audiences) = (Some(GroupId(1)), "g".to_owned(), vec![second, third]);
    gate(&tenant, GateChange::PutGroup { id, name, audiences }).expect("the group without it");
    tenant.apply(Command::DeleteAudience(first)).expect("nothing names it now");
    assert_eq!(breakdown(&tenant, third, NOON).exclusions.len(), 1);
}

#[test]
fn suppressions_are_set_aside_with_a_reason_only() {
    let tenant = tenant(&FakeDisk::default(), 10);
    let id = suppress(&tenant, Term::default());
    add(&tenant, id, &["1", "2", "later"], NOON);
    let ignoring = |reason: &str| {
        let ignored = Some(IgnoredSuppressions { suppressions: vec![id], reason: reason.into() });
        let definition = Definition { gates: Gating { ignored, ..Gating::default() }.into(), ..Definition::default() };
        let (name, description, now) = ("service".to_owned(), String::new(), Timestamp(0));
        tenant.apply(Command::PutAudience { id: None, name, description, definition, now })
    };
    let refused = ignoring("  ").expect_err("no reason");
    assert!(refused.to_string().contains("say why"), "{refused}");
    let Ok(Outcome::Audience(service)) = ignoring("recall of a product") else { panic!("an audience") };
    let told = breakdown(&tenant, service, NOON);
    assert_eq!((told.base, told.excluded_total), (10, 0));
    assert_eq!((told.ignored.len(), told.ignored[0].members), (1, 2));
    let all = audience(&tenant, "all", Gating::default());
    assert_eq!(members(&tenant, all, NOON).len(), 8);
    let later = [Customer { id: "later".into(), values: Default::default() }];
    harness::tenant::replace(&tenant, tenant.state().view.schema(), &later);
    assert_eq!(members(&tenant, all, NOON).len(), 8, "whoever comes is on it already");
}

#[test]
fn a_list_keeps_people_out_for_its_days_from_its_import_on() {
    let tenant = tenant(&FakeDisk::default(), 10);
    let all = audience(&tenant, "all", Gating::default());
    let (ids, now) = (vec!["3".into(), "4".into(), "nobody".into()], Timestamp(NOON));
    tenant.apply(Command::PutList { name: "left".into(), ids, blank: 0, attach: None, now }).expect("a list");
    let term = Term { expires: None, keep_days: Some(7) };
    let later = Timestamp(NOON + DAY_US);
    let put = GateChange::PutSuppression { name: "left".into(), list: Some(ListId(1)), term, now: later };
    gate(&tenant, put).expect("a suppression");
    let count = |now| members(&tenant, all, now).len();
    assert_eq!([NOON - 1, NOON, NOON + 7 * DAY_US].map(count), [10, 8, 8]);
    assert_eq!(count(NOON + 7 * DAY_US + 1), 10, "they have been on it long enough");
}

#[test]
fn a_snapshot_is_found_again_whatever_becomes_of_the_gates() {
    let disk = FakeDisk::default();
    let tenant = tenant(&disk, 200);
    let id = suppress(&tenant, Term { expires: None, keep_days: Some(2) });
    add(&tenant, id, &["1", "2", "3"], NOON);
    gate(&tenant, GateChange::SetControl(slice("control", 0, BUCKETS / 10))).expect("a control group");
    let caps = vec![Cap { contacts: 1, days: 2 }];
    gate(&tenant, GateChange::SetChannel { name: "sms".into(), consent: None, purpose: None, caps })
        .expect("a channel");
    let who = Contacted::Ids(vec!["7".into()]);
    let (at, channel) = (Timestamp(NOON), "sms".to_owned());
    gate(&tenant, GateChange::RecordContacts { channel, who, at, now: at }).expect("a contact");
    let first = audience(&tenant, "first", Gating { split: slice("s", 0, BUCKETS / 2), ..Gating::default() });
    let second = audience(&tenant, "second", Gating { channel: Some("sms".into()), ..Gating::default() });
    let audiences = vec![first, second];
    gate(&tenant, GateChange::PutGroup { id: None, name: "g".into(), audiences }).expect("a group");
    let order = SnapshotOrder { audiences: vec![second], now: at, created: at, confirm_everyone: true };
    tenant.snapshot(&order, Terms::default(), &mut |_| {}).expect("a snapshot");
    let verified = |tenant: &Tenant| {
        let state = tenant.state();
        let (snapshot, context) = state.snapshots.get(SnapshotId(1)).expect("it was taken");
        assert_eq!(snapshot.evaluated_again(context, &state.view, &state.gates), Ok(snapshot.digest));
        let steps: Vec<&str> = snapshot.breakdown.exclusions.iter().map(|step| step.kind).collect();
        assert_eq!(steps, ["suppression", "frequency_cap", "higher_priority", "control_group"]);
        snapshot.count
    };
    let count = verified(&tenant);
    assert!(count > 50 && members(&tenant, second, NOON).len() as u64 == count);
    gate(&tenant, GateChange::DeleteSuppression(id)).expect("it was there");
    gate(&tenant, GateChange::SetControl(None)).expect("no control group");
    gate(&tenant, GateChange::SetChannel { name: "sms".into(), consent: None, purpose: None, caps: Vec::new() })
        .expect("no cap");
    let groups: Vec<GroupId> = tenant.state().gates.groups().map(|group| group.id).collect();
    groups.into_iter().for_each(|id| _ = gate(&tenant, GateChange::DeleteGroup(id)).expect("it was there"));
    tenant.apply(Command::DeleteAudience(first)).expect("it was there");
    assert!(members(&tenant, second, NOON).len() as u64 > count);
    verified(&tenant);
    let again = open(&disk.after_kill()).expect("it opens again");
    assert_eq!(described(&again.state()), described(&tenant.state()));
    verified(&again);
    tenant.checkpoint().expect("a checkpoint").expect("something new");
    let again = open(&disk.after_kill()).expect("it opens again");
    assert_eq!(described(&again.state()), described(&tenant.state()));
    verified(&again);
}
