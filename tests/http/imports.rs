//! Imports of profiles: what the report says, row by row, and what is there afterwards.

use harness::server::{Answer, Server};
use serde_json::{Value as Json, json};

const NDJSON: &str = "application/x-ndjson";
const CSV: &str = "text/csv";

/// The report of an import, whose sums must be right.
fn report(answer: &Answer) -> Json {
    let report = answer.expect(200);
    let number = |key: &str| report[key].as_u64().unwrap_or_else(|| panic!("no {key}: {report}"));
    let parts = ["inserted", "updated", "unchanged", "rejected_total", "duplicates_total"];
    assert_eq!(number("rows"), parts.into_iter().map(number).sum::<u64>(), "{report}");
    report
}

/// `rows`, `inserted`, `updated`, `unchanged`, `rejected_total`, `duplicates_total`.
fn figures(report: &Json) -> [u64; 6] {
    ["rows", "inserted", "updated", "unchanged", "rejected_total", "duplicates_total"]
        .map(|key| report[key].as_u64().unwrap_or_else(|| panic!("no {key}: {report}")))
}

fn fields(server: &Server, id: &str) -> Json {
    server.get(&format!("/api/profiles/{id}")).expect(200)["fields"].clone()
}

#[test]
fn every_row_is_accounted_for() {
    let server = Server::start();
    let body = "{\"id\": 1, \"visits\": 1, \"country\": \"DE\"}\n\n{\"id\": 2, \"visits\": 2}\n{\"id\": 1, \"visits\": 3}\nno row\n";
    let first = report(&server.import("id_field=id&schema=infer", NDJSON, body));
    assert_eq!(figures(&first), [4, 2, 0, 0, 1, 1]);
    assert_eq!(first["duplicates"], json!(["1"]));
    assert_eq!(fields(&server, "1"), json!({"visits": 3}), "the later row won, as a whole");
    let added: Vec<_> = first["fields_added"].as_array().expect("fields").iter().map(|field| &field["type"]).collect();
    assert_eq!(added, ["int", "keyword"]);

    let again =
        report(&server.import("id_field=id", NDJSON, "{\"id\": 1, \"visits\": 3}\n{\"id\": 2, \"visits\": 2}\n"));
    assert_eq!(figures(&again), [2, 0, 0, 2, 0, 0]);
    let back = "{\"id\": 2, \"visits\": 7}\n{\"id\": 2, \"visits\": 2}\n";
    assert_eq!(figures(&report(&server.import("id_field=id", NDJSON, back))), [2, 0, 0, 1, 0, 1]);
    let empty = report(&server.import("id_field=id", NDJSON, ""));
    assert_eq!(figures(&empty), [0; 6]);
}

