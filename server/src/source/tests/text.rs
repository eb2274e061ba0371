//! NDJSON and CSV: what they decode to, and every refusal.

use super::*;
use crate::limits::{REJECTED_LISTED_MAX, ROW_BYTES_MAX, ROW_PROBLEMS_MAX};
use muster_engine::limits::FIELDS_MAX;

const ALL: &str = "b:bool i:int d:decimal(2) f:float k:keyword ks:keyword_set is:int_set t:time day:date";

#[test]
fn ndjson_of_every_type_decodes() {
    let text = concat!(
        "\u{feff}{\"id\":1,\"b\":true,\"i\":-5,\"d\":17.57,\"f\":1e-3,\"k\":\"e\u{301}\\n\",\"ks\":[\"b\",\"a\"],",
        "\"is\":[3,1],\"t\":\"1970-01-01T00:00:01Z\",\"day\":\"1970-01-02\"}\r\n",
        "\n   \n",
        "{\"id\":\"x\",\"d\":\"1.5\",\"ks\":[],\"i\":null}\n",
        "{\"id\":123456789012345678901234567890}",
    );
    let (rows, report) = rows(text.as_bytes(), Format::Ndjson, ALL).expect("a good file");
    let wanted = [
        "1 b=true i=-5 d=1757 f=0.001 k=\u{e9}\n ks=[b,a] is=[3,1] t=1000000 day=1",
        "x d=150 ks=[]",
        "123456789012345678901234567890",
    ];
    assert_eq!(rows, wanted);
    assert_eq!((report.rows, report.rejects.total), (3, 0));
}

