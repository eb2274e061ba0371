//! Rows as text: CSV and NDJSON.

use std::io::Write;

use muster_engine::id::Row;
use muster_engine::schema::Value;
use serde_json::json;

use super::{Export, Formulas};

/// What a spreadsheet takes for the beginning of a formula (OWASP, "CSV Injection").
const FORMULA_STARTS: [u8; 6] = [b'=', b'+', b'-', b'@', b'\t', b'\r'];

/// The names of the columns.
pub(super) fn csv_head(export: &Export, out: &mut Vec<u8>) {
    let schema = export.state.view.schema();
    csv_text(schema.id_name(), export.formulas, out);
    for field in &export.fields {
        out.push(b',');
        csv_text(&schema.field(*field).name, export.formulas, out);
    }
    out.extend(b"\r\n");
}

/// One profile; a missing value is an empty cell. Numbers, times and sets cannot be formulas and are left as they are.
pub(super) fn csv_row(export: &Export, row: Row, out: &mut Vec<u8>) {
    let view = &export.state.view;
    if view.has_number_id(row) {
        out.extend(view.id(row).as_bytes());
    } else {
        csv_text(view.id(row), export.formulas, out);
    }
    for field in &export.fields {
        out.push(b',');
        match view.value(row, *field) {
            None => {}
            Some(Value::Keyword(text)) => csv_text(&text, export.formulas, out),
            Some(Value::KeywordSet(members)) => quoted(&json!(members).to_string(), out),
            Some(Value::IntSet(members)) => quoted(&json!(members).to_string(), out),
            Some(value) => written(value, out),
        }
    }
    out.extend(b"\r\n");
}

/// A text as a cell that no spreadsheet takes for a formula.
pub(crate) fn csv_cell(text: &str, out: &mut Vec<u8>) {
    csv_text(text, Formulas::Quoted, out);
}

fn csv_text(text: &str, formulas: Formulas, out: &mut Vec<u8>) {
    let first = text.as_bytes().first();
    if formulas == Formulas::Quoted && first.is_some_and(|first| FORMULA_STARTS.contains(first)) {
        quoted(&format!("'{text}"), out);
    } else if text.bytes().any(|byte| matches!(byte, b',' | b';' | b'\t' | b'"' | b'\r' | b'\n')) || text.trim() != text
    {
        quoted(text, out);
    } else {
        out.extend(text.as_bytes());
    }
}

fn quoted(text: &str, out: &mut Vec<u8>) {
    out.push(b'"');
    out.extend(text.replace('"', "\"\"").as_bytes());
    out.push(b'"');
}

fn written(value: impl std::fmt::Display, out: &mut Vec<u8>) {
    // Writing to memory does not fail.
    let _ = write!(out, "{value}");
}

/// One profile as a JSON object: the id as it was loaded, then values; a missing value's key is left out.
pub(super) fn ndjson_row(export: &Export, row: Row, out: &mut Vec<u8>) {
    let view = &export.state.view;
    let schema = view.schema();
    let key = |name: &str, out: &mut Vec<u8>| {
        written(json!(name), out);
        out.push(b':');
    };
    out.push(b'{');
    key(schema.id_name(), out);
    if view.has_number_id(row) {
        out.extend(view.id(row).as_bytes());
    } else {
        written(json!(view.id(row)), out);
    }
    for field in &export.fields {
        let Some(value) = view.value(row, *field) else { continue };
        out.push(b',');
        key(&schema.field(*field).name, out);
        match value {
            Value::Keyword(text) => written(json!(text), out),
            Value::KeywordSet(members) => written(json!(members), out),
            Value::IntSet(members) => written(json!(members), out),
            Value::Time(_) | Value::Date(_) => written(json!(value.to_string()), out),
            Value::Bool(_) | Value::Int(_) | Value::Decimal(..) | Value::Float(_) => written(value, out),
        }
    }
    out.extend(b"}\n");
}
