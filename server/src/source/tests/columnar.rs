//! Parquet and Arrow IPC: every type, every refusal, damaged files.

use std::sync::Arc;

use arrow::array::*;
use arrow::datatypes::{Int32Type, TimeUnit};
use arrow::ipc::writer::{FileWriter, StreamWriter};
use muster_engine::limits::VALUE_BYTES_MAX;
use parquet::arrow::ArrowWriter;
use parquet::file::properties::WriterProperties;

use super::*;

const FORMATS: [Format; 3] = [Format::Parquet, Format::ArrowStream, Format::ArrowFile];

fn write(batch: &RecordBatch, format: Format) -> Vec<u8> {
    let mut bytes = Vec::new();
    match format {
        Format::Parquet => {
            let mut writer = ArrowWriter::try_new(&mut bytes, batch.schema(), None).expect("a writer");
            writer.write(batch).expect("a batch");
            writer.close().expect("an end");
        }
        Format::ArrowStream => {
            let mut writer = StreamWriter::try_new(&mut bytes, &batch.schema()).expect("a writer");
            writer.write(batch).expect("a batch");
            writer.finish().expect("an end");
        }
        _ => {
            let mut writer = FileWriter::try_new(&mut bytes, &batch.schema()).expect("a writer");
            writer.write(batch).expect("a batch");
            writer.finish().expect("an end");
        }
    }
    bytes
}

fn batch(columns: Vec<(&str, ArrayRef)>) -> RecordBatch {
    let columns = columns.into_iter().map(|(name, array)| (name, array, true));
    RecordBatch::try_from_iter_with_nullable(columns).expect("columns of one length")
}

fn ids() -> ArrayRef {
    Arc::new(Int32Array::from(vec![1, 2]))
}

#[test]
fn every_type_is_inferred_and_decoded() {
    let dictionary: DictionaryArray<Int32Type> = vec![Some("x"), None].into_iter().collect();
    let int_list = |rows: Vec<Option<Vec<Option<i32>>>>| ListArray::from_iter_primitive::<Int32Type, _, _>(rows);
    let mut texts = ListBuilder::new(StringBuilder::new());
    texts.append_value([Some("b"), Some("a")]);
    texts.append_value(Vec::<Option<&str>>::new());
    let cases: Vec<(ArrayRef, &str, [&str; 2])> = vec![
        (Arc::new(BooleanArray::from(vec![Some(true), None])), "bool", ["true", ""]),
        (Arc::new(Int8Array::from(vec![-1, 2])), "int", ["-1", "2"]),
        (Arc::new(UInt64Array::from(vec![7, u64::MAX])), "int", ["7", "out_of_range"]),
        (Arc::new(Float32Array::from(vec![0.5, f32::NAN])), "float", ["0.5", "not_finite"]),
        (decimal(vec![1757, -5], 10, 2), "decimal(2)", ["1757", "-5"]),
        (decimal(vec![15, -5], 10, -2), "int", ["1500", "-500"]),
        (decimal(vec![i128::from(i64::MAX) + 1, 1], 38, 0), "int", ["out_of_range", "1"]),
        (Arc::new(StringArray::from(vec!["e\u{301}", "a"])), "keyword", ["\u{e9}", "a"]),
        (Arc::new(LargeStringArray::from(vec![Some(""), None])), "keyword", ["", ""]),
        (Arc::new(StringViewArray::from(vec!["v", "w"])), "keyword", ["v", "w"]),
        (Arc::new(dictionary), "keyword", ["x", ""]),
        (Arc::new(NullArray::new(2)), "keyword", ["", ""]),
        (Arc::new(Date32Array::from(vec![1, -1])), "date", ["1", "-1"]),
        (Arc::new(Date64Array::from(vec![86_400_000, -86_400_000])), "date", ["1", "-1"]),
        (Arc::new(TimestampSecondArray::from(vec![1, i64::MAX])), "time", ["1000000", "out_of_range"]),
        (Arc::new(TimestampMillisecondArray::from(vec![1, -1])), "time", ["1000", "-1000"]),
        (Arc::new(TimestampMicrosecondArray::from(vec![5, -5]).with_timezone("+02:00")), "time", ["5", "-5"]),
        (Arc::new(TimestampNanosecondArray::from(vec![1_999, -1])), "time", ["1", "-1"]),
        (Arc::new(int_list(vec![Some(vec![Some(3), Some(1)]), None])), "int_set", ["[3,1]", ""]),
        (Arc::new(int_list(vec![Some(vec![Some(3), None]), Some(vec![])])), "int_set", ["missing_member", "[]"]),
        (Arc::new(texts.finish()), "keyword_set", ["[b,a]", "[]"]),
    ];
    for (array, kind, wanted) in cases {
        for format in FORMATS {
            if format == Format::Parquet && array.data_type().to_string().contains("-2") {
                // A negative scale is Arrow's alone: Parquet's writer refuses it.
                continue;
            }
            let label = format!("{} in {format:?}", array.data_type());
            let bytes = write(&batch(vec![("id", ids()), ("x", array.clone())]), format);
            assert_eq!(inferred(&bytes, format), Ok(format!("x:{kind}")), "{label}");
            let (rows, report) = rows(&bytes, format, &format!("x:{kind}")).expect("a readable file");
            let mut got = vec![String::new(); 2];
            for row in rows {
                let (id, value) = row.split_once(' ').unwrap_or((&row, ""));
                got[id.parse::<usize>().expect("an id") - 1] = value.replace("x=", "");
            }
            for row in &report.rejects.listed {
                got[usize::try_from(row.row).expect("small") - 1] = row.errors[0].code.to_owned();
            }
            assert_eq!(got, wanted, "{label}");
        }
    }
}

