//! Changes of what keeps people out of audiences.

use std::collections::HashSet;
use std::sync::Arc;

use super::consents::record_consents;
use super::state::State;
use crate::block::Set;
use crate::catalog::check_name;
use crate::command::{Contacted, GateChange, Noted, Outcome};
use crate::error::{Error, Problem, Result};
use crate::gate::{
    Cap, ExclusionGroup, Gating, Slice, Suppression, SuppressionMembers, Term, channel_name, purpose_name, seconds,
};
use crate::id::{AudienceId, GroupId, ListId, SuppressionId};
use crate::limits::{
    CAP_DAYS_MAX, CHANNELS_MAX, EXCLUSION_GROUPS_MAX, GROUP_AUDIENCES_MAX, LIST_VALUES_MAX, SUPPRESSIONS_MAX,
};
use crate::rule::{Rule, segment_refs};
use crate::segment::IdList;
use crate::time::Timestamp;

/// Seconds of a day.
const DAY_S: i64 = 86_400;

pub(super) fn change(state: &mut State, change: GateChange) -> Result<Outcome> {
    match change {
        GateChange::SetControl(slice) => set_control(state, slice),
        GateChange::PutSuppression { name, list, term, now } => put_suppression(state, &name, list, term, now),
        GateChange::AddToSuppression { id, ids, at } => add_to_suppression(state, id, &ids, at),
        GateChange::DeleteSuppression(id) => {
            state.gates.suppression(id)?;
            state.gates.remove_suppression(id);
            Ok(Outcome::Done)
        }
        GateChange::SetChannel { name, consent, purpose, caps } => set_channel(state, &name, (consent, purpose), caps),
        GateChange::RecordContacts { channel, who, at, now } => record_contacts(state, &channel, &who, at, now),
        GateChange::RecordConsents(said) => record_consents(state, &said),
        GateChange::PutGroup { id, name, audiences } => put_group(state, id, &name, audiences),
        GateChange::DeleteGroup(id) => {
            state.gates.group(id)?;
            state.gates.remove_group(id);
            Ok(Outcome::Done)
        }
    }
}

fn set_control(state: &mut State, slice: Option<Slice>) -> Result<Outcome> {
    slice.iter().try_for_each(|slice| slice.check("control_group"))?;
    state.gates.control = slice;
    Ok(Outcome::Done)
}

fn put_suppression(state: &mut State, name: &str, list: Option<ListId>, term: Term, now: Timestamp) -> Result<Outcome> {
    let name = check_name(name)?;
    term.check()?;
    list.map(|id| state.lists.get(id)).transpose()?;
    if let Some(known) = list.and_then(|list| state.gates.suppression_of(list)) {
        let id = known.id;
        state.gates.change_suppression(id, |known| (known.name, known.term) = (name, term))?;
        return Ok(Outcome::Suppression(id));
    }
    let count = state.gates.suppressions().count();
    if count >= SUPPRESSIONS_MAX {
        let message = format!("there are {count} suppressions, and no more are kept; end one first");
        return Err(Error::Limit(Problem::new("", "too_many_suppressions", message)));
    }
    let id = state.gates.next_suppression();
    let members = match (list, term.keep_days) {
        (Some(list), _) => SuppressionMembers::List(list),
        (None, None) => SuppressionMembers::Ids(IdList::default()),
        (None, Some(_)) => SuppressionMembers::Timed(Default::default(), Arc::default()),
    };
    state.gates.put_suppression(Suppression { id, name, term, members, created: now });
    Ok(Outcome::Suppression(id))
}

fn add_to_suppression(state: &mut State, id: SuppressionId, ids: &[String], at: Timestamp) -> Result<Outcome> {
    if let SuppressionMembers::List(list) = state.gates.suppression(id)?.members {
        let message =
            format!("suppression {id} holds whoever is on list {list}; make one without a list to add people");
        return Err(Error::Conflict(Problem::new("", "suppression_of_list", message)));
    }
    let (distinct, duplicates) = distinct(ids)?;
    let view = &state.view;
    let unknown = distinct.iter().filter(|id| view.row(id).is_none()).count() as u64;
    let (noted, waiting) = state.gates.change_suppression(id, |known| known.add(&distinct, at, view))?;
    let noted = Noted {
        entries: ids.len() as u64,
        duplicates,
        noted,
        repeated: distinct.len() as u64 - unknown - noted + (unknown - waiting),
        unknown: waiting,
    };
    Ok(Outcome::Noted(noted))
}

/// Each id once, and how many were repeated.
pub(super) fn distinct(ids: &[String]) -> Result<(Vec<String>, u64)> {
    if ids.len() > LIST_VALUES_MAX {
        let message = format!(
            "a list in a request holds at most {LIST_VALUES_MAX} ids, this one has {}; send several",
            ids.len()
        );
        return Err(Error::invalid("/ids", "list_too_long", message));
    }
    let mut seen = HashSet::new();
    let distinct: Vec<String> = ids.iter().filter(|id| seen.insert(id.as_str())).cloned().collect();
    let duplicates = (ids.len() - distinct.len()) as u64;
    Ok((distinct, duplicates))
}

