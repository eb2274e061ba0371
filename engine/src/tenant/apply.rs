//! State x Command -> State: what every command does but those about single profiles, which share a writer (`next`).
//!
//! Pure: the same state and command give the same result. A refused command may leave its state half changed; whoever
//! calls keeps the state before.

use std::sync::Arc;

use super::next::{keep_id_tests, no_profile};
use super::offers::change_offers;
use super::save::{change_members, save_audience, save_segment};
use super::state::State;
use super::{gates, versions};
use crate::audience::List;
use crate::catalog::{AttributeChanges, check_name};
use crate::command::{Command, Erasure, Outcome, SaveAudience, SaveSegment, Side, Stamp};
use crate::error::{Error, Problem, Result};
use crate::id::{AudienceId, ListId, SegmentId};
use crate::schema::{FieldType, normalize};
use crate::segment::IdList;
use crate::snapshot::Taken;
use crate::table::Writer;
use crate::time::Timestamp;

/// Applies a command that shares no writer; one that is refused may leave the state half changed.
pub(super) fn apply(next: &mut State, command: Command) -> Result<Outcome> {
    match command {
        Command::AddFields(fields) => add_fields(next, &fields),
        Command::EraseProfile { id, now } => erase(next, &id, now),
        Command::ForgetTexts => {
            next.view = next.view.clone().without_unused_texts();
            next.erasures.sweep();
            Ok(Outcome::Done)
        }
        Command::SettleErasures { through, now } => {
            next.erasures.settle(through, now);
            Ok(Outcome::Done)
        }
        Command::PutSegment { id, name, description, content, now } => {
            let (attributes, stamp) = (called(name, description), Stamp { by: String::new(), now });
            save_segment(next, SaveSegment { id, attributes, content, stamp })
        }
        Command::DeleteSegment(id) => delete_segment(next, id),
        Command::PutAudience { id, name, description, definition, now } => {
            let (attributes, stamp) = (called(name, description), Stamp { by: String::new(), now });
            save_audience(next, SaveAudience { id, attributes, definition: Some(definition), stamp })
        }
        Command::DeleteAudience(id) => {
            next.audiences.get(id)?;
            next.audiences.remove(id);
            next.gates.forget_audience(id);
            Ok(Outcome::Done)
        }
        Command::PutList { name, ids, blank, attach, now } => put_list(next, name, &ids, blank, attach, now),
        Command::DeleteList(id) => delete_list(next, id),
        Command::TakeSnapshots(taken) => take_snapshots(next, taken),
        Command::DeleteSnapshot(id) => {
            next.snapshots.remove(id)?;
            Ok(Outcome::Done)
        }
        Command::SaveSegment(save) => {
            save.attributes.check()?;
            save_segment(next, save)
        }
        Command::SaveAudience(save) => {
            save.attributes.check()?;
            save_audience(next, save)
        }
        Command::ChangeMembers(change) => change_members(next, change),
        Command::Restore(restore) => versions::restore(next, restore),
        Command::Offer(change) => change_offers(next, change),
        Command::Gate(change) => gates::change(next, change),
        Command::DeclareEvents(declared) => {
            let mut schema = (**next.view.events().schema()).clone();
            schema.declare(&declared.types, &declared.properties)?;
            next.view = next.view.clone().with_event_schema(schema);
            Ok(Outcome::Done)
        }
        Command::ExpireEvents { now } => {
            let mut writer = Writer::new(next.view.clone());
            let has_changed = writer.expire_events(now) > 0;
            next.view = writer.finish().0;
            Ok(Outcome::Patched(has_changed))
        }
        Command::Upsert(_) | Command::PatchProfile { .. } | Command::AddEvents(..) | Command::Compute(_) => {
            unreachable!("these are applied where writers are shared")
        }
    }
}

fn called(name: String, description: String) -> AttributeChanges {
    AttributeChanges { name: Some(name), description: Some(description), ..AttributeChanges::default() }
}

