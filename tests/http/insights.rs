//! What one can learn without changing anything: explanations of a person, diffs, findings, overlaps, reach.

use harness::server::Server;
use reqwest::Method;
use serde_json::{Value as Json, json};

const NOW: &str = "2018-06-01T00:00:00Z";

/// Two hundred profiles: `spent` rises with the id, every other is German, the first ten bought in 2018.
fn server() -> Server {
    let server = Server::start();
    let row = |id: usize| {
        let bought = if id < 10 { ", \"bought\": \"2018-05-20T12:00:00Z\"" } else { "" };
        let country = ["DE", "FR"][id % 2];
        format!("{{\"id\": {id}, \"spent\": {id}.50, \"country\": \"{country}\"{bought}}}\n")
    };
    server.load(&(0..200).map(row).collect::<String>());
    let save = |name: &str, text: &str| server.post("/api/segments", &json!({"name": name, "text": text})).expect(201);
    save("germans", "country is \"DE\"");
    save("buyers", "in segment \"germans\" and bought within 30 days");
    server.post("/api/segments", &json!({"name": "friends", "customers": [1, 2, 900]})).expect(201);
    server.send(Method::POST, "/api/lists?name=spring", "text/csv", "id\n1\n900\n").expect(201);
    let definition =
        json!({"name": "mail", "include_segments": ["germans"], "include_lists": [1], "exclude_segments": ["friends"]});
    server.post("/api/audiences", &definition).expect(201);
    server
}

fn node<'a>(answer: &'a Json, pointer: &str) -> &'a Json {
    let nodes = answer["nodes"].as_array().expect("nodes");
    nodes.iter().find(|node| node["pointer"] == pointer).unwrap_or_else(|| panic!("no {pointer} in {answer}"))
}

