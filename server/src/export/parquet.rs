//! Rows as Parquet. Ids are texts whatever they came as; other columns have the types that an import reads back.

use std::io::{self, Write};
use std::sync::Arc;

use arrow::array::{
    ArrayRef, BooleanBuilder, Date32Builder, Decimal128Builder, Float64Builder, Int64Builder, ListBuilder, RecordBatch,
    StringBuilder, TimestampMicrosecondBuilder,
};
use arrow::datatypes::{DataType, Field, Schema, TimeUnit};
use muster_engine::id::{FieldId, Row};
use muster_engine::schema::{FieldType, Value};
use muster_engine::table::View;
use parquet::arrow::ArrowWriter;
use parquet::basic::{Compression, ZstdLevel};
use parquet::file::properties::WriterProperties;

use super::Export;
use crate::limits::{EXPORT_GROUP_BYTES, EXPORT_GROUP_ROWS};

/// Digits of a decimal column: all of an `i64`.
const DECIMAL_DIGITS: u8 = 19;

pub(super) fn write(export: &Export, out: impl Write + Send, progress: &mut dyn FnMut(u64)) -> io::Result<()> {
    let view = &export.state.view;
    let of_engine = view.schema();
    let id = Field::new(of_engine.id_name(), DataType::Utf8, false);
    let others = export.fields.iter().map(|field| of_engine.field(*field));
    let others = others.map(|field| Field::new(&*field.name, data_type(field.kind), true));
    let schema = Arc::new(Schema::new([id].into_iter().chain(others).collect::<Vec<_>>()));
    let level = ZstdLevel::try_new(1).map_err(io::Error::other)?;
    let properties = WriterProperties::builder().set_compression(Compression::ZSTD(level));
    let properties = properties.set_max_row_group_row_count(Some(EXPORT_GROUP_ROWS)).build();
    let mut writer = ArrowWriter::try_new(out, schema.clone(), Some(properties)).map_err(io::Error::other)?;
    export.each_batch(progress, |rows| {
        let ids: ArrayRef = Arc::new(arrow::array::StringArray::from_iter_values(rows.iter().map(|row| view.id(*row))));
        let others = export.fields.iter().map(|field| column(view, *field, rows));
        let columns = [ids].into_iter().chain(others).collect();
        let batch = RecordBatch::try_new(schema.clone(), columns).map_err(io::Error::other)?;
        writer.write(&batch).map_err(io::Error::other)?;
        if writer.in_progress_size() >= EXPORT_GROUP_BYTES {
            writer.flush().map_err(io::Error::other)?;
        }
        Ok(())
    })?;
    writer.into_inner().map_err(io::Error::other)?.flush()
}

fn data_type(kind: FieldType) -> DataType {
    let list = |members| DataType::List(Arc::new(Field::new_list_field(members, true)));
    match kind {
        FieldType::Bool => DataType::Boolean,
        FieldType::Int => DataType::Int64,
        // A scale has at most 18 digits.
        FieldType::Decimal(scale) => DataType::Decimal128(DECIMAL_DIGITS, scale as i8),
        FieldType::Float => DataType::Float64,
        FieldType::Keyword => DataType::Utf8,
        FieldType::KeywordSet => list(DataType::Utf8),
        FieldType::IntSet => list(DataType::Int64),
        FieldType::Time => DataType::Timestamp(TimeUnit::Microsecond, Some("UTC".into())),
        FieldType::Date => DataType::Date32,
    }
}

/// The values of a field in some rows.
fn column(view: &View, field: FieldId, rows: &[Row]) -> ArrayRef {
    let kind = view.schema().field(field).kind;
    let mut values = rows.iter().map(|row| view.value(*row, field));
    let keys = |values: &mut dyn Iterator<Item = Option<Value>>| -> Vec<Option<i64>> {
        values.map(|value| value.and_then(|value| value.to_key())).collect()
    };
    match kind {
        FieldType::Bool => {
            let mut builder = BooleanBuilder::new();
            values.for_each(|value| builder.append_option(value.map(|value| value == Value::Bool(true))));
            Arc::new(builder.finish())
        }
        FieldType::Int => {
            let mut builder = Int64Builder::new();
            keys(&mut values).into_iter().for_each(|key| builder.append_option(key));
            Arc::new(builder.finish())
        }
        FieldType::Decimal(_) => {
            let mut builder = Decimal128Builder::new().with_data_type(data_type(kind));
            keys(&mut values).into_iter().for_each(|key| builder.append_option(key.map(i128::from)));
            Arc::new(builder.finish())
        }
        FieldType::Float => {
            let mut builder = Float64Builder::new();
            let float = |value| if let Some(Value::Float(float)) = value { Some(float) } else { None };
            values.for_each(|value| builder.append_option(float(value)));
            Arc::new(builder.finish())
        }
        FieldType::Time => {
            let mut builder = TimestampMicrosecondBuilder::new().with_data_type(data_type(kind));
            keys(&mut values).into_iter().for_each(|key| builder.append_option(key));
            Arc::new(builder.finish())
        }
        FieldType::Date => {
            let mut builder = Date32Builder::new();
            let day = |value| if let Some(Value::Date(day)) = value { Some(day.0) } else { None };
            values.for_each(|value| builder.append_option(day(value)));
            Arc::new(builder.finish())
        }
        FieldType::Keyword => {
            let mut builder = StringBuilder::new();
            let text = |value| if let Some(Value::Keyword(text)) = value { Some(text) } else { None };
            values.for_each(|value| builder.append_option(text(value)));
            Arc::new(builder.finish())
        }
        FieldType::KeywordSet | FieldType::IntSet => sets(kind, &mut values),
    }
}

fn sets(kind: FieldType, values: &mut dyn Iterator<Item = Option<Value>>) -> ArrayRef {
    if kind == FieldType::IntSet {
        let mut builder = ListBuilder::new(Int64Builder::new());
        for value in values {
            let is_there = value.is_some();
            if let Some(Value::IntSet(members)) = value {
                members.into_iter().for_each(|member| builder.values().append_value(member));
            }
            builder.append(is_there);
        }
        return Arc::new(builder.finish());
    }
    let mut builder = ListBuilder::new(StringBuilder::new());
    for value in values {
        let is_there = value.is_some();
        if let Some(Value::KeywordSet(members)) = value {
            members.into_iter().for_each(|member| builder.values().append_value(member));
        }
        builder.append(is_there);
    }
    Arc::new(builder.finish())
}
