//! Files of profiles: refused in words, or every row accounted for, and loading the same file again changes nothing.

use std::fs::File;
use std::io::Write;

use ::parquet::arrow::ArrowWriter;
use arrow::array::RecordBatch;
use arrow::ipc::writer::{FileWriter, StreamWriter};
use muster::load::{LoadOptions, LoadReport, load};
use muster::source::{self, Format};
use muster_data::{Population, ndjson};
use muster_engine::error::Error;
use muster_engine::table::{ImportMode, RowOrder};
use muster_engine::tenant::{Tenant, Terms};
use muster_engine::time::Timestamp;

/// What ids are called in seeds.
const ID: &str = "id";

fn batch(rows: u64) -> RecordBatch {
    Population::new(3, rows, Timestamp(1_700_000_000_000_000)).batches().next().expect("there are rows")
}

pub(super) fn csv_seeds() -> Vec<Vec<u8>> {
    let texts = [
        "id,visits,spent,country,active,at\n1,5,17.50,DE,true,2024-01-31T10:00:00Z\n2,,0.1,\"a,\"\"b\",false,\n2,7,,,,\n",
        "visits;id\n5;a\n\n6;\"b\nc\"\n",
        "\u{feff}id\tday\r\n1\t2024-02-29\r\n2\t1970-01-01\r\n",
        "customer_id\n1\n\n 2 \n2\n\"x\ny\"\n",
        "id,n\n1,9223372036854775807\n2,1e3\n3,-0.0\n4,0001-01-01\n",
    ];
    texts.map(|text| text.as_bytes().to_vec()).to_vec()
}

pub(super) fn ndjson_seeds() -> Vec<Vec<u8>> {
    let mut generated = Vec::new();
    ndjson::append(&batch(4), &mut generated).expect("every type is known");
    let texts = [
        "{\"id\": 1, \"visits\": 5, \"spent\": 17.50, \"tags\": [\"a\", \"b\", \"a\"], \"sizes\": [3, 1]}\n{\"id\": \"b\"}\n",
        "{\"id\": 1, \"at\": \"2024-01-31T10:00:00.5+02:00\", \"ok\": true, \"x\": null}\n\n{\"x\": \"\\ud83c\\udfb8\", \"id\": 2}",
        "{\"n\": -0.0, \"id\": 0}\n{\"id\": 0, \"n\": 1e308}\n{\"id\": 0, \"n\": 123456789012345678901234567890}\n",
    ];
    texts.iter().map(|text| text.as_bytes().to_vec()).chain([generated]).collect()
}

pub(super) fn ipc_seeds() -> Vec<Vec<u8>> {
    let batch = batch(6);
    let (mut stream, mut file) = (Vec::new(), Vec::new());
    let mut writer = StreamWriter::try_new(&mut stream, &batch.schema()).expect("a writer");
    writer.write(&batch).and_then(|()| writer.finish()).expect("room");
    let mut writer = FileWriter::try_new(&mut file, &batch.schema()).expect("a writer");
    writer.write(&batch).and_then(|()| writer.finish()).expect("room");
    vec![stream, file]
}

pub(super) fn parquet_seeds() -> Vec<Vec<u8>> {
    let write = |rows| {
        let (batch, mut bytes) = (batch(rows), Vec::new());
        let mut writer = ArrowWriter::try_new(&mut bytes, batch.schema(), None).expect("a writer");
        writer.write(&batch).expect("room");
        writer.close().expect("room");
        bytes
    };
    vec![write(1), write(40)]
}

pub(super) fn csv(bytes: &[u8]) {
    let file = file(bytes);
    load_twice(&file, Format::Csv);
    if let Ok(list) = source::read_ids(&file, None) {
        assert!(list.entries.iter().all(|id| id.trim() == id && !id.is_empty()), "{:?}", list.entries);
    }
}

pub(super) fn ndjson(bytes: &[u8]) {
    load_twice(&file(bytes), Format::Ndjson);
}

pub(super) fn ipc(bytes: &[u8]) {
    let file = file(bytes);
    load_twice(&file, Format::ArrowStream);
    load_twice(&file, Format::ArrowFile);
}

pub(super) fn parquet(bytes: &[u8]) {
    load_twice(&file(bytes), Format::Parquet);
}

fn file(bytes: &[u8]) -> File {
    let mut file = tempfile::tempfile().expect("a temporary file");
    file.write_all(bytes).expect("room on the disk");
    file
}

fn load_twice(file: &File, format: Format) {
    let Ok(names) = source::column_names(file, format) else { return };
    let Some(id_field) = names.iter().find(|name| *name == ID).or(names.first()).cloned() else { return };
    let options = |mode| LoadOptions {
        format,
        id_field: Some(id_field.clone()),
        infer: true,
        mode,
        row_order: RowOrder::Clustered,
        terms: Terms::default(),
    };
    let tenant = Tenant::default();
    let load = |mode| load(&tenant, file, &options(mode), &mut |_| {});
    let first = match load(ImportMode::Replace) {
        Ok(report) => report,
        Err(Error::Invalid(problems)) if !problems.is_empty() => return,
        Err(Error::Limit(_)) => return,
        Err(error) => panic!("the file is what is wrong, not {error:?}"),
    };
    account(&first, &tenant);
    assert_eq!(first.inserted, tenant.state().view.live().len());
    for mode in [ImportMode::Replace, ImportMode::Merge] {
        let again = load(mode).expect("it was good before");
        account(&again, &tenant);
        assert_eq!((again.rows, again.rejects.total), (first.rows, first.rejects.total), "{mode:?}");
        if mode == ImportMode::Replace {
            assert_eq!((again.inserted, again.updated), (0, 0), "the same rows change nothing");
        }
    }
}

fn account(report: &LoadReport, tenant: &Tenant) {
    let LoadReport { rows, inserted, updated, unchanged, rejects, duplicates_total, .. } = report;
    assert_eq!(*rows, inserted + updated + unchanged + rejects.total + duplicates_total, "{report:?}");
    tenant.state().view.verify().expect("indexes agree with columns");
}
