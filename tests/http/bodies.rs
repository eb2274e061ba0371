//! Bodies that cannot be read: too large, not UTF-8, not what they say, cut off. Nothing of them is kept.

use harness::server::Server;
use harness::study::profiles;
use reqwest::Method;
use serde_json::json;

const NDJSON: &str = "application/x-ndjson";
const PARQUET: &str = "application/vnd.apache.parquet";

#[test]
fn bodies_that_are_no_json() {
    let server = Server::start();
    for path in ["/api/segments/preview", "/api/segments", "/api/audiences", "/api/audiences/preview"] {
        let send = |content_type: &str, body: Vec<u8>| server.send(Method::POST, path, content_type, body);
        send("application/json", b"{\"name\": \"\xff\"}".to_vec()).refuses(400, "", "bad_json");
        let mistake = send("application/json", b"{\"name\":\n oops}".to_vec()).refuses(400, "", "bad_json");
        assert_eq!((&mistake["line"], &mistake["column"]), (&2.into(), &2.into()), "{path}");
        send("application/json", Vec::new()).refuses(400, "", "bad_json");
        send("application/json", b"[]".to_vec()).refuses(422, "", "wrong_type");
        send("text/plain", b"{}".to_vec()).refuses(415, "", "unsupported_content_type");
        send("", b"{}".to_vec()).refuses(415, "", "unsupported_content_type");
    }
    assert_eq!(server.version(), 0);
}

#[test]
fn a_json_body_has_at_most_16_mib() {
    let server = Server::start();
    server.load("{\"id\": 1, \"visits\": 5}\n");
    let body = |length: usize| {
        let rule = r#"{"text": "visits >= 1", "criteria": null}"#;
        format!("{rule}{}", " ".repeat(length - rule.len()))
    };
    let ask = |length| server.send(Method::POST, "/api/segments/preview", "application/json", body(length));
    assert_eq!(ask(16 << 20).expect(200)["count"], 1);
    ask((16 << 20) + 1).refuses(413, "", "body_too_large");
    server.get("/api/health").expect(200);
}

#[test]
fn files_that_cannot_be_read_change_nothing() {
    let server = Server::start();
    server.load("{\"id\": 1, \"visits\": 5}\n");
    let before = (server.version(), server.get("/api/schema").expect(200));
    let whole = &profiles().parquet;
    // The description of the columns stands at the end, before its length and the final mark.
    let mut spoiled = whole.clone();
    let end = spoiled.len() - 8;
    spoiled[end - 1_000..end].fill(0xa5);
    for (content_type, body, status, code) in [
        (PARQUET, whole[..whole.len() / 2].to_vec(), 422, "unreadable_file"),
        (PARQUET, whole[..whole.len() - 1].to_vec(), 422, "unreadable_file"),
        (PARQUET, b"PAR1".to_vec(), 422, "unreadable_file"),
        (PARQUET, spoiled, 422, "unreadable_file"),
        ("application/vnd.apache.arrow.stream", b"nonsense".to_vec(), 422, "unreadable_file"),
        ("text/csv", Vec::new(), 422, "missing_header"),
        ("text/csv", b"name,visits\na,1\n".to_vec(), 422, "missing_id_column"),
        ("text/csv", b"household_id,a,a\n1,2,3\n".to_vec(), 422, "duplicate_column"),
        ("application/pdf", b"%PDF".to_vec(), 415, "unsupported_content_type"),
        ("text/csv; charset=latin1", b"household_id\n1\n".to_vec(), 415, "unsupported_content_type"),
        ("", b"{}".to_vec(), 415, "unsupported_content_type"),
    ] {
        let answer = server.import("id_field=household_id&schema=infer", content_type, body);
        answer.refuses(status, if code == "duplicate_column" { "/a" } else { "" }, code);
        assert_eq!((server.version(), server.get("/api/schema").expect(200)), before, "{content_type}: {code}");
    }
    server.import("id_field=id&schema=guess&mode=both", NDJSON, "{}").refuses(422, "/mode", "bad_mode");
    server.import("id_field=id&schema=guess", NDJSON, "{}").refuses(422, "/schema", "bad_schema");
    server.import("idfield=id", NDJSON, "{}").refuses(422, "/idfield", "unknown_key");
    assert_eq!(server.version(), before.0);
}

