//! Lists of ids, as partners and newsletters send them.

use super::*;
use crate::source::read_ids;

#[test]
fn every_line_is_an_entry_a_blank_or_rejected() {
    let text = b"\xEF\xBB\xBFname,Customer_ID\r\na, 1 \r\n\r\nb,2\r\nc,\r\nd\r\n\"e\",\"1\"\r\n\xff,3\r\nf,\xff\r\n";
    let list = read_ids(&file(text), None).expect("a good list");
    assert_eq!(list.entries, ["1", "2", "1", "3"]);
    assert_eq!(list.blank, 2);
    let rows: Vec<(u64, &str)> = list.rejects.listed.iter().map(|row| (row.row, row.errors[0].code)).collect();
    assert_eq!(rows, [(4, "ragged_row"), (7, "bad_utf8")]);
}

#[test]
fn blank_lines_are_counted_but_not_the_end_of_the_last() {
    for (text, entries, blank) in [
        ("id\n", 0, 0),
        ("id", 0, 0),
        ("id\n1", 1, 0),
        ("id\n1\n", 1, 0),
        ("id\n1\n\n", 1, 1),
        ("id\n\n\n1\n  \n", 1, 3),
        ("id\r1\r\r2\r", 2, 1),
        ("id\n\"\"\n", 0, 1),
    ] {
        let list = read_ids(&file(text.as_bytes()), None).expect("a good list");
        assert_eq!((list.entries.len(), list.blank), (entries, blank), "{text:?}");
    }
}

#[test]
fn the_id_column_is_found_by_name() {
    for (header, wanted, found) in [
        ("x;id", None, Ok("2")),
        ("id\tcustomer_id", None, Ok("2")),
        ("email,id", Some("email"), Ok("1")),
        ("EMAIL,id", Some("email"), Ok("1")),
        ("a,b", None, Err("missing_id_column")),
        ("a,id", Some("email"), Err("missing_id_column")),
        ("id,ID", None, Err("duplicate_column")),
    ] {
        let delimiter = header.chars().find(|c| ",;\t".contains(*c)).expect("a delimiter");
        let list = read_ids(&file(format!("{header}\n1{delimiter}2\n").as_bytes()), wanted);
        let got = list.as_ref().map(|list| list.entries[0].as_str()).map_err(|error| match error {
            Error::Invalid(problems) => problems[0].code,
            other => panic!("{other}"),
        });
        assert_eq!(got, found, "{header}");
    }
}

#[test]
fn a_long_id_is_rejected() {
    let list = read_ids(&file(format!("id\n{}\n", "x".repeat(4_097)).as_bytes()), None).expect("a readable list");
    assert_eq!(list.rejects.listed[0].errors[0].code, "id_too_long");
}
