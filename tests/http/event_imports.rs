//! Files of events over HTTP and on the command line: every format says the same, and every dirty row is named.

use std::process::Command;
use std::sync::Arc;

use arrow_array::{ArrayRef, Int64Array, RecordBatch, StringArray, TimestampMicrosecondArray};
use harness::server::{Answer, Server, binary};
use reqwest::Method;
use serde_json::{Value as Json, json};

const CSV: &str = "text/csv";
const NDJSON: &str = "application/x-ndjson";

fn import(server: &Server, query: &str, kind: &str, body: impl Into<reqwest::blocking::Body>) -> Answer {
    server.send(Method::POST, &format!("/api/events/import?{query}"), kind, body)
}

/// The report of an import, whose sums must be right.
fn report(answer: &Answer) -> Json {
    let report = answer.expect(200);
    let number = |key: &str| report[key].as_u64().unwrap_or_else(|| panic!("no {key}: {report}"));
    assert_eq!(number("rows"), ["accepted", "duplicates", "rejected_total"].into_iter().map(number).sum::<u64>());
    report
}

/// Of each rejected row its number and the pointers of its mistakes.
fn rejected(report: &Json) -> Vec<(u64, Vec<&str>)> {
    let pointers = |row: &'_ Json| -> Vec<String> {
        row["errors"]
            .as_array()
            .expect("reasons")
            .iter()
            .map(|e| e["pointer"].as_str().expect("a place").to_owned())
            .collect()
    };
    let rows = report["rejected"].as_array().expect("rows").iter();
    rows.map(|row| (row["row"].as_u64().expect("a number"), pointers(row).leak().iter().map(String::as_str).collect()))
        .collect()
}

const CLEAN: &str = "\
event_id,profile_id,type,time,amount,category,items
e1,ann,purchase,2026-01-02T03:04:05Z,17.57,shoes,2
e2,ann,view,2026-01-02T03:04:06Z,,shoes,
3,7,view,2026-01-02T03:04:06Z,,,
";

fn check_clean(server: &Server, what: &str) {
    let items = server.get("/api/profiles/ann/events").expect(200)["items"].clone();
    assert_eq!(
        items[0],
        json!({"type": "view", "time": "2026-01-02T03:04:06Z", "properties": {"category": "shoes"}}),
        "{what}"
    );
    let purchase = json!({"type": "purchase", "time": "2026-01-02T03:04:05Z", "amount": 17.57,
        "properties": {"category": "shoes", "items": 2}});
    assert_eq!(items[1], purchase, "{what}");
    assert_eq!(server.get("/api/profiles/7").expect(200)["id"], 7, "{what}");
    let count = |text: &str| {
        let body = json!({"text": text, "now": "2026-06-01T00:00:00Z"});
        server.post("/api/segments/preview", &body).expect(200)["count"].clone()
    };
    assert_eq!(count("did purchase where category is \"shoes\""), 1, "{what}");
    assert_eq!(count("count of view = 1"), 2, "{what}");
}

fn columnar() -> (Vec<u8>, Vec<u8>, Vec<u8>) {
    let texts = |texts: [Option<&str>; 3]| Arc::new(StringArray::from(texts.to_vec())) as ArrayRef;
    let second = |second: i64| 1_767_323_045_000_000 + second * 1_000_000;
    let times = TimestampMicrosecondArray::from(vec![second(0), second(1), second(1)]).with_timezone("UTC");
    let batch = RecordBatch::try_from_iter_with_nullable([
        ("event_id", texts([Some("e1"), Some("e2"), Some("3")]), false),
        ("profile_id", texts([Some("ann"), Some("ann"), Some("7")]), false),
        ("type", texts([Some("purchase"), Some("view"), Some("view")]), false),
        ("time", Arc::new(times) as ArrayRef, false),
        ("amount", texts([Some("17.57"), None, None]), true),
        ("category", texts([Some("shoes"), Some("shoes"), None]), true),
        ("items", Arc::new(Int64Array::from(vec![Some(2), None, None])) as ArrayRef, true),
    ])
    .expect("columns of one length");
    let mut stream = Vec::new();
    let mut writer = arrow::ipc::writer::StreamWriter::try_new(&mut stream, &batch.schema()).expect("a stream");
    writer.write(&batch).and_then(|()| writer.finish()).expect("written");
    drop(writer);
    let mut file = Vec::new();
    let mut writer = arrow::ipc::writer::FileWriter::try_new(&mut file, &batch.schema()).expect("a file");
    writer.write(&batch).and_then(|()| writer.finish()).expect("written");
    drop(writer);
    let mut parquet = Vec::new();
    let mut writer = parquet::arrow::ArrowWriter::try_new(&mut parquet, batch.schema(), None).expect("a file");
    writer.write(&batch).expect("written");
    writer.close().expect("written");
    (parquet, stream, file)
}

