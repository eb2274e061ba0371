//! What the team saves: segments, audiences, and what keeps people out of them.

use muster_engine::audience::{Definition, SegmentChoice};
use muster_engine::catalog::{AttributeChanges, Status};
use muster_engine::command::{
    Command, GateChange, OfferChange, Outcome, SaveAudience, SaveSegment, SegmentContent, Stamp,
};
use muster_engine::gate::{Cap, Gating, Slice, Term};
use muster_engine::id::{AudienceId, ListId, SegmentId};
use muster_engine::offer::{Details, Price, PriceRange};
use muster_engine::tenant::{State, Tenant};
use muster_engine::time::{DAY_US, Timestamp};

use super::words::{self, Named};
use crate::cli::Failure;

/// Buckets of one percent of the people.
const PERCENT: u32 = muster_engine::gate::BUCKETS / 100;

/// Minutes between two things that somebody saves.
const PACE_US: i64 = 11 * 60 * 1_000_000;

/// Saves the segments, one after the other.
pub(super) fn segments(tenant: &Tenant, now: Timestamp) -> Result<(), Failure> {
    for (place, segment) in (0..).zip(&words::SEGMENTS) {
        let rule = tenant.state().read_text(segment.text)?.0;
        let content = SegmentContent::Rule(rule);
        save_segment(tenant, &segment.named, content, Timestamp(now.0 + place * PACE_US))?;
    }
    let board = SegmentContent::Ids((1..=words::BOARD_COUNT).map(|number| format!("c{:08}", number * 37)).collect());
    save_segment(tenant, &words::BOARD, board, now)
}

/// One segment is saved anew with another rule.
pub(super) fn second_thoughts(tenant: &Tenant, now: Timestamp) -> Result<(), Failure> {
    let state = tenant.state();
    let id = Some(segment(&state, words::SECOND_THOUGHTS.0)?);
    let rule = state.read_text(words::SECOND_THOUGHTS.1)?.0;
    let stamp = Stamp { by: words::MAYA.to_owned(), now };
    let save = SaveSegment { id, attributes: AttributeChanges::default(), content: SegmentContent::Rule(rule), stamp };
    tenant.apply(Command::SaveSegment(save))?;
    Ok(())
}

fn save_segment(tenant: &Tenant, named: &Named, content: SegmentContent, now: Timestamp) -> Result<(), Failure> {
    let stamp = Stamp { by: named.owner.to_owned(), now };
    tenant.apply(Command::SaveSegment(SaveSegment { id: None, attributes: attributes(named), content, stamp }))?;
    Ok(())
}

fn attributes(named: &Named) -> AttributeChanges {
    AttributeChanges {
        name: Some(named.name.to_owned()),
        description: Some(named.about.to_owned()),
        tags: Some(named.tags.iter().map(|tag| (*tag).to_owned()).collect()),
        status: Some(if named.is_draft { Status::Draft } else { Status::Active }),
        owner: Some(named.owner.to_owned()),
        campaign: None,
    }
}

/// Channels, a suppression, a control group, and something for sale.
pub(super) fn gates(tenant: &Tenant, now: Timestamp) -> Result<(), Failure> {
    for (name, consent, contacts, days) in words::CHANNELS {
        let consent = Some(tenant.state().read_text(consent)?.0);
        let caps = vec![Cap { contacts, days }];
        tenant.apply(Command::Gate(GateChange::SetChannel { name: name.to_owned(), consent, purpose: None, caps }))?;
    }
    let control = Slice { salt: "control".into(), from: 0, to: 2 * PERCENT };
    tenant.apply(Command::Gate(GateChange::SetControl(Some(control))))?;
    let list = import_list(tenant, words::COMPLAINTS, 90, 53, now)?;
    let term = Term { expires: None, keep_days: None };
    let name = words::COMPLAINTS_NAME.to_owned();
    tenant.apply(Command::Gate(GateChange::PutSuppression { name, list: Some(list), term, now }))?;
    let details = Details {
        name: words::FESTIVAL.to_owned(),
        genres: vec!["rock".into(), "metal".into(), "indie".into()],
        event_types: vec!["purchase".into()],
        price: Some(PriceRange { min: Price(490_000), max: Price(1_290_000) }),
        city: Some("Berlin".into()),
        country: Some("DE".into()),
        starts_at: Some(Timestamp(now.0 + 120 * DAY_US)),
        ..Details::default()
    };
    tenant.apply(Command::Offer(OfferChange::Put { id: None, is_new: true, details, now }))?;
    Ok(())
}

