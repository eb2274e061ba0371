//! Snapshots of audiences over HTTP and on the command line: taken, listed, exported, compared, verified, kept.

use std::process::{Command, Output};
use std::time::Duration;

use arrow_array::cast::AsArray;
use arrow_array::types::Int64Type;
use harness::server::{Server, binary};
use parquet::arrow::arrow_reader::ParquetRecordBatchReaderBuilder;
use reqwest::Method;
use serde_json::{Value as Json, json};

/// A hundred profiles, of whom `visits` says which of ten groups they are in, and some audiences.
fn prepared(arguments: &[&str]) -> Server {
    let server = Server::start_with(arguments);
    let row = |id: usize| {
        let text = if id == 7 { "=cmd" } else { ["DE", "FR"][id % 2] };
        format!("{{\"id\": {id}, \"visits\": {}, \"country\": \"{text}\"}}\n", id % 10)
    };
    server.load(&(0..100).map(row).collect::<String>());
    server.post("/api/segments", &json!({"name": "regulars", "text": "visits >= 5"})).expect(201);
    server.post("/api/segments", &json!({"name": "few", "text": "visits < 3"})).expect(201);
    let audience = json!({"name": "keen", "include_segments": ["regulars"], "exclude_customers": [9, 77777]});
    server.post("/api/audiences", &audience).expect(201);
    server.post("/api/audiences", &json!({"name": "new", "include_segments": ["few"]})).expect(201);
    server
}

fn ids(members: &[Json]) -> Vec<u64> {
    members.iter().map(|member| member["id"].as_u64().expect("a number")).collect()
}

const NOW: &str = "2018-01-01T00:00:00Z";

#[test]
fn a_snapshot_stays_as_it_was() {
    let server = prepared(&[]);
    let version = server.version();
    let taken = server.post("/api/audiences/1/snapshots", &json!({"now": NOW})).expect(201);
    assert_eq!((&taken["id"], &taken["count"], &taken["audience_id"]), (&1.into(), &49.into(), &1.into()));
    assert_eq!((&taken["data_version"], &taken["now"]), (&version.into(), &NOW.into()));
    assert_eq!(taken["digest"].as_str().map(str::len), Some(64));
    let preview = json!({"include_segments": ["regulars"], "exclude_customers": [9, 77777], "now": NOW});
    let preview = server.post("/api/audiences/preview", &preview).expect(200);
    assert_eq!(taken["breakdown"], preview["breakdown"], "the same breakdown as in a preview");
    assert!(taken["segments"][0]["criteria"].to_string().contains("\"visits\""), "{taken}");

    // The same once more has the same digest; another instant is another snapshot of the same people.
    let verified = server.post("/api/snapshots/1/verify", &json!({})).expect(200);
    assert_eq!((&verified["status"], &verified["digest_again"]), (&"reproduced".into(), &taken["digest"]));
    let again = server.send(Method::POST, "/api/audiences/1/snapshots", "", "").expect(201);
    assert_eq!((&again["id"], &again["digest"]), (&2.into(), &taken["digest"]));

    // Whatever changes, it stays: the segment, the audience, the people.
    server.put("/api/segments/regulars", &json!({"text": "visits = 0"})).expect(200);
    assert_eq!(server.post("/api/snapshots/1/verify", &json!({})).expect(200)["status"], "reproduced");
    server.delete("/api/audiences/1").expect(204);
    server.delete("/api/segments/regulars").expect(204);
    server.patch("/api/profiles/15", &json!({"visits": 1})).expect(200);
    let members = server.pages("/api/snapshots/1/members", 7);
    let wanted: Vec<u64> = (0..100).filter(|id| id % 10 >= 5 && *id != 9).collect();
    assert_eq!(ids(&members), wanted);
    let patched = members.iter().find(|member| member["id"] == 15 || member["id"] == "15");
    assert_eq!(patched.expect("it is there")["fields"]["visits"], 1, "with the values they have now");
    let page = server.get("/api/snapshots/1/members?limit=1").expect(200);
    assert_eq!(page["now"], NOW, "the snapshot's own instant");
    let moved = server.post("/api/snapshots/1/verify", &json!({})).expect(200);
    assert_eq!((&moved["status"], &moved["digest_again"]), (&"data_changed".into(), &Json::Null));
    assert!(moved["stored_members_intact"] == true && moved["message"].as_str().is_some_and(|m| m.contains("version")));

    // Only who is erased is no longer there.
    let receipt = server.delete("/api/profiles/25").expect(200);
    assert_eq!(receipt["cleared"]["snapshots"], 2);
    let read = server.get("/api/snapshots/1").expect(200);
    assert_eq!((&read["count"], &read["erased"], &read["digest"]), (&49.into(), &1.into(), &taken["digest"]));
    assert_eq!(read["breakdown"], taken["breakdown"]);
    let left = server.get("/api/snapshots/1/members?limit=1000").expect(200);
    assert_eq!((&left["total"], left["items"].as_array().map(Vec::len)), (&48.into(), Some(48)));

    let list = server.get("/api/snapshots?limit=1").expect(200);
    assert_eq!((&list["items"][0]["id"], &list["next_cursor"], &list["total"]), (&1.into(), &"1".into(), &2.into()));
    server.delete("/api/snapshots/1").expect(204);
    for (method, path) in [(Method::GET, ""), (Method::GET, "/members"), (Method::GET, "/export"), (Method::DELETE, "")]
    {
        server.send(method, &format!("/api/snapshots/1{path}"), "", "").refuses(404, "", "not_found");
    }
    assert_eq!(
        server.send(Method::POST, "/api/audiences/2/snapshots", "", "").expect(201)["id"],
        3,
        "never given again"
    );
}

