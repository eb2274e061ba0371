//! Which types of events there are, and which properties events have.
//!
//! A property has one type in all events of a tenant, whatever their type: `category` of a purchase and `category` of
//! a visit are compared alike. Types and properties are added, never removed or renamed, so their numbers are stable.
//! Nothing is refused for a property that a type has never had: such events have no value of it.

use std::collections::HashMap;
use std::sync::Arc;

use crate::error::{Error, Problem, Result};
use crate::id::{EventTypeId, PropertyId};
use crate::limits::{EVENT_PROPERTIES_MAX, EVENT_TYPES_MAX, NAME_BYTES_MAX, RETENTION_DAYS_MAX};
use crate::schema::{FieldType, normalize};

/// A type of event.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct EventType {
    /// Position in the schema.
    pub id: EventTypeId,
    /// Unique within the schema, in NFC.
    pub name: Arc<str>,
    /// Days that its events are kept; for ever when none are said.
    pub retention_days: Option<u32>,
}

/// A property that events may have.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Property {
    /// Position in the schema.
    pub id: PropertyId,
    /// Unique within the schema, in NFC.
    pub name: Arc<str>,
    /// What its values are.
    pub kind: FieldType,
}

/// All types and properties of one tenant's events.
#[derive(Debug, Clone)]
pub struct EventSchema {
    types: Vec<EventType>,
    properties: Vec<Property>,
    types_by_name: HashMap<Arc<str>, EventTypeId>,
    properties_by_name: HashMap<Arc<str>, PropertyId>,
}

/// Names that mean a part of every event, so that no property has one.
const RESERVED: [&str; 4] = ["event_id", "profile_id", "type", "time"];

impl Default for EventSchema {
    /// No types, and the one property that every schema has.
    fn default() -> Self {
        let name: Arc<str> = Self::AMOUNT.into();
        Self {
            types: Vec::new(),
            properties: vec![Property { id: PropertyId::AMOUNT, name: name.clone(), kind: FieldType::Decimal(2) }],
            types_by_name: HashMap::new(),
            properties_by_name: HashMap::from([(name, PropertyId::AMOUNT)]),
        }
    }
}

impl PartialEq for EventSchema {
    fn eq(&self, other: &Self) -> bool {
        self.types == other.types && self.properties == other.properties
    }
}

impl EventSchema {
    /// The name of [`PropertyId::AMOUNT`].
    pub const AMOUNT: &'static str = "amount";

    /// Types in the order in which they were added.
    pub fn types(&self) -> &[EventType] {
        &self.types
    }

    /// Properties in the order in which they were added, `amount` first.
    pub fn properties(&self) -> &[Property] {
        &self.properties
    }

    /// A type by its stable position.
    ///
    /// # Panics
    /// When `id` is of another schema.
    pub fn event_type(&self, id: EventTypeId) -> &EventType {
        &self.types[id.index()]
    }

    /// A property by its stable position.
    ///
    /// # Panics
    /// When `id` is of another schema.
    pub fn property(&self, id: PropertyId) -> &Property {
        &self.properties[id.index()]
    }

    /// A type by its exact name, in NFC.
    pub fn find_type(&self, name: &str) -> Option<&EventType> {
        self.types_by_name.get(name).map(|id| self.event_type(*id))
    }

    /// A property by its exact name, in NFC; `amount` is one.
    pub fn find_property(&self, name: &str) -> Option<&Property> {
        self.properties_by_name.get(name).map(|id| self.property(*id))
    }

    /// Names of all types, for suggestions.
    pub fn type_names(&self) -> impl Iterator<Item = &str> {
        self.types.iter().map(|known| &*known.name)
    }

    /// Names of all properties, for suggestions.
    pub fn property_names(&self) -> impl Iterator<Item = &str> {
        self.properties.iter().map(|known| &*known.name)
    }

    /// Adds a type, or finds it. What it says about keeping stays.
    ///
    /// # Errors
    /// Why it cannot be one.
    pub fn add_type(&mut self, name: &str) -> std::result::Result<EventTypeId, String> {
        let name = normalize(name);
        if let Some(known) = self.find_type(&name) {
            return Ok(known.id);
        }
        check_name("an event type", &name)?;
        if self.types.len() >= EVENT_TYPES_MAX {
            return Err(format!("there are {EVENT_TYPES_MAX} types of events already, and no room for \"{name}\""));
        }
        // EVENT_TYPES_MAX is far below u16::MAX.
        let id = EventTypeId(self.types.len() as u16);
        let name: Arc<str> = name.into();
        self.types_by_name.insert(name.clone(), id);
        self.types.push(EventType { id, name, retention_days: None });
        Ok(id)
    }

