//! How a field's values are spread: what is asked and answered, and every mistake with its place.

use harness::server::Server;
use serde_json::{Value as Json, json};

/// A hundred profiles; every tenth spends nothing at all.
fn server() -> Server {
    let server = Server::start();
    let row = |id: usize| {
        let spent = if id.is_multiple_of(10) { "null".into() } else { format!("{id}.50") };
        let (country, month) = (["DE", "FR", "AT"][id % 3], id % 12 + 1);
        format!(
            "{{\"id\": {id}, \"spent\": {spent}, \"country\": \"{country}\", \"genres\": [\"jazz\", \"g{}\"], \"seen\": \"2018-{month:02}-15T10:00:00Z\", \"visits\": {}}}\n",
            id % 2,
            id % 5
        )
    };
    server.load(&(0..100).map(row).collect::<String>());
    server.post("/api/segments", &json!({"name": "germans", "text": "country is \"DE\""})).expect(201);
    server
}

fn ask(server: &Server, field: &str, body: &Json) -> Json {
    let answer = server.post(&format!("/api/fields/{field}/distribution"), body).expect(200);
    let sum = |list: &Json| {
        list.as_array().expect("a list").iter().map(|bin| bin["count"].as_u64().expect("a count")).sum::<u64>()
    };
    if answer["bins"].is_array() {
        assert_eq!(sum(&answer["bins"]), answer["present"], "{answer}");
    }
    let [count, present, missing] = ["count", "present", "missing"].map(|key| answer[key].as_u64().expect("a count"));
    assert_eq!(count, present + missing, "{answer}");
    assert_eq!((&answer["population"], &answer["field"]), (&100.into(), &field.into()), "{answer}");
    assert!(answer["took_us"].is_u64() && answer["data_version"].is_u64() && answer["now"].is_string(), "{answer}");
    answer
}

