//! Audiences through gates, over HTTP: one waterfall that adds up everywhere, and each person with one reason.

use harness::server::Server;
use reqwest::Method;
use serde_json::{Value as Json, json};

const NOW: &str = "2018-01-10T00:00:00Z";

fn server() -> Server {
    let server = Server::start();
    let people: String = (1..=20).map(|id| format!("{{\"id\": {id}, \"email_consent\": {}}}\n", id % 2 == 0)).collect();
    server.load(&people);
    server
}

/// The steps of a waterfall as reason and removed.
fn steps(breakdown: &Json) -> Vec<(String, u64)> {
    let mut left = breakdown["base"].as_u64().expect("a base");
    let told = breakdown["waterfall"].as_array().expect("a waterfall").iter().map(|step| {
        let removed = step["removed"].as_u64().expect("a number");
        assert_eq!(step["before"], left);
        left -= removed;
        assert_eq!(step["left"], left);
        (step["reason"].as_str().expect("a reason").to_owned(), removed)
    });
    told.collect()
}

/// Lists, channel, contacts, control group and two audiences of which the first goes first.
fn prepared() -> Server {
    let server = server();
    let list = "/api/lists?name=unsubscribed&suppression=true";
    let list = server.send(Method::POST, list, "text/csv", "id\n2\n3\n99\n").expect(201);
    assert_eq!(list["suppression"], 1);
    let seven = json!({"name": "contacted in the last 7 days", "keep_days": 7});
    assert_eq!(server.post("/api/suppressions", &seven).expect(201)["id"], 2);
    let added = json!({"ids": [4, 4, "later"], "time": "2018-01-03T00:00:00Z"});
    let noted = server.post("/api/suppressions/2/members", &added).expect(200);
    assert_eq!(
        [&noted["entries"], &noted["duplicates"], &noted["noted"], &noted["unknown"]],
        [&json!(3), &json!(1), &json!(1), &json!(1)]
    );
    let channel = json!({"consent_text": "email_consent is true", "caps": [{"contacts": 1, "days": 2}]});
    let channel = server.put("/api/channels/email", &channel).expect(200);
    assert_eq!(channel["consent"]["field"], "email_consent");
    let contacts = json!({"channel": "email", "ids": [6], "time": "2018-01-08T00:00:00Z"});
    assert_eq!(server.post("/api/contacts", &contacts).expect(200)["noted"], 1);
    let first = json!({"name": "first", "include_customers": [8]});
    server.post("/api/audiences", &first).expect(201);
    let second = json!({"name": "second", "channel": "email", "exclude_customers": [10],
        "split": {"salt": "s", "from": 0, "to": 100}});
    server.post("/api/audiences", &second).expect(201);
    let group = json!({"name": "one mail a week", "audiences": [1, 2]});
    server.post("/api/exclusion-groups", &group).expect(201);
    server
}

#[test]
fn the_waterfall_is_the_same_in_answers_snapshots_and_exports() {
    let server = prepared();
    let audience = server.get(&format!("/api/audiences/2?now={NOW}")).expect(200);
    let wanted = [
        ("excluded_customers", 1),
        ("suppression:1", 2),
        ("suppression:2", 1),
        ("no_consent:email", 9),
        ("frequency_cap:email:1/2d", 1),
        ("higher_priority:1", 1),
        ("split:s", 0),
    ];
    let wanted: Vec<(String, u64)> = wanted.map(|(reason, removed)| (reason.to_owned(), removed)).into();
    assert_eq!(steps(&audience["breakdown"]), wanted);
    assert_eq!((&audience["count"], &audience["breakdown"]["excluded_total"]), (&json!(5), &json!(15)));
    let snapshot = json!({"now": NOW, "confirm_everyone": true});
    let snapshot = server.post("/api/audiences/2/snapshots", &snapshot).expect(201);
    assert_eq!(steps(&snapshot["breakdown"]), wanted);
    let export = server.get("/api/snapshots/1/export?format=csv&fields=");
    assert_eq!(export.text.lines().count(), 6, "{}", export.text);
    // Seven days and two days are over a second later; the snapshot stays as it is.
    let later = server.get("/api/audiences/2?now=2018-01-10T00:00:01Z").expect(200);
    assert_eq!(later["count"], 7);
    server.delete("/api/suppressions/1").expect(204);
    let verified = server.post("/api/snapshots/1/verify", &json!({})).expect(200);
    assert_eq!(verified["status"], "reproduced", "{verified}");
}

