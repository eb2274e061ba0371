//! Every route for every role, of the own tenant and of others.

use reqwest::Method;
use serde_json::json;

use super::house::{House, ROLES, ask, fill, filled, get, post, routes};

/// What each route needs, as a person would write it down: the roles that may, by their first letters.
const WRITTEN: &[(&str, &str)] = &[
    // Counts and definitions: everybody but operators.
    (
        "vama",
        "GET /api/schema|POST /api/fields/{name}/distribution|POST /api/segments/preview|GET /api/segments/new|\
        GET /api/segments|GET /api/segments/{id}|GET /api/segments/{id}/used-by|\
        POST /api/segments/{id}/diff|POST /api/segments/lint|POST /api/segments/reach|POST /api/segments/relax|\
        GET /api/segments/{id}/versions|GET /api/segments/{id}/versions/{version}|\
        GET /api/segments/{id}/versions/{version}/diff/{other}|GET /api/segments/{id}/history|\
        GET /api/segments/{id}/forecast|POST /api/overlap|POST /api/overlap/matrix|GET /api/dashboard|\
        POST /api/audiences/preview|GET /api/audiences|GET /api/audiences/{id}|GET /api/audiences/{id}/versions|\
        GET /api/audiences/{id}/versions/{version}|GET /api/audiences/{id}/versions/{version}/diff/{other}|\
        POST /api/segments/from-text|POST /api/segments/lookalike/preview|GET /api/analytics/segments|GET /api/analytics/population|\
        GET /api/schema/enrichment|GET /api/rebuild|GET /api/segments/templates|GET /api/events/schema|GET /api/suppressions|GET /api/suppressions/{id}|\
        GET /api/exclusion-groups|GET /api/exclusion-groups/{id}|GET /api/channels|GET /api/channels/{name}|\
        GET /api/control-group|GET /api/event-offers|GET /api/event-offers/{id}|GET /api/matching/settings|\
        GET /api/lists|GET /api/lists/{id}|GET /api/lists/{id}/used-by|GET /api/snapshots|GET /api/snapshots/{id}|\
        POST /api/snapshots/{id}/verify|GET /api/settings/personal-fields",
    ),
    // People.
    (
        "-ama",
        "GET /api/profiles|GET /api/profiles/{id}|GET /api/segments/{id}/members|POST /api/segments/explain|\
        GET /api/segments/{id}/explain/{profile}|GET /api/segments/{id}/versions/{version}/members|\
        GET /api/segments/{id}/changes|GET /api/segments/{id}/changes/stream|GET /api/audiences/{id}/members|\
        GET /api/audiences/{id}/explain/{profile}|GET /api/audiences/{id}/versions/{version}/members|\
        GET /api/snapshots/{id}/members|GET /api/snapshots/{id}/export|GET /api/snapshots/{id}/diff/{other}|\
        GET /api/profiles/{id}/events|GET /api/audiences/{id}/excluded|GET /api/events/{id}/recommendations|\
        GET /api/profiles/{id}/recommendations|GET /api/profiles/{id}/consents",
    ),
    // What is saved.
    (
        "--ma",
        "POST /api/segments|PUT /api/segments/{id}|PATCH /api/segments/{id}|DELETE /api/segments/{id}|\
        POST /api/segments/{id}/members|POST /api/segments/{id}/versions/{version}/restore|POST /api/audiences|\
        PUT /api/audiences/{id}|PATCH /api/audiences/{id}|DELETE /api/audiences/{id}|\
        POST /api/audiences/{id}/import-csv|POST /api/audiences/{id}/snapshots|\
        POST /api/audiences/{id}/versions/{version}/restore|POST /api/lists|DELETE /api/lists/{id}|\
        POST /api/snapshots/batch|DELETE /api/snapshots/{id}|POST /api/segments/{id}/refresh|PUT /api/lists/{id}|\
        POST /api/suppressions|DELETE /api/suppressions/{id}|POST /api/suppressions/{id}/members|\
        POST /api/exclusion-groups|PUT /api/exclusion-groups/{id}|DELETE /api/exclusion-groups/{id}|\
        POST /api/contacts|POST /api/event-offers|PUT /api/event-offers/{id}|DELETE /api/event-offers/{id}|\
        PUT /api/matching/settings|POST /api/events/{id}/generate-recommendations|\
        POST /api/events/{id}/create-segment|POST /api/segments/templates/{name}",
    ),
    // People's data, and what leaves the house.
    (
        "---a",
        "PUT /api/schema|POST /api/profiles/import|POST /api/events/import|PATCH /api/profiles/{id}|\
        DELETE /api/profiles/{id}|GET /api/erasures|GET /api/profiles/{id}/everything|GET /api/webhooks|\
        POST /api/webhooks|GET /api/webhooks/{id}|PATCH /api/webhooks/{id}|DELETE /api/webhooks/{id}|\
        PUT /api/settings/personal-fields|POST /api/events|PUT /api/events/schema|POST /api/schema/enrichment|\
        POST /api/profiles/rebuild|DELETE /api/rebuild|\
        PUT /api/channels/{name}|PUT /api/control-group|PUT /api/profiles/{id}/consents|POST /api/consents|\
        POST /api/consents/import",
    ),
    (
        "---ao",
        "GET /api/users|POST /api/users|PATCH /api/users/{name}|DELETE /api/users/{name}|\
        POST /api/users/{name}/invitation|DELETE /api/users/{name}/sessions|GET /api/keys|POST /api/keys|DELETE /api/keys/{prefix}|POST /api/keys/{prefix}/rotate|\
        GET /api/audit",
    ),
    (
        "----o",
        "GET /metrics|GET /api/tenants|POST /api/tenants|GET /api/tenants/{id}|PATCH /api/tenants/{id}|\
        DELETE /api/tenants/{id}|GET /api/tenant-deletions|POST /api/checkpoint|POST /api/backup",
    ),
    ("vamao", "GET /api/health|GET /api/me|GET /api/session|DELETE /api/session|GET /api/session/options"),
    // Signing in, and passwords: for people; what a key is told there is in `people` and `openid`.
    (
        "*",
        "POST /api/session|POST /api/session/invitation|PUT /api/session/password|GET /api/session/openid|\
        GET /api/session/openid/callback",
    ),
];

