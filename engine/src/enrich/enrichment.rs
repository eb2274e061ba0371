//! All computed fields of a tenant: which there are, in which order they are made, and as of when.

use std::collections::BTreeSet;
use std::sync::Arc;

use super::definition::{Formula, Recipe};
use super::wire;
use crate::error::{Error, Problem, Result};
use crate::event::EventSchema;
use crate::id::{EventTypeId, FieldId};
use crate::limits::COMPUTED_FIELDS_MAX;
use crate::schema::{FieldType, Schema, Value, normalize};
use crate::time::Timestamp;

/// A computed field.
#[derive(Debug, Clone)]
pub struct ComputedField {
    /// Where its values lie.
    pub field: FieldId,
    /// From 1; grows by one with every change of the definition.
    pub version: u32,
    /// The definition as it was given.
    pub json: Arc<str>,
    /// The same as it is followed.
    pub recipe: Recipe,
    /// Whether it changes when nothing but time passes, perhaps because a field does that it reads.
    pub is_moving: bool,
}

/// All computed fields, those first that others read. A clone shares nothing that is large.
#[derive(Debug, Clone)]
pub struct Enrichment {
    fields: Vec<ComputedField>,
    instant: Timestamp,
    /// Fields that people write and formulas read.
    plain_inputs: BTreeSet<FieldId>,
}

impl Default for Enrichment {
    fn default() -> Self {
        Self { fields: Vec::new(), instant: Timestamp(0), plain_inputs: BTreeSet::new() }
    }
}

/// A definition by the name of its field, with its version.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Declared {
    /// The field's name.
    pub name: String,
    /// The definition.
    pub json: Arc<str>,
    /// Its version.
    pub version: u32,
    /// Where a request has it, for mistakes.
    pub pointer: String,
}

/// A definition that waits for the fields that it reads.
struct Waiting {
    declared: Declared,
    json: serde_json::Value,
    reads: Vec<String>,
}

impl Enrichment {
    /// Whether there is no computed field.
    pub fn is_empty(&self) -> bool {
        self.fields.is_empty()
    }

    /// The fields, those first that others read.
    pub fn fields(&self) -> &[ComputedField] {
        &self.fields
    }

    /// A computed field by where its values lie.
    pub fn find(&self, field: FieldId) -> Option<&ComputedField> {
        self.fields.iter().find(|known| known.field == field)
    }

    /// The instant up to which fields are current.
    pub fn instant(&self) -> Timestamp {
        self.instant
    }

    /// The same at a later instant; never at an earlier one.
    #[must_use]
    pub fn at(mut self, now: Timestamp) -> Self {
        self.instant = self.instant.max(now);
        self
    }

    /// Whether a change of fields that people write can make a difference.
    pub fn reads_plain_fields(&self) -> bool {
        !self.plain_inputs.is_empty()
    }

    /// Whether events of a type can make a difference.
    pub fn is_of(&self, event: EventTypeId) -> bool {
        self.fields.iter().any(|field| field.recipe.is_of(event))
    }

    /// Whether the time can make a difference.
    pub fn is_moving(&self) -> bool {
        self.fields.iter().any(|field| field.is_moving)
    }

    /// Says what the borders of a field are that are taken from the population.
    pub(crate) fn set_borders(&mut self, index: usize, found: Vec<i64>, kind: FieldType) {
        let field = &mut self.fields[index];
        if let Recipe::Fields(Formula::Bands { borders, .. }) = &mut field.recipe
            && let Ok(serde_json::Value::Object(mut json)) = serde_json::from_str(&field.json)
        {
            let shown = found.iter().map(|key| Value::from_key(kind, *key).to_string().into()).collect();
            json.insert("borders".to_owned(), serde_json::Value::Array(shown));
            field.json = serde_json::Value::Object(json).to_string().into();
            *borders = Some(found);
        }
    }

    /// Definitions as they are kept, in the order in which fields are made.
    pub fn declared(&self, schema: &Schema) -> Vec<Declared> {
        let declared = |field: &ComputedField| Declared {
            name: schema.field(field.field).name.to_string(),
            json: field.json.clone(),
            version: field.version,
            pointer: String::new(),
        };
        self.fields.iter().map(declared).collect()
    }

