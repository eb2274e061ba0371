//! What each route needs: one line a route, and one place that is asked.
//!
//! Whoever adds a route adds its line, or a test fails; until then only admins reach it.

use std::collections::HashMap;
use std::sync::OnceLock;

use axum::http::Method;

use crate::access::{Caller, Right};

/// What a request needs.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Need {
    /// Nothing: there is nothing of anybody in the answer.
    Nothing,
    /// Any key: what is told is told to everybody who has one.
    Key,
    /// A right, and changes nothing.
    Ask(Right),
    /// A right, and changes something, so that the audit names it.
    Change(Right),
}

use Need::{Ask, Change, Nothing};
use Right::{Administer, Count, Operate, Oversee, ReadPeople, Write};

/// Methods, the path's template, the need.
type Line = (&'static str, &'static str, Need);

/// Every route.
const TABLE: &[Line] = &[
    ("GET", "/api/health", Nothing),
    ("GET", "/metrics", Ask(Operate)),
    ("GET", "/api/schema", Ask(Count)),
    ("PUT", "/api/schema", Change(Administer)),
    ("POST", "/api/fields/{name}/distribution", Ask(Count)),
    ("GET", "/api/profiles", Ask(ReadPeople)),
    ("POST", "/api/profiles/import", Change(Administer)),
    ("GET", "/api/profiles/{id}", Ask(ReadPeople)),
    ("PATCH DELETE", "/api/profiles/{id}", Change(Administer)),
    ("GET", "/api/erasures", Ask(Administer)),
    // Segments.
    ("POST", "/api/segments/preview", Ask(Count)),
    ("GET", "/api/segments/new", Ask(Count)),
    ("GET", "/api/segments", Ask(Count)),
    ("POST", "/api/segments", Change(Write)),
    ("GET", "/api/segments/{id}", Ask(Count)),
    ("PUT PATCH DELETE", "/api/segments/{id}", Change(Write)),
    ("POST", "/api/segments/{id}/refresh", Ask(Count)),
    ("GET", "/api/segments/{id}/members", Ask(ReadPeople)),
    ("POST", "/api/segments/{id}/members", Change(Write)),
    ("GET", "/api/segments/{id}/used-by", Ask(Count)),
    ("POST", "/api/segments/explain", Ask(ReadPeople)),
    ("GET", "/api/segments/{id}/explain/{profile}", Ask(ReadPeople)),
    ("POST", "/api/segments/{id}/diff", Ask(Count)),
    ("POST", "/api/segments/lint", Ask(Count)),
    ("POST", "/api/segments/reach", Ask(Count)),
    ("POST", "/api/segments/relax", Ask(Count)),
    ("GET", "/api/segments/{id}/versions", Ask(Count)),
    ("GET", "/api/segments/{id}/versions/{version}", Ask(Count)),
    ("GET", "/api/segments/{id}/versions/{version}/members", Ask(ReadPeople)),
    ("GET", "/api/segments/{id}/versions/{version}/diff/{other}", Ask(Count)),
    ("POST", "/api/segments/{id}/versions/{version}/restore", Change(Write)),
    ("GET", "/api/segments/{id}/changes", Ask(ReadPeople)),
    ("GET", "/api/segments/{id}/changes/stream", Ask(ReadPeople)),
    ("GET", "/api/segments/{id}/history", Ask(Count)),
    ("GET", "/api/segments/{id}/forecast", Ask(Count)),
    ("POST", "/api/overlap", Ask(Count)),
    ("POST", "/api/overlap/matrix", Ask(Count)),
    ("GET", "/api/dashboard", Ask(Count)),
    // Audiences, lists, snapshots.
    ("POST", "/api/audiences/preview", Ask(Count)),
    ("GET", "/api/audiences", Ask(Count)),
    ("POST", "/api/audiences", Change(Write)),
    ("GET", "/api/audiences/{id}", Ask(Count)),
    ("PUT PATCH DELETE", "/api/audiences/{id}", Change(Write)),
    ("GET", "/api/audiences/{id}/members", Ask(ReadPeople)),
    ("GET", "/api/audiences/{id}/explain/{profile}", Ask(ReadPeople)),
    ("POST", "/api/audiences/{id}/import-csv", Change(Write)),
    ("POST", "/api/audiences/{id}/snapshots", Change(Write)),
    ("GET", "/api/audiences/{id}/versions", Ask(Count)),
    ("GET", "/api/audiences/{id}/versions/{version}", Ask(Count)),
    ("GET", "/api/audiences/{id}/versions/{version}/members", Ask(ReadPeople)),
    ("GET", "/api/audiences/{id}/versions/{version}/diff/{other}", Ask(Count)),
    ("POST", "/api/audiences/{id}/versions/{version}/restore", Change(Write)),
    ("GET", "/api/lists", Ask(Count)),
    ("POST", "/api/lists", Change(Write)),
    ("GET", "/api/lists/{id}", Ask(Count)),
    ("DELETE", "/api/lists/{id}", Change(Write)),
    ("GET", "/api/lists/{id}/used-by", Ask(Count)),
    ("GET", "/api/snapshots", Ask(Count)),
    ("POST", "/api/snapshots/batch", Change(Write)),
    ("GET", "/api/snapshots/{id}", Ask(Count)),
    ("DELETE", "/api/snapshots/{id}", Change(Write)),
    ("GET", "/api/snapshots/{id}/members", Ask(ReadPeople)),
    ("GET", "/api/snapshots/{id}/export", Ask(ReadPeople)),
    ("GET", "/api/snapshots/{id}/diff/{other}", Ask(ReadPeople)),
    ("POST", "/api/snapshots/{id}/verify", Ask(Count)),
    // What leaves the house, and the house itself.
    ("GET", "/api/webhooks", Ask(Administer)),
    ("POST", "/api/webhooks", Change(Administer)),
    ("GET", "/api/webhooks/{id}", Ask(Administer)),
    ("PATCH DELETE", "/api/webhooks/{id}", Change(Administer)),
    ("GET", "/api/settings/personal-fields", Ask(Count)),
    ("PUT", "/api/settings/personal-fields", Change(Administer)),
    ("GET", "/api/keys", Ask(Oversee)),
    ("POST", "/api/keys", Change(Oversee)),
    ("DELETE", "/api/keys/{prefix}", Change(Oversee)),
    ("POST", "/api/keys/{prefix}/rotate", Change(Oversee)),
    ("GET", "/api/audit", Ask(Oversee)),
    ("GET", "/api/tenants", Ask(Operate)),
    ("POST", "/api/tenants", Change(Operate)),
    ("GET", "/api/tenants/{id}", Ask(Operate)),
    ("PATCH DELETE", "/api/tenants/{id}", Change(Operate)),
    ("GET", "/api/tenant-deletions", Ask(Operate)),
    ("POST", "/api/checkpoint", Change(Operate)),
    ("POST", "/api/backup", Change(Operate)),
    // Other names of the same.
    ("GET", "/api/segments/{id}/users", Ask(ReadPeople)),
    ("GET", "/api/segments/{id}/customers", Ask(ReadPeople)),
    ("GET", "/api/audience/profiles", Ask(ReadPeople)),
    ("GET", "/api/audience/profiles/{id}", Ask(ReadPeople)),
    ("GET", "/api/audience/segments", Ask(Count)),
    ("POST", "/api/audience/segments", Change(Write)),
    ("POST", "/api/audience/segments/preview", Ask(Count)),
    ("GET", "/api/audience/segments/{id}", Ask(Count)),
    ("PUT PATCH DELETE", "/api/audience/segments/{id}", Change(Write)),
    ("POST", "/api/audience/segments/{id}/refresh", Ask(Count)),
    ("GET", "/api/audience/segments/{id}/members", Ask(ReadPeople)),
    ("GET", "/api/audience/dashboard", Ask(Count)),
    ("GET", "/segments", Ask(Count)),
    ("POST", "/segments/create", Change(Write)),
    ("GET", "/segments/{id}", Ask(Count)),
    ("GET", "/segments/{id}/customers", Ask(ReadPeople)),
    // The description: the same for every installation.
    ("GET", "/api/openapi.json", Nothing),
    ("GET", "/api/docs", Nothing),
    ("GET", "/api/docs/", Nothing),
    ("GET", "/api/docs/{*rest}", Nothing),
];

