//! Types, values, rules and sets of rows as bytes.

use super::bytes::{Malformed, Read, Reader, Writer};
use crate::block::Set;
use crate::limits::DECIMAL_SCALE_MAX;
use crate::rule::{Rule, from_json, to_json};
use crate::schema::{FieldType, Value};
use crate::time::{Date, Timestamp};

pub(super) fn write_type(writer: &mut Writer, kind: FieldType) {
    match kind {
        FieldType::Bool => writer.byte(0),
        FieldType::Int => writer.byte(1),
        FieldType::Decimal(scale) => {
            writer.byte(2);
            writer.byte(scale);
        }
        FieldType::Float => writer.byte(3),
        FieldType::Keyword => writer.byte(4),
        FieldType::KeywordSet => writer.byte(5),
        FieldType::IntSet => writer.byte(6),
        FieldType::Time => writer.byte(7),
        FieldType::Date => writer.byte(8),
    }
}

pub(super) fn read_type(reader: &mut Reader) -> Read<FieldType> {
    Ok(match reader.byte()? {
        0 => FieldType::Bool,
        1 => FieldType::Int,
        2 => match reader.byte()? {
            scale if scale <= DECIMAL_SCALE_MAX => FieldType::Decimal(scale),
            _ => return Err(Malformed("a decimal has too many digits")),
        },
        3 => FieldType::Float,
        4 => FieldType::Keyword,
        5 => FieldType::KeywordSet,
        6 => FieldType::IntSet,
        7 => FieldType::Time,
        8 => FieldType::Date,
        _ => return Err(Malformed("there is no such type")),
    })
}

pub(super) fn write_fields(writer: &mut Writer, fields: &[(String, FieldType)]) {
    writer.list(fields.iter(), |writer, (name, kind)| {
        writer.text(name);
        write_type(writer, *kind);
    });
}

pub(super) fn read_fields(reader: &mut Reader) -> Read<Vec<(String, FieldType)>> {
    reader.list(|reader| Ok((reader.text()?, read_type(reader)?)))
}

pub(super) fn write_value(writer: &mut Writer, value: &Value) {
    write_type(writer, value.kind());
    match value {
        Value::Bool(value) => writer.flag(*value),
        Value::Int(value) | Value::Decimal(value, _) => writer.fixed(*value),
        Value::Float(value) => writer.fixed(value.to_bits().cast_signed()),
        Value::Keyword(text) => writer.text(text),
        Value::KeywordSet(texts) => writer.list(texts.iter(), |writer, text| writer.text(text)),
        Value::IntSet(ints) => writer.list(ints.iter(), |writer, int| writer.fixed(*int)),
        Value::Time(time) => writer.fixed(time.0),
        Value::Date(date) => writer.fixed(date.0.into()),
    }
}

pub(super) fn read_value(reader: &mut Reader) -> Read<Value> {
    Ok(match read_type(reader)? {
        FieldType::Bool => Value::Bool(reader.flag()?),
        FieldType::Int => Value::Int(reader.fixed()?),
        FieldType::Decimal(scale) => Value::Decimal(reader.fixed()?, scale),
        FieldType::Float => match f64::from_bits(reader.fixed()?.cast_unsigned()) {
            value if value.is_finite() => Value::Float(value),
            _ => return Err(Malformed("a float is not finite")),
        },
        FieldType::Keyword => Value::Keyword(reader.text()?),
        FieldType::KeywordSet => Value::KeywordSet(reader.list(Reader::text)?),
        FieldType::IntSet => Value::IntSet(reader.list(Reader::fixed)?),
        FieldType::Time => Value::Time(Timestamp(reader.fixed()?)),
        FieldType::Date => {
            Value::Date(Date(i32::try_from(reader.fixed()?).map_err(|_| Malformed("there is no such date"))?))
        }
    })
}

/// As the JSON in which rules are stored everywhere: it has had readers of older spellings from the first day on.
pub(super) fn write_rule(writer: &mut Writer, rule: &Rule) {
    writer.text(&to_json(rule, &|_| None).to_string());
}

pub(super) fn read_rule(reader: &mut Reader) -> Read<Rule> {
    let json = serde_json::from_str(&reader.text()?).map_err(|_| Malformed("a rule is not JSON"))?;
    from_json(&json).map_err(|_| Malformed("a rule cannot be read"))
}

/// Rows as distances, ascending.
pub(super) fn write_rows(writer: &mut Writer, rows: &Set) {
    writer.number(rows.len());
    let mut next = 0;
    for row in rows.rows() {
        writer.number(u64::from(row) - next);
        next = u64::from(row) + 1;
    }
}

pub(super) fn read_rows(reader: &mut Reader) -> Read<Set> {
    let mut next = 0u64;
    let rows = reader.list(|reader| {
        let row = next.checked_add(reader.number()?).and_then(|row| u32::try_from(row).ok());
        let row = row.ok_or(Malformed("there is no such row"))?;
        next = u64::from(row) + 1;
        Ok(row)
    })?;
    Ok(Set::from_rows(rows))
}
