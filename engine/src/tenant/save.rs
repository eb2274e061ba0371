//! Segments and audiences saved, each time as a new version. What changes nothing makes none.
//!
//! Refused: what refers to something that is not there, in a circle, or to something archived that it did not refer to
//! before.

use std::collections::HashSet;
use std::sync::Arc;

use super::gates::check_gating;
use super::state::State;
use crate::audience::{Audience, Definition, SegmentChoice};
use crate::catalog::{Attributes, Status, check_name};
use crate::command::{ChangeMembers, Outcome, SaveAudience, SaveSegment, SegmentContent, Stamp};
use crate::error::{Error, Problem, Result};
use crate::id::{AudienceId, ListId, SegmentId};
use crate::limits::LIST_VALUES_MAX;
use crate::rule::{Rule, bind_segments, with_id_by_its_name};
use crate::segment::{IdList, Model, Segment, SegmentKept, SegmentKind, find_cycle};

pub(super) fn save_segment(state: &mut State, save: SaveSegment) -> Result<Outcome> {
    let SaveSegment { id, attributes, content, stamp } = save;
    let before = id.map(|id| state.segments.get(id).cloned()).transpose()?;
    let id = id.unwrap_or(state.segments.next_id());
    let attributes = before.as_ref().map(|segment| segment.attributes()).unwrap_or_default().with(attributes);
    let kind = match content {
        SegmentContent::Same => {
            let nothing = || Error::invalid("/criteria", "missing_key", "a new segment needs a rule or ids");
            before.as_ref().ok_or_else(nothing)?.kind.clone()
        }
        SegmentContent::Rule(rule) => dynamic(state, id, &attributes.name, rule)?,
        SegmentContent::Ids(ids) => {
            refuse_long_list("/customers", ids.len())?;
            SegmentKind::Static(IdList::new(&ids, &state.view))
        }
        SegmentContent::Lookalike(model) => kind_of(state, id, &attributes.name, &SegmentKept::Lookalike(model))?,
        SegmentContent::Rows(rows) => SegmentKind::Static(IdList::of_rows(rows.and(state.view.live()))),
        SegmentContent::List(list) => {
            let list = state
                .lists
                .get(list)
                .map_err(|error| Error::invalid("/from_list", "unknown_list", error.to_string()))?;
            SegmentKind::Static(list.ids.clone())
        }
    };
    put_segment(state, id, before.as_deref(), attributes, kind, stamp)
}

/// Makes it the current version, unless it is already.
pub(super) fn put_segment(
    state: &mut State,
    id: SegmentId,
    before: Option<&Segment>,
    mut attributes: Attributes,
    kind: SegmentKind,
    stamp: Stamp,
) -> Result<Outcome> {
    attributes.name = check_name(&attributes.name)?;
    let known = before.map(|segment| segment.kind.references()).unwrap_or_default();
    let place = if matches!(kind, SegmentKind::Lookalike { .. }) { "/source" } else { "/criteria" };
    let fresh = kind.references().into_iter().filter(|other| !known.contains(other));
    refuse_archived(state, fresh.map(|other| (place.to_owned(), other)))?;
    let segment = Segment::new(id, attributes, kind, stamp.by, stamp.now);
    let segment = match before {
        Some(before) if before.attributes() == segment.attributes() && before.kind.kept() == segment.kind.kept() => {
            return Ok(Outcome::Segment(id));
        }
        Some(before) => segment.after(before),
        None => segment,
    };
    state.segments.put(segment)?;
    Ok(Outcome::Segment(id))
}

fn dynamic(state: &State, id: SegmentId, name: &str, rule: Rule) -> Result<SegmentKind> {
    kind_of(state, id, name, &SegmentKept::Rule(Arc::new(bind_segments(rule, &state.segments))))
}

/// What a version held, if it can be held today.
pub(super) fn kind_of(state: &State, id: SegmentId, name: &str, kept: &SegmentKept) -> Result<SegmentKind> {
    let rule = match kept {
        SegmentKept::Ids(ids) => return Ok(SegmentKind::Static(ids.clone())),
        SegmentKept::Rule(rule) => rule.clone(),
        SegmentKept::Lookalike(model) => return lookalike(state, id, name, model),
    };
    let checked = state.check(&rule).map_err(|error| error.below("/criteria"))?;
    if let Some(circle) = find_cycle(id, name, &checked, &state.segments) {
        let message = format!("the segment would refer to itself: {}", circle.join(" -> "));
        return Err(Error::invalid("/criteria", "circular_segment", message));
    }
    Ok(SegmentKind::Dynamic { rule, checked: Arc::new(checked) })
}

fn lookalike(state: &State, id: SegmentId, name: &str, model: &Arc<Model>) -> Result<SegmentKind> {
    state
        .segments
        .get(model.source)
        .map_err(|error| Error::invalid("/source", "unknown_segment", error.to_string()))?;
    let checked = model.checked(state.view.schema()).map_err(Error::Invalid)?;
    if let Some(circle) = find_cycle(id, name, &checked, &state.segments) {
        let message = format!("the segment would be its own source: {}", circle.join(" -> "));
        return Err(Error::invalid("/source", "circular_segment", message));
    }
    Ok(SegmentKind::Lookalike { model: model.clone(), checked: Arc::new(checked) })
}

