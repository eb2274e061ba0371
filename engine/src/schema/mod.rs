//! Which fields a tenant's profiles have, and of which type.
//!
//! A schema only grows: fields are added, never removed or renamed, so a [`FieldId`] is stable for ever. Which values
//! a type holds is in `value`; which operators it knows is the rule language's business (`rule::operator`).

mod computed;
mod kind;
mod name;
mod number;
mod value;

pub use kind::FieldType;
pub use number::Number;
pub use value::{Value, float_from_key, float_to_key, normalize};

use std::collections::{BTreeSet, HashMap};
use std::sync::Arc;

use crate::error::{Error, Problem, Result};
use crate::id::FieldId;
use crate::limits::FIELDS_MAX;

/// One field.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Field {
    /// Position in the schema.
    pub id: FieldId,
    /// Unique within the schema, after NFC; never `id`.
    pub name: Arc<str>,
    /// What its values are.
    pub kind: FieldType,
}

/// All fields of one tenant.
#[derive(Debug, Clone, Default)]
pub struct Schema {
    fields: Vec<Field>,
    by_name: HashMap<Arc<str>, FieldId>,
    id_name: Option<Arc<str>>,
    /// Fields that nobody writes, since they are made from others and from events.
    computed: BTreeSet<FieldId>,
}

impl Schema {
    /// The name under which rules always reach the external id.
    pub const ID: &'static str = "id";

    /// Fields in the order they were added.
    pub fn fields(&self) -> &[Field] {
        &self.fields
    }

    /// A field by its stable position.
    ///
    /// # Panics
    /// When `id` is of another schema.
    pub fn field(&self, id: FieldId) -> &Field {
        &self.fields[id.index()]
    }

    /// A field by its exact name.
    pub fn find(&self, name: &str) -> Option<&Field> {
        self.by_name.get(name).map(|id| self.field(*id))
    }

    /// Whether `name` means the external id: `id`, or what imports called their id column.
    pub fn is_id(&self, name: &str) -> bool {
        name == Self::ID || self.id_name.as_deref() == Some(name)
    }

    /// What imports called their id column.
    pub fn id_name(&self) -> &str {
        self.id_name.as_deref().unwrap_or(Self::ID)
    }

    /// Remembers what imports call their id column; a field cannot have that name.
    pub fn set_id_name(&mut self, name: &str) -> Result<()> {
        if self.by_name.contains_key(name) {
            return Err(Error::Conflict(Problem::new(
                "",
                "id_field_is_a_field",
                format!("\"{name}\" is already a field of the schema and cannot be the id as well"),
            )));
        }
        self.id_name = Some(name.into());
        Ok(())
    }

    /// Adds fields; one that exists with the same type is left as it is.
    ///
    /// # Errors
    /// `Invalid` with every bad name; `Conflict` when a field exists with another type (changing an unused field's
    /// type is [`Self::retype`]); `Limit` beyond [`FIELDS_MAX`]. Pointers are `/fields/{i}/...`. Nothing is added then.
    pub fn add(&mut self, fields: &[(String, FieldType)]) -> Result<()> {
        let mut problems = Vec::new();
        let mut grown = self.clone();
        for (i, (name, kind)) in fields.iter().enumerate() {
            let name = normalize(name);
            if let Err(message) = name::check(&name, grown.is_id(&name)) {
                problems.push(Problem::new(format!("/fields/{i}/name"), "bad_field_name", message));
                continue;
            }
            match grown.find(&name) {
                Some(field) if field.kind == *kind => {}
                Some(field) => {
                    return Err(Error::Conflict(Problem::new(
                        format!("/fields/{i}/type"),
                        "field_has_another_type",
                        format!(
                            "\"{name}\" is {} already and profiles have values of it; add a field of another name",
                            field.kind
                        ),
                    )));
                }
                None => grown.push(&name, *kind),
            }
        }
        if grown.fields.len() > FIELDS_MAX {
            return Err(Error::Limit(Problem::new(
                "/fields",
                "too_many_fields",
                format!("a schema holds at most {FIELDS_MAX} fields, this one would have {}", grown.fields.len()),
            )));
        }
        if !problems.is_empty() {
            return Err(Error::Invalid(problems));
        }
        *self = grown;
        Ok(())
    }

    /// Gives a field another type. The caller has made sure that no profile has a value of it.
    pub fn retype(&mut self, id: FieldId, kind: FieldType) {
        self.fields[id.index()].kind = kind;
    }

    fn push(&mut self, name: &str, kind: FieldType) {
        // FIELDS_MAX is far below u16::MAX; `add` refuses the excess before it can be published.
        let id = FieldId(u16::try_from(self.fields.len()).unwrap_or(u16::MAX));
        let name: Arc<str> = name.into();
        self.by_name.insert(name.clone(), id);
        self.fields.push(Field { id, name, kind });
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_refused_addition_changes_nothing() {
        let mut schema = Schema::default();
        schema.add(&[("age".into(), FieldType::Int)]).expect("a good field");
        let refused = schema.add(&[("city".into(), FieldType::Keyword), ("age".into(), FieldType::Float)]);
        assert!(matches!(refused, Err(Error::Conflict(_))));
        let refused = schema.add(&[
            ("city".into(), FieldType::Keyword),
            ("id".into(), FieldType::Int),
            (String::new(), FieldType::Int),
        ]);
        assert!(matches!(refused, Err(Error::Invalid(problems)) if problems.len() == 2));
        assert_eq!(schema.fields().len(), 1);
    }

    #[test]
    fn one_field_too_many_is_refused_and_none_is_added() {
        let mut schema = Schema::default();
        let field = |number: usize| (format!("f{number}"), FieldType::Int);
        schema.add(&[field(0)]).expect("a good field");
        let refused = schema.add(&(1..=FIELDS_MAX).map(field).collect::<Vec<_>>());
        let Err(Error::Limit(problem)) = refused else { panic!("{refused:?}") };
        assert_eq!((problem.pointer.as_str(), problem.code), ("/fields", "too_many_fields"));
        assert_eq!(schema.fields().len(), 1);
        schema.add(&(1..FIELDS_MAX).map(field).collect::<Vec<_>>()).expect("as many as there may be");
        schema.add(&[field(7)]).expect("it is there already");
        assert!(matches!(schema.add(&[field(FIELDS_MAX)]), Err(Error::Limit(_))));
    }
}