fn set_channel(
    state: &mut State,
    name: &str,
    (consent, purpose): (Option<Rule>, Option<String>),
    caps: Vec<Cap>,
) -> Result<Outcome> {
    let name = channel_name(name)?;
    let purpose = purpose.as_deref().map(purpose_name).transpose()?;
    Cap::check(&caps)?;
    let consent = match consent {
        Some(rule) if !segment_refs(&rule).is_empty() => {
            let message = "consent is told by fields of the profile; write the tests of the segment here";
            return Err(Error::invalid("/consent", "segment_in_consent", message));
        }
        Some(rule) => {
            let checked = state.check(&rule).map_err(|error| error.below("/consent"))?;
            Some((Arc::new(rule), Arc::new(checked)))
        }
        None => None,
    };
    if state.gates.channel(&name).is_none() && state.gates.channels().len() >= CHANNELS_MAX {
        let message = format!("there are {CHANNELS_MAX} channels, and no more are kept");
        return Err(Error::Limit(Problem::new("", "too_many_channels", message)));
    }
    let channel = state.gates.channel_mut(&name);
    (channel.consent, channel.purpose, channel.caps) = (consent, purpose, caps);
    Ok(Outcome::Done)
}

fn record_contacts(
    state: &mut State,
    channel: &str,
    who: &Contacted,
    at: Timestamp,
    now: Timestamp,
) -> Result<Outcome> {
    let channel = channel_name(channel)?;
    if state.gates.channel(&channel).is_none() {
        return Err(unknown_channel(state, "/channel", &channel));
    }
    let mut noted = Noted::default();
    let rows = match who {
        Contacted::Ids(ids) => {
            let (distinct, duplicates) = distinct(ids)?;
            let rows = Set::from_rows(distinct.iter().filter_map(|id| state.view.row(id)).map(|row| row.0).collect());
            noted.entries = ids.len() as u64;
            noted.duplicates = duplicates;
            noted.unknown = distinct.len() as u64 - rows.len();
            rows
        }
        Contacted::Snapshot(id) => {
            let rows = state.snapshots.get(*id)?.0.rows(state.view.live())?;
            noted.entries = rows.len();
            rows
        }
    };
    let contacts = &mut state.gates.channel_mut(&channel).contacts;
    noted.noted = contacts.add(seconds(at), &rows);
    noted.repeated = rows.len() - noted.noted;
    // Windows are about the present, or about the newest contact where all are from long ago.
    let latest = contacts.latest().map_or(seconds(now), |latest| latest.min(seconds(now)));
    contacts.forget_before(latest.saturating_sub(i64::from(CAP_DAYS_MAX) * DAY_S));
    Ok(Outcome::Noted(noted))
}

fn put_group(state: &mut State, id: Option<GroupId>, name: &str, audiences: Vec<AudienceId>) -> Result<Outcome> {
    let name = check_name(name)?;
    id.map(|id| state.gates.group(id)).transpose()?;
    let mut problems = Vec::new();
    let mut seen = HashSet::new();
    for (at, audience) in audiences.iter().enumerate() {
        let pointer = format!("/audiences/{at}");
        if state.audiences.get(*audience).is_err() {
            problems.push(Problem::new(pointer, "unknown_audience", format!("there is no audience {audience}")));
        } else if !seen.insert(audience) {
            problems.push(Problem::new(pointer, "named_twice", format!("audience {audience} stands here twice")));
        }
    }
    if audiences.len() > GROUP_AUDIENCES_MAX {
        let message = format!("a group has at most {GROUP_AUDIENCES_MAX} audiences, this one has {}", audiences.len());
        problems.push(Problem::new("/audiences", "too_many_audiences", message));
    }
    if !problems.is_empty() {
        return Err(Error::Invalid(problems));
    }
    if id.is_none() && state.gates.groups().count() >= EXCLUSION_GROUPS_MAX {
        let message = format!("there are {EXCLUSION_GROUPS_MAX} exclusion groups, and no more are kept");
        return Err(Error::Limit(Problem::new("", "too_many_groups", message)));
    }
    let id = id.unwrap_or(state.gates.next_group());
    state.gates.put_group(ExclusionGroup { id, name, audiences }).map_err(|circle| {
        let name_of =
            |id: &AudienceId| state.audiences.get(*id).map_or_else(|_| id.to_string(), |one| one.name.clone());
        let names: Vec<String> = circle.iter().map(name_of).collect();
        let message = format!("audiences would go before each other in a circle: {}", names.join(" -> "));
        Error::invalid("/audiences", "circular_priority", message)
    })?;
    Ok(Outcome::Group(id))
}

/// Refuses a definition whose gates are none, or name what is not there.
pub(super) fn check_gating(state: &State, gates: &Gating) -> Result<()> {
    gates.check()?;
    if let Some(channel) = &gates.channel
        && state.gates.channel(channel).is_none()
    {
        return Err(unknown_channel(state, "/channel", channel));
    }
    let ignored = gates.ignored.iter().flat_map(|ignored| &ignored.suppressions).enumerate();
    let gone = ignored.filter(|(_, id)| state.gates.suppression(**id).is_err());
    let problems: Vec<Problem> = gone
        .map(|(at, id)| {
            let pointer = format!("/ignore_suppressions/{at}");
            Problem::new(pointer, "unknown_suppression", format!("there is no suppression {id}"))
        })
        .collect();
    if problems.is_empty() { Ok(()) } else { Err(Error::Invalid(problems)) }
}

impl State {
    /// Refuses gates of a definition that are none, or name what is not there.
    ///
    /// # Errors
    /// `Invalid`.
    pub fn check_gating(&self, gates: &Gating) -> Result<()> {
        check_gating(self, gates)
    }
}

pub(super) fn unknown_channel(state: &State, pointer: &str, channel: &str) -> Error {
    let near = crate::rule::nearest(channel, state.gates.channels().map(|(name, _)| name));
    let message =
        format!("there is no channel \"{channel}\"; say who consents to it first, with PUT /api/channels/{channel}");
    Error::Invalid(vec![Problem::new(pointer, "unknown_channel", message).with_suggestions(near)])
}
