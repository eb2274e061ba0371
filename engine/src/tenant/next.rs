//! The next state in the making: commands one after the other, those about profiles sharing one table writer, so that
//! a group of changes costs one new view.
//!
//! Not here: what each of the other commands does (`apply`).

use std::collections::HashSet;
use std::sync::Arc;

use super::apply::apply;
use super::compute::compute;
use super::state::State;
use crate::block::Set;
use crate::command::{Command, ComputeChange, ImportCounts, Outcome, Upsert};
use crate::enrich::Watch;
use crate::error::{Error, Problem, Result, pointer_to};
use crate::event::EventCounts;
use crate::id::FieldId;
use crate::rule::nearest;
use crate::schema::{FieldType, Schema, Value, normalize};
use crate::segment::IdList;
use crate::table::{BatchColumn, BatchCounts, RowOrder, Writer, computed};

/// The next state in the making. Changes of profiles that follow each other share one writer.
#[derive(Debug, Default)]
pub(super) struct Next {
    state: State,
    rows: Option<OpenRows>,
    /// Of whoever waits for computed fields.
    watch: Arc<Watch>,
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
        Self { state, rows: None, watch: Arc::default() }
    }

    /// Lets somebody watch how computed fields are made.
    pub(super) fn watched(self, watch: Arc<Watch>) -> Self {
        Self { watch, ..self }
    }

    /// Applies a command; one that is refused has changed nothing. `read_for` is the schema for which a batch was made.
    pub(super) fn apply(&mut self, command: Command, read_for: Option<&Schema>) -> Result<Outcome> {
        let adds_fields = matches!(command, Command::AddFields(_) | Command::Compute(ComputeChange::Declare { .. }));
        let outcome = match command {
            Command::Upsert(upsert) => self.upsert(&upsert, read_for)?,
            Command::PatchProfile { id, changes } => self.patch(&id, changes)?,
            Command::AddEvents(batch, terms) => Outcome::Events(self.rows().add_events(&batch, terms)?),
            other => self.apply_alone(other)?,
        };
        self.state.version += 1;
        if has_changed_profiles(&outcome) || adds_fields {
            self.state.profiles_version = self.state.version;
        }
        if matches!(outcome, Outcome::Erased(_)) {
            self.state.erased_version = self.state.version;
        }
        Ok(match outcome {
            Outcome::Imported(ImportCounts { rows, .. }) => {
                Outcome::Imported(ImportCounts { rows, data_version: self.state.version })
            }
            Outcome::Events(counts) => Outcome::Events(EventCounts { data_version: self.state.version, ..counts }),
            other => other,
        })
    }

    /// The version of the state as it stands.
    pub(super) fn version(&self) -> u64 {
        self.state.version
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
        let outcome = match command {
            Command::Compute(change) => compute(&mut next, &change, self.watch.clone())?,
            other => apply(&mut next, other)?,
        };
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
        let upserted = match (upserted, before) {
            (Ok(upserted), Some(before)) => {
                keep_id_tests(&mut self.state, before.schema());
                upserted
            }
            (Err(error), Some(view)) => {
                self.rows = None;
                self.state.view = view;
                return Err(error);
            }
            (upserted, None) => upserted?,
        };
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

/// Whether a change was one of profiles.
fn has_changed_profiles(outcome: &Outcome) -> bool {
    match outcome {
        Outcome::Imported(_) | Outcome::Erased(_) => true,
        Outcome::Patched(has_changed) => *has_changed,
        Outcome::Events(counts) => counts.accepted > 0,
        _ => false,
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
        if schema.is_computed(field.id) {
            problems.push(Problem::new(pointer, "computed_field", computed(&name)));
            continue;
        }
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

/// After fields were added to a schema: saved rules that named the external id by what is now the name of a field, and
/// was what imports called the id when they were written, go on meaning the id.
pub(super) fn keep_id_tests(state: &mut State, before: &Schema) {
    let fresh = &state.view.schema().fields()[before.fields().len()..];
    let names: HashSet<Arc<str>> = fresh.iter().map(|field| field.name.clone()).collect();
    if !names.is_empty() {
        state.segments.rename_tests(&names, Schema::ID);
        state.gates.rename_tests(&names, Schema::ID);
    }
}

/// The refusal of a change to somebody who is not there.
pub(super) fn no_profile(id: &str) -> Error {
    Error::NotFound(format!("there is no profile \"{id}\""))
}

/// Puts profiles that have just been inserted into every list that waits for them.
pub(super) fn arrivals(state: &mut State, fresh_from: u32) {
    let fresh = Set::first_rows(state.view.row_count()).and_not(&Set::first_rows(fresh_from)).and(state.view.live());
    let State { view, segments, lists, gates, .. } = state;
    let mut arrive = |list: &mut IdList| {
        let before = list.rows.len();
        if list.has_unknown() {
            *list = list.with_arrivals(view, &fresh);
        }
        before != list.rows.len()
    };
    segments.change_lists(&mut arrive);
    lists.change(arrive);
    gates.arrive(view, &fresh);
}
