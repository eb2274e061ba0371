//! Lists of ids as people export them elsewhere: ten dirty files, each with its exact report, and one of a million ids.

use reqwest::Method;
use serde_json::{Value as Json, json};

use harness::server::Server;

const CSV: &str = "text/csv";

/// `[entries, distinct, duplicates, known, unknown, blank, rejected_total]` of a report.
fn figures(report: &Json) -> [u64; 7] {
    ["entries", "distinct", "duplicates", "known", "unknown", "blank", "rejected_total"]
        .map(|key| report[key].as_u64().unwrap_or_else(|| panic!("{key} is missing in {report}")))
}

/// `(row, code)` of the rejected rows that are listed.
fn rejected(report: &Json) -> Vec<(u64, String)> {
    let rows = report["rejected"].as_array().expect("a list");
    let told = |row: &Json| {
        (row["row"].as_u64().expect("a number"), row["errors"][0]["code"].as_str().expect("a code").to_owned())
    };
    rows.iter().map(told).collect()
}

/// Three people: 1, 2, and `=2+3`, which is somebody's id whatever a spreadsheet makes of it.
fn server() -> Server {
    let server = Server::start();
    server.load("{\"id\": 1}\n{\"id\": 2}\n{\"id\": \"=2+3\"}\n{\"id\": \"Zo\u{eb}\"}\n");
    server
}

/// What is wrong with a file, the file, its figures, and the rows that are rejected with their reasons.
type Dirty = (&'static str, Vec<u8>, [u64; 7], &'static [(u64, &'static str)]);

#[test]
fn ten_dirty_files_are_reported_exactly() {
    let server = server();
    let huge = "x".repeat(2_000_000);
    let files: [Dirty; 10] = [
        ("a byte order mark", b"\xEF\xBB\xBFid\n1\n2\n".to_vec(), [2, 2, 0, 2, 0, 0, 0], &[]),
        ("carriage returns alone", b"id\r1\r2\r9\r".to_vec(), [3, 3, 0, 2, 1, 0, 0], &[]),
        ("semicolons", b"name;id;since\nA;1;2020\nB;2;\n".to_vec(), [2, 2, 0, 2, 0, 0, 0], &[]),
        (
            "quotes around line ends, commas and quotes",
            b"id,note\n\"1\",\"a,\"\"b\"\"\nc\"\n\"2\",\"\"\n".to_vec(),
            [2, 2, 0, 2, 0, 0, 0],
            &[],
        ),
        ("duplicates with and without spaces", b"id\n1\n 1 \n1\n2\n".to_vec(), [4, 2, 2, 2, 0, 0, 0], &[]),
        ("formula cells", b"id\n=2+3\n+1\n@SUM(A1)\n".to_vec(), [3, 3, 0, 1, 2, 0, 0], &[]),
        ("bad UTF-8", b"id\n1\n\xFF\xFE\n2\n".to_vec(), [2, 2, 0, 2, 0, 0, 1], &[(2, "bad_utf8")]),
        ("a huge cell", format!("id\n1\n{huge}\n2\n").into_bytes(), [2, 2, 0, 2, 0, 0, 1], &[(2, "id_too_long")]),
        ("blank lines and blank ids", b"id,note\n1,a\n\n,b\n  ,c\n2,d\n\n".to_vec(), [2, 2, 0, 2, 0, 4, 0], &[]),
        (
            "short rows, and letters composed in two ways",
            "note,id\na,1\nb\nc,Zoe\u{308}\nd,Zo\u{eb}\n".as_bytes().to_vec(),
            [3, 2, 1, 2, 0, 0, 1],
            &[(2, "ragged_row")],
        ),
    ];
    for (name, body, wanted, refused) in files {
        let list = server.send(Method::POST, "/api/lists?name=dirty", CSV, body).expect(201);
        let report = &list["report"];
        let told = |listed: Vec<(u64, String)>| format!("{listed:?}");
        assert_eq!(figures(report), wanted, "{name}: {report}");
        assert_eq!(told(rejected(report)), format!("{refused:?}"), "{name}: {report}");
        let body = json!({"include_lists": [list["id"]], "confirm_everyone": true});
        let preview = server.post("/api/audiences/preview", &body).expect(200);
        assert_eq!(preview["count"], wanted[3], "{name}: who is known is who is reached");
    }
}

#[test]
fn files_without_ids_are_refused_with_what_is_there() {
    let server = server();
    let refused = |body: &'static str, code: &str| {
        server.send(Method::POST, "/api/lists?name=l", CSV, body).refuses(422, "", code);
    };
    refused("customer,mail\n1,a\n", "missing_id_column");
    refused("id,ID\n1,2\n", "duplicate_column");
    assert_eq!(server.get("/api/lists").expect(200)["items"], json!([]));
}

/// Three in four ids are known, one in ten comes twice; the list arrives, is reported and is counted with.
#[test]
fn a_million_ids_are_imported_with_their_report() {
    use std::fmt::Write;

    let server = Server::start();
    let people: u64 = 750_000;
    let mut profiles = String::from("id\n");
    (0..people).for_each(|id| _ = writeln!(profiles, "{id}"));
    server.import("id_field=id", CSV, profiles).expect(200);
    let (distinct, again) = (1_000_000, 100_000);
    let mut csv = String::from("id,note\n");
    // Every id once, in an order that is none, and the first tenth of them once more.
    (0..distinct + again).for_each(|place| _ = writeln!(csv, "{},x", place * 7_919 % distinct));
    let list = server.send(Method::POST, "/api/lists?name=million", CSV, csv).expect(201);
    let report = &list["report"];
    assert_eq!(figures(report), [distinct + again, distinct, again, people, distinct - people, 0, 0], "{report}");
    let preview = server.post("/api/audiences/preview", &json!({"include_lists": [list["id"]]})).expect(200);
    assert_eq!(preview["count"], people);
}
