//! Versions of segments and audiences: listed, read, compared, restored; and two people who change one thing at once.

use harness::server::{Answer, Server};
use reqwest::Method;
use serde_json::{Value as Json, json};

fn server() -> Server {
    let server = Server::start();
    load(&server);
    server
}

fn load(server: &Server) {
    let rows: String = (0..100)
        .map(|id| format!("{{\"id\": {id}, \"visits\": {}, \"country\": \"{}\"}}\n", id % 10, ["DE", "FR"][id % 2]))
        .collect();
    server.load(&rows);
}

/// A request that says which version it is about.
fn matching(server: &Server, method: Method, path: &str, body: &Json, tag: &str) -> Answer {
    server.send_as(method, path, "application/json", body.to_string(), &[("if-match", tag)])
}

#[test]
fn every_version_of_a_segment_is_kept() {
    let server = server();
    let first = server.post("/api/segments", &json!({"name": "busy", "text": "visits >= 5", "changed_by": "Ann"}));
    assert_eq!((first.etag.as_str(), &first.expect(201)["version"]), ("\"1\"", &1.into()));
    let body = json!({"text": "visits >= 7 and country is \"DE\"", "tags": ["VIP ", "vip"], "changed_by": "Ben"});
    let second = server.patch("/api/segments/busy", &body);
    assert_eq!((second.etag.as_str(), &second.expect(200)["tags"]), ("\"2\"", &json!(["vip"])));
    // What changes nothing is no version.
    assert_eq!(server.patch("/api/segments/1", &json!({"tags": ["vip"]})).expect(200)["version"], 2);
    let versions = server.get("/api/segments/1/versions").expect(200);
    assert_eq!((&versions["kept_max"], &versions["dropped"]), (&100.into(), &0.into()));
    let told: Vec<_> = versions["items"]
        .as_array()
        .expect("items")
        .iter()
        .map(|item| (item["version"].clone(), item["changed_by"].clone(), item["is_current"].clone()))
        .collect();
    assert_eq!(told, [(2.into(), "Ben".into(), true.into()), (1.into(), "Ann".into(), false.into())]);
    let old = server.get("/api/segments/1/versions/1").expect(200);
    assert_eq!((&old["text"], &old["tags"], &old["name"]), (&"visits >= 5".into(), &json!([]), &"busy".into()));
    assert_eq!(server.pages("/api/segments/1/versions/1/members", 20).len(), 50);
    server.get("/api/segments/1/versions/3").refuses(404, "", "not_found");
    server.get("/api/segments/1/versions/x").refuses(404, "", "not_found");

    let difference = server.get("/api/segments/1/versions/1/diff/2").expect(200);
    assert_eq!(difference["sizes"], json!({"from": 50, "to": 10, "entered": 0, "left": 40, "stayed": 10}));
    assert_eq!(difference["attributes"], json!([{"attribute": "tags", "from": [], "to": ["vip"]}]));
    let told: Vec<_> = difference["definition"]["differences"]
        .as_array()
        .expect("differences")
        .iter()
        .map(|it| {
            (it["change"].clone(), it["from"]["text"].clone(), it["to"]["text"].clone(), it["to"]["pointer"].clone())
        })
        .collect();
    let changed = ("changed".into(), "visits >= 5".into(), "visits >= 7".into(), "/rules/0".into());
    assert_eq!(told, [changed, ("added".into(), Json::Null, "country is \"DE\"".into(), "/rules/1".into())]);

    let restored = server.post("/api/segments/1/versions/1/restore", &json!({"changed_by": "Cleo"})).expect(200);
    assert_eq!(
        (&restored["version"], &restored["text"], &restored["tags"]),
        (&3.into(), &"visits >= 5".into(), &json!([]))
    );
    assert_eq!((&restored["count"], &restored["changed_by"]), (&50.into(), &"Cleo".into()));
}

#[test]
fn what_a_version_refers_to_may_be_gone() {
    let server = server();
    server.post("/api/segments", &json!({"name": "german", "text": "country is \"DE\""})).expect(201);
    server.post("/api/segments", &json!({"name": "busy", "text": "in segment \"german\" and visits >= 5"})).expect(201);
    server.put("/api/segments/busy", &json!({"text": "visits >= 5"})).expect(200);
    assert_eq!(server.delete("/api/segments/german").status, 204);
    server.post("/api/segments/busy/versions/1/restore", &json!({})).refuses(
        409,
        "/criteria/rules/0/segment",
        "unknown_segment",
    );
    let difference = server.get("/api/segments/busy/versions/1/diff/2").expect(200);
    assert_eq!((&difference["sizes"], &difference["not_countable"][0]["version"]), (&Json::Null, &1.into()));
    assert_eq!(difference["not_countable"][0]["errors"][0]["code"], "unknown_segment");
}

