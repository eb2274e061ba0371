//! What a request needs, by its route: the one place that is asked. The lines are in `permission_table`.
//!
//! Whoever adds a route adds its line there, or a test fails; until then only admins reach it.

use std::collections::HashMap;
use std::sync::OnceLock;

use axum::http::Method;

use super::permission_table::TABLE;
use crate::access::{Caller, Right};

/// What a request needs.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Need {
    /// Nothing: there is nothing of anybody in the answer.
    Nothing,
    /// Any key or account: what is told is told to everybody who has one.
    Key,
    /// Any account, and changes what is its own, so that the audit names it.
    Own,
    /// A right, and changes nothing.
    Ask(Right),
    /// A right, and changes something, so that the audit names it.
    Change(Right),
}

/// Methods, the path's template, the need.
pub(super) type Line = (&'static str, &'static str, Need);

/// Parts of templates whose path names a person: the audit has the template instead.
const NAMES_PEOPLE: [&str; 2] = ["/profiles/{id}", "/{profile}"];

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
    path.map_or(Need::Key, |path| listed(method, path).unwrap_or(Need::Change(Right::Administer)))
}

/// What the audit calls what a request was about.
pub(super) fn target<'p>(route: &'p str, path: &'p str) -> &'p str {
    if NAMES_PEOPLE.iter().any(|part| route.contains(part)) { route } else { path }
}

impl Need {
    /// The right that a caller lacks.
    pub(super) fn lacked_by(self, caller: &Caller) -> Option<Right> {
        match self {
            Self::Nothing | Self::Key | Self::Own => None,
            Self::Ask(right) | Self::Change(right) => Some(right).filter(|right| !caller.may(*right)),
        }
    }
}

#[cfg(test)]
mod tests {
    use Need::Ask;
    use Right::ReadPeople;

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
    fn every_other_name_and_the_page_have_a_line() {
        let source = [include_str!("aliases.rs"), include_str!("page.rs")].concat().replace(['\n', ' '], "");
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
        assert_eq!(need(&Method::POST, Some("/api/brand-new")), Need::Change(Right::Administer));
        assert_eq!(need(&Method::GET, None), Need::Key);
        assert_eq!(need(&Method::HEAD, Some("/api/profiles")), Ask(ReadPeople));
    }

    #[test]
    fn the_audit_names_no_person() {
        assert_eq!(target("/api/profiles/{id}", "/api/profiles/ann@example.com"), "/api/profiles/{id}");
        let (route, path) = ("/api/segments/{id}/explain/{profile}", "/api/segments/5/explain/ann@example.com");
        assert_eq!(target(route, path), route);
        assert_eq!(target("/api/profiles/{id}/events", "/api/profiles/ann/events"), "/api/profiles/{id}/events");
        assert_eq!(target("/api/segments/{id}", "/api/segments/5"), "/api/segments/5");
    }
}