#[test]
fn a_batch_freezes_all_audiences_at_one_instant_and_one_version() {
    let server = prepared(&[]);
    let version = server.version();
    let batch = server.post("/api/snapshots/batch", &json!({"audiences": "all", "now": NOW})).expect(201);
    assert_eq!((&batch["taken"], &batch["data_version"], &batch["now"]), (&2.into(), &version.into(), &NOW.into()));
    assert_eq!(server.version(), version + 1, "one change");
    let counts: Vec<&Json> = batch["items"].as_array().expect("items").iter().map(|item| &item["count"]).collect();
    assert_eq!(counts, [49, 30]);
    let one = server.post("/api/audiences/2/snapshots", &json!({"now": NOW})).expect(201);
    assert_eq!(one["digest"], batch["items"][1]["digest"]);
    let some = server.post("/api/snapshots/batch", &json!({"audiences": [2, "1", 2]})).expect(201);
    assert_eq!(some["taken"], 3);

    let everyone = server.post("/api/audiences", &json!({"name": "everyone"})).expect(201);
    let path = format!("/api/audiences/{}/snapshots", everyone["id"]);
    server.send(Method::POST, &path, "", "").refuses(422, "/confirm_everyone", "everyone");
    server.post("/api/snapshots/batch", &json!({"audiences": "all"})).refuses(422, "/confirm_everyone", "everyone");
    assert_eq!(server.get("/api/snapshots").expect(200)["total"], 6, "all or none");
    assert_eq!(server.post(&path, &json!({"confirm_everyone": true})).expect(201)["count"], 100);
    let all = server.post("/api/snapshots/batch", &json!({"audiences": "all", "confirm_everyone": true}));
    assert_eq!(all.expect(201)["taken"], 3);

    for (body, pointer, code) in [
        (json!({}), "/audiences", "bad_audiences"),
        (json!({"audiences": "some"}), "/audiences", "bad_audiences"),
        (json!({"audiences": []}), "/audiences", "no_audience"),
        (json!({"audiences": [1, "x"]}), "/audiences/1", "wrong_type"),
        (json!({"audiences": [1], "now": "yesterday"}), "/now", "wrong_type"),
        (json!({"audiences": [1], "confirm": true}), "/confirm", "unknown_key"),
    ] {
        server.post("/api/snapshots/batch", &body).refuses(422, pointer, code);
    }
    server.post("/api/snapshots/batch", &json!({"audiences": [1, 99]})).refuses(404, "", "not_found");
    server.post("/api/audiences/99/snapshots", &json!({})).refuses(404, "", "not_found");
    let key = [("idempotency-key", "k")];
    let send =
        || server.send_as(Method::POST, "/api/audiences/1/snapshots", "application/json", "{}", &key).expect(201);
    assert_eq!(send()["id"], send()["id"], "sent again, done once");
}