#[test]
fn values_are_told_in_the_form_of_their_field() {
    let server = server();
    let spent = ask(&server, "spent", &json!({"percentiles": [0, 50, 99.5, 100], "bins": 5, "top": 1}));
    assert_eq!((&spent["type"], &spent["missing"]), (&"decimal(2)".into(), &10.into()));
    assert_eq!(spent["min"].to_string() + " " + &spent["max"].to_string(), "1.50 99.50");
    let percentiles = r#"[{"percentile":0,"value":1.50},{"percentile":50,"value":49.50},{"percentile":99.5,"value":99.50},{"percentile":100,"value":99.50}]"#;
    assert_eq!(spent["percentiles"].to_string(), percentiles);
    let bins = r#"[{"from":0.00,"to":20.00,"count":18},{"from":20.00,"to":40.00,"count":18},{"from":40.00,"to":60.00,"count":18},{"from":60.00,"to":80.00,"count":18},{"from":80.00,"to":100.00,"count":18}]"#;
    assert_eq!(spent["bins"].to_string(), bins);
    assert_eq!(spent["top"].to_string(), r#"[{"value":1.50,"count":1}]"#);
    assert_eq!((&spent["distinct"], &spent["others"]), (&90.into(), &89.into()));

    let bounds = json!({"bounds": [10, "20.5"]});
    let bins = r#"[{"from":null,"to":10.00,"count":9},{"from":10.00,"to":20.50,"count":9},{"from":20.50,"to":null,"count":72}]"#;
    assert_eq!(ask(&server, "spent", &bounds)["bins"].to_string(), bins);

    let seen = ask(&server, "seen", &json!({"bins": 4}));
    assert_eq!(seen["bins"][3], json!({"from": "2018-10-01T00:00:00Z", "to": "2019-01-01T00:00:00Z", "count": 24}));

    let country = ask(&server, "country", &json!({"top": 2}));
    assert_eq!(country["top"], json!([{"value": "DE", "count": 34}, {"value": "AT", "count": 33}]));
    assert_eq!((&country["distinct"], &country["others"], &country["min"]), (&3.into(), &33.into(), &Json::Null));

    let genres = ask(&server, "genres", &json!({"top": 2}));
    assert_eq!(genres["top"], json!([{"value": "jazz", "count": 100}, {"value": "g0", "count": 50}]));
    let plain = ask(&server, "visits", &json!({}));
    for key in ["percentiles", "bins", "distinct", "top", "others"] {
        assert!(plain.get(key).is_none(), "{key} was not asked for: {plain}");
    }
}

#[test]
fn it_is_about_those_whom_a_rule_or_a_segment_selects() {
    let server = server();
    let question = |who: Json| {
        let mut question = json!({"percentiles": [50], "top": 10, "now": "2018-01-01T00:00:00Z"});
        question.as_object_mut().expect("an object").extend(who.as_object().expect("an object").clone());
        let mut answer = ask(&server, "spent", &question);
        answer.as_object_mut().expect("an object").swap_remove("took_us");
        answer
    };
    let rule = json!({"match": "all", "rules": [{"field": "country", "operator": "is", "value": "DE"}]});
    let by_rule = question(json!({"criteria": rule}));
    assert_eq!((&by_rule["count"], &by_rule["missing"], &by_rule["distinct"]), (&34.into(), &4.into(), &30.into()));
    assert_eq!(by_rule["percentiles"][0]["value"].to_string(), "48.50");
    for who in [
        json!({"text": "country is \"DE\""}),
        json!({"segment": "germans"}),
        json!({"segment": 1}),
        json!({"text": "in segment \"germans\""}),
    ] {
        assert_eq!(question(who), by_rule);
    }
    let nobody = question(json!({"text": "country is \"de\""}));
    assert_eq!((&nobody["count"], &nobody["min"], &nobody["top"]), (&0.into(), &Json::Null, &json!([])));
    assert_eq!(nobody["percentiles"], json!([{"percentile": 50, "value": null}]));
    assert_eq!(nobody["warnings"][0]["suggestions"][0], "DE", "{nobody}");
}

#[test]
fn every_mistake_has_its_place() {
    let server = server();
    let refuses = |field: &str, body: Json, pointer: &str, code: &str| {
        server.post(&format!("/api/fields/{field}/distribution"), &body).refuses(422, pointer, code)
    };
    let unknown = server.post("/api/fields/spend/distribution", &json!({})).refuses(404, "", "unknown_field");
    assert_eq!(unknown["suggestions"][0], "spent");
    for percent in [json!(100.0001), json!(-1), json!("50"), json!(0.00001), Json::Null] {
        refuses("spent", json!({"percentiles": [1, percent]}), "/percentiles/1", "wrong_type");
    }
    refuses("spent", json!({"percentiles": 50}), "/percentiles", "wrong_type");
    refuses("spent", json!({"bounds": [1, 1.005]}), "/bounds/1", "wrong_type");
    refuses("spent", json!({"bounds": [2, 1]}), "/bounds/1", "not_ascending");
    refuses("spent", json!({"bounds": [], "bins": 3}), "/bounds", "two_histograms");
    refuses("spent", json!({"bins": -1}), "/bins", "wrong_type");
    refuses("spent", json!({"binz": 3}), "/binz", "unknown_key");
    refuses("spent", json!({"text": "spend > 3"}), "/text", "unknown_field");
    refuses("spent", json!({"text": "spent > 3", "segment": 1}), "/segment", "two_rules");
    refuses("spent", json!({"segment": [1]}), "/segment", "wrong_type");
    refuses("spent", json!({"segment": 9}), "/segment", "unknown_segment");
    let segment = refuses("spent", json!({"segment": "german"}), "/segment", "unknown_segment");
    assert_eq!(segment["suggestions"][0], "germans");
    refuses("spent", json!({"now": "today"}), "/now", "wrong_type");
    for (key, value) in [("percentiles", json!([1])), ("bins", json!(3)), ("bounds", json!(["a"]))] {
        refuses("country", json!({ key: value }), &format!("/{key}"), "not_ordered");
    }
    for (key, allowed, beyond) in [
        ("bins", json!(1_000), json!(1_001)),
        ("top", json!(1_000), json!(1_001)),
        ("percentiles", json!(vec![7; 101]), json!(vec![7; 102])),
        ("bounds", json!((0..1_000).collect::<Vec<_>>()), json!((0..1_001).collect::<Vec<_>>())),
    ] {
        ask(&server, "spent", &json!({ key: allowed }));
        refuses("spent", json!({ key: beyond }), &format!("/{key}"), "out_of_range");
    }
    // All of them at once.
    let all = json!({"bins": 0, "top": 5_000, "percentiles": [101], "segment": 9, "now": 5});
    let problem = server.post("/api/fields/spent/distribution", &all);
    assert_eq!(problem.expect(422)["errors"].as_array().map(Vec::len), Some(5), "{}", problem.text);
}
