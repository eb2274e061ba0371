//! State x Command -> State: what every command does but those about single profiles, which share a writer (`next`).
//!
//! Pure: the same state and command give the same result. A refused command may leave its state half changed; whoever
//! calls keeps the state before.

use std::sync::Arc;

use super::next::{keep_id_tests, no_profile};
use super::state::State;
use crate::audience::{Audience, Definition, List, SegmentChoice};
use crate::command::{Command, Erasure, Outcome, SegmentContent, Side};
use crate::error::{Error, Problem, Result};
use crate::id::{AudienceId, ListId, SegmentId};
use crate::limits::LIST_VALUES_MAX;
use crate::rule::{Rule, bind_segments};
use crate::schema::{FieldType, normalize};
use crate::segment::{IdList, Segment, SegmentKind, check_name, find_cycle};
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
            put_segment(next, id, name, description, content, now)
        }
        Command::DeleteSegment(id) => delete_segment(next, id),
        Command::PutAudience { id, name, description, definition, now } => {
            put_audience(next, id, &name, description, definition, now)
        }
        Command::DeleteAudience(id) => {
            next.audiences.get(id)?;
            next.audiences.remove(id);
            Ok(Outcome::Done)
        }
        Command::PutList { name, ids, blank, attach, now } => put_list(next, name, &ids, blank, attach, now),
        Command::DeleteList(id) => delete_list(next, id),
        Command::TakeSnapshots(taken) => take_snapshots(next, taken),
        Command::DeleteSnapshot(id) => {
            next.snapshots.remove(id)?;
            Ok(Outcome::Done)
        }
        Command::Upsert(_) | Command::PatchProfile { .. } => unreachable!("these share a writer"),
    }
}

fn add_fields(state: &mut State, fields: &[(String, FieldType)]) -> Result<Outcome> {
    let mut schema = (**state.view.schema()).clone();
    for (name, kind) in fields {
        if let Some(field) = schema.find(&normalize(name)).cloned()
            && field.kind != *kind
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
    writer.erase(row);
    state.view = writer.finish().0;
    Ok(Outcome::Erased(Erasure {
        fields,
        segments: state.segments.change_lists(|list| list.forget(row.0, id)),
        lists: state.lists.change(|list| list.forget(row.0, id)),
        audiences: state.audiences.forget(id),
        snapshots: state.snapshots.forget(row.0, id),
        receipt: state.erasures.give(now),
    }))
}

fn put_segment(
    state: &mut State,
    id: Option<SegmentId>,
    name: String,
    description: String,
    content: SegmentContent,
    now: Timestamp,
) -> Result<Outcome> {
    let before = id.map(|id| state.segments.get(id).cloned()).transpose()?;
    let created = before.as_ref().map_or(now, |segment| segment.created);
    let id = id.unwrap_or(state.segments.next_id());
    let kind = match content {
        SegmentContent::Same => {
            let nothing = || Error::invalid("/criteria", "missing_key", "a new segment needs a rule or ids");
            before.ok_or_else(nothing)?.kind.clone()
        }
        SegmentContent::Rule(rule) => dynamic(state, id, &name, rule)?,
        SegmentContent::Ids(ids) => {
            refuse_long_list("/customers", ids.len())?;
            SegmentKind::Static(IdList::new(&ids, &state.view))
        }
    };
    state.segments.put(Segment { id, name, description, kind, created, updated: now })?;
    Ok(Outcome::Segment(id))
}

fn dynamic(state: &State, id: SegmentId, name: &str, rule: Rule) -> Result<SegmentKind> {
    let checked = state.check(&rule).map_err(|error| error.below("/criteria"))?;
    if let Some(circle) = find_cycle(id, name, &checked, &state.segments) {
        let message = format!("the segment would refer to itself: {}", circle.join(" -> "));
        return Err(Error::invalid("/criteria", "circular_segment", message));
    }
    Ok(SegmentKind::Dynamic { rule: bind_segments(rule, &state.segments), checked })
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

fn put_audience(
    state: &mut State,
    id: Option<AudienceId>,
    name: &str,
    description: String,
    definition: Definition,
    now: Timestamp,
) -> Result<Outcome> {
    let created = match id {
        Some(id) => state.audiences.get(id)?.created,
        None => now,
    };
    definition.check_lengths()?;
    check_segments(state, &definition)?;
    check_lists(state, &definition)?;
    let id = id.unwrap_or(state.audiences.next_id());
    let name = check_name(name)?;
    state.audiences.put(Audience { id, name, description, definition, created, updated: now })?;
    Ok(Outcome::Audience(id))
}

/// Segments were found when the request was read; since then somebody may have deleted one.
fn check_segments(state: &State, definition: &Definition) -> Result<()> {
    let sides = [
        ("include_segments", definition.include_segments.as_deref().unwrap_or_default()),
        ("exclude_segments", &definition.exclude_segments),
    ];
    let unknown = |(key, choices): (&'static str, &[SegmentChoice])| -> Vec<Problem> {
        let gone = choices.iter().enumerate().filter(|(_, choice)| state.segments.get(choice.id).is_err());
        gone.map(|(index, choice)| {
            let message = format!("there is no segment \"{}\"", choice.key);
            Problem::new(format!("/{key}/{index}"), "unknown_segment", message)
        })
        .collect()
    };
    let problems: Vec<Problem> = sides.into_iter().flat_map(unknown).collect();
    if problems.is_empty() { Ok(()) } else { Err(Error::Invalid(problems)) }
}

fn check_lists(state: &State, definition: &Definition) -> Result<()> {
    let sides = [
        ("include_lists", definition.include_lists.as_deref().unwrap_or_default()),
        ("exclude_lists", &definition.exclude_lists),
    ];
    let unknown = |(key, lists): (&'static str, &[ListId])| -> Vec<Problem> {
        let gone = lists.iter().enumerate().filter(|(_, id)| state.lists.get(**id).is_err());
        gone.map(|(index, id)| {
            Problem::new(format!("/{key}/{index}"), "unknown_list", format!("there is no list {id}"))
        })
        .collect()
    };
    let problems: Vec<Problem> = sides.into_iter().flat_map(unknown).collect();
    if problems.is_empty() { Ok(()) } else { Err(Error::Invalid(problems)) }
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
        let mut audience = (**state.audiences.get(audience)?).clone();
        match side {
            Side::Include => audience.definition.include_lists.get_or_insert_default().push(id),
            Side::Exclude => audience.definition.exclude_lists.push(id),
        }
        audience.updated = now;
        state.audiences.put(audience)?;
    }
    Ok(Outcome::List(id))
}

fn delete_list(state: &mut State, id: ListId) -> Result<Outcome> {
    state.lists.get(id)?;
    let users: Vec<String> =
        state.audiences.using_list(id).map(|other| format!("audience \"{}\"", other.name)).collect();
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

fn refuse_long_list(pointer: &str, count: usize) -> Result<()> {
    if count > LIST_VALUES_MAX {
        let message = format!(
            "a list in a request holds at most {LIST_VALUES_MAX} ids, this one has {count}; import it as a list"
        );
        return Err(Error::invalid(pointer, "list_too_long", message));
    }
    Ok(())
}