#[test]
fn exports_in_three_formats_say_the_same() {
    let server = prepared(&[]);
    server.post("/api/audiences/1/snapshots", &json!({})).expect(201);
    let wanted: Vec<u64> = (0..100).filter(|id| id % 10 >= 5 && *id != 9).collect();
    let csv = server.get("/api/snapshots/1/export?format=csv&fields=country,visits");
    assert_eq!((csv.status, csv.content_type.as_str()), (200, "text/csv; charset=utf-8"));
    let lines: Vec<&str> = csv.text.split_terminator("\r\n").collect();
    assert_eq!((lines[0], lines[1], lines[3]), ("id,country,visits", "5,FR,5", "7,\"'=cmd\",7"));
    let of_line = |line: &&str| line.split(',').next().and_then(|id| id.parse().ok()).expect("an id");
    assert_eq!(lines[1..].iter().map(of_line).collect::<Vec<u64>>(), wanted);
    assert!(server.get("/api/snapshots/1/export?formulas=keep&fields=country").text.contains("\r\n7,=cmd\r\n"));
    assert!(server.get("/api/snapshots/1/export?fields=").text.starts_with("id\r\n5\r\n"));

    let accept = |kind: &str| server.send_as(Method::GET, "/api/snapshots/1/export", "", "", &[("accept", kind)]);
    let ndjson = accept("application/x-ndjson");
    assert_eq!(ndjson.content_type, "application/x-ndjson");
    let rows: Vec<Json> = ndjson.text.lines().map(|line| serde_json::from_str(line).expect("JSON")).collect();
    assert_eq!(ids(&rows), wanted);
    assert_eq!(rows[2], json!({"id": 7, "visits": 7, "country": "=cmd"}));

    let bytes = server.get_bytes("/api/snapshots/1/export?format=parquet");
    let batches = ParquetRecordBatchReaderBuilder::try_new(bytes).expect("Parquet").build().expect("a reader");
    let (mut found, mut visits) = (Vec::new(), 0);
    for batch in batches.map(|batch| batch.expect("a batch")) {
        let texts = batch.column_by_name("id").expect("ids").as_string::<i32>();
        found.extend(texts.iter().map(|id| id.expect("an id").parse::<u64>().expect("a number")));
        let column = batch.column_by_name("visits").expect("visits").as_primitive::<Int64Type>();
        visits += column.iter().flatten().sum::<i64>();
    }
    assert_eq!(found, wanted);
    assert_eq!(visits, wanted.iter().map(|id| (id % 10) as i64).sum::<i64>());

    let refused = |query: &str, pointer: &str, code: &str| {
        server.get(&format!("/api/snapshots/1/export?{query}")).refuses(422, pointer, code);
    };
    refused("format=xls", "/format", "bad_format");
    refused("fields=country,visit", "/fields", "unknown_field");
    refused("fields=visits,visits", "/fields", "repeated_field");
    refused("formulas=no", "/formulas", "bad_formulas");
    assert_eq!(accept("image/png").refuses(406, "", "not_acceptable")["pointer"], "");
    assert_eq!(accept("*/*").content_type, "text/csv; charset=utf-8");
}

#[test]
fn snapshots_are_compared() {
    let server = prepared(&[]);
    server.post("/api/audiences/1/snapshots", &json!({})).expect(201);
    server.patch("/api/audiences/1", &json!({"exclude_customers": [5, 6]})).expect(200);
    server.patch("/api/profiles/1", &json!({"visits": 9})).expect(200);
    server.post("/api/audiences/1/snapshots", &json!({})).expect(201);
    let found = server.get("/api/snapshots/1/diff/2?sample=5").expect(200);
    assert_eq!((&found["entered"], &found["left"], &found["unchanged"]), (&2.into(), &2.into(), &47.into()));
    let sample = |key: &str| ids(found[key].as_array().expect("members"));
    assert_eq!((sample("entered_sample"), sample("left_sample")), (vec![1, 9], vec![5, 6]));
    let back = server.get("/api/snapshots/2/diff/1?sample=0").expect(200);
    assert_eq!((&back["entered"], &back["left"], &back["left_sample"]), (&2.into(), &2.into(), &json!([])));
    server.get("/api/snapshots/1/diff/9").refuses(404, "", "not_found");
    server.get("/api/snapshots/1/diff/2?sample=1001").refuses(422, "/sample", "bad_sample");
}

fn muster(arguments: &[&str]) -> Output {
    Command::new(binary()).args(arguments).output().expect("the binary can be started")
}

fn told(output: &Output) -> (Option<i32>, String) {
    let text = [&output.stdout[..], &output.stderr].concat();
    (output.status.code(), String::from_utf8_lossy(&text).into_owned())
}

