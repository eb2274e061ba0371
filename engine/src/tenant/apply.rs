//! State x Command -> State: the one match over everything that can change.
//!
//! Pure: the same state and command give the same result, and a refused command leaves the state as it was.

use std::sync::Arc;

use super::state::State;
use crate::audience::{Audience, Definition, List, SegmentChoice};
use crate::block::Set;
use crate::command::{Command, Erasure, ImportCounts, Outcome, SegmentContent, Side, Upsert};
use crate::error::{Error, Problem, Result, pointer_to};
use crate::id::{AudienceId, FieldId, ListId, SegmentId};
use crate::limits::LIST_VALUES_MAX;
use crate::rule::{Rule, bind_segments, nearest};
use crate::schema::{FieldType, Schema, Value, normalize};
use crate::segment::{IdList, Segment, SegmentKind, check_name, find_cycle};
use crate::table::{BatchColumn, BatchCounts, RowOrder, Writer};
use crate::time::Timestamp;

/// The next state in the making. Changes of profiles that follow each other share one writer.
#[derive(Debug)]
pub(super) struct Next {
    state: State,
    rows: Option<OpenRows>,
}

/// Profiles that are being changed.
#[derive(Debug)]
struct OpenRows {
    writer: Writer,
    fresh_from: u32,
}

impl Next {
    /// Starts from a state.
    pub(super) fn new(state: State) -> Self {
        Self { state, rows: None }
    }

    /// Applies a command; one that is refused has changed nothing. `read_for` is the schema for which a batch was made.
    pub(super) fn apply(&mut self, command: Command, read_for: Option<&Schema>) -> Result<Outcome> {
        let outcome = match command {
            Command::Upsert(upsert) => self.upsert(&upsert, read_for)?,
            Command::PatchProfile { id, changes } => self.patch(&id, changes)?,
            other => self.apply_alone(other)?,
        };
        self.state.version += 1;
        Ok(match outcome {
            Outcome::Imported(ImportCounts { rows, .. }) => {
                Outcome::Imported(ImportCounts { rows, data_version: self.state.version })
            }
            other => other,
        })
    }

    /// The state with all changes.
    pub(super) fn finish(mut self) -> State {
        self.settle();
        self.state
    }

    /// Ends the sharing: what comes next sees the profiles as they are now.
    pub(super) fn settle(&mut self) -> &mut State {
        if let Some(OpenRows { writer, fresh_from }) = self.rows.take() {
            let (view, counts) = writer.finish();
            self.state.view = view;
            if counts.inserted > 0 {
                arrivals(&mut self.state, fresh_from);
            }
        }
        &mut self.state
    }

    fn rows(&mut self) -> &mut Writer {
        let view = &self.state.view;
        // The order of rows must not depend on which changes happened to come together.
        let open = || OpenRows {
            writer: Writer::new(view.clone()).with_row_order(RowOrder::Arrival),
            fresh_from: view.row_count(),
        };
        &mut self.rows.get_or_insert_with(open).writer
    }

    fn apply_alone(&mut self, command: Command) -> Result<Outcome> {
        let mut next = self.settle().clone();
        let outcome = apply(&mut next, command)?;
        self.state = next;
        Ok(outcome)
    }

    fn upsert(&mut self, upsert: &Upsert, read_for: Option<&Schema>) -> Result<Outcome> {
        let schema = schema_for(&self.state, &upsert.id_name, &upsert.fields)?;
        let known = schema.as_deref().unwrap_or(self.state.view.schema());
        if let Some(read_for) = read_for {
            let differs = |column: &BatchColumn| {
                known.fields().get(column.field.index()) != read_for.fields().get(column.field.index())
            };
            if upsert.batch.columns.iter().any(differs) {
                let message = "the schema has changed since the profiles were read; send them again";
                return Err(Error::Conflict(Problem::new("", "schema_changed", message)));
            }
        }
        upsert.batch.check(known)?;
        if upsert.batch.has_repeated_ids() {
            // Which rows count as changed depends on what the last of them leaves; a writer of its own knows.
            self.settle();
        }
        let before = schema.map(|schema| {
            let before = self.settle().view.clone();
            self.state.view = before.clone().with_schema(schema);
            before
        });
        let upserted = self.rows().upsert(&upsert.batch, upsert.mode);
        let upserted = upserted.inspect_err(|_| {
            if let Some(view) = before {
                self.rows = None;
                self.state.view = view;
            }
        })?;
        let mut rows = BatchCounts { inserted: upserted.inserted, updated: upserted.updated, ..BatchCounts::default() };
        rows.unchanged = upsert.batch.row_count() as u64 - rows.inserted - rows.updated;
        if upsert.batch.has_repeated_ids()
            && let Some(OpenRows { writer, fresh_from }) = self.rows.take()
        {
            (self.state.view, rows) = writer.finish();
            if rows.inserted > 0 {
                arrivals(&mut self.state, fresh_from);
            }
        }
        Ok(Outcome::Imported(ImportCounts { rows, data_version: 0 }))
    }

