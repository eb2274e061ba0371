//! Record batches as NDJSON: one object a row, keys in column order, a missing value's key left out.
//!
//! Decimals are JSON numbers with all their decimals (`12.50`), instants are RFC 3339 in UTC, days `YYYY-MM-DD`;
//! nothing passes through binary floating point. The same renderer gives the text of a single cell, which is what the
//! tests digest.
//!
//! Not here: files and progress (`export`).

use std::io::Write;

use arrow::array::{
    Array, ArrayRef, AsArray, BooleanArray, Date32Array, Decimal128Array, Int32Array, Int64Array, ListArray,
    RecordBatch, StringArray, TimestampMicrosecondArray,
};
use arrow::datatypes::{
    DataType, Date32Type, Decimal128Type, Int32Type, Int64Type, TimeUnit, TimestampMicrosecondType,
};
use muster_engine::time::{Date, Timestamp};

use crate::error::{Error, Result};

/// A column whose type is known, so that a cell is rendered without asking for it again.
enum Cells<'a> {
    Bool(&'a BooleanArray),
    Int32(&'a Int32Array),
    Int64(&'a Int64Array),
    Decimal(&'a Decimal128Array, u32),
    Text(&'a StringArray),
    Day(&'a Date32Array),
    Time(&'a TimestampMicrosecondArray),
    List(&'a ListArray, Box<Cells<'a>>),
}

/// One column, ready to be written cell by cell as JSON.
pub struct Column<'a> {
    array: &'a ArrayRef,
    cells: Cells<'a>,
}

impl<'a> Column<'a> {
    /// Refuses a type that neither the population nor the study has.
    pub fn new(array: &'a ArrayRef) -> Result<Self> {
        Ok(Self { array, cells: Cells::of(array)? })
    }

    /// Whether the row has a value.
    pub fn has(&self, row: usize) -> bool {
        self.array.is_valid(row)
    }

    /// Appends the JSON text of the row's value, which must not be missing.
    pub fn write(&self, row: usize, out: &mut Vec<u8>) {
        self.cells.write(row, out);
    }
}

impl<'a> Cells<'a> {
    fn of(array: &'a ArrayRef) -> Result<Self> {
        Ok(match array.data_type() {
            DataType::Boolean => Self::Bool(array.as_boolean()),
            DataType::Int32 => Self::Int32(array.as_primitive::<Int32Type>()),
            DataType::Int64 => Self::Int64(array.as_primitive::<Int64Type>()),
            DataType::Utf8 => Self::Text(array.as_string::<i32>()),
            DataType::Date32 => Self::Day(array.as_primitive::<Date32Type>()),
            DataType::Timestamp(TimeUnit::Microsecond, Some(_)) => {
                Self::Time(array.as_primitive::<TimestampMicrosecondType>())
            }
            DataType::Decimal128(_, scale @ 1..) => {
                Self::Decimal(array.as_primitive::<Decimal128Type>(), scale.unsigned_abs().into())
            }
            DataType::List(_) => {
                let list = array.as_list::<i32>();
                Self::List(list, Box::new(Self::of(list.values())?))
            }
            other => return Err(Error::new(format!("a column of type {other} cannot be written as NDJSON"))),
        })
    }

    fn write(&self, row: usize, out: &mut Vec<u8>) {
        let written = match self {
            Self::Bool(array) => write!(out, "{}", array.value(row)),
            Self::Int32(array) => write!(out, "{}", array.value(row)),
            Self::Int64(array) => write!(out, "{}", array.value(row)),
            Self::Decimal(array, scale) => write_decimal(array.value(row), *scale, out),
            Self::Text(array) => return write_text(array.value(row), out),
            Self::Day(array) => write!(out, "\"{}\"", Date(array.value(row))),
            Self::Time(array) => write!(out, "\"{}\"", Timestamp(array.value(row))),
            Self::List(list, members) => {
                out.push(b'[');
                let (first, end) = (list.value_offsets()[row], list.value_offsets()[row + 1]);
                for member in first..end {
                    if member > first {
                        out.push(b',');
                    }
                    members.write(usize::try_from(member).expect("offsets are not negative"), out);
                }
                out.push(b']');
                Ok(())
            }
        };
        written.expect("writing into memory does not fail");
    }
}

fn write_decimal(units: i128, scale: u32, out: &mut Vec<u8>) -> std::io::Result<()> {
    let one = 10_u128.pow(scale);
    let sign = if units < 0 { "-" } else { "" };
    let units = units.unsigned_abs();
    write!(out, "{sign}{}.{:0width$}", units / one, units % one, width = scale as usize)
}

fn write_text(text: &str, out: &mut Vec<u8>) {
    let plain = text.bytes().all(|byte| byte >= b' ' && byte != b'"' && byte != b'\\');
    if plain {
        out.push(b'"');
        out.extend_from_slice(text.as_bytes());
        out.push(b'"');
    } else {
        serde_json::to_writer(out, text).expect("writing into memory does not fail");
    }
}

/// Appends every row of `batch` to `out`, each as one line.
pub fn append(batch: &RecordBatch, out: &mut Vec<u8>) -> Result<()> {
    let mut columns = Vec::with_capacity(batch.num_columns());
    for (field, array) in batch.schema_ref().fields().iter().zip(batch.columns()) {
        let mut key = Vec::new();
        write_text(field.name(), &mut key);
        key.push(b':');
        columns.push((key, Column::new(array)?));
    }
    for row in 0..batch.num_rows() {
        out.push(b'{');
        let mut first = true;
        for (key, column) in columns.iter().filter(|(_, column)| column.has(row)) {
            if !std::mem::take(&mut first) {
                out.push(b',');
            }
            out.extend_from_slice(key);
            column.write(row, out);
        }
        out.extend_from_slice(b"}\n");
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use arrow::array::{Decimal128Array, ListArray};

    use super::*;

    #[test]
    fn a_row_keeps_its_cents_and_leaves_out_what_is_missing() {
        let money = Decimal128Array::from(vec![Some(-5), Some(1_250), None]).with_precision_and_scale(18, 2);
        let times = vec![Some(0), None, Some(1_500_000)];
        let lists = vec![Some(vec![Some(1), Some(2)]), Some(vec![]), None];
        let batch = RecordBatch::try_from_iter([
            ("money", Arc::new(money.expect("two decimals fit")) as ArrayRef),
            ("at", Arc::new(TimestampMicrosecondArray::from(times).with_timezone("UTC")) as ArrayRef),
            ("numbers", Arc::new(ListArray::from_iter_primitive::<Int32Type, _, _>(lists)) as ArrayRef),
            ("text", Arc::new(StringArray::from(vec!["a", "say \"hi\"", "tab\t"])) as ArrayRef),
        ])
        .expect("columns of one length");
        let mut out = Vec::new();
        append(&batch, &mut out).expect("known types");
        let expected = [
            r#"{"money":-0.05,"at":"1970-01-01T00:00:00Z","numbers":[1,2],"text":"a"}"#,
            r#"{"money":12.50,"numbers":[],"text":"say \"hi\""}"#,
            r#"{"at":"1970-01-01T00:00:01.5Z","text":"tab\t"}"#,
        ];
        assert_eq!(String::from_utf8(out).expect("JSON is UTF-8").lines().collect::<Vec<_>>(), expected);
    }
}
