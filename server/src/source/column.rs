//! One column of a batch while rows are added to it: a value, a missing value, or a row taken back.
//!
//! Plain vectors, because a rejected row must leave no trace in any column and Arrow's builders cannot go back.

use std::sync::Arc;

use arrow::array::{ArrayRef, BooleanArray, Float64Array, Int64Array, ListArray, StringArray};
use arrow::buffer::{BooleanBuffer, Buffer, NullBuffer, OffsetBuffer, ScalarBuffer};
use arrow::datatypes::Field;
use muster_engine::limits::SET_MEMBERS_MAX;
use muster_engine::schema::FieldType;

use super::cell::{self, Refusal};
use super::json;

/// Strings end to end; string `i` ends at `ends[i]`.
#[derive(Debug, Default)]
pub(super) struct Texts {
    bytes: String,
    ends: Vec<usize>,
}

impl Texts {
    pub(super) fn len(&self) -> usize {
        self.ends.len()
    }

    pub(super) fn push(&mut self, text: &str) {
        self.bytes.push_str(text);
        self.ends.push(self.bytes.len());
    }

    pub(super) fn truncate(&mut self, count: usize) {
        self.ends.truncate(count);
        self.bytes.truncate(self.ends.last().copied().unwrap_or(0));
    }

    /// Whether a string that is there is empty.
    fn is_empty_at(&self, index: usize) -> bool {
        let start = index.checked_sub(1).map_or(0, |before| self.ends[before]);
        self.ends.get(index) == Some(&start)
    }

    pub(super) fn finish(self, nulls: Option<NullBuffer>) -> StringArray {
        StringArray::new(offsets(&self.ends), Buffer::from_vec(self.bytes.into_bytes()), nulls)
    }
}

/// A batch holds at most a block of text, far below the 2 GiB of Arrow's 32-bit offsets.
fn offsets(ends: &[usize]) -> OffsetBuffer<i32> {
    let ends = ends.iter().map(|end| i32::try_from(*end).expect("a batch is smaller than 2 GiB"));
    OffsetBuffer::new(ScalarBuffer::from(std::iter::once(0).chain(ends).collect::<Vec<i32>>()))
}

#[derive(Debug)]
enum Cells {
    Bools(Vec<bool>),
    /// `int`, `decimal`, `time`, `date`
    Ints(Vec<i64>),
    Floats(Vec<f64>),
    Texts(Texts),
    TextSets(Texts, Vec<usize>),
    IntSets(Vec<i64>, Vec<usize>),
}

/// A column of one field's type.
#[derive(Debug)]
pub(super) struct Column {
    kind: FieldType,
    cells: Cells,
    valid: Vec<bool>,
    named: Vec<bool>,
}

impl Column {
    pub(super) fn new(kind: FieldType) -> Self {
        let cells = match kind {
            FieldType::Bool => Cells::Bools(Vec::new()),
            FieldType::Int | FieldType::Decimal(_) | FieldType::Time | FieldType::Date => Cells::Ints(Vec::new()),
            FieldType::Float => Cells::Floats(Vec::new()),
            FieldType::Keyword => Cells::Texts(Texts::default()),
            FieldType::KeywordSet => Cells::TextSets(Texts::default(), Vec::new()),
            FieldType::IntSet => Cells::IntSets(Vec::new(), Vec::new()),
        };
        Self { kind, cells, valid: Vec::new(), named: Vec::new() }
    }

    pub(super) fn len(&self) -> usize {
        self.valid.len()
    }

    /// Adds a missing value; `named` says whether the row has the key at all.
    pub(super) fn push_missing(&mut self, named: bool) {
        match &mut self.cells {
            Cells::Bools(values) => values.push(false),
            Cells::Ints(values) => values.push(0),
            Cells::Floats(values) => values.push(0.0),
            Cells::Texts(texts) => texts.push(""),
            Cells::TextSets(texts, ends) => ends.push(texts.len()),
            Cells::IntSets(members, ends) => ends.push(members.len()),
        }
        self.valid.push(false);
        self.named.push(named);
    }

    fn mark_valid(&mut self) {
        self.valid.push(true);
        self.named.push(true);
    }

    /// Adds a JSON value given by its (well-formed) text. On a refusal the row must be taken back.
    pub(super) fn push_json(&mut self, raw: &str) -> Result<(), Refusal> {
        if raw == "null" {
            self.push_missing(true);
            return Ok(());
        }
        let kind = self.kind;
        let first = raw.as_bytes().first().copied().unwrap_or(b' ');
        let is_number = first == b'-' || first.is_ascii_digit();
        let wrong = || Refusal::wrong_type(kind, raw);
        match (&mut self.cells, kind) {
            (Cells::Bools(values), _) => values.push(match raw {
                "true" => true,
                "false" => false,
                _ => return Err(wrong()),
            }),
            (Cells::Ints(values), FieldType::Int) if is_number => values.push(cell::int(raw)?),
            (Cells::Ints(values), FieldType::Decimal(scale)) if is_number => values.push(cell::decimal(raw, scale)?),
            (Cells::Ints(values), _) if first == b'"' && kind != FieldType::Int => {
                values.push(scalar(kind, &json::string(raw)?)?);
            }
            (Cells::Floats(values), _) if is_number => values.push(cell::float(raw)?),
            (Cells::Texts(texts), _) => texts.push(&cell::keyword(&json::scalar_text(raw).ok_or_else(wrong)??)?),
            (Cells::TextSets(texts, ends), _) if first == b'[' => {
                push_text_members(raw, texts)?;
                ends.push(texts.len());
            }
            (Cells::IntSets(members, ends), _) if first == b'[' => {
                push_int_members(raw, members)?;
                ends.push(members.len());
            }
            _ => return Err(wrong()),
        }
        self.mark_valid();
        Ok(())
    }

