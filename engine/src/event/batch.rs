//! Events on their way in: of each its id, its profile, its type, its time, and what it says beside.
//!
//! A batch is typed already, as batches of profiles are (`table::Batch` says in which arrays): whoever reads JSON, CSV
//! or Parquet has kept back what does not fit. Types and properties come by name, so that it is known only when a batch
//! is applied which of them are new.

use arrow_array::{Array, ArrayRef, Int64Array, StringArray};
use arrow_buffer::BooleanBuffer;
use arrow_schema::DataType;

use crate::error::{Error, Result};
use crate::schema::FieldType;
use crate::time::Timestamp;

/// Some events, one a row. Nothing but property values is null.
#[derive(Debug, Clone)]
pub struct EventBatch {
    /// What each event is called, so that it counts once however often it is sent. In NFC, not empty.
    pub ids: StringArray,
    /// External ids of profiles. In NFC, not empty.
    pub profiles: StringArray,
    /// The rows whose profile's id came as a number.
    pub number_profiles: Option<BooleanBuffer>,
    /// Names of types. In NFC.
    pub types: StringArray,
    /// When, in microseconds UTC.
    pub times: Int64Array,
    /// What events say, `amount` among it.
    pub properties: Vec<PropertyValues>,
}

/// What the events of a batch say about a property.
#[derive(Debug, Clone)]
pub struct PropertyValues {
    /// Its name, in NFC.
    pub name: String,
    /// Its type.
    pub kind: FieldType,
    /// A value for each event, in the canonical array of the type; words are strings, or codes of a dictionary.
    pub values: ArrayRef,
}

/// Under which terms events are taken.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct EventTerms {
    /// Whether people whom nobody knows become profiles.
    pub creates_profiles: bool,
    /// When they came: events that are older than their type is kept are refused.
    pub now: Timestamp,
}

/// Why an event was not taken.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum EventRefusal {
    /// There is no such profile, and none was to be made.
    UnknownProfile,
    /// It is older than events of its type are kept.
    TooOld,
    /// Its type cannot be one, or there are too many types.
    BadType,
}

/// What became of events.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct EventCounts {
    /// Events that count now.
    pub accepted: u64,
    /// Events whose id was known, or came before in the same batch.
    pub duplicates: u64,
    /// The first of those that were refused: their places in the batch or the import, and why.
    pub refused: Vec<(u64, EventRefusal)>,
    /// How many were refused.
    pub refused_total: u64,
    /// Profiles that were made for events.
    pub profiles_created: u64,
    /// The version in which they are seen.
    pub data_version: u64,
}

impl EventBatch {
    /// How many events it has.
    pub fn len(&self) -> usize {
        self.ids.len()
    }

    /// Whether it has none.
    pub fn is_empty(&self) -> bool {
        self.ids.is_empty()
    }

    /// Some of its events, without a copy.
    pub(crate) fn slice(&self, from: usize, count: usize) -> Self {
        let property = |property: &PropertyValues| PropertyValues {
            name: property.name.clone(),
            kind: property.kind,
            values: property.values.slice(from, count),
        };
        Self {
            ids: self.ids.slice(from, count),
            profiles: self.profiles.slice(from, count),
            number_profiles: self.number_profiles.as_ref().map(|numbers| numbers.slice(from, count)),
            types: self.types.slice(from, count),
            times: self.times.slice(from, count),
            properties: self.properties.iter().map(property).collect(),
        }
    }

    /// Whether all columns are as long, and of the types that they say.
    ///
    /// # Errors
    /// `Invalid` for a batch that nobody can apply.
    pub fn check(&self) -> Result<()> {
        let len = self.len();
        let refuse = |what: &str| Err(Error::invalid("", "bad_batch", format!("a batch of events has {what}")));
        if [self.profiles.len(), self.types.len(), self.times.len()] != [len; 3]
            || self.properties.iter().any(|property| property.values.len() != len)
            || self.number_profiles.as_ref().is_some_and(|numbers| numbers.len() != len)
        {
            return refuse("columns of different lengths");
        }
        let nulls = [self.ids.null_count(), self.profiles.null_count(), self.types.null_count()];
        if nulls != [0; 3] || self.times.null_count() > 0 {
            return refuse("events without an id, a profile, a type or a time");
        }
        if self.properties.iter().all(PropertyValues::is_typed) {
            Ok(())
        } else {
            refuse("a property whose values are of another type")
        }
    }
}

impl PropertyValues {
    /// Whether the array is the canonical one of the type.
    fn is_typed(&self) -> bool {
        match (self.kind, self.values.data_type()) {
            (FieldType::Bool, DataType::Boolean)
            | (FieldType::Int | FieldType::Decimal(_) | FieldType::Time | FieldType::Date, DataType::Int64)
            | (FieldType::Float, DataType::Float64)
            | (FieldType::Keyword, DataType::Utf8) => true,
            (FieldType::Keyword, DataType::Dictionary(codes, texts)) => {
                (&**codes, &**texts) == (&DataType::Int32, &DataType::Utf8)
            }
            (FieldType::KeywordSet, DataType::List(members)) => *members.data_type() == DataType::Utf8,
            (FieldType::IntSet, DataType::List(members)) => *members.data_type() == DataType::Int64,
            _ => false,
        }
    }
}