    /// Adds computed fields, changes them, or (without a definition) leaves them to be written like any other. The
    /// schema gets the fields that are new; `has_values` says whether people have written a field.
    ///
    /// # Errors
    /// `Invalid` with every mistake, `Conflict` for a field that has values of its own or another type, `Limit` beyond
    /// [`COMPUTED_FIELDS_MAX`]; pointers are `/fields/{i}/...`. The schema may have grown then.
    pub fn declare(
        &self,
        schema: &mut Schema,
        events: &EventSchema,
        changes: &[(String, Option<String>)],
        has_values: &dyn Fn(FieldId) -> bool,
    ) -> Result<Self> {
        let mut all = self.declared(schema);
        for (i, (name, json)) in changes.iter().enumerate() {
            let (name, pointer) = (normalize(name).into_owned(), format!("/fields/{i}"));
            let before = all.iter().position(|known| known.name == name).map(|at| all.remove(at));
            let Some(json) = json else {
                let Some(field) = schema.find(&name).filter(|_| before.is_some()) else {
                    return Err(Error::invalid(pointer, "not_computed", format!("\"{name}\" is no computed field")));
                };
                schema.set_computed(field.id, false);
                continue;
            };
            let written = schema.find(&name).filter(|field| before.is_none() && has_values(field.id));
            if written.is_some() {
                let message = format!(
                    "profiles have values of \"{name}\" that were written; give the computed field another name"
                );
                return Err(Error::Conflict(Problem::new(pointer + "/name", "field_has_values", message)));
            }
            let version = before.map_or(1, |before| before.version + u32::from(*before.json != **json));
            all.push(Declared { name, json: json.as_str().into(), version, pointer });
        }
        if all.len() > COMPUTED_FIELDS_MAX {
            let message = format!(
                "a tenant has at most {COMPUTED_FIELDS_MAX} computed fields, these would be {}; each event brings all \
                 fields of its type up to date",
                all.len()
            );
            return Err(Error::Limit(Problem::new("/fields", "too_many_computed_fields", message)));
        }
        Ok(Self { instant: self.instant, ..Self::read(all, schema, events)? })
    }

    /// Reads definitions in any order; the schema gets the fields that it has not.
    ///
    /// # Errors
    /// As [`Self::declare`].
    pub fn read(all: Vec<Declared>, schema: &mut Schema, events: &EventSchema) -> Result<Self> {
        let mut problems = Vec::new();
        let mut waiting = Vec::with_capacity(all.len());
        for declared in all {
            match serde_json::from_str(&declared.json) {
                Ok(json) => waiting.push(Waiting { reads: wire::reads(&json), declared, json }),
                Err(error) => {
                    let message = format!("a definition is an object of JSON: {error}");
                    problems.push(Problem::new(declared.pointer + "/computed", "bad_definition", message));
                }
            }
        }
        let mut enrichment = Self::default();
        while !waiting.is_empty() {
            let names: BTreeSet<String> = waiting.iter().map(|one| one.declared.name.clone()).collect();
            let (now, later): (Vec<_>, Vec<_>) =
                waiting.into_iter().partition(|one| !one.reads.iter().any(|name| names.contains(name)));
            if now.is_empty() {
                problems.push(circle(&later));
                break;
            }
            for one in now {
                enrichment.take(one, schema, events, &mut problems)?;
            }
            waiting = later;
        }
        if problems.is_empty() { Ok(enrichment) } else { Err(Error::Invalid(problems)) }
    }

    /// Takes a field whose inputs are all there.
    fn take(
        &mut self,
        one: Waiting,
        schema: &mut Schema,
        events: &EventSchema,
        problems: &mut Vec<Problem>,
    ) -> Result<()> {
        let Declared { name, json, version, pointer } = one.declared;
        let (recipe, kind) = match wire::read(&one.json, schema, events) {
            Ok(read) => read,
            Err(mistakes) => {
                let place = format!("{pointer}/computed");
                problems.extend(
                    mistakes
                        .into_iter()
                        .map(|problem| Problem { pointer: format!("{place}{}", problem.pointer), ..problem }),
                );
                return Ok(());
            }
        };
        if let Some(field) = schema.find(&name).filter(|field| field.kind != kind) {
            let message = format!("\"{name}\" is {} and this would be {kind}; give it another name", field.kind);
            return Err(Error::Conflict(Problem::new(format!("{pointer}/name"), "field_has_another_type", message)));
        }
        if let Err(Error::Invalid(mistakes)) = schema.add(&[(name.clone(), kind)]) {
            problems
                .extend(mistakes.into_iter().map(|problem| Problem { pointer: format!("{pointer}/name"), ..problem }));
            return Ok(());
        }
        let Some(field) = schema.find(&name).map(|field| field.id) else {
            let message = "there are as many fields as a schema holds";
            return Err(Error::Limit(Problem::new("/fields", "too_many_fields", message)));
        };
        schema.set_computed(field, true);
        let inputs = recipe.inputs();
        let moves = |input: &FieldId| self.find(*input).is_some_and(|known| known.is_moving);
        let is_moving = recipe.is_moving() || inputs.iter().any(moves);
        let plain: Vec<_> = inputs.into_iter().filter(|input| self.find(*input).is_none()).collect();
        self.plain_inputs.extend(plain);
        self.fields.push(ComputedField { field, version, json, recipe, is_moving });
        Ok(())
    }
}

/// Fields that wait for each other.
fn circle(waiting: &[Waiting]) -> Problem {
    let mut path: Vec<&str> = Vec::new();
    let mut at = waiting.first();
    while let Some(one) = at {
        if path.contains(&&*one.declared.name) {
            break;
        }
        path.push(&one.declared.name);
        at = one.reads.iter().find_map(|name| waiting.iter().find(|other| other.declared.name == *name));
    }
    path.extend(at.map(|one| &*one.declared.name));
    let pointer = waiting.first().map_or_else(String::new, |one| one.declared.pointer.clone() + "/computed");
    let message = format!("these fields would be made from each other: {}", path.join(" -> "));
    Problem::new(pointer, "circular_field", message)
}