fn decimal(values: Vec<i128>, precision: u8, scale: i8) -> ArrayRef {
    Arc::new(Decimal128Array::from(values).with_precision_and_scale(precision, scale).expect("a good scale"))
}

/// Groups have dictionaries of their own, and a batch may have rows of two of them.
#[test]
fn texts_of_a_parquet_dictionary_are_those_of_their_rows() {
    let count = 70_000;
    let word = |row: usize| (!row.is_multiple_of(7)).then(|| format!("word {}", row % 13 + row / 30_000));
    let words: StringArray = (0..count).map(word).collect();
    let mut sets = ListBuilder::new(StringBuilder::new());
    (0..count).for_each(|row| sets.append_option(word(row).map(|word| [Some(word), Some(format!("tag {}", row % 3))])));
    let ids: Int64Array = (0..count as i64).map(Some).collect();
    let batch = batch(vec![("id", Arc::new(ids)), ("x", Arc::new(words)), ("y", Arc::new(sets.finish()))]);
    let mut bytes = Vec::new();
    let properties = WriterProperties::builder().set_max_row_group_row_count(Some(30_000)).build();
    let mut writer = ArrowWriter::try_new(&mut bytes, batch.schema(), Some(properties)).expect("a writer");
    writer.write(&batch).expect("a batch");
    writer.close().expect("an end");
    let (rows, report) = rows(&bytes, Format::Parquet, "x:keyword y:keyword_set").expect("a readable file");
    assert_eq!((rows.len(), report.rejects.total), (count, 0));
    for (row, text) in rows.iter().enumerate() {
        let wanted = word(row).map(|word| format!(" x={word} y=[{word},tag {}]", row % 3));
        assert_eq!(*text, format!("{row}{}", wanted.unwrap_or_default()));
    }
}

#[test]
fn a_word_that_does_not_fit_refuses_the_rows_that_have_it() {
    let long = "x".repeat(VALUE_BYTES_MAX + 1);
    let words: DictionaryArray<Int32Type> =
        [Some("e\u{301}"), None, Some(&long), Some("e\u{301}"), Some("a")].into_iter().collect();
    let ids = Arc::new(Int32Array::from(vec![1, 2, 3, 4, 5]));
    for format in FORMATS {
        let bytes = write(&batch(vec![("id", ids.clone()), ("x", Arc::new(words.clone()))]), format);
        let (rows, report) = rows(&bytes, format, "x:keyword").expect("a readable file");
        assert_eq!(rows, ["1 x=\u{e9}", "2", "4 x=\u{e9}", "5 x=a"]);
        assert_eq!(rejected(&report), ["3 /x value_too_long"]);
    }
}