    fn patch(&mut self, id: &str, changes: Vec<(String, Option<Value>)>) -> Result<Outcome> {
        let row = match &self.rows {
            Some(rows) => rows.writer.row(id),
            None => self.state.view.row(id),
        };
        let row = row.ok_or_else(|| no_profile(id))?;
        let changes = resolve(self.state.view.schema(), changes)?;
        Ok(Outcome::Patched(self.rows().patch(row, &changes)))
    }
}

/// The schema after an import has prepared it; `None` when it stays as it is.
pub(super) fn schema_for(state: &State, id_name: &str, fields: &[(String, FieldType)]) -> Result<Option<Arc<Schema>>> {
    let schema = state.view.schema();
    if fields.is_empty() && (id_name == Schema::ID || id_name == schema.id_name()) {
        return Ok(None);
    }
    let mut grown = (**schema).clone();
    if id_name != Schema::ID {
        grown.set_id_name(id_name)?;
    }
    grown.add(fields)?;
    Ok(Some(Arc::new(grown)))
}

/// Applies a command that shares no writer; one that is refused may leave the state half changed.
fn apply(next: &mut State, command: Command) -> Result<Outcome> {
    match command {
        Command::AddFields(fields) => add_fields(next, &fields),
        Command::EraseProfile { id } => erase(next, &id),
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
    state.view = state.view.clone().with_schema(Arc::new(schema));
    Ok(Outcome::Done)
}

/// Fields by name and values of the right type.
fn resolve(schema: &Schema, changes: Vec<(String, Option<Value>)>) -> Result<Vec<(FieldId, Option<Value>)>> {
    let mut problems = Vec::new();
    let mut resolved = Vec::new();
    for (name, value) in changes {
        let pointer = pointer_to("", &name);
        let Some(field) = schema.find(&normalize(&name)) else {
            let names = schema.fields().iter().map(|field| &*field.name);
            let message = format!("there is no field \"{name}\"; add it to the schema first");
            problems.push(Problem::new(pointer, "unknown_field", message).with_suggestions(nearest(&name, names)));
            continue;
        };
        match &value {
            Some(value) if value.kind() != field.kind => {
                let message = format!("\"{name}\" takes {}, this is {}", field.kind, value.kind());
                problems.push(Problem::new(pointer, "wrong_type", message));
            }
            _ => resolved.push((field.id, value)),
        }
    }
    if problems.is_empty() { Ok(resolved) } else { Err(Error::Invalid(problems)) }
}

fn erase(state: &mut State, id: &str) -> Result<Outcome> {
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
    }))
}

fn no_profile(id: &str) -> Error {
    Error::NotFound(format!("there is no profile \"{id}\""))
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

fn refuse_long_list(pointer: &str, count: usize) -> Result<()> {
    if count > LIST_VALUES_MAX {
        let message = format!(
            "a list in a request holds at most {LIST_VALUES_MAX} ids, this one has {count}; import it as a list"
        );
        return Err(Error::invalid(pointer, "list_too_long", message));
    }
    Ok(())
}

/// Puts profiles that have just been inserted into every list that waits for them.
pub(super) fn arrivals(state: &mut State, fresh_from: u32) {
    let fresh = Set::first_rows(state.view.row_count()).and_not(&Set::first_rows(fresh_from)).and(state.view.live());
    let State { view, segments, lists, .. } = state;
    let mut arrive = |list: &mut IdList| {
        let before = list.rows.len();
        if list.has_unknown() {
            *list = list.with_arrivals(view, &fresh);
        }
        before != list.rows.len()
    };
    segments.change_lists(&mut arrive);
    lists.change(arrive);
}