#[test]
fn snapshots_are_taken_and_exported_on_the_command_line() {
    let folder = tempfile::tempdir().expect("a folder");
    let data = folder.path().join("data").to_str().expect("UTF-8").to_owned();
    let (mut server, data) = (prepared(&["--data", &data]), data.as_str());
    let by_http = server.post("/api/audiences/2/snapshots", &json!({"now": NOW})).expect(201);
    server.terminate();
    server.wait();

    let one = told(&muster(&["snapshot", "--data", data, "--audience", "new", "--now", NOW, "--json"]));
    let json: Json = serde_json::from_str(&one.1).unwrap_or_else(|error| panic!("{error}: {}", one.1));
    assert_eq!((&json["items"][0]["id"], &json["items"][0]["digest"]), (&2.into(), &by_http["digest"]));
    let (code, text) = told(&muster(&["snapshot", "--data", data, "--all"]));
    assert!(code == Some(0) && text.contains("2 snapshots of"), "{text}");
    for (arguments, wanted) in [
        (&["snapshot", "--data", data][..], "--all"),
        (&["snapshot", "--data", data, "--audience", "nobody"], "there is no audience \"nobody\""),
        (&["snapshot", "--data", "nowhere", "--all"], "there is no data directory"),
        (&["export", "1", "--data", data, "--fields", "visit"], "there is no field \"visit\""),
        (&["export", "1", "--data", data, "--output", "a.xls"], "--format"),
    ] {
        let (code, text) = told(&muster(arguments));
        assert!(code == Some(2) && text.contains(wanted), "{arguments:?}: {code:?} {text}");
    }
    let (code, csv) = told(&muster(&["export", "1", "--data", data, "--fields", "visits"]));
    assert!(code == Some(0) && csv.starts_with("id,visits\r\n0,0\r\n1,1\r\n"), "{csv}");
    let output = folder.path().join("out.ndjson");
    let output = output.to_str().expect("UTF-8");
    let (code, text) = told(&muster(&["export", "3", "--data", data, "--output", output, "--json"]));
    assert!(code == Some(0) && text.contains("\"rows\":49"), "{text}");
    assert_eq!(std::fs::read_to_string(output).expect("a file").lines().count(), 49);
    let (code, text) = told(&muster(&["export", "99", "--data", data]));
    assert!(code == Some(1) && text.contains("there is no snapshot 99"), "{text}");
}

#[test]
fn a_server_that_is_killed_keeps_the_snapshots_it_has_acknowledged() {
    let folder = tempfile::tempdir().expect("a folder");
    let data = folder.path().join("data").to_str().expect("UTF-8").to_owned();
    let mut server = prepared(&["--data", &data]);
    let mut digests: Vec<(u64, Json)> = Vec::new();
    for round in 0..4 {
        std::thread::scope(|scope| {
            let taking = scope.spawn(|| {
                let mut taken: Vec<u64> = Vec::new();
                loop {
                    let path = "/api/snapshots/batch";
                    let Some(answer) = server.try_post(path, &json!({"audiences": "all"})) else { return taken };
                    taken.extend(
                        answer["items"].as_array().expect("items").iter().filter_map(|item| item["id"].as_u64()),
                    );
                }
            });
            std::thread::sleep(Duration::from_millis(60 + 50 * round));
            server.kill();
            digests.extend(taking.join().expect("no panic").into_iter().map(|id| (id, Json::Null)));
        });
        drop(server);
        server = Server::start_with(&["--data", &data]);
        for (id, digest) in &mut digests {
            let found = server.get(&format!("/api/snapshots/{id}")).expect(200);
            assert!(digest.is_null() || *digest == found["digest"], "snapshot {id} is another one");
            *digest = found["digest"].clone();
        }
        let last = digests.last().expect("some were taken").0;
        assert_eq!(
            server.post(&format!("/api/snapshots/{last}/verify"), &json!({})).expect(200)["status"],
            "reproduced"
        );
    }
    assert!(digests.len() > 8, "{} snapshots", digests.len());
    server.terminate();
    server.wait();
    assert_eq!(told(&muster(&["verify", "--data", &data])).0, Some(0));
    assert_eq!(told(&muster(&["checkpoint", "--data", &data])).0, Some(0));
    let server = Server::start_with(&["--data", &data]);
    for (id, digest) in &digests {
        assert_eq!(server.get(&format!("/api/snapshots/{id}")).expect(200)["digest"], *digest);
    }
}