#[test]
fn a_column_fills_a_field_of_another_type_when_no_value_changes() {
    for (array, kind, wanted) in [
        (Arc::new(Float64Array::from(vec![17.57, 0.005])) as ArrayRef, "decimal(2)", ["1757", "too_many_digits"]),
        (Arc::new(Float64Array::from(vec![3.0, 3.5])), "int", ["3", "wrong_type"]),
        (Arc::new(Int64Array::from(vec![3, i64::MAX])), "decimal(2)", ["300", "out_of_range"]),
        (Arc::new(Int64Array::from(vec![3, -3])), "keyword", ["3", "-3"]),
        (decimal(vec![1500, 1505], 10, 3), "decimal(2)", ["150", "too_many_digits"]),
        (Arc::new(StringArray::from(vec!["2018-01-01", "x"])), "date", ["17532", "wrong_type"]),
    ] {
        let bytes = write(&batch(vec![("id", ids()), ("x", array)]), Format::ArrowStream);
        let (rows, report) = rows(&bytes, Format::ArrowStream, &format!("x:{kind}")).expect("a readable file");
        let mut got: Vec<String> = rows.iter().map(|row| row[4..].to_owned()).collect();
        got.extend(report.rejects.listed.iter().map(|row| row.errors[0].code.to_owned()));
        assert_eq!(got, wanted, "{kind}");
    }
}

#[test]
fn columns_that_cannot_be_are_refused_with_their_cure() {
    let numbers: ArrayRef = Arc::new(Int64Array::from(vec![1, 2]));
    let structs: ArrayRef = Arc::new(StructArray::from(batch(vec![("a", numbers.clone())])));
    let bytes: ArrayRef = Arc::new(BinaryArray::from(vec![&b"a"[..], b"b"]));
    let times: ArrayRef = Arc::new(Time32SecondArray::from(vec![1, 2]));
    assert!(matches!(times.data_type(), arrow::datatypes::DataType::Time32(TimeUnit::Second)));
    for format in FORMATS {
        let wrong = write(
            &batch(vec![("id", ids()), ("s", structs.clone()), ("y", bytes.clone()), ("t", times.clone())]),
            format,
        );
        assert_eq!(codes(inferred(&wrong, format)), ["unsupported_column"; 3]);
        let message = inferred(&wrong, format).expect_err("refused").to_string();
        assert!(message.contains("flatten it into columns of their own"), "{message}");
        assert_eq!(codes(rows(&wrong, format, "s:int y:int t:int")), ["wrong_column_type"; 3]);
        let strange = write(&batch(vec![("id", ids()), ("a", numbers.clone()), ("b", numbers.clone())]), format);
        assert_eq!(codes(rows(&strange, format, "x:int")), ["unknown_field"; 2]);
        let nameless = write(&batch(vec![("ID", ids()), ("x", numbers.clone())]), format);
        assert_eq!(codes(rows(&nameless, format, "x:int")), ["missing_id_column"]);
        let float_ids = write(&batch(vec![("id", Arc::new(Float64Array::from(vec![1.0])) as ArrayRef)]), format);
        assert_eq!(codes(rows(&float_ids, format, "x:int")), ["wrong_column_type"]);
    }
}

#[test]
fn rows_without_a_good_id_are_kept_back() {
    let long = "x".repeat(4_097);
    let bad: ArrayRef = Arc::new(StringArray::from(vec![Some("a"), None, Some(""), Some(&long), Some("b")]));
    let floats: ArrayRef = Arc::new(Float64Array::from(vec![1.0, 1.0, f64::INFINITY, 1.0, 2.0]));
    for format in FORMATS {
        let bytes = write(&batch(vec![("f", floats.clone()), ("id", bad.clone())]), format);
        let (rows, report) = rows(&bytes, format, "f:float").expect("a readable file");
        assert_eq!(rows, ["a f=1", "b f=2"]);
        assert_eq!(rejected(&report), ["2 /id missing_id", "3 /f not_finite; /id missing_id", "4 /id id_too_long"]);
    }
}

/// The place of the last `number` in a file.
fn last_place(bytes: &[u8], number: i64) -> usize {
    bytes.windows(8).rposition(|window| window == number.to_le_bytes()).expect("it is there")
}

/// An Arrow file of one batch whose footer says that a block has so many bytes.
fn claiming(file: &[u8], number: i64, claimed: i64) -> Vec<u8> {
    let mut claiming = file.to_vec();
    let at = last_place(file, number);
    claiming[at..at + 8].copy_from_slice(&claimed.to_le_bytes());
    claiming
}

