//! Single people: read, changed, erased, back again.

use harness::server::Server;
use reqwest::Method;
use serde_json::{Value as Json, json};

const PEOPLE: &str = r#"{"id": 1, "country": "DE", "visits": 5, "spent": 17.57, "genres": ["rock", "jazz"]}
{"id": 2, "country": "FR", "visits": 9, "spent": 100.00, "member": true}
{"id": 3, "country": "DE", "seen": "2017-12-01T00:00:00Z", "born": "1980-02-29"}
"#;

fn server() -> Server {
    let server = Server::start();
    server.load(PEOPLE);
    server
}

#[test]
fn a_profile_says_what_it_holds_and_where_it_is_in() {
    let server = server();
    server.post("/api/segments", &json!({"name": "germans", "text": "country is \"DE\""})).expect(201);
    server.post("/api/segments", &json!({"name": "regulars", "text": "visits >= 6"})).expect(201);
    server.post("/api/segments", &json!({"name": "friends", "customers": [1, 2]})).expect(201);
    let read = server.get("/api/profiles/1").expect(200);
    assert_eq!(read["fields"], json!({"country": "DE", "visits": 5, "spent": 17.57, "genres": ["jazz", "rock"]}));
    assert_eq!(read["segments"], json!([{"id": 1, "name": "germans"}, {"id": 3, "name": "friends"}]));
    let listed = server.pages("/api/profiles", 2);
    assert_eq!(listed.len(), 3);
    assert_eq!(
        listed[2],
        json!({"id": 3, "fields": {"country": "DE", "seen": "2017-12-01T00:00:00Z", "born": "1980-02-29"}})
    );
}

