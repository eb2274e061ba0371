//! The profiles equal the acceptance set, column by column and as a whole file.
//!
//! `fixtures/profiles.sha256` holds, for each column, the SHA-256 of its values as JSON, one a line and an empty line
//! where the value is missing; and the SHA-256 of the NDJSON file. It was computed from the acceptance set, which was
//! built with other tools. The study is downloaded when it is not here: a test that skips proves nothing.

use sha2::{Digest, Sha256};

use super::fetch::hex;
use super::scratch::Scratch;
use super::*;
use crate::ndjson;

const FIXTURE: &str = include_str!("../../fixtures/profiles.sha256");

/// The fixture's lines, each a name and its value.
fn expected() -> Vec<(&'static str, &'static str)> {
    let lines = FIXTURE.lines().filter(|line| !line.starts_with('#'));
    lines.map(|line| line.split_once(' ').expect("a name and a value")).collect()
}

#[test]
fn profiles_equal_the_acceptance_set() {
    let study = Study::fetched().expect("the study can be fetched");
    let profiles = build_profiles(&study).expect("profiles can be built");
    let mut wrong = Vec::new();
    let mut found = vec![("rows", profiles.num_rows().to_string())];
    for (field, array) in profiles.schema_ref().fields().iter().zip(profiles.columns()) {
        let column = ndjson::Column::new(array).expect("a type that NDJSON has");
        let mut text = Vec::new();
        for row in 0..profiles.num_rows() {
            if column.has(row) {
                column.write(row, &mut text);
            }
            text.push(b'\n');
        }
        found.push((field.name(), hex(&Sha256::digest(&text))));
    }

    let scratch = Scratch::inside(&std::env::temp_dir()).expect("a directory for the file");
    let path = scratch.path().join("profiles.ndjson");
    assert_eq!(write_profiles_ndjson(&profiles, &path), Ok(2_469));
    let file = std::fs::read(&path).expect("the file just written");
    found.push(("profiles.ndjson", hex(&Sha256::digest(&file))));

    let expected = expected();
    assert_eq!(found.len(), expected.len(), "as many columns as the fixture has");
    for ((name, found), (expected_name, expected)) in found.iter().zip(expected) {
        if (*name, found.as_str()) != (expected_name, expected) {
            wrong.push(format!("{name} (expected {expected_name})"));
        }
    }
    assert!(wrong.is_empty(), "differ from the acceptance set: {}", wrong.join(", "));
}

#[test]
fn parquet_gives_back_the_same_profiles() {
    let study = Study::fetched().expect("the study can be fetched");
    let profiles = build_profiles(&study).expect("profiles can be built");
    let scratch = Scratch::inside(&std::env::temp_dir()).expect("a directory for the file");
    let path = scratch.path().join("profiles.parquet");
    assert_eq!(write_profiles_parquet(&profiles, &path), Ok(2_469));
    let file = std::fs::File::open(&path).expect("the file just written");
    let reader = parquet::arrow::arrow_reader::ParquetRecordBatchReader::try_new(file, 4_096).expect("valid Parquet");
    let read: Vec<_> = reader.map(|batch| batch.expect("a readable batch")).collect();
    assert_eq!(read, [profiles]);
}

#[test]
fn a_second_fetch_needs_no_network() {
    let kept = fetch(&default_dir()).expect("the study can be fetched");
    let before = std::fs::metadata(&kept).and_then(|file| file.modified()).expect("the file is there");
    assert_eq!(fetch(&default_dir()).expect("it is there already"), kept);
    let after = std::fs::metadata(&kept).and_then(|file| file.modified()).expect("the file is still there");
    assert_eq!(before, after);
}

#[test]
fn events_are_the_rows_of_the_study() {
    use arrow::array::AsArray;
    use arrow::datatypes::Decimal128Type;

    let study = Study::fetched().expect("the study can be fetched");
    let events = build_events(&study).expect("events can be built");
    let (mut counts, mut cents) = (std::collections::BTreeMap::new(), std::collections::BTreeMap::new());
    for batch in &events {
        let amounts = batch["amount"].as_primitive::<Decimal128Type>();
        for (kind, amount) in batch["type"].as_string::<i32>().iter().zip(amounts) {
            let kind = kind.expect("a type").to_owned();
            *counts.entry(kind.clone()).or_insert(0) += 1;
            *cents.entry(kind).or_insert(0) += amount.unwrap_or_default();
        }
    }
    // As many rows as the source has; a basket costs what its items cost.
    let expected = [("campaign", 6_589), ("item", 1_469_307), ("purchase", 155_848), ("redemption", 2_102)];
    assert_eq!(counts.iter().map(|(kind, count)| (&**kind, *count)).collect::<Vec<_>>(), expected);
    assert_eq!(cents["purchase"], cents["item"]);
}