#[test]
fn what_an_arrow_file_claims_is_looked_at_before_there_is_room_made_for_it() {
    let refused = |bytes: &[u8], format| {
        let message = inferred(bytes, format).expect_err("it claims what it has not").to_string();
        assert!(message.contains("it says that") || message.contains("smaller batches"), "{message}");
    };
    // A file of a few bytes with a footer of 2 GiB.
    refused(&[b"ARROW1\0\0", &(i32::MAX).to_le_bytes()[..], b"ARROW1"].concat(), Format::ArrowFile);
    // A stream of a few bytes with a message, or with a body, of GiB.
    refused(&[&[0xff; 4][..], &(i32::MAX).to_le_bytes()].concat(), Format::ArrowStream);
    // No value looks like a length.
    let values: ArrayRef = Arc::new(Int64Array::from(vec![-1; 1_000]));
    let plain = batch(vec![("id", values.clone())]);
    let body = 8 * 1_000 + 128;
    for format in [Format::ArrowFile, Format::ArrowStream] {
        let good = write(&plain, format);
        let body = (body - 128..=body + 128).rev().find(|body| good.windows(8).any(|at| at == i64::to_le_bytes(*body)));
        let body = body.expect("the length of a body");
        refused(&claiming(&good, body, 1 << 40), format);
        refused(&claiming(&good, body, -1), format);
        // More values than a thousand rows of 64 bits can be: as many as there are bits are believed.
        let rows = good.windows(8).position(|at| at == 1_000i64.to_le_bytes()).expect("a number of rows");
        for (claimed, is_believed) in [(8 * body, true), (8 * body + 1, 8 * body < 65_536), (1 << 40, false)] {
            let mut claiming = good.clone();
            claiming[rows..rows + 8].copy_from_slice(&claimed.to_le_bytes());
            let message = rows_of(&claiming, format);
            assert_eq!(!message.contains("it says that"), is_believed, "{claimed} of {body}: {message}");
        }
    }
}

fn rows_of(bytes: &[u8], format: Format) -> String {
    rows(bytes, format, "x:int").err().map_or_else(String::new, |error| error.to_string())
}

#[test]
fn a_compressed_buffer_is_not_believed_how_long_it_was() {
    use arrow::ipc::CompressionType;
    use arrow::ipc::writer::IpcWriteOptions;
    for kind in [CompressionType::ZSTD, CompressionType::LZ4_FRAME] {
        let ids: ArrayRef = Arc::new(Int64Array::from_iter_values((0..40_000).map(|id| id / 2)));
        let batch = batch(vec![("id", ids)]);
        let options = IpcWriteOptions::default().try_with_compression(Some(kind)).expect("it is known");
        let mut good = Vec::new();
        let mut writer = StreamWriter::try_new_with_options(&mut good, &batch.schema(), options).expect("a writer");
        writer.write(&batch).and_then(|()| writer.finish()).expect("a batch");
        assert_eq!(rows_of(&good, Format::ArrowStream), "");
        let limit = crate::limits::ARROW_BATCH_BYTES_MAX as i64;
        for (claimed, is_too_much) in [(limit, false), (limit + 1, true), (i64::MAX, true), (-2, true)] {
            let message = rows_of(&claiming(&good, 320_000, claimed), Format::ArrowStream);
            assert!(!message.is_empty());
            assert_eq!(message.contains("smaller batches"), is_too_much, "{claimed}: {message}");
        }
    }
}

#[test]
fn a_damaged_file_is_unreadable_and_no_panic() {
    let column: ArrayRef = Arc::new(StringArray::from_iter_values((0..2_000).map(|i| format!("value {i}"))));
    let ids: ArrayRef = Arc::new(Int64Array::from_iter_values(0..2_000));
    for format in FORMATS {
        let good = write(&batch(vec![("id", ids.clone()), ("x", column.clone())]), format);
        assert_eq!(rows(&good, format, "x:keyword").expect("a good file").0.len(), 2_000);
        for cut in [0, 3, 100, good.len() / 2, good.len() - 40] {
            assert_eq!(codes(rows(&good[..cut], format, "x:keyword")), ["unreadable_file"], "{format:?} cut at {cut}");
        }
        for seed in 0..60 {
            let mut damaged = good.clone();
            let at = seed * 7_919 % damaged.len();
            damaged[at] ^= 0xff;
            // Some bytes are values and may change; all that counts is to come back.
            let _ = rows(&damaged, format, "x:keyword");
        }
    }
    assert_eq!(codes(rows(b"id,x\n1,2\n", Format::Parquet, "x:keyword")), ["unreadable_file"]);
}