#[test]
fn a_patch_changes_what_it_names() {
    let server = server();
    let patch = |body: Json| server.patch("/api/profiles/1", &json!({"fields": body}));
    let changed = patch(json!({"visits": 6, "country": null, "spent": "20.5", "genres": []})).expect(200);
    assert_eq!(changed["fields"].to_string(), r#"{"visits":6,"spent":20.50,"genres":[]}"#);
    assert_eq!(changed["changed"], true);
    assert_eq!(patch(json!({"visits": 6, "country": null})).expect(200)["changed"], false);
    assert_eq!((server.count("country is \"DE\""), server.count("not country exists")), (1, 1));
    assert_eq!((server.count("visits = 6"), server.count("genres exists")), (1, 1));

    let before = server.version();
    let refused = patch(json!({"visits": "six", "spent": 1.234, "genres": [1], "contry": "DE", "member": "yes"}));
    for (pointer, code) in [
        ("/fields/visits", "wrong_type"),
        ("/fields/spent", "wrong_type"),
        ("/fields/genres", "wrong_type"),
        ("/fields/contry", "unknown_field"),
        ("/fields/member", "wrong_type"),
    ] {
        refused.refuses(422, pointer, code);
    }
    server.patch("/api/profiles/99", &json!({"fields": {"visits": 1}})).refuses(404, "", "not_found");
    assert_eq!(server.version(), before);
    assert_eq!(server.count("visits = 6"), 1);
}

#[test]
fn an_erased_person_is_nowhere() {
    let server = server();
    let segment = server.post("/api/segments", &json!({"name": "friends", "customers": [1, 2, 77]})).expect(201);
    assert_eq!((&segment["count"], &segment["customers"]["unknown"]), (&2.into(), &1.into()));
    let list = server.send(Method::POST, "/api/lists?name=l", "text/csv", "id\n1\n3\n1\n").expect(201)["id"].clone();
    let definition =
        json!({"name": "mail", "include_customers": [1, 3], "include_lists": [list], "include_segments": ["friends"]});
    assert_eq!(server.post("/api/audiences", &definition).expect(201)["count"], 3);

    let receipt = server.delete("/api/profiles/1").expect(200);
    assert_eq!(receipt["erased"], true);
    assert_eq!(
        receipt["cleared"],
        json!({"fields": 4, "segments": 1, "lists": 1, "audiences": 1, "snapshots": 0, "events": 0})
    );
    assert_eq!(receipt["data_version"], server.version());
    server.get("/api/profiles/1").refuses(404, "", "not_found");
    server.delete("/api/profiles/1").refuses(404, "", "not_found");
    assert_eq!((server.count("id exists"), server.count("country is \"DE\""), server.count("id is 1")), (2, 1, 0));
    assert_eq!(server.get("/api/segments/friends").expect(200)["count"], 1);
    let report = server.get(&format!("/api/lists/{list}")).expect(200)["report"].clone();
    assert_eq!((&report["known"], &report["unknown"], &report["distinct"]), (&1.into(), &0.into(), &1.into()));
    let audience = server.get("/api/audiences/1").expect(200);
    assert_eq!((&audience["count"], &audience["include_customers"]), (&2.into(), &json!(["3"])));
    // Values that only this person had are not suggested to anybody any more.
    let schema = server.get("/api/schema").expect(200);
    let genres = schema["fields"].as_array().expect("fields").iter().find(|field| field["name"] == "genres");
    assert_eq!(genres.expect("a field")["top"], json!([]));

    // Whoever comes back is a new person: earlier lists have forgotten the id, later ones wait for it.
    let later = server.send(Method::POST, "/api/lists?name=m", "text/csv", "id\n1\n2\n").expect(201);
    assert_eq!((&later["report"]["known"], &later["report"]["unknown"]), (&1.into(), &1.into()));
    server.put("/api/segments/friends", &json!({"customers": [1, 2, 77]})).expect(200);
    server.load("{\"id\": 1, \"visits\": 1}\n{\"id\": 77}\n");
    let read = |id: &Json| server.get(&format!("/api/lists/{id}")).expect(200)["report"]["known"].clone();
    assert_eq!((read(&list), read(&later["id"])), (json!(1), json!(2)));
    assert_eq!(server.get("/api/segments/friends").expect(200)["count"], 3);
    assert_eq!(server.get("/api/profiles/1").expect(200)["fields"], json!({"visits": 1}));
}

#[test]
fn pages_stay_at_their_version_while_writes_go_on() {
    let server = Server::start();
    let rows: String = (0..500).map(|id| format!("{{\"id\": {id}, \"visits\": {}}}\n", id % 10)).collect();
    server.load(&rows);
    server.post("/api/segments", &json!({"name": "few", "text": "visits < 5"})).expect(201);
    server.post("/api/audiences", &json!({"name": "all but few", "exclude_segments": ["few"]})).expect(201);
    let paths = ["/api/profiles", "/api/segments/few/members", "/api/audiences/1/members"];
    let expected = paths.map(|path| server.pages(path, 10_000));
    assert_eq!(expected.each_ref().map(Vec::len), [500, 250, 250]);
    let first = paths.map(|path| server.get(&format!("{path}?limit=40")).expect(200));
    let mut found: Vec<Vec<Json>> = first.iter().map(|page| page["items"].as_array().expect("items").clone()).collect();
    let mut cursors = first.clone().map(|page| page["next_cursor"].as_str().map(str::to_owned));
    let mut gone = Vec::new();
    for round in 0_usize.. {
        if cursors.iter().all(Option::is_none) {
            break;
        }
        // Somebody leaves who was not shown yet, others come and change sides, and the segment becomes another.
        gone.push(json!(499 - round));
        server.delete(&format!("/api/profiles/{}", 499 - round)).expect(200);
        let (new, moved) = (format!("{{\"id\": \"new {round}\", \"visits\": 1}}"), 200 + round);
        server.load(&format!("{new}\n{{\"id\": {moved}, \"visits\": {}}}\n", round % 10));
        server.put("/api/segments/few", &json!({"text": format!("visits = {}", round % 10)})).expect(200);
        for (index, path) in paths.iter().enumerate() {
            let Some(cursor) = &cursors[index] else { continue };
            let page = server.get(&format!("{path}?limit=40&cursor={cursor}")).expect(200);
            assert_eq!((&page["data_version"], &page["now"]), (&first[index]["data_version"], &first[index]["now"]));
            found[index].extend(page["items"].as_array().expect("items").iter().cloned());
            cursors[index] = page["next_cursor"].as_str().map(str::to_owned);
            // Nobody twice and nobody skipped, but for people who were erased: they are not shown to anybody any more.
            let left = expected[index].iter().filter(|item| !gone.contains(&item["id"]));
            assert_eq!(page["total"], left.clone().count(), "{path}");
            if cursors[index].is_none() {
                assert_eq!(found[index], left.cloned().collect::<Vec<_>>(), "{path}");
            }
        }
    }
    assert_eq!(gone.len(), 12, "pages of 40 out of 500");
}

#[test]
fn people_whose_id_is_spelled_like_a_route_are_people_like_all_others() {
    let server = Server::start();
    server.load("{\"id\": \"import\", \"visits\": 5}\n{\"id\": \"rebuild\", \"visits\": 6}\n");
    let read = server.get("/api/profiles/import").expect(200);
    assert_eq!((&read["id"], &read["fields"]), (&json!("import"), &json!({"visits": 5})));
    let patched = server.patch("/api/profiles/rebuild", &json!({"fields": {"visits": 7}})).expect(200);
    assert_eq!(patched["fields"], json!({"visits": 7}));
    let erased = server.send(Method::DELETE, "/api/profiles/import", "application/json", "").expect(200);
    assert_eq!(erased["erased"], true);
    server.get("/api/profiles/import").refuses(404, "", "not_found");
    server.send(Method::POST, "/api/profiles/rebuild", "application/json", "").expect(200);
}
