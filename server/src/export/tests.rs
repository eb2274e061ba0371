//! What is written can be read again, and no text is taken for a formula.

use std::io::Write;

use muster_engine::table::{ImportMode, RowOrder};
use muster_engine::tenant::{Tenant, Terms};

use super::*;
use crate::load::{LoadOptions, load};
use crate::source::Format;

const ROWS: &str = r#"{"id": 1, "name": "=1+1", "visits": -5, "spent": -1.50, "score": -0.5, "born": "2001-02-03", "seen": "2018-01-01T00:00:00Z", "vip": true, "tags": ["a\"b", "c,d"], "codes": [3, -1]}
{"id": "-x", "name": "a,\"b\"\nc", "visits": 7, "spent": 2.25, "vip": false, "tags": []}
{"id": 3, "name": " padded ", "codes": [9223372036854775807]}
{"id": 4}
{"id": 5, "name": "@x", "tags": ["=1"]}
{"id": 6, "name": "\tx"}
{"id": 7, "name": "plain", "visits": 9007199254740993}
"#;

fn loaded(bytes: &[u8], format: Format) -> Tenant {
    let mut file = tempfile::tempfile().expect("a file");
    file.write_all(bytes).expect("written");
    let tenant = Tenant::default();
    let options = LoadOptions {
        format,
        id_field: Some("id".into()),
        infer: true,
        mode: ImportMode::Replace,
        row_order: RowOrder::Arrival,
        terms: Terms::default(),
    };
    let report = load(&tenant, &file, &options, &mut |_| {}).expect("it can be read");
    assert_eq!(report.rejects.total, 0, "{:?}", report.rejects.listed);
    tenant
}

fn exported(tenant: &Tenant, format: ExportFormat, formulas: Formulas, fields: Option<&str>) -> Vec<u8> {
    let state = tenant.state();
    let (fields, rows) = (fields_named(fields, &state).expect("fields"), state.view.live().clone());
    let mut out = Vec::new();
    let export = Export { state, rows, fields, format, formulas };
    export.write(&mut out, &mut |_| {}).expect("written to memory");
    out
}

/// All profiles in words; the ids of a Parquet file are texts.
fn described(tenant: &Tenant) -> Vec<String> {
    let state = tenant.state();
    let profile = |row| {
        let profile = state.view.profile(Row(row));
        let names = profile.fields.iter().map(|(id, value)| (state.view.schema().field(*id).name.clone(), value));
        let mut fields: Vec<String> = names.map(|(name, value)| format!("{name}: {value:?}")).collect();
        fields.sort();
        format!("{} {fields:?}", profile.id)
    };
    state.view.live().rows().map(profile).collect()
}

#[test]
fn what_is_exported_can_be_loaded_again() {
    let tenant = loaded(ROWS.as_bytes(), Format::Ndjson);
    for (format, read_as) in [
        (ExportFormat::Csv, Format::Csv),
        (ExportFormat::Ndjson, Format::Ndjson),
        (ExportFormat::Parquet, Format::Parquet),
    ] {
        let bytes = exported(&tenant, format, Formulas::Kept, None);
        assert_eq!(described(&loaded(&bytes, read_as)), described(&tenant), "{}", format.name());
    }
}

#[test]
fn more_rows_than_a_batch_has_come_out_whole() {
    let row = |id: usize| format!("{{\"id\": {id}, \"n\": {}}}\n", id % 7);
    let tenant = loaded((0..2 * EXPORT_BATCH_ROWS + 1).map(row).collect::<String>().as_bytes(), Format::Ndjson);
    for (format, read_as) in [
        (ExportFormat::Csv, Format::Csv),
        (ExportFormat::Ndjson, Format::Ndjson),
        (ExportFormat::Parquet, Format::Parquet),
    ] {
        let bytes = exported(&tenant, format, Formulas::default(), None);
        assert_eq!(described(&loaded(&bytes, read_as)), described(&tenant), "{}", format.name());
    }
}

#[test]
fn texts_are_no_formulas_and_numbers_stay_numbers() {
    let tenant = loaded(ROWS.as_bytes(), Format::Ndjson);
    let text = |formulas| {
        let bytes = exported(&tenant, ExportFormat::Csv, formulas, Some("name, visits,tags"));
        String::from_utf8(bytes).expect("UTF-8")
    };
    let safe = "id,name,visits,tags\r\n1,\"'=1+1\",-5,\"[\"\"a\\\"\"b\"\",\"\"c,d\"\"]\"\r\n\
                \"'-x\",\"a,\"\"b\"\"\nc\",7,[]\r\n3,\" padded \",,\r\n4,,,\r\n5,\"'@x\",,\"[\"\"=1\"\"]\"\r\n\
                6,\"'\tx\",,\r\n7,plain,9007199254740993,\r\n";
    assert_eq!(text(Formulas::Quoted).replace("\"[]\"", "[]"), safe);
    assert!(text(Formulas::Kept).contains("\r\n5,@x,"), "{}", text(Formulas::Kept));
}

#[test]
fn formats_are_chosen_by_name_or_by_what_is_accepted() {
    for (header, wanted) in [
        ("text/csv", Some(ExportFormat::Csv)),
        ("*/*", Some(ExportFormat::Csv)),
        ("text/html, application/x-ndjson;q=0.9", Some(ExportFormat::Ndjson)),
        ("application/vnd.apache.parquet", Some(ExportFormat::Parquet)),
        ("text/csv;q=0, application/x-ndjson", Some(ExportFormat::Ndjson)),
        ("image/png", None),
    ] {
        assert_eq!(ExportFormat::accepted(header), wanted, "{header}");
    }
    for (format, name, _) in FORMATS {
        assert_eq!((ExportFormat::named(name), format.name()), (Ok(format), name));
    }
    assert!(ExportFormat::named("xls").is_err() && Formulas::named("no").is_err());
}
