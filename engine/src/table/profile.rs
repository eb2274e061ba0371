//! One profile read back as values.

use super::view::View;
use crate::column::{Column, Members};
use crate::id::{FieldId, Row};
use crate::index::Index;
use crate::schema::{FieldType, Value};

/// One profile.
#[derive(Debug, Clone, PartialEq)]
pub struct Profile {
    /// Its row.
    pub row: Row,
    /// Its external id.
    pub id: String,
    /// Whether the id came as a number.
    pub number_id: bool,
    /// The fields it has a value of, in schema order.
    pub fields: Vec<(FieldId, Value)>,
}

impl View {
    /// The profile of a live row.
    pub fn profile(&self, row: Row) -> Profile {
        let fields =
            self.schema.fields().iter().filter_map(|field| Some((field.id, self.value(row, field.id)?))).collect();
        Profile { row, id: self.id(row).to_owned(), number_id: self.has_number_id(row), fields }
    }

    /// One value of a live row; `None` when it is missing.
    pub fn value(&self, row: Row, field: FieldId) -> Option<Value> {
        let data = self.field(field);
        if !data.present.contains(row.0) {
            return None;
        }
        let kind = self.schema.field(field).kind;
        Some(match &data.column {
            Column::Flag => Value::Bool(matches!(&data.index, Index::Flag(truths) if truths.contains(row.0))),
            Column::Scalar(keys) => Value::from_key(kind, keys.get(row.0)?),
            Column::Keyword(keyword) => Value::Keyword(keyword.text(keyword.codes.get(row.0)).to_owned()),
            Column::Members(members) => set_value(kind, members, members.get(row.0)),
        })
    }
}

/// A set of codes as a value, sorted by member.
fn set_value(kind: FieldType, members: &Members, codes: &[u32]) -> Value {
    if kind == FieldType::IntSet {
        let mut ints: Vec<i64> = codes.iter().map(|code| member_int(members.dict.text(*code))).collect();
        ints.sort_unstable();
        return Value::IntSet(ints);
    }
    let text = |code: &u32| String::from_utf8_lossy(members.dict.text(*code)).into_owned();
    let mut texts: Vec<String> = codes.iter().map(text).collect();
    texts.sort_unstable();
    Value::KeywordSet(texts)
}

/// The whole number that lies in a dictionary as eight bytes.
pub(super) fn member_int(bytes: &[u8]) -> i64 {
    bytes.try_into().map_or(0, i64::from_le_bytes)
}
