//! What a field's values look like: how many, how many different, least, greatest, most frequent.

use rayon::prelude::*;

use super::distribution::Question;
use super::view::View;
use crate::id::FieldId;
use crate::patience::Patience;
use crate::schema::{Field, Value};

/// Most frequent values of a summary.
pub const TOP_VALUES: usize = 10;

/// One field at one version. Exact.
#[derive(Debug, Clone, PartialEq)]
pub struct FieldSummary {
    /// The field.
    pub field: FieldId,
    /// Profiles that have a value.
    pub present: u64,
    /// Different values (of a set: different members).
    pub distinct: u64,
    /// Least value, of scalar fields.
    pub min: Option<Value>,
    /// Greatest value, of scalar fields.
    pub max: Option<Value>,
    /// The most frequent values (of a set: members) with their profiles, most first, equal ones in order of value.
    pub top: Vec<(Value, u64)>,
}

impl View {
    /// Every field's summary, in schema order.
    pub fn summaries(&self) -> Vec<FieldSummary> {
        let patience = Patience::current();
        let summary = |field: &Field| {
            patience.check();
            self.summary(field.id)
        };
        self.schema.fields().par_iter().map(summary).collect()
    }

    /// One field's summary.
    pub fn summary(&self, id: FieldId) -> FieldSummary {
        let question = Question { top: Some(TOP_VALUES), ..Question::default() };
        // A question without percentiles and bins suits every field.
        let found = self.distribution(id, None, &question).unwrap_or_default();
        let values = found.frequencies.unwrap_or_default();
        FieldSummary {
            field: id,
            present: found.present,
            distinct: values.distinct,
            min: found.min,
            max: found.max,
            top: values.top,
        }
    }
}
