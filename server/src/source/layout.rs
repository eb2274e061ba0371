//! Where each column of a file goes: the id, a field of the schema, or nowhere (which is a mistake).

use std::collections::{HashMap, HashSet};

use muster_engine::error::{Error, Problem, Result};
use muster_engine::limits::{FIELDS_MAX, NAME_BYTES_MAX, PROBLEMS_MAX};
use muster_engine::schema::{Field, Schema, normalize};

use super::rejects::pointer;
use muster_engine::rule::nearest;

/// Where the columns of a file go, once their names are known.
pub(super) type LayoutOf<'f> = &'f dyn Fn(&[String]) -> Result<(Layout, Vec<Target>)>;

/// What a column of the file holds.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Target {
    /// The external id.
    Id,
    /// The field at this position of [`Layout::fields`].
    Field(usize),
}

/// The fields a file can fill and the name of its id column.
#[derive(Debug)]
pub(super) struct Layout {
    pub(super) id_name: String,
    pub(super) fields: Vec<Field>,
    /// Positions of fields that every row has to have a value of.
    pub(super) required: Vec<usize>,
    /// A key whose object's keys stand for fields as those of the row do.
    pub(super) nested: Option<&'static str>,
    by_name: HashMap<String, Target>,
}

impl Layout {
    /// The layout of a format in which every row names its own fields.
    pub(super) fn of_schema(id_field: &str, schema: &Schema) -> Self {
        Self::new(id_field, schema.fields().to_vec())
    }

    /// The layout of a file with these columns, and each column's target.
    ///
    /// # Errors
    /// `Invalid` with every repeated, nameless and unknown column, and a missing id column, all at once.
    pub(super) fn of_columns(names: &[String], id_field: &str, schema: &Schema) -> Result<(Self, Vec<Target>)> {
        check_columns(names, id_field)?;
        let fields = names.iter().filter_map(|name| schema.find(name).cloned()).collect();
        let layout = Self::new(id_field, fields);
        let known: Vec<&str> = schema.fields().iter().map(|field| &*field.name).collect();
        let mut problems = Vec::new();
        let mut targets = Vec::with_capacity(names.len());
        for name in names {
            match layout.find(name) {
                Some(target) => targets.push(target),
                None => problems.push(unknown_field(name, known.iter().copied())),
            }
        }
        problems.truncate(PROBLEMS_MAX);
        if problems.is_empty() { Ok((layout, targets)) } else { Err(Error::Invalid(problems)) }
    }

    /// The layout of a file with these columns, all of which are among the fields, and each column's target.
    ///
    /// # Errors
    /// `Invalid` with every repeated and nameless column, and all that are required and missing.
    pub(super) fn checked(self, names: &[String]) -> Result<(Self, Vec<Target>)> {
        check_columns(names, &self.id_name)?;
        let required = self.required.iter().map(|at| &*self.fields[*at].name);
        let missing = required.filter(|required| !names.iter().any(|name| name == required)).map(|missing| {
            let message = format!("no column is named \"{missing}\", which every row needs");
            let near = nearest(missing, names.iter().map(String::as_str));
            Problem::new(pointer(missing), "missing_column", message).with_suggestions(near)
        });
        let mut problems: Vec<Problem> = missing.collect();
        let mut targets = Vec::with_capacity(names.len());
        for name in names {
            match self.find(name) {
                Some(target) => targets.push(target),
                None => problems.push(self.unknown(name)),
            }
        }
        if problems.is_empty() { Ok((self, targets)) } else { Err(Error::Invalid(problems)) }
    }

    pub(super) fn new(id_field: &str, fields: Vec<Field>) -> Self {
        let id_name = normalize(id_field).into_owned();
        let mut by_name: HashMap<String, Target> =
            fields.iter().enumerate().map(|(i, field)| (field.name.to_string(), Target::Field(i))).collect();
        by_name.insert(id_name.clone(), Target::Id);
        Self { id_name, fields, required: Vec::new(), nested: None, by_name }
    }

    pub(super) fn find(&self, name: &str) -> Option<Target> {
        self.by_name.get(&*normalize(name)).copied()
    }

    /// The name of what a target stands for.
    pub(super) fn name(&self, target: Target) -> &str {
        match target {
            Target::Id => &self.id_name,
            Target::Field(i) => &self.fields[i].name,
        }
    }

    /// The mistake of a key that is neither the id nor a field.
    pub(super) fn unknown(&self, name: &str) -> Problem {
        let known = self.fields.iter().map(|field| &*field.name).chain([self.id_name.as_str()]);
        unknown_field(name, known)
    }
}

fn unknown_field<'a>(name: &str, known: impl IntoIterator<Item = &'a str>) -> Problem {
    // No field has a longer name, so its beginning tells as much.
    let name = &name[..name.floor_char_boundary(NAME_BYTES_MAX)];
    let message = format!("\"{name}\" is no field of the schema; add it there first or leave it out");
    Problem::new(pointer(name), "unknown_field", message).with_suggestions(nearest(name, known))
}

/// Refuses columns without a name or with the name of another, too many of them, and none for the id.
pub(super) fn check_columns(names: &[String], id_field: &str) -> Result<()> {
    // The id has a column as well.
    if names.len() > FIELDS_MAX + 1 {
        let message = format!("a file has at most {} columns, this one has {}", FIELDS_MAX + 1, names.len());
        return Err(Error::Limit(Problem::new("", "too_many_columns", message)));
    }
    let mut problems = Vec::new();
    let mut seen = HashSet::new();
    for (i, name) in names.iter().enumerate() {
        if name.is_empty() {
            let message = format!("column {} has no name; name it or leave it out", i + 1);
            problems.push(Problem::new("", "nameless_column", message));
        } else if !seen.insert(name) {
            let message = format!("more than one column is named \"{name}\"; give each a name of its own");
            problems.push(Problem::new(pointer(name), "duplicate_column", message));
        }
    }
    let id_field = normalize(id_field);
    if !names.iter().any(|name| **name == *id_field) {
        let message = format!("no column is named \"{id_field}\", which was to hold the ids");
        let near = nearest(&id_field, names.iter().map(String::as_str));
        problems.push(Problem::new("", "missing_id_column", message).with_suggestions(near));
    }
    if problems.is_empty() { Ok(()) } else { Err(Error::Invalid(problems)) }
}