#[test]
fn a_dry_run_says_what_an_import_would_do_and_changes_nothing() {
    let server = Server::start();
    let first = "{\"id\": 1, \"visits\": 1}\n{\"id\": 2, \"visits\": 2}\n";
    let rows = "{\"id\": 1, \"visits\": 5, \"town\": \"Rome\"}\n{\"id\": 2, \"visits\": 2}\n{\"id\": 3}\n{\"id\": 3}\n{\"id\": 4, \"visits\": \"x\"}\n";
    let tried = report(&server.import("id_field=id&dry_run=true", NDJSON, first));
    assert_eq!((figures(&tried), &tried["dry_run"]), ([2, 2, 0, 0, 0, 0], &json!(true)));
    assert_eq!(server.get("/api/schema").expect(200)["fields"], json!([]), "not even a field was made");
    let done = report(&server.import("id_field=id&dry_run=false", NDJSON, first));
    assert_eq!((figures(&done), &done["dry_run"]), ([2, 2, 0, 0, 0, 0], &json!(false)));

    let before = server.get("/api/profiles").expect(200);
    for mode in ["merge", "replace"] {
        let query = format!("id_field=id&schema=infer&mode={mode}");
        let tried = report(&server.import(&format!("{query}&dry_run=true"), NDJSON, rows));
        assert_eq!(tried["data_version"], done["data_version"]);
        assert_eq!(figures(&tried), [5, 1, 1, 1, 1, 1], "{mode}");
        assert_eq!(tried["fields_added"], json!([{"name": "town", "type": "keyword"}]));
        assert_eq!(tried["rejected"][0]["row"], 5);
        assert_eq!(server.get("/api/profiles").expect(200)["items"], before["items"], "{mode}");
    }
    assert_eq!(server.get("/api/schema").expect(200)["fields"].as_array().map(Vec::len), Some(1));
    // What was tried is what happens.
    let query = "id_field=id&schema=infer&mode=merge";
    let tried = report(&server.import(&format!("{query}&dry_run=true"), NDJSON, rows));
    let done = report(&server.import(query, NDJSON, rows));
    let same = |report: &Json| {
        let mut report = report.clone();
        report.as_object_mut().expect("an object").retain(|key, _| key != "dry_run" && key != "data_version");
        report
    };
    assert_eq!(same(&tried), same(&done));
    server.import("id_field=id&dry_run=maybe", NDJSON, rows).refuses(422, "/dry_run", "bad_dry_run");
}

#[test]
fn replace_and_merge() {
    let server = Server::start();
    server.load(
        "{\"id\": 1, \"visits\": 1, \"country\": \"DE\", \"genres\": [\"rock\"]}\n{\"id\": 2, \"country\": \"FR\"}\n",
    );
    let merge = |body: &str| report(&server.import("id_field=id&mode=merge", NDJSON, body.to_owned()));
    let merged = merge("{\"id\": 1, \"visits\": 2}\n{\"id\": 2, \"country\": null}\n{\"id\": 3, \"visits\": 3}\n");
    assert_eq!(figures(&merged), [3, 1, 2, 0, 0, 0]);
    assert_eq!(merged["warnings"], json!([]));
    assert_eq!(fields(&server, "1"), json!({"visits": 2, "country": "DE", "genres": ["rock"]}));
    assert_eq!(fields(&server, "2"), json!({}));
    assert_eq!(figures(&merge("{\"id\": 1}\n{\"id\": 3, \"visits\": 3}\n")), [2, 0, 0, 2, 0, 0]);
    assert_eq!(figures(&merge("{\"id\": 1, \"visits\": 5}\n{\"id\": 1, \"country\": \"NL\"}\n")), [2, 0, 1, 0, 0, 1]);
    assert_eq!(fields(&server, "1"), json!({"visits": 5, "country": "NL", "genres": ["rock"]}), "both rows count");

    let replaced = report(&server.import("id_field=id", CSV, "id,visits\n1,9\n"));
    assert_eq!(figures(&replaced), [1, 0, 1, 0, 0, 0]);
    assert_eq!(replaced["warnings"][0]["code"], "fields_cleared");
    assert_eq!(fields(&server, "1"), json!({"visits": 9}));
    assert_eq!(server.count("country exists"), 0);
    assert_eq!(server.count("genres includes \"rock\""), 0);
}

