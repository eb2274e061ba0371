//! What rules can speak of: the fields of people, and what people do.

use std::sync::{Arc, LazyLock};

use crate::event::EventSchema;
use crate::schema::Schema;

/// The two schemas that a rule is checked against.
#[derive(Debug, Clone, Copy)]
pub struct Vocabulary<'s> {
    /// Of people.
    pub fields: &'s Schema,
    /// Of what they do.
    pub events: &'s EventSchema,
}

impl<'s> From<&'s Schema> for Vocabulary<'s> {
    /// For people who do nothing.
    fn from(fields: &'s Schema) -> Self {
        static NONE: LazyLock<EventSchema> = LazyLock::new(EventSchema::default);
        Self { fields, events: &NONE }
    }
}

impl<'s> From<&'s Arc<Schema>> for Vocabulary<'s> {
    fn from(fields: &'s Arc<Schema>) -> Self {
        Self::from(&**fields)
    }
}