/// The rule of a version as it reads today.
pub(super) fn readable(state: &State, kept: &SegmentKept) -> SegmentKept {
    match kept {
        SegmentKept::Rule(rule) => SegmentKept::Rule(Arc::new(with_id_by_its_name(rule, state.view.schema()))),
        SegmentKept::Ids(_) | SegmentKept::Lookalike(_) => kept.clone(),
    }
}

pub(super) fn save_audience(state: &mut State, save: SaveAudience) -> Result<Outcome> {
    let SaveAudience { id, attributes, definition, stamp } = save;
    let before = id.map(|id| state.audiences.get(id).cloned()).transpose()?;
    let id = id.unwrap_or(state.audiences.next_id());
    let attributes = before.as_ref().map(|audience| audience.attributes()).unwrap_or_default().with(attributes);
    let definition = match (definition, &before) {
        (Some(definition), _) => Arc::new(definition),
        (None, Some(before)) => before.definition.clone(),
        (None, None) => Arc::default(),
    };
    put_audience(state, id, before.as_deref(), attributes, definition, stamp)
}

/// Makes it the current version, unless it is already.
pub(super) fn put_audience(
    state: &mut State,
    id: AudienceId,
    before: Option<&Audience>,
    mut attributes: Attributes,
    definition: Arc<Definition>,
    stamp: Stamp,
) -> Result<Outcome> {
    attributes.name = check_name(&attributes.name)?;
    check_definition(state, &definition)?;
    let known: Vec<SegmentId> =
        before.iter().flat_map(|audience| audience.definition.segments()).map(|choice| choice.id).collect();
    let named = sides(&definition).into_iter().flat_map(|(key, choices)| {
        choices.iter().enumerate().map(move |(index, choice)| (format!("/{key}/{index}"), choice.id))
    });
    refuse_archived(state, named.filter(|(_, segment)| !known.contains(segment)))?;
    let audience = Audience::new(id, attributes, definition, stamp.by, stamp.now);
    let audience = match before {
        Some(before) if before.attributes() == audience.attributes() && before.definition == audience.definition => {
            return Ok(Outcome::Audience(id));
        }
        Some(before) => audience.after(before),
        None => audience,
    };
    state.audiences.put(audience)?;
    Ok(Outcome::Audience(id))
}

/// Whether all that a definition names is there: segments were found when the request was read, and since then somebody
/// may have deleted one.
pub(super) fn check_definition(state: &State, definition: &Definition) -> Result<()> {
    definition.check_lengths()?;
    check_gating(state, &definition.gates)?;
    let mut problems = Vec::new();
    for (key, choices) in sides(definition) {
        let gone = choices.iter().enumerate().filter(|(_, choice)| state.segments.get(choice.id).is_err());
        problems.extend(gone.map(|(index, choice)| {
            let message = format!("there is no segment \"{}\"", choice.key);
            Problem::new(format!("/{key}/{index}"), "unknown_segment", message)
        }));
    }
    let lists: [(_, &[ListId]); 2] = [
        ("include_lists", definition.include_lists.as_deref().unwrap_or_default()),
        ("exclude_lists", &definition.exclude_lists),
    ];
    for (key, lists) in lists {
        let gone = lists.iter().enumerate().filter(|(_, id)| state.lists.get(**id).is_err());
        problems.extend(gone.map(|(index, id)| {
            Problem::new(format!("/{key}/{index}"), "unknown_list", format!("there is no list {id}"))
        }));
    }
    if problems.is_empty() { Ok(()) } else { Err(Error::Invalid(problems)) }
}

fn sides(definition: &Definition) -> [(&'static str, &[SegmentChoice]); 2] {
    [
        ("include_segments", definition.include_segments.as_deref().unwrap_or_default()),
        ("exclude_segments", &definition.exclude_segments),
    ]
}

fn refuse_archived(state: &State, named: impl Iterator<Item = (String, SegmentId)>) -> Result<()> {
    let archived = |(pointer, id): (String, SegmentId)| {
        let segment = state.segments.get(id).ok().filter(|segment| segment.status == Status::Archived)?;
        let message = format!("segment \"{}\" is archived; make it active again, or leave it out", segment.name);
        Some(Problem::new(pointer, "archived_segment", message))
    };
    let problems: Vec<Problem> = named.filter_map(archived).collect();
    if problems.is_empty() { Ok(()) } else { Err(Error::Invalid(problems)) }
}

pub(super) fn change_members(state: &mut State, change: ChangeMembers) -> Result<Outcome> {
    let ChangeMembers { id, add, remove, stamp } = change;
    let before = state.segments.get(id)?.clone();
    let SegmentKind::Static(ids) = &before.kind else {
        let message = format!(
            "segment \"{}\" is {}: nobody is put into it by hand; change what it is defined by",
            before.name,
            before.kind.name()
        );
        return Err(Error::Conflict(Problem::new("", "not_static", message)));
    };
    refuse_long_list("/add", add.len())?;
    refuse_long_list("/remove", remove.len())?;
    let out: HashSet<&String> = remove.iter().collect();
    if let Some(place) = add.iter().position(|id| out.contains(id)) {
        let message = format!("\"{}\" is to be put in and taken out; say which", add[place]);
        return Err(Error::invalid(format!("/add/{place}"), "added_and_removed", message));
    }
    let mut ids = ids.clone();
    let done = ids.edit(&add, &remove, &state.view);
    put_segment(state, id, Some(&before), before.attributes(), SegmentKind::Static(ids), stamp)?;
    Ok(Outcome::Members(id, done))
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
