//! How many channels, purposes, sources, exclusion groups, audiences of a group and dealt slices there may be: the last one is taken, one more
//! is refused with the number, or forgotten where nothing is lost by it.

use harness::disk::FakeDisk;
use muster_engine::command::{GateChange, Outcome, Saying};
use muster_engine::error::{Error, Result};
use muster_engine::gate::{BUCKETS, ConsentState, Gating, Slice, SliceCache};
use muster_engine::id::{AudienceId, TenantId};
use muster_engine::limits::{
    CHANNELS_MAX, CONSENT_PURPOSES_MAX, CONSENT_SOURCES_MAX, EXCLUSION_GROUPS_MAX, GROUP_AUDIENCES_MAX, SLICES_KEPT_MAX,
};
use muster_engine::tenant::Tenant;
use muster_engine::time::Timestamp;

use crate::gates::{audience, gate, tenant};

fn refused(result: Result<Outcome>, code: &str, words: &str) {
    let error = result.expect_err("one too many");
    let (Error::Limit(problem) | Error::Conflict(problem)) = &error else { panic!("{error:?}") };
    assert_eq!(problem.code, code);
    assert!(problem.message.contains(words), "{}", problem.message);
}

fn set_channel(tenant: &Tenant, name: String) -> Result<Outcome> {
    gate(tenant, GateChange::SetChannel { name, consent: None, purpose: None, caps: Vec::new() })
}

#[test]
fn the_last_channel_is_kept_and_one_more_is_not() {
    let tenant = tenant(&FakeDisk::default(), 1);
    for number in 0..CHANNELS_MAX {
        set_channel(&tenant, format!("channel_{number}")).expect("there is room");
    }
    refused(set_channel(&tenant, "one_more".into()), "too_many_channels", "64 channels");
    set_channel(&tenant, "channel_0".into()).expect("one that is there may be set anew");
    assert_eq!(tenant.state().gates.channels().len(), CHANNELS_MAX);
}

fn put_group(tenant: &Tenant, audiences: &[AudienceId]) -> Result<Outcome> {
    gate(tenant, GateChange::PutGroup { id: None, name: "g".into(), audiences: audiences.to_vec() })
}

#[test]
fn the_last_group_is_kept_and_one_more_is_not() {
    let tenant = tenant(&FakeDisk::default(), 1);
    for _ in 0..EXCLUSION_GROUPS_MAX {
        put_group(&tenant, &[]).expect("there is room");
    }
    refused(put_group(&tenant, &[]), "too_many_groups", "1000 exclusion groups");
    let first = tenant.state().gates.groups().next().expect("the first").id;
    gate(&tenant, GateChange::DeleteGroup(first)).expect("it is there");
    put_group(&tenant, &[]).expect("there is room again");
    refused(put_group(&tenant, &[]), "too_many_groups", "1000 exclusion groups");
}

#[test]
fn a_group_has_its_last_audience_and_not_one_more() {
    let tenant = tenant(&FakeDisk::default(), 10);
    let all: Vec<AudienceId> =
        (0..=GROUP_AUDIENCES_MAX).map(|number| audience(&tenant, &number.to_string(), Gating::default())).collect();
    put_group(&tenant, &all[..GROUP_AUDIENCES_MAX]).expect("as many as there may be");
    let Err(Error::Invalid(problems)) = put_group(&tenant, &all) else { panic!("one too many") };
    assert_eq!((problems.len(), problems[0].code), (1, "too_many_audiences"));
    assert!(problems[0].message.contains("at most 100 audiences, this one has 101"), "{}", problems[0].message);
}

/// Slices beyond those that are kept are dealt anew, to the same rows.
#[test]
fn slices_beyond_the_kept_ones_are_dealt_again_alike() {
    let tenant = tenant(&FakeDisk::default(), 1_000);
    let (view, cache, id) = (tenant.state().view.clone(), SliceCache::default(), TenantId::default());
    let slice = |number: usize| Slice { salt: number.to_string(), from: 0, to: BUCKETS / 2 };
    let ask = |number: usize| cache.rows(&slice(number), &id, &view);
    let first = ask(0);
    (1..SLICES_KEPT_MAX).for_each(|number| _ = ask(number));
    assert!(std::sync::Arc::ptr_eq(&first, &ask(0)), "it is kept as long as there is room");
    ask(SLICES_KEPT_MAX);
    let again = ask(0);
    assert!(!std::sync::Arc::ptr_eq(&first, &again), "the oldest one went");
    assert_eq!(*first, *again);
    assert!((400..600).contains(&again.len()), "{}", again.len());
}

#[test]
fn the_last_purpose_and_the_last_source_are_kept_and_one_more_is_not() {
    let tenant = tenant(&FakeDisk::default(), 1);
    set_channel(&tenant, "email".into()).expect("there is room");
    let say = |purpose: String, source: String| {
        let (channel, ids, at) = ("email".to_owned(), vec!["0".to_owned()], Timestamp(0));
        let state = ConsentState::Granted;
        gate(&tenant, GateChange::RecordConsents(vec![Saying { channel, purpose, state, source, at, ids }]))
    };
    for number in 0..CONSENT_PURPOSES_MAX {
        say(format!("purpose_{number}"), "form".into()).expect("there is room");
    }
    refused(say("one_more".into(), "form".into()), "too_many_purposes", "16 purposes");
    for number in 1..CONSENT_SOURCES_MAX {
        say("purpose_0".into(), format!("form {number}")).expect("there is room");
    }
    refused(say("purpose_0".into(), "one more".into()), "too_many_sources", "1000 sources");
    say("purpose_0".into(), "form 1".into()).expect("one that is there");
}