    /// Adds a CSV cell; an empty one is a missing value. On a refusal the row must be taken back.
    pub(super) fn push_text(&mut self, text: &str) -> Result<(), Refusal> {
        let kind = self.kind;
        let trimmed = text.trim();
        if text.is_empty() || (trimmed.is_empty() && kind != FieldType::Keyword) {
            self.push_missing(true);
            return Ok(());
        }
        match &mut self.cells {
            Cells::Bools(values) => values.push(cell::boolean(trimmed)?),
            Cells::Ints(values) => values.push(scalar(kind, trimmed)?),
            Cells::Floats(values) => values.push(cell::float(trimmed)?),
            Cells::Texts(texts) => texts.push(&cell::keyword(text)?),
            Cells::TextSets(..) | Cells::IntSets(..) => {
                if !trimmed.starts_with('[') || !json::is_valid(trimmed) {
                    return Err(Refusal::wrong_type(kind, text));
                }
                return self.push_json(trimmed);
            }
        }
        self.mark_valid();
        Ok(())
    }

    /// Takes back every row from `rows` on, also half-written ones.
    pub(super) fn truncate(&mut self, rows: usize) {
        match &mut self.cells {
            Cells::Bools(values) => values.truncate(rows),
            Cells::Ints(values) => values.truncate(rows),
            Cells::Floats(values) => values.truncate(rows),
            Cells::Texts(texts) => texts.truncate(rows),
            Cells::TextSets(texts, ends) => {
                ends.truncate(rows);
                texts.truncate(ends.last().copied().unwrap_or(0));
            }
            Cells::IntSets(members, ends) => {
                ends.truncate(rows);
                members.truncate(ends.last().copied().unwrap_or(0));
            }
        }
        self.valid.truncate(rows);
        self.named.truncate(rows);
    }

    /// The canonical array, and which rows name the column: `None` when all do.
    pub(super) fn finish(self) -> (ArrayRef, Option<BooleanBuffer>) {
        let all_valid = self.valid.iter().all(|valid| *valid);
        let nulls = (!all_valid).then(|| NullBuffer::from(self.valid));
        let all_named = self.named.iter().all(|named| *named);
        let named = (!all_named).then(|| BooleanBuffer::from(self.named));
        let values: ArrayRef = match self.cells {
            Cells::Bools(values) => Arc::new(BooleanArray::new(BooleanBuffer::from(values), nulls)),
            Cells::Ints(values) => Arc::new(Int64Array::new(values.into(), nulls)),
            Cells::Floats(values) => Arc::new(Float64Array::new(values.into(), nulls)),
            Cells::Texts(texts) => Arc::new(texts.finish(nulls)),
            Cells::TextSets(texts, ends) => Arc::new(list(offsets(&ends), Arc::new(texts.finish(None)), nulls)),
            Cells::IntSets(members, ends) => {
                let members = Arc::new(Int64Array::new(members.into(), None));
                Arc::new(list(offsets(&ends), members, nulls))
            }
        };
        (values, named)
    }

    /// Whether a row has a value, and of a text more than nothing.
    pub(super) fn has_text_at(&self, row: usize) -> bool {
        let is_empty = matches!(&self.cells, Cells::Texts(texts) if texts.is_empty_at(row));
        self.valid.get(row).is_some_and(|valid| *valid) && !is_empty
    }

    /// Whether any row has the key.
    pub(super) fn is_named(&self) -> bool {
        self.named.iter().any(|named| *named)
    }
}

/// A list array of the set type `kind`.
pub(super) fn list(offsets: OffsetBuffer<i32>, members: ArrayRef, nulls: Option<NullBuffer>) -> ListArray {
    let field = Field::new_list_field(members.data_type().clone(), true);
    ListArray::new(Arc::new(field), offsets, members, nulls)
}

/// A value of a type whose canonical form is an integer, from its text.
pub(super) fn scalar(kind: FieldType, text: &str) -> Result<i64, Refusal> {
    match kind {
        FieldType::Decimal(scale) => cell::decimal(text, scale),
        FieldType::Time => cell::time(text),
        FieldType::Date => cell::date(text),
        _ => cell::int(text),
    }
}

/// The refusal of a set that is too large.
pub(super) fn set_too_large(count: usize) -> Refusal {
    Refusal::new("set_too_large", format!("takes at most {SET_MEMBERS_MAX} members, got {count}"))
}

fn push_text_members(raw: &str, texts: &mut Texts) -> Result<(), Refusal> {
    let wrong = || Refusal::wrong_type(FieldType::KeywordSet, raw);
    let count = json::each_member(raw, |member| {
        texts.push(&cell::keyword(&json::scalar_text(member).ok_or_else(wrong)??)?);
        Ok(())
    })?;
    if count > SET_MEMBERS_MAX { Err(set_too_large(count)) } else { Ok(()) }
}

fn push_int_members(raw: &str, members: &mut Vec<i64>) -> Result<(), Refusal> {
    let count = json::each_member(raw, |member| {
        members.push(cell::int(member).map_err(|refusal| match refusal.code {
            "wrong_type" => Refusal::wrong_type(FieldType::IntSet, raw),
            _ => refusal,
        })?);
        Ok(())
    })?;
    if count > SET_MEMBERS_MAX { Err(set_too_large(count)) } else { Ok(()) }
}
