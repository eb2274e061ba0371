//! Whole files through the two public passes, by format; the triple checks that all formats say the same.

mod columnar;
mod ids;
mod text;
mod triple;

use std::fs::File;
use std::io::Write;

use arrow::array::{Array, AsArray};
use arrow::datatypes::{Float64Type, Int32Type, Int64Type};
use muster_engine::error::{Error, Result};
use muster_engine::schema::{FieldType, Schema};
use muster_engine::table::Batch;

use super::{Format, ReadReport, infer, read};

/// A temporary file with this content.
fn file(bytes: &[u8]) -> File {
    let mut file = tempfile::tempfile().expect("a temporary file");
    file.write_all(bytes).expect("room on the disk");
    file
}

fn schema(fields: &str) -> Schema {
    let mut schema = Schema::default();
    let fields: Vec<(String, FieldType)> = fields
        .split_whitespace()
        .map(|field| {
            let (name, kind) = field.split_once(':').expect("name:type");
            (name.to_owned(), FieldType::parse(kind).expect(kind))
        })
        .collect();
    schema.add(&fields).expect("good fields");
    schema
}

/// Every row as `id field=value field=value`, missing values left out; the schema is `fields`.
fn rows(bytes: &[u8], format: Format, fields: &str) -> Result<(Vec<String>, ReadReport)> {
    let schema = schema(fields);
    let mut rows = Vec::new();
    let report = read(&file(bytes), format, "id", &schema, &mut |batch: &Batch, _| {
        batch.check(&schema)?;
        rows.extend((0..batch.row_count()).map(|row| print_row(batch, &schema, row)));
        Ok(())
    })?;
    Ok((rows, report))
}

fn print_row(batch: &Batch, schema: &Schema, row: usize) -> String {
    let mut text = batch.ids.value(row).to_owned();
    for column in &batch.columns {
        if column.values.is_valid(row) {
            let name = &schema.field(column.field).name;
            text.push_str(&format!(" {name}={}", print(&*column.values, row)));
        }
    }
    text
}

fn print(array: &dyn Array, row: usize) -> String {
    if let Some(ints) = array.as_primitive_opt::<Int64Type>() {
        ints.value(row).to_string()
    } else if let Some(floats) = array.as_primitive_opt::<Float64Type>() {
        floats.value(row).to_string()
    } else if let Some(bools) = array.as_boolean_opt() {
        bools.value(row).to_string()
    } else if let Some(texts) = array.as_string_opt::<i32>() {
        texts.value(row).to_owned()
    } else if let Some(words) = array.as_dictionary_opt::<Int32Type>() {
        print(words.values(), usize::try_from(words.keys().value(row)).expect("a word"))
    } else {
        let members = array.as_list::<i32>().value(row);
        let members: Vec<String> = (0..members.len()).map(|i| print(&*members, i)).collect();
        format!("[{}]", members.join(","))
    }
}

/// The rejected rows as `row pointer code; pointer code`.
fn rejected(report: &ReadReport) -> Vec<String> {
    let print = |row: &super::RejectedRow| {
        let errors: Vec<String> = row.errors.iter().map(|error| format!("{} {}", error.pointer, error.code)).collect();
        format!("{} {}", row.row, errors.join("; "))
    };
    report.rejects.listed.iter().map(print).collect()
}

/// The codes of a whole-request error.
fn codes<T>(result: Result<T>) -> Vec<&'static str> {
    match result {
        Err(Error::Invalid(problems)) => problems.iter().map(|problem| problem.code).collect(),
        Err(Error::Limit(problem)) => vec![problem.code],
        Err(other) => panic!("another kind of error: {other}"),
        Ok(_) => Vec::new(),
    }
}

fn inferred(bytes: &[u8], format: Format) -> Result<String> {
    let fields = infer(&file(bytes), format, "id")?;
    Ok(fields.iter().map(|(name, kind)| format!("{name}:{kind}")).collect::<Vec<_>>().join(" "))
}