/// Who may use a route.
fn written(route: &str) -> &'static str {
    let found = WRITTEN.iter().find(|(_, routes)| routes.split('|').any(|one| one == route));
    found.unwrap_or_else(|| panic!("say in the table who may {route}")).0
}

#[test]
fn every_route_is_for_those_who_may_and_for_nobody_else() {
    let house = House::new();
    let server = house.start();
    for (method, path) in routes(&server) {
        let route = format!("{method} {path}");
        let may = written(&route);
        if may == "*" {
            continue;
        }
        // Ids that lead nowhere and bodies that say nothing: whoever may is refused for that, and nothing is changed.
        let target = filled(&path, "987654321");
        for (role, letter) in ROLES.iter().zip("vamao".chars()) {
            let answer = ask(&server, house.key(&format!("acme {role}")), method.clone(), &target, Some(&json!([])));
            let at = ROLES.iter().position(|one| one == role).expect("a role");
            let is_allowed = may.chars().nth(at) == Some(letter);
            match is_allowed {
                true => assert!(![401, 403].contains(&answer.status), "{role} may {route}: {}", answer.text),
                false => drop(answer.refuses(403, "", "missing_right")),
            }
        }
        for headers in [&[][..], &[("authorization", "Bearer mk_0123456789ab_no")], &[("authorization", "Basic YTpi")]]
        {
            let answer = server.send_as(method.clone(), &target, "application/json", "[]", headers);
            match path.as_str() {
                "/api/health" => assert_eq!(answer.expect(200), json!({"ok": true})),
                "/api/session" if method == Method::DELETE => assert_eq!(answer.status, 204),
                "/api/session/options" => assert_eq!(answer.expect(200), json!({"openid": null})),
                _ => assert_eq!(answer.status, 401, "{route}: {}", answer.text),
            }
        }
    }
    // The page can be loaded before anybody has signed in; a build without it says how to get it.
    for path in ["/", "/app", "/app/segments/1", "/favicon.svg"] {
        assert!([200, 404].contains(&server.get(path).status), "{path}");
    }
    server.get("/api/nothing").refuses(401, "", "missing_key");
    get(&server, house.key("acme viewer"), "/api/nothing").refuses(404, "", "unknown_path");
}