    /// Adds a property, or finds it when it has this type.
    ///
    /// # Errors
    /// Why it cannot be one, or that it has another type.
    pub fn add_property(&mut self, name: &str, kind: FieldType) -> std::result::Result<PropertyId, String> {
        let name = normalize(name);
        match self.find_property(&name) {
            Some(known) if known.kind == kind => return Ok(known.id),
            Some(known) => return Err(format!("\"{name}\" is {} already, not {kind}", known.kind)),
            None => {}
        }
        check_name("a property", &name)?;
        if RESERVED.contains(&&*name) {
            return Err(format!("\"{name}\" is a part of every event; give the property another name"));
        }
        if self.properties.len() >= EVENT_PROPERTIES_MAX {
            return Err(format!("there are {EVENT_PROPERTIES_MAX} properties already, and no room for \"{name}\""));
        }
        // EVENT_PROPERTIES_MAX is far below u16::MAX.
        let id = PropertyId(self.properties.len() as u16);
        let name: Arc<str> = name.into();
        self.properties_by_name.insert(name.clone(), id);
        self.properties.push(Property { id, name, kind });
        Ok(id)
    }

    /// Says for how many days events of a type are kept; for ever when none are said.
    pub fn keep(&mut self, id: EventTypeId, days: Option<u32>) {
        self.types[id.index()].retention_days = days;
    }

    /// Adds what was declared: types with what each says about keeping, where it says anything, and properties.
    ///
    /// # Errors
    /// `Invalid` with every mistake, at `/types/{i}/...` and `/properties/{i}/...`; nothing is added then.
    pub fn declare(
        &mut self,
        types: &[(String, Option<Option<u32>>)],
        properties: &[(String, FieldType)],
    ) -> Result<()> {
        let (mut grown, mut problems) = (self.clone(), Vec::new());
        for (i, (name, days)) in types.iter().enumerate() {
            match grown.add_type(name) {
                Err(message) => problems.push(Problem::new(format!("/types/{i}/name"), "bad_event_type", message)),
                Ok(id) => days.iter().for_each(|days| grown.keep(id, *days)),
            }
            if days.flatten().is_some_and(|days| days == 0 || days > RETENTION_DAYS_MAX) {
                let message = format!("events are kept for 1 to {RETENTION_DAYS_MAX} days, or for ever with null");
                problems.push(Problem::new(format!("/types/{i}/retention_days"), "bad_retention", message));
            }
        }
        for (i, (name, kind)) in properties.iter().enumerate() {
            if let Err(message) = grown.add_property(name, *kind) {
                problems.push(Problem::new(format!("/properties/{i}"), "bad_property", message));
            }
        }
        if !problems.is_empty() {
            return Err(Error::Invalid(problems));
        }
        *self = grown;
        Ok(())
    }
}

fn check_name(what: &str, name: &str) -> std::result::Result<(), String> {
    if name.is_empty() {
        return Err(format!("{what} needs a name"));
    }
    if name.len() > NAME_BYTES_MAX {
        return Err(format!("the name of {what} has at most {NAME_BYTES_MAX} bytes, this one has {}", name.len()));
    }
    if name.chars().any(char::is_control) {
        return Err(format!("the name of {what} holds no control characters"));
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_found_and_a_refused_declaration_changes_nothing() {
        let mut schema = EventSchema::default();
        let types = [("purchase".to_owned(), Some(Some(30))), ("visit".to_owned(), None)];
        schema.declare(&types, &[("category".to_owned(), FieldType::Keyword)]).expect("good names");
        assert_eq!(schema.find_type("purchase").and_then(|known| known.retention_days), Some(30));
        assert_eq!(schema.find_property("amount").map(|known| known.id), Some(PropertyId::AMOUNT));
        assert_eq!(schema.find_property("category").map(|known| known.kind), Some(FieldType::Keyword));
        let before = schema.clone();
        let types = [(String::new(), None), ("login".to_owned(), Some(Some(0)))];
        let properties = [("category".to_owned(), FieldType::Int), ("time".to_owned(), FieldType::Time)];
        let refused = schema.declare(&types, &properties);
        assert!(matches!(refused, Err(Error::Invalid(problems)) if problems.len() == 4));
        assert_eq!(schema, before);
        schema.declare(&[("purchase".to_owned(), Some(None))], &[]).expect("kept for ever again");
        assert_eq!(schema.event_type(EventTypeId(0)).retention_days, None);
    }

    #[test]
    fn types_and_properties_end_at_their_bounds() {
        let mut schema = EventSchema::default();
        for i in 0..EVENT_TYPES_MAX {
            assert_eq!(schema.add_type(&format!("type {i}")).map(EventTypeId::index), Ok(i));
        }
        assert!(schema.add_type("one more").is_err() && schema.add_type("type 7").is_ok());
        for i in 1..EVENT_PROPERTIES_MAX {
            assert_eq!(schema.add_property(&format!("p{i}"), FieldType::Bool).map(PropertyId::index), Ok(i));
        }
        assert!(schema.add_property("one more", FieldType::Bool).is_err());
    }
}
