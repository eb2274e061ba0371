//! The command line: what it prints, and with which code it ends. 0 done, 1 failed, 2 wrong use.

use std::path::PathBuf;
use std::process::Command;

use harness::acceptance::Acceptance;
use harness::server::binary;
use harness::study::profiles;
use serde_json::{Value as Json, json};
use tempfile::TempDir;

struct Ran {
    code: Option<i32>,
    out: String,
    err: String,
}

impl Ran {
    fn json(&self) -> Json {
        serde_json::from_str(&self.out).unwrap_or_else(|error| panic!("{error}: {} {}", self.out, self.err))
    }
}

fn muster(arguments: &[&str]) -> Ran {
    let output = Command::new(binary()).args(arguments).output().expect("the binary can be started");
    let text = |bytes: &[u8]| String::from_utf8(bytes.to_vec()).expect("UTF-8");
    Ran { code: output.status.code(), out: text(&output.stdout), err: text(&output.stderr) }
}

fn file(name: &str, bytes: &[u8]) -> (TempDir, String) {
    let folder = tempfile::tempdir().expect("a directory");
    let path: PathBuf = folder.path().join(name);
    std::fs::write(&path, bytes).expect("room on the disk");
    (folder, path.to_str().expect("UTF-8").to_owned())
}

#[test]
fn count_answers_the_acceptance_set() {
    let set = Acceptance::load();
    for (name, bytes) in [("profiles.ndjson", &profiles().ndjson), ("profiles.parquet", &profiles().parquet)] {
        let (_folder, path) = file(name, bytes);
        for id in ["S01", "S15", "S25"] {
            let case = set.case(id);
            let rule = case.criteria.to_string();
            let told = muster(&["count", &rule, "--from", &path, "--now", &set.now, "--json"]);
            assert_eq!(told.code, Some(0), "{}", told.err);
            let answer = told.json();
            assert_eq!((&answer["count"], &answer["population"]), (&json!(case.count), &json!(2_469)), "{id}");
            assert_eq!(answer["now"], set.now);
        }
    }
}

#[test]
fn count_in_words() {
    let (_folder, path) = file("people.csv", b"customer_id;visits;country\n1;5;DE\n2;;FR\n3;x;DE\n");
    let told = muster(&["count", "country is \"DE\"", "--from", &path]);
    assert_eq!((told.code, told.out.as_str()), (Some(0), "2\n"), "{}", told.err);
    let told = muster(&["count", "country is \"de\" or visits is \"5\"", "--from", &path, "--explain"]);
    assert_eq!(told.code, Some(0), "{}", told.err);
    assert!(told.err.contains("warning") && told.err.contains("DE"), "{}", told.err);
    let lines: Vec<&str> = told.out.lines().collect();
    assert_eq!(lines[0], "1");
    assert!(lines.iter().any(|line| line.split_whitespace().take(3).eq(["1", "1", "0"])), "{}", told.out);
    let told = muster(&["count", "visits exists", "--from", &path, "--explain", "--json"]);
    let nodes = json!([{"pointer": "", "matched": 2, "missing": 1, "without": 3}]);
    assert_eq!((&told.json()["count"], &told.json()["nodes"]), (&2.into(), &nodes));
}

#[test]
fn load_reports_every_row() {
    let rows = "{\"id\": 1, \"visits\": 1}\n{\"id\": 1, \"visits\": 2}\n{\"id\": \"\"}\nno row\n";
    let (_folder, path) = file("people.ndjson", rows.as_bytes());
    let told = muster(&["load", &path, "--json"]);
    assert_eq!(told.code, Some(0), "{}", told.err);
    let report = told.json();
    assert_eq!((&report["rows"], &report["inserted"], &report["rejected_total"]), (&4.into(), &1.into(), &2.into()));
    assert_eq!(report["duplicates_total"], 1);
    let told = muster(&["load", &path]);
    assert!(
        told.out.contains("4 rows read") && told.out.contains("row 3") && told.out.contains("visits"),
        "{}",
        told.out
    );
}

#[test]
fn exit_codes() {
    let (_folder, path) = file("people.csv", b"id,visits\n1,5\n");
    let (_other, strange) = file("people.csv", b"number,visits\n1,5\n");
    let (_broken, broken) = file("people.parquet", b"PAR1 and no more");
    for (arguments, code, word) in [
        (vec!["count", "visit = 5", "--from", &path], 2, "visits"),
        (vec!["count", "visits = = 5", "--from", &path], 2, "line 1"),
        (vec!["count", "visits = 5", "--from", &path, "--now", "noon"], 2, "2018-01-01T00:00:00Z"),
        (vec!["count", "visits = 5", "--from", &strange], 2, "--id-field"),
        (vec!["count", "visits = 5", "--from", "people.txt"], 2, "people.txt"),
        (vec!["count", "visits = 5"], 2, "--from"),
        (vec!["count", "visits = 5", "--from", "nowhere.csv"], 1, "nowhere.csv"),
        (vec!["load", &broken], 1, "Parquet"),
        (vec!["sing"], 2, "sing"),
        (vec![], 2, "Usage"),
        (vec!["serve", "--listen", "0.0.0.0:0"], 2, "--insecure"),
        (vec!["serve", "--listen", "somewhere"], 2, "--listen"),
        (vec!["serve", "--listen", "127.0.0.1:0", "--load", "nowhere.csv"], 1, "nowhere.csv"),
    ] {
        let told = muster(&arguments);
        assert_eq!(told.code, Some(code), "{arguments:?}: {} {}", told.out, told.err);
        assert!(told.err.contains(word), "{arguments:?} does not say {word}: {}", told.err);
        assert_eq!(told.out, "", "{arguments:?}");
    }
    for arguments in [["--help"], ["--version"]] {
        let told = muster(&arguments);
        assert_eq!(told.code, Some(0), "{}", told.err);
        assert!(told.out.contains("muster") || told.out.contains("Customer"), "{}", told.out);
    }
    assert_eq!(muster(&["count", "visits = 5", "--from", &strange, "--id-field", "number"]).code, Some(0));
}
