//! The same profiles as NDJSON, CSV, Parquet and IPC decode to the same columns.

use std::fmt::Write as _;
use std::sync::Arc;

use arrow::array::*;
use arrow::compute::{cast, concat};
use arrow::datatypes::Int64Type;
use arrow::ipc::writer::StreamWriter;
use muster_engine::table::canonical_type;
use parquet::arrow::ArrowWriter;

use super::*;

const FIELDS: usize = 24;

/// The value of a field in a row, by a formula; about one in eight is missing.
fn value(row: usize, field: usize) -> Option<usize> {
    let mixed = (row * 31 + field * 17).wrapping_mul(0x9E37_79B9_7F4A_7C15) >> 20;
    (!mixed.is_multiple_of(8)).then_some(mixed % 10_007)
}

fn kind(field: usize) -> &'static str {
    ["int", "decimal(2)", "keyword", "bool", "time", "date", "float", "int_set"][field % 8]
}

fn json(value: usize, kind: &str) -> String {
    match kind {
        "int" => value.to_string(),
        "decimal(2)" => format!("{}.{:02}", value / 100, value % 100),
        "keyword" => format!("\"city {value}\""),
        "bool" => value.is_multiple_of(2).to_string(),
        "time" => format!("\"2018-01-{:02}T{:02}:{:02}:00Z\"", value % 28 + 1, value % 24, value % 60),
        "date" => format!("\"2018-{:02}-{:02}\"", value % 12 + 1, value % 28 + 1),
        "float" => format!("{}.5", value % 100),
        _ => format!("[{},{}]", value, value + 1),
    }
}

fn ndjson(rows: usize) -> Vec<u8> {
    let mut text = String::new();
    for row in 0..rows {
        write!(text, "{{\"id\":{row}").expect("memory");
        for field in 0..FIELDS {
            if let Some(value) = value(row, field) {
                write!(text, ",\"field_{field}\":{}", json(value, kind(field))).expect("memory");
            }
        }
        text.push_str("}\n");
    }
    text.into_bytes()
}

fn csv(rows: usize) -> Vec<u8> {
    let mut text = String::from("id");
    (0..FIELDS).for_each(|field| write!(text, ",field_{field}").expect("memory"));
    text.push('\n');
    for row in 0..rows {
        write!(text, "{row}").expect("memory");
        for field in 0..FIELDS {
            let cell = value(row, field).map(|value| json(value, kind(field))).unwrap_or_default();
            let cell = cell.trim_matches('"');
            let quote = if cell.contains(',') { "\"" } else { "" };
            write!(text, ",{quote}{cell}{quote}").expect("memory");
        }
        text.push('\n');
    }
    text.into_bytes()
}

fn schema_of_all() -> Schema {
    let fields: Vec<String> = (0..FIELDS).map(|field| format!("field_{field}:{}", kind(field))).collect();
    schema(&fields.join(" "))
}

/// All batches as one.
fn decoded(file: &File, format: Format, schema: &Schema) -> (StringArray, Vec<ArrayRef>) {
    let mut batches: Vec<Batch> = Vec::new();
    let report = read(file, format, "id", schema, &mut |batch, _| {
        batches.push(batch.clone());
        Ok(())
    })
    .expect("a good file");
    assert_eq!(report.rejects.total, 0, "{:?}", report.rejects.listed.first());
    let ids: Vec<&dyn Array> = batches.iter().map(|batch| &batch.ids as &dyn Array).collect();
    let ids = concat(&ids).expect("one type").as_string::<i32>().clone();
    let column = |i: usize| {
        // Texts may come as codes of a dictionary.
        let wanted = canonical_type(schema.fields()[i].kind);
        let part = |batch: &Batch| cast(&batch.columns[i].values, &wanted).expect("the same values");
        let parts: Vec<ArrayRef> = batches.iter().map(part).collect();
        concat(&parts.iter().map(|part| &**part).collect::<Vec<_>>()).expect("one type")
    };
    (ids, (0..FIELDS).map(column).collect())
}

/// The decoded columns as a writer of other systems would type them.
fn record_batch(ids: &StringArray, columns: &[ArrayRef]) -> RecordBatch {
    let ids: Int64Array = ids.iter().map(|id| id.and_then(|id| id.parse::<i64>().ok())).collect();
    let mut named: Vec<(String, ArrayRef)> = vec![("id".into(), Arc::new(ids))];
    for (field, column) in columns.iter().enumerate() {
        let array: ArrayRef = match kind(field) {
            "decimal(2)" => {
                let units = column.as_primitive::<Int64Type>().iter().map(|units| units.map(i128::from));
                let units: Decimal128Array = units.collect();
                Arc::new(units.with_precision_and_scale(18, 2).expect("a good scale"))
            }
            "time" => Arc::new(column.as_primitive::<Int64Type>().iter().collect::<TimestampMicrosecondArray>()),
            "date" => {
                let days = column.as_primitive::<Int64Type>().iter();
                Arc::new(days.map(|day| day.and_then(|day| i32::try_from(day).ok())).collect::<Date32Array>())
            }
            _ => column.clone(),
        };
        named.push((format!("field_{field}"), array));
    }
    RecordBatch::try_from_iter(named).expect("columns of one length")
}

fn parquet(batch: &RecordBatch) -> Vec<u8> {
    let mut bytes = Vec::new();
    let mut writer = ArrowWriter::try_new(&mut bytes, batch.schema(), None).expect("a writer");
    writer.write(batch).expect("a batch");
    writer.close().expect("an end");
    bytes
}

fn stream(batch: &RecordBatch) -> Vec<u8> {
    let mut bytes = Vec::new();
    let mut writer = StreamWriter::try_new(&mut bytes, &batch.schema()).expect("a writer");
    writer.write(batch).expect("a batch");
    writer.finish().expect("an end");
    bytes
}

#[test]
fn all_formats_decode_to_the_same_columns() {
    let rows = 200_000;
    let schema = schema_of_all();
    let from_ndjson = decoded(&file(&ndjson(rows)), Format::Ndjson, &schema);
    assert_eq!(from_ndjson.0.len(), rows);
    for (i, row) in [0, 1, 65_535, 65_536, rows - 1].into_iter().enumerate() {
        let value = value(row, 0).and_then(|value| i64::try_from(value).ok());
        let ints = from_ndjson.1[0].as_primitive::<Int64Type>();
        assert_eq!(ints.is_valid(row).then(|| ints.value(row)), value, "probe {i}");
    }
    let batch = record_batch(&from_ndjson.0, &from_ndjson.1);
    let csv = csv(rows);
    for (bytes, format) in
        [(csv, Format::Csv), (parquet(&batch), Format::Parquet), (stream(&batch), Format::ArrowStream)]
    {
        let file = file(&bytes);
        assert!(decoded(&file, format, &schema) == from_ndjson, "{format:?} decodes to something else");
        let wanted: Vec<(String, FieldType)> =
            schema.fields().iter().map(|field| (field.name.to_string(), field.kind)).collect();
        let mut inferred = infer(&file, format, "id").expect("a good file");
        if format == Format::Csv {
            // A fraction of one digit is a decimal in text; only a file with types can say float.
            for (_, kind) in inferred.iter_mut().filter(|(_, kind)| *kind == FieldType::Decimal(1)) {
                *kind = FieldType::Float;
            }
        }
        assert_eq!(inferred, wanted, "{format:?}");
    }
}