#[test]
fn rows_that_cannot_be_read_are_named() {
    let server = Server::start();
    server.load("{\"id\": 1, \"visits\": 5, \"spent\": 1.25, \"seen\": \"2018-01-01T00:00:00Z\"}\n");
    let rows: [(&[u8], &str, &str); 14] = [
        (b"{\"id\": 2, \"visits\": 9223372036854775808}", "/visits", "out_of_range"),
        (b"{\"id\": 2, \"visits\": \"many\"}", "/visits", "wrong_type"),
        (b"{\"id\": 2, \"visits\": 1.5}", "/visits", "wrong_type"),
        (b"{\"id\": 2, \"visits\": NaN}", "", "bad_json"),
        (b"{\"id\": 2, \"spent\": 1.255}", "/spent", "too_many_digits"),
        (b"{\"id\": 2, \"spent\": 99999999999999999999.5}", "/spent", "out_of_range"),
        (b"{\"id\": 2, \"seen\": \"2018-01-01\"}", "/seen", "wrong_type"),
        (b"{\"id\": 2, \"visits\": 1, \"visits\": 2}", "/visits", "duplicate_key"),
        (b"{\"id\": \"\"}", "/id", "missing_id"),
        (b"{\"visits\": 1}", "/id", "missing_id"),
        (b"{\"id\": [2]}", "/id", "bad_id"),
        (b"{\"id\": 2", "", "bad_json"),
        (b"[2]", "", "bad_json"),
        (b"{\"id\": \"\xff\"}", "", "bad_utf8"),
    ];
    let mut body = Vec::new();
    for (row, ..) in rows {
        body.extend_from_slice(row);
        body.push(b'\n');
    }
    body.extend_from_slice(b"{\"id\": 3, \"visits\": 3}\n");
    let report = server.import("id_field=id", NDJSON, body).expect(200);
    assert_eq!((&report["rows"], &report["inserted"], &report["rejected_total"]), (&15.into(), &1.into(), &14.into()));
    for (index, (row, pointer, code)) in rows.iter().enumerate() {
        let rejected = &report["rejected"][index];
        let mistake = &rejected["errors"][0];
        let told = String::from_utf8_lossy(row);
        assert_eq!(rejected["row"], index + 1, "{told}");
        assert_eq!((&mistake["pointer"], &mistake["code"]), (&json!(pointer), &json!(code)), "{told}: {rejected}");
    }
    assert_eq!((server.count("id exists"), server.count("visits = 3")), (2, 1));

    let csv = "id,visits\n4,4\n5\n6,6,6\n7,\"7\"x\n8,NaN\n9,9\n";
    let report = server.import("id_field=id", "text/csv", csv).expect(200);
    assert_eq!((&report["rows"], &report["inserted"], &report["rejected_total"]), (&6.into(), &2.into(), &4.into()));
    let codes: Vec<_> =
        report["rejected"].as_array().expect("rows").iter().map(|row| &row["errors"][0]["code"]).collect();
    assert_eq!(codes, ["ragged_row", "ragged_row", "bad_quoting", "wrong_type"]);
}

#[test]
fn lists_that_cannot_be_read() {
    let server = Server::start();
    server.load("{\"id\": 1}\n{\"id\": 2}\n");
    let before = server.version();
    let list = |body: &'static [u8]| server.send(Method::POST, "/api/lists?name=l", "text/csv", body);
    list(b"").refuses(422, "", "missing_header");
    let mistake = list(b"custmer_id\n1\n").refuses(422, "", "missing_id_column");
    assert_eq!(mistake["suggestions"][0], "custmer_id");
    let path = "/api/lists?name=l&side=include";
    server.send(Method::POST, path, "text/csv", "id\n1\n").refuses(422, "/side", "unexpected_side");
    server.send(Method::POST, "/api/audiences/9/import-csv", "text/csv", "id\n1\n").refuses(404, "", "not_found");
    assert_eq!(server.version(), before);
    // Rows without a cell for the id are named, the others count.
    let report = list(b"name,id\na,1\nb\nc,7\n\xff,2\nd,\xff\n").expect(201)["report"].clone();
    assert_eq!((&report["entries"], &report["known"], &report["rejected_total"]), (&3.into(), &2.into(), &2.into()));
    assert_eq!(
        (&report["rejected"][0]["row"], &report["rejected"][0]["errors"][0]["code"]),
        (&2.into(), &"ragged_row".into())
    );
    assert_eq!(
        (&report["rejected"][1]["row"], &report["rejected"][1]["errors"][0]["code"]),
        (&5.into(), &"bad_utf8".into())
    );
}
