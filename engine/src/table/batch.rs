//! Profiles on their way in: ids, and per field one Arrow array of the same length.
//!
//! A batch is typed already: whoever reads CSV, NDJSON or Parquet has turned every cell into the field's canonical
//! form (below) and has kept back the rows that did not fit. The engine trusts types and checks lengths.
//!
//! | field type | array |
//! |---|---|
//! | `bool` | `BooleanArray` |
//! | `int`, `decimal` (units), `time` (us), `date` (days) | `Int64Array` |
//! | `float` (finite) | `Float64Array` |
//! | `keyword` (NFC) | `StringArray`, or `DictionaryArray<Int32Type>` of one without nulls |
//! | `keyword_set` (NFC) | `ListArray` of either |
//! | `int_set` | `ListArray` of `Int64Array` |
//!
//! A null is a missing value. Set members may repeat and come in any order.

use std::collections::HashSet;

use arrow_array::{ArrayRef, StringArray};
use arrow_buffer::BooleanBuffer;
use arrow_schema::{DataType, Field as ArrowField};

use crate::error::{Error, Result};
use crate::id::FieldId;
use crate::schema::{FieldType, Schema};

/// Some profiles, one a row.
#[derive(Debug, Clone)]
pub struct Batch {
    /// External ids, none null, none empty.
    pub ids: StringArray,
    /// The rows whose id came as a number rather than as a string; `None` when none did. Answers show it as it came.
    pub number_ids: Option<BooleanBuffer>,
    /// At most one column a field.
    pub columns: Vec<BatchColumn>,
}

/// One field's values in a [`Batch`].
#[derive(Debug, Clone)]
pub struct BatchColumn {
    /// The field.
    pub field: FieldId,
    /// Its values in canonical form.
    pub values: ArrayRef,
    /// The rows that name this field at all; `None` when every row does. Only [`ImportMode::Merge`] looks at it:
    /// an unnamed field keeps its value, a named null becomes missing.
    pub named: Option<BooleanBuffer>,
}

/// What a row says about the fields it does not name.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum ImportMode {
    /// A row is the whole profile: fields it does not name become missing.
    #[default]
    Replace,
    /// A row changes the fields it names and keeps the others.
    Merge,
}

/// The Arrow type that a field's values have in a batch.
pub fn canonical_type(kind: FieldType) -> DataType {
    match kind {
        FieldType::Bool => DataType::Boolean,
        FieldType::Int | FieldType::Decimal(_) | FieldType::Time | FieldType::Date => DataType::Int64,
        FieldType::Float => DataType::Float64,
        FieldType::Keyword => DataType::Utf8,
        FieldType::KeywordSet => DataType::List(ArrowField::new_list_field(DataType::Utf8, true).into()),
        FieldType::IntSet => DataType::List(ArrowField::new_list_field(DataType::Int64, true).into()),
    }
}

/// A canonical type with its texts as codes of a dictionary that the batch brings along.
fn coded(canonical: &DataType) -> DataType {
    match canonical {
        DataType::Utf8 => DataType::Dictionary(Box::new(DataType::Int32), Box::new(DataType::Utf8)),
        DataType::List(members) => DataType::List(ArrowField::new_list_field(coded(members.data_type()), true).into()),
        other => other.clone(),
    }
}

/// Why a field cannot be written.
pub(crate) fn computed(name: &str) -> String {
    format!(
        "\"{name}\" is computed from events or other fields and cannot be written; leave it out, or end its definition \
         with \"computed\": null in PUT /api/schema"
    )
}

impl Batch {
    /// Rows in the batch.
    pub fn row_count(&self) -> usize {
        arrow_array::Array::len(&self.ids)
    }

    /// Whether an id comes more than once.
    pub fn has_repeated_ids(&self) -> bool {
        let mut seen = HashSet::with_capacity(self.row_count());
        self.ids.iter().flatten().any(|id| !seen.insert(id))
    }

    /// Refuses a batch whose arrays are not of the canonical types and of one length.
    pub fn check(&self, schema: &Schema) -> Result<()> {
        let rows = self.row_count();
        for column in &self.columns {
            let Some(field) = schema.fields().get(column.field.index()) else {
                return Err(Error::invalid("", "bad_batch", format!("there is no field {}", column.field)));
            };
            if schema.is_computed(field.id) {
                return Err(Error::invalid("", "computed_field", computed(&field.name)));
            }
            let wanted = canonical_type(field.kind);
            let given = column.values.data_type();
            if *given != wanted && *given != coded(&wanted) || column.values.len() != rows {
                return Err(Error::invalid(
                    "",
                    "bad_batch",
                    format!(
                        "\"{}\" takes {rows} values of {wanted}, this batch has {} of {}",
                        field.name,
                        column.values.len(),
                        given
                    ),
                ));
            }
        }
        Ok(())
    }
}