#[test]
fn what_another_tenant_has_is_as_if_it_were_not_there() {
    let house = House::new();
    let server = house.start();
    fill(&server, house.key("acme admin"));
    for (method, path) in routes(&server)
        .into_iter()
        .filter(|(_, path)| path.contains('{') && !path.contains("/keys/") && !path.contains("/tenants/"))
    {
        let own = house.key("other admin");
        // An id that acme has and one that nobody has: the same answer, but for the id that it quotes.
        let [left, right] = ["1", "987654321"].map(|id| {
            let answer = ask(
                &server,
                own,
                method.clone(),
                &filled(&path, id),
                Some(&json!({"text": "id exists", "profile": 1})),
            );
            (
                answer.status,
                answer
                    .text
                    .replace(&format!("\"{id}"), "\"ID")
                    .replace(&format!("\\\"{id}"), "\\\"ID")
                    .replace(&format!(" {id}"), " ID"),
            )
        });
        assert!(left.0 >= 400, "{method} {path}: {left:?}");
        assert_eq!(left, right, "{method} {path}");
    }
    let [other, acme] = ["other admin", "acme admin"]
        .map(|key| get(&server, house.key(key), "/api/profiles").expect(200)["total"].clone());
    assert_eq!((other, acme), (json!(0), json!(3)));
    // Whoever names another tenant is refused, in a body, in a query, as a number and as a string.
    for named in [json!("acme"), json!(7)] {
        let body = json!({"text": "id exists", "tenant_id": named});
        post(&server, house.key("other viewer"), "/api/segments/preview", &body).refuses(403, "", "other_tenant");
    }
    let event =
        json!({"profile_id": 1, "event_id": "1", "type": "visit", "time": "2026-01-01T00:00:00Z", "tenant_id": "acme"});
    post(&server, house.key("other admin"), "/api/events", &event).refuses(403, "", "other_tenant");
    post(
        &server,
        house.key("other viewer"),
        "/api/segments/preview",
        &json!({"text": "id exists", "tenant_id": "other"}),
    )
    .expect(200);
    for query in
        ["tenant_id=acme", "tenant%5Fid=acme", "tenant_id=other&tenant_id=acme", "tenant_id=other&%74enant_id=acme"]
    {
        let path = format!("/api/segments/new?{query}");
        get(&server, house.key("other viewer"), &path).refuses(403, "", "other_tenant");
    }
    get(&server, house.key("other viewer"), "/api/segments?tenant_id=other").expect(200);
    // Keys and the audit of others.
    let prefix = house.key("acme viewer").split('_').nth(1).expect("a prefix").to_owned();
    let [theirs, nobodys] = [prefix.as_str(), "000000000000"].map(|prefix| {
        let answer = ask(&server, house.key("other admin"), Method::DELETE, &format!("/api/keys/{prefix}"), None);
        (answer.status, answer.text.replace(prefix, ""))
    });
    assert_eq!((theirs.0, &theirs), (404, &nobodys));
    get(&server, house.key("other admin"), "/api/keys?tenant=acme").refuses(404, "", "not_found");
    get(&server, house.key("other admin"), "/api/audit?tenant=acme").refuses(404, "", "not_found");
    let audit = get(&server, house.key("other admin"), "/api/audit?limit=1000").expect(200);
    assert!(audit["items"].as_array().expect("items").iter().all(|entry| entry["tenant"] == "other"), "{audit}");
}