#[test]
fn every_format_says_the_same() {
    let nested = "{\"event_id\": \"e1\", \"profile_id\": \"ann\", \"type\": \"purchase\", \"time\": \"2026-01-02T03:04:05Z\", \"amount\": 17.57, \"properties\": {\"category\": \"shoes\", \"items\": 2}}\n\n\
        {\"event_id\": \"e2\", \"profile_id\": \"ann\", \"type\": \"view\", \"time\": \"2026-01-02T03:04:06Z\", \"category\": \"shoes\", \"properties\": null}\n\
        {\"event_id\": 3, \"profile_id\": 7, \"type\": \"view\", \"time\": \"2026-01-02T03:04:06Z\", \"properties\": {\"category\": null}}\n";
    let (parquet, stream, file) = columnar();
    let bodies = [
        (CSV, CLEAN.as_bytes().to_vec()),
        (CSV, CLEAN.replace(',', ";").replace('\n', "\r\n").into_bytes()),
        (NDJSON, nested.as_bytes().to_vec()),
        ("application/vnd.apache.parquet", parquet),
        ("application/vnd.apache.arrow.stream", stream),
        ("application/vnd.apache.arrow.file", file),
    ];
    for (number, (kind, body)) in bodies.into_iter().enumerate() {
        let server = Server::start();
        server.load("{\"id\": 7}\n");
        let told = report(&import(&server, "", kind, body.clone()));
        assert_eq!([&told["accepted"], &told["profiles_created"]], [&json!(3), &json!(1)], "{number}: {told}");
        check_clean(&server, kind);
        // Sent again nothing changes, whatever the format.
        let told = report(&import(&server, "", kind, body));
        assert_eq!([&told["accepted"], &told["duplicates"]], [&json!(0), &json!(3)], "{number}: {told}");
        check_clean(&server, kind);
    }
}

#[test]
fn every_dirty_row_is_named_with_all_its_mistakes() {
    let server = Server::start();
    let declared =
        json!({"types": [{"name": "old", "retention_days": 1}], "properties": [{"name": "items", "type": "int"}]});
    server.put("/api/events/schema", &declared).expect(200);
    let dirty = "\
event_id,profile_id,type,time,amount,items
e1,ann,view,2026-01-02T03:04:05Z,1.005,1

,ann,view,yesterday,1,two
e3,,,2026-01-02T03:04:05Z,,
e4,ann,view,2026-01-02T03:04:05Z
e5,ann,view,2026-01-02T03:04:05Z,1,
e6,ann,old,2026-01-02T03:04:05Z,1,
e5,ann,view,2026-01-02T03:04:05Z,1,
\"e\"8,ann,view,2026-01-02T03:04:05Z,,
";
    let told = report(&import(&server, "", CSV, dirty));
    let wanted: [(u64, &[&str]); 6] = [
        (1, &["/amount"]),
        (2, &["/time", "/items", "/event_id"]),
        (3, &["/profile_id", "/type"]),
        (4, &[""]),
        (6, &["/time"]),
        (8, &["/event_id"]),
    ];
    let wanted: Vec<(u64, Vec<&str>)> = wanted.iter().map(|(row, places)| (*row, places.to_vec())).collect();
    assert_eq!(rejected(&told), wanted, "{told}");
    assert_eq!([&told["accepted"], &told["duplicates"]], [&json!(1), &json!(1)]);
    assert_eq!(told["rejected"][4]["errors"][0]["code"], "too_old");

    let lines = "{\"event_id\": \"\", \"profile_id\": \"bob\", \"type\": \"view\", \"time\": 7, \"properties\": 3}\nno JSON\n\
        {\"event_id\": \"f1\", \"profile_id\": \"bob\", \"type\": \"view\", \"time\": \"2026-01-02T03:04:05Z\", \"properties\": {\"items\": \"x\"}}\n\
        {\"event_id\": \"f2\", \"profile_id\": \"bob\", \"type\": \"view\", \"time\": \"2026-01-02T03:04:05Z\"}\n";
    let told = report(&import(&server, "unknown=reject", NDJSON, lines));
    let wanted = vec![
        (1, vec!["/time", "/properties", "/event_id"]),
        (2, vec![""]),
        (3, vec!["/items"]),
        (4, vec!["/profile_id"]),
    ];
    assert_eq!(rejected(&told), wanted, "{told}");
}