#[test]
fn ndjson_rows_that_do_not_fit_are_kept_back_with_every_reason() {
    let long = "x".repeat(4_097);
    for (line, wanted) in [
        (r#"{"id":1,"b":1,"i":1.5,"d":1.005}"#.into(), "1 /b wrong_type; /i wrong_type; /d too_many_digits"),
        (r#"{"id":1,"i":"5"}"#.into(), "1 /i wrong_type"),
        (r#"{"id":1,"i":9223372036854775808}"#.into(), "1 /i out_of_range"),
        (r#"{"id":1,"f":1e999}"#.into(), "1 /f not_finite"),
        (r#"{"id":1,"t":"2018-01-01","day":"2018-02-30"}"#.into(), "1 /t wrong_type; /day wrong_type"),
        (r#"{"id":1,"k":{"a":1}}"#.into(), "1 /k wrong_type"),
        (r#"{"id":1,"ks":"a","is":["a"]}"#.into(), "1 /ks wrong_type; /is wrong_type"),
        (r#"{"id":1,"ks":["a",null]}"#.into(), "1 /ks wrong_type"),
        (r#"{"b":true}"#.into(), "1 /id missing_id"),
        (r#"{"id":null}"#.into(), "1 /id missing_id"),
        (r#"{"id":""}"#.into(), "1 /id missing_id"),
        (r#"{"id":1.5}"#.into(), "1 /id bad_id"),
        (r#"{"id":true,"b":3}"#.into(), "1 /id bad_id; /b wrong_type"),
        (format!(r#"{{"id":"{long}"}}"#), "1 /id id_too_long"),
        (format!(r#"{{"id":1,"k":"{long}"}}"#), "1 /k value_too_long"),
        (format!(r#"{{"id":1,"is":[{}1]}}"#, "1,".repeat(100_000)), "1 /is set_too_large"),
        (r#"{"id":1,"a/b":1}"#.into(), "1 /a~1b unknown_field"),
        (r#"{"id":1,"i":1,"i":2}"#.into(), "1 /i duplicate_key"),
        (r#"{"id":1,"id":2}"#.into(), "1 /id duplicate_key"),
        (r#"{"id":1,"i":}"#.into(), "1  bad_json"),
        (r#"{"id":1,"k":"\ud800"}"#.into(), "1 /k bad_json"),
        ("[1]".into(), "1  bad_json"),
    ] {
        let (rows, report) = rows(line.as_bytes(), Format::Ndjson, ALL).expect("a readable file");
        assert!(rows.is_empty(), "{line}");
        assert_eq!(rejected(&report), [wanted], "{line}");
    }
    let (_, report) = rows(b"{\"id\":1,\"k\":\"\xff\"}\n{\"id\":2}", Format::Ndjson, ALL).expect("a readable file");
    assert_eq!(rejected(&report), ["1  bad_utf8"]);
}

#[test]
fn a_rejected_row_leaves_no_trace() {
    let text = concat!(
        "{\"id\":1,\"ks\":[\"a\"],\"is\":[1],\"k\":\"a\"}\n",
        "{\"id\":2,\"k\":\"b\",\"ks\":[\"b\",\"c\"],\"is\":[2,\"x\"]}\n",
        "{\"id\":3,\"is\":[3]}\n",
    );
    let (rows, report) = rows(text.as_bytes(), Format::Ndjson, ALL).expect("a readable file");
    assert_eq!(rows, ["1 k=a ks=[a] is=[1]", "3 is=[3]"]);
    assert_eq!(rejected(&report), ["2 /is wrong_type"]);
}

#[test]
fn messages_say_what_was_expected() {
    let text = r#"{"id":1,"d":1.005,"i":"abc","agee":1}"#;
    let (_, report) = rows(text.as_bytes(), Format::Ndjson, "d:decimal(2) i:int age:int").expect("a readable file");
    let messages: Vec<String> = report.rejects.listed[0].errors.iter().map(ToString::to_string).collect();
    assert_eq!(
        messages,
        [
            "/d: \"d\" takes a number with at most 2 digits after the point, got \"1.005\"",
            "/i: \"i\" takes a whole number, got \"abc\"",
            "/agee: \"agee\" is no field of the schema; add it there first or leave it out (nearest: age)",
        ]
    );
}

#[test]
fn ndjson_tells_which_rows_name_a_field() {
    let schema = schema("a:int b:int c:int");
    let text = b"{\"id\":1,\"a\":1,\"b\":null}\n{\"id\":2,\"a\":2}\n";
    read(&file(text), Format::Ndjson, "id", &schema, &mut |batch, numbers| {
        assert_eq!(numbers.first(), 1);
        let named: Vec<_> = batch.columns.iter().map(|column| column.named.clone()).collect();
        assert_eq!(named, [None, Some(vec![true, false].into())]);
        Ok(())
    })
    .expect("a good file");
}

#[test]
fn csv_of_every_type_decodes_in_every_dialect() {
    let header = "\u{feff} id ,b,i,d,f,k,ks,is,t,day";
    let row =
        " 1 ,TRUE,-5,17.570,1e-3,\"a \"\"b\"\"\",\"[\"\"b\"\",\"\"a\"\"]\",\"[3,1]\",1970-01-01T00:00:01Z,1970-01-02";
    let missing = "007,,,,,,,,,";
    for end in ["\n", "\r\n", "\r"] {
        let text = [header, row, "", missing].join(end);
        let (rows, report) = rows(text.as_bytes(), Format::Csv, ALL).expect("a good file");
        let first = "1 b=true i=-5 d=1757 f=0.001 k=a \"b\" ks=[b,a] is=[3,1] t=1000000 day=1";
        assert_eq!(rows, [first, "007"], "{end:?}");
        assert_eq!(report.rows, 2);
    }
    for delimiter in [";", "\t"] {
        let text = format!("k,k{delimiter}id\na,b{delimiter}1\n").replace("k,k", "k");
        let (rows, _) = rows(text.as_bytes(), Format::Csv, "k:keyword").expect("a good file");
        assert_eq!(rows, ["1 k=a,b"], "{delimiter:?}");
    }
}

#[test]
fn csv_rows_that_do_not_fit_are_kept_back() {
    for (row, wanted) in [
        ("1,abc,yes,x", "1 /i wrong_type; /b wrong_type; /s wrong_type"),
        (",1,true,", "1 /id missing_id"),
        ("1,2", "1  ragged_row"),
        ("1,2,true,[],5", "1  ragged_row"),
        ("1,\"2\"3,,", "1 /i bad_quoting"),
        ("1,9223372036854775808,,", "1 /i out_of_range"),
        ("1,,,\"[\"\"a\"\",]\"", "1 /s wrong_type"),
    ] {
        let text = format!("id,i,b,s\n{row}\n9,,,\n");
        let (rows, report) = rows(text.as_bytes(), Format::Csv, "i:int b:bool s:keyword_set").expect("a readable file");
        assert_eq!(rows, ["9"], "{row}");
        assert_eq!(rejected(&report), [wanted], "{row}");
    }
    let (_, report) = rows(b"id,k\n1,\xff\n", Format::Csv, "k:keyword").expect("a readable file");
    assert_eq!(rejected(&report), ["1 /k bad_utf8"]);
}

#[test]
fn files_that_are_wrong_as_a_whole_are_refused() {
    for (text, wanted) in [
        (&b"id,x,y\n1,2,3\n"[..], &["unknown_field", "unknown_field"][..]),
        (b"idd,i\n1,2\n", &["missing_id_column"]),
        (b"id,i,i\n1,2,3\n", &["duplicate_column"]),
        (b"id,i,\n1,2,3\n", &["nameless_column"]),
        (b"id,i\n1,\"2\n", &["unclosed_quote"]),
        (b"", &["missing_header"]),
        (b"\n\n", &["missing_header"]),
        (b"\xff\xfei\0d\0", &["bad_utf8"]),
        (b"id,\xff\n", &["bad_utf8"]),
    ] {
        assert_eq!(codes(rows(text, Format::Csv, "i:int")), wanted, "{}", String::from_utf8_lossy(text));
    }
    let refused = rows(b"Id_,i\n1,2\n", Format::Csv, "i:int").expect_err("no id column");
    assert!(refused.to_string().contains("nearest: Id_"), "{refused}");
}

#[test]
fn types_are_inferred_over_the_whole_file() {
    let ndjson =
        b"{\"id\":1,\"a\":1,\"b\":\"x\"}\n{\"a\":2.55,\"c\":[1],\"id\":2}\nbad\n{\"id\":3,\"d\":null,\"c\":[]}\n";
    assert_eq!(inferred(ndjson, Format::Ndjson).as_deref(), Ok("a:decimal(2) b:keyword c:int_set d:keyword"));
    let csv = b"a,id,zip,since,empty\n1,1,01234,2018-01-01,\n2,x,99999,,\n";
    assert_eq!(inferred(csv, Format::Csv).as_deref(), Ok("a:int zip:keyword since:date empty:keyword"));
    assert_eq!(codes(inferred(b"a,b\n1,2\n", Format::Csv)), ["missing_id_column"]);
}

#[test]
fn a_mixed_column_keeps_every_value_as_text() {
    let text = b"{\"id\":1,\"a\":1}\n{\"id\":2,\"a\":\"x\"}\n{\"id\":3,\"a\":true}\n";
    assert_eq!(inferred(text, Format::Ndjson).as_deref(), Ok("a:keyword"));
    assert_eq!(rows(text, Format::Ndjson, "a:keyword").expect("a good file").0, ["1 a=1", "2 a=x", "3 a=true"]);
}

#[test]
fn rejected_rows_are_listed_up_to_a_bound_and_counted_beyond() {
    let text = "{\"id\":1,\"a\":\"x\"}\n".repeat(REJECTED_LISTED_MAX + 5) + "{\"id\":1}";
    let (rows, report) = rows(text.as_bytes(), Format::Ndjson, "a:int").expect("a readable file");
    assert_eq!(rows.len(), 1);
    assert_eq!((report.rejects.listed.len(), report.rejects.total), (REJECTED_LISTED_MAX, 1_005));
    assert_eq!(report.rows, 1_006);
}

#[test]
fn mistakes_of_one_row_are_listed_up_to_a_bound() {
    for (count, listed) in [(ROW_PROBLEMS_MAX, ROW_PROBLEMS_MAX), (ROW_PROBLEMS_MAX + 1, ROW_PROBLEMS_MAX)] {
        let keys: Vec<String> = (0..count).map(|key| format!("\"k{key}\": 1")).collect();
        let line = format!("{{\"id\": 1, {}}}\n", keys.join(", "));
        let (kept, report) = rows(line.as_bytes(), Format::Ndjson, "x:int").expect("a file");
        let problems: Vec<usize> = report.rejects.listed.iter().map(|row| row.errors.len()).collect();
        assert_eq!((kept.len(), problems), (0, vec![listed]));
    }
}

#[test]
fn a_file_has_a_column_for_each_field_and_one_for_the_id() {
    let table = |fields: usize| {
        let names: Vec<String> = (0..fields).map(|field| format!("f{field}")).collect();
        format!("id,{}\n1{}\n", names.join(","), ",".repeat(fields))
    };
    inferred(table(FIELDS_MAX).as_bytes(), Format::Csv).expect("as many as there may be");
    assert_eq!(codes(inferred(table(FIELDS_MAX + 1).as_bytes(), Format::Csv)), ["too_many_columns"]);
}

#[test]
fn a_row_without_end_is_refused_before_it_fills_the_memory() {
    let mut text = b"{\"id\":\"".to_vec();
    text.resize(ROW_BYTES_MAX + 10, b'x');
    assert_eq!(codes(rows(&text, Format::Ndjson, "a:int")), ["row_too_long"]);
    text[..4].copy_from_slice(b"id\n\"");
    assert_eq!(codes(rows(&text, Format::Csv, "a:int")), ["row_too_long"]);
}
