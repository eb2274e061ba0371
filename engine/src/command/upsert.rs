//! Profiles that come a few at a time, as one change.

use crate::schema::FieldType;
use crate::table::{Batch, ImportMode};

/// Profiles to insert or to change.
#[derive(Debug, Clone)]
pub struct Upsert {
    /// What the id column is called.
    pub id_name: String,
    /// Fields to add first.
    pub fields: Vec<(String, FieldType)>,
    /// What a row says about the fields it does not name.
    pub mode: ImportMode,
    /// The profiles; of rows with the same id the later wins.
    pub batch: Batch,
}