#[test]
fn a_person_is_explained() {
    let server = server();
    let now = format!("now={NOW}");
    let found = server.get(&format!("/api/segments/buyers/explain/3?{now}")).expect(200);
    assert_eq!((&found["in"], &found["profile"], &found["now"]), (&false.into(), &3.into(), &NOW.into()));
    let country = node(&found, "/rules/0/criteria");
    assert_eq!((&country["value"], &country["remedy"]), (&"FR".into(), &json!({"kind": "value", "value": "DE"})));
    assert_eq!(country["words"], "country is \"FR\"; needs is \"DE\"");
    assert_eq!(node(&found, "/rules/0")["segment"], json!({"id": 1, "name": "germans"}));
    let flip = json!({"tests": 1, "pointers": ["/rules/0/criteria"], "is_enough": true});
    assert_eq!((&found["flip"], &found["changes_at"]), (&flip, &Json::Null));
    // Time alone ends a window, thirty days and a microsecond after the purchase.
    let found = server.get(&format!("/api/segments/2/explain/4?{now}")).expect(200);
    assert_eq!((&found["in"], &found["changes_at"]), (&true.into(), &"2018-06-19T12:00:00.000001Z".into()));
    let turns = json!([{"at": "2018-06-19T12:00:00.000001Z", "holds": false}]);
    assert_eq!(node(&found, "/rules/1")["turns"], turns);

    let ask = |body: Json| server.post("/api/segments/explain", &body);
    let found = ask(json!({"text": "spent >= 100 and country is \"DE\"", "profile": 80, "now": NOW})).expect(200);
    assert_eq!(node(&found, "/rules/0")["words"], "spent is 80.50; needs >= 100");
    assert_eq!(node(&found, "/rules/0")["remedy"].to_string(), r#"{"kind":"value","value":100.00}"#);
    let criteria = json!({"match": "none", "rules": [{"segment": "friends", "operator": "in"}]});
    let found = ask(json!({"criteria": criteria, "profile": "1"})).expect(200);
    assert_eq!(node(&found, "/rules/0")["remedy"], json!({"kind": "off_list"}));
    let never = ask(json!({"text": "id is \"7\"", "profile": 1})).expect(200);
    assert_eq!(never["flip"], Json::Null);

    ask(json!({"text": "spent > 1"})).refuses(422, "", "missing_key");
    ask(json!({"text": "spend > 1", "profile": 1})).refuses(422, "/text", "unknown_field");
    ask(json!({"profile": 1})).refuses(422, "/criteria", "missing_key");
    ask(json!({"text": "spent > 1", "profile": [1]})).refuses(422, "/profile", "wrong_type");
    server.get("/api/segments/nobody/explain/1").refuses(404, "", "not_found");
    server.get("/api/segments/1/explain/4?now=today").refuses(422, "/now", "wrong_type");
    server.get("/api/segments/1/explain/4?nou=x").refuses(422, "/nou", "unknown_key");
    let unknown = server.get("/api/segments/1/explain/900").expect(404);
    assert_eq!(
        (&unknown["errors"][0]["code"], &unknown["errors"][1]["code"]),
        (&"unknown_profile".into(), &"on_list".into())
    );
}

#[test]
fn the_way_into_an_audience_is_explained() {
    let server = server();
    let found = |id: &str| server.get(&format!("/api/audiences/1/explain/{id}")).expect(200);
    let codes = |found: &Json, key: &str| -> Vec<String> {
        found[key].as_array().expect("gates").iter().map(|gate| gate["code"].as_str().expect("a code").into()).collect()
    };
    for (id, reason, sources, gate) in [
        ("4", "included", ["in_segment", "not_in_list"], "not_in_segment"),
        ("5", "not_included", ["not_in_segment", "not_in_list"], "not_in_segment"),
        ("1", "excluded", ["not_in_segment", "in_list"], "in_segment"),
        ("2", "excluded", ["in_segment", "not_in_list"], "in_segment"),
    ] {
        let found = found(id);
        assert_eq!((&found["reason"], &found["in"]), (&reason.into(), &(reason == "included").into()), "{found}");
        assert_eq!(codes(&found, "sources"), sources, "{found}");
        assert_eq!(codes(&found, "gates"), [gate], "{found}");
    }
    assert_eq!(found("4")["gates"][0]["name"], "friends");
    server.get("/api/audiences/9/explain/1").refuses(404, "", "not_found");
    server.get("/api/audiences/1/explain/900").refuses(404, "/profile", "unknown_profile");
}

#[test]
fn an_edit_is_compared_before_it_is_saved() {
    let server = server();
    let ask = |body: Json| server.post("/api/segments/germans/diff", &body);
    let found = ask(json!({"text": "country is \"DE\" and spent >= 10", "now": NOW, "sample": 2})).expect(200);
    for (key, count) in [("before", 100), ("after", 95), ("entered", 0), ("left", 5), ("unchanged", 95)] {
        assert_eq!(found[key], count, "{key}: {found}");
    }
    assert_eq!(found["left_sample"].as_array().map(Vec::len), Some(2));
    assert_eq!(
        found["segments"],
        json!([{"id": 2, "name": "buyers", "before": 5, "after": 0, "entered": 0, "left": 5}])
    );
    assert_eq!(
        found["audiences"],
        json!([{"id": 1, "name": "mail", "before": 99, "after": 95, "entered": 0, "left": 4}])
    );
    assert_eq!(found["referrers"], 2);
    assert_eq!(ask(json!({"ids": [0, 1]})).expect(200)["left"], 99);
    assert_eq!(server.get("/api/segments/germans").expect(200)["count"], 100, "nothing was saved");
    ask(json!({"ids": [0], "text": "spent > 1"})).refuses(422, "/ids", "two_rules");
    ask(json!({})).refuses(422, "/criteria", "missing_key");
    ask(json!({"text": "in segment \"buyers\""})).refuses(422, "/criteria", "circular_segment");
    ask(json!({"ids": [0], "sample": 1_001})).refuses(422, "/sample", "sample_too_large");
    server.post("/api/segments/9/diff", &json!({"ids": [0]})).refuses(404, "", "not_found");
}

#[test]
fn large_changes_are_asked_for_twice() {
    let server = Server::start();
    server.load(&(0..6_000).map(|id| format!("{{\"id\": {id}, \"n\": {id}}}\n")).collect::<String>());
    server.post("/api/segments", &json!({"name": "low", "text": "n < 4000"})).expect(201);
    let put = |body: Json| server.put("/api/segments/low", &body);
    // A fifth of 4,000 would be 800, but so few people may always move.
    put(json!({"text": "n < 3001"})).expect(200);
    put(json!({"text": "n < 2001"})).refuses(409, "/confirm", "large_change");
    let message = put(json!({"segment_type": "static", "customers": [1]})).refuses(409, "/confirm", "large_change");
    let told = message["message"].as_str().expect("a message");
    assert!(told.contains("of 3001, 3000 would leave and 0 enter, 1 in the end"), "{told}");
    assert_eq!(server.get("/api/segments/low").expect(200)["count"], 3_001);
    put(json!({"text": "n < 2001", "max_change_share": 0.5})).expect(200);
    put(json!({"text": "n < 2000", "max_change_share": 0})).refuses(409, "/confirm", "large_change");
    put(json!({"text": "n < 1", "max_change_share": 1})).expect(200);
    put(json!({"text": "n < 5000", "confirm": true})).expect(200);
    put(json!({"name": "still low", "max_change_share": 0})).expect(200);
    server.put("/api/segments/1", &json!({"max_change_share": 1.1})).refuses(422, "/max_change_share", "wrong_type");
    let new = json!({"name": "x", "text": "n < 5", "confirm": true});
    server.post("/api/segments", &new).refuses(422, "/confirm", "unknown_key");
}

#[test]
fn what_is_said_in_vain_is_found() {
    let server = server();
    let codes = |found: &Json| -> Vec<String> {
        let findings = found["findings"].as_array().expect("findings").iter();
        findings
            .map(|one| {
                format!("{} {}", one["code"].as_str().expect("a code"), one["pointer"].as_str().expect("a pointer"))
            })
            .collect()
    };
    let ask = |body: Json| server.post("/api/segments/lint", &body);
    let found = ask(json!({"text": "country is \"DE\" and spent > 5 and spent > 3", "now": NOW})).expect(200);
    assert_eq!(codes(&found), ["redundant /rules/2", "contained "], "{found}");
    let redundant = &found["findings"][0];
    assert_eq!((&redundant["basis"], &redundant["other"]), (&"logic".into(), &"/rules/1".into()));
    assert_eq!(redundant["cure"]["text"], "country is \"DE\" and spent > 5");
    assert_eq!(found["findings"][1]["segment"], json!({"id": 1, "name": "germans"}));
    let found = ask(json!({"text": "country is not \"FR\"", "now": NOW})).expect(200);
    assert_eq!(codes(&found)[0], "duplicate ");
    assert_eq!(found["findings"][0]["cure"]["text"], "in segment \"germans\"");
    assert_eq!(codes(&ask(json!({"segment": "germans", "now": NOW})).expect(200)), ["containing "]);
    let preview = json!({"text": "country is not \"DE\" or country is not \"FR\"", "lint": true});
    let preview = server.post("/api/segments/preview", &preview).expect(200);
    let told: Vec<&str> =
        preview["warnings"].as_array().expect("warnings").iter().filter_map(|one| one["code"].as_str()).collect();
    assert_eq!(told, ["always_true", "covers_everybody"]);
    ask(json!({"segment": "friends"})).refuses(422, "/segment", "not_a_rule");
    ask(json!({})).refuses(422, "/criteria", "missing_key");
    server.post("/api/segments/preview", &json!({"text": "spent > 1", "lint": 1})).refuses(422, "/lint", "wrong_type");
}

#[test]
fn sets_are_held_against_each_other() {
    let server = server();
    let sets = json!([{"segment": "germans"}, {"audience": "mail"}, {"text": "spent >= 190", "label": "rich"}]);
    let found = server.post("/api/overlap", &json!({"sets": sets, "now": NOW})).expect(200);
    let told = |key: &str| -> Vec<(Json, Json)> {
        found[key].as_array().expect("a list").iter().map(|one| (one["sets"].clone(), one["count"].clone())).collect()
    };
    assert_eq!(found["union"], 105);
    assert_eq!(
        told("combinations"),
        [(json!([0]), json!(1)), (json!([0, 1]), json!(94)), (json!([2]), json!(5)), (json!([0, 1, 2]), json!(5))]
    );
    assert_eq!(told("pairs")[2], (json!([1, 2]), json!(5)));
    assert_eq!((&found["sets"][2]["label"], &found["sets"][2]["only"]), (&"rich".into(), &5.into()));
    assert_eq!((&found["sets"][1]["label"], &found["sets"][1]["count"]), (&"mail".into(), &99.into()));
    let found = server.post("/api/overlap/matrix", &json!({"sets": sets, "now": NOW})).expect(200);
    assert_eq!(found["intersections"], json!([[100, 99, 5], [99, 99, 5], [5, 5, 10]]));
    assert_eq!(found["jaccard"][0].to_string(), "[1.0,0.99,0.047619]");

    // Lists and snapshots are sets as well: the list is person 1 and somebody whom nobody knows.
    let taken = server.post("/api/audiences/1/snapshots", &json!({})).expect(201);
    let sets = json!([{"list": 1}, {"snapshot": taken["id"], "label": "frozen"}, {"segment": "friends"}]);
    let found = server.post("/api/overlap", &json!({"sets": sets, "now": NOW})).expect(200);
    let kinds: Vec<_> = found["sets"].as_array().expect("sets").iter().map(|set| &set["kind"]).collect();
    assert_eq!(kinds, ["list", "snapshot", "segment"]);
    assert_eq!((&found["sets"][0]["label"], &found["sets"][0]["count"]), (&"spring".into(), &1.into()));
    assert_eq!((&found["sets"][1]["label"], &found["sets"][1]["count"]), (&"frozen".into(), &taken["count"]));
    assert_eq!(found["pairs"][1], json!({"sets": [0, 2], "count": 1}));
    let refuses = |sets: Json, pointer: &str, code: &str| {
        server.post("/api/overlap", &json!({"sets": sets})).refuses(422, pointer, code)
    };
    refuses(json!([{"segment": "german"}]), "/sets/0/segment", "unknown_segment");
    refuses(json!([{"segment": 1}, {"audience": "mal"}]), "/sets/1/audience", "unknown_audience");
    refuses(json!([{"segment": 1, "text": "spent > 1"}]), "/sets/0", "two_rules");
    refuses(json!([{"list": 7}]), "/sets/0/list", "not_found");
    refuses(json!([{"snapshot": "x"}]), "/sets/0/snapshot", "wrong_type");
    refuses(json!([{"list": 1, "segment": 1}]), "/sets/0", "two_rules");
    refuses(json!([{"label": "x"}]), "/sets/0", "missing_key");
    refuses(json!([{"segment": 1, "lable": "x"}]), "/sets/0/lable", "unknown_key");
    refuses(json!([{"text": "spend > 1"}]), "/sets/0/text", "unknown_field");
    refuses(json!(["germans"]), "/sets/0", "wrong_type");
    refuses(json!([]), "/sets", "out_of_range");
    refuses(json!(vec![json!({"segment": 1}); 13]), "/sets", "out_of_range");
    server.post("/api/overlap", &json!({"sets": vec![json!({"segment": 1}); 12]})).expect(200);
    let many = |count: usize| server.post("/api/overlap/matrix", &json!({"sets": vec![json!({"segment": 1}); count]}));
    many(200).expect(200);
    many(201).refuses(422, "/sets", "out_of_range");
}

#[test]
fn thresholds_are_worth_what_is_said() {
    let server = server();
    let rule = "country is \"DE\" and spent >= 150";
    let ask = |body: Json| server.post("/api/segments/reach", &body);
    let found = ask(json!({"text": rule, "pointer": "/rules/1", "points": 3})).expect(200);
    assert_eq!((&found["count"], &found["threshold"], &found["end"]), (&25.into(), &150.into(), &"low".into()));
    let points = r#"[{"threshold":0.50,"count":100},{"threshold":98.50,"count":51},{"threshold":198.50,"count":1}]"#;
    assert_eq!(found["points"].to_string(), points);
    ask(json!({"text": rule, "pointer": "/rules/0"})).refuses(422, "/pointer", "no_threshold");
    ask(json!({"text": rule, "pointer": "/rules/1", "points": 102})).refuses(422, "/points", "out_of_range");
    ask(json!({"text": rule, "pointer": "/rules/1", "end": "left"})).refuses(422, "/end", "bad_end");
    ask(json!({"text": rule, "pointer": "/rules/1", "end": "high"})).refuses(422, "/pointer", "no_threshold");
    ask(json!({"text": rule})).refuses(422, "", "missing_key");

    let relax = |body: Json| server.post("/api/segments/relax", &body);
    let found = relax(json!({"text": rule, "target": 40})).expect(200);
    let single = &found["single"][0];
    assert_eq!((&single["count"], &single["profiles_between"]), (&40.into(), &30.into()));
    assert_eq!(single["text"], "country is \"DE\" and spent >= 120.50");
    assert_eq!(single["share_between"], 0.15);
    assert_eq!(server.count("country is \"DE\" and spent >= 120.50"), 40);
    let impossible = relax(json!({"text": rule, "target": 101})).expect(200);
    assert_eq!((&impossible["is_possible"], &impossible["most"]), (&false.into(), &100.into()));
    let reached = relax(json!({"text": rule, "target": 25})).expect(200);
    assert_eq!((&reached["is_reached"], &reached["single"]), (&true.into(), &json!([])));
    relax(json!({"text": rule})).refuses(422, "", "missing_key");
    relax(json!({"text": rule, "target": -1})).refuses(422, "/target", "wrong_type");

    let spread = |who: Json| {
        let mut answer = server.post("/api/fields/spent/distribution", &who).expect(200);
        answer.as_object_mut().expect("an object").swap_remove("took_us");
        answer
    };
    let by_audience = spread(json!({"audience": "mail", "percentiles": [50], "now": NOW}));
    assert_eq!(
        (&by_audience["count"], &by_audience["percentiles"][0]["value"].to_string()),
        (&99.into(), &"100.50".into())
    );
    let both = json!({"audience": "mail", "segment": 1});
    server.post("/api/fields/spent/distribution", &both).refuses(422, "/segment", "two_rules");
    let both = json!({"audience": "mail", "text": "spent > 1"});
    server.post("/api/fields/spent/distribution", &both).refuses(422, "/audience", "two_rules");
}
