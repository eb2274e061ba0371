//! Small files that would be large ones if every row had its values to itself: they take memory for what is new in them.

use std::io::Write;
use std::sync::Arc;

use arrow::ipc::CompressionType;
use arrow::ipc::writer::{IpcWriteOptions, StreamWriter};
use arrow_array::types::Int16Type;
use arrow_array::{
    Array as _, ArrayRef, DictionaryArray, Int16Array, Int32Array, Int64Array, ListArray, RecordBatch, StringArray,
    StringViewArray,
};
use harness::server::{Answer, Server};
use parquet::arrow::ArrowWriter;

use super::limits::peak;

/// Bytes that the server may need more at its peak for any file here.
const PEAK_BYTES_MAX: u64 = 256 << 20;

/// Bytes of the longest text that a field takes.
const VALUE_BYTES_MAX: usize = 4_096;

const PARQUET: &str = "application/vnd.apache.parquet";
const STREAM: &str = "application/vnd.apache.arrow.stream";

fn ids(rows: i64) -> ArrayRef {
    Arc::new(Int64Array::from_iter_values(0..rows))
}

/// A column all of whose rows have one text of so many letters.
fn alike(rows: usize, letters: usize) -> ArrayRef {
    let texts = Arc::new(StringArray::from(vec!["a".repeat(letters)]));
    Arc::new(DictionaryArray::new(Int32Array::from(vec![0; rows]), texts))
}

fn batch(columns: Vec<(&str, ArrayRef)>) -> RecordBatch {
    RecordBatch::try_from_iter(columns).expect("columns of one length")
}

fn parquet(batch: &RecordBatch) -> Vec<u8> {
    let mut bytes = Vec::new();
    let mut writer = ArrowWriter::try_new(&mut bytes, batch.schema(), None).expect("a writer");
    writer.write(batch).expect("rows");
    writer.close().expect("a file");
    bytes
}

fn stream(batch: &RecordBatch) -> Vec<u8> {
    let options = IpcWriteOptions::default().try_with_compression(Some(CompressionType::ZSTD)).expect("it is known");
    let mut bytes = Vec::new();
    let mut writer = StreamWriter::try_new_with_options(&mut bytes, &batch.schema(), options).expect("a writer");
    writer.write(batch).expect("rows");
    writer.finish().expect("a file");
    bytes
}

/// Imports a file into a server that keeps a log, and looks at what memory that took.
fn import(format: &str, bytes: Vec<u8>, most: usize) -> Answer {
    assert!(bytes.len() < most, "{} bytes", bytes.len());
    let folder = tempfile::tempdir().expect("a folder");
    let server = Server::start_with(&["--data", folder.path().to_str().expect("a path")]);
    server.load("{\"id\": \"first\", \"visits\": 1}\n");
    let before = peak(&server);
    let answer = server.import("id_field=id&schema=infer", format, bytes);
    let more = peak(&server) - before;
    assert!(more < PEAK_BYTES_MAX, "{} MiB more than before", more >> 20);
    server.get("/api/health").expect(200);
    answer
}

#[test]
fn a_text_that_is_too_long_is_refused_once_for_all_rows_that_name_it() {
    let rows = 20_000;
    let file = batch(vec![("id", ids(rows)), ("note", alike(rows as usize, 100_000))]);
    for (format, bytes) in [(PARQUET, parquet(&file)), (STREAM, stream(&file))] {
        let report = import(format, bytes, 1 << 20).expect(200);
        assert_eq!((&report["inserted"], &report["rejected_total"]), (&0.into(), &rows.into()), "{report}");
    }
}