fn add_fields(state: &mut State, fields: &[(String, FieldType)]) -> Result<Outcome> {
    let mut schema = (**state.view.schema()).clone();
    for (name, kind) in fields {
        if let Some(field) = schema.find(&normalize(name)).cloned()
            && field.kind != *kind
            && !schema.is_computed(field.id)
            && state.view.field(field.id).present.is_empty()
            && !state.refers_to_field(field.id)
        {
            schema.retype(field.id, *kind);
        }
    }
    schema.add(fields)?;
    let before = state.view.schema().clone();
    state.view = state.view.clone().with_schema(Arc::new(schema));
    keep_id_tests(state, &before);
    Ok(Outcome::Done)
}

fn erase(state: &mut State, id: &str, now: Option<Timestamp>) -> Result<Outcome> {
    let row = state.view.row(id).ok_or_else(|| no_profile(id))?;
    let fields = state.view.profile(row).fields.len() as u64;
    let mut writer = Writer::new(state.view.clone());
    let events = writer.erase(row);
    state.view = writer.finish().0;
    Ok(Outcome::Erased(Erasure {
        fields,
        events,
        segments: state.segments.change_lists(|list| list.forget(row.0, id)),
        lists: state.lists.change(|list| list.forget(row.0, id)) + state.gates.forget(row.0, id),
        audiences: state.audiences.forget(id),
        snapshots: state.snapshots.forget(row.0, id),
        receipt: state.erasures.give(now),
    }))
}

fn delete_segment(state: &mut State, id: SegmentId) -> Result<Outcome> {
    let name = state.segments.get(id)?.name.clone();
    let segments = state.segments.referrers(id).map(|other| format!("segment \"{}\"", other.name));
    let audiences = state.audiences.using_segment(id).map(|other| format!("audience \"{}\"", other.name));
    let users: Vec<String> = segments.chain(audiences).collect();
    if !users.is_empty() {
        let message = format!("segment \"{name}\" is used by {}; change or delete these first", users.join(", "));
        return Err(Error::Conflict(Problem::new("", "segment_in_use", message).with_suggestions(users)));
    }
    state.segments.remove(id);
    Ok(Outcome::Done)
}

fn put_list(
    state: &mut State,
    name: String,
    ids: &[String],
    blank: u64,
    attach: Option<(AudienceId, Side)>,
    now: Timestamp,
) -> Result<Outcome> {
    let id = state.lists.next_id();
    state.lists.put(List { id, name: check_name(&name)?, ids: IdList::new(ids, &state.view), blank, created: now });
    if let Some((audience, side)) = attach {
        let mut definition = (*state.audiences.get(audience)?.definition).clone();
        match side {
            Side::Include => definition.include_lists.get_or_insert_default().push(id),
            Side::Exclude => definition.exclude_lists.push(id),
        }
        let stamp = Stamp { by: String::new(), now };
        let attributes = AttributeChanges::default();
        save_audience(state, SaveAudience { id: Some(audience), attributes, definition: Some(definition), stamp })?;
    }
    Ok(Outcome::List(id))
}

fn delete_list(state: &mut State, id: ListId) -> Result<Outcome> {
    state.lists.get(id)?;
    let audiences = state.audiences.using_list(id).map(|other| format!("audience \"{}\"", other.name));
    let suppression = state.gates.suppression_of(id).map(|other| format!("suppression \"{}\"", other.name));
    let users: Vec<String> = audiences.chain(suppression).collect();
    if !users.is_empty() {
        let message = format!("list {id} is used by {}; change or delete these first", users.join(", "));
        return Err(Error::Conflict(Problem::new("", "list_in_use", message).with_suggestions(users)));
    }
    state.lists.remove(id);
    Ok(Outcome::Done)
}

/// Somebody may have been erased while the snapshots were taken.
fn take_snapshots(state: &mut State, mut taken: Arc<Taken>) -> Result<Outcome> {
    let first = taken.snapshots.first().map_or(state.snapshots.next_id(), |snapshot| snapshot.id);
    let count = taken.snapshots.len() as u64;
    if taken.snapshots.iter().any(|snapshot| snapshot.data_version < state.erased_version) {
        taken = Arc::new(taken.without_erased(&state.view, &state.audiences)?);
    }
    state.snapshots.add(taken)?;
    Ok(Outcome::Snapshots { first, count })
}
