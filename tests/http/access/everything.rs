//! All that is known about one person, for admins alone; and it is gone with them.

use reqwest::Method;
use serde_json::{Value as Json, json};

use super::house::{House, SECRET_ADDRESS, ask, fill, get, post};

#[test]
fn everything_about_a_person_is_told_once_and_gone_after_the_erasure() {
    let house = House::new();
    let server = house.start();
    let admin = house.key("acme admin");
    fill(&server, admin);
    let put = |path: &str, body: Json| ask(&server, admin, Method::PUT, path, Some(&body)).expect(200);
    let send = |path: &str, body: Json| post(&server, admin, path, &body).status;
    put("/api/settings/personal-fields", json!({"fields": ["email"]}));
    put("/api/channels/mail", json!({"consent_text": "visits >= 5", "caps": [{"contacts": 1, "days": 2}]}));
    put("/api/channels/phone", json!({"purpose": "marketing"}));
    let said = |state: &str, time: &str| json!({"channel": "phone", "purpose": "marketing", "state": state, "source": "call", "time": time});
    put("/api/profiles/1/consents", said("granted", "2026-01-01T00:00:00Z"));
    put("/api/profiles/1/consents", said("withdrawn", "2026-01-02T00:00:00Z"));
    let event = json!({"profile_id": 1, "event_id": "e", "type": "visit", "time": "2026-01-01T00:00:00Z", "properties": {"page": "home"}});
    assert_eq!(send("/api/events", event), 200);
    let contacts = json!({"channel": "mail", "ids": [1, 2], "time": "2026-01-08T00:00:00Z"});
    assert_eq!(send("/api/contacts", contacts), 200);
    assert_eq!(send("/api/suppressions", json!({"name": "contacted", "keep_days": 7})), 201);
    let added = json!({"ids": [1], "time": "2026-01-03T00:00:00Z"});
    assert_eq!(send("/api/suppressions/1/members", added), 200);
    assert_eq!(send("/api/audiences", json!({"name": "not her", "exclude_customers": [1]})), 201);

    let all = get(&server, admin, "/api/profiles/1/everything?now=2026-01-12T00:00:00Z").expect(200);
    assert_eq!((&all["id"], &all["fields"]["email"]), (&json!(1), &json!(SECRET_ADDRESS)), "{all}");
    assert_eq!(all["events"][0]["properties"]["page"], "home", "{all}");
    let names = |part: &str| {
        let items = all[part].as_array().unwrap_or_else(|| panic!("{part}: {all}"));
        items.iter().map(|item| item["name"].as_str().expect("a name").to_owned()).collect::<Vec<_>>()
    };
    assert_eq!(names("segments"), ["ann", "regulars"]);
    assert_eq!(names("audiences"), ["mail", "not her"]);
    assert_eq!((&all["audiences"][0]["is_member"], &all["audiences"][1]["is_named"]), (&json!(true), &json!(true)));
    assert_eq!(all["audiences"][1]["is_member"], false);
    assert_eq!((names("lists"), names("suppressions")), (vec!["l".to_owned()], vec!["contacted".to_owned()]));
    assert_eq!(all["suppressions"][0]["added_at"], json!(["2026-01-03T00:00:00Z"]));
    let mail = json!({"name": "mail", "consents": true, "consent_text": "visits >= 5", "purpose": null, "contacted_at": ["2026-01-08T00:00:00Z"]});
    let phone =
        json!({"name": "phone", "consents": false, "consent_text": null, "purpose": "marketing", "contacted_at": []});
    assert_eq!(all["channels"], json!([mail, phone]));
    assert_eq!((&all["consents"][0]["state"], &all["consents"][0]["source"]), (&json!("withdrawn"), &json!("call")));
    assert_eq!(all["consents"][0]["history"].as_array().map(Vec::len), Some(2));
    assert_eq!(all["control_group"], false);
    assert_eq!(all["snapshots"].as_array().map(Vec::len), Some(2), "{all}");
    put("/api/control-group", json!({"control_group": {"percent": 100, "salt": "s"}}));
    let kept_out = get(&server, admin, "/api/profiles/1/everything").expect(200);
    assert_eq!((&kept_out["control_group"], &kept_out["audiences"][0]["is_member"]), (&json!(true), &json!(false)));
    // Somebody else's is not hers.
    let other = get(&server, admin, "/api/profiles/3/everything").expect(200);
    for part in ["events", "segments", "lists", "suppressions", "snapshots", "consents"] {
        assert_eq!(other[part], json!([]), "{part}");
    }
    // Only for admins, and the audit says who has asked, and not about whom.
    for role in ["viewer", "analyst", "marketer", "operator"] {
        get(&server, house.key(&format!("acme {role}")), "/api/profiles/1/everything").refuses(
            403,
            "",
            "missing_right",
        );
    }
    let audit = get(&server, admin, "/api/audit?limit=1000").expect(200);
    let asked = |entry: &&Json| entry["target"] == "/api/profiles/{id}/everything" && entry["status"] == 200;
    assert_eq!(audit["items"].as_array().expect("items").iter().filter(asked).count(), 3);

    ask(&server, admin, Method::DELETE, "/api/profiles/1", None).expect(200);
    get(&server, admin, "/api/profiles/1/everything").refuses(404, "", "not_found");
}