#[test]
fn everybody_who_is_out_has_one_reason() {
    let server = prepared();
    let of = |query: &str| server.get(&format!("/api/audiences/2/excluded?now={NOW}{query}")).expect(200);
    let page = of("&limit=4");
    assert_eq!((&page["total"], page["items"].as_array().map(Vec::len)), (&json!(15), Some(4)));
    let cursor = page["next_cursor"].as_str().expect("a cursor");
    let rest = server.get(&format!("/api/audiences/2/excluded?limit=100&cursor={cursor}")).expect(200);
    assert_eq!((rest["items"].as_array().map(Vec::len), &rest["next_cursor"]), (Some(11), &Json::Null));
    let suppressed = of("&reason=suppression");
    let ids: Vec<&Json> = suppressed["items"].as_array().expect("items").iter().map(|item| &item["id"]).collect();
    assert_eq!(ids, [&json!(2), &json!(3), &json!(4)]);
    assert_eq!(suppressed["items"][0]["name"], "unsubscribed");
    assert_eq!(of("&reason=suppression:2")["total"], 1);
    let wrong = server.get("/api/audiences/2/excluded?reason=supression");
    wrong.refuses(422, "/reason", "unknown_reason");
    let csv = server.get(&format!("/api/audiences/2/excluded?now={NOW}&format=csv"));
    assert_eq!(csv.text.lines().count(), 16, "{}", csv.text);
    assert!(csv.text.contains("4,suppression:2,contacted in the last 7 days\r\n"), "{}", csv.text);
    for (id, reason) in
        [(10, "excluded_customers"), (3, "suppression:1"), (5, "no_consent:email"), (8, "higher_priority:1")]
    {
        let told = server.get(&format!("/api/audiences/2/explain/{id}?now={NOW}")).expect(200);
        assert_eq!((&told["removed_by"], &told["reason"]), (&json!(reason), &json!("excluded")), "{id}");
    }
    let told = server.get(&format!("/api/audiences/2/explain/12?now={NOW}")).expect(200);
    assert_eq!((&told["removed_by"], &told["in"]), (&Json::Null, &json!(true)));
}

#[test]
fn mistakes_are_told_with_their_place() {
    let server = prepared();
    let preview = |body: Json| server.post("/api/audiences/preview", &body);
    preview(json!({"channel": "emial"})).refuses(422, "/channel", "unknown_channel");
    preview(json!({"holdout": {"percent": 101, "salt": "s"}})).refuses(422, "/holdout/percent", "wrong_type");
    preview(json!({"split": {"salt": "s", "from": 0.00001, "to": 5}})).refuses(422, "/split/from", "wrong_type");
    preview(json!({"split": {"salt": "s", "from": 6, "to": 5}})).refuses(422, "/split", "bad_slice");
    preview(json!({"ignore_suppressions": [1]})).refuses(422, "/ignore_reason", "missing_reason");
    let unknown = json!({"ignore_suppressions": [7], "ignore_reason": "x"});
    preview(unknown).refuses(422, "/ignore_suppressions/0", "unknown_suppression");
    let ignoring = preview(json!({"ignore_suppressions": [1], "ignore_reason": "recall", "now": NOW})).expect(200);
    let told = &ignoring["breakdown"]["ignored_suppressions"][0];
    assert_eq!((&told["id"], &told["members"], &told["reason"]), (&json!(1), &json!(2), &json!("recall")));
    server.put("/api/channels/a b", &json!({})).refuses(422, "/channel", "bad_channel");
    let segment = json!({"consent_text": "in segment \"x\""});
    server.put("/api/channels/sms", &segment).refuses(422, "/consent_text", "unknown_segment");
    let circle = json!({"name": "g", "audiences": [2, 1]});
    server.post("/api/exclusion-groups", &circle).refuses(422, "/audiences", "circular_priority");
    server.post("/api/contacts", &json!({"channel": "email"})).refuses(422, "", "missing_key");
    server.delete("/api/lists/1").refuses(409, "", "list_in_use");
    server.put("/api/lists/1", &json!({"suppression": false})).expect(200);
    server.delete("/api/lists/1").expect(204);
    server.get("/api/suppressions/1").refuses(404, "", "not_found");
}

#[test]
fn a_definition_keeps_its_gates_and_its_versions_differ_by_them() {
    let server = prepared();
    let control = json!({"control_group": {"percent": 0.5, "salt": "global"}});
    assert_eq!(server.put("/api/control-group", &control).expect(200)["control_group"], control["control_group"]);
    let audience = server.patch("/api/audiences/2", &json!({"holdout": {"percent": 12.5, "salt": "h"}, "split": null}));
    let audience = audience.expect(200);
    assert_eq!((&audience["holdout"]["percent"], &audience["channel"]), (&json!(12.5), &json!("email")));
    assert!(audience.get("split").is_none());
    let told = server.get("/api/audiences/2/versions/1/diff/2").expect(200);
    let keys: Vec<&Json> =
        told["definition"]["differences"].as_array().expect("differences").iter().map(|one| &one["key"]).collect();
    assert_eq!(keys, [&json!("holdout"), &json!("split")]);
    server.put("/api/control-group", &json!({"control_group": null})).expect(200);
    assert_eq!(server.get("/api/control-group").expect(200)["control_group"], Json::Null);
    server.put("/api/exclusion-groups/1", &json!({"name": "g", "audiences": [2]})).expect(200);
    server.delete("/api/exclusion-groups/1").expect(204);
}
