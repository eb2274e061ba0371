//! What people said about being contacted, over HTTP: kept with source and time, the newest counts, and gates go by it.

use harness::server::Server;
use reqwest::Method;
use serde_json::{Value as Json, json};

/// Ten people, of whom the even ones consent by a field, and a channel with a purpose.
fn prepared() -> Server {
    let server = Server::start();
    let people: String = (1..=10).map(|id| format!("{{\"id\": {id}, \"email_consent\": {}}}\n", id % 2 == 0)).collect();
    server.load(&people);
    let channel = json!({"consent_text": "email_consent is true", "purpose": "Marketing"});
    let channel = server.put("/api/channels/email", &channel).expect(200);
    assert_eq!((&channel["purpose"], &channel["purposes"]), (&json!("marketing"), &json!([])));
    server
}

fn said(state: &str, time: &str) -> Json {
    json!({"channel": "email", "purpose": "marketing", "state": state, "source": "checkout form", "time": time})
}

/// How many people may be written to.
fn reached(server: &Server) -> u64 {
    let all = json!({"channel": "email", "confirm_everyone": true});
    server.post("/api/audiences/preview", &all).expect(200)["count"].as_u64().expect("a count")
}

#[test]
fn the_newest_counts_and_everything_is_kept() {
    let server = prepared();
    assert_eq!(reached(&server), 5);
    let granted = server.put("/api/profiles/1/consents", &said("granted", "2026-01-02T00:00:00.5Z")).expect(200);
    let item = &granted["items"][0];
    assert_eq!(
        (&item["channel"], &item["purpose"], &item["state"]),
        (&json!("email"), &json!("marketing"), &json!("granted"))
    );
    assert_eq!((&item["source"], &item["time"]), (&json!("checkout form"), &json!("2026-01-02T00:00:00Z")));
    assert_eq!(reached(&server), 6);
    // Older news is history; a withdrawal goes before the field.
    server.put("/api/profiles/1/consents", &said("withdrawn", "2026-01-01T00:00:00Z")).expect(200);
    assert_eq!(reached(&server), 6);
    let many = json!({"ids": [2, 4, 4, "nobody"]});
    let mut many = many.as_object().expect("an object").clone();
    many.extend(said("withdrawn", "2026-01-03T00:00:00Z").as_object().expect("an object").clone());
    let noted = server.post("/api/consents", &many.into()).expect(200);
    let counts = ["entries", "duplicates", "noted", "repeated", "unknown"].map(|key| noted[key].as_u64());
    assert_eq!(counts, [4, 1, 2, 0, 1].map(Some));
    assert_eq!(reached(&server), 4);
    let history = server.get("/api/profiles/1/consents").expect(200)["items"][0]["history"].clone();
    let told: Vec<_> = history.as_array().expect("a history").iter().map(|said| said["state"].clone()).collect();
    assert_eq!(told, ["granted", "withdrawn"]);
    let purposes = server.get("/api/channels/email").expect(200)["purposes"].clone();
    assert_eq!(purposes, json!([{"name": "marketing", "granted": 1, "withdrawn": 2}]));
    // Without a purpose the channel goes by the field alone, as ever; with one and no rule by what was said alone.
    server.put("/api/channels/email", &json!({"consent_text": "email_consent is true"})).expect(200);
    assert_eq!(reached(&server), 5);
    server.put("/api/channels/email", &json!({"purpose": "marketing"})).expect(200);
    assert_eq!(reached(&server), 1);
    server.put("/api/channels/email", &json!({"purpose": "service"})).expect(200);
    assert_eq!(reached(&server), 0);
}

#[test]
fn a_file_is_taken_line_by_line_and_erasing_somebody_forgets_what_they_said() {
    let server = prepared();
    let file = "id,channel,purpose,state,source,time\n\
        1,email,marketing,granted,newsletter,2026-01-01T00:00:00Z\n\
        1,email,marketing,granted,newsletter,2026-01-01T00:00:00Z\n\
        2,email,marketing,withdrawn,letter of Ann,2026-01-01T00:00:00Z\n\
        3,email,marketing,granted,newsletter,\n\
        99,email,marketing,granted,newsletter,\n\
        4,fax,marketing,perhaps,,tomorrow\n\
        5,email,marketing,granted,newsletter,2999-01-01T00:00:00Z\n\
        6,email\n";
    let report = server.send(Method::POST, "/api/consents/import", "text/csv", file).expect(200);
    let counts =
        ["rows", "noted", "repeated", "duplicates", "unknown", "rejected_total"].map(|key| report[key].as_u64());
    assert_eq!(counts, [8, 3, 0, 1, 1, 3].map(Some), "{report}");
    let codes = |at: usize| {
        let errors = report["rejected"][at]["errors"].as_array().expect("errors");
        errors.iter().map(|error| error["code"].as_str().expect("a code").to_owned()).collect::<Vec<_>>()
    };
    assert_eq!(codes(0), ["unknown_channel", "bad_source", "bad_state", "bad_time"]);
    assert_eq!((codes(1), codes(2)), (vec!["time_in_future".to_owned()], vec!["ragged_row".to_owned()]));
    assert_eq!(reached(&server), 6, "1 and 3 came, 2 went");
    server.send(Method::POST, "/api/consents/import", "application/x-ndjson", "{}").refuses(
        415,
        "",
        "unsupported_content_type",
    );
    let missing = server.send(Method::POST, "/api/consents/import", "text/csv", "id,channel,purpose,source\n");
    missing.refuses(422, "", "missing_column");
    server.delete("/api/profiles/2").expect(200);
    server.get("/api/profiles/2/consents").refuses(404, "", "not_found");
    let purposes = server.get("/api/channels/email").expect(200)["purposes"].clone();
    assert_eq!(purposes, json!([{"name": "marketing", "granted": 2, "withdrawn": 0}]));
}

#[test]
fn what_nobody_can_have_said_is_refused() {
    let server = prepared();
    let put = |change: Json| {
        let mut body = said("granted", "2026-01-01T00:00:00Z");
        body.as_object_mut().expect("an object").extend(change.as_object().expect("an object").clone());
        server.put("/api/profiles/1/consents", &body)
    };
    put(json!({"channel": "emial"})).refuses(422, "/channel", "unknown_channel");
    put(json!({"purpose": "a b"})).refuses(422, "/purpose", "bad_purpose");
    put(json!({"source": " "})).refuses(422, "/source", "bad_source");
    put(json!({"state": "maybe"})).refuses(422, "/state", "bad_state");
    put(json!({"time": "2999-01-01T00:00:00Z"})).refuses(422, "/time", "time_in_future");
    server.put("/api/profiles/77/consents", &said("granted", "2026-01-01T00:00:00Z")).refuses(404, "", "not_found");
    assert_eq!(server.get("/api/profiles/1/consents").expect(200)["items"], json!([]));
}
