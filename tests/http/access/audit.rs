//! The audit, page by page, from either end.

use harness::server::Server;
use reqwest::Method;
use serde_json::{Value as Json, json};

use super::house::{House, ask, fill, get};

/// Entries on a page of these tests.
const PAGE: usize = 3;

/// Something for the audit.
fn change(server: &Server, key: &str, owner: &str) {
    ask(server, key, Method::PATCH, "/api/segments/1", Some(&json!({"owner": owner}))).expect(200);
}

/// All pages in an order; somebody of the tenant and somebody of another change something between any two.
fn pages(server: &Server, house: &House, asker: &str, question: &str) -> Vec<Json> {
    let mut entries = Vec::new();
    let mut cursor = String::new();
    for page in 0..100 {
        let path = format!("/api/audit?limit={PAGE}&{question}{cursor}");
        let answer = get(server, house.key(asker), &path).expect(200);
        let items = answer["items"].as_array().expect("entries");
        entries.extend(items.iter().cloned());
        let Some(next) = answer["next_cursor"].as_str() else { return entries };
        assert_eq!(items.len(), PAGE, "only the last page is shorter");
        cursor = format!("&cursor={next}");
        // Not for ever: with the oldest first they come at the end.
        if page < 4 {
            for tenant in ["acme", "other"] {
                change(server, house.key(&format!("{tenant} admin")), &format!("{page}"));
            }
        }
    }
    panic!("there is no end to {question}");
}

fn places(entries: &[Json]) -> Vec<u64> {
    entries.iter().map(|entry| entry["seq"].as_u64().expect("a place")).collect()
}

fn lines(server: &Server, key: &str, path: &str) -> Vec<Json> {
    let authorization = format!("Bearer {key}");
    let headers = [("authorization", authorization.as_str()), ("accept", "application/x-ndjson")];
    let answer = server.send_as(Method::GET, path, "", "", &headers);
    assert_eq!(answer.status, 200, "{}", answer.text);
    answer.text.lines().map(|line| serde_json::from_str(line).expect("JSON")).collect()
}

#[test]
fn pages_of_the_newest_first_are_those_of_the_oldest_first_from_the_other_end_whatever_comes_in_between() {
    let house = House::new();
    let server = house.start();
    for admin in ["acme admin", "other admin"] {
        fill(&server, house.key(admin));
    }
    let own = |asker: &str, tenant: &str| {
        let known = lines(&server, house.key(asker), &format!("/api/audit?{tenant}"));
        assert!(known.len() > 2 * PAGE, "several pages: {}", known.len());
        assert!(places(&known).is_sorted_by(|one, next| one < next), "the oldest first when nothing is said");
        let newest = pages(&server, &house, asker, &format!("order=newest{tenant}"));
        assert!(newest.iter().eq(known.iter().rev()), "{:?}, {:?}", places(&newest), places(&known));
        let oldest = pages(&server, &house, asker, &format!("order=oldest{tenant}"));
        assert!(oldest.len() > known.len() && oldest.starts_with(&known), "{:?}", places(&oldest));
        assert!(places(&oldest).is_sorted_by(|one, next| one < next), "{:?}", places(&oldest));
        let exported = lines(&server, house.key(asker), &format!("/api/audit?order=newest{tenant}"));
        assert!(exported.iter().eq(oldest.iter().rev()), "{:?}", places(&exported));
        oldest
    };
    let acme = own("acme admin", "");
    assert!(acme.iter().all(|entry| entry["tenant"] == "acme"));
    assert!(own("other operator", "&tenant=acme").starts_with(&acme));
    let all = own("acme operator", "");
    assert!(["acme", "other"].iter().all(|tenant| all.iter().any(|entry| entry["tenant"] == *tenant)));
    // From an instant on.
    let since = all[all.len() / 2]["at"].as_str().expect("an instant");
    let later: Vec<Json> = lines(&server, house.key("acme operator"), &format!("/api/audit?since={since}"));
    let from_the_end = pages(&server, &house, "acme operator", &format!("order=newest&since={since}"));
    assert!(later.len() < all.len() && from_the_end.iter().eq(later.iter().rev()), "{:?}", places(&from_the_end));
}

#[test]
fn an_order_that_is_none_is_refused_with_both_that_are() {
    let house = House::new();
    let server = house.start();
    for order in ["latest", "Newest", ""] {
        let answer = get(&server, house.key("acme admin"), &format!("/api/audit?order={order}"));
        let message = answer.refuses(422, "/order", "unknown_value")["message"].to_string();
        assert!(message.contains("oldest") && message.contains("newest"), "{message}");
    }
}