#[test]
fn a_dry_run_says_the_same_and_changes_nothing() {
    let server = Server::start();
    let before = server.version();
    let tried = report(&import(&server, "dry_run=true", CSV, CLEAN));
    assert_eq!(
        (&tried["accepted"], &tried["profiles_created"], &tried["dry_run"]),
        (&json!(3), &json!(2), &json!(true))
    );
    assert_eq!(server.version(), before);
    server.get("/api/profiles/ann").refuses(404, "", "not_found");
    assert_eq!(server.get("/api/events/schema").expect(200)["types"], json!([]));
    let done = report(&import(&server, "", CSV, CLEAN));
    assert_eq!((&done["accepted"], &done["profiles_created"], &done["dry_run"]), (&json!(3), &json!(2), &json!(false)));
    check_clean(&server, "what was tried before");
    let again = report(&import(&server, "dry_run=true", CSV, CLEAN));
    assert_eq!((&again["duplicates"], &again["data_version"]), (&json!(3), &done["data_version"]));
}

#[test]
fn a_file_that_is_wrong_as_a_whole_changes_nothing() {
    let server = Server::start();
    let before = server.version();
    let refuses = |kind: &str, body: &str, pointer: &str, code: &str| {
        import(&server, "", kind, body.to_owned()).refuses(422, pointer, code);
    };
    refuses(CSV, "event_id,profile_id,kind,time\n", "/type", "missing_column");
    refuses(CSV, "event_id,person,type,time\n", "", "missing_id_column");
    refuses(CSV, "event_id,profile_id,type,time,time\n", "/time", "duplicate_column");
    refuses(CSV, "event_id,profile_id,type,time\n\"e1,ann,view,2026-01-02T03:04:05Z\n", "", "unclosed_quote");
    refuses("application/vnd.apache.parquet", "PAR1 no file", "", "unreadable_file");
    import(&server, "", "application/json", "{}").refuses(415, "", "unsupported_content_type");
    import(&server, "unknown=perhaps", CSV, "").refuses(422, "/unknown", "bad_unknown");
    assert_eq!(server.version(), before);
    let told = report(&import(
        &server,
        "id_field=person",
        CSV,
        "event_id,person,type,time\ne1,ann,view,2026-01-02T03:04:05Z\n",
    ));
    assert_eq!(told["accepted"], 1);
}

#[test]
fn the_command_line_brings_files_into_a_directory() {
    let folder = tempfile::tempdir().expect("a directory");
    let path = |name: &str| folder.path().join(name).to_str().expect("UTF-8").to_owned();
    let (people, events, data) = (path("people.ndjson"), path("events.csv"), path("data"));
    std::fs::write(&people, "{\"id\": 7, \"visits\": 1}\n").expect("room on the disk");
    std::fs::write(&events, format!("{CLEAN}e9,bob,view,never,,,\n")).expect("room on the disk");
    let muster = |arguments: &[&str]| {
        let output = Command::new(binary()).args(arguments).output().expect("the binary can be started");
        let text = |bytes: &[u8]| String::from_utf8(bytes.to_vec()).expect("UTF-8");
        (output.status.code(), text(&output.stdout), text(&output.stderr))
    };
    let (code, out, err) = muster(&["import", "--data", &data, "--profiles", &people, "--events", &events, "--json"]);
    assert_eq!(code, Some(0), "{err}");
    let told: Json = serde_json::from_str(&out).expect("JSON");
    let events_told = &told["events"];
    assert_eq!([&events_told["accepted"], &events_told["profiles_created"]], [&json!(3), &json!(1)], "{told}");
    assert_eq!(rejected(events_told), [(4, vec!["/time"])]);
    assert_eq!(muster(&["import", "--data", &data]).0, Some(2), "nothing to bring in");
    let (code, out, err) =
        muster(&["count", "count of view >= 1 and visits = 1", "--from", &people, "--events", &events]);
    assert_eq!((code, out.as_str()), (Some(0), "1\n"), "{err}");
    assert!(err.contains("3 events were left out"), "{err}");
    let server = Server::start_with(&["--data", &data]);
    check_clean(&server, "after a restart");
}