#[test]
fn a_type_never_changes_silently() {
    let server = Server::start();
    server.load("{\"id\": 1, \"visits\": 1, \"spent\": 1.50}\n");
    let other =
        "{\"id\": 2, \"visits\": \"two\"}\n{\"id\": 3, \"visits\": 3, \"spent\": \"x\"}\n{\"id\": 4, \"visits\": 4}\n";
    let second = report(&server.import("id_field=id&schema=infer", NDJSON, other));
    assert_eq!(figures(&second), [3, 1, 0, 0, 2, 0]);
    assert_eq!(second["fields_added"], json!([]));
    assert_eq!(second["rejected"][0]["errors"][0]["pointer"], "/visits");
    assert_eq!(second["rejected"][1]["errors"][0]["pointer"], "/spent");
    assert_eq!(server.count("id exists"), 2);
    // Without schema=infer a new column is a mistake of the file, not a new field.
    let before = server.version();
    let unknown = server.import("id_field=id", CSV, "id,visit\n5,5\n");
    unknown.refuses(422, "/visit", "unknown_field");
    assert_eq!(server.version(), before);
    // A field that nobody has a value of may become another; one that is in use may not.
    let types = |kind: &str| json!({"fields": [{"name": "visits", "type": kind}, {"name": "note", "type": "keyword"}]});
    server.put("/api/schema", &types("keyword")).refuses(409, "/fields/0/type", "field_has_another_type");
    assert_eq!(server.version(), before);
    server.put("/api/schema", &types("int")).expect(200);
    let retyped = server.put("/api/schema", &json!({"fields": [{"name": "note", "type": "time"}]})).expect(200);
    assert_eq!(retyped["fields"][2]["type"], "time");
    server.put("/api/schema", &json!({"fields": [{"name": "x", "type": "money"}]})).refuses(
        422,
        "/fields/0/type",
        "bad_type",
    );
}

#[test]
fn csv_in_the_dialects_people_have() {
    for (name, text) in [
        ("comma", "customer_id,visits,country\n1,5,DE\n2,,FR\n"),
        ("byte order mark, semicolon and carriage returns", "\u{feff}customer_id;visits;country\r1;5;DE\r2;;FR\r"),
        ("tabs and both ends of line", "customer_id\tvisits\tcountry\r\n1\t5\tDE\r\n2\t\tFR"),
        ("quotes", "\"country\",\"customer_id\",\"visits\"\n\"DE\",\"1\",\"5\"\n\n\"FR\",\"2\",\"\"\n"),
    ] {
        let server = Server::start();
        let told = report(&server.import("id_field=customer_id&schema=infer", CSV, text));
        assert_eq!(figures(&told), [2, 2, 0, 0, 0, 0], "{name}: {told}");
        assert_eq!(fields(&server, "1"), json!({"visits": 5, "country": "DE"}), "{name}");
        assert_eq!(fields(&server, "2"), json!({"country": "FR"}), "{name}");
        assert_eq!(server.count("customer_id is \"1\" and visits = 5"), 1, "{name}");
    }
}

#[test]
fn ids_come_back_as_they_were_loaded() {
    let server = Server::start();
    server.load("{\"id\": 7}\n{\"id\": \"8\"}\n{\"id\": \"x-9\"}\n{\"id\": \"007\"}\n");
    let ids = |items: &[Json]| items.iter().map(|item| item["id"].clone()).collect::<Vec<_>>();
    let wanted = vec![json!(7), json!("8"), json!("x-9"), json!("007")];
    assert_eq!(ids(&server.pages("/api/profiles", 3)), wanted);
    for (path, id) in [("7", &wanted[0]), ("8", &wanted[1]), ("x-9", &wanted[2]), ("007", &wanted[3])] {
        assert_eq!(server.get(&format!("/api/profiles/{path}")).expect(200)["id"], *id);
    }
    // In a request either spelling will do, and both mean the same person.
    let body = json!({"include_customers": ["7", 7, 8, "x-9", 9], "sample": 10});
    let preview = server.post("/api/audiences/preview", &body).expect(200);
    assert_eq!(ids(preview["sample"].as_array().expect("a sample")), wanted[..3]);
    let told = &preview["breakdown"]["include_customers"];
    assert_eq!((&told["entries"], &told["duplicates"], &told["unknown"]), (&5.into(), &1.into(), &1.into()));
    // The same person comes again under the other spelling.
    assert_eq!(figures(&report(&server.import("id_field=id", NDJSON, "{\"id\": \"7\"}\n")))[..4], [1, 0, 0, 1]);
    assert_eq!(server.get("/api/profiles/7").expect(200)["id"], 7);
}