/// Saves the audiences and says which are frozen from now on.
pub(super) fn audiences(tenant: &Tenant, now: Timestamp) -> Result<Vec<AudienceId>, Failure> {
    let partners = import_list(tenant, words::PARTNERS, 1_200, 17, now)?;
    let gates = |holdout: u32| {
        let holdout = (holdout > 0).then(|| Slice { salt: "win-back".into(), from: 0, to: holdout * PERCENT });
        Box::new(Gating { channel: Some(words::EMAIL.to_owned()), holdout, ..Gating::default() })
    };
    let win_back = Definition {
        include_segments: Some(choices(tenant, &["VIP customers", "Lapsed buyers"])?),
        exclude_segments: choices(tenant, &["Recent buyers"])?,
        exclude_customers: vec!["c00000123".into(), "c00000456".into()],
        gates: gates(5),
        ..Definition::default()
    };
    let newsletter = Definition {
        include_segments: Some(choices(tenant, &["Newsletter readers"])?),
        exclude_segments: choices(tenant, &["Cart abandoners"])?,
        gates: gates(0),
        ..Definition::default()
    };
    let festival = Definition {
        include_segments: Some(choices(tenant, &["Rock and metal fans"])?),
        include_lists: Some(vec![partners]),
        ..Definition::default()
    };
    let mut saved = Vec::new();
    for (named, campaign, definition) in
        [(&words::WIN_BACK, 10, win_back), (&words::NEWSLETTER, 11, newsletter), (&words::INVITATION, 12, festival)]
    {
        let attributes = AttributeChanges { campaign: Some(Some(campaign)), ..attributes(named) };
        let stamp = Stamp { by: named.owner.to_owned(), now };
        let save = SaveAudience { id: None, attributes, definition: Some(definition), stamp };
        if let Outcome::Audience(id) = tenant.apply(Command::SaveAudience(save))?
            && !named.is_draft
        {
            saved.push(id);
        }
    }
    let name = words::GROUP.to_owned();
    tenant.apply(Command::Gate(GateChange::PutGroup { id: None, name, audiences: saved.clone() }))?;
    Ok(saved)
}

/// Segments by their names.
fn choices(tenant: &Tenant, names: &[&str]) -> Result<Vec<SegmentChoice>, Failure> {
    let state = tenant.state();
    let choice = |name: &&str| Ok(SegmentChoice { id: segment(&state, name)?, key: (*name).to_owned() });
    names.iter().map(choice).collect()
}

/// The segment of a name.
fn segment(state: &State, name: &str) -> Result<SegmentId, Failure> {
    let found = state.segments.iter().find(|segment| segment.name == name);
    found.map(|segment| segment.id).ok_or_else(|| Failure::Work(format!("there is no segment \"{name}\"")))
}

/// A list of so many ids, every `step`th of the people, and some whom nobody knows.
fn import_list(tenant: &Tenant, name: &str, count: u64, step: u64, now: Timestamp) -> Result<ListId, Failure> {
    let known = (1..=count).map(|number| format!("c{:08}", number * step));
    let ids = known.chain((1..=count / 30).map(|number| format!("partner-{number:03}"))).collect();
    let put = Command::PutList { name: name.to_owned(), ids, blank: 0, attach: None, now };
    match tenant.apply(put)? {
        Outcome::List(id) => Ok(id),
        other => Err(Failure::Work(format!("a list was saved as {other:?}"))),
    }
}
