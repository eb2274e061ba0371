//! Ids that are spelled like a route: the person "import" beside `POST /api/profiles/import`.
//!
//! A router prefers the fixed path whatever the method, so such a person could be neither read nor erased. A request whose
//! method the fixed path does not know, but `{id}` in its place does, is routed to the latter.

use std::collections::HashMap;
use std::sync::OnceLock;

use axum::extract::Request;
use axum::http::Uri;
use axum::http::uri::PathAndQuery;

use crate::api::permission_table::TABLE;
use crate::api::permissions::listed;

/// The request, with its path spelled so that it leads to `{id}` if the fixed path has nothing for its method.
pub(super) fn to_id(mut request: Request) -> Request {
    let path = request.uri().path();
    let method = request.method();
    if let Some(template) = templates().get(path)
        && listed(method, path).is_none()
        && listed(method, template).is_some()
        && let Some(uri) = spelled_out(request.uri())
    {
        *request.uri_mut() = uri;
    }
    request
}

/// For each fixed path beside a variable one, the variable one.
fn templates() -> &'static HashMap<&'static str, &'static str> {
    static TEMPLATES: OnceLock<HashMap<&str, &str>> = OnceLock::new();
    TEMPLATES.get_or_init(|| {
        let variable = TABLE.iter().filter_map(|(_, path, _)| Some((path.rsplit_once("/{")?, *path)));
        let folders: HashMap<&str, &str> = variable
            .filter(|((_, name), _)| !name.contains(['/', '*']))
            .map(|((folder, _), path)| (folder, path))
            .collect();
        let beside = |path: &'static str| Some((path, *folders.get(path.rsplit_once('/')?.0)?));
        TABLE.iter().map(|(_, path, _)| *path).filter(|path| !path.contains('{')).filter_map(beside).collect()
    })
}

/// The same place with the first letter of the last part as its number, which is no route's spelling.
fn spelled_out(uri: &Uri) -> Option<Uri> {
    let (folder, last) = uri.path().rsplit_once('/')?;
    let first = *last.as_bytes().first()?;
    let query = uri.query().map_or_else(String::new, |query| format!("?{query}"));
    let spelled: PathAndQuery = format!("{folder}/%{first:02x}{}{query}", last.get(1..)?).parse().ok()?;
    let mut parts = uri.clone().into_parts();
    parts.path_and_query = Some(spelled);
    Uri::from_parts(parts).ok()
}

#[cfg(test)]
mod tests {
    use axum::body::Body;

    use super::*;

    fn led(method: &str, uri: &str) -> String {
        let request = Request::builder().method(method).uri(uri).body(Body::empty()).expect("a request");
        to_id(request).uri().to_string()
    }

    #[test]
    fn a_method_that_only_the_id_has_goes_there() {
        assert_eq!(led("DELETE", "/api/profiles/import?a=b%20c"), "/api/profiles/%69mport?a=b%20c");
        assert_eq!(led("HEAD", "/api/profiles/rebuild"), "/api/profiles/%72ebuild");
        assert_eq!(led("PUT", "http://127.0.0.1:7/api/segments/new"), "http://127.0.0.1:7/api/segments/%6eew");
    }

    #[test]
    fn all_else_stays_as_it_is() {
        for (method, path) in [
            ("POST", "/api/profiles/import"),
            ("PUT", "/api/profiles/import"),
            ("GET", "/api/segments/new"),
            ("GET", "/api/profiles/ann"),
            ("GET", "/api/profiles"),
            ("GET", "/api/nothing/import"),
            ("GET", "/"),
        ] {
            assert_eq!(led(method, path), path);
        }
    }
}
