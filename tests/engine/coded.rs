//! Words that many rows of a batch share are in the log once, and come back as what they were.

use std::sync::Arc;

use arrow_array::builder::{ListBuilder, StringDictionaryBuilder};
use arrow_array::cast::AsArray;
use arrow_array::types::Int32Type;
use arrow_array::{Array, DictionaryArray, Int32Array, StringArray};
use harness::disk::FakeDisk;
use muster_engine::command::{Entry, decode, encode};
use muster_engine::id::FieldId;
use muster_engine::schema::FieldType;
use muster_engine::table::{Batch, BatchColumn, ImportMode};
use muster_engine::tenant::Terms;

use crate::durability::{described, open};

/// Rows of the batch.
const ROWS: usize = 1_000;

/// Bytes of its words.
const WORD_BYTES: usize = 4_000;

/// Two long words and a missing one by turns, and sets of them.
fn batch() -> Batch {
    let words = ["a".repeat(WORD_BYTES), "b".repeat(WORD_BYTES)];
    let codes = Int32Array::from_iter((0..ROWS).map(|row| (!row.is_multiple_of(3)).then_some((row % 2) as i32)));
    let texts = DictionaryArray::new(codes, Arc::new(StringArray::from(words.to_vec())));
    let mut sets = ListBuilder::new(StringDictionaryBuilder::<Int32Type>::new());
    for row in 0..ROWS {
        words.iter().take(row % 3).for_each(|word| sets.values().append_value(word));
        sets.append(!row.is_multiple_of(5));
    }
    let columns = vec![
        BatchColumn { field: FieldId(0), values: Arc::new(texts), named: None },
        BatchColumn { field: FieldId(1), values: Arc::new(sets.finish()), named: None },
    ];
    Batch { ids: StringArray::from_iter_values((0..ROWS).map(|row| row.to_string())), number_ids: None, columns }
}

fn logged(batch: Batch) -> (u8, Vec<u8>) {
    encode(&Entry::ImportBatch { mode: ImportMode::Replace, batch })
}

#[test]
fn shared_words_are_written_once_and_read_back() {
    let batch = batch();
    let (kind, bytes) = logged(batch.clone());
    assert!(bytes.len() < 5 * WORD_BYTES + 16 * ROWS, "{} bytes", bytes.len());
    let Ok(Entry::ImportBatch { batch: back, .. }) = decode(kind, &bytes) else { panic!("another kind") };
    for (back, column) in back.columns.iter().zip(&batch.columns) {
        let words = |values: &dyn Array| format!("{:?}", words_of(values));
        assert_eq!(words(&*back.values), words(&*column.values));
    }
    // Read and written again they are the same bytes.
    assert_eq!(logged(back), (kind, bytes.clone()));
    for end in (0..bytes.len()).step_by(97) {
        assert!(decode(kind, &bytes[..end]).is_err(), "{end} bytes");
    }
}

/// Every row's texts, none for a row without a value.
fn words_of(values: &dyn Array) -> Vec<Option<Vec<String>>> {
    let row = |row: usize| {
        if values.is_null(row) {
            return None;
        }
        let members = values.as_list_opt::<i32>().map(|lists| lists.value(row));
        let (words, rows) = match &members {
            Some(members) => (members.as_dictionary::<Int32Type>(), 0..members.len()),
            None => (values.as_dictionary::<Int32Type>(), row..row + 1),
        };
        let texts = words.values().as_string::<i32>();
        Some(rows.map(|at| texts.value(words.keys().value(at) as usize).to_owned()).collect())
    };
    (0..values.len()).map(row).collect()
}

#[test]
fn a_word_that_the_batch_does_not_bring_is_refused() {
    let mut batch = batch();
    batch.columns.truncate(1);
    let (kind, mut bytes) = logged(batch);
    let last = bytes.len() - 1;
    assert!([0, 1].contains(&bytes[last]), "the code of the last row");
    bytes[last] = 2;
    // That of row 999 is missing, and may say anything; so that of the one before.
    bytes[last - 1] = 2;
    assert!(decode(kind, &bytes).is_err());
}

#[test]
fn a_restart_finds_shared_words() {
    let disk = FakeDisk::default();
    let tenant = open(&disk).expect("a new tenant");
    let fields = vec![("note".to_owned(), FieldType::Keyword), ("notes".to_owned(), FieldType::KeywordSet)];
    let mut import = tenant.import();
    import.prepare("id", &fields).expect("good fields");
    import.upsert(&batch(), ImportMode::Replace).expect("a batch");
    import.commit(Terms::default()).expect("all of it");
    let before = described(&tenant.state());
    drop(tenant);
    assert_eq!(described(&open(&disk).expect("it opens again").state()), before);
}