#[test]
fn a_long_text_that_many_rows_name_is_kept_and_logged_once() {
    let rows = 200_000;
    let file = batch(vec![("id", ids(rows)), ("note", alike(rows as usize, VALUE_BYTES_MAX))]);
    for (format, bytes) in [(PARQUET, parquet(&file)), (STREAM, stream(&file))] {
        assert_eq!(import(format, bytes, 1 << 20).expect(200)["inserted"], rows);
    }
    // Codes of another width, and views that show one place.
    let texts = Arc::new(StringArray::from(vec!["a".repeat(VALUE_BYTES_MAX)]));
    let narrow: DictionaryArray<Int16Type> = DictionaryArray::new(Int16Array::from(vec![0; rows as usize]), texts);
    let views = StringViewArray::from_iter_values(["a".repeat(VALUE_BYTES_MAX)]);
    let views = StringViewArray::new(vec![views.views()[0]; rows as usize].into(), views.data_buffers().to_vec(), None);
    for column in [Arc::new(narrow) as ArrayRef, Arc::new(views)] {
        let file = batch(vec![("id", ids(rows)), ("note", column)]);
        assert_eq!(import(STREAM, stream(&file), 1 << 20).expect(200)["inserted"], rows);
    }
}

#[test]
fn ids_and_sets_that_many_rows_share_are_not_written_out() {
    let rows = 100_000usize;
    let file = batch(vec![("id", alike(rows, VALUE_BYTES_MAX)), ("visits", ids(rows as i64))]);
    for (format, bytes) in [(PARQUET, parquet(&file)), (STREAM, stream(&file))] {
        assert_eq!(import(format, bytes, 2 << 20).expect(200)["inserted"], 1);
    }
    let members = DictionaryArray::new(
        Int32Array::from_iter_values((0..rows as i32).map(|at| at % 2)),
        Arc::new(StringArray::from(vec!["a".repeat(VALUE_BYTES_MAX), "b".repeat(VALUE_BYTES_MAX)])),
    );
    let field = Arc::new(arrow::datatypes::Field::new_list_field(members.data_type().clone(), true));
    let offsets = pairs(rows / 2);
    let sets = ListArray::new(field, offsets, Arc::new(members), None);
    let file = batch(vec![("id", ids(rows as i64 / 2)), ("tags", Arc::new(sets))]);
    for (format, bytes) in [(PARQUET, parquet(&file)), (STREAM, stream(&file))] {
        assert_eq!(import(format, bytes, 2 << 20).expect(200)["inserted"], rows / 2);
    }
}

/// Sets of two members each.
fn pairs(rows: usize) -> arrow::buffer::OffsetBuffer<i32> {
    arrow::buffer::OffsetBuffer::from_lengths(vec![2; rows])
}

#[test]
fn lines_of_many_mistakes_and_long_cells_are_answered_in_few_words() {
    // A line of a million keys that no field has, and many of long ones.
    let mut lines = Vec::new();
    let keys: Vec<String> = (0..1_000_000).map(|key| format!("\"k{key}\":1")).collect();
    writeln!(lines, "{{\"id\": 1, {}}}", keys.join(",")).expect("memory");
    for id in 0..1_000 {
        writeln!(lines, "{{\"id\": {id}, \"{}\": 1}}", "k".repeat(20_000)).expect("memory");
    }
    let folder = tempfile::tempdir().expect("a folder");
    let server = Server::start_with(&["--data", folder.path().to_str().expect("a path")]);
    server.load("{\"id\": \"first\", \"note\": \"x\"}\n");
    let before = peak(&server);
    let report = server.import("id_field=id", "application/x-ndjson", lines).expect(200);
    assert_eq!(report["rejected_total"], 1_001);
    let answer = report.to_string().len();
    assert!(answer < 4 << 20, "{answer} bytes of mistakes");
    let cells: String = (0..1_000).map(|id| format!("{id},{}\n", "x".repeat(50_000))).collect();
    let report = server.import("id_field=id", "text/csv", format!("id,note\n{cells}").into_bytes()).expect(200);
    assert_eq!(report["rejected_total"], 1_000);
    assert!(report.to_string().len() < 1 << 20);
    let more = peak(&server) - before;
    assert!(more < PEAK_BYTES_MAX, "{} MiB more than before", more >> 20);
}