#[test]
fn versions_of_audiences() {
    let server = server();
    server.post("/api/segments", &json!({"name": "german", "text": "country is \"DE\""})).expect(201);
    let body = json!({"name": "mail", "include_segments": [1], "exclude_customers": [2, 4], "campaign_id": 10});
    let saved = server.post("/api/audiences", &body).expect(201);
    assert_eq!((&saved["audience_type"], &saved["customer_count"]), (&"combined".into(), &48.into()));
    let patch = json!({"include_customers": [1, 3], "exclude_customers": null, "campaign_id": null});
    let patched = server.patch("/api/audiences/1", &patch).expect(200);
    assert_eq!(
        (&patched["count"], &patched["campaign_id"], &patched["include_segments"]),
        (&52.into(), &Json::Null, &json!([1]))
    );
    let difference = server.get("/api/audiences/1/versions/1/diff/2").expect(200);
    assert_eq!(difference["sizes"], json!({"from": 48, "to": 52, "entered": 4, "left": 0, "stayed": 48}));
    let told = &difference["definition"]["differences"];
    assert_eq!((&told[0]["key"], &told[0]["added"]), (&"include_customers".into(), &json!(["1", "3"])));
    assert_eq!((&told[1]["key"], &told[1]["removed"]), (&"exclude_customers".into(), &json!(["2", "4"])));
    // Everybody is nobody's slip of the pen; but PUT replaces: what is left out is gone.
    let nobody_left = json!({"include_segments": null, "include_customers": null});
    server.patch("/api/audiences/1", &nobody_left).refuses(422, "/confirm_everyone", "everyone_not_confirmed");
    let replaced = server.put("/api/audiences/1", &json!({"exclude_customers": [5]})).expect(200);
    assert_eq!((&replaced["count"], &replaced["name"]), (&99.into(), &"mail".into()));
    let renamed = server.put("/api/audiences/1", &json!({"name": "post"})).expect(200);
    assert_eq!((&renamed["count"], &renamed["name"]), (&99.into(), &"post".into()));
    let restored = server.post("/api/audiences/1/versions/1/restore", &json!({})).expect(200);
    assert_eq!(
        (&restored["count"], &restored["campaign_id"], &restored["version"]),
        (&48.into(), &10.into(), &5.into())
    );
    assert_eq!(server.pages("/api/audiences/1/versions/2/members", 10).len(), 52);
}

#[test]
fn two_who_save_at_once_are_told() {
    let server = server();
    server.post("/api/segments", &json!({"name": "a", "text": "visits = 1"})).expect(201);
    let seen = server.get("/api/segments/a").etag;
    assert_eq!(matching(&server, Method::PUT, "/api/segments/a", &json!({"text": "visits = 2"}), &seen).status, 200);
    for method in [Method::PUT, Method::PATCH, Method::DELETE] {
        let refused = matching(&server, method, "/api/segments/a", &json!({"owner": "b"}), &seen).refuses(
            412,
            "",
            "stale_version",
        );
        assert!(
            refused["message"].as_str().is_some_and(|text| text.contains("version 2 by now, not at 1")),
            "{refused}"
        );
    }
    matching(&server, Method::PATCH, "/api/segments/a", &json!({"owner": "b"}), "yesterday").refuses(
        422,
        "",
        "bad_if_match",
    );
    assert_eq!(
        matching(&server, Method::PATCH, "/api/segments/a", &json!({"owner": "b"}), "*").expect(200)["version"],
        3
    );
    assert_eq!(matching(&server, Method::DELETE, "/api/segments/a", &json!({}), "\"3\"").status, 204);
    server.post("/api/audiences", &json!({"name": "m", "include_customers": [1]})).expect(201);
    let change = json!({"include_customers": [2]});
    assert_eq!(matching(&server, Method::PATCH, "/api/audiences/1", &change, "\"1\"").status, 200);
    matching(&server, Method::DELETE, "/api/audiences/1", &json!({}), "\"1\"").refuses(412, "", "stale_version");
}

#[test]
fn versions_survive_the_process() {
    let folder = tempfile::tempdir().expect("a folder");
    let data = folder.path().to_str().expect("UTF-8");
    let told = |server: &Server| {
        let versions =
            ["/api/segments/1/versions", "/api/audiences/1/versions"].map(|path| server.get(path).expect(200));
        (versions, server.get("/api/segments/1/versions/1").expect(200))
    };
    let before = {
        let server = Server::start_with(&["--data", data]);
        load(&server);
        server.post("/api/segments", &json!({"name": "s", "customers": [1, "later"], "owner": "crm"})).expect(201);
        server.patch("/api/segments/1", &json!({"name": "t", "status": "draft", "changed_by": "Ann"})).expect(200);
        server.post("/api/segments/1/members", &json!({"add": [2], "remove": [1]})).expect(200);
        server.post("/api/audiences", &json!({"name": "m", "include_segments": [1]})).expect(201);
        server.patch("/api/audiences/1", &json!({"tags": ["q1"]})).expect(200);
        let before = told(&server);
        server.kill();
        before
    };
    let server = Server::start_with(&["--data", data]);
    assert_eq!(told(&server), before);
    server.post("/api/segments/1/versions/1/restore", &json!({})).expect(200);
    assert_eq!(server.get("/api/segments/s").expect(200)["version"], 4);
}