/// Templates whose path names a person: the audit has the template instead.
const NAMES_PEOPLE: [&str; 1] = ["/api/profiles/{id}"];

/// The line of a route.
pub(super) fn listed(method: &Method, path: &str) -> Option<Need> {
    static LINES: OnceLock<HashMap<(&str, &str), Need>> = OnceLock::new();
    let each =
        |(methods, path, need): &Line| methods.split(' ').map(|method| ((method, *path), *need)).collect::<Vec<_>>();
    let lines = LINES.get_or_init(|| TABLE.iter().flat_map(each).collect());
    let method = if *method == Method::HEAD { "GET" } else { method.as_str() };
    lines.get(&(method, path)).copied()
}

/// What a request to a route needs; `path` is none where nothing is.
pub(super) fn need(method: &Method, path: Option<&str>) -> Need {
    path.map_or(Need::Key, |path| listed(method, path).unwrap_or(Need::Change(Administer)))
}

/// What the audit calls what a request was about.
pub(super) fn target<'p>(route: &'p str, path: &'p str) -> &'p str {
    if NAMES_PEOPLE.contains(&route) || route.contains("{profile}") { route } else { path }
}

impl Need {
    /// The right that a caller lacks.
    pub(super) fn lacked_by(self, caller: &Caller) -> Option<Right> {
        match self {
            Self::Nothing | Self::Key => None,
            Self::Ask(right) | Self::Change(right) => Some(right).filter(|right| !caller.may(*right)),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_route_has_a_line() {
        let (_, openapi) = super::super::resources().split_for_parts();
        let description = serde_json::to_value(openapi).expect("JSON");
        let mut routes = 0;
        for (path, methods) in description["paths"].as_object().expect("paths") {
            for method in methods.as_object().expect("methods").keys() {
                let method: Method = method.to_uppercase().parse().expect("a method");
                assert!(listed(&method, path).is_some(), "say in the table what {method} {path} needs");
                routes += 1;
            }
        }
        assert!(routes > 60, "{routes}");
    }

    #[test]
    fn every_other_name_has_a_line() {
        let source = include_str!("aliases.rs").replace(['\n', ' '], "");
        let mut names = 0;
        for route in source.split(".route(").skip(1) {
            let path = route.split('"').nth(1).expect("a path");
            for method in ["get", "post", "put", "patch", "delete"] {
                let is_there = route.contains(&format!(",{method}(")) || route.contains(&format!(").{method}("));
                let found = listed(&method.to_uppercase().parse().expect("a method"), path);
                assert_eq!(is_there, found.is_some(), "{method} {path}");
                names += usize::from(is_there);
            }
        }
        assert!(names > 15, "{names}");
    }

    #[test]
    fn a_route_without_a_line_is_for_admins() {
        assert_eq!(need(&Method::POST, Some("/api/brand-new")), Need::Change(Administer));
        assert_eq!(need(&Method::GET, None), Need::Key);
        assert_eq!(need(&Method::HEAD, Some("/api/profiles")), Ask(ReadPeople));
    }

    #[test]
    fn the_audit_names_no_person() {
        assert_eq!(target("/api/profiles/{id}", "/api/profiles/ann@example.com"), "/api/profiles/{id}");
        assert_eq!(target("/api/segments/{id}", "/api/segments/5"), "/api/segments/5");
    }
}
